//! This node among the others: the connection to NATS as it is configured, what the cluster is told of the node, and
//! what follows when somebody asks it to drain or to stop. How nodes find and ask each other is `actors`'.

use std::sync::{Arc, Weak};
use std::time::Duration;

use actix_web::web;
use actors::cluster::bus::Bus;
use actors::cluster::nats::{self, NatsBus, SignIn};
use actors::cluster::{Around, Boot, Cluster, Hosts, Order, Report, Settings as Membership};
use anyhow::Context as _;
use domain::account::Account;
use domain::announcement::Announcement;
use domain::article::Article;
use domain::award::Award;
use domain::catalog::Catalog;
use domain::inbox::Inbox;
use domain::list::List;
use domain::organisation::Organisation;
use domain::person::Person;
use domain::role::Role;
use domain::task::Task;
use jiff::Timestamp;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::{NoContext, Uuid};

use crate::config::Settings;
use crate::node::Node;
use crate::routes::search::Aside;

/// A statement that the database has not answered for so long: others do better without this node.
const STALLED_MAX: Duration = Duration::from_millis(1_500);
/// How long actors may take to go.
const HAND_OVER_MAX: Duration = Duration::from_secs(10);
/// Orders that wait to be obeyed; the last of them counts.
const ORDERS_MAX: usize = 16;

/// A node's place in the cluster, and the thread that its messages run on.
pub struct Joined {
    pub cluster: Cluster,
    runtime: Option<Runtime>,
}

impl Joined {
    /// Connects to NATS and joins the others.
    ///
    /// # Errors
    /// When NATS refuses this node, or the others do.
    pub async fn join(node: &web::Data<Node>, shutdown: CancellationToken) -> anyhow::Result<Self> {
        // A thread of its own: what the other nodes ask is answered also while this one is busy with something else.
        let threads = Builder::new_multi_thread().worker_threads(1).thread_name("cluster").enable_all().build().context("a thread")?;
        match Self::join_on(&threads, node, shutdown).await {
            Ok(cluster) => Ok(Self { cluster, runtime: Some(threads) }),
            Err(failure) => {
                threads.shutdown_background();
                Err(failure)
            }
        }
    }

