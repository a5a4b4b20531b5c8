//! The directory of the projections as the actors and the routes need it: never one that is too old to decide on. Who is in it
//! and how it is kept true is known by `projections`.

use std::time::Duration;

use actors::system::{Stale, Surroundings};
use domain::{Directory, Position};
use futures_util::future::BoxFuture;
use projections::directory::DirectoryHandle;

use crate::error::Fault;

const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The directory with its rule of freshness.
pub struct World {
    directory: DirectoryHandle,
    /// How long it is waited for what was just written.
    patience: Duration,
}

impl World {
    pub fn new(directory: DirectoryHandle, patience: Duration) -> Self {
        Self { directory, patience }
    }

    /// The directory, once it shows `position`.
    ///
    /// # Errors
    /// 503 when it does not in time, or is too old to answer from.
    pub async fn at_least(&self, position: Position) -> Result<(Directory, Position), Fault> {
        let current = self.directory()?;
        if current.1 >= position {
            return Ok(current);
        }
        let waited = self.directory.caught_up(position, self.patience).await;
        waited.map_err(|behind| {
            tracing::warn!(%behind, "the directory was waited for in vain");
            Fault::unavailable("the directory is behind")
        })
    }

    /// Waits until it may be decided on, which a loaded directory may not before it has met the log's head.
    ///
    /// # Errors
    /// When it is not within `within`.
    pub async fn await_fresh(&self, position: Position, within: Duration) -> anyhow::Result<()> {
        self.directory.caught_up(position, within).await?;
        let mut look = tokio::time::interval(LOOK_EVERY);
        let fresh = async {
            while self.directory.stale() {
                look.tick().await;
            }
        };
        tokio::time::timeout(within, fresh).await.map_err(|_| anyhow::anyhow!(self.reason_against().unwrap_or_default()))
    }

    /// The directory as it is, however old: for the command line, which waits for it when it starts.
    pub fn latest(&self) -> Directory {
        self.directory.current().0
    }

    /// What speaks against answering from it, if anything.
    pub fn reason_against(&self) -> Option<String> {
        if self.directory.parked() {
            return Some("the directory lacks events that could not be read".to_owned());
        }
        let behind = self.directory.behind();
        self.directory.stale().then(|| format!("the directory is {} ms behind", behind.as_millis()))
    }

    /// How far it is behind the log.
    pub fn behind(&self) -> Duration {
        self.directory.behind()
    }

    fn stale(&self) -> Stale {
        Stale { behind_ms: u64::try_from(self.directory.behind().min(Duration::from_secs(3600)).as_millis()).unwrap_or(u64::MAX) }
    }
}

impl Surroundings for World {
    fn directory(&self) -> Result<(Directory, Position), Stale> {
        if self.directory.stale() { Err(self.stale()) } else { Ok(self.directory.current()) }
    }

    fn caught_up(&self, position: Position) -> BoxFuture<'_, Result<(), Stale>> {
        Box::pin(async move { self.directory.caught_up(position, self.patience).await.map(drop).map_err(|_| self.stale()) })
    }
}
