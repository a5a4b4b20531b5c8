//! Events of catalogs to the log's JSON and back.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::id::PersonId;

const CREATED: &str = "catalog.created";
const CHANGED: &str = "catalog.changed";
pub(super) const ITEMS_CHANGED: &str = "catalog.items_changed";
const SYNCED: &str = "catalog.synced";
const SUPERVISORS_ADDED: &str = "catalog.supervisors_added";
const SUPERVISORS_REMOVED: &str = "catalog.supervisors_removed";
const DELETED: &str = "catalog.deleted";

#[derive(Serialize, Deserialize)]
struct Persons<'a> {
    persons: Cow<'a, [PersonId]>,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[CREATED, CHANGED, ITEMS_CHANGED, SYNCED, SUPERVISORS_ADDED, SUPERVISORS_REMOVED, DELETED];

    fn encode(&self) -> Encoded {
        let persons = |event_type, persons| encode(event_type, &Persons { persons: Cow::Borrowed(persons) });
        match self {
            Self::Created(created) => encode(CREATED, created),
            Self::Changed(settings) => encode(CHANGED, settings),
            Self::ItemsChanged(changed) => encode(ITEMS_CHANGED, changed),
            Self::Synced(synced) => encode(SYNCED, synced),
            Self::SupervisorsAdded { persons: added } => persons(SUPERVISORS_ADDED, added),
            Self::SupervisorsRemoved { persons: removed } => persons(SUPERVISORS_REMOVED, removed),
            Self::Deleted => encode(DELETED, &Nothing {}),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        let persons = || decode::<Persons<'_>>(event_type, schema, payload).map(|content| content.persons.into_owned());
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            CHANGED => decode(event_type, schema, payload).map(Self::Changed),
            ITEMS_CHANGED => decode(event_type, schema, payload).map(Self::ItemsChanged),
            SYNCED => decode(event_type, schema, payload).map(Self::Synced),
            SUPERVISORS_ADDED => persons().map(|persons| Self::SupervisorsAdded { persons }),
            SUPERVISORS_REMOVED => persons().map(|persons| Self::SupervisorsRemoved { persons }),
            DELETED => decode::<Nothing>(event_type, schema, payload).map(|Nothing {}| Self::Deleted),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
