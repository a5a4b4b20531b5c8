//! An organisation: its name, zone and language.

pub mod event;

mod change;
mod codec;
mod create;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use event::{Event, Settings};

use crate::aggregate::{Aggregate, Events};
use crate::id::{Kind, OrganisationId};
use crate::issued::Issued;
use crate::recorded::Header;
use crate::rejection::Code;
use crate::text::Unfit;

/// The state of an organisation, which is also what the directory shows of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrganisationId,
    pub exists: bool,
    pub settings: Settings,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events, and only by the system.
    Create(Box<Settings>),
    Change(Box<Change>),
}

/// What is given changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub name: Option<String>,
    pub time_zone: Option<String>,
    pub locale: Option<String>,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("this may be done only by those who may edit the organisation's settings")]
    AccessDenied,
    #[error("there is no such organisation")]
    Unknown,
    #[error("the organisation has been created before")]
    AlreadyCreated,
    #[error("an organisation needs a name")]
    NameMissing,
    #[error("this time zone is not known")]
    TimeZone,
    #[error("a locale is a language and a country, such as en-US")]
    Locale,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied | Self::Unknown => Code::AccessDenied,
            Self::AlreadyCreated => Code::Conflict,
            Self::NameMissing => Code::RequiredParameterMissing,
            Self::TimeZone | Self::Locale => Code::InvalidInput,
            Self::Unfit(Unfit::ControlCharacter) => Code::InvalidValueFormat,
            Self::Unfit(Unfit::TooLong) => Code::ValueIsTooLong,
        }
    }
}

impl Aggregate for Organisation {
    const KIND: Kind = Kind::Organisation;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(settings) => self.create(settings, issued),
            Command::Change(change) => self.change(change, issued),
        }
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
