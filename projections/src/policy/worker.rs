//! Does what a policy says, while this node holds its lease: reads the log in its order, has done what follows from each event
//! before it goes on, and notes how far it has come. What follows, and how it is done, is the policy's.

use domain::codec::DecodeError;
use domain::{Header, Kind, Position, Recorded, TaskId};
use sqlx::PgPool;
use thiserror::Error;

use super::NotDone;
use super::progress::{self, Done};
use crate::feed::{Feed, Head};
use crate::lease::{Held, NotHeld};
use crate::leased::Pages;
use crate::metrics;
use crate::progress::Behind;
use crate::runner::Settings;

/// Positions in which nothing led to anything, until that is noted.
const POSITIONS_UNNOTED: i64 = 10_000;

/// Why the work stops for now.
#[derive(Debug, Error)]
pub(crate) enum Halt {
    #[error("the database cannot be asked")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    NotHeld(#[from] NotHeld),
    #[error(transparent)]
    Behind(#[from] Behind),
    #[error("a task does not take its command")]
    NotNow(#[source] NotDone),
}

/// Facts that lead to commands.
pub(super) trait Policy: Send + Sync + 'static {
    /// Names its lease, its progress and, in the ids of its commands, itself. Never changed.
    const NAME: &'static str;
    /// The kinds of stream whose facts it reads.
    const KINDS: &'static [Kind];
    type Follows: Send;

    /// What follows from a recorded event, if anything.
    fn follows(event: &Recorded) -> Result<Option<Self::Follows>, DecodeError>;

    /// This node does it from now on; the log ends at `head`.
    fn begin(&mut self, head: Position) {
        let _ = head;
    }

    /// Has it done. A command that was given before is given again under its id. `after` is the last task for which it was
    /// done before this worker began, where it was broken off in the midst; it notes as far as it has come there.
    fn act(
        &mut self,
        cause: &Header,
        follows: Self::Follows,
        after: TaskId,
        notes: &Notes<'_>,
    ) -> impl Future<Output = Result<(), Halt>> + Send;
}

/// Where a policy's progress is noted, while the lease is held.
pub(super) struct Notes<'a> {
    policy: &'static str,
    incarnation: i64,
    held: &'a Held,
    pool: &'a PgPool,
}

impl Notes<'_> {
    pub async fn store(&self, done: Done) -> Result<(), Halt> {
        progress::store(self.policy, self.incarnation, done, self.held, self.pool).await
    }
}

/// The work of a policy.
pub(super) struct Worker<P> {
    policy: P,
    pool: PgPool,
    page: usize,
    noted: Position,
}

impl<P: Policy> Worker<P> {
    pub fn new(policy: P, pool: PgPool, settings: Settings) -> Self {
        Self { policy, pool, page: settings.page, noted: 0 }
    }
}

impl<P: Policy> Pages for Worker<P> {
    const NAME: &'static str = P::NAME;
    const KINDS: &'static [Kind] = P::KINDS;
    type Halt = Halt;

    fn lease() -> String {
        format!("policy.{}", P::NAME)
    }

    async fn begin(&mut self, done: Done, head: Head) -> Result<(), Halt> {
        self.noted = done.position;
        self.policy.begin(head.position);
        Ok(())
    }

    async fn page(&mut self, feed: &mut Feed, mut done: Done, head: Head, held: &Held) -> Result<Done, Halt> {
        let pool = self.pool.clone();
        let notes = Notes { policy: P::NAME, incarnation: head.incarnation, held, pool: &pool };
        let batch = feed.read(done.position, head.position, self.page).await?;
        for event in &batch.events {
            match P::follows(event) {
                Ok(Some(follows)) => {
                    // Not of this event: what was noted is of one before it, which is done.
                    let after = if done.position == event.header.position - 1 { done.task } else { TaskId(0) };
                    self.policy.act(&event.header, follows, after, &notes).await?;
                    done = Done { position: event.header.position, task: TaskId(0) };
                    notes.store(done).await?;
                    self.noted = done.position;
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(policy = P::NAME, event.position = event.header.position, %error, "an event cannot be read");
                    metrics::policy_skipped(P::NAME);
                }
            }
        }
        // What was begun is noted at the position before its event, which this must not move past.
        let done = Done { position: batch.upto, task: TaskId(0) };
        if done.position == head.position && done.position - self.noted > POSITIONS_UNNOTED {
            notes.store(done).await?;
            self.noted = done.position;
        }
        Ok(done)
    }
}

/// What a rule stands in the way of is left: the task was deleted meanwhile, for one.
pub(super) fn left(
    policy: &'static str,
    cause: &Header,
    task: TaskId,
    answer: Result<Position, NotDone>,
) -> Result<Option<Position>, Halt> {
    match answer {
        Ok(position) => Ok(Some(position)),
        Err(refused @ NotDone::Refused(_)) => {
            tracing::warn!(policy, task = task.0, cause = cause.position, %refused, "what follows for a task was left");
            metrics::policy_skipped(policy);
            Ok(None)
        }
        Err(later @ NotDone::NotNow(_)) => Err(Halt::NotNow(later)),
    }
}
