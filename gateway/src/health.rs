//! Whether this node may be sent requests. What each part is at is known by the part.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

/// What this node knows of its own life.
#[derive(Default)]
pub struct Health {
    draining: AtomicBool,
    stop: CancellationToken,
}

impl Health {
    /// From now on no new requests should be sent here.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Somebody asked for the process to end, in order.
    pub fn ask_to_stop(&self) {
        self.stop.cancel();
    }

    /// Waits until somebody does.
    pub async fn asked_to_stop(&self) {
        self.stop.cancelled().await;
    }
}
