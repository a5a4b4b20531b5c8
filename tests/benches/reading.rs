//! Reading the log back: a view rebuilt, a node started on a long log. Not what serves requests.

use std::time::{Duration, Instant};

use anyhow::ensure;
use domain::Position;

use crate::measure::{self, Effort};
use crate::report::{Held, Report};
use crate::server::{self, Nashi};
use crate::world::World;

/// Events of one page of the raw read that a rebuild is compared with; the projections' own size.
const PAGE: usize = 1_000;

/// The row "rebuild of a view": `nashi rebuild inbox` against reading the same log without using it.
pub async fn rebuild(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let world = World::create(effort.large / 3).await?;
    let database = world.stop().await?;
    let journal = server::journal(&database).await?;
    let events = journal.current_head().await?.position as f64;
    let raw = || async {
        let (mut position, begun): (Position, Instant) = (0, Instant::now());
        loop {
            let page = journal.read_all(position, PAGE).await?;
            match page.last() {
                Some(last) => position = last.header.position,
                None => break,
            }
        }
        ensure!(position as f64 == events, "the raw read ended at {position} of {events}");
        Ok(events / begun.elapsed().as_secs_f64())
    };
    let rebuilt = || async {
        let begun = Instant::now();
        server::command(&database, &["rebuild", "inbox"]).await?;
        Ok(events / begun.elapsed().as_secs_f64())
    };
    let compared = measure::pairs(effort, raw, rebuilt).await?;
    report.add(
        "rebuild of the inbox",
        format!("{:.0} events a second, {:.2} of it", compared.ours, compared.ratio),
        format!("raw read of the log: {:.0}", compared.theirs),
        "a tenth",
        compared.ratio >= 0.1,
    );
    Ok(())
}

/// The row "start with a million events in the log".
pub async fn start(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let world = World::create(effort.large / 3).await?;
    let database = world.stop().await?;
    let mut seconds = Vec::with_capacity(effort.pairs);
    for _ in 0..effort.pairs {
        let nashi = Nashi::start(&database).await?;
        seconds.push(nashi.ready_after.as_secs_f64());
        nashi.stop().await?;
    }
    let typical = measure::median(seconds.into_iter());
    report.add(
        &format!("start with {} events in the log", effort.large),
        format!("{:.2} s", typical),
        "until /readyz is green".to_owned(),
        "2 s",
        if effort.large >= 1_000_000 { Held::from(Duration::from_secs_f64(typical) < Duration::from_secs(2)) } else { Held::Unjudged },
    );
    Ok(())
}

/// The row "cold activation": GETs of tasks that are not live, and of one with a long history.
pub async fn activation(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    const LONG: usize = 1_000;
    let world = World::create(200_000.min(effort.large)).await?;
    // A long task, and a snapshot of it as its actor is put aside.
    world.comment_times(1, LONG).await?;
    let database = world.stop().await?;
    let world = World::reopen(database).await?;
    let first = world.time_one_read(1).await?;
    let load = world.each_once(64, effort.span).await?;
    report.add(
        "cold activation of a task with 1,000 events, over HTTP",
        format!("{:.1} ms", first * 1e3),
        "with a snapshot".to_owned(),
        "5 ms",
        first < 0.005,
    );
    report.add(
        "cold activations, 64 at once, over HTTP",
        format!("{:.0} a second", load.per_second()),
        "3 events each".to_owned(),
        "10,000 a second",
        load.per_second() >= 10_000.0,
    );
    world.nashi.stop().await
}
