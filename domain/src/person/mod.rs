//! A person of an organisation: a colleague, a guest, a bot.

pub mod event;
pub mod profile;
pub mod rejection;
pub mod state;

mod access;
mod add;
mod block;
mod change;
mod codec;
mod credentials;
mod erase;

pub use event::{Added, Event, PersonKind, Profile};
pub use rejection::Rejection;
pub use state::Person;

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, ClaimChange, Events};
use crate::id::{Kind, Position, Version};
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
    /// Every right: the preset "administrator".
    pub const ADMINISTRATOR: u32 = 0xfff;
    /// What a newcomer has.
    pub const DEFAULT: u32 = DELETE_OWN_TASKS | CREATE_ANNOUNCEMENTS;
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
    pub rights: Option<u32>,
    pub banned: Option<bool>,
}

impl Aggregate for Person {
    const KIND: Kind = Kind::Person;
    const REVISION: u32 = 1;
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
