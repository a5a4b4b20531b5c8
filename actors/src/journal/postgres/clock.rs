//! The database's clock as last seen, carried on by the local monotonic clock. Never a judge of order:
//! that is the position.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::Timestamp;

pub(super) struct LogClock {
    started: Instant,
    /// The database's time at `started`, in microseconds since 1970.
    offset: AtomicI64,
}

#[expect(clippy::disallowed_methods, reason = "this is the journal's clock, which all others are told to use")]
impl LogClock {
    /// Runs on the local clock until the database's is seen.
    pub fn new() -> Self {
        Self { started: Instant::now(), offset: AtomicI64::new(Timestamp::now().as_microsecond()) }
    }

    /// Takes over a reading of the database's clock. It was taken before it arrived here, so the estimate
    /// lags behind by up to a round trip and never runs ahead.
    pub fn set(&self, seen: Timestamp) {
        self.offset.store(seen.as_microsecond() - self.elapsed(), Ordering::Relaxed);
    }

    pub fn now(&self) -> Timestamp {
        let now = self.offset.load(Ordering::Relaxed) + self.elapsed();
        Timestamp::from_microsecond(now).unwrap_or(Timestamp::MAX)
    }

    fn elapsed(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_from_what_was_seen() {
        let clock = LogClock::new();
        let seen = Timestamp::from_microsecond(1_000_000_000_000_000).expect("in range");
        clock.set(seen);
        let first = clock.now();
        assert!(first >= seen && first.as_second() < seen.as_second() + 60);
        assert!(clock.now() >= first);
    }
}
