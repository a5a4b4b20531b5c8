//! Generations of a view: each a schema of its own, made from the view's SQL. Which one readers see is one
//! row; how one is filled is not decided here (see [`crate::rebuild`]).

use std::sync::Arc;
use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use crate::failure::Failure;
use crate::feed::{Head, PART};
use crate::follower::{Follower, shape};

/// How long a follower's transaction may be idle. It holds the checkpoint and the lease, which a successor waits for.
pub(crate) const IDLE_MAX: Duration = Duration::from_secs(2);
/// How long that of a command may be, which has more to work through between two queries.
pub(crate) const COMMAND_IDLE_MAX: Duration = Duration::from_secs(30);

/// One generation of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    pub view: &'static str,
    pub number: i32,
    /// The schema that holds its tables: `view_<name>_<shape>_<number>`, of lower-case letters, digits and `_`.
    pub schema: Arc<str>,
}

impl Generation {
    /// Begins a transaction that sees this generation's tables under their plain names. It does not wait for
    /// the disk: what a crash takes away, the checkpoint forgets with it, and the log gives again. The database breaks it
    /// off when it is left open without a word for longer than `idle_max`: its process is frozen, or cut off.
    pub(crate) fn begin(&self, idle_max: Duration) -> AssertSqlSafe<String> {
        AssertSqlSafe(format!(
            "BEGIN; SET LOCAL search_path TO {}, public; SET LOCAL synchronous_commit TO off; \
             SET LOCAL idle_in_transaction_session_timeout TO {}",
            self.schema,
            idle_max.as_millis()
        ))
    }

    /// `sql` with `{view}` replaced by the schema, for queries outside such a transaction.
    pub(crate) fn sql(&self, sql: &str) -> AssertSqlSafe<String> {
        // The name was made in `create` from a constant, hexadecimal digits and a number.
        AssertSqlSafe(sql.replace("{view}", &self.schema))
    }
}

/// Begins a transaction that may hold a view's follower, as long as whoever began it is alive.
pub(crate) fn holding() -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("BEGIN; SET LOCAL idle_in_transaction_session_timeout TO {}", COMMAND_IDLE_MAX.as_millis()))
}

/// The generation that readers of this build's shape see.
pub(crate) async fn live<F: Follower>(connection: &mut PgConnection) -> Result<Option<Generation>, sqlx::Error> {
    let row: Option<(i32, String)> =
        sqlx::query_as("SELECT generation, schema_name FROM view_generation WHERE view = $1 AND shape = $2 AND state = 'live'")
            .bind(F::NAME)
            .bind(shape::<F>())
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|(number, schema)| Generation { view: F::NAME, number, schema: schema.into() }))
}

/// Makes the next generation, empty and not yet seen by readers.
pub(crate) async fn create<F: Follower>(pool: &PgPool, head: Head) -> Result<Generation, sqlx::Error> {
    let mut tx = pool.begin().await?;
    let (number,): (i32,) = sqlx::query_as("SELECT coalesce(max(generation), 0) + 1 FROM view_generation WHERE view = $1")
        .bind(F::NAME)
        .fetch_one(&mut *tx)
        .await?;
    let shape = shape::<F>();
    let schema: Arc<str> = format!("view_{}_{shape}_{number}", F::NAME).into();
    let generation = Generation { view: F::NAME, number, schema };
    sqlx::query("INSERT INTO view_generation (view, generation, shape, schema_name, state) VALUES ($1, $2, $3, $4, 'building')")
        .bind(F::NAME)
        .bind(number)
        .bind(&shape)
        .bind(&*generation.schema)
        .execute(&mut *tx)
        .await?;
    sqlx::query("INSERT INTO follower_checkpoint (view, generation, part, incarnation, position) VALUES ($1, $2, $3, $4, 0)")
        .bind(F::NAME)
        .bind(number)
        .bind(PART)
        .bind(head.incarnation)
        .execute(&mut *tx)
        .await?;
    make_schema::<F>(&generation, &mut tx).await?;
    tx.commit().await?;
    Ok(generation)
}

async fn make_schema<F: Follower>(generation: &Generation, tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    let opening = format!("CREATE SCHEMA {0}; SET LOCAL search_path TO {0}, public;", generation.schema);
    sqlx::raw_sql(AssertSqlSafe(opening)).execute(&mut *tx).await?;
    sqlx::raw_sql(F::SQL).execute(&mut *tx).await?;
    Ok(())
}

/// Empties a generation and puts its checkpoint before the first event of `head`'s incarnation. What it held
/// was made from a log that is no longer this one.
pub(crate) async fn reset<F: Follower>(generation: &Generation, head: Head, pool: &PgPool) -> Result<(), Failure> {
    let mut tx = pool.begin().await?;
    let moved = sqlx::query(
        "UPDATE follower_checkpoint SET incarnation = $4, position = 0, epoch = epoch + 1
         WHERE view = $1 AND generation = $2 AND part = $3 AND incarnation <> $4",
    )
    .bind(generation.view)
    .bind(generation.number)
    .bind(PART)
    .bind(head.incarnation)
    .execute(&mut *tx)
    .await?;
    if moved.rows_affected() == 1 {
        sqlx::query("DELETE FROM parked_event WHERE view = $1 AND generation = $2")
            .bind(generation.view)
            .bind(generation.number)
            .execute(&mut *tx)
            .await?;
        sqlx::raw_sql(AssertSqlSafe(format!("DROP SCHEMA {} CASCADE", generation.schema))).execute(&mut *tx).await?;
        make_schema::<F>(generation, &mut tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Makes `new` the one that readers see. The checkpoint row of `before` must be locked in `tx`.
pub(crate) async fn swap(before: Option<&Generation>, new: &Generation, tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    if let Some(before) = before {
        sqlx::query("UPDATE view_generation SET state = 'old' WHERE view = $1 AND generation = $2")
            .bind(before.view)
            .bind(before.number)
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE follower_checkpoint SET epoch = epoch + 1 WHERE view = $1 AND generation = $2")
            .bind(before.view)
            .bind(before.number)
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query("UPDATE view_generation SET state = 'live' WHERE view = $1 AND generation = $2")
        .bind(new.view)
        .bind(new.number)
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// Which generations to drop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// Those that were replaced. Only once no node of the build that read them is left.
    Old,
    /// Those whose filling was broken off. Only by whoever holds the lock on rebuilding the view.
    Unfinished,
}

/// Drops generations of a view and returns how many. The one that readers see always stays.
pub async fn drop_generations(pool: &PgPool, view: &str, which: Dropped) -> Result<usize, Failure> {
    let state = match which {
        Dropped::Old => "old",
        Dropped::Unfinished => "building",
    };
    let mut tx = pool.begin().await?;
    let schemas: Vec<(String,)> = sqlx::query_as("DELETE FROM view_generation WHERE view = $1 AND state = $2 RETURNING schema_name")
        .bind(view)
        .bind(state)
        .fetch_all(&mut *tx)
        .await?;
    if !schemas.is_empty() {
        let names = schemas.iter().map(|(schema,)| schema.as_str()).collect::<Vec<_>>().join(", ");
        sqlx::raw_sql(AssertSqlSafe(format!("DROP SCHEMA {names} CASCADE"))).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(schemas.len())
}
