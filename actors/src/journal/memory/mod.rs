//! The log in memory: the same promises, nothing kept. For tests of what stands on the journal, with
//! switches to make it slow, refuse or fail. Not for production.

mod writer;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{ClaimKind, CommandId, Header, Kind, OrganisationId, Position, Recorded, StreamId, Version};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::watch;

use super::chain::START;
use super::judge::{Ledger, Verdict};
use super::prepared::Prepared;
use super::{Append, Busy, Erasure, Hash, Head, Journal, Opening, Permit, ReadFailure, Receipt, Refusal, Snapshot, Step, Unhealthy};
use crate::audit::Stored;
use writer::Writer;

/// Commands that may wait.
pub const QUEUE_MAX: usize = 4_096;

/// A log in memory and its writer. Clones share both; [`MemoryJournal::reopened`] shares the log alone.
#[derive(Clone)]
pub struct MemoryJournal {
    log: Arc<Mutex<Log>>,
    head: watch::Sender<Head>,
    /// What this journal has written, not the others over the same log.
    written: watch::Sender<Head>,
    writer: Arc<Writer>,
}

struct Log {
    ledger: Ledger,
    events: Vec<Stored>,
    streams: HashMap<StreamId, Vec<usize>>,
    snapshots: HashMap<StreamId, Snapshot>,
    next_organisation: i64,
    next_person: i64,
    next_others: BTreeMap<Kind, i64>,
    clock: Option<Timestamp>,
    refuse: VecDeque<Refusal>,
    reads_fail: bool,
}

impl Default for MemoryJournal {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryJournal {
    /// An empty log.
    pub fn new() -> Self {
        let ledger = Ledger {
            position: 0,
            at: Timestamp::UNIX_EPOCH,
            rolling: START,
            next_task: 1,
            versions: HashMap::new(),
            claims: HashMap::new(),
            commands: HashMap::new(),
        };
        let log = Log {
            ledger,
            events: Vec::new(),
            streams: HashMap::new(),
            snapshots: HashMap::new(),
            next_organisation: 1,
            next_person: 1001,
            next_others: BTreeMap::new(),
            clock: None,
            refuse: VecDeque::new(),
            reads_fail: false,
        };
        Self::over(Arc::new(Mutex::new(log)), watch::Sender::new(Head { incarnation: 1, position: 0 }))
    }

    /// Another journal over the same log, as after a restart, or on another node.
    pub fn reopened(&self) -> Self {
        Self::over(self.log.clone(), self.head.clone())
    }

    fn over(log: Arc<Mutex<Log>>, head: watch::Sender<Head>) -> Self {
        let (queued_log, queued_head) = (log.clone(), head.clone());
        let written = watch::Sender::new(*head.borrow());
        let queued_written = written.clone();
        let writer = Writer::start(move |prepared| {
            let mut log = lock(&queued_log);
            let answer = match log.refuse.pop_front() {
                Some(refusal) => Err(refusal),
                None => log.append(&[prepared]).remove(0),
            };
            publish(&queued_head, log.ledger.position);
            publish(&queued_written, log.ledger.position);
            answer
        });
        Self { log, head, written, writer: Arc::new(writer) }
    }

    /// From now on commands wait unwritten, as behind a slow commit, until [`MemoryJournal::release`].
    pub fn hold(&self) {
        self.writer.hold(true);
    }

    /// Writes what waited, in order.
    pub fn release(&self) {
        self.writer.hold(false);
    }

    /// Commands that wait.
    pub fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// The next command to be written is refused with this instead. Several are used up in order.
    pub fn refuse_next(&self, refusal: Refusal) {
        self.log().refuse.push_back(refusal);
    }

    /// Whether reads fail from now on.
    pub fn fail_reads(&self, fail: bool) {
        self.log().reads_fail = fail;
    }

    /// Sets the log's clock, which then stands still. Times in the log never go back all the same.
    pub fn set_clock(&self, at: Timestamp) {
        self.log().clock = Some(at);
    }

    /// Writes at once, past the queue and all switches, as another node would.
    pub fn append_elsewhere(&self, append: Append) -> Result<Receipt, Refusal> {
        let prepared = Prepared::new(append)?;
        let receipt = self.log().append(std::slice::from_ref(&prepared)).remove(0)?;
        self.publish();
        Ok(receipt)
    }

    /// Every event as it is kept, in order.
    pub fn stored(&self) -> Vec<Stored> {
        self.log().events.clone()
    }

    /// The head's rolling hash.
    pub fn rolling(&self) -> Hash {
        self.log().ledger.rolling
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    fn publish(&self) {
        let position = self.log().ledger.position;
        publish(&self.head, position);
    }

    fn read<T>(&self, read: impl FnOnce(&Log) -> T) -> Result<T, ReadFailure> {
        let log = self.log();
        if log.reads_fail { Err(sqlx::Error::PoolTimedOut.into()) } else { Ok(read(&log)) }
    }
}

/// A panic under the lock is a failed test; the log itself is whole, since it changes by pushes only.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn publish(head: &watch::Sender<Head>, position: Position) {
    head.send_if_modified(|head| {
        let moved = position > head.position;
        head.position = head.position.max(position);
        moved
    });
}

impl Log {
    #[expect(clippy::disallowed_methods, reason = "the journal owns the log's clock")]
    fn now(&self) -> Timestamp {
        self.clock.unwrap_or_else(Timestamp::now)
    }

