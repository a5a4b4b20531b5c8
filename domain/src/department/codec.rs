//! A department's events as JSON: registered names and shapes. Not what they mean.

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, decode, encode};
use crate::id::Position;

const CREATED: &str = "department.created";
const CHANGED: &str = "department.changed";
const MOVED: &str = "department.moved";
const DELETED: &str = "department.deleted";

#[derive(Serialize, Deserialize)]
struct Deleted {
    after: Position,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[CREATED, CHANGED, MOVED, DELETED];

    fn encode(&self) -> Encoded {
        match self {
            Self::Created(attributes) => encode(CREATED, attributes),
            Self::Changed(attributes) => encode(CHANGED, attributes),
            Self::Moved(placed) => encode(MOVED, placed),
            Self::Deleted { after } => encode(DELETED, &Deleted { after: *after }),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            CHANGED => decode(event_type, schema, payload).map(Self::Changed),
            MOVED => decode(event_type, schema, payload).map(Self::Moved),
            DELETED => decode(event_type, schema, payload).map(|Deleted { after }| Self::Deleted { after }),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
