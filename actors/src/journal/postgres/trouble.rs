//! Why an attempt to write failed, what it means for the batch, and what to do next. Reads are not judged here: who
//! reads is told, and asks again.

use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::journal::{ReadFailure, Refusal};

/// Why an attempt failed.
#[derive(Debug)]
pub(super) struct Trouble {
    pub source: ReadFailure,
    /// The connection is gone, or not in a known state any more.
    pub lost: bool,
    /// The attempt may have been committed, or may yet be.
    pub maybe_written: bool,
}

/// What to do with the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Advice {
    /// On a new connection.
    Reconnect,
    /// After a pause: it met a lock, a time limit, or a lack of resources.
    Again,
    /// One of its commands holds what the database does not take: find it.
    Halve,
    /// Trying again would change nothing.
    Refuse,
}

impl Trouble {
    /// Before or after the statement whose success is the commit.
    pub fn new(source: impl Into<ReadFailure>, sent: bool) -> Self {
        let source = source.into();
        let lost = match &source {
            ReadFailure::Database(failure) => is_lost(failure),
            ReadFailure::Corrupt(_) | ReadFailure::NotHandedOut(_) => false,
        };
        Self { source, lost, maybe_written: lost && sent }
    }

    /// No answer came in time.
    pub fn late(sent: bool) -> Self {
        let source = std::io::Error::new(std::io::ErrorKind::TimedOut, "the database did not answer");
        Self::new(sqlx::Error::Io(source), sent)
    }

    pub fn advice(&self) -> Advice {
        if self.lost {
            return Advice::Reconnect;
        }
        let code = self.code();
        match code.get(..2) {
            // Lack of resources; a serialisation failure or deadlock.
            Some("53" | "40") => Advice::Again,
            // A value the column does not take, a constraint, a key too long for its index.
            Some("22" | "23" | "54") => Advice::Halve,
            _ if code == "55P03" || code == "57014" => Advice::Again,
            _ => Advice::Refuse,
        }
    }

    /// The answer where nothing helps.
    pub fn refusal(&self) -> Refusal {
        let code = self.code();
        match code.get(..2) {
            Some("22" | "54") => Refusal::Malformed(format!("the database answers {code}").into()),
            Some(_) => Refusal::Unavailable(format!("the database answers {code}").into()),
            None => Refusal::Unavailable(self.source.to_string().into()),
        }
    }

    /// The SQLSTATE, or nothing. The text is not used: it may quote what was written.
    fn code(&self) -> String {
        match &self.source {
            ReadFailure::Database(failure) => match &**failure {
                sqlx::Error::Database(database) => database.code().unwrap_or_default().into_owned(),
                _ => String::new(),
            },
            ReadFailure::Corrupt(_) | ReadFailure::NotHandedOut(_) => String::new(),
        }
    }
}

/// Whether the connection can no longer be relied on. An ordinary error that the database answers
/// with means that it rolled back and listens on.
fn is_lost(failure: &sqlx::Error) -> bool {
    match failure {
        sqlx::Error::Database(database) => database
            .try_downcast_ref::<PgDatabaseError>()
            .is_none_or(|database| matches!(database.severity(), PgSeverity::Fatal | PgSeverity::Panic)),
        sqlx::Error::Encode(_) => false,
        _ => true,
    }
}
