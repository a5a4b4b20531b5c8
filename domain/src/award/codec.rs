//! An award's events as JSON: registered names and shapes. Not what they mean.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::id::PersonId;

const CREATED: &str = "award.created";
const CHANGED: &str = "award.changed";
const THRESHOLDS_SET: &str = "award.thresholds_set";
const COUNTED: &str = "award.counted";
const GRANTED: &str = "award.granted";
const REVOKED: &str = "award.revoked";
const DELETED: &str = "award.deleted";

#[derive(Serialize, Deserialize)]
struct Persons<'a> {
    persons: Cow<'a, [PersonId]>,
}

#[derive(Serialize, Deserialize)]
struct Counted {
    person: PersonId,
    counter: u32,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[CREATED, CHANGED, THRESHOLDS_SET, COUNTED, GRANTED, REVOKED, DELETED];

    fn encode(&self) -> Encoded {
        let persons = |event_type, persons| encode(event_type, &Persons { persons: Cow::Borrowed(persons) });
        match self {
            Self::Created(created) => encode(CREATED, created),
            Self::Changed(naming) => encode(CHANGED, naming),
            Self::ThresholdsSet(thresholds) => encode(THRESHOLDS_SET, thresholds),
            Self::Counted { person, counter } => encode(COUNTED, &Counted { person: *person, counter: *counter }),
            Self::Granted { persons: granted } => persons(GRANTED, granted),
            Self::Revoked { persons: revoked } => persons(REVOKED, revoked),
            Self::Deleted => encode(DELETED, &Nothing {}),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        let persons = || decode::<Persons<'_>>(event_type, schema, payload).map(|content| content.persons.into_owned());
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            CHANGED => decode(event_type, schema, payload).map(Self::Changed),
            THRESHOLDS_SET => decode(event_type, schema, payload).map(Self::ThresholdsSet),
            COUNTED => decode(event_type, schema, payload).map(|Counted { person, counter }| Self::Counted { person, counter }),
            GRANTED => persons().map(|persons| Self::Granted { persons }),
            REVOKED => persons().map(|persons| Self::Revoked { persons }),
            DELETED => decode(event_type, schema, payload).map(|Nothing {}| Self::Deleted),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
