//! The side that is asked: reads a question, passes it on once if its actor lives elsewhere, has it answered, and
//! says meanwhile that it is being worked on. What an answer is, the actors know.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::{Kind, OrganisationId, PersonId, Position, StreamId};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use tracing::Instrument;

use super::bus::Delivery;
use super::envelope::{Frame, PROTOCOLS, Question, Reply, Verb};
use super::metrics;
use super::placement;
use super::shared::Shared;
use super::transport::{NoAnswer, SILENCE_MAX};
use super::view::Owner;
use crate::ask::{Reading, Refused, Request, Task};
use crate::codec;
use crate::hosted::Hosted;
use crate::router::Router;

/// Questions that may be worked on; more are refused before anything is decided.
const AT_WORK_MAX: usize = 4_096;
/// Between two signs of life.
const SIGN_EVERY: Duration = SILENCE_MAX.checked_div(3).expect("three is not nothing");
/// The longest that another node may make this one wait for anything.
const DEADLINE_MAX: Duration = Duration::from_secs(60);

/// The kinds of stream whose actors this build hosts, and who answers what is no actor's matter.
#[derive(Clone, Default)]
pub struct Hosts {
    kinds: HashMap<Kind, Answer>,
    aside: Option<Arc<dyn Aside>>,
}

/// Answers what other nodes ask of this one that is no actor's matter.
pub trait Aside: Send + Sync + 'static {
    /// The answer, as whoever asks understands it.
    fn answer(&self, asked: Asked) -> BoxFuture<'static, Result<Bytes, Refused>>;
}

/// Something asked of a node itself, on behalf of somebody.
#[derive(Clone, Debug)]
pub struct Asked {
    pub organisation: OrganisationId,
    pub who: PersonId,
    /// The answer shows at least this much of the log.
    pub position: Position,
    pub deadline: Instant,
    pub body: Bytes,
}

type Answer = fn(Arc<Router>, Question) -> BoxFuture<'static, Reply>;

impl Hosts {
    /// And those of `A`.
    #[must_use]
    pub fn with<A: Hosted>(mut self) -> Self {
        self.kinds.insert(A::KIND, |router, question| Box::pin(answer::<A>(router, question)));
        self
    }

    /// And what is no actor's matter.
    #[must_use]
    pub fn aside(mut self, aside: Arc<dyn Aside>) -> Self {
        self.aside = Some(aside);
        self
    }
}

pub(super) struct Desk {
    shared: Arc<Shared>,
    router: Arc<Router>,
    hosts: Hosts,
    at_work: Arc<Semaphore>,
    /// Whether this node can write to the log; while it cannot, it gives no sign of life, so that others take over.
    fit: Arc<AtomicBool>,
}

impl Desk {
    pub fn new(shared: Arc<Shared>, router: Arc<Router>, hosts: Hosts, fit: Arc<AtomicBool>) -> Self {
        Self { shared, router, hosts, at_work: Arc::new(Semaphore::new(AT_WORK_MAX)), fit }
    }

    /// Takes a question in, and has it answered in its own time.
    pub fn take_in(self: &Arc<Self>, delivery: Delivery) {
        let Some(to) = delivery.reply else { return };
        let question = match Question::decode(&delivery.payload, self.shared.protocol_max) {
            Ok(question) => question,
            Err(error) => {
                tracing::warn!(%error, bytes = delivery.payload.len(), "a question of another node cannot be understood");
                metrics::unreadable();
                let desk = self.clone();
                // In the oldest version, which every build speaks.
                tokio::spawn(async move { desk.send(&to, Reply::Unreadable, PROTOCOLS.0).await });
                return;
            }
        };
        let protocol = codec::schema_of(&delivery.payload).unwrap_or(PROTOCOLS.0);
        let Ok(place) = self.at_work.clone().try_acquire_owned() else {
            let desk = self.clone();
            let busy = undone(&question, "the node");
            tokio::spawn(async move { desk.send(&to, busy, protocol).await });
            return;
        };
        let desk = self.clone();
        let span = tracing::debug_span!("remote", trace = question.trace.as_deref(), stream = %question.stream);
        let work = async move {
            let _place = place;
            desk.serve(&to, question, protocol).await;
        };
        // A bug in what is asked costs its asker an answer, and this node nothing.
        let mut work = Box::pin(AssertUnwindSafe(work.instrument(span)).catch_unwind());
        // Most reads are answered at once: done here, many answers leave in one write; each in a task of its own, one by one.
        if work.as_mut().now_or_never().is_none() {
            tokio::spawn(work);
        }
    }

    async fn serve(self: &Arc<Self>, to: &str, question: Question, protocol: u16) {
        let mut work = std::pin::pin!(self.answer(question, protocol));
        let mut signs = tokio::time::interval_at(tokio::time::Instant::now() + SIGN_EVERY, SIGN_EVERY);
        loop {
            tokio::select! {
                biased;
                record = &mut work => return self.send_record(to, &record).await,
                _ = signs.tick() => {
                    if self.fit.load(Ordering::Relaxed) {
                        // Whoever misses it goes to another node; nothing else comes of it.
                        let _ = self.shared.bus.publish(to.to_owned(), None, Frame::alive()).await;
                    }
                }
            }
        }
    }