    async fn join_on(threads: &Runtime, node: &web::Data<Node>, shutdown: CancellationToken) -> anyhow::Result<Cluster> {
        let settings = &node.settings;
        let bus = connect_on(threads, settings, node.boot).await?;
        let (orders, obeying) = mpsc::channel(ORDERS_MAX);
        let around = NodeAround { node: Arc::downgrade(&node.clone().into_inner()), orders };
        let membership = Membership {
            cluster: settings.cluster.name.clone(),
            name: settings.node_name(),
            boot: node.boot,
            roles: settings.node.roles,
            weight: settings.node.weight,
            protocol_max: settings.cluster.protocol_max,
            build: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let hosts = Hosts::default()
            .with::<Task>()
            .with::<Person>()
            .with::<Organisation>()
            .with::<Role>()
            .with::<List>()
            .with::<Announcement>()
            .with::<domain::form::Form>()
            .with::<domain::department::Department>()
            .with::<Account>()
            .with::<Article>()
            .with::<Award>()
            .with::<domain::file::File>()
            .with::<Inbox>()
            .with::<domain::filter::Filter>()
            .aside(Arc::new(Aside(Arc::downgrade(&node.clone().into_inner()))))
            .with::<Catalog>();
        let cluster = Cluster::join(&node.system, bus, membership, hosts, Arc::new(around), threads.handle()).await?;
        tokio::spawn(obey(Arc::downgrade(&node.clone().into_inner()), cluster.clone(), obeying, shutdown));
        Ok(cluster)
    }

    /// Hands everything over to the others, as far as that is possible in a moment.
    pub async fn drain(&self) {
        self.cluster.drain();
        if let Err(left) = self.cluster.handed_over(HAND_OVER_MAX).await {
            tracing::warn!(actors = left, "some were still busy when this node went; others open them from the log");
        }
    }

    /// Says good-bye.
    pub async fn leave(mut self) {
        self.cluster.leave().await;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        // A runtime that waits for its threads must not be dropped on an async one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The connection that the settings describe, whose work is done on `threads`.
///
/// # Errors
/// When NATS refuses this node.
pub async fn connect_on(threads: &Runtime, settings: &Settings, boot: Boot) -> anyhow::Result<Arc<dyn Bus>> {
    let (nats, cluster) = (nats_settings(settings)?, settings.cluster.name.clone());
    let connecting = async move {
        let bus = NatsBus::connect(&nats).await?;
        bus.probe(&cluster, boot).await?;
        anyhow::Ok(bus)
    };
    let bus = threads.spawn(connecting).await.context("the connection to NATS")??;
    Ok(Arc::new(bus))
}

fn nats_settings(settings: &Settings) -> anyhow::Result<nats::Settings> {
    let nats = &settings.nats;
    let sign_in = match (&nats.credentials_file, &nats.nkey, &nats.token, &nats.user) {
        (Some(file), None, None, None) => SignIn::Credentials(file.clone()),
        (None, Some(seed), None, None) => SignIn::Nkey(seed.clone()),
        (None, None, Some(token), None) => SignIn::Token(token.clone()),
        (None, None, None, Some(user)) => SignIn::Password { user: user.clone(), password: nats.password.clone().unwrap_or_default() },
        (None, None, None, None) => SignIn::Nothing,
        _ => anyhow::bail!("one way to sign in to NATS at most: nats.user, nats.token, nats.nkey or nats.credentials_file"),
    };
    let tls_certificate = match (&nats.tls_certificate_file, &nats.tls_key_file) {
        (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
        (None, None) => None,
        _ => anyhow::bail!("nats.tls_certificate_file and nats.tls_key_file go together"),
    };
    Ok(nats::Settings {
        urls: nats.url.clone().unwrap_or_default(),
        name: format!("nashi {}", settings.node_name()),
        sign_in,
        tls_authority_file: nats.tls_authority_file.clone(),
        tls_certificate,
    })
}

/// A new life of a node, in the order of the log's clock: what the machine's own says does not matter.
pub fn boot(now: Timestamp) -> Boot {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
    Boot(Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanoseconds)))
}

/// The node as the cluster sees it. It does not keep the node alive.
struct NodeAround {
    node: Weak<Node>,
    orders: mpsc::Sender<Order>,
}

impl Around for NodeAround {
    fn fit(&self) -> bool {
        self.node.upgrade().is_some_and(|node| {
            node.journal.health().is_ok() && node.journal.stalled() < STALLED_MAX && node.world.reason_against().is_none()
        })
    }

    fn report(&self) -> Report {
        self.node.upgrade().map(|node| node.report()).unwrap_or_default()
    }

    fn order(&self, order: Order) {
        // A node that was given so many orders has enough to do.
        let _ = self.orders.try_send(order);
    }
}

impl Node {
    /// What people want to know of this self.
    pub fn report(&self) -> Report {
        let begun = self.boot.0.get_timestamp().map(|timestamp| timestamp.to_unix().0).unwrap_or_default();
        let uptime_seconds = u64::try_from(self.journal.now().as_second()).unwrap_or_default().saturating_sub(begun);
        let milliseconds = |behind: Duration| u64::try_from(behind.as_millis()).unwrap_or(u64::MAX);
        let views = self.projections.progress();
        let behind = views.iter().filter_map(|view| Some((view.generation.view.to_owned(), milliseconds(view.behind()?))));
        Report {
            http: self.settings.http.address.to_string(),
            actors: self.system.live().actors,
            head: self.head().position,
            tailed: *self.system.tailed().borrow(),
            behind_ms: behind.chain([("directory_memory".to_owned(), milliseconds(self.world.behind()))]).collect(),
            leases: self.projections.held().iter().map(|lease| short(lease)).collect(),
            uptime_seconds,
        }
    }
}

/// A lease as people are shown it: without the shape of its view, which only programs tell apart.
fn short(lease: &str) -> String {
    let is_shape = |end: &str| end.len() == 16 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
    lease.rsplit_once('.').filter(|(_, end)| is_shape(end)).map_or(lease, |(name, _)| name).to_owned()
}

/// Does what people ask of this node.
async fn obey(node: Weak<Node>, cluster: Cluster, mut orders: mpsc::Receiver<Order>, shutdown: CancellationToken) {
    loop {
        let order = tokio::select! {
            () = shutdown.cancelled() => return,
            order = orders.recv() => order,
        };
        let (Some(order), Some(node)) = (order, node.upgrade()) else { return };
        match order {
            Order::Drain => {
                cluster.drain();
                node.projections.hand_over().await;
            }
            Order::Resume => {
                cluster.resume();
                node.projections.resume();
            }
            Order::Stop => node.health.ask_to_stop(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_life_has_the_higher_boot_whatever_the_machines_clock_says() {
        let at = |second| boot(Timestamp::from_second(second).unwrap());
        assert!(at(1_700_000_000) < at(1_700_000_001));
        assert_ne!(at(1_700_000_000), at(1_700_000_000));
    }

    #[test]
    fn a_lease_is_shown_without_its_shape() {
        assert_eq!(short("view.inbox.0123456789abcdef"), "view.inbox");
        assert_eq!(short("timers"), "timers");
        assert_eq!(short("mail.inbound"), "mail.inbound");
    }

    #[test]
    fn there_is_one_way_to_sign_in_to_nats() {
        let mut settings = Settings::defaults().unwrap();
        assert!(matches!(nats_settings(&settings).unwrap().sign_in, SignIn::Nothing));
        settings.nats.user = Some("nashi".to_owned());
        assert!(matches!(nats_settings(&settings).unwrap().sign_in, SignIn::Password { .. }));
        settings.nats.token = Some("t".into());
        assert!(nats_settings(&settings).is_err());
        settings.nats.user = None;
        assert!(matches!(nats_settings(&settings).unwrap().sign_in, SignIn::Token(_)));
        settings.nats.tls_key_file = Some("key.pem".into());
        assert!(nats_settings(&settings).is_err(), "a key without its certificate");
    }
}
