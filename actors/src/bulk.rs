//! Commands on several streams that take effect together, or not at all. Each is decided here, on what the log holds of its
//! stream, and the facts of all are appended as one unit under one command id. The log refuses the unit when one of the streams
//! has moved meanwhile; that stream is then decided again. The actors of the streams are not asked: they hear of it as of
//! anything that was written elsewhere. Not for commands that begin streams, nor for those that claim something.

use std::sync::Arc;

use domain::codec::{Encoded, EventSet};
use domain::directory::OrganisationDirectory;
use domain::{Issued, Position, StreamId, Version};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::sync::oneshot;
use tokio::time::timeout_at;

use crate::ask::{Refused, Request};
use crate::caught::{Panicked, caught};
use crate::entity::{self, Decision, decide, meta};
use crate::execute::given_up;
use crate::fold::{FoldError, expected_header};
use crate::hosted::Hosted;
use crate::journal::{Append, Hash, Premise, Receipt, Refusal, Target, Write};
use crate::router::Router;

/// Streams that are read and decided at the same time.
const AT_ONCE: usize = 32;

/// A unit's durable answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// The log position that shows all of it; 0 where nothing had to change.
    pub position: Position,
    /// It had taken effect before.
    pub replayed: bool,
}

/// Why none of it was done, and which of the streams it is about.
#[derive(Clone, Debug)]
pub struct Stopped {
    pub stream: Option<StreamId>,
    pub refused: Refused,
}

impl From<Refused> for Stopped {
    fn from(refused: Refused) -> Self {
        Self { stream: None, refused }
    }
}

/// What one command leads to on what the log holds of its stream.
struct Decided {
    version: Version,
    hash: Option<Hash>,
    /// None where nothing has to change.
    events: Vec<Encoded>,
}

impl Router {
    /// Carries out all of `commands`, each on another stream of `A`, or none.
    pub async fn execute_all<A: Hosted>(
        self: &Arc<Self>,
        request: &Request,
        commands: &[(StreamId, A::Command)],
    ) -> Result<Together, Stopped> {
        let mut answer = self.attempt_all::<A>(request, commands).await;
        if self.cluster().is_some() && matches!(&answer, Err(Stopped { refused: Refused::Rejected { .. }, .. })) {
            // A "no" is not given before everything has been taken in that anybody was told elsewhere.
            self.catch_up().await?;
            answer = self.attempt_all::<A>(request, commands).await;
        }
        // A repeat of something that took effect may find nothing left to do, or a rule in its way.
        let nothing = matches!(&answer, Ok(together) if together.position == 0);
        if request.keyed && (nothing || matches!(&answer, Err(Stopped { refused: Refused::Rejected { .. }, .. }))) {
            let known = self.journal.read_command(request.organisation, request.command).await.map_err(|error| {
                tracing::warn!(error = &error as &dyn std::error::Error, "a command cannot be looked up");
                Refused::Unavailable("the log cannot be read".into())
            })?;
            if let Some(receipt) = known {
                return repeated(request, &receipt);
            }
        }
        answer
    }

    async fn attempt_all<A: Hosted>(self: &Arc<Self>, request: &Request, commands: &[(StreamId, A::Command)]) -> Result<Together, Stopped> {
        let mut decided: Vec<Option<Decided>> = commands.iter().map(|_| None).collect();
        let mut basis = Position::MAX;
        for _ in 0..self.settings.attempts_max {
            let (directory, position) = self.directory(request.organisation)?;
            basis = basis.min(position);
            let open = decided.iter().enumerate().filter(|(_, known)| known.is_none()).map(|(index, _)| index);
            let fresh = stream::iter(open.collect::<Vec<_>>()).map(|index| {
                let (stream, command) = &commands[index];
                let directory = &directory;
                async move {
                    let decided = self.decide_one::<A>(*stream, command, request, directory).await;
                    decided.map(|decided| (index, decided)).map_err(|refused| Stopped { stream: Some(*stream), refused })
                }
            });
            let fresh: Vec<_> = timeout_at(given_up(request.deadline), fresh.buffered(AT_ONCE).try_collect::<Vec<_>>())
                .await
                .map_err(|_| Refused::Busy("the deadline passed before the decision".into()))??;
            for (index, fresh) in fresh {
                decided[index] = Some(fresh);
            }
            match self.append_all(request, commands.iter().map(|(stream, _)| *stream), &decided, basis).await? {
                Ok(position) => return Ok(Together { position, replayed: false }),
                Err(Refusal::Duplicate(receipt)) => return repeated(request, &receipt),
                Err(Refusal::Conflict { stream, .. }) => {
                    // The others stand as long as nobody else writes to them either.
                    let Some(index) = commands.iter().position(|(known, _)| *known == stream) else { return Err(Refused::Bug.into()) };
                    decided[index] = None;
                }
                Err(refusal) => return Err(refusal.into_refused(0).into()),
            }
        }
        Err(Refused::Busy("conflicts with commands given elsewhere".into()).into())
    }

