//! The log on Postgres. One writer task with a connection of its own, group commit under the head's lock;
//! reads through the pool. What a batch comes to is judged in [`super::judge`].
//!
//! - [`queue`]: what waits, and until when; [`writer`]: retries and lost connections; [`trouble`]: which failure means what;
//! - [`session`]: one round trip for a batch whose ground is known; [`locked`]: three, where others have written since;
//!   [`slow`]: read first, then write;
//! - [`reader`]: everything that is read; [`opener`]: openings that share a query;
//! - [`clock`]: the estimate of the database's clock.

mod clock;
mod columns;
#[cfg(test)]
mod contention;
mod erase;
#[cfg(test)]
mod guards;
mod locked;
mod opener;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod overtaken;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod proxy;
mod queue;
mod reader;
pub(crate) mod rows;
mod session;
mod slow;
mod trouble;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::{ClaimKind, CommandId, Kind, OrganisationId, Position, Recorded, StreamId, Version};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::postgres::{PgConnectOptions, PgPool};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::judge::PART;
use super::prepared::Prepared;
use super::{Append, Busy, Completion, Erasure, Head, Journal, Opening, Permit, ReadFailure, Receipt, Refusal, Snapshot, Step, Unhealthy};
use clock::LogClock;
use opener::Opener;
use queue::{Intake, Message, Queued, Waiter};

/// A commit that takes longer than this counts as trouble.
const COMMIT_MAX: Duration = Duration::from_secs(5);

/// A read that takes longer is given up: its connection may lead nowhere, and nobody would say so.
const READ_MAX: Duration = Duration::from_secs(5);

async fn in_time<T>(read: impl Future<Output = Result<T, ReadFailure>>) -> Result<T, ReadFailure> {
    tokio::time::timeout(READ_MAX, read).await.unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut.into()))
}

/// Bounds that a test may want tighter.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Commands that may wait or be under way; more are refused with [`Busy`].
    pub queue_max: usize,
    /// Commands in one commit.
    pub batch_max: usize,
    /// Bytes in one commit; the last command of a batch may pass it.
    pub batch_bytes_max: usize,
    /// An answer of the database that takes longer means that the connection is lost.
    pub answer_max: Duration,
    /// How often the head is read for what others wrote.
    pub poll: Duration,
    /// The log begins at this moment, and its clock stands until [`PostgresJournal::tell`] moves it: for whoever writes a past.
    /// Only for a log without events.
    pub begins: Option<Timestamp>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            queue_max: 4_096,
            batch_max: 1_024,
            batch_bytes_max: 1024 * 1024,
            answer_max: Duration::from_secs(10),
            poll: Duration::from_secs(1),
            begins: None,
        }
    }
}

/// The log on Postgres. Dropping it lets the writer finish what is queued.
pub struct PostgresJournal {
    pool: PgPool,
    shared: Arc<Shared>,
    queue: mpsc::UnboundedSender<Message>,
    places: Arc<Semaphore>,
    opener: Opener,
    /// Closed once the writer has ended.
    ended: watch::Receiver<()>,
    stop: CancellationToken,
}

/// What the writer, the readers and the journal's users share.
struct Shared {
    head: watch::Sender<Head>,
    /// What the writer of this process has committed.
    written: watch::Sender<Head>,
    clock: LogClock,
    state: State,
}

/// What the writer is at, for [`Journal::health`].
struct State {
    started: Instant,
    /// Milliseconds after `started` at which the statement under way was sent; see the constants.
    since: AtomicU64,
}

const IDLE: u64 = u64::MAX;
const DISCONNECTED: u64 = u64::MAX - 1;
const STOPPED: u64 = u64::MAX - 2;

