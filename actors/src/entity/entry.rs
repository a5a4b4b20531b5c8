//! What other threads hold of an actor: its address, what it has published, and what it should know.
//! Not its state.

use std::any::Any;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use actix::dev::channel::channel;
use actix::prelude::*;
use arc_swap::{ArcSwapOption, Guard};
use domain::{OrganisationId, Position, StreamId, Version};
use tokio::sync::oneshot;

use super::{CatchUp, Entity, Landed, Look, Origin, Passivate};
use crate::ask::{Ask, Refused};
use crate::cluster::placement;
use crate::hosted::Hosted;
use crate::journal::{Receipt, Refusal};
use crate::registry::Live;
use crate::router::Router;

/// The committed state as readers on any thread see it.
pub(crate) struct Published<A: Hosted> {
    /// Nothing for a stream without events.
    pub organisation: Option<OrganisationId>,
    pub version: Version,
    pub position: Position,
    pub value: A::Published,
}

/// A live actor, seen from outside.
pub(crate) struct Entry<A: Hosted> {
    pub stream: StreamId,
    /// Sent to through this one address and never through a clone: actix grants every clone a place of its
    /// own in the mailbox, so that clones would make it unbounded.
    address: Addr<Entity<A>>,
    published: ArcSwapOption<Published<A>>,
    /// The newest version that is known to be in the log.
    heard: AtomicI64,
    /// There may be events that nobody told of.
    doubted: AtomicBool,
    /// The version that the actor's decisions lead to.
    pub(super) expected: AtomicI64,
    catching_up: AtomicBool,
    used: AtomicU64,
    weight: AtomicUsize,
    /// Answers of the journal that the actor has not seen; at most `uncommitted_max`.
    landed: Mutex<Vec<(u64, Result<Receipt, Refusal>)>>,
    landing: AtomicBool,
    closed: OnceLock<Refused>,
}

/// Why a message was not taken.
pub(crate) enum NotSent<M> {
    Full,
    /// The actor is gone.
    Closed(M),
}

impl<M> From<SendError<M>> for NotSent<M> {
    fn from(refused: SendError<M>) -> Self {
        match refused {
            // What is in it goes back to whoever sent it.
            SendError::Full(_) => Self::Full,
            SendError::Closed(message) => Self::Closed(message),
        }
    }
}

impl<A: Hosted> Entry<A> {
    /// Starts the actor of `stream` on its arbiter. Messages sent before it has its state wait.
    pub fn start(router: Arc<Router>, stream: StreamId, origin: Origin<A>) -> Arc<Self> {
        let (sender, receiver) = channel(router.settings.mailbox);
        let (published, version) = match &origin {
            Origin::Fold { published, .. } => (Some(published.clone()), published.version),
            Origin::Log => (None, 0),
        };
        let entry = Arc::new(Self {
            stream,
            address: Addr::new(sender),
            published: ArcSwapOption::new(published),
            heard: AtomicI64::new(0),
            doubted: AtomicBool::new(false),
            expected: AtomicI64::new(version),
            catching_up: AtomicBool::new(false),
            used: AtomicU64::new(router.uptime(std::time::Instant::now())),
            weight: AtomicUsize::new(0),
            landed: Mutex::default(),
            landing: AtomicBool::new(false),
            closed: OnceLock::new(),
        });
        let arbiter = router.arbiter(stream).clone();
        let actor = Entity::new(router, entry.clone(), origin);
        // On an arbiter that has stopped the receiver is dropped, and senders find the mailbox closed.
        arbiter.spawn_fn(move || {
            Context::with_receiver(receiver).run(actor);
        });
        entry
    }

    /// Asks the actor, unless its mailbox is full or it is gone.
    pub fn ask(&self, ask: Ask<A>) -> Result<(), NotSent<Ask<A>>> {
        self.address.try_send(ask).map_err(NotSent::from)
    }

