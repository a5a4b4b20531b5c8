//! An announcement: a text for the whole organisation, with comments under it. What may happen to it, one verb a file.

pub mod access;
pub mod event;
pub mod rejection;
pub mod state;

mod change;
mod codec;
mod comment;
mod create;
mod delete;
mod erase;
mod write;

pub use event::Event;
pub use rejection::Rejection;
pub use state::Announcement;

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, Events};
use crate::file::{Brought, Wanted};
use crate::id::{Kind, Position, Version};
use crate::issued::Issued;
use crate::recorded::Header;
use crate::task::command::TextInput;

/// Comments under one announcement.
pub const COMMENTS_MAX: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events.
    Create(Say),
    /// Sets what is given.
    Change {
        say: Say,
        closed: Option<bool>,
    },
    Comment(Say),
    EditComment {
        comment: Position,
        say: Say,
    },
    DeleteComment {
        comment: Position,
    },
    Delete,
}

/// What a request says, and the files with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Say {
    pub text: Option<TextInput>,
    /// Where something is edited: all of its files from now on; those that it has stay where nothing is given.
    pub attachments: Option<Vec<Wanted>>,
    /// What was found of them.
    pub files: Brought,
}

impl From<TextInput> for Say {
    fn from(text: TextInput) -> Self {
        Self { text: Some(text), ..Self::default() }
    }
}

impl Aggregate for Announcement {
    const KIND: Kind = Kind::Announcement;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(say) => self.create(say, issued),
            Command::Change { say, closed } => self.change(say, *closed, issued),
            Command::Comment(say) => self.say(say, issued),
            Command::EditComment { comment, say } => self.edit_comment(*comment, say, issued),
            Command::DeleteComment { comment } => self.delete_comment(*comment, issued),
            Command::Delete => self.delete(issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }

    fn settle(&mut self, version: Version, position: Position) {
        self.name_comment(version, position);
    }
}
