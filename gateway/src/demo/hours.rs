//! When people work: Monday to Friday, from nine to six.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};

const OPENS: i8 = 9;
const CLOSES: i8 = 18;

/// `at`, or when work begins again after it.
pub fn at_work(at: Timestamp, zone: &TimeZone) -> Timestamp {
    let mut at = at.to_zoned(zone.clone());
    loop {
        let rests = matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !rests && (OPENS..CLOSES).contains(&at.hour()) {
            return at.timestamp();
        }
        let day = if rests || at.hour() >= CLOSES { tomorrow(&at) } else { Some(at.clone()) };
        let Some(opens) = day.and_then(|day| day.with().time(Time::constant(OPENS, 0, 0, 0)).build().ok()) else { return at.timestamp() };
        at = opens;
    }
}

/// So many working hours after `at`.
pub fn later(at: Timestamp, hours: f64, zone: &TimeZone) -> Timestamp {
    let mut left = SignedDuration::try_from_secs_f64(hours * 3_600.0).unwrap_or_default();
    let mut at = at_work(at, zone);
    loop {
        let here = at.to_zoned(zone.clone());
        let Ok(closes) = here.with().time(Time::constant(CLOSES, 0, 0, 0)).build() else { return at };
        let today = closes.timestamp().duration_since(at);
        if left < today {
            return at.saturating_add(left).unwrap_or(at);
        }
        left -= today;
        at = at_work(closes.timestamp(), zone);
    }
}

fn tomorrow(day: &Zoned) -> Option<Zoned> {
    day.checked_add(1.day()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_and_weekends_are_free() {
        let zone = TimeZone::UTC;
        let time = |text: &str| text.parse::<Timestamp>().expect("a moment");
        assert_eq!(at_work(time("2026-03-06T10:00:00Z"), &zone), time("2026-03-06T10:00:00Z"));
        assert_eq!(at_work(time("2026-03-06T18:00:00Z"), &zone), time("2026-03-09T09:00:00Z"), "after Friday comes Monday");
        assert_eq!(at_work(time("2026-03-05T03:00:00Z"), &zone), time("2026-03-05T09:00:00Z"));
        assert_eq!(later(time("2026-03-06T16:30:00Z"), 2.0, &zone), time("2026-03-09T09:30:00Z"));
        assert_eq!(later(time("2026-03-02T09:00:00Z"), 20.0, &zone), time("2026-03-04T11:00:00Z"));
    }
}
