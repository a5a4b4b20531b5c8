//! After a refusal, or when events were written elsewhere: read the log, and decide again, in order, what
//! was decided on a state that did not come about. Bounded attempts, with back-off.

use std::time::{Duration, Instant};

use actix::prelude::*;
use domain::Version;
use xxhash_rust::xxh3::xxh3_64;

use super::{Entity, Flight, Stage};
use crate::ask::{Outcome, Refused};
use crate::fold::{self, FoldError};
use crate::hosted::Hosted;
use crate::journal::{Premise, Refusal};
use crate::metrics;
use crate::registry::Live;

/// Before the second attempt; each further one waits twice as long.
const BACKOFF_MIN: Duration = Duration::from_millis(2);
const BACKOFF_MAX: Duration = Duration::from_millis(250);

impl<A: Hosted> Entity<A> {
    /// All appends are answered, and at least one was refused.
    pub(super) fn recover(&mut self, ctx: &mut Context<Self>) {
        self.drop_expected();
        self.premise = Premise::shared();
        let mut behind = false;
        let mut conflicts = 0;
        for flight in std::mem::take(&mut self.flights) {
            match self.answer_refused(flight, &mut behind) {
                None => {}
                Some(again) => {
                    conflicts = conflicts.max(again.attempts);
                    self.flights.push_back(again);
                }
            }
        }
        if behind { self.read_log(conflicts, ctx) } else { self.decide_again(ctx) }
    }

    /// Answers a command that will not be decided again; `behind` is set when the log holds more than the actor knows.
    fn answer_refused(&mut self, mut flight: Flight<A>, behind: &mut bool) -> Option<Flight<A>> {
        let refusal = match std::mem::replace(&mut flight.stage, Stage::Waiting) {
            Stage::Waiting | Stage::Submitted { .. } => return Some(flight),
            Stage::Settled(_) => {
                // What it was decided on did not come about, so it does not count as an attempt.
                flight.attempts -= 1;
                return Some(flight);
            }
            Stage::Committed { receipt, .. } => {
                // Behind one whose outcome is not known, which then did commit.
                *behind = true;
                flight.answer(|| Outcome::Earlier(Box::new(receipt.clone())));
                return None;
            }
            Stage::Refused(refusal) => refusal,
        };
        match refusal {
            Refusal::Duplicate(receipt) => {
                *behind |= receipt.streams.iter().any(|part| part.stream == self.entry.stream);
                flight.answer(|| Outcome::Earlier(receipt.clone()));
                return None;
            }
            Refusal::Conflict { .. } => {
                *behind = true;
                metrics::actor_conflict();
                if flight.attempts < self.router.settings.attempts_max {
                    return Some(flight);
                }
            }
            Refusal::Unknown => {
                *behind = true;
                self.entry.doubt();
            }
            Refusal::ClaimTaken { .. } | Refusal::Expired | Refusal::TooLarge | Refusal::Malformed(_) | Refusal::Unavailable(_) => {}
        }
        flight.refuse(&refusal.into_refused(self.committed.position));
        None
    }

    /// Reads what the log holds beyond the committed state, then decides again. No message is taken meanwhile.
    fn read_log(&mut self, attempt: u32, ctx: &mut Context<Self>) {
        let (router, stream, after) = (self.router.clone(), self.entry.stream, self.committed.version);
        let pause = self.pause(attempt);
        self.entry.trust();
        let read = async move {
            if let Some(pause) = pause {
                tokio::time::sleep(pause).await;
            }
            fold::read(router.journal.as_ref(), stream, after, Version::MAX).await
        };
        ctx.wait(read.into_actor(self).map(move |events, actor, ctx| {
            actor.look_around();
            let taken =
                events.map_err(FoldError::Read).and_then(|events| actor.committed.take_recorded(&events, Version::MAX, &actor.directory));
            if let Err(error) = taken {
                return actor.fail_all(&error, ctx);
            }
            actor.drop_expected();
            if actor.publish(ctx).is_ok() {
                actor.decide_again(ctx);
            }
        }));
    }

    /// Twice as long each time, of which up to a half is given back by chance: by a hash of what is decided,
    /// so that two nodes that meet in a conflict do not meet again.
    fn pause(&self, attempt: u32) -> Option<Duration> {
        let doublings = attempt.checked_sub(2)?;
        let whole = BACKOFF_MIN.saturating_mul(2_u32.saturating_pow(doublings)).min(BACKOFF_MAX);
        let seed = format!("{}{}{attempt}", self.router.settings.node, self.submissions);
        let share = u32::try_from(xxh3_64(seed.as_bytes()) % 1_000).unwrap_or_default();
        Some(whole - whole / 2_000 * share)
    }

    /// Nothing of what waits was written, and the log cannot be read: it is refused, and the actor goes.
    fn fail_all(&mut self, error: &FoldError, ctx: &mut Context<Self>) {
        let flights = std::mem::take(&mut self.flights);
        self.fail(error, ctx);
        let refused = self.entry.closed().unwrap_or(Refused::Bug);
        for flight in flights {
            flight.refuse(&refused);
        }
    }

    /// Decides in order what waits, on what is now committed.
    fn decide_again(&mut self, ctx: &mut Context<Self>) {
        self.refused = false;
        let waiting = std::mem::take(&mut self.flights);
        for flight in waiting {
            if flight.ask.task().request.deadline <= Instant::now() {
                flight.refuse(&Refused::Busy("the deadline passed before the decision".into()));
                continue;
            }
            if flight.attempts > 0 {
                metrics::actor_decided_again();
            }
            self.try_decide(flight, ctx);
            if ctx.state() != ActorState::Running {
                // It broke: the rest is dropped and asked again.
                return;
            }
        }
        self.answer_committed(ctx);
    }

    /// Reads what was written elsewhere.
    pub(super) fn catch_up(&mut self, ctx: &mut Context<Self>) {
        metrics::actor_caught_up();
        self.refused = true;
        self.read_log(0, ctx);
    }

    /// Answers readers who wait and whose version is committed.
    pub(super) fn serve_lookers(&mut self, ctx: &mut Context<Self>) {
        if self.lookers.is_empty() || self.refused {
            return;
        }
        let version = self.committed.version;
        let (waiting, served): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.lookers).into_iter().partition(|look| self.entry.is_behind(version, look.need));
        self.lookers = waiting;
        if !served.is_empty() {
            self.look_around();
            if self.published_today(ctx).is_none() {
                return;
            }
            for look in served {
                // A reader who has gone misses nothing.
                let _ = look.done.send(());
            }
        }
        // With appends under way this is tried again when they are answered.
        if !self.lookers.is_empty() && self.flights.is_empty() {
            self.catch_up(ctx);
        }
    }
}
