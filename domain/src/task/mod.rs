//! A task: a chat with a state. What may happen to it, one verb a file.

// rustfmt orders these by name. To read: command, event, state, access, create, comment (which
// leads to the other verbs), document.
mod acknowledge;
mod as_roles;
mod close;
mod codec;
mod create;
mod delete;
mod edit;
mod erase;
mod lists;
mod participants;
mod put_away;
mod reassign;
mod schedule;
mod spend;
mod succeed;
mod write;

pub mod access;
pub mod attach;
pub mod command;
pub mod comment;
pub mod document;
pub mod draft;
pub mod due;
pub mod event;
pub mod form;
pub mod past;
pub mod rejection;
pub mod rename;
pub mod sight;
pub mod state;
pub mod subscribers;
pub mod taken;
pub mod timer;

pub use command::Command;
pub use document::{Answer, Document};
pub use event::Event;
pub use rejection::Rejection;
pub use state::{Subscription, Task};

use crate::aggregate::{Aggregate, Events};
use crate::id::{Kind, Position, Version};
use crate::issued::Issued;
use crate::recorded::Header;

impl Aggregate for Task {
    const KIND: Kind = Kind::Task;
    const REVISION: u32 = 7;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(create) => self.create(create, issued),
            Command::Comment(comment) => self.decide_comment(comment, issued),
            Command::Delete => self.delete(issued),
            Command::PutAway => self.put_away(issued),
            Command::Succeed { from, to } => self.succeed(*from, *to, issued),
            Command::Open(open) => self.open(open, issued),
            Command::Told(told) => self.told(told, issued),
            Command::Fire(timer) => self.fire(*timer, issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }

    fn settle(&mut self, version: Version, position: Position) {
        self.name_comment(version, position);
    }
}
