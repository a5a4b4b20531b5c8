//! Keeps one view going while this node holds its lease: reads the log, hands batches over, waits when the database is
//! away, never gives up. Looks on while another node does. What a batch does is [`crate::batch`]'s.

use std::convert::Infallible;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use domain::Position;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::batch::{Intake, Taken};
use crate::checkpoint::{self, Checkpoint};
use crate::failure::Failure;
use crate::feed::{self, Batch, Feed, Head};
use crate::follower::{Follower, shape};
use crate::generation;
use crate::lease::{self, Held, Leases};
use crate::metrics;
use crate::parked::{self, ParkedStreams};
use crate::progress::{Progress, State};

/// How often a checkpoint is moved while the log grows, but by nothing that its view wants. Most views want little of what
/// is written most; a transaction a page and view would cost more than all that they take in.
const NOTE_EVERY: Duration = Duration::from_millis(50);

/// A view that is level rests as long as its last page took, and no longer than this: what comes meanwhile makes one page, and
/// the processors are left to who writes.
const REST_MAX: Duration = Duration::from_millis(20);

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
    /// The longest wait between two tries while the database is away.
    pub backoff_max: Duration,
    /// Whether this node follows views, or only looks on while others do.
    pub follow: bool,
    /// How long leases last; also between two looks at a view that another node moves.
    pub lease: lease::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            page: 1_000,
            poll: Duration::from_secs(1),
            pace: Duration::from_millis(5),
            backoff_max: Duration::from_secs(5),
            follow: true,
            lease: lease::Settings::default(),
        }
    }
}

/// The lease under which the view is followed. Builds of another shape have their own generation, hence another lease.
pub(crate) fn lease_name<F: Follower>() -> String {
    format!("view.{}.{}", F::NAME, shape::<F>())
}

/// The task that keeps one view going.
pub(crate) struct Runner<F> {
    pub follower: F,
    pub pool: PgPool,
    pub feed: Feed,
    pub settings: Settings,
    pub progress: watch::Sender<Progress>,
    /// None where views are not followed.
    pub leases: Option<Leases>,
}