    /// The answer's record.
    async fn answer(&self, mut question: Question, protocol: u16) -> Bytes {
        if log_deadline(&self.router, question.deadline).is_none() {
            // Nobody waits for it any more, and whoever asked has been told so.
            return record(undone(&question, "the deadline passed before the question arrived"), protocol);
        }
        if !self.fit.load(Ordering::Relaxed) && !question.takeover {
            return record(Reply::Elsewhere, protocol);
        }
        if question.verb == Verb::Aside {
            return record(self.aside(question).await, protocol);
        }
        let slice = placement::slice(question.organisation, question.stream);
        let view = self.shared.view();
        if let (Owner::There(peer), false, 0) = (view.owner(slice), question.takeover, question.hops)
            && peer.boot != question.from
        {
            metrics::served(true);
            question.hops += 1;
            let deadline = Instant::now() + log_deadline(&self.router, question.deadline).unwrap_or_default();
            match self.shared.ask_peer(peer, &question, deadline).await.map(|reply| Reply::decode(&reply)) {
                Ok(Ok(Reply::Elsewhere | Reply::Unreadable)) => {}
                // Said again in the version of whoever asked.
                Ok(Ok(reply)) => return record(reply, protocol),
                Ok(Err(_)) => question.submitted = true,
                Err(NoAnswer::Silence | NoAnswer::Late) => {
                    self.shared.suspect(peer);
                    question.submitted = true;
                }
                Err(NoAnswer::NotDelivered) => self.shared.gone(peer),
                Err(NoAnswer::Full | NoAnswer::Unspeakable) => {}
            }
        }
        metrics::served(false);
        let Some(answer) = self.hosts.kinds.get(&question.stream.kind) else { return record(Reply::Unreadable, protocol) };
        record(answer(self.router.clone(), question).await, protocol)
    }

    async fn aside(&self, question: Question) -> Reply {
        let Some(aside) = &self.hosts.aside else { return Reply::Unreadable };
        let deadline = Instant::now() + log_deadline(&self.router, question.deadline).unwrap_or_default();
        let Question { organisation, who, position, body, .. } = question;
        match aside.answer(Asked { organisation, who, position, deadline, body }).await {
            Ok(view) => Reply::Seen { version: 0, position, view },
            Err(refused) => Reply::Refused(refused),
        }
    }

    async fn send(&self, to: &str, reply: Reply, protocol: u16) {
        self.send_record(to, &record(reply, protocol)).await;
    }

    async fn send_record(&self, to: &str, record: &Bytes) {
        for frame in Frame::parts(record, self.shared.bus.payload_max()) {
            if let Err(error) = self.shared.bus.publish(to.to_owned(), None, frame).await {
                // The asker meets silence, and looks the command up.
                tracing::debug!(%error, "an answer was not sent");
                return;
            }
        }
    }
}

/// That nothing was done here; where somebody else was given it before, nothing can be said of it.
fn undone(question: &Question, why: &'static str) -> Reply {
    Reply::Refused(if question.submitted { Refused::Unknown } else { Refused::Busy(why.into()) })
}

/// A reply that is too large for a record took effect all the same, so that nothing can be said of it.
fn record(reply: Reply, protocol: u16) -> Bytes {
    reply.encode(protocol).or_else(|_| Reply::Refused(Refused::Unknown).encode(protocol)).unwrap_or_default()
}

/// How long is left until a deadline by the log's clock; nothing when it has passed.
fn log_deadline(router: &Router, deadline: i64) -> Option<Duration> {
    let left = u64::try_from(deadline.saturating_sub(router.journal.now().as_microsecond())).ok().filter(|left| *left > 0)?;
    Some(Duration::from_micros(left).min(DEADLINE_MAX))
}

/// Has a question answered by the actor of its stream, here.
async fn answer<A: Hosted>(router: Arc<Router>, question: Question) -> Reply {
    let Ok(_underway) = router.enter() else { return Reply::Elsewhere };
    let deadline = Instant::now() + log_deadline(&router, question.deadline).unwrap_or_default();
    match question.verb {
        Verb::Execute => {
            let Ok(command) = codec::decode::<A::Command>(A::MESSAGES, &question.body) else { return unreadable(question.stream) };
            let request = Request {
                organisation: question.organisation,
                who: question.who,
                command: question.command,
                keyed: question.keyed,
                meta: question.meta,
                deadline,
                arrived: question.position,
                brief: question.brief,
                trace: question.trace,
            };
            let task = Box::new(Task::<A> { request, command, submitted: question.submitted });
            match router.execute_here::<A>(question.stream, task).await {
                Ok(done) => match if question.brief { Ok(Bytes::new()) } else { encode::<A>(&done.view) } {
                    Ok(view) => Reply::Done {
                        stream: done.stream,
                        version: done.version,
                        first: done.first,
                        position: done.position,
                        replayed: done.replayed,
                        view,
                    },
                    Err(refused) => Reply::Refused(refused),
                },
                Err(refused) => Reply::Refused(refused),
            }
        }
        Verb::Read => {
            let Ok(query) = codec::decode::<A::Query>(A::MESSAGES, &question.body) else { return unreadable(question.stream) };
            let reading = Reading {
                organisation: question.organisation,
                who: question.who,
                at_least: Some(question.position).filter(|position| *position > 0),
                deadline,
            };
            match router.read_here::<A>(question.stream, reading, query).await {
                Ok(seen) => match encode::<A>(&seen.view) {
                    Ok(view) => Reply::Seen { version: seen.version, position: seen.position, view },
                    Err(refused) => Reply::Refused(refused),
                },
                Err(refused) => Reply::Refused(refused),
            }
        }
        // Answered before an actor is looked for.
        Verb::Aside => Reply::Unreadable,
    }
}

fn encode<A: Hosted>(view: &A::View) -> Result<Bytes, Refused> {
    codec::encode(A::MESSAGES, view).map(Bytes::from).map_err(|error| {
        tracing::error!(%error, "an answer cannot be sent");
        Refused::Unknown
    })
}

fn unreadable(stream: StreamId) -> Reply {
    tracing::warn!(%stream, "a question holds something that this build does not understand");
    metrics::unreadable();
    Reply::Unreadable
}
