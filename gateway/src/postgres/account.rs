//! As whom Postgres's programs run: it refuses to run as root. Nothing else is known of users here.

use std::path::Path;

use nix::unistd::{Gid, Uid, User, chown};
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::PostgresFailure;

/// The system's user that owns the server's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// The one that runs this program.
    Own,
    /// Another one, because this program runs as root.
    Other { uid: Uid, gid: Gid },
}

impl Account {
    /// This program's own user; for root `postgres`, which Debian's package makes, else `nobody`.
    ///
    /// # Errors
    /// [`PostgresFailure::NoAccount`] for root on a machine that has neither.
    pub fn choose() -> Result<Self, PostgresFailure> {
        if !Uid::effective().is_root() {
            return Ok(Self::Own);
        }
        let known = ["postgres", "nobody"].into_iter().find_map(|name| User::from_name(name).ok().flatten());
        known.map(|user| Self::Other { uid: user.uid, gid: user.gid }).ok_or(PostgresFailure::NoAccount)
    }

    fn uid(self) -> Option<Uid> {
        match self {
            Self::Own => None,
            Self::Other { uid, .. } => Some(uid),
        }
    }

    /// Hands `path` to this account.
    pub fn own(self, path: &Path) -> Result<(), PostgresFailure> {
        match self {
            Self::Own => Ok(()),
            Self::Other { uid, gid } => {
                chown(path, Some(uid), Some(gid)).map_err(|source| PostgresFailure::File { path: path.to_owned(), source: source.into() })
            }
        }
    }

    /// A folder that only this account (and root) may enter, made where it is missing. One that somebody else
    /// put there (below `/tmp`, say) is refused.
    pub fn private_folder(self, path: &Path) -> Result<(), PostgresFailure> {
        let failed = |source| PostgresFailure::File { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(failed)?;
        let found = std::fs::symlink_metadata(path).map_err(failed)?;
        let owners = [Some(Uid::effective()), self.uid()];
        if !found.is_dir() || !owners.contains(&Some(Uid::from_raw(found.uid()))) {
            return Err(failed(std::io::Error::new(std::io::ErrorKind::AlreadyExists, "belongs to somebody else")));
        }
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).map_err(failed)?;
        self.own(path)
    }

    /// A program that runs as this account.
    pub fn command(self, program: &Path) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(program);
        if let Self::Other { uid, gid } = self {
            command.uid(uid.as_raw()).gid(gid.as_raw());
        }
        command
    }
}
