//! Subscriptions to queries: the stream that subscribed is told which tasks meet the query at first, and then which come to meet it
//! and which do so no more. What was touched is held against each query at once, by one query of the database, and no task by
//! itself. Which tasks meet a query is the views' matter; the language is that of the routes that answer the same.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use domain::directory::OrganisationDirectory;
use domain::{Code, FilterId, Issued, OrganisationId, PersonId, Position, TaskId};
use jiff::Timestamp;
use projections::views::tasks::members::Span;
use projections::views::tasks::question::Question;
use serde_json::{Map, Value};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::hub::{Hub, Whose};
use super::shown;
use crate::dialect::Object;
use crate::error::Fault;
use crate::node::Node;
use crate::question;

/// Subscriptions of one stream.
pub const OF_STREAM_MAX: usize = 8;
/// Characters of a subscription's name.
pub const NAME_CHARACTERS_MAX: usize = 64;
/// Tasks that are told at first.
const FIRST_MAX: usize = 1_000;
/// Tasks of a subscription that are kept in mind; of a query that more meet, also a task that may never have met it is told as gone.
const KEPT_MAX: usize = 10_000;
/// Tasks that are held against a query at once.
const AT_ONCE: usize = 5_000;
const WAIT_MAX: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(200);

/// Whether somebody may subscribe to a query.
///
/// # Errors
/// As the route that answers the same.
pub fn check(query: &Map<String, Value>, directory: &OrganisationDirectory, who: PersonId, now: Timestamp) -> Result<(), Fault> {
    question::read(query, &Issued { organisation: directory.id, who, at: now, directory }).map(drop)
}

type Key = (Uuid, String);

struct Subscription {
    whose: Whose,
    query: Map<String, Value>,
    members: HashSet<TaskId>,
    /// All that meet it are kept in mind.
    whole: bool,
}

/// What is to be done.
#[derive(Default)]
struct Waiting {
    subscribed: BTreeMap<Key, (Whose, Map<String, Value>)>,
    unsubscribed: BTreeSet<(Uuid, PersonId, String)>,
    touched: HashMap<OrganisationId, BTreeSet<TaskId>>,
    /// What these see has changed as a whole.
    judged: BTreeSet<(OrganisationId, PersonId)>,
    /// These saved filters ask something else.
    changed: BTreeSet<(OrganisationId, FilterId)>,
    position: Position,
}

/// The subscriptions of this node's streams.
#[derive(Default)]
pub struct Queries {
    waiting: Mutex<Waiting>,
    wake: Notify,
    /// Organisations in which anybody subscribed: of the others nothing is noted.
    subscribers: Mutex<HashSet<OrganisationId>>,
}

impl Queries {
    pub fn subscribe(&self, stream: Uuid, whose: Whose, name: String, query: Map<String, Value>) {
        self.lock(&self.subscribers).insert(whose.organisation);
        let mut waiting = self.lock(&self.waiting);
        waiting.unsubscribed.remove(&(stream, whose.person, name.clone()));
        waiting.subscribed.insert((stream, name), (whose, query));
        self.wake.notify_one();
    }

    pub fn unsubscribe(&self, stream: Uuid, whose: Whose, name: String) {
        let mut waiting = self.lock(&self.waiting);
        waiting.subscribed.remove(&(stream, name.clone()));
        waiting.unsubscribed.insert((stream, whose.person, name));
        self.wake.notify_one();
    }

    /// Something happened to these tasks up to `position`, and what those see has changed as a whole.
    pub fn touched(
        &self,
        tasks: impl IntoIterator<Item = (OrganisationId, TaskId)>,
        judged: impl IntoIterator<Item = (OrganisationId, PersonId)>,
        position: Position,
    ) {
        let subscribers = self.lock(&self.subscribers);
        if subscribers.is_empty() {
            return;
        }
        let mut waiting = self.lock(&self.waiting);
        for (organisation, task) in tasks {
            if subscribers.contains(&organisation) {
                waiting.touched.entry(organisation).or_default().insert(task);
            }
        }
        waiting.judged.extend(judged.into_iter().filter(|(organisation, _)| subscribers.contains(organisation)));
        waiting.position = waiting.position.max(position);
        if !waiting.touched.is_empty() || !waiting.judged.is_empty() {
            self.wake.notify_one();
        }
    }

    /// These saved filters ask something else, or nothing any more, up to `position`.
    pub fn changed(&self, filters: impl IntoIterator<Item = (OrganisationId, FilterId)>, position: Position) {
        let subscribers = self.lock(&self.subscribers);
        let mut waiting = self.lock(&self.waiting);
        waiting.changed.extend(filters.into_iter().filter(|(organisation, _)| subscribers.contains(organisation)));
        waiting.position = waiting.position.max(position);
        if !waiting.changed.is_empty() {
            self.wake.notify_one();
        }
    }

