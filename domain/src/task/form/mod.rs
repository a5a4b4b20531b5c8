//! What a task of a form has beside what every task has: values, rows, and its way along the route. The rules of the route are
//! in [`crate::workflow`], those of values in [`crate::form::fill`]; here is what a request may do to this task.

mod fact;
mod fields;
mod linked;
mod route;
mod subprocess;
mod title;

pub mod create;
pub mod what_if;

pub use create::Begin;
pub use fact::{Fact, OF_STEPS, OF_SUBPROCESSES, TYPES};
pub(super) use fact::{decode, encode};
pub use fields::Frozen;
pub use linked::Linked;
pub(super) use route::Working;
pub use subprocess::{Given, News, Open, Origin, Told};
pub use title::{name_of, words};
pub use what_if::WhatIf;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::form::fill::RowChange;
use crate::form::scope::Filled;
use crate::form::value::{Row, Table};
use crate::form::{Definition, FieldId, Value};
use crate::id::{FormId, PersonId, TaskId, Version};
use crate::workflow::Progress;

/// What is filled in, and how far the task is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Filling {
    pub form: FormId,
    /// The version of the form under which the last change was made.
    pub template: u32,
    pub values: BTreeMap<FieldId, Value>,
    pub tables: BTreeMap<FieldId, Table>,
    pub progress: Progress,
    /// The form's name, and the values that it puts into titles.
    pub title: String,
    /// Of the last event that changed a value or the route.
    pub changed: Version,
    /// The step of another task that opened it.
    #[serde(default)]
    pub origin: Option<Origin>,
    /// That one has been told how this one ended.
    #[serde(default)]
    pub ended: bool,
}

impl Filling {
    /// Takes a fact in.
    pub fn take(&mut self, fact: &Fact) {
        match fact {
            Fact::TemplateApplied { template } => self.template = *template,
            Fact::FieldChanged { field, value: Some(value) } => {
                self.values.insert(*field, value.clone());
            }
            Fact::FieldChanged { field, value: None } => {
                self.values.remove(field);
            }
            Fact::TableChanged { field, rows } => {
                let table = self.tables.entry(*field).or_default();
                rows.iter().for_each(|row| change_row(table, row));
                if table.is_empty() {
                    self.tables.remove(field);
                }
            }
            Fact::Titled { title } => self.title.clone_from(title),
            Fact::Route(fact) => self.progress.take(fact),
            Fact::Result(_) => self.ended = true,
        }
    }

    /// Every task that it links to.
    pub fn links(&self) -> impl Iterator<Item = TaskId> + '_ {
        let cells = self.tables.values().flat_map(BTreeMap::values).flat_map(|row| row.cells.values());
        let tasks = self.values.values().chain(cells).filter_map(|value| if let Value::Tasks(tasks) = value { Some(tasks) } else { None });
        tasks.flatten().copied()
    }

    /// What expressions see of it.
    pub fn filled<'a>(&'a self, definition: &'a Definition, author: PersonId, closed: bool) -> Filled<'a> {
        Filled { definition, values: &self.values, tables: &self.tables, author, step: self.progress.current, closed }
    }
}

fn change_row(table: &mut Table, change: &RowChange) {
    if change.deleted {
        table.remove(&change.row_id);
        return;
    }
    let last = table.values().map(|row| row.position).max();
    let row =
        table.entry(change.row_id).or_insert_with(|| Row { position: last.map_or(0, |last| last.saturating_add(1)), ..Row::default() });
    if let Some(position) = change.position {
        row.position = position;
    }
    for (column, value) in &change.cells {
        match value {
            Some(value) => row.cells.insert(*column, value.clone()),
            None => row.cells.remove(column),
        };
    }
}

#[cfg(test)]
mod subprocess_tests;
#[cfg(test)]
mod tests;
