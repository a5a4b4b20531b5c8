//! The way out: what the journal says of an append, the committed state, the readers, the answers. Not
//! what follows from a refusal (see [`super::recover`]).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix::prelude::*;
use domain::{Issued, Position};

use super::{Entity, Flight, Published, Settled, Stage};
use crate::ask::{Ask, Done, Outcome, Refused};
use crate::hosted::Hosted;
use crate::journal::Receipt;

impl<A: Hosted> Entity<A> {
    /// Takes in what the journal has answered.
    pub(super) fn landed(&mut self, ctx: &mut Context<Self>) {
        for (number, result) in self.entry.take_landed() {
            self.outstanding -= 1;
            let flight =
                self.flights.iter_mut().find(|flight| matches!(flight.stage, Stage::Submitted { number: its, .. } if its == number));
            let Some(flight) = flight else { continue };
            let Stage::Submitted { events, .. } = std::mem::replace(&mut flight.stage, Stage::Waiting) else { continue };
            flight.stage = match result {
                Ok(receipt) => Stage::Committed { events, receipt },
                Err(refusal) => {
                    self.refused = true;
                    Stage::Refused(refusal)
                }
            };
        }
        self.answer_committed(ctx);
    }

    /// Answers, in order, all whose decision rests on committed events only.
    pub(super) fn answer_committed(&mut self, ctx: &mut Context<Self>) {
        while let Some(front) = self.flights.front()
            && matches!(front.stage, Stage::Committed { .. } | Stage::Settled(_))
        {
            let Some(Flight { ask, joined, stage, .. }) = self.flights.pop_front() else { break };
            match stage {
                Stage::Committed { events, receipt } => self.commit(ask, joined, &events, &receipt, ctx),
                Stage::Settled(settled) => self.settle(ask, joined, settled, ctx),
                Stage::Waiting | Stage::Submitted { .. } | Stage::Refused(_) => {}
            }
        }
        if ctx.state() != ActorState::Running {
            // It broke: what it holds may be half changed.
            return;
        }
        self.snapshot_if_due();
        if self.flights.is_empty() && !self.refused {
            self.drop_expected();
        }
        if self.refused && self.outstanding == 0 {
            self.recover(ctx);
        } else {
            self.serve_lookers(ctx);
        }
    }

    pub(super) fn drop_expected(&mut self) {
        self.expected = None;
        self.entry.expected.store(self.committed.version, Ordering::SeqCst);
    }

    fn commit(&mut self, ask: Ask<A>, joined: Vec<Ask<A>>, events: &[A::Event], receipt: &Receipt, ctx: &mut Context<Self>) {
        let request = &ask.task().request;
        let by = (request.organisation, request.who);
        self.look_around();
        // An ask that is dropped here is asked again, finds its command in the log, and is answered from there.
        if self.committed.take_own(events, receipt, by, &self.directory).is_err() {
            self.broken(ctx);
            return;
        }
        if let (Some(expected), Some(part)) = (&mut self.expected, receipt.streams.first()) {
            for offset in 0..part.events {
                expected.state.settle(part.first_version + offset, part.first_position + offset);
            }
        }
        let Ok(published) = self.publish(ctx) else { return };
        let first = receipt.streams.first().map(|part| part.first_position);
        for repeat in joined {
            let done = self.done(&repeat, &published, first, true);
            repeat.answer(Outcome::Done(done));
        }
        let done = self.done(&ask, &published, first, false);
        ask.answer(Outcome::Done(done));
    }

    /// Answers a decision that writes nothing and rests on what is committed.
    pub(super) fn settle(&mut self, ask: Ask<A>, joined: Vec<Ask<A>>, settled: Settled, ctx: &mut Context<Self>) {
        match settled {
            Settled::Rejected { code, reason } => {
                let position = self.committed.position;
                for ask in joined.into_iter().chain([ask]) {
                    ask.refuse(Refused::Rejected { code, reason: reason.clone(), position });
                }
            }
            Settled::Nothing => {
                let Some(published) = self.published_today(ctx) else { return };
                for ask in joined.into_iter().chain([ask]) {
                    let done = self.done(&ask, &published, None, false);
                    ask.answer(Outcome::Nothing(done));
                }
            }
        }
    }

    /// What is published, under today's names.
    pub(super) fn published_today(&mut self, ctx: &mut Context<Self>) -> Option<Arc<Published<A>>> {
        let published = self.entry.published().clone();
        match published {
            Some(published) if A::fresh(&published.value, &self.directory) => Some(published),
            Some(_) | None => self.publish(ctx).ok(),
        }
    }

    fn done(&self, ask: &Ask<A>, published: &Published<A>, first: Option<Position>, replayed: bool) -> Done<A::View> {
        let request = &ask.task().request;
        let (organisation, who, at) = (request.organisation, request.who, self.router.journal.now());
        let view = A::after(&published.value, &Issued { organisation, who, at, directory: &self.directory });
        Done { stream: self.entry.stream, version: published.version, first, position: published.position, replayed, view }
    }
}
