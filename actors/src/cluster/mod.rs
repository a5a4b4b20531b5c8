//! The nodes of an installation: who there is, who runs which actors, and how they are asked. Not the actors
//! themselves, and never a judge of who may write: that is the log, so that whatever is believed here for a while, by
//! however many nodes, nothing is written twice.
//!
//! Reading order: [`member`] is what a node says of itself, `membership` what the others make of it, [`placement`]
//! and [`view`] who owns what; `life` keeps that true. `remote` asks other nodes and `desk` answers them, by
//! `transport` in the words of [`envelope`]; `hand_over` lets actors go, `heads` tells of the log's end. [`nats`]
//! carries it all.

pub mod bus;
pub mod control;
pub mod envelope;
pub mod member;
pub mod memory;
pub mod nats;
pub mod placement;
pub mod view;

mod desk;
mod hand_over;
mod heads;
mod life;
mod membership;
mod metrics;
pub(crate) mod remote;
mod roles;
pub(crate) mod shared;
mod transport;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use thiserror::Error;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::AbortHandle;

pub use control::Order;
pub use desk::{Aside, Asked, Hosts};
pub use life::Around;
pub use member::{Boot, Member, Report, State};
pub use roles::{Role, Roles, UnknownRole};
pub use view::View;

use bus::{Bus, Delivery, Unsent};
use desk::Desk;
use envelope::PROTOCOLS;
use shared::{Shared, Subjects};

use crate::ask::Refused;
use crate::registry::Live;
use crate::router::Router;
use crate::system::System;

/// How long a newcomer listens before it takes part: everybody answers its question at once.
const LISTEN: Duration = Duration::from_millis(500);
/// Between two looks at whether the last actor has gone.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Who this node is among the others.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What every subject begins with.
    pub cluster: String,
    pub name: String,
    pub boot: Boot,
    pub roles: Roles,
    pub weight: u16,
    /// The newest version of messages that this node may speak; 0 for the newest that it knows.
    pub protocol_max: u16,
    pub build: String,
}

