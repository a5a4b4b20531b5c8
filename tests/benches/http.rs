//! What people and programs meet: reads, comments, one hot task, and how soon a comment is seen, against
//! a real process over loopback.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actors::journal::{Append, Journal, Meta, Premise, Target, Write};
use anyhow::{Context, anyhow, ensure};
use domain::codec::EventSet;
use domain::task::Event;
use domain::task::event::{Commented, Created, Text};
use domain::{CommandId, Kind as StreamKind, OrganisationId, PersonId};
use serde_json::Value;
use test_database::TestDatabase;
use uuid::Uuid;

use crate::baseline::Baseline;
use crate::loader::{self, Load, Make};
use crate::measure::{self, Effort};
use crate::report::{Held, Report};
use crate::server::{self, Nashi};

/// A comment of about 300 bytes, the size that `pgbench` inserts.
const COMMENT: &str = r#"{"text":"The quick brown fox jumps over the lazy dog, and then it goes home to write a comment of a usual length about what it has seen on its way, so that the others know. The quick brown fox jumps over the lazy dog again, because three hundred bytes are longer than one thinks, as every fox knows. Bye."}"#;

/// What a closed loop asks for.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Comment,
    Read,
    Inbox,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Comment => "a comment",
            Self::Read => "GET of a task",
            Self::Inbox => "a page of the inbox",
        })
    }
}

/// A world whose node is stopped.
pub struct Stopped {
    database: TestDatabase,
    token: String,
    tasks: usize,
}

impl std::ops::Deref for Stopped {
    type Target = TestDatabase;

    fn deref(&self) -> &TestDatabase {
        &self.database
    }
}

/// A running node over an organisation with tasks.
pub struct World {
    pub nashi: Nashi,
    pub database: TestDatabase,
    pub token: String,
    /// Tasks are numbered from 1.
    pub tasks: usize,
}

