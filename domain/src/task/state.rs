//! What decisions about a task need to remember, and the fold that keeps it. Not what is shown
//! (that is [`super::document`]).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::command::Due;
use crate::id::{OrganisationId, PersonId, Position, TaskId, Version};

/// The state of a task. Version 0, the default, is a task that does not exist yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub organisation: OrganisationId,
    pub exists: bool,
    pub deleted: bool,
    pub author: PersonId,
    pub responsible: Option<PersonId>,
    pub participants: BTreeSet<PersonId>,
    /// Each subscriber, and whether they have acknowledged.
    pub subscribers: BTreeMap<PersonId, bool>,
    /// Everybody who was ever responsible: they keep their access.
    pub ever_responsible: BTreeSet<PersonId>,
    pub parent: Option<TaskId>,
    pub subject: Option<String>,
    pub due: Option<Due>,
    /// Out of the inbox until then.
    pub scheduled_until: Option<Timestamp>,
    pub closed: bool,
    pub comments: Vec<Comment>,
}

/// What decisions need to know of one comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The position of its first event: its id. 0 until the log has given it.
    pub id: Position,
    /// The version of its first event.
    pub version: Version,
    pub author: PersonId,
    pub has_text: bool,
    pub deleted: bool,
}
