//! The log's records of itself as JSON: registered names and shapes. Not what they mean.

use super::Event;
use crate::codec::{DecodeError, Encoded, EventSet, decode, encode};

/// The registered name of [`Event::Performed`].
pub const PERFORMED: &str = "erasure.performed";

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[PERFORMED];

    fn encode(&self) -> Encoded {
        match self {
            Self::Performed(performed) => encode(PERFORMED, performed),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        match event_type {
            PERFORMED => decode(event_type, schema, payload).map(Self::Performed),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
