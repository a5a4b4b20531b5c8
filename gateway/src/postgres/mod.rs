//! A Postgres of our own, for an installation that names none: the machine's programs, driven by us, in a
//! private folder, on a socket only. Not used where `database.url` is set.
//!
//! What lies in the data directory:
//! ```text
//! serve.lock      held by `nashi serve`: two of them on one directory refuse
//! start.lock      held while the server is started or stopped
//! users.lock      shared by every process that uses the server: the last one out may stop it
//! postgres.secret the superuser's password, readable by us alone
//! postgres/data   Postgres's own files        postgres/socket, postgres/log
//! ```
//! Sign-in is by SCRAM with that random password in all cases. Peer authentication would do where the server runs
//! as our own user, but for root it runs as `postgres` or `nobody`, who may have other programs running.

mod account;
mod binaries;
mod initialise;
mod locks;
mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};
use thiserror::Error;

use account::Account;
use binaries::Binaries;
pub use locks::ServeLock;
use locks::{Starting, Using};
use server::Server;

/// The superuser and the database; the second database is for the logs.
const USER: &str = "nashi";
const DATABASES: [&str; 2] = ["nashi", "nashi_logs"];

/// Why there is no Postgres of our own.
#[derive(Debug, Error)]
pub enum PostgresFailure {
    #[error(
        "no Postgres was found: run `apt-get install -y --no-install-recommends postgresql-15`, or name one in `database.url` \
         (NASHI__DATABASE__URL)"
    )]
    NoBinaries,
    #[error("Postgres refuses to run as root, and this machine has neither the user `postgres` nor `nobody`")]
    NoAccount,
    #[error("another `nashi serve` runs on {0}")]
    Serving(PathBuf),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{0} holds a database, but its password is not in postgres.secret any more")]
    SecretLost(PathBuf),
    #[error("{program} failed: {output}")]
    Program { program: &'static str, output: String },
    #[error("Postgres did not begin to answer within {0:?}")]
    Silent(Duration),
    #[error("Postgres answers, but refuses us")]
    Refused(#[source] sqlx::Error),
}

/// A running Postgres of our own. [`OwnPostgres::stop`] stops it unless another process uses it.
pub struct OwnPostgres {
    home: PathBuf,
    shared_buffers: String,
    options: PgConnectOptions,
    server: Server,
    using: Using,
    /// It ran before we came, and shall run on when a short command ends.
    found_running: bool,
}

impl OwnPostgres {
    /// Starts the server in `home`, or uses the one that lives there; makes the database at the first start.
    ///
    /// # Errors
    /// [`PostgresFailure`], each with a text for whoever runs the command.
    pub async fn start(home: &Path, shared_buffers: &str) -> Result<Self, PostgresFailure> {
        let failed = |source| PostgresFailure::File { path: home.to_owned(), source };
        std::fs::create_dir_all(home).map_err(failed)?;
        let starting = Starting::take(home).await?;
        let using = Using::take(home)?;
        let account = Account::choose()?;
        let folders = Folders::make(home, account)?;
        let secret = secret(home, &folders)?;
        let (server, found_running) = up(&folders, account, &secret, shared_buffers).await?;
        let options = options(server.socket(), &secret);
        create_databases(&options).await?;
        drop(starting);
        let (home, shared_buffers) = (home.to_owned(), shared_buffers.to_owned());
        Ok(Self { home, shared_buffers, options: options.database(DATABASES[0]), server, using, found_running })
    }

    /// How to connect to the main database.
    pub fn options(&self) -> PgConnectOptions {
        self.options.clone()
    }

    /// Starts the server again if it has died; the same options reach it then. Tells whether it had.
    ///
    /// # Errors
    /// When it cannot be started; the next call tries again.
    pub async fn revive(&mut self) -> Result<bool, PostgresFailure> {
        if self.server.lives() {
            return Ok(false);
        }
        let _starting = Starting::take(&self.home).await?;
        let account = Account::choose()?;
        let folders = Folders::make(&self.home, account)?;
        let secret = secret(&self.home, &folders)?;
        let (server, _) = up(&folders, account, &secret, &self.shared_buffers).await?;
        self.server = server;
        Ok(true)
    }

    /// Stops the server, unless another process uses it. `as_found`: also not when it ran before we came.
    ///
    /// # Errors
    /// When the server does not end; it is left alone then, and the next start uses it.
    pub async fn stop(self, as_found: bool) -> Result<(), PostgresFailure> {
        let Self { home, server, using, found_running, .. } = self;
        let _starting = Starting::take(&home).await?;
        if using.release_as_last() && !(as_found && found_running) {
            server.stop().await?;
        }
        Ok(())
    }
}

/// The folders below the data directory.
struct Folders {
    root: PathBuf,
    data: PathBuf,
    socket: PathBuf,
    log: PathBuf,
}

impl Folders {
    fn make(home: &Path, account: Account) -> Result<Self, PostgresFailure> {
        let root = home.join("postgres");
        let folders = Self { data: root.join("data"), socket: server::socket_folder(&root), log: root.join("log"), root };
        for folder in [&folders.root, &folders.socket, &folders.log] {
            account.private_folder(folder)?;
        }
        Ok(folders)
    }
}

/// A server that answers: the living one (and then `true`), else a new one, on new files where there are none.
async fn up(folders: &Folders, account: Account, secret: &SecretString, shared_buffers: &str) -> Result<(Server, bool), PostgresFailure> {
    let options = |socket: &Path| options(socket, secret);
    if let Some(server) = server::adopt(folders, &options).await? {
        return Ok((server, true));
    }
    let binaries = Binaries::find()?;
    if !folders.data.join("PG_VERSION").exists() {
        initialise::run(&binaries, account, folders, secret).await?;
    }
    Ok((Server::launch(&binaries, account, folders, shared_buffers, &options).await?, false))
}

fn options(socket: &Path, secret: &SecretString) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(server::PORT)
        .username(USER)
        .password(secret.expose_secret())
        .database("postgres")
        .application_name("nashi")
        .disable_statement_logging()
}

