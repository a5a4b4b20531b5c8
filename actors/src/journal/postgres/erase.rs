//! An erasure in the transaction of its record: what it may replace, the replacing, and the purge of what was made from it.
//! What the record says is [`crate::journal::erasure`]'s.

use domain::Kind;
use sqlx::Row;
use sqlx::postgres::PgConnection;

use super::slow::READ_VERSIONS;
use crate::journal::judge::{Ledger, PART};
use crate::journal::prepared::Prepared;
use crate::journal::{Erasure, ReadFailure, Refusal, Target};

/// The record of an erasure, expecting the version that its stream has.
pub(super) fn on_top_of(record: &Prepared, erasure: &Erasure, ledger: &Ledger) -> Prepared {
    let stream = erasure.stream();
    let expected = ledger.versions.get(&stream).map_or(0, |(version, _)| *version);
    let mut record = record.clone();
    record.writes[0].target = Target::Existing { stream, expected, hash: None };
    record
}

/// Why it cannot be carried out; nothing when all events are there, of the organisation, and no records of erasures
/// themselves, and a stream that lets claims go is as the caller knows it.
pub(super) async fn refusal(connection: &mut PgConnection, erasure: &Erasure) -> Result<Option<Refusal>, ReadFailure> {
    let positions: Vec<i64> = erasure.substitutes.iter().map(|substitute| substitute.position).collect();
    let row = sqlx::query(
        "SELECT count(*) AS found FROM unnest($2::bigint[]) AS w (position) \
         JOIN event e ON e.part = $1 AND e.position = w.position WHERE e.organisation = $3 AND e.kind <> $4",
    )
    .bind(PART)
    .bind(positions)
    .bind(erasure.organisation.0)
    .bind(Kind::Audit.number())
    .fetch_one(&mut *connection)
    .await?;
    let found: i64 = row.try_get("found")?;
    if usize::try_from(found).is_ok_and(|found| found != erasure.substitutes.len()) {
        return Ok(Some(Refusal::Malformed("an erasure names an event that is not there to erase".into())));
    }
    let Some(release) = &erasure.release else { return Ok(None) };
    let read = sqlx::query(READ_VERSIONS)
        .bind(PART)
        .bind(vec![release.stream.kind.number()])
        .bind(vec![release.stream.id])
        .fetch_optional(connection)
        .await?;
    let actual: i64 = read.map(|row| row.try_get("version")).transpose()?.unwrap_or_default();
    Ok((actual != release.expected).then_some(Refusal::Conflict { stream: release.stream, actual }))
}

/// Replaces, and purges what was made from what is replaced.
pub(super) async fn carry_out(connection: &mut PgConnection, erasure: &Erasure) -> Result<(), sqlx::Error> {
    let positions: Vec<i64> = erasure.substitutes.iter().map(|substitute| substitute.position).collect();
    let metas: Vec<&str> = erasure.substitutes.iter().map(|substitute| substitute.meta.as_str()).collect();
    let payloads: Vec<&str> = erasure.substitutes.iter().map(|substitute| substitute.payload.as_str()).collect();
    sqlx::query("SELECT log_erase($1, $2, $3, $4)")
        .bind(PART)
        .bind(&positions)
        .bind(metas)
        .bind(payloads)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "DELETE FROM snapshot s USING event e WHERE e.part = $1 AND e.position = ANY($2) \
         AND s.part = e.part AND s.kind = e.kind AND s.stream = e.stream",
    )
    .bind(PART)
    .bind(positions)
    .execute(&mut *connection)
    .await?;
    let Some(release) = &erasure.release else { return Ok(()) };
    sqlx::query(
        "DELETE FROM claim c USING unnest($5::smallint[], $6::text[]) AS w (kind, key) \
         WHERE c.part = $1 AND c.organisation = $2 AND c.kind = w.kind AND c.key = w.key AND c.holder_kind = $3 AND c.holder = $4",
    )
    .bind(PART)
    .bind(erasure.organisation.0)
    .bind(release.stream.kind.number())
    .bind(release.stream.id)
    .bind(release.claims.iter().map(|(kind, _)| *kind as i16).collect::<Vec<_>>())
    .bind(release.claims.iter().map(|(_, key)| key.as_str()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
