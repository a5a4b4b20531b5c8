//! A task: a chat with a state. What may happen to it, one verb a file.

pub mod access;
pub mod command;
pub mod document;
pub mod event;
pub mod rejection;
pub mod state;

mod codec;

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

    fn decide(&self, _command: &Command, _issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        todo!()
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }

    fn settle(&mut self, version: Version, position: Position) {
        self.name_comment(version, position);
    }
}
