//! Recording a change that may be larger than a command: chunks that have no effect, then the small event with which all of
//! it has. What the change is, is found by [`super::difference`].
//!
//! The same command, asked again, goes on where the one before ended: the difference is found again, and since nothing of it
//! has taken effect yet, it is the same one. If anything else took effect meanwhile, it begins from the start. Whoever comes
//! with another change while one is being written is told to wait; one that was left lying is forgotten after
//! [`LEFT_AFTER`].

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::difference::{Difference, Step, Told};
use super::event::{Event, ItemsChanged, Placed, Synced};
use super::items::Item;
use super::rejection::Rejection;
use super::{Catalog, Heading};
use crate::aggregate::Events;
use crate::id::{CommandId, Version};
use crate::issued::Issued;

/// Bytes of an event of items. The log takes 256 KiB, and one item may have over 200 KiB.
const CHUNK_BYTES_MAX: usize = 200 * 1024;
/// Events of items in a command. The log takes 1 MiB a command.
const CHUNKS_MAX: usize = 4;
/// What is staged and not gone on with for so long does not keep others from changing the catalog.
pub const LEFT_AFTER: SignedDuration = SignedDuration::from_secs(10);

/// A change that has been recorded in part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Staged {
    pub batch: CommandId,
    /// The version at which items last changed when it began.
    pub base: Version,
    /// When the last of it was recorded.
    pub at: Timestamp,
    #[serde(with = "crate::snapshot::as_json")]
    pub chunks: Vec<Arc<ItemsChanged>>,
}

/// The difference that a batch comes to, found once however many commands it takes to record it. No part of the state: it follows
/// from the items and the request, and is found again where it is not at hand, after a restart for one.
#[derive(Clone, Debug, Default)]
pub(super) struct AtHand(Arc<Mutex<Option<Kept>>>);

type Kept = (CommandId, Arc<Difference>);

impl PartialEq for AtHand {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl AtHand {
    fn of(&self, batch: CommandId) -> Option<Arc<Difference>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(known, _)| *known == batch).map(|(_, difference)| difference.clone())
    }

    fn keep(&self, batch: CommandId, difference: &Arc<Difference>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((batch, difference.clone()));
    }

    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What a command has done to a catalog, as it is answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    /// Not all of it is recorded, and nothing has taken effect: the command is to be asked again.
    pub goes_on: bool,
    pub told: Told,
}

impl Changed {
    /// What a command that found nothing to change has done to a catalog.
    pub fn nothing(heading: &Heading) -> Self {
        Self { goes_on: false, told: Told { columns: heading.columns.clone(), ..Told::default() } }
    }
}

impl Catalog {
    /// Whether some of this batch is staged and still fits.
    pub(super) fn stages(&self, batch: CommandId) -> bool {
        self.staged.as_ref().is_some_and(|staged| staged.batch == batch && staged.base == self.changed_at)
    }

    /// The difference of this batch: the one at hand while it is being recorded, else as it is found.
    pub(super) fn found(
        &self,
        batch: CommandId,
        find: impl FnOnce() -> Result<Difference, Rejection>,
    ) -> Result<Arc<Difference>, Rejection> {
        let at_hand = if self.stages(batch) { self.at_hand.of(batch) } else { None };
        at_hand.map_or_else(|| find().map(Arc::new), Ok)
    }

    /// Records as much of the difference as one command may. `besides` is recorded with the end of it.
    pub(super) fn stage(
        &self,
        batch: CommandId,
        difference: &Arc<Difference>,
        besides: Events<Event>,
        issued: &Issued<'_>,
    ) -> Result<Events<Event>, Rejection> {
        let mut done = 0;
        if let Some(staged) = &self.staged {
            if self.stages(batch) {
                done = staged.chunks.iter().map(|chunk| chunk.steps()).sum();
            } else if staged.batch != batch && issued.at.duration_since(staged.at) < LEFT_AFTER {
                return Err(Rejection::UnderWay);
            }
        }
        let mut rest = difference.steps.get(done..).unwrap_or_default();
        let mut events = Events::new();
        let mut begins = done == 0;
        while !rest.is_empty() && events.len() < CHUNKS_MAX {
            let (chunk, left) = chunk(batch, begins, rest);
            events.push(Event::ItemsChanged(Arc::new(chunk)));
            (rest, begins) = (left, false);
        }
        if !rest.is_empty() {
            self.at_hand.keep(batch, difference);
        }
        if rest.is_empty() {
            events.extend(besides);
            events.push(Event::Synced(Box::new(synced(batch, difference))));
        }
        Ok(events)
    }

    /// What the last batch did, whose steps are these; from the state that it led to.
    pub fn changed(&self, last: &Last) -> Changed {
        let columns = self.heading.columns.clone();
        if last.goes_on {
            return Changed { goes_on: true, told: Told { columns, ..Told::default() } };
        }
        let items = |ids: &[i64]| ids.iter().filter_map(|id| self.items.get(*id)).cloned().collect::<Vec<Item>>();
        let told = Told { columns, added: items(&last.added), updated: items(&last.updated), deleted: items(&last.deleted) };
        Changed { goes_on: false, told }
    }
}

