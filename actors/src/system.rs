//! What the rest of Nashi sees of the actors: ask a stream, get an answer that is durable. Not how
//! an actor works (see [`crate::entity`]), nor where it lives (see [`crate::router`]).

use std::sync::Arc;
use std::time::Instant;

use domain::directory::OrganisationDirectory;
use domain::{Aggregate, Code, CommandId, Directory, Header, Issued, OrganisationId, PersonId, Position, StreamId, Version};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

use crate::journal::Meta;

/// Who asks for what, and how long they wait.
#[derive(Clone, Debug)]
pub struct Request {
    pub organisation: OrganisationId,
    pub who: PersonId,
    pub command: CommandId,
    /// The client named the command itself (`Idempotency-Key`), so a repeat must find its first answer.
    pub keyed: bool,
    /// `meta.fingerprint` is compared when `keyed`; `node`, `build` and `basis` are filled in by the system.
    pub meta: Meta,
    pub deadline: Instant,
}

/// A command's durable answer.
#[derive(Clone, Debug)]
pub struct Done<V> {
    pub stream: StreamId,
    /// The stream's version after the command (for a repeat: after the first time).
    pub version: Version,
    /// The log position that shows the command and all that it was decided on.
    pub position: Position,
    /// The command had taken effect before; this is its answer of then.
    pub replayed: bool,
    /// What the aggregate shows of itself, as of `version`.
    pub view: V,
}

/// Why there is no [`Done`].
#[derive(Clone, Debug, Error)]
pub enum Refused {
    /// A business "no"; nothing was written. `position` is the log position that it was decided on.
    #[error("{reason}")]
    Rejected { code: Code, reason: Arc<str>, position: Position },
    #[error("this Idempotency-Key was used for another request")]
    KeyReused,
    /// A claim (an e-mail address, a name) is held by another stream.
    #[error("already in use")]
    Taken(domain::ClaimKind),
    /// Too much to do just now: nothing was decided. Ask again in a moment.
    #[error("too busy: {0}")]
    Busy(&'static str),
    /// Infrastructure is away; nothing was written nor will be. Ask again in a moment.
    #[error("unavailable: {0}")]
    Unavailable(Arc<str>),
    /// It could not be found out whether the command took effect. No body may be sent.
    #[error("the outcome is not known")]
    Unknown,
    /// The actor had a bug on this command and was thrown away; nothing was written.
    #[error("internal error")]
    Bug,
}

/// The directory is too old to decide on.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the directory is {behind_ms} ms behind, or holds a parked event")]
pub struct Stale {
    pub behind_ms: u64,
}

/// What the actors need to know of the world around them; the gateway wires it to the projections.
pub trait Surroundings: Send + Sync + 'static {
    /// The directory and the position it is true at, unless it is over 2 s behind.
    fn directory(&self) -> Result<(Directory, Position), Stale>;
}

/// An aggregate that can be hosted as an actor: its decisions and what it shows of itself.
pub trait Hosted: Aggregate + Unpin {
    /// What is shown, folded from the committed events beside the state; it lies in the snapshot with it.
    type Document: Default + Serialize + DeserializeOwned + Send + Unpin + 'static;
    /// What readers on any thread are given: shared bytes and who may see them. Cheap to clone.
    type Published: Clone + Send + Sync + 'static;
    type Query: Clone + Send + 'static;
    type View: Send + 'static;

    /// Takes a committed event into the document.
    fn document(document: &mut Self::Document, event: &Self::Event, header: &Header, directory: &OrganisationDirectory);

    /// What readers see from now on; called after each commit, before its answers go out.
    fn publish(&self, document: &mut Self::Document, directory: &OrganisationDirectory) -> Self::Published;

    /// Whether what was published still shows today's names.
    fn fresh(published: &Self::Published, directory: &OrganisationDirectory) -> bool;

    /// Brings names in the document up to date.
    fn refresh(document: &mut Self::Document, directory: &OrganisationDirectory);

    /// Answers a read, or refuses it: here access is checked.
    fn show(published: &Self::Published, query: &Self::Query, issued: &Issued<'_>) -> Result<Self::View, Self::Rejection>;

    /// What the answer to a command holds. The asker was allowed to command, so nothing is checked.
    fn after(published: &Self::Published) -> Self::View;

    /// Bytes that this actor holds, roughly, for eviction.
    fn weight(&self, document: &Self::Document) -> usize;

    /// Events between snapshots written while the actor lives.
    const SNAPSHOT_EVERY: i64 = 200;
}
