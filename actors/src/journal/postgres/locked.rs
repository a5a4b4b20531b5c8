//! The append under the head's lock, where others have written since this session did: what it remembers is brought up to
//! date by what they wrote, and the batch is judged by it. Not the reads of a batch that needs more (see [`super::slow`]).
//!
//! Whoever called [`Session::lock`] calls [`Session::append_locked`] next, which ends the transaction in any case.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use domain::{StreamId, Version};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, AssertSqlSafe, Row};
use uuid::Uuid;

use super::columns::Columns;
use super::rows;
use super::session::{HeadRow, Outcome, Seeds, Session};
use super::trouble::Trouble;
use crate::journal::judge::{Ledger, PART, Verdict};
use crate::journal::prepared::Prepared;
use crate::journal::{Erasure, Hash, ReadFailure};
use crate::metrics;

/// Events of others that are taken in; after more it is cheaper to forget.
pub(super) const SINCE_MAX: i64 = 4_096;

impl Session {
    /// Begins a transaction and locks the head, in one round trip. What is remembered is what the log says from then on.
    pub async fn lock(&mut self) -> Result<(), Trouble> {
        let locked = self.lock_since().await.map_err(|failure| Trouble::new(failure, false));
        self.settle(locked).await
    }

    /// Judges and writes a batch under the lock: by what is remembered, if that will do, or else by what the log says.
    /// `careful`: only the log will do.
    pub async fn append_locked(
        &mut self,
        commands: &[Prepared],
        erasure: Option<&Erasure>,
        careful: bool,
        decided: &AtomicBool,
    ) -> Result<Outcome, Trouble> {
        let appended = async {
            if !careful && erasure.is_none() {
                if let Some(outcome) = self.append_remembered(commands, decided).await? {
                    metrics::journal_overtaken();
                    return Ok(outcome);
                }
                decided.store(false, Ordering::Relaxed);
            }
            metrics::journal_read_first();
            self.slow(commands, erasure, decided).await
        };
        let appended = appended.await;
        self.settle(appended).await
    }

    async fn lock_since(&mut self) -> Result<(), ReadFailure> {
        // The simple protocol takes both at once; all that varies are numbers.
        let HeadRow { incarnation, position, .. } = self.left;
        let sql = format!("BEGIN; SELECT * FROM log_lock_since({PART}::smallint, {incarnation}, {position}, {SINCE_MAX})");
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut self.connection).await?;
        let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        self.shared.clock.set(microseconds(row, "o_clock")?);
        let writer: Uuid = row.try_get("o_writer")?;
        match since(row)? {
            Some(events) => {
                for (stream, version) in events {
                    if let Some(kept) = self.versions.peek_mut(&stream) {
                        *kept = version;
                    }
                }
            }
            None => self.versions.clear(),
        }
        self.left = HeadRow {
            incarnation: row.try_get("o_incarnation")?,
            position: row.try_get("o_position")?,
            at: microseconds(row, "o_at")?,
            rolling: hash(&row.try_get::<Vec<u8>, _>("o_hash")?)?,
            next_task: row.try_get("o_next_task")?,
        };
        self.contended = writer != self.id;
        Ok(())
    }

    /// `None`: nothing was written, and it is a case for [`Session::slow`], under the same lock.
    pub(super) async fn append_remembered(&mut self, commands: &[Prepared], decided: &AtomicBool) -> Result<Option<Outcome>, Trouble> {
        let Some((mut ledger, seeds)) = self.recall(commands) else { return Ok(None) };
        let verdict = ledger.judge_from_memory(commands, self.shared.clock.now(), Instant::now());
        let Some(Verdict { answers, events, .. }) = verdict else { return Ok(None) };
        if events.is_empty() {
            self.roll_back().await?;
            return Ok(Some(Outcome { answers, events: 0 }));
        }
        decided.store(true, Ordering::Relaxed);
        let arguments = self
            .write_on_arguments(&ledger, &seeds, Columns::new(&events))
            .map_err(|failure| Trouble::new(sqlx::Error::Encode(failure), false))?;
        let written: bool = sqlx::query_scalar_with(
            "SELECT log_write_on($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
             $21, $22, $23, $24)",
            arguments,
        )
        .fetch_one(&mut self.connection)
        .await
        .map_err(|failure| Trouble::new(failure, false))?;
        if !written {
            return Ok(None);
        }
        self.commit().await?;
        let written = events.len();
        self.remember(ledger);
        Ok(Some(Outcome { answers, events: written }))
    }

    fn write_on_arguments(&self, after: &Ledger, seeds: &Seeds, columns: Columns<'_>) -> Result<PgArguments, sqlx::error::BoxDynError> {
        let mut arguments = PgArguments::default();
        arguments.add(PART)?;
        arguments.add(self.left.position)?;
        arguments.add(self.id)?;
        arguments.add(after.at.to_sqlx())?;
        arguments.add(after.next_task)?;
        arguments.add(after.rolling)?;
        seeds.add_to(&mut arguments)?;
        columns.add_to(&mut arguments)?;
        Ok(arguments)
    }

    pub(super) async fn commit(&mut self) -> Result<(), Trouble> {
        let committed = sqlx::raw_sql("COMMIT").execute(&mut self.connection).await;
        committed.map(drop).map_err(|failure| Trouble::new(failure, true))
    }

    pub(super) async fn roll_back(&mut self) -> Result<(), Trouble> {
        let rolled_back = sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await;
        rolled_back.map(drop).map_err(|failure| Trouble::new(failure, false))
    }

    /// After a failure no transaction is left open on a connection that goes on.
    async fn settle<T>(&mut self, attempt: Result<T, Trouble>) -> Result<T, Trouble> {
        if attempt.as_ref().is_err_and(|trouble| !trouble.lost) {
            self.roll_back().await?;
        }
        attempt
    }
}

/// Streams as they were after events, in the order of the log.
type Since = Vec<(StreamId, (Version, Hash))>;

/// What others wrote; `None` if that is not known.
fn since(row: &PgRow) -> Result<Option<Since>, ReadFailure> {
    let Some(kinds) = row.try_get::<Option<Vec<i16>>, _>("o_kinds")? else { return Ok(None) };
    let streams: Vec<i64> = row.try_get("o_streams")?;
    let versions: Vec<Version> = row.try_get("o_versions")?;
    let hashes: Vec<u8> = row.try_get("o_hashes")?;
    let events = kinds.into_iter().zip(streams).zip(versions).zip(hashes.chunks(size_of::<Hash>()));
    // A kind that only a later build knows is none that this one has remembered.
    let known = events.filter_map(|(((kind, stream), version), hash)| Some((StreamId::new(rows::kind(kind).ok()?, stream), version, hash)));
    known.map(|(stream, version, bytes)| Ok((stream, (version, hash(bytes)?)))).collect::<Result<_, _>>().map(Some)
}

fn hash(bytes: &[u8]) -> Result<Hash, ReadFailure> {
    Hash::try_from(bytes).map_err(|_| ReadFailure::Corrupt(format!("a hash of {} bytes", bytes.len())))
}

fn microseconds(row: &PgRow, column: &str) -> Result<Timestamp, ReadFailure> {
    let at: i64 = row.try_get(column)?;
    Timestamp::from_microsecond(at).map_err(|_| ReadFailure::Corrupt(format!("a time of {at} µs")))
}
