//! Reads the log for an index, tells its writer, and decides when is committed; opens what a node left behind, makes it anew where it
//! cannot be used, and beside the one that serves where somebody asks for it.
//!
//! ```text
//! <data directory>/search/<name>/<incarnation of the log>/live      the number of the one that serves
//!                                                        /<number>  an index
//! ```

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::catalog::{self, Catalog};
use domain::codec::EventSet as _;
use domain::{Aggregate as _, Kind, Recorded, Version};
use futures_util::TryStreamExt;
use sqlx::PgPool;
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexWriter};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::schema::{Fields, fingerprint};
use super::writer::{Items, Live, Message, Page, Stamp, Writer};
use super::{Broken, Inner, tokenizers};
use crate::DirectoryHandle;
use crate::erased::{self, Part};
use crate::feed::{Feed, Head, PART, Wake};

/// What is found comes from these, and from what is erased of them.
const KINDS: &[Kind] = &[Kind::Task, Kind::Article, Kind::Person, Kind::Role, Kind::List, Kind::Catalog, Kind::Form, Kind::Audit];
/// Events in a page.
const PAGE: usize = 2_000;
/// Between two looks at the head when nobody tells of a new one.
const POLL: Duration = Duration::from_secs(1);
/// From a fact to where it is found, at most; while there is much to catch up on commits are rarer.
const COMMIT_EVERY: Duration = Duration::from_millis(500);
const COMMIT_EVERY_BEHIND: Duration = Duration::from_secs(10);
/// Where somebody waits.
const COMMIT_EVERY_WANTED: Duration = Duration::from_millis(25);
const DIRECTORY_WAIT_MAX: Duration = Duration::from_secs(10);
const BACKOFF_MAX: Duration = Duration::from_secs(5);
/// Bytes of documents in memory before they are written.
const MEMORY_BYTES: usize = 64 * 1024 * 1024;
const MESSAGES_MAX: usize = 2;

/// What whoever reads the log for an index needs.
#[derive(Clone)]
pub(super) struct Source {
    pub pool: PgPool,
    pub wake: Wake,
    pub directory: DirectoryHandle,
}

/// An index that is written.
struct Engine {
    live: Arc<Live>,
    at: PathBuf,
    feed: Feed,
    source: Source,
    incarnation: i64,
    position: i64,
    sender: mpsc::Sender<Message>,
    ended: oneshot::Receiver<Broken>,
    committed: Instant,
    uncommitted: bool,
}

impl Inner {
    /// Keeps an index until `shutdown`.
    pub(super) async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let mut attempt = 0_u32;
        while !shutdown.is_cancelled() {
            let Err(error) = self.serve(&shutdown, &mut attempt).await else { continue };
            attempt = attempt.saturating_add(1);
            let wait = Duration::from_millis(100 << attempt.min(6)).min(BACKOFF_MAX);
            tracing::warn!(error = &error as &dyn std::error::Error, "search cannot go on, and tries again");
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        self.live.send_replace(None);
    }