/// What the last command did, or the batch whose last part it was: the ids of items. Kept beside the state, to answer with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    pub goes_on: bool,
    pub added: Vec<i64>,
    pub updated: Vec<i64>,
    pub deleted: Vec<i64>,
}

impl Last {
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::ItemsChanged(changed) => {
                if changed.begins {
                    *self = Self::default();
                }
                self.goes_on = true;
                self.added.extend(changed.added.iter().map(|placed| placed.id));
                self.updated.extend(changed.updated.iter().map(|placed| placed.id));
                self.deleted.extend(&changed.deleted);
            }
            Event::Synced(synced) => {
                if (synced.added, synced.updated, synced.deleted) == (0, 0, 0) {
                    *self = Self::default();
                }
                self.goes_on = false;
            }
            Event::Created(_) => *self = Self::default(),
            // Recorded with the end of a batch, or by commands of their own, after which nothing goes on.
            Event::Changed(_) | Event::SupervisorsAdded { .. } | Event::SupervisorsRemoved { .. } | Event::Deleted => self.goes_on = false,
        }
    }
}

impl ItemsChanged {
    /// How many items it is about.
    pub fn steps(&self) -> usize {
        self.added.len() + self.updated.len() + self.deleted.len()
    }
}

/// The first of the steps, as many as go into one event, and the others.
fn chunk(batch: CommandId, begins: bool, steps: &[Step]) -> (ItemsChanged, &[Step]) {
    let mut chunk = ItemsChanged { batch, begins, ..ItemsChanged::default() };
    let mut bytes = 0;
    for (index, step) in steps.iter().enumerate() {
        let more = match step {
            Step::Added(placed) | Step::Updated(placed) => json_bytes(placed),
            Step::Deleted(_) => 21,
        };
        if bytes + more > CHUNK_BYTES_MAX && index > 0 {
            return (chunk, &steps[index..]);
        }
        bytes += more;
        match step {
            Step::Added(placed) => chunk.added.push(Placed::clone(placed)),
            Step::Updated(placed) => chunk.updated.push(Placed::clone(placed)),
            Step::Deleted(id) => chunk.deleted.push(*id),
        }
    }
    (chunk, &[])
}

/// Bytes in the event, at most.
fn json_bytes(placed: &Placed) -> usize {
    let external = placed.external_id.as_deref().map_or(0, |external| crate::text::json_bytes(external) + 18);
    placed.values.json_bytes() + external + 40
}

