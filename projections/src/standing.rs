//! How all generations of all views stand, for who looks after an installation: asked of the database, which every node shares. Not what
//! this node's own followers say of themselves ([`crate::progress`]).

use domain::Position;
use sqlx::PgPool;

use crate::failure::Failure;
use crate::feed::PART;

/// A generation of a view that is read, or that is being filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub view: String,
    pub generation: i32,
    /// Readers see it; else it is being filled.
    pub live: bool,
    pub made_at: jiff::Timestamp,
    pub incarnation: i64,
    /// Up to where it holds the log.
    pub position: Position,
    /// Events that it could not take in, and those of their streams that came after.
    pub parked_events: i64,
}

/// Those that are not replaced yet, by their names; at most a few a view.
///
/// # Errors
/// When the database does not answer.
pub async fn standing(pool: &PgPool) -> Result<Vec<Standing>, Failure> {
    type Row = (String, i32, bool, jiff_sqlx::Timestamp, i64, i64, i64);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT g.view, g.generation, g.state = 'live', g.made_at, c.incarnation, c.position, coalesce(p.events, 0)
         FROM view_generation g
         JOIN follower_checkpoint c ON c.view = g.view AND c.generation = g.generation AND c.part = $1
         LEFT JOIN (SELECT view, generation, count(*) AS events FROM parked_event GROUP BY view, generation) p
             ON p.view = g.view AND p.generation = g.generation
         WHERE g.state <> 'old'
         ORDER BY g.view, g.generation
         LIMIT 1000",
    )
    .bind(PART)
    .fetch_all(pool)
    .await?;
    let standing = |(view, generation, live, made_at, incarnation, position, parked_events): Row| Standing {
        view,
        generation,
        live,
        made_at: made_at.to_jiff(),
        incarnation,
        position,
        parked_events,
    };
    Ok(rows.into_iter().map(standing).collect())
}
