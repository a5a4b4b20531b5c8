//! What can have happened to a catalog.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::columns::Column;
use super::row::Row;
use crate::id::{CommandId, PersonId};

/// What a catalog is called and looks like. The whole of it is in every event that touches a part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    #[serde(default)]
    pub name: String,
    /// Where its items come from; nothing where people keep them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_type: Option<String>,
    /// What another system calls it; unique nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_version: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub column_settings: Vec<ColumnSetting>,
}

/// How a column is shown to people. Nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSetting {
    pub original_position: u16,
    #[serde(default)]
    pub sort_order: Option<i64>,
    pub visible: bool,
    pub group_by: bool,
}

/// `catalog.created`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    #[serde(flatten)]
    pub settings: Settings,
    pub columns: Vec<Column>,
    /// Persons and roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supervisors: Vec<PersonId>,
}

/// An item as a change leaves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    pub id: i64,
    pub values: Row,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Arc<str>>,
}

/// `catalog.items_changed`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemsChanged {
    /// The request that it is a part of.
    pub batch: CommandId,
    /// What was staged before is forgotten.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begins: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Placed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub updated: Vec<Placed>,
    /// Their ids; they are kept, and are the same items if they come back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted: Vec<i64>,
}

/// `catalog.synced`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synced {
    pub batch: CommandId,
    /// Where they are others than before: cells go with the name of their column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<Column>>,
    pub added: u32,
    pub updated: u32,
    pub deleted: u32,
}

/// Everything that can have happened to a catalog.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `catalog.created`: always the first of its stream, and only there. It is there for others with its first
    /// `catalog.synced`.
    Created(Box<Created>),
    /// `catalog.changed`
    Changed(Box<Settings>),
    /// `catalog.items_changed`: has no effect before its `catalog.synced`.
    ItemsChanged(Arc<ItemsChanged>),
    /// `catalog.synced`: what was staged takes effect.
    Synced(Box<Synced>),
    /// `catalog.supervisors_added`
    SupervisorsAdded { persons: Vec<PersonId> },
    /// `catalog.supervisors_removed`
    SupervisorsRemoved { persons: Vec<PersonId> },
    /// `catalog.deleted`: its items stay for the tasks that hold them.
    Deleted,
}