/// The superuser's password: read, or made at the first start.
fn secret(home: &Path, folders: &Folders) -> Result<SecretString, PostgresFailure> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;

    let path = home.join("postgres.secret");
    let failed = |source| PostgresFailure::File { path: path.clone(), source };
    match std::fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => return Ok(SecretString::from(text.trim().to_owned())),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    if folders.data.join("PG_VERSION").exists() {
        return Err(PostgresFailure::SecretLost(folders.data.clone()));
    }
    let text = hex::encode(crate::identity::random::bytes::<32>());
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(SecretString::from(text))
}

async fn create_databases(options: &PgConnectOptions) -> Result<(), PostgresFailure> {
    let mut connection = options.connect().await.map_err(PostgresFailure::Refused)?;
    let present: Vec<String> =
        sqlx::query_scalar("SELECT datname::text FROM pg_database").fetch_all(&mut connection).await.map_err(PostgresFailure::Refused)?;
    for (name, sql) in DATABASES.into_iter().zip(["CREATE DATABASE nashi", "CREATE DATABASE nashi_logs"]) {
        if !present.iter().any(|database| database == name) {
            sqlx::query(sql).execute(&mut connection).await.map_err(PostgresFailure::Refused)?;
        }
    }
    connection.close().await.map_err(PostgresFailure::Refused)
}