    async fn decide_one<A: Hosted>(
        self: &Arc<Self>,
        stream: StreamId,
        command: &A::Command,
        request: &Request,
        directory: &Arc<OrganisationDirectory>,
    ) -> Result<Decided, Refused> {
        let mut found = entity::read::<A>(self, stream).await.map_err(FoldError::Read).map_err(|error| unreadable(stream, &error))?;
        found.fold.take_recorded(&found.events, Version::MAX, directory).map_err(|error| unreadable(stream, &error))?;
        let fold = found.fold;
        let foreign = fold.organisation.is_some_and(|organisation| organisation != request.organisation);
        let issued = Issued { organisation: request.organisation, who: request.who, at: self.journal.now(), directory };
        let events = match decide(&fold.state, foreign, command, &issued) {
            Ok(Decision::Events(events)) => events,
            Ok(Decision::Nothing) => Vec::new(),
            Ok(Decision::Rejected { code, reason }) => return Err(Refused::Rejected { code, reason, position: fold.position }),
            Err(Panicked) => return Err(Refused::Bug),
        };
        let claims = caught(|| {
            let mut state = fold.state;
            let mut claims = 0;
            for (index, event) in (0_i16..).zip(&events) {
                claims += state.claims(event).len();
                state.evolve(event, &expected_header(&issued, stream, request.command, fold.version + 1 + i64::from(index), index));
            }
            claims
        });
        match claims {
            Ok(0) => {}
            Ok(_) => {
                tracing::error!(%stream, "a command that claims something cannot be one of several");
                return Err(Refused::Bug);
            }
            Err(Panicked) => return Err(Refused::Bug),
        }
        let events = caught(|| events.iter().map(EventSet::encode).collect()).map_err(|Panicked| Refused::Bug)?;
        Ok(Decided { version: fold.version, hash: fold.hash, events })
    }

    /// The position that shows it, or what the log has against it.
    async fn append_all(
        self: &Arc<Self>,
        request: &Request,
        streams: impl Iterator<Item = StreamId>,
        decided: &[Option<Decided>],
        basis: Position,
    ) -> Result<Result<Position, Refusal>, Refused> {
        let write = |(stream, decided): (StreamId, &Option<Decided>)| {
            let Decided { version, hash, events } = decided.as_ref().filter(|decided| !decided.events.is_empty())?;
            Some(Write { target: Target::Existing { stream, expected: *version, hash: *hash }, events: events.clone() })
        };
        let writes: Vec<Write> = streams.zip(decided).filter_map(write).collect();
        if writes.is_empty() {
            return Ok(Ok(0));
        }
        let permit = self.journal.reserve().map_err(|_| Refused::Busy("the journal".into()))?;
        let append = Append {
            organisation: request.organisation,
            command: request.command,
            person: request.who,
            meta: meta(request, &self.settings, basis),
            writes,
            claims: Vec::new(),
            premise: Premise::default(),
            deadline: request.deadline,
        };
        let (landed, answer) = oneshot::channel();
        permit.submit(append, Box::new(move |result| drop(landed.send(result))));
        match timeout_at(given_up(request.deadline), answer).await {
            Ok(Ok(landed)) => Ok(landed.map(|receipt| self.tell_of(&receipt))),
            Ok(Err(_)) | Err(_) => Err(Refused::Unknown),
        }
    }
}

impl Router {
    /// Lets the actors that live here know at once, so that whoever asked is shown it by them. The position that shows it.
    fn tell_of(&self, receipt: &Receipt) -> Position {
        for part in &receipt.streams {
            if let Some(live) = self.registry.get(part.stream) {
                live.heard(part.last_version());
            }
        }
        receipt.position()
    }
}

fn repeated(request: &Request, receipt: &Receipt) -> Result<Together, Stopped> {
    if request.keyed && receipt.fingerprint != request.meta.fingerprint {
        return Err(Refused::KeyReused.into());
    }
    let position = receipt.position();
    Ok(Together { position, replayed: position <= request.arrived })
}

fn unreadable(stream: StreamId, error: &FoldError) -> Refused {
    tracing::warn!(%stream, error = error as &dyn std::error::Error, "a stream cannot be read");
    match error {
        FoldError::Read(_) | FoldError::Decode(_) | FoldError::Stale(_) => Refused::Unavailable("the log cannot be read".into()),
        FoldError::Panicked => Refused::Bug,
    }
}
