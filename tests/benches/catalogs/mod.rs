//! The rows "a catalog of 50,000 items": what somebody waits for who syncs it by API, and who changes one item of it, beside a small
//! catalog. That a change takes effect as a whole is not measured but tested (`domain/src/catalog/`).

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::measure::{self, Compared, Effort};
use crate::report::{Held, Report};
use crate::server::Nashi;
use crate::world::Founded;

const MANY: usize = 50_000;
const FEW: usize = 500;
const COLUMNS: usize = 20;
/// Items changed one after the other, in each catalog and round.
const CHANGES: usize = 50;

/// Seconds.
struct Round {
    synced: f64,
    /// The same again, with one item changed.
    again: f64,
    changes: Vec<f64>,
}

pub async fn synced_and_changed(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let founded = Founded::create(0).await?;
    let nashi = Nashi::start(&founded.database).await?;
    let asking = Asking { client: reqwest::Client::new(), token: founded.sign_in(nashi.address).await?, nashi };
    let rounds = measure::alternate(effort, async || asking.round(FEW).await, async || asking.round(MANY).await).await?;
    let of = |figure: fn(&Round) -> f64| Compared::of(&rounds, figure);
    let slowest = |round: &Round| measure::quantile(round.changes.iter().copied(), 0.99);
    let (synced, again) = (of(|round| round.synced), of(|round| round.again));
    report.add(
        &format!("a catalog of {MANY} items of {COLUMNS} columns synced by API"),
        format!("{:.2} s", synced.ours),
        format!("{FEW} items: {:.0} ms", synced.theirs * 1e3),
        "5 s",
        Held::from(synced.ours < 5.0),
    );
    report.add(
        &format!("the same sync again, one item of {MANY} changed"),
        format!("{:.2} s", again.ours),
        format!("{FEW} items: {:.0} ms", again.theirs * 1e3),
        "–",
        Held::Unjudged,
    );
    let (p99, p50) = (of(slowest), of(|round| measure::median(round.changes.iter().copied())));
    report.add(
        &format!("one item of a catalog of {MANY} changed by API, p99"),
        format!("{:.1} ms (p50 {:.1} ms)", p99.ours * 1e3, p50.ours * 1e3),
        format!("{FEW} items: {:.1} ms (p50 {:.1} ms)", p99.theirs * 1e3, p50.theirs * 1e3),
        "50 ms",
        Held::from(p99.ours * 1e3 < 50.0),
    );
    eprintln!("   resident with the catalogs of every round: {:.0} MiB", asking.nashi.memory()? / 1024.0 / 1024.0);
    asking.nashi.stop().await
}

struct Asking {
    client: reqwest::Client,
    token: String,
    nashi: Nashi,
}

impl Asking {
    async fn round(&self, count: usize) -> anyhow::Result<Round> {
        let made = json!({ "name": "Vendors", "catalog_headers": columns() }).to_string();
        let (_, made) = self.ask(Method::PUT, "catalogs", made).await?;
        let path = format!("catalogs/{}", made["catalog_id"].as_i64().context("no catalog")?);
        let (synced, answer) = self.ask(Method::POST, &path, sync(count, None)).await?;
        ensure!(answer["added"].as_array().is_some_and(|added| added.len() == count), "not every item was added");
        let (again, answer) = self.ask(Method::POST, &path, sync(count, Some(count / 2))).await?;
        ensure!(answer["updated"].as_array().is_some_and(|updated| updated.len() == 1), "not one item was changed");
        let mut changes = Vec::with_capacity(CHANGES);
        for number in 0..CHANGES {
            let one = json!({ "upsert": [{ "values": values(number * 7 % count, "new") }], "delete": [] }).to_string();
            let (took, answer) = self.ask(Method::POST, &format!("{path}/diff"), one).await?;
            ensure!(answer["updated"].as_array().is_some_and(|updated| updated.len() == 1), "an item was not changed");
            changes.push(took.as_secs_f64());
        }
        Ok(Round { synced: synced.as_secs_f64(), again: again.as_secs_f64(), changes })
    }

    /// From when a request is sent until all of its answer is there.
    async fn ask(&self, method: Method, path: &str, body: String) -> anyhow::Result<(Duration, Value)> {
        let request = self.client.request(method, format!("http://{}/v4/{path}", self.nashi.address)).bearer_auth(&self.token);
        let request = request.header("content-type", "application/json").body(body);
        let begun = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let answer = answer.bytes().await?;
        let took = begun.elapsed();
        ensure!(status.is_success(), "{path} was refused: {}", String::from_utf8_lossy(&answer));
        Ok((took, serde_json::from_slice(&answer)?))
    }
}

fn columns() -> Vec<String> {
    (0..COLUMNS).map(|column| format!("Column {column}")).collect()
}

/// All items as a request gives them; `changed` has another last value.
fn sync(count: usize, changed: Option<usize>) -> String {
    let item = |number: usize| json!({ "values": values(number, if changed == Some(number) { "changed" } else { "as it was" }) });
    let items: Vec<Value> = (0..count).map(item).collect();
    json!({ "apply": true, "catalog_headers": columns(), "items": items }).to_string()
}

fn values(number: usize, last: &str) -> Vec<String> {
    let first = std::iter::once(format!("Vendor {number}"));
    first.chain((2..COLUMNS).map(|column| format!("Value {column} of {number}"))).chain([last.to_owned()]).collect()
}