    /// Asks the actor to publish at least the version `need`.
    pub fn look(&self, need: Version) -> Result<oneshot::Receiver<()>, NotSent<Look>> {
        let (done, answer) = oneshot::channel();
        self.address.try_send(Look { need, done }).map(|()| answer).map_err(NotSent::from)
    }

    /// Called by the journal's writer with what became of an append.
    pub(super) fn land(&self, number: u64, result: Result<Receipt, Refusal>) {
        self.landed.lock().unwrap_or_else(PoisonError::into_inner).push((number, result));
        if !self.landing.swap(true, Ordering::SeqCst) {
            self.wake();
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "an answer of the journal must not be lost to a full mailbox; there is at most one such message at a time, \
                  and at most `uncommitted_max` answers"
    )]
    fn wake(&self) {
        self.address.do_send(Landed);
    }

    /// What the journal has answered since the last call, in order.
    pub(super) fn take_landed(&self) -> Vec<(u64, Result<Receipt, Refusal>)> {
        // Cleared first: what lands from here on is either taken now or sends a message of its own.
        self.landing.store(false, Ordering::SeqCst);
        std::mem::take(&mut *self.landed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What readers are shown, once the actor has its state.
    pub fn published(&self) -> Guard<Option<Arc<Published<A>>>> {
        self.published.load()
    }

    pub(super) fn publish(&self, published: Arc<Published<A>>) {
        self.published.store(Some(published));
    }

    /// The newest version that is known to be in the log.
    pub fn heard_version(&self) -> Version {
        self.heard.load(Ordering::SeqCst)
    }

    /// Whether a reader who needs the version `need` must be shown more than `version`.
    pub fn is_behind(&self, version: Version, need: Version) -> bool {
        need > version || self.doubted.load(Ordering::SeqCst)
    }

    /// The log is about to be read.
    pub(super) fn trust(&self) {
        self.doubted.store(false, Ordering::SeqCst);
    }

    pub(super) fn caught_up(&self) {
        self.catching_up.store(false, Ordering::SeqCst);
    }

    pub fn touch(&self, uptime: u64) {
        self.used.store(uptime, Ordering::Relaxed);
    }

    pub(super) fn used_at(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    pub(super) fn set_weight(&self, weight: usize) -> usize {
        self.weight.swap(weight, Ordering::Relaxed)
    }

    /// Says why the actor could not be opened.
    pub(super) fn close(&self, refused: Refused) {
        let _ = self.closed.set(refused);
    }

    /// Why the actor could not be opened, if it could not.
    pub fn closed(&self) -> Option<Refused> {
        self.closed.get().cloned()
    }
}

impl<A: Hosted> Live for Entry<A> {
    fn stream(&self) -> StreamId {
        self.stream
    }

    fn slice(&self) -> Option<u16> {
        let organisation = self.published.load().as_ref()?.organisation?;
        Some(placement::slice(organisation, self.stream))
    }

    fn heard(&self, version: Version) {
        self.heard.fetch_max(version, Ordering::SeqCst);
        if version > self.expected.load(Ordering::SeqCst) && !self.catching_up.swap(true, Ordering::SeqCst) {
            // With a full mailbox the next reader finds that more was heard than is published, and the next
            // command that its version is taken: both make the actor read the log.
            if self.address.try_send(CatchUp).is_err() {
                self.caught_up();
            }
        }
    }

    fn doubt(&self) {
        self.doubted.store(true, Ordering::SeqCst);
    }

    fn used(&self) -> u64 {
        self.used_at()
    }

    fn is_empty(&self) -> bool {
        self.published.load().as_ref().is_some_and(|published| published.version == 0)
    }

    fn weight(&self) -> usize {
        self.weight.load(Ordering::Relaxed)
    }

    fn passivate(&self, cutoff: u64, keep: Option<Version>) -> oneshot::Receiver<bool> {
        let (went, answer) = oneshot::channel();
        // A full mailbox drops the message, and the receiver learns that the sender is gone.
        let _ = self.address.try_send(Passivate { cutoff, keep, went });
        answer
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
