//! What did who write about this, of all that I may see? An index by tantivy on this node's disk, fed by the log ([`follower`],
//! [`writer`]), asked in a language of its own ([`query`]), and answered ([`find`]) only as far as the asker may see, by a table that
//! is as fresh as the log ([`table`]) and by the directory.
//!
//! Tasks and comments are documents of their own, and a task is found once however many of its documents are. What its documents
//! say changes with its texts alone; how it stands (form, step, open or closed, who is waited for) is asked of the table, so that it
//! is never stale. Words of a question may stand in several documents of a task ([`collect`]); of everything else within one.

mod collect;
mod filter;
pub mod find;
mod follower;
pub mod gather;
mod listed;
pub mod query;
pub mod schema;
mod sight;
pub mod snippet;
pub mod state;
pub mod table;
mod tokenizers;
mod words;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::directory::OrganisationDirectory;
use domain::{Issued, PersonId, Position};
use jiff::Timestamp;
use sqlx::PgPool;
use thiserror::Error;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::DirectoryHandle;
use crate::feed::Wake;
use find::{Answer, Slice};
use query::Asked;
use writer::Live;

/// Why an index cannot be written or asked.
#[derive(Debug, Error)]
pub enum Broken {
    #[error("the index does not do what is wanted")]
    Index(#[from] tantivy::TantivyError),
    #[error("the disk does not do what is wanted")]
    Disk(#[from] std::io::Error),
    #[error("the database cannot be asked")]
    Database(#[from] sqlx::Error),
    #[error("what a document remembers cannot be read")]
    State(#[from] serde_json::Error),
    #[error("a document lacks what every document has")]
    Document,
    #[error("there is no index")]
    Missing,
    #[error("it is of another build, or of another log")]
    OfAnother,
    #[error("its files are not what was written")]
    Damaged,
    #[error("the directory does not follow")]
    Directory,
    #[error("a record of an erasure cannot be read")]
    Erasure,
    #[error("it has stopped")]
    Stopped,
}

/// Why there is no answer just now. Always worth another try, later.
#[derive(Debug, Error)]
pub enum Unavailable {
    /// There is none yet, or it is being made.
    #[error("the index is being made")]
    Making,
    #[error("the index is behind")]
    Behind,
    #[error("the index cannot be asked")]
    Broken(#[from] Broken),
}

/// The search of a node. Cheap to clone.
#[derive(Clone)]
pub struct Search(Arc<Inner>);

struct Inner {
    root: PathBuf,
    source: follower::Source,
    live: watch::Sender<Option<Arc<Live>>>,
    anew: AtomicBool,
    rebuilding: watch::Sender<bool>,
    shutdown: CancellationToken,
    running: Mutex<Option<JoinHandle<()>>>,
}

/// How far it is, and how large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    pub known: Position,
    pub shown: Position,
    pub documents: u64,
    pub tasks: usize,
    /// Of the table in memory.
    pub table_bytes: usize,
    pub rebuilding: bool,
}

/// Who asks, and when.
#[derive(Clone, Debug)]
pub struct Who {
    pub organisation: Arc<OrganisationDirectory>,
    pub person: PersonId,
    pub at: Timestamp,
}

impl Search {
    /// Opens or makes the index under `root` and keeps it true until `shutdown`; nothing is waited for. Only one node writes under a
    /// `root`.
    pub fn start(pool: PgPool, wake: Wake, directory: DirectoryHandle, root: PathBuf, shutdown: CancellationToken) -> Self {
        let source = follower::Source { pool, wake, directory };
        let rebuilding = watch::Sender::new(false);
        let live = watch::Sender::new(None);
        let inner = Arc::new(Inner {
            root,
            source,
            live,
            anew: AtomicBool::new(false),
            rebuilding,
            shutdown: shutdown.clone(),
            running: Mutex::default(),
        });
        let running = tokio::spawn(inner.clone().run(shutdown));
        *inner.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        Self(inner)
    }

    /// Stops, and waits until what was taken in is kept.
    pub async fn stop(self) {
        self.0.shutdown.cancel();
        let running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running
            && let Err(error) = running.await
        {
            tracing::error!(%error, "the search ended in a panic");
        }
    }

    /// Asks for the index to be made anew, beside the one that serves.
    pub fn rebuild(&self) {
        self.0.anew.store(true, Ordering::Relaxed);
        self.0.rebuilding.send_replace(true);
    }

    /// Waits until no index is being made beside the one that serves.
    pub async fn rebuilt(&self) {
        let _ = self.0.rebuilding.subscribe().wait_for(|rebuilding| !rebuilding).await;
    }

    /// How far it is; nothing where there is none yet. Also brings the gauges of it up to date.
    pub fn extent(&self) -> Option<Extent> {
        let live = self.0.live.borrow().clone()?;
        let table = live.table.read().unwrap_or_else(PoisonError::into_inner);
        let extent = Extent {
            known: *live.known.borrow(),
            shown: *live.shown.borrow(),
            documents: live.reader.searcher().num_docs(),
            tasks: table.tasks(),
            table_bytes: table.bytes(),
            rebuilding: *self.0.rebuilding.borrow(),
        };
        crate::metrics::search(&extent);
        Some(extent)
    }

    /// Waits until rights are known up to `known` and texts are found up to `shown`, at most for `timeout`.
    ///
    /// # Errors
    /// [`Unavailable`] when the time is over: nobody is shown less.
    pub async fn caught_up(&self, known: Position, shown: Position, timeout: Duration) -> Result<(), Unavailable> {
        self.ready(known, shown, timeout).await.map(|_| ())
    }

    async fn ready(&self, known: Position, shown: Position, timeout: Duration) -> Result<Arc<Live>, Unavailable> {
        let mut serves = self.0.live.subscribe();
        let waited = tokio::time::timeout(timeout, async {
            // Another may serve before this one is as far.
            loop {
                let live = serves.wait_for(Option::is_some).await.ok()?.clone()?;
                serves.mark_unchanged();
                tokio::select! {
                    () = live.reached(known, shown) => return Some(live),
                    changed = serves.changed() => changed.ok()?,
                }
            }
        });
        match waited.await {
            Ok(Some(live)) => Ok(live),
            Ok(None) => Err(Unavailable::Making),
            Err(_) if self.0.live.borrow().is_none() => Err(Unavailable::Making),
            Err(_) => Err(Unavailable::Behind),
        }
    }

    /// Answers a question, as [`Search::caught_up`] waits.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn find(
        &self,
        asked: Asked,
        who: Who,
        slice: Slice,
        (known, shown): (Position, Position),
        timeout: Duration,
    ) -> Result<Answer, Unavailable> {
        let live = self.ready(known, shown, timeout).await?;
        let answered = tokio::task::spawn_blocking(move || {
            let issued = Issued { organisation: who.organisation.id, who: who.person, at: who.at, directory: &who.organisation };
            find::find(&live, &asked, &issued, slice)
        });
        Ok(answered.await.map_err(|_| Broken::Stopped)??)
    }
}

/// Leaves word under `root` that the indexes there are to be made anew: for the node that serves from it, now or at its next start.
///
/// # Errors
/// When nothing can be written there.
pub fn ask_for_rebuild(root: &Path) -> std::io::Result<usize> {
    let mut asked = 0;
    for entry in std::fs::read_dir(root)? {
        let path = entry?.path();
        if path.is_dir() && path.join("live").exists() {
            std::fs::write(path.join("anew"), "")?;
            asked += 1;
        }
    }
    Ok(asked)
}
