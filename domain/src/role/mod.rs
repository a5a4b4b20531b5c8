//! A role: persons who act as one. It stands wherever a person can, under an id of the persons' sequence. Not what it is
//! named in: tasks and lists know of it by its id alone.

pub mod access;
pub mod event;
pub mod rejection;
pub mod state;

mod change;
mod codec;
mod create;
mod delete;

pub use event::{Created, Event, Naming};
pub use rejection::Rejection;
pub use state::Role;

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, Events};
use crate::id::{Kind, PersonId, Position, Version};
use crate::issued::Issued;
use crate::recorded::Header;

/// Characters in a role's name, or its external id.
pub const NAME_CHARACTERS_MAX: usize = 200;

/// Persons in a role (pyrus.md §1.1).
pub const MEMBERS_MAX: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events.
    Create(Box<Create>),
    /// Sets what is given.
    Change(Box<Change>),
    /// For good. Who is given takes over what the role was responsible for, followed and took part in; without a receiver it
    /// stays where it is.
    Delete { task_receiver: Option<PersonId> },
}

/// `POST /roles`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    pub name: String,
    pub external_id: Option<String>,
    pub members: Vec<PersonId>,
}

/// `PUT /roles/{id}`: what is present changes. Whoever is both added and removed is a member afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub name: Option<String>,
    /// An empty text clears.
    pub external_id: Option<String>,
    pub banned: Option<bool>,
    pub members_added: Vec<PersonId>,
    pub members_removed: Vec<PersonId>,
}

impl Aggregate for Role {
    const KIND: Kind = Kind::Role;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(create) => self.create(create, issued),
            Command::Change(change) => self.change(change, issued),
            Command::Delete { task_receiver } => self.delete(*task_receiver, issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }

    fn settle(&mut self, version: Version, position: Position) {
        self.place(version, position);
    }
}
