//! What can go wrong in a cluster, one thing at a time: each is caused, lasts, and is mended again. Who suffers from it is
//! not known here.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use rand::{RngExt, rngs::StdRng, seq::SliceRandom};
use tests::{Cable, Cluster, Ending};

use crate::killed::moment;
use crate::record::Progress;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A node is killed outright and started again; now and then it dies once more while it starts.
    Killed,
    /// A node stands still in the middle of what it does, and goes on.
    Hung,
    /// A node is told to stop, stops, and is started again.
    Restarted,
    /// A node hands everything over, and then takes part again.
    Drained,
    /// NATS is killed, away for a while, and started again.
    NatsKilled,
    /// A node reaches Postgres, and no longer NATS.
    CutFromNats,
    /// A node reaches NATS, and no longer Postgres.
    CutFromPostgres,
    /// Postgres is stopped, in order or as by a crash, and started again.
    PostgresRestarted,
}

/// One fault as it was.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub kind: Kind,
    /// Whom it befell; nothing where it befell all.
    pub node: Option<usize>,
    pub began: Instant,
    /// When it was mended and every node had said that it is ready.
    pub over: Instant,
}

/// What to break.
pub struct Plan {
    pub kinds: Vec<Kind>,
    /// Every kind comes once in any case; once this is over, no other round begins.
    pub lasts: Duration,
}

const HUNG: Duration = Duration::from_secs(10);
const CUT: Duration = Duration::from_secs(8);
const NATS_AWAY: Duration = Duration::from_secs(5);

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Killed,
        Self::Hung,
        Self::Restarted,
        Self::Drained,
        Self::NatsKilled,
        Self::CutFromNats,
        Self::CutFromPostgres,
        Self::PostgresRestarted,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Hung => "hung",
            Self::Restarted => "restarted",
            Self::Drained => "drained",
            Self::NatsKilled => "nats-killed",
            Self::CutFromNats => "cut-from-nats",
            Self::CutFromPostgres => "cut-from-postgres",
            Self::PostgresRestarted => "postgres-restarted",
        }
    }

    /// How soon commands are answered again by those whom it did not befall (design, budgets), where that is promised.
    pub fn budget(self) -> Option<Duration> {
        match self {
            Self::Killed => Some(Duration::from_secs(1)),
            Self::Hung => Some(Duration::from_secs(4)),
            Self::Restarted | Self::Drained | Self::NatsKilled | Self::CutFromNats | Self::CutFromPostgres | Self::PostgresRestarted => {
                None
            }
        }
    }

    fn befalls_a_node(self) -> bool {
        !matches!(self, Self::NatsKilled | Self::PostgresRestarted)
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| format!("no kind of fault is called {name}"))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Breaks and mends by the plan, in rounds that hold each kind once, in an order that the seed chooses.
pub async fn torment(cluster: &mut Cluster, plan: &Plan, mut random: StdRng, progress: &Progress) -> Vec<Fault> {
    let end = Instant::now() + plan.lasts;
    let mut faults = Vec::new();
    loop {
        let mut round = plan.kinds.clone();
        round.shuffle(&mut random);
        for kind in round {
            if faults.len() >= plan.kinds.len() && Instant::now() >= end {
                return faults;
            }
            // All is well for a while, and then for a moment that no answer marks.
            progress.more(random.random_range(50..=300)).await;
            moment(&mut random, 500).await;
            let node = kind.befalls_a_node().then(|| random.random_range(0..cluster.nodes.len()));
            let began = Instant::now();
            let how = cause(cluster, kind, node.unwrap_or_default(), &mut random).await;
            let mended = began.elapsed();
            let said = cluster.healthy().await.unwrap_or_default();
            let over = Instant::now();
            let (whom, lasted) = (node.map_or("", |node| cluster.nodes[node].name), over - began);
            println!(
                "{kind:<20} {whom:<6} {how}: mended after {:.1} s, all well after {:.1} s {said}",
                mended.as_secs_f64(),
                lasted.as_secs_f64()
            );
            faults.push(Fault { kind, node, began, over });
        }
    }
}

/// One fault from its cause to its mending; in which of its ways.
async fn cause(cluster: &mut Cluster, kind: Kind, place: usize, random: &mut StdRng) -> &'static str {
    match kind {
        Kind::Killed => {
            let node = &mut cluster.nodes[place];
            node.kill().await;
            let again = random.random_ratio(1, 3);
            if again {
                node.start();
                moment(random, 400).await;
                node.kill().await;
            }
            node.serve().await;
            if again { "twice" } else { "once" }
        }
        Kind::Hung => {
            cluster.nodes[place].freeze(true);
            last(HUNG).await;
            cluster.nodes[place].freeze(false);
            "for 10 s"
        }
        Kind::Restarted => {
            cluster.nodes[place].stop().await;
            cluster.nodes[place].serve().await;
            "in order"
        }
        Kind::Drained => {
            cluster.drain(place).await;
            cluster.cancel_drain(place).await;
            "to the last"
        }
        Kind::NatsKilled => {
            cluster.nats.kill().await;
            last(NATS_AWAY).await;
            cluster.nats.restart().await;
            "for 5 s"
        }
        Kind::CutFromNats => cut(random, async |cable| cluster.nodes[place].to_nats.set(cable)).await,
        Kind::CutFromPostgres => cut(random, async |cable| cluster.nodes[place].to_postgres.set(cable)).await,
        Kind::PostgresRestarted => {
            let ending = if random.random_bool(0.5) { Ending::Fast } else { Ending::Immediate };
            cluster.postgres.stop(ending).await;
            cluster.postgres.restart().await;
            if ending == Ending::Fast { "in order" } else { "as by a crash" }
        }
    }
}

/// Cuts a cable in one way or the other, and mends it.
async fn cut(random: &mut StdRng, set: impl AsyncFn(Cable)) -> &'static str {
    let cable = if random.random_bool(0.5) { Cable::Held } else { Cable::Refused };
    set(cable).await;
    last(CUT).await;
    set(Cable::Whole).await;
    if cable == Cable::Held { "silently" } else { "with a reset" }
}

/// How long the fault lasts, which nothing else marks.
async fn last(duration: Duration) {
    tokio::time::sleep(duration).await;
}
