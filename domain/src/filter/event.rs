//! What can have happened to a saved filter.

use serde::{Deserialize, Serialize};

use super::{Presentation, Query, Shared};

/// What a filter is. The whole of it is in every event that changes some of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub name: String,
    pub query: Query,
    #[serde(default)]
    pub presentation: Presentation,
    /// Whom it is shared with, its owner aside.
    #[serde(default, skip_serializing_if = "Shared::is_nobody")]
    pub shared: Shared,
}

/// Everything that can have happened to a saved filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `filter.created`: always the first of its stream, and only there. Who did it owns it.
    Created(Box<Settings>),
    /// `filter.changed`: what it is from now on.
    Changed(Box<Settings>),
    /// `filter.deleted`: for good.
    Deleted,
}
