//! The rows "10,000 live actors are handed over", when a node joins and when one is drained: how long actors are where
//! they do not belong any more, and what whoever writes to them feels of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::cluster::{Member, State};
use anyhow::ensure;
use tests::{Access, Nats};

use super::words::Words;
use super::writers::{self, Answers, Felt, Writers};
use super::{NAMES, settings, tasks_of, visit};
use crate::measure::{self, Effort};
use crate::report::{Held, Report};
use crate::server::{self, Nashi};
use crate::world::Founded;

/// Actors that live on the node that hands over.
const LIVE: usize = 10_000;
/// Of quiet before, and at least of what is felt: actors open when they are asked for, which may be after the last has gone.
const AROUND: Duration = Duration::from_secs(1);

/// One hand-over.
struct HandOver {
    moved: usize,
    seconds: f64,
    before: Felt,
    during: Felt,
}

/// A second node comes, and is drained again.
pub async fn of_live_actors(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    // Twice as many tasks, so that each of two nodes has so many.
    let founded = Founded::create(2 * LIVE).await?;
    let nats = Nats::start(Access::Open).await;
    let (mut joined, mut drained) = (Vec::new(), Vec::new());
    for _ in 0..effort.pairs {
        let first = Nashi::start_with(&founded.database, &settings(NAMES[0], Some(&nats))).await?;
        let mut cluster = TwoNodes {
            founded: &founded,
            nats: &nats,
            asked: first.address,
            token: founded.sign_in(first.address).await?,
            words: Words::listen(&nats).await?,
        };
        let (second, hand_over) = cluster.join().await?;
        joined.push(hand_over);
        drained.push(cluster.drain().await?);
        super::stop(vec![first, second]).await?;
    }
    add(report, &format!("a node joins one with {LIVE} live actors"), &joined);
    add(report, &format!("a node with {LIVE} live actors is drained"), &drained);
    Ok(())
}

fn add(report: &mut Report, what: &str, rounds: &[HandOver]) {
    let median = |figure: fn(&HandOver) -> f64| measure::median(rounds.iter().map(figure));
    let worst = |felt: fn(&HandOver) -> &Felt| rounds.iter().map(|round| felt(round).worst).fold(0.0, f64::max) * 1e3;
    let sum = |figure: fn(&Felt) -> usize| rounds.iter().map(|round| figure(&round.during)).sum::<usize>();
    report.add(
        &format!("{what}, {} comments a second meanwhile", writers::RATE),
        format!(
            "{:.0} handed over within {:.2} s; comments: p99 {:.1} ms, worst {:.0} ms, {} of {} refused",
            median(|round| round.moved as f64),
            median(|round| round.seconds),
            median(|round| round.during.p99) * 1e3,
            worst(|round| &round.during),
            sum(|felt| felt.refused),
            sum(|felt| felt.comments),
        ),
        format!("the second before: p99 {:.1} ms, worst {:.0} ms", median(|round| round.before.p99) * 1e3, worst(|round| &round.before)),
        "",
        Held::Unjudged,
    );
}

/// A node that is asked and another that comes and goes.
struct TwoNodes<'a> {
    founded: &'a Founded,
    nats: &'a Nats,
    asked: SocketAddr,
    token: String,
    words: Words,
}

impl TwoNodes<'_> {
    /// The second node joins the first, on which `LIVE` actors live.
    async fn join(&mut self) -> anyhow::Result<(Nashi, HandOver)> {
        let [first, second, _] = NAMES;
        let live: Arc<[i64]> = (1..=LIVE as i64).collect();
        visit(self.asked, &self.token, &live).await?;
        self.words.until(first, |member| member.report.actors >= LIVE).await?;

        let writers = self.write(&live).await;
        self.words.until(first, |_| true).await?;
        // Of persons and their organisation.
        let others = self.words.actors(first).saturating_sub(LIVE);
        let settings = settings(second, Some(self.nats));
        let starting = Nashi::start_with(&self.founded.database, &settings);
        let (node, active) = tokio::join!(starting, self.words.until(second, |member| member.state == State::Active));
        let (node, active) = (node?, active?);
        let members: Vec<Member> = self.words.members.values().cloned().collect();
        let staying = tasks_of(first, self.founded, &members).iter().filter(|task| live.contains(task)).count();
        let gone = self.words.until(first, |member| member.report.actors <= staying + others).await?;
        let hand_over = HandOver::new(LIVE - staying, active, gone, &self.enough(writers, active).await?);
        Ok((node, hand_over))
    }

    /// The second node is drained, on which about `LIVE` actors live.
    async fn drain(&mut self) -> anyhow::Result<HandOver> {
        let [_, second, _] = NAMES;
        let all: Arc<[i64]> = (1..=self.founded.tasks as i64).collect();
        visit(self.asked, &self.token, &all).await?;
        self.words.until(second, |_| true).await?;
        let moved = self.words.actors(second);
        ensure!(moved * 10 >= LIVE * 8, "only {moved} actors live on the second node");

        let writers = self.write(&all).await;
        let settings = settings("nobody", Some(self.nats));
        let drain = ["drain", second];
        let draining = server::command_with(&self.founded.database, &settings, &drain);
        let watching = async {
            let begun = self.words.until(second, |member| member.state == State::Draining).await?;
            anyhow::Ok((begun, self.words.until(second, |member| member.report.actors == 0).await?))
        };
        let (drained, watched) = tokio::join!(draining, watching);
        drained?;
        let (begun, gone) = watched?;
        Ok(HandOver::new(moved, begun, gone, &self.enough(writers, begun).await?))
    }

    /// Has clients write to `tasks`, and gives them a while in which nothing happens.
    async fn write(&self, tasks: &Arc<[i64]>) -> Writers {
        let writers = Writers::start(self.asked, &self.token, tasks);
        tokio::time::sleep(AROUND + AROUND).await;
        writers
    }

    async fn enough(&self, writers: Writers, begun: Instant) -> anyhow::Result<Answers> {
        tokio::time::sleep_until((begun + AROUND).into()).await;
        writers.end().await
    }
}

impl HandOver {
    fn new(moved: usize, begun: Instant, gone: Instant, answers: &Answers) -> Self {
        let (before, during) = (answers.between(begun - AROUND, begun), answers.between(begun, gone.max(begun + AROUND)));
        let seconds = gone.duration_since(begun).as_secs_f64();
        eprintln!("   {moved} actors in {seconds:.2} s; {before:?} before; {during:?}");
        Self { moved, seconds, before, during }
    }
}
