//! The parts of a node, wired together: database, journal, projections, actors, identity. What listens for requests is
//! [`crate::app`]; commands of the command line use the parts without it.

use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use actix_web::web;
use actors::cluster::Role;
use actors::journal::Journal;
use actors::journal::postgres::{PostgresJournal, Settings as JournalSettings};
use actors::system::{Settings as ActorSettings, System};
use anyhow::Context as _;
use jiff::Timestamp;
use projections::Projections;
use projections::search::Search;
use secrecy::ExposeSecret;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::access_log::AccessLog;
use crate::cluster::{self, Joined};
use crate::config::Settings;
use crate::extract::caller::WAIT_MAX;
use crate::files::{Blobs, Uploads, clean};
use crate::health::Health;
use crate::identity::passkeys::relying_party;
use crate::identity::seal::{Seal, key_in};
use crate::identity::{Credentials, Factors, Passkeys, Passwords, QrSignIns, Sessions, SignIns, Tickets, Tokens};
use crate::limits::Windows;
use crate::live::{Live, entry::Place};
use crate::node::Node;
use crate::policies::Policies;
use crate::postgres::{self, OwnPostgres};
use crate::time_out::TimeOuts;
use crate::world::World;
use crate::written::Written;

/// A database in a container beside ours may need a moment longer to come up.
const DATABASE_WAIT_MAX: Duration = Duration::from_secs(20);
/// A connection of the pool that takes longer means that the database is away or overrun.
const ACQUIRE_MAX: Duration = Duration::from_secs(3);
/// Making the views of a large log takes as long as it takes; being level afterwards does not.
const DIRECTORY_WAIT_MAX: Duration = Duration::from_secs(30);
const LOOK_AFTER_EVERY: Duration = Duration::from_secs(1);
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// A node's parts. Ended by [`Core::stop`], in order.
pub struct Core {
    pub node: web::Data<Node>,
    journal: Arc<PostgresJournal>,
    pool: PgPool,
    /// Looks after a Postgres of our own, and gives it back when told to shut down.
    own: Option<JoinHandle<OwnPostgres>>,
    /// This node among the others, if there may be others.
    joined: Mutex<Option<Joined>>,
    /// Removes what files nobody took, where this node follows the log.
    cleaning: Option<JoinHandle<()>>,
    shutdown: CancellationToken,
}

/// What the parts are started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// To serve: views are followed.
    Node,
    /// For one command of the command line, perhaps beside a node.
    Command,
    /// To write a past into an empty log, which begins at this moment.
    Past(Timestamp),
}

/// The database, at this build's schema.
pub struct Database {
    pub pool: PgPool,
    options: PgConnectOptions,
    own: Option<OwnPostgres>,
}

impl Database {
    async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let (options, own) = match &settings.database.url {
            Some(url) => {
                // The parser's own words could show the password.
                let options =
                    PgConnectOptions::from_str(url.expose_secret()).map_err(|_| anyhow::anyhow!("database.url is no Postgres URL"))?;
                (options.application_name("nashi"), None)
            }
            None => {
                let own = OwnPostgres::start(&home(settings)?, &settings.database.own_shared_buffers).await?;
                (own.options(), Some(own))
            }
        };
        let pool = PgPoolOptions::new()
            .max_connections(settings.database.connections_max)
            .acquire_timeout(ACQUIRE_MAX)
            .connect_lazy_with(options.clone());
        let database = Self { pool, options, own };
        if let Err(failure) = database.migrate().await {
            database.close(true).await;
            return Err(failure);
        }
        Ok(database)
    }

    async fn migrate(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            match self.pool.acquire().await {
                Ok(_) => break,
                Err(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) if begun.elapsed() < DATABASE_WAIT_MAX => {
                    tracing::info!("waiting for the database");
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                Err(error) => return Err(error).context("the database does not answer"),
            }
        }
        // A newer node of the cluster may have gone ahead: migrations only expand, so that this build works beside it.
        let mut migrations = sqlx::migrate!("../migrations");
        migrations.set_ignore_missing(true);
        migrations.run(&self.pool).await.context("the database could not be brought to this build's schema")
    }

    /// Lets go; a Postgres of our own is stopped unless somebody else uses it (`as_found`: or it ran before).
    pub async fn close(self, as_found: bool) {
        self.pool.close().await;
        if let Some(own) = self.own {
            stop_own(own, as_found).await;
        }
    }
}

