//! Bytes that go: of uploads that nothing took in time, and of what came in and was recorded by nobody. What stands somewhere, or stood
//! there once, stays. One node looks, under a lease.
//!
//! A file goes first, in the log, and its bytes after it, if no other file has the same. Bytes are put in their place and recorded, and
//! removed, under a lock of their own each: whoever brings again what is just being removed brings it for good.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use actors::journal::Meta;
use actors::system::{Done, Request};
use domain::PersonId;
use domain::file::File;
use futures_util::TryStreamExt as _;
use jiff::{SignedDuration, Timestamp};
use projections::View;
use projections::lease::Leases;
use projections::views::files::{self, Stale};
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;

use super::arrive::unusable;
use super::store::{Kept, Whole};
use crate::error::Fault;
use crate::extract::command::mint;
use crate::node::Node;
use crate::view::answered;

/// The lease under which one node looks.
const LEASE: &str = "files.clean";
/// Between two looks.
const EVERY: Duration = Duration::from_secs(3_600);
/// Looks, of which one goes through all that is kept.
const LOOKS_OF_A_DAY: u32 = 24;
/// Beyond the time after which no request takes an upload any more: for requests that found it before.
const GRACE: SignedDuration = SignedDuration::from_hours(1);
/// What is younger may belong to something that is being recorded.
const YOUNG: SignedDuration = SignedDuration::from_hours(24);
/// Uploads, and kept contents, that are looked at together.
const PAGE: u32 = 500;
/// Pages of uploads that one look takes at most; the next goes on.
const PAGES_MAX: usize = 100;
/// Nobody's connection waits.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// What a look did away with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    pub uploads: usize,
    pub contents: usize,
    /// What never came in wholly.
    pub leftovers: usize,
}

/// Puts bytes in their place and has them recorded, as one step for whoever removes bytes.
///
/// # Errors
/// As `record` refuses; 503 when they cannot be kept. Bytes that nobody recorded stay until they are no more young.
pub async fn keep(
    node: &Node,
    whole: Whole,
    record: impl AsyncFnOnce(Kept) -> Result<Done<Arc<File>>, Fault>,
) -> Result<Done<Arc<File>>, Fault> {
    // Each holds a connection while its command needs another.
    let _turn = node.uploads.turn().await;
    let mut tx = match node.pool.begin().await {
        Ok(tx) => tx,
        Err(error) => {
            whole.abandon().await;
            return Err(error.into());
        }
    };
    if let Err(error) = lock(Lock::Shared, whole.sha256(), &mut tx).await {
        whole.abandon().await;
        return Err(error.into());
    }
    let kept = whole.keep().await.map_err(unusable)?;
    record(kept).await
}

/// Looks while this node holds the lease, until `shutdown`.
pub async fn run(node: Weak<Node>, leases: Leases, shutdown: CancellationToken) {
    loop {
        let held = tokio::select! {
            () = shutdown.cancelled() => return,
            held = leases.hold(LEASE) => held,
        };
        let mut look = tokio::time::interval(EVERY);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let looking = async {
            for number in (0..LOOKS_OF_A_DAY).cycle() {
                look.tick().await;
                let Some(node) = node.upgrade() else { return };
                match clean(&node, node.journal.now(), number == 0).await {
                    Ok(Cleaned { uploads: 0, contents: 0, leftovers: 0 }) => {}
                    Ok(Cleaned { uploads, contents, leftovers }) => {
                        tracing::info!(uploads, contents, leftovers, "files that nobody took were removed")
                    }
                    Err(fault) => tracing::warn!(%fault, "files that nobody took could not be removed"),
                }
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = held.over() => {}
            () = looking => return,
        }
    }
}

/// One look, as of `now`; `whole` goes through all that is kept as well.
///
/// # Errors
/// When the log, the view or the store cannot be asked. What was done stays done.
pub async fn clean(node: &Node, now: Timestamp, whole: bool) -> Result<Cleaned, Fault> {
    let blobs = node.blobs()?;
    let kept = SignedDuration::from_hours(i64::from(node.settings.files.unattached_hours)) + GRACE;
    let mut cleaned = Cleaned { leftovers: blobs.sweep(now - YOUNG).await.map_err(unusable)?, ..Cleaned::default() };
    let before = now.checked_sub(kept).unwrap_or(Timestamp::MIN);
    for _ in 0..PAGES_MAX {
        let generation = shown(node).await?;
        let stale = answered(files::stale(&node.pool, &generation, before, PAGE).await)?;
        for upload in &stale {
            remove(node, upload).await?;
        }
        for upload in &stale {
            cleaned.contents += usize::from(forget(node, &upload.sha256, now).await?);
        }
        cleaned.uploads += stale.len();
        if stale.len() < PAGE as usize {
            break;
        }
    }
    if whole {
        let mut all = blobs.older_than(now - YOUNG).try_chunks(PAGE as usize);
        while let Some(page) = all.try_next().await.map_err(|failed| unusable(failed.1))? {
            let generation = shown(node).await?;
            for sha256 in answered(files::unknown(&node.pool, &generation, &page).await)? {
                cleaned.contents += usize::from(forget(node, &sha256, now).await?);
            }
        }
    }
    Ok(cleaned)
}

/// The view of files, with all that is in the log.
async fn shown(node: &Node) -> Result<projections::Generation, Fault> {
    let head = node.true_head().await?;
    node.projections.caught_up(View::Files, head, WAIT_MAX).await.map_err(|behind| {
        tracing::warn!(%behind, "a view was waited for in vain");
        Fault::unavailable("a view is behind")
    })
}

/// That it is gone is recorded; asked again, nothing more is.
async fn remove(node: &Node, upload: &Stale) -> Result<(), Fault> {
    let command = mint();
    let request = Request {
        organisation: upload.organisation,
        who: PersonId::SYSTEM,
        command,
        keyed: false,
        meta: Meta { correlation: Some(command.to_string()), ..Meta::default() },
        deadline: Instant::now() + WAIT_MAX,
        arrived: 0,
        brief: true,
        trace: None,
    };
    node.remove_file(upload.file, request).await.map(drop)
}

/// Removes bytes that no file has. Tells whether they went.
async fn forget(node: &Node, sha256: &str, now: Timestamp) -> Result<bool, Fault> {
    let blobs = node.blobs()?;
    let mut tx = node.pool.begin().await?;
    lock(Lock::Alone, sha256, &mut tx).await?;
    // Under the lock: whoever brought the same before has recorded it, or never will.
    let generation = shown(node).await?;
    if answered(files::shared(&node.pool, &generation, sha256).await)? || !blobs.is_older(sha256, now - GRACE).await.map_err(unusable)? {
        return Ok(false);
    }
    blobs.remove(sha256).await.map_err(unusable)?;
    tx.commit().await?;
    Ok(true)
}

/// How bytes are held.
#[derive(Clone, Copy, Debug)]
enum Lock {
    /// With others who bring the same.
    Shared,
    Alone,
}

/// Holds what is kept under a hash until the transaction ends.
async fn lock(how: Lock, sha256: &str, tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    let statement = match how {
        Lock::Shared => "SELECT pg_advisory_xact_lock_shared(hashtextextended('bytes of files ' || $1::text, 0))",
        Lock::Alone => "SELECT pg_advisory_xact_lock(hashtextextended('bytes of files ' || $1::text, 0))",
    };
    sqlx::query(statement).bind(sha256).execute(tx).await.map(drop)
}
