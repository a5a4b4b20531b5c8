//! The real `nashi` binary as a process, for tests that stop, kill or starve it. Tests of rules and
//! wiring use [`crate::TestApp`], which is the same program inside the test.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use test_database::TestDatabase;
use tokio::process::{Child, Command};

use crate::machine::tail;
use crate::{Client, Person};

/// A debug build on a busy machine, with `initdb` before it.
const START_MAX: Duration = Duration::from_secs(60);
/// How long a healthy process may take to say so after the last fault: lost sessions, leases and a debug build.
const READY_MAX: Duration = Duration::from_secs(60);
const STOP_MAX: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// One installation: its settings, its data, its address. It outlives the processes that serve it.
pub struct Installation {
    environment: Vec<(String, String)>,
    pub address: SocketAddr,
    pub home: TempDir,
    /// Where it does not start a Postgres of its own.
    pub database: Option<TestDatabase>,
}

/// A `nashi serve` that has said that it is ready. Dropping it kills it.
pub struct Serving {
    child: Child,
    pub log: PathBuf,
}

impl Installation {
    /// On a database of the tests' Postgres.
    ///
    /// # Panics
    /// As [`TestDatabase::create_empty`].
    pub async fn on_test_postgres() -> Self {
        let database = TestDatabase::create_empty().await;
        let mut installation = Self::bare();
        installation.set("NASHI__DATABASE__URL", &database.url);
        installation.database = Some(database);
        installation
    }

    /// With a Postgres of its own, as on a laptop.
    pub fn with_own_postgres() -> Self {
        Self::bare()
    }

    /// On a database that is somebody else's to look after.
    pub fn on_postgres(url: &str) -> Self {
        let mut installation = Self::bare();
        installation.set("NASHI__DATABASE__URL", url);
        installation
    }

    fn bare() -> Self {
        // Below /tmp itself, and open: started by root, Postgres runs as another user.
        let home = tempfile::Builder::new().prefix("nashi-test-").tempdir_in("/tmp").expect("a temporary folder");
        std::fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("our folder");
        // The kernel names a free port; nashi takes it a moment later, and again after each restart.
        let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let mut installation = Self { environment: Vec::new(), address, home, database: None };
        installation.set("NASHI__HTTP__ADDRESS", &address.to_string());
        let data = installation.home.path().display().to_string();
        installation.set("NASHI__DATA__DIRECTORY", &data);
        // What the API promises by default is tested in-process; here many requests are the point.
        installation.set("NASHI__RATE__REQUESTS", "1000000");
        installation
    }

    /// Sets a key of the settings by its name in the environment, for processes started from now on.
    pub fn set(&mut self, key: &str, value: &str) {
        self.environment.retain(|(name, _)| name != key);
        self.environment.push((key.to_owned(), value.to_owned()));
    }

    /// A stranger's client.
    pub fn client(&self) -> Client {
        Client::new(&format!("http://{}", self.address))
    }

    /// Starts `nashi serve` and waits until it is ready.
    ///
    /// # Panics
    /// When it ends instead, or takes too long.
    pub async fn serve(&self) -> Serving {
        let mut serving = self.start();
        let client = self.client();
        let ready = async {
            // Another process has no position to wait on before it listens.
            let mut look = tokio::time::interval(LOOK_EVERY);
            loop {
                look.tick().await;
                if let Some(status) = serving.child.try_wait().expect("our child") {
                    panic!("nashi serve ended with {status}: {}", tail(&serving.log));
                }
                if client.send(reqwest::Method::GET, "/readyz", &[], None).await.is_ok_and(|answer| answer.status == 200) {
                    return;
                }
            }
        };
        if tokio::time::timeout(START_MAX, ready).await.is_err() {
            panic!("nashi serve was not ready within {START_MAX:?}: {}", tail(&serving.log));
        }
        serving
    }

    /// Waits until what serves it, called `name` in a failure, says that it is ready. Gives what it said last before that, if
    /// anything.
    ///
    /// # Panics
    /// When it does not.
    pub async fn ready(&self, name: &str) -> Option<String> {
        let client = self.client();
        let mut said = None;
        let ready = async {
            let mut look = tokio::time::interval(LOOK_EVERY);
            loop {
                look.tick().await;
                match client.send(reqwest::Method::GET, "/readyz", &[], None).await {
                    Ok(answer) if answer.status == 200 => return,
                    Ok(answer) => said = Some(answer.text()),
                    Err(failure) => said = Some(format!("{failure:?}")),
                }
            }
        };
        if tokio::time::timeout(READY_MAX, ready).await.is_err() {
            panic!("{name} was not ready within {READY_MAX:?}; its last word was {said:?}");
        }
        said
    }

