//! Events to the log's JSON and back. The only place that knows registered names and schema versions;
//! changes of shape are in [`crate::upcast`].

use std::fmt::Debug;

use thiserror::Error;

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