    fn append(&mut self, commands: &[Prepared]) -> Vec<Result<Receipt, Refusal>> {
        let clock = self.now();
        let Verdict { answers, events, .. } = self.ledger.judge(commands, clock, std::time::Instant::now());
        for staged in events {
            self.streams.entry(staged.stream).or_default().push(self.events.len());
            self.events.push(Stored {
                recorded: Recorded {
                    header: Header {
                        organisation: staged.command.organisation,
                        stream: staged.stream,
                        version: staged.version,
                        position: staged.position,
                        at: self.ledger.at,
                        person: staged.command.person,
                        command: staged.command.command,
                        index: staged.index,
                    },
                    event_type: staged.event.encoded.event_type.to_owned(),
                    schema: staged.event.encoded.schema,
                    meta: staged.command.meta.clone(),
                    payload: staged.event.encoded.payload.clone(),
                    hash: staged.hash,
                },
                salt: Some(staged.event.salt.to_vec()),
                digest: staged.event.digest,
            });
        }
        answers
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<Receipt, Refusal> {
        erasure.check()?;
        let place = |position: Position| usize::try_from(position - 1).ok();
        for substitute in &erasure.substitutes {
            let event = place(substitute.position).and_then(|place| self.events.get(place));
            if !event.is_some_and(|event| {
                event.recorded.header.organisation == erasure.organisation && event.recorded.header.stream.kind != Kind::Audit
            }) {
                return Err(Refusal::Malformed("an erasure names an event that is not there to erase".into()));
            }
        }
        if let Some(release) = &erasure.release {
            let actual = self.ledger.versions.get(&release.stream).map_or(0, |(version, _)| *version);
            if actual != release.expected {
                return Err(Refusal::Conflict { stream: release.stream, actual });
            }
        }
        let expected = self.ledger.versions.get(&erasure.stream()).map_or(0, |(version, _)| *version);
        let receipt = self.append(&[Prepared::new(erasure.record(expected))?]).remove(0)?;
        for substitute in &erasure.substitutes {
            let event = place(substitute.position).and_then(|place| self.events.get_mut(place)).expect("found above");
            event.recorded.meta.clone_from(&substitute.meta);
            event.recorded.payload.clone_from(&substitute.payload);
            event.salt = None;
            self.snapshots.remove(&event.recorded.header.stream);
        }
        if let Some(release) = &erasure.release {
            for (kind, key) in &release.claims {
                let claim = (erasure.organisation, *kind, key.clone());
                if self.ledger.claims.get(&claim) == Some(&release.stream) {
                    self.ledger.claims.remove(&claim);
                }
            }
        }
        Ok(receipt)
    }

    fn stream(&self, stream: StreamId, after: Version) -> impl Iterator<Item = Recorded> {
        let places = self.streams.get(&stream).map(Vec::as_slice).unwrap_or_default();
        let skip = usize::try_from(after).unwrap_or_default().min(places.len());
        places[skip..].iter().map(|place| self.events[*place].recorded.clone())
    }

    fn hash_at(&self, stream: StreamId, version: Version) -> Option<Hash> {
        let place = usize::try_from(version - 1).ok()?;
        self.streams.get(&stream)?.get(place).map(|place| self.events[*place].recorded.hash)
    }
}

impl Journal for MemoryJournal {
    fn reserve(&self) -> Result<Box<dyn Permit>, Busy> {
        self.writer.reserve()
    }

    fn head(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    fn written(&self) -> watch::Receiver<Head> {
        self.written.subscribe()
    }

    fn told(&self, head: Head) {
        self.head.send_if_modified(|known| {
            let moved = head.incarnation == known.incarnation && head.position > known.position;
            if moved {
                *known = head;
            }
            moved
        });
    }

    fn current_head(&self) -> BoxFuture<'_, Result<Head, ReadFailure>> {
        Box::pin(async { self.read(|log| Head { incarnation: 1, position: log.ledger.position }) })
    }

    fn read_stream(&self, stream: StreamId, after: Version, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, ReadFailure>> {
        Box::pin(async move { self.read(|log| log.stream(stream, after).take(limit).collect()) })
    }

    fn read_all(&self, after: Position, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, ReadFailure>> {
        let skip = usize::try_from(after).unwrap_or_default();
        Box::pin(async move { self.read(|log| log.events.iter().skip(skip).take(limit).map(|event| event.recorded.clone()).collect()) })
    }

    fn read_steps(&self, after: Position, limit: usize) -> BoxFuture<'_, Result<Vec<Step>, ReadFailure>> {
        let skip = usize::try_from(after).unwrap_or_default();
        let step = |event: &Stored| {
            let header = &event.recorded.header;
            Step { position: header.position, stream: Some(header.stream), version: header.version }
        };
        Box::pin(async move { self.read(|log| log.events.iter().skip(skip).take(limit).map(step).collect()) })
    }

    fn read_command(&self, organisation: OrganisationId, command: CommandId) -> BoxFuture<'_, Result<Option<Receipt>, ReadFailure>> {
        Box::pin(async move {
            self.read(|log| {
                let known = log.ledger.commands.get(&command)?;
                (known.organisation == organisation).then(|| known.receipt.clone())
            })
        })
    }

