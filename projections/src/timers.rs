//! The scheduler: has timers fire when their time comes. One node does it, while it holds the lease. What fires is recorded by
//! the stream that it is about, under a command id that follows from the fact that set the timer: so it fires once, whoever dies
//! meanwhile and whoever does it again. What stood still (a night without a server) is worked off in the order of the
//! times, at a bounded speed.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Position;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use sqlx::PgPool;
use thiserror::Error;

use crate::generation::Generation;
use crate::lease::Held;
use crate::leased::Work;
use crate::lookout::Lookout;
use crate::metrics;
use crate::policy::{Commands, NotDone};
use crate::progress::Behind;
use crate::runner::Settings;
use crate::views::timers::{Standing, Timers, next, page};

/// The lease under which one node does it.
pub const LEASE: &str = "timers";
/// Timers that are looked at at once.
const PAGE: u32 = 100;
/// Timers that fire at the same time: their order in the log may differ by that many.
const AT_ONCE: usize = 8;
/// The least time between two pages: a backlog is worked off at 400 a second at most, so that people are served meanwhile.
const PACE: Duration = Duration::from_millis(250);
/// The least time between two looks while the log grows.
const LOOK_MIN: Duration = Duration::from_millis(100);
/// How long the view may take to show what was fired, until it is looked at all the same.
const SHOWN_MAX: Duration = Duration::from_secs(2);
/// Before a timer that did not fire, and stands all the same, is tried again: doubled up to the longest.
const AGAIN_MIN: Duration = Duration::from_millis(200);
const AGAIN_MAX: Duration = Duration::from_secs(60);
/// Timers that stand although they were tried: beyond these the oldest are tried again before their time.
const TRIED_MAX: usize = 1_000;

#[derive(Debug, Error)]
pub(crate) enum Halt {
    #[error("the database cannot be asked")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Behind(#[from] Behind),
    #[error("it is not fired just now")]
    NotNow(#[source] NotDone),
}

/// The task that does it.
pub(crate) struct Scheduler {
    pub pool: PgPool,
    pub settings: Settings,
    pub timers: Arc<Lookout<Timers>>,
    pub commands: Arc<dyn Commands>,
    pub tried: Tried,
}

/// Timers that were tried and stand all the same, with how often and when it is time again.
#[derive(Debug, Default)]
pub(crate) struct Tried(HashMap<Standing, (u32, Instant)>);

impl Tried {
    /// Those that are left alone for now.
    fn resting(&self) -> Vec<Standing> {
        let now = Instant::now();
        let mut resting: Vec<(Instant, Standing)> =
            self.0.iter().filter(|(_, (_, until))| *until > now).map(|(standing, (_, until))| (*until, *standing)).collect();
        resting.sort_unstable_by_key(|(until, _)| std::cmp::Reverse(*until));
        resting.truncate(TRIED_MAX);
        resting.into_iter().map(|(_, standing)| standing).collect()
    }

    fn note(&mut self, standing: Standing) {
        let (tries, until) = self.0.entry(standing).or_insert((0, Instant::now()));
        *tries += 1;
        *until = Instant::now() + AGAIN_MIN.saturating_mul(1 << (*tries - 1).min(16)).min(AGAIN_MAX);
    }

    /// When the first of them is tried again.
    fn first(&self) -> Option<Instant> {
        self.0.values().map(|(_, until)| *until).filter(|until| *until > Instant::now()).min()
    }

    /// Those that have long been away are not remembered.
    fn forget(&mut self) {
        let now = Instant::now();
        self.0.retain(|_, (_, until)| *until + AGAIN_MAX > now);
    }
}

impl Work for Scheduler {
    type Halt = Halt;

    fn name(&self) -> &'static str {
        LEASE
    }

    async fn work(&mut self, _held: &Held, attempt: &mut u32) -> Result<Infallible, Halt> {
        let (begin,): (jiff_sqlx::Timestamp,) = sqlx::query_as("SELECT at FROM timers_begin").fetch_one(&self.pool).await?;
        let begin = begin.to_jiff();
        self.tried.0.clear();
        loop {
            let seen = self.timers.progress().position;
            // Whatever generation is read just now; it need not show anything yet.
            let generation = self.timers.caught_up(Position::MIN, SHOWN_MAX).await?;
            let looked = Instant::now();
            let now = self.commands.now();
            let standing = page(&self.pool, &generation, (begin, now), &self.tried.resting(), PAGE).await?;
            if standing.is_empty() {
                *attempt = 0;
                self.tried.forget();
                self.wait(&generation, now, seen).await?;
                continue;
            }
            let shown = self.fire(&standing, now).await?;
            standing.into_iter().for_each(|standing| self.tried.note(standing));
            // What it shows by then does not stand any more.
            let _ = self.timers.caught_up(shown, SHOWN_MAX).await;
            tokio::time::sleep(PACE.saturating_sub(looked.elapsed())).await;
        }
    }
}

impl Scheduler {
    /// Returns the position that shows what has fired.
    async fn fire(&self, standing: &[Standing], now: Timestamp) -> Result<Position, Halt> {
        let mut shown = 0;
        let firing = standing.iter().copied().map(|standing| async move { (standing, self.commands.fire(standing).await) });
        let mut answers = stream::iter(firing).buffered(AT_ONCE);
        let mut later = None;
        while let Some((standing, answer)) = answers.next().await {
            match answer {
                Ok(position) => {
                    shown = position.max(shown);
                    metrics::timer_fired(Duration::try_from(now.duration_since(standing.at)).unwrap_or_default());
                }
                Err(refused @ NotDone::Refused(_)) => {
                    // Deleted meanwhile, for one.
                    tracing::debug!(task = standing.task.0, cause = standing.cause, %refused, "a timer does not fire");
                }
                Err(not_now @ NotDone::NotNow(_)) => later = Some(not_now),
            }
        }
        later.map_or(Ok(shown), |not_now| Err(Halt::NotNow(not_now)))
    }

    /// Until the next timer's time, or the view may show another one that comes before it.
    async fn wait(&self, generation: &Generation, now: Timestamp, seen: Position) -> Result<(), Halt> {
        let next = next(&self.pool, generation, now).await?;
        let until_next = next.map_or(self.settings.poll, |next| Duration::try_from(next.duration_since(now)).unwrap_or_default());
        let until_again = self.tried.first().map(|first| first.saturating_duration_since(Instant::now()));
        let wait = until_next.min(self.settings.poll).min(until_again.unwrap_or(self.settings.poll));
        if let Ok(()) = tokio::time::timeout(wait, self.timers.moves(seen)).await {
            // The log may grow without end: looks are bounded, and a timer that is due sooner is not kept waiting.
            tokio::time::sleep(LOOK_MIN.min(wait)).await;
        }
        Ok(())
    }
}
