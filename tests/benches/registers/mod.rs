//! Registers: a form of many tasks, filtered by each kind of filter, and read from end to end. Which rows a filter finds is not
//! measured but tested (`projections/src/views/tasks/register/tests.rs`).

mod seed;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::loader::{self, Load, Make};
use crate::measure::{self, Compared, Effort};
use crate::report::{Held, Report};
use crate::server::Nashi;
use crate::world::Founded;
use seed::Fields;

const FEW: usize = 10_000;
/// Of a first look.
const SHORT: usize = 100_000;
/// Of each filter, of each run.
const SPAN_MAX: Duration = Duration::from_secs(2);
/// Before it counts.
const WARM: Duration = Duration::from_millis(300);
/// Rows of an answer that is read from end to end.
const PAGE: usize = 20_000;
/// A filter's budget, in milliseconds.
const BUDGET: f64 = 50.0;
/// Rows a second.
const ROWS: f64 = 50_000.0;

/// A node over one form with its tasks.
struct Registers {
    nashi: Nashi,
    token: String,
    fields: Fields,
    tasks: usize,
    /// Its database is there as long as it is.
    _founded: Founded,
}

/// The rows "a register, filtered" and "rows of a register a second".
pub async fn of_many_tasks(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let judged = effort.large >= 1_000_000;
    let many = if judged { effort.large } else { SHORT };
    let (small, large) = (Registers::create(FEW).await?, Registers::create(many).await?);
    let effort = Effort { span: effort.span.min(SPAN_MAX), ..effort };
    for (number, (kind, _)) in large.filters().iter().enumerate() {
        let (few, filter) = (small.filters()[number].1.clone(), large.filters()[number].1.clone());
        small.ask(&few, WARM).await?;
        large.ask(&filter, WARM).await?;
        let rounds =
            measure::alternate(effort, async || small.ask(&few, effort.span).await, async || large.ask(&filter, effort.span).await);
        let rounds = rounds.await?;
        let (p50, p99) = (Compared::of(&rounds, |load| load.latency(0.5)), Compared::of(&rounds, |load| load.latency(0.99)));
        report.add(
            &format!("a register of {many} tasks, 100 rows by {kind}, p99"),
            format!("{:.1} ms (p50 {:.1} ms, {:.1} times)", p99.ours * 1e3, p50.ours * 1e3, p50.ratio),
            format!("{FEW} tasks: {:.1} ms (p50 {:.1} ms)", p99.theirs * 1e3, p50.theirs * 1e3),
            &format!("{BUDGET:.0} ms"),
            if judged { Held::from(p99.ours * 1e3 < BUDGET) } else { Held::Unjudged },
        );
    }
    for format in ["json", "csv"] {
        let before = large.nashi.memory()?;
        let rounds = measure::alternate(effort, async || small.rows_a_second(format).await, async || large.rows_a_second(format).await);
        let rows = Compared::of(&rounds.await?, |rows| *rows);
        report.add(
            &format!("rows of a register of {many} tasks a second, as {format}, pages of {PAGE}"),
            format!("{:.0} (memory grew by {:.0} MiB)", rows.ours, (large.nashi.memory()? - before) / 1024.0 / 1024.0),
            format!("{FEW} tasks: {:.0}", rows.theirs),
            &format!("{ROWS:.0}"),
            if judged { Held::from(rows.ours >= ROWS) } else { Held::Unjudged },
        );
    }
    small.nashi.stop().await?;
    large.nashi.stop().await
}

impl Registers {
    async fn create(tasks: usize) -> anyhow::Result<Self> {
        let founded = Founded::create(0).await?;
        let nashi = Nashi::start(&founded.database).await?;
        let token = founded.sign_in(nashi.address).await?;
        let begun = Instant::now();
        let fields = seed::sow(&founded, nashi.address, &token, tasks).await?;
        eprintln!("   {tasks} tasks written and shown after {:.0} s", begun.elapsed().as_secs_f64());
        Ok(Self { nashi, token, fields, tasks, _founded: founded })
    }

    /// Each kind of filter, with a value that a hundred tasks have and one that nearly all have; newest first.
    fn filters(&self) -> Vec<(&'static str, String)> {
        let Fields { invoice, amount, day, kind, note, remark, .. } = self.fields;
        let middle = self.tasks / 2;
        // The last two digits of an invoice are left open.
        let prefix = format!("{middle:09}");
        let prefix = &prefix[..7];
        let list: Vec<String> = (0..200).map(|number| format!("inv-{:09}", middle + number)).collect();
        vec![
            ("equality, rare", format!("fld{kind}=Rare")),
            ("equality, frequent", format!("fld{kind}=One")),
            ("prefix, rare", format!("fld{invoice}=INV-{prefix}")),
            ("prefix, frequent", format!("fld{invoice}=INV-")),
            ("range, rare", format!("fld{amount}=gt{middle},lt{}", middle + 200)),
            ("range, frequent", format!("fld{amount}=gt0")),
            ("range of the oldest", format!("fld{day}=lt{}", seed::day(self.tasks / 20))),
            ("list of 200, rare", format!("fld{invoice}={}", list.join(","))),
            ("list, frequent", format!("fld{kind}=One,Two")),
            ("empty, rare", format!("fld{note}=empty")),
            ("empty, frequent", format!("fld{remark}=empty")),
            ("exists, rare", format!("fld{remark}=*")),
            ("exists, frequent", format!("fld{note}=*")),
            ("step, rare", "steps=3".to_owned()),
            ("step, frequent", "steps=1".to_owned()),
            ("two of them, one rare", format!("fld{note}=*&fld{kind}=Rare")),
            ("words, rare", "include_text=rarely".to_owned()),
            ("words, frequent", "include_text=every%20fox".to_owned()),
            ("nothing", String::new()),
        ]
    }

    async fn ask(&self, filter: &str, span: Duration) -> anyhow::Result<Load> {
        let path = format!("/v4/forms/{}/register?item_count=100&{filter}", self.fields.form);
        let request = loader::request("GET", &path, Some(&self.token), "");
        let make: Make = Arc::new(move |_, _| request.clone());
        let load = loader::drive(&[self.nashi.address], 1, span, None, make).await?;
        ensure!(load.refused == 0, "{} requests for {filter} were refused", load.refused);
        Ok(load)
    }

    /// Of at most five pages, by the links from each to the next.
    async fn rows_a_second(&self, format: &str) -> anyhow::Result<f64> {
        let client = reqwest::Client::new();
        let first = format!("/v4/forms/{}/register?include_archived=y&format={format}&item_count={PAGE}", self.fields.form);
        let (mut next, mut rows, begun) = (Some(first), 0, Instant::now());
        for _ in 0..5 {
            let Some(path) = next.take() else { break };
            let mut answer = client.get(format!("http://{}{path}", self.nashi.address)).bearer_auth(&self.token).send().await?;
            ensure!(answer.status().is_success(), "the register was refused: {}", answer.status());
            let link = answer.headers().get("link").and_then(|link| link.to_str().ok());
            next = link.and_then(|link| Some(link.split_once('<')?.1.split_once('>')?.0.to_owned()));
            let mut bytes = 0;
            while let Some(piece) = answer.chunk().await? {
                bytes += piece.len();
            }
            ensure!(bytes > PAGE.min(self.tasks), "an answer without rows");
            rows += PAGE.min(self.tasks);
        }
        let seconds = begun.elapsed().as_secs_f64();
        rows.checked_sub(1).context("no rows")?;
        Ok(rows as f64 / seconds)
    }
}