impl PostgresJournal {
    /// Connects and starts the writer, on a thread and a connection of its own, so that nothing else that is slow holds a
    /// commit up. `options` name the database of `pool`, which serves the reads.
    ///
    /// # Errors
    /// When the database does not answer, or holds no log; where the log is to begin in the past, and holds events.
    pub async fn start(pool: PgPool, options: PgConnectOptions, settings: Settings) -> Result<Arc<Self>, ReadFailure> {
        if let Some(at) = settings.begins {
            begin_at(&pool, at).await?;
        }
        let shared = Arc::new(Shared {
            head: watch::Sender::default(),
            written: watch::Sender::default(),
            clock: settings.begins.map_or_else(LogClock::new, LogClock::told),
            state: State::new(),
        });
        let (queue, receiver) = mpsc::unbounded_channel();
        let places = Arc::new(Semaphore::new(settings.queue_max));
        let stop = CancellationToken::new();
        let intake = Intake::new(receiver, stop.clone());
        let ended = writer::start(options, shared.clone(), settings, intake, places.clone()).await?;
        tokio::spawn(reader::poll_head(pool.clone(), shared.clone(), settings.poll, stop.clone()));
        let opener = Opener::start(pool.clone(), stop.clone());
        Ok(Arc::new(Self { pool, shared, queue, places, opener, ended, stop }))
    }

    /// What time it is, for a log that was begun in the past; never back. Of any other log the database's clock is the judge.
    pub fn tell(&self, at: Timestamp) {
        self.shared.clock.tell(at);
    }

    /// Takes no more commands, and returns once those that are queued have their answers.
    pub async fn stop(&self) {
        self.places.close();
        self.stop.cancel();
        // Nothing is ever sent: an error is the end.
        while self.ended.clone().changed().await.is_ok() {}
    }
}

/// Sets the time of a log without events back.
async fn begin_at(pool: &PgPool, at: Timestamp) -> Result<(), ReadFailure> {
    let begun = sqlx::query("UPDATE log_head SET at = $2 WHERE part = $1 AND position = 0").bind(PART).bind(at.to_sqlx());
    if begun.execute(pool).await?.rows_affected() == 0 {
        return Err(ReadFailure::NotEmpty);
    }
    Ok(())
}

impl Drop for PostgresJournal {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Shared {
    /// Heads only move on: what was read before a newer commit changes nothing.
    fn publish(&self, head: Head) {
        self.head.send_if_modified(|known| {
            let moved = (head.incarnation, head.position) > (known.incarnation, known.position);
            if moved {
                *known = head;
            }
            moved
        });
    }
}

impl State {
    fn new() -> Self {
        Self { started: Instant::now(), since: AtomicU64::new(IDLE) }
    }

    fn busy(&self) {
        let since = u64::try_from(self.started.elapsed().as_millis()).unwrap_or_default();
        self.since.store(since, Ordering::Relaxed);
    }

    fn set(&self, state: u64) {
        self.since.store(state, Ordering::Relaxed);
    }

    fn stalled(&self) -> Duration {
        match self.since.load(Ordering::Relaxed) {
            IDLE | DISCONNECTED | STOPPED => Duration::ZERO,
            since => self.started.elapsed().saturating_sub(Duration::from_millis(since)),
        }
    }

