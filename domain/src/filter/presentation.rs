//! How what a filter finds is shown: as a table, a board or a chart, with which columns, in which order. Nothing that is found depends
//! on it.

use serde::{Deserialize, Serialize};

use super::{Over, Rejection};
use crate::form::FieldId;
use crate::issued::Issued;
use crate::text::check_line;

/// Columns of a filter.
pub const COLUMNS_MAX: usize = 100;
/// Characters of a column's code.
pub const CODE_CHARACTERS_MAX: usize = 100;

/// How it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Presentation {
    pub view: View,
    /// In order; none: those that the reader's program chooses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_by: Option<Column>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    #[default]
    Table,
    Board,
    Chart,
}

impl View {
    pub const ALL: [Self; 3] = [Self::Table, Self::Board, Self::Chart];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Board => "board",
            Self::Chart => "chart",
        }
    }
}

/// A column: a field of the form by its id, or a word, which is a field's code or one of what every task has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Column {
    Field(FieldId),
    Word(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    pub by: Column,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
}

impl Presentation {
    /// Takes it, or says what is wrong with it.
    pub(super) fn check(&self, over: Over, issued: &Issued<'_>) -> Result<(), Rejection> {
        if self.columns.len() > COLUMNS_MAX {
            return Err(Rejection::TooManyColumns);
        }
        let columns = self.columns.iter().map(|column| (column, "presentation.columns"));
        let sort = self.sort.iter().map(|sort| (&sort.by, "presentation.sort"));
        let group_by = self.group_by.iter().map(|column| (column, "presentation.group_by"));
        for (column, place) in columns.chain(sort).chain(group_by) {
            match column {
                Column::Field(id) if !has_field(*id, over, issued) => return Err(Rejection::UnknownField(place)),
                Column::Field(_) => {}
                Column::Word(word) if word.trim().is_empty() => return Err(Rejection::ColumnMissing(place)),
                Column::Word(word) => check_line(word, CODE_CHARACTERS_MAX).map_err(|unfit| Rejection::Unfit(place, unfit))?,
            }
        }
        Ok(())
    }
}

/// Only forms have fields. One that was deleted since is known by its id still.
fn has_field(id: FieldId, over: Over, issued: &Issued<'_>) -> bool {
    match over {
        Over::Form(form) => issued.directory.form(form).is_some_and(|form| form.published.find(id).is_some()),
        Over::List(_) | Over::Inbox | Over::Responsible(_) | Over::Approver(_) => false,
    }
}
