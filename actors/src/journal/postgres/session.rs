//! The writer's connection and what it knows of the log because it wrote last: the head and the versions
//! of the streams. One attempt at one batch; what to do when it fails is [`super::writer`]'s.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use domain::{Position, StreamId, Version};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use lru::LruCache;
use rand::Rng;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection};
use sqlx::{Arguments, ConnectOptions, Connection, Row};
use uuid::Uuid;

use super::columns::Columns;
use super::trouble::Trouble;
use super::{Shared, rows};
use crate::journal::judge::{Ledger, PART, Verdict};
use crate::journal::prepared::Prepared;
use crate::journal::{Hash, Head, ReadFailure, Receipt, Refusal, Target, chain};

/// Streams whose version and hash are kept; about 8 MiB when full.
const CACHE_MAX: NonZeroUsize = NonZeroUsize::new(65_536).expect("not zero");

/// What became of a batch: an answer a command, in their order.
#[derive(Debug)]
pub(super) struct Outcome {
    pub answers: Vec<Result<Receipt, Refusal>>,
    /// Events that were written.
    pub events: usize,
}

/// The head's row.
#[derive(Clone, Debug)]
pub(super) struct HeadRow {
    pub incarnation: i64,
    pub position: Position,
    pub at: Timestamp,
    pub rolling: Hash,
    pub next_task: i64,
}

pub(super) struct Session {
    pub(super) connection: PgConnection,
    /// Made anew for each connection: what an earlier one still has under way is fenced off by it.
    pub(super) id: Uuid,
    /// The head as this session left or last locked it; what is in `versions` is true there.
    pub(super) left: HeadRow,
    pub(super) versions: LruCache<StreamId, (Version, Hash)>,
    /// Somebody else had moved the head when this session last locked it, so that may be so again.
    pub(super) contended: bool,
    pub(super) shared: Arc<Shared>,
}

/// What came of [`Session::fast`].
#[derive(Debug)]
pub(super) enum Fast {
    Written(Outcome),
    /// Nothing was written: others have moved the head.
    Overtaken,
    /// Nothing was written: only the log can tell what becomes of the batch.
    Uncertain,
}

impl Session {
    /// Connects, and takes the head over: whatever another connection of this journal had under way has either
    /// happened by then, or will be refused.
    pub async fn open(options: &PgConnectOptions, shared: Arc<Shared>) -> Result<Self, ReadFailure> {
        let mut connection = writer_options(options).connect().await?;
        let id = fresh_id();
        let known = *shared.head.borrow();
        let mut transaction = connection.begin().await?;
        let mut head = lock_head(&mut transaction, &shared).await?;
        if head.incarnation == known.incarnation && head.position < known.position {
            // The database lost what it had acknowledged: positions from before are not comparable any more.
            let row = sqlx::query("UPDATE log_head SET incarnation = greatest(incarnation + 1, $2) WHERE part = $1 RETURNING incarnation")
                .bind(PART)
                .bind(head.at.as_millisecond())
                .fetch_one(&mut *transaction)
                .await?;
            head.incarnation = row.try_get(0)?;
            tracing::error!(
                log.known = known.position,
                log.position = head.position,
                log.incarnation = head.incarnation,
                "the log's head went back: acknowledged events are lost"
            );
        }
        sqlx::query("UPDATE log_head SET writer = $2 WHERE part = $1").bind(PART).bind(id).execute(&mut *transaction).await?;
        transaction.commit().await?;
        shared.publish(Head { incarnation: head.incarnation, position: head.position });
        Ok(Self { connection, id, left: head, versions: LruCache::new(CACHE_MAX), contended: false, shared })
    }

    /// Others have written since this session did, as far as is known: what it remembers will not do.
    pub fn is_overtaken(&self) -> bool {
        let known = *self.shared.head.borrow();
        self.contended || (known.incarnation, known.position) > (self.left.incarnation, self.left.position)
    }

