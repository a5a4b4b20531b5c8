//! The live stream: everybody is told what happens to what they see, at once, in the order of the log, and without gaps: whoever
//! comes back after a position is told what lies between. Over SSE and WebSocket (`gateway/src/routes/live/`).
//!
//! Reading order: an [`entry`] is what is told; [`moments`] and [`read`] make a page of the log into what it says; a [`crowd`] knows
//! who hears of what; the [`hub`] brings them together, driven by the [`follower`]; a [`reader`] is the other end.

pub mod crowd;
pub mod entry;
pub mod follower;
pub mod hub;
pub mod inboxes;
pub mod metrics;
pub mod moments;
pub mod notified;
pub mod presence;
pub mod queries;
pub mod read;
pub mod reader;
pub mod shown;
pub mod standing;
pub mod stream;
pub mod words;

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use projections::Wake;
use projections::feed::Feed;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config;
use crate::node::Node;
use entry::Place;
use follower::Follower;
use hub::Hub;
use inboxes::Inboxes;
use notified::Notified;
use words::Ears;

/// How often sessions and tokens behind streams are looked at in the database.
const LOOK_AFTER_EVERY: Duration = Duration::from_secs(10);

/// The live streams of a node.
pub struct Live {
    pub hub: Arc<Hub>,
    pub inboxes: Arc<Inboxes>,
    pub notified: Arc<Notified>,
    pub ears: Ears,
    wake: Wake,
    beat_every: Duration,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Live {
    /// `place`: the end of the log.
    pub fn new(settings: &config::Live, wake: Wake, place: Place) -> Self {
        let hub = Hub::new(place, settings.buffer_entries, settings.streams_per_person);
        Self {
            ears: Ears { hub: hub.clone(), presence: Arc::default(), queries: Arc::default() },
            hub,
            inboxes: Arc::default(),
            notified: Arc::default(),
            wake,
            beat_every: Duration::from_secs(settings.beat_seconds),
            tasks: Mutex::default(),
        }
    }

    /// Follows the log from now on, until `shutdown`.
    pub fn start(&self, node: &Arc<Node>, shutdown: &CancellationToken) {
        let weak = || Arc::downgrade(node);
        let feed = Feed::new(node.pool.clone(), &read::KINDS, self.wake.clone());
        let (presence, queries) = (self.ears.presence.clone(), self.ears.queries.clone());
        let (hub, inboxes, notified) = (self.hub.clone(), self.inboxes.clone(), self.notified.clone());
        let follower = Follower { node: weak(), hub, feed, inboxes, notified, presence: presence.clone(), queries: queries.clone() };
        let mut tasks = vec![
            tokio::spawn(follower.run(shutdown.clone())),
            tokio::spawn(notified::run(self.notified.clone(), weak(), self.hub.clone(), shutdown.clone())),
            tokio::spawn(inboxes::run(self.inboxes.clone(), weak(), self.hub.clone(), shutdown.clone())),
            tokio::spawn(beat(self.hub.clone(), self.beat_every, shutdown.clone())),
            tokio::spawn(look_after(weak(), self.hub.clone(), shutdown.clone())),
            tokio::spawn(presence::run(presence, weak(), self.hub.clone(), shutdown.clone())),
            tokio::spawn(queries::run(queries, weak(), self.hub.clone(), shutdown.clone())),
        ];
        if node.settings.nats.url.is_some() {
            tasks.push(tokio::spawn(words::hear(weak(), self.ears.clone(), shutdown.clone())));
        }
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).extend(tasks);
    }

    /// Sends everybody away, to other nodes.
    pub fn drain(&self) {
        self.hub.drain();
    }

    /// Waits for what `start` began to end, once its `shutdown` was called for.
    pub async fn stopped(&self) {
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the live streams ended in a panic");
            }
        }
    }
}

async fn beat(hub: Arc<Hub>, every: Duration, shutdown: CancellationToken) {
    let mut beats = tokio::time::interval(every);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = beats.tick() => hub.beat(),
        }
    }
}

/// Ends streams whose session or token has ended without the log saying so.
async fn look_after(node: Weak<Node>, hub: Arc<Hub>, shutdown: CancellationToken) {
    let mut looks = tokio::time::interval(LOOK_AFTER_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = looks.tick() => {}
        }
        let Some(node) = node.upgrade() else { return };
        let (standings, next) = hub.standings();
        if standings.is_empty() {
            continue;
        }
        let looked = tokio::select! {
            () = shutdown.cancelled() => return,
            looked = standing::look(&node.pool, &node.sessions, &standings) => looked,
        };
        match looked {
            Ok(known) => hub.renew(&known, next, &node.world.latest(), node.journal.now()),
            Err(error) => tracing::warn!(%error, "sessions behind live streams could not be looked at"),
        }
    }
}
