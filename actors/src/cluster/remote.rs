//! A command or a read for a stream whose actor lives on another node: whom to ask, and what follows when there is
//! no answer. However it goes, a command takes effect once: it bears one id wherever it is sent, and the log knows it.
//! Not how a message travels (see [`super::transport`]).

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use domain::{CommandId, Position, StreamId};
use uuid::Uuid;

use super::desk::Asked as AskedAside;
use super::envelope::{PROTOCOLS, Question, Reply, Verb};
use super::member::Member;
use super::metrics;
use super::placement;
use super::shared::Shared;
use super::transport::NoAnswer;
use super::view::Owner;
use crate::ask::{Done, Reading, Refused, Request, Seen, Task};
use crate::codec;
use crate::hosted::Hosted;
use crate::journal::Meta;
use crate::router::Router;

/// Other nodes that are asked before this one does the work itself.
const ATTEMPTS_MAX: usize = 4;

/// What became of asking others.
enum Asked {
    Reply(Reply),
    /// Nobody else can do it: this node does. `submitted`: somebody may be doing it all the same.
    Here {
        submitted: bool,
    },
    Refused(Refused),
}

impl Shared {
    /// Asks the owner of the question's slice, or whoever comes after it when it is silent.
    async fn ask_owner(&self, mut question: Question, deadline: Instant) -> Asked {
        let slice = placement::slice(question.organisation, question.stream);
        for attempt in 0..ATTEMPTS_MAX {
            let view = self.view();
            let Owner::There(peer) = view.owner(slice) else { break };
            question.takeover = attempt > 0 || view.in_doubt();
            match self.ask_peer(peer, &question, deadline).await {
                Ok(reply) => match Reply::decode(&reply) {
                    Ok(Reply::Elsewhere) => self.suspect(peer),
                    // It is of another build, which may not know of this; the log is the same.
                    Ok(Reply::Unreadable) => break,
                    Ok(reply) => return Asked::Reply(reply),
                    Err(error) => {
                        tracing::error!(peer = peer.name, %error, "an answer cannot be understood");
                        metrics::unreadable();
                        question.submitted = true;
                        break;
                    }
                },
                Err(NoAnswer::Unspeakable) => break,
                Err(NoAnswer::Full) if !question.submitted => {
                    crate::metrics::actor_busy("peer");
                    return Asked::Refused(Refused::Busy("the way to the actor".into()));
                }
                Err(NoAnswer::Full) => return Asked::Refused(Refused::Unknown),
                Err(NoAnswer::NotDelivered) => self.gone(peer),
                Err(NoAnswer::Silence) => {
                    self.suspect(peer);
                    question.submitted = true;
                }
                Err(NoAnswer::Late) => return Asked::Refused(Refused::Unknown),
            }
        }
        Asked::Here { submitted: question.submitted }
    }

    /// Asks one node, in the newest version that both speak.
    pub(super) async fn ask_peer(&self, peer: &Arc<Member>, question: &Question, deadline: Instant) -> Result<Bytes, NoAnswer> {
        let protocol = self.protocol_max.min(peer.protocols.1);
        if protocol < peer.protocols.0.max(PROTOCOLS.0) {
            // Two builds too far apart to understand each other.
            return Err(NoAnswer::Unspeakable);
        }
        let Ok(record) = question.encode(protocol) else { return Err(NoAnswer::Unspeakable) };
        self.ask(peer, record, deadline.into()).await
    }
}

/// Carries out a command wherever its stream's actor lives.
pub(crate) async fn execute<A: Hosted>(
    router: &Arc<Router>,
    shared: &Arc<Shared>,
    stream: StreamId,
    mut task: Box<Task<A>>,
) -> Result<Done<A::View>, Refused> {
    let (request, command) = (&task.request, &task.command);
    let slice = placement::slice(request.organisation, stream);
    if matches!(shared.view().owner(slice), Owner::Here) {
        return router.execute_here::<A>(stream, task).await;
    }
    // What cannot be sent is done here.
    let Ok(body) = codec::encode(A::MESSAGES, command) else { return router.execute_here::<A>(stream, task).await };
    let question = Question {
        verb: Verb::Execute,
        who: request.who,
        command: request.command,
        keyed: request.keyed,
        submitted: task.submitted,
        position: request.arrived,
        brief: request.brief,
        meta: request.meta.clone(),
        trace: request.trace.clone(),
        ..blank(shared, stream, request.organisation, log_time(router, request.deadline), body.into())
    };
    match shared.ask_owner(question, request.deadline).await {
        Asked::Reply(reply) => done::<A>(reply, request),
        Asked::Refused(refused) => Err(refused),
        Asked::Here { submitted } => {
            task.submitted |= submitted;
            router.execute_here::<A>(stream, task).await
        }
    }
}

