//! The directory as it was: an organisation with everybody and everything listed in it at an earlier position. Read from the
//! history that is kept of them; not what decisions are made with.

use std::sync::Arc;

use domain::directory::OrganisationDirectory;
use domain::{Directory, OrganisationId, Position};
use futures_util::TryStreamExt;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use super::DirectoryFollower;
use super::memory::put;
use crate::failure::Failure;
use crate::feed::PART;
use crate::follower::Follower;
use crate::generation::Generation;

/// `organisation` as of `position`, which `generation` of the view must have reached. Empty if it was not there yet. Costs as
/// much as reading all of it.
///
/// # Errors
/// When the database does not answer, or holds what this build cannot read.
pub async fn at(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    position: Position,
) -> Result<Arc<OrganisationDirectory>, Failure> {
    let sql = generation.sql(
        "SELECT kind, body::text FROM {view}.directory_entry
         WHERE organisation = $1 AND from_position <= $2 AND (to_position IS NULL OR to_position > $2) ORDER BY kind, id",
    );
    let mut rows = sqlx::query_as::<_, (i16, String)>(sql).bind(organisation.0).bind(position).fetch(pool);
    let mut directory = Directory::default();
    while let Some((kind, body)) = rows.try_next().await? {
        let unreadable = |error| Failure::Unreadable(DirectoryFollower::NAME, error);
        put(&mut directory, organisation, kind, &body).map_err(unreadable)?;
    }
    Ok(directory.organisation(organisation).cloned().unwrap_or_default())
}

/// The position of the last event that was recorded by `at`; 0 if there was none.
///
/// # Errors
/// When the database does not answer.
pub async fn position_at(pool: &PgPool, at: Timestamp) -> Result<Position, Failure> {
    Ok(sqlx::query_scalar("SELECT log_position_at($1, $2)").bind(PART).bind(at.to_sqlx()).fetch_one(pool).await?)
}

/// When the event at `position` was recorded; the beginning of time for 0.
///
/// # Errors
/// When the database does not answer.
pub async fn moment_of(pool: &PgPool, position: Position) -> Result<Timestamp, Failure> {
    let at: Option<jiff_sqlx::Timestamp> =
        sqlx::query_scalar("SELECT at FROM event WHERE part = $1 AND position = $2").bind(PART).bind(position).fetch_optional(pool).await?;
    Ok(at.map_or(Timestamp::UNIX_EPOCH, jiff_sqlx::Timestamp::to_jiff))
}