    fn health(&self) -> Result<(), Unhealthy> {
        match self.since.load(Ordering::Relaxed) {
            IDLE => Ok(()),
            DISCONNECTED => Err(Unhealthy::Disconnected),
            STOPPED => Err(Unhealthy::Stopped),
            since => {
                let taken = self.started.elapsed().saturating_sub(Duration::from_millis(since));
                if taken > COMMIT_MAX { Err(Unhealthy::Slow(taken.as_secs())) } else { Ok(()) }
            }
        }
    }
}

/// A place in the writer's queue.
struct Place {
    queue: mpsc::UnboundedSender<Message>,
    place: OwnedSemaphorePermit,
}

impl Permit for Place {
    fn submit(self: Box<Self>, append: Append, completion: Completion) {
        let queued = Queued { prepared: Prepared::new(append), erasure: None, waiter: Waiter::new(completion, self.place) };
        if let Err(mpsc::error::SendError(queued)) = self.queue.send(Box::new(queued)) {
            queued.waiter.answer(Err(Refusal::Unavailable("the journal was stopped".into())));
        }
    }
}

impl Journal for PostgresJournal {
    fn reserve(&self) -> Result<Box<dyn Permit>, Busy> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Busy)?;
        Ok(Box::new(Place { queue: self.queue.clone(), place }))
    }

    fn head(&self) -> watch::Receiver<Head> {
        self.shared.head.subscribe()
    }

    fn written(&self) -> watch::Receiver<Head> {
        self.shared.written.subscribe()
    }

    fn told(&self, head: Head) {
        if self.shared.head.borrow().incarnation == head.incarnation {
            self.shared.publish(head);
        }
    }

    fn current_head(&self) -> BoxFuture<'_, Result<Head, ReadFailure>> {
        Box::pin(in_time(reader::current_head(&self.pool, &self.shared)))
    }

    fn read_stream(&self, stream: StreamId, after: Version, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, ReadFailure>> {
        Box::pin(in_time(reader::read_stream(&self.pool, stream, after, limit)))
    }

    fn read_all(&self, after: Position, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, ReadFailure>> {
        Box::pin(in_time(reader::read_all(&self.pool, after, limit)))
    }

    fn read_steps(&self, after: Position, limit: usize) -> BoxFuture<'_, Result<Vec<Step>, ReadFailure>> {
        Box::pin(in_time(reader::read_steps(&self.pool, after, limit)))
    }

    fn read_command(&self, organisation: OrganisationId, command: CommandId) -> BoxFuture<'_, Result<Option<Receipt>, ReadFailure>> {
        Box::pin(in_time(reader::read_command(&self.pool, organisation, command)))
    }

    fn open(&self, stream: StreamId, fingerprint: u64) -> BoxFuture<'_, Result<Opening, ReadFailure>> {
        Box::pin(self.opener.open(stream, fingerprint))
    }

    fn save_snapshot(&self, snapshot: Snapshot) -> BoxFuture<'_, ()> {
        Box::pin(reader::save_snapshot(&self.pool, snapshot))
    }

    fn next_id(&self, kind: Kind) -> BoxFuture<'_, Result<i64, ReadFailure>> {
        Box::pin(in_time(reader::next_id(&self.pool, kind)))
    }

    fn claim_holder(
        &self,
        organisation: OrganisationId,
        kind: ClaimKind,
        key: &str,
    ) -> BoxFuture<'_, Result<Option<StreamId>, ReadFailure>> {
        let key = key.to_owned();
        Box::pin(in_time(async move { reader::claim_holder(&self.pool, organisation, kind, &key).await }))
    }

    fn erase(&self, erasure: Erasure) -> BoxFuture<'_, Result<Receipt, Refusal>> {
        Box::pin(async move {
            erasure.check()?;
            let busy = |_| Refusal::Unavailable("the journal takes no more commands just now".into());
            let place = self.places.clone().try_acquire_owned().map_err(busy)?;
            let (answer, answered) = oneshot::channel();
            let queued = Queued {
                prepared: Prepared::new(erasure.record(0)),
                erasure: Some(erasure),
                // Nobody waits any more: the outcome is in the log all the same.
                waiter: Waiter::new(Box::new(move |outcome| drop(answer.send(outcome))), place),
            };
            let stopped = || Refusal::Unavailable("the journal was stopped".into());
            self.queue.send(Box::new(queued)).map_err(|_| stopped())?;
            answered.await.unwrap_or(Err(Refusal::Unknown))
        })
    }

    fn health(&self) -> Result<(), Unhealthy> {
        self.shared.state.health()
    }

    fn stalled(&self) -> Duration {
        self.shared.state.stalled()
    }

    fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_under_way_for_over_five_seconds_counts_as_trouble() {
        let state = State::new();
        assert_eq!(state.health(), Ok(()));
        state.busy();
        assert_eq!(state.health(), Ok(()));
        let earlier = state.started.checked_sub(Duration::from_secs(7)).expect("the machine runs for longer");
        let state = State { started: earlier, since: AtomicU64::new(0) };
        assert_eq!(state.health(), Err(Unhealthy::Slow(7)));
        assert!(state.stalled() >= Duration::from_secs(7));
        state.set(IDLE);
        assert_eq!((state.health(), state.stalled()), (Ok(()), Duration::ZERO));
    }
}
