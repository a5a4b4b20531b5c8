//! What a view holds, row by row, and how far it has come: read beside the product, so that one generation of
//! a view can be held against another. Not the questions that views answer.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::{AssertSqlSafe, PgPool};

/// Views lag by milliseconds; one that has not come this far in this time has stopped.
const SETTLED_MAX: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The rows of a view's live generation as JSON, sorted, by table.
#[derive(Debug, PartialEq, Eq)]
pub struct Rows {
    pub schema: String,
    pub tables: BTreeMap<String, Vec<String>>,
}

impl Rows {
    pub fn count(&self) -> usize {
        self.tables.values().map(Vec::len).sum()
    }
}

/// Everything that the live generation of `view` holds.
///
/// # Panics
/// When it has none, or the database does not answer.
pub async fn rows(pool: &PgPool, view: &str) -> Rows {
    let (schema,): (String,) =
        sqlx::query_as("SELECT schema_name FROM view_generation WHERE view = $1 AND state = 'live' ORDER BY generation DESC LIMIT 1")
            .bind(view)
            .fetch_one(pool)
            .await
            .expect("the view has a generation that is read");
    let names: Vec<(String,)> = sqlx::query_as("SELECT table_name::text FROM information_schema.tables WHERE table_schema = $1")
        .bind(&schema)
        .fetch_all(pool)
        .await
        .expect("the schema can be read");
    let mut tables = BTreeMap::new();
    for (name,) in names {
        // Names of the database's own catalog.
        let sql = format!("SELECT to_jsonb(t)::text FROM {schema}.{name} t");
        let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(pool).await.expect("the view can be read");
        let mut rows: Vec<String> = rows.into_iter().map(|(row,)| row).collect();
        rows.sort();
        tables.insert(name, rows);
    }
    Rows { schema, tables }
}

/// Waits until every live view has taken in the log up to its present end.
///
/// # Panics
/// When one does not.
pub async fn settled(pool: &PgPool) {
    let (head,): (i64,) = sqlx::query_as("SELECT position FROM log_head").fetch_one(pool).await.expect("the head can be read");
    let caught_up = async {
        // Followers run in another process as well; what they have committed is the only thing to wait for.
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            let behind: Vec<(String, i64)> = sqlx::query_as(
                "SELECT g.view, c.position FROM view_generation g JOIN follower_checkpoint c USING (view, generation)
                 WHERE g.state = 'live' AND c.position < $1",
            )
            .bind(head)
            .fetch_all(pool)
            .await
            .expect("the checkpoints can be read");
            if behind.is_empty() {
                return;
            }
            look.tick().await;
        }
    };
    tokio::time::timeout(SETTLED_MAX, caught_up).await.expect("the views follow the log");
}

/// The events that views could not take in, as `view: reason`.
///
/// # Panics
/// When the database does not answer.
pub async fn parked(pool: &PgPool) -> Vec<String> {
    let rows: Vec<(String, i64, String)> = sqlx::query_as("SELECT view, position, reason FROM parked_event ORDER BY view, position")
        .fetch_all(pool)
        .await
        .expect("the parked events can be read");
    rows.into_iter().map(|(view, position, reason)| format!("{view}, position {position}: {reason}")).collect()
}
