//! What leaves no event: who looked at a task or a register, who had a file or a document, who signed in and who tried to, when
//! somebody was last here. Noted in memory and written in batches by [`writer`]; read by [`page`]. Nothing waits for it, and nothing that changes is recorded here.
//!
//! A note is lost when the node is killed before it is written (a second), or when more come than can be written; both are
//! the price for reads that cost no write, and the second is counted.

pub mod page;
mod writer;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::id::FileId;
use domain::{FormId, OrganisationId, PersonId, TaskId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::sync::Cache;
use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};

use crate::metrics;

/// Notes that wait to be written; more are not taken.
const WAITING_MAX: usize = 16_384;
/// What was read in this hour is remembered for as many persons and things.
const READ_MAX: u64 = 200_000;
const SEEN_SHARDS: usize = 16;
const SECONDS_OF_AN_HOUR: i64 = 3_600;

/// What somebody did. Numbers are stored, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i16)]
pub enum Kind {
    TaskRead = 1,
    FileRead = 2,
    RegisterRead = 3,
    /// As a page for paper, or by a print form.
    TaskExported = 4,
    /// As CSV, or as a workbook.
    RegisterExported = 5,
    /// The dialect's events 12, 13, 35 and 36.
    SignedIn = 12,
    SignInFailed = 13,
    SignedOut = 35,
    SessionTimedOut = 36,
}

/// Where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub address: Option<String>,
    pub agent: Option<String>,
}

/// A row in the making.
#[derive(Clone, Debug)]
struct Note {
    organisation: OrganisationId,
    kind: Kind,
    person: PersonId,
    subject: i64,
    at: Timestamp,
    login: Option<String>,
    from: Place,
}

/// When somebody was last here.
#[derive(Clone, Debug)]
struct Seen {
    organisation: OrganisationId,
    at: Timestamp,
    from: Place,
}

enum Message {
    Note(Box<Note>),
    Flush(oneshot::Sender<()>),
}

/// Takes notes. Cheap to clone.
#[derive(Clone)]
pub struct AccessLog {
    notes: mpsc::Sender<Message>,
    /// Person, what they read, and the hour.
    read: Cache<(PersonId, Kind, i64, i64), ()>,
    seen: Arc<SeenMap>,
}

impl AccessLog {
    /// Starts the writer; it ends, with everything written, when the last clone is gone.
    pub fn start(pool: PgPool, months: u32) -> Self {
        let (notes, waiting) = mpsc::channel(WAITING_MAX);
        let seen = Arc::new(SeenMap::default());
        tokio::spawn(writer::run(pool, waiting, seen.clone(), months));
        let read = Cache::builder().max_capacity(READ_MAX).time_to_live(Duration::from_secs(3_600)).build();
        Self { notes, read, seen }
    }

    /// Somebody was shown a task. `from` is asked for only when it is news.
    pub fn task_read(&self, organisation: OrganisationId, person: PersonId, task: TaskId, at: Timestamp, from: impl FnOnce() -> Place) {
        self.was_read(Kind::TaskRead, (organisation, person), task.0, at, from);
    }

    /// Somebody was given a file, or a part of it; likewise.
    pub fn file_read(&self, organisation: OrganisationId, person: PersonId, file: FileId, at: Timestamp, from: impl FnOnce() -> Place) {
        self.was_read(Kind::FileRead, (organisation, person), file.0, at, from);
    }

    /// Somebody looked into the register of a form; likewise.
    pub fn register_read(&self, organisation: OrganisationId, person: PersonId, form: FormId, at: Timestamp, from: impl FnOnce() -> Place) {
        self.was_read(Kind::RegisterRead, (organisation, person), form.0, at, from);
    }

    /// Somebody had a task, or the register of a form, as a document: noted each time.
    pub fn exported(&self, kind: Kind, organisation: OrganisationId, person: PersonId, subject: i64, at: Timestamp, from: Place) {
        self.note(Note { organisation, kind, person, subject, at, login: None, from });
    }

