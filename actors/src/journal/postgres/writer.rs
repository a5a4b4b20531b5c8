//! The writer: takes what waits, has it written as one batch, answers; and what to do when that fails. One
//! batch at a time, so the order of the queue is the order of the log. What a batch comes to is
//! decided in [`super::session`] and below it.
//!
//! While the database works (or does not), the queue is still looked after: a command whose deadline passes is
//! answered at once. `Expired` if it cannot have been written, `Unknown` if an attempt may have been committed.
//! After a lost connection the next one first takes the head over, so that nothing late can still be
//! written, and then the batch goes the slow way, which looks its command ids up.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::RngExt;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::{Semaphore, oneshot, watch};

use super::queue::{Batch, Intake, Waiters};
use super::session::{Fast, Outcome, Session};
use super::trouble::{Advice, Trouble};
use super::{DISCONNECTED, IDLE, STOPPED, Settings, Shared, reader};
use crate::journal::ReadFailure;
use crate::metrics;

/// How often deadlines are looked at while the database works.
const TICK: Duration = Duration::from_millis(25);
/// A new connection that is not there by then is given up.
const CONNECT_MAX: Duration = Duration::from_secs(5);
const BACKOFF_MIN: Duration = Duration::from_millis(20);
const BACKOFF_MAX: Duration = Duration::from_secs(1);
/// Sizes of the log at which its statistics are gathered: the database's own upkeep comes too late for a fresh log.
const ANALYZE_AT: [i64; 3] = [1_000, 10_000, 100_000];

pub(super) struct Writer {
    session: Option<Session>,
    options: PgConnectOptions,
    shared: Arc<Shared>,
    settings: Settings,
    intake: Intake,
}

/// Starts the writer on a thread of its own, once it has a connection. The channel that comes back closes when it has ended.
pub(super) async fn start(
    options: PgConnectOptions,
    shared: Arc<Shared>,
    settings: Settings,
    intake: Intake,
    places: Arc<Semaphore>,
) -> Result<watch::Receiver<()>, ReadFailure> {
    let (alive, ended) = watch::channel(());
    let (opened, opening) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(sqlx::Error::Io)?;
    let thread = std::thread::Builder::new().name("journal".to_owned());
    let work = move || {
        let _end = End { shared: shared.clone(), places, _alive: alive };
        runtime.block_on(async {
            match Session::open(&options, shared.clone()).await {
                Ok(session) => {
                    if opened.send(Ok(())).is_ok() {
                        tokio::spawn(reader::analyze_if_neglected(options.clone()));
                        Writer { session: Some(session), options, shared, settings, intake }.run().await;
                    }
                }
                Err(failure) => drop(opened.send(Err(failure))),
            }
        });
    };
    thread.spawn(work).map_err(sqlx::Error::Io)?;
    opening.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))?;
    Ok(ended)
}

/// Marks the end of the writer, whatever it came from.
struct End {
    shared: Arc<Shared>,
    places: Arc<Semaphore>,
    _alive: watch::Sender<()>,
}

impl Drop for End {
    fn drop(&mut self) {
        self.places.close();
        self.shared.state.set(STOPPED);
    }
}

impl Writer {
    /// Until the journal is stopped and what was queued is answered.
    async fn run(mut self) {
        loop {
            self.reconnect().await;
            let Some(batch) = self.intake.batch(&self.settings).await else { break };
            self.write(batch).await;
        }
        if let Some(session) = self.session.take() {
            session.close().await;
        }
    }

    /// Returns with a connection, unless the journal was stopped and nobody waits.
    async fn reconnect(&mut self) {
        let mut backoff = Backoff::default();
        while self.session.is_none() && !self.intake.done() {
            self.connect(&mut Waiters::default(), &mut backoff).await;
        }
    }

    /// Sees a batch through: until everyone has an answer.
    async fn write(&mut self, batch: Batch) {
        let mut careful = false;
        let mut parts = VecDeque::from([batch]);
        while let Some(part) = parts.pop_front() {
            if let Some((first, second)) = self.write_part(part, careful).await {
                // One of these commands holds what the database does not take; the others shall not suffer for it.
                careful = true;
                parts.push_front(second);
                parts.push_front(first);
            }
        }
    }

    /// Tries until everyone has an answer, or tells the halves to go on with.
    async fn write_part(&mut self, mut batch: Batch, mut careful: bool) -> Option<(Batch, Batch)> {
        let mut backoff = Backoff::default();
        while batch.waiters.any() {
            let Some(mut session) = self.session.take() else {
                careful = true;
                self.connect(&mut batch.waiters, &mut backoff).await;
                continue;
            };
            self.shared.state.busy();
            let started = tokio::time::Instant::now();
            let before = session.left.position;
            let decided = AtomicBool::new(false);
            let attempt = self.attempt(&mut session, &mut batch, careful, &decided).await;
            self.session = Some(session);
            self.shared.state.set(IDLE);
            let trouble = match attempt {
                Ok(outcome) => {
                    metrics::journal_committed(batch.commands.len(), outcome.events, started.elapsed());
                    self.keep_statistics(before, outcome.events);
                    batch.waiters.answer(outcome.answers);
                    return None;
                }
                Err(trouble) => trouble,
            };
            careful = true;
            batch.waiters.learn(&trouble, decided.load(Ordering::Relaxed));
            match trouble.advice() {
                Advice::Reconnect => {
                    tracing::warn!(error = %trouble, log.in_doubt = batch.waiters.in_doubt, "the journal lost its connection");
                    metrics::journal_connection_lost();
                    self.session = None;
                    self.shared.state.set(DISCONNECTED);
                }
                Advice::Again => {
                    tracing::warn!(error = %trouble, "a batch is tried again");
                    self.pause(&mut batch.waiters, &mut backoff).await;
                }
                Advice::Halve if batch.commands.len() > 1 => return Some(batch.halve()),
                Advice::Halve | Advice::Refuse => {
                    tracing::error!(error = %trouble, "the log refuses a batch");
                    batch.waiters.refuse(&trouble.refusal());
                }
            }
        }
        None
    }

