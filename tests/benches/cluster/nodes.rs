//! The rows "one, two and three nodes on the same cores": what a node more costs where it brings no machine with it. The
//! same database, the same NATS, the same clients; nodes are started anew for each run, and their actors with them.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use sqlx::PgPool;
use tests::{Access, Nats};

use crate::loader;
use crate::measure::{self, Effort};
use crate::processor;
use crate::report::{Held, Report};
use crate::world::Founded;

const TASKS: usize = 10_000;
const CONNECTIONS: usize = 64;
/// Under load before it counts.
const WARM: Duration = Duration::from_secs(1);
/// How long the inbox may take to catch up.
const CAUGHT_UP_MAX: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What is compared: so many nodes, with NATS or alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Setting {
    nodes: usize,
    nats: bool,
}

const SETTINGS: [Setting; 4] = [Setting { nodes: 1, nats: false }, ONE, Setting { nodes: 2, nats: true }, Setting { nodes: 3, nats: true }];
const ONE: Setting = Setting { nodes: 1, nats: true };

/// Comments of one run, and the processor time of one in microseconds.
#[derive(Clone, Copy, Debug)]
struct Run {
    per_second: f64,
    nashi: f64,
    postgres: f64,
    nats: f64,
}

impl Run {
    fn processor(&self) -> f64 {
        self.nashi + self.postgres + self.nats
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { nodes: 1, nats: false } => f.write_str("one node without NATS"),
            Self { nodes: 1, nats: true } => f.write_str("one node with NATS"),
            Self { nodes, .. } => write!(f, "{nodes} nodes"),
        }
    }
}

/// Comments over HTTP, spread over all nodes, and the processor time of each.
pub async fn one_against_several(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let founded = Founded::create(TASKS).await?;
    let nats = Nats::start(Access::Open).await;
    let mut rounds = Vec::with_capacity(effort.pairs);
    for _ in 0..effort.pairs {
        let mut round = Vec::with_capacity(SETTINGS.len());
        for setting in SETTINGS {
            let run = run(&founded, &nats, setting, effort.span).await.with_context(|| setting.to_string())?;
            eprintln!(
                "   {setting}: {:.0} a second, {:.0} µs each (nashi {:.0}, Postgres {:.0}, NATS {:.0})",
                run.per_second,
                run.processor(),
                run.nashi,
                run.postgres,
                run.nats
            );
            round.push(run);
        }
        rounds.push(round);
    }
    let one = SETTINGS.iter().position(|setting| *setting == ONE).context("one node is among them")?;
    let median = |place: usize, figure: fn(&Run) -> f64| measure::median(rounds.iter().map(|round| figure(&round[place])));
    let ratio =
        |place: usize, figure: fn(&Run) -> f64| measure::median(rounds.iter().map(|round| figure(&round[place]) / figure(&round[one])));
    for (place, setting) in SETTINGS.iter().enumerate().filter(|(place, _)| *place != one) {
        let times = ratio(place, Run::processor);
        let (budget, held) =
            if setting.nodes == 3 { ("1.33 times the processor time", Held::from(times < 1.33)) } else { ("", Held::Unjudged) };
        report.add(
            &format!("comments over HTTP, {CONNECTIONS} connections, by {setting}, on the same cores"),
            format!(
                "{:.0} a second, {:.2} times; {:.0} µs of a processor each, {times:.2} times (nashi {:.0}, Postgres {:.0}, NATS {:.0})",
                median(place, |run| run.per_second),
                ratio(place, |run| run.per_second),
                median(place, Run::processor),
                median(place, |run| run.nashi),
                median(place, |run| run.postgres),
                median(place, |run| run.nats),
            ),
            format!("{ONE}: {:.0}; {:.0} µs", median(one, |run| run.per_second), median(one, Run::processor)),
            budget,
            held,
        );
    }
    Ok(())
}

async fn run(founded: &Founded, nats: &Nats, setting: Setting, span: Duration) -> anyhow::Result<Run> {
    let nodes = super::start(founded, setting.nats.then_some(nats), setting.nodes).await?;
    let addresses: Vec<SocketAddr> = nodes.iter().map(|node| node.address).collect();
    let token = founded.sign_in(addresses[0]).await?;
    let tasks: Arc<[i64]> = (1..=founded.tasks as i64).collect();
    super::visit(addresses[0], &token, &tasks).await?;
    let make = super::comments(&token, &tasks);
    loader::drive(&addresses, CONNECTIONS, WARM, None, make.clone()).await?;
    let pool = founded.database.pool(1).await;
    caught_up(&pool).await?;

    let mut roots = vec![processor::postmaster(&pool).await?, nats.pid().as_raw().try_into()?];
    for node in &nodes {
        roots.push(node.id()?);
    }
    let before = processor::used(&roots)?;
    let load = loader::drive(&addresses, CONNECTIONS, span, None, make).await?;
    ensure!(load.refused * 100 <= load.answered, "{} of {} comments were refused", load.refused, load.refused + load.answered);
    // What the inbox does with a comment is part of its price.
    caught_up(&pool).await?;
    let after = processor::used(&roots)?;
    pool.close().await;
    super::stop(nodes).await?;
    let each: Vec<f64> =
        before.iter().zip(&after).map(|(before, after)| after.saturating_sub(*before).as_secs_f64() * 1e6 / load.answered as f64).collect();
    Ok(Run { per_second: load.per_second(), postgres: each[0], nats: each[1], nashi: each[2..].iter().sum() })
}

/// Waits until the inbox shows the whole log.
async fn caught_up(pool: &PgPool) -> anyhow::Result<()> {
    let head: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(pool).await?;
    let shown = "SELECT position FROM follower_checkpoint WHERE view = 'inbox' ORDER BY generation DESC LIMIT 1";
    let catching_up = async {
        let mut look = tokio::time::interval(LOOK_EVERY);
        while sqlx::query_scalar::<_, i64>(shown).fetch_one(pool).await? < head {
            look.tick().await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(CAUGHT_UP_MAX, catching_up).await.context("the inbox does not catch up")?
}
