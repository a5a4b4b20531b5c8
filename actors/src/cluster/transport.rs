//! Asking another node: a question goes to its one subject, the answer comes back in frames to a subject of its own.
//! Silence is noticed early, since whoever works on a question says so; how long the work takes is bounded by the
//! question's deadline alone. Not whom to ask, nor what follows from silence (see [`super::remote`]).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio::time::Instant;

use super::bus::{Delivery, Unsent};
use super::envelope::Frame;
use super::member::{Boot, Member};
use super::metrics;
use super::shared::Shared;
use crate::codec::RECORD_BYTES_MAX;

/// Without a sign of life for so long, a node is passed over.
pub const SILENCE_MAX: Duration = Duration::from_millis(300);
/// Questions to one node that may be unanswered; more are not sent.
const IN_FLIGHT_MAX: usize = 1_024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// It was not sent: too many are unanswered.
    Full,
    /// It was not sent, or nobody listened: nothing was done.
    NotDelivered,
    /// It was not sent: it is larger than a message may be, or of no version that both speak.
    Unspeakable,
    /// It may have been carried out, or may yet be.
    Silence,
    /// The deadline passed; likewise.
    Late,
}

/// The questions that this node waits to have answered.
#[derive(Default)]
pub(crate) struct Transport {
    number: AtomicU64,
    waiting: Mutex<HashMap<u64, Waiter>>,
    lanes: Mutex<HashMap<Boot, Arc<Semaphore>>>,
    in_flight: AtomicUsize,
}

/// An answer as it comes in.
struct Waiter {
    parts: Vec<Bytes>,
    bytes: usize,
    alive: Arc<Notify>,
    answer: oneshot::Sender<Result<Bytes, NoAnswer>>,
}

impl Transport {
    /// How much may be under way to one node.
    fn lane(&self, boot: Boot) -> Arc<Semaphore> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.entry(boot).or_insert_with(|| Arc::new(Semaphore::new(IN_FLIGHT_MAX))).clone()
    }

    /// Forgets the lanes of nodes that are not there any more.
    pub fn keep(&self, there: impl Fn(Boot) -> bool) {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner).retain(|boot, _| there(*boot));
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Waiter>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) -> (Waiting<'_>, oneshot::Receiver<Result<Bytes, NoAnswer>>) {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        let alive = Arc::new(Notify::new());
        self.waiting().insert(number, Waiter { parts: Vec::new(), bytes: 0, alive: alive.clone(), answer });
        metrics::in_flight(self.in_flight.fetch_add(1, Ordering::Relaxed) + 1);
        (Waiting { transport: self, number, alive }, answered)
    }

    /// Takes in what arrived for a question, whose number is the last part of the subject.
    pub fn take_in(&self, delivery: &Delivery) {
        let Some(number) = delivery.subject.rsplit('.').next().and_then(|number| number.parse().ok()) else { return };
        let mut waiting = self.waiting();
        let Some(waiter) = waiting.get_mut(&number) else { return };
        let ended = if delivery.nobody { Some(Err(NoAnswer::NotDelivered)) } else { waiter.take_in(&delivery.payload) };
        if let Some(ended) = ended
            && let Some(waiter) = waiting.remove(&number)
        {
            drop(waiting);
            // Whoever asked may have gone.
            let _ = waiter.answer.send(ended);
        }
    }
}

impl Waiter {
    /// The whole answer, once it is there; `Silence` when it cannot become whole any more.
    fn take_in(&mut self, frame: &Bytes) -> Option<Result<Bytes, NoAnswer>> {
        let expected = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        match Frame::decode(frame) {
            Ok(Frame::Alive) => {
                self.alive.notify_one();
                None
            }
            Ok(Frame::Part { last, number, bytes }) if number == expected && self.bytes + bytes.len() <= RECORD_BYTES_MAX => {
                self.alive.notify_one();
                self.bytes += bytes.len();
                self.parts.push(bytes);
                last.then(|| Ok(self.whole()))
            }
            // A part was lost, or somebody speaks another language.
            Ok(Frame::Part { .. }) | Err(_) => {
                metrics::unreadable();
                Some(Err(NoAnswer::Silence))
            }
        }
    }

    fn whole(&mut self) -> Bytes {
        if let [one] = self.parts.as_slice() {
            return one.clone();
        }
        let mut whole = BytesMut::with_capacity(self.bytes);
        for part in &self.parts {
            whole.extend_from_slice(part);
        }
        whole.freeze()
    }
}

/// A question that is waited for; forgotten when nobody does any more.
struct Waiting<'a> {
    transport: &'a Transport,
    number: u64,
    alive: Arc<Notify>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.transport.waiting().remove(&self.number);
        metrics::in_flight(self.transport.in_flight.fetch_sub(1, Ordering::Relaxed) - 1);
    }
}

impl Shared {
    /// Asks a node, and waits for its answer until `deadline`.
    pub async fn ask(&self, peer: &Member, question: Bytes, deadline: Instant) -> Result<Bytes, NoAnswer> {
        let begun = Instant::now();
        let outcome = self.ask_unmeasured(peer, question, deadline).await;
        let name = match &outcome {
            Ok(_) => "answered",
            Err(NoAnswer::Full) => "full",
            Err(NoAnswer::NotDelivered) => "nobody",
            Err(NoAnswer::Unspeakable) => "unspeakable",
            Err(NoAnswer::Silence) => "silence",
            Err(NoAnswer::Late) => "late",
        };
        metrics::asked(name, begun.elapsed());
        outcome
    }

    async fn ask_unmeasured(&self, peer: &Member, question: Bytes, deadline: Instant) -> Result<Bytes, NoAnswer> {
        let Ok(_lane) = self.transport.lane(peer.boot).try_acquire_owned() else { return Err(NoAnswer::Full) };
        let (waiting, mut answered) = self.transport.wait();
        let reply = self.subjects.reply(self.boot, waiting.number);
        match self.bus.publish(self.subjects.node(peer.boot), Some(reply), question).await {
            Ok(()) => {}
            Err(Unsent::TooLarge { .. }) => return Err(NoAnswer::Unspeakable),
            // It may lie in a buffer, and arrive yet.
            Err(Unsent::Disconnected | Unsent::Refused(_)) => return Err(NoAnswer::Silence),
        }
        let mut patience = Instant::now() + SILENCE_MAX;
        loop {
            tokio::select! {
                biased;
                answer = &mut answered => return answer.unwrap_or(Err(NoAnswer::Silence)),
                () = waiting.alive.notified() => patience = Instant::now() + SILENCE_MAX,
                () = tokio::time::sleep_until(patience.min(deadline)) => {
                    return Err(if patience <= deadline { NoAnswer::Silence } else { NoAnswer::Late });
                }
            }
        }
    }
}
