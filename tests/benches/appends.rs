//! Durable appends through the journal, against `pgbench` inserting the same rows one a transaction.
//! No actors and no HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actors::journal::{Append, Journal, Meta, Premise, Target, Write};
use anyhow::{Context, anyhow};
use domain::codec::Encoded;
use domain::{CommandId, Kind, OrganisationId, PersonId, StreamId};
use test_database::TestDatabase;
use uuid::Uuid;

use crate::baseline::Baseline;
use crate::measure::{self, Effort};
use crate::report::{Held, Report};
use crate::server;

/// Streams that one producer writes to in turn.
const STREAMS: usize = 16;

/// About 300 bytes, as `pgbench` inserts them.
const PAYLOAD: &str = r#"{"text":"The quick brown fox jumps over the lazy dog, and then it goes home to write a comment of a usual length about what it has seen on its way, so that the others know. The quick brown fox jumps over the lazy dog again, because three hundred bytes are longer than one thinks, as every fox knows. Bye."}"#;

/// The rows "appends at 1, 16, 64, 1,024".
pub async fn against_pgbench(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let baseline = Baseline::create().await?;
    let database = TestDatabase::create().await;
    let journal = server::journal(&database).await?;
    // The first thousands make the statistics that the row "fresh" is about.
    produce(&journal, 64, Duration::from_secs(2)).await?;
    for producers in [1, 16, 64, 1_024] {
        // The budget compares with 32 clients; a single producer is a client that waits for its commit.
        let clients = if producers == 1 { 1 } else { 32 };
        let compared =
            measure::pairs(effort, || baseline.per_second(clients, effort.span), || produce(&journal, producers, effort.span)).await?;
        let (budget, held): (&str, Held) = match producers {
            64 => ("3 times", (compared.ratio >= 3.0).into()),
            1_024 if compared.theirs < 5_000.0 => ("6 times (`pgbench` under 5,000)", (compared.ratio >= 6.0).into()),
            1_024 => ("4.5 times, and 45,000 a second", (compared.ratio >= 4.5 && compared.ours >= 45_000.0).into()),
            _ => ("", Held::Unjudged),
        };
        report.add(
            &format!("durable appends, {producers} at once"),
            format!("{:.0} a second, {:.2} times", compared.ours, compared.ratio),
            format!("`pgbench`, {clients} clients: {:.0}", compared.theirs),
            budget,
            held,
        );
    }
    Ok(())
}

/// The row "the same on a database made a moment ago".
pub async fn fresh_against_grown(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let grown = TestDatabase::create().await;
    let grown_journal = server::journal(&grown).await?;
    produce(&grown_journal, 64, Duration::from_secs(3)).await?;
    let compared = measure::pairs(
        effort,
        || produce(&grown_journal, 64, effort.span),
        || async {
            let fresh = TestDatabase::create().await;
            let journal = server::journal(&fresh).await?;
            produce(&journal, 64, effort.span).await
        },
    )
    .await?;
    report.add(
        "the same, 64 at once, on a database made a moment ago",
        format!("{:.0} a second, {:.2} of it", compared.ours, compared.ratio),
        format!("with statistics: {:.0}", compared.theirs),
        "0.7",
        compared.ratio >= 0.7,
    );
    Ok(())
}

/// Appends a second by `producers`, each waiting for one commit before the next append.
pub async fn produce(journal: &Arc<dyn Journal>, producers: usize, span: Duration) -> anyhow::Result<f64> {
    let done = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut workers = Vec::with_capacity(producers);
    for _ in 0..producers {
        let (journal, done) = (Arc::clone(journal), Arc::clone(&done));
        workers.push(tokio::spawn(async move {
            let mut streams: Vec<(Option<StreamId>, i64, Option<[u8; 32]>)> = vec![(None, 0, None); STREAMS];
            let mut turn = 0;
            while begun.elapsed() < span {
                let slot = &mut streams[turn % STREAMS];
                turn += 1;
                let target = match slot.0 {
                    None => Target::New(Kind::Task),
                    Some(stream) => Target::Existing { stream, expected: slot.1, hash: slot.2 },
                };
                let receipt = append(&*journal, target).await?;
                let stream = receipt.streams.first().context("a receipt without a stream")?;
                *slot = (Some(stream.stream), stream.last_version(), Some(stream.hash));
                done.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        }));
    }
    for worker in workers {
        worker.await.context("a producer ended badly")??;
    }
    Ok(done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark makes its own command ids")]
async fn append(journal: &dyn Journal, target: Target) -> anyhow::Result<actors::journal::Receipt> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let permit = journal.reserve().map_err(|busy| anyhow!(busy))?;
    permit.submit(
        Append {
            organisation: OrganisationId(1),
            command: CommandId(Uuid::now_v7()),
            person: PersonId(1_001),
            meta: Arc::new(Meta { node: Some("bench".to_owned()), basis: Some(12_345), ..Meta::default() }),
            writes: vec![Write { target, events: vec![Encoded { event_type: "task.commented", schema: 1, payload: PAYLOAD.to_owned() }] }],
            claims: Vec::new(),
            premise: Premise::default(),
            deadline: Instant::now() + Duration::from_secs(30),
        },
        Box::new(move |outcome| {
            // A producer that has gone away wants no answer.
            let _ = sender.send(outcome);
        }),
    );
    receiver.await.context("the journal dropped an append")?.map_err(|refusal| anyhow!(refusal))
}