/// Where our own Postgres keeps its files.
///
/// # Errors
/// For a user without a home.
pub fn home(settings: &Settings) -> anyhow::Result<std::path::PathBuf> {
    match &settings.data.directory {
        Some(directory) => std::path::absolute(directory).context("data.directory"),
        None => Ok(postgres::default_home()?),
    }
}

/// Where this node keeps its indexes for the search.
///
/// # Errors
/// For a user without a home.
pub fn search_home(settings: &Settings) -> anyhow::Result<std::path::PathBuf> {
    let above = match &settings.search.directory {
        Some(directory) => std::path::absolute(directory).context("search.directory")?,
        None => home(settings)?.join("search"),
    };
    // A name is a file's name, whatever characters it has.
    let name = settings.node_name().chars().map(|character| if character.is_alphanumeric() { character } else { '-' }).collect::<String>();
    Ok(above.join(name))
}

/// Where the bytes of files are kept.
///
/// # Errors
/// For a user without a home.
pub fn files_home(settings: &Settings) -> anyhow::Result<std::path::PathBuf> {
    match &settings.files.directory {
        Some(directory) => std::path::absolute(directory).context("files.directory"),
        None => Ok(home(settings)?.join("files")),
    }
}

impl Core {
    /// The database alone, at this build's schema.
    ///
    /// # Errors
    /// When it cannot be reached or brought there.
    pub async fn database(settings: &Settings) -> anyhow::Result<Database> {
        Database::open(settings).await
    }

    /// Starts every part and waits until the directory is up to date. Runs on an actix system.
    ///
    /// # Errors
    /// When a part cannot be started; a Postgres of our own is left as it was found then.
    pub async fn start(settings: Arc<Settings>, life: Life) -> anyhow::Result<Self> {
        let passwords = Passwords::new(&settings.identity).context("identity.password_*")?;
        let Database { pool, options, own } = Database::open(&settings).await?;
        let shutdown = CancellationToken::new();
        match Self::wire(settings, life, passwords, (pool.clone(), options), shutdown.clone()).await {
            Ok((node, journal)) => {
                let own = own.map(|own| tokio::spawn(look_after(own, shutdown.clone())));
                let mut core = Self { node: web::Data::new(node), journal, pool, own, joined: Mutex::default(), cleaning: None, shutdown };
                if life == Life::Node {
                    core.clean();
                    core.node.live.start(&core.node.clone().into_inner(), &core.shutdown);
                }
                if let Err(failure) = core.join(life).await {
                    core.stop(true).await;
                    return Err(failure);
                }
                Ok(core)
            }
            Err(failure) => {
                shutdown.cancel();
                pool.close().await;
                if let Some(own) = own {
                    stop_own(own, true).await;
                }
                Err(failure)
            }
        }
    }