    /// Serves from one incarnation of the log until it is another, something breaks, or `shutdown`.
    async fn serve(&self, shutdown: &CancellationToken, attempt: &mut u32) -> Result<(), Broken> {
        let head = Feed::new(self.source.pool.clone(), KINDS, self.source.wake.clone()).head().await?;
        let root = self.root.join(head.incarnation.to_string());
        let number = std::fs::read_to_string(root.join("live")).ok().and_then(|text| text.trim().parse::<u64>().ok()).unwrap_or(1);
        let mut engine = Engine::open(self.source.clone(), root.join(number.to_string()), head).await?;
        point(&root, number)?;
        tidy(&self.root, &root, &[number]);
        // It serves once it is level with the log that it met: nobody is told that nothing is found where nothing was read yet.
        while engine.position < head.position {
            if shutdown.is_cancelled() {
                return engine.close().await;
            }
            engine.step(head.position).await?;
        }
        engine.commit().await?;
        tokio::select! {
            () = shutdown.cancelled() => return engine.close().await,
            () = engine.live.reached(engine.position, engine.position) => {}
            broken = &mut engine.ended => return Err(broken.unwrap_or(Broken::Stopped)),
        }
        self.live.send_replace(Some(engine.live.clone()));
        let mut number = number;
        let mut building: Option<oneshot::Receiver<Result<Engine, Broken>>> = None;
        loop {
            if shutdown.is_cancelled() {
                return engine.close().await;
            }
            if building.is_none() && self.asked_anew(&root) {
                tracing::info!("the search index is made anew, beside the one that serves");
                self.rebuilding.send_replace(true);
                building = Some(build(self.source.clone(), root.join((number + 1).to_string()), head, shutdown.clone()));
            }
            if let Some(built) = building.as_mut().and_then(|building| building.try_recv().ok()) {
                building = None;
                let next = built.inspect_err(|_| {
                    self.rebuilding.send_replace(false);
                })?;
                let mut next = next;
                while next.position < engine.position {
                    next.step(engine.position).await?;
                }
                next.commit().await?;
                number += 1;
                point(&root, number)?;
                self.live.send_replace(Some(next.live.clone()));
                std::mem::replace(&mut engine, next).close().await?;
                tidy(&self.root, &root, &[number]);
                let _ = std::fs::remove_file(root.join("anew"));
                self.rebuilding.send_replace(false);
                tracing::info!("the search index that was made anew serves");
            }
            let told = engine.feed.told();
            if told.incarnation > head.incarnation {
                return Ok(());
            }
            if told.position > engine.position {
                engine.step(told.position).await?;
                *attempt = 0;
            } else {
                let patience = if building.is_some() { Duration::from_millis(20) } else { POLL };
                engine.rest(patience, shutdown).await?;
                if engine.idle_since_poll() {
                    let now = engine.feed.head().await?;
                    if now.incarnation != head.incarnation {
                        return Ok(());
                    }
                    if now.position > engine.position {
                        engine.step(now.position).await?;
                    }
                }
            }
        }
    }

    /// Whether a file asks for the index to be made anew; the command line leaves it.
    fn asked_anew(&self, root: &Path) -> bool {
        root.join("anew").exists() || self.anew.swap(false, std::sync::atomic::Ordering::Relaxed)
    }
}

