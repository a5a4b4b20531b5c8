//! What clients sent against what the log holds: everything acknowledged once, nothing twice, nothing that nobody asked for.
//! In which order, is judged in [`super::order`].

use std::collections::{BTreeSet, HashMap};

use domain::{CommandId, Kind, OrganisationId, PersonId};
use uuid::Uuid;

use super::log::Event;
use crate::marker::Marker;
use crate::record::{Outcome, Record, Sent};

/// A command that took effect.
pub struct Done<'a> {
    pub sent: &'a Sent,
    pub task: i64,
    /// Of its first event.
    pub position: i64,
}

/// What became of what was sent.
#[derive(Default)]
pub struct Effects<'a> {
    /// In the order of the log.
    pub done: Vec<Done<'a>>,
    pub acknowledged: usize,
    pub abandoned: usize,
    pub abandoned_but_done: usize,
    /// Acknowledged and not in the log.
    pub lost: Vec<&'a Sent>,
    /// In the log more than once, under whatever commands.
    pub doubled: Vec<&'a Sent>,
}

/// Holds each command against its events, or panics with one that is somewhere else than its answer said.
pub fn of<'a>(log: &[Event], records: &'a [Record]) -> Effects<'a> {
    let mut by_command: HashMap<Uuid, Vec<&Event>> = HashMap::new();
    let mut by_marker: HashMap<Marker, BTreeSet<Uuid>> = HashMap::new();
    for event in log.iter().filter(|event| event.kind == Kind::Task.number()) {
        by_command.entry(event.command).or_default().push(event);
        for marker in Marker::all_in(&event.payload) {
            by_marker.entry(marker).or_default().insert(event.command);
        }
    }
    let organisation = OrganisationId(log.iter().find(|event| event.kind == Kind::Task.number()).expect("tasks were made").organisation);
    let mut asked_for = BTreeSet::new();
    let mut effects = Effects::default();
    for (person, sent) in records.iter().flat_map(|record| record.sent.iter().map(move |sent| (record.person, sent))) {
        let command = CommandId::from_key(organisation, PersonId(person), &sent.key).0;
        asked_for.insert(command);
        let events = by_command.get(&command).map(Vec::as_slice).unwrap_or_default();
        let holders = by_marker.get(&sent.marker).cloned().unwrap_or_default();
        if holders.iter().any(|holder| *holder != command) {
            effects.doubled.push(sent);
        }
        if let Some(first) = events.first() {
            assert!(holders.contains(&command), "{sent:?} is in the log without its text");
            effects.done.push(Done { sent, task: first.stream, position: first.position });
        }
        match &sent.outcome {
            Outcome::Acknowledged(receipt, _) => {
                effects.acknowledged += 1;
                let (Some(first), Some(last)) = (events.first(), events.last()) else {
                    effects.lost.push(sent);
                    continue;
                };
                assert_eq!(first.stream, receipt.task, "{sent:?} is in the history of another task");
                assert!(receipt.comment.is_none_or(|comment| comment.id == first.position), "{sent:?} is at {}", first.position);
                assert!(receipt.position >= last.position, "{sent:?} was answered with a position before its own, {}", last.position);
            }
            Outcome::Abandoned => {
                effects.abandoned += 1;
                effects.abandoned_but_done += usize::from(!events.is_empty());
            }
        }
    }
    for command in by_command.keys() {
        assert!(asked_for.contains(command), "nobody asked for the command {command}");
    }
    effects.done.sort_by_key(|done| done.position);
    effects
}
