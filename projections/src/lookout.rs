//! The wait until a view has come far enough. The follower of this process says so itself; a view that another node moves
//! is looked at while somebody waits, by one of those who wait for all of them. Nothing is moved here.

use std::marker::PhantomData;
use std::time::Duration;

use domain::Position;
use sqlx::PgPool;
use tokio::sync::{Semaphore, watch};

use crate::checkpoint;
use crate::feed::Wake;
use crate::follower::Follower;
use crate::generation::Generation;
use crate::progress::{Behind, Progress, State};

/// Between two looks at a checkpoint that somebody else moves.
const LOOK: Duration = Duration::from_millis(5);
/// The least of it, however often new heads are told of.
const LOOK_MIN: Duration = Duration::from_millis(1);

/// Tells when the view `F` has come far enough.
#[derive(Debug)]
pub(crate) struct Lookout<F> {
    pool: PgPool,
    progress: watch::Receiver<Progress>,
    wake: Wake,
    /// What was last looked at, told to all who wait just then.
    seen: watch::Sender<Option<(Generation, Position)>>,
    /// Held by the one who looks.
    turn: Semaphore,
    view: PhantomData<fn() -> F>,
}

impl<F: Follower> Lookout<F> {
    pub fn new(pool: PgPool, progress: watch::Receiver<Progress>, wake: Wake) -> Self {
        Self { pool, progress, wake, seen: watch::Sender::new(None), turn: Semaphore::new(1), view: PhantomData }
    }

    /// Where the view is, as this process was last told.
    pub fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// Waits until the view has taken in everything up to `wanted`, at most for `timeout`, and tells which generation to
    /// read.
    pub async fn caught_up(&self, wanted: Position, timeout: Duration) -> Result<Generation, Behind> {
        if let Some(generation) = far_enough(&self.progress.borrow(), wanted) {
            return Ok(generation);
        }
        let waited = tokio::time::timeout(timeout, async {
            tokio::select! {
                // In this order: whoever is told does not look as well.
                biased;
                generation = self.told(wanted) => generation,
                generation = self.seen(wanted) => generation,
                generation = self.look(wanted) => generation,
            }
        })
        .await;
        waited.map_err(|_elapsed| Behind { view: F::NAME, position: self.progress.borrow().position, wanted })
    }

    /// Waits until the view is known to have moved beyond `seen`; for ever when it never does.
    pub async fn moves(&self, seen: Position) {
        if self.progress.clone().wait_for(|now| now.position > seen).await.is_err() {
            std::future::pending().await
        }
    }

    /// Waits for this process's follower to say so; for ever when it has stopped.
    async fn told(&self, wanted: Position) -> Generation {
        if let Ok(now) = self.progress.clone().wait_for(|now| now.position >= wanted).await {
            return now.generation.clone();
        }
        std::future::pending().await
    }

    /// Waits for whoever looks to see it. What was seen before this wait began may be of a generation that is gone.
    async fn seen(&self, wanted: Position) -> Generation {
        let mut seen = self.seen.subscribe();
        while seen.changed().await.is_ok() {
            if let Some((generation, position)) = &*seen.borrow_and_update()
                && *position >= wanted
            {
                return generation.clone();
            }
        }
        std::future::pending().await
    }

    /// Looks, for all who wait, as long as it is this one's turn: until it has seen what it wants, or waits no longer.
    async fn look(&self, wanted: Position) -> Generation {
        // Never closed.
        let _turn = self.turn.acquire().await;
        let (mut progress, mut wake) = (self.progress.clone(), self.wake.clone());
        loop {
            // As long as the follower of this process moves the view, nobody has to look. An error: it is no more.
            let _ = progress.wait_for(|now| now.state != State::Running).await;
            wake.mark_unchanged();
            if let Ok(Some((checkpoint, head))) = checkpoint::load::<F>(&self.pool).await {
                let checkpoint = checkpoint.seen_of(head);
                self.seen.send_replace(Some((checkpoint.generation.clone(), checkpoint.position)));
                if checkpoint.position >= wanted {
                    return checkpoint.generation;
                }
            }
            tokio::time::sleep(LOOK_MIN).await;
            // A new head is when views begin to move.
            if let Ok(Err(_nobody_tells)) = tokio::time::timeout(LOOK - LOOK_MIN, wake.changed()).await {
                tokio::time::sleep(LOOK - LOOK_MIN).await;
            }
        }
    }
}

fn far_enough(progress: &Progress, wanted: Position) -> Option<Generation> {
    (progress.position >= wanted).then(|| progress.generation.clone())
}
