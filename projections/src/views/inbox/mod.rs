//! What needs my action? The tasks in a person's inbox, theirs and those of their roles, newest change first. Who is allowed to see a task
//! is not asked here: nobody is given a reason for a task that they may not see.

pub mod counts;
pub mod page;
mod rows;
pub mod rule;
mod snooze;

pub use page::{Header, Page, page, snoozed};

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use domain::codec::EventSet;
use domain::{Kind, PersonId, Position, Recorded, StreamId, TaskId, inbox, task};
use futures_util::TryStreamExt;
use sqlx::PgConnection;

use crate::erased::{self, Part};
use crate::failure::{Reason, Refused};
use crate::follower::Follower;
use rows::{Before, Changed};

/// Follows tasks, and what is erased of them; of roles, that they are there; of people's own inboxes, what they put off and were
/// reminded of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inbox;

impl Follower for Inbox {
    const NAME: &'static str = "inbox";
    const KINDS: &'static [Kind] = &[Kind::Task, Kind::Audit, Kind::Role, Kind::Inbox];
    const SQL: &'static str = include_str!("../../../../migrations/views/inbox.sql");
    const REVISION: u32 = 7;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        for part in erased::parts(events)? {
            match part {
                Part::Facts(facts) => take_in(facts, tx).await?,
                Part::Erased { at, positions } => forget(at, &positions, tx).await?,
            }
        }
        Ok(())
    }
}

async fn take_in(facts: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
    // Who a task names was there before it did.
    let roles = facts.iter().filter(|event| event.header.stream.kind == Kind::Role);
    rows::add_roles(&roles.map(|event| event.header.stream.id).collect::<Vec<_>>(), &mut *tx).await?;
    let mut read = Vec::with_capacity(facts.len());
    for event in facts {
        let fact = Fact::of(event).map_err(|reason| Refused::Park { position: event.header.position, reason })?;
        read.extend(fact.map(|fact| (event, fact)));
    }
    snooze::take_in(&read, &mut *tx).await?;
    let roles = rows::roles_among(&read.iter().flat_map(|(_, fact)| fact.named()).collect(), &mut *tx).await?;
    let tasks = read.iter().filter_map(|(event, fact)| Some((fact.changes(event)?.0, event.header.organisation.0)));
    let before = rows::load(tasks.collect(), tx).await?;
    let mut changed: HashMap<TaskId, Changed> = HashMap::with_capacity(before.len());
    for (event, fact) in &read {
        let park = |reason: Reason| Refused::Park { position: event.header.position, reason };
        let Some(id) = fact.changes(event) else { continue };
        let task = match changed.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                let before = before.get(&id).map(Before::read).transpose().map_err(|error| park(Reason::Row(error)))?;
                free.insert(Changed::from(before))
            }
        };
        match fact {
            Fact::Task(fact) if event.header.version > task.version => take(task, fact, event, &roles).map_err(park)?,
            Fact::Task(_) | Fact::Own(_) => {}
            Fact::Reminded(_) => task.remind(PersonId(event.header.stream.id), &event.header),
        }
    }
    rows::store(changed.into_iter().filter(|(_, task)| task.is_changed()).collect(), tx).await
}

/// What the inbox reads of the log.
enum Fact {
    Task(Box<task::Event>),
    /// The owner of an inbox was reminded of the task.
    Reminded(TaskId),
    /// Another fact of somebody's own inbox.
    Own(inbox::Event),
}

impl Fact {
    fn of(event: &Recorded) -> Result<Option<Self>, Reason> {
        match event.header.stream.kind {
            Kind::Task => Ok(Some(Self::Task(Box::new(task::Event::decode(&event.event_type, event.schema, &event.payload)?)))),
            Kind::Inbox => Ok(Some(match inbox::Event::decode(&event.event_type, event.schema, &event.payload)? {
                inbox::Event::Reminded { task, at: _ } => Self::Reminded(task),
                other => Self::Own(other),
            })),
            _ => Ok(None),
        }
    }

    fn named(&self) -> Vec<PersonId> {
        match self {
            Self::Task(fact) => rule::named(fact),
            Self::Reminded(_) | Self::Own(_) => Vec::new(),
        }
    }

    /// The task whose row it may change.
    fn changes(&self, event: &Recorded) -> Option<TaskId> {
        match self {
            Self::Task(_) => Some(TaskId(event.header.stream.id)),
            Self::Reminded(task) => Some(*task),
            Self::Own(_) => None,
        }
    }
}

fn take(task: &mut Changed, fact: &task::Event, event: &Recorded, roles: &HashSet<PersonId>) -> Result<(), Reason> {
    let (expected, found) = (task.version + 1, event.header.version);
    if found != expected {
        return Err(Reason::OutOfOrder { expected, found });
    }
    task.take(fact, &event.header, roles);
    Ok(())
}

/// Makes the rows of the tasks that hold `positions` again, from what the log holds of them now.
async fn forget(at: Position, positions: &[Position], tx: &mut PgConnection) -> Result<(), Refused> {
    let park = |reason: Reason| Refused::Park { position: at, reason };
    let tasks = erased::streams(positions, &[Kind::Task], &mut *tx).await?;
    let before = rows::load(tasks.iter().map(|(organisation, stream)| (stream.id, organisation.0)).collect(), tx).await?;
    let mut again = HashMap::with_capacity(before.len());
    let mut roles = HashSet::new();
    let mut upto = Vec::with_capacity(before.len());
    for (id, row) in &before {
        let row = row.read().map_err(|error| park(Reason::Row(error)))?;
        upto.push((StreamId::from(*id), row.version));
        roles.extend(row.roles().iter().copied());
        again.insert(*id, row.begun_anew());
    }
    let mut events = erased::histories(&upto, tx);
    while let Some(event) = events.try_next().await? {
        if let Some(task) = again.get_mut(&TaskId(event.header.stream.id)) {
            let fact = task::Event::decode(&event.event_type, event.schema, &event.payload).map_err(|error| park(error.into()))?;
            take(task, &fact, &event, &roles).map_err(park)?;
        }
    }
    drop(events);
    rows::store(again.into_iter().collect(), tx).await
}

#[cfg(test)]
mod tests;