/// Makes another index from the first event on, until it is nearly level.
fn build(source: Source, at: PathBuf, head: Head, shutdown: CancellationToken) -> oneshot::Receiver<Result<Engine, Broken>> {
    let (tell, built) = oneshot::channel();
    tokio::spawn(async move {
        let work = async {
            let _ = std::fs::remove_dir_all(&at);
            let mut engine = Engine::open(source, at, head).await?;
            loop {
                let head = engine.feed.head().await?;
                if head.position - engine.position < i64::try_from(PAGE).unwrap_or(i64::MAX) {
                    return Ok(engine);
                }
                while engine.position < head.position {
                    engine.step(head.position).await?;
                }
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            built = work => {
                let _ = tell.send(built);
            }
        }
    });
    built
}

impl Engine {
    /// Opens what is there; what is missing, damaged, of another shape, or ahead of the log is made anew.
    async fn open(source: Source, at: PathBuf, head: Head) -> Result<Self, Broken> {
        let place = at.clone();
        let (live, writer, stamp) = tokio::task::spawn_blocking(move || open(&place, head)).await.map_err(|_| Broken::Stopped)??;
        let live = Arc::new(live);
        let (sender, mut receiver) = mpsc::channel(MESSAGES_MAX);
        let (tell, ended) = oneshot::channel();
        let (position, mut writer) = (stamp.position, Writer::new(live.clone(), writer, stamp));
        std::thread::Builder::new().name("search".to_owned()).spawn(move || {
            while let Some(message) = receiver.blocking_recv() {
                if let Err(error) = writer.obey(message) {
                    let _ = tell.send(error);
                    return;
                }
            }
            // The index is somebody else's to open once this has ended.
            if let Err(error) = writer.end() {
                let _ = tell.send(error);
            }
        })?;
        let feed = Feed::new(source.pool.clone(), KINDS, source.wake.clone());
        let (incarnation, committed) = (head.incarnation, Instant::now());
        Ok(Self { live, at, feed, source, incarnation, position, sender, ended, committed, uncommitted: false })
    }

    /// Takes the next page in, and commits when it is time.
    async fn step(&mut self, head: i64) -> Result<(), Broken> {
        let batch = self.feed.read(self.position, head, PAGE).await?;
        let (directory, _) = self.source.directory.caught_up(batch.upto, DIRECTORY_WAIT_MAX).await.map_err(|_| Broken::Directory)?;
        let page = |events, listed, upto| Message::Page(Page { events, directory: directory.clone(), listed, upto });
        let something = !batch.events.is_empty();
        for event in batch.events.iter().filter(|event| event.header.stream.kind == Kind::Catalog) {
            self.items(event).await?;
        }
        if batch.events.iter().any(|event| event.header.stream.kind == Kind::Audit) {
            for part in erased::parts(&batch.events).map_err(|_| Broken::Erasure)? {
                match part {
                    Part::Facts(facts) => {
                        let upto = facts.last().map_or(self.position, |event| event.header.position);
                        self.tell(page(facts.to_vec(), Vec::new(), upto)).await?;
                    }
                    Part::Erased { at, positions } => {
                        let (streams, listed) = self.erased(at, &positions).await?;
                        self.tell(Message::Again(streams)).await?;
                        self.tell(page(Vec::new(), listed, at)).await?;
                    }
                }
            }
            self.tell(page(Vec::new(), Vec::new(), batch.upto)).await?;
        } else {
            self.tell(page(batch.events, Vec::new(), batch.upto)).await?;
        }
        self.position = batch.upto;
        self.uncommitted |= something;
        let behind = batch.upto < head;
        if self.uncommitted && self.committed.elapsed() >= self.pace(behind) {
            self.commit().await?;
        }
        Ok(())
    }

    /// What a catalog holds otherwise from this fact on: its items were recorded before it, and take effect with it.
    async fn items(&mut self, event: &Recorded) -> Result<(), Broken> {
        // What cannot be read is said where its heading is.
        let fact = catalog::Event::decode(&event.event_type, event.schema, &event.payload);
        let Ok(catalog::Event::Synced(synced)) = fact else { return Ok(()) };
        let header = &event.header;
        let mut items =
            Items { organisation: header.organisation, catalog: header.stream.id, whole: false, placed: Vec::new(), gone: Vec::new() };
        let text = |row: &catalog::Row| row.cells().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("\n");
        if synced.columns.is_some() {
            // Cells have moved with their columns.
            let mut connection = self.source.pool.acquire().await?;
            let mut events = erased::histories(&[(header.stream, header.version)], &mut connection);
            let mut state = Catalog::default();
            while let Some(before) = events.try_next().await? {
                if let Ok(fact) = catalog::Event::decode(&before.event_type, before.schema, &before.payload) {
                    state.evolve(&fact, &before.header);
                }
            }
            items.whole = true;
            items.placed = state.items.iter().filter(|item| !item.deleted).map(|item| (item.id, text(&item.row))).collect();
        } else if (synced.added, synced.updated, synced.deleted) != (0, 0, 0) {
            for chunk in staged(&self.source.pool, header, synced.batch).await? {
                items.placed.extend(chunk.added.iter().chain(&chunk.updated).map(|placed| (placed.id, text(&placed.values))));
                items.gone.extend(&chunk.deleted);
            }
        } else {
            return Ok(());
        }
        self.tell(Message::Items(items)).await
    }

    fn pace(&self, behind: bool) -> Duration {
        let wanted = *self.live.wanted.borrow() > *self.live.shown.borrow();
        match (behind, wanted) {
            (true, _) => COMMIT_EVERY_BEHIND,
            (false, true) => COMMIT_EVERY_WANTED,
            (false, false) => COMMIT_EVERY,
        }
    }

    /// What the log holds by now of tasks and articles of which something was erased; and who else is to be made anew.
    async fn erased(
        &self,
        at: i64,
        positions: &[i64],
    ) -> Result<(Vec<(domain::StreamId, Vec<domain::Recorded>)>, Vec<(domain::OrganisationId, domain::StreamId)>), Broken> {
        let found = erased::streams(positions, KINDS, &self.source.pool).await?;
        let (texts, listed): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(_, stream)| stream.kind == Kind::Task || stream.kind == Kind::Article);
        let mut again = Vec::with_capacity(texts.len());
        let mut connection = self.source.pool.acquire().await?;
        for (_, stream) in texts {
            let events = erased::histories(&[(stream, Version::MAX)], &mut connection);
            // What came later is taken in when it is its turn.
            let events: Vec<_> = events.try_filter(|event| std::future::ready(event.header.position < at)).try_collect().await?;
            again.push((stream, events));
        }
        Ok((again, listed))
    }

    async fn tell(&mut self, message: Message) -> Result<(), Broken> {
        if self.sender.send(message).await.is_ok() {
            return Ok(());
        }
        Err((&mut self.ended).await.unwrap_or(Broken::Stopped))
    }

    async fn commit(&mut self) -> Result<(), Broken> {
        self.tell(Message::Commit).await?;
        (self.committed, self.uncommitted) = (Instant::now(), false);
        Ok(())
    }

    /// Waits for something to do: a new head, somebody who waits, time to commit.
    async fn rest(&mut self, patience: Duration, shutdown: &CancellationToken) -> Result<(), Broken> {
        let seen = Head { incarnation: self.incarnation, position: self.position };
        let mut wanted = self.live.wanted.subscribe();
        let due = if self.uncommitted { self.pace(false).saturating_sub(self.committed.elapsed()) } else { patience };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = self.feed.wait(seen, patience.min(due)) => {}
            _ = wanted.changed() => {}
            error = &mut self.ended => return Err(error.unwrap_or(Broken::Stopped)),
        }
        if self.uncommitted && self.committed.elapsed() >= self.pace(false) {
            self.commit().await?;
        }
        Ok(())
    }

    /// Nothing was told since, so that it is time to look by oneself.
    fn idle_since_poll(&self) -> bool {
        !self.uncommitted && self.feed.told().position <= self.position
    }

    /// Ends in order: what was taken in is kept.
    async fn close(mut self) -> Result<(), Broken> {
        if self.uncommitted {
            self.commit().await?;
        }
        let Self { sender, ended, at, .. } = self;
        drop(sender);
        // Its end is what is waited for.
        match ended.await {
            Ok(error) => Err(error),
            Err(_) => {
                tracing::debug!(at = %at.display(), "an index was closed");
                Ok(())
            }
        }
    }
}

