//! Where a view is, published by its follower, and the wait until it has come far enough. Not how it gets there.

use std::time::{Duration, Instant};

use domain::Position;
use sqlx::PgPool;
use thiserror::Error;
use tokio::sync::watch;

use crate::checkpoint;
use crate::follower::Follower;
use crate::generation::Generation;

/// What a follower of this process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It moves the view.
    Running,
    /// Somebody else moves the view; it looks on, and takes over when they stop.
    Standby,
    /// The database is away, or refuses; it tries again.
    Waiting,
    /// It has stopped.
    Stopped,
}

/// Where a view is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whose tables were at `position`.
    pub generation: Generation,
    pub incarnation: i64,
    pub position: Position,
    pub state: State,
    /// Streams that the view does not hold whole.
    pub parked_streams: usize,
    /// When it was last level with the head of the log.
    pub level_at: Option<Instant>,
}

impl Progress {
    /// How long ago the view was last level with the head; nothing when it has not been since the start.
    pub fn behind(&self) -> Option<Duration> {
        self.level_at.map(|at| at.elapsed())
    }
}

/// The view has not seen the position that was asked for in time.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the view {view} is at {position}, before {wanted}")]
pub struct Behind {
    pub view: &'static str,
    pub position: Position,
    pub wanted: Position,
}

/// Between two looks at a checkpoint that somebody else moves.
const LOOK: Duration = Duration::from_millis(20);

/// Waits until the view has taken in everything up to `wanted`, at most for `timeout`, and tells which
/// generation to read.
pub(crate) async fn caught_up<F: Follower>(
    pool: &PgPool,
    progress: &watch::Receiver<Progress>,
    wanted: Position,
    timeout: Duration,
) -> Result<Generation, Behind> {
    if let Some(generation) = seen(&progress.borrow(), wanted) {
        return Ok(generation);
    }
    let mut progress = progress.clone();
    let waited = tokio::time::timeout(timeout, async {
        loop {
            // The follower of this process tells at once; of another's progress only the row does.
            let told = tokio::time::timeout(LOOK, told(&mut progress, wanted)).await;
            if let Ok(generation) = told {
                return generation;
            }
            if progress.borrow().state == State::Running {
                continue;
            }
            if let Ok(Some((checkpoint, _))) = checkpoint::load::<F>(pool).await
                && checkpoint.position >= wanted
            {
                return checkpoint.generation;
            }
        }
    })
    .await;
    let view = F::NAME;
    waited.map_err(|_elapsed| Behind { view, position: progress.borrow().position, wanted })
}

/// Waits for this process's follower to say so; for ever when it has stopped.
async fn told(progress: &mut watch::Receiver<Progress>, wanted: Position) -> Generation {
    if let Ok(now) = progress.wait_for(|now| now.position >= wanted).await {
        return now.generation.clone();
    }
    std::future::pending().await
}

fn seen(progress: &Progress, wanted: Position) -> Option<Generation> {
    (progress.position >= wanted).then(|| progress.generation.clone())
}
