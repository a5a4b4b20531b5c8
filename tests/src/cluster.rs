//! Nodes of one cluster as processes, with everything around them that can fail: their NATS, their Postgres, the cables
//! to both, and nginx before them. It knows how to break each and how to mend it; when, is the test's to say.

use std::net::SocketAddr;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use sqlx::PgPool;
use tokio::task::JoinSet;

use crate::balancer::{Balancer, Balancing};
use crate::machine;
use crate::nats::{Access, Nats};
use crate::postgres::Postgres;
use crate::proxy::Proxy;
use crate::{Client, Installation, Serving};

/// What handing over to others may take.
const DRAIN_MAX: Duration = Duration::from_secs(60);

/// Nodes are called by these.
const NAMES: [&str; 3] = ["north", "east", "south"];

/// A cluster, running. Dropping it ends all of it.
pub struct Cluster {
    pub nginx: Balancer,
    pub nodes: Vec<Node>,
    pub nats: Nats,
    /// Dropped last: whoever uses it is gone by then.
    pub postgres: Postgres,
}

/// One `nashi serve` of it.
pub struct Node {
    pub name: &'static str,
    pub installation: Installation,
    /// Nothing while it is dead.
    serving: Option<Serving>,
    /// The cables that can be cut.
    pub to_nats: Proxy,
    pub to_postgres: Proxy,
}

impl Cluster {
    /// Starts three nodes at the same time on an empty database, and waits until all of them are ready.
    ///
    /// # Panics
    /// When any part of it does not start.
    pub async fn start() -> Self {
        let (postgres, nats) = tokio::join!(Postgres::start(), Nats::start(Access::Password));
        let mut nodes = Vec::new();
        for name in NAMES {
            nodes.push(Node::prepare(name, &postgres, &nats).await);
        }
        let nginx = Balancer::start(Balancing::Nginx, addresses(&nodes)).await;
        let mut starting = JoinSet::new();
        for mut node in nodes {
            starting.spawn(async move {
                node.serve().await;
                node
            });
        }
        let mut nodes = starting.join_all().await;
        nodes.sort_by_key(|node| NAMES.iter().position(|name| *name == node.name));
        Self { nginx, nodes, nats, postgres }
    }

    /// Waits until every node says that it is ready. Gives what the last of them said before it did, if that was anything else.
    ///
    /// # Panics
    /// When one does not.
    pub async fn healthy(&self) -> Option<String> {
        let mut said = None;
        for node in &self.nodes {
            said = node.ready().await.map(|said| format!("{}: {said}", node.name)).or(said);
        }
        said
    }

    /// Strangers' clients: one a node, and one for nginx.
    pub fn clients(&self) -> (Vec<Client>, Client) {
        (self.nodes.iter().map(|node| node.installation.client()).collect(), Client::new(&format!("http://{}", self.nginx.address)))
    }

    /// Where the nodes are asked: what a balancer stands before.
    pub fn addresses(&self) -> [SocketAddr; 3] {
        addresses(&self.nodes)
    }

    /// A pool that no cut cable concerns.
    ///
    /// # Panics
    /// When Postgres does not answer.
    pub async fn pool(&self) -> PgPool {
        self.postgres.pool(2).await
    }

    /// Has the node of `place` hand over everything, and waits until it is empty. Another node is asked to see to it.
    ///
    /// # Panics
    /// When it is refused, or takes too long.
    pub async fn drain(&self, place: usize) {
        self.ask_another(place, &["drain", self.nodes[place].name]).await;
    }

    /// Has a drained node take part again.
    ///
    /// # Panics
    /// As [`Cluster::drain`].
    pub async fn cancel_drain(&self, place: usize) {
        self.ask_another(place, &["drain", self.nodes[place].name, "--cancel"]).await;
    }

    async fn ask_another(&self, place: usize, arguments: &[&str]) {
        let other = &self.nodes[(place + 1) % self.nodes.len()].installation;
        let done = tokio::time::timeout(DRAIN_MAX, other.run(arguments)).await;
        done.unwrap_or_else(|_| panic!("nashi {arguments:?} took more than {DRAIN_MAX:?}"));
    }

    /// Stops every node in order.
    ///
    /// # Panics
    /// When one does not stop, or complains.
    pub async fn stop(mut self) {
        for node in &mut self.nodes {
            node.stop().await;
        }
    }
}

fn addresses(nodes: &[Node]) -> [SocketAddr; 3] {
    [0, 1, 2].map(|place: usize| nodes[place].installation.address)
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for node in &mut self.nodes {
                println!("what {} said is kept in {}", node.name, node.installation.home.path().join("nashi.log").display());
                node.installation.home.disable_cleanup(true);
            }
        }
    }
}

impl Node {
    /// Its settings, its cables, and a port that it keeps.
    async fn prepare(name: &'static str, postgres: &Postgres, nats: &Nats) -> Self {
        let (to_postgres, to_nats) = (Proxy::start(postgres.address).await, Proxy::start(nats.address).await);
        let mut installation = Installation::on_postgres(&postgres.url(to_postgres.address));
        installation.address.set_port(machine::free_port());
        let address = installation.address.to_string();
        installation.set("NASHI__HTTP__ADDRESS", &address);
        installation.set("NASHI__HTTP__TRUSTED_PROXIES", "127.0.0.1");
        installation.set("NASHI__NODE__NAME", name);
        // A few people stand for many.
        installation.set("NASHI__LIVE__STREAMS_PER_PERSON", "2000");
        installation.set("NASHI__NATS__URL", &nats.url(to_nats.address));
        for (key, value) in nats.credentials() {
            installation.set(key, value);
        }
        Self { name, installation, serving: None, to_nats, to_postgres }
    }

    /// Starts it, and waits until it is ready.
    ///
    /// # Panics
    /// When it runs already, or does not start.
    pub async fn serve(&mut self) {
        assert!(self.serving.is_none(), "{} runs already", self.name);
        self.serving = Some(self.installation.serve().await);
    }

    /// Starts it and does not wait.
    ///
    /// # Panics
    /// When it runs already.
    pub fn start(&mut self) {
        assert!(self.serving.is_none(), "{} runs already", self.name);
        self.serving = Some(self.installation.start());
    }

    /// Kills it outright.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn kill(&mut self) {
        self.serving.take().expect("it runs").kill().await;
    }

    /// Has it stop in order.
    ///
    /// # Panics
    /// When it does not run, does not stop, or complains.
    pub async fn stop(&mut self) {
        let status = self.serving.take().expect("it runs").stop().await;
        assert!(status.success(), "{} ended with {status}", self.name);
    }

    /// Stops it in the middle of whatever it does, or lets it go on: `SIGSTOP`, `SIGCONT`.
    ///
    /// # Panics
    /// When it does not run.
    pub fn freeze(&self, frozen: bool) {
        let signal = if frozen { Signal::SIGSTOP } else { Signal::SIGCONT };
        kill(self.serving.as_ref().expect("it runs").pid(), signal).expect("our child can be signalled");
    }

    /// As [`Installation::ready`].
    ///
    /// # Panics
    /// As that does.
    pub async fn ready(&self) -> Option<String> {
        self.installation.ready(self.name).await
    }
}