fn open(at: &Path, head: Head) -> Result<(Live, IndexWriter, Stamp), Broken> {
    match usable(at, head) {
        Ok(opened) => return Ok(opened),
        Err(Broken::Index(tantivy::TantivyError::LockFailure(lock, hint))) => {
            // Somebody else writes it: it is not ours to throw away.
            return Err(Broken::Index(tantivy::TantivyError::LockFailure(lock, hint)));
        }
        Err(Broken::Missing) => {}
        Err(reason) => tracing::warn!(reason = &reason as &dyn std::error::Error, "the search index cannot be used, and is made anew"),
    }
    let _ = std::fs::remove_dir_all(at);
    std::fs::create_dir_all(at)?;
    let fields = Fields::default();
    let mut index = Index::create(
        MmapDirectory::open(at).map_err(tantivy::TantivyError::from)?,
        fields.schema.clone(),
        tantivy::IndexSettings::default(),
    )?;
    index.set_tokenizers(tokenizers::manager());
    let stamp = Stamp { fingerprint: fingerprint(), incarnation: head.incarnation, position: 0 };
    let mut writer = writer(&index)?;
    let mut first = writer.prepare_commit()?;
    first.set_payload(&serde_json::to_string(&stamp)?);
    first.commit()?;
    Ok((Live::new(&index, fields, 0)?, writer, stamp))
}

