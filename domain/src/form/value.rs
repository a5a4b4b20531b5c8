//! What a field holds, as the log has it. How a request writes it is [`super::fill`], how an answer shows it is the task's
//! document.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::definition::FieldId;
use super::items::Picked;
use crate::file::Attached;
use crate::id::{PersonId, TaskId};

/// Names a row of a table for as long as the task is there.
pub type RowId = u32;

/// The value of one field; a field without one is empty. Of a table, its rows are elsewhere ([`Table`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text, e-mail, phone.
    Text(String),
    /// Money and numbers, exactly as they were written.
    Number(Decimal),
    Date(Date),
    /// To the minute.
    Time(Time),
    /// Checkmarks, flags, and the checkmark of a section.
    Checked(bool),
    /// With a length in minutes.
    DueDate(Date, Option<u32>),
    Moment(Timestamp, Option<u32>),
    /// Or a role.
    Person(PersonId),
    Choices(Vec<u32>),
    Tasks(Vec<TaskId>),
    /// Of a catalog.
    Items(Arc<Picked>),
    Files(Vec<Attached>),
}

/// The rows of a table.
pub type Table = BTreeMap<RowId, Row>;

/// A row: its place among the others, and its cells by column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub position: u32,
    pub cells: BTreeMap<FieldId, Value>,
}

/// The rows in the order in which they are shown.
pub fn in_order(table: &Table) -> Vec<(RowId, &Row)> {
    let mut rows: Vec<_> = table.iter().map(|(id, row)| (*id, row)).collect();
    rows.sort_by_key(|(id, row)| (row.position, *id));
    rows
}