/// Asks one node for what is no actor's matter.
pub(super) async fn aside(router: &Router, shared: &Shared, peer: &Arc<Member>, asked: AskedAside) -> Result<Bytes, Refused> {
    let stream = StreamId::new(domain::Kind::Organisation, asked.organisation.0);
    let question = Question {
        verb: Verb::Aside,
        who: asked.who,
        position: asked.position,
        takeover: true,
        ..blank(shared, stream, asked.organisation, log_time(router, asked.deadline), asked.body)
    };
    let unavailable = |why: &str| Refused::Unavailable(why.into());
    match shared.ask_peer(peer, &question, asked.deadline).await {
        Ok(reply) => match Reply::decode(&reply) {
            Ok(Reply::Seen { view, .. }) => Ok(view),
            Ok(Reply::Refused(refused)) => Err(refused),
            Ok(Reply::Done { .. } | Reply::Elsewhere | Reply::Unreadable) | Err(_) => Err(unavailable("the node does not understand")),
        },
        Err(NoAnswer::NotDelivered) => {
            shared.gone(peer);
            Err(unavailable("the node is gone"))
        }
        Err(NoAnswer::Silence) => {
            shared.suspect(peer);
            Err(unavailable("the node gives no sign of life"))
        }
        Err(NoAnswer::Full | NoAnswer::Unspeakable | NoAnswer::Late) => Err(unavailable("the node does not answer in time")),
    }
}

/// Reads a stream wherever its actor lives.
pub(crate) async fn read<A: Hosted>(
    router: &Arc<Router>,
    shared: &Arc<Shared>,
    stream: StreamId,
    reading: Reading,
    query: A::Query,
) -> Result<Seen<A::View>, Refused> {
    let slice = placement::slice(reading.organisation, stream);
    if matches!(shared.view().owner(slice), Owner::Here) {
        return router.read_here::<A>(stream, reading, query).await;
    }
    let Ok(body) = codec::encode(A::MESSAGES, &query) else { return router.read_here::<A>(stream, reading, query).await };
    let question = Question {
        verb: Verb::Read,
        who: reading.who,
        position: reading.at_least.unwrap_or_default(),
        ..blank(shared, stream, reading.organisation, log_time(router, reading.deadline), body.into())
    };
    match shared.ask_owner(question, reading.deadline).await {
        Asked::Reply(Reply::Seen { version, position, view }) => Ok(Seen { version, position, view: view_of::<A>(&view)? }),
        Asked::Reply(Reply::Refused(Refused::Unknown)) | Asked::Refused(Refused::Unknown) => {
            Err(Refused::Unavailable("the stream could not be read in time".into()))
        }
        Asked::Reply(Reply::Refused(refused)) | Asked::Refused(refused) => Err(refused),
        Asked::Reply(Reply::Done { .. } | Reply::Elsewhere | Reply::Unreadable) | Asked::Here { .. } => {
            router.read_here::<A>(stream, reading, query).await
        }
    }
}

fn done<A: Hosted>(reply: Reply, request: &Request) -> Result<Done<A::View>, Refused> {
    match reply {
        Reply::Done { stream, version, first, position, replayed, view } => {
            let view = if request.brief { A::View::default() } else { view_of::<A>(&view)? };
            Ok(Done { stream, version, first, position, replayed, view })
        }
        Reply::Refused(refused) => Err(refused),
        // Not an answer to a command.
        Reply::Seen { .. } | Reply::Elsewhere | Reply::Unreadable => Err(Refused::Unknown),
    }
}

/// It was done, or seen; only, it cannot be shown.
fn view_of<A: Hosted>(view: &[u8]) -> Result<A::View, Refused> {
    codec::decode(A::MESSAGES, view).map_err(|error| {
        tracing::error!(%error, "what another node shows cannot be read");
        metrics::unreadable();
        Refused::Unknown
    })
}

fn blank(shared: &Shared, stream: StreamId, organisation: domain::OrganisationId, deadline: i64, body: Bytes) -> Question {
    Question {
        from: shared.boot,
        verb: Verb::Read,
        stream,
        organisation,
        who: domain::PersonId::SYSTEM,
        command: CommandId(Uuid::nil()),
        keyed: false,
        submitted: false,
        deadline,
        hops: 0,
        takeover: false,
        position: Position::default(),
        brief: false,
        meta: Meta::default(),
        trace: None,
        body,
    }
}

/// A deadline by the log's clock, which all nodes share, whatever their own clocks say.
pub(super) fn log_time(router: &Router, deadline: Instant) -> i64 {
    let left = deadline.saturating_duration_since(Instant::now());
    router.journal.now().as_microsecond().saturating_add(i64::try_from(left.as_micros()).unwrap_or(i64::MAX))
}
