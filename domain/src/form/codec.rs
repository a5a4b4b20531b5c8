//! A form's events as JSON: registered names and shapes. Not what they mean.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::access::Level;
use super::definition::Definition;
use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::id::PersonId;

const CREATED: &str = "form.created";
const CHANGED: &str = "form.changed";
const DRAFTED: &str = "form.drafted";
const PUBLISHED: &str = "form.published";
const PERMITTED: &str = "form.permitted";
const CLOSED: &str = "form.closed";
const REOPENED: &str = "form.reopened";
const PRINT_SAVED: &str = "form.print_saved";
const PRINT_REMOVED: &str = "form.print_removed";

#[derive(Serialize, Deserialize)]
struct Drafted<'a> {
    definition: Cow<'a, Definition>,
}

#[derive(Serialize, Deserialize)]
struct Permitted<'a> {
    levels: Cow<'a, BTreeMap<PersonId, Level>>,
}

#[derive(Serialize, Deserialize)]
struct PrintRemoved {
    id: u32,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[CREATED, CHANGED, DRAFTED, PUBLISHED, PERMITTED, CLOSED, REOPENED, PRINT_SAVED, PRINT_REMOVED];

    fn encode(&self) -> Encoded {
        match self {
            Self::Created(created) => encode(CREATED, created),
            Self::Changed(settings) => encode(CHANGED, settings),
            Self::Drafted(definition) => encode(DRAFTED, &Drafted { definition: Cow::Borrowed(definition) }),
            Self::Published => encode(PUBLISHED, &Nothing {}),
            Self::Permitted { levels } => encode(PERMITTED, &Permitted { levels: Cow::Borrowed(levels) }),
            Self::Closed => encode(CLOSED, &Nothing {}),
            Self::Reopened => encode(REOPENED, &Nothing {}),
            Self::PrintSaved(print) => encode(PRINT_SAVED, print),
            Self::PrintRemoved { id } => encode(PRINT_REMOVED, &PrintRemoved { id: *id }),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        let nothing = |event| decode::<Nothing>(event_type, schema, payload).map(|Nothing {}| event);
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            CHANGED => decode(event_type, schema, payload).map(Self::Changed),
            DRAFTED => {
                decode::<Drafted<'_>>(event_type, schema, payload).map(|drafted| Self::Drafted(Box::new(drafted.definition.into_owned())))
            }
            PUBLISHED => nothing(Self::Published),
            PERMITTED => decode::<Permitted<'_>>(event_type, schema, payload)
                .map(|permitted| Self::Permitted { levels: permitted.levels.into_owned() }),
            CLOSED => nothing(Self::Closed),
            REOPENED => nothing(Self::Reopened),
            PRINT_SAVED => decode(event_type, schema, payload).map(Self::PrintSaved),
            PRINT_REMOVED => decode(event_type, schema, payload).map(|PrintRemoved { id }| Self::PrintRemoved { id }),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
