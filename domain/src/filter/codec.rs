//! A saved filter's events as JSON: registered names and shapes. Not what they mean.

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};

const CREATED: &str = "filter.created";
const CHANGED: &str = "filter.changed";
const DELETED: &str = "filter.deleted";

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[CREATED, CHANGED, DELETED];

    fn encode(&self) -> Encoded {
        match self {
            Self::Created(settings) => encode(CREATED, settings),
            Self::Changed(settings) => encode(CHANGED, settings),
            Self::Deleted => encode(DELETED, &Nothing {}),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            CHANGED => decode(event_type, schema, payload).map(Self::Changed),
            DELETED => decode::<Nothing>(event_type, schema, payload).map(|Nothing {}| Self::Deleted),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
