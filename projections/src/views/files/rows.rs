//! The tables of files, written after a batch in a fixed number of queries. Not what is asked of them (see [`super::page`]).

use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use super::{Changed, Id};
use crate::failure::Refused;

/// Writes what has changed. Taken in again it changes nothing.
pub(super) async fn store(changed: &Changed, tx: &mut PgConnection) -> Result<(), Refused> {
    keep(changed, tx).await?;
    drop_removed(changed, tx).await?;
    place(changed, tx).await
}

async fn keep(changed: &Changed, tx: &mut PgConnection) -> Result<(), Refused> {
    let kept: Vec<_> = changed.uploads.iter().filter_map(|(id, upload)| Some((id, upload.as_ref()?))).collect();
    if kept.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO file_upload (file, organisation, sha256, uploaded_at)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[])
         ON CONFLICT (file, organisation) DO NOTHING",
    )
    .bind(kept.iter().map(|((file, _), _)| file.0).collect::<Vec<_>>())
    .bind(kept.iter().map(|((_, organisation), _)| organisation.0).collect::<Vec<_>>())
    .bind(kept.iter().map(|(_, (sha256, _))| sha256.as_str()).collect::<Vec<_>>())
    .bind(kept.iter().map(|(_, (_, at))| at.to_sqlx()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn drop_removed(changed: &Changed, tx: &mut PgConnection) -> Result<(), Refused> {
    let removed: Vec<&Id> = changed.uploads.iter().filter(|(_, upload)| upload.is_none()).map(|(id, _)| id).collect();
    if removed.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM file_upload u USING unnest($1::bigint[], $2::bigint[]) AS s (file, organisation)
         WHERE u.file = s.file AND u.organisation = s.organisation",
    )
    .bind(removed.iter().map(|(file, _)| file.0).collect::<Vec<_>>())
    .bind(removed.iter().map(|(_, organisation)| organisation.0).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn place(changed: &Changed, tx: &mut PgConnection) -> Result<(), Refused> {
    if changed.places.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO file_place (file, organisation, kind, stream)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::bigint[])
         ON CONFLICT (file, organisation, kind, stream) DO NOTHING",
    )
    .bind(changed.places.iter().map(|((file, _), _)| file.0).collect::<Vec<_>>())
    .bind(changed.places.iter().map(|((_, organisation), _)| organisation.0).collect::<Vec<_>>())
    .bind(changed.places.iter().map(|(_, stream)| stream.kind.number()).collect::<Vec<_>>())
    .bind(changed.places.iter().map(|(_, stream)| stream.id).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}
