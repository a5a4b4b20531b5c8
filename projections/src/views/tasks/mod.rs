//! Which tasks lie in a list, are of a form and hold such values, are due in a time, wait for somebody, and whom may they be
//! shown? Who sees which list, and who
//! is in which role, is not kept here: the asker brings it along ([`Access`]), so that a change of it rewrites no row.

mod access;
mod block;
mod calendar;
pub mod handling;
pub mod linked;
pub mod members;
mod page;
pub mod past;
pub mod question;
pub mod register;
pub mod related;
mod rows;
pub mod rule;
pub mod touched;
mod value;
pub mod words;

pub use access::{Access, Grants};
pub use calendar::{Calendar, CalendarPage, calendar};
pub use page::{Bounds, Filter, LIMIT_MAX, Listed, Page, in_list, these, waiting_for};

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::codec::EventSet;
use domain::{Kind, Position, Recorded, StreamId, TaskId, task};
use futures_util::TryStreamExt;
use sqlx::PgConnection;

use crate::erased::{self, Part};
use crate::failure::{Reason, Refused};
use crate::follower::Follower;
use rows::{Before, Changed};

/// Follows tasks, and what is erased of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tasks;

impl Follower for Tasks {
    const NAME: &'static str = "tasks";
    const KINDS: &'static [Kind] = &[Kind::Task, Kind::Audit];
    const SQL: &'static str = include_str!("../../../../migrations/views/tasks.sql");
    const REVISION: u32 = 8;

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
    let before = rows::load(facts.iter().map(|event| (event.header.stream.id, event.header.organisation.0)).collect(), tx).await?;
    let mut changed: HashMap<TaskId, Changed> = HashMap::with_capacity(before.len());
    for event in facts {
        let park = |reason: Reason| Refused::Park { position: event.header.position, reason };
        let id = TaskId(event.header.stream.id);
        let task = match changed.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                let before = before.get(&id).map(Before::read).transpose().map_err(|error| park(Reason::Row(error)))?;
                free.insert(before.unwrap_or_default())
            }
        };
        if event.header.version > task.version {
            take(task, event).map_err(park)?;
        }
    }
    rows::store(changed.into_iter().filter(|(_, task)| task.is_changed()).collect(), tx).await
}

fn take(task: &mut Changed, event: &Recorded) -> Result<(), Reason> {
    let (expected, found) = (task.version + 1, event.header.version);
    if found != expected {
        return Err(Reason::OutOfOrder { expected, found });
    }
    let fact = task::Event::decode(&event.event_type, event.schema, &event.payload)?;
    task.take(&fact, &event.header);
    Ok(())
}

/// Makes the rows of the tasks that hold `positions` again, from what the log holds of them now.
async fn forget(at: Position, positions: &[Position], tx: &mut PgConnection) -> Result<(), Refused> {
    let park = |reason: Reason| Refused::Park { position: at, reason };
    let tasks = erased::streams(positions, &[Kind::Task], &mut *tx).await?;
    let before = rows::load(tasks.iter().map(|(organisation, stream)| (stream.id, organisation.0)).collect(), tx).await?;
    let mut again = HashMap::with_capacity(before.len());
    let mut upto = Vec::with_capacity(before.len());
    for (id, row) in &before {
        let row = row.read().map_err(|error| park(Reason::Row(error)))?;
        upto.push((StreamId::from(*id), row.version));
        again.insert(*id, row.begun_anew());
    }
    let mut events = erased::histories(&upto, tx);
    while let Some(event) = events.try_next().await? {
        if let Some(task) = again.get_mut(&TaskId(event.header.stream.id)) {
            take(task, &event).map_err(park)?;
        }
    }
    drop(events);
    rows::store(again.into_iter().collect(), tx).await
}

#[cfg(test)]
mod tests;
