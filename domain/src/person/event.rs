//! What can have happened to a person of an organisation.

use serde::{Deserialize, Serialize};

/// Whose kind decides what the API calls `type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    #[default]
    User,
    Bot,
    /// An outsider, who sees only what they were added to.
    Guest,
}

/// A person's attributes (pyrus.md §1.11). Absent means empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native_first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native_last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skype: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personnel_number: Option<String>,
    /// Such as `ru-RU`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// IANA name; the organisation's where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// `person.added`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    #[serde(default)]
    pub kind: PersonKind,
    /// The rights' bits (pyrus.md §1.11).
    #[serde(default)]
    pub rights: u32,
    #[serde(flatten)]
    pub profile: Profile,
}

/// Everything that can have happened to a person.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `person.added`: always the first of its stream, and only there.
    Added(Box<Added>),
    /// `person.changed`: the whole profile as it is from now on.
    Changed(Box<Profile>),
    /// `person.rights_changed`
    RightsChanged { rights: u32 },
    /// `person.blocked`
    Blocked,
    /// `person.restored`
    Restored,
    /// `person.key_issued`: a security key was issued or reset. Tokens made before are void.
    KeyIssued,
    /// `person.key_revoked`: no security key any more. Tokens made before are void.
    KeyRevoked,
    /// `person.password_changed`. Tokens made before are void.
    PasswordChanged,
}
