//! What actors say to each other across nodes, and its versions. A published shape is never edited: a new version
//! stands beside it, with conversions from and to [`Question`] and [`Reply`], which are this build's own and never on
//! the wire. Whoever sends speaks the lower of the two newest versions.
//!
//! | version | a question | an answer |
//! |---|---|---|
//! | 1 | `QuestionV1` | `ReplyV1` |
//! | 2 | with the trace context | as in 1 |
//!
//! An answer travels in frames: a sign of life (`0`), or a part of the record (`1`, whether it is the last, its
//! number, its bytes). What goes within (`body`) is a record of its own, with a schema that the aggregate counts
//! ([`crate::hosted::Hosted::MESSAGES`]).

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use domain::{ClaimKind, Code, CommandId, Kind, OrganisationId, PersonId, Position, StreamId, Version};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::member::Boot;
use crate::ask::Refused;
use crate::codec::{self, CodecError};
use crate::journal::Meta;

/// The oldest and the newest version that this build speaks.
pub const PROTOCOLS: (u16, u16) = (1, 2);

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Execute,
    Read,
    /// No actor's matter: what a node keeps for itself, such as an index. Its stream says nothing.
    Aside,
}

/// A command or a read for an actor that may live elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub from: Boot,
    pub verb: Verb,
    pub stream: StreamId,
    pub organisation: OrganisationId,
    pub who: PersonId,
    /// Of a read, nil.
    pub command: CommandId,
    pub keyed: bool,
    /// It was given to another node before, which may yet carry it out.
    pub submitted: bool,
    /// In microseconds since 1970 by the log's clock, which all nodes share.
    pub deadline: i64,
    /// How often it was passed on.
    pub hops: u8,
    /// The owner is passed over: whoever is asked must not pass it on.
    pub takeover: bool,
    /// Of a read: the answer shows at least this much of the log; 0 for whatever there is. Of a command: the log's head when
    /// it came in, see [`crate::ask::Request::arrived`].
    pub position: Position,
    /// The asker needs the ids alone.
    pub brief: bool,
    pub meta: Meta,
    /// W3C `traceparent`.
    pub trace: Option<Arc<str>>,
    pub body: Bytes,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Reply {
    Done {
        stream: StreamId,
        version: Version,
        first: Option<Position>,
        position: Position,
        replayed: bool,
        view: Bytes,
    },
    Seen {
        version: Version,
        position: Position,
        view: Bytes,
    },
    Refused(Refused),
    /// Nothing was done: another node is to be asked.
    Elsewhere,
    /// Nothing was done: this build does not understand it.
    Unreadable,
}