/// Where data lies when no setting says so.
///
/// # Errors
/// [`PostgresFailure::File`] for a user without a home.
pub fn default_home() -> Result<PathBuf, PostgresFailure> {
    if nix::unistd::Uid::effective().is_root() {
        return Ok(PathBuf::from("/var/lib/nashi"));
    }
    let set = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    set("XDG_STATE_HOME").or_else(|| set("HOME").map(|home| home.join(".local/state"))).map(|state| state.join("nashi")).ok_or_else(|| {
        PostgresFailure::File {
            path: PathBuf::from("~/.local/state/nashi"),
            source: std::io::Error::new(std::io::ErrorKind::NotFound, "HOME is not set; name a folder in data.directory"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A folder that the server's user can reach when the tests run as root.
    fn home() -> tempfile::TempDir {
        let home = tempfile::Builder::new().prefix("nashi-own-").tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        home
    }

    async fn answers(postgres: &OwnPostgres) -> bool {
        let mut connection = postgres.options().connect().await.unwrap();
        let database: String = sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut connection).await.unwrap();
        database == "nashi"
    }

    fn pid(home: &Path) -> Option<String> {
        let text = std::fs::read_to_string(home.join("postgres/data/postmaster.pid")).ok()?;
        text.lines().next().map(str::to_owned)
    }

    #[tokio::test]
    async fn a_server_is_made_once_shared_by_those_who_use_it_and_stopped_by_the_last() {
        let home = home();
        // An initdb that was broken off left this behind.
        std::fs::create_dir_all(home.path().join("postgres/data.unfinished/base")).unwrap();
        let first = OwnPostgres::start(home.path(), "16MB").await.unwrap();
        assert!(answers(&first).await);
        let running = pid(home.path());
        assert!(running.is_some());

        // A short command beside it leaves it as it was, even when it is the last to go.
        let second = OwnPostgres::start(home.path(), "16MB").await.unwrap();
        assert!(second.found_running);
        second.stop(true).await.unwrap();
        assert!(answers(&first).await);

        // Nobody is left, as after a kill: the next one takes the living server over, and stops it in the end.
        let OwnPostgres { using, server, .. } = first;
        drop((using, server));
        let third = OwnPostgres::start(home.path(), "16MB").await.unwrap();
        assert_eq!(pid(home.path()), running);
        assert!(answers(&third).await);
        third.stop(false).await.unwrap();
        assert_eq!(pid(home.path()), None);

        // A pid file that lies about a process long gone stops nobody.
        std::fs::write(home.path().join("postgres/data/postmaster.pid"), "4194999\n/x\n0\n5432\n/nowhere\n\n").unwrap();
        let fourth = OwnPostgres::start(home.path(), "16MB").await.unwrap();
        assert!(answers(&fourth).await);
        fourth.stop(false).await.unwrap();
    }

    #[tokio::test]
    async fn a_server_that_died_is_started_again() {
        let home = home();
        let mut postgres = OwnPostgres::start(home.path(), "16MB").await.unwrap();
        assert!(!postgres.revive().await.unwrap());
        let first = pid(home.path()).unwrap();
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(first.parse().unwrap()), nix::sys::signal::Signal::SIGKILL).unwrap();
        postgres.server.ended().await;
        assert!(postgres.revive().await.unwrap());
        assert_ne!(pid(home.path()).unwrap(), first);
        assert!(answers(&postgres).await);
        postgres.stop(false).await.unwrap();
    }

    #[test]
    fn two_servers_on_one_folder_refuse() {
        let home = home();
        let first = ServeLock::take(home.path()).unwrap();
        assert!(matches!(ServeLock::take(home.path()), Err(PostgresFailure::Serving(_))));
        drop(first);
        assert!(ServeLock::take(home.path()).is_ok());
    }

    #[test]
    fn a_password_that_was_lost_is_named_before_anything_is_started() {
        let home = home();
        let folders = Folders::make(home.path(), Account::choose().unwrap()).unwrap();
        let made = secret(home.path(), &folders).unwrap();
        assert_eq!(secret(home.path(), &folders).unwrap().expose_secret(), made.expose_secret());
        let mode = std::fs::metadata(home.path().join("postgres.secret")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::create_dir_all(&folders.data).unwrap();
        std::fs::write(folders.data.join("PG_VERSION"), "15").unwrap();
        std::fs::remove_file(home.path().join("postgres.secret")).unwrap();
        assert!(matches!(secret(home.path(), &folders), Err(PostgresFailure::SecretLost(_))));
    }
}
