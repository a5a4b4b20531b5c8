//! How much is in the inboxes of those who have streams, told when it is news: counted for many people at once, after what was told
//! of tasks, so that nobody waits for a number.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use domain::{OrganisationId, PersonId, Position};
use projections::View;
use projections::views::inbox::counts::{Whose, counts};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::hub::Hub;
use crate::node::Node;

/// People whose inboxes one query counts.
const AT_ONCE: usize = 500;
const WAIT_MAX: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(200);

/// Whose inbox may be another than they were told.
#[derive(Default)]
pub struct Inboxes {
    waiting: Mutex<(BTreeSet<(OrganisationId, PersonId)>, Position)>,
    wake: Notify,
}

impl Inboxes {
    /// Since `position`.
    pub fn may_differ(&self, people: impl IntoIterator<Item = (OrganisationId, PersonId)>, position: Position) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.0.extend(people);
        if waiting.0.is_empty() {
            return;
        }
        waiting.1 = waiting.1.max(position);
        self.wake.notify_one();
    }

    fn take(&self) -> (BTreeSet<(OrganisationId, PersonId)>, Position) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = waiting.0.iter().nth(AT_ONCE).copied();
        let later = rest.map(|rest| waiting.0.split_off(&rest)).unwrap_or_default();
        let now = std::mem::replace(&mut waiting.0, later);
        if !waiting.0.is_empty() {
            self.wake.notify_one();
        }
        (now, waiting.1)
    }
}

/// Counts and tells, until `shutdown`.
pub async fn run(inboxes: Arc<Inboxes>, node: Weak<Node>, hub: Arc<Hub>, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = inboxes.wake.notified() => {}
        }
        let (people, position) = inboxes.take();
        let Some(node) = node.upgrade() else { return };
        let counted = tokio::select! {
            () = shutdown.cancelled() => return,
            counted = count(&node, &hub, &people, position) => counted,
        };
        if let Err(error) = counted {
            tracing::warn!(error = format!("{error:#}"), "inboxes could not be counted just now; it is tried again");
            tokio::time::sleep(PAUSE).await;
            inboxes.may_differ(people, position);
        }
    }
}

async fn count(node: &Node, hub: &Hub, people: &BTreeSet<(OrganisationId, PersonId)>, position: Position) -> anyhow::Result<()> {
    let whose = hub.whose(people);
    if whose.is_empty() {
        return Ok(());
    }
    let generation = node.projections.caught_up(View::Inbox, position, WAIT_MAX).await?;
    let asked: Vec<Whose> =
        whose.iter().map(|(organisation, principals)| Whose { organisation: *organisation, principals: principals.clone() }).collect();
    let (counts, position) = counts(&node.pool, &generation, &asked, node.journal.now()).await?;
    hub.tell_inboxes(&whose, &counts, position);
    Ok(())
}
