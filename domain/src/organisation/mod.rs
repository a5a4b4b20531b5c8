//! An organisation: its name, zone and language.

pub mod event;

mod codec;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use event::{Event, Settings};

use crate::aggregate::{Aggregate, Events};
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

impl Aggregate for Organisation {
    const KIND: Kind = Kind::Organisation;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, _command: &Command, _issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        todo!()
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Created(settings) => {
                self.id = header.organisation;
                self.exists = true;
                self.settings.clone_from(settings);
            }
            Event::Changed(settings) => self.settings.clone_from(settings),
        }
    }
}