/// Why a message cannot be understood.
#[derive(Debug, Error)]
pub enum Unreadable {
    #[error("a message is in version {0}, which this build does not speak")]
    Protocol(u16),
    #[error("a message cannot be read")]
    Codec(#[from] CodecError),
    #[error("a message speaks of {what} {number}, which this build does not know")]
    Unknown { what: &'static str, number: i64 },
    #[error("a frame of an answer is broken")]
    Frame,
}

#[derive(Serialize, Deserialize)]
struct MetaV1 {
    cause: Option<i64>,
    correlation: Option<String>,
    address: Option<String>,
    agent: Option<String>,
    fingerprint: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct QuestionV1 {
    from: [u8; 16],
    /// 1 executes, 2 reads, 3 asks for what is no actor's. A build that does not know the number says that it does not understand.
    verb: u8,
    kind: i16,
    stream: i64,
    organisation: i64,
    who: i64,
    command: [u8; 16],
    keyed: bool,
    submitted: bool,
    deadline: i64,
    hops: u8,
    takeover: bool,
    position: i64,
    brief: bool,
    meta: MetaV1,
    body: Bytes,
}

#[derive(Serialize, Deserialize)]
struct QuestionV2 {
    question: QuestionV1,
    trace: Option<String>,
}

#[derive(Serialize, Deserialize)]
enum ReplyV1 {
    Done { kind: i16, stream: i64, version: i64, first: Option<i64>, position: i64, replayed: bool, view: Bytes },
    Seen { version: i64, position: i64, view: Bytes },
    Rejected { code: String, reason: String, position: i64 },
    KeyReused,
    Taken { claim: i16 },
    Busy { what: String },
    Unavailable { why: String },
    Unknown,
    Bug,
    Elsewhere,
    Unreadable,
}

impl Question {
    /// As a record of `protocol`, which is one that this build speaks.
    ///
    /// # Errors
    /// When it is too large.
    pub fn encode(&self, protocol: u16) -> Result<Bytes, CodecError> {
        let record = match protocol {
            1 => codec::encode(1, &QuestionV1::from(self)),
            _ => codec::encode(2, &QuestionV2 { question: self.into(), trace: self.trace.as_deref().map(str::to_owned) }),
        };
        record.map(Bytes::from)
    }

    /// Reads a record of any version up to `newest`.
    ///
    /// # Errors
    /// When it is of another version, cut short, too long, or speaks of what this build does not know.
    pub fn decode(record: &[u8], newest: u16) -> Result<Self, Unreadable> {
        match codec::schema_of(record)? {
            1 => codec::decode::<QuestionV1>(1, record)?.into_question(None),
            2 if newest >= 2 => {
                let QuestionV2 { question, trace } = codec::decode(2, record)?;
                question.into_question(trace)
            }
            other => Err(Unreadable::Protocol(other)),
        }
    }
}

impl From<&Question> for QuestionV1 {
    fn from(question: &Question) -> Self {
        let meta = question.meta.clone();
        Self {
            from: question.from.0.into_bytes(),
            verb: match question.verb {
                Verb::Execute => 1,
                Verb::Read => 2,
                Verb::Aside => 3,
            },
            kind: question.stream.kind.number(),
            stream: question.stream.id,
            organisation: question.organisation.0,
            who: question.who.0,
            command: question.command.0.into_bytes(),
            keyed: question.keyed,
            submitted: question.submitted,
            deadline: question.deadline,
            hops: question.hops,
            takeover: question.takeover,
            position: question.position,
            brief: question.brief,
            meta: MetaV1 {
                cause: meta.cause,
                correlation: meta.correlation,
                address: meta.address,
                agent: meta.agent,
                fingerprint: meta.fingerprint,
            },
            body: question.body.clone(),
        }
    }
}

impl QuestionV1 {
    fn into_question(self, trace: Option<String>) -> Result<Question, Unreadable> {
        let MetaV1 { cause, correlation, address, agent, fingerprint } = self.meta;
        Ok(Question {
            from: Boot(Uuid::from_bytes(self.from)),
            verb: match self.verb {
                1 => Verb::Execute,
                2 => Verb::Read,
                3 => Verb::Aside,
                other => return Err(Unreadable::Unknown { what: "a verb", number: other.into() }),
            },
            stream: StreamId::new(kind(self.kind)?, self.stream),
            organisation: OrganisationId(self.organisation),
            who: PersonId(self.who),
            command: CommandId(Uuid::from_bytes(self.command)),
            keyed: self.keyed,
            submitted: self.submitted,
            deadline: self.deadline,
            hops: self.hops,
            takeover: self.takeover,
            position: self.position,
            brief: self.brief,
            meta: Meta { cause, correlation, address, agent, fingerprint, ..Meta::default() },
            trace: trace.map(Arc::from),
            body: self.body,
        })
    }
}

fn kind(number: i16) -> Result<Kind, Unreadable> {
    Kind::from_number(number).ok_or(Unreadable::Unknown { what: "a kind of stream", number: number.into() })
}

impl Reply {
    /// As a record of `protocol`.
    ///
    /// # Errors
    /// When it is too large.
    pub fn encode(self, protocol: u16) -> Result<Bytes, CodecError> {
        codec::encode(protocol, &ReplyV1::from(self)).map(Bytes::from)
    }

    /// Reads a record of any version that this build speaks.
    ///
    /// # Errors
    /// As [`Question::decode`].
    pub fn decode(record: &[u8]) -> Result<Self, Unreadable> {
        let protocol = codec::schema_of(record)?;
        if !(PROTOCOLS.0..=PROTOCOLS.1).contains(&protocol) {
            return Err(Unreadable::Protocol(protocol));
        }
        codec::decode::<ReplyV1>(protocol, record)?.into_reply()
    }
}

impl From<Reply> for ReplyV1 {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Done { stream, version, first, position, replayed, view } => {
                Self::Done { kind: stream.kind.number(), stream: stream.id, version, first, position, replayed, view }
            }
            Reply::Seen { version, position, view } => Self::Seen { version, position, view },
            Reply::Refused(refused) => match refused {
                Refused::Rejected { code, reason, position } => {
                    Self::Rejected { code: code.as_str().to_owned(), reason: reason.word().to_owned(), position }
                }
                Refused::KeyReused => Self::KeyReused,
                Refused::Taken(claim) => Self::Taken { claim: claim as i16 },
                Refused::Busy(what) => Self::Busy { what: what.into_owned() },
                Refused::Unavailable(why) => Self::Unavailable { why: (*why).to_owned() },
                Refused::Unknown => Self::Unknown,
                Refused::Bug => Self::Bug,
            },
            Reply::Elsewhere => Self::Elsewhere,
            Reply::Unreadable => Self::Unreadable,
        }
    }
}

impl ReplyV1 {
    fn into_reply(self) -> Result<Reply, Unreadable> {
        Ok(match self {
            Self::Done { kind: number, stream, version, first, position, replayed, view } => {
                Reply::Done { stream: StreamId::new(kind(number)?, stream), version, first, position, replayed, view }
            }
            Self::Seen { version, position, view } => Reply::Seen { version, position, view },
            // A "no" of a later build, in a word that this one does not know, is a "no" all the same.
            Self::Rejected { code, reason, position } => Reply::Refused(Refused::Rejected {
                code: Code::of(&code).unwrap_or(Code::InvalidInput),
                reason: reason.as_str().into(),
                position,
            }),
            Self::KeyReused => Reply::Refused(Refused::KeyReused),
            Self::Taken { claim } => {
                let unknown = Unreadable::Unknown { what: "a claim", number: claim.into() };
                Reply::Refused(Refused::Taken(ClaimKind::from_number(claim).ok_or(unknown)?))
            }
            Self::Busy { what } => Reply::Refused(Refused::Busy(what.into())),
            Self::Unavailable { why } => Reply::Refused(Refused::Unavailable(why.into())),
            Self::Unknown => Reply::Refused(Refused::Unknown),
            Self::Bug => Reply::Refused(Refused::Bug),
            Self::Elsewhere => Reply::Elsewhere,
            Self::Unreadable => Reply::Unreadable,
        })
    }
}

/// One message of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// It is being worked on.
    Alive,
    Part {
        last: bool,
        /// From 0.
        number: u32,
        bytes: Bytes,
    },
}

