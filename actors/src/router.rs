//! From a stream to its actor: the one that lives here, or a fresh one. Not what is asked of it (see
//! [`crate::execute`]), nor who owns the stream (see [`crate::cluster`]).

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use actix_rt::ArbiterHandle;
use domain::{OrganisationId, Position, StreamId};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::timeout_at;

use crate::ask::Refused;
use crate::cluster::shared::Shared;
use crate::entity::{Entry, Origin};
use crate::fresh::Fresh;
use crate::hosted::{Hosted, Surroundings, organisation_of};
use crate::journal::Journal;
use crate::registry::{Live, Registry};
use crate::settings::Settings;

/// How long a read waits for the position that it asked for.
const BEHIND_MAX: Duration = Duration::from_secs(1);

/// What the actors of one node share.
pub(crate) struct Router {
    pub journal: Arc<dyn Journal>,
    pub surroundings: Arc<dyn Surroundings>,
    pub settings: Settings,
    pub registry: Registry,
    arbiters: Vec<ArbiterHandle>,
    /// Actors that may read the log at the same time.
    pub activations: Semaphore,
    /// Snapshots that may be written at the same time.
    pub snapshots: Arc<Semaphore>,
    started: Instant,
    draining: AtomicBool,
    underway: AtomicUsize,
    left: Notify,
    /// The position whose event the tail is telling the actors of, or has told them of.
    pub tailing: AtomicI64,
    /// Every actor has been told of all events up to here.
    pub tailed: watch::Sender<Position>,
    /// The live actors hold more bytes than they may.
    pub crowded: Notify,
    pub fresh: Fresh,
    /// The other nodes, once this one has joined them.
    cluster: OnceLock<Arc<Shared>>,
}

impl Router {
    pub fn new(
        journal: Arc<dyn Journal>,
        surroundings: Arc<dyn Surroundings>,
        settings: Settings,
        arbiters: Vec<ArbiterHandle>,
        head: Position,
    ) -> Self {
        Self {
            surroundings,
            registry: Registry::new(),
            arbiters,
            activations: Semaphore::new(settings.activations_max),
            snapshots: Arc::new(Semaphore::new(settings.snapshots_max)),
            started: Instant::now(),
            draining: AtomicBool::new(false),
            underway: AtomicUsize::new(0),
            left: Notify::new(),
            tailing: AtomicI64::new(head),
            tailed: watch::Sender::new(head),
            crowded: Notify::new(),
            fresh: Fresh::start(journal.clone()),
            cluster: OnceLock::new(),
            journal,
            settings,
        }
    }

    /// From now on there are others.
    pub fn join(&self, cluster: Arc<Shared>) {
        let _ = self.cluster.set(cluster);
    }

    /// The other nodes; nothing for a node that is alone.
    pub fn cluster(&self) -> Option<&Arc<Shared>> {
        self.cluster.get()
    }

    /// Waits until this node knows all that the log held when it was called: what others have written, and the directory.
    pub async fn catch_up(&self) -> Result<(), Refused> {
        let behind = || Refused::Unavailable("this node has not seen the end of the log yet".into());
        let head = self.fresh.head().await.ok_or_else(behind)?;
        self.wait_for(head.position, tokio::time::Instant::now() + BEHIND_MAX).await?;
        self.surroundings.caught_up(head.position).await.map_err(|stale| Refused::Unavailable(stale.to_string().into()))
    }

    /// Waits until every actor has been told of all events up to `position`, a second at most.
    pub async fn wait_for(&self, position: Position, deadline: tokio::time::Instant) -> Result<(), Refused> {
        let mut tailed = self.tailed.subscribe();
        if *tailed.borrow_and_update() >= position {
            return Ok(());
        }
        let until = deadline.min(tokio::time::Instant::now() + BEHIND_MAX);
        match timeout_at(until, tailed.wait_for(|tailed| *tailed >= position)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Refused::Unavailable("this node has not seen that position yet".into())),
        }
    }

    /// The live actor of `stream`, if it lives here.
    pub fn live<A: Hosted>(&self, stream: StreamId) -> Option<Arc<Entry<A>>> {
        self.registry.get(stream).and_then(Self::of_kind)
    }

    /// The actor of `stream`; a fresh one reads the log before its first message.
    pub fn entry<A: Hosted>(self: &Arc<Self>, stream: StreamId) -> Option<Arc<Entry<A>>> {
        Self::of_kind(self.registry.get_or_start(stream, || Entry::<A>::start(self.clone(), stream, Origin::Log)))
    }

    /// Nothing when the stream is of another kind than `A`.
    fn of_kind<A: Hosted>(live: Arc<dyn Live>) -> Option<Arc<Entry<A>>> {
        live.into_any().downcast().ok()
    }

    /// The arbiter that runs the actor of `stream`.
    pub fn arbiter(&self, stream: StreamId) -> &ArbiterHandle {
        &self.arbiters[Registry::spread(stream) / 64 % self.arbiters.len()]
    }

    /// Milliseconds since the node started.
    pub fn uptime(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.started).as_millis()).unwrap_or(u64::MAX)
    }

    /// The directory of an organisation and the position it is true at.
    pub fn directory(&self, organisation: OrganisationId) -> Result<(Arc<domain::directory::OrganisationDirectory>, Position), Refused> {
        match self.surroundings.directory() {
            Ok((directory, basis)) => Ok((organisation_of(&directory, organisation), basis)),
            Err(stale) => Err(Refused::Unavailable(stale.to_string().into())),
        }
    }

    /// Lets a command or a read in, unless the node is stopping; it counts as under way until the guard is dropped.
    pub fn enter(&self) -> Result<Underway<'_>, Refused> {
        let underway = Underway::new(self);
        if self.draining.load(Ordering::SeqCst) { Err(Refused::Unavailable("the node is stopping".into())) } else { Ok(underway) }
    }

    /// Lets nothing more in.
    pub fn close(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Waits until nothing is under way any more; of use only once closed.
    pub async fn quiet(&self) {
        loop {
            let left = self.left.notified();
            if self.underway.load(Ordering::SeqCst) == 0 {
                return;
            }
            left.await;
        }
    }

    pub fn underway(&self) -> usize {
        self.underway.load(Ordering::SeqCst)
    }
}

/// Something that a caller waits for.
pub(crate) struct Underway<'a>(&'a Router);

impl<'a> Underway<'a> {
    fn new(router: &'a Router) -> Self {
        router.underway.fetch_add(1, Ordering::SeqCst);
        Self(router)
    }
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        if self.0.underway.fetch_sub(1, Ordering::SeqCst) == 1 && self.0.draining.load(Ordering::SeqCst) {
            self.0.left.notify_waiters();
        }
    }
}
