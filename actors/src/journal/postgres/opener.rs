//! Openings of actors: calls made at the same time share a query. Not what an actor makes of them.

use domain::{Recorded, StreamId};
use sqlx::Row;
use sqlx::postgres::PgPool;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::in_time;
use super::rows::{self, recorded_columns};
use crate::journal::judge::PART;
use crate::journal::{Opening, ReadFailure, Snapshot};

/// Streams that share a query.
const GROUP_MAX: usize = 64;
/// Queries under way at once; while they are, the next groups fill.
const GROUPS_MAX: usize = 4;
/// Openings that may wait; more wait for a place.
const WAITING_MAX: usize = 4_096;

pub(super) struct Opener {
    queue: mpsc::Sender<Wanted>,
}

struct Wanted {
    stream: StreamId,
    fingerprint: u64,
    answer: oneshot::Sender<Result<Opening, ReadFailure>>,
}

impl Opener {
    pub fn start(pool: PgPool, stop: CancellationToken) -> Self {
        let (queue, receiver) = mpsc::channel(WAITING_MAX);
        tokio::spawn(run(pool, receiver, stop));
        Self { queue }
    }

    pub async fn open(&self, stream: StreamId, fingerprint: u64) -> Result<Opening, ReadFailure> {
        let (answer, answered) = oneshot::channel();
        let stopped = || ReadFailure::from(sqlx::Error::PoolClosed);
        self.queue.send(Wanted { stream, fingerprint, answer }).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

async fn run(pool: PgPool, mut queue: mpsc::Receiver<Wanted>, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(GROUPS_MAX));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let mut group = Vec::with_capacity(GROUP_MAX);
        tokio::select! {
            () = stop.cancelled() => return,
            taken = queue.recv_many(&mut group, GROUP_MAX) => if taken == 0 { return },
        }
        let pool = pool.clone();
        tokio::spawn(async move {
            answer(&pool, group).await;
            drop(place);
        });
    }
}

async fn answer(pool: &PgPool, group: Vec<Wanted>) {
    match in_time(read(pool, &group)).await {
        Ok(openings) => {
            for (wanted, opening) in group.into_iter().zip(openings) {
                // Who asked may have given up.
                drop(wanted.answer.send(Ok(opening)));
            }
        }
        Err(failure) => {
            for wanted in group {
                drop(wanted.answer.send(Err(failure.clone())));
            }
        }
    }
}

/// A snapshot counts only when it is of the asker's build and the log's hash at its version is its own.
pub(super) const READ_SNAPSHOTS: &str = "SELECT w.n, s.version, s.hash, s.body \
     FROM unnest($2::smallint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS w (kind, stream, fingerprint, n) \
     CROSS JOIN LATERAL (SELECT version, hash, body FROM snapshot \
                         WHERE part = $1 AND kind = w.kind AND stream = w.stream AND fingerprint = w.fingerprint LIMIT 1) s \
     CROSS JOIN LATERAL (SELECT hash FROM event \
                         WHERE part = $1 AND kind = w.kind AND stream = w.stream AND version = s.version LIMIT 1) e \
     WHERE e.hash = s.hash";

pub(super) const READ_EVENTS: &str = concat!(
    "SELECT w.n, ",
    recorded_columns!(),
    " FROM unnest($2::smallint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS w (kind, stream, after, n) \
     CROSS JOIN LATERAL (SELECT * FROM event \
                         WHERE part = $1 AND kind = w.kind AND stream = w.stream AND version > w.after ORDER BY version LIMIT $5) e \
     ORDER BY w.n, e.version"
);

/// Events of one opening; a stream never grows that long (a task takes 10,000 comments).
const EVENTS_MAX: i64 = 1_000_000;

async fn read(pool: &PgPool, group: &[Wanted]) -> Result<Vec<Opening>, ReadFailure> {
    let mut openings: Vec<Opening> = group.iter().map(|_| Opening::default()).collect();
    let kinds: Vec<i16> = group.iter().map(|wanted| wanted.stream.kind.number()).collect();
    let streams: Vec<i64> = group.iter().map(|wanted| wanted.stream.id).collect();
    let fingerprints: Vec<i64> = group.iter().map(|wanted| wanted.fingerprint.cast_signed()).collect();
    let mut connection = pool.acquire().await?;
    let snapshots =
        sqlx::query(READ_SNAPSHOTS).bind(PART).bind(&kinds).bind(&streams).bind(fingerprints).fetch_all(&mut *connection).await?;
    let mut after = vec![0_i64; group.len()];
    for row in &snapshots {
        let place = place(row, group.len())?;
        let snapshot = Snapshot {
            stream: group[place].stream,
            version: row.try_get("version")?,
            hash: rows::hash(row, "hash")?,
            fingerprint: group[place].fingerprint,
            body: row.try_get("body")?,
        };
        after[place] = snapshot.version;
        openings[place].snapshot = Some(snapshot);
    }
    let events =
        sqlx::query(READ_EVENTS).bind(PART).bind(kinds).bind(streams).bind(after).bind(EVENTS_MAX).fetch_all(&mut *connection).await?;
    for row in &events {
        let event: Recorded = rows::recorded(row)?;
        openings[place(row, group.len())?].events.push(event);
    }
    Ok(openings)
}

fn place(row: &sqlx::postgres::PgRow, group: usize) -> Result<usize, ReadFailure> {
    let place: i64 = row.try_get("n")?;
    usize::try_from(place - 1)
        .ok()
        .filter(|place| *place < group)
        .ok_or_else(|| ReadFailure::Corrupt("an opening that was not asked for".to_owned()))
}