    fn take(&self) -> Waiting {
        let mut waiting = self.lock(&self.waiting);
        let position = waiting.position;
        std::mem::replace(&mut *waiting, Waiting { position, ..Waiting::default() })
    }

    fn lock<'a, T>(&self, mutex: &'a Mutex<T>) -> MutexGuard<'a, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers subscriptions, until `shutdown`.
pub async fn run(queries: Arc<Queries>, node: Weak<Node>, hub: Arc<Hub>, shutdown: CancellationToken) {
    let mut subscriptions = Subscriptions { hub, all: BTreeMap::new() };
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = queries.wake.notified() => {}
        }
        let waiting = queries.take();
        let Some(node) = node.upgrade() else { return };
        let done = tokio::select! {
            () = shutdown.cancelled() => return,
            done = subscriptions.answer(&node, &waiting) => done,
        };
        if let Err(error) = done {
            tracing::warn!(error = format!("{error:#}"), "subscriptions to queries are not answered just now; it is tried again");
            tokio::time::sleep(PAUSE).await;
            // What was told already makes no difference when it is found again.
            let tasks = waiting.touched.iter().flat_map(|(organisation, tasks)| tasks.iter().map(|task| (*organisation, *task)));
            queries.touched(tasks, waiting.judged.iter().copied(), waiting.position);
            queries.changed(waiting.changed.iter().copied(), waiting.position);
            for ((stream, name), (whose, query)) in waiting.subscribed {
                queries.subscribe(stream, whose, name, query);
            }
        }
        let left = subscriptions.all.values().map(|subscription| subscription.whose.organisation).collect::<HashSet<_>>();
        let coming = queries.lock(&queries.waiting).subscribed.values().map(|(whose, _)| whose.organisation).collect::<HashSet<_>>();
        queries.lock(&queries.subscribers).retain(|organisation| left.contains(organisation) || coming.contains(organisation));
    }
}

struct Subscriptions {
    hub: Arc<Hub>,
    all: BTreeMap<Key, Subscription>,
}

impl Subscriptions {
    async fn answer(&mut self, node: &Node, waiting: &Waiting) -> anyhow::Result<()> {
        for (stream, person, name) in &waiting.unsubscribed {
            let key = (*stream, name.clone());
            if self.all.get(&key).is_some_and(|subscription| subscription.whose.person == *person) {
                self.all.remove(&key);
            }
        }
        self.all.retain(|(stream, _), subscription| self.hub.has(subscription.whose, *stream));
        for (key, (whose, query)) in &waiting.subscribed {
            if self.all.keys().filter(|(stream, _)| *stream == key.0).count() >= OF_STREAM_MAX && !self.all.contains_key(key) {
                self.hub.send_to(*whose, key.0, &Arc::new(shown::query_ended(&key.1, "limit_exceeded")));
                continue;
            }
            let subscription = Subscription { whose: *whose, query: query.clone(), members: HashSet::new(), whole: true };
            self.all.insert(key.clone(), subscription);
            self.begin(node, key, waiting.position).await?;
        }
        let anew: Vec<Key> = self.of(|subscription| {
            let Whose { organisation, person } = subscription.whose;
            let filter = Object::new(&subscription.query).integer("filter_id").ok().flatten().map(FilterId);
            waiting.judged.contains(&(organisation, person))
                || filter.is_some_and(|filter| waiting.changed.contains(&(organisation, filter)))
        });
        for key in anew {
            self.begin(node, &key, waiting.position).await?;
        }
        for (organisation, tasks) in &waiting.touched {
            let tasks: Vec<TaskId> = tasks.iter().copied().collect();
            for tasks in tasks.chunks(AT_ONCE) {
                self.hold_against(node, *organisation, tasks, waiting.position).await?;
            }
        }
        Ok(())
    }

    fn of(&self, wanted: impl Fn(&Subscription) -> bool) -> Vec<Key> {
        self.all.iter().filter(|(_, subscription)| wanted(subscription)).map(|(key, _)| key.clone()).collect()
    }

