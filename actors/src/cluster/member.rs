//! What a node says of itself to the others, once a second and whenever it changes. Not what they make of
//! it (see [`super::membership`]).
//!
//! A record is JSON, unlike the messages between actors: it is read by builds of every age, and by people with
//! NATS' own tools. Members that a reader does not know are passed over.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::roles::Roles;

/// A record that is longer is none of ours.
const RECORD_BYTES_MAX: usize = 64 * 1024;

/// One life of a node: new at every start, in the order of the database's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Boot(pub Uuid);

impl fmt::Display for Boot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

/// Where a node is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It gets to know the others and owns nothing yet.
    Joining,
    Active,
    /// It hands its actors over and takes no new ones.
    Draining,
    /// It cannot write to the log just now, so that its actors are better off elsewhere.
    Impaired,
    /// It has ended: its last word.
    Gone,
    /// What a later build may be in; nothing is sent there.
    #[serde(other)]
    Unknown,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Joining => "joining",
            Self::Active => "active",
            Self::Draining => "draining",
            Self::Impaired => "impaired",
            Self::Gone => "gone",
            Self::Unknown => "unknown",
        }
    }
}

/// A node, in its own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// No two nodes of a cluster share one.
    pub name: String,
    pub boot: Boot,
    pub state: State,
    pub roles: Roles,
    /// Its share of the actors beside the others', 1 to 16.
    pub weight: u16,
    /// The oldest and the newest version of messages between nodes that it speaks.
    pub protocols: (u16, u16),
    pub build: String,
    /// For people.
    #[serde(default)]
    pub report: Report,
}

/// What people want to know of a node; nothing is decided on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Where it answers HTTP.
    pub http: String,
    pub actors: usize,
    /// The end of the log as it knows it, and up to where its actors were told of events.
    pub head: i64,
    pub tailed: i64,
    /// How far each of its projections is behind, in milliseconds.
    pub behind_ms: BTreeMap<String, u64>,
    /// What it alone does at present.
    pub leases: Vec<String>,
    pub uptime_seconds: u64,
}

impl Member {
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Nothing for what is no record.
    pub fn decode(record: &[u8]) -> Option<Self> {
        if record.len() > RECORD_BYTES_MAX {
            return None;
        }
        let member: Self = serde_json::from_slice(record).ok()?;
        let (oldest, newest) = member.protocols;
        (!member.name.is_empty() && oldest <= newest && (1..=16).contains(&member.weight)).then_some(member)
    }
}

#[cfg(test)]
pub(crate) fn sample(name: &str, boot: u128) -> Member {
    Member {
        name: name.to_owned(),
        boot: Boot(Uuid::from_u128(boot)),
        state: State::Active,
        // Those that the first release had.
        roles: "api,actors,followers".parse().expect("roles"),
        weight: 1,
        protocols: (1, 2),
        build: "0.1.0".to_owned(),
        report: Report::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the first release says of itself, and every later one must understand.
    const GOLDEN: &str = r#"{"name":"one","boot":"00000000-0000-0000-0000-000000000007","state":"active","roles":["api","actors","followers"],"weight":1,"protocols":[1,2],"build":"0.1.0","report":{"http":"","actors":0,"head":0,"tailed":0,"behind_ms":{},"leases":[],"uptime_seconds":0}}"#;

    #[test]
    fn a_record_is_what_the_first_release_wrote() {
        assert_eq!(String::from_utf8(sample("one", 7).encode()).unwrap(), GOLDEN);
        assert_eq!(Member::decode(GOLDEN.as_bytes()), Some(sample("one", 7)));
    }

    #[test]
    fn a_later_build_may_say_more_and_be_in_states_of_its_own() {
        let later = GOLDEN.replace("\"active\"", "\"hibernating\"").replace("\"weight\"", "\"colour\":\"red\",\"weight\"");
        assert_eq!(Member::decode(later.as_bytes()).unwrap().state, State::Unknown);
        let without_report = GOLDEN.split(",\"report\"").next().unwrap().to_owned() + "}";
        assert_eq!(Member::decode(without_report.as_bytes()), Some(sample("one", 7)));
    }

    #[test]
    fn what_is_no_record_is_none() {
        let long = "x".repeat(RECORD_BYTES_MAX);
        let wrong = [
            "",
            "{}",
            "[]",
            &GOLDEN[..GOLDEN.len() - 1],
            &GOLDEN.replace("\"one\"", "\"\""),
            &GOLDEN.replace("[1,2]", "[3,2]"),
            &GOLDEN.replace("\"weight\":1", "\"weight\":0"),
            &GOLDEN.replace("\"one\"", &format!("\"{long}\"")),
        ];
        for record in wrong {
            assert_eq!(Member::decode(record.as_bytes()), None, "{record:.80}");
        }
        assert_eq!(Member::decode(&[0xff, 0xfe]), None);
    }
}