/// Why a node cannot take part.
#[derive(Debug, Error)]
pub enum JoinFailure {
    #[error("a node called `{name}` is a member of the cluster already (at {http}, boot {boot}); every node needs a name of its own")]
    NameTaken { name: String, http: String, boot: Boot },
    #[error("this build speaks versions {oldest} to {newest} of the messages between nodes, not {asked}")]
    Protocol { oldest: u16, newest: u16, asked: u16 },
    #[error("nothing can be heard of the other nodes")]
    Bus(#[from] Unsent),
}

/// This node's share in the cluster. Clones share it.
#[derive(Clone)]
pub struct Cluster {
    shared: Arc<Shared>,
    router: Arc<Router>,
    wanted: watch::Sender<State>,
    displaced: watch::Receiver<bool>,
    tasks: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Cluster {
    /// Joins: gets to know the others, then takes its share of the actors. The work is done on `runtime`, best one of its own.
    /// Without a connection it is alone, until there is one.
    ///
    /// # Errors
    /// See [`JoinFailure`].
    pub async fn join(
        system: &System,
        bus: Arc<dyn Bus>,
        settings: Settings,
        hosts: Hosts,
        around: Arc<dyn Around>,
        runtime: &Handle,
    ) -> Result<Self, JoinFailure> {
        let (oldest, newest) = PROTOCOLS;
        let protocol_max = if settings.protocol_max == 0 { newest } else { settings.protocol_max };
        if !(oldest..=newest).contains(&protocol_max) {
            return Err(JoinFailure::Protocol { oldest, newest, asked: protocol_max });
        }
        let me = Member {
            name: settings.name,
            boot: settings.boot,
            state: State::Joining,
            roles: settings.roles,
            weight: settings.weight,
            protocols: (oldest, protocol_max),
            build: settings.build,
            report: around.report(),
        };
        let shared = Arc::new(Shared::new(bus, Subjects::new(&settings.cluster), me));
        let cluster = Self {
            shared: shared.clone(),
            router: system.router(),
            wanted: watch::Sender::new(State::Joining),
            displaced: watch::channel(false).1,
            tasks: Arc::default(),
        };
        let joining = cluster.clone();
        let joined = runtime.spawn(async move { joining.enter(hosts, around).await }).await;
        match joined {
            Ok(joined) => joined,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }

    async fn enter(mut self, hosts: Hosts, around: Arc<dyn Around>) -> Result<Self, JoinFailure> {
        let (shared, router) = (self.shared.clone(), self.router.clone());
        let (bus, subjects) = (shared.bus.clone(), shared.subjects.clone());
        let (displaces, displaced) = watch::channel(false);
        self.displaced = displaced;
        let fit = Arc::new(AtomicBool::new(around.fit()));
        let desk = Arc::new(Desk::new(shared.clone(), router.clone(), hosts, fit.clone()));

        let words = bus.subscribe(subjects.members()).await?;
        let hellos = bus.subscribe(subjects.hello()).await?;
        let heads = bus.subscribe(subjects.heads()).await?;
        let mut questions = bus.subscribe(subjects.node(shared.boot)).await?;
        let mut answers = bus.subscribe(subjects.reply(shared.boot, "*")).await?;
        let mut orders = bus.subscribe(subjects.control(shared.boot)).await?;

        let receiving = shared.clone();
        self.run(async move {
            while let Some(answer) = answers.next().await {
                receiving.transport.take_in(&answer);
            }
        });
        self.run(async move {
            while let Some(question) = questions.next().await {
                desk.take_in(question);
            }
        });
        let (asked, replying) = (around.clone(), bus.clone());
        self.run(async move {
            while let Some(order) = orders.next().await {
                let read = serde_json::from_slice::<Order>(&order.payload);
                let answer = control::Answer { begun: read.is_ok() };
                if let Ok(order) = read {
                    tracing::info!(?order, "an order to this node");
                    asked.order(order);
                }
                if let Some(to) = order.reply {
                    // Whoever asked sees by the list of nodes what comes of it.
                    let _ = replying.publish(to, None, serde_json::to_vec(&answer).unwrap_or_default().into()).await;
                }
            }
        });
        self.run(life::hear(shared.clone(), displaces, words));
        self.run(life::answer(shared.clone(), around.clone(), hellos));
        self.run(life::connection(shared.clone()));
        self.run(heads::hear(router.clone(), heads));

        self.listen().await?;
        self.wanted.send_replace(State::Active);
        self.run(life::beat(shared.clone(), around.clone()));
        self.run(life::condition(shared.clone(), around, fit, self.wanted.subscribe(), self.displaced.clone()));
        self.run(heads::tell(router.clone(), shared.clone()));
        self.run(hand_over::watch(router.clone(), shared.clone(), shared.watch()));
        router.join(shared);
        Ok(self)
    }

    /// Gets to know the others.
    async fn listen(&self) -> Result<(), JoinFailure> {
        let shared = &self.shared;
        let _ = shared.bus.flush().await;
        shared.say().await;
        // Without a connection nobody answers, and none can be hurt.
        let _ = shared.bus.publish(shared.subjects.hello(), None, Bytes::new()).await;
        tokio::time::sleep(LISTEN).await;
        let taken = shared.known(|members| {
            let namesake = members.namesake()?;
            // Of two that begin at the same time, the earlier stays.
            let stays = namesake.state != State::Joining || namesake.boot < shared.boot;
            stays.then(|| (namesake.name.clone(), namesake.report.http.clone(), namesake.boot))
        });
        match taken {
            None => Ok(()),
            Some((name, http, boot)) => {
                self.say_good_bye().await;
                self.abort();
                Err(JoinFailure::NameTaken { name, http, boot })
            }
        }
    }

    fn run(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(tokio::spawn(task).abort_handle());
    }

    fn abort(&self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }

    /// How things stand now.
    pub fn view(&self) -> Arc<View> {
        self.shared.view()
    }

    /// How things stand, as they change.
    pub fn watch(&self) -> watch::Receiver<Arc<View>> {
        self.shared.watch()
    }

    /// Another node bears this one's name, and was started later.
    pub fn is_displaced(&self) -> bool {
        *self.displaced.borrow()
    }

    /// Whether this node hands its work over, or has.
    pub fn is_draining(&self) -> bool {
        *self.wanted.borrow() == State::Draining
    }

    /// Says something small to all nodes, this one among them: what may be lost, and is of no use a moment later.
    ///
    /// # Errors
    /// [`Unsent`] without a connection, or for more than a message holds.
    pub async fn whisper(&self, topic: &str, payload: Bytes) -> Result<(), Unsent> {
        self.shared.bus.publish(self.shared.subjects.whispers(topic), None, payload).await
    }

    /// What is whispered from now on.
    ///
    /// # Errors
    /// [`Unsent`] when it cannot be listened for.
    pub async fn overhear(&self, topic: &str) -> Result<BoxStream<'static, Delivery>, Unsent> {
        self.shared.bus.subscribe(self.shared.subjects.whispers(topic)).await
    }

    /// Asks another node for what is no actor's matter, such as an answer from an index of its own.
    ///
    /// # Errors
    /// As the node refuses; [`Refused::Unavailable`] where it does not answer.
    pub async fn ask_aside(&self, peer: &Arc<Member>, asked: Asked) -> Result<Bytes, Refused> {
        remote::aside(&self.router, &self.shared, peer, asked).await
    }

    /// Hands this node's actors over to the others. Returns at once; [`Cluster::handed_over`] waits.
    pub fn drain(&self) {
        self.wanted.send_replace(State::Draining);
    }

    /// Takes part again.
    pub fn resume(&self) {
        self.wanted.send_replace(State::Active);
    }

    /// Waits until no actor lives here that belongs elsewhere, at most for `within`. Tells whether that was so, and how
    /// many are left.
    pub async fn handed_over(&self, within: Duration) -> Result<(), usize> {
        let over = async {
            let mut look = tokio::time::interval(LOOK_EVERY);
            loop {
                look.tick().await;
                let view = self.shared.view();
                let settled = view.members()[0].state == *self.wanted.borrow();
                let strange = |live: &Arc<dyn Live>| hand_over::is_stranger(live.as_ref(), &view);
                if settled && !self.router.registry.all().iter().any(strange) {
                    return;
                }
            }
        };
        let ended = tokio::time::timeout(within, over).await;
        ended.map_err(|_| {
            let view = self.shared.view();
            let left: Vec<_> = self.router.registry.all().into_iter().filter(|live| hand_over::is_stranger(live.as_ref(), &view)).collect();
            if let Some(live) = left.first() {
                tracing::warn!(state = view.members()[0].state.name(), stream = %live.stream(), left = left.len(), "actors that do not go");
            }
            left.len()
        })
    }

    /// Says good-bye, and takes no further part.
    pub async fn leave(&self) {
        self.say_good_bye().await;
        self.abort();
    }

    async fn say_good_bye(&self) {
        self.shared.set_state(State::Gone).await;
        let _ = self.shared.bus.flush().await;
    }
}
