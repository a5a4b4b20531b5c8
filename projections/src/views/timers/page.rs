//! The timers whose time has come, and when the next one's will. Nothing is fired here.

use domain::{OrganisationId, PersonId, Position, TaskId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use super::What;
use super::rows::{Key, Keys};
use crate::generation::Generation;

/// A timer that has not fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub organisation: OrganisationId,
    pub task: TaskId,
    pub what: What,
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
    let sql = "SELECT organisation, person, task, timer, at, cause FROM {view}.timer t
               WHERE at > $1 AND at <= $2
                 AND NOT EXISTS (SELECT 1 FROM unnest($3::bigint[], $4::bigint[], $5::smallint[], $6::bigint[])
                                               AS s (task, person, timer, organisation)
                                 WHERE s.task = t.task AND s.person = t.person AND s.timer = t.timer AND s.organisation = t.organisation)
               ORDER BY at, task, timer, person LIMIT $7";
    let keys: Vec<Key> = but.iter().map(|but| Key { organisation: but.organisation, task: but.task, what: but.what }).collect();
    let keys = Keys::of(keys.iter());
    let rows: Vec<(i64, i64, i64, i16, jiff_sqlx::Timestamp, i64)> = sqlx::query_as(generation.sql(sql))
        .bind(begin.to_sqlx())
        .bind(now.to_sqlx())
        .bind(keys.tasks)
        .bind(keys.persons)
        .bind(keys.timers)
        .bind(keys.organisations)
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    let standing = rows.into_iter().filter_map(|(organisation, person, task, timer, at, cause)| {
        let what = What::of(timer, PersonId(person))?;
        Some(Standing { organisation: OrganisationId(organisation), task: TaskId(task), what, at: at.to_jiff(), cause })
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
