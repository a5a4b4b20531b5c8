//! Counting requests and guesses in fixed windows of time. What is done when a limit is reached is decided by the
//! caller; counts are kept by each node for itself and forgotten when it stops.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const SHARDS: usize = 16;
/// Keys of a shard in one window; beyond it newcomers share one count, so that memory stays bounded.
const KEYS_MAX: usize = 50_000;

/// What is left in the current window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub limit: u32,
    /// After this one.
    pub remaining: u32,
    /// Whole seconds until the next window, at least 1.
    pub reset_seconds: u64,
    pub exceeded: bool,
}

/// Who is counted when nobody has signed in: an address, of IPv6 the network (one subscriber has a whole /64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin([u8; 8], bool);

impl From<IpAddr> for Origin {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets();
                Self([a, b, c, d, 0, 0, 0, 0], false)
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, ..] = address.octets();
                Self([a, b, c, d, e, f, g, h], true)
            }
        }
    }
}

/// Counts by key.
pub struct Windows<K> {
    limit: u32,
    window: Duration,
    begun: Instant,
    hasher: RandomState,
    shards: [Mutex<Shard<K>>; SHARDS],
}

struct Shard<K> {
    window: u64,
    counts: HashMap<K, u32>,
    newcomers: u32,
}

impl<K: Hash + Eq> Windows<K> {
    pub fn new(limit: u32, window: Duration) -> Self {
        let shard = |_| Mutex::new(Shard { window: 0, counts: HashMap::new(), newcomers: 0 });
        Self { limit, window, begun: Instant::now(), hasher: RandomState::new(), shards: std::array::from_fn(shard) }
    }

    /// Counts one more.
    pub fn take(&self, key: K) -> Allowance {
        self.take_at(key, Instant::now())
    }

    /// Takes one count back, within the window in which it was counted.
    pub fn give_back(&self, key: &K) {
        let (window, _) = self.window_at(Instant::now());
        let mut shard = self.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        if shard.window == window
            && let Some(count) = shard.counts.get_mut(key)
        {
            *count = count.saturating_sub(1);
        }
    }

    fn take_at(&self, key: K, now: Instant) -> Allowance {
        let (window, reset_seconds) = self.window_at(now);
        let mut shard = self.shard(&key).lock().unwrap_or_else(PoisonError::into_inner);
        if shard.window < window {
            *shard = Shard { window, counts: HashMap::new(), newcomers: 0 };
        }
        let full = shard.counts.len() >= KEYS_MAX;
        let count = match shard.counts.get_mut(&key) {
            Some(count) => count,
            None if full => &mut shard.newcomers,
            None => shard.counts.entry(key).or_insert(0),
        };
        *count = count.saturating_add(1);
        let count = *count;
        self.allowance(count, reset_seconds, count > self.limit)
    }

    fn allowance(&self, count: u32, reset_seconds: u64, exceeded: bool) -> Allowance {
        Allowance { limit: self.limit, remaining: self.limit.saturating_sub(count), reset_seconds, exceeded }
    }

    fn shard(&self, key: &K) -> &Mutex<Shard<K>> {
        let index = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).unwrap_or(0);
        self.shards.get(index).unwrap_or(&self.shards[0])
    }

    fn window_at(&self, now: Instant) -> (u64, u64) {
        let (elapsed, window) = (now.saturating_duration_since(self.begun).as_millis(), self.window.as_millis().max(1));
        let left = window - elapsed % window;
        (u64::try_from(elapsed / window).unwrap_or(u64::MAX), u64::try_from(left.div_ceil(1000)).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_counts_down_refuses_and_begins_anew() {
        let windows = Windows::new(2, Duration::from_secs(600));
        let begun = windows.begun;
        let first = windows.take_at(7, begun);
        assert_eq!(first, Allowance { limit: 2, remaining: 1, reset_seconds: 600, exceeded: false });
        assert_eq!(windows.take_at(7, begun + Duration::from_millis(500)).remaining, 0);
        let third = windows.take_at(7, begun + Duration::from_secs(599));
        assert_eq!(third, Allowance { limit: 2, remaining: 0, reset_seconds: 1, exceeded: true });
        assert!(!windows.take_at(8, begun).exceeded);
        let next = windows.take_at(7, begun + Duration::from_secs(600));
        assert_eq!(next, Allowance { limit: 2, remaining: 1, reset_seconds: 600, exceeded: false });
    }

    #[test]
    fn what_is_given_back_does_not_count() {
        let windows = Windows::new(1, Duration::from_secs(600));
        assert!(!windows.take(1).exceeded);
        windows.give_back(&1);
        windows.give_back(&2);
        assert!(!windows.take(1).exceeded);
        assert!(windows.take(1).exceeded);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_are_one_origin() {
        let origin = |text: &str| Origin::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(origin("2001:db8::1"), origin("2001:db8::2"));
        assert_ne!(origin("2001:db8::1"), origin("2001:db8:0:1::1"));
        assert_ne!(origin("10.0.0.1"), origin("10.0.0.2"));
        assert_eq!(origin("::ffff:10.0.0.1"), origin("10.0.0.1"));
    }
}
