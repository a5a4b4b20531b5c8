//! What the log says of one stream: the fold of its committed events into state and document, from events
//! or from a snapshot. Not what is decided but not yet committed (see [`crate::entity`]).

use std::sync::Arc;

use domain::codec::{DecodeError, EventSet};
use domain::directory::OrganisationDirectory;
use domain::{CommandId, Header, OrganisationId, PersonId, Position, Recorded, StreamId, Version};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64;

use crate::caught::{Panicked, caught};
use crate::codec;
use crate::hosted::{Hosted, Stale};
use crate::journal::{Hash, Journal, ReadFailure, Receipt, Snapshot};

/// Events read in one go.
const PAGE: usize = 1_000;

/// The shape of [`Kept`]; never edited, a new shape gets the next number.
const SCHEMA: u16 = 1;

/// Why a stream could not be folded.
#[derive(Debug, Error)]
pub(crate) enum FoldError {
    #[error("the stream cannot be read")]
    Read(#[from] ReadFailure),
    #[error("the stream holds an event that this build cannot read")]
    Decode(#[from] DecodeError),
    #[error("there is no directory to show names from")]
    Stale(#[from] Stale),
    #[error("folding the stream panicked")]
    Panicked,
}

impl From<Panicked> for FoldError {
    fn from(Panicked: Panicked) -> Self {
        Self::Panicked
    }
}

/// The committed state of one stream.
pub(crate) struct Fold<A: Hosted> {
    pub state: A,
    pub document: A::Document,
    /// Nothing for a stream without events.
    pub organisation: Option<OrganisationId>,
    pub version: Version,
    /// Of the last event.
    pub position: Position,
    /// The chain's hash at `version`.
    pub hash: Option<Hash>,
}

impl<A: Hosted> Default for Fold<A> {
    fn default() -> Self {
        let (state, document) = (A::default(), A::Document::default());
        Self { state, document, organisation: None, version: 0, position: 0, hash: None }
    }
}

/// What a snapshot holds.
#[derive(Serialize, Deserialize)]
struct Kept<S, D> {
    organisation: OrganisationId,
    position: Position,
    state: S,
    document: D,
}

/// What makes snapshots of another build unusable: another kind, state or document.
pub(crate) fn fingerprint<A: Hosted>() -> u64 {
    let mut tag = [0; 10];
    tag[..2].copy_from_slice(&A::KIND.number().to_be_bytes());
    tag[2..6].copy_from_slice(&A::REVISION.to_be_bytes());
    tag[6..].copy_from_slice(&A::DOCUMENT_REVISION.to_be_bytes());
    xxh3_64(&tag)
}

impl<A: Hosted> Fold<A> {
    /// Takes in the next event.
    ///
    /// # Errors
    /// On a panic; the fold is then unusable.
    pub fn take(&mut self, event: &A::Event, header: &Header, hash: Hash, directory: &OrganisationDirectory) -> Result<(), Panicked> {
        caught(|| {
            self.state.evolve(event, header);
            A::document(&mut self.document, event, header, directory);
        })?;
        self.organisation = Some(header.organisation);
        (self.version, self.position, self.hash) = (header.version, header.position, Some(hash));
        Ok(())
    }

    /// Takes in what was read from the log, up to and with version `until`.
    pub fn take_recorded(&mut self, events: &[Recorded], until: Version, directory: &OrganisationDirectory) -> Result<(), FoldError> {
        for recorded in events {
            let header = &recorded.header;
            if header.version <= self.version || header.version > until {
                continue;
            }
            let event = A::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)?;
            self.take(&event, header, recorded.hash, directory)?;
        }
        Ok(())
    }

    /// Takes in an own command, with the headers that its receipt gives its events.
    pub fn take_own(
        &mut self,
        events: &[A::Event],
        receipt: &Receipt,
        by: (OrganisationId, PersonId),
        directory: &OrganisationDirectory,
    ) -> Result<(), Panicked> {
        let Some(part) = receipt.streams.first() else { return Ok(()) };
        for (index, event) in (0_i16..).zip(events) {
            let header = Header {
                organisation: by.0,
                stream: part.stream,
                version: part.first_version + Version::from(index),
                position: part.first_position + Position::from(index),
                at: receipt.at,
                person: by.1,
                command: receipt.command,
                index,
            };
            // The chain's hash is known only after the last of them, and only that one is ever asked for.
            self.take(event, &header, part.hash, directory)?;
        }
        Ok(())
    }

    /// What readers are shown. Names are brought up to date where the document's are not today's.
    pub fn publish(&mut self, directory: &OrganisationDirectory) -> Result<A::Published, Panicked> {
        caught(|| {
            let published = self.state.publish(&mut self.document, directory);
            if A::fresh(&published, directory) {
                return published;
            }
            A::refresh(&mut self.document, directory);
            self.state.publish(&mut self.document, directory)
        })
    }

    pub fn weight(&self) -> usize {
        caught(|| self.state.weight(&self.document)).unwrap_or_default()
    }

    /// This fold as it is kept beside the log; nothing for a stream without events.
    pub fn snapshot(&mut self, stream: StreamId) -> Option<Snapshot> {
        let (organisation, hash) = (self.organisation?, self.hash?);
        let kept = Kept { organisation, position: self.position, state: &self.state, document: &self.document };
        match codec::encode(SCHEMA, &kept) {
            Ok(body) => Some(Snapshot { stream, version: self.version, hash, fingerprint: fingerprint::<A>(), body }),
            Err(error) => {
                tracing::warn!(%stream, %error, "a state cannot be kept as a snapshot");
                None
            }
        }
    }

    /// The fold that a snapshot holds, if this build can read it.
    pub fn from_snapshot(snapshot: &Snapshot) -> Option<Self> {
        let kept: Kept<A, A::Document> = match codec::decode(SCHEMA, &snapshot.body) {
            Ok(kept) => kept,
            Err(error) => {
                tracing::warn!(stream = %snapshot.stream, %error, "a snapshot cannot be read; its stream is read instead");
                return None;
            }
        };
        Some(Self {
            state: kept.state,
            document: kept.document,
            organisation: Some(kept.organisation),
            version: snapshot.version,
            position: kept.position,
            hash: Some(snapshot.hash),
        })
    }
}

/// The events of `stream` after `after`, up to `until`, read in pages.
pub(crate) async fn read(
    journal: &dyn Journal,
    stream: StreamId,
    mut after: Version,
    until: Version,
) -> Result<Vec<Recorded>, ReadFailure> {
    let mut events = Vec::new();
    while after < until {
        let page = journal.read_stream(stream, after, PAGE).await?;
        let last = page.len() < PAGE;
        after = page.last().map_or(until, |event| event.header.version);
        events.extend(page);
        if last {
            break;
        }
    }
    Ok(events)
}

/// A stream as of `version`, folded from its beginning.
pub(crate) async fn as_of<A: Hosted>(
    journal: &dyn Journal,
    stream: StreamId,
    version: Version,
    directory: &Arc<OrganisationDirectory>,
) -> Result<Fold<A>, FoldError> {
    let mut fold = Fold::default();
    while fold.version < version {
        let page = journal.read_stream(stream, fold.version, PAGE).await?;
        let last = page.len() < PAGE;
        fold.take_recorded(&page, version, directory)?;
        if last {
            break;
        }
    }
    Ok(fold)
}

/// The header of an event that is decided but not committed.
pub(crate) fn expected_header(issued: &domain::Issued<'_>, stream: StreamId, command: CommandId, version: Version, index: i16) -> Header {
    Header { organisation: issued.organisation, stream, version, position: 0, at: issued.at, person: issued.who, command, index }
}
