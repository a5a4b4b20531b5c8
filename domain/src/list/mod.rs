//! A list of tasks (the dialect's "project"): a place in a tree, with managers and members. Which tasks lie in it is the
//! tasks' own matter ([`crate::task`]).

pub mod access;
pub mod event;
pub mod people;
pub mod rejection;
pub mod state;
pub mod tree;

mod change;
mod codec;
mod create;
mod delete;

pub use access::Standing;
pub use event::{Created, Event, Settings};
pub use rejection::Rejection;
pub use state::{List, Reach};

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, ClaimChange, ClaimKind, Events};
use crate::id::{Kind, ListId, Position, Version};
use crate::issued::Issued;
use crate::recorded::Header;
use crate::task::command::PersonRef;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events.
    Create(Box<Create>),
    /// What is given changes.
    Change(Box<Change>),
    Delete,
}

/// `PUT /lists`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    pub name: String,
    pub parent: Option<ListId>,
    pub color: Option<String>,
    pub reach: Reach,
    pub external_id: Option<String>,
    pub external_version: Option<String>,
    pub managers: Vec<PersonRef>,
    pub members: Vec<PersonRef>,
}

/// `POST /lists/{id}`: what is present changes; an empty text clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub name: Option<String>,
    /// [`ListId::TOP`] is no list: to the top of the tree.
    pub parent: Option<ListId>,
    pub color: Option<String>,
    pub reach: Option<Reach>,
    pub external_id: Option<String>,
    pub external_version: Option<String>,
    pub managers_added: Vec<PersonRef>,
    pub managers_removed: Vec<PersonRef>,
    pub members_added: Vec<PersonRef>,
    pub members_removed: Vec<PersonRef>,
    pub deleted: Option<bool>,
}

impl Aggregate for List {
    const KIND: Kind = Kind::List;
    const REVISION: u32 = 2;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(create) => self.create(create, issued),
            Command::Change(change) => self.change(change, issued),
            Command::Delete => self.delete(issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }

    fn settle(&mut self, version: Version, position: Position) {
        if self.tree_version == version {
            self.tree_changed = position;
        }
    }

    fn claims(&self, event: &Event) -> Vec<ClaimChange> {
        match event {
            Event::Moved { parent: _, after } => {
                vec![ClaimChange { kind: ClaimKind::ListTree, key: after.to_string(), taken: true }]
            }
            Event::Created(_)
            | Event::Changed(_)
            | Event::ManagersAdded { .. }
            | Event::ManagersRemoved { .. }
            | Event::MembersAdded { .. }
            | Event::MembersRemoved { .. }
            | Event::Deleted
            | Event::Restored => Vec::new(),
        }
    }
}
