//! What people and programs meet: reads, comments, one hot task, and how soon a comment is seen, against
//! a real process over loopback.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::baseline::Baseline;
use crate::loader::{self, Make};
use crate::measure::{self, Effort};
use crate::report::{Held, Report};
use crate::world::{COMMENT, Kind, World};

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
            async move { Ok(loader::drive(&[address], 64, span, None, make).await?.per_second()) }
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
