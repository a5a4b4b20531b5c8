//! Makes a new generation of a view from the first event on, beside the one that is read, and puts it in
//! its place. The follower goes on meanwhile; it is not this one's matter.

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};

use crate::batch::{Intake, Taken};
use crate::checkpoint::Checkpoint;
use crate::failure::Failure;
use crate::feed::{self, Feed, Head, Wake};
use crate::follower::Follower;
use crate::generation::{self, Dropped, Generation};
use crate::parked::ParkedStreams;

/// Events in one transaction while filling: the fold writes each row once for all of them.
const PAGE: usize = 20_000;
/// The most events that may be taken in while the live view's follower is held.
const LAST_STRETCH_MAX: i64 = 5_000;

/// Rebuilds the view of `follower` and tells `progress` of positions done and of those there are.
/// The generation that was read stays until it is dropped.
///
/// # Errors
/// [`Failure::AlreadyRebuilding`] when somebody else does; [`Failure::Database`], and then nothing has changed
/// for readers.
pub(crate) async fn rebuild<F: Follower>(
    follower: &F,
    pool: &PgPool,
    progress: impl FnMut(i64, i64) + Send,
) -> Result<Generation, Failure> {
    let mut lock = Lock::acquire::<F>(pool, Wait::No).await?.ok_or(Failure::AlreadyRebuilding(F::NAME))?;
    let outcome = fill_and_swap(follower, pool, progress).await;
    lock.release().await;
    outcome
}

/// Makes the view's first generation of this build's shape, if there is none, and waits for whoever makes it.
pub(crate) async fn ensure<F: Follower>(follower: &F, pool: &PgPool) -> Result<Generation, Failure> {
    if let Some(live) = generation::live::<F>(&mut *pool.acquire().await?).await? {
        return Ok(live);
    }
    let Some(mut lock) = Lock::acquire::<F>(pool, Wait::Yes).await? else { return Err(Failure::AlreadyRebuilding(F::NAME)) };
    let outcome = match generation::live::<F>(&mut *pool.acquire().await?).await {
        Ok(Some(live)) => Ok(live),
        Ok(None) => {
            tracing::info!(view = F::NAME, "a view is being made from the log");
            fill_and_swap(follower, pool, |_, _| {}).await
        }
        Err(error) => Err(error.into()),
    };
    lock.release().await;
    outcome
}

async fn fill_and_swap<F: Follower>(follower: &F, pool: &PgPool, mut progress: impl FnMut(i64, i64) + Send) -> Result<Generation, Failure> {
    generation::drop_generations(pool, F::NAME, Dropped::Unfinished).await?;
    let head = feed::head(pool).await?;
    let generation = generation::create::<F>(pool, head).await?;
    let checkpoint = Checkpoint { generation, incarnation: head.incarnation, position: 0, epoch: 0 };
    let mut filling = Filling { follower, pool, feed: feed_of::<F>(pool, head), checkpoint, parked: ParkedStreams::new() };
    loop {
        filling.fill(&mut progress).await?;
        if filling.swap(&mut progress).await? {
            tracing::info!(view = F::NAME, generation = filling.checkpoint.generation.number, "readers see the new generation");
            return Ok(filling.checkpoint.generation);
        }
    }
}

/// A feed that is woken by nobody: filling asks for the head itself.
fn feed_of<F: Follower>(pool: &PgPool, head: Head) -> Feed {
    let (_, wake): (_, Wake) = tokio::sync::watch::channel((head.incarnation, head.position));
    Feed::of::<F>(pool.clone(), wake)
}

struct Filling<'a, F> {
    follower: &'a F,
    pool: &'a PgPool,
    feed: Feed,
    checkpoint: Checkpoint,
    parked: ParkedStreams,
}

impl<F: Follower> Filling<'_, F> {
    /// Takes in what there is when it begins, reading the next page while the last one is written.
    async fn fill(&mut self, progress: &mut (impl FnMut(i64, i64) + Send)) -> Result<(), Failure> {
        let head = self.head().await?.position;
        let feed = self.feed.clone();
        let mut next = feed.read(self.checkpoint.position, head, PAGE).await?;
        progress(self.checkpoint.position, head);
        while next.after < next.upto {
            let (batch, ahead) = (next, feed.clone());
            let from = batch.upto;
            let (read, taken) = tokio::join!(ahead.read(from, head, PAGE), self.take(batch));
            taken?;
            next = read?;
            progress(self.checkpoint.position, head);
        }
        Ok(())
    }

    /// Holds the live view's follower, takes the last stretch in, and changes places. `false`: the stretch
    /// has become too long to hold anybody for.
    async fn swap(&mut self, progress: &mut (impl FnMut(i64, i64) + Send)) -> Result<bool, Failure> {
        let mut tx = self.pool.begin_with(generation::holding()).await?;
        let live = generation::live::<F>(&mut tx).await?;
        if let Some(live) = &live
            && Checkpoint::lock(live, &mut tx).await?.is_none()
        {
            return Ok(false);
        }
        // With the lock held the live view cannot go beyond this head before it is replaced.
        let head = self.head().await?.position;
        if head - self.checkpoint.position > LAST_STRETCH_MAX {
            return Ok(false);
        }
        self.fill(progress).await?;
        generation::swap(live.as_ref(), &self.checkpoint.generation, &mut tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn head(&self) -> Result<Head, Failure> {
        let head = self.feed.head().await?;
        if head.incarnation == self.checkpoint.incarnation { Ok(head) } else { Err(Failure::LogReplaced(F::NAME)) }
    }

    async fn take(&mut self, batch: feed::Batch) -> Result<(), Failure> {
        let mut intake =
            Intake { follower: self.follower, pool: self.pool, checkpoint: &mut self.checkpoint, parked: &mut self.parked, held: None };
        match intake.take(batch).await? {
            Taken::In => Ok(()),
            Taken::Overtaken | Taken::Lost => Err(Failure::AlreadyRebuilding(F::NAME)),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    Yes,
    No,
}

/// One builder of a view at a time, held by a database session: it ends with the session, however that ends.
struct Lock {
    connection: PoolConnection<Postgres>,
    key: i64,
}

impl Lock {
    async fn acquire<F: Follower>(pool: &PgPool, wait: Wait) -> Result<Option<Self>, sqlx::Error> {
        let key = xxhash_rust::xxh3::xxh3_64(F::NAME.as_bytes()).cast_signed();
        let mut connection = pool.acquire().await?;
        // A session that is not released in order must not go back to the pool with its lock.
        connection.close_on_drop();
        let held = match wait {
            Wait::No => sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(key).fetch_one(&mut *connection).await?,
            Wait::Yes => {
                sqlx::query("SELECT pg_advisory_lock($1)").bind(key).execute(&mut *connection).await?;
                true
            }
        };
        Ok(held.then_some(Self { connection, key }))
    }

    async fn release(&mut self) {
        // If this fails the session is gone, and the lock with it.
        if let Err(error) = sqlx::query("SELECT pg_advisory_unlock($1)").bind(self.key).execute(&mut *self.connection).await {
            tracing::warn!(%error, "the lock on rebuilding a view went with its session");
        }
    }
}
