//! Nodes of one cluster in this process, for what can be measured without HTTP and Postgres: their actors on a log in memory,
//! their messages through a real NATS, on a thread of their own as in `nashi serve`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::cluster::nats::{NatsBus, Settings as Address};
use actors::cluster::view::Owner;
use actors::cluster::{Around, Boot, Cluster, Hosts, Order, Report, Roles, Settings, State, View, placement};
use actors::journal::Meta;
use actors::journal::memory::MemoryJournal;
use actors::system::{Request, Settings as Limits, Stale, Surroundings, System};
use anyhow::{Context, anyhow};
use domain::task::Task;
use domain::task::command::{Command, Create, TextInput};
use domain::testing::{ANNA, HOME, directories};
use domain::{CommandId, Directory, Position, StreamId};
use futures_util::future::BoxFuture;
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

/// Longer than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// What every subject of the nodes begins with.
pub const CLUSTER: &str = "bench";
/// Tasks made in search of one that lives elsewhere; each has an even chance.
const TASKS_MAX: usize = 64;

/// The actors of one node, and its share in the cluster.
pub struct Node {
    pub system: System,
    cluster: Cluster,
    thread: Runtime,
}

impl Node {
    /// Joins those that are there.
    pub async fn join(url: &str, log: MemoryJournal, name: &str) -> anyhow::Result<Self> {
        let system =
            System::start(Arc::new(log), Arc::new(Home(directories())), Limits { node: name.to_owned(), ..Limits::default() }).await?;
        let thread = thread()?;
        let address = Address { urls: url.to_owned(), name: name.to_owned(), ..Address::default() };
        let bus = thread.spawn(async move { NatsBus::connect(&address).await }).await??;
        let settings = Settings {
            cluster: CLUSTER.to_owned(),
            name: name.to_owned(),
            boot: Boot(command().0),
            roles: Roles::all(),
            weight: 1,
            protocol_max: 0,
            build: "bench".to_owned(),
        };
        let hosts = Hosts::default().with::<Task>();
        let cluster = Cluster::join(&system, Arc::new(bus), settings, hosts, Arc::new(Well), thread.handle()).await?;
        Ok(Self { system, cluster, thread })
    }

    /// Waits until `count` nodes take part, as this one sees it.
    pub async fn sees(&self, count: usize) -> anyhow::Result<()> {
        let active = |view: &Arc<View>| view.members().iter().filter(|member| member.state == State::Active).count() == count;
        tokio::time::timeout(PATIENCE, self.cluster.watch().wait_for(active)).await.context("the nodes do not find each other")??;
        Ok(())
    }

    /// A task with a text of a line, live on the other node.
    pub async fn task_elsewhere(&self) -> anyhow::Result<StreamId> {
        for _ in 0..TASKS_MAX {
            let text = Some(TextInput::Plain("Count the foxes, and the dogs that they jump over".to_owned()));
            let create = Command::Create(Box::new(Create { text, ..Create::default() }));
            let created = self.system.create::<Task>(request(), create).await.map_err(|refused| anyhow!("no task: {refused}"))?;
            if matches!(self.cluster.view().owner(placement::slice(HOME, created.stream)), Owner::There(_)) {
                return Ok(created.stream);
            }
        }
        anyhow::bail!("of {TASKS_MAX} tasks none lives on the other node");
    }

    pub async fn end(self) {
        self.cluster.leave().await;
        let drained = self.system.drain(Instant::now() + PATIENCE).await;
        if drained.unfinished > 0 {
            eprintln!("   {} reads were not finished", drained.unfinished);
        }
        self.thread.shutdown_background();
    }
}

/// Who there is; never changes.
struct Home(Directory);

impl Surroundings for Home {
    fn directory(&self) -> Result<(Directory, Position), Stale> {
        Ok((self.0.clone(), 0))
    }

    fn caught_up(&self, _position: Position) -> BoxFuture<'_, Result<(), Stale>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A node that can always work.
struct Well;

impl Around for Well {
    fn fit(&self) -> bool {
        true
    }

    fn report(&self) -> Report {
        Report::default()
    }

    fn order(&self, _order: Order) {}
}

fn request() -> Request {
    Request {
        organisation: HOME,
        who: ANNA,
        command: command(),
        keyed: false,
        meta: Meta::default(),
        deadline: Instant::now() + PATIENCE,
        arrived: 0,
        brief: false,
        trace: None,
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark makes its own command ids")]
fn command() -> CommandId {
    CommandId(Uuid::now_v7())
}

/// A runtime with one thread, which carries a connection.
pub fn thread() -> anyhow::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().context("a thread")
}
