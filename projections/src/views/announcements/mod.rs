//! What has been announced? The texts of announcements and of the comments under them, and their files. Who may read them is decided in
//! `domain`.

mod page;
mod rows;

pub use page::{COMMENTS_LISTED, Comment, Shown, latest, one};

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::announcement::Event;
use domain::codec::EventSet;
use domain::{Kind, OrganisationId, Position, Recorded};
use sqlx::PgConnection;

use crate::erased::{self, Part};
use crate::failure::{Reason, Refused};
use crate::follower::Follower;
use rows::{Changed, Words};

/// Follows announcements, and what is erased of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Announcements;

impl Follower for Announcements {
    const NAME: &'static str = "announcements";
    const KINDS: &'static [Kind] = &[Kind::Announcement, Kind::Audit];
    const SQL: &'static str = include_str!("../../../../migrations/views/announcements.sql");
    const REVISION: u32 = 2;

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

/// An announcement of an organisation.
type Id = (i64, OrganisationId);

fn id_of(event: &Recorded) -> Id {
    (event.header.stream.id, event.header.organisation)
}

async fn take_in(facts: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
    let mut stored = rows::load(facts.iter().map(id_of).collect(), tx).await?;
    let mut changed: HashMap<Id, Changed> = HashMap::with_capacity(stored.len());
    for event in facts {
        let id = id_of(event);
        let announcement = match changed.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(stored.remove(&id).unwrap_or_default()),
        };
        if event.header.version > announcement.version {
            take(announcement, event).map_err(|reason| Refused::Park { position: event.header.position, reason })?;
        }
    }
    rows::store(changed.into_iter().filter(|(_, announcement)| announcement.is_changed()).collect(), tx).await
}

fn take(announcement: &mut Changed, event: &Recorded) -> Result<(), Reason> {
    let (expected, found) = (announcement.version + 1, event.header.version);
    if found != expected {
        return Err(Reason::OutOfOrder { expected, found });
    }
    announcement.take(Event::decode(&event.event_type, event.schema, &event.payload)?, &event.header)
}

/// Puts what the log holds now in place of the texts that came from `positions`.
async fn forget(at: Position, positions: &[Position], tx: &mut PgConnection) -> Result<(), Refused> {
    let events = erased::events(positions, &[Kind::Announcement], &mut *tx).await?;
    let mut left = Vec::with_capacity(events.len());
    for event in &events {
        let fact = Event::decode(&event.event_type, event.schema, &event.payload);
        let fact = fact.map_err(|error| Refused::Park { position: at, reason: error.into() })?;
        let words = Words::of(fact, event.header.position).map_err(|reason| Refused::Park { position: at, reason })?;
        left.extend(words.map(|words| (id_of(event), words)));
    }
    rows::replace(&left, tx).await
}

#[cfg(test)]
mod tests;
