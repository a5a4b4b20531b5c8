//! `nashi nodes` and `nashi drain NODE`: who there is in the cluster, and taking a node out of it. Both ask the nodes
//! themselves, by NATS; the database is not looked at.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actors::cluster::bus::Bus;
use actors::cluster::{Boot, Member, Order, Role, State, control, placement};
use anyhow::{Context as _, bail};
use clap::Args;
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;
use uuid::Uuid;

use crate::cluster;
use crate::config::Settings;

/// How long a node may take to hand everything over, or to end.
const DRAIN_MAX: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
pub struct Nodes {
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Drain {
    /// The node's name, as `nashi nodes` shows it
    node: String,
    /// Have it take part again instead
    #[arg(long, conflicts_with = "stop")]
    cancel: bool,
    /// End its process too, once it has handed everything over
    #[arg(long)]
    stop: bool,
}

/// A node as it is shown.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    boot: String,
    state: &'static str,
    roles: Vec<&'static str>,
    weight: u16,
    build: &'a str,
    protocols: (u16, u16),
    slices: usize,
    #[serde(flatten)]
    report: &'a actors::cluster::Report,
}

/// The cluster, for as long as a command asks it.
struct Asker {
    bus: Arc<dyn Bus>,
    cluster: String,
    runtime: Option<Runtime>,
}

impl Asker {
    async fn start(settings: &Settings) -> anyhow::Result<Self> {
        if settings.nats.url.is_none() {
            bail!("nats.url is not set: this node is alone, and there is no cluster to ask");
        }
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().context("a thread")?;
        #[expect(clippy::disallowed_methods, reason = "a name for one command of the command line decides nothing")]
        let own = Boot(Uuid::new_v4());
        let bus = cluster::connect_on(&runtime, settings, own).await;
        match bus {
            Ok(bus) if *bus.connected().borrow() => Ok(Self { bus, cluster: settings.cluster.name.clone(), runtime: Some(runtime) }),
            other => {
                runtime.shutdown_background();
                other.and_then(|_| Err(anyhow::anyhow!("NATS cannot be reached at nats.url")))
            }
        }
    }

    async fn members(&self) -> anyhow::Result<Vec<Member>> {
        Ok(control::members(self.bus.as_ref(), &self.cluster).await?)
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Nodes {
    pub async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let asker = Asker::start(settings).await?;
        let members = asker.members().await?;
        let slices = slices(&members);
        let shown: Vec<Shown<'_>> = members.iter().map(|member| show(member, &slices)).collect();
        if self.json {
            println!("{}", serde_json::json!({ "nodes": shown }));
        } else if shown.is_empty() {
            println!("No node answers.");
        } else {
            print!("{}", table(&shown));
        }
        Ok(())
    }
}

/// How many slices each owns, as the nodes work it out.
fn slices(members: &[Member]) -> HashMap<Boot, usize> {
    let active = |member: &&Member| member.state == State::Active && member.roles.has(Role::Actors);
    let active: Vec<&Member> = members.iter().filter(active).collect();
    let mut counts = HashMap::new();
    for slice in 0..placement::SLICES {
        if let Some(place) = placement::first(active.iter().copied().enumerate(), slice) {
            *counts.entry(active[place].boot).or_default() += 1;
        }
    }
    counts
}

fn show<'a>(member: &'a Member, slices: &HashMap<Boot, usize>) -> Shown<'a> {
    Shown {
        name: &member.name,
        boot: member.boot.to_string(),
        state: member.state.name(),
        roles: member.roles.names(),
        weight: member.weight,
        build: &member.build,
        protocols: member.protocols,
        slices: slices.get(&member.boot).copied().unwrap_or_default(),
        report: &member.report,
    }
}

const HEADINGS: [&str; 9] = ["NODE", "STATE", "HTTP", "SLICES", "ACTORS", "BEHIND", "ALONE DOES", "ROLES", "BUILD"];

