//! The way in: a command is joined to a repeat of itself, or decided on the expected state and handed to
//! the journal. Not its answer (see [`super::commit`]).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use actix::prelude::*;
use domain::codec::EventSet;
use domain::directory::OrganisationDirectory;
use domain::{ClaimChange, Code, Issued, Position, Rejection};

use super::{Entity, Expected, Flight, Settled, Stage};
use crate::ask::{Ask, Reason, Refused, Request};
use crate::caught::{Panicked, caught};
use crate::fold::expected_header;
use crate::hosted::Hosted;
use crate::journal::{Append, Meta, Permit, Target, Write};
use crate::metrics;
use crate::settings::Settings;

/// A decision, before anything is done about it.
pub(crate) enum Decision<A: Hosted> {
    Events(Vec<A::Event>),
    Nothing,
    Rejected { code: Code, reason: Reason },
}

/// Decides on `state`. For somebody of another organisation than the stream's (`foreign`), the stream does not exist.
pub(crate) fn decide<A: Hosted>(state: &A, foreign: bool, command: &A::Command, issued: &Issued<'_>) -> Result<Decision<A>, Panicked> {
    let decided = caught(|| if foreign { A::default().decide(command, issued) } else { state.decide(command, issued) })?;
    Ok(match decided {
        Err(rejection) => Decision::Rejected { code: rejection.code(), reason: Reason::of(&rejection) },
        Ok(_) if foreign => Decision::Rejected { code: Code::AccessDenied, reason: "another organisation's".into() },
        Ok(events) if events.is_empty() => Decision::Nothing,
        Ok(events) => Decision::Events(events),
    })
}

/// Why and where from the events of a request come, for the log.
pub(crate) fn meta(request: &Request, settings: &Settings, basis: Position) -> Arc<Meta> {
    Arc::new(Meta { node: Some(settings.node.clone()), build: Some(settings.build.clone()), basis: Some(basis), ..request.meta.clone() })
}

impl<A: Hosted> Entity<A> {
    /// Takes a command in.
    pub(super) fn take(&mut self, ask: Ask<A>, ctx: &mut Context<Self>) {
        let task = ask.task();
        if task.may_repeat()
            && let Some(flight) = self.flights.iter_mut().find(|flight| flight.ask.task().request.command == task.request.command)
        {
            let known = &flight.ask.task().request;
            if task.request.keyed && known.meta.fingerprint != task.request.meta.fingerprint {
                ask.refuse(Refused::KeyReused);
            } else if flight.joined.len() >= self.router.settings.uncommitted_max {
                ask.refuse(Refused::Busy("repeats of one command".into()));
            } else {
                flight.joined.push(ask);
            }
            return;
        }
        if self.flights.len() >= self.router.settings.uncommitted_max {
            metrics::actor_busy("uncommitted");
            return ask.refuse(Refused::Busy("too many uncommitted commands".into()));
        }
        let flight = Flight { ask, joined: Vec::new(), attempts: 0, stage: Stage::Waiting };
        if self.refused { self.flights.push_back(flight) } else { self.try_decide(flight, ctx) }
    }

    /// Decides a command and puts it in its place among the uncommitted, or answers it.
    pub(super) fn try_decide(&mut self, mut flight: Flight<A>, ctx: &mut Context<Self>) {
        flight.attempts += 1;
        match self.decide(&mut flight.ask, ctx) {
            Ok(Stage::Settled(settled)) if self.flights.is_empty() => self.settle(flight.ask, flight.joined, settled, ctx),
            Ok(stage) => {
                flight.stage = stage;
                self.flights.push_back(flight);
            }
            Err(refused) => flight.refuse(&refused),
        }
    }

