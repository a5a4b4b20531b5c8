//! Why an attempt to write failed, what it means for the batch, and what to do next. Reads are not judged here: who
//! reads is told, and asks again.

use std::fmt;

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
            ReadFailure::Corrupt(_) | ReadFailure::NotHandedOut(_) | ReadFailure::NotEmpty => false,
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

    /// The SQLSTATE, or nothing.
    fn code(&self) -> String {
        match &self.source {
            ReadFailure::Database(failure) => match &**failure {
                sqlx::Error::Database(database) => database.code().unwrap_or_default().into_owned(),
                _ => String::new(),
            },
            ReadFailure::Corrupt(_) | ReadFailure::NotHandedOut(_) | ReadFailure::NotEmpty => String::new(),
        }
    }
}

/// For logs. What the database answers is told by its code alone: its text may quote what was to be written.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code();
        match &self.source {
            ReadFailure::Database(_) if !code.is_empty() => write!(f, "the database answers {code}"),
            ReadFailure::Database(failure) => failure.fmt(f),
            other @ (ReadFailure::Corrupt(_) | ReadFailure::NotHandedOut(_) | ReadFailure::NotEmpty) => other.fmt(f),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_came_may_have_been_written_only_if_it_was_sent() {
        let before = Trouble::late(false);
        assert_eq!((before.advice(), before.maybe_written), (Advice::Reconnect, false));
        let after = Trouble::late(true);
        assert_eq!((after.advice(), after.maybe_written), (Advice::Reconnect, true));
    }

    #[tokio::test]
    async fn an_answer_of_the_database_is_told_by_its_code_and_quotes_nothing() {
        let database = test_database::TestDatabase::create_empty().await;
        let pool = database.pool(1).await;
        let failure = sqlx::query("SELECT 'secret'::json").execute(&pool).await.expect_err("not JSON");
        let trouble = Trouble::new(failure, true);
        assert_eq!(trouble.to_string(), "the database answers 22P02");
        assert_eq!((trouble.advice(), trouble.maybe_written), (Advice::Halve, false));
        assert_eq!(trouble.refusal(), Refusal::Malformed("the database answers 22P02".into()));
    }
}
