//! The database's clock as it was seen, carried on by the local monotonic clock. Never a judge of order:
//! that is the position.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;

/// How long a reading counts that took less time to arrive than those after it: the two clocks drift apart by little in it.
const WINDOW_MICROSECONDS: i64 = 10_000_000;
/// A reading that differs by more comes from a clock that was set anew.
const STEP_MICROSECONDS: i64 = 900_000;

pub(super) struct LogClock {
    started: Instant,
    /// The database's time at `started`, in microseconds since 1970.
    offset: AtomicI64,
    window: Mutex<Window>,
    /// It stands where it was told, and no reading counts: in microseconds since 1970.
    told: Option<AtomicI64>,
}

/// The offset of the reading that arrived soonest in this window; the one in use is at least the last window's.
struct Window {
    began: i64,
    best: i64,
}

#[expect(clippy::disallowed_methods, reason = "this is the journal's clock, which all others are told to use")]
impl LogClock {
    /// Runs on the local clock until the database's is seen.
    pub fn new() -> Self {
        let offset = Timestamp::now().as_microsecond();
        // What the first reading says counts, whatever the local clock says.
        let window = Window { began: -2 * WINDOW_MICROSECONDS, best: i64::MIN };
        Self { started: Instant::now(), offset: AtomicI64::new(offset), window: Mutex::new(window), told: None }
    }

    /// Stands at `at` until it is told otherwise: for whoever writes a past.
    pub fn told(at: Timestamp) -> Self {
        Self { told: Some(AtomicI64::new(at.as_microsecond())), ..Self::new() }
    }

    /// Moves a clock that is told what time it is; never back. Others are not told.
    pub fn tell(&self, at: Timestamp) {
        if let Some(told) = &self.told {
            told.fetch_max(at.as_microsecond(), Ordering::Relaxed);
        }
    }

    /// Takes in a reading of the database's clock. It was taken before it arrived here, so an estimate by it alone lags
    /// behind by up to a round trip and never runs ahead; of the readings of the last seconds the one counts that lags least.
    pub fn set(&self, seen: Timestamp) {
        let elapsed = self.elapsed();
        let offset = seen.as_microsecond() - elapsed;
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.offset.load(Ordering::Relaxed);
        let age = elapsed - window.began;
        if (known - offset).abs() > STEP_MICROSECONDS || age >= 2 * WINDOW_MICROSECONDS {
            *window = Window { began: elapsed, best: offset };
            self.offset.store(offset, Ordering::Relaxed);
        } else if age >= WINDOW_MICROSECONDS {
            self.offset.store(window.best.max(offset), Ordering::Relaxed);
            *window = Window { began: elapsed, best: offset };
        } else {
            window.best = window.best.max(offset);
            self.offset.store(known.max(offset), Ordering::Relaxed);
        }
    }

    pub fn now(&self) -> Timestamp {
        let now = match &self.told {
            Some(told) => told.load(Ordering::Relaxed),
            None => self.offset.load(Ordering::Relaxed) + self.elapsed(),
        };
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

    #[test]
    fn a_reading_that_took_long_to_arrive_does_not_turn_it_back_and_one_of_another_clock_does() {
        let clock = LogClock::new();
        let second = |second: i64| Timestamp::from_second(second).expect("in range");
        clock.set(second(1_000_000));
        clock.set(second(1_000_000) - jiff::SignedDuration::from_millis(300));
        assert!(clock.now() >= second(1_000_000));
        clock.set(second(1_000_000) - jiff::SignedDuration::from_secs(30));
        assert!(clock.now() < second(1_000_000));
        clock.set(second(2_000_000));
        assert!(clock.now() >= second(2_000_000));
    }
}
