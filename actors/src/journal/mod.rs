//! The log as actors use it: one way in, one way out. Two implementations, [`postgres`] and
//! [`memory`], held to the same promises by [`conformance`]. What the events mean is not known here.
//!
//! The promises:
//! - positions are gap-free, and rise in commit order: a reader that has seen `n` has all of `1..=n`;
//! - an append is all or nothing, over all its streams and claims;
//! - a command id takes effect at most once, for ever;
//! - an expected version that is not the stream's version is refused, and nothing is written;
//! - a refusal other than [`Refusal::Unknown`] means that nothing was written nor will be.

pub mod chain;
pub mod memory;
pub mod postgres;

#[cfg(test)]
pub(crate) mod conformance;
pub(crate) mod erasure;
pub(crate) mod judge;
mod prepared;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use domain::codec::Encoded;
use domain::{ClaimChange, ClaimKind, CommandId, Kind, OrganisationId, PersonId, Position, Recorded, StreamId, Version};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::watch;

/// SHA-256.
pub type Hash = [u8; 32];

/// Events in a command, bytes of an event, bytes of a command: what an append may hold (design §4).
pub const EVENT_BYTES_MAX: usize = 256 * 1024;
pub const COMMAND_BYTES_MAX: usize = 1024 * 1024;

/// Why and where from an event came: the log's `meta` column. Absent parts are left out of the JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Meta {
    /// The position of the event that led to this command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Position>,
    /// The trace or request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<String>,
    /// The client's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The client's `User-Agent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The node that decided, and its build.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// The directory's position that the decision rested on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Position>,
    /// Hex SHA-256 of method, path and body, when the client sent an `Idempotency-Key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

/// One command's events: one unit, all or nothing.
#[derive(Clone, Debug)]
pub struct Append {
    pub organisation: OrganisationId,
    pub command: CommandId,
    pub person: PersonId,
    pub meta: Arc<Meta>,
    /// At least one, each of another stream, each with at least one event; else [`Refusal::Malformed`].
    pub writes: Vec<Write>,
    /// Checked and carried out with the append; each is held by the stream of `writes[0]`.
    pub claims: Vec<ClaimChange>,
    /// What the decision rests on besides the expected versions.
    pub premise: Premise,
    /// Past this the writer drops the command unwritten and answers [`Refusal::Expired`].
    pub deadline: Instant,
}

/// Shared by appends that were decided on each other before the first was answered. Once one of them is refused,
/// those behind it are refused with [`Refusal::Conflict`] too, even where events written elsewhere happen to
/// bring the stream to the version that they expect. The default rests on nothing but versions.
#[derive(Clone, Debug, Default)]
pub struct Premise(Option<Arc<AtomicBool>>);

impl Premise {
    /// One that holds so far.
    pub fn shared() -> Self {
        Self(Some(Arc::new(AtomicBool::new(false))))
    }

    /// An append that rests on it was refused.
    pub fn fail(&self) {
        if let Some(failed) = &self.0 {
            failed.store(true, Ordering::SeqCst);
        }
    }

    pub fn holds(&self) -> bool {
        self.0.as_ref().is_none_or(|failed| !failed.load(Ordering::SeqCst))
    }
}

/// Events for one stream.
#[derive(Clone, Debug)]
pub struct Write {
    pub target: Target,
    pub events: Vec<Encoded>,
}

/// Which stream, and what the decision took its version to be.
#[derive(Clone, Debug)]
pub enum Target {
    /// A stream that begins with these events, and whose id the log gives under its lock.
    /// Only [`Kind::Task`] is numbered this way.
    New(Kind),
    Existing {
        stream: StreamId,
        /// 0 for a stream without events.
        expected: Version,
        /// The chain's hash at `expected` where the caller knows it, so that the writer need not read.
        hash: Option<Hash>,
    },
}

/// What an append did. The same answer is given again to a repeated command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub command: CommandId,
    /// The log's time of the command's events.
    pub at: Timestamp,
    /// In the order of `Append::writes`.
    pub streams: Vec<StreamReceipt>,
    /// Hex SHA-256 that stood in `meta` of the command's first event.
    pub fingerprint: Option<String>,
}

