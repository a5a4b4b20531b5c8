//! The server's process: found, started, stopped. Not what is in its files.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::process::Child;
use tokio::time::{Instant, sleep};

use super::{Account, Binaries, Folders, PostgresFailure};

/// A part of the socket's name only: nothing listens on the network.
pub const PORT: u16 = 5432;

/// A server that answers at all does so at once; one that recovers after a crash may need minutes.
const SILENT_MAX: Duration = Duration::from_secs(20);
const RECOVERY_MAX: Duration = Duration::from_secs(600);
const STOP_MAX: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// `sun_path` of Linux holds 108 bytes with the closing zero; macOS has 104.
const SOCKET_PATH_MAX: usize = 103;

/// A server that answers.
pub struct Server {
    socket: PathBuf,
    pid: Pid,
    /// Ours to wait for, when we started it.
    child: Option<Child>,
}

/// Where the socket lies: beside the data, or below `/tmp` when that path is too long for a
/// socket or would be read as a list.
pub fn socket_folder(root: &Path) -> PathBuf {
    use sha2::{Digest, Sha256};

    let beside = root.join("socket");
    let name = format!("/.s.PGSQL.{PORT}");
    // Postgres reads a list there, in which these have a meaning.
    let plain = !beside.as_os_str().as_encoded_bytes().iter().any(|byte| matches!(byte, b',' | b'"' | b' '));
    if plain && beside.as_os_str().len() + name.len() <= SOCKET_PATH_MAX {
        return beside;
    }
    let digest = Sha256::digest(beside.as_os_str().as_encoded_bytes());
    PathBuf::from(format!("/tmp/nashi-{}-{}", nix::unistd::Uid::effective(), hex::encode(digest.get(..6).unwrap_or_default())))
}

/// The server that lives in these folders, left behind by a process that was killed or used by another one.
pub async fn adopt(folders: &Folders, options: &impl Fn(&Path) -> PgConnectOptions) -> Result<Option<Server>, PostgresFailure> {
    let Some((pid, socket)) = postmaster(&folders.data) else { return Ok(None) };
    let begun = Instant::now();
    while alive(pid) {
        match answer(&options(&socket)).await {
            Answer::Yes => return Ok(Some(Server { socket, pid, child: None })),
            Answer::Starting if begun.elapsed() < RECOVERY_MAX => {}
            // It is going down: wait for its end. A number that was given to another process ends the wait too.
            Answer::Nobody | Answer::Starting if begun.elapsed() < SILENT_MAX => {}
            Answer::Nobody | Answer::Starting => return Ok(None),
            Answer::Refused(error) => return Err(PostgresFailure::Refused(error)),
        }
        sleep(LOOK_EVERY).await;
    }
    Ok(None)
}

