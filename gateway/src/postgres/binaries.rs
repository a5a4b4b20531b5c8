//! Where this machine keeps Postgres's programs. Nothing is downloaded or installed here.

use std::path::{Path, PathBuf};

use super::PostgresFailure;

/// The folder that holds both `initdb` and `postgres`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    /// Looks, in this order, into `$PGBIN`, the folders of `$PATH`, Debian's, Homebrew's and Postgres.app's.
    ///
    /// # Errors
    /// [`PostgresFailure::NoBinaries`], whose text says what to install.
    pub fn find() -> Result<Self, PostgresFailure> {
        let pgbin = std::env::var_os("PGBIN").map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self::among(pgbin.into_iter().chain(std::env::split_paths(&path)).chain(well_known()))
    }

    fn among(folders: impl Iterator<Item = PathBuf>) -> Result<Self, PostgresFailure> {
        let complete = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
        folders.into_iter().find(complete).map(|folder| Self { folder }).ok_or(PostgresFailure::NoBinaries)
    }

    pub fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }
}

/// The folders in which packages put Postgres, the newest version first in each.
fn well_known() -> impl Iterator<Item = PathBuf> {
    let versioned = [
        ("/usr/lib/postgresql", "bin"),
        ("/opt/homebrew/Cellar", ""),
        ("/usr/local/Cellar", ""),
        ("/Applications/Postgres.app/Contents/Versions", "bin"),
    ];
    versioned.into_iter().flat_map(|(root, bin)| {
        let mut found: Vec<(u32, PathBuf)> = entries(Path::new(root))
            .filter_map(|folder| {
                let name = folder.file_name()?.to_str()?.to_owned();
                // Homebrew: Cellar/postgresql@17/17.2/bin, reached through opt/postgresql@17/bin.
                let (version, folder) = match name.strip_prefix("postgresql@") {
                    Some(version) => (version.to_owned(), folder.parent()?.parent()?.join("opt").join(&name).join("bin")),
                    None => (name, folder.join(bin)),
                };
                Some((version.split('.').next()?.parse().ok()?, folder))
            })
            .collect();
        found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        found.into_iter().map(|(_, folder)| folder)
    })
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_only_one_of_the_two_programs_is_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let (half, whole) = (root.path().join("half"), root.path().join("whole"));
        for folder in [&half, &whole] {
            std::fs::create_dir(folder).unwrap();
            std::fs::write(folder.join("postgres"), "").unwrap();
        }
        std::fs::write(whole.join("initdb"), "").unwrap();
        assert_eq!(Binaries::among([half.clone(), whole.clone()].into_iter()).unwrap().folder, whole);
        let failure = Binaries::among([half].into_iter()).unwrap_err();
        assert!(failure.to_string().contains("apt-get install -y --no-install-recommends postgresql-15"));
    }
}