impl World {
    /// An organisation with one administrator and `tasks` tasks of two comments, then a node on it. One
    /// task in a hundred is the administrator's own; the others belong to a colleague.
    pub async fn create(tasks: usize) -> anyhow::Result<Self> {
        let database = TestDatabase::create().await;
        let printed = server::command(&database, &["admin", "first-run", "--json"]).await?;
        let first: Value = serde_json::from_str(&printed).context("first-run --json printed no JSON")?;
        let text =
            |key: &str| first.get(key).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("first-run names no {key}"));
        let number = |key: &str| first.get(key).and_then(Value::as_i64).with_context(|| format!("first-run names no {key}"));
        let (email, key) = (text("email")?, text("security_key")?);
        let (person, organisation) = (PersonId(number("person_id")?), OrganisationId(number("organization_id")?));
        seed(&database, organisation, person, tasks).await?;
        let nashi = Nashi::start(&database).await?;
        let answer = reqwest::Client::new()
            .post(format!("http://{}/v4/auth", nashi.address))
            .json(&serde_json::json!({ "login": email, "security_key": key }))
            .send()
            .await?;
        ensure!(answer.status().is_success(), "sign-in failed: {}", answer.text().await?);
        let token: Value = answer.json().await?;
        let token = token.get("access_token").and_then(Value::as_str).context("no token")?.to_owned();
        Ok(Self { nashi, database, token, tasks })
    }

    /// Stops the node; the database stays, and what its people sign in with.
    pub async fn stop(self) -> anyhow::Result<Stopped> {
        self.nashi.stop().await?;
        Ok(Stopped { database: self.database, token: self.token, tasks: self.tasks })
    }

    /// A fresh node over the same database, with no actor live.
    pub async fn reopen(stopped: Stopped) -> anyhow::Result<Self> {
        let nashi = Nashi::start(&stopped.database).await?;
        Ok(Self { nashi, database: stopped.database, token: stopped.token, tasks: stopped.tasks })
    }

    /// Comments on one task, one after the other.
    pub async fn comment_times(&self, task: usize, times: usize) -> anyhow::Result<()> {
        let token = self.token.clone();
        let left = Arc::new(AtomicUsize::new(0));
        let client = reqwest::Client::new();
        while left.fetch_add(1, Ordering::Relaxed) < times {
            let url = format!("http://{}/v4/tasks/{task}/comments", self.nashi.address);
            let answer = client.post(url).bearer_auth(&token).header("content-type", "application/json").body(COMMENT).send().await?;
            ensure!(answer.status().is_success(), "a comment was refused: {}", answer.status());
        }
        Ok(())
    }

    /// Seconds that one GET of `task` takes, on a connection that is open already.
    pub async fn time_one_read(&self, task: usize) -> anyhow::Result<f64> {
        let client = reqwest::Client::new();
        let base = format!("http://{}", self.nashi.address);
        client.get(format!("{base}/v4/profile")).bearer_auth(&self.token).send().await?.bytes().await?;
        let begun = Instant::now();
        let answer = client.get(format!("{base}/v4/tasks/{task}")).bearer_auth(&self.token).send().await?;
        ensure!(answer.status().is_success(), "the read was refused: {}", answer.status());
        answer.bytes().await?;
        Ok(begun.elapsed().as_secs_f64())
    }

    /// GETs of tasks that no request has touched yet, each once.
    pub async fn each_once(&self, connections: usize, span: Duration) -> anyhow::Result<Load> {
        let (token, tasks) = (self.token.clone(), self.tasks);
        let next = Arc::new(AtomicUsize::new(2));
        let make: Make = Arc::new(move |_, _| {
            let task = next.fetch_add(1, Ordering::Relaxed).min(tasks);
            loader::request("GET", &format!("/v4/tasks/{task}"), Some(&token), "")
        });
        let load = loader::drive(self.nashi.address, connections, span, None, make).await?;
        ensure!(load.refused == 0, "{} reads were refused", load.refused);
        ensure!(load.answered < self.tasks, "the world is too small: every task was read");
        Ok(load)
    }

    /// `connections` clients that ask again as soon as they are answered.
    pub async fn closed_loop(&self, kind: Kind, connections: usize, span: Duration) -> anyhow::Result<Load> {
        self.drive(kind, connections, span, None).await
    }

    async fn drive(&self, kind: Kind, connections: usize, span: Duration, rate: Option<f64>) -> anyhow::Result<Load> {
        let (token, tasks) = (self.token.clone(), self.tasks);
        let make: Make = Arc::new(move |connection, number| {
            // A stride that shares no factor with the count visits tasks all over the place.
            let task = (connection * 7_919 + number * 104_729) % tasks + 1;
            match kind {
                Kind::Comment => loader::request("POST", &format!("/v4/tasks/{task}/comments"), Some(&token), COMMENT),
                Kind::Read => loader::request("GET", &format!("/v4/tasks/{task}"), Some(&token), ""),
                Kind::Inbox => loader::request("GET", "/v4/inbox", Some(&token), ""),
            }
        });
        let load = loader::drive(self.nashi.address, connections, span, rate, make).await?;
        ensure!(load.refused * 100 <= load.answered, "{} of {} requests were refused", load.refused, load.refused + load.answered);
        Ok(load)
    }

    /// Requests a second that a route without any work answers: the ceiling of loader and server.
    async fn empty_route(&self, connections: usize, span: Duration) -> anyhow::Result<f64> {
        let make: Make = Arc::new(|_, _| loader::request("GET", "/livez", None, ""));
        Ok(loader::drive(self.nashi.address, connections, span, None, make).await?.per_second())
    }
}

