//! What can have happened to a person of an organisation.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::bot::Bot;
use super::restrictions::Restrictions;
use super::sessions::SessionPolicy;
use crate::id::{DepartmentId, PersonId, Position};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messenger: Option<Messenger>,
    /// Days of vacation that are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacation_days: Option<u16>,
    /// Digits after a `+`; nobody else of the organisation has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
}

/// Where else somebody can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messenger {
    pub kind: MessengerKind,
    pub nickname: String,
}

/// Written as the API calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessengerKind {
    Telegram,
    WhatsApp,
    #[serde(rename = "VK")]
    Vk,
    Discord,
    Skype,
    Viber,
    Internet,
}

/// Some tell their birthday without their age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BirthDate {
    pub day: i8,
    pub month: i8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
}

/// A picture, by the ids that files have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Avatar {
    /// Of the upload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_avatar_id: Option<i64>,
}

/// Being away from the morning of one day to the evening of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// When these days begin and end where the person is; `ends` is no longer within.
    pub begins: Timestamp,
    pub ends: Timestamp,
    /// Who receives the inbox meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy: Option<PersonId>,
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
    /// `person.restored`: undoes blocking and dismissing.
    Restored,
    /// `person.dismissed`: is blocked for good; `receiver` is given what they had to do.
    Dismissed { receiver: Option<PersonId> },
    /// `person.administration_left`: an administrator becomes, in this command, one no longer; decided as the first one after
    /// the one at `after`, 0 where there was none.
    AdministrationLeft { after: Position },
    /// `person.restricted`: all of what they may not do although their rights would let them.
    Restricted(Restrictions),
    /// `person.session_policy_set`: all of how they sign in and for how long.
    SessionPolicySet(SessionPolicy),
    /// `person.avatar_set`: empty where they have none any more.
    AvatarSet(Avatar),
    /// `person.absence_set`: in place of any before it.
    AbsenceSet(Absence),
    /// `person.absence_cleared`
    AbsenceCleared,
    /// `person.bot_set`: all of what only bots have.
    BotSet(Box<Bot>),
    /// `person.key_issued`: a security key was issued or reset. Tokens made before are void.
    KeyIssued,
    /// `person.key_revoked`: no security key any more. Tokens made before are void.
    KeyRevoked,
    /// `person.password_changed`. Tokens made before are void.
    PasswordChanged,
}
