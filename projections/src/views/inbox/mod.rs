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
use domain::{Kind, PersonId, Position, Recorded, StreamId, TaskId, task};
use futures_util::TryStreamExt;
use sqlx::PgConnection;

use crate::erased::{self, Part};
use crate::failure::{Reason, Refused};
use crate::follower::Follower;
use rows::{Before, Changed};

/// Follows tasks, and what is erased of them; of roles, that they are there; of people's own inboxes, what they put off.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inbox;

impl Follower for Inbox {
    const NAME: &'static str = "inbox";
    const KINDS: &'static [Kind] = &[Kind::Task, Kind::Audit, Kind::Role, Kind::Inbox];
    const SQL: &'static str = include_str!("../../../../migrations/views/inbox.sql");
    const REVISION: u32 = 6;

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
    snooze::take_in(facts, &mut *tx).await?;
    let facts: Vec<&Recorded> = facts.iter().filter(|event| event.header.stream.kind != Kind::Inbox).collect();
    // Who a task names was there before it did.
    let (roles, facts): (Vec<&Recorded>, Vec<&Recorded>) = facts.into_iter().partition(|event| event.header.stream.kind == Kind::Role);
    rows::add_roles(&roles.iter().map(|event| event.header.stream.id).collect::<Vec<_>>(), &mut *tx).await?;
    let mut read = Vec::with_capacity(facts.len());
    for event in facts {
        let fact = task::Event::decode(&event.event_type, event.schema, &event.payload);
        read.push((event, fact.map_err(|error| Refused::Park { position: event.header.position, reason: error.into() })?));
    }
    let roles = rows::roles_among(&read.iter().flat_map(|(_, fact)| rule::named(fact)).collect(), &mut *tx).await?;
    let before = rows::load(read.iter().map(|(event, _)| (event.header.stream.id, event.header.organisation.0)).collect(), tx).await?;
    let mut changed: HashMap<TaskId, Changed> = HashMap::with_capacity(before.len());
    for (event, fact) in &read {
        let park = |reason: Reason| Refused::Park { position: event.header.position, reason };
        let id = TaskId(event.header.stream.id);
        let task = match changed.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                let before = before.get(&id).map(Before::read).transpose().map_err(|error| park(Reason::Row(error)))?;
                free.insert(Changed::from(before))
            }
        };
        if event.header.version > task.version {
            take(task, fact, event, &roles).map_err(park)?;
        }
    }
    rows::store(changed.into_iter().filter(|(_, task)| task.is_changed()).collect(), tx).await
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
