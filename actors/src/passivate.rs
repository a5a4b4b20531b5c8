//! Which actors go: those that nobody asked for a while, those of streams without events, and, when all
//! hold too many bytes, those asked longest ago. Not how one goes (see [`crate::entity`]).

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Version;

use crate::registry::Live;
use crate::router::Router;

/// How often idle actors are looked for.
const EVERY: Duration = Duration::from_secs(5);

/// Between two looks, however crowded it is.
const PAUSE: Duration = Duration::from_millis(50);

/// Actors that are on their way out at the same time.
const AT_ONCE: usize = 64;

/// Looks for actors to passivate, until the task is aborted.
pub(crate) async fn watch(router: Arc<Router>) {
    loop {
        // Woken early when the actors hold too many bytes.
        let _ = tokio::time::timeout(EVERY, router.crowded.notified()).await;
        sweep(&router, Instant::now()).await;
        // When all are busy there is nothing to be gained by looking again at once.
        tokio::time::sleep(PAUSE).await;
    }
}

/// Passivates what is idle at `at`, then the longest unasked until the others hold few enough bytes.
/// Tells how many went.
pub(crate) async fn sweep(router: &Router, at: Instant) -> usize {
    let now = router.uptime(at);
    let idle = u64::try_from(router.settings.idle.as_millis()).unwrap_or(u64::MAX);
    let (going, mut staying): (Vec<_>, Vec<_>) =
        router.registry.all().into_iter().partition(|live| live.is_empty() || live.used().saturating_add(idle) <= now);
    let mut went = passivate(going, now, Some(1)).await;

    let (bytes, bytes_max) = (router.registry.bytes(), router.settings.live_bytes_max);
    if bytes > bytes_max {
        // A tenth more than needed, so that the next newcomer does not make it crowded again.
        let excess = bytes - bytes_max + bytes_max / 10;
        staying.sort_by_key(|live| live.used());
        let mut freed = 0;
        let oldest = staying.into_iter().take_while(|live| {
            let more = freed < excess;
            freed += live.weight();
            more
        });
        went += passivate(oldest.collect(), now, Some(1)).await;
    }
    went
}

/// Asks all of them to go, a few at a time, and waits for it. Tells how many went.
pub(crate) async fn passivate(live: Vec<Arc<dyn Live>>, cutoff: u64, keep: Option<Version>) -> usize {
    let mut went = 0;
    for some in live.chunks(AT_ONCE) {
        let answers: Vec<_> = some.iter().map(|live| live.passivate(cutoff, keep)).collect();
        for answer in answers {
            went += usize::from(answer.await.unwrap_or(false));
        }
    }
    went
}
