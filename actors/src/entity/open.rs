//! An actor's first state: from its newest snapshot and the events after it. Not its later catching up
//! (see [`super::recover`]).

use std::sync::Arc;

use actix::prelude::*;
use domain::{Recorded, StreamId, Version};

use super::{Entity, Origin};
use crate::ask::Refused;
use crate::fold::{self, Fold, FoldError};
use crate::hosted::{Hosted, organisation_of};
use crate::journal::ReadFailure;
use crate::router::Router;

/// What was read of a stream: a fold, and the events that it does not hold yet.
pub(crate) struct Found<A: Hosted> {
    pub fold: Fold<A>,
    /// The version of the snapshot that `fold` comes from, or 0.
    kept: Version,
    pub events: Vec<Recorded>,
}

impl<A: Hosted> Entity<A> {
    /// Brings the actor to its first state; messages wait meanwhile.
    pub(super) fn open(&mut self, ctx: &mut Context<Self>) {
        match self.origin.take() {
            Some(Origin::Fold { fold, published: _ }) => {
                self.committed = *fold;
                self.drop_expected();
                self.look_around();
                self.weigh();
            }
            Some(Origin::Log) | None => {
                let (router, stream) = (self.router.clone(), self.entry.stream);
                let read = async move { read(&router, stream).await };
                ctx.wait(read.into_actor(self).map(move |found, actor, ctx| {
                    let opened = found.map_err(FoldError::Read).and_then(|found| actor.fill(found));
                    match opened {
                        Ok(()) => drop(actor.publish(ctx)),
                        Err(error) => actor.fail(&error, ctx),
                    }
                }));
            }
        }
    }

    fn fill(&mut self, found: Found<A>) -> Result<(), FoldError> {
        let Found { fold, kept, events } = found;
        self.committed = fold;
        self.kept = kept;
        let organisation = self.committed.organisation.or(events.first().map(|event| event.header.organisation));
        if let Some(organisation) = organisation {
            // Without one, names would be missing from the document, and nothing would bring them back.
            let (directory, _) = self.router.surroundings.directory()?;
            self.directory = organisation_of(&directory, organisation);
        }
        self.committed.take_recorded(&events, Version::MAX, &self.directory)?;
        self.drop_expected();
        Ok(())
    }

    /// The log could not be read or folded: the actor goes, and says why.
    pub(super) fn fail(&mut self, error: &FoldError, ctx: &mut Context<Self>) {
        let stream = self.entry.stream;
        let refused = match error {
            FoldError::Read(cause) => {
                tracing::warn!(%stream, error = cause as &dyn std::error::Error, "a stream cannot be read");
                Refused::Unavailable("the log cannot be read".into())
            }
            FoldError::Decode(cause) => {
                tracing::error!(%stream, error = cause as &dyn std::error::Error, "a stream cannot be understood");
                Refused::Unavailable("the log holds something that this build does not understand".into())
            }
            FoldError::Stale(stale) => Refused::Unavailable(stale.to_string().into()),
            FoldError::Panicked => self.broken(ctx),
        };
        self.entry.close(refused);
        self.leave(ctx);
    }
}

/// What the log holds of a stream, as committed after the call began.
pub(crate) async fn read<A: Hosted>(router: &Arc<Router>, stream: StreamId) -> Result<Found<A>, ReadFailure> {
    // Closed only when the node is gone.
    let _place = router.activations.acquire().await;
    let opening = router.journal.open(stream, fold::fingerprint::<A>()).await?;
    let Some(snapshot) = opening.snapshot else {
        return Ok(Found { fold: Fold::default(), kept: 0, events: opening.events });
    };
    Ok(match Fold::from_snapshot(&snapshot) {
        Some(fold) => Found { fold, kept: snapshot.version, events: opening.events },
        None => Found { fold: Fold::default(), kept: 0, events: fold::read(router.journal.as_ref(), stream, 0, Version::MAX).await? },
    })
}
