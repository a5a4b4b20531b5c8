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
use crate::{account, announcement, article, file, person, task};

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
    /// Positions of their events in tasks and announcements, which are the ids of their comments among others.
    theirs: HashSet<Position>,
    /// Their accounts: one, but for what an accident left behind.
    accounts: HashSet<i64>,
}

impl OfPerson {
    pub fn new(person: PersonId) -> Self {
        Self { person, theirs: HashSet::new(), accounts: HashSet::new() }
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
            Kind::Article if own => rewritten(recorded, article::Event::substitute)?,
            // Its texts bear no names that could be told from words.
            Kind::Article => as_it_was(),
            Kind::Announcement if own => {
                self.theirs.insert(header.position);
                rewritten(recorded, announcement::Event::substitute)?
            }
            Kind::Announcement => rewritten(recorded, |event: &announcement::Event| match event {
                announcement::Event::CommentEdited(edited) if self.theirs.contains(&edited.comment) => event.substitute(),
                other => other.without_mentions_of(self.person, &self.theirs),
            })?,
            Kind::Person
            | Kind::Organisation
            | Kind::Role
            | Kind::Department
            | Kind::List
            | Kind::Award
            | Kind::Catalog
            | Kind::Form
            | Kind::Inbox
            | Kind::Filter => as_it_was(),
            Kind::File if own => rewritten(recorded, file::Event::substitute)?,
            Kind::File => as_it_was(),
            Kind::Account => return self.of_account(recorded),
            // Their own records cannot be erased, and hold nothing personal.
            Kind::Audit => return Ok(None),
        };
        Ok(Some(Remains { payload, origin: own }).filter(|remains| own || remains.payload != recorded.payload))
    }
}

impl OfPerson {
    /// An account is of the human whom it stands for in the organisation of the request, and in any other.
    fn of_account(&mut self, recorded: &Recorded) -> Result<Option<Remains>, Unerasable> {
        let (account, position) = (recorded.header.stream.id, recorded.header.position);
        let event = account::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload);
        let event = event.map_err(|error| Unerasable::Unreadable { position, error })?;
        if let account::Event::Created { linked, .. } | account::Event::Linked(linked) = &event
            && linked.person == self.person
        {
            self.accounts.insert(account);
        }
        if !self.accounts.contains(&account) {
            return Ok(None);
        }
        Ok(Some(Remains { payload: rewritten(recorded, account::Event::substitute)?, origin: true }))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::announcement;
    use crate::id::StreamId;
    use crate::task::event::Text;
    use crate::testing::{ANNA, BORIS, announced, header, remarked};

    fn recorded(kind: Kind, version: i64, by: PersonId, event: &impl EventSet) -> Recorded {
        let encoded = event.encode();
        let mut header = header(kind, version, by, version);
        header.stream = StreamId::new(kind, 5);
        Recorded {
            header,
            event_type: encoded.event_type.into(),
            schema: encoded.schema,
            meta: "{}".into(),
            payload: encoded.payload,
            hash: [0; 32],
        }
    }

    #[test]
    fn of_an_announcement_the_words_of_the_person_go_and_those_that_name_or_quote_them() {
        let formatted = |html: &str, text: &str| {
            let text = Text { text: text.into(), formatted_text: Some(html.into()), mentions: vec![ANNA], reply_to: None };
            announcement::Event::Commented(Box::new(text.into()))
        };
        let mut of_anna = OfPerson::new(ANNA);
        let mut left = |version, by, event: &announcement::Event| {
            of_anna.remains(&recorded(Kind::Announcement, version, by, event)).expect("readable")
        };
        let words = |remains: Option<Remains>| remains.expect("it is changed").payload;
        assert_eq!(words(left(1, ANNA, &announced("My news"))), r#"{"text":"erased"}"#);
        assert_eq!(left(2, BORIS, &remarked("Fine")), None, "what others wrote without naming anybody");
        let named = words(left(3, BORIS, &formatted("Hi <span data-personid=\"11\">Anna</span>", "Hi Anna")));
        assert!(named.contains("erased") && !named.contains("Anna"), "{named}");
        assert_eq!(words(left(4, ANNA, &remarked("And more"))), r#"{"text":"erased"}"#);
        let corrected = announcement::event::CommentEdited {
            comment: 104,
            text: Text { text: "And less".into(), ..Text::default() },
            attachments: None,
        };
        let corrected = words(left(5, BORIS, &announcement::Event::CommentEdited(Box::new(corrected))));
        assert_eq!(corrected, r#"{"comment":104,"text":"erased"}"#);
    }
}
