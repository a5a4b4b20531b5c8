//! Does what a policy says, while this node holds its lease: reads the log in its order, has done what follows from each event
//! before it goes on, and notes how far it has come. What follows, and how it is done, is the policy's.

use std::convert::Infallible;
use std::time::Duration;

use domain::codec::DecodeError;
use domain::{Header, Kind, Position, Recorded, TaskId};
use sqlx::PgPool;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::NotDone;
use super::progress::{self, Done};
use crate::feed::{Feed, Head, Wake};
use crate::lease::{Held, Leases, NotHeld};
use crate::metrics;
use crate::progress::Behind;
use crate::runner::{Settings, backoff};

/// The least time between two looks at the log: while it grows without end, nobody waits for a policy so impatiently.
const PACE: Duration = Duration::from_millis(50);
/// Positions in which nothing led to anything, until that is noted.
const POSITIONS_UNNOTED: i64 = 10_000;

/// Why the work stops for now.
#[derive(Debug, Error)]
pub(super) enum Halt {
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

/// The task that does it.
pub(super) struct Worker<P> {
    pub policy: P,
    pub pool: PgPool,
    pub feed: Feed,
    pub settings: Settings,
    pub leases: Leases,
}

impl<P: Policy> Worker<P> {
    pub fn new(policy: P, pool: PgPool, wake: Wake, settings: Settings, leases: Leases) -> Self {
        let feed = Feed::new(pool.clone(), P::KINDS, wake);
        Self { policy, pool, feed, settings, leases }
    }

    /// Runs until `shutdown`.
    pub async fn run(mut self, shutdown: CancellationToken) {
        tokio::select! {
            () = shutdown.cancelled() => {}
            never = self.forever() => match never {},
        }
    }

    async fn forever(&mut self) -> Infallible {
        let name = format!("policy.{}", P::NAME);
        let mut attempt = 0;
        loop {
            let leases = self.leases.clone();
            let held = leases.hold(&name).await;
            let halted = tokio::select! {
                () = held.over() => None,
                halted = self.work(&held, &mut attempt) => match halted {
                    Ok(never) => match never {},
                    Err(halt) => Some(halt),
                },
            };
            drop(held);
            if let Some(halt) = halted {
                attempt += 1;
                tracing::warn!(policy = P::NAME, error = &halt as &dyn std::error::Error, attempt, "a policy waits");
                metrics::policy_halted(P::NAME);
                tokio::time::sleep(backoff(attempt, self.settings.backoff_max)).await;
            }
        }
    }

    async fn work(&mut self, held: &Held, attempt: &mut u32) -> Result<Infallible, Halt> {
        let mut head = self.feed.head().await?;
        let mut done = progress::load(P::NAME, head, &self.pool).await?;
        let mut noted = done.position;
        self.policy.begin(head.position);
        loop {
            let pool = self.pool.clone();
            let notes = Notes { policy: P::NAME, incarnation: head.incarnation, held, pool: &pool };
            while done.position < head.position {
                done = self.page(done, head, &notes, &mut noted).await?;
            }
            *attempt = 0;
            if done.position - noted > POSITIONS_UNNOTED {
                notes.store(done).await?;
                noted = done.position;
            }
            let seen = Head { incarnation: head.incarnation, position: done.position };
            self.feed.wait(seen, self.settings.poll).await;
            tokio::time::sleep(PACE).await;
            let now = self.feed.head().await?;
            if now.incarnation != head.incarnation {
                done = progress::load(P::NAME, now, &self.pool).await?;
            }
            head = now;
        }
    }

    async fn page(&mut self, mut done: Done, head: Head, notes: &Notes<'_>, noted: &mut Position) -> Result<Done, Halt> {
        let batch = self.feed.read(done.position, head.position, self.settings.page).await?;
        for event in &batch.events {
            match P::follows(event) {
                Ok(Some(follows)) => {
                    // Not of this event: what was noted is of one before it, which is done.
                    let after = if done.position == event.header.position - 1 { done.task } else { TaskId(0) };
                    self.policy.act(&event.header, follows, after, notes).await?;
                    done = Done { position: event.header.position, task: TaskId(0) };
                    notes.store(done).await?;
                    *noted = done.position;
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(policy = P::NAME, event.position = event.header.position, %error, "an event cannot be read");
                    metrics::policy_skipped(P::NAME);
                }
            }
        }
        // What was begun is noted at the position before its event, which this must not move past.
        Ok(Done { position: batch.upto, task: TaskId(0) })
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
