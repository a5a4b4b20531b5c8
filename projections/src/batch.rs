//! One batch into one generation: a transaction that writes the view and moves its checkpoint, and the
//! search for the event that is to blame when it cannot. When batches are read is not its matter.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::panic::AssertUnwindSafe;

use domain::Recorded;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{PgConnection, PgPool};

use crate::checkpoint::Checkpoint;
use crate::failure::{Reason, Refused};
use crate::feed::Batch;
use crate::follower::Follower;
use crate::generation::{COMMAND_IDLE_MAX, IDLE_MAX};
use crate::lease::{Held, NotHeld};
use crate::metrics;
use crate::parked::{self, Parked, ParkedStreams, stream_of};

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The checkpoint stands at the batch's end.
    In,
    /// The checkpoint was not where this follower left it: nothing was written.
    Overtaken,
    /// The view's lease is not held any more: nothing was written.
    Lost,
}

/// A batch with what it goes into.
pub(crate) struct Intake<'a, F> {
    pub follower: &'a F,
    pub pool: &'a PgPool,
    pub checkpoint: &'a mut Checkpoint,
    pub parked: &'a mut ParkedStreams,
    /// The lease under which the view is followed; none where a generation is filled that nobody else moves.
    pub held: Option<&'a Held>,
}

impl<F: Follower> Intake<'_, F> {
    /// Takes the batch in, all but what has to be parked. An error means that the database is away;
    /// everything up to the checkpoint is taken in then, and nothing after it.
    pub async fn take(&mut self, batch: Batch) -> Result<Taken, sqlx::Error> {
        match self.attempt(&batch, None).await? {
            Attempt::Taken(taken) => Ok(taken),
            // Once more: the reason may have passed.
            Attempt::Unclear(_) => match self.attempt(&batch, None).await? {
                Attempt::Taken(taken) => Ok(taken),
                Attempt::Unclear(reason) => self.bisect(batch, reason).await,
            },
        }
    }

    /// Takes the batch in by halves, down to the one event that is to blame.
    fn bisect(&mut self, batch: Batch, reason: Reason) -> BoxFuture<'_, Result<Taken, sqlx::Error>> {
        Box::pin(async move {
            let halves = match split(batch) {
                Ok(halves) => halves,
                Err(single) => {
                    return match self.attempt(&single, Some(reason.to_string())).await? {
                        Attempt::Taken(taken) => Ok(taken),
                        Attempt::Unclear(reason) => Err(sqlx::Error::Decode(Box::new(reason))),
                    };
                }
            };
            for half in halves {
                let taken = match self.attempt(&half, None).await? {
                    Attempt::Taken(taken) => taken,
                    Attempt::Unclear(reason) => self.bisect(half, reason).await?,
                };
                if taken != Taken::In {
                    return Ok(taken);
                }
            }
            Ok(Taken::In)
        })
    }

    /// One transaction, and again without each event that the follower names as one to park. With `blamed`,
    /// the batch's events are parked for that reason without being tried.
    async fn attempt(&mut self, batch: &Batch, blamed: Option<String>) -> Result<Attempt, sqlx::Error> {
        let mut poison: Vec<Parked<'_>> = Vec::new();
        if let Some(blamed) = blamed {
            poison.extend(batch.events.iter().map(|event| (event, blamed.clone())));
        }
        loop {
            let (events, parked) = self.sort(batch, &poison);
            let idle_max = if self.held.is_some() { IDLE_MAX } else { COMMAND_IDLE_MAX };
            let mut tx = self.pool.begin_with(self.checkpoint.generation.begin(idle_max)).await?;
            if let Some(held) = self.held {
                match held.guard(&mut tx).await {
                    Ok(()) => {}
                    Err(NotHeld::Lost { .. }) => return Ok(Attempt::Taken(Taken::Lost)),
                    Err(NotHeld::Database(error)) => return Err(error),
                }
            }
            if !self.checkpoint.advance(batch.upto, &mut tx).await? {
                return Ok(Attempt::Taken(Taken::Overtaken));
            }
            match apply_guarded(self.follower, &events, &mut tx).await {
                Ok(()) => {}
                Err(Refused::Retry(error)) => return Err(error),
                Err(Refused::Unclear(reason)) => return Ok(Attempt::Unclear(reason)),
                Err(Refused::Park { position, reason }) => {
                    let Some(event) = batch.events.iter().find(|event| event.header.position == position) else {
                        return Ok(Attempt::Unclear(reason));
                    };
                    poison.push((event, reason.to_string()));
                    continue;
                }
            }
            parked::park(&self.checkpoint.generation, &parked, &mut tx).await?;
            tx.commit().await?;
            self.checkpoint.position = batch.upto;
            self.parked.extend(poison.iter().map(|(event, _)| stream_of(event)));
            metrics::batch_taken(F::NAME, events.len());
            for (event, _) in &poison {
                let (position, stream) = (event.header.position, event.header.stream);
                // The reason may quote the event's content, which is nothing for a log: it is kept with the event.
                tracing::error!(view = F::NAME, event.position = position, %stream, "an event was parked: see parked_event");
                metrics::event_parked(F::NAME);
            }
            return Ok(Attempt::Taken(Taken::In));
        }
    }

    /// What the follower is to take in, and what is parked: `poison` and whatever comes after a parked event
    /// of its stream, in this batch or before it.
    fn sort<'b>(&self, batch: &'b Batch, poison: &[Parked<'b>]) -> (Cow<'b, [Recorded]>, Vec<Parked<'b>>) {
        if poison.is_empty() && self.parked.is_empty() {
            return (Cow::Borrowed(&batch.events), Vec::new());
        }
        let (mut events, mut parked) = (Vec::with_capacity(batch.events.len()), Vec::new());
        for event in &batch.events {
            let first = poison.iter().find(|(poisoned, _)| stream_of(poisoned) == stream_of(event));
            let after = first.map(|(poisoned, _)| event.header.position.cmp(&poisoned.header.position));
            match (first, after) {
                (Some(_), Some(Ordering::Less)) => events.push(event.clone()),
                (Some((_, reason)), Some(Ordering::Equal)) => parked.push((event, reason.clone())),
                (Some(_), _) => parked.push((event, Reason::Behind.to_string())),
                (None, _) if self.parked.contains(&stream_of(event)) => parked.push((event, Reason::Behind.to_string())),
                (None, _) => events.push(event.clone()),
            }
        }
        (Cow::Owned(events), parked)
    }
}

enum Attempt {
    Taken(Taken),
    Unclear(Reason),
}

/// Two halves, or the batch as it is when there is nothing to halve.
fn split(mut batch: Batch) -> Result<[Batch; 2], Batch> {
    if batch.events.len() < 2 {
        return Err(batch);
    }
    let later = batch.events.split_off(batch.events.len() / 2);
    let middle = batch.events.last().map_or(batch.after, |event| event.header.position);
    Ok([Batch { after: batch.after, upto: middle, events: batch.events }, Batch { after: middle, upto: batch.upto, events: later }])
}

/// Lets the follower take the events in; a panic of it is an event's fault, not the end of the view.
pub(crate) async fn apply_guarded<F: Follower>(follower: &F, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
    if events.is_empty() {
        return Ok(());
    }
    // After a panic the transaction is rolled back, and nothing of the follower's own is kept between batches.
    AssertUnwindSafe(follower.apply(events, tx)).catch_unwind().await.unwrap_or(Err(Refused::Unclear(Reason::Panicked)))
}
