//! The benchmarks behind the table in the README: each row beside what it is compared with, in the same
//! run, as the median of alternating pairs. Not tests: nothing here fails because a machine is slow.
//!
//! `ops/bench` builds this, starts a Postgres with its safety on, and runs it. By hand:
//! `bench [--short] [ROW…]`, with `NASHI_TEST_POSTGRES` naming a server and `NASHI_BIN` the built `nashi`.

mod appends;
mod baseline;
mod growth;
mod http;
mod loader;
mod measure;
mod reading;
mod report;
mod server;
mod world;

use anyhow::Context;
use clap::Parser;

use crate::measure::Effort;
use crate::report::Report;

/// Measures Nashi against what it is compared with, and prints one table.
#[derive(Parser)]
struct Arguments {
    /// Fewer pairs and smaller worlds: under three minutes, for a first look.
    #[arg(long)]
    short: bool,
    /// The rows to run; all of them by default.
    #[arg(value_name = "ROW")]
    rows: Vec<String>,
}

/// The rows by name, in the order in which they run: those that leave the machine quiet come first.
const ROWS: &[&str] = &["memory", "appends", "fresh", "get", "comments", "hot", "visible", "activation", "rebuild", "start", "growth"];

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let effort = if arguments.short { Effort::SHORT } else { Effort::FULL };
    for row in &arguments.rows {
        anyhow::ensure!(ROWS.contains(&row.as_str()), "there is no row {row:?}; the rows are {}", ROWS.join(", "));
    }
    let wanted = |row: &str| arguments.rows.is_empty() || arguments.rows.iter().any(|name| name == row);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    runtime.block_on(async {
        let mut report = Report::default();
        for row in ROWS.iter().filter(|row| wanted(row)) {
            eprintln!("— {row}");
            let outcome = match *row {
                "memory" => server::idle_memory(&mut report).await,
                "appends" => appends::against_pgbench(&mut report, effort).await,
                "fresh" => appends::fresh_against_grown(&mut report, effort).await,
                "get" => http::reads(&mut report, effort).await,
                "comments" => http::comments(&mut report, effort).await,
                "hot" => http::hot_task(&mut report, effort).await,
                "visible" => http::commit_to_visible(&mut report, effort).await,
                "activation" => reading::activation(&mut report, effort).await,
                "rebuild" => reading::rebuild(&mut report, effort).await,
                "start" => reading::start(&mut report, effort).await,
                _ => growth::tasks(&mut report, effort).await,
            };
            if let Err(error) = outcome {
                report.failed(row, &error);
            }
        }
        println!("{report}");
        anyhow::ensure!(!report.any_failed(), "not every row could be measured");
        Ok(())
    })
}
