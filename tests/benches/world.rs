//! What the rows play in: an organisation with tasks in a database, and a node on it. Not what is measured.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actors::journal::Target;
use anyhow::{Context, ensure};
use domain::codec::EventSet;
use domain::task::Event;
use domain::task::event::{Commented, Created, Text};
use domain::{Kind as StreamKind, OrganisationId, PersonId};
use serde_json::Value;
use test_database::TestDatabase;

use crate::bulk::{self, Fact};
use crate::loader::{self, Load, Make};
use crate::server::{self, Nashi};

/// A comment of about 300 bytes, the size that `pgbench` inserts.
pub const COMMENT: &str = r#"{"text":"The quick brown fox jumps over the lazy dog, and then it goes home to write a comment of a usual length about what it has seen on its way, so that the others know. The quick brown fox jumps over the lazy dog again, because three hundred bytes are longer than one thinks, as every fox knows. Bye."}"#;

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

/// An organisation with tasks, and nobody who serves it yet.
pub struct Founded {
    pub database: TestDatabase,
    pub organisation: OrganisationId,
    pub administrator: PersonId,
    email: String,
    key: String,
    /// Tasks are numbered from 1.
    pub tasks: usize,
}

impl Founded {
    /// An organisation with one administrator and `tasks` tasks of two comments. One task in a hundred is the
    /// administrator's own; the others belong to a colleague.
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
        Ok(Self { database, organisation, administrator: person, email, key, tasks })
    }

    /// A token of the administrator, by the node at `address`; every node takes it.
    pub async fn sign_in(&self, address: SocketAddr) -> anyhow::Result<String> {
        sign_in(address, &self.email, &self.key).await
    }
}

/// A token of whoever has this address and key, by the node at `address`.
pub async fn sign_in(address: SocketAddr, email: &str, key: &str) -> anyhow::Result<String> {
    let answer = reqwest::Client::new()
        .post(format!("http://{address}/v4/auth"))
        .json(&serde_json::json!({ "login": email, "security_key": key }))
        .send()
        .await?;
    ensure!(answer.status().is_success(), "sign-in failed: {}", answer.text().await?);
    let token: Value = answer.json().await?;
    Ok(token.get("access_token").and_then(Value::as_str).context("no token")?.to_owned())
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
    /// A founded organisation with `tasks` tasks, then a node on it.
    pub async fn create(tasks: usize) -> anyhow::Result<Self> {
        let founded = Founded::create(tasks).await?;
        let nashi = Nashi::start(&founded.database).await?;
        let token = founded.sign_in(nashi.address).await?;
        Ok(Self { nashi, database: founded.database, token, tasks })
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
        let load = loader::drive(&[self.nashi.address], connections, span, None, make).await?;
        ensure!(load.refused == 0, "{} reads were refused", load.refused);
        ensure!(load.answered < self.tasks, "the world is too small: every task was read");
        Ok(load)
    }

    /// `connections` clients that ask again as soon as they are answered.
    pub async fn closed_loop(&self, kind: Kind, connections: usize, span: Duration) -> anyhow::Result<Load> {
        self.drive(kind, connections, span, None).await
    }

    /// As [`World::closed_loop`], at `rate` a second where given.
    pub async fn drive(&self, kind: Kind, connections: usize, span: Duration, rate: Option<f64>) -> anyhow::Result<Load> {
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
        let load = loader::drive(&[self.nashi.address], connections, span, rate, make).await?;
        ensure!(load.refused * 100 <= load.answered, "{} of {} requests were refused", load.refused, load.refused + load.answered);
        Ok(load)
    }

    /// Requests a second that a route without any work answers: the ceiling of loader and server.
    pub async fn empty_route(&self, connections: usize, span: Duration) -> anyhow::Result<f64> {
        let make: Make = Arc::new(|_, _| loader::request("GET", "/livez", None, ""));
        Ok(loader::drive(&[self.nashi.address], connections, span, None, make).await?.per_second())
    }
}

/// Writes tasks straight into the log.
async fn seed(database: &TestDatabase, organisation: OrganisationId, person: PersonId, tasks: usize) -> anyhow::Result<()> {
    let journal = server::journal(database).await?;
    bulk::append(&journal, organisation, person, tasks, move |number| task(person, number)).await
}

fn task(person: PersonId, number: usize) -> Fact {
    let text = |text: String| Text { text, ..Text::default() };
    let responsible = number.is_multiple_of(100).then_some(person);
    let created = Created {
        text: text(format!("Task number {number}: count the foxes, and the dogs that they jump over")),
        attachments: Vec::new(),
        subject: None,
        responsible,
        participants: Vec::new(),
        subscribers: Vec::new(),
        parent: None,
        due: None,
        schedule: None,
        form: None,
        template: None,
        author: None,
        origin: None,
    };
    let comment = |n: usize| Event::Commented(Box::new(Commented::from(text(format!("Comment {n}: no fox was seen today.")))));
    let events = [Event::Created(Box::new(created)), comment(1), comment(2)];
    Fact { target: Target::New(StreamKind::Task), events: events.iter().map(EventSet::encode).collect(), claims: Vec::new() }
}
