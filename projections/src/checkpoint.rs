//! How far a generation has read the log. Moved by compare-and-set in the transaction that writes the
//! view: whoever was overtaken writes nothing.

use domain::Position;
use sqlx::{PgConnection, PgExecutor};

use crate::feed::{Head, PART};
use crate::follower::{Follower, shape};
use crate::generation::Generation;

/// A generation's checkpoint as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    pub generation: Generation,
    pub incarnation: i64,
    pub position: Position,
    pub epoch: i64,
}

/// The live generation's checkpoint and the log's head, as of one moment.
pub(crate) async fn load<'e, F: Follower>(executor: impl PgExecutor<'e>) -> Result<Option<(Checkpoint, Head)>, sqlx::Error> {
    let row: Option<(i32, String, i64, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT g.generation, g.schema_name, c.incarnation, c.position, c.epoch, h.incarnation, h.position
         FROM view_generation g
         JOIN follower_checkpoint c ON c.view = g.view AND c.generation = g.generation AND c.part = $3
         JOIN log_head h ON h.part = $3
         WHERE g.view = $1 AND g.shape = $2 AND g.state = 'live'",
    )
    .bind(F::NAME)
    .bind(shape::<F>())
    .bind(PART)
    .fetch_optional(executor)
    .await?;
    Ok(row.map(|(number, schema, incarnation, position, epoch, head_incarnation, head_position)| {
        let generation = Generation { view: F::NAME, number, schema: schema.into() };
        (Checkpoint { generation, incarnation, position, epoch }, Head { incarnation: head_incarnation, position: head_position })
    }))
}

impl Checkpoint {
    /// What has been taken in, as an end of the log.
    pub fn head(&self) -> Head {
        Head { incarnation: self.incarnation, position: self.position }
    }

    /// What readers may take this for: of a log that was replaced by `head`'s nothing has been seen.
    pub fn seen_of(self, head: Head) -> Self {
        if self.incarnation == head.incarnation { self } else { Self { incarnation: head.incarnation, position: 0, ..self } }
    }

    /// Moves the row from here to `position`. `false`: it is no longer where and as this says, and nothing was changed.
    pub async fn advance(&self, position: Position, tx: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let moved = sqlx::query(
            "UPDATE follower_checkpoint SET position = $1
             WHERE view = $2 AND generation = $3 AND part = $4 AND position = $5 AND epoch = $6 AND incarnation = $7
               AND EXISTS (SELECT FROM log_head h WHERE h.part = $4 AND h.incarnation = $7)",
        )
        .bind(position)
        .bind(self.generation.view)
        .bind(self.generation.number)
        .bind(PART)
        .bind(self.position)
        .bind(self.epoch)
        .bind(self.incarnation)
        .execute(tx)
        .await?;
        Ok(moved.rows_affected() == 1)
    }

    /// Locks the row until the transaction ends, and reads where it is.
    pub async fn lock(generation: &Generation, tx: &mut PgConnection) -> Result<Option<Self>, sqlx::Error> {
        let row: Option<(i64, i64, i64)> = sqlx::query_as(
            "SELECT incarnation, position, epoch FROM follower_checkpoint
             WHERE view = $1 AND generation = $2 AND part = $3 FOR UPDATE",
        )
        .bind(generation.view)
        .bind(generation.number)
        .bind(PART)
        .fetch_optional(tx)
        .await?;
        Ok(row.map(|(incarnation, position, epoch)| Self { generation: generation.clone(), incarnation, position, epoch }))
    }
}
