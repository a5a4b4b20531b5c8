//! An award: a badge that people are given when a number that is counted for them is high enough. What may happen to it, one verb
//! a file. Not what is counted: whoever counts says so.
//!
//! Somebody holds it while their counter is at `grant` or above, and below `revoke`: so one award can take the place of another
//! as a number grows. Without `grant` (0) nobody is given it any more, and who holds it keeps it; without `revoke` (0) it is not
//! taken away above. `revoke` lies above `grant`, as the vendor's interface has it.

pub mod access;
pub mod event;
pub mod rejection;
pub mod state;

mod change;
mod codec;
mod count;
mod create;
mod delete;
mod thresholds;

pub use event::{Created, Event, Naming, Thresholds};
pub use rejection::Rejection;
pub use state::Award;

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, Events};
use crate::id::{Kind, PersonId};
use crate::issued::Issued;
use crate::recorded::Header;

/// Characters in an award's name.
pub const NAME_CHARACTERS_MAX: usize = 200;

/// Characters in what an award is for.
pub const DESCRIPTION_CHARACTERS_MAX: usize = 2_000;

/// The highest number that is counted to, and that a threshold may be.
pub const COUNT_MAX: u32 = 1_000_000_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events.
    Create(Box<Create>),
    /// Sets what is given; an empty description is none.
    Change {
        name: Option<String>,
        description: Option<String>,
    },
    /// Sets what is given. Whoever reaches the new thresholds is given the award, or loses it, with it.
    SetThresholds(Limits),
    Increment {
        person: PersonId,
    },
    SetCounter {
        person: PersonId,
        value: i64,
    },
    Delete,
}

/// `POST /awards`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    pub name: String,
    pub description: Option<String>,
    pub limits: Limits,
}

/// Thresholds as they were asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub grant: Option<i64>,
    pub revoke: Option<i64>,
}

impl Aggregate for Award {
    const KIND: Kind = Kind::Award;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(create) => self.create(create, issued),
            Command::Change { name, description } => self.change(name.as_deref(), description.as_deref(), issued),
            Command::SetThresholds(limits) => self.set_thresholds(*limits, issued),
            Command::Increment { person } => self.increment(*person, issued),
            Command::SetCounter { person, value } => self.set_counter(*person, *value, issued),
            Command::Delete => self.delete(issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }
}
