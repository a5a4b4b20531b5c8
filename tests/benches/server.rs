//! The things under measure: a journal on a database, and the real `nashi serve` as a process. Not the
//! measuring.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::journal::Journal;
use actors::journal::postgres::{PostgresJournal, Settings};
use anyhow::{Context, ensure};
use sqlx::postgres::PgConnectOptions;
use test_database::TestDatabase;
use tokio::process::{Child, Command};

use crate::report::Report;

/// Longer than a node may take to end in order.
const STOP_MAX: Duration = Duration::from_secs(130);

/// A journal of this process on `database`.
pub async fn journal(database: &TestDatabase) -> anyhow::Result<Arc<dyn Journal>> {
    let pool = database.pool(4).await;
    let journal: Arc<dyn Journal> = PostgresJournal::start(pool, PgConnectOptions::from_str(&database.url)?, Settings::default()).await?;
    Ok(journal)
}

/// What a process is told beyond its database: settings by their names in the environment.
pub type Environment = [(&'static str, String)];

/// Where the nodes of this run keep files and what they search in, each database's by itself.
fn home_of(database: &TestDatabase) -> PathBuf {
    home().join(database.url.rsplit('/').next().unwrap_or_default())
}

fn home() -> PathBuf {
    std::env::temp_dir().join(format!("nashi-bench-{}", std::process::id()))
}

/// Removes what the nodes of this run have left.
pub fn forget() {
    let _ = std::fs::remove_dir_all(home());
}

/// A running `nashi serve`, killed when dropped.
pub struct Nashi {
    pub address: SocketAddr,
    /// From the start of the process to the first `/readyz` that is green.
    pub ready_after: Duration,
    process: Child,
}

impl Nashi {
    /// Starts the binary that `NASHI_BIN` names, on `database`, and waits until it is ready.
    pub async fn start(database: &TestDatabase) -> anyhow::Result<Self> {
        Self::start_with(database, &[]).await
    }

    /// As [`Nashi::start`], with further settings.
    pub async fn start_with(database: &TestDatabase, environment: &Environment) -> anyhow::Result<Self> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let begun = Instant::now();
        let process = Command::new(binary()?)
            .arg("serve")
            .env("NASHI__DATABASE__URL", &database.url)
            .env("NASHI__HTTP__ADDRESS", address.to_string())
            .env("NASHI__SEARCH__DIRECTORY", home_of(database).join("search"))
            .env("NASHI__FILES__DIRECTORY", home_of(database).join("files"))
            .env("NASHI__RATE__REQUESTS", "1000000000")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("nashi cannot be started")?;
        let mut nashi = Self { address, ready_after: Duration::ZERO, process };
        let client = reqwest::Client::new();
        let url = format!("http://{address}/readyz");
        loop {
            if let Ok(answer) = client.get(&url).send().await
                && answer.status().is_success()
            {
                nashi.ready_after = begun.elapsed();
                return Ok(nashi);
            }
            if let Some(status) = nashi.process.try_wait()? {
                anyhow::bail!("nashi ended at its start: {status}");
            }
            ensure!(begun.elapsed() < Duration::from_secs(300), "nashi was not ready within five minutes");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The process.
    pub fn id(&self) -> anyhow::Result<u32> {
        self.process.id().context("nashi has ended")
    }

    /// Resident memory in bytes, as the kernel counts it.
    pub fn memory(&self) -> anyhow::Result<f64> {
        let id = self.id()?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no resident memory in the status")?;
        let kib: f64 = line.split_whitespace().next().and_then(|word| word.parse().ok()).context("no number")?;
        Ok(kib * 1024.0)
    }

    /// Ends it as an administrator would, and waits.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(self.id()?.try_into()?), nix::sys::signal::Signal::SIGTERM)?;
        let status = tokio::time::timeout(STOP_MAX, self.process.wait()).await.context("nashi did not stop")??;
        ensure!(status.success(), "nashi ended with {status}");
        Ok(())
    }
}

/// Runs one of `nashi`'s commands on `database` and gives what it printed.
pub async fn command(database: &TestDatabase, arguments: &[&str]) -> anyhow::Result<String> {
    command_with(database, &[], arguments).await
}

/// As [`command`], with further settings.
pub async fn command_with(database: &TestDatabase, environment: &Environment, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new(binary()?);
    command.args(arguments).env("NASHI__DATABASE__URL", &database.url).envs(environment.iter().map(|(name, value)| (name, value)));
    let output = command.kill_on_drop(true).output().await?;
    ensure!(output.status.success(), "nashi {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

fn binary() -> anyhow::Result<PathBuf> {
    Ok(PathBuf::from(std::env::var_os("NASHI_BIN").context("NASHI_BIN names the built nashi; `ops/bench` sets it")?))
}

/// What a node that has started takes to come to rest.
const RESTED: Duration = Duration::from_secs(25);

/// The row "idle node".
pub async fn idle_memory(report: &mut Report) -> anyhow::Result<()> {
    let database = TestDatabase::create().await;
    let nashi = Nashi::start(&database).await?;
    tokio::time::sleep(RESTED).await;
    let mib = nashi.memory()? / 1024.0 / 1024.0;
    report.add("idle node, resident memory", format!("{mib:.0} MiB"), "Postgres aside".to_owned(), "80 MiB", mib < 80.0);
    nashi.stop().await
}
