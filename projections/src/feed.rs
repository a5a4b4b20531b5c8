//! Reads the log by position, page after page, woken by whoever knows of a new head. Knows what
//! an event's frame is, not what it means.

use std::time::Duration;

use domain::{CommandId, Header, Kind, OrganisationId, PersonId, Position, Recorded, StreamId};
use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{PgExecutor, PgPool, Row};
use tokio::sync::watch;

use crate::follower::Follower;

/// The one part of the log that there is to begin with.
pub const PART: i16 = 1;

/// The newest head that this process knows of: incarnation and position, both committed.
pub type Wake = watch::Receiver<(i64, i64)>;

/// A page's bytes of content: beyond these it ends early.
const PAGE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long a read may take.
const READ_MAX: Duration = Duration::from_secs(10);
/// Positions that one query may walk over in search of the kinds that are wanted.
const SPAN_MAX: i64 = 50_000;

/// The end of the log. Positions of two incarnations do not compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    pub incarnation: i64,
    pub position: Position,
}

/// All events of the wanted kinds after `after`, up to and with `upto`.
#[derive(Debug)]
pub struct Batch {
    pub after: Position,
    pub upto: Position,
    pub events: Vec<Recorded>,
}

/// A reader of some kinds of event.
#[derive(Clone, Debug)]
pub struct Feed {
    pool: PgPool,
    kinds: Vec<i16>,
    /// None: all of these kinds.
    types: Option<&'static [&'static str]>,
    wake: Wake,
}

impl Feed {
    pub fn new(pool: PgPool, kinds: &[Kind], wake: Wake) -> Self {
        Self { pool, kinds: kinds.iter().map(|kind| kind.number()).collect(), types: None, wake }
    }

    /// What the view wants.
    pub(crate) fn of<F: Follower>(pool: PgPool, wake: Wake) -> Self {
        Self { types: Some(F::TYPES).filter(|types| !types.is_empty()), ..Self::new(pool, F::KINDS, wake) }
    }

    /// The head as committed after the call began.
    pub async fn head(&self) -> Result<Head, sqlx::Error> {
        in_time(head(&self.pool)).await
    }

    /// The newest head that this process was told of; nothing is read.
    pub fn told(&self) -> Head {
        let (incarnation, position) = *self.wake.borrow();
        Head { incarnation, position }
    }

    /// Waits until this process is told of a head beyond `seen`, or `poll` has passed.
    pub async fn wait(&mut self, seen: Head, poll: Duration) {
        // Incarnations rise; whoever still tells of an older one has nothing new to say.
        let beyond = |told: &(i64, i64)| *told > (seen.incarnation, seen.position);
        let woken = tokio::time::timeout(poll, self.wake.wait_for(beyond)).await;
        let nobody_tells = matches!(woken, Ok(Err(_)));
        drop(woken);
        if nobody_tells {
            // Nobody tells of heads any more: only the poll is left.
            tokio::time::sleep(poll).await;
        }
    }

    /// At most `limit` events after `after` and up to `head`, which must be committed. The page ends early,
    /// with a lower `upto`, when it is full, heavy, or far.
    pub async fn read(&self, after: Position, head: Position, limit: usize) -> Result<Batch, sqlx::Error> {
        in_time(self.page(after, head, limit)).await
    }

    async fn page(&self, after: Position, head: Position, limit: usize) -> Result<Batch, sqlx::Error> {
        let far = head.min(after.saturating_add(SPAN_MAX));
        let mut rows = sqlx::query(
            "SELECT position, organisation, kind, stream, version, type, schema, at, person, command, index, payload::text
             FROM event WHERE part = $1 AND position > $2 AND position <= $3 AND kind = ANY($4) AND ($6::text[] IS NULL OR type = ANY($6))
             ORDER BY position LIMIT $5",
        )
        .bind(PART)
        .bind(after)
        .bind(far)
        .bind(&self.kinds)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(self.types)
        .fetch(&self.pool);
        let mut events = Vec::new();
        let mut bytes = 0;
        while let Some(row) = rows.try_next().await? {
            let event = recorded(&row)?;
            bytes += event.payload.len();
            events.push(event);
            if bytes > PAGE_BYTES_MAX {
                break;
            }
        }
        let cut = events.len() >= limit || bytes > PAGE_BYTES_MAX;
        let upto = events.last().filter(|_| cut).map_or(far, |last| last.header.position);
        Ok(Batch { after, upto, events })
    }
}

/// Gives a read up that takes too long: its connection may lead nowhere, and nobody would say so.
pub(crate) async fn in_time<T, E: From<sqlx::Error>>(read: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    tokio::time::timeout(READ_MAX, read).await.unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut.into()))
}

/// The head as committed after the call began.
pub(crate) async fn head<'e>(executor: impl PgExecutor<'e>) -> Result<Head, sqlx::Error> {
    let (incarnation, position) =
        sqlx::query_as("SELECT incarnation, position FROM log_head WHERE part = $1").bind(PART).fetch_one(executor).await?;
    Ok(Head { incarnation, position })
}

/// The events at `positions`, in order.
pub(crate) async fn at_positions<'e>(executor: impl PgExecutor<'e>, positions: &[Position]) -> Result<Vec<Recorded>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT position, organisation, kind, stream, version, type, schema, at, person, command, index, payload::text
         FROM event WHERE part = $1 AND position = ANY($2) ORDER BY position",
    )
    .bind(PART)
    .bind(positions)
    .fetch_all(executor)
    .await?;
    rows.iter().map(recorded).collect()
}

/// A row as an event. `meta` and `hash` are left empty: no follower reads them, and they are a third of the bytes.
pub(crate) fn recorded(row: &PgRow) -> Result<Recorded, sqlx::Error> {
    let number: i16 = row.try_get(2)?;
    let kind = Kind::from_number(number).ok_or_else(|| sqlx::Error::Protocol(format!("kind {number} was not asked for")))?;
    Ok(Recorded {
        header: Header {
            organisation: OrganisationId(row.try_get(1)?),
            stream: StreamId::new(kind, row.try_get(3)?),
            version: row.try_get(4)?,
            position: row.try_get(0)?,
            at: row.try_get::<jiff_sqlx::Timestamp, _>(7)?.to_jiff(),
            person: PersonId(row.try_get(8)?),
            command: CommandId(row.try_get(9)?),
            index: row.try_get(10)?,
        },
        event_type: row.try_get(5)?,
        schema: row.try_get(6)?,
        meta: String::new(),
        payload: row.try_get(11)?,
        hash: [0; 32],
    })
}
