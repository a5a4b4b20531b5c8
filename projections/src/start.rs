//! All projections of a node: started, asked, stopped. What each of them does is in its own module.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::Position;
use futures_util::future::BoxFuture;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::directory::memory::Tail;
use crate::directory::{DirectoryFollower, DirectoryHandle};
use crate::failure::Failure;
use crate::feed::{self, Feed, Wake};
use crate::follower::Follower;
use crate::generation::Generation;
use crate::lease::Leases;
use crate::leased;
use crate::lookout::Lookout;
use crate::metrics;
use crate::notify::filters::Filters;
use crate::notify::outbox::Outbox;
use crate::parked::{self, Retried};
use crate::policy::{self, Commands};
use crate::progress::{Behind, Progress, State};
use crate::rebuild as build;
use crate::runner::{Runner, Settings};
use crate::timers::{Scheduler, Tried};
use crate::views::announcements::Announcements;
use crate::views::awards::Awards;
use crate::views::files::Files;
use crate::views::history::History;
use crate::views::inbox::Inbox;
use crate::views::knowledge_base::KnowledgeBase;
use crate::views::notifications::Notifications;
use crate::views::tasks::Tasks;
use crate::views::timers::Timers;

/// Every view that is kept in Postgres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Directory,
    History,
    Inbox,
    Announcements,
    Awards,
    Tasks,
    Timers,
    KnowledgeBase,
    Notifications,
    Files,
}

impl View {
    pub const ALL: [Self; 10] = [
        Self::Directory,
        Self::History,
        Self::Inbox,
        Self::Announcements,
        Self::Awards,
        Self::Tasks,
        Self::Timers,
        Self::KnowledgeBase,
        Self::Notifications,
        Self::Files,
    ];

    /// The name by which tables, metrics and commands know it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Directory => DirectoryFollower::NAME,
            Self::History => History::NAME,
            Self::Inbox => Inbox::NAME,
            Self::Announcements => Announcements::NAME,
            Self::Awards => Awards::NAME,
            Self::Tasks => Tasks::NAME,
            Self::Timers => Timers::NAME,
            Self::KnowledgeBase => KnowledgeBase::NAME,
            Self::Notifications => Notifications::NAME,
            Self::Files => Files::NAME,
        }
    }

    /// The view of this name.
    ///
    /// # Errors
    /// [`Failure::UnknownView`].
    pub fn named(name: &str) -> Result<Self, Failure> {
        Self::ALL.into_iter().find(|view| view.name() == name).ok_or_else(|| Failure::UnknownView(name.to_owned()))
    }
}

/// Makes a view anew from the first event on, beside the one that is read, and puts it in its place. `progress` is
/// told of positions done and of those there are. The generation that was read stays until it is dropped.
///
/// # Errors
/// [`Failure::UnknownView`]; [`Failure::AlreadyRebuilding`]; [`Failure::Database`], and then readers see what they saw.
pub async fn rebuild(pool: &PgPool, view: &str, progress: impl FnMut(i64, i64) + Send) -> Result<Generation, Failure> {
    match View::named(view)? {
        View::Directory => build::rebuild(&DirectoryFollower, pool, progress).await,
        View::History => build::rebuild(&History, pool, progress).await,
        View::Inbox => build::rebuild(&Inbox, pool, progress).await,
        View::Announcements => build::rebuild(&Announcements, pool, progress).await,
        View::Awards => build::rebuild(&Awards, pool, progress).await,
        View::Tasks => build::rebuild(&Tasks, pool, progress).await,
        View::Timers => build::rebuild(&Timers, pool, progress).await,
        View::KnowledgeBase => build::rebuild(&KnowledgeBase, pool, progress).await,
        View::Notifications => build::rebuild(&Notifications::default(), pool, progress).await,
        View::Files => build::rebuild(&Files, pool, progress).await,
    }
}

/// Tries to take up what a view has parked.
///
/// # Errors
/// [`Failure::UnknownView`]; [`Failure::Database`].
pub async fn retry_parked(pool: &PgPool, view: &str) -> Result<Retried, Failure> {
    match View::named(view)? {
        View::Directory => parked::retry(&DirectoryFollower, pool).await,
        View::History => parked::retry(&History, pool).await,
        View::Inbox => parked::retry(&Inbox, pool).await,
        View::Announcements => parked::retry(&Announcements, pool).await,
        View::Awards => parked::retry(&Awards, pool).await,
        View::Tasks => parked::retry(&Tasks, pool).await,
        View::Timers => parked::retry(&Timers, pool).await,
        View::KnowledgeBase => parked::retry(&KnowledgeBase, pool).await,
        View::Notifications => parked::retry(&Notifications::default(), pool).await,
        View::Files => parked::retry(&Files, pool).await,
    }
}