impl Server {
    /// Starts a server and waits until it answers.
    pub(super) async fn launch(
        binaries: &Binaries,
        account: Account,
        folders: &Folders,
        shared_buffers: &str,
        options: &impl Fn(&Path) -> PgConnectOptions,
    ) -> Result<Self, PostgresFailure> {
        let log = folders.root.join("start.log");
        let file = std::fs::File::create(&log).map_err(|source| PostgresFailure::File { path: log.clone(), source })?;
        let errors = file.try_clone().map_err(|source| PostgresFailure::File { path: log.clone(), source })?;
        let mut command = account.command(&binaries.postgres());
        command.current_dir(&folders.root).arg("-D").arg(&folders.data);
        for (name, value) in [
            ("listen_addresses", ""),
            ("unix_socket_permissions", "0700"),
            ("shared_buffers", shared_buffers),
            ("max_wal_size", "4GB"),
            // Short statements only: compiling them costs more than it gains.
            ("jit", "off"),
            // One file a weekday, written over a week later.
            ("logging_collector", "on"),
            ("log_filename", "postgres-%a.log"),
            ("log_rotation_age", "1d"),
            ("log_truncate_on_rotation", "on"),
        ] {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.arg("-c").arg(path_setting("unix_socket_directories", &folders.socket));
        command.arg("-c").arg(path_setting("log_directory", &folders.log));
        // Its own process group: Ctrl-C in a terminal must reach us alone, and we stop it last.
        command.process_group(0).env_remove("PGDATA").stdin(Stdio::null()).stdout(file).stderr(errors);
        let mut child = command.spawn().map_err(|source| PostgresFailure::File { path: binaries.postgres(), source })?;
        let pid = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        let options = options(&folders.socket);
        let begun = Instant::now();
        let mut told = begun;
        loop {
            if let Ok(Some(_)) = child.try_wait() {
                return Err(PostgresFailure::Program { program: "postgres", output: tail(&log) });
            }
            match (answer(&options).await, pid) {
                (Answer::Yes, Some(pid)) => return Ok(Self { socket: folders.socket.clone(), pid, child: Some(child) }),
                (Answer::Refused(error), _) => {
                    signal(pid, Signal::SIGINT);
                    return Err(PostgresFailure::Refused(error));
                }
                (Answer::Starting, _) if begun.elapsed() < RECOVERY_MAX => {
                    if told.elapsed() > Duration::from_secs(5) {
                        told = Instant::now();
                        tracing::info!("Postgres brings its files up to date after an unclean end");
                    }
                }
                (Answer::Nobody, _) if begun.elapsed() < SILENT_MAX => {}
                (Answer::Yes | Answer::Starting | Answer::Nobody, _) => {
                    signal(pid, Signal::SIGINT);
                    return Err(PostgresFailure::Silent(begun.elapsed()));
                }
            }
            sleep(LOOK_EVERY).await;
        }
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Whether the process is there; whether it answers is another matter.
    pub fn lives(&mut self) -> bool {
        match &mut self.child {
            Some(child) => matches!(child.try_wait(), Ok(None)),
            None => alive(self.pid),
        }
    }

    /// A fast shutdown: sessions are ended, everything is written, and the process is waited for.
    pub async fn stop(mut self) -> Result<(), PostgresFailure> {
        signal(Some(self.pid), Signal::SIGINT);
        tokio::time::timeout(STOP_MAX, self.ended()).await.map_err(|_| PostgresFailure::Silent(STOP_MAX))
    }

    /// Waits for the process to end.
    pub async fn ended(&mut self) {
        match &mut self.child {
            Some(child) => drop(child.wait().await),
            None => {
                while alive(self.pid) {
                    sleep(LOOK_EVERY).await;
                }
            }
        }
    }
}

enum Answer {
    Yes,
    /// It is there, and says that it takes no sessions yet (or not any more).
    Starting,
    Nobody,
    Refused(sqlx::Error),
}

async fn answer(options: &PgConnectOptions) -> Answer {
    match options.connect().await {
        Ok(connection) => match connection.close().await {
            Ok(()) => Answer::Yes,
            Err(_) => Answer::Nobody,
        },
        // 57P03, cannot_connect_now: starting up, shutting down, in recovery.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("57P03") => Answer::Starting,
        Err(error @ sqlx::Error::Database(_)) => Answer::Refused(error),
        Err(_) => Answer::Nobody,
    }
}

/// Process and socket folder from `postmaster.pid`: its first and fifth line.
fn postmaster(data: &Path) -> Option<(Pid, PathBuf)> {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let mut lines = text.lines();
    let pid: i32 = lines.next()?.trim().parse().ok()?;
    let socket = lines.nth(3)?.trim();
    (pid > 0 && socket.starts_with('/')).then(|| (Pid::from_raw(pid), PathBuf::from(socket)))
}

/// A process that we may not signal is alive too.
fn alive(pid: Pid) -> bool {
    !matches!(kill(pid, None), Err(Errno::ESRCH))
}

fn signal(pid: Option<Pid>, signal: Signal) {
    if let Some(pid) = pid
        && let Err(error) = kill(pid, signal)
    {
        tracing::warn!(%error, "Postgres could not be told to stop");
    }
}

fn path_setting(name: &str, path: &Path) -> std::ffi::OsString {
    let mut setting = std::ffi::OsString::from(format!("{name}="));
    setting.push(path);
    setting
}

/// The last lines of a log, for an error's text.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(5)..).unwrap_or_default().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_whose_path_would_be_too_long_goes_elsewhere() {
        let short = Path::new("/var/lib/nashi/postgres");
        assert_eq!(socket_folder(short), short.join("socket"));
        let long = PathBuf::from(format!("/{}", "x".repeat(90)));
        let elsewhere = socket_folder(&long);
        assert!(elsewhere.starts_with("/tmp"));
        assert!(elsewhere.as_os_str().len() < 80);
        assert_eq!(elsewhere, socket_folder(&long));
    }

    #[test]
    fn a_stale_or_broken_pid_file_names_nobody() {
        let data = tempfile::tempdir().unwrap();
        let write = |text: &str| std::fs::write(data.path().join("postmaster.pid"), text).unwrap();
        assert!(postmaster(data.path()).is_none());
        write("");
        assert!(postmaster(data.path()).is_none());
        write("-1\n/data\n0\n5432\n/socket\n");
        assert!(postmaster(data.path()).is_none());
        write("4\n/data\n0\n5432\n\n");
        assert!(postmaster(data.path()).is_none());
        write("4\n/data\n0\n5432\n/socket\n\n");
        assert_eq!(postmaster(data.path()), Some((Pid::from_raw(4), PathBuf::from("/socket"))));
    }
}
