//! Who looks at a task now, and who is writing in it: told to those who look at it as well, on every node. Nothing of it is in the
//! log or told again; who is not heard of for a while is gone.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use domain::{OrganisationId, PersonId, TaskId};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::hub::{Hub, Whose};
use super::shown;
use super::words::{self, Word};
use crate::node::Node;

/// How long somebody looks at a task, and writes in it, who does not say so again.
const LOOKS_FOR: Duration = Duration::from_secs(60);
const WRITES_FOR: Duration = Duration::from_secs(6);
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// Streams whose looking is kept; beyond it newcomers are not told of.
const LOOKERS_MAX: usize = 100_000;
/// People who are named at one task.
const NAMED_MAX: usize = 50;

/// What somebody does at a task, as nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    pub stream: Uuid,
    pub organisation: OrganisationId,
    pub person: PersonId,
    /// Nothing: at no task any more.
    pub task: Option<TaskId>,
    pub writes: bool,
}

type Key = (OrganisationId, TaskId);
/// Streams, and whose they are.
type Streams = Vec<(Uuid, PersonId)>;
/// People, and whether they write.
type People = Vec<(PersonId, bool)>;

#[derive(Clone, Copy, Debug)]
struct Looker {
    person: PersonId,
    until: Instant,
    writes_until: Option<Instant>,
}

/// See the module.
#[derive(Default)]
pub struct Presence {
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    tasks: HashMap<Key, BTreeMap<Uuid, Looker>>,
    at: HashMap<Uuid, Key>,
}

impl Presence {
    /// Takes in what somebody does now, and tells those at the tasks concerned.
    pub fn take(&self, looks: &Looks, hub: &Hub) {
        let concerned = self.inside().take(looks, Instant::now());
        self.tell(&concerned, hub);
    }

    /// These see the task no more: they are told of nobody there.
    pub fn take_from(&self, lost: &BTreeSet<(OrganisationId, TaskId, PersonId)>, hub: &Hub) {
        let mut concerned = BTreeSet::new();
        {
            let mut inside = self.inside();
            for (organisation, task, person) in lost {
                concerned.extend(inside.remove_where((*organisation, *task), |looker| looker.person == *person));
            }
        }
        self.tell(&concerned, hub);
    }

    /// What these see has changed as a whole: they say anew what they look at.
    pub fn forget(&self, people: &BTreeSet<(OrganisationId, PersonId)>, hub: &Hub) {
        let mut concerned = BTreeSet::new();
        {
            let mut inside = self.inside();
            let keys: Vec<Key> = inside.tasks.keys().copied().collect();
            for key in keys {
                concerned.extend(inside.remove_where(key, |looker| people.contains(&(key.0, looker.person))));
            }
        }
        self.tell(&concerned, hub);
    }

    fn knows(&self, stream: Uuid) -> bool {
        self.inside().at.contains_key(&stream)
    }

    fn sweep(&self, hub: &Hub) {
        let concerned = self.inside().sweep(Instant::now());
        self.tell(&concerned, hub);
    }

