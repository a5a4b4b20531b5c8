//! A department of an organisation: its name, its head, and what it stands under. Its people say themselves where they belong.

pub mod access;
pub mod event;
pub mod tree;

mod change;
mod codec;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use change::{Change, Parent};
pub use event::{Attributes, Event};

use crate::aggregate::{Aggregate, ClaimChange, ClaimKind, Events};
use crate::directory::{Listed, OrganisationDirectory};
use crate::id::{DepartmentId, Kind, OrganisationId, Position, Version};
use crate::issued::Issued;
use crate::recorded::Header;
use crate::rejection::Code;
use crate::text::Unfit;

/// The state of a department, which is also what the directory shows of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Department {
    pub id: DepartmentId,
    pub organisation: OrganisationId,
    pub exists: bool,
    pub deleted: bool,
    #[serde(with = "crate::snapshot::as_json")]
    pub attributes: Attributes,
    pub parent: Option<DepartmentId>,
    /// Rises with every change.
    #[serde(default)]
    pub version: Version,
    /// Where it last changed the tree; 0 if it never did.
    pub tree_changed: Position,
    /// The version behind the position, for when the log tells where it is.
    pub(crate) tree_version: Version,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events.
    Create(Change),
    Change(Change),
    Delete,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("this may be done only by those who manage people")]
    AccessDenied,
    #[error("there is no such department")]
    Unknown,
    #[error("the department has been created before")]
    AlreadyCreated,
    #[error("a department needs a name")]
    NameMissing,
    #[error("the head of a department is a colleague who is let in")]
    UnfitHead,
    #[error("there is no department to stand under")]
    UnknownParent,
    #[error("a department does not stand under itself")]
    BelowItself,
    #[error("departments stand at most eight deep")]
    TooDeep,
    #[error("other departments stand under it")]
    HasChildren,
    #[error("the departments were arranged otherwise meanwhile")]
    Overtaken,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied => Code::AccessDenied,
            Self::AlreadyCreated | Self::Overtaken => Code::Conflict,
            Self::NameMissing => Code::RequiredParameterMissing,
            Self::UnfitHead => Code::InvalidPersonId,
            Self::Unknown | Self::UnknownParent | Self::BelowItself | Self::TooDeep | Self::HasChildren => Code::InvalidDepartment,
            Self::Unfit(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Unfit(Unfit::TooLong) => Code::ValueIsTooLong,
        }
    }
}

impl Department {
    /// Was created and not deleted since.
    pub fn is_there(&self) -> bool {
        self.exists && !self.deleted
    }
}

impl Aggregate for Department {
    const KIND: Kind = Kind::Department;
    const REVISION: u32 = 2;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(change) => self.create(change, issued),
            Command::Change(change) => self.change(change, issued),
            Command::Delete => self.delete(issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.version = header.version;
        match event {
            Event::Created(attributes) => {
                self.id = DepartmentId(header.stream.id);
                self.organisation = header.organisation;
                self.exists = true;
                self.attributes = Attributes::clone(attributes);
            }
            Event::Changed(attributes) => self.attributes = Attributes::clone(attributes),
            Event::Moved(placed) => {
                self.parent = placed.parent;
                (self.tree_changed, self.tree_version) = (header.position, header.version);
            }
            Event::Deleted { after: _ } => {
                self.deleted = true;
                (self.tree_changed, self.tree_version) = (header.position, header.version);
            }
        }
    }

    fn settle(&mut self, version: Version, position: Position) {
        if self.tree_version == version {
            self.tree_changed = position;
        }
    }

    fn claims(&self, event: &Event) -> Vec<ClaimChange> {
        match event {
            Event::Created(_) | Event::Changed(_) => Vec::new(),
            Event::Moved(event::Placed { after, .. }) | Event::Deleted { after } => {
                vec![ClaimChange { kind: ClaimKind::DepartmentTree, key: after.to_string(), taken: true }]
            }
        }
    }
}

impl Listed for Department {
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>> {
        directory.department(DepartmentId(id))
    }

    fn list(self, directory: &mut OrganisationDirectory) {
        directory.put_department(self);
    }
}
