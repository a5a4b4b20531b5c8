//! How values whose serde shape was made for the log's JSON lie in a snapshot or a message between nodes. Both are not
//! self-describing, so they bear neither `flatten` nor `skip_serializing_if`: what has these goes
//! into them as a string of JSON. Not the snapshot's codec (that is `actors`).
//!
//! Used as `#[serde(with = "crate::snapshot::as_json")]`. In JSON itself it changes nothing.

/// The adapter for one field.
pub mod as_json {
    use serde::de::{DeserializeOwned, Error as _};
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return value.serialize(serializer);
        }
        serializer.serialize_str(&serde_json::to_string(value).map_err(S::Error::custom)?)
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        if deserializer.is_human_readable() {
            return T::deserialize(deserializer);
        }
        let json = String::deserialize(deserializer)?;
        serde_json::from_str(&json).map_err(D::Error::custom)
    }
}
