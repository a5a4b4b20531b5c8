//! What is read from the log through the pool: streams, the whole log, commands, claims, the head. Openings
//! of actors, which share queries, are [`super::opener`]'s.

use std::sync::Arc;
use std::time::Duration;

use domain::{ClaimKind, CommandId, Kind, OrganisationId, Position, Recorded, StreamId, Version};
use sqlx::postgres::{PgConnectOptions, PgPool, PgRow};
use sqlx::{ConnectOptions, Connection, Row};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::rows::{self, recorded_columns};
use crate::journal::judge::PART;
use crate::journal::{Head, ReadFailure, Receipt, Snapshot, Step};

pub(super) const READ_STREAM: &str = concat!(
    "SELECT ",
    recorded_columns!(),
    " FROM event e WHERE e.part = $1 AND e.kind = $2 AND e.stream = $3 AND e.version > $4 ORDER BY e.version LIMIT $5"
);

pub(super) async fn read_stream(pool: &PgPool, stream: StreamId, after: Version, limit: usize) -> Result<Vec<Recorded>, ReadFailure> {
    let read = sqlx::query(READ_STREAM)
        .bind(PART)
        .bind(stream.kind.number())
        .bind(stream.id)
        .bind(after)
        .bind(bounded(limit))
        .fetch_all(pool)
        .await?;
    read.iter().map(rows::recorded).collect()
}

pub(super) const READ_ALL: &str =
    concat!("SELECT ", recorded_columns!(), " FROM event e WHERE e.part = $1 AND e.position > $2 ORDER BY e.position LIMIT $3");

pub(super) async fn read_all(pool: &PgPool, after: Position, limit: usize) -> Result<Vec<Recorded>, ReadFailure> {
    let read = sqlx::query(READ_ALL).bind(PART).bind(after).bind(bounded(limit)).fetch_all(pool).await?;
    read.iter().map(rows::recorded).collect()
}

pub(super) const READ_STEPS: &str = "SELECT e.position, e.kind, e.stream, e.version FROM event e \
                                     WHERE e.part = $1 AND e.position > $2 ORDER BY e.position LIMIT $3";

pub(super) async fn read_steps(pool: &PgPool, after: Position, limit: usize) -> Result<Vec<Step>, ReadFailure> {
    let read = sqlx::query(READ_STEPS).bind(PART).bind(after).bind(bounded(limit)).fetch_all(pool).await?;
    let step = |row: &PgRow| {
        let kind = Kind::from_number(row.try_get("kind")?);
        let id = row.try_get("stream")?;
        Ok(Step { position: row.try_get("position")?, stream: kind.map(|kind| StreamId::new(kind, id)), version: row.try_get("version")? })
    };
    read.iter().map(step).collect()
}

fn bounded(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) async fn read_command(pool: &PgPool, organisation: OrganisationId, command: CommandId) -> Result<Option<Receipt>, ReadFailure> {
    let read = sqlx::query(super::slow::READ_COMMANDS).bind(PART).bind(vec![command.0]).fetch_all(pool).await?;
    let known = rows::known(&read)?.pop();
    Ok(known.filter(|known| known.organisation == organisation).map(|known| known.receipt))
}

pub(super) async fn current_head(pool: &PgPool, shared: &Shared) -> Result<Head, ReadFailure> {
    let row = sqlx::query("SELECT incarnation, position, clock_timestamp() AS at FROM log_head WHERE part = $1")
        .bind(PART)
        .fetch_one(pool)
        .await?;
    let head = Head { incarnation: row.try_get("incarnation")?, position: row.try_get("position")? };
    shared.clock.set(rows::at(&row)?);
    shared.publish(head);
    Ok(head)
}

/// Keeps the head current with what other processes write, until `stop`.
pub(super) async fn poll_head(pool: PgPool, shared: Arc<Shared>, every: Duration, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let read = tokio::select! {
            () = stop.cancelled() => return,
            read = tokio::time::timeout(every.max(Duration::from_secs(5)), current_head(&pool, &shared)) => read,
        };
        let failed = match &read {
            Ok(Ok(_)) => None,
            Ok(Err(failure)) => Some(format!("{failure:?}")),
            Err(elapsed) => Some(elapsed.to_string()),
        };
        if let Some(reason) = &failed {
            if !failing {
                tracing::warn!(error = %reason, "the log's head cannot be read");
            }
            // Sooner than usual: who waits for the log to come back should not wait for the poll too.
            ticks.reset_after(every / 4);
        }
        failing = failed.is_some();
    }
}