const ALIVE: u8 = 0;
const PART: u8 = 1;
/// Bytes of a part beside its content.
pub const FRAME_BYTES: usize = 6;

impl Frame {
    pub fn alive() -> Bytes {
        Bytes::from_static(&[ALIVE])
    }

    /// The frames of a record, none of which is longer than `frame_bytes_max`.
    pub fn parts(record: &Bytes, frame_bytes_max: usize) -> impl Iterator<Item = Bytes> {
        let size = frame_bytes_max.saturating_sub(FRAME_BYTES).max(1);
        let count = record.len().div_ceil(size).max(1);
        (0..count).map(move |number| {
            let bytes = record.slice(number * size..record.len().min((number + 1) * size));
            let mut frame = BytesMut::with_capacity(FRAME_BYTES + bytes.len());
            frame.put_u8(PART);
            frame.put_u8(u8::from(number + 1 == count));
            frame.put_u32(u32::try_from(number).unwrap_or(u32::MAX));
            frame.put(bytes);
            frame.freeze()
        })
    }

    /// # Errors
    /// When it is none.
    pub fn decode(frame: &Bytes) -> Result<Self, Unreadable> {
        match frame.as_ref() {
            [ALIVE] => Ok(Self::Alive),
            [PART, last @ (0 | 1), a, b, c, d, ..] => {
                Ok(Self::Part { last: *last == 1, number: u32::from_be_bytes([*a, *b, *c, *d]), bytes: frame.slice(FRAME_BYTES..) })
            }
            _ => Err(Unreadable::Frame),
        }
    }
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