    /// Tells everybody at these tasks who is there.
    fn tell(&self, concerned: &BTreeSet<Key>, hub: &Hub) {
        for key in concerned {
            let (lookers, people) = self.inside().at(*key, Instant::now());
            let entry = Arc::new(shown::presence(key.1, &people));
            for (stream, person) in lookers {
                hub.send_to(Whose { organisation: key.0, person }, stream, &entry);
            }
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn take(&mut self, looks: &Looks, now: Instant) -> BTreeSet<Key> {
        let mut concerned = BTreeSet::new();
        let key = looks.task.map(|task| (looks.organisation, task));
        let before = self.at.get(&looks.stream).copied();
        if before != key
            && let Some(before) = before
        {
            self.leave(looks.stream, before);
            concerned.insert(before);
        }
        let Some(key) = key.filter(|_| self.at.len() < LOOKERS_MAX || before == key) else { return concerned };
        let writes_until = looks.writes.then(|| now + WRITES_FOR);
        let looker = Looker { person: looks.person, until: now + LOOKS_FOR, writes_until };
        let known = self.tasks.entry(key).or_default().insert(looks.stream, looker);
        self.at.insert(looks.stream, key);
        // Who says the same again is no news.
        let wrote = known.is_some_and(|known| known.writes_until.is_some_and(|until| until > now));
        if known.is_none() || wrote != looks.writes {
            concerned.insert(key);
        }
        concerned
    }

    fn leave(&mut self, stream: Uuid, key: Key) {
        self.at.remove(&stream);
        if let Some(lookers) = self.tasks.get_mut(&key) {
            lookers.remove(&stream);
            if lookers.is_empty() {
                self.tasks.remove(&key);
            }
        }
    }

    fn remove_where(&mut self, key: Key, goes: impl Fn(&Looker) -> bool) -> Option<Key> {
        let lookers = self.tasks.get(&key)?;
        let gone: Vec<Uuid> = lookers.iter().filter(|(_, looker)| goes(looker)).map(|(stream, _)| *stream).collect();
        for stream in &gone {
            self.leave(*stream, key);
        }
        (!gone.is_empty()).then_some(key)
    }

    fn sweep(&mut self, now: Instant) -> BTreeSet<Key> {
        let mut concerned = BTreeSet::new();
        let keys: Vec<Key> = self.tasks.keys().copied().collect();
        for key in keys {
            concerned.extend(self.remove_where(key, |looker| looker.until <= now));
            for looker in self.tasks.get_mut(&key).into_iter().flat_map(BTreeMap::values_mut) {
                if looker.writes_until.is_some_and(|until| until <= now) {
                    looker.writes_until = None;
                    concerned.insert(key);
                }
            }
        }
        concerned
    }

    /// The streams at a task, and the people: each once, and whether they write.
    fn at(&self, key: Key, now: Instant) -> (Streams, People) {
        let Some(lookers) = self.tasks.get(&key) else { return Default::default() };
        let mut people: BTreeMap<PersonId, bool> = BTreeMap::new();
        for looker in lookers.values() {
            *people.entry(looker.person).or_default() |= looker.writes_until.is_some_and(|until| until > now);
        }
        let streams = lookers.iter().map(|(stream, looker)| (*stream, looker.person)).collect();
        (streams, people.into_iter().take(NAMED_MAX).collect())
    }
}

/// Lets go of whoever is not heard of, and tells everywhere who has gone, until `shutdown`.
pub async fn run(presence: Arc<Presence>, node: Weak<Node>, hub: Arc<Hub>, shutdown: CancellationToken) {
    let mut sweeps = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = sweeps.tick() => {}
        }
        presence.sweep(&hub);
        let Some(node) = node.upgrade() else { return };
        for (stream, whose) in hub.take_left() {
            if presence.knows(stream) {
                let gone = Looks { stream, organisation: whose.organisation, person: whose.person, task: None, writes: false };
                words::say(&node, Word::Looks(gone)).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: PersonId = PersonId(7);
    const BORIS: PersonId = PersonId(8);
    const KEY: Key = (OrganisationId(1), TaskId(5));

    fn looks(stream: u128, person: PersonId, task: Option<i64>, writes: bool) -> Looks {
        Looks { stream: Uuid::from_u128(stream), organisation: KEY.0, person, task: task.map(TaskId), writes }
    }

    #[test]
    fn who_is_not_heard_of_writes_no_more_and_then_is_gone() {
        let (mut inside, begun) = (Inside::default(), Instant::now());
        assert_eq!(inside.take(&looks(1, ANNA, Some(5), false), begun), BTreeSet::from([KEY]));
        assert_eq!(inside.take(&looks(2, BORIS, Some(5), true), begun), BTreeSet::from([KEY]));
        assert_eq!(inside.at(KEY, begun).1, [(ANNA, false), (BORIS, true)]);
        assert_eq!(inside.take(&looks(2, BORIS, Some(5), true), begun), BTreeSet::new(), "the same again is no news");
        let later = begun + WRITES_FOR;
        assert_eq!(inside.sweep(later), BTreeSet::from([KEY]));
        assert_eq!(inside.at(KEY, later).1, [(ANNA, false), (BORIS, false)]);
        inside.take(&looks(1, ANNA, Some(5), false), later);
        let last = begun + LOOKS_FOR;
        assert_eq!(inside.sweep(last), BTreeSet::from([KEY]));
        assert_eq!(inside.at(KEY, last).1, [(ANNA, false)]);
    }

    #[test]
    fn a_stream_looks_at_one_task_and_a_person_is_named_once() {
        let (mut inside, now) = (Inside::default(), Instant::now());
        inside.take(&looks(1, ANNA, Some(5), false), now);
        inside.take(&looks(2, ANNA, Some(5), true), now);
        assert_eq!(inside.at(KEY, now).1, [(ANNA, true)]);
        let other = (KEY.0, TaskId(6));
        assert_eq!(inside.take(&looks(2, ANNA, Some(6), false), now), BTreeSet::from([KEY, other]));
        assert_eq!((inside.at(KEY, now).1, inside.at(other, now).1), (vec![(ANNA, false)], vec![(ANNA, false)]));
        assert_eq!(inside.take(&looks(1, ANNA, None, false), now), BTreeSet::from([KEY]));
        assert_eq!(inside.take(&looks(2, ANNA, None, false), now), BTreeSet::from([other]));
        assert!(inside.tasks.is_empty() && inside.at.is_empty(), "nothing is kept of who has gone");
    }
}