pub(super) async fn save_snapshot(pool: &PgPool, snapshot: Snapshot) {
    let saved = sqlx::query(
        "INSERT INTO snapshot AS kept (part, kind, stream, version, hash, fingerprint, body) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (stream, kind, part) DO UPDATE \
         SET version = EXCLUDED.version, hash = EXCLUDED.hash, fingerprint = EXCLUDED.fingerprint, body = EXCLUDED.body \
         WHERE kept.version < EXCLUDED.version \
            OR (kept.version = EXCLUDED.version AND kept.fingerprint <> EXCLUDED.fingerprint)",
    )
    .bind(PART)
    .bind(snapshot.stream.kind.number())
    .bind(snapshot.stream.id)
    .bind(snapshot.version)
    .bind(snapshot.hash)
    .bind(snapshot.fingerprint.cast_signed())
    .bind(snapshot.body)
    .execute(pool)
    .await;
    if let Err(failure) = saved {
        tracing::warn!(stream = %snapshot.stream, error = %failure, "a snapshot was not kept");
    }
}

pub(super) async fn next_id(pool: &PgPool, kind: Kind) -> Result<i64, ReadFailure> {
    let next = match kind {
        Kind::Organisation => "SELECT nextval('organisation_id')",
        // A role stands where a person can, so no role has the number of a person.
        Kind::Person | Kind::Role => "SELECT nextval('person_id')",
        Kind::Department => "SELECT nextval('department_id')",
        Kind::List => "SELECT nextval('list_id')",
        Kind::Announcement => "SELECT nextval('announcement_id')",
        Kind::Article => "SELECT nextval('article_id')",
        Kind::Account => "SELECT nextval('account_id')",
        Kind::Award => "SELECT nextval('award_id')",
        Kind::Catalog => "SELECT nextval('catalog_id')",
        Kind::Form => "SELECT nextval('form_id')",
        Kind::Filter => "SELECT nextval('filter_id')",
        Kind::File => "SELECT nextval('file_id')",
        // An inbox has the number of its person.
        Kind::Task | Kind::Audit | Kind::Inbox => return Err(ReadFailure::NotHandedOut(kind)),
    };
    Ok(sqlx::query_scalar(next).fetch_one(pool).await?)
}

pub(super) async fn claim_holder(
    pool: &PgPool,
    organisation: OrganisationId,
    kind: ClaimKind,
    key: &str,
) -> Result<Option<StreamId>, ReadFailure> {
    let row = sqlx::query(
        "SELECT holder_kind AS kind, holder AS stream FROM claim WHERE part = $1 AND organisation = $2 AND kind = $3 AND key = $4",
    )
    .bind(PART)
    .bind(organisation.0)
    .bind(kind as i16)
    .bind(key)
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(rows::stream).transpose()
}

/// Gathers statistics on the log's partition, on a connection of its own: it takes longer than a batch may.
pub(super) async fn analyze(options: PgConnectOptions) {
    statistics(options, "SELECT log_analyze($1)").await;
}

/// Gathers statistics if there are none, or those of a log of less than a tenth of its size, as after a restore.
pub(super) async fn analyze_if_neglected(options: PgConnectOptions) {
    statistics(
        options,
        "SELECT log_analyze(h.part) FROM log_head h JOIN pg_class c ON c.oid = to_regclass('event_' || h.part) \
         WHERE h.part = $1 AND h.position >= 1000 AND c.reltuples < h.position / 10",
    )
    .await;
}

async fn statistics(options: PgConnectOptions, query: &'static str) {
    let gathered = async {
        let mut connection = options.connect().await?;
        sqlx::query(query).bind(PART).execute(&mut connection).await?;
        connection.close().await
    };
    if let Err(failure) = gathered.await {
        tracing::warn!(error = %failure, "the log's statistics could not be gathered");
    }
}
