//! An article or a topic of the knowledge base. Its texts are the view's; what the directory holds of it is where it lies and who
//! may read and write it.

pub mod access;
pub mod event;
pub mod rejection;
pub mod state;
pub mod tree;

mod change;
mod codec;
mod create;
mod delete;
mod erase;
mod permit;

pub use access::Access;
pub use event::{Created, Event, Nature, Permissions};
pub use rejection::Rejection;
pub use state::{Article, Deletion};

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, ClaimChange, Events};
use crate::id::{ArticleId, Kind, PersonId};
use crate::issued::Issued;
use crate::recorded::Header;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events.
    Create {
        nature: Nature,
        title: Option<String>,
        body: Option<String>,
        parent: Option<ArticleId>,
    },
    Change(Box<Change>),
    /// Sets what is given.
    Permit(Box<Permit>),
    Delete {
        with_children: bool,
    },
}

/// What is given changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub title: Option<String>,
    pub body: Option<String>,
    /// The topic that it goes under; nothing within is the top.
    pub parent: Option<Option<ArticleId>>,
    /// The version of the texts that the asker has read.
    pub version: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    pub inherit: Option<bool>,
    pub readers: Option<Vec<PersonId>>,
    pub editors: Option<Vec<PersonId>>,
    pub open: Option<bool>,
    pub public: Option<bool>,
}

impl Aggregate for Article {
    const KIND: Kind = Kind::Article;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create { nature, title, body, parent } => self.create(*nature, title.as_deref(), body.as_deref(), *parent, issued),
            Command::Change(change) => self.change(change, issued),
            Command::Permit(permit) => self.permit(permit, issued),
            Command::Delete { with_children } => self.delete(*with_children, issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }

    fn claims(&self, event: &Event) -> Vec<ClaimChange> {
        tree::claims_of(event)
    }
}