    /// Starts `nashi serve` and does not wait.
    ///
    /// # Panics
    /// When the binary cannot be started at all.
    pub fn start(&self) -> Serving {
        let log = self.home.path().join("nashi.log");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&log).expect("the log can be written");
        let errors = file.try_clone().expect("the log can be written");
        let child = self.command(&["serve"]).stdout(file).stderr(errors).kill_on_drop(true).spawn().expect("nashi starts");
        Serving { child, log }
    }

    /// Runs a command of the binary that ends by itself, and gives what it printed.
    ///
    /// # Panics
    /// When it fails.
    pub async fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().await.expect("nashi starts");
        let (printed, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "nashi {arguments:?}: {}\n{printed}\n{complaint}", output.status);
        printed.into_owned()
    }

    /// Runs a command of the binary that must fail, and gives what it said.
    ///
    /// # Panics
    /// When it does not fail, or goes on.
    pub async fn refused(&self, arguments: &[&str]) -> String {
        let output = tokio::time::timeout(START_MAX, self.command(arguments).kill_on_drop(true).output()).await;
        let output = output.unwrap_or_else(|_| panic!("nashi {arguments:?} goes on")).expect("nashi starts");
        assert!(!output.status.success(), "nashi {arguments:?} was not refused");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// The first administrator and `count - 1` colleagues, signed in; the server must serve.
    ///
    /// # Panics
    /// When any of it is refused.
    pub async fn people(&self, count: usize) -> Vec<Person> {
        let printed = self.run(&["admin", "first-run", "--json"]).await;
        let mut people = vec![Person::from_first_run(&self.client(), &printed).await];
        for number in 1..count {
            people.push(Person::colleague(&people[0].client, number).await);
        }
        people
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).stdin(Stdio::null());
        // Settings of whoever runs the tests must not leak in.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("NASHI__")) {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The process of the Postgres of its own, if one runs.
    pub fn postmaster(&self) -> Option<Pid> {
        let text = std::fs::read_to_string(self.home.path().join("postgres/data/postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok().map(Pid::from_raw).filter(|pid| kill(*pid, None).is_ok())
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        // A `nashi serve` that was killed left its Postgres running; it must not outlive the test.
        let Some(postmaster) = self.postmaster() else { return };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                for signal in [Signal::SIGCONT, Signal::SIGQUIT] {
                    // Gone by now is as good.
                    let _ = kill(postmaster, signal);
                }
                let gone = async {
                    let mut look = tokio::time::interval(LOOK_EVERY);
                    while kill(postmaster, None).is_ok() {
                        look.tick().await;
                    }
                };
                tokio::time::timeout(STOP_MAX, gone).await
            })
        });
        if !matches!(thread.join(), Ok(Ok(()))) && !std::thread::panicking() {
            panic!("the Postgres of {} did not stop", self.home.path().display());
        }
    }
}

impl Serving {
    /// Kills the process outright, as a power cut would, and waits until it is gone.
    ///
    /// # Panics
    /// When the process cannot be waited for.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("our child can be killed");
    }

    /// Asks the process to stop, and waits until it has.
    ///
    /// # Panics
    /// When it does not stop in time.
    pub async fn stop(mut self) -> ExitStatus {
        kill(self.pid(), Signal::SIGTERM).expect("our child can be signalled");
        match tokio::time::timeout(STOP_MAX, self.child.wait()).await {
            Ok(status) => status.expect("our child can be waited for"),
            Err(_) => panic!("nashi serve did not stop within {STOP_MAX:?}: {}", tail(&self.log)),
        }
    }

    /// # Panics
    /// When the process has ended and was waited for.
    pub fn pid(&self) -> Pid {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).expect("the process runs");
        Pid::from_raw(id)
    }
}

/// The binary that the same build made: beside the folder of the test that runs.
fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let folder = test.parent().and_then(Path::parent).expect("tests lie in target/<profile>/deps");
    let binary = folder.join("nashi");
    assert!(binary.exists(), "{} is missing: run the tests with `--workspace`, which builds it", binary.display());
    binary
}
