//! What the parts of a node's share in the cluster have in common: the bus, the names of subjects, and how things
//! stand. Not what is said (see [`super::envelope`]).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use arc_swap::ArcSwap;
use bytes::Bytes;
use tokio::sync::watch;

use super::bus::{Bus, Unsent};
use super::member::{Boot, Member, State};
use super::membership::Membership;
use super::metrics;
use super::transport::Transport;
use super::view::View;

/// The names of the subjects of one cluster.
#[derive(Clone, Debug)]
pub(crate) struct Subjects(String);

impl Subjects {
    pub fn new(cluster: &str) -> Self {
        Self(cluster.to_owned())
    }

    /// What a server must allow a node to publish and subscribe to.
    pub fn all(&self) -> String {
        format!("{}.>", self.0)
    }

    /// What nodes say of themselves.
    pub fn members(&self) -> String {
        format!("{}.member", self.0)
    }

    /// Asks everybody to say it now.
    pub fn hello(&self) -> String {
        format!("{}.hello", self.0)
    }

    /// Heads of the log.
    pub fn heads(&self) -> String {
        format!("{}.head", self.0)
    }

    /// Questions for one node's actors.
    pub fn node(&self, boot: Boot) -> String {
        format!("{}.node.{boot}", self.0)
    }

    /// An answer to one node's question of this number, or with `*` all of them.
    pub fn reply(&self, boot: Boot, number: impl std::fmt::Display) -> String {
        format!("{}.reply.{boot}.{number}", self.0)
    }

    /// What is said to whoever listens, and may be lost.
    pub fn whispers(&self, topic: &str) -> String {
        format!("{}.whisper.{topic}", self.0)
    }

    /// What people ask of one node.
    pub fn control(&self, boot: Boot) -> String {
        format!("{}.control.{boot}", self.0)
    }

    /// For a node to speak to itself.
    pub fn probe(&self, boot: Boot) -> String {
        format!("{}.probe.{boot}", self.0)
    }
}

pub(crate) struct Shared {
    pub bus: Arc<dyn Bus>,
    pub subjects: Subjects,
    pub boot: Boot,
    /// The newest version of messages that this node speaks.
    pub protocol_max: u16,
    members: Mutex<Membership>,
    current: ArcSwap<View>,
    view: watch::Sender<Arc<View>>,
    pub transport: Transport,
}

impl Shared {
    pub fn new(bus: Arc<dyn Bus>, subjects: Subjects, me: Member) -> Self {
        let (boot, protocol_max) = (me.boot, me.protocols.1);
        let members = Membership::new(me, Instant::now());
        let view = Arc::new(members.view());
        Self {
            bus,
            subjects,
            boot,
            protocol_max,
            members: Mutex::new(members),
            current: ArcSwap::new(view.clone()),
            view: watch::Sender::new(view),
            transport: Transport::default(),
        }
    }

    /// How things stand now.
    pub fn view(&self) -> Arc<View> {
        self.current.load_full()
    }

    pub fn watch(&self) -> watch::Receiver<Arc<View>> {
        self.view.subscribe()
    }

    /// Changes what is known; where that makes a difference, everybody who looks is shown it.
    pub fn change<T>(&self, change: impl FnOnce(&mut Membership, Instant) -> (T, bool)) -> T {
        let mut members = self.lock();
        let (outcome, changed) = change(&mut members, Instant::now());
        if changed {
            let view = Arc::new(members.view());
            metrics::view(&view);
            self.current.store(view.clone());
            // Under the lock, so that nobody is left with an older one.
            self.view.send_replace(view);
        }
        outcome
    }

    /// Looks at what is known.
    pub fn known<T>(&self, look: impl FnOnce(&Membership) -> T) -> T {
        look(&self.lock())
    }

    /// Changes what are single assignments and map operations: a panic under the lock leaves them whole.
    fn lock(&self) -> MutexGuard<'_, Membership> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody is there where a node was.
    pub fn gone(&self, member: &Member) {
        if self.change(|members, _| (members.left(member.boot), true)) {
            tracing::info!(peer = member.name, "a node is gone");
        }
    }

    /// A node gave no sign of life.
    pub fn suspect(&self, member: &Member) {
        let news = self.change(|members, now| {
            let news = members.suspect(member.boot, now);
            (news, news)
        });
        if news {
            tracing::warn!(peer = member.name, "a node gives no sign of life; it is passed over");
            metrics::suspected();
        }
    }

    /// What this node is at, for itself and for all others.
    pub async fn set_state(&self, state: State) {
        let news = self.change(|members, _| {
            let news = std::mem::replace(&mut members.me_mut().state, state) != state;
            (news, news)
        });
        if news {
            tracing::info!(state = state.name(), "this node in the cluster");
            self.say().await;
        }
    }

    /// Tells everybody how this node is.
    pub async fn say(&self) {
        let record = self.known(|members| members.me().encode());
        match self.bus.publish(self.subjects.members(), None, Bytes::from(record)).await {
            Ok(()) | Err(Unsent::Disconnected) => {}
            Err(error) => tracing::warn!(%error, "the other nodes cannot be told of this one"),
        }
    }
}
