//! One open stream: where its entries go, and what it has to do with. Who gets which entries is the hub's matter.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{OrganisationId, PersonId, Position, TaskId};
use tokio::sync::mpsc::{self, error::TrySendError};
use uuid::Uuid;

use super::entry::Entry;
use super::standing::Standing;

/// A stream, as the hub holds it. Its reader gets what was sent before the hub let go of it, and then its end.
pub struct Stream {
    /// In this process.
    pub number: u64,
    /// How its person names it when they say what they look at.
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub person: PersonId,
    /// What lies up to here it was told, or is told by a replay.
    pub after: Position,
    sender: mpsc::Sender<Arc<Entry>>,
    inside: Mutex<Inside>,
}

struct Inside {
    standing: Standing,
    /// The number in the inbox that it was told last.
    inbox: Option<(u32, bool)>,
    /// How much was unread, and what was the newest, when it was told last.
    notified: (i64, Position),
    viewing: Option<TaskId>,
}

/// A reader that does not keep up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSlow;

impl Stream {
    pub fn new(
        number: u64,
        (organisation, after): (OrganisationId, Position),
        standing: Standing,
        sender: mpsc::Sender<Arc<Entry>>,
    ) -> Self {
        let person = standing.person();
        #[expect(clippy::disallowed_methods, reason = "the gateway is the edge, where ids are minted")]
        let id = Uuid::new_v4();
        let inside = Mutex::new(Inside { standing, inbox: None, notified: (0, 0), viewing: None });
        Self { number, id, organisation, person, after, sender, inside }
    }

    /// # Errors
    /// [`TooSlow`] when there is no room. Whoever has gone is told nothing, which is no error.
    pub fn send(&self, entry: &Arc<Entry>) -> Result<(), TooSlow> {
        match self.sender.try_send(Arc::clone(entry)) {
            Ok(()) | Err(TrySendError::Closed(_)) => Ok(()),
            Err(TrySendError::Full(_)) => Err(TooSlow),
        }
    }

    /// Sends what belongs to a position, unless it lies before the stream's beginning.
    ///
    /// # Errors
    /// As [`Stream::send`].
    pub fn send_of(&self, position: Position, entry: &Arc<Entry>) -> Result<(), TooSlow> {
        if position <= self.after { Ok(()) } else { self.send(entry) }
    }

    pub fn standing(&self) -> Standing {
        self.inside().standing.clone()
    }

    /// Looks at what it rests on, and changes what is known of it.
    pub fn judged<T>(&self, judge: impl FnOnce(&mut Standing) -> T) -> T {
        judge(&mut self.inside().standing)
    }

    /// Notes what is in the inbox; whether that is news to it.
    pub fn is_news(&self, count: (u32, bool)) -> bool {
        self.inside().inbox.replace(count) != Some(count)
    }

    /// Notes how much is unread and what is the newest; whether that is news to it.
    pub fn is_notified(&self, now: (i64, Position)) -> bool {
        std::mem::replace(&mut self.inside().notified, now) != now
    }

    pub fn viewing(&self) -> Option<TaskId> {
        self.inside().viewing
    }

    /// It looks at this now; gives back what it looked at before.
    pub fn views(&self, task: Option<TaskId>) -> Option<TaskId> {
        std::mem::replace(&mut self.inside().viewing, task)
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
