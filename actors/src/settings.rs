//! The limits that one node's actors live within. Not where they are configured (that is the gateway).

use std::thread::available_parallelism;
use std::time::Duration;

/// The limits of one node's actors, and its name.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Threads that run actors.
    pub arbiters: usize,
    /// Messages that may wait for one actor; more are answered with `Busy`.
    pub mailbox: usize,
    /// An actor that nobody asked for so long is passivated.
    pub idle: Duration,
    /// Bytes that live actors may hold together, roughly; beyond it those asked longest ago are passivated.
    pub live_bytes_max: usize,
    /// Commands of one actor that may be decided and not yet committed; more are answered with `Busy`.
    pub uncommitted_max: usize,
    /// How often a command is decided before it is answered with `Busy`.
    pub attempts_max: u32,
    /// Actors that may be read from the log at the same time.
    pub activations_max: usize,
    /// Snapshots that may be written at the same time.
    pub snapshots_max: usize,
    /// Recorded in `meta.node` and `meta.build` of every event.
    pub node: String,
    pub build: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            arbiters: available_parallelism().map_or(2, usize::from),
            mailbox: 64,
            idle: Duration::from_secs(5 * 60),
            live_bytes_max: 512 * 1024 * 1024,
            uncommitted_max: 256,
            attempts_max: 5,
            activations_max: 64,
            snapshots_max: 16,
            node: "one".to_owned(),
            build: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}
