//! Hands on what somebody left to another, task by task ([`domain::policy::succession`]). One node does it, while it holds the
//! lease; each task's command has an id that follows from the fact and the task, so that it takes effect once, whoever gives
//! it again after a crash. Successions are done in the order of the log, each to its end before the next: who receives may
//! have gone as well, and hands on in their turn.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use domain::policy::succession::{self, KINDS, NAME, Succession};
use domain::{CommandId, Header, Position, TaskId};
use futures_util::{StreamExt, stream};
use sqlx::PgPool;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::progress::{self, Done};
use super::{Commands, Given, NotDone};
use crate::feed::{Feed, Head};
use crate::lease::{Held, Leases, NotHeld};
use crate::lookout::Lookout;
use crate::metrics;
use crate::progress::Behind;
use crate::runner::{Settings, backoff};
use crate::views::inbox::Inbox;
use crate::views::inbox::page::tasks_of;

/// Tasks between two notes of how far it has come.
const TASKS_IN_PAGE: i64 = 200;
/// Tasks that are handed on at the same time.
const TASKS_AT_ONCE: usize = 8;
/// How long the inbox is waited for, which says what is whose.
const INBOX_WAIT_MAX: Duration = Duration::from_secs(10);
/// The least time between two looks at the log.
const PACE: Duration = Duration::from_millis(100);
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

/// The task that does it.
pub(crate) struct Worker {
    pub pool: PgPool,
    pub feed: Feed,
    pub settings: Settings,
    pub leases: Leases,
    pub inbox: Arc<Lookout<Inbox>>,
    pub commands: Arc<dyn Commands>,
}

impl Worker {
    /// The kinds of stream whose facts it reads.
    pub const KINDS: &'static [domain::Kind] = KINDS;

    /// Runs until `shutdown`.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let stopped = shutdown.clone();
        tokio::select! {
            () = stopped.cancelled() => {}
            never = self.forever() => match never {},
        }
    }

    async fn forever(&mut self) -> Infallible {
        let mut attempt = 0;
        loop {
            let leases = self.leases.clone();
            let held = leases.hold(&format!("policy.{NAME}")).await;
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
                tracing::warn!(policy = NAME, error = &halt as &dyn std::error::Error, attempt, "a policy waits");
                metrics::policy_halted(NAME);
                tokio::time::sleep(backoff(attempt, self.settings.backoff_max)).await;
            }
        }
    }

    async fn work(&mut self, held: &Held, attempt: &mut u32) -> Result<Infallible, Halt> {
        let mut head = self.feed.head().await?;
        let mut done = progress::load(NAME, head, &self.pool).await?;
        let mut noted = done.position;
        // What the inbox has to show before it is asked whose what is: all that was handed on before, by whomever.
        let mut wanted = head.position;
        loop {
            while done.position < head.position {
                let batch = self.feed.read(done.position, head.position, self.settings.page).await?;
                for event in &batch.events {
                    match succession::follows(event) {
                        Ok(Some(follows)) => {
                            // Not of this event: what was noted is of one before it, which is done.
                            let after = if done.position == event.header.position - 1 { done.task } else { TaskId(0) };
                            wanted = wanted.max(event.header.position);
                            self.hand_on(&event.header, follows, after, &mut wanted, (head.incarnation, held)).await?;
                            done = Done { position: event.header.position, task: TaskId(0) };
                            progress::store(NAME, head.incarnation, done, held, &self.pool).await?;
                            noted = done.position;
                        }
                        Ok(None) => {}
                        Err(error) => {
                            tracing::error!(policy = NAME, event.position = event.header.position, %error, "an event cannot be read");
                            metrics::policy_skipped(NAME);
                        }
                    }
                }
                // What was begun is noted at the position before its event, which this must not move past.
                done = Done { position: batch.upto, task: TaskId(0) };
            }
            *attempt = 0;
            if done.position - noted > POSITIONS_UNNOTED {
                progress::store(NAME, head.incarnation, done, held, &self.pool).await?;
                noted = done.position;
            }
            let seen = Head { incarnation: head.incarnation, position: done.position };
            self.feed.wait(seen, self.settings.poll).await;
            // While the log grows without end, nobody waits for this so impatiently.
            tokio::time::sleep(PACE).await;
            let now = self.feed.head().await?;
            if now.incarnation != head.incarnation {
                done = progress::load(NAME, now, &self.pool).await?;
            }
            head = now;
        }
    }

    /// Every open task of theirs after `after`, page by page.
    async fn hand_on(
        &self,
        cause: &Header,
        follows: Succession,
        mut after: TaskId,
        wanted: &mut Position,
        (incarnation, held): (i64, &Held),
    ) -> Result<(), Halt> {
        let organisation = cause.organisation;
        loop {
            let generation = self.inbox.caught_up(*wanted, INBOX_WAIT_MAX).await?;
            let tasks = tasks_of(&self.pool, &generation, organisation, follows.from, after, TASKS_IN_PAGE).await?;
            let Some(last) = tasks.last().copied() else { return Ok(()) };
            let commands = tasks.into_iter().map(|task| {
                let command = CommandId::of_policy(organisation, NAME, cause.position, task.0);
                let given = Given { organisation, task, command, cause: cause.position };
                async move { (task, self.commands.succeed(given, follows).await) }
            });
            let mut answers = stream::iter(commands).buffer_unordered(TASKS_AT_ONCE);
            while let Some((task, answer)) = answers.next().await {
                match answer {
                    Ok(position) => *wanted = position.max(*wanted),
                    Err(refused @ NotDone::Refused(_)) => {
                        // Deleted meanwhile, for one.
                        tracing::warn!(policy = NAME, task = task.0, cause = cause.position, %refused, "a task was not handed on");
                        metrics::policy_skipped(NAME);
                    }
                    Err(later @ NotDone::NotNow(_)) => return Err(Halt::NotNow(later)),
                }
            }
            after = last;
            progress::store(NAME, incarnation, Done { position: cause.position - 1, task: after }, held, &self.pool).await?;
        }
    }
}