    fn open(&self, stream: StreamId, fingerprint: u64) -> BoxFuture<'_, Result<Opening, ReadFailure>> {
        Box::pin(async move {
            self.read(|log| {
                let snapshot = log
                    .snapshots
                    .get(&stream)
                    .filter(|snapshot| snapshot.fingerprint == fingerprint && log.hash_at(stream, snapshot.version) == Some(snapshot.hash));
                let after = snapshot.map_or(0, |snapshot| snapshot.version);
                Opening { snapshot: snapshot.cloned(), events: log.stream(stream, after).collect() }
            })
        })
    }

    fn save_snapshot(&self, snapshot: Snapshot) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut log = self.log();
            let newer = log.snapshots.get(&snapshot.stream).is_none_or(|kept| {
                kept.version < snapshot.version || (kept.version == snapshot.version && kept.fingerprint != snapshot.fingerprint)
            });
            if newer {
                log.snapshots.insert(snapshot.stream, snapshot);
            }
        })
    }

    fn next_id(&self, kind: Kind) -> BoxFuture<'_, Result<i64, ReadFailure>> {
        Box::pin(async move {
            let mut log = self.log();
            let next = match kind {
                Kind::Organisation => &mut log.next_organisation,
                Kind::Person | Kind::Role => &mut log.next_person,
                Kind::Department
                | Kind::List
                | Kind::Announcement
                | Kind::Article
                | Kind::Account
                | Kind::Award
                | Kind::Catalog
                | Kind::Form
                | Kind::Filter
                | Kind::File => log.next_others.entry(kind).or_insert(1),
                Kind::Task | Kind::Audit | Kind::Inbox => return Err(ReadFailure::NotHandedOut(kind)),
            };
            *next += 1;
            Ok(*next - 1)
        })
    }

    fn claim_holder(
        &self,
        organisation: OrganisationId,
        kind: ClaimKind,
        key: &str,
    ) -> BoxFuture<'_, Result<Option<StreamId>, ReadFailure>> {
        let claim = (organisation, kind, key.to_owned());
        Box::pin(async move { self.read(|log| log.ledger.claims.get(&claim).copied()) })
    }

    fn erase(&self, erasure: Erasure) -> BoxFuture<'_, Result<Receipt, Refusal>> {
        Box::pin(async move {
            let receipt = self.log().erase(&erasure);
            self.publish();
            receipt
        })
    }

    fn health(&self) -> Result<(), Unhealthy> {
        Ok(())
    }

    fn stalled(&self) -> Duration {
        Duration::ZERO
    }

    fn now(&self) -> Timestamp {
        let log = self.log();
        log.now().max(log.ledger.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Target;
    use crate::journal::conformance::{append, at, one, person, submit};

    #[tokio::test]
    async fn what_is_held_is_written_once_it_is_released_and_others_can_write_meanwhile() {
        let journal = MemoryJournal::new();
        journal.hold();
        let held = submit(&journal, one(Target::New(Kind::Task)));
        assert_eq!(journal.waiting(), 1);
        journal.append_elsewhere(one(at(person(1), 0))).expect("written elsewhere");
        assert_eq!(journal.head().borrow().position, 1);
        journal.release();
        assert_eq!(held.await.expect("answered").expect("written").position(), 2);
    }

    #[tokio::test]
    async fn it_refuses_and_fails_when_told() {
        let journal = MemoryJournal::new();
        journal.refuse_next(Refusal::Unknown);
        assert_eq!(append(&journal, one(at(person(1), 0))).await, Err(Refusal::Unknown));
        append(&journal, one(at(person(1), 0))).await.expect("only that one");
        journal.fail_reads(true);
        assert!(matches!(journal.open(person(1), 1).await, Err(ReadFailure::Database(_))));
        journal.fail_reads(false);
        assert_eq!(journal.open(person(1), 1).await.expect("read").events.len(), 1);
    }

    #[tokio::test]
    async fn its_clock_stands_where_it_is_set_and_times_do_not_go_back_with_it() {
        let journal = MemoryJournal::new();
        let late = Timestamp::from_second(2_000_000_000).expect("in range");
        journal.set_clock(late);
        assert_eq!(append(&journal, one(at(person(1), 0))).await.expect("written").at, late);
        journal.set_clock(Timestamp::from_second(1_000_000_000).expect("in range"));
        assert_eq!(append(&journal, one(at(person(1), 1))).await.expect("written").at, late);
    }
}
