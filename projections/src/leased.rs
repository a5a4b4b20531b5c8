//! What one node does at a time: taken up whenever this node has the lease of it, broken off when that is lost, and begun again after a
//! while where it had to stop. And, for what follows the log and has effects outside of views, how it is read: page by page, from where
//! the work was noted to have come. What is done is the work's matter.

use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;

use domain::Kind;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::feed::{Feed, Head, Wake};
use crate::lease::{Held, Leases};
use crate::metrics;
use crate::policy::progress::{self, Done};
use crate::runner::{Settings, backoff};

/// The least time between two looks at the log: while it grows without end, nobody waits for such work so impatiently.
const PACE: Duration = Duration::from_millis(50);

/// Work of one node.
pub(crate) trait Work: Send + 'static {
    type Halt: Error + Send + Sync + 'static;

    /// Names it in logs and metrics, and its lease where that has no other name. Never changed.
    fn name(&self) -> &'static str;

    fn lease(&self) -> String {
        self.name().to_owned()
    }

    /// Does it until it has to stop. What goes on well sets `attempt` back to 0.
    fn work(&mut self, held: &Held, attempt: &mut u32) -> impl Future<Output = Result<Infallible, Self::Halt>> + Send;
}

/// Has it done whenever this node holds the lease, until `shutdown`.
pub(crate) async fn run<W: Work>(mut work: W, leases: Leases, backoff_max: Duration, shutdown: CancellationToken) {
    tokio::select! {
        () = shutdown.cancelled() => {}
        never = forever(&mut work, &leases, backoff_max) => match never {},
    }
}

async fn forever<W: Work>(work: &mut W, leases: &Leases, backoff_max: Duration) -> Infallible {
    let lease = work.lease();
    let mut attempt = 0;
    loop {
        let held = leases.hold(&lease).await;
        let halted = tokio::select! {
            () = held.over() => None,
            halted = work.work(&held, &mut attempt) => match halted {
                Ok(never) => match never {},
                Err(halt) => Some(halt),
            },
        };
        drop(held);
        if let Some(halt) = halted {
            attempt += 1;
            tracing::warn!(work = work.name(), error = &halt as &dyn Error, attempt, "work of one node waits");
            metrics::policy_halted(work.name());
            tokio::time::sleep(backoff(attempt, backoff_max)).await;
        }
    }
}

/// Work that follows the log.
pub(crate) trait Pages: Send + 'static {
    /// Names its progress, and in most cases its lease. Never changed.
    const NAME: &'static str;
    /// The kinds of stream whose facts it reads.
    const KINDS: &'static [Kind];
    type Halt: Error + From<sqlx::Error> + Send + Sync + 'static;

    fn lease() -> String {
        Self::NAME.to_owned()
    }

    /// This node does it from now on, from `done` on, in a log that ends at `head`; also when the log was replaced.
    fn begin(&mut self, done: Done, head: Head) -> impl Future<Output = Result<(), Self::Halt>> + Send;

    /// Takes in what comes after `done`, up to `head` at most, and says how far it has come. It notes that itself, with its effects.
    fn page(&mut self, feed: &mut Feed, done: Done, head: Head, held: &Held) -> impl Future<Output = Result<Done, Self::Halt>> + Send;
}

/// Has the log read for it.
pub(crate) struct Reading<P> {
    pages: P,
    pool: PgPool,
    feed: Feed,
    poll: Duration,
}

impl<P: Pages> Reading<P> {
    pub fn new(pages: P, pool: PgPool, wake: Wake, settings: Settings) -> Self {
        let feed = Feed::new(pool.clone(), P::KINDS, wake);
        Self { pages, pool, feed, poll: settings.poll }
    }
}

impl<P: Pages> Work for Reading<P> {
    type Halt = P::Halt;

    fn name(&self) -> &'static str {
        P::NAME
    }

    fn lease(&self) -> String {
        P::lease()
    }

    async fn work(&mut self, held: &Held, attempt: &mut u32) -> Result<Infallible, P::Halt> {
        let mut head = self.feed.head().await?;
        let mut done = progress::load(P::NAME, head, &self.pool).await?;
        self.pages.begin(done, head).await?;
        loop {
            while done.position < head.position {
                done = self.pages.page(&mut self.feed, done, head, held).await?;
            }
            *attempt = 0;
            let seen = Head { incarnation: head.incarnation, position: done.position };
            self.feed.wait(seen, self.poll).await;
            tokio::time::sleep(PACE).await;
            let now = self.feed.head().await?;
            if now.incarnation != head.incarnation {
                done = progress::load(P::NAME, now, &self.pool).await?;
                self.pages.begin(done, now).await?;
            }
            head = now;
        }
    }
}