fn table(nodes: &[Shown<'_>]) -> String {
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    for node in nodes {
        let behind = node.report.behind_ms.values().max().copied().unwrap_or_default();
        let leases = if node.report.leases.is_empty() { "-".to_owned() } else { node.report.leases.join(" ") };
        rows.push([
            node.name.to_owned(),
            node.state.to_owned(),
            node.report.http.clone(),
            node.slices.to_string(),
            node.report.actors.to_string(),
            format!("{behind} ms"),
            leases,
            node.roles.join(","),
            node.build.to_owned(),
        ]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..HEADINGS.len()).map(width).collect();
    let line = |row: &[String; 9]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

impl Drain {
    pub async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let asker = Asker::start(settings).await?;
        let members = asker.members().await?;
        // Of two of one name the later is meant: the other gives way by itself.
        let Some(node) = members.iter().filter(|member| member.name == self.node).max_by_key(|member| member.boot) else {
            let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
            bail!(
                "no node called `{}` answers; there are: {}",
                self.node,
                if names.is_empty() { "none".to_owned() } else { names.join(", ") }
            );
        };
        if self.cancel {
            self.give(&asker, node, Order::Resume).await?;
            self.wait(&asker, node, |node| node.is_some_and(|node| node.state == State::Active)).await?;
            println!("{} takes part again.", node.name);
            return Ok(());
        }
        let others = members.iter().any(|other| other.boot != node.boot && other.state == State::Active && other.roles.has(Role::Actors));
        if !others && !self.stop {
            bail!("there is no other node that could take over from `{}`", node.name);
        }
        self.give(&asker, node, Order::Drain).await?;
        let empty = |node: Option<&Member>| {
            node.is_none_or(|node| node.state == State::Draining && node.report.actors == 0 && node.report.leases.is_empty())
        };
        if others {
            self.wait(&asker, node, empty).await?;
            println!("{} has handed everything over.", node.name);
        }
        if self.stop {
            self.give(&asker, node, Order::Stop).await?;
            self.wait(&asker, node, |node| node.is_none()).await?;
            println!("{} has ended.", node.name);
        }
        Ok(())
    }

    async fn give(&self, asker: &Asker, node: &Member, order: Order) -> anyhow::Result<()> {
        control::order(asker.bus.as_ref(), &asker.cluster, node.boot, order).await.with_context(|| format!("the node `{}`", node.name))
    }

    /// Looks at the list of nodes until the node in question is as it should be.
    async fn wait(&self, asker: &Asker, node: &Member, so: impl Fn(Option<&Member>) -> bool) -> anyhow::Result<()> {
        let until = Instant::now() + DRAIN_MAX;
        loop {
            let members = asker.members().await?;
            let now = members.iter().find(|member| member.boot == node.boot);
            if so(now) {
                return Ok(());
            }
            if Instant::now() >= until {
                let left =
                    now.map(|now| format!("it is {}, with {} actors and {:?}", now.state.name(), now.report.actors, now.report.leases));
                bail!("`{}` was not there after {DRAIN_MAX:?}: {}", node.name, left.unwrap_or_else(|| "it does not answer".to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use actors::cluster::{Report, Roles};

    use super::*;

    fn member(name: &str, boot: u128) -> Member {
        let report = Report { http: "127.0.0.1:8081".into(), leases: vec!["view.inbox".into()], ..Report::default() };
        let boot = Boot(Uuid::from_u128(boot));
        let (name, build) = (name.to_owned(), "0.1.0".to_owned());
        Member { name, boot, state: State::Active, roles: Roles::all(), weight: 1, protocols: (1, 2), build, report }
    }

    #[test]
    fn the_list_counts_the_slices_that_active_nodes_own() {
        let members = [member("one", 1), member("two", 2), Member { state: State::Draining, ..member("three", 3) }];
        let slices = slices(&members);
        assert_eq!(slices.values().sum::<usize>(), 1_024);
        assert!(!slices.contains_key(&members[2].boot));
        let shown: Vec<_> = members.iter().map(|member| show(member, &slices)).collect();
        let json = serde_json::to_value(&shown).unwrap();
        assert_eq!((json[2]["state"].as_str(), json[2]["slices"].as_u64()), (Some("draining"), Some(0)));
        assert_eq!(json[0]["http"], "127.0.0.1:8081");
        assert_eq!(json[0]["protocols"], serde_json::json!([1, 2]));
        let table = table(&shown);
        assert_eq!(table.lines().count(), 4);
        assert!(table.lines().nth(3).unwrap().starts_with("three  draining"), "{table}");
    }
}
