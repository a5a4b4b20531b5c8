//! What can have happened to an account. Addresses and programs that it came from are beside each event in the log.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{OrganisationId, PersonId};

/// A person whom the account stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    pub organisation: OrganisationId,
    pub person: PersonId,
}

/// What a session began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Password,
    Passkey,
    /// Approved on a device that was signed in.
    Qr,
    Invitation,
    PasswordReset,
    /// The organisation was set up with it.
    SetUp,
    /// Another of the account's persons went on from their session.
    Switch,
    /// The same person proved again to be who they are.
    StepUp,
}

/// What was shown besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    Totp,
    Passkey,
    RecoveryCode,
}

/// Why sessions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    SignedOut,
    /// From another session of the same account.
    EndedElsewhere,
    /// Another one took its place: step-up, switch, or a new credential.
    Replaced,
    /// Beyond the number that is allowed.
    TooMany,
    CredentialsChanged,
    /// It had lasted as long as a session may.
    Expired,
    /// Nobody used it for as long as a session may be left alone.
    Inactive,
}

/// Everything that can have happened to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `account.created`: always the first of its stream, and only there.
    Created { login: String, linked: Linked },
    /// `account.linked`
    Linked(Linked),
    /// `account.session_started`
    SessionStarted { session: Uuid, person: PersonId, by: Way, second: Option<Factor> },
    /// `account.session_ended`
    SessionEnded { session: Uuid, why: Why },
    /// `account.sessions_ended`: all, but for the one that was kept.
    SessionsEnded { kept: Option<Uuid>, why: Why },
    /// `account.password_changed`
    PasswordChanged,
    /// `account.password_reset_requested`
    PasswordResetRequested,
    /// `account.password_reset`: changed with the link that was asked for.
    PasswordReset,
    /// `account.second_factor_added`
    SecondFactorAdded { factor: Factor },
    /// `account.second_factor_removed`
    SecondFactorRemoved { factor: Factor },
    /// `account.recovery_codes_made`: those that were made before are void.
    RecoveryCodesMade { count: u8 },
    /// `account.recovery_code_used`
    RecoveryCodeUsed,
    /// `account.passkey_added`
    PasskeyAdded { id: Uuid, name: String },
    /// `account.passkey_renamed`
    PasskeyRenamed { id: Uuid, name: String },
    /// `account.passkey_removed`
    PasskeyRemoved { id: Uuid },
    /// `account.qr_sign_in_answered`: a browser that asked to be let in was, or was not.
    QrSignInAnswered { request: Uuid, approved: bool },
}
