//! What waits for the writer, and who waits for its answer. Not the writing (see [`super::writer`]).

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_util::sync::CancellationToken;

use super::Settings;
use super::trouble::Trouble;
use crate::journal::prepared::Prepared;
use crate::journal::{Completion, Erasure, Receipt, Refusal};
use crate::metrics;

pub(super) type Message = Box<Queued>;

/// A command as it was submitted.
pub(super) struct Queued {
    pub prepared: Result<Prepared, Refusal>,
    /// The append is the record of this.
    pub erasure: Option<Erasure>,
    pub waiter: Waiter,
}

/// Who gets the answer. Its place in the queue is free again once it is given. A waiter that is dropped without one (the
/// writer has a bug) is told that nothing is known.
pub(super) struct Waiter {
    completion: Option<Completion>,
    _place: OwnedSemaphorePermit,
}

impl Waiter {
    pub fn new(completion: Completion, place: OwnedSemaphorePermit) -> Self {
        Self { completion: Some(completion), _place: place }
    }

    pub fn answer(mut self, answer: Result<Receipt, Refusal>) {
        self.complete(answer);
    }

    fn complete(&mut self, answer: Result<Receipt, Refusal>) {
        let Some(completion) = self.completion.take() else { return };
        if let Err(refusal) = &answer {
            metrics::journal_refused(refusal);
        }
        // A bug of one who waits is not to stop the writer.
        if catch_unwind(AssertUnwindSafe(|| completion(answer))).is_err() {
            tracing::error!("the completion of an append panicked");
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.complete(Err(Refusal::Unknown));
    }
}

/// What was submitted and is not under way. Bounded by the places that are handed out.
pub(super) struct Intake {
    receiver: mpsc::UnboundedReceiver<Message>,
    waiting: VecDeque<Message>,
    stop: CancellationToken,
}

impl Intake {
    pub fn new(receiver: mpsc::UnboundedReceiver<Message>, stop: CancellationToken) -> Self {
        Self { receiver, waiting: VecDeque::new(), stop }
    }

    /// What waits, up to a batch's bounds, as soon as anything does; nothing once the journal is stopped and all is taken.
    pub async fn batch(&mut self, settings: &Settings) -> Option<Batch> {
        loop {
            if self.waiting.is_empty() {
                let message = tokio::select! {
                    biased;
                    message = self.receiver.recv() => message?,
                    () = self.stop.cancelled(), if !self.receiver.is_closed() => {
                        // What was sent before is still received.
                        self.receiver.close();
                        continue;
                    }
                };
                self.waiting.push_back(message);
            }
            self.pump();
            metrics::journal_waiting(self.waiting.len());
            let mut batch = Batch::default();
            self.take(settings, &mut batch);
            if !batch.commands.is_empty() {
                return Some(batch);
            }
        }
    }

    /// Adds what came in since the batch was taken, up to a batch's bounds. Waits for nothing.
    pub fn top_up(&mut self, settings: &Settings, batch: &mut Batch) {
        self.pump();
        metrics::journal_waiting(self.waiting.len());
        self.take(settings, batch);
    }

    fn take(&mut self, settings: &Settings, batch: &mut Batch) {
        let mut bytes: usize = batch.commands.iter().map(|command| command.bytes).sum();
        let now = Instant::now();
        while batch.commands.len() < settings.batch_max && bytes < settings.batch_bytes_max {
            if self.waiting.front().is_some_and(|next| next.erasure.is_some()) && !batch.commands.is_empty() {
                break;
            }
            let Some(queued) = self.waiting.pop_front() else { break };
            match queued.prepared {
                // Told now, while it is certain: once the batch is under way a slow answer of the database leaves it in doubt.
                Ok(prepared) if prepared.deadline <= now => {
                    prepared.premise.fail();
                    queued.waiter.answer(Err(Refusal::Expired));
                    continue;
                }
                Ok(prepared) => {
                    bytes += prepared.bytes;
                    batch.waiters.push(prepared.deadline, queued.waiter);
                    batch.commands.push(prepared);
                }
                Err(refusal) => queued.waiter.answer(Err(refusal)),
            }
            batch.erasure = queued.erasure;
            if batch.erasure.is_some() {
                break;
            }
        }
    }

    fn pump(&mut self) {
        while let Ok(message) = self.receiver.try_recv() {
            self.waiting.push_back(message);
        }
    }

    /// Answers those whose deadline has passed.
    pub fn expire(&mut self) {
        if self.stop.is_cancelled() {
            self.receiver.close();
        }
        self.pump();
        let now = Instant::now();
        for queued in std::mem::take(&mut self.waiting) {
            match &queued.prepared {
                Ok(prepared) if prepared.deadline <= now => {
                    prepared.premise.fail();
                    queued.waiter.answer(Err(Refusal::Expired));
                }
                _ => self.waiting.push_back(queued),
            }
        }
        metrics::journal_waiting(self.waiting.len());
    }

    /// Whether the journal was stopped and nobody waits.
    pub fn done(&mut self) -> bool {
        self.pump();
        self.waiting.is_empty() && (self.stop.is_cancelled() || self.receiver.is_closed())
    }
}

/// Commands that are written together, or an erasure's record alone.
#[derive(Default)]
pub(super) struct Batch {
    pub commands: Vec<Prepared>,
    pub erasure: Option<Erasure>,
    pub waiters: Waiters,
}

impl Batch {
    pub fn halve(mut self) -> (Self, Self) {
        let half = self.commands.len() / 2;
        let second = Self {
            commands: self.commands.split_off(half),
            erasure: None,
            waiters: Waiters { waiting: self.waiters.waiting.split_off(half), in_doubt: self.waiters.in_doubt },
        };
        (self, second)
    }
}

/// Who waits for a batch, and whether an attempt at it may have been committed.
#[derive(Default)]
pub(super) struct Waiters {
    /// In the order of the commands; nobody where the answer was given.
    waiting: Vec<(Instant, Option<Waiter>)>,
    pub in_doubt: bool,
}

impl Waiters {
    fn push(&mut self, deadline: Instant, waiter: Waiter) {
        self.waiting.push((deadline, Some(waiter)));
    }

    pub fn any(&self) -> bool {
        self.waiting.iter().any(|(_, waiter)| waiter.is_some())
    }

    /// What a failed attempt says about whether the batch may be in the log. `decided`: it got as far as a judgement,
    /// so it had looked for what an earlier attempt may have left.
    pub fn learn(&mut self, trouble: &Trouble, decided: bool) {
        self.in_doubt = trouble.maybe_written || (self.in_doubt && !decided);
    }

    /// Answers those whose deadline has passed. `decided`: an attempt is past its judgement of deadlines.
    pub fn expire(&mut self, decided: bool) {
        let refusal = if decided || self.in_doubt { Refusal::Unknown } else { Refusal::Expired };
        let now = Instant::now();
        for (_, waiter) in self.waiting.iter_mut().filter(|(deadline, _)| *deadline <= now) {
            if let Some(waiter) = waiter.take() {
                waiter.answer(Err(refusal.clone()));
            }
        }
    }

    pub fn answer(&mut self, answers: Vec<Result<Receipt, Refusal>>) {
        for ((_, waiter), answer) in self.waiting.iter_mut().zip(answers) {
            if let Some(waiter) = waiter.take() {
                waiter.answer(answer);
            }
        }
    }

    pub fn refuse(&mut self, refusal: &Refusal) {
        for waiter in self.waiting.iter_mut().filter_map(|(_, waiter)| waiter.take()) {
            waiter.answer(Err(if self.in_doubt { Refusal::Unknown } else { refusal.clone() }));
        }
    }
}
