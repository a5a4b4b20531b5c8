//! What can go wrong between the log and a view, and what is to be done about it, decided where it is
//! born. Business refusals are not here: a recorded fact is never rejected.

use domain::Position;
use domain::codec::DecodeError;
use thiserror::Error;

/// Infrastructure is away or in the way. Always worth another try, later.
#[derive(Debug, Error)]
pub enum Failure {
    #[error("the database cannot be asked")]
    Database(#[from] sqlx::Error),
    #[error("there is no view {0:?}")]
    UnknownView(String),
    #[error("the view {0} is being rebuilt by somebody else")]
    AlreadyRebuilding(&'static str),
    #[error("the view {0} has no generation of this build's shape")]
    NoGeneration(&'static str),
    #[error("the log was replaced by another incarnation while the view {0} was being built")]
    LogReplaced(&'static str),
    #[error("what the view {0} holds cannot be read")]
    Unreadable(&'static str, #[source] serde_json::Error),
    #[error("the log holds an event that cannot be read")]
    Undecodable(#[source] DecodeError),
}

/// Why an event is parked. Shown to whoever looks after the installation; not for logs, because it may quote
/// the event.
#[derive(Debug, Error)]
pub enum Reason {
    #[error("{0}")]
    Undecodable(#[from] DecodeError),
    #[error("the stream's version {expected} was expected, not {found}")]
    OutOfOrder { expected: i64, found: i64 },
    #[error("the row it would change cannot be read: {0}")]
    Row(#[source] serde_json::Error),
    #[error("the database refuses what follows from it: {0}")]
    Database(#[source] sqlx::Error),
    #[error("the follower has a bug on it: it panicked")]
    Panicked,
    #[error("it comes after a parked event of its stream")]
    Behind,
}

/// Why a follower did not take a batch in. Nothing of the batch was kept.
#[derive(Debug, Error)]
pub enum Refused {
    /// Infrastructure: the same batch again, later.
    #[error("the database cannot be asked")]
    Retry(#[source] sqlx::Error),
    /// This one event: park it, and go on without it.
    #[error("the event {position} cannot be taken in")]
    Park {
        position: Position,
        #[source]
        reason: Reason,
    },
    /// One event of the batch, and it is not known which.
    #[error("an event of the batch cannot be taken in")]
    Unclear(#[source] Reason),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        if blames_content(&error) { Self::Unclear(Reason::Database(error)) } else { Self::Retry(error) }
    }
}

/// Whether the database refused the values themselves, so that another try ends the same way: SQLSTATE
/// classes 21, 22 (data), 23 (constraints), 54 (limits).
fn blames_content(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| ["21", "22", "23", "54"].iter().any(|class| code.starts_with(class)))
        }
        sqlx::Error::Encode(_) | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
        _ => false,
    }
}
