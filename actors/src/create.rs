//! A command that begins a stream. A task's id is given by the log under its lock, so that no actor can
//! be asked: it is decided here, and leaves a live actor behind. Not for streams that exist.

use std::sync::Arc;

use domain::codec::EventSet;
use domain::{Aggregate, ClaimChange, Issued, Kind, OrganisationId, StreamId};
use tokio::sync::oneshot;
use tokio::time::timeout_at;

use crate::ask::{Done, Outcome, Refused, Request};
use crate::caught::{Panicked, caught};
use crate::cluster::placement;
use crate::cluster::view::Owner;
use crate::entity::{Decision, Entry, Origin, Published, decide, meta};
use crate::execute::{Sent, given_up};
use crate::fold::{Fold, expected_header};
use crate::hosted::Hosted;
use crate::journal::{Append, Premise, Receipt, Refusal, Target, Write};
use crate::router::Router;

impl Router {
    /// Begins a stream of `A`. Its id is in the answer.
    pub async fn create<A: Hosted>(self: &Arc<Self>, mut request: Request, command: A::Command) -> Result<Done<A::View>, Refused> {
        match A::KIND {
            Kind::Task => self.create_numbered::<A>(request, command).await,
            kind => {
                let id = self.journal.next_id(kind).await.map_err(|error| {
                    tracing::warn!(error = &error as &dyn std::error::Error, "there is no id for a new stream");
                    Refused::Unavailable("the log cannot be read".into())
                })?;
                if kind == Kind::Organisation {
                    request.organisation = OrganisationId(id);
                }
                self.execute::<A>(StreamId::new(kind, id), request, command).await
            }
        }
    }

    async fn create_numbered<A: Hosted>(self: &Arc<Self>, request: Request, command: A::Command) -> Result<Done<A::View>, Refused> {
        if self.cluster().is_none() {
            return self.create_here::<A>(request, command).await;
        }
        match self.create_here::<A>(request.clone(), command.clone()).await {
            // A "no" is not given before everything has been taken in that anybody was told elsewhere.
            Err(Refused::Rejected { .. }) => {}
            answer => return answer,
        }
        self.catch_up().await?;
        self.create_here::<A>(request, command).await
    }

    async fn create_here<A: Hosted>(self: &Arc<Self>, request: Request, command: A::Command) -> Result<Done<A::View>, Refused> {
        let sent = Sent::of(&request);
        let outcome = self.begin::<A>(request, command).await.unwrap_or_else(Outcome::Refused);
        self.conclude(outcome, &sent, false).await
    }

    async fn begin<A: Hosted>(self: &Arc<Self>, request: Request, command: A::Command) -> Result<Outcome<A>, Refused> {
        let permit = self.journal.reserve().map_err(|_| Refused::Busy("the journal".into()))?;
        let (directory, basis) = self.directory(request.organisation)?;
        let issued = Issued { organisation: request.organisation, who: request.who, at: self.journal.now(), directory: &directory };
        let events = match decide(&A::default(), false, &command, &issued) {
            Ok(Decision::Events(events)) => events,
            Ok(Decision::Rejected { code, reason }) => return Err(Refused::Rejected { code, reason, position: 0 }),
            Ok(Decision::Nothing) => {
                tracing::error!(kind = ?A::KIND, "a command that begins a stream yielded nothing");
                return Err(Refused::Bug);
            }
            Err(Panicked) => return Err(Refused::Bug),
        };
        let (claims, encoded) = caught(|| prepare::<A>(&events, &issued, &request)).map_err(|Panicked| Refused::Bug)?;
        let append = Append {
            organisation: request.organisation,
            command: request.command,
            person: request.who,
            meta: meta(&request, &self.settings, basis),
            writes: vec![Write { target: Target::New(A::KIND), events: encoded }],
            claims,
            premise: Premise::default(),
            deadline: request.deadline,
        };
        let (landed, answer) = oneshot::channel();
        permit.submit(append, Box::new(move |result| drop(landed.send(result))));
        match timeout_at(given_up(request.deadline), answer).await {
            Ok(Ok(Ok(receipt))) => self.settle_in::<A>(&events, &receipt, &request).map(Outcome::Done),
            Ok(Ok(Err(Refusal::Duplicate(receipt)))) => Ok(Outcome::Earlier(receipt)),
            Ok(Ok(Err(refusal))) => Err(refusal.into_refused(0)),
            Ok(Err(_)) | Err(_) => Err(Refused::Unknown),
        }
    }

    /// Folds the new stream, starts its actor with it, and answers.
    fn settle_in<A: Hosted>(self: &Arc<Self>, events: &[A::Event], receipt: &Receipt, request: &Request) -> Result<Done<A::View>, Refused> {
        // It is in the log: without a directory or with a bug the outcome is there, but cannot be shown.
        let Some(part) = receipt.streams.first() else { return Err(Refused::Unknown) };
        let (directory, _) = self.directory(request.organisation).map_err(|_| Refused::Unknown)?;
        let mut fold = Fold::<A>::default();
        fold.take_own(events, receipt, (request.organisation, request.who), &directory).map_err(|Panicked| Refused::Unknown)?;
        let value = fold.publish(&directory).map_err(|Panicked| Refused::Unknown)?;
        let (version, position) = (fold.version, fold.position);
        let issued = Issued { organisation: request.organisation, who: request.who, at: self.journal.now(), directory: &directory };
        let view = A::after(&value, &issued);
        let done = Done { stream: part.stream, version, first: Some(part.first_position), position, replayed: false, view };
        if let Some(cluster) = self.cluster()
            && !matches!(cluster.view().owner(placement::slice(request.organisation, part.stream)), Owner::Here)
        {
            // Its actor lives elsewhere, and is opened by whoever asks for it first.
            return Ok(done);
        }
        let published = Arc::new(Published { organisation: fold.organisation, version, position, value });
        let origin = Origin::Fold { fold: Box::new(fold), published };
        let entry = self.registry.get_or_start(part.stream, || Entry::start(self.clone(), part.stream, origin));
        if self.tailing.load(std::sync::atomic::Ordering::SeqCst) > position {
            // The tail was past the new stream before there was an actor to tell of what followed.
            entry.doubt();
        }
        Ok(done)
    }
}

fn prepare<A: Hosted>(events: &[A::Event], issued: &Issued<'_>, request: &Request) -> (Vec<ClaimChange>, Vec<domain::codec::Encoded>) {
    // Its id is not known yet; no state may depend on it before the log has given it.
    let stream = StreamId::new(<A as Aggregate>::KIND, 0);
    let mut state = A::default();
    let mut claims = Vec::new();
    for (index, event) in (0_i16..).zip(events) {
        claims.extend(state.claims(event));
        state.evolve(event, &expected_header(issued, stream, request.command, i64::from(index) + 1, index));
    }
    (claims, events.iter().map(EventSet::encode).collect())
}
