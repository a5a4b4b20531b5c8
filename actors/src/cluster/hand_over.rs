//! What follows when slices belong to somebody else: this node's actors of them finish what they have in hand and go,
//! and the new owner opens them from the log. A command that meets both is decided by one of them: the log sees to it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::metrics;
use super::shared::Shared;
use super::view::{Owner, View};
use crate::passivate;
use crate::registry::Live;
use crate::router::Router;

/// Between two looks at actors that were busy.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
/// Between two looks where all have gone: whoever passes the owner over may have one opened here. Sooner on a node that
/// owns nothing, for which somebody may be waiting.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const LOOK_EVERY_DRAINED: Duration = Duration::from_millis(100);
/// Events that an actor reads as fast as a snapshot: with fewer behind it, none is written.
const WORTH_KEEPING: i64 = 50;

/// Hands over whatever is not this node's own any more, until the task is aborted.
pub(super) async fn watch(router: Arc<Router>, shared: Arc<Shared>, mut views: watch::Receiver<Arc<View>>) {
    loop {
        let view = views.borrow_and_update().clone();
        let pause = match all_gone(&router, &view).await {
            false => AGAIN_AFTER,
            true if view.owned() == 0 => LOOK_EVERY_DRAINED,
            true => LOOK_EVERY,
        };
        if let Ok(Err(_)) = tokio::time::timeout(pause, views.changed()).await {
            return;
        }
        shared.transport.keep(|boot| shared.known(|members| members.knows(boot)));
    }
}

/// Asks those that live here and belong elsewhere to go; tells whether none is left.
async fn all_gone(router: &Router, view: &View) -> bool {
    let strangers: Vec<Arc<dyn Live>> = router.registry.all().into_iter().filter(|live| is_stranger(live.as_ref(), view)).collect();
    if strangers.is_empty() {
        return true;
    }
    let count = strangers.len();
    let went = passivate::passivate(strangers, u64::MAX, Some(WORTH_KEEPING)).await;
    metrics::handed_over(went);
    if went > 0 {
        tracing::info!(actors = went, "handed over");
    }
    went == count
}

/// Whether an actor belongs to another node. One without events belongs to nobody, and goes where this node owns nothing.
pub(super) fn is_stranger(live: &dyn Live, view: &View) -> bool {
    match live.slice() {
        Some(slice) => !matches!(view.owner(slice), Owner::Here),
        None => live.is_empty() && view.owned() == 0,
    }
}
