//! An event as the log holds it. Not the log itself.

use jiff::Timestamp;

use crate::id::{CommandId, OrganisationId, PersonId, Position, StreamId, Version};

/// Everything that the log says about an event besides its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub organisation: OrganisationId,
    pub stream: StreamId,
    pub version: Version,
    /// 0 while the event is decided but not yet committed.
    pub position: Position,
    /// The log's time: never before that of an earlier position. Whole microseconds.
    pub at: Timestamp,
    pub person: PersonId,
    pub command: CommandId,
    /// Place within its command, from 0.
    pub index: i16,
}

/// An event as read from the log: the header, and the content still as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub header: Header,
    /// The registered name, such as `task.created`.
    pub event_type: String,
    /// The version of the content's shape, from 1.
    pub schema: i16,
    /// JSON: cause, correlation, address, agent, node, build, basis, fingerprint.
    pub meta: String,
    /// JSON, the exact bytes that the digest covers.
    pub payload: String,
    /// The chain's hash at this version (SHA-256).
    pub hash: [u8; 32],
}
