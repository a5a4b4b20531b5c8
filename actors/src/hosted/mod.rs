//! What an aggregate needs to be hosted as an actor, and what the actors need to know of the world
//! around them. Not the actor itself (see [`crate::entity`]).

mod award;
pub mod catalog;
mod plain;
pub mod task;

pub use plain::Plain;

use std::fmt::Debug;
use std::sync::Arc;

use domain::directory::OrganisationDirectory;
use domain::{Aggregate, Directory, Header, Issued, Position};
use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

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

    /// Waits until the directory shows all that the log held up to `position`, a second at most.
    fn caught_up(&self, position: Position) -> BoxFuture<'_, Result<(), Stale>>;
}

/// An aggregate that can be hosted as an actor: its decisions and what it shows of itself.
pub trait Hosted: Aggregate + Unpin {
    /// What is shown, folded from the committed events beside the state; it lies in the snapshot with it.
    type Document: Debug + Default + Serialize + DeserializeOwned + Send + Unpin + 'static;
    /// What readers on any thread are given: shared bytes and who may see them. Cheap to clone.
    type Published: Clone + Send + Sync + 'static;
    type Query: Clone + Serialize + DeserializeOwned + Send + 'static;
    type View: Default + Serialize + DeserializeOwned + Send + 'static;

    /// Raised whenever the document's shape or content changes, so that old snapshots are ignored.
    const DOCUMENT_REVISION: u32;

    /// The schema of commands, queries and views as they travel between nodes. A published shape is never edited: what
    /// changes one raises this, and a node that does not know it has the other do the work itself.
    const MESSAGES: u16;

    /// Events between snapshots written while the actor lives.
    const SNAPSHOT_EVERY: i64 = 200;

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

    /// What the answer to a command holds. The asker was allowed to command, so that it is shown to them; not all of it need be.
    fn after(published: &Self::Published, issued: &Issued<'_>) -> Self::View;

    /// Bytes that this actor holds, roughly, for eviction.
    fn weight(&self, document: &Self::Document) -> usize;
}

/// The directory of an organisation; of one that is being founded, an empty one.
pub(crate) fn organisation_of(directory: &Directory, id: domain::OrganisationId) -> Arc<OrganisationDirectory> {
    match directory.organisation(id) {
        Some(found) => found.clone(),
        None => {
            let mut empty = OrganisationDirectory::default();
            empty.id = id;
            Arc::new(empty)
        }
    }
}
