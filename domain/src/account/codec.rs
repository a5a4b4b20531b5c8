//! An account's events as JSON: registered names and shapes. Not what they mean.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event::{Event, Factor, Linked, Way, Why};
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::id::PersonId;

const CREATED: &str = "account.created";
const LINKED: &str = "account.linked";
const SESSION_STARTED: &str = "account.session_started";
const SESSION_ENDED: &str = "account.session_ended";
const SESSIONS_ENDED: &str = "account.sessions_ended";
const PASSWORD_CHANGED: &str = "account.password_changed";
const PASSWORD_RESET_REQUESTED: &str = "account.password_reset_requested";
const PASSWORD_RESET: &str = "account.password_reset";
const SECOND_FACTOR_ADDED: &str = "account.second_factor_added";
const SECOND_FACTOR_REMOVED: &str = "account.second_factor_removed";
const RECOVERY_CODES_MADE: &str = "account.recovery_codes_made";
const RECOVERY_CODE_USED: &str = "account.recovery_code_used";
const PASSKEY_ADDED: &str = "account.passkey_added";
const PASSKEY_RENAMED: &str = "account.passkey_renamed";
const PASSKEY_REMOVED: &str = "account.passkey_removed";
const QR_SIGN_IN_ANSWERED: &str = "account.qr_sign_in_answered";

#[derive(Serialize, Deserialize)]
struct Created {
    login: String,
    #[serde(flatten)]
    linked: Linked,
}

#[derive(Serialize, Deserialize)]
struct SessionStarted {
    session: Uuid,
    person: PersonId,
    by: Way,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    second: Option<Factor>,
}

#[derive(Serialize, Deserialize)]
struct SessionEnded {
    session: Uuid,
    why: Why,
}

#[derive(Serialize, Deserialize)]
struct SessionsEnded {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kept: Option<Uuid>,
    why: Why,
}

#[derive(Serialize, Deserialize)]
struct OfFactor {
    factor: Factor,
}

#[derive(Serialize, Deserialize)]
struct CodesMade {
    count: u8,
}

#[derive(Serialize, Deserialize)]
struct Named {
    id: Uuid,
    name: String,
}

#[derive(Serialize, Deserialize)]
struct Id {
    id: Uuid,
}

#[derive(Serialize, Deserialize)]
struct Answered {
    request: Uuid,
    approved: bool,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[
        CREATED,
        LINKED,
        SESSION_STARTED,
        SESSION_ENDED,
        SESSIONS_ENDED,
        PASSWORD_CHANGED,
        PASSWORD_RESET_REQUESTED,
        PASSWORD_RESET,
        SECOND_FACTOR_ADDED,
        SECOND_FACTOR_REMOVED,
        RECOVERY_CODES_MADE,
        RECOVERY_CODE_USED,
        PASSKEY_ADDED,
        PASSKEY_RENAMED,
        PASSKEY_REMOVED,
        QR_SIGN_IN_ANSWERED,
    ];

    fn encode(&self) -> Encoded {
        match self {
            Self::Created { login, linked } => encode(CREATED, &Created { login: login.clone(), linked: *linked }),
            Self::Linked(linked) => encode(LINKED, linked),
            Self::SessionStarted { session, person, by, second } => {
                encode(SESSION_STARTED, &SessionStarted { session: *session, person: *person, by: *by, second: *second })
            }
            Self::SessionEnded { session, why } => encode(SESSION_ENDED, &SessionEnded { session: *session, why: *why }),
            Self::SessionsEnded { kept, why } => encode(SESSIONS_ENDED, &SessionsEnded { kept: *kept, why: *why }),
            Self::PasswordChanged => encode(PASSWORD_CHANGED, &Nothing {}),
            Self::PasswordResetRequested => encode(PASSWORD_RESET_REQUESTED, &Nothing {}),
            Self::PasswordReset => encode(PASSWORD_RESET, &Nothing {}),
            Self::SecondFactorAdded { factor } => encode(SECOND_FACTOR_ADDED, &OfFactor { factor: *factor }),
            Self::SecondFactorRemoved { factor } => encode(SECOND_FACTOR_REMOVED, &OfFactor { factor: *factor }),
            Self::RecoveryCodesMade { count } => encode(RECOVERY_CODES_MADE, &CodesMade { count: *count }),
            Self::RecoveryCodeUsed => encode(RECOVERY_CODE_USED, &Nothing {}),
            Self::PasskeyAdded { id, name } => encode(PASSKEY_ADDED, &Named { id: *id, name: name.clone() }),
            Self::PasskeyRenamed { id, name } => encode(PASSKEY_RENAMED, &Named { id: *id, name: name.clone() }),
            Self::PasskeyRemoved { id } => encode(PASSKEY_REMOVED, &Id { id: *id }),
            Self::QrSignInAnswered { request, approved } => {
                encode(QR_SIGN_IN_ANSWERED, &Answered { request: *request, approved: *approved })
            }
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        match event_type {
            CREATED => decode::<Created>(event_type, schema, payload).map(|of| Self::Created { login: of.login, linked: of.linked }),
            LINKED => decode(event_type, schema, payload).map(Self::Linked),
            SESSION_STARTED => decode::<SessionStarted>(event_type, schema, payload).map(|of| Self::SessionStarted {
                session: of.session,
                person: of.person,
                by: of.by,
                second: of.second,
            }),
            SESSION_ENDED => {
                decode::<SessionEnded>(event_type, schema, payload).map(|of| Self::SessionEnded { session: of.session, why: of.why })
            }
            SESSIONS_ENDED => {
                decode::<SessionsEnded>(event_type, schema, payload).map(|of| Self::SessionsEnded { kept: of.kept, why: of.why })
            }
            PASSWORD_CHANGED => decode::<Nothing>(event_type, schema, payload).map(|_| Self::PasswordChanged),
            PASSWORD_RESET_REQUESTED => decode::<Nothing>(event_type, schema, payload).map(|_| Self::PasswordResetRequested),
            PASSWORD_RESET => decode::<Nothing>(event_type, schema, payload).map(|_| Self::PasswordReset),
            SECOND_FACTOR_ADDED => decode::<OfFactor>(event_type, schema, payload).map(|of| Self::SecondFactorAdded { factor: of.factor }),
            SECOND_FACTOR_REMOVED => {
                decode::<OfFactor>(event_type, schema, payload).map(|of| Self::SecondFactorRemoved { factor: of.factor })
            }
            RECOVERY_CODES_MADE => decode::<CodesMade>(event_type, schema, payload).map(|of| Self::RecoveryCodesMade { count: of.count }),
            RECOVERY_CODE_USED => decode::<Nothing>(event_type, schema, payload).map(|_| Self::RecoveryCodeUsed),
            PASSKEY_ADDED => decode::<Named>(event_type, schema, payload).map(|of| Self::PasskeyAdded { id: of.id, name: of.name }),
            PASSKEY_RENAMED => decode::<Named>(event_type, schema, payload).map(|of| Self::PasskeyRenamed { id: of.id, name: of.name }),
            PASSKEY_REMOVED => decode::<Id>(event_type, schema, payload).map(|of| Self::PasskeyRemoved { id: of.id }),
            QR_SIGN_IN_ANSWERED => decode::<Answered>(event_type, schema, payload)
                .map(|of| Self::QrSignInAnswered { request: of.request, approved: of.approved }),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
