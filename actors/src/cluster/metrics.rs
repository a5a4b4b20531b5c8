//! What a node reports about the cluster: one function an intention. Not the exporter (the gateway's).

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use super::member::State;
use super::view::View;

/// How things stand now.
pub(super) fn view(view: &View) {
    for state in [State::Joining, State::Active, State::Draining, State::Impaired] {
        let count = view.members().iter().filter(|member| member.state == state).count();
        gauge!("nashi_cluster_members", "state" => state.name()).set(count as f64);
    }
    gauge!("nashi_cluster_slices_owned").set(view.owned() as f64);
}

/// Whether NATS can be used.
pub(super) fn connected(connected: bool) {
    gauge!("nashi_cluster_connected").set(f64::from(u8::from(connected)));
}

/// The connection to NATS was lost, and is looked for again.
pub(super) fn reconnecting() {
    counter!("nashi_cluster_reconnects_total").increment(1);
}

/// Messages came faster than they were taken.
pub(super) fn messages_lost() {
    counter!("nashi_cluster_messages_lost_total").increment(1);
}

/// Another node was asked.
pub(super) fn asked(outcome: &'static str, taken: Duration) {
    counter!("nashi_cluster_remote_total", "outcome" => outcome).increment(1);
    histogram!("nashi_cluster_remote_seconds", "outcome" => outcome).record(taken);
}

/// Questions to other nodes that are not answered yet.
pub(super) fn in_flight(questions: usize) {
    gauge!("nashi_cluster_in_flight").set(questions as f64);
}

/// Another node asked.
pub(super) fn served(passed_on: bool) {
    counter!("nashi_cluster_served_total", "passed_on" => if passed_on { "yes" } else { "no" }).increment(1);
}

/// A node gave no sign of life.
pub(super) fn suspected() {
    counter!("nashi_cluster_suspected_total").increment(1);
}

/// Actors went because their slices belong to another node now.
pub(super) fn handed_over(actors: usize) {
    counter!("nashi_cluster_hand_overs_total").increment(actors as u64);
}

/// A message could not be understood.
pub(super) fn unreadable() {
    counter!("nashi_cluster_unreadable_total").increment(1);
}
