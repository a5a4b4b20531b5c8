//! What a lawful request to forget makes of recorded events: the same facts without their personal content. Not how events are
//! replaced in the log (that is the journal's), nor who may ask for it: whoever holds the machine.
//!
//! A substitute keeps what decisions rest on (ids, numbers, choices, people, dates) and puts [`ERASED`] where people wrote
//! something. So every decision after it is the one before it, but for those that compare words: taking up a subject that was
//! erased is a change again.

use std::collections::HashSet;

use thiserror::Error;

use crate::codec::{DecodeError, EventSet};
use crate::id::{Kind, PersonId, Position};
use crate::recorded::Recorded;
use crate::{person, task};

/// What stands where words of a person stood. Neutral in every language that the API has: it is data, not a message.
pub const ERASED: &str = "erased";

/// Events whose personal content can be taken out.
pub trait Erasable: EventSet {
    /// The same fact without personal content. Taking it out twice is taking it out once.
    #[must_use]
    fn substitute(&self) -> Self;
}

/// Why an event cannot be erased.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unerasable {
    #[error("the event at {position} cannot be read")]
    Unreadable {
        position: Position,
        #[source]
        error: DecodeError,
    },
    /// A substitute is written in today's shape, and the log keeps the number of the shape that an event was recorded in.
    #[error("the event at {position} has schema {recorded}; this build writes {today}")]
    OlderSchema { position: Position, recorded: i16, today: i16 },
}

/// What an erasure makes of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remains {
    /// What stays of the content; as recorded where nothing personal is in it.
    pub payload: String,
    /// Whether where the command came from is forgotten too: the address and program of whoever sent it.
    pub origin: bool,
}

/// Everything that people wrote into one task.
#[derive(Clone, Copy, Debug, Default)]
pub struct OfTask;

impl OfTask {
    /// What remains of an event of the task.
    ///
    /// # Errors
    /// When it cannot be told without guessing: nothing of the request may be carried out then.
    pub fn remains(self, recorded: &Recorded) -> Result<Remains, Unerasable> {
        Ok(Remains { payload: rewritten(recorded, task::Event::substitute)?, origin: true })
    }
}

/// Everything personal that the log holds of one person: their own stream, what they wrote, where they wrote it from, and
/// their name and words where others' formatted texts mention or quote them.
#[derive(Clone, Debug)]
pub struct OfPerson {
    person: PersonId,
    /// Positions of their events in tasks, which are the ids of their comments among others.
    theirs: HashSet<Position>,
}

impl OfPerson {
    pub fn new(person: PersonId) -> Self {
        Self { person, theirs: HashSet::new() }
    }

    /// What remains of an event, or nothing where it does not concern the person. Asked in the order of the log, from its
    /// first event on: a quotation is theirs when its comment was.
    ///
    /// # Errors
    /// As [`OfTask::remains`].
    pub fn remains(&mut self, recorded: &Recorded) -> Result<Option<Remains>, Unerasable> {
        let header = &recorded.header;
        let own = header.person == self.person;
        let as_it_was = || recorded.payload.clone();
        let payload = match header.stream.kind {
            Kind::Person if header.stream.id == self.person.0 => {
                return Ok(Some(Remains { payload: rewritten(recorded, person::Event::substitute)?, origin: true }));
            }
            Kind::Task if own => {
                self.theirs.insert(header.position);
                rewritten(recorded, task::Event::substitute)?
            }
            Kind::Task => rewritten(recorded, |event: &task::Event| match event {
                // Whoever corrected their comment on their behalf.
                task::Event::CommentEdited(edited) if self.theirs.contains(&edited.comment) => event.substitute(),
                other => other.without_mentions_of(self.person, &self.theirs),
            })?,
            Kind::Person
            | Kind::Organisation
            | Kind::Role
            | Kind::Department
            | Kind::List
            | Kind::Announcement
            | Kind::Article
            | Kind::Account
            | Kind::Award => as_it_was(),
            // Their own records cannot be erased, and hold nothing personal.
            Kind::Audit => return Ok(None),
        };
        Ok(Some(Remains { payload, origin: own }).filter(|remains| own || remains.payload != recorded.payload))
    }
}

/// The payload of `recorded` after `change`; byte for byte as it was where that changes nothing.
fn rewritten<E: EventSet>(recorded: &Recorded, change: impl Fn(&E) -> E) -> Result<String, Unerasable> {
    let position = recorded.header.position;
    let event =
        E::decode(&recorded.event_type, recorded.schema, &recorded.payload).map_err(|error| Unerasable::Unreadable { position, error })?;
    let left = change(&event);
    if left == event {
        return Ok(recorded.payload.clone());
    }
    let encoded = left.encode();
    if encoded.schema != recorded.schema {
        return Err(Unerasable::OlderSchema { position, recorded: recorded.schema, today: encoded.schema });
    }
    Ok(encoded.payload)
}
