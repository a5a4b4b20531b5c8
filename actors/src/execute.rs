//! The caller's side of a command: find the actor, ask, ask again when it died, and find the first answer
//! of a repeat. Not the decision (see [`crate::entity`]).

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{CommandId, Issued, OrganisationId, PersonId, Position, StreamId};
use tokio::time::timeout_at;

use crate::ask::{Ask, Done, Outcome, Refused, Request, Task};
use crate::cluster::remote;
use crate::entity::NotSent;
use crate::fold;
use crate::hosted::Hosted;
use crate::journal::Receipt;
use crate::metrics;
use crate::router::Router;

/// The journal answers by a command's deadline; this much later it is given up, and the outcome is not known.
const GRACE: Duration = Duration::from_millis(500);

/// The moment at which the outcome of a command counts as unknown.
pub(crate) fn given_up(deadline: Instant) -> tokio::time::Instant {
    tokio::time::Instant::from_std(deadline + GRACE)
}

/// What must be known of a command once it is on its way.
pub(crate) struct Sent {
    organisation: OrganisationId,
    who: PersonId,
    command: CommandId,
    keyed: bool,
    arrived: Position,
    fingerprint: Option<String>,
}

impl Sent {
    pub fn of(request: &Request) -> Self {
        Self {
            organisation: request.organisation,
            who: request.who,
            command: request.command,
            keyed: request.keyed,
            arrived: request.arrived,
            fingerprint: request.meta.fingerprint.clone(),
        }
    }
}

impl Sent {
    /// Whether what is in the log since `position` was asked for before: nobody who `submitted` it for this very request
    /// can have written it.
    fn is_repeat(&self, position: Position, submitted: bool) -> bool {
        !submitted || position <= self.arrived
    }
}

impl Router {
    /// Carries out a command on a stream, wherever its actor lives.
    pub async fn execute<A: Hosted>(
        self: &Arc<Self>,
        stream: StreamId,
        request: Request,
        command: A::Command,
    ) -> Result<Done<A::View>, Refused> {
        let task = Task::new(request, command);
        match self.cluster() {
            Some(cluster) => remote::execute::<A>(self, cluster, stream, task).await,
            None => self.decide_here::<A>(stream, task).await,
        }
    }

    /// Carries out a command by an actor of this node, whoever else there is. A "no" is not given before everything has
    /// been taken in that anybody was told elsewhere; a "yes" is the log's to judge.
    pub async fn execute_here<A: Hosted>(self: &Arc<Self>, stream: StreamId, task: Box<Task<A>>) -> Result<Done<A::View>, Refused> {
        if self.cluster().is_none() {
            return self.decide_here::<A>(stream, task).await;
        }
        let again = Box::new(Task::<A> { request: task.request.clone(), command: task.command.clone(), submitted: task.submitted });
        match self.decide_here::<A>(stream, task).await {
            Ok(done) if done.first.is_none() => {}
            Err(Refused::Rejected { .. }) => {}
            answer => return answer,
        }
        self.catch_up().await?;
        self.decide_here::<A>(stream, again).await
    }

    async fn decide_here<A: Hosted>(self: &Arc<Self>, stream: StreamId, mut task: Box<Task<A>>) -> Result<Done<A::View>, Refused> {
        let sent = Sent::of(&task.request);
        let given_up = given_up(task.request.deadline);
        for _ in 0..self.settings.attempts_max {
            let Some(entry) = self.entry::<A>(stream) else { return Err(wrong_kind(stream)) };
            entry.touch(self.uptime(Instant::now()));
            let submitted = task.submitted;
            let (ask, answer) = Ask::new(task);
            match entry.ask(ask) {
                Ok(()) => {}
                Err(NotSent::Full) => {
                    metrics::actor_busy("mailbox");
                    return self.conclude::<A>(Outcome::Refused(Refused::Busy("mailbox".into())), &sent, submitted).await;
                }
                Err(NotSent::Closed(ask)) => {
                    self.registry.remove(&entry);
                    task = ask.into_task();
                    if let Some(refused) = entry.closed() {
                        return self.conclude::<A>(Outcome::Refused(refused), &sent, submitted).await;
                    }
                    continue;
                }
            }
            match timeout_at(given_up, answer).await {
                Ok(Ok(Outcome::Dropped(dropped))) => {
                    task = dropped;
                    if let Some(refused) = entry.closed() {
                        return self.conclude::<A>(Outcome::Refused(refused), &sent, task.submitted).await;
                    }
                }
                Ok(Ok(outcome)) => return self.conclude(outcome, &sent, submitted).await,
                // Without an answer nothing can be said.
                Ok(Err(_)) | Err(_) => return Err(Refused::Unknown),
            }
        }
        self.conclude::<A>(Outcome::Refused(Refused::Busy("the actor".into())), &sent, task.submitted).await
    }