impl<F: Follower> Runner<F> {
    /// Runs until `shutdown`; a batch that is not committed by then is rolled back.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let stopped = shutdown.clone();
        tokio::select! {
            () = stopped.cancelled() => {}
            never = self.forever() => match never {},
        }
        self.progress.send_modify(|progress| progress.state = State::Stopped);
    }

    async fn forever(&mut self) -> Infallible {
        let Some(leases) = self.leases.clone() else { return self.look_on().await };
        let name = lease_name::<F>();
        let mut attempt = 0;
        loop {
            let held = tokio::select! {
                held = leases.hold(&name) => held,
                never = self.look_on() => match never {},
            };
            let outcome = tokio::select! {
                () = held.over() => Ok(()),
                outcome = self.follow(&held, &mut attempt) => outcome,
            };
            // Whoever cannot go on lets somebody else try.
            drop(held);
            if let Err(error) = outcome {
                self.rest(&error, &mut attempt).await;
            }
        }
    }

    /// Looks on while another node moves the view.
    async fn look_on(&self) -> Infallible {
        let (mut attempt, mut mark) = (0, None);
        loop {
            match feed::in_time(self.look(&mut mark)).await {
                Ok(()) => {
                    attempt = 0;
                    tokio::time::sleep(self.settings.lease.look).await;
                }
                Err(error) => self.rest(&error, &mut attempt).await,
            }
        }
    }

    /// One look. While the log grows, a view that is looked at now and then is hardly ever found level with the head of
    /// that moment; so it is held against a head seen before (`mark`), and was level when that was the head.
    async fn look(&self, mark: &mut Option<(Head, Instant)>) -> Result<(), Failure> {
        let (checkpoint, head) = checkpoint::load::<F>(&self.pool).await?.ok_or(Failure::NoGeneration(F::NAME))?;
        let parked = parked::streams(&checkpoint.generation, &self.pool).await?;
        let now = Instant::now();
        let (marked, at) = mark.filter(|(marked, _)| marked.incarnation == head.incarnation).unwrap_or((head, now));
        let checkpoint = checkpoint.seen_of(head);
        let passed = checkpoint.position >= marked.position;
        *mark = Some(if passed { (head, now) } else { (marked, at) });
        self.tell(&checkpoint, checkpoint.position, head, &parked, State::Standby);
        if passed {
            self.progress.send_modify(|progress| progress.level_at = progress.level_at.max(Some(at)));
        }
        Ok(())
    }

    async fn rest(&self, error: &Failure, attempt: &mut u32) {
        *attempt += 1;
        let wait = must_wait(F::NAME, error, *attempt, self.settings.backoff_max);
        self.progress.send_modify(|progress| progress.state = State::Waiting);
        tokio::time::sleep(wait).await;
    }

    /// Moves the view until the lease turns out to be lost.
    async fn follow(&mut self, held: &Held, attempt: &mut u32) -> Result<(), Failure> {
        loop {
            match self.follow_as_known(held, attempt).await? {
                Taken::Lost => return Ok(()),
                Taken::In | Taken::Overtaken => {}
            }
        }
    }

    /// Moves the view until the row says something else than is known here: the generation or a parked stream changed.
    async fn follow_as_known(&mut self, held: &Held, attempt: &mut u32) -> Result<Taken, Failure> {
        let (mut checkpoint, mut head) = self.load().await?;
        let mut parked = parked::streams(&checkpoint.generation, &self.pool).await?;
        // How far the log was read. Nothing for this view lies between the row and here, so its tables are what they are here.
        let mut reached = checkpoint.position;
        let mut noted = Instant::now();
        loop {
            self.tell(&checkpoint, reached, head, &parked, State::Running);
            if reached >= head.position {
                let is_noted = reached == checkpoint.position;
                if is_noted {
                    self.feed.wait(checkpoint.head(), self.settings.poll).await;
                }
                let told = self.feed.told();
                if told.incarnation == checkpoint.incarnation && told.position > reached {
                    head = told;
                } else if is_noted {
                    let (now, at) = self.load().await?;
                    if now != checkpoint {
                        return Ok(Taken::Overtaken);
                    }
                    head = at;
                    continue;
                }
            }
            let begun = Instant::now();
            let grows = reached < head.position;
            let batch = if grows {
                self.feed.read(reached, head.position, self.settings.page).await?
            } else {
                Batch { after: reached, upto: reached, events: Vec::new() }
            };
            let behind = batch.upto < head.position;
            reached = batch.upto;
            if !grows || !batch.events.is_empty() || noted.elapsed() >= NOTE_EVERY {
                let mut intake = Intake {
                    follower: &self.follower,
                    pool: &self.pool,
                    checkpoint: &mut checkpoint,
                    parked: &mut parked,
                    held: Some(held),
                };
                match intake.take(batch).await? {
                    Taken::In => (*attempt, noted) = (0, Instant::now()),
                    other => return Ok(other),
                }
            }
            if !behind {
                self.tell(&checkpoint, reached, head, &parked, State::Running);
                let spent = begun.elapsed();
                tokio::time::sleep(self.settings.pace.saturating_sub(spent).max(spent.min(REST_MAX))).await;
            }
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

    /// Says that the view is at `position`: where its checkpoint is, or beyond it where nothing for the view came since.
    fn tell(&self, checkpoint: &Checkpoint, position: Position, head: Head, parked: &ParkedStreams, state: State) {
        let level = position >= head.position;
        metrics::position(F::NAME, position, head.position);
        self.progress.send_modify(|progress| {
            progress.generation = checkpoint.generation.clone();
            progress.incarnation = checkpoint.incarnation;
            progress.position = position;
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
pub(crate) fn backoff(attempt: u32, max: Duration) -> Duration {
    let full = Duration::from_millis(50).saturating_mul(1 << attempt.min(16)).min(max);
    // A fresh `RandomState` hashes nothing to a number that nobody can foretell; that is all that is asked here.
    let chance = RandomState::new().build_hasher().finish() % 1_000;
    full - full.mul_f64(f64::from(u32::try_from(chance).unwrap_or_default()) / 2_000.0)
}
