//! What can have happened to a department.

use serde::{Deserialize, Serialize};

use crate::id::{DepartmentId, PersonId, Position};

/// What a department is called and who heads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    pub name: String,
    /// Where there is none, the head of the department above is also this one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// Where a department stands, and after which change of the tree it was decided on (see [`super::tree`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Absent at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<DepartmentId>,
    pub after: Position,
}

/// Everything that can have happened to a department.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `department.created`: always the first of its stream, and only there; at the top until it is moved.
    Created(Box<Attributes>),
    /// `department.changed`: all of its attributes as they are from now on.
    Changed(Box<Attributes>),
    /// `department.moved`
    Moved(Placed),
    /// `department.deleted`
    Deleted { after: Position },
}
