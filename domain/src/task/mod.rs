//! A task: a chat with a state. What may happen to it, one verb a file.

pub mod access;
pub mod command;
pub mod document;
pub mod event;
pub mod rejection;
pub mod state;

pub use command::Command;
pub use document::{Answer, Document};
pub use event::Event;
pub use rejection::Rejection;
pub use state::Task;

use crate::aggregate::{Aggregate, Events};
use crate::codec::{DecodeError, Encoded, EventSet};
use crate::id::Kind;
use crate::issued::Issued;
use crate::recorded::Header;

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[];
    fn encode(&self) -> Encoded {
        todo!()
    }
    fn decode(_event_type: &str, _schema: i16, _payload: &str) -> Result<Self, DecodeError> {
        todo!()
    }
}

impl Aggregate for Task {
    const KIND: Kind = Kind::Task;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, _command: &Command, _issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        todo!()
    }

    fn evolve(&mut self, _event: &Event, _header: &Header) {
        todo!()
    }
}
