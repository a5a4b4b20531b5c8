//! What people are notified of, told to their streams: how much is unread, and what is the newest. Looked up for many people at once,
//! after what was told of tasks. Who is notified, and why, is the view's (`projections/src/notify/`).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use domain::{OrganisationId, PersonId, Position};
use projections::View;
use projections::views::notifications::{stand, told_between};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::hub::Hub;
use crate::node::Node;

/// People whose notifications one query counts.
const AT_ONCE: usize = 500;
const WAIT_MAX: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(200);

/// What may have told somebody of something.
#[derive(Default)]
pub struct Notified {
    waiting: Mutex<Option<Waiting>>,
    wake: Notify,
}

#[derive(Clone, Default)]
struct Waiting {
    /// Who is looked at in any case.
    people: BTreeSet<(OrganisationId, PersonId)>,
    /// Whoever was told between these.
    after: Position,
    upto: Position,
}

impl Notified {
    /// Requests whose first fact lies after `after`, and whose last lies at `upto` or before; and what `people` did with what they had
    /// been told.
    pub fn may_differ(&self, people: impl IntoIterator<Item = (OrganisationId, PersonId)>, (after, upto): (Position, Position)) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let known = waiting.get_or_insert_with(|| Waiting { people: BTreeSet::new(), after, upto });
        known.people.extend(people);
        known.after = known.after.min(after);
        known.upto = known.upto.max(upto);
        self.wake.notify_one();
    }

    fn take(&self) -> Option<Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Looks and tells, until `shutdown`.
pub async fn run(notified: Arc<Notified>, node: Weak<Node>, hub: Arc<Hub>, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = notified.wake.notified() => {}
        }
        let Some(waiting) = notified.take() else { continue };
        let Some(node) = node.upgrade() else { return };
        let told = tokio::select! {
            () = shutdown.cancelled() => return,
            told = tell(&node, &hub, waiting.clone()) => told,
        };
        if let Err(error) = told {
            tracing::warn!(error = format!("{error:#}"), "streams are not told of notifications just now; it is tried again");
            tokio::time::sleep(PAUSE).await;
            notified.may_differ(waiting.people, (waiting.after, waiting.upto));
        }
    }
}

async fn tell(node: &Node, hub: &Hub, waiting: Waiting) -> anyhow::Result<()> {
    let organisations: Vec<OrganisationId> = hub.organisations().into_iter().collect();
    if organisations.is_empty() {
        return Ok(());
    }
    let generation = node.projections.caught_up(View::Notifications, waiting.upto, WAIT_MAX).await?;
    let mut people = waiting.people;
    if waiting.after < waiting.upto {
        people.extend(told_between(&node.pool, &generation, &organisations, (waiting.after, waiting.upto)).await?);
    }
    let people: Vec<_> = people.into_iter().filter(|(organisation, person)| hub.is_there(*organisation, *person)).collect();
    for some in people.chunks(AT_ONCE) {
        let (stands, position) = stand(&node.pool, &generation, some).await?;
        hub.tell_notified(&stands, position);
    }
    Ok(())
}
