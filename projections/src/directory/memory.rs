//! The directory in memory: loaded from the stored one at its checkpoint, then kept true by reading the log
//! itself. It does not wait for the view in Postgres, and writes nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use domain::article::Article;
use domain::catalog::Heading;
use domain::codec::{DecodeError, EventSet};
use domain::department::Department;
use domain::filter::Filter;
use domain::form::Form;
use domain::list::List;
use domain::organisation::Organisation;
use domain::person::{self, Person};
use domain::role::Role;
use domain::{Aggregate, Directory, Kind, OrganisationId, Position, Recorded, StreamId, Version};
use futures_util::TryStreamExt;
use sqlx::{PgConnection, PgPool};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::DirectoryFollower;
use crate::checkpoint;
use crate::erased::{self, Part};
use crate::failure::{Failure, Refused};
use crate::feed::{Feed, Head};
use crate::follower::Follower;
use crate::generation::Generation;
use crate::parked::{self, ParkedStreams, stream_of};
use crate::progress::Behind;
use crate::runner::{Settings, must_wait};

/// A directory that has not been level with a freshly read head for longer than this is too old to decide on.
pub const BEHIND_MAX: Duration = Duration::from_secs(2);

/// How often the head is read although nobody told of a new one. Several times within [`BEHIND_MAX`], so that one
/// slow answer of the database does not make the directory too old.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// The directory as every part of this node sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DirectoryHandle {
    shared: Arc<Shared>,
    position: watch::Receiver<Position>,
}

#[derive(Debug)]
struct Shared {
    now: ArcSwap<(Directory, Position)>,
    born: Instant,
    /// Milliseconds from `born` to when it was last level with the head.
    level: AtomicU64,
    parked: AtomicBool,
}

impl DirectoryHandle {
    /// The directory, and the position that it is true at.
    pub fn current(&self) -> (Directory, Position) {
        let now = self.shared.now.load();
        (now.0.clone(), now.1)
    }

    /// How long ago it was last level with a head of the log read just then.
    pub fn behind(&self) -> Duration {
        self.shared.born.elapsed().saturating_sub(Duration::from_millis(self.shared.level.load(Ordering::Relaxed)))
    }

    /// Whether it lacks the events of some organisation, person or role.
    pub fn parked(&self) -> bool {
        self.shared.parked.load(Ordering::Relaxed)
    }

    /// Whether it may not be decided on: over [`BEHIND_MAX`] behind, or lacking events.
    pub fn stale(&self) -> bool {
        self.parked() || self.behind() > BEHIND_MAX
    }

    /// Waits until it shows everything up to `wanted`, at most for `timeout`.
    pub async fn caught_up(&self, wanted: Position, timeout: Duration) -> Result<(Directory, Position), Behind> {
        let mut position = self.position.clone();
        match tokio::time::timeout(timeout, position.wait_for(|now| *now >= wanted)).await {
            Ok(Ok(_)) => Ok(self.current()),
            Ok(Err(_)) | Err(_) => Err(Behind { view: "directory in memory", position: self.current().1, wanted }),
        }
    }
}

/// The task that keeps the directory true.
pub(crate) struct Tail {
    pool: PgPool,
    feed: Feed,
    settings: Settings,
    shared: Arc<Shared>,
    tell: watch::Sender<Position>,
    loaded: Loaded,
}

/// What was read from Postgres, carried on by the log.
#[derive(Debug)]
struct Loaded {
    directory: Directory,
    position: Position,
    incarnation: i64,
    parked: ParkedStreams,
}

impl Tail {
    /// Loads the stored directory.
    pub async fn load(pool: PgPool, feed: Feed, settings: Settings) -> Result<(Self, DirectoryHandle), Failure> {
        let loaded = load(&pool).await?;
        let (tell, position) = watch::channel(loaded.position);
        let shared = Arc::new(Shared {
            now: ArcSwap::from_pointee((loaded.directory.clone(), loaded.position)),
            // As old as if it had never been level, until it is.
            born: Instant::now().checked_sub(BEHIND_MAX * 2).unwrap_or_else(Instant::now),
            level: AtomicU64::new(0),
            parked: AtomicBool::new(!loaded.parked.is_empty()),
        });
        let handle = DirectoryHandle { shared: shared.clone(), position };
        Ok((Self { pool, feed, settings, shared, tell, loaded }, handle))
    }

