//! Which timers stand, and when does each fire? Who fires them is [`crate::timers`]; what a timer is, and which fact sets it, is
//! `domain`'s (`domain/src/task/timer.rs`).

mod page;
mod rows;

pub use page::Standing;
pub(crate) use page::{next, page};

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::codec::EventSet;
use domain::organisation::Event as OrganisationEvent;
use domain::task::Event;
use domain::task::timer::TYPES_OF_TASKS;
use domain::{Kind, OrganisationId, Recorded};
use sqlx::PgConnection;

use crate::failure::{Reason, Refused};
use crate::follower::Follower;
use rows::Kept;

/// Follows what sets timers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timers;

/// A task of an organisation.
type Id = (i64, OrganisationId);

const TYPES: &[&str] = &{
    let mut types = ["organisation.created"; TYPES_OF_TASKS.len() + 2];
    types[1] = "organisation.changed";
    let mut index = 0;
    while index < TYPES_OF_TASKS.len() {
        types[index + 2] = TYPES_OF_TASKS[index];
        index += 1;
    }
    types
};

impl Follower for Timers {
    const NAME: &'static str = "timers";
    const KINDS: &'static [Kind] = &[Kind::Task, Kind::Organisation];
    const TYPES: &'static [&'static str] = TYPES;
    const SQL: &'static str = include_str!("../../../../migrations/views/timers.sql");
    const REVISION: u32 = 1;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        let of_tasks = || events.iter().filter(|event| event.header.stream.kind == Kind::Task);
        let id_of = |event: &Recorded| (event.header.stream.id, event.header.organisation);
        let mut stored = rows::load(of_tasks().map(id_of).collect(), tx).await?;
        let mut changed: HashMap<Id, Kept> = HashMap::with_capacity(stored.len());
        for event in of_tasks() {
            let kept = match changed.entry(id_of(event)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => free.insert(stored.remove(&id_of(event)).unwrap_or_default()),
            };
            if event.header.version > kept.version {
                let decoded = Event::decode(&event.event_type, event.schema, &event.payload);
                let decoded = decoded.map_err(|error| park(event, error.into()))?;
                kept.take(&decoded, &event.header);
            }
        }
        let moved = zones(events)?;
        let zones = rows::zones(events.iter().map(|event| event.header.organisation).collect(), moved, tx).await?;
        rows::store(changed.into_iter().filter(|(_, kept)| kept.is_changed()).collect(), &zones, tx).await
    }
}

/// The zones that are set by these events, each organisation's last.
fn zones(events: &[Recorded]) -> Result<HashMap<OrganisationId, String>, Refused> {
    let mut zones = HashMap::new();
    for event in events.iter().filter(|event| event.header.stream.kind == Kind::Organisation) {
        let decoded = OrganisationEvent::decode(&event.event_type, event.schema, &event.payload);
        match decoded.map_err(|error| park(event, error.into()))? {
            OrganisationEvent::Created(settings) | OrganisationEvent::Changed(settings) => {
                zones.insert(event.header.organisation, settings.time_zone);
            }
        }
    }
    Ok(zones)
}

fn park(event: &Recorded, reason: Reason) -> Refused {
    Refused::Park { position: event.header.position, reason }
}

#[cfg(test)]
mod tests;