    /// What the query of a subscription means now; without an answer it has ended.
    fn query(&mut self, node: &Node, key: &Key) -> Option<(Question, OrganisationId)> {
        let subscription = self.all.get(key)?;
        let (whose, directory) = (subscription.whose, node.world.latest());
        let read = match directory.organisation(whose.organisation) {
            Some(directory) => {
                let issued = Issued { organisation: directory.id, who: whose.person, at: node.journal.now(), directory };
                question::read(&subscription.query, &issued)
            }
            None => Err(Fault::domain(Code::AccessDenied)),
        };
        match read {
            Ok(query) => Some((query, whose.organisation)),
            Err(fault) => {
                self.hub.send_to(whose, key.0, &Arc::new(shown::query_ended(&key.1, fault.code().unwrap_or("access_denied"))));
                self.all.remove(key);
                None
            }
        }
    }

    /// Tells all that meet it.
    async fn begin(&mut self, node: &Node, key: &Key, position: Position) -> anyhow::Result<()> {
        let Some((query, organisation)) = self.query(node, key) else { return Ok(()) };
        let position = position.max(node.live.hub.place().position);
        let generation = node.projections.caught_up(query.view(), position, WAIT_MAX).await?;
        let now = node.journal.now();
        let met = query.met(&node.pool, &generation, organisation, now, Span::of(KEPT_MAX + 1)).await?;
        let Some(subscription) = self.all.get_mut(key) else { return Ok(()) };
        subscription.whole = met.len() <= KEPT_MAX;
        subscription.members = met.iter().copied().take(KEPT_MAX).collect();
        let first = met.get(..FIRST_MAX).unwrap_or(&met);
        let entry = shown::query_members(&key.1, position, first, met.len() > first.len());
        self.hub.send_to(subscription.whose, key.0, &Arc::new(entry));
        Ok(())
    }

    async fn hold_against(
        &mut self,
        node: &Node,
        organisation: OrganisationId,
        tasks: &[TaskId],
        position: Position,
    ) -> anyhow::Result<()> {
        // Subscriptions that mean the same are held against it once.
        let mut answered: Vec<(Question, HashSet<TaskId>)> = Vec::new();
        for key in self.of(|subscription| subscription.whose.organisation == organisation) {
            let Some((query, _)) = self.query(node, &key) else { continue };
            let known = answered.iter().position(|(other, _)| *other == query);
            let place = match known {
                Some(place) => place,
                None => {
                    let generation = node.projections.caught_up(query.view(), position, WAIT_MAX).await?;
                    let now = node.journal.now();
                    let met = query.met(&node.pool, &generation, organisation, now, Span::among(tasks)).await?;
                    answered.push((query, met.into_iter().collect()));
                    answered.len() - 1
                }
            };
            let (Some((_, met)), Some(subscription)) = (answered.get(place), self.all.get_mut(&key)) else { continue };
            let (entered, left) = subscription.changed(tasks, met);
            if !entered.is_empty() || !left.is_empty() {
                let entry = shown::query_changed(&key.1, position, &entered, &left);
                self.hub.send_to(subscription.whose, key.0, &Arc::new(entry));
            }
        }
        Ok(())
    }
}

impl Subscription {
    /// Takes in which of `tasks` meet the query now.
    fn changed(&mut self, tasks: &[TaskId], met: &HashSet<TaskId>) -> (Vec<TaskId>, Vec<TaskId>) {
        let (mut entered, mut left) = (Vec::new(), Vec::new());
        for task in tasks {
            if met.contains(task) {
                let room = self.members.len() < KEPT_MAX;
                if room && self.members.insert(*task) {
                    entered.push(*task);
                } else if !room && !self.members.contains(task) {
                    self.whole = false;
                    entered.push(*task);
                }
            } else if self.members.remove(task) || !self.whole {
                left.push(*task);
            }
        }
        (entered, left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(members: &[i64], whole: bool) -> Subscription {
        let whose = Whose { organisation: OrganisationId(1), person: PersonId(7) };
        Subscription { whose, query: Map::new(), members: members.iter().copied().map(TaskId).collect(), whole }
    }

    #[test]
    fn a_task_enters_once_and_leaves_once() {
        let mut one = subscription(&[1, 2], true);
        let touched = [TaskId(1), TaskId(2), TaskId(3), TaskId(4)];
        let met = HashSet::from([TaskId(1), TaskId(3)]);
        assert_eq!(one.changed(&touched, &met), (vec![TaskId(3)], vec![TaskId(2)]));
        assert_eq!(one.changed(&touched, &met), (vec![], vec![]));
    }

    #[test]
    fn of_a_query_that_more_meet_than_are_kept_in_mind_nothing_that_leaves_is_missed() {
        let mut one = subscription(&[1], false);
        assert_eq!(one.changed(&[TaskId(9)], &HashSet::new()), (vec![], vec![TaskId(9)]));
    }
}
