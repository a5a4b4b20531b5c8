//! The benchmarks behind the table in the README: each row beside what it is compared with, in the same
//! run, as the median of alternating pairs. Not tests: nothing here fails because a machine is slow.
//!
//! `ops/bench` builds this, starts a Postgres with its safety on, and runs it. By hand:
//! `bench [--short] [ROW…]`, with `NASHI_TEST_POSTGRES` naming a server and `NASHI_BIN` the built `nashi`.

mod appends;
mod baseline;
mod bulk;
mod catalogs;
mod cluster;
mod files;
mod growth;
mod http;
mod live;
mod loader;
mod measure;
mod people;
mod processor;
mod reading;
mod registers;
mod report;
mod search;
mod server;
mod timers;
mod world;

use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use crate::measure::Effort;
use crate::report::Report;

/// Measures Nashi against what it is compared with, and prints one table.
#[derive(Parser)]
struct Arguments {
    /// Fewer pairs and smaller worlds: under three minutes, for a first look.
    #[arg(long)]
    short: bool,
    /// The rows to run, or groups of them (`cluster`); all of them by default.
    #[arg(value_name = "ROW")]
    rows: Vec<String>,
}

/// The rows by name, in the order in which they run: those that leave the machine quiet come first.
const ROWS: &[&str] = &[
    "memory",
    "appends",
    "fresh",
    "get",
    "comments",
    "hot",
    "visible",
    "activation",
    "rebuild",
    "start",
    "growth",
    "organisation",
    "permission",
    "role",
    "streams",
    "browser",
    "registers",
    "catalogs",
    "timers",
    "files",
    "search",
    "remote",
    "reply",
    "nodes",
    "handover",
];

/// Names that stand for several rows.
const GROUPS: &[(&str, &[&str])] = &[
    ("cluster", &["remote", "reply", "nodes", "handover"]),
    ("people", &["organisation", "permission", "role"]),
    ("live", &["streams", "browser"]),
];

/// No row takes so long, unless something hangs.
const ROW_MAX: Duration = Duration::from_secs(40 * 60);

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let effort = if arguments.short { Effort::SHORT } else { Effort::FULL };
    let named = |name: &str| -> Vec<&'static str> {
        let group = GROUPS.iter().find(|(group, _)| *group == name).map(|(_, rows)| rows.to_vec());
        group.unwrap_or_else(|| ROWS.iter().copied().filter(|row| *row == name).collect())
    };
    for name in &arguments.rows {
        let groups: Vec<&str> = GROUPS.iter().map(|(group, _)| *group).collect();
        anyhow::ensure!(
            !named(name).is_empty(),
            "there is no row {name:?}; the rows are {}, the groups {}",
            ROWS.join(", "),
            groups.join(", ")
        );
    }
    let wanted = |row: &str| arguments.rows.is_empty() || arguments.rows.iter().any(|name| named(name).contains(&row));
    let rows: Vec<&str> = ROWS.iter().copied().filter(|row| wanted(row)).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    runtime.block_on(async {
        let mut report = Report::default();
        tokio::select! {
            () = all(&rows, &mut report, effort) => {}
            // Whatever a row has started ends with it.
            interrupted = interrupted() => interrupted?,
        }
        server::forget();
        println!("{report}");
        anyhow::ensure!(!report.any_failed(), "not every row could be measured");
        Ok(())
    })
}

async fn all(rows: &[&str], report: &mut Report, effort: Effort) {
    for row in rows {
        eprintln!("— {row}");
        let measured = tokio::time::timeout(ROW_MAX, measure(row, report, effort)).await;
        if let Err(error) = measured.unwrap_or_else(|_| Err(anyhow::anyhow!("not done within {ROW_MAX:?}"))) {
            report.failed(row, &error);
        }
    }
}

async fn measure(row: &str, report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    match row {
        "memory" => server::idle_memory(report).await,
        "appends" => appends::against_pgbench(report, effort).await,
        "fresh" => appends::fresh_against_grown(report, effort).await,
        "get" => http::reads(report, effort).await,
        "comments" => http::comments(report, effort).await,
        "hot" => http::hot_task(report, effort).await,
        "visible" => http::commit_to_visible(report, effort).await,
        "activation" => reading::activation(report, effort).await,
        "rebuild" => reading::rebuild(report, effort).await,
        "start" => reading::start(report, effort).await,
        "growth" => growth::tasks(report, effort).await,
        "organisation" => people::answers::of_a_large_organisation(report, effort).await,
        "permission" => people::permission::one_check(report, effort).await,
        "role" => people::role::changed_everywhere(report, effort).await,
        "streams" => live::streams(report, effort).await,
        "browser" => live::commit_to_browser(report, effort).await,
        "registers" => registers::of_many_tasks(report, effort).await,
        "search" => search::of_many_tasks(report, effort).await,
        "catalogs" => catalogs::synced_and_changed(report, effort).await,
        "timers" => timers::fired(report, effort).await,
        "files" => files::in_and_out(report, effort).await,
        "remote" => cluster::remote::against_local(report, effort).await,
        "reply" => cluster::reply::against_plain_nats(report, effort).await,
        "nodes" => cluster::nodes::one_against_several(report, effort).await,
        _ => cluster::handover::of_live_actors(report, effort).await,
    }
}

async fn interrupted() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupt = tokio::signal::ctrl_c() => interrupt?,
    }
    anyhow::bail!("interrupted")
}
