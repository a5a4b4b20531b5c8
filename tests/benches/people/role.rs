//! The row "a changed role of 500 members": from when the change is asked for until every node shows the role's task to those who
//! came, and to none of those who left, in the task itself and in their inbox.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Access, Nats};

use super::seed::MEMBERS_MAX;
use super::{Organisation, Size, ask, judged};
use crate::cluster;
use crate::measure::{self, Effort};
use crate::report::{Held, Report};

/// Members through whose eyes is looked, on every node.
const EYES: usize = 8;
/// Members of the role that the large one is compared with.
const FEW: usize = 5;
/// Changes of each, and as many back.
const ROUNDS: usize = 10;
/// Longer than any change may take.
const SEEN_MAX: Duration = Duration::from_secs(30);

pub async fn changed_everywhere(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let size = Size::large(effort);
    let organisation = Organisation::create(size).await?;
    let nats = Nats::start(Access::Open).await;
    let nodes = cluster::start(&organisation.founded, Some(&nats), 3).await?;
    let addresses: Vec<SocketAddr> = nodes.iter().map(|node| node.address).collect();
    let administrator = organisation.founded.sign_in(addresses[0]).await?;
    let members: Vec<i64> = organisation.persons.iter().copied().take(MEMBERS_MAX).collect();
    // Those who look are spread over the members, first and last among them, and in both roles that are compared.
    let mut eyes = Vec::with_capacity(EYES);
    for number in 0..EYES {
        let person = members[number * (members.len() - 1) / (EYES - 1)];
        eyes.push(organisation.sign_in_as(addresses[0], &administrator, person).await?);
    }
    let few: Vec<i64> = (0..FEW).map(|number| members[number * (members.len() - 1) / (EYES - 1)]).collect();
    let changes = Changes { client: reqwest::Client::new(), addresses: &addresses, administrator: &administrator };
    let small = changes.of(&few, &eyes[..FEW]).await?;
    let large = changes.of(&members, &eyes).await?;
    let worst = |seconds: &[f64]| seconds.iter().copied().fold(0.0, f64::max) * 1e3;
    let typical = |seconds: &[f64]| measure::median(seconds.iter().copied()) * 1e3;
    report.add(
        &format!("a role of {} members emptied or filled, until all of 3 nodes show it, the worst of {}", members.len(), large.len()),
        format!("{:.0} ms (median {:.0} ms)", worst(&large), typical(&large)),
        format!("a role of {FEW}: {:.0} ms (median {:.0} ms)", worst(&small), typical(&small)),
        "200 ms",
        if judged(effort) { Held::from(worst(&large) < 200.0) } else { Held::Unjudged },
    );
    cluster::stop(nodes).await
}

struct Changes<'a> {
    /// Of everybody: connections are open before it counts.
    client: reqwest::Client,
    addresses: &'a [SocketAddr],
    administrator: &'a str,
}

impl Changes<'_> {
    /// Fills a role of its own with `members` and empties it again, over and over; seconds of each.
    async fn of(&self, members: &[i64], eyes: &[String]) -> anyhow::Result<Vec<f64>> {
        let (first, token) = (self.addresses[0], self.administrator);
        let role = ask(first, token, Method::POST, "roles", json!({ "name": "Wardens" })).await?["id"].as_i64().context("no role")?;
        let task = json!({ "text": "Guard the foxes", "responsible": { "id": role } });
        let task = ask(first, token, Method::POST, "tasks", task).await?["task"]["id"].as_i64().context("no task")?;
        let mut seconds = Vec::with_capacity(2 * ROUNDS);
        for round in 0..=ROUNDS {
            for (name, there) in [("member_add", true), ("member_remove", false)] {
                let begun = Instant::now();
                ask(first, token, Method::PUT, &format!("roles/{role}"), json!({ name: members })).await?;
                let looks = self.addresses.iter().flat_map(|address| eyes.iter().map(|eye| self.shown(*address, eye, task, there)));
                let seen = futures_util::future::try_join_all(looks).await?;
                let last = seen.into_iter().max().context("nobody looked")?;
                // The first opens what was closed, and is not counted.
                if round > 0 {
                    seconds.push(last.duration_since(begun).as_secs_f64());
                }
            }
        }
        Ok(seconds)
    }

    /// When a node shows the task to somebody, or does not any more: the task itself, and the inbox.
    async fn shown(&self, address: SocketAddr, token: &str, task: i64, there: bool) -> anyhow::Result<Instant> {
        let get = async |path: &str| anyhow::Ok(self.client.get(format!("http://{address}/v4/{path}")).bearer_auth(token).send().await?);
        let begun = Instant::now();
        loop {
            let read = get(&format!("tasks/{task}")).await?.status();
            let inbox: Value = get("inbox").await?.json().await?;
            let listed = inbox["tasks"].as_array().is_some_and(|tasks| tasks.iter().any(|listed| listed["id"] == task));
            if read.is_success() == there && listed == there {
                return Ok(Instant::now());
            }
            ensure!(begun.elapsed() < SEEN_MAX, "a node shows a role as it was: {read}, listed: {listed}");
        }
    }
}
