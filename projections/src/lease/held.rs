//! A lease as its holder has it in hand: what is done under it, for how long, and the check that an effect begins with.
//! Taking and renewing are the keeper's.

use std::sync::Arc;

use sqlx::PgConnection;
use thiserror::Error;
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

use super::{Shared, rows};

/// A lease that this node holds. Dropping it says that what was done under it has stopped, and gives the lease back.
#[derive(Debug)]
pub struct Held {
    pub(super) shared: Arc<Shared>,
    pub(super) name: Arc<str>,
    pub(super) epoch: i64,
    pub(super) over: CancellationToken,
}

/// Why an effect must not come about.
#[derive(Debug, Error)]
pub enum NotHeld {
    /// The time was over, or somebody else has taken it since.
    #[error("the lease {name} of epoch {epoch} is lost")]
    Lost { name: Arc<str>, epoch: i64 },
    #[error("the database cannot be asked")]
    Database(#[from] sqlx::Error),
}

impl Held {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Rises each time that the lease is taken, by whomever.
    pub fn epoch(&self) -> i64 {
        self.epoch
    }

    /// Waits until what is done under the lease has to stop: it is lost, or to be handed over. It may come late: what
    /// must not be done by two is guarded.
    pub fn over(&self) -> WaitForCancellationFuture<'_> {
        self.over.cancelled()
    }

    /// To be called first in each transaction that has an effect. After it, nobody else takes the lease before the
    /// transaction ends.
    ///
    /// # Errors
    /// [`NotHeld::Lost`], and then the transaction is to be rolled back; [`NotHeld::Database`].
    pub async fn guard(&self, tx: &mut PgConnection) -> Result<(), NotHeld> {
        if rows::is_held(self.shared.holder, &self.name, self.epoch, tx).await? {
            return Ok(());
        }
        self.shared.book().lose(&self.name, self.epoch);
        Err(NotHeld::Lost { name: self.name.clone(), epoch: self.epoch })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.shared.book().leave(&self.name, self.epoch);
        self.shared.called.notify_one();
    }
}
