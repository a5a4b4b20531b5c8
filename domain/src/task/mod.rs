//! A task: a chat with a state. What may happen to it, one verb a file.

// What is asked, what happens, what is remembered, what stands in the way, what is shown.
pub mod command;

mod codec;
pub mod event;

pub mod state;

pub mod rejection;

pub mod access;

pub mod document;

// The verbs.
mod create;

pub mod comment;

pub mod draft;

mod acknowledge;
mod close;
pub mod due;
mod edit;
mod participants;
mod reassign;
pub mod rename;
mod schedule;
mod spend;
pub mod subscribers;
mod write;

mod delete;
mod put_away;

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
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(create) => self.create(create, issued),
            Command::Comment(comment) => self.decide_comment(comment, issued),
            Command::Delete => self.delete(issued),
            Command::PutAway => self.put_away(issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }

    fn settle(&mut self, version: Version, position: Position) {
        self.name_comment(version, position);
    }
}
