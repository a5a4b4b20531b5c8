//! What needs my action? The tasks in a person's inbox, newest change first. Who is allowed to see a task
//! is not asked here: nobody is given a reason for a task that they may not see.

pub mod page;
mod rows;
pub mod rule;

pub use page::{Header, Page, page};

use std::collections::HashMap;

use domain::codec::EventSet;
use domain::{Kind, Recorded, TaskId, task};
use sqlx::PgConnection;

use crate::failure::{Reason, Refused};
use crate::follower::Follower;
use rows::{Before, Changed};

/// Follows tasks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inbox;

impl Follower for Inbox {
    const NAME: &'static str = "inbox";
    const KINDS: &'static [Kind] = &[Kind::Task];
    const SQL: &'static str = include_str!("../../../../migrations/views/inbox.sql");
    const REVISION: u32 = 1;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        let before = rows::load(events, tx).await?;
        let mut changed: HashMap<TaskId, Changed> = HashMap::with_capacity(before.len());
        for event in events {
            let header = &event.header;
            let park = |reason: Reason| Refused::Park { position: header.position, reason };
            let id = TaskId(header.stream.id);
            let task = match changed.entry(id) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(free) => {
                    let before = before.get(&id).map(Before::read).transpose().map_err(|error| park(Reason::Row(error)))?;
                    free.insert(Changed::from(before))
                }
            };
            let expected = task.version + 1;
            if header.version < expected {
                continue;
            }
            if header.version > expected {
                return Err(park(Reason::OutOfOrder { expected, found: header.version }));
            }
            let fact = task::Event::decode(&event.event_type, event.schema, &event.payload).map_err(|error| park(error.into()))?;
            task.take(&fact, header);
        }
        rows::store(changed.into_iter().filter(|(_, task)| task.is_changed()).collect(), tx).await
    }
}

#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;
