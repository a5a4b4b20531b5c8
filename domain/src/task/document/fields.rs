//! Fields of a form as the API shows them (pyrus.md §1.6): `{"id","type","name","value"}`, without a value where they are empty.

use super::face::Faces;
use super::seconds::Seconds;
use crate::file::Attached;
use crate::form::scope::Filled;
use crate::form::value::in_order;
use crate::form::{Field, FieldKind, Picked, Row, RowId, Value};
use crate::id::PersonId;
use crate::json::Json;

pub(super) struct Renderer<'a, 'f, 'd> {
    pub filled: Filled<'a>,
    pub created_at: Seconds,
    pub faces: &'f mut Faces<'d>,
}

impl Renderer<'_, '_, '_> {
    pub fn field(&mut self, field: &Field, parent: Option<&Field>) -> Json {
        let value = self.value(field);
        shown(field, parent, value)
    }

    fn value(&mut self, field: &Field) -> Option<(Json, Option<u32>)> {
        let plain = |json| Some((json, None));
        match &field.kind {
            FieldKind::Title { checkmark, fields } => {
                let checked = self.filled.values.get(&field.id) == Some(&Value::Checked(true));
                let checkmark = checkmark.then(|| checked_word(checked).into());
                plain(Json::object([("checkmark", checkmark), ("fields", Some(self.fields(fields, field)))]))
            }
            FieldKind::Table { columns } => {
                let rows = self.filled.tables.get(&field.id)?;
                plain(in_order(rows).into_iter().map(|(id, row)| shown_row(id, row, columns, field, self.faces)).collect())
            }
            FieldKind::MultipleChoice { options, .. } => {
                let value = self.filled.values.get(&field.id)?;
                let (mut json, _) = held(field, value, self.faces);
                let chosen = match value {
                    Value::Choices(chosen) => chosen.as_slice(),
                    _ => &[],
                };
                let within = options.iter().filter(|option| chosen.contains(&option.choice_id)).flat_map(|option| &option.fields);
                let nested: Vec<Json> = within.filter(|nested| !nested.deleted).map(|nested| self.field(nested, Some(field))).collect();
                if let (false, Json::Object(members)) = (nested.is_empty(), &mut json) {
                    members.push(("fields".to_owned(), Json::List(nested)));
                }
                plain(json)
            }
            FieldKind::Step => plain(i64::from(self.filled.step).into()),
            FieldKind::Status => plain(if self.filled.closed { "closed" } else { "open" }.into()),
            FieldKind::CreationDate => plain(Json::Text(self.created_at.date())),
            FieldKind::Author => plain(self.faces.json(self.filled.author)),
            FieldKind::Note => field.tooltip.as_deref().map(|note| (note.into(), None)),
            _ => match field.formula.as_ref().and_then(|_| self.filled.computed(field)) {
                Some(computed) => Some(held(field, &computed, self.faces)),
                None => self.filled.values.get(&field.id).map(|value| held(field, value, self.faces)),
            },
        }
    }

    fn fields(&mut self, fields: &[Field], parent: &Field) -> Json {
        fields.iter().filter(|field| !field.deleted).map(|field| self.field(field, Some(parent))).collect()
    }
}

/// A row of a table; cells that are empty, or not checked, are absent.
pub(super) fn shown_row(id: RowId, row: &Row, columns: &[Field], table: &Field, faces: &mut Faces<'_>) -> Json {
    let there = columns.iter().filter(|column| !column.deleted);
    let cells = there.filter_map(|column| {
        let cell = row.cells.get(&column.id).filter(|cell| **cell != Value::Checked(false))?;
        let value = held(column, cell, faces);
        Some(shown(column, Some(table), Some(value)))
    });
    let cells: Json = cells.collect();
    Json::object([("row_id", Some(i64::from(id).into())), ("position", Some(i64::from(row.position).into())), ("cells", Some(cells))])
}

