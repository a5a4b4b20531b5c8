//! The rows of the live stream: what an idle stream costs, how long one event takes to all who watch, and from a commit to a
//! browser. Not who is told what: that is tested in `tests/it`.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};

use crate::measure::{self, Effort};
use crate::people::{Organisation, Size, ask};
use crate::report::{Held, Report};
use crate::server::Nashi;
use crate::world::Founded;

const STREAMS: usize = 10_000;
const STREAMS_SHORT: usize = 1_000;
/// Streams of each person: a few browsers and programs.
const EACH: usize = 10;
/// People who sign in at the same time.
const SIGNING_IN: usize = 16;
/// How many are opened at the same time.
const OPENING: usize = 64;
const ROUNDS: usize = 11;
const COMMITS: usize = 500;
/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// For what a stream leaves behind when it has been opened to settle.
const SETTLE: Duration = Duration::from_secs(3);

/// A reader over one connection that keeps next to nothing: there are ten thousand of them.
async fn listen(address: SocketAddr, token: &str, told: mpsc::Sender<Instant>, mut rounds: watch::Receiver<usize>) -> anyhow::Result<()> {
    let mut connection = BufReader::with_capacity(1024, TcpStream::connect(address).await?);
    let request = format!("GET /v4/live HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut line = String::new();
    loop {
        line.clear();
        tokio::select! {
            read = connection.read_line(&mut line) => ensure!(read? > 0, "a stream ended"),
            closed = rounds.changed() => if closed.is_err() { return Ok(()) },
        }
        if line.starts_with("event: hello") || line.starts_with("event: task") {
            told.send(Instant::now()).await?;
        }
    }
}

/// Members that a role may have.
const MEMBERS_MAX: usize = 500;

pub async fn streams(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let large = effort.large >= 1_000_000;
    let count = if large { STREAMS } else { STREAMS_SHORT };
    let size = Size { persons: count / EACH, roles: 1, departments: 10, lists: 10, tasks: 1 };
    let organisation = Organisation::create(size).await?;
    let nashi = Nashi::start(&organisation.founded.database).await?;
    let address = nashi.address;
    let token = organisation.founded.sign_in(address).await?;
    // All of them, by roles that take part in what they watch.
    let mut roles = Vec::new();
    for members in organisation.persons.chunks(MEMBERS_MAX) {
        let name = format!("Watchers {}", roles.len());
        let role = ask(address, &token, Method::POST, "roles", json!({ "name": name })).await?["id"].as_i64().context("no role")?;
        ask(address, &token, Method::PUT, &format!("roles/{role}"), json!({ "member_add": members })).await?;
        roles.push(json!({ "id": role }));
    }
    let task = json!({ "text": "Watched", "participants": roles });
    let task = ask(address, &token, Method::POST, "tasks", task).await?["task"]["id"].as_i64().context("no task")?;
    let signing_in = organisation.persons.iter().map(|person| organisation.sign_in_as(address, &token, *person));
    let tokens: Vec<String> = stream::iter(signing_in).buffer_unordered(SIGNING_IN).try_collect().await?;
    comment(address, &token, task).await?;

    let before = nashi.memory()?;
    let (told, mut heard) = mpsc::channel(count);
    let (going_on, rounds) = watch::channel(0);
    let mut listeners = Vec::with_capacity(count);
    for opened in 0..count {
        let (token, told, rounds) = (tokens[opened % tokens.len()].clone(), told.clone(), rounds.clone());
        listeners.push(tokio::spawn(async move { listen(address, &token, told, rounds).await }));
        if opened >= OPENING {
            all(&mut heard, 1).await?;
        }
    }
    all(&mut heard, OPENING.min(count)).await?;
    tokio::time::sleep(SETTLE).await;
    let each = (nashi.memory()? - before) / count as f64;
    report.add(
        &format!("{count} idle streams on one node, resident memory each"),
        format!("{:.1} KiB", each / 1024.0),
        format!("the node without them: {:.0} MiB", before / 1_048_576.0),
        "20 KiB",
        if large { Held::from(each < 20.0 * 1024.0) } else { Held::Unjudged },
    );

    let mut seconds = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let begun = Instant::now();
        comment(address, &token, task).await?;
        let last = all(&mut heard, count).await?;
        // The first warms up what the others use.
        if round > 0 {
            seconds.push(last.duration_since(begun).as_secs_f64());
        }
    }
    let worst = seconds.iter().copied().fold(0.0, f64::max);
    report.add(
        &format!("one comment to {count} watchers, from the request to the last of them, the worst of {}", seconds.len()),
        format!("{:.0} ms", worst * 1e3),
        format!("median {:.0} ms", measure::median(seconds.iter().copied()) * 1e3),
        "500 ms",
        if large { Held::from(worst < 0.5) } else { Held::Unjudged },
    );
    drop(going_on);
    for listener in listeners {
        listener.await??;
    }
    nashi.stop().await
}

/// From when a comment is acknowledged (it is committed a moment before) until a stream has it: never less than nothing.
pub async fn commit_to_browser(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let founded = Founded::create(0).await?;
    let nashi = Nashi::start(&founded.database).await?;
    let token = founded.sign_in(nashi.address).await?;
    let task = ask(nashi.address, &token, Method::POST, "tasks", json!({ "text": "Watched" })).await?["task"]["id"].as_i64();
    let task = task.context("no task")?;
    let (told, mut heard) = mpsc::channel(16);
    let (going_on, rounds) = watch::channel(0);
    let reader = {
        let token = token.clone();
        let address = nashi.address;
        tokio::spawn(async move { listen(address, &token, told, rounds).await })
    };
    all(&mut heard, 1).await?;
    let commits = if effort.large >= 1_000_000 { COMMITS } else { COMMITS / 5 };
    let (mut after_request, mut after_answer) = (Vec::with_capacity(commits), Vec::with_capacity(commits));
    for _ in 0..commits {
        let begun = Instant::now();
        comment(nashi.address, &token, task).await?;
        let answered = Instant::now();
        let seen = all(&mut heard, 1).await?;
        after_request.push(seen.duration_since(begun).as_secs_f64());
        after_answer.push(seen.saturating_duration_since(answered).as_secs_f64());
    }
    let p99 = measure::quantile(after_answer.iter().copied(), 0.99);
    let from_request = |share| measure::quantile(after_request.iter().copied(), share) * 1e3;
    report.add(
        &format!("from a commit's answer to a browser's stream, p99 of {commits}"),
        format!("{:.1} ms", p99 * 1e3),
        format!("from the request: p99 {:.1} ms, median {:.1} ms", from_request(0.99), from_request(0.5)),
        "100 ms",
        p99 < 0.1,
    );
    drop(going_on);
    reader.await??;
    nashi.stop().await
}

async fn comment(address: SocketAddr, token: &str, task: i64) -> anyhow::Result<Value> {
    ask(address, token, Method::POST, &format!("tasks/{task}/comments"), json!({ "text": "Look" })).await
}

/// When the last of so many was told.
async fn all(heard: &mut mpsc::Receiver<Instant>, count: usize) -> anyhow::Result<Instant> {
    let each = async {
        let mut last = None;
        for _ in 0..count {
            last = last.max(heard.recv().await);
        }
        last.context("nobody is told")
    };
    tokio::time::timeout(PATIENCE, each).await.context("not everybody is told in time")?
}
