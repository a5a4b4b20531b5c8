//! One stream's live actor. Decisions are synchronous, one at a time; the append is handed to the journal
//! and the handler returns; what became of it comes back as a message. This file is the actor's life;
//! [`decide`] is the way in, [`commit`] the way out, [`recover`] what follows a refusal.
//!
//! Two states: *committed* (the [`Fold`]), which is all that readers are ever shown, and *expected*, which
//! is there only while something is uncommitted, and on which decisions are made. Every answer, rejections
//! and no-ops too, waits for the commit of all that it was decided on.
//!
//! *Invariant:* an actor that dies loses no command: each [`Ask`] returns to whoever sent it.

mod commit;
mod decide;
mod entry;
mod open;
mod recover;

use std::collections::VecDeque;
use std::sync::Arc;

use actix::prelude::*;
use domain::directory::OrganisationDirectory;
use domain::{OrganisationId, Version};
use tokio::sync::oneshot;

pub(crate) use decide::{Decision, decide, meta};
pub(crate) use entry::{Entry, NotSent, Published};
pub(crate) use open::read;

use crate::ask::{Ask, Outcome, Reason, Refused};
use crate::fold::Fold;
use crate::hosted::{Hosted, organisation_of};
use crate::journal::{Premise, Receipt, Refusal};
use crate::metrics;
use crate::router::Router;

/// Where an actor's first state comes from.
pub(crate) enum Origin<A: Hosted> {
    Log,
    /// Whoever created the stream has folded it already.
    Fold {
        fold: Box<Fold<A>>,
        published: Arc<Published<A>>,
    },
}

/// The actor of one stream.
pub(crate) struct Entity<A: Hosted> {
    router: Arc<Router>,
    entry: Arc<Entry<A>>,
    origin: Option<Origin<A>>,
    committed: Fold<A>,
    expected: Option<Expected<A>>,
    /// Decided or waiting to be decided again, in order.
    flights: VecDeque<Flight<A>>,
    /// Appends that the journal has not answered.
    outstanding: usize,
    submissions: u64,
    /// Of all appends since the log was last read.
    premise: Premise,
    /// An append was refused: nothing is decided until all are answered and the log is read.
    refused: bool,
    /// Readers who wait until what was heard of is shown.
    lookers: Vec<Look>,
    /// As of the last decision.
    directory: Arc<OrganisationDirectory>,
    /// The version of the newest snapshot known.
    kept: Version,
}

/// The state that uncommitted decisions lead to.
struct Expected<A> {
    state: A,
    version: Version,
    organisation: Option<OrganisationId>,
}

/// A command between its decision and its answer.
struct Flight<A: Hosted> {
    ask: Ask<A>,
    /// Repeats of the same command that came meanwhile.
    joined: Vec<Ask<A>>,
    /// How often it was decided.
    attempts: u32,
    stage: Stage<A>,
}

enum Stage<A: Hosted> {
    /// To be decided, once the log has been read.
    Waiting,
    Submitted {
        number: u64,
        events: Vec<A::Event>,
    },
    Committed {
        events: Vec<A::Event>,
        receipt: Receipt,
    },
    Refused(Refusal),
    /// Decided without an event: to be answered when all before it are committed.
    Settled(Settled),
}

/// A decision that writes nothing.
enum Settled {
    Nothing,
    Rejected { code: domain::Code, reason: Reason },
}

/// The journal has answered; the answers lie in the entry.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Landed;

/// The log holds events of this stream that were written elsewhere.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct CatchUp;

/// Publish at least the version `need`, under today's names, then say so.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Look {
    pub need: Version,
    pub done: oneshot::Sender<()>,
}

/// Go, unless busy or used after `cutoff`.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Passivate {
    pub cutoff: u64,
    pub keep: Option<Version>,
    pub went: oneshot::Sender<bool>,
}

impl<A: Hosted> Message for Ask<A> {
    type Result = ();
}

impl<A: Hosted> Entity<A> {
    fn new(router: Arc<Router>, entry: Arc<Entry<A>>, origin: Origin<A>) -> Self {
        Self {
            router,
            entry,
            origin: Some(origin),
            committed: Fold::default(),
            expected: None,
            flights: VecDeque::new(),
            outstanding: 0,
            submissions: 0,
            premise: Premise::shared(),
            refused: false,
            lookers: Vec::new(),
            directory: Arc::default(),
            kept: 0,
        }
    }

    /// Today's directory of the stream's organisation, or, when it cannot be had, the last one.
    fn look_around(&mut self) {
        if let (Some(organisation), Ok((directory, _))) = (self.committed.organisation, self.router.surroundings.directory()) {
            self.directory = organisation_of(&directory, organisation);
        }
    }

