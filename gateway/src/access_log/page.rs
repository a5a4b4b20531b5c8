//! What auditors read of the access log. Who may is decided in `domain` ([`domain::audit::access`]).

use domain::{OrganisationId, PersonId, Position};
use jiff::Timestamp;
use sqlx::{FromRow, PgPool};

use super::Kind;

/// How many ids there are for one position of the log (migrations/0008_access_log.sql).
pub const IDS_OF_A_POSITION: i64 = 1 << 20;

/// A row as auditors are told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: i64,
    /// As stored.
    pub kind: i16,
    pub person: PersonId,
    /// A task or a file, where one was read.
    pub subject: i64,
    pub at: Timestamp,
    pub login: Option<String>,
    pub address: Option<String>,
    pub agent: Option<String>,
}

/// When somebody was last here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSeen {
    pub person: PersonId,
    pub at: Timestamp,
    pub address: Option<String>,
    pub agent: Option<String>,
}

/// What there is to read just now: later rows have higher ids than `last`, later events higher positions than `head`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    pub last: i64,
    pub head: Position,
}

/// Waits for rows that are being written.
///
/// # Errors
/// When the database does not answer.
pub async fn ends(pool: &PgPool) -> Result<Ends, sqlx::Error> {
    let mut tx = pool.begin().await?;
    // Statements of their own: the head must be read after the wait.
    let last: i64 = sqlx::query_scalar("SELECT last FROM access_log_head FOR SHARE").fetch_one(&mut *tx).await?;
    let head: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok(Ends { last, head })
}

/// The rows of `organisation` of these kinds after `after` and up to and with `upto`, at most `limit`, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn rows(
    pool: &PgPool,
    organisation: OrganisationId,
    kinds: &[Kind],
    (after, upto): (i64, i64),
    limit: u32,
) -> Result<Vec<Row>, sqlx::Error> {
    let kinds: Vec<i16> = kinds.iter().map(|kind| *kind as i16).collect();
    let rows: Vec<Read> = sqlx::query_as(
        "SELECT id, kind, person, subject, at, login, address, agent FROM access_log
         WHERE organisation = $1 AND kind = ANY($2) AND id > $3 AND id <= $4 ORDER BY id LIMIT $5",
    )
    .bind(organisation.0)
    .bind(kinds)
    .bind(after)
    .bind(upto)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Read::row).collect())
}

/// When everybody of `organisation` who ever was here was here last.
///
/// # Errors
/// When the database does not answer.
pub async fn last_seen(pool: &PgPool, organisation: OrganisationId) -> Result<Vec<LastSeen>, sqlx::Error> {
    type Columns = (i64, jiff_sqlx::Timestamp, Option<String>, Option<String>);
    let rows: Vec<Columns> = sqlx::query_as("SELECT person, at, address, agent FROM person_seen WHERE organisation = $1 ORDER BY person")
        .bind(organisation.0)
        .fetch_all(pool)
        .await?;
    let seen = |(person, at, address, agent): Columns| LastSeen { person: PersonId(person), at: at.to_jiff(), address, agent };
    Ok(rows.into_iter().map(seen).collect())
}

#[derive(FromRow)]
struct Read {
    id: i64,
    kind: i16,
    person: i64,
    subject: i64,
    at: jiff_sqlx::Timestamp,
    login: Option<String>,
    address: Option<String>,
    agent: Option<String>,
}

impl Read {
    fn row(self) -> Row {
        let Self { id, kind, person, subject, at, login, address, agent } = self;
        Row { id, kind, person: PersonId(person), subject, at: at.to_jiff(), login, address, agent }
    }
}
