//! The log as it is afterwards, and whether it is whole. What clients say of it is not known here.

use std::collections::HashMap;

use sqlx::PgPool;
use uuid::Uuid;

/// A row of the log.
#[derive(sqlx::FromRow)]
pub struct Event {
    pub position: i64,
    pub organisation: i64,
    pub kind: i16,
    pub stream: i64,
    pub version: i64,
    pub command: Uuid,
    pub index: i16,
    pub payload: String,
}

pub async fn read(pool: &PgPool) -> Vec<Event> {
    sqlx::query_as(
        "SELECT position, organisation, kind, stream, version, command, index, payload::text AS payload FROM event ORDER BY position",
    )
    .fetch_all(pool)
    .await
    .expect("the log can be read")
}

/// Positions, versions and indexes without gaps, and the head at the end of them.
pub async fn is_whole(pool: &PgPool, log: &[Event]) {
    let (head,): (i64,) = sqlx::query_as("SELECT position FROM log_head").fetch_one(pool).await.expect("the head can be read");
    assert_eq!(head, log.len() as i64, "the head and the number of events differ");
    let mut versions: HashMap<(i16, i64), i64> = HashMap::new();
    let mut indexes: HashMap<Uuid, i16> = HashMap::new();
    for (event, position) in log.iter().zip(1..) {
        assert_eq!(event.position, position, "a gap in the log");
        let version = versions.entry((event.kind, event.stream)).or_default();
        *version += 1;
        assert_eq!(event.version, *version, "a gap in stream {}-{} at position {position}", event.kind, event.stream);
        let index = indexes.entry(event.command).or_default();
        assert_eq!(event.index, *index, "a command torn apart at position {position}");
        *index += 1;
    }
}
