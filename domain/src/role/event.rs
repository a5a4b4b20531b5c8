//! What can have happened to a role.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;

/// What a role is called. The whole of it is in every event that touches one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Naming {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// `role.created`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    #[serde(flatten)]
    pub naming: Naming,
    /// In order, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<PersonId>,
}

/// Everything that can have happened to a role.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `role.created`: always the first of its stream, and only there.
    Created(Box<Created>),
    /// `role.changed`: what it is called from now on.
    Changed(Box<Naming>),
    /// `role.members_added`: who were none, in order.
    MembersAdded { persons: Vec<PersonId> },
    /// `role.members_removed`: who were, in order.
    MembersRemoved { persons: Vec<PersonId> },
    /// `role.banned`: nobody acts for it, and it is added to nothing.
    Banned,
    /// `role.restored`
    Restored,
    /// `role.deleted`: as banned, for good. What it was responsible for goes to the receiver, if there is one.
    Deleted { task_receiver: Option<PersonId> },
}
