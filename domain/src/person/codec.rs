//! A person's events as JSON: registered names and shapes. Not what they mean.

use serde::{Deserialize, Serialize};

use super::event::{Avatar, Event};
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::id::{PersonId, Position};

const ADDED: &str = "person.added";
const CHANGED: &str = "person.changed";
const RIGHTS_CHANGED: &str = "person.rights_changed";
const BLOCKED: &str = "person.blocked";
const RESTORED: &str = "person.restored";
const KEY_ISSUED: &str = "person.key_issued";
const KEY_REVOKED: &str = "person.key_revoked";
const PASSWORD_CHANGED: &str = "person.password_changed";
const DISMISSED: &str = "person.dismissed";
const ADMINISTRATION_LEFT: &str = "person.administration_left";
const RESTRICTED: &str = "person.restricted";
const SESSION_POLICY_SET: &str = "person.session_policy_set";
const AVATAR_SET: &str = "person.avatar_set";
const ABSENCE_SET: &str = "person.absence_set";
const ABSENCE_CLEARED: &str = "person.absence_cleared";
const BOT_SET: &str = "person.bot_set";

#[derive(Serialize, Deserialize)]
struct RightsChanged {
    rights: u32,
}

#[derive(Serialize, Deserialize)]
struct Dismissed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    receiver: Option<PersonId>,
}

#[derive(Serialize, Deserialize)]
struct AdministrationLeft {
    after: Position,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[
        ADDED,
        CHANGED,
        RIGHTS_CHANGED,
        BLOCKED,
        RESTORED,
        KEY_ISSUED,
        KEY_REVOKED,
        PASSWORD_CHANGED,
        DISMISSED,
        ADMINISTRATION_LEFT,
        RESTRICTED,
        SESSION_POLICY_SET,
        AVATAR_SET,
        ABSENCE_SET,
        ABSENCE_CLEARED,
        BOT_SET,
    ];

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
            Self::Dismissed { receiver } => encode(DISMISSED, &Dismissed { receiver: *receiver }),
            Self::AdministrationLeft { after } => encode(ADMINISTRATION_LEFT, &AdministrationLeft { after: *after }),
            Self::Restricted(restrictions) => encode(RESTRICTED, restrictions),
            Self::SessionPolicySet(policy) => encode(SESSION_POLICY_SET, policy),
            Self::AvatarSet(avatar) => encode(AVATAR_SET, avatar),
            Self::AbsenceSet(absence) => encode(ABSENCE_SET, absence),
            Self::AbsenceCleared => encode(ABSENCE_CLEARED, &Nothing {}),
            Self::BotSet(bot) => encode(BOT_SET, bot),
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
            DISMISSED => decode(event_type, schema, payload).map(|Dismissed { receiver }| Self::Dismissed { receiver }),
            ADMINISTRATION_LEFT => {
                decode(event_type, schema, payload).map(|AdministrationLeft { after }| Self::AdministrationLeft { after })
            }
            RESTRICTED => decode(event_type, schema, payload).map(Self::Restricted),
            SESSION_POLICY_SET => decode(event_type, schema, payload).map(Self::SessionPolicySet),
            AVATAR_SET => decode::<Avatar>(event_type, schema, payload).map(Self::AvatarSet),
            ABSENCE_SET => decode(event_type, schema, payload).map(Self::AbsenceSet),
            ABSENCE_CLEARED => nothing(Self::AbsenceCleared),
            BOT_SET => decode(event_type, schema, payload).map(Self::BotSet),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
