//! Awards as readers ask for them. Not who may ask.

use domain::{AwardId, OrganisationId, PersonId};
use jiff::Timestamp;
use sqlx::{FromRow, PgPool};

use crate::failure::Failure;
use crate::generation::Generation;

/// Awards that one person is shown to hold.
const HELD_MAX: i64 = 1_000;

/// An award as it is.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Shown {
    #[sqlx(rename = "award")]
    pub id: i64,
    pub name: String,
    pub description: Option<String>,
    #[sqlx(rename = "grant_at")]
    pub grant: i64,
    #[sqlx(rename = "revoke_at")]
    pub revoke: i64,
}

/// What is counted for a person, and since when they hold the award.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    pub counter: i64,
    pub granted_at: Option<Timestamp>,
}

/// An award that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub id: i64,
    pub name: String,
    pub granted_at: Timestamp,
}

/// The organisation's awards in the order of their ids, `limit` of those that follow `after`.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    after: AwardId,
    limit: u32,
) -> Result<Vec<Shown>, Failure> {
    let found = sqlx::query_as(generation.sql(
        "SELECT award, name, description, grant_at, revoke_at FROM {view}.award
         WHERE organisation = $1 AND award > $2 AND NOT deleted ORDER BY award LIMIT $3",
    ));
    Ok(found.bind(organisation.0).bind(after.0).bind(i64::from(limit)).fetch_all(pool).await?)
}

/// One award, if it is there.
///
/// # Errors
/// When the database does not answer.
pub async fn one(pool: &PgPool, generation: &Generation, organisation: OrganisationId, id: AwardId) -> Result<Option<Shown>, Failure> {
    let found = sqlx::query_as(generation.sql(
        "SELECT award, name, description, grant_at, revoke_at FROM {view}.award
         WHERE award = $2 AND organisation = $1 AND NOT deleted",
    ));
    Ok(found.bind(organisation.0).bind(id.0).fetch_optional(pool).await?)
}

/// What is counted for `person`; nothing where the award is not there.
///
/// # Errors
/// When the database does not answer.
pub async fn counter(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    award: AwardId,
    person: PersonId,
) -> Result<Option<Counter>, Failure> {
    let found: Option<(i64, Option<jiff_sqlx::Timestamp>)> = sqlx::query_as(generation.sql(
        "SELECT coalesce(p.counter, 0), p.granted_at FROM {view}.award a
         LEFT JOIN {view}.award_person p ON p.award = a.award AND p.organisation = a.organisation AND p.person = $3
         WHERE a.award = $2 AND a.organisation = $1 AND NOT a.deleted",
    ))
    .bind(organisation.0)
    .bind(award.0)
    .bind(person.0)
    .fetch_optional(pool)
    .await?;
    Ok(found.map(|(counter, granted_at)| Counter { counter, granted_at: granted_at.map(jiff_sqlx::Timestamp::to_jiff) }))
}

/// The awards that `person` holds, in the order in which they were given.
///
/// # Errors
/// When the database does not answer.
pub async fn held_by(pool: &PgPool, generation: &Generation, organisation: OrganisationId, person: PersonId) -> Result<Vec<Held>, Failure> {
    let found: Vec<(i64, String, jiff_sqlx::Timestamp)> = sqlx::query_as(generation.sql(
        "SELECT a.award, a.name, p.granted_at FROM {view}.award_person p
         JOIN {view}.award a ON a.award = p.award AND a.organisation = p.organisation
         WHERE p.organisation = $1 AND p.person = $2 AND p.granted_at IS NOT NULL ORDER BY p.granted_at, a.award LIMIT $3",
    ))
    .bind(organisation.0)
    .bind(person.0)
    .bind(HELD_MAX)
    .fetch_all(pool)
    .await?;
    Ok(found.into_iter().map(|(id, name, granted_at)| Held { id, name, granted_at: granted_at.to_jiff() }).collect())
}
