//! The search: how quickly an index is made of a log that is there, and what a question of two words costs somebody who sees a tenth of
//! all tasks. What is found is not measured but tested (`tests/it/search.rs`).

mod seed;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::json;

use crate::loader::{self, Load, Make};
use crate::measure::{self, Compared, Effort};
use crate::people::ask;
use crate::report::{Held, Report};
use crate::server::Nashi;
use crate::world::{self, Founded};

const FEW: usize = 10_000;
/// Comments of a task.
pub const COMMENTS: usize = 5;
/// Longer than an index of six million documents takes.
const INDEXED_MAX: Duration = Duration::from_secs(20 * 60);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Before it counts.
const WARM: Duration = Duration::from_secs(1);
/// Questions of a run, each another one.
const QUESTIONS: usize = 2_000;
/// Documents a second.
const DOCUMENTS: f64 = 20_000.0;
/// A question's budget, in milliseconds.
const BUDGET: f64 = 50.0;
/// From a comment to where it is found, in milliseconds.
const FRESH: f64 = 1_000.0;

/// A node that searches and does nothing else beside its actors, over tasks with comments.
struct Searched {
    nashi: Nashi,
    /// Of somebody who sees a tenth of the tasks.
    token: String,
    documents: f64,
    tasks: f64,
    seconds: f64,
    table_bytes: f64,
    _founded: Founded,
}

/// The rows of the search.
pub async fn of_many_tasks(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let judged = effort.large >= 1_000_000;
    let few = if judged { FEW } else { FEW / 10 };
    let many = if judged { effort.large } else { FEW };
    let (small, large) = (Searched::create(few).await?, Searched::create(many).await?);
    let held = |good: bool| if judged { Held::from(good) } else { Held::Unjudged };
    let speed = |searched: &Searched| searched.documents / searched.seconds;
    report.add(
        &format!("documents indexed a second, {many} tasks with {COMMENTS} comments each"),
        format!("{:.0} ({:.0} documents in {:.0} s)", speed(&large), large.documents, large.seconds),
        format!("{few} tasks: {:.0}", speed(&small)),
        &format!("{DOCUMENTS:.0}"),
        held(speed(&large) >= DOCUMENTS),
    );
    report.add(
        "bytes of the table of rights, a task",
        format!("{:.0}", large.table_bytes / large.tasks),
        format!(
            "{few} tasks: {:.0}; the node holds {:.0} MiB in all",
            small.table_bytes / small.tasks,
            large.nashi.memory()? / 1024.0 / 1024.0
        ),
        "",
        Held::Unjudged,
    );
    for (kind, ending) in [("two words", "%20"), ("two words, the last not finished", "")] {
        small.ask(ending, WARM).await?;
        large.ask(ending, WARM).await?;
        let rounds =
            measure::alternate(effort, async || small.ask(ending, effort.span).await, async || large.ask(ending, effort.span).await);
        let rounds = rounds.await?;
        let (p50, p99) = (Compared::of(&rounds, |load| load.latency(0.5)), Compared::of(&rounds, |load| load.latency(0.99)));
        report.add(
            &format!("a question of {kind} over {many} tasks, p99, by who sees a tenth"),
            format!("{:.1} ms (p50 {:.1} ms, {:.1} times)", p99.ours * 1e3, p50.ours * 1e3, p50.ratio),
            format!("{few} tasks: {:.1} ms (p50 {:.1} ms)", p99.theirs * 1e3, p50.theirs * 1e3),
            &format!("{BUDGET:.0} ms"),
            held(p99.ours * 1e3 < BUDGET),
        );
    }
    let mut fresh = Vec::new();
    for number in 0..20 {
        fresh.push(large.fresh(number).await?);
    }
    let slowest = measure::quantile(fresh.iter().copied(), 0.99) * 1e3;
    report.add(
        &format!("from a comment's answer to where it is found, over {many} tasks, the slowest of {}", fresh.len()),
        format!("{slowest:.0} ms"),
        String::new(),
        &format!("{FRESH:.0} ms"),
        held(slowest < FRESH),
    );
    small.nashi.stop().await?;
    large.nashi.stop().await
}

