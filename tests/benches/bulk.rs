//! Many appends straight into the log, as many at once as a batch takes: how worlds are made. Not what is measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actors::journal::{Append, Journal, Meta, Premise, Target, Write};
use anyhow::{Context, anyhow};
use domain::codec::Encoded;
use domain::{ClaimChange, CommandId, OrganisationId, PersonId};
use uuid::Uuid;

const WORKERS: usize = 512;

/// What one append brings.
pub struct Fact {
    pub target: Target,
    pub events: Vec<Encoded>,
    pub claims: Vec<ClaimChange>,
}

/// Appends the facts that `make` makes of the numbers up to `count`, in no order, each as a command of `person`.
pub async fn append(
    journal: &Arc<dyn Journal>,
    organisation: OrganisationId,
    person: PersonId,
    count: usize,
    make: impl Fn(usize) -> Fact + Send + Sync + 'static,
) -> anyhow::Result<()> {
    let (next, make) = (Arc::new(AtomicUsize::new(0)), Arc::new(make));
    let mut workers = Vec::with_capacity(WORKERS);
    for _ in 0..WORKERS {
        let (journal, next, make) = (Arc::clone(journal), Arc::clone(&next), Arc::clone(&make));
        workers.push(tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return anyhow::Ok(());
                }
                one(&*journal, organisation, person, make(number)).await?;
            }
        }));
    }
    for worker in workers {
        worker.await.context("a seeding task ended badly")??;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark makes its own command ids")]
async fn one(journal: &dyn Journal, organisation: OrganisationId, person: PersonId, fact: Fact) -> anyhow::Result<()> {
    let Fact { target, events, claims } = fact;
    let (sender, receiver) = tokio::sync::oneshot::channel();
    journal.reserve().map_err(|busy| anyhow!(busy))?.submit(
        Append {
            organisation,
            command: CommandId(Uuid::now_v7()),
            person,
            meta: Arc::new(Meta::default()),
            writes: vec![Write { target, events }],
            claims,
            premise: Premise::default(),
            deadline: Instant::now() + Duration::from_secs(60),
        },
        Box::new(move |outcome| {
            // A seeding task that has gone away wants no answer.
            let _ = sender.send(outcome);
        }),
    );
    receiver.await.context("the journal dropped an append")?.map_err(|refusal| anyhow!(refusal))?;
    Ok(())
}