    async fn wire(
        settings: Arc<Settings>,
        life: Life,
        passwords: Passwords,
        (pool, options): (PgPool, PgConnectOptions),
        shutdown: CancellationToken,
    ) -> anyhow::Result<(Node, Arc<PostgresJournal>)> {
        let begins = match life {
            Life::Past(begins) => Some(begins),
            Life::Node | Life::Command => None,
        };
        let log = JournalSettings { begins, ..JournalSettings::default() };
        let journal = PostgresJournal::start(pool.clone(), options, log).await.context("the log")?;
        // Also sets the log's clock, by which this life of the node is named.
        let head = journal.current_head().await.context("the log's head")?;
        let boot = cluster::boot(journal.now());
        let wake = wake(journal.head(), shutdown.clone());
        let live = Live::new(&settings.live, wake.clone(), Place { incarnation: head.incarnation, position: head.position });
        let wake_search = wake.clone();
        let follow = settings.node.roles.has(Role::Followers);
        let (views, until) = (projections::Settings { follow, ..projections::Settings::default() }, shutdown.clone());
        let projections = match life {
            Life::Node | Life::Past(_) => Projections::start(pool.clone(), wake, until, views, boot.0).await,
            Life::Command => Projections::start_without_followers(pool.clone(), wake, until, views).await,
        };
        let mut projections = projections.context("the views")?;
        // Who asks over HTTP may ask again; a command's effect would be told as a failure.
        let patience = match life {
            Life::Node => WAIT_MAX,
            Life::Command | Life::Past(_) => DIRECTORY_WAIT_MAX,
        };
        let world = Arc::new(World::new(projections.directory().clone(), patience));
        world.await_fresh(head.position, DIRECTORY_WAIT_MAX).await.context("the directory did not come up to date")?;
        let shared: Arc<dyn Journal> = journal.clone();
        let system = System::start(shared.clone(), world.clone(), actor_settings(&settings)).await.context("the actors")?;
        projections.start_policies(Arc::new(Policies { system: system.clone(), journal: shared.clone() }));
        let access_log = AccessLog::start(pool.clone(), settings.audit.access_log_months);
        let identity = &settings.identity;
        let seal = seal(&settings)?;
        let tokens = Tokens::new(pool.clone(), identity.token_lifetime_hours, identity.tokens_per_person);
        let credentials = Credentials::new(pool.clone());
        let (sessions, tickets) = (Sessions::new(pool.clone()), Tickets::new(pool.clone()));
        let qr_sign_ins = QrSignIns::new(pool.clone());
        let forgetful = (tokens.clone(), sessions.clone(), tickets.clone(), qr_sign_ins.clone());
        tokio::spawn(purge(forgetful, shared.clone(), shutdown.clone()));
        if let (Life::Node, true, Some(leases)) = (life, follow, projections.leases().cloned()) {
            let (sessions, world, journal, system) = (sessions.clone(), world.clone(), shared.clone(), system.clone());
            let every = Duration::from_secs(identity.session_sweep_seconds);
            let time_outs = TimeOuts { sessions, world, journal, system, access_log: access_log.clone() };
            tokio::spawn(time_outs.run(leases, every, shutdown.clone()));
        }
        let search = match life {
            Life::Node if settings.node.roles.has(Role::Search) => {
                let (pool, directory, root) = (pool.clone(), projections.directory().clone(), search_home(&settings)?);
                Some(Search::start(pool, wake_search, directory, root, shutdown.child_token()))
            }
            Life::Node | Life::Command | Life::Past(_) => None,
        };
        let files = match life {
            Life::Node | Life::Past(_) => Some(Blobs::open(&files_home(&settings)?).context("files.directory")?),
            Life::Command => None,
        };
        let node = Node {
            boot,
            search,
            files,
            uploads: Uploads::new(settings.files.uploads_max, settings.files.uploads_per_person),
            rate: Windows::new(settings.rate.requests, Duration::from_secs(settings.rate.window_seconds)),
            sign_ins: SignIns::new(credentials.clone(), passwords.clone(), tokens.clone(), identity),
            factors: Factors::new(&pool, seal, identity),
            passkeys: Passkeys::new(pool.clone(), relying_party(&settings)?),
            written: Written::default(),
            access_log,
            health: Health::default(),
            live,
            pool,
            journal: shared,
            settings,
            world,
            system,
            projections,
            credentials,
            passwords,
            tokens,
            sessions,
            tickets,
            qr_sign_ins,
            cluster: OnceLock::new(),
        };
        if !node.factors.totps.fits().await.context("the secrets behind time-based codes")? {
            tracing::error!("identity.key is not the one that the secrets behind time-based codes were sealed with: no code will be known");
        }
        Ok((node, journal))
    }

    /// Has files removed that nobody took, by the node that holds the lease for it.
    fn clean(&mut self) {
        let leases = self.node.projections.leases().filter(|_| self.node.settings.node.roles.has(Role::Followers)).cloned();
        let node = Arc::downgrade(&self.node.clone().into_inner());
        self.cleaning = leases.map(|leases| tokio::spawn(clean::run(node, leases, self.shutdown.clone())));
    }

    /// Joins the other nodes, where NATS is configured.
    async fn join(&self, life: Life) -> anyhow::Result<()> {
        if life != Life::Node || self.node.settings.nats.url.is_none() {
            return Ok(());
        }
        let joined = Joined::join(&self.node, self.shutdown.clone()).await?;
        self.node.joined(joined.cluster.clone());
        *self.joined.lock().await = Some(joined);
        Ok(())
    }

    /// What time it is, for a life in the past (see [`Life::Past`]).
    pub fn tell(&self, at: Timestamp) {
        self.journal.tell(at);
    }

    /// Hands what this node does over to the others, who answer what still comes in here.
    pub async fn hand_over(&self) {
        if let Some(joined) = self.joined.lock().await.as_ref() {
            tokio::join!(joined.drain(), self.node.projections.hand_over());
        }
    }

