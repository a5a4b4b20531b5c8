//! Opens the tasks that steps ask for, tells of their ends and closes those that nothing is expected of any more
//! ([`domain::policy::subprocess`]). One node does it, while it holds the lease, in the order of the log; each command has an id
//! that follows from its fact, so that it takes effect once, whoever gives it again after a crash.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use domain::policy::subprocess::{self, KINDS, NAME, Subprocess};
use domain::task::form::{News, Open, Told};
use domain::{CommandId, Header, TaskId};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::progress::{self, Done};
use super::succession::Halt;
use super::{Commands, Given, NotDone};
use crate::feed::{Feed, Head};
use crate::lease::{Held, Leases};
use crate::metrics;
use crate::runner::{Settings, backoff};

/// The least time between two looks at the log.
const PACE: Duration = Duration::from_millis(50);
/// Positions in which nothing led to anything, until that is noted.
const POSITIONS_UNNOTED: i64 = 10_000;
/// What a fact leads to first, and what follows from that: the commands' places in their ids.
const FIRST: i64 = 0;
const SECOND: i64 = 1;

/// The task that does it.
pub(crate) struct Worker {
    pub pool: PgPool,
    pub feed: Feed,
    pub settings: Settings,
    pub leases: Leases,
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
        loop {
            while done.position < head.position {
                let batch = self.feed.read(done.position, head.position, self.settings.page).await?;
                for event in &batch.events {
                    match subprocess::follows(event) {
                        Ok(Some(follows)) => {
                            self.act(&event.header, follows).await?;
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
                done = Done { position: batch.upto, task: TaskId(0) };
            }
            *attempt = 0;
            if done.position - noted > POSITIONS_UNNOTED {
                progress::store(NAME, head.incarnation, done, held, &self.pool).await?;
                noted = done.position;
            }
            let seen = Head { incarnation: head.incarnation, position: done.position };
            self.feed.wait(seen, self.settings.poll).await;
            tokio::time::sleep(PACE).await;
            let now = self.feed.head().await?;
            if now.incarnation != head.incarnation {
                done = progress::load(NAME, now, &self.pool).await?;
            }
            head = now;
        }
    }

    async fn act(&self, cause: &Header, follows: Subprocess) -> Result<(), Halt> {
        match follows {
            Subprocess::Open(open) => self.open(cause, open).await,
            Subprocess::Tell { task, told } => left(cause, self.commands.tell(given(cause, task, FIRST), told).await.map(drop)),
            Subprocess::Close { task } => left(cause, self.commands.close(given(cause, task, FIRST)).await.map(drop)),
        }
    }

    async fn open(&self, cause: &Header, open: Open) -> Result<(), Halt> {
        let (main, number) = (open.origin.task, open.origin.number);
        let opened = match self.commands.open(given(cause, main, FIRST), open).await {
            Ok(opened) => opened,
            Err(later @ NotDone::NotNow(_)) => return Err(Halt::NotNow(later)),
            Err(refused @ NotDone::Refused(_)) => return left(cause, Err(refused)),
        };
        let news = match opened {
            Ok(task) => News::Opened(task),
            Err(outcome) => News::Ended(outcome, std::collections::BTreeMap::new()),
        };
        left(cause, self.commands.tell(given(cause, main, SECOND), Told { number, news }).await.map(drop))
    }
}

fn given(cause: &Header, task: TaskId, index: i64) -> Given {
    let command = CommandId::of_policy(cause.organisation, NAME, cause.position, index);
    Given { organisation: cause.organisation, task, command, cause: cause.position }
}

/// What a rule stands in the way of is left: the task was deleted meanwhile, for one.
fn left(cause: &Header, answer: Result<(), NotDone>) -> Result<(), Halt> {
    match answer {
        Ok(()) => Ok(()),
        Err(refused @ NotDone::Refused(_)) => {
            tracing::warn!(policy = NAME, cause = cause.position, %refused, "what follows for a subprocess was left");
            metrics::policy_skipped(NAME);
            Ok(())
        }
        Err(later @ NotDone::NotNow(_)) => Err(Halt::NotNow(later)),
    }
}
