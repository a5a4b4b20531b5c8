//! Whether this node may be sent requests. What each part is at is known by the part.

use std::sync::atomic::{AtomicBool, Ordering};

/// What this node knows of its own life.
#[derive(Default)]
pub struct Health {
    draining: AtomicBool,
}

impl Health {
    /// From now on no new requests should be sent here.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}
