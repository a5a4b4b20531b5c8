//! The row "reads of a task of another node against plain NATS": what our words, frames and signs of life cost on top
//! of request and reply. Reads, so that no commit is in the way; neither HTTP nor Postgres.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actors::hosted::task::Part;
use actors::journal::memory::MemoryJournal;
use actors::system::{Reading, System};
use anyhow::{Context, anyhow};
use async_nats::Subscriber;
use domain::StreamId;
use domain::task::Task;
use domain::testing::{ANNA, HOME};
use futures_util::StreamExt;
use tests::{Access, Nats};
use tokio::runtime::Handle;

use super::pair::{CLUSTER, Node, PATIENCE};
use super::plain::Plain;
use crate::measure::{self, Compared, Effort};
use crate::report::Report;

const IN_FLIGHT: usize = 64;

/// Reads a second of a small task that lives elsewhere, beside plain requests and replies of the same sizes.
pub async fn against_plain_nats(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let nats = Nats::start(Access::Open).await;
    let (url, callers) = (nats.url(nats.address), Handle::current());
    let (tell, told) = tokio::sync::oneshot::channel();
    // Actors need a runtime of their own kind.
    std::thread::spawn(move || {
        let measured = actix_rt::System::new().block_on(both(&url, effort, &callers));
        // Whoever was interrupted does not ask any more.
        let _ = tell.send(measured);
    });
    let (compared, sizes) = told.await.context("the measuring thread ended badly")??;
    report.add(
        &format!("reads of a small task of another node, {IN_FLIGHT} in flight, by the actors' transport alone"),
        format!("{:.0} a second, {:.2} of it", compared.ours, compared.ratio),
        format!("plain NATS requests of {} bytes with replies of {}: {:.0}", sizes.0, sizes.1, compared.theirs),
        "0.5",
        compared.ratio >= 0.5,
    );
    Ok(())
}

/// Both figures, and the sizes of a question and its answer.
async fn both(url: &str, effort: Effort, callers: &Handle) -> anyhow::Result<(Compared, (usize, usize))> {
    let log = MemoryJournal::new();
    let (asker, answerer) = (Node::join(url, log.clone(), "asker").await?, Node::join(url, log.reopened(), "answerer").await?);
    asker.sees(2).await?;
    answerer.sees(2).await?;
    let stream = asker.task_elsewhere().await?;
    let sizes = sizes(url, &asker, stream).await?;
    let plain = Plain::start(url, sizes).await?;

    let system = asker.system.clone();
    let ours = || in_flight(callers, effort.span, Reads { system: system.clone(), stream });
    let theirs = || in_flight(callers, effort.span, plain.requests());
    ours().await?;
    theirs().await?;
    let compared = measure::pairs(effort, theirs, ours).await?;
    plain.end();
    asker.end().await;
    answerer.end().await;
    Ok((compared, sizes))
}

/// Something that is asked and answered over NATS.
pub trait Ask: Clone + Send + 'static {
    fn ask(&self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// Answers a second to `IN_FLIGHT` callers, each of whom asks again once answered.
async fn in_flight(callers: &Handle, span: Duration, ask: impl Ask) -> anyhow::Result<f64> {
    let (answered, begun) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut calls = Vec::with_capacity(IN_FLIGHT);
    for _ in 0..IN_FLIGHT {
        let (answered, ask) = (answered.clone(), ask.clone());
        calls.push(callers.spawn(async move {
            while begun.elapsed() < span {
                ask.ask().await?;
                answered.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        }));
    }
    for call in calls {
        call.await.context("a caller ended badly")??;
    }
    Ok(answered.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}

/// Reads of one task.
#[derive(Clone)]
struct Reads {
    system: System,
    stream: StreamId,
}

impl Ask for Reads {
    async fn ask(&self) -> anyhow::Result<()> {
        let reading = Reading { organisation: HOME, who: ANNA, at_least: None, deadline: Instant::now() + PATIENCE };
        self.system.read::<Task>(self.stream, reading, Part::Whole).await.map_err(|refused| anyhow!("a read was refused: {refused}"))?;
        Ok(())
    }
}

/// The bytes of one question and of its answer, as a third connection hears them.
async fn sizes(url: &str, asker: &Node, stream: StreamId) -> anyhow::Result<(usize, usize)> {
    let listener = async_nats::connect(url).await?;
    let mut questions = listener.subscribe(format!("{CLUSTER}.node.*")).await?;
    let mut answers = listener.subscribe(format!("{CLUSTER}.reply.>")).await?;
    listener.flush().await?;
    Reads { system: asker.system.clone(), stream }.ask().await?;
    Ok((heard(&mut questions).await?, heard(&mut answers).await?))
}

async fn heard(words: &mut Subscriber) -> anyhow::Result<usize> {
    let word = tokio::time::timeout(PATIENCE, words.next()).await.context("no question was heard")?;
    Ok(word.context("the connection is gone")?.payload.len())
}
