//! Filling in the fields of a task.

use std::collections::BTreeSet;

use super::{Fact, Filling};
use crate::file::Brought;
use crate::form::fill::{self, Change, ROWS_MAX};
use crate::form::items::Reading;
use crate::form::rejection::{Misfilled, Misfit};
use crate::form::{Definition, FieldId, Form, Lookup};
use crate::issued::Issued;
use crate::json::Json;

/// Who asks may change fields that are frozen at the task's step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frozen {
    Kept,
    Changed,
}

/// The facts of what a request writes into the fields of a task; what changes nothing is none.
///
/// # Errors
/// The first field whose value does not fit, or which may not be changed at this step.
pub(super) fn changed(
    (fields, lookup, brought): (&Json, &Lookup, &Brought),
    filling: &Filling,
    form: &Form,
    frozen: Frozen,
    issued: &Issued<'_>,
) -> Result<Vec<Fact>, Misfit> {
    let definition = &form.published;
    let mut facts = Vec::new();
    for change in fill::read(fields, definition, &Reading::new(issued, (lookup, brought), Some(&filling.values)))? {
        let fact = match change {
            Change::Value(field, value) if filling.values.get(&field) == value.as_ref() => continue,
            Change::Value(field, value) => {
                check_frozen(field, filling, definition, frozen)?;
                Fact::FieldChanged { field, value }
            }
            Change::Rows(field, rows) => {
                let table = filling.tables.get(&field);
                let known = |row| table.is_some_and(|table| table.contains_key(row));
                let misfit = |rule| Misfit { field: name(field, definition), rule };
                if rows.iter().any(|row| row.deleted && !known(&row.row_id)) {
                    return Err(misfit(Misfilled::UnknownRow));
                }
                let changes = rows.into_iter().filter(|row| {
                    let before = table.and_then(|table| table.get(&row.row_id));
                    before.is_none_or(|before| {
                        let moved = row.position.is_some_and(|position| position != before.position);
                        row.deleted || moved || row.cells.iter().any(|(column, value)| before.cells.get(column) != value.as_ref())
                    })
                });
                let rows: Vec<_> = changes.collect();
                if rows.is_empty() {
                    continue;
                }
                check_frozen(field, filling, definition, frozen)?;
                let fact = Fact::TableChanged { field, rows };
                let mut after = Filling { tables: filling.tables.clone(), ..Filling::default() };
                after.take(&fact);
                let after = after.tables.get(&field);
                if after.is_some_and(|table| table.len() > ROWS_MAX) {
                    return Err(misfit(Misfilled::TooManyRows));
                }
                let mut places = BTreeSet::new();
                if after.is_some_and(|table| table.values().any(|row| !places.insert(row.position))) {
                    return Err(misfit(Misfilled::PositionTwice));
                }
                fact
            }
        };
        facts.push(fact);
    }
    Ok(facts)
}

/// What `fill_defaults` writes into fields that `given` leaves alone.
pub(super) fn defaults(form: &Form, given: &[Fact], lookup: &Lookup, issued: &Issued<'_>) -> Vec<Fact> {
    let brought = Brought::default();
    let reading = Reading::new(issued, (lookup, &brought), None);
    let set: BTreeSet<FieldId> = given
        .iter()
        .filter_map(|fact| match fact {
            Fact::FieldChanged { field, .. } => Some(*field),
            Fact::TemplateApplied { .. } | Fact::TableChanged { .. } | Fact::Titled { .. } | Fact::Route(_) | Fact::Result(_) => None,
        })
        .collect();
    let all = form.published.all();
    let open = all.iter().filter(|placed| !placed.is_cell() && !placed.field.deleted && !set.contains(&placed.field.id));
    open.filter_map(|placed| {
        let default = placed.field.default_value.as_deref()?;
        // It fitted when the form was published; whom it names may be gone since.
        let value = fill::default_value(placed.field, default, &reading).ok().flatten()?;
        Some(Fact::FieldChanged { field: placed.field.id, value: Some(value) })
    })
    .collect()
}

fn name(field: FieldId, definition: &Definition) -> String {
    definition.find(field).map(|placed| placed.field.name.clone()).unwrap_or_default()
}

/// From its step on, a field stays as it is; so does what lies in a frozen section.
pub(super) fn check_frozen(field: FieldId, filling: &Filling, definition: &Definition, frozen: Frozen) -> Result<(), Misfit> {
    if frozen == Frozen::Changed {
        return Ok(());
    }
    let mut next = definition.find(field);
    while let Some(placed) = next {
        if placed.field.immutable_step.is_some_and(|step| filling.progress.current >= step) {
            return Err(Misfit { field: name(field, definition), rule: Misfilled::Frozen });
        }
        next = placed.parent.and_then(|parent| definition.find(parent.id));
    }
    Ok(())
}