/// The running projections of a node.
#[derive(Debug)]
pub struct Projections {
    pool: PgPool,
    directory: DirectoryHandle,
    directory_view: Lookout<DirectoryFollower>,
    history: Lookout<History>,
    inbox: Arc<Lookout<Inbox>>,
    announcements: Lookout<Announcements>,
    awards: Lookout<Awards>,
    settings: Settings,
    wake: Wake,
    tasks_view: Arc<Lookout<Tasks>>,
    timers: Arc<Lookout<Timers>>,
    knowledge_base: Lookout<KnowledgeBase>,
    notifications: Arc<Lookout<Notifications>>,
    files: Lookout<Files>,
    leases: Option<Leases>,
    shutdown: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Projections {
    /// Makes the views that this build lacks, takes up what was parked where that is possible by now, loads
    /// the directory, and starts the followers; each moves its view while this node holds the lease on it. `holder` names
    /// this start of this process among all that use the database. They stop with `shutdown`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn start(pool: PgPool, wake: Wake, shutdown: CancellationToken, settings: Settings, holder: Uuid) -> Result<Self, Failure> {
        Self::start_as(pool, wake, shutdown, settings, Some(holder)).await
    }

    /// As [`Projections::start`], but takes no leases and follows no view: for a command that lives shortly, perhaps beside
    /// a node. The directory in memory is kept true all the same, since it reads the log itself.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn start_without_followers(
        pool: PgPool,
        wake: Wake,
        shutdown: CancellationToken,
        settings: Settings,
    ) -> Result<Self, Failure> {
        Self::start_as(pool, wake, shutdown, settings, None).await
    }

    async fn start_as(
        pool: PgPool,
        wake: Wake,
        shutdown: CancellationToken,
        settings: Settings,
        holder: Option<Uuid>,
    ) -> Result<Self, Failure> {
        let shutdown = shutdown.child_token();
        let kept = holder.map(|holder| Leases::start(&pool, holder, settings.lease, shutdown.clone()));
        let (leases, keeper) = kept.unzip();
        let mut start = Start { pool: &pool, wake: &wake, shutdown: &shutdown, settings, leases: leases.clone(), tasks: Vec::new() };
        let directory_view = start.view(DirectoryFollower).await?;
        let history = start.view(History).await?;
        let inbox = Arc::new(start.view(Inbox).await?);
        let announcements = start.view(Announcements).await?;
        let awards = start.view(Awards).await?;
        let tasks_view = Arc::new(start.view(Tasks).await?);
        let timers = Arc::new(start.view(Timers).await?);
        let knowledge_base = start.view(KnowledgeBase).await?;
        let notifications = Arc::new(start.view(Notifications::default()).await?);
        let files = start.view(Files).await?;
        let mut tasks = start.tasks;
        let feed = Feed::new(pool.clone(), DirectoryFollower::KINDS, wake.clone());
        let (tail, directory) = Tail::load(pool.clone(), feed, settings).await?;
        tasks.push(tokio::spawn(tail.run(shutdown.clone())));
        // Ends last: it gives back what the others held.
        tasks.extend(keeper);
        Ok(Self {
            pool,
            directory,
            directory_view,
            history,
            inbox,
            announcements,
            awards,
            tasks_view,
            timers,
            knowledge_base,
            notifications,
            files,
            settings,
            wake,
            leases,
            shutdown,
            tasks,
        })
    }

    /// Starts the policies and the scheduler, whose commands `commands` gives: on nodes that follow views, one of which holds
    /// the lease of each. They stop with the followers.
    pub fn start_policies(&mut self, commands: Arc<dyn Commands>) {
        let Some(leases) = self.leases.clone().filter(|_| self.settings.follow) else { return };
        let scheduler = Scheduler {
            pool: self.pool.clone(),
            settings: self.settings,
            timers: self.timers.clone(),
            commands: commands.clone(),
            tried: Tried::default(),
        };
        let timers = leased::run(scheduler, leases.clone(), self.settings.backoff_max, self.shutdown.clone());
        let (pool, wake) = (self.pool.clone(), self.wake.clone());
        let outbox = Outbox { pool: pool.clone(), page: self.settings.page, notifications: self.notifications.clone() };
        let views = (self.tasks_view.clone(), self.inbox.clone());
        let filters = Filters::new(pool.clone(), self.directory.clone(), views, commands.clone());
        let means = policy::Means { pool, wake, settings: self.settings, leases, commands };
        let mut started = policy::start(&means, self.inbox.clone(), &self.shutdown);
        started.extend([tokio::spawn(timers), means.start(outbox, &self.shutdown), means.start(filters, &self.shutdown)]);
        // Before the keeper of the leases, which is the last to end.
        self.tasks.splice(0..0, started);
    }

    /// The leases of this node, for whatever else only one node may do; none for a command.
    pub fn leases(&self) -> Option<&Leases> {
        self.leases.as_ref()
    }

    /// Stops following and gives every lease of this node back, for a node that drains. Others follow at once. It takes
    /// none again until [`Projections::resume`].
    pub async fn hand_over(&self) {
        if let Some(leases) = &self.leases {
            leases.hand_over().await;
        }
    }

    /// Follows again where another node does not, after [`Projections::hand_over`].
    pub fn resume(&self) {
        if let Some(leases) = &self.leases {
            leases.resume();
        }
    }

    /// The names of the leases that this node holds, in order.
    pub fn held(&self) -> Vec<String> {
        self.leases.as_ref().map(Leases::held).unwrap_or_default()
    }

    /// The directory in memory.
    pub fn directory(&self) -> &DirectoryHandle {
        &self.directory
    }

    /// Waits until `view` has taken in everything up to `wanted`, at most for `timeout`. What it returns is what
    /// to read: its tables are at `wanted` or beyond.
    ///
    /// # Errors
    /// [`Behind`] when the time is over: the caller may be told to come back, never shown less.
    pub async fn caught_up(&self, view: View, wanted: Position, timeout: Duration) -> Result<Generation, Behind> {
        match view {
            View::Directory => self.directory_view.caught_up(wanted, timeout).await,
            View::History => self.history.caught_up(wanted, timeout).await,
            View::Inbox => self.inbox.caught_up(wanted, timeout).await,
            View::Announcements => self.announcements.caught_up(wanted, timeout).await,
            View::Awards => self.awards.caught_up(wanted, timeout).await,
            View::Tasks => self.tasks_view.caught_up(wanted, timeout).await,
            View::Timers => self.timers.caught_up(wanted, timeout).await,
            View::KnowledgeBase => self.knowledge_base.caught_up(wanted, timeout).await,
            View::Notifications => self.notifications.caught_up(wanted, timeout).await,
            View::Files => self.files.caught_up(wanted, timeout).await,
        }
    }

    /// Where every view is. Also brings the gauges of their delay up to date.
    pub fn progress(&self) -> [Progress; View::ALL.len()] {
        let all = [
            self.directory_view.progress(),
            self.history.progress(),
            self.inbox.progress(),
            self.announcements.progress(),
            self.awards.progress(),
            self.tasks_view.progress(),
            self.timers.progress(),
            self.knowledge_base.progress(),
            self.notifications.progress(),
            self.files.progress(),
        ];
        for progress in &all {
            if let Some(behind) = progress.behind() {
                metrics::lag(progress.generation.view, behind);
            }
        }
        metrics::lag("directory_memory", self.directory.behind());
        all
    }

    /// How many events each view has parked; views without any are not named.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn parked(&self) -> Result<BTreeMap<String, i64>, Failure> {
        let counts = parked::counts(&self.pool).await?;
        for view in View::ALL {
            metrics::parked(view.name(), counts.get(view.name()).copied().unwrap_or_default());
        }
        Ok(counts)
    }

    /// Tries to take up what `view` has parked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn retry_parked(&self, view: View) -> Result<Retried, Failure> {
        retry_parked(&self.pool, view.name()).await
    }

    /// Stops the followers and waits for them. What they had not committed is given again by the log.
    pub async fn stop(self) {
        self.shutdown.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a follower ended in a panic");
            }
        }
    }
}

