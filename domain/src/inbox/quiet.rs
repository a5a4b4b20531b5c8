//! Quiet hours: when mail and push wait. The clock is that of the person's zone, through summer time and winter time. What the web
//! shows is never late.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::zone;

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// From one time of the day to another, on every day; over midnight where the second is the earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// Minutes after midnight, below [`DAY_MINUTES`].
    pub from: u16,
    /// The first minute that is not quiet any more; not `from`.
    pub until: u16,
}

impl Quiet {
    /// Whether it is a part of a day.
    pub const fn is_right(self) -> bool {
        self.from < DAY_MINUTES && self.until < DAY_MINUTES && self.from != self.until
    }

    /// When what happens at `at` may be delivered: then, or when the quiet hours are over that it falls into. `zone` is an IANA
    /// name. Where the clock is put back over their end they are over at the first of the two moments.
    pub fn over(self, at: Timestamp, zone: &str) -> Timestamp {
        let zone = zone::named(zone);
        let local = zone.to_datetime(at);
        let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or_default();
        let over_midnight = self.from > self.until;
        let (evening, morning) = (minute >= self.from, minute < self.until);
        let quiet = if over_midnight { evening || morning } else { evening && morning };
        if !quiet {
            return at;
        }
        let day = if over_midnight && evening { local.date().tomorrow() } else { Ok(local.date()) };
        let (hour, minute) = (i8::try_from(self.until / 60).unwrap_or_default(), i8::try_from(self.until % 60).unwrap_or_default());
        let end = Time::new(hour, minute, 0, 0).and_then(|time| Ok(day?.to_datetime(time))).and_then(|end| zone.to_timestamp(end));
        end.map_or(at, |end| end.max(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::moment;

    const NIGHT: Quiet = Quiet { from: 22 * 60, until: 7 * 60 };

    #[track_caller]
    fn over(quiet: Quiet, at: &str, expected: &str) {
        assert_eq!(quiet.over(moment(at), "Europe/Berlin"), moment(expected));
    }

    #[test]
    fn the_night_is_over_in_the_morning_on_either_side_of_midnight() {
        over(NIGHT, "2026-01-15T20:59:59Z", "2026-01-15T20:59:59Z");
        over(NIGHT, "2026-01-15T21:00:00Z", "2026-01-16T06:00:00Z");
        over(NIGHT, "2026-01-15T23:30:00Z", "2026-01-16T06:00:00Z");
        over(NIGHT, "2026-01-16T05:59:59Z", "2026-01-16T06:00:00Z");
        over(NIGHT, "2026-01-16T06:00:00Z", "2026-01-16T06:00:00Z");
    }

    #[test]
    fn an_hour_at_noon_is_over_on_the_same_day() {
        let noon = Quiet { from: 12 * 60, until: 13 * 60 };
        over(noon, "2026-01-15T11:30:00Z", "2026-01-15T12:00:00Z");
        over(noon, "2026-01-15T10:30:00Z", "2026-01-15T10:30:00Z");
        over(noon, "2026-01-15T22:30:00Z", "2026-01-15T22:30:00Z");
    }

    #[test]
    fn the_morning_is_that_of_the_clock_when_summer_begins_and_ends() {
        over(NIGHT, "2026-03-28T21:30:00Z", "2026-03-29T05:00:00Z");
        over(NIGHT, "2026-10-24T20:30:00Z", "2026-10-25T06:00:00Z");
    }

    #[test]
    fn an_end_that_the_clock_skips_or_has_twice_comes_once() {
        let short = Quiet { from: 60, until: 150 };
        over(short, "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
        over(short, "2026-10-25T00:15:00Z", "2026-10-25T00:30:00Z");
        over(short, "2026-10-25T01:15:00Z", "2026-10-25T01:15:00Z");
    }

    #[test]
    fn hours_that_do_not_differ_or_are_none_of_a_day_are_not_right() {
        assert!(NIGHT.is_right());
        for (from, until) in [(60, 60), (1_440, 60), (60, 1_440)] {
            assert!(!Quiet { from, until }.is_right());
        }
    }
}
