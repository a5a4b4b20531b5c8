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

/// A batch had to be judged by what the log says, not by what the writer remembers.
pub fn journal_read_first() {
    counter!("nashi_journal_slow_batches_total").increment(1);
}

/// The writer lost its connection.
pub fn journal_connection_lost() {
    counter!("nashi_journal_connections_lost_total").increment(1);
}