/// What every follower is started with.
struct Start<'a> {
    pool: &'a PgPool,
    wake: &'a Wake,
    shutdown: &'a CancellationToken,
    settings: Settings,
    leases: Option<Leases>,
    tasks: Vec<JoinHandle<()>>,
}

impl Start<'_> {
    /// Boxed: there are many views, and whoever starts them would have the room of each on their stack.
    fn view<F: Follower + Clone>(&mut self, follower: F) -> BoxFuture<'_, Result<Lookout<F>, Failure>> {
        Box::pin(async move {
            let generation = build::ensure(&follower, self.pool).await?;
            let leases = self.leases.clone().filter(|_| self.settings.follow);
            if leases.is_some() {
                let retried = parked::retry(&follower, self.pool).await?;
                if retried != Retried::default() {
                    tracing::info!(view = F::NAME, retried.taken_up, retried.still_parked, "parked streams were tried again");
                }
            }
            let incarnation = feed::head(self.pool).await?.incarnation;
            let first = Progress { generation, incarnation, position: 0, state: State::Waiting, parked_streams: 0, level_at: None };
            let (tell, progress) = watch::channel(first);
            let feed = Feed::of::<F>(self.pool.clone(), self.wake.clone());
            let runner = Runner { follower, pool: self.pool.clone(), feed, settings: self.settings, progress: tell, leases };
            self.tasks.push(tokio::spawn(runner.run(self.shutdown.clone())));
            Ok(Lookout::new(self.pool.clone(), progress, self.wake.clone()))
        })
    }
}
