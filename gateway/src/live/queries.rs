//! Subscriptions to queries: the stream that subscribed is told which tasks meet the query at first, and then which come to meet it
//! and which do so no more. What was touched is held against each query at once, by one query of the database, and no task by
//! itself. Which tasks meet a query is the views' matter; the language is that of the routes that answer the same.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use domain::directory::OrganisationDirectory;
use domain::form::Level;
use domain::{Code, FormId, Issued, ListId, OrganisationId, PersonId, Position, TaskId};
use jiff::Timestamp;
use projections::views::inbox;
use projections::views::tasks::register::{self, Asked};
use projections::views::tasks::{Access, members};
use projections::{Generation, View};
use serde_json::{Map, Value};
use sqlx::PgPool;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::hub::{Hub, Whose};
use super::shown;
use crate::dialect::{self, Object};
use crate::error::Fault;
use crate::node::Node;

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

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
enum Query {
    Register(FormId, Box<Asked>, Access),
    List {
        list: ListId,
        include_closed: bool,
    },
    /// Open tasks that somebody is responsible for, or that wait for their word.
    Person {
        person: PersonId,
        asked: bool,
        access: Access,
    },
    Inbox(Vec<PersonId>),
}

/// Reads a query: `form_id` with what its register may be asked, `list_id` with `include_archived`, `inbox`, `responsible` or
/// `approver` with a person's id or `me`.
fn read(query: &Map<String, Value>, directory: &OrganisationDirectory, who: PersonId, now: Timestamp) -> Result<Query, Fault> {
    let issued = Issued { organisation: directory.id, who, at: now, directory };
    let object = Object::new(query);
    let person = |name: &'static str| -> Result<Option<PersonId>, Fault> {
        if query.get(name).and_then(Value::as_str) == Some("me") {
            return Ok(Some(who));
        }
        let Some(id) = object.integer(name)?.map(PersonId) else { return Ok(None) };
        let knows = directory.person(who).is_some_and(|asker| asker.knows(id)) || directory.acts_as(who, id);
        let there = directory.person(id).is_some() || directory.role(id).is_some();
        if there && knows { Ok(Some(id)) } else { Err(Fault::domain(Code::AccessDeniedPerson)) }
    };
    if let Some(form) = object.integer("form_id")?.map(FormId) {
        let form = directory.form(form).filter(|form| form.level(&issued) != Level::None);
        let form = form.ok_or_else(|| Fault::domain(Code::AccessDeniedForm))?;
        let zone = domain::zone::named(&directory.organisation.settings.time_zone);
        let asked = dialect::register(&object, &form.published, now, &zone, false)?.asked;
        let access = Access::of(&issued).or_all(form.level(&issued).sees_all_tasks());
        return Ok(Query::Register(form.id, Box::new(asked), access));
    }
    if let Some(list) = object.integer("list_id")?.map(ListId) {
        if issued.standing(list).is_none() {
            return Err(Fault::domain(Code::AccessDeniedProject));
        }
        return Ok(Query::List { list, include_closed: object.boolean("include_archived")? });
    }
    if let Some(person) = person("responsible")? {
        return Ok(Query::Person { person, asked: false, access: Access::of(&issued) });
    }
    if let Some(person) = person("approver")? {
        return Ok(Query::Person { person, asked: true, access: Access::of(&issued) });
    }
    if object.boolean("inbox")? {
        return Ok(Query::Inbox(directory.principals(who).chain(directory.deputised_by(who, now)).collect()));
    }
    Err(Fault::format("query"))
}

/// Whether somebody may subscribe to a query.
///
/// # Errors
/// As the route that answers the same.
pub fn check(query: &Map<String, Value>, directory: &OrganisationDirectory, who: PersonId, now: Timestamp) -> Result<(), Fault> {
    read(query, directory, who, now).map(drop)
}

impl Query {
    fn view(&self) -> View {
        match self {
            Self::Register(..) | Self::List { .. } | Self::Person { .. } => View::Tasks,
            Self::Inbox(_) => View::Inbox,
        }
    }

    /// The tasks that meet it, of all or of `among`; at most `limit` and one more.
    async fn met(
        &self,
        pool: &PgPool,
        generation: &Generation,
        organisation: OrganisationId,
        now: Timestamp,
        (among, limit): (Option<&[TaskId]>, usize),
    ) -> Result<Vec<TaskId>, projections::Failure> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        match self {
            Self::Register(form, asked, access) => {
                let mut asked = Asked { limit: u32::try_from(most).unwrap_or(u32::MAX), ..Asked::clone(asked) };
                if let Some(among) = among {
                    let wanted: HashSet<TaskId> = asked.tasks.iter().copied().collect();
                    asked.tasks = among.iter().copied().filter(|task| wanted.is_empty() || wanted.contains(task)).collect();
                    if asked.tasks.is_empty() {
                        return Ok(Vec::new());
                    }
                }
                Ok(register::found(pool, generation, (organisation, *form), access, &asked).await?.tasks)
            }
            Self::List { list, include_closed } => {
                members::in_list(pool, generation, (organisation, *list), *include_closed, among, most).await
            }
            Self::Person { person, asked, access } => {
                members::of_person(pool, generation, (organisation, *person), *asked, access, among, most).await
            }
            Self::Inbox(principals) => inbox::counts::among(pool, generation, (organisation, principals), among, most, now).await,
        }
    }
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
        let anew: Vec<Key> = self.of(|subscription| waiting.judged.contains(&(subscription.whose.organisation, subscription.whose.person)));
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
    fn query(&mut self, node: &Node, key: &Key) -> Option<(Query, OrganisationId)> {
        let subscription = self.all.get(key)?;
        let (whose, directory) = (subscription.whose, node.world.latest());
        let read = match directory.organisation(whose.organisation) {
            Some(directory) => read(&subscription.query, directory, whose.person, node.journal.now()),
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
        let met = query.met(&node.pool, &generation, organisation, now, (None, KEPT_MAX)).await?;
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
        let mut answered: Vec<(Query, HashSet<TaskId>)> = Vec::new();
        for key in self.of(|subscription| subscription.whose.organisation == organisation) {
            let Some((query, _)) = self.query(node, &key) else { continue };
            let known = answered.iter().position(|(other, _)| *other == query);
            let place = match known {
                Some(place) => place,
                None => {
                    let generation = node.projections.caught_up(query.view(), position, WAIT_MAX).await?;
                    let now = node.journal.now();
                    let met = query.met(&node.pool, &generation, organisation, now, (Some(tasks), tasks.len())).await?;
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