fn synced(batch: CommandId, difference: &Difference) -> Synced {
    let columns = difference.columns.as_ref().map(|layout| layout.columns.clone());
    let mut synced = Synced { batch, columns, ..Synced::default() };
    for step in &difference.steps {
        match step {
            Step::Added(_) => synced.added += 1,
            Step::Updated(_) => synced.updated += 1,
            Step::Deleted(_) => synced.deleted += 1,
        }
    }
    synced
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate as _;
    use crate::catalog::samples::{self, batch, changed, created, item, synced, upsert, vendors, whole};
    use crate::catalog::{Command, NewItem, Sync};
    use crate::codec::EventSet as _;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, HOME, directory, given, now};

    /// Items of 10 cells of 450 bytes: forty of them are more than an event, and two hundred more than a command.
    fn large(count: usize) -> Vec<NewItem> {
        (0..count).map(|place| NewItem::of(std::iter::once(place.to_string()).chain((1..10).map(|_| "\"ж".repeat(150))))).collect()
    }

    fn wide() -> crate::testing::Given<Catalog> {
        let names = (0..10).map(|place| samples::column(&place.to_string())).collect();
        given([created(|created| created.columns = names), synced(|_| {})]).by(ADMIN)
    }

    fn sync(request: u128, items: Vec<NewItem>) -> Command {
        let columns = (0..10).map(|place| place.to_string()).collect();
        Command::Sync(Arc::new(Sync { batch: batch(request), columns, items, ..Sync::default() }))
    }

    #[test]
    fn a_change_that_is_too_large_for_a_command_goes_on_and_takes_effect_at_once() {
        let others = directory();
        let issued = Issued { organisation: HOME, who: ADMIN, at: now(), directory: &others };
        let mut state = wide().state();
        let parts = whole(&mut state, &sync(1, large(600)), &issued).expect("it is taken");
        assert!(parts.len() > 2, "{} commands", parts.len());
        for (index, part) in parts.iter().enumerate() {
            let sizes: Vec<usize> = part.events.iter().map(|event| event.encode().payload.len()).collect();
            assert!(sizes.iter().all(|size| *size <= 256 * 1024), "{sizes:?}");
            assert!(sizes.iter().sum::<usize>() <= 1024 * 1024, "{sizes:?}");
            let ended = matches!(part.events.last(), Some(Event::Synced(_)));
            assert_eq!((part.goes_on, ended), (index + 1 < parts.len(), index + 1 == parts.len()));
            assert_eq!(part.live, if ended { 600 } else { 0 }, "nothing is there before all is");
        }
        assert_eq!(state.staged, None);
    }

    #[test]
    fn what_a_change_comes_to_is_found_once_however_many_commands_it_takes() {
        let others = directory();
        let issued = Issued { organisation: HOME, who: ADMIN, at: now(), directory: &others };
        let command = sync(1, large(600));
        let first = wide().state().decide(&command, &issued).expect("it is taken");
        // A second one that says otherwise under the same name is not looked at: what the first came to is at hand.
        let live = wide();
        let mut state = live.state();
        state.decide(&command, &issued).expect("it is taken");
        for (event, version) in first.iter().zip(1_001..) {
            state.evolve(event, &crate::testing::header(crate::id::Kind::Catalog, version, ADMIN, version));
        }
        let goes_on = state.decide(&command, &issued).expect("it goes on");
        assert_eq!(state.decide(&sync(1, large(3)), &issued).as_ref(), Ok(&goes_on));
        // After a restart it is found again, and is the same.
        let config = bincode::config::standard();
        let bytes = bincode::serde::encode_to_vec(&state, config).expect("it can be kept");
        let restarted: Catalog = bincode::serde::decode_from_slice(&bytes, config).expect("and read").0;
        assert_eq!(restarted.decide(&command, &issued), Ok(goes_on));
        assert_ne!(restarted.decide(&sync(2, large(3)), &issued).map(|events| events.len()), Ok(0), "another one is told to wait");
        // With its end it is forgotten.
        whole(&mut state, &command, &issued).expect("it is taken");
        assert!(state.at_hand.of(batch(1)).is_none() && state.items.live() == 600);
    }

    #[test]
    fn a_change_that_met_another_begins_from_the_start() {
        let others = directory();
        let issued = Issued { organisation: HOME, who: ADMIN, at: now(), directory: &others };
        let Ok(first) = wide().state().decide(&sync(1, large(600)), &issued) else { panic!("it is taken") };
        let other =
            [changed(|changed| (changed.batch, changed.added) = (batch(2), vec![item(1, &["x"; 10])])), synced(|synced| synced.added = 1)];
        let outcome = wide().and(ADMIN, first.clone()).and(ADMIN, other).when(sync(1, large(600))).outcome().expect("it is taken");
        let begins = |events: &[Event]| matches!(events.first(), Some(Event::ItemsChanged(changed)) if changed.begins);
        assert!(begins(&first) && begins(&outcome));
    }

    #[test]
    fn while_a_change_is_being_written_others_wait_and_one_that_was_left_is_forgotten() {
        let half = changed(|changed| (changed.batch, changed.added) = (batch(2), vec![item(4, &["New", "Ulm"])]));
        let one = || upsert(vec![NewItem::of(["Zeta", "Bonn"])], &[]);
        vendors().and(ADMIN, [half.clone()]).when(one()).then_rejected(Code::Conflict);
        vendors()
            .and(ADMIN, [half])
            .at("2026-03-02T10:00:10Z")
            .when(one())
            .then([changed(|changed| changed.added = vec![item(4, &["Zeta", "Bonn"])]), synced(|synced| synced.added = 1)]);
    }

    #[test]
    fn what_others_do_while_a_change_is_being_written_does_not_go_on() {
        let half = changed(|changed| (changed.batch, changed.added) = (batch(2), vec![item(4, &["New", "Ulm"])]));
        let mut last = Last::default();
        let given = vendors().and(ADMIN, [half, Event::Deleted]);
        given.history().iter().for_each(|(_, event)| last.take(event));
        assert!(!given.state().changed(&last).goes_on);
        assert_eq!(given.state().staged, None, "nothing comes of it any more");
    }

    #[test]
    fn what_the_last_command_did_is_told_with_the_items() {
        let history = [
            changed(|changed| (changed.added, changed.deleted) = (vec![item(4, &["New", "Ulm"])], vec![3])),
            synced(|synced| (synced.added, synced.deleted) = (1, 1)),
        ];
        let mut last = Last::default();
        let given = vendors().and(ADMIN, history);
        given.history().iter().for_each(|(_, event)| last.take(event));
        let told = given.state().changed(&last);
        let keys = |items: &[Item]| items.iter().map(|item| item.row.key().to_owned()).collect::<Vec<_>>();
        assert_eq!((told.goes_on, keys(&told.told.added), keys(&told.told.deleted)), (false, vec!["New".into()], vec!["Ceta".into()]));
        last.take(&synced(|_| {}));
        assert_eq!(last, Last::default(), "a sync that changed nothing tells of nothing");
    }
}
