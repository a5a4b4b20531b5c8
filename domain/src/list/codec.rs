//! A list's events as JSON: registered names and shapes. Not what they mean.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::id::{ListId, PersonId, Position};

const CREATED: &str = "list.created";
const CHANGED: &str = "list.changed";
const MOVED: &str = "list.moved";
const MANAGERS_ADDED: &str = "list.managers_added";
const MANAGERS_REMOVED: &str = "list.managers_removed";
const MEMBERS_ADDED: &str = "list.members_added";
const MEMBERS_REMOVED: &str = "list.members_removed";
const DELETED: &str = "list.deleted";
const RESTORED: &str = "list.restored";

#[derive(Serialize, Deserialize)]
struct Moved {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<ListId>,
    #[serde(default)]
    after: Position,
}

#[derive(Serialize, Deserialize)]
struct Persons<'a> {
    persons: Cow<'a, [PersonId]>,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] =
        &[CREATED, CHANGED, MOVED, MANAGERS_ADDED, MANAGERS_REMOVED, MEMBERS_ADDED, MEMBERS_REMOVED, DELETED, RESTORED];

    fn encode(&self) -> Encoded {
        let persons = |event_type, persons| encode(event_type, &Persons { persons: Cow::Borrowed(persons) });
        match self {
            Self::Created(created) => encode(CREATED, created),
            Self::Changed(settings) => encode(CHANGED, settings),
            Self::Moved { parent, after } => encode(MOVED, &Moved { parent: *parent, after: *after }),
            Self::ManagersAdded { persons: added } => persons(MANAGERS_ADDED, added),
            Self::ManagersRemoved { persons: removed } => persons(MANAGERS_REMOVED, removed),
            Self::MembersAdded { persons: added } => persons(MEMBERS_ADDED, added),
            Self::MembersRemoved { persons: removed } => persons(MEMBERS_REMOVED, removed),
            Self::Deleted => encode(DELETED, &Nothing {}),
            Self::Restored => encode(RESTORED, &Nothing {}),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        let nothing = |event| decode::<Nothing>(event_type, schema, payload).map(|Nothing {}| event);
        let persons = || decode::<Persons<'_>>(event_type, schema, payload).map(|content| content.persons.into_owned());
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            CHANGED => decode(event_type, schema, payload).map(Self::Changed),
            MOVED => decode(event_type, schema, payload).map(|Moved { parent, after }| Self::Moved { parent, after }),
            MANAGERS_ADDED => persons().map(|persons| Self::ManagersAdded { persons }),
            MANAGERS_REMOVED => persons().map(|persons| Self::ManagersRemoved { persons }),
            MEMBERS_ADDED => persons().map(|persons| Self::MembersAdded { persons }),
            MEMBERS_REMOVED => persons().map(|persons| Self::MembersRemoved { persons }),
            DELETED => nothing(Self::Deleted),
            RESTORED => nothing(Self::Restored),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