    fn was_read(
        &self,
        kind: Kind,
        (organisation, person): (OrganisationId, PersonId),
        subject: i64,
        at: Timestamp,
        from: impl FnOnce() -> Place,
    ) {
        let key = (person, kind, subject, at.as_second().div_euclid(SECONDS_OF_AN_HOUR));
        if self.read.contains_key(&key) {
            return;
        }
        if self.note(Note { organisation, kind, person, subject, at, login: None, from: from() }) {
            self.read.insert(key, ());
        }
    }

    /// Somebody signed in, or out.
    pub fn session(&self, kind: Kind, organisation: OrganisationId, person: PersonId, at: Timestamp, from: Place) {
        self.note(Note { organisation, kind, person, subject: 0, at, login: None, from });
    }

    /// Somebody tried to sign in as `login`, which is perhaps `person`.
    pub fn sign_in_failed(&self, login: &str, known: Option<(OrganisationId, PersonId)>, at: Timestamp, from: Place) {
        let (organisation, person) = known.unwrap_or((OrganisationId::SYSTEM, PersonId::SYSTEM));
        // What was typed may be a password in the wrong field: no more of it is kept than an address has.
        let login = login.chars().filter(|character| !character.is_control()).take(254).collect();
        self.note(Note { organisation, kind: Kind::SignInFailed, person, subject: 0, at, login: Some(login), from });
    }

    /// Somebody is here. `from` is asked for once a minute.
    pub fn seen(&self, organisation: OrganisationId, person: PersonId, at: Timestamp, from: impl FnOnce() -> Place) {
        self.seen.note(organisation, person, at, from);
    }

    /// Waits until everything that was noted is written, or given up.
    pub async fn flush(&self) {
        let (done, written) = oneshot::channel();
        if self.notes.send(Message::Flush(done)).await.is_ok() {
            let _ = written.await;
        }
    }

    fn note(&self, note: Note) -> bool {
        let taken = self.notes.try_send(Message::Note(Box::new(note))).is_ok();
        if !taken {
            metrics::access_log_lost(1);
        }
        taken
    }
}

/// Who was here since it was last written down.
#[derive(Default)]
struct SeenMap {
    /// The minute in which each person was last noted, and what of it is not written yet.
    shards: [Mutex<Shard>; SEEN_SHARDS],
    news: AtomicU64,
}

#[derive(Default)]
struct Shard {
    minutes: HashMap<PersonId, i64>,
    unwritten: HashMap<PersonId, Seen>,
}

impl SeenMap {
    fn note(&self, organisation: OrganisationId, person: PersonId, at: Timestamp, from: impl FnOnce() -> Place) {
        let minute = at.as_second().div_euclid(60);
        let index = usize::try_from(person.0.unsigned_abs() % SEEN_SHARDS as u64).unwrap_or(0);
        let shard = self.shards.get(index).unwrap_or(&self.shards[0]);
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.minutes.get(&person).is_some_and(|known| *known >= minute) {
            return;
        }
        shard.minutes.insert(person, minute);
        shard.unwritten.insert(person, Seen { organisation, at, from: from() });
        self.news.fetch_add(1, Ordering::Relaxed);
    }

    fn take(&self) -> Vec<(PersonId, Seen)> {
        if self.news.swap(0, Ordering::Relaxed) == 0 {
            return Vec::new();
        }
        let mut all = Vec::new();
        for shard in &self.shards {
            all.extend(shard.lock().unwrap_or_else(PoisonError::into_inner).unwritten.drain());
        }
        all
    }
}

/// The beginning of the hour of `at`.
fn hour(at: Timestamp) -> Timestamp {
    let second = at.as_second().div_euclid(SECONDS_OF_AN_HOUR) * SECONDS_OF_AN_HOUR;
    Timestamp::from_second(second).unwrap_or(at)
}

/// The beginning of the month of `at`, in UTC.
fn month(at: Timestamp) -> Timestamp {
    months_before(at, 0).unwrap_or(at)
}

/// The first moment of the month `months` before that of `at`.
fn months_before(at: Timestamp, months: u32) -> Option<Timestamp> {
    let day = at.to_zoned(TimeZone::UTC).date().first_of_month();
    let earlier = day.checked_sub(jiff::Span::new().try_months(i64::from(months)).ok()?).ok()?;
    Some(earlier.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests;