impl Searched {
    async fn create(tasks: usize) -> anyhow::Result<Self> {
        let founded = Founded::create(0).await?;
        let begun = Instant::now();
        let first = Nashi::start(&founded.database).await?;
        let administrator = founded.sign_in(first.address).await?;
        let member = json!({"first_name": "Sees", "last_name": "Atenth", "email": "tenth@example.com"});
        let member = ask(first.address, &administrator, Method::POST, "members", member).await?["id"].as_i64().context("no id")?;
        let issued = ask(first.address, &administrator, Method::POST, &format!("members/{member}/security_key"), json!({})).await?;
        let key = issued["security_key"].as_str().context("no key")?.to_owned();
        first.stop().await?;
        let head = seed::sow(&founded, member, tasks).await?;
        eprintln!("   {tasks} tasks written after {:.0} s", begun.elapsed().as_secs_f64());
        // Nothing but the search follows the log, so that nothing else is measured.
        let nashi = Nashi::start_with(&founded.database, &[("NASHI__NODE__ROLES", "api,actors,search".to_owned())]).await?;
        let begun = Instant::now();
        let token = world::sign_in(nashi.address, "tenth@example.com", &key).await?;
        let client = reqwest::Client::new();
        loop {
            let shown = metric(&client, &nashi, "nashi_search_position").await?;
            if shown >= head {
                break;
            }
            ensure!(begun.elapsed() < INDEXED_MAX, "the index does not show everything: {shown} of {head}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let seconds = begun.elapsed().as_secs_f64();
        let documents = metric(&client, &nashi, "nashi_search_documents").await?;
        let table_bytes = metric(&client, &nashi, "nashi_search_table_bytes").await?;
        let tasks = metric(&client, &nashi, "nashi_search_tasks").await?;
        eprintln!("   {documents} documents found after {seconds:.0} s");
        Ok(Self { nashi, token, documents, tasks, seconds, table_bytes, _founded: founded })
    }

    /// Questions of two words, each in under one per cent of the documents, one after the other.
    async fn ask(&self, ending: &'static str, span: Duration) -> anyhow::Result<Load> {
        let tasks = self.tasks as usize;
        let requests: Vec<Vec<u8>> = (0..QUESTIONS)
            .map(|number| {
                let [one, other] = seed::pair(number, tasks);
                loader::request("GET", &format!("/v4/search?q={one}%20{other}{ending}"), Some(&self.token), "")
            })
            .collect();
        let requests = Arc::new(requests);
        let make: Make = Arc::new(move |_, number| requests[number % requests.len()].clone());
        let load = loader::drive(&[self.nashi.address], 1, span, None, make).await?;
        ensure!(load.refused == 0, "{} questions were refused", load.refused);
        Ok(load)
    }

    /// Seconds from the answer to a comment until somebody else's question would find it.
    async fn fresh(&self, number: usize) -> anyhow::Result<f64> {
        let client = reqwest::Client::new();
        let word = format!("fresh{number}x");
        let before = metric(&client, &self.nashi, "nashi_search_documents").await?;
        ask(self.nashi.address, &self.token, Method::POST, "tasks", json!({"text": word})).await?;
        let begun = Instant::now();
        // Looked at from outside: a question of the one who wrote it would make it quicker.
        while metric(&client, &self.nashi, "nashi_search_documents").await? <= before {
            ensure!(begun.elapsed() < Duration::from_secs(10), "it is not found");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(begun.elapsed().as_secs_f64())
    }
}

async fn metric(client: &reqwest::Client, nashi: &Nashi, name: &str) -> anyhow::Result<f64> {
    let text = client.get(format!("http://{}/metrics", nashi.address)).send().await?.text().await?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(line.and_then(|number| number.trim().parse().ok()).unwrap_or(-1.0))
}
