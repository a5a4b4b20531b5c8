//! What can have happened to a list.

use serde::{Deserialize, Serialize};

use super::state::Reach;
use crate::id::{ListId, PersonId, Position};

/// What a list is called and looks like. The whole of it is in every event that touches a part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub reach: Reach,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// What another system calls it; unique nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_version: Option<String>,
}

/// `list.created`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    #[serde(flatten)]
    pub settings: Settings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ListId>,
    /// Persons and roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub managers: Vec<PersonId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<PersonId>,
}

/// Everything that can have happened to a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `list.created`: always the first of its stream, and only there.
    Created(Box<Created>),
    /// `list.changed`
    Changed(Box<Settings>),
    /// `list.moved`: under another list, or to the top. `after` is the position of the last move before it, as it was decided;
    /// 0 in what was recorded before there was such a thing.
    Moved { parent: Option<ListId>, after: Position },
    /// `list.managers_added`
    ManagersAdded { persons: Vec<PersonId> },
    /// `list.managers_removed`
    ManagersRemoved { persons: Vec<PersonId> },
    /// `list.members_added`
    MembersAdded { persons: Vec<PersonId> },
    /// `list.members_removed`
    MembersRemoved { persons: Vec<PersonId> },
    /// `list.deleted`, and with it everything below.
    Deleted,
    /// `list.restored`
    Restored,
}
