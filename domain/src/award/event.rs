//! What can have happened to an award.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;

/// What an award is called. The whole of it is in every event that touches one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Naming {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// From which number on somebody is given the award, and from which on they lose it; 0 where that does not happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    pub grant: u32,
    pub revoke: u32,
}

/// `award.created`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    #[serde(flatten)]
    pub naming: Naming,
    #[serde(flatten)]
    pub thresholds: Thresholds,
}

/// Everything that can have happened to an award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `award.created`: always the first of its stream, and only there.
    Created(Box<Created>),
    /// `award.changed`: what it is called from now on.
    Changed(Box<Naming>),
    /// `award.thresholds_set`: from now on.
    ThresholdsSet(Thresholds),
    /// `award.counted`: what is counted for somebody now.
    Counted { person: PersonId, counter: u32 },
    /// `award.granted`: who hold it from now on and did not, in order.
    Granted { persons: Vec<PersonId> },
    /// `award.revoked`: who held it and do not any more, in order.
    Revoked { persons: Vec<PersonId> },
    /// `award.deleted`: nobody holds it, for good.
    Deleted,
}
