//! The queue of the log in memory, and the thread that writes from it, so that answers come from
//! another thread as they do in production. Not the log itself.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{QUEUE_MAX, lock};
use crate::journal::prepared::Prepared;
use crate::journal::{Append, Busy, Completion, Permit, Receipt, Refusal};

/// The thread that writes; it ends when the last journal that shares it is dropped.
pub(super) struct Writer {
    queue: Arc<Queue>,
    places: Arc<Semaphore>,
}

impl Writer {
    pub fn start(write: impl Fn(Prepared) -> Result<Receipt, Refusal> + Send + 'static) -> Self {
        let queue = Arc::new(Queue::default());
        let writer = Self { queue: queue.clone(), places: Arc::new(Semaphore::new(QUEUE_MAX)) };
        thread::spawn(move || {
            while let Some(Queued { prepared, completion, place }) = queue.next() {
                let answer = prepared.and_then(&write);
                drop(place);
                completion(answer);
            }
        });
        writer
    }

    pub fn reserve(&self) -> Result<Box<dyn Permit>, Busy> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Busy)?;
        Ok(Box::new(Place { queue: self.queue.clone(), place }))
    }

    /// Commands that wait.
    pub fn waiting(&self) -> usize {
        QUEUE_MAX - self.places.available_permits()
    }

    /// Whether commands wait unwritten.
    pub fn hold(&self, held: bool) {
        self.queue.lock().held = held;
        self.queue.changed.notify_all();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.lock().stopping = true;
        self.queue.changed.notify_all();
    }
}

#[derive(Default)]
struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    waiting: VecDeque<Queued>,
    held: bool,
    stopping: bool,
}

struct Queued {
    prepared: Result<Prepared, Refusal>,
    completion: Completion,
    place: OwnedSemaphorePermit,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        lock(&self.state)
    }

    /// The next command, once there is one and nothing holds it back.
    fn next(&self) -> Option<Queued> {
        let mut state = self.lock();
        loop {
            if !state.held
                && let Some(queued) = state.waiting.pop_front()
            {
                return Some(queued);
            }
            if state.stopping {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

struct Place {
    queue: Arc<Queue>,
    place: OwnedSemaphorePermit,
}

impl Permit for Place {
    fn submit(self: Box<Self>, append: Append, completion: Completion) {
        let mut state = self.queue.lock();
        if state.stopping {
            drop(state);
            return completion(Err(Refusal::Unavailable("the journal was stopped".into())));
        }
        state.waiting.push_back(Queued { prepared: Prepared::new(append), completion, place: self.place });
        drop(state);
        self.queue.changed.notify_all();
    }
}
