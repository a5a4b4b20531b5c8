//! Time zones by their IANA names, from the copy inside the program: the same on every node, and
//! read without I/O. Not which zone counts (that is the organisation's or the person's setting).

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, time};
use jiff::tz::{TimeZone, TimeZoneDatabase};

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Whether `name` is an IANA name, such as `Europe/Berlin`.
pub fn is_known(name: &str) -> bool {
    ZONES.get(name).is_ok()
}

/// The zone of this name; UTC where the name is not known.
pub fn named(name: &str) -> TimeZone {
    ZONES.get(name).unwrap_or(TimeZone::UTC)
}

/// 09:00 of `date` in the zone `name`; UTC where the name is not known. Where clocks skip 09:00 it is
/// the moment that 09:00 would have been. Nothing where the moment is beyond what timestamps hold.
pub fn morning(date: Date, name: &str) -> Option<Timestamp> {
    named(name).to_timestamp(date.to_datetime(time(9, 0, 0, 0))).ok()
}

/// The first moment of `date` in the zone `name`, as [`morning`].
pub fn midnight(date: Date, name: &str) -> Option<Timestamp> {
    named(name).to_timestamp(date.to_datetime(time(0, 0, 0, 0))).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_morning_follows_the_zone_through_summer_time() {
        let morning = |date, zone| morning(date, zone).map(|moment| moment.to_string());
        assert_eq!(morning(date(2026, 1, 15), "Europe/Berlin").as_deref(), Some("2026-01-15T08:00:00Z"));
        assert_eq!(morning(date(2026, 7, 15), "Europe/Berlin").as_deref(), Some("2026-07-15T07:00:00Z"));
        assert_eq!(morning(date(2026, 7, 15), "Nowhere/Land").as_deref(), Some("2026-07-15T09:00:00Z"));
        assert_eq!(morning(Date::MAX, "America/New_York"), None);
    }

    #[test]
    fn only_names_of_the_database_are_known() {
        assert!(is_known("Asia/Yekaterinburg"));
        for name in ["", "Nowhere/Land", "../../etc/passwd", "Europe/Berlin\0"] {
            assert!(!is_known(name), "{name:?}");
        }
    }
}
