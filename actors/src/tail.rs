//! Follows the log and tells the live actors of events that were written elsewhere. Not a follower: it
//! keeps nothing, and begins at the head as it was when the node started.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::Position;

use crate::journal::{Head, ReadFailure};
use crate::metrics;
use crate::router::Router;

/// Events read in one go.
const PAGE: usize = 5_000;

/// Pause after a failed read; each further one waits twice as long.
const RETRY_MIN: Duration = Duration::from_millis(50);
const RETRY_MAX: Duration = Duration::from_secs(1);

/// Follows the log from `from` on, until the journal is gone or the task is aborted.
pub(crate) async fn follow(router: Arc<Router>, from: Position) {
    let mut head = router.journal.head();
    let mut position = from;
    let mut pause = RETRY_MIN;
    loop {
        match catch_up(&router, position).await {
            Ok(reached) => (position, pause) = (reached, RETRY_MIN),
            Err(error) => {
                tracing::warn!(position, error = &error as &dyn std::error::Error, "the log cannot be followed");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(RETRY_MAX);
                continue;
            }
        }
        if head.wait_for(|head: &Head| head.position > position).await.is_err() {
            return;
        }
    }
}

/// Tells of one page; where it ended.
async fn catch_up(router: &Router, after: Position) -> Result<Position, ReadFailure> {
    let page = router.journal.read_steps(after, PAGE).await?;
    let Some(last) = page.last() else { return Ok(after) };
    let last = last.position;
    for step in &page {
        // Before the look-up, so that whoever starts an actor meanwhile knows that this event has gone by.
        router.tailing.store(step.position, Ordering::SeqCst);
        if let Some(live) = step.stream.and_then(|stream| router.registry.get(stream)) {
            live.heard(step.version);
        }
    }
    router.tailed.send_replace(last);
    metrics::tailed(last);
    Ok(last)
}
