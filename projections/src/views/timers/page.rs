//! The timers whose time has come, and when the next one's will. Nothing is fired here.

use domain::task::timer::Timer;
use domain::{Kind, OrganisationId, Position, StreamId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use super::rows;
use crate::generation::Generation;

/// A timer that has not fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub organisation: OrganisationId,
    pub stream: StreamId,
    pub timer: Timer,
    pub at: Timestamp,
    /// The position of the fact that set it.
    pub cause: Position,
}

/// The first `limit` timers after `begin` whose time has come by `now`, in the order of their times, without those of `but`.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn page(
    pool: &PgPool,
    generation: &Generation,
    (begin, now): (Timestamp, Timestamp),
    but: &[Standing],
    limit: u32,
) -> Result<Vec<Standing>, sqlx::Error> {
    let sql = "SELECT organisation, kind, stream, timer, at, cause FROM {view}.timer t
               WHERE at > $1 AND at <= $2
                 AND NOT EXISTS (SELECT 1 FROM unnest($3::bigint[], $4::smallint[]) AS s (stream, timer)
                                 WHERE s.stream = t.stream AND s.timer = t.timer)
               ORDER BY at, stream, timer LIMIT $5";
    let rows: Vec<(i64, i16, i64, i16, jiff_sqlx::Timestamp, i64)> = sqlx::query_as(generation.sql(sql))
        .bind(begin.to_sqlx())
        .bind(now.to_sqlx())
        .bind(but.iter().map(|standing| standing.stream.id).collect::<Vec<_>>())
        .bind(but.iter().map(|standing| i16::from(standing.timer.bit())).collect::<Vec<_>>())
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    let standing = rows.into_iter().filter_map(|(organisation, kind, stream, timer, at, cause)| {
        let stream = StreamId::new(Kind::from_number(kind)?, stream);
        Some(Standing { organisation: OrganisationId(organisation), stream, timer: rows::timer(timer)?, at: at.to_jiff(), cause })
    });
    Ok(standing.collect())
}

/// When the first timer after `now` fires.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn next(pool: &PgPool, generation: &Generation, now: Timestamp) -> Result<Option<Timestamp>, sqlx::Error> {
    let sql = "SELECT at FROM {view}.timer WHERE at > $1 ORDER BY at LIMIT 1";
    let row: Option<(jiff_sqlx::Timestamp,)> = sqlx::query_as(generation.sql(sql)).bind(now.to_sqlx()).fetch_optional(pool).await?;
    Ok(row.map(|(at,)| at.to_jiff()))
}
