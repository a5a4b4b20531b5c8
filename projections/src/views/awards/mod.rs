//! Which awards are there, who holds them since when, and what is counted for whom? Who may ask is decided in `domain`.

mod page;
mod rows;

pub use page::{Counter, Held, Shown, counter, held_by, one, page};

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::award::Event;
use domain::codec::EventSet;
use domain::{Kind, OrganisationId, Recorded};
use sqlx::PgConnection;

use crate::failure::{Reason, Refused};
use crate::follower::Follower;
use rows::Changed;

/// Follows awards.
#[derive(Clone, Copy, Debug, Default)]
pub struct Awards;

/// An award of an organisation.
type Id = (i64, OrganisationId);

impl Follower for Awards {
    const NAME: &'static str = "awards";
    const KINDS: &'static [Kind] = &[Kind::Award];
    const SQL: &'static str = include_str!("../../../../migrations/views/awards.sql");
    const REVISION: u32 = 1;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        let id_of = |event: &Recorded| (event.header.stream.id, event.header.organisation);
        let mut stored = rows::load(events.iter().map(id_of).collect(), tx).await?;
        let mut changed: HashMap<Id, Changed> = HashMap::with_capacity(stored.len());
        for event in events {
            let id = id_of(event);
            let award = match changed.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => free.insert(stored.remove(&id).unwrap_or_default()),
            };
            if event.header.version > award.version {
                take(award, event).map_err(|reason| Refused::Park { position: event.header.position, reason })?;
            }
        }
        rows::store(changed.into_iter().filter(|(_, award)| award.is_changed()).collect(), tx).await
    }
}

fn take(award: &mut Changed, event: &Recorded) -> Result<(), Reason> {
    let (expected, found) = (award.version + 1, event.header.version);
    if found != expected {
        return Err(Reason::OutOfOrder { expected, found });
    }
    award.take(Event::decode(&event.event_type, event.schema, &event.payload)?, &event.header);
    Ok(())
}

#[cfg(test)]
mod tests;