    /// From what an actor said to what the caller is told. `submitted`: an actor died with the command before,
    /// so that it may be in the log, or on its way there.
    pub async fn conclude<A: Hosted>(
        self: &Arc<Self>,
        outcome: Outcome<A>,
        sent: &Sent,
        submitted: bool,
    ) -> Result<Done<A::View>, Refused> {
        let answer = match outcome {
            Outcome::Done(done) => return Ok(Done { replayed: done.replayed && sent.is_repeat(done.position, submitted), ..done }),
            Outcome::Earlier(receipt) => return self.earlier::<A>(*receipt, sent, submitted).await,
            Outcome::Dropped(_) => return Err(Refused::Unknown),
            Outcome::Nothing(done) => Ok(done),
            Outcome::Refused(refused) => Err(refused),
        };
        // A repeat of something that took effect may find nothing left to do, or a rule in its way.
        let may_be_repeat = submitted || (sent.keyed && matches!(answer, Ok(_) | Err(Refused::Rejected { .. })));
        if !may_be_repeat {
            return answer;
        }
        match self.journal.read_command(sent.organisation, sent.command).await {
            Ok(Some(receipt)) => self.earlier::<A>(receipt, sent, submitted).await,
            Ok(None) if submitted => Err(Refused::Unknown),
            Ok(None) => answer,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a command cannot be looked up");
                Err(if submitted { Refused::Unknown } else { Refused::Unavailable("the log cannot be read".into()) })
            }
        }
    }

    /// The answer that a command had when it took effect: same ids, same position, the view as of then.
    async fn earlier<A: Hosted>(self: &Arc<Self>, receipt: Receipt, sent: &Sent, submitted: bool) -> Result<Done<A::View>, Refused> {
        if sent.keyed && receipt.fingerprint != sent.fingerprint {
            return Err(Refused::KeyReused);
        }
        let Some(part) = receipt.streams.first().filter(|part| part.stream.kind == A::KIND) else {
            return Err(Refused::KeyReused);
        };
        // It took effect: whatever keeps it from being shown, nobody may be told that it did not.
        let (directory, _) = self.directory(sent.organisation).map_err(|_| Refused::Unknown)?;
        let version = part.last_version();
        let issued = Issued { organisation: sent.organisation, who: sent.who, at: self.journal.now(), directory: &directory };
        let live = self.live::<A>(part.stream).and_then(|entry| {
            let published = entry.published();
            published.as_ref().filter(|published| published.version == version).map(|published| A::after(&published.value, &issued))
        });
        let view = match live {
            Some(view) => view,
            None => {
                let then = fold::as_of::<A>(self.journal.as_ref(), part.stream, version, &directory).await;
                let published = then.and_then(|mut then| Ok(then.publish(&directory)?));
                let published = published.map_err(|error| {
                    tracing::warn!(stream = %part.stream, error = &error as &dyn std::error::Error, "an answer cannot be given again");
                    Refused::Unknown
                })?;
                A::after(&published, &issued)
            }
        };
        Ok(Done {
            stream: part.stream,
            version,
            first: Some(part.first_position),
            position: receipt.position(),
            replayed: sent.is_repeat(receipt.position(), submitted),
            view,
        })
    }
}

/// A programming mistake of the caller: a stream of one kind asked as another.
pub(crate) fn wrong_kind(stream: StreamId) -> Refused {
    tracing::error!(%stream, "a stream was asked as another kind than it is");
    Refused::Bug
}
