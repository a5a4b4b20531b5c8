//! What the rest of Nashi sees of the actors: ask a stream, get an answer that is durable. Not how
//! an actor works (see `entity`), nor where it lives (see [`crate::cluster`]).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use actix_rt::Arbiter;
use domain::{Position, StreamId};
use tokio::sync::watch;
use tokio::task::AbortHandle;

pub use crate::ask::{Done, Reading, Reason, Refused, Request, Seen};
pub use crate::bulk::{Stopped, Together};
pub use crate::hosted::{Hosted, Stale, Surroundings};
pub use crate::settings::Settings;

use crate::execute::wrong_kind;
use crate::journal::{Head, Journal, ReadFailure};
use crate::registry::Live;
use crate::router::Router;
use crate::{passivate, tail};

/// The actors of one node. Clones share them.
#[derive(Clone)]
pub struct System {
    router: Arc<Router>,
    threads: Arc<Mutex<Threads>>,
}

struct Threads {
    arbiters: Vec<Arbiter>,
    tasks: Vec<AbortHandle>,
}

/// How many actors are live, and roughly how many bytes they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    pub actors: usize,
    pub bytes: usize,
}

/// How a node's actors ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Commands and reads that were still waited for at the deadline.
    pub unfinished: usize,
    /// Actors that went in good order, with their snapshots written.
    pub passivated: usize,
}

impl System {
    /// Starts the actors of this node: reads the head, starts the arbiters, then follows the log from the head on.
    ///
    /// # Errors
    /// When the log's head cannot be read.
    ///
    /// # Panics
    /// Outside of an actix runtime.
    pub async fn start(journal: Arc<dyn Journal>, surroundings: Arc<dyn Surroundings>, settings: Settings) -> Result<Self, ReadFailure> {
        // The head first: what is written from here on reaches every actor that is opened from here on.
        let head = journal.current_head().await?.position;
        let arbiters: Vec<Arbiter> = (0..settings.arbiters.max(1)).map(|_| Arbiter::new()).collect();
        let handles = arbiters.iter().map(Arbiter::handle).collect();
        let router = Arc::new(Router::new(journal, surroundings, settings, handles, head));
        let tasks = vec![
            tokio::spawn(tail::follow(router.clone(), head)).abort_handle(),
            tokio::spawn(passivate::watch(router.clone())).abort_handle(),
        ];
        Ok(Self { router, threads: Arc::new(Mutex::new(Threads { arbiters, tasks })) })
    }

    /// Begins a stream. A task's id is given by the log; other kinds take the next of their sequence, and an
    /// organisation is its own (`request.organisation` is not looked at). The id is in the answer.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn create<A: Hosted>(&self, request: Request, command: A::Command) -> Result<Done<A::View>, Refused> {
        let _underway = self.router.enter()?;
        self.router.create::<A>(request, command).await
    }

    /// Carries out a command. The answer is given once it is in the log, with all that it was decided on.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn execute<A: Hosted>(&self, stream: StreamId, request: Request, command: A::Command) -> Result<Done<A::View>, Refused> {
        let _underway = self.router.enter()?;
        self.router.execute::<A>(stream, request, command).await
    }

    /// Carries out commands on several streams, each another one: all of them as one unit of the log, or none. Where a claim
    /// follows from one of them it is a bug.
    ///
    /// # Errors
    /// See [`Refused`]; where the command on one of the streams is at fault, it is named.
    pub async fn execute_all<A: Hosted>(&self, request: &Request, commands: &[(StreamId, A::Command)]) -> Result<Together, Stopped> {
        let _underway = self.router.enter()?;
        self.router.execute_all::<A>(request, commands).await
    }

    /// Reads a stream. Shows only what is committed, and all that `reading.at_least` asks for.
    ///
    /// # Errors
    /// See [`Refused`]; `Unavailable` when this node has not seen `at_least` within a second.
    pub async fn read<A: Hosted>(&self, stream: StreamId, reading: Reading, query: A::Query) -> Result<Seen<A::View>, Refused> {
        let _underway = self.router.enter()?;
        self.router.read::<A>(stream, reading, query).await
    }

    /// The log's head as committed after the call began; nothing when it cannot be read. Many who ask at once share a query.
    pub async fn fresh_head(&self) -> Option<Head> {
        self.router.fresh.head().await
    }

    /// What the cluster needs.
    pub(crate) fn router(&self) -> Arc<Router> {
        self.router.clone()
    }

    /// The position up to which the actors have been told of all events, whoever wrote them.
    pub fn tailed(&self) -> watch::Receiver<Position> {
        self.router.tailed.subscribe()
    }

    pub fn live(&self) -> Census {
        Census { actors: self.router.registry.count(), bytes: self.router.registry.bytes() }
    }

    /// Throws away what is in memory of a stream, without a snapshot: after an erasure, for one. What is under
    /// way is finished first. Tells whether an actor went; where one is busy, ask again.
    ///
    /// # Errors
    /// When the stream is of a kind that has no actors.
    pub async fn forget<A: Hosted>(&self, stream: StreamId) -> Result<bool, Refused> {
        if stream.kind != A::KIND {
            return Err(wrong_kind(stream));
        }
        Ok(match self.router.live::<A>(stream) {
            Some(live) => live.passivate(u64::MAX, None).await.unwrap_or(false),
            None => false,
        })
    }

    /// Passivates the actors that are idle at `at`, and those beyond the bytes that live actors may hold. Runs by
    /// itself every few seconds. Tells how many went.
    pub async fn sweep(&self, at: Instant) -> usize {
        passivate::sweep(&self.router, at).await
    }

    /// Stops in order: nothing new is let in, what is under way is finished until `deadline`, actors go with
    /// their snapshots, then the threads end.
    pub async fn drain(&self, deadline: Instant) -> Drained {
        let deadline = tokio::time::Instant::from_std(deadline);
        self.router.close();
        let _ = tokio::time::timeout_at(deadline, self.router.quiet()).await;
        let unfinished = self.router.underway();
        let going = passivate::passivate(self.router.registry.all(), u64::MAX, Some(1));
        let passivated = tokio::time::timeout_at(deadline, going).await.unwrap_or_default();

        let (arbiters, tasks) = {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            (std::mem::take(&mut threads.arbiters), std::mem::take(&mut threads.tasks))
        };
        for task in tasks {
            task.abort();
        }
        for arbiter in &arbiters {
            arbiter.stop();
        }
        let ended = tokio::task::spawn_blocking(move || arbiters.into_iter().map(Arbiter::join).all(|ended| ended.is_ok())).await;
        if !matches!(ended, Ok(true)) {
            tracing::error!("an arbiter ended with a panic");
        }
        Drained { unfinished, passivated }
    }
}
