//! The rows "`/contacts`, `/members` and a page of the inbox": what somebody waits for in an organisation of many, beside one of
//! few. One request at a time, since it is the wait that counts.

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;

use super::{Organisation, Size, judged};
use crate::loader::{self, Load, Make};
use crate::measure::{self, Compared, Effort};
use crate::processor;
use crate::report::{Held, Report};
use crate::server::Nashi;

/// Before it counts.
const WARM: Duration = Duration::from_secs(1);

/// What is asked for, and the budget in milliseconds.
const ASKED: [(&str, f64); 3] = [("contacts", 50.0), ("members", 50.0), ("inbox", 20.0)];

/// What most clients say: a long answer is packed for them.
const GZIP: &str = "accept-encoding: gzip\r\n";

/// A node over an organisation, asked by the one person who is in more roles than anybody.
struct Served {
    nashi: Nashi,
    token: String,
    /// Its database is there as long as it is.
    _organisation: Organisation,
}

pub async fn of_a_large_organisation(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let (few, many) = (Size::SMALL, Size::large(effort));
    let (small, large) = (Served::create(few).await?, Served::create(many).await?);
    for (path, budget) in ASKED {
        let bytes = large.bytes(path).await?;
        small.ask(path, "", WARM).await?;
        large.ask(path, GZIP, WARM).await?;
        let rounds =
            measure::alternate(effort, async || small.ask(path, "", effort.span).await, async || large.ask(path, "", effort.span).await);
        let rounds = rounds.await?;
        let before = large.processor()?;
        let packed = large.ask(path, GZIP, effort.span).await?;
        let each = (large.processor()? - before).as_secs_f64() / packed.answered as f64;
        let (p50, p99) = (Compared::of(&rounds, |load| load.latency(0.5)), Compared::of(&rounds, |load| load.latency(0.99)));
        report.add(
            &format!(
                "`/{path}` in an organisation of {} people, {} roles, {} departments, {} lists, p99",
                many.persons, many.roles, many.departments, many.lists
            ),
            format!(
                "{:.1} ms (p50 {:.1} ms; {:.2} MB), packed {:.1} ms (p50 {:.1} ms; {:.1} ms of a processor)",
                p99.ours * 1e3,
                p50.ours * 1e3,
                bytes as f64 / 1e6,
                packed.latency(0.99) * 1e3,
                packed.latency(0.5) * 1e3,
                each * 1e3
            ),
            format!("{} people: {:.1} ms (p50 {:.1} ms)", few.persons, p99.theirs * 1e3, p50.theirs * 1e3),
            &format!("{budget:.0} ms"),
            if judged(effort) { Held::from(p99.ours.max(packed.latency(0.99)) * 1e3 < budget) } else { Held::Unjudged },
        );
    }
    eprintln!("   resident with {} people: {:.0} MiB", many.persons, large.nashi.memory()? / 1024.0 / 1024.0);
    small.nashi.stop().await?;
    large.nashi.stop().await
}

impl Served {
    async fn create(size: Size) -> anyhow::Result<Self> {
        let organisation = Organisation::create(size).await?;
        let nashi = Nashi::start(&organisation.founded.database).await?;
        let administrator = organisation.founded.sign_in(nashi.address).await?;
        let token = organisation.sign_in_as(nashi.address, &administrator, organisation.persons[0]).await?;
        Ok(Self { nashi, token, _organisation: organisation })
    }

    /// What the node has used of a processor so far, whoever else uses it.
    fn processor(&self) -> anyhow::Result<Duration> {
        Ok(processor::used(&[self.nashi.id()?])?.into_iter().sum())
    }

    async fn bytes(&self, path: &str) -> anyhow::Result<usize> {
        let answer = reqwest::Client::new().get(format!("http://{}/v4/{path}", self.nashi.address)).bearer_auth(&self.token).send().await?;
        ensure!(answer.status().is_success(), "/{path} was refused: {}", answer.status());
        Ok(answer.bytes().await?.len())
    }

    async fn ask(&self, path: &str, headers: &str, span: Duration) -> anyhow::Result<Load> {
        let request = loader::request_with("GET", &format!("/v4/{path}"), Some(&self.token), headers, "");
        let make: Make = Arc::new(move |_, _| request.clone());
        let load = loader::drive(&[self.nashi.address], 1, span, None, make).await?;
        ensure!(load.refused == 0, "{} requests for /{path} were refused", load.refused);
        Ok(load)
    }
}
