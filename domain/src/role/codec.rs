//! A role's events as JSON: registered names and shapes. Not what they mean.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::id::PersonId;

const CREATED: &str = "role.created";
const CHANGED: &str = "role.changed";
const MEMBERS_ADDED: &str = "role.members_added";
const MEMBERS_REMOVED: &str = "role.members_removed";
const BANNED: &str = "role.banned";
const RESTORED: &str = "role.restored";
const DELETED: &str = "role.deleted";

#[derive(Serialize, Deserialize)]
struct Persons<'a> {
    persons: Cow<'a, [PersonId]>,
}

#[derive(Serialize, Deserialize)]
struct Deleted {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    task_receiver: Option<PersonId>,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[CREATED, CHANGED, MEMBERS_ADDED, MEMBERS_REMOVED, BANNED, RESTORED, DELETED];

    fn encode(&self) -> Encoded {
        let persons = |event_type, persons| encode(event_type, &Persons { persons: Cow::Borrowed(persons) });
        match self {
            Self::Created(created) => encode(CREATED, created),
            Self::Changed(naming) => encode(CHANGED, naming),
            Self::MembersAdded { persons: added } => persons(MEMBERS_ADDED, added),
            Self::MembersRemoved { persons: removed } => persons(MEMBERS_REMOVED, removed),
            Self::Banned => encode(BANNED, &Nothing {}),
            Self::Restored => encode(RESTORED, &Nothing {}),
            Self::Deleted { task_receiver } => encode(DELETED, &Deleted { task_receiver: *task_receiver }),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        let nothing = |event| decode::<Nothing>(event_type, schema, payload).map(|Nothing {}| event);
        let persons = || decode::<Persons<'_>>(event_type, schema, payload).map(|content| content.persons.into_owned());
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            CHANGED => decode(event_type, schema, payload).map(Self::Changed),
            MEMBERS_ADDED => persons().map(|persons| Self::MembersAdded { persons }),
            MEMBERS_REMOVED => persons().map(|persons| Self::MembersRemoved { persons }),
            BANNED => nothing(Self::Banned),
            RESTORED => nothing(Self::Restored),
            DELETED => decode(event_type, schema, payload).map(|Deleted { task_receiver }| Self::Deleted { task_receiver }),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
