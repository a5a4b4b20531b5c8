//! Which timers stand, and when does each fire? Who fires them is [`crate::timers`]; what a timer is, and which fact sets it, is
//! `domain`'s (`domain/src/task/timer.rs`, `domain/src/inbox/`).

mod inboxes;
mod page;
mod rows;
mod tasks;

pub use page::Standing;
pub(crate) use page::{next, page};

use domain::task::timer::{TYPES_OF_TASKS, Timer};
use domain::{Kind, PersonId, Recorded};
use sqlx::PgConnection;

use crate::failure::{Reason, Refused};
use crate::follower::Follower;

/// Follows what sets timers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timers;

/// What fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The task says it.
    Task(Timer),
    /// A task comes back into the inbox of somebody who put it off.
    Snooze(PersonId),
    /// Somebody wanted to be reminded of it.
    Reminder(PersonId),
}

impl What {
    /// Its number, which never changes: in the table, and in the ids of the commands by which timers fire.
    pub const fn number(self) -> u8 {
        match self {
            Self::Task(timer) => timer.bit(),
            Self::Snooze(_) => 101,
            Self::Reminder(_) => 102,
        }
    }

    /// Whose it is alone; 0 where it is the task's own.
    const fn person(self) -> PersonId {
        match self {
            Self::Task(_) => PersonId(0),
            Self::Snooze(person) | Self::Reminder(person) => person,
        }
    }

    fn of(number: i16, person: PersonId) -> Option<Self> {
        let of_tasks = Timer::ALL.into_iter().map(Self::Task);
        of_tasks.chain([Self::Snooze(person), Self::Reminder(person)]).find(|what| i16::from(what.number()) == number)
    }
}

const TYPES: &[&str] = &{
    let others = ["organisation.created", "organisation.changed"];
    let mut types = [others[0]; TYPES_OF_TASKS.len() + inboxes::TYPES.len() + 2];
    types[1] = others[1];
    let mut index = 0;
    while index < TYPES_OF_TASKS.len() {
        types[index + 2] = TYPES_OF_TASKS[index];
        index += 1;
    }
    let mut index = 0;
    while index < inboxes::TYPES.len() {
        types[index + 2 + TYPES_OF_TASKS.len()] = inboxes::TYPES[index];
        index += 1;
    }
    types
};

impl Follower for Timers {
    const NAME: &'static str = "timers";
    const KINDS: &'static [Kind] = &[Kind::Task, Kind::Inbox, Kind::Organisation];
    const TYPES: &'static [&'static str] = TYPES;
    const SQL: &'static str = include_str!("../../../../migrations/views/timers.sql");
    const REVISION: u32 = 2;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        let zones = rows::zones(events, tx).await?;
        let mut changes = tasks::changes(events, &zones, tx).await?;
        changes.take(inboxes::changes(events)?);
        rows::store(changes, tx).await
    }
}

fn park(event: &Recorded, reason: impl Into<Reason>) -> Refused {
    Refused::Park { position: event.header.position, reason: reason.into() }
}

#[cfg(test)]
mod tests;
