//! Several nodes on one database, with a NATS between them: what it costs that an actor lives elsewhere, and what
//! happens when it moves. Whether anything is lost meanwhile is not measured but tested (`tests/chaos`).

pub mod handover;
pub mod nodes;
pub mod remote;
pub mod reply;

mod pair;
mod plain;
mod words;
mod writers;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actors::cluster::{Member, State, placement};
use anyhow::{Context, ensure};
use domain::{Kind, StreamId};
use serde_json::Value;
use tests::Nats;

use crate::loader::{self, Connection, Make};
use crate::server::{self, Nashi};
use crate::world::{COMMENT, Founded};

/// Nodes are called by these.
const NAMES: [&str; 3] = ["north", "east", "south"];

/// Connections that visit tasks.
const VISITORS: usize = 32;

/// The settings of a node called `name`; without `nats` it is alone.
fn settings(name: &str, nats: Option<&Nats>) -> Vec<(&'static str, String)> {
    // That nodes come and go is what is measured; what they say of it is not needed.
    let mut settings = vec![("NASHI__NODE__NAME", name.to_owned()), ("NASHI__TELEMETRY__FILTER", "warn".to_owned())];
    settings.extend(nats.map(|nats| ("NASHI__NATS__URL", nats.url(nats.address))));
    settings
}

/// Starts `count` nodes, one after the other; each is ready once it has joined those before.
pub async fn start(founded: &Founded, nats: Option<&Nats>, count: usize) -> anyhow::Result<Vec<Nashi>> {
    let mut nodes = Vec::with_capacity(count);
    for name in &NAMES[..count] {
        nodes.push(Nashi::start_with(&founded.database, &settings(name, nats)).await?);
    }
    Ok(nodes)
}

/// Ends nodes, the last one first.
pub async fn stop(mut nodes: Vec<Nashi>) -> anyhow::Result<()> {
    while let Some(node) = nodes.pop() {
        node.stop().await?;
    }
    Ok(())
}

/// The tasks of each of all nodes, as `nashi nodes` tells who there is.
async fn tasks_by_owner<const N: usize>(founded: &Founded, nats: &Nats, names: [&str; N]) -> anyhow::Result<[Arc<[i64]>; N]> {
    let printed = server::command_with(&founded.database, &settings("nobody", Some(nats)), &["nodes", "--json"]).await?;
    let mut printed: Value = serde_json::from_str(&printed).context("nodes --json printed no JSON")?;
    let mut members: Vec<Member> = serde_json::from_value(printed["nodes"].take()).context("nodes --json printed no nodes")?;
    members.retain(|member| member.state == State::Active);
    ensure!(members.len() == N, "{} nodes are active instead of {N}", members.len());
    Ok(names.map(|name| tasks_of(name, founded, &members)))
}

/// The tasks that belong to the node called `name`, where `members` are active.
fn tasks_of(name: &str, founded: &Founded, members: &[Member]) -> Arc<[i64]> {
    let owner = |task: i64| {
        let slice = placement::slice(founded.organisation, StreamId::new(Kind::Task, task));
        placement::first(members.iter().enumerate(), slice).map(|place| members[place].name.as_str())
    };
    (1..=founded.tasks as i64).filter(|task| owner(*task) == Some(name)).collect()
}

/// Has every one of `tasks` read once, so that its actor lives.
async fn visit(address: SocketAddr, token: &str, tasks: &Arc<[i64]>) -> anyhow::Result<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut visitors = Vec::with_capacity(VISITORS);
    for _ in 0..VISITORS {
        let (next, tasks, token) = (next.clone(), tasks.clone(), token.to_owned());
        visitors.push(tokio::spawn(async move {
            let mut asked = Connection::open(address).await?;
            while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                let status = asked.ask(&loader::request("GET", &format!("/v4/tasks/{task}"), Some(&token), "")).await?;
                ensure!(status == 200, "the task {task} could not be read: {status}");
            }
            anyhow::Ok(())
        }));
    }
    for visitor in visitors {
        visitor.await.context("a visitor ended badly")??;
    }
    Ok(())
}

/// Comments on `tasks`, all over the place, whose answers hold the ids alone: how large a task is does not matter.
fn comments(token: &str, tasks: &Arc<[i64]>) -> Make {
    let (token, tasks) = (token.to_owned(), tasks.clone());
    Arc::new(move |connection, number| {
        // A stride that shares no factor with the count.
        comment(&token, tasks[(connection * 7_919 + number * 104_729) % tasks.len()])
    })
}

fn comment(token: &str, task: i64) -> Vec<u8> {
    loader::request_with("POST", &format!("/v4/tasks/{task}/comments"), Some(token), "prefer: return=minimal\r\n", COMMENT)
}
