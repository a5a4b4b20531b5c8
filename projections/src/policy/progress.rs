//! How far a policy has come, in Postgres. What it does is not known here.

use domain::{Position, TaskId};
use sqlx::{PgConnection, PgPool};

use super::worker::Halt;
use crate::feed::{Head, PART};
use crate::lease::Held;

/// Everything up to `position` is done, and of what follows from the next event that leads to something all up to `task`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub position: Position,
    pub task: TaskId,
}

/// How far `policy` has come in the log that ends at `head`. In a log that was replaced it begins where that one stands.
pub(crate) async fn load(policy: &str, head: Head, pool: &PgPool) -> Result<Done, sqlx::Error> {
    let row: Option<(i64, i64, i64)> =
        sqlx::query_as("SELECT incarnation, position, task FROM policy_progress WHERE policy = $1 AND part = $2")
            .bind(policy)
            .bind(PART)
            .fetch_optional(pool)
            .await?;
    Ok(match row {
        Some((incarnation, position, task)) if incarnation == head.incarnation => Done { position, task: TaskId(task) },
        // What is behind a restored log's end never happened; what is before it was done, or is lost with it.
        Some((_, position, task)) if position <= head.position => Done { position, task: TaskId(task) },
        Some(_) | None => Done { position: head.position, task: TaskId(0) },
    })
}

/// Notes how far `policy` has come, while the lease is held.
pub(super) async fn store(policy: &str, incarnation: i64, done: Done, held: &Held, pool: &PgPool) -> Result<(), Halt> {
    let mut tx = pool.begin().await?;
    held.guard(&mut tx).await?;
    note(policy, incarnation, done, &mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes it with what the caller does in the same transaction.
pub(crate) async fn note(policy: &str, incarnation: i64, done: Done, tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO policy_progress (policy, part, incarnation, position, task) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (policy, part) DO UPDATE SET incarnation = EXCLUDED.incarnation, position = EXCLUDED.position, task = EXCLUDED.task",
    )
    .bind(policy)
    .bind(PART)
    .bind(incarnation)
    .bind(done.position)
    .bind(done.task.0)
    .execute(tx)
    .await?;
    Ok(())
}