    /// Puts the committed state before readers.
    ///
    /// # Errors
    /// With the actor stopped, when publishing panicked.
    fn publish(&mut self, ctx: &mut Context<Self>) -> Result<Arc<Published<A>>, Refused> {
        let Ok(value) = self.committed.publish(&self.directory) else {
            return Err(self.broken(ctx));
        };
        let published = Arc::new(Published {
            organisation: self.committed.organisation,
            version: self.committed.version,
            position: self.committed.position,
            value,
        });
        self.entry.publish(published.clone());
        self.weigh();
        Ok(published)
    }

    fn weigh(&self) {
        let weight = self.committed.weight() + size_of::<Self>();
        let before = self.entry.set_weight(weight);
        self.router.registry.weigh(before, weight);
        if self.router.registry.bytes() > self.router.settings.live_bytes_max {
            self.router.crowded.notify_one();
        }
    }

    /// The actor had a bug: nobody may use it again. Whoever still waits asks a fresh one.
    fn broken(&mut self, ctx: &mut Context<Self>) -> Refused {
        tracing::error!(stream = %self.entry.stream, "an actor panicked and was thrown away");
        metrics::actor_panicked();
        self.leave(ctx);
        Refused::Bug
    }

    /// Stops, with everything unanswered going back to whoever asked.
    fn leave(&mut self, ctx: &mut Context<Self>) {
        self.router.registry.remove(&self.entry);
        self.flights.clear();
        self.lookers.clear();
        ctx.stop();
    }

    /// Keeps a snapshot when enough has happened since the last, unless too many are being written.
    fn snapshot_if_due(&mut self) {
        if self.committed.version - self.kept < A::SNAPSHOT_EVERY {
            return;
        }
        let Ok(place) = self.router.snapshots.clone().try_acquire_owned() else { return };
        if let Some(snapshot) = self.committed.snapshot(self.entry.stream) {
            self.kept = snapshot.version;
            let router = self.router.clone();
            actix_rt::spawn(async move {
                router.journal.save_snapshot(snapshot).await;
                drop(place);
            });
        }
    }

    fn is_busy(&self) -> bool {
        !self.flights.is_empty() || !self.lookers.is_empty() || self.refused
    }
}

/// Nothing in an actor is pinned.
impl<A: Hosted> Unpin for Entity<A> {}

impl<A: Hosted> Actor for Entity<A> {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        metrics::actor_activated();
        self.open(ctx);
    }

    fn stopped(&mut self, _ctx: &mut Self::Context) {
        // Also on the ways that do not lead through `leave`.
        self.router.registry.remove(&self.entry);
        self.router.registry.weigh(self.entry.set_weight(0), 0);
        metrics::actor_passivated();
    }
}

impl<A: Hosted> Handler<Ask<A>> for Entity<A> {
    type Result = ();

    fn handle(&mut self, ask: Ask<A>, ctx: &mut Self::Context) {
        self.take(ask, ctx);
    }
}

impl<A: Hosted> Handler<Landed> for Entity<A> {
    type Result = ();

    fn handle(&mut self, _: Landed, ctx: &mut Self::Context) {
        self.landed(ctx);
    }
}

impl<A: Hosted> Handler<CatchUp> for Entity<A> {
    type Result = ();

    fn handle(&mut self, _: CatchUp, ctx: &mut Self::Context) {
        self.entry.caught_up();
        // What is in flight was decided too early and will be refused; reading the log is part of what follows.
        if self.flights.is_empty() && self.entry.is_behind(self.committed.version, self.entry.heard_version()) {
            self.catch_up(ctx);
        }
    }
}

impl<A: Hosted> Handler<Look> for Entity<A> {
    type Result = ();

    fn handle(&mut self, look: Look, ctx: &mut Self::Context) {
        if self.lookers.len() < self.router.settings.uncommitted_max {
            self.lookers.push(look);
            self.serve_lookers(ctx);
        }
    }
}

impl<A: Hosted> Handler<Passivate> for Entity<A> {
    type Result = ();

    fn handle(&mut self, passivate: Passivate, ctx: &mut Self::Context) {
        if self.is_busy() || self.entry.used_at() > passivate.cutoff {
            let _ = passivate.went.send(false);
            return;
        }
        let due = passivate.keep.is_some_and(|events| self.committed.version >= self.kept + events);
        let snapshot = if due { self.committed.snapshot(self.entry.stream) } else { None };
        self.leave(ctx);
        let router = self.router.clone();
        actix_rt::spawn(async move {
            if let Some(snapshot) = snapshot {
                // Closed only when the node is gone.
                let _place = router.snapshots.acquire().await;
                router.journal.save_snapshot(snapshot).await;
            }
            let _ = passivate.went.send(true);
        });
    }
}

impl<A: Hosted> Flight<A> {
    fn answer(self, outcome: impl Fn() -> Outcome<A>) {
        for joined in self.joined {
            joined.answer(outcome());
        }
        self.ask.answer(outcome());
    }
}
