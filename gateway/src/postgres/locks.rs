//! Who uses the data directory: locks on files, which the system takes back when their process ends, however it
//! ends. Not the database's own locks.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::PostgresFailure;

/// Held by `nashi serve` for as long as it runs.
#[derive(Debug)]
pub struct ServeLock(#[expect(dead_code, reason = "held, not read: closing the file lets go of the lock")] File);

impl ServeLock {
    /// # Errors
    /// [`PostgresFailure::Serving`] when another process holds it.
    pub fn take(home: &Path) -> Result<Self, PostgresFailure> {
        std::fs::create_dir_all(home).map_err(|source| PostgresFailure::File { path: home.to_owned(), source })?;
        let (path, file) = open(home, "serve.lock")?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(PostgresFailure::Serving(home.to_owned())),
            Err(TryLockError::Error(source)) => Err(PostgresFailure::File { path, source }),
        }
    }
}

/// Held while the server is started or stopped, so that two processes do not do it at once.
pub(super) struct Starting(#[expect(dead_code, reason = "held, not read")] File);

impl Starting {
    pub async fn take(home: &Path) -> Result<Self, PostgresFailure> {
        let (path, file) = open(home, "start.lock")?;
        let locked =
            tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await.map_err(std::io::Error::other).and_then(|done| done);
        locked.map(Self).map_err(|source| PostgresFailure::File { path, source })
    }
}

/// Held, beside others, by every process that uses the server.
pub(super) struct Using(File);

impl Using {
    pub fn take(home: &Path) -> Result<Self, PostgresFailure> {
        let (path, file) = open(home, "users.lock")?;
        file.lock_shared().map_err(|source| PostgresFailure::File { path, source })?;
        Ok(Self(file))
    }

    /// Lets go. True when nobody else uses the server (the caller holds [`Starting`], so nobody can begin to).
    pub fn release_as_last(self) -> bool {
        self.0.unlock().is_ok() && self.0.try_lock().is_ok()
    }
}

fn open(home: &Path, name: &str) -> Result<(PathBuf, File), PostgresFailure> {
    let path = home.join(name);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    opened.map(|file| (path.clone(), file)).map_err(|source| PostgresFailure::File { path, source })
}
