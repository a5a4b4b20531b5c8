//! What the projections count, by intention. Names and units are those of the exporter's page.

use std::time::Duration;

use domain::Position;
use metrics::{counter, gauge, histogram};

/// A view's position, and how many positions it is behind the head.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; positions are exact in it up to 2^53")]
pub(crate) fn position(view: &'static str, position: Position, head: Position) {
    gauge!("nashi_view_position", "view" => view).set(position as f64);
    gauge!("nashi_view_lag_events", "view" => view).set((head - position).max(0) as f64);
}

/// How long ago a view was last level with the head.
pub(crate) fn lag(view: &'static str, behind: Duration) {
    gauge!("nashi_view_lag_seconds", "view" => view).set(behind.as_secs_f64());
}

#[expect(clippy::cast_precision_loss, reason = "a batch holds some thousand events")]
pub(crate) fn batch_taken(view: &'static str, events: usize) {
    histogram!("nashi_view_batch_events", "view" => view).record(events as f64);
}

pub(crate) fn event_parked(view: &'static str) {
    counter!("nashi_view_parked_total", "view" => view).increment(1);
}

/// How far the search's index is, and how large.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
pub(crate) fn search(extent: &crate::search::Extent) {
    gauge!("nashi_search_position").set(extent.shown as f64);
    gauge!("nashi_search_documents").set(extent.documents as f64);
    gauge!("nashi_search_tasks").set(extent.tasks as f64);
    gauge!("nashi_search_table_bytes").set(extent.table_bytes as f64);
}

/// Events that a view holds parked just now.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
pub(crate) fn parked(view: &'static str, events: i64) {
    gauge!("nashi_view_parked_events", "view" => view).set(events as f64);
}

/// This node holds the lease from now on; whoever held it before does not.
pub(crate) fn lease_taken(name: &str) {
    gauge!("nashi_lease_held", "lease" => name.to_owned()).set(1.0);
    counter!("nashi_lease_takeovers_total", "lease" => name.to_owned()).increment(1);
}

/// The lease was given back, or lost.
pub(crate) fn lease_no_longer_held(name: &str) {
    gauge!("nashi_lease_held", "lease" => name.to_owned()).set(0.0);
}

/// The lease ended although this node had not given it back.
pub(crate) fn lease_lost(name: &str) {
    counter!("nashi_lease_lost_total", "lease" => name.to_owned()).increment(1);
}

pub(crate) fn follower_failed(view: &'static str) {
    counter!("nashi_view_failures_total", "view" => view).increment(1);
}

/// A timer fired, so long after its time.
pub(crate) fn timer_fired(late: Duration) {
    counter!("nashi_timers_fired_total").increment(1);
    histogram!("nashi_timer_late_seconds").record(late.as_secs_f64());
}

/// A policy could not go on for now.
pub(crate) fn policy_halted(policy: &'static str) {
    counter!("nashi_policy_halts_total", "policy" => policy).increment(1);
}

/// Something that follows by a policy was refused, and left undone.
pub(crate) fn policy_skipped(policy: &'static str) {
    counter!("nashi_policy_skipped_total", "policy" => policy).increment(1);
}