fn usable(at: &Path, head: Head) -> Result<(Live, IndexWriter, Stamp), Broken> {
    if !at.join("meta.json").exists() {
        return Err(Broken::Missing);
    }
    let mut index = Index::open(MmapDirectory::open(at).map_err(tantivy::TantivyError::from)?)?;
    index.set_tokenizers(tokenizers::manager());
    let stamp: Stamp = serde_json::from_str(&index.load_metas()?.payload.unwrap_or_default())?;
    if stamp.fingerprint != fingerprint() || stamp.incarnation != head.incarnation || stamp.position > head.position {
        return Err(Broken::OfAnother);
    }
    let fields = Fields::default();
    if index.schema() != fields.schema {
        return Err(Broken::OfAnother);
    }
    let writer = writer(&index)?;
    if !index.validate_checksum()?.is_empty() {
        return Err(Broken::Damaged);
    }
    Ok((Live::new(&index, fields, stamp.position)?, writer, stamp))
}

fn writer(index: &Index) -> Result<IndexWriter, Broken> {
    Ok(index.writer_with_num_threads(1, MEMORY_BYTES)?)
}

/// Whether somebody writes the index.
fn is_written(at: &Path) -> bool {
    let index = MmapDirectory::open(at).ok().and_then(|directory| Index::open(directory).ok());
    index.is_some_and(|index| matches!(writer(&index), Err(Broken::Index(tantivy::TantivyError::LockFailure(..)))))
}

/// The chunks that take effect with the fact of this header.
async fn staged(pool: &PgPool, header: &domain::Header, batch: domain::CommandId) -> Result<Vec<Arc<catalog::ItemsChanged>>, Broken> {
    let mut rows = sqlx::query_as::<_, (String, i16, String)>(
        "SELECT c.type, c.schema, c.payload::text FROM event c
         WHERE c.part = $1 AND c.kind = $2 AND c.stream = $3 AND c.version < $4 AND c.type = 'catalog.items_changed'
           AND c.version > coalesce((SELECT max(s.version) FROM event s WHERE s.part = $1 AND s.kind = $2 AND s.stream = $3
                                       AND s.version < $4 AND s.type = 'catalog.synced'), 0)
         ORDER BY c.version",
    )
    .bind(PART)
    .bind(header.stream.kind.number())
    .bind(header.stream.id)
    .bind(header.version)
    .fetch(pool);
    let mut chunks = Vec::new();
    while let Some((event_type, schema, payload)) = rows.try_next().await? {
        let Ok(catalog::Event::ItemsChanged(chunk)) = catalog::Event::decode(&event_type, schema, &payload) else { continue };
        if chunk.begins || chunk.batch != batch {
            chunks.clear();
        }
        if chunk.batch == batch {
            chunks.push(chunk);
        }
    }
    Ok(chunks)
}

/// Notes which one serves, as a whole or not at all.
fn point(root: &Path, number: u64) -> Result<(), Broken> {
    std::fs::create_dir_all(root)?;
    let (written, live) = (root.join("live.new"), root.join("live"));
    std::fs::write(&written, number.to_string())?;
    Ok(std::fs::rename(written, live)?)
}

/// Removes what serves no more: other numbers, and other incarnations of the log.
fn tidy(above: &Path, root: &Path, kept: &[u64]) {
    let inside =
        |directory: &Path| std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>();
    let number = |path: &Path| path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u64>().ok());
    let old = inside(root).into_iter().filter(|path| number(path).is_some_and(|number| !kept.contains(&number)));
    // Another installation's, where it is in use.
    let gone = inside(above).into_iter().filter(|path| path != root && number(path).is_some());
    let gone = gone.filter(|path| !inside(path).iter().any(|index| is_written(index)));
    for path in old.chain(gone) {
        if let Err(error) = std::fs::remove_dir_all(&path) {
            tracing::warn!(%error, path = %path.display(), "an old search index could not be removed");
        }
    }
}
