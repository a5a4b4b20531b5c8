//! What is asked of files: where one stands, which uploads stand nowhere, and whether others have the same bytes.

use domain::{FileId, Kind, OrganisationId, StreamId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use crate::failure::Failure;
use crate::generation::Generation;

/// Places of one file that are told: who may see it sees one of the newest as a rule.
const PLACES_MAX: i64 = 100;

/// The streams that a file was put into, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn places(pool: &PgPool, generation: &Generation, organisation: OrganisationId, file: FileId) -> Result<Vec<StreamId>, Failure> {
    let found: Vec<(i16, i64)> = sqlx::query_as(
        generation
            .sql("SELECT kind, stream FROM {view}.file_place WHERE file = $1 AND organisation = $2 ORDER BY stream DESC, kind LIMIT $3"),
    )
    .bind(file.0)
    .bind(organisation.0)
    .bind(PLACES_MAX)
    .fetch_all(pool)
    .await?;
    Ok(found.into_iter().filter_map(|(kind, id)| Some(StreamId::new(Kind::from_number(kind)?, id))).collect())
}

/// An upload that nothing holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    pub file: FileId,
    pub organisation: OrganisationId,
    pub sha256: String,
}

/// The oldest uploads from before `before` that were put nowhere, at most `limit`.
///
/// # Errors
/// When the database does not answer.
pub async fn stale(pool: &PgPool, generation: &Generation, before: Timestamp, limit: u32) -> Result<Vec<Stale>, Failure> {
    let found: Vec<(i64, i64, String)> = sqlx::query_as(generation.sql(
        "SELECT u.file, u.organisation, u.sha256 FROM {view}.file_upload u
         WHERE u.uploaded_at < $1
           AND NOT EXISTS (SELECT FROM {view}.file_place p WHERE p.file = u.file AND p.organisation = u.organisation)
         ORDER BY u.uploaded_at LIMIT $2",
    ))
    .bind(before.to_sqlx())
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    let stale = |(file, organisation, sha256)| Stale { file: FileId(file), organisation: OrganisationId(organisation), sha256 };
    Ok(found.into_iter().map(stale).collect())
}

/// Those of `hashes` that no file that is there has.
///
/// # Errors
/// When the database does not answer.
pub async fn unknown(pool: &PgPool, generation: &Generation, hashes: &[String]) -> Result<Vec<String>, Failure> {
    let found = sqlx::query_scalar(generation.sql(
        "SELECT hash FROM unnest($1::text[]) hash
         WHERE NOT EXISTS (SELECT FROM {view}.file_upload u WHERE u.sha256 = hash)",
    ));
    Ok(found.bind(hashes).fetch_all(pool).await?)
}

/// Whether a file that is there has these bytes.
///
/// # Errors
/// When the database does not answer.
pub async fn shared(pool: &PgPool, generation: &Generation, sha256: &str) -> Result<bool, Failure> {
    let found = sqlx::query_scalar(generation.sql("SELECT EXISTS (SELECT FROM {view}.file_upload WHERE sha256 = $1)"));
    Ok(found.bind(sha256).fetch_one(pool).await?)
}
