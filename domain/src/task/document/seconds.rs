//! Moments as the API writes them: whole seconds, UTC, a literal `Z` (pyrus.md §1.0). Not how the log
//! keeps them.

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment cut to its second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seconds(i64);

impl From<Timestamp> for Seconds {
    fn from(moment: Timestamp) -> Self {
        // Downwards, before 1970 as well: `as_second` cuts towards zero.
        let before = moment.subsec_nanosecond() < 0;
        Self(moment.as_second() - i64::from(before))
    }
}

impl Seconds {
    /// `YYYY-MM-DD`, in UTC.
    pub fn date(self) -> String {
        self.to_string().chars().take(10).collect()
    }
}

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Only the very first second of all that a timestamp holds could have been cut out of bounds.
        Timestamp::from_second(self.0).unwrap_or(Timestamp::MIN).fmt(f)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_i64(self.0);
        }
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return i64::deserialize(deserializer).map(Self);
        }
        Timestamp::deserialize(deserializer).map(Self::from).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_cut_and_the_zone_is_z() {
        for (moment, written) in [
            ("2026-03-02T10:00:00.999999Z", "\"2026-03-02T10:00:00Z\""),
            ("2026-03-02T10:00:00+03:00", "\"2026-03-02T07:00:00Z\""),
            ("1969-12-31T23:59:58.5Z", "\"1969-12-31T23:59:58Z\""),
        ] {
            let seconds = Seconds::from(moment.parse::<Timestamp>().expect("a moment"));
            let json = serde_json::to_string(&seconds).expect("it is JSON");
            assert_eq!(json, written);
            assert_eq!(serde_json::from_str::<Seconds>(&json).expect("as it was written"), seconds);
        }
    }
}
