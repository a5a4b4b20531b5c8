//! An organisation: its name, zone and language.

pub mod event;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use event::{Event, Settings};

use crate::aggregate::{Aggregate, Events};
use crate::codec::{DecodeError, Encoded, EventSet};
use crate::id::{Kind, OrganisationId};
use crate::issued::Issued;
use crate::recorded::Header;
use crate::rejection::Code;

/// The state of an organisation, which is also what the directory shows of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrganisationId,
    pub exists: bool,
    pub settings: Settings,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Only on a stream without events, and only by the system.
    Create(Box<Settings>),
    Change(Box<Settings>),
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("this may be done only by those who may edit the organisation's settings")]
    AccessDenied,
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied => Code::AccessDenied,
        }
    }
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[];
    fn encode(&self) -> Encoded {
        todo!()
    }
    fn decode(_event_type: &str, _schema: i16, _payload: &str) -> Result<Self, DecodeError> {
        todo!()
    }
}

impl Aggregate for Organisation {
    const KIND: Kind = Kind::Organisation;
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
