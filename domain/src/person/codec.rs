//! A person's events as JSON: registered names and shapes. Not what they mean.

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};

const ADDED: &str = "person.added";
const CHANGED: &str = "person.changed";
const RIGHTS_CHANGED: &str = "person.rights_changed";
const BLOCKED: &str = "person.blocked";
const RESTORED: &str = "person.restored";
const KEY_ISSUED: &str = "person.key_issued";
const KEY_REVOKED: &str = "person.key_revoked";
const PASSWORD_CHANGED: &str = "person.password_changed";

#[derive(Serialize, Deserialize)]
struct RightsChanged {
    rights: u32,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[ADDED, CHANGED, RIGHTS_CHANGED, BLOCKED, RESTORED, KEY_ISSUED, KEY_REVOKED, PASSWORD_CHANGED];

    fn encode(&self) -> Encoded {
        match self {
            Self::Added(added) => encode(ADDED, added),
            Self::Changed(profile) => encode(CHANGED, profile),
            Self::RightsChanged { rights } => encode(RIGHTS_CHANGED, &RightsChanged { rights: *rights }),
            Self::Blocked => encode(BLOCKED, &Nothing {}),
            Self::Restored => encode(RESTORED, &Nothing {}),
            Self::KeyIssued => encode(KEY_ISSUED, &Nothing {}),
            Self::KeyRevoked => encode(KEY_REVOKED, &Nothing {}),
            Self::PasswordChanged => encode(PASSWORD_CHANGED, &Nothing {}),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        let nothing = |event| decode::<Nothing>(event_type, schema, payload).map(|Nothing {}| event);
        match event_type {
            ADDED => decode(event_type, schema, payload).map(Self::Added),
            CHANGED => decode(event_type, schema, payload).map(Self::Changed),
            RIGHTS_CHANGED => decode(event_type, schema, payload).map(|RightsChanged { rights }| Self::RightsChanged { rights }),
            BLOCKED => nothing(Self::Blocked),
            RESTORED => nothing(Self::Restored),
            KEY_ISSUED => nothing(Self::KeyIssued),
            KEY_REVOKED => nothing(Self::KeyRevoked),
            PASSWORD_CHANGED => nothing(Self::PasswordChanged),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
