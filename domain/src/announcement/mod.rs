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
use crate::id::{Kind, Position, Version};
use crate::issued::Issued;
use crate::recorded::Header;
use crate::task::command::TextInput;

/// Comments under one announcement.
pub const COMMENTS_MAX: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events.
    Create(Option<TextInput>),
    /// Sets what is given.
    Change {
        text: Option<TextInput>,
        closed: Option<bool>,
    },
    Comment(Option<TextInput>),
    EditComment {
        comment: Position,
        text: Option<TextInput>,
    },
    DeleteComment {
        comment: Position,
    },
    Delete,
}

impl Aggregate for Announcement {
    const KIND: Kind = Kind::Announcement;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(text) => self.create(text.as_ref(), issued),
            Command::Change { text, closed } => self.change(text.as_ref(), *closed, issued),
            Command::Comment(text) => self.say(text.as_ref(), issued),
            Command::EditComment { comment, text } => self.edit_comment(*comment, text.as_ref(), issued),
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
