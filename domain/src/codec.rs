//! Events to the log's JSON and back: the tools. Each aggregate's `codec.rs` knows its registered
//! names; changes of shape are in [`crate::upcast`].

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::upcast;

/// An event's content as the log holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The registered name, such as `task.created`.
    pub event_type: &'static str,
    pub schema: i16,
    pub payload: String,
}

/// A recorded event that this build cannot read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    #[error("the event type {0:?} is not known")]
    UnknownType(String),
    #[error("{event_type} has schema {schema}, which is newer than this build")]
    NewerSchema { event_type: String, schema: i16 },
    #[error("the content of {event_type} does not have its shape: {reason}")]
    Shape { event_type: String, reason: String },
}

/// The events of one aggregate.
pub trait EventSet: Clone + Debug + PartialEq + Send + Sync + 'static {
    /// Every registered name of this set.
    const TYPES: &'static [&'static str];

    fn encode(&self) -> Encoded;

    /// Reads what was recorded, through the upcasts of older schemas.
    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError>;
}

/// The content of a fact that says everything by its name: `{}`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Nothing {}

/// Writes `content` at today's schema.
pub(crate) fn encode<T: Serialize>(event_type: &'static str, content: &T) -> Encoded {
    let payload = serde_json::to_string(content).expect("an event is plain data with text for keys");
    Encoded { event_type, schema: upcast::schema(event_type), payload }
}

/// Reads content of any schema that this build knows.
pub(crate) fn decode<T: DeserializeOwned>(event_type: &str, schema: i16, payload: &str) -> Result<T, DecodeError> {
    let today = upcast::schema(event_type);
    if schema > today {
        return Err(DecodeError::NewerSchema { event_type: event_type.to_owned(), schema });
    }
    let read = if schema == today {
        serde_json::from_str(payload)
    } else {
        serde_json::from_str(payload).and_then(|content| serde_json::from_value(upcast::upcast(event_type, schema, content)))
    };
    read.map_err(|error| DecodeError::Shape { event_type: event_type.to_owned(), reason: error.to_string() })
}