    /// One try at a batch: the fast way, if it may be gone; under the head's lock, if others were there before; and else,
    /// or when a unique index objects, the slow way.
    async fn attempt(&mut self, session: &mut Session, batch: &mut Batch, careful: bool, decided: &AtomicBool) -> Result<Outcome, Trouble> {
        let mut careful = careful || batch.erasure.is_some();
        if !careful && !session.is_overtaken() {
            let fast = session.fast(&batch.commands, decided);
            match self.answer(&mut batch.waiters, decided, fast).await {
                Ok(Fast::Written(outcome)) => return Ok(outcome),
                Ok(Fast::Overtaken) => {}
                Ok(Fast::Uncertain) => careful = true,
                Err(trouble) => careful = by_reading(trouble)?,
            }
            decided.store(false, Ordering::Relaxed);
        }
        if !careful {
            match self.under_lock(session, batch, false, decided).await {
                Ok(outcome) => return Ok(outcome),
                Err(trouble) => careful = by_reading(trouble)?,
            }
            decided.store(false, Ordering::Relaxed);
        }
        self.under_lock(session, batch, careful, decided).await
    }

    /// Locks the head first, so that what comes in while others write is in the same commit.
    async fn under_lock(
        &mut self,
        session: &mut Session,
        batch: &mut Batch,
        careful: bool,
        decided: &AtomicBool,
    ) -> Result<Outcome, Trouble> {
        self.answer(&mut batch.waiters, decided, session.lock()).await?;
        if !careful {
            self.intake.top_up(&self.settings, batch);
        }
        let append = session.append_locked(&batch.commands, batch.erasure.as_ref(), careful, decided);
        self.answer(&mut batch.waiters, decided, append).await
    }

    /// What the database answers, or that it does not; meanwhile those whose deadline passes are answered.
    async fn answer<T>(
        &mut self,
        waiters: &mut Waiters,
        decided: &AtomicBool,
        asked: impl Future<Output = Result<T, Trouble>>,
    ) -> Result<T, Trouble> {
        let asked = tokio::time::timeout(self.settings.answer_max, asked);
        let answered = during(&mut self.intake, waiters, decided, asked).await;
        answered.unwrap_or_else(|_| Err(Trouble::late(decided.load(Ordering::Relaxed))))
    }

    /// One try for a connection, and a pause if it fails.
    async fn connect(&mut self, waiters: &mut Waiters, backoff: &mut Backoff) {
        self.shared.state.set(DISCONNECTED);
        let opening = tokio::time::timeout(CONNECT_MAX, Session::open(&self.options, self.shared.clone()));
        let failure = match during(&mut self.intake, waiters, &AtomicBool::new(false), opening).await {
            Ok(Ok(session)) => {
                self.shared.state.set(IDLE);
                self.session = Some(session);
                tracing::info!("the journal is connected to the log again");
                return;
            }
            Ok(Err(failure)) => format!("{failure:?}"),
            Err(elapsed) => elapsed.to_string(),
        };
        tracing::warn!(error = failure, "the journal has no connection to the log");
        self.pause(waiters, backoff).await;
    }

    async fn pause(&mut self, waiters: &mut Waiters, backoff: &mut Backoff) {
        let pause = tokio::time::sleep(backoff.next());
        during(&mut self.intake, waiters, &AtomicBool::new(false), pause).await;
    }

    /// Has the log analysed when it has just grown past one of the sizes for it.
    fn keep_statistics(&self, before: i64, events: usize) {
        let after = self.session.as_ref().map_or(before, |session| session.left.position);
        if events > 0 && ANALYZE_AT.iter().any(|size| before < *size && *size <= after) {
            tokio::spawn(reader::analyze(self.options.clone()));
        }
    }
}

/// That a batch which met `trouble` goes the slow way, if there is still a connection to go it on. Mostly it was a unique
/// index: a command id that took effect before, or a version that is not new.
fn by_reading(trouble: Trouble) -> Result<bool, Trouble> {
    if trouble.lost {
        return Err(trouble);
    }
    tracing::debug!(error = %trouble, "a batch goes the slow way");
    Ok(true)
}

/// Waits for `work`, and meanwhile answers those whose deadline passes.
async fn during<T>(intake: &mut Intake, waiters: &mut Waiters, decided: &AtomicBool, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + TICK, TICK);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            _ = ticks.tick() => {
                intake.expire();
                waiters.expire(decided.load(Ordering::Relaxed));
            }
        }
    }
}

/// Growing pauses, each somewhere between half and all of its length, so that nodes do not come back all at once.
struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(BACKOFF_MIN)
    }
}

impl Backoff {
    #[expect(clippy::disallowed_methods, reason = "jitter decides nothing")]
    fn next(&mut self) -> Duration {
        let pause = self.0.mul_f64(rand::rng().random_range(0.5..1.0));
        self.0 = (self.0 * 2).min(BACKOFF_MAX);
        pause
    }
}
