//! A person of an organisation: a colleague, a guest, a bot.

pub mod absence;
pub mod administration;
pub mod bot;
pub mod event;
pub mod profile;
pub mod rejection;
pub mod restrictions;
pub mod sessions;
pub mod state;

mod access;
mod add;
mod avatar;
mod block;
mod change;
mod codec;
mod credentials;
mod dismiss;
mod erase;

pub use absence::Away;
pub use bot::{Bot, BotChange};
pub use event::{Absence, Added, Avatar, BirthDate, Event, Messenger, MessengerKind, PersonKind, Profile};
pub use rejection::Rejection;
pub use restrictions::{Restrictions, RestrictionsChange};
pub use sessions::{Bound, BoundChange, SessionBounds, SessionBoundsChange, SessionPolicy, SessionPolicyChange};
pub use state::Person;

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, ClaimChange, Events};
use crate::id::{DepartmentId, Kind, PersonId, Position, Version};
use crate::issued::Issued;
use crate::recorded::Header;

/// The rights' bits (pyrus.md §1.11).
pub mod rights {
    pub const MANAGE_ROLES: u32 = 0x1;
    pub const SEE_ALL_TASKS: u32 = 0x2;
    pub const MANAGE_PERSONS: u32 = 0x4;
    pub const EDIT_ORGANISATION_LISTS: u32 = 0x8;
    pub const EDIT_ORGANISATION_SETTINGS: u32 = 0x10;
    pub const DELETE_OWN_TASKS: u32 = 0x20;
    pub const CLOSE_DELETE_ANNOUNCEMENTS: u32 = 0x40;
    pub const BILLS_PAYMENT: u32 = 0x80;
    pub const INVITE_PERSONS: u32 = 0x100;
    pub const DELETE_OTHERS_TASKS: u32 = 0x200;
    pub const MANAGE_INTEGRATIONS: u32 = 0x400;
    pub const CREATE_ANNOUNCEMENTS: u32 = 0x800;
    /// Every right.
    pub const ADMINISTRATOR: u32 = 0xfff;
    /// The presets of the vendor's pages.
    pub const ORGANISATION_MANAGER: u32 = MANAGE_PERSONS | MANAGE_ROLES | EDIT_ORGANISATION_SETTINGS | INVITE_PERSONS;
    pub const ACCOUNTANT: u32 = BILLS_PAYMENT;
    pub const SUPERVISOR: u32 = SEE_ALL_TASKS | EDIT_ORGANISATION_LISTS;
    pub const CONFIGURATION_MANAGER: u32 = CLOSE_DELETE_ANNOUNCEMENTS | DELETE_OTHERS_TASKS | MANAGE_INTEGRATIONS;
    /// All four of them together: the preset "administrator".
    pub const ADMINISTRATION: u32 = ORGANISATION_MANAGER | ACCOUNTANT | SUPERVISOR | CONFIGURATION_MANAGER;
    /// What a newcomer has.
    pub const DEFAULT: u32 = DELETE_OWN_TASKS | CREATE_ANNOUNCEMENTS;
    /// Each right and the dialect's word for it.
    pub const NAMES: [(u32, &str); 12] = [
        (MANAGE_ROLES, "ManageRoles"),
        (SEE_ALL_TASKS, "CanSeeAllTasks"),
        (MANAGE_PERSONS, "ManagePersonsInOrganization"),
        (EDIT_ORGANISATION_LISTS, "EditOrganizationProjects"),
        (EDIT_ORGANISATION_SETTINGS, "EditOrganizationSettings"),
        (DELETE_OWN_TASKS, "DeleteMyTasksAndProjects"),
        (CLOSE_DELETE_ANNOUNCEMENTS, "CloseDeleteAnnouncements"),
        (BILLS_PAYMENT, "BillsPayment"),
        (INVITE_PERSONS, "InvitePersonsToOrganization"),
        (DELETE_OTHERS_TASKS, "DeleteOtherMembersTasks"),
        (MANAGE_INTEGRATIONS, "ManageIntegrationsAndCatalogs"),
        (CREATE_ANNOUNCEMENTS, "CreateAnnouncement"),
    ];
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Adds the person; only on a stream without events.
    Add(#[serde(with = "crate::snapshot::as_json")] Box<Added>),
    /// Sets the attributes that are given; an empty string clears one.
    Change(Box<Change>),
    /// Blocks: signs out, refuses sign-in.
    Block,
    Restore,
    /// The credentials themselves are kept outside the log; these record that they changed.
    IssueKey,
    RevokeKey,
    ChangePassword,
    /// Blocks for good; `receiver` is given what the person had to do.
    Dismiss {
        receiver: Option<PersonId>,
    },
    SetAvatar(#[serde(with = "crate::snapshot::as_json")] Avatar),
    SetAbsence(Away),
    ClearAbsence,
    /// Adds a bot; only on a stream without events.
    AddBot {
        login: String,
        bot: Box<BotChange>,
    },
    ChangeBot(Box<BotChange>),
}

/// `PUT /members/{id}`: what is present changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub native_first_name: Option<String>,
    pub native_last_name: Option<String>,
    pub external_id: Option<String>,
    pub position: Option<String>,
    pub status: Option<String>,
    pub phone: Option<String>,
    pub mobile_phone: Option<String>,
    pub skype: Option<String>,
    pub location: Option<String>,
    pub personality: Option<String>,
    pub personnel_number: Option<String>,
    pub locale: Option<String>,
    pub time_zone: Option<String>,
    pub messenger: Option<MessengerChange>,
    pub vacation_days: Option<u16>,
    pub login_phone: Option<String>,
    pub department: Option<DepartmentId>,
    pub drop_department: bool,
    #[serde(with = "crate::snapshot::as_json")]
    pub birth_date: Option<BirthDate>,
    pub rights: Option<u32>,
    pub banned: Option<bool>,
    pub restrictions: RestrictionsChange,
    pub sessions: SessionPolicyChange,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessengerChange {
    Set(Messenger),
    Drop,
}

impl Aggregate for Person {
    const KIND: Kind = Kind::Person;
    const REVISION: u32 = 2;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Add(added) => self.add(added, issued),
            Command::Change(change) => self.change(change, issued),
            Command::Block => self.block(issued),
            Command::Restore => self.restore(issued),
            Command::IssueKey => self.issue_key(issued),
            Command::RevokeKey => self.revoke_key(issued),
            Command::ChangePassword => self.change_password(issued),
            Command::Dismiss { receiver } => self.dismiss(*receiver, issued),
            Command::SetAvatar(avatar) => self.set_avatar(avatar, issued),
            Command::SetAbsence(away) => self.set_absence(away, issued),
            Command::ClearAbsence => self.clear_absence(issued),
            Command::AddBot { login, bot } => self.add_bot(login, bot, issued),
            Command::ChangeBot(change) => self.change_bot(change, issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }

    fn settle(&mut self, version: Version, position: Position) {
        self.place(version, position);
    }

    fn claims(&self, event: &Event) -> Vec<ClaimChange> {
        self.claims_of(event)
    }
}