    /// Decides on the expected state.
    fn decide(&mut self, ask: &mut Ask<A>, ctx: &mut Context<Self>) -> Result<Stage<A>, Refused> {
        let router = self.router.clone();
        let request = &ask.task().request;
        if request.deadline <= Instant::now() {
            return Err(Refused::Busy("the deadline passed before the decision".into()));
        }
        // Reserved first, so that a full journal leaves nothing to undo.
        let permit = router.journal.reserve().map_err(|_| Refused::Busy("the journal".into()))?;
        let (directory, basis) = router.directory(request.organisation)?;
        let organisation = self.expected.as_ref().map_or(self.committed.organisation, |expected| expected.organisation);
        let foreign = organisation.is_some_and(|organisation| organisation != request.organisation);
        let issued = Issued { organisation: request.organisation, who: request.who, at: router.journal.now(), directory: &directory };
        let state = self.expected.as_ref().map_or(&self.committed.state, |expected| &expected.state);
        match decide(state, foreign, &ask.task().command, &issued) {
            Err(Panicked) => Err(self.broken(ctx)),
            Ok(Decision::Rejected { code, reason }) => Ok(Stage::Settled(Settled::Rejected { code, reason })),
            Ok(Decision::Nothing) => {
                self.keep_directory(organisation, &directory);
                Ok(Stage::Settled(Settled::Nothing))
            }
            Ok(Decision::Events(events)) => {
                let submitted = self.submit(permit, ask, events, &issued, basis, ctx);
                self.keep_directory(Some(issued.organisation), &directory);
                submitted
            }
        }
    }

    fn keep_directory(&mut self, of: Option<domain::OrganisationId>, directory: &Arc<OrganisationDirectory>) {
        if of == Some(directory.id) && !Arc::ptr_eq(&self.directory, directory) {
            self.directory = directory.clone();
        }
    }

    /// Lets the expected state evolve, and hands the events to the journal.
    fn submit(
        &mut self,
        permit: Box<dyn Permit>,
        ask: &mut Ask<A>,
        events: Vec<A::Event>,
        issued: &Issued<'_>,
        basis: Position,
        ctx: &mut Context<Self>,
    ) -> Result<Stage<A>, Refused> {
        let (stream, request) = (self.entry.stream, &ask.task().request);
        let committed = &self.committed;
        let expected = self.expected.get_or_insert_with(|| Expected {
            state: committed.state.clone(),
            version: committed.version,
            organisation: committed.organisation,
        });
        let target = Target::Existing {
            stream,
            expected: expected.version,
            hash: if expected.version == committed.version { committed.hash } else { None },
        };
        let evolved = caught(|| {
            let mut claims: Vec<ClaimChange> = Vec::new();
            for (index, event) in (0_i16..).zip(&events) {
                claims.extend(expected.state.claims(event));
                expected.version += 1;
                let header = expected_header(issued, stream, request.command, expected.version, index);
                expected.state.evolve(event, &header);
            }
            (claims, events.iter().map(EventSet::encode).collect())
        });
        let Ok((claims, encoded)) = evolved else { return Err(self.broken(ctx)) };
        expected.organisation = Some(request.organisation);
        self.entry.expected.store(expected.version, Ordering::SeqCst);

        let append = Append {
            organisation: request.organisation,
            command: request.command,
            person: request.who,
            meta: meta(request, &self.router.settings, basis),
            writes: vec![Write { target, events: encoded }],
            claims,
            premise: self.premise.clone(),
            deadline: request.deadline,
        };
        self.submissions += 1;
        self.outstanding += 1;
        let (number, entry, premise) = (self.submissions, self.entry.clone(), self.premise.clone());
        ask.mark_submitted();
        let completion = move |result: Result<_, _>| {
            if result.is_err() {
                premise.fail();
            }
            entry.land(number, result);
        };
        permit.submit(append, Box::new(completion));
        Ok(Stage::Submitted { number, events })
    }
}

impl<A: Hosted> Flight<A> {
    pub(super) fn refuse(self, refused: &Refused) {
        for joined in self.joined {
            joined.refuse(refused.clone());
        }
        self.ask.refuse(refused.clone());
    }
}
