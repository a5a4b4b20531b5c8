//! What the actors and the journal report about themselves: one function an intention. Not the exporter (the gateway's).

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use crate::journal::Refusal;

/// A batch was committed, and how long that took from its first statement on.
pub fn journal_committed(commands: usize, events: usize, taken: Duration) {
    histogram!("nashi_journal_batch_commands").record(commands as f64);
    histogram!("nashi_journal_append_seconds").record(taken);
    counter!("nashi_journal_events_total").increment(events as u64);
}

/// A command was answered without being written.
pub fn journal_refused(refusal: &Refusal) {
    let kind = match refusal {
        Refusal::Conflict { .. } => "conflict",
        Refusal::Duplicate(_) => "duplicate",
        Refusal::ClaimTaken { .. } => "claim_taken",
        Refusal::Expired => "expired",
        Refusal::TooLarge => "too_large",
        Refusal::Malformed(_) => "malformed",
        Refusal::Unavailable(_) => "unavailable",
        Refusal::Unknown => "unknown",
    };
    counter!("nashi_journal_refusals_total", "kind" => kind).increment(1);
}

/// Commands that wait for the writer.
pub fn journal_waiting(commands: usize) {
    gauge!("nashi_journal_waiting").set(commands as f64);
}

/// Others had written before a batch, which was judged under the head's lock by what is remembered and what they wrote.
pub fn journal_overtaken() {
    counter!("nashi_journal_overtaken_batches_total").increment(1);
}

/// A batch had to be judged by what the log says, not by what the writer remembers.
pub fn journal_read_first() {
    counter!("nashi_journal_slow_batches_total").increment(1);
}

/// The writer lost its connection.
pub fn journal_connection_lost() {
    counter!("nashi_journal_connections_lost_total").increment(1);
}

/// How many actors are live.
pub fn live_actors(count: usize) {
    gauge!("nashi_actors_live").set(count as f64);
}

/// An actor was started.
pub fn actor_activated() {
    counter!("nashi_actors_activated_total").increment(1);
}

/// An actor went, for whatever reason.
pub fn actor_passivated() {
    counter!("nashi_actors_passivated_total").increment(1);
}

/// An actor was thrown away because of a bug.
pub fn actor_panicked() {
    counter!("nashi_actors_panicked_total").increment(1);
}

/// An append was refused because the stream had moved on.
pub fn actor_conflict() {
    counter!("nashi_actors_conflicts_total").increment(1);
}

/// A command was decided once more.
pub fn actor_decided_again() {
    counter!("nashi_actors_decided_again_total").increment(1);
}

/// An actor read what was written elsewhere.
pub fn actor_caught_up() {
    counter!("nashi_actors_caught_up_total").increment(1);
}

/// A command was sent away undecided, for want of `what`.
pub fn actor_busy(what: &'static str) {
    counter!("nashi_actors_busy_total", "what" => what).increment(1);
}

/// The position up to which the actors were told of the log's events.
pub fn tailed(position: i64) {
    gauge!("nashi_actors_tailed_position").set(position as f64);
}
