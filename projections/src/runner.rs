//! Keeps one view going: reads the log, hands batches over, steps back when somebody else moves the view,
//! waits when the database is away, never gives up. What a batch does is [`crate::batch`]'s.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::batch::{Intake, Taken};
use crate::checkpoint::{self, Checkpoint};
use crate::failure::Failure;
use crate::feed::{Feed, Head};
use crate::follower::Follower;
use crate::generation;
use crate::metrics;
use crate::parked::{self, ParkedStreams};
use crate::progress::{Progress, State};

/// How followers read.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Events in a page.
    pub page: usize,
    /// Between two looks at the head when nobody tells of a new one.
    pub poll: Duration,
    /// The least time from one batch's begin to the next one's while there is nothing to catch up on: under
    /// load it makes fewer and larger batches.
    pub pace: Duration,
    /// How long a view that somebody else moves may stand still below the head before it is taken over.
    pub takeover: Duration,
    /// The longest wait between two tries while the database is away.
    pub backoff_max: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            page: 1_000,
            poll: Duration::from_secs(1),
            pace: Duration::from_millis(5),
            takeover: Duration::from_secs(2),
            backoff_max: Duration::from_secs(5),
        }
    }
}

/// The task that keeps one view going.
pub(crate) struct Runner<F> {
    pub follower: F,
    pub pool: PgPool,
    pub feed: Feed,
    pub settings: Settings,
    pub progress: watch::Sender<Progress>,
}

impl<F: Follower> Runner<F> {
    /// Runs until `shutdown`; a batch that is not committed by then is rolled back.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let stopped = shutdown.clone();
        tokio::select! {
            () = stopped.cancelled() => {}
            () = self.forever() => {}
        }
        self.progress.send_modify(|progress| progress.state = State::Stopped);
    }

    async fn forever(&mut self) {
        let mut attempt = 0;
        loop {
            match self.follow(&mut attempt).await {
                Ok(before) => self.stand_by(before).await,
                Err(error) => {
                    attempt += 1;
                    let wait = must_wait(F::NAME, &error, attempt, self.settings.backoff_max);
                    self.progress.send_modify(|progress| progress.state = State::Waiting);
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    /// Moves the view for as long as nobody else does. Returns its last checkpoint when the row says something
    /// else: a batch came from elsewhere, or the generation or a parked stream changed.
    async fn follow(&mut self, attempt: &mut u32) -> Result<Checkpoint, Failure> {
        let (mut checkpoint, mut head) = self.load().await?;
        let mut parked = parked::streams(&checkpoint.generation, &self.pool).await?;
        loop {
            self.tell(&checkpoint, head, &parked, State::Running);
            if checkpoint.position >= head.position {
                self.feed.wait(checkpoint.head(), self.settings.poll).await;
                let told = self.feed.told();
                if told.incarnation == checkpoint.incarnation && told.position > checkpoint.position {
                    head = told;
                } else {
                    let (now, at) = self.load().await?;
                    if now != checkpoint {
                        return Ok(checkpoint);
                    }
                    head = at;
                    continue;
                }
            }
            let begun = Instant::now();
            let batch = self.feed.read(checkpoint.position, head.position, self.settings.page).await?;
            let behind = batch.upto < head.position;
            let mut intake = Intake { follower: &self.follower, pool: &self.pool, checkpoint: &mut checkpoint, parked: &mut parked };
            match intake.take(batch).await? {
                Taken::In => *attempt = 0,
                Taken::Overtaken => return Ok(checkpoint),
            }
            if !behind {
                self.tell(&checkpoint, head, &parked, State::Running);
                tokio::time::sleep(self.settings.pace.saturating_sub(begun.elapsed())).await;
            }
        }
    }

    /// Looks on while somebody else moves the view; returns when it is this follower's turn.
    async fn stand_by(&mut self, mut known: Checkpoint) {
        let mut moved_at = Instant::now();
        loop {
            let Ok((now, head)) = self.load().await else { return };
            let elsewhere = now.generation == known.generation && now.epoch == known.epoch && now.position > known.position;
            if !elsewhere && (now.generation != known.generation || now.epoch != known.epoch) {
                return;
            }
            if elsewhere {
                moved_at = Instant::now();
            } else if now.position < head.position && moved_at.elapsed() >= self.settings.takeover {
                return;
            }
            let parked = parked::streams(&now.generation, &self.pool).await.unwrap_or_default();
            self.tell(&now, head, &parked, State::Standby);
            known = now;
            tokio::time::sleep(self.settings.takeover / 8).await;
        }
    }

    /// The live checkpoint and the head. A generation made from another incarnation of the log begins anew.
    async fn load(&self) -> Result<(Checkpoint, Head), Failure> {
        let (checkpoint, head) = checkpoint::load::<F>(&self.pool).await?.ok_or(Failure::NoGeneration(F::NAME))?;
        if checkpoint.incarnation == head.incarnation {
            return Ok((checkpoint, head));
        }
        tracing::warn!(
            view = F::NAME,
            incarnation.before = checkpoint.incarnation,
            incarnation.now = head.incarnation,
            "the log was replaced; the view is made again from its first event"
        );
        generation::reset::<F>(&checkpoint.generation, head, &self.pool).await?;
        checkpoint::load::<F>(&self.pool).await?.ok_or(Failure::NoGeneration(F::NAME))
    }

    fn tell(&self, checkpoint: &Checkpoint, head: Head, parked: &ParkedStreams, state: State) {
        let level = checkpoint.position >= head.position;
        metrics::position(F::NAME, checkpoint.position, head.position);
        self.progress.send_modify(|progress| {
            progress.generation = checkpoint.generation.clone();
            progress.incarnation = checkpoint.incarnation;
            progress.position = checkpoint.position;
            progress.state = state;
            progress.parked_streams = parked.len();
            if level {
                progress.level_at = Some(Instant::now());
            }
        });
    }
}

/// Notes that `view` cannot go on for now; returns for how long to leave the database alone.
pub(crate) fn must_wait(view: &'static str, error: &Failure, attempt: u32, max: Duration) -> Duration {
    let wait = backoff(attempt, max);
    let error: &(dyn std::error::Error + 'static) = error;
    tracing::warn!(view, error, attempt, wait_ms = wait.as_millis(), "a view waits for the database");
    metrics::follower_failed(view);
    wait
}

/// Doubles from 50 ms to `max`, less up to a half of it by chance, so that not all come back at once.
fn backoff(attempt: u32, max: Duration) -> Duration {
    let full = Duration::from_millis(50).saturating_mul(1 << attempt.min(16)).min(max);
    // A fresh `RandomState` hashes nothing to a number that nobody can foretell; that is all that is asked here.
    let chance = RandomState::new().build_hasher().finish() % 1_000;
    full - full.mul_f64(f64::from(u32::try_from(chance).unwrap_or_default()) / 2_000.0)
}