    /// Lets no command and no read of an actor in any more, waits for those under way, has the actors leave snapshots,
    /// and tells the followers to end. May be called again.
    ///
    /// Before the web server's threads end: connections of the pool that were opened on them end with them.
    pub async fn drain(&self) {
        let drained = self.node.system.drain(Instant::now() + self.node.settings.http.deadline()).await;
        if drained.unfinished > 0 {
            tracing::warn!(unfinished = drained.unfinished, "commands were still waited for");
        }
        if let Some(joined) = self.joined.lock().await.take() {
            joined.leave().await;
        }
        self.shutdown.cancel();
    }

    /// Ends every part: no more commands, those under way get their answers, followers stop between batches, and a
    /// Postgres of our own is stopped last (`as_found`: unless it ran before).
    pub async fn stop(self, as_found: bool) {
        self.drain().await;
        self.node.live.stopped().await;
        self.node.access_log.flush().await;
        let Self { node, journal, pool, own, joined: _, cleaning, shutdown: _ } = self;
        if let Some(cleaning) = cleaning {
            let _ = cleaning.await;
        }
        // The last one to hold the node waits for its followers; a request that hangs does not hold everything up.
        if let Some(node) = Arc::into_inner(node.into_inner()) {
            if let Some(search) = node.search {
                search.stop().await;
            }
            node.projections.stop().await;
        }
        journal.stop().await;
        pool.close().await;
        let Some(own) = own else { return };
        match own.await {
            Ok(own) => stop_own(own, as_found).await,
            Err(error) => tracing::error!(%error, "Postgres was not stopped"),
        }
    }
}

/// What seals secrets that must be read again: made from the key that is configured, else from the one beside our own Postgres.
fn seal(settings: &Settings) -> anyhow::Result<Option<Seal>> {
    let key = match (&settings.identity.key, &settings.database.url) {
        (Some(key), _) => key.clone(),
        (None, None) => key_in(&home(settings)?).context("the installation's key, identity.key in the data directory")?,
        (None, Some(_)) => return Ok(None),
    };
    Seal::of(&key).map(Some).context("identity.key")
}

async fn stop_own(own: OwnPostgres, as_found: bool) {
    if let Err(failure) = own.stop(as_found).await {
        tracing::error!(error = &failure as &dyn std::error::Error, "Postgres was not stopped");
    }
}

/// Starts a Postgres of our own again when it dies; journal and followers find it by themselves.
async fn look_after(mut own: OwnPostgres, shutdown: CancellationToken) -> OwnPostgres {
    let mut look = tokio::time::interval(LOOK_AFTER_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return own,
            _ = look.tick() => match own.revive().await {
                Ok(false) => {}
                Ok(true) => tracing::warn!("Postgres had died and was started again"),
                Err(failure) => tracing::error!(error = &failure as &dyn std::error::Error, "Postgres died and cannot be started"),
            }
        }
    }
}

fn actor_settings(settings: &Settings) -> ActorSettings {
    ActorSettings { live_bytes_max: settings.actors.memory_bytes_max, node: settings.node_name(), ..ActorSettings::default() }
}

/// Tells the followers of each new head.
fn wake(mut head: watch::Receiver<actors::journal::Head>, shutdown: CancellationToken) -> projections::Wake {
    let pair = |head: &actors::journal::Head| (head.incarnation, head.position);
    let (tell, wake) = watch::channel(pair(&head.borrow_and_update()));
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                moved = head.changed() => {
                    if moved.is_err() {
                        return;
                    }
                    tell.send_replace(pair(&head.borrow_and_update()));
                }
            }
        }
    });
    wake
}

async fn purge(
    (tokens, sessions, tickets, qr_sign_ins): (Tokens, Sessions, Tickets, QrSignIns),
    journal: Arc<dyn Journal>,
    shutdown: CancellationToken,
) {
    let mut hourly = tokio::time::interval(PURGE_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = hourly.tick() => {
                let now = journal.now();
                for purged in [tokens.purge(now).await, sessions.purge(now).await, tickets.purge(now).await, qr_sign_ins.purge(now).await] {
                    // Once all is closed there is nothing to forget with.
                    if let Err(error) = purged && !shutdown.is_cancelled() {
                        tracing::warn!(%error, "old tokens and sessions could not be forgotten");
                    }
                }
            }
        }
    }
}