/// Writes tasks straight into the log, as many appends at once as a batch takes.
async fn seed(database: &TestDatabase, organisation: OrganisationId, person: PersonId, tasks: usize) -> anyhow::Result<()> {
    let journal = server::journal(database).await?;
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = Vec::new();
    for _ in 0..512 {
        let (journal, next) = (Arc::clone(&journal), Arc::clone(&next));
        workers.push(tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= tasks {
                    return anyhow::Ok(());
                }
                task(&*journal, organisation, person, number).await?;
            }
        }));
    }
    for worker in workers {
        worker.await.context("a seeding task ended badly")??;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark makes its own command ids")]
async fn task(journal: &dyn Journal, organisation: OrganisationId, person: PersonId, number: usize) -> anyhow::Result<()> {
    let text = |text: String| Text { text, ..Text::default() };
    let responsible = number.is_multiple_of(100).then_some(person);
    let created = Created {
        text: text(format!("Task number {number}: count the foxes, and the dogs that they jump over")),
        subject: None,
        responsible,
        participants: Vec::new(),
        subscribers: Vec::new(),
        parent: None,
        due: None,
        schedule: None,
    };
    let comment = |n: usize| Event::Commented(Box::new(Commented { text: text(format!("Comment {n}: no fox was seen today.")) }));
    let events = [Event::Created(Box::new(created)), comment(1), comment(2)];
    let (sender, receiver) = tokio::sync::oneshot::channel();
    journal.reserve().map_err(|busy| anyhow!(busy))?.submit(
        Append {
            organisation,
            command: CommandId(Uuid::now_v7()),
            person,
            meta: Arc::new(Meta::default()),
            writes: vec![Write { target: Target::New(StreamKind::Task), events: events.iter().map(EventSet::encode).collect() }],
            claims: Vec::new(),
            premise: Premise::default(),
            deadline: Instant::now() + Duration::from_secs(60),
        },
        Box::new(move |outcome| {
            // A seeding task that has gone away wants no answer.
            let _ = sender.send(outcome);
        }),
    );
    receiver.await.context("the journal dropped an append")?.map_err(|refusal| anyhow!(refusal))?;
    Ok(())
}

/// The row "GET of a task over HTTP, warm".
pub async fn reads(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let world = World::create(1_000).await?;
    // Twenty comments each, so that an answer is about 8 KiB.
    for _ in 0..2 {
        world.closed_loop(Kind::Comment, 64, Duration::from_secs(1)).await?;
    }
    world.closed_loop(Kind::Read, 64, Duration::from_secs(1)).await?;
    let compared = measure::pairs(
        effort,
        || world.empty_route(64, effort.span),
        || async { Ok(world.closed_loop(Kind::Read, 64, effort.span).await?.per_second()) },
    )
    .await?;
    report.add(
        "GET of a task over HTTP, warm, 64 connections",
        format!("{:.0} a second, {:.2} of an empty route", compared.ours, compared.ratio),
        format!("empty route: {:.0}", compared.theirs),
        "30,000 a second and 0.35",
        compared.ours >= 30_000.0 && compared.ratio >= 0.35,
    );
    let paced = world.drive(Kind::Read, 64, effort.span, Some(compared.ours / 2.0)).await?;
    let p99 = paced.latency(0.99) * 1e3;
    report.add("the same at half that load, p99", format!("{p99:.1} ms"), String::new(), "10 ms", p99 < 10.0);
    let before = world.nashi.memory()?;
    eprintln!("   resident with 1,000 live tasks: {:.0} MiB", before / 1024.0 / 1024.0);
    world.nashi.stop().await
}

/// The row "comments a second over HTTP, durable, 256 connections".
pub async fn comments(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let baseline = Baseline::create().await?;
    let world = World::create(10_000).await?;
    world.closed_loop(Kind::Comment, 256, Duration::from_secs(2)).await?;
    let compared = measure::pairs(
        effort,
        || baseline.per_second(32, effort.span),
        || async { Ok(world.closed_loop(Kind::Comment, 256, effort.span).await?.per_second()) },
    )
    .await?;
    report.add(
        "comments over HTTP, durable, 256 connections, 10,000 tasks, all followers on",
        format!("{:.0} a second, {:.2} times", compared.ours, compared.ratio),
        format!("`pgbench`, 32 clients: {:.0}", compared.theirs),
        "1.5 times; target 2",
        compared.ratio >= 1.5,
    );
    world.nashi.stop().await
}

/// The rows "one hot task (a fresh one each 500 comments)": with the whole task in each answer, as the dialect
/// has it, and with the ids alone.
pub async fn hot_task(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    const COMMENTS_EACH: usize = 500;
    let baseline = Baseline::create().await?;
    let world = World::create(10_000).await?;
    let turn = Arc::new(AtomicUsize::new(0));
    for (what, headers) in
        [("the ids in each answer (`Prefer: return=minimal`)", "prefer: return=minimal\r\n"), ("the whole task in each answer", "")]
    {
        let hot = || {
            let (token, turn, tasks) = (world.token.clone(), Arc::clone(&turn), world.tasks);
            let make: Make = Arc::new(move |_, _| {
                let task = (turn.fetch_add(1, Ordering::Relaxed) / COMMENTS_EACH) % tasks + 1;
                loader::request_with("POST", &format!("/v4/tasks/{task}/comments"), Some(&token), headers, COMMENT)
            });
            let (address, span) = (world.nashi.address, effort.span);
            async move { Ok(loader::drive(address, 64, span, None, make).await?.per_second()) }
        };
        let compared = measure::pairs(effort, || baseline.per_second(1, effort.span), hot).await?;
        report.add(
            &format!("one hot task (a fresh one each 500 comments), 64 connections, {what}"),
            format!("{:.0} a second, {:.2} times", compared.ours, compared.ratio),
            format!("one `pgbench` client: {:.0}", compared.theirs),
            "4 times; target 5",
            compared.ratio >= 4.0,
        );
    }
    world.nashi.stop().await
}

/// The row "commit to visible in a view, p99": from the answer to a create until the inbox's own
/// checkpoint, read by a second connection, has passed it.
pub async fn commit_to_visible(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let world = World::create(1_000).await?;
    let pool = world.database.pool(1).await;
    let client = reqwest::Client::new();
    let url = format!("http://{}/v4/tasks/1/comments", world.nashi.address);
    let seen = Arc::new(AtomicI64::new(0));
    let (mut delays, begun) = (Vec::new(), Instant::now());
    let mut refused: HashMap<u16, usize> = HashMap::new();
    while begun.elapsed() < effort.span * 2 {
        let answer = client.post(&url).bearer_auth(&world.token).header("content-type", "application/json").body(COMMENT).send().await?;
        let answered = Instant::now();
        if !answer.status().is_success() {
            *refused.entry(answer.status().as_u16()).or_default() += 1;
            continue;
        }
        let position = answer.headers().get("nashi-position").and_then(|value| value.to_str().ok()).context("no Nashi-Position")?;
        let position: i64 = position.rsplit('-').next().and_then(|number| number.parse().ok()).context("no position")?;
        while seen.load(Ordering::Relaxed) < position {
            let now: i64 =
                sqlx::query_scalar("SELECT position FROM follower_checkpoint WHERE view = 'inbox' ORDER BY generation DESC LIMIT 1")
                    .fetch_one(&pool)
                    .await?;
            seen.store(now, Ordering::Relaxed);
        }
        delays.push(answered.elapsed().as_secs_f64());
    }
    ensure!(refused.is_empty(), "comments were refused: {refused:?}");
    let p99 = measure::quantile(delays.iter().copied(), 0.99) * 1e3;
    report.add(
        "commit to visible in the inbox, p99",
        format!("{p99:.1} ms"),
        format!("{} comments, one at a time", delays.len()),
        "50 ms",
        Held::from(p99 < 50.0),
    );
    world.nashi.stop().await
}
