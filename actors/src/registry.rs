//! The actors that live on this node, by stream. Not where others live (see [`crate::cluster`]).

use std::any::Any;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use domain::{StreamId, Version};
use tokio::sync::oneshot;
use xxhash_rust::xxh3::xxh3_64;

use crate::metrics;

const SHARDS: usize = 64;

/// An actor of any kind, as those see it who look after all of them.
pub(crate) trait Live: Any + Send + Sync {
    fn stream(&self) -> StreamId;

    /// The slice of its stream; nothing for a stream without events.
    fn slice(&self) -> Option<u16>;

    /// The log holds the stream's `version`.
    fn heard(&self, version: Version);

    /// The log may hold events of the stream that nobody told of.
    fn doubt(&self);

    /// When it was last asked, in milliseconds since the node started.
    fn used(&self) -> u64;

    /// Its stream has no events.
    fn is_empty(&self) -> bool;

    /// Bytes that it holds, roughly.
    fn weight(&self) -> usize;

    /// Asks it to go, unless it is busy or was used after `cutoff`. It leaves a snapshot if so many events (`keep`) have
    /// happened since the last. Tells whether it went.
    fn passivate(&self, cutoff: u64, keep: Option<Version>) -> oneshot::Receiver<bool>;

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

type Shard = HashMap<StreamId, Arc<dyn Live>>;

/// The live actors of this node.
pub(crate) struct Registry {
    shards: Box<[RwLock<Shard>]>,
    count: AtomicUsize,
    bytes: AtomicUsize,
}

impl Registry {
    pub fn new() -> Self {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        Self { shards, count: AtomicUsize::new(0), bytes: AtomicUsize::new(0) }
    }

    /// A number that spreads streams evenly, over shards and over arbiters.
    pub fn spread(stream: StreamId) -> usize {
        let mut key = [0; 10];
        key[..2].copy_from_slice(&stream.kind.number().to_be_bytes());
        key[2..].copy_from_slice(&stream.id.to_be_bytes());
        xxh3_64(&key) as usize
    }

    fn shard(&self, stream: StreamId) -> &RwLock<Shard> {
        &self.shards[Self::spread(stream) % SHARDS]
    }

    pub fn get(&self, stream: StreamId) -> Option<Arc<dyn Live>> {
        read(self.shard(stream)).get(&stream).cloned()
    }

    /// The stream's actor, made by `start` if there is none. `start` must not block.
    pub fn get_or_start(&self, stream: StreamId, start: impl FnOnce() -> Arc<dyn Live>) -> Arc<dyn Live> {
        if let Some(found) = self.get(stream) {
            return found;
        }
        match write(self.shard(stream)).entry(stream) {
            Slot::Occupied(found) => found.get().clone(),
            Slot::Vacant(vacant) => {
                let live = vacant.insert(start()).clone();
                metrics::live_actors(self.count.fetch_add(1, Ordering::Relaxed) + 1);
                live
            }
        }
    }

    /// Forgets `live`, unless another actor has taken its place by now.
    pub fn remove<L: Live>(&self, live: &Arc<L>) {
        let stream = live.stream();
        if let Slot::Occupied(found) = write(self.shard(stream)).entry(stream)
            && std::ptr::addr_eq(Arc::as_ptr(found.get()), Arc::as_ptr(live))
        {
            found.remove();
            metrics::live_actors(self.count.fetch_sub(1, Ordering::Relaxed) - 1);
        }
    }

    pub fn all(&self) -> Vec<Arc<dyn Live>> {
        self.shards.iter().flat_map(|shard| read(shard).values().cloned().collect::<Vec<_>>()).collect()
    }

    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Bytes that all actors hold, roughly.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// An actor's weight changed.
    pub fn weigh(&self, before: usize, after: usize) {
        self.bytes.fetch_add(after, Ordering::Relaxed);
        self.bytes.fetch_sub(before, Ordering::Relaxed);
    }
}

/// Maps are changed by single inserts and removals, so a panic under the lock leaves them whole.
fn read(shard: &RwLock<Shard>) -> RwLockReadGuard<'_, Shard> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(shard: &RwLock<Shard>) -> RwLockWriteGuard<'_, Shard> {
    shard.write().unwrap_or_else(PoisonError::into_inner)
}
