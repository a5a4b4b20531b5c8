//! What is done because something has happened: reads the log for the domain's policies and has their commands given. Which
//! fact leads to what is `domain`'s ([`domain::policy`]); how a command is given is known to whoever implements [`Commands`].

pub(crate) mod progress;
mod subprocess;
mod succession;
mod worker;

use std::sync::Arc;

use domain::inbox::Found;
use domain::policy::succession::Succession;
use domain::task::form::{Open, Told};
use domain::workflow::Outcome;
use domain::{CommandId, FilterId, Issued, OrganisationId, PersonId, Position, TaskId};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sqlx::PgPool;
use thiserror::Error;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::feed::Wake;
use crate::lease::Leases;
use crate::leased::{self, Pages, Reading};
use crate::lookout::Lookout;
use crate::runner::Settings;
use crate::views::inbox::Inbox;
use crate::views::tasks::question::Question;
pub use crate::views::timers::{Standing, What};

/// A command of a policy, by the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    pub organisation: OrganisationId,
    pub task: TaskId,
    /// The same whenever and by whomever it is given again.
    pub command: CommandId,
    /// The position of the event that leads to it.
    pub cause: Position,
}

/// How policies act; the gateway wires it to the actors.
pub trait Commands: Send + Sync + 'static {
    /// Has a task pass from one to another. Returns the log's position that shows it.
    fn succeed(&self, given: Given, succession: Succession) -> BoxFuture<'_, Result<Position, NotDone>>;

    /// Opens a task for a step of `given.task`; where a rule is in the way, says which outcome that is for the step.
    fn open(&self, given: Given, open: Open) -> BoxFuture<'_, Result<Result<TaskId, Outcome>, NotDone>>;

    /// Tells a task what became of one that a step of it opened.
    fn tell(&self, given: Given, told: Told) -> BoxFuture<'_, Result<Position, NotDone>>;

    /// The estimate of the log's clock: what decides whether a timer's time has come.
    fn now(&self) -> Timestamp;

    /// Has a timer fire, if it still stands and its time has come. Returns a position that shows what came of it.
    fn fire(&self, standing: Standing) -> BoxFuture<'_, Result<Position, NotDone>>;

    /// What a saved filter asks for the asker of `issued`, if they may ask it.
    fn asked(&self, filter: FilterId, issued: &Issued<'_>) -> Option<Question>;

    /// Tells the inbox of `person` what a filter finds that they follow.
    fn found(&self, organisation: OrganisationId, person: PersonId, found: Found) -> BoxFuture<'_, Result<Position, NotDone>>;

    /// Closes a task that nothing is expected of any more.
    fn close(&self, given: Given) -> BoxFuture<'_, Result<Position, NotDone>>;
}

/// Why a command was not carried out.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NotDone {
    /// A rule stands in its way, or a bug: it is left.
    #[error("it is refused: {0}")]
    Refused(Arc<str>),
    /// To be given again in a moment.
    #[error("not just now: {0}")]
    NotNow(Arc<str>),
}

/// What every policy is done with.
pub(crate) struct Means {
    pub pool: PgPool,
    pub wake: Wake,
    pub settings: Settings,
    pub leases: Leases,
    pub commands: Arc<dyn Commands>,
}

/// Starts the task of every policy; they run until `shutdown`.
pub(crate) fn start(means: &Means, inbox: Arc<Lookout<Inbox>>, shutdown: &CancellationToken) -> Vec<JoinHandle<()>> {
    let commands = || means.commands.clone();
    let successions = succession::Successions { pool: means.pool.clone(), inbox, commands: commands(), wanted: 0 };
    vec![
        means.start(worker::Worker::new(successions, means.pool.clone(), means.settings), shutdown),
        means.start(worker::Worker::new(subprocess::Subprocesses { commands: commands() }, means.pool.clone(), means.settings), shutdown),
    ]
}

impl Means {
    /// Starts what follows the log under a lease.
    pub fn start<P: Pages>(&self, pages: P, shutdown: &CancellationToken) -> JoinHandle<()> {
        let reading = Reading::new(pages, self.pool.clone(), self.wake.clone(), self.settings);
        tokio::spawn(leased::run(reading, self.leases.clone(), self.settings.backoff_max, shutdown.clone()))
    }
}
