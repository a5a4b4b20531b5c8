//! A Postgres of a test's own, for tests that stop it: over TCP, so that a cable to it can be cut. The one that most
//! tests share is in `tests/database`.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::sys::signal::Signal;
use nix::unistd::{Uid, User, chown};
use sqlx::postgres::{PgPool, PgPoolOptions};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::machine::{self, LOOK_EVERY, START_MAX};

/// How a Postgres ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Sessions are cut off, what they had not committed is rolled back, and everything is written down.
    Fast,
    /// At once, as after a crash; the next start recovers from the log of the database.
    Immediate,
}

/// A server and its data, both gone with this value.
pub struct Postgres {
    pub address: SocketAddr,
    programs: PathBuf,
    folder: TempDir,
    child: Option<Child>,
}

impl Postgres {
    /// Makes a cluster in a folder of its own and starts it on a free port.
    ///
    /// # Panics
    /// When Postgres is not installed, or does not start.
    pub async fn start() -> Self {
        // Below /tmp itself: started by root, Postgres runs as another user, who must reach it.
        let folder = tempfile::Builder::new().prefix("nashi-postgres-").tempdir_in("/tmp").expect("a temporary folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("our folder");
        if let Some(user) = account() {
            chown(folder.path(), Some(user.uid), Some(user.gid)).expect("root may give a folder away");
        }
        let address = SocketAddr::from(([127, 0, 0, 1], machine::free_port()));
        let mut postgres = Self { address, programs: programs(), folder, child: None };
        let mut initdb = postgres.command("initdb");
        initdb.args(["-U", "nashi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        let output = initdb.output().await.expect("initdb starts");
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        postgres.restart().await;
        postgres
    }

    /// Its database by `address`, its own or that of a proxy before it.
    pub fn url(&self, address: SocketAddr) -> String {
        format!("postgres://nashi@{address}/postgres")
    }

    /// A pool of at most `connections` connections.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn pool(&self, connections: u32) -> PgPool {
        let url = self.url(self.address);
        PgPoolOptions::new().max_connections(connections).connect(&url).await.expect("the test's Postgres answers")
    }

    /// Ends the server.
    ///
    /// # Panics
    /// When it does not run, or does not end.
    pub async fn stop(&mut self, ending: Ending) {
        let signal = match ending {
            Ending::Fast => Signal::SIGINT,
            Ending::Immediate => Signal::SIGQUIT,
        };
        machine::end(&mut self.child.take().expect("it runs"), signal).await;
    }

    /// Starts it on its data, where it was, and waits until it answers.
    ///
    /// # Panics
    /// When it runs already, or does not start.
    pub async fn restart(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let log = self.folder.path().join("postgres.log");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&log).expect("our folder");
        let errors = file.try_clone().expect("our folder");
        let mut command = self.command("postgres");
        // A commit is in the kernel's hands when it is answered: what a crash of Postgres alone could lose, it must not lose
        // here. That it reaches a disk would only make the tests slower.
        for setting in ["fsync=off", "full_page_writes=off", "synchronous_commit=on", "max_connections=300", "shared_buffers=64MB"] {
            command.args(["-c", setting]);
        }
        command.arg("-c").arg("listen_addresses=127.0.0.1").arg("-c").arg(format!("port={}", self.address.port()));
        command.arg("-c").arg("unix_socket_directories=");
        let child = command.stdin(Stdio::null()).stdout(file).stderr(errors).kill_on_drop(true).spawn().expect("postgres starts");
        self.child = Some(child);
        let answers = async {
            let mut look = tokio::time::interval(LOOK_EVERY);
            loop {
                look.tick().await;
                let ended = self.child.as_mut().and_then(|child| child.try_wait().expect("our child"));
                assert!(ended.is_none(), "postgres ended with {ended:?}: {}", machine::tail(&log));
                let url = self.url(self.address);
                if let Ok(pool) = PgPoolOptions::new().max_connections(1).connect(&url).await {
                    pool.close().await;
                    return;
                }
            }
        };
        tokio::time::timeout(START_MAX, answers).await.unwrap_or_else(|_| panic!("no answer: {}", machine::tail(&log)));
    }

    /// A program of Postgres on our data, as the user that it may run as.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.arg("-D").arg(self.folder.path().join("data")).current_dir("/");
        if let Some(user) = account() {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            // Killed outright, it would leave its shared memory behind.
            machine::end_in_drop(child, Signal::SIGQUIT);
        }
    }
}

/// Whom Postgres runs as, where that is not us: it refuses root.
fn account() -> Option<User> {
    Uid::effective().is_root().then(|| {
        let known = ["postgres", "nobody"].into_iter().find_map(|name| User::from_name(name).ok().flatten());
        known.expect("a user that Postgres may run as")
    })
}

/// The folder with the newest Postgres programs. Debian does not put them on the `PATH`.
fn programs() -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = installed.max_by_key(|folder| folder.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    let folder = newest.map(|folder| folder.join("bin")).filter(|folder| folder.join("initdb").is_file());
    folder.unwrap_or_else(|| machine::program("initdb", "postgresql-15").parent().map(Path::to_owned).expect("a program is in a folder"))
}
