//! An organisation's events as JSON: registered names and shapes. Not what they mean.

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, decode, encode};

const CREATED: &str = "organisation.created";
const CHANGED: &str = "organisation.changed";

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[CREATED, CHANGED];

    fn encode(&self) -> Encoded {
        match self {
            Self::Created(settings) => encode(CREATED, settings),
            Self::Changed(settings) => encode(CHANGED, settings),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            CHANGED => decode(event_type, schema, payload).map(Self::Changed),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