impl Receipt {
    /// The position of the command's last event.
    pub fn position(&self) -> Position {
        self.streams.iter().map(|stream| stream.last_position()).max().unwrap_or_default()
    }
}

/// One stream's part of a [`Receipt`]. Its events have consecutive versions and positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamReceipt {
    pub stream: StreamId,
    pub first_version: Version,
    pub first_position: Position,
    pub events: i64,
    /// The chain's hash after the last of them.
    pub hash: Hash,
}

impl StreamReceipt {
    pub fn last_version(&self) -> Version {
        self.first_version + self.events - 1
    }

    pub fn last_position(&self) -> Position {
        self.first_position + self.events - 1
    }
}

/// Why nothing was written.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    #[error("the stream {stream} is at version {actual}")]
    Conflict { stream: StreamId, actual: Version },
    #[error("the command took effect before")]
    Duplicate(Box<Receipt>),
    #[error("{key:?} is already held by {holder}")]
    ClaimTaken { kind: ClaimKind, key: String, holder: StreamId },
    #[error("the command's deadline passed before it was written")]
    Expired,
    #[error("an event or a command is larger than the log takes")]
    TooLarge,
    /// The command itself is at fault (U+0000, broken JSON, a stream written twice): it can never be written.
    #[error("the log does not take the command: {0}")]
    Malformed(Arc<str>),
    #[error("the log cannot be written: {0}")]
    Unavailable(Arc<str>),
    /// The only refusal that does not promise that nothing was written.
    #[error("whether the command was written could not be found out in time")]
    Unknown,
}

/// The journal takes no more commands just now.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the journal takes no more commands just now")]
pub struct Busy;

/// The log could not be read.
#[derive(Clone, Debug, Error)]
pub enum ReadFailure {
    /// Shared, because reads that share a query share its failure.
    #[error("the log cannot be read")]
    Database(#[source] Arc<sqlx::Error>),
    #[error("the log holds something that this build does not understand: {0}")]
    Corrupt(String),
    /// [`Journal::next_id`] was asked for a kind that the log numbers itself.
    #[error("ids of {0:?} are not handed out beforehand")]
    NotHandedOut(Kind),
    /// Only a log without events may begin in the past.
    #[error("the log holds events: a past can be written into an empty log only, such as a new data directory has")]
    NotEmpty,
}

impl From<sqlx::Error> for ReadFailure {
    fn from(failure: sqlx::Error) -> Self {
        Self::Database(Arc::new(failure))
    }
}

/// Why the journal does not write just now; what was submitted waits up to its deadline.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unhealthy {
    #[error("the journal has no connection to the log")]
    Disconnected,
    #[error("a commit has been under way for over {0} s")]
    Slow(u64),
    #[error("the journal was stopped")]
    Stopped,
}

/// A lawful request to forget what some events held. See [`Journal::erase`].
#[derive(Clone, Debug)]
pub struct Erasure {
    pub organisation: OrganisationId,
    pub command: CommandId,
    /// Who carries it out.
    pub person: PersonId,
    pub meta: Meta,
    /// Goes into the log; holds no personal data.
    pub reason: String,
    /// At most [`ERASED_MAX`], each of another event of the organisation.
    pub substitutes: Vec<Substitute>,
    pub release: Option<Release>,
    pub deadline: Instant,
}

/// What stands in the place of an erased event's content: JSON that keeps its structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substitute {
    pub position: Position,
    pub meta: String,
    pub payload: String,
}

/// Claims that went with the content they followed from. The log's claims are then still what its events say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub stream: StreamId,
    /// The version that the stream must still have, else [`Refusal::Conflict`]: a later event may claim the same.
    pub expected: Version,
    /// Those that the stream does not hold stay as they are.
    pub claims: Vec<(ClaimKind, String)>,
}

/// Events that one [`Erasure`] may cover: its record must fit into one command.
pub const ERASED_MAX: usize = 8_000;

/// The end of the log. A position is only comparable within one incarnation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// New after a restore, or after a failover that lost data.
    pub incarnation: i64,
    pub position: Position,
}

/// That a stream came to a version, and where: what need be known of an event by who does not look at what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub position: Position,
    /// Nothing for a kind that only a later build knows.
    pub stream: Option<StreamId>,
    pub version: Version,
}

