//! Follows the log for the streams of this node, by a cursor of its own that is stored nowhere: where nobody listens it only moves
//! on. What a page says is found by [`super::read`]; who is told of it, by the hub.

use std::sync::{Arc, Weak};
use std::time::Duration;

use projections::feed::{Feed, Head};
use tokio_util::sync::CancellationToken;

use super::entry::Place;
use super::hub::Hub;
use super::inboxes::Inboxes;
use super::notified::Notified;
use super::presence::Presence;
use super::queries::Queries;
use super::read;
use crate::node::Node;

/// Events of a page.
const PAGE: usize = 500;
/// How often is looked although nobody told of a new head: absences begin and end by the clock.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(200);

pub struct Follower {
    pub node: Weak<Node>,
    pub hub: Arc<Hub>,
    pub feed: Feed,
    pub inboxes: Arc<Inboxes>,
    pub notified: Arc<Notified>,
    pub presence: Arc<Presence>,
    pub queries: Arc<Queries>,
}

impl Follower {
    pub async fn run(mut self, shutdown: CancellationToken) {
        loop {
            let place = self.hub.place();
            let seen = Head { incarnation: place.incarnation, position: place.position };
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.feed.wait(seen, LOOK_EVERY) => {}
            }
            let Some(node) = self.node.upgrade() else { return };
            let told = self.feed.told();
            let head = Place { incarnation: told.incarnation, position: told.position };
            if head.incarnation != place.incarnation {
                self.hub.replace(head);
                continue;
            }
            if self.hub.is_idle_at(head) {
                continue;
            }
            let stepped = tokio::select! {
                () = shutdown.cancelled() => return,
                stepped = self.step(&node, place, head) => stepped,
            };
            if let Err(error) = stepped {
                tracing::warn!(error = format!("{error:#}"), "streams are not told of what happens just now; it is tried again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn step(&self, node: &Node, place: Place, head: Place) -> anyhow::Result<()> {
        let batch = self.feed.read(place.position, head.position.max(place.position), PAGE).await?;
        // What the page changed of people and rights must count before anybody is told of it.
        let (directory, _) = node.world.at_least(batch.upto).await?;
        let page = read::page(node, &batch.events, batch.upto, self.hub.organisations()).await?;
        let judged = self.hub.judge(&directory, node.journal.now());
        // Where nobody was told the page is read again, for everybody who is here by then.
        let told = self.hub.tell(&page).unwrap_or_default();
        self.presence.forget(&judged.inboxes, &self.hub);
        self.presence.take_from(&told.lost, &self.hub);
        self.queries.touched(page.tasks.iter().copied(), judged.inboxes.iter().copied(), batch.upto);
        self.queries.changed(page.filters.iter().copied(), batch.upto);
        if let Some(first) = page.first {
            self.notified.may_differ(page.acted.iter().copied(), (first - 1, batch.upto));
        }
        self.inboxes.may_differ(judged.inboxes.into_iter().chain(told.inboxes), batch.upto);
        Ok(())
    }
}
