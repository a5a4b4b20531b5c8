//! The inbox of one person, as far as it is theirs alone: what they follow, what they have put off until later, what they want to be
//! reminded of, what reaches them on which way. Its stream has the person's number. One verb a file. Not what is in it, nor what has been
//! read: these follow from tasks, and are the views'.

pub mod access;
pub mod event;
pub mod quiet;
pub mod reason;
pub mod rejection;
pub mod settings;
pub mod state;

mod codec;
mod fire;
mod follow;
mod found;
mod read;
mod remind;
mod snooze;

pub use event::{Event, Followed, Found};
pub use quiet::Quiet;
pub use reason::{Reason, Reasons};
pub use rejection::Rejection;
pub use settings::{Channel, Settings, Silent};
pub use state::Inbox;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, Events};
use crate::id::{Kind, PersonId, Position, TaskId};
use crate::issued::Issued;
use crate::recorded::Header;

/// What one person may follow.
pub const FOLLOWS_MAX: usize = 1_000;
/// Tasks that one person may have put off at a time.
pub const SNOOZES_MAX: usize = 1_000;
/// Tasks that one person may have a reminder for at a time: one a task.
pub const REMINDERS_MAX: usize = 1_000;
/// Forms for which one person may have settings of their own.
pub const FORMS_MAX: usize = 100;
/// How far ahead something may be put off, or be reminded of: ten years.
pub const AHEAD_DAYS_MAX: i64 = 3_653;

/// What somebody asks of an inbox, and whose it is: the number of its stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    pub of: PersonId,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// A task has been seen to exist and to be visible to the asker.
    Follow(Followed),
    Unfollow(Followed),
    /// Out of the inbox until then. The task has been seen, likewise.
    Snooze {
        task: TaskId,
        until: Timestamp,
    },
    Unsnooze {
        task: TaskId,
    },
    /// The task has been seen, likewise. A new moment takes the place of the one before.
    Remind {
        task: TaskId,
        at: Timestamp,
    },
    CancelReminder {
        task: TaskId,
    },
    /// All that was told up to this position, or all that was told of a task.
    Read {
        task: Option<TaskId>,
        upto: Position,
    },
    /// What was told of the task at this position is as if it had not been read.
    Unread {
        task: TaskId,
        position: Position,
    },
    SetSettings(#[serde(with = "crate::snapshot::as_json")] Box<Settings>),
    /// The moment is there to which a task was put off. Only by the system.
    FireSnooze {
        task: TaskId,
        until: Timestamp,
    },
    /// The moment of a reminder is there. Only by the system.
    FireReminder {
        task: TaskId,
        at: Timestamp,
    },
    /// A filter that is followed finds something. Only by the system.
    Found(Found),
}

impl Aggregate for Inbox {
    const KIND: Kind = Kind::Inbox;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        let own = || access::own(command.of, issued);
        match &command.what {
            What::Follow(followed) => own().and_then(|()| self.follow(*followed, issued)),
            What::Unfollow(followed) => own().map(|()| self.unfollow(*followed)),
            What::Snooze { task, until } => own().and_then(|()| self.snooze(*task, *until, issued)),
            What::Unsnooze { task } => own().map(|()| self.unsnooze(*task)),
            What::Remind { task, at } => own().and_then(|()| self.remind(*task, *at, issued)),
            What::CancelReminder { task } => own().map(|()| self.cancel_reminder(*task)),
            What::Read { task, upto } => own().and_then(|()| read::read(*task, *upto)),
            What::Unread { task, position } => own().and_then(|()| read::unread(*task, *position)),
            What::SetSettings(settings) => own().and_then(|()| self.set_settings(settings, issued)),
            What::FireSnooze { task, until } => self.fire_snooze(*task, *until, issued),
            What::FireReminder { task, at } => self.fire_reminder(*task, *at, issued),
            What::Found(found) => self.found(*found, issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }
}