/// A field with what it holds, and the length in minutes that stands beside it.
pub(super) fn shown(field: &Field, parent: Option<&Field>, value: Option<(Json, Option<u32>)>) -> Json {
    let (value, duration) = value.map_or((None, None), |(value, duration)| (Some(value), duration));
    Json::object([
        ("id", Some(i64::from(field.id.0).into())),
        ("type", Some(field.kind.word().into())),
        ("name", Some(field.name.as_str().into())),
        ("code", field.code.as_deref().map(Json::from)),
        ("parent_id", parent.map(|parent| i64::from(parent.id.0).into())),
        ("value", value),
        ("duration", duration.map(|minutes| i64::from(minutes).into())),
    ])
}

/// The value of a field that holds no others.
pub(super) fn held(field: &Field, value: &Value, faces: &mut Faces<'_>) -> (Json, Option<u32>) {
    match value {
        Value::Text(text) => (text.as_str().into(), None),
        // Every digit, and none that nobody wrote.
        Value::Number(number) => (Json::Number(number.normalize().to_string()), None),
        Value::Date(date) => (Json::Text(date.to_string()), None),
        Value::Time(time) => (Json::Text(time.strftime("%H:%M").to_string()), None),
        Value::Checked(checked) => {
            let word = Json::from(checked_word(*checked));
            let is_section = matches!(field.kind, FieldKind::Title { .. });
            (if is_section { Json::object([("checkmark", Some(word))]) } else { word }, None)
        }
        Value::DueDate(date, duration) => (Json::Text(date.to_string()), *duration),
        Value::Moment(at, duration) => (Json::Text(Seconds::from(*at).to_string()), *duration),
        Value::Person(person) => (faces.json(*person), None),
        Value::Tasks(tasks) => {
            let ids: Json = tasks.iter().map(|task| Json::from(task.0)).collect();
            let first = tasks.first().map(|task| task.0.into());
            (Json::object([("task_id", first), ("task_ids", Some(ids)), ("subject", Some("".into()))]), None)
        }
        Value::Items(picked) => (shown_items(picked), None),
        Value::Files(files) => (files.iter().map(shown_file).collect(), None),
        Value::Choices(choices) => {
            let name = |id: &u32| field.choice(*id).map(|choice| choice.choice_value.as_str()).unwrap_or_default();
            let ids: Json = choices.iter().map(|id| Json::from(i64::from(*id))).collect();
            let names: Json = choices.iter().map(|id| Json::from(name(id))).collect();
            let first = choices.first().map(|id| i64::from(*id).into());
            (Json::object([("choice_id", first), ("choice_ids", Some(ids)), ("choice_names", Some(names))]), None)
        }
    }
}

/// Items as they were when they were chosen; one alone is also told as the dialect once did.
fn shown_items(picked: &Picked) -> Json {
    let cells = |row: &crate::catalog::Row| row.cells().map(Json::from).collect::<Json>();
    let single = match &picked.items[..] {
        [single] => Some(single),
        [] | [_, _, ..] => None,
    };
    Json::object([
        ("item_id", single.map(|item| item.id.into())),
        ("item_ids", Some(picked.items.iter().map(|item| Json::from(item.id)).collect())),
        ("headers", Some(cells(&picked.columns))),
        ("values", single.map(|item| cells(&item.values))),
        ("rows", Some(picked.items.iter().map(|item| cells(&item.values)).collect())),
    ])
}

/// As a comment shows it ([`Attached::shown`]).
fn shown_file(file: &Attached) -> Json {
    let shown = serde_json::to_string(&file.shown()).expect("plain data is JSON");
    Json::parse(&shown).expect("it was written just now")
}

fn checked_word(checked: bool) -> &'static str {
    if checked { "checked" } else { "unchecked" }
}

/// Shows the persons within rendered fields as the directory does now.
pub(super) fn renew(shown: &mut Json, faces: &mut Faces<'_>) {
    let is_person = matches!(shown.member("type").and_then(Json::text), Some("person" | "author"));
    let id = shown.member("value").and_then(|value| value.member("id")).and_then(Json::integer);
    match shown {
        Json::List(items) => items.iter_mut().for_each(|item| renew(item, faces)),
        Json::Object(members) => match id.filter(|_| is_person) {
            Some(id) => {
                let value = members.iter_mut().find(|(name, _)| name == "value");
                value.into_iter().for_each(|(_, value)| *value = faces.json(PersonId(id)));
            }
            None => members.iter_mut().for_each(|(_, value)| renew(value, faces)),
        },
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
    }
}