    /// Writes a batch in one round trip, if all that it builds on is known.
    pub async fn fast(&mut self, commands: &[Prepared], decided: &AtomicBool) -> Result<Fast, Trouble> {
        let Some((mut ledger, seeds)) = self.recall(commands) else { return Ok(Fast::Uncertain) };
        let verdict = ledger.judge_from_memory(commands, self.shared.clock.now(), Instant::now());
        let Some(Verdict { answers, events, .. }) = verdict else { return Ok(Fast::Uncertain) };
        if events.is_empty() {
            return Ok(Fast::Written(Outcome { answers, events: 0 }));
        }
        decided.store(true, Ordering::Relaxed);
        let arguments = self
            .append_arguments(&ledger, &seeds, Columns::new(&events))
            .map_err(|failure| Trouble::new(sqlx::Error::Encode(failure), false))?;
        let row = sqlx::query_with(
            "SELECT o_outcome, o_clock FROM log_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
             $17, $18, $19, $20, $21, $22, $23, $24, $25)",
            arguments,
        )
        .fetch_one(&mut self.connection)
        .await
        .map_err(|failure| Trouble::new(failure, true))?;
        let outcome: i64 = row.try_get("o_outcome").map_err(|failure| Trouble::new(failure, true))?;
        let clock: jiff_sqlx::Timestamp = row.try_get("o_clock").map_err(|failure| Trouble::new(failure, true))?;
        self.shared.clock.set(clock.to_jiff());
        match outcome {
            -1 => {}
            -2 => return Ok(Fast::Uncertain),
            _ => return Ok(Fast::Overtaken),
        }
        let written = events.len();
        self.remember(ledger);
        Ok(Fast::Written(Outcome { answers, events: written }))
    }

    /// What this session knows of all that the batch builds on, and what its callers brought along
    /// and the log has yet to confirm.
    pub(super) fn recall(&mut self, commands: &[Prepared]) -> Option<(Ledger, Seeds)> {
        let mut ledger = self.left.ledger();
        let mut seeds = Seeds::default();
        for command in commands {
            if !command.claims.is_empty() {
                return None;
            }
            for write in &command.writes {
                let Target::Existing { stream, expected, hash } = write.target else { continue };
                if ledger.versions.contains_key(&stream) {
                    continue;
                }
                let version = match (self.versions.get(&stream), hash) {
                    (Some(kept), _) => *kept,
                    // That the stream is new is left to the unique index.
                    (None, _) if expected == 0 => (0, chain::START),
                    (None, Some(hash)) => {
                        seeds.push(stream, expected, hash);
                        (expected, hash)
                    }
                    (None, None) => return None,
                };
                ledger.versions.insert(stream, version);
            }
        }
        Some((ledger, seeds))
    }

    fn append_arguments(&self, after: &Ledger, seeds: &Seeds, columns: Columns<'_>) -> Result<PgArguments, sqlx::error::BoxDynError> {
        let mut arguments = PgArguments::default();
        arguments.add(PART)?;
        arguments.add(self.left.incarnation)?;
        arguments.add(self.left.position)?;
        arguments.add(self.id)?;
        arguments.add(after.at.to_sqlx())?;
        arguments.add(after.next_task)?;
        arguments.add(after.rolling)?;
        seeds.add_to(&mut arguments)?;
        columns.add_to(&mut arguments)?;
        Ok(arguments)
    }

    /// Takes over what was just committed.
    pub(super) fn remember(&mut self, ledger: Ledger) {
        self.left = HeadRow {
            incarnation: self.left.incarnation,
            position: ledger.position,
            at: ledger.at,
            rolling: ledger.rolling,
            next_task: ledger.next_task,
        };
        for (stream, version) in ledger.versions {
            self.versions.put(stream, version);
        }
        let head = Head { incarnation: self.left.incarnation, position: self.left.position };
        self.shared.publish(head);
        self.shared.written.send_replace(head);
    }

    /// Says goodbye; the server notices soon either way.
    pub async fn close(self) {
        if let Err(failure) = tokio::time::timeout(Duration::from_secs(1), self.connection.close()).await {
            tracing::debug!(error = %failure, "the journal's connection did not close in time");
        }
    }
}

impl HeadRow {
    pub(super) fn ledger(&self) -> Ledger {
        Ledger {
            position: self.position,
            at: self.at,
            rolling: self.rolling,
            next_task: self.next_task,
            versions: HashMap::new(),
            claims: HashMap::new(),
            commands: HashMap::new(),
        }
    }
}

/// How the writer connects.
pub(super) fn writer_options(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().application_name("nashi journal").options([
        // A stopped or cut-off node must not hold the head for long.
        ("lock_timeout", "1s"),
        ("statement_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "2s"),
        // What the lock tells comes as text.
        ("bytea_output", "hex"),
        // The writer looks up by key only. Without statistics these would look as good.
        ("enable_seqscan", "off"),
        ("enable_hashjoin", "off"),
        ("enable_mergejoin", "off"),
    ])
}

/// Locks the head until the transaction ends.
async fn lock_head(connection: &mut PgConnection, shared: &Shared) -> Result<HeadRow, ReadFailure> {
    let row = sqlx::query("SELECT * FROM log_lock($1)").bind(PART).fetch_one(connection).await?;
    let at: jiff_sqlx::Timestamp = row.try_get("o_at")?;
    let clock: jiff_sqlx::Timestamp = row.try_get("o_clock")?;
    shared.clock.set(clock.to_jiff());
    Ok(HeadRow {
        incarnation: row.try_get("o_incarnation")?,
        position: row.try_get("o_position")?,
        at: at.to_jiff(),
        rolling: rows::hash(&row, "o_hash")?,
        next_task: row.try_get("o_next_task")?,
    })
}

/// Versions and hashes that callers took from the log when they read it.
#[derive(Default)]
pub(super) struct Seeds {
    kinds: Vec<i16>,
    streams: Vec<i64>,
    versions: Vec<i64>,
    hashes: Vec<Hash>,
}

impl Seeds {
    fn push(&mut self, stream: StreamId, version: Version, hash: Hash) {
        self.kinds.push(stream.kind.number());
        self.streams.push(stream.id);
        self.versions.push(version);
        self.hashes.push(hash);
    }

    pub fn add_to(&self, arguments: &mut PgArguments) -> Result<(), sqlx::error::BoxDynError> {
        arguments.add(&self.kinds)?;
        arguments.add(&self.streams)?;
        arguments.add(&self.versions)?;
        arguments.add(&self.hashes)
    }
}

#[expect(clippy::disallowed_methods, reason = "the journal owns the randomness of its fence")]
fn fresh_id() -> Uuid {
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