/// A state kept beside the log, so that opening an actor need not read all of its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub stream: StreamId,
    pub version: Version,
    /// The chain's hash at `version`; the snapshot is ignored where the log's differs.
    pub hash: Hash,
    /// Schema and revision of what is in `body`; ignored on any mismatch.
    pub fingerprint: u64,
    pub body: Vec<u8>,
}

/// What opening an actor needs, read in one go.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// Present when its fingerprint and hash hold.
    pub snapshot: Option<Snapshot>,
    /// The events after the snapshot, or all of them.
    pub events: Vec<Recorded>,
}

/// Called once, from the writer, with what became of an append. Must not block.
pub type Completion = Box<dyn FnOnce(Result<Receipt, Refusal>) + Send + 'static>;

/// A reserved place in the writer's queue. Reserve before deciding: full then means that nothing
/// has to be undone. Dropping it gives the place back.
pub trait Permit: Send {
    fn submit(self: Box<Self>, append: Append, completion: Completion);
}

/// The log. Cheap to share; all methods may be called from any thread.
pub trait Journal: Send + Sync + 'static {
    /// A place for one append, or [`Busy`] at once.
    fn reserve(&self) -> Result<Box<dyn Permit>, Busy>;

    /// The newest head that this process knows of: its own commits at once, those of others within a second.
    fn head(&self) -> watch::Receiver<Head>;

    /// The newest head that this process wrote itself.
    fn written(&self) -> watch::Receiver<Head>;

    /// Another process says that it has committed `head`. One of another incarnation is not believed.
    fn told(&self, head: Head);

    /// Reads the head, as committed after the call began.
    fn current_head(&self) -> BoxFuture<'_, Result<Head, ReadFailure>>;

    /// The events of one stream after `after`, in order, at most `limit`.
    fn read_stream(&self, stream: StreamId, after: Version, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, ReadFailure>>;

    /// The log's events after `after`, in order, at most `limit`.
    fn read_all(&self, after: Position, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, ReadFailure>>;

    /// As [`Journal::read_all`], without what happened.
    fn read_steps(&self, after: Position, limit: usize) -> BoxFuture<'_, Result<Vec<Step>, ReadFailure>>;

    /// What a command did, if it took effect. Only commands of `organisation` are found.
    fn read_command(&self, organisation: OrganisationId, command: CommandId) -> BoxFuture<'_, Result<Option<Receipt>, ReadFailure>>;

    /// The stream's newest usable snapshot and the events after it; calls made at the same time share a query.
    fn open(&self, stream: StreamId, fingerprint: u64) -> BoxFuture<'_, Result<Opening, ReadFailure>>;

    /// Keeps a snapshot. Best effort: an older one never replaces a newer one, a failure is only logged.
    fn save_snapshot(&self, snapshot: Snapshot) -> BoxFuture<'_, ()>;

    /// A fresh id for a stream of a kind that the log does not number itself.
    fn next_id(&self, kind: Kind) -> BoxFuture<'_, Result<i64, ReadFailure>>;

    /// Who holds a claim.
    fn claim_holder(
        &self,
        organisation: OrganisationId,
        kind: ClaimKind,
        key: &str,
    ) -> BoxFuture<'_, Result<Option<StreamId>, ReadFailure>>;

    /// Replaces the content of events by substitutes for ever, destroys their salts, purges the snapshots of their streams,
    /// releases claims and records it as `erasure.performed` on the organisation's stream of [`Kind::Audit`]: all or nothing.
    /// States and documents that live in memory are the caller's to drop, and must be dropped before they are
    /// kept as a snapshot again. Records of erasures cannot be erased.
    fn erase(&self, erasure: Erasure) -> BoxFuture<'_, Result<Receipt, Refusal>>;

    /// Whether the journal writes at present. A commit may take 5 s before it counts as trouble.
    fn health(&self) -> Result<(), Unhealthy>;

    /// For how long the database has not answered what the writer sent it last; zero when nothing is under way.
    fn stalled(&self) -> Duration;

    /// The log's clock as this process last saw it, carried on by the local monotonic clock.
    fn now(&self) -> Timestamp;
}