    /// Runs until `shutdown`.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let stopped = shutdown.clone();
        tokio::select! {
            () = stopped.cancelled() => {}
            () = self.forever() => {}
        }
    }

    async fn forever(&mut self) {
        let mut attempt = 0;
        loop {
            match self.follow(&mut attempt).await {
                Ok(never) => match never {},
                Err(error) => {
                    attempt += 1;
                    let wait = must_wait("directory_memory", &error, attempt, self.settings.backoff_max);
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    async fn follow(&mut self, attempt: &mut u32) -> Result<std::convert::Infallible, Failure> {
        loop {
            let begun = Instant::now();
            let head = self.feed.head().await?;
            if head.incarnation != self.loaded.incarnation || !self.loaded.parked.is_empty() {
                self.reload(head).await?;
            }
            self.catch_up(head).await?;
            // Level with a head that was read after `begun`.
            let level = begun.duration_since(self.shared.born);
            self.shared.level.store(u64::try_from(level.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
            *attempt = 0;
            let seen = Head { incarnation: self.loaded.incarnation, position: self.loaded.position };
            self.feed.wait(seen, self.settings.poll.min(LOOK_EVERY)).await;
            tokio::time::sleep(self.settings.pace.saturating_sub(begun.elapsed())).await;
        }
    }

    async fn catch_up(&mut self, head: Head) -> Result<(), Failure> {
        while self.loaded.position < head.position {
            let batch = self.feed.read(self.loaded.position, head.position, self.settings.page).await?;
            for event in &batch.events {
                if self.loaded.parked.contains(&stream_of(event)) {
                    continue;
                }
                let taken = match event.header.stream.kind {
                    Kind::Audit => self.forget(event).await,
                    _ => self.applied(event),
                };
                match taken {
                    Ok(()) => {}
                    Err(Refused::Retry(error)) => return Err(error.into()),
                    Err(Refused::Park { .. } | Refused::Unclear(_)) => {
                        // The reason may quote the event's content; the view in Postgres keeps it with the event.
                        let (position, stream) = (event.header.position, event.header.stream);
                        tracing::error!(event.position = position, %stream, "the directory lacks an event: see parked_event");
                        self.loaded.parked.insert(stream_of(event));
                    }
                }
            }
            self.loaded.position = batch.upto;
            self.publish(!batch.events.is_empty());
        }
        Ok(())
    }

    fn applied(&mut self, event: &Recorded) -> Result<(), Refused> {
        let park = |error: DecodeError| Refused::Park { position: event.header.position, reason: error.into() };
        self.loaded.directory.apply(event).map_err(park)
    }

    /// Takes the persons whose events were erased anew, as the log holds them now up to this record of it.
    async fn forget(&mut self, record: &Recorded) -> Result<(), Refused> {
        for part in erased::parts(std::slice::from_ref(record))? {
            let Part::Erased { at, positions } = part else { continue };
            let mut tx = self.pool.begin().await?;
            let streams = erased::streams(&positions, &[Kind::Person], &mut *tx).await?;
            let upto: Vec<_> = streams.into_iter().map(|(_, stream)| (stream, Version::MAX)).collect();
            let mut persons: HashMap<StreamId, Person> = HashMap::new();
            let mut events = erased::histories(&upto, &mut tx);
            while let Some(event) = events.try_next().await? {
                if event.header.position < at && !self.loaded.parked.contains(&stream_of(&event)) {
                    let fact = person::Event::decode(&event.event_type, event.schema, &event.payload);
                    let fact = fact.map_err(|error| Refused::Park { position: at, reason: error.into() })?;
                    persons.entry(event.header.stream).or_default().evolve(&fact, &event.header);
                }
            }
            for mut person in persons.into_values() {
                person.shown_anew(at);
                self.loaded.directory.put_person(person);
            }
        }
        Ok(())
    }

    /// Takes the stored directory anew, where that is a gain: the log is another one, or what was parked
    /// has been taken up there.
    async fn reload(&mut self, head: Head) -> Result<(), Failure> {
        let replaced = self.loaded.incarnation != head.incarnation;
        let (checkpoint, _) =
            checkpoint::load::<DirectoryFollower>(&self.pool).await?.ok_or(Failure::NoGeneration(DirectoryFollower::NAME))?;
        if checkpoint.incarnation != head.incarnation {
            return Err(Failure::LogReplaced(DirectoryFollower::NAME));
        }
        let lacking = !parked::streams(&checkpoint.generation, &self.pool).await?.is_empty();
        if replaced || (!lacking && checkpoint.position >= self.loaded.position) {
            self.loaded = load(&self.pool).await?;
            self.publish(true);
        }
        Ok(())
    }

    fn publish(&self, changed: bool) {
        let position = self.loaded.position;
        let directory = if changed { self.loaded.directory.clone() } else { self.shared.now.load().0.clone() };
        self.shared.now.store(Arc::new((directory, position)));
        self.shared.parked.store(!self.loaded.parked.is_empty(), Ordering::Relaxed);
        self.tell.send_replace(position);
    }
}

/// The stored directory and its checkpoint, as of one moment.
async fn load(pool: &PgPool) -> Result<Loaded, Failure> {
    let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let (checkpoint, _) = checkpoint::load::<DirectoryFollower>(&mut *tx).await?.ok_or(Failure::NoGeneration(DirectoryFollower::NAME))?;
    let parked = parked::streams(&checkpoint.generation, &mut *tx).await?;
    let directory = today(&checkpoint.generation, &mut tx).await?;
    tx.commit().await?;
    Ok(Loaded { directory, position: checkpoint.position, incarnation: checkpoint.incarnation, parked })
}

pub(super) async fn today(generation: &Generation, tx: &mut PgConnection) -> Result<Directory, Failure> {
    let sql =
        generation.sql("SELECT organisation, kind, body::text FROM {view}.directory_entry WHERE to_position IS NULL ORDER BY kind, id");
    let mut rows = sqlx::query_as::<_, (i64, i16, String)>(sql).fetch(tx);
    let mut directory = Directory::default();
    while let Some((organisation, kind, body)) = rows.try_next().await? {
        let unreadable = |error| Failure::Unreadable(DirectoryFollower::NAME, error);
        put(&mut directory, OrganisationId(organisation), kind, &body).map_err(unreadable)?;
    }
    Ok(directory)
}

/// Puts a stored state into the directory.
pub(super) fn put(directory: &mut Directory, organisation: OrganisationId, kind: i16, body: &str) -> Result<(), serde_json::Error> {
    match Kind::from_number(kind) {
        Some(Kind::Organisation) => directory.put_organisation(serde_json::from_str::<Organisation>(body)?),
        Some(Kind::Person) => directory.put(organisation, serde_json::from_str::<Person>(body)?),
        Some(Kind::Role) => directory.put(organisation, serde_json::from_str::<Role>(body)?),
        Some(Kind::List) => directory.put(organisation, serde_json::from_str::<List>(body)?),
        Some(Kind::Department) => directory.put(organisation, serde_json::from_str::<Department>(body)?),
        Some(Kind::Article) => directory.put(organisation, serde_json::from_str::<Article>(body)?),
        Some(Kind::Catalog) => directory.put(organisation, serde_json::from_str::<Heading>(body)?),
        Some(Kind::Form) => directory.put(organisation, serde_json::from_str::<Form>(body)?),
        Some(Kind::Filter) => directory.put(organisation, serde_json::from_str::<Filter>(body)?),
        Some(Kind::Task | Kind::Audit | Kind::Announcement | Kind::Account | Kind::Award | Kind::Inbox | Kind::File) | None => {}
    }
    Ok(())
}
