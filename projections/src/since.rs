//! What an organisation's log holds since a position, for whoever was there before and comes back. Not a follower: it keeps no
//! checkpoint.

use domain::{Kind, OrganisationId, Position, Recorded};
use sqlx::PgPool;

use crate::failure::Failure;
use crate::feed::{self, PART};

/// How many of the organisation's events lie after `after` up to `upto`, counted no further than `most`.
///
/// # Errors
/// When the database does not answer.
pub async fn count(pool: &PgPool, organisation: OrganisationId, (after, upto): (Position, Position), most: i64) -> Result<i64, Failure> {
    let counted: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT FROM event WHERE part = $1 AND organisation = $2 AND position > $3 AND position <= $4 LIMIT $5) e",
    )
    .bind(PART)
    .bind(organisation.0)
    .bind(after)
    .bind(upto)
    .bind(most)
    .fetch_one(pool)
    .await?;
    Ok(counted)
}

/// The organisation's events of `kinds` after `after` up to `upto`, at most `limit`, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn events(
    pool: &PgPool,
    organisation: OrganisationId,
    kinds: &[Kind],
    (after, upto): (Position, Position),
    limit: i64,
) -> Result<Vec<Recorded>, Failure> {
    let rows = sqlx::query(
        "SELECT position, organisation, kind, stream, version, type, schema, at, person, command, index, payload::text
         FROM event WHERE part = $1 AND organisation = $2 AND position > $3 AND position <= $4 AND kind = ANY ($5)
         ORDER BY position LIMIT $6",
    )
    .bind(PART)
    .bind(organisation.0)
    .bind(after)
    .bind(upto)
    .bind(kinds.iter().map(|kind| kind.number()).collect::<Vec<_>>())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().map(feed::recorded).collect::<Result<_, _>>()?)
}
