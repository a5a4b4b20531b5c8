//! What a request writes into fields, read by the form's definition: `{"id"|"name"|"code", "value"}` as pyrus.md §1.6 has it.
//! Not whether the task lets its fields be changed by this person at this step (that is the task's matter).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::definition::{Definition, Field, FieldId, FieldKind, Placed};
use super::files;
use super::items::{self, Reading};
use super::rejection::{Misfilled, Misfit};
use super::value::{RowId, Value};
use crate::id::{PersonId, TaskId};
use crate::issued::Issued;
use crate::json::Json;
use crate::text::{self, Unfit};

/// Characters that a field holds.
pub const CHARACTERS_MAX: usize = 60_000;
/// Rows of a table, and rows that one request changes.
pub const ROWS_MAX: usize = 1_000;
/// Tasks that a field links to, and choices that it takes.
pub const ITEMS_MAX: usize = 500;
/// Minutes: a year.
const DURATION_MAX: i64 = 60 * 24 * 366;

/// A change that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing empties the field.
    Value(FieldId, Option<Value>),
    Rows(FieldId, Vec<RowChange>),
}

/// What happens to one row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    pub row_id: RowId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// Nothing empties the cell.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cells: BTreeMap<FieldId, Option<Value>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// Reads the fields of a request. Each field once.
///
/// # Errors
/// The first field whose name or value does not fit, and the rule.
pub fn read(fields: &Json, definition: &Definition, reading: &Reading<'_>) -> Result<Vec<Change>, Misfit> {
    let mut reader = Reader { all: definition.all(), reading, seen: BTreeSet::new(), changes: Vec::new() };
    reader.fields(fields, None)?;
    Ok(reader.changes)
}

/// What `default_value` fills in: the text as a request would write it, in JSON where the type wants more than a text; of a
/// catalog, also the first value of an item.
///
/// # Errors
/// The rule that it does not fit.
pub fn default_value(field: &Field, text: &str, reading: &Reading<'_>) -> Result<Option<Value>, Misfilled> {
    let input = match &field.kind {
        FieldKind::Text { .. } | FieldKind::Email | FieldKind::Phone | FieldKind::Date | FieldKind::Time | FieldKind::Checkmark => {
            Json::Text(text.to_owned())
        }
        FieldKind::Catalog { .. } => match Json::parse(text) {
            Ok(named @ Json::Object(_)) => named,
            Ok(_) | Err(_) => Json::object([("item_name", Some(text.into()))]),
        },
        _ => Json::parse(text).unwrap_or_else(|_| Json::Text(text.to_owned())),
    };
    value(field, &input, &Json::Null, reading)
}

struct Reader<'a> {
    all: Vec<Placed<'a>>,
    reading: &'a Reading<'a>,
    seen: BTreeSet<FieldId>,
    changes: Vec<Change>,
}

impl Reader<'_> {
    fn fields(&mut self, fields: &Json, within: Option<FieldId>) -> Result<(), Misfit> {
        let misfit = |rule| Misfit { field: "fields".to_owned(), rule };
        let fields = match fields {
            Json::List(fields) => fields,
            Json::Null => return Ok(()),
            _ => return Err(misfit(Misfilled::Type)),
        };
        if fields.len() > super::definition::FIELDS_MAX {
            return Err(misfit(Misfilled::TooManyRows));
        }
        for update in fields {
            self.field(update, within)?;
        }
        Ok(())
    }

    fn field(&mut self, update: &Json, within: Option<FieldId>) -> Result<(), Misfit> {
        let placed = identified(update, &self.all, within)?;
        let field = placed.field;
        let misfit = |rule| Misfit { field: field.name.clone(), rule };
        if placed.is_cell() {
            return Err(misfit(Misfilled::Cell));
        }
        if field.deleted {
            return Err(misfit(Misfilled::Deleted));
        }
        if field.kind.is_told() || field.formula.is_some() {
            return Err(misfit(Misfilled::Told));
        }
        if !self.seen.insert(field.id) {
            return Err(misfit(Misfilled::Twice));
        }
        let input = update.member("value").unwrap_or(&Json::Null);
        match &field.kind {
            FieldKind::Table { columns } => {
                let rows = rows(columns, input, self.reading).map_err(|(name, rule)| Misfit {
                    field: name.map_or_else(|| field.name.clone(), |name| format!("{}: {name}", field.name)),
                    rule,
                })?;
                self.changes.push(Change::Rows(field.id, rows));
            }
            FieldKind::Title { checkmark, .. } => {
                if let Some(set) = input.member("checkmark") {
                    let set = set.truth().filter(|_| *checkmark).ok_or_else(|| misfit(Misfilled::Type))?;
                    self.changes.push(Change::Value(field.id, set.then_some(Value::Checked(true))));
                }
                self.fields(input.member("fields").unwrap_or(&Json::Null), Some(field.id))?;
            }
            FieldKind::MultipleChoice { .. } => {
                let value = value(field, input, update, self.reading).map_err(misfit)?;
                self.changes.push(Change::Value(field.id, value));
                self.fields(input.member("fields").unwrap_or(&Json::Null), Some(field.id))?;
            }
            _ => {
                let value = value(field, input, update, self.reading).map_err(misfit)?;
                self.changes.push(Change::Value(field.id, value));
            }
        }
        Ok(())
    }
}

/// The field that an update is for, by whichever of id, name and code it has.
fn identified<'a>(update: &Json, among: &[Placed<'a>], within: Option<FieldId>) -> Result<Placed<'a>, Misfit> {
    let among = among.iter().filter(|placed| within.is_none_or(|parent| placed.parent.is_some_and(|known| known.id == parent)));
    let (id, name, code) = (update.member("id"), update.member("name"), update.member("code"));
    let called = [id, name, code].into_iter().flatten().next().map(|by| format!("{by:?}")).unwrap_or_default();
    let misfit = |rule| Misfit { field: name.and_then(Json::text).map_or_else(|| called.clone(), str::to_owned), rule };
    let by_id = match id {
        None => None,
        Some(id) => {
            let id = id.integer().and_then(|id| u32::try_from(id).ok()).ok_or_else(|| misfit(Misfilled::UnknownId))?;
            let found = among.clone().find(|placed| placed.field.id == FieldId(id));
            Some(found.copied().ok_or_else(|| misfit(Misfilled::UnknownId))?)
        }
    };
    let by_code = match code {
        None => None,
        Some(code) => {
            let code = code.text().ok_or_else(|| misfit(Misfilled::UnknownCode))?;
            let found = among.clone().find(|placed| !placed.field.deleted && placed.field.code.as_deref() == Some(code));
            Some(found.copied().ok_or_else(|| misfit(Misfilled::UnknownCode))?)
        }
    };
    let certain = by_id.or(by_code);
    let contradicts = |a: Option<Placed<'_>>, b: Option<Placed<'_>>| matches!((a, b), (Some(a), Some(b)) if a.field.id != b.field.id);
    if contradicts(by_id, by_code) {
        return Err(misfit(Misfilled::Contradiction));
    }
    match (certain, name) {
        (Some(placed), None) => Ok(placed),
        (Some(placed), Some(name)) if name.text() == Some(&placed.field.name) => Ok(placed),
        (Some(_), Some(_)) => Err(misfit(Misfilled::Contradiction)),
        (None, None) => Err(misfit(Misfilled::Unnamed)),
        (None, Some(name)) => {
            let name = name.text().ok_or_else(|| misfit(Misfilled::UnknownName))?;
            let mut found = among.filter(|placed| !placed.field.deleted && placed.field.name == name);
            match (found.next(), found.next()) {
                (Some(placed), None) => Ok(*placed),
                (None, _) => Err(misfit(Misfilled::UnknownName)),
                (Some(_), Some(_)) => Err(misfit(Misfilled::NameTwice)),
            }
        }
    }
}

/// Which column is wrong, where it is one, and the rule.
type RowMisfit = (Option<String>, Misfilled);

fn rows(columns: &[Field], input: &Json, reading: &Reading<'_>) -> Result<Vec<RowChange>, RowMisfit> {
    let items = match input {
        Json::Null => return Ok(Vec::new()),
        Json::List(items) => items,
        _ => return Err((None, Misfilled::Type)),
    };
    if items.len() > ROWS_MAX {
        return Err((None, Misfilled::TooManyRows));
    }
    let (mut seen, mut positions) = (BTreeSet::new(), BTreeSet::new());
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        let row = row(columns, item, reading)?;
        if !seen.insert(row.row_id) {
            return Err((None, Misfilled::UnknownRow));
        }
        if row.position.is_some_and(|position| !positions.insert(position)) {
            return Err((None, Misfilled::PositionTwice));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn row(columns: &[Field], item: &Json, reading: &Reading<'_>) -> Result<RowChange, RowMisfit> {
    let whole = |name: &str, rule| match item.member(name) {
        None => Ok(None),
        Some(number) => {
            let number = number.integer().and_then(|number| u32::try_from(number).ok()).filter(|number| *number <= i32::MAX.unsigned_abs());
            number.map(Some).ok_or((None, rule))
        }
    };
    let row_id = whole("row_id", Misfilled::UnknownRow)?.ok_or((None, Misfilled::UnknownRow))?;
    let position = whole("position", Misfilled::Position)?;
    let deleted = item.member("delete").or_else(|| item.member("deleted")).is_some_and(|deleted| deleted.truth() == Some(true));
    let mut cells = BTreeMap::new();
    let placed: Vec<_> = columns.iter().map(|field| Placed { field, parent: None, choice: None, depth: 1 }).collect();
    for cell in item.member("cells").and_then(Json::list).unwrap_or_default() {
        let column = identified(cell, &placed, None).map_err(|misfit| (Some(misfit.field), misfit.rule))?.field;
        let misfit = |rule| (Some(column.name.clone()), rule);
        if column.deleted {
            return Err(misfit(Misfilled::Deleted));
        }
        let value = value(column, cell.member("value").unwrap_or(&Json::Null), cell, reading).map_err(misfit)?;
        if cells.insert(column.id, value).is_some() {
            return Err(misfit(Misfilled::Twice));
        }
    }
    Ok(RowChange { row_id, position, cells, deleted })
}

/// The value that stands for `input` in a field; `beside` is the object that it stands in, where a length in minutes may be.
fn value(field: &Field, input: &Json, beside: &Json, reading: &Reading<'_>) -> Result<Option<Value>, Misfilled> {
    if matches!(input, Json::Null) || input.text() == Some("") {
        return Ok(None);
    }
    let text = || input.text().ok_or(Misfilled::Type);
    match &field.kind {
        FieldKind::Text { .. } | FieldKind::Phone => written(text()?).map(Some),
        FieldKind::Email => {
            let address = text()?.trim();
            let fits = address.len() <= 320 && address.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
            if fits && !address.contains(char::is_whitespace) { written(address).map(Some) } else { Err(Misfilled::Email) }
        }
        FieldKind::Money => number(input).map(|number| Some(Value::Number(number))),
        FieldKind::Number { decimal_places } => {
            let number = number(input)?;
            match decimal_places {
                Some(places) if number.normalize().scale() > u32::from(*places) => Err(Misfilled::DecimalPlaces),
                Some(_) | None => Ok(Some(Value::Number(number))),
            }
        }
        FieldKind::Date => date(text()?).map(|date| Some(Value::Date(date))),
        FieldKind::Time => {
            let time: Time = text()?.parse().map_err(|_| Misfilled::Type)?;
            Time::new(time.hour(), time.minute(), 0, 0).map(|time| Some(Value::Time(time))).map_err(|_| Misfilled::Type)
        }
        FieldKind::Checkmark => input.truth().map(|checked| Some(Value::Checked(checked))).ok_or(Misfilled::Type),
        FieldKind::Flag if input.text() == Some("none") => Ok(None),
        FieldKind::Flag => input.truth().map(|checked| Some(Value::Checked(checked))).ok_or(Misfilled::Type),
        FieldKind::DueDate => Ok(Some(Value::DueDate(date(text()?)?, duration(beside)?))),
        FieldKind::DueDateTime => {
            let at: Timestamp = text()?.parse().map_err(|_| Misfilled::Type)?;
            Ok(Some(Value::Moment(at, duration(beside)?)))
        }
        FieldKind::Person => person(input, reading.issued).map(|person| Some(Value::Person(person))),
        FieldKind::MultipleChoice { multiple, .. } => choices(field, input, *multiple),
        FieldKind::FormLink { multiple, .. } => tasks(input, *multiple),
        FieldKind::Catalog { catalog_id, multiple } => items::picked((field.id, *catalog_id, *multiple), input, reading),
        FieldKind::File => files::brought(input, reading.files),
        FieldKind::Title { .. }
        | FieldKind::Table { .. }
        | FieldKind::Step
        | FieldKind::Status
        | FieldKind::CreationDate
        | FieldKind::Author
        | FieldKind::Note => Err(Misfilled::Told),
    }
}

/// Line breaks are taken in any text: clients paste.
fn written(text: &str) -> Result<Value, Misfilled> {
    match text::check_lines(text, CHARACTERS_MAX) {
        Ok(()) => Ok(Value::Text(text.to_owned())),
        Err(Unfit::TooLong) => Err(Misfilled::TooLong),
        Err(Unfit::ControlCharacter) => Err(Misfilled::ControlCharacter),
    }
}

/// Every digit as it was written, or nothing.
fn number(input: &Json) -> Result<Decimal, Misfilled> {
    let digits = match input {
        Json::Number(digits) => digits,
        Json::Text(digits) => digits.trim(),
        Json::Null | Json::Bool(_) | Json::List(_) | Json::Object(_) => return Err(Misfilled::Type),
    };
    let plain = digits.strip_prefix('-').unwrap_or(digits);
    let begins = plain.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    if !begins || !plain.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | 'e' | 'E' | '+' | '-')) {
        return Err(Misfilled::Type);
    }
    if digits.contains(['e', 'E']) {
        return Decimal::from_scientific(digits).map_err(|_| Misfilled::Digits);
    }
    Decimal::from_str_exact(digits).map_err(|_| Misfilled::Digits)
}

fn date(text: &str) -> Result<Date, Misfilled> {
    // A longer text would be a date with a time, and the time would be lost.
    if text.len() == 10 { text.parse().map_err(|_| Misfilled::Type) } else { Err(Misfilled::Type) }
}

fn duration(beside: &Json) -> Result<Option<u32>, Misfilled> {
    let Some(minutes) = beside.member("duration") else { return Ok(None) };
    let minutes = minutes.integer().filter(|minutes| (0..=DURATION_MAX).contains(minutes)).ok_or(Misfilled::Duration)?;
    Ok(u32::try_from(minutes).ok())
}

fn person(input: &Json, issued: &Issued<'_>) -> Result<PersonId, Misfilled> {
    let directory = issued.directory;
    let id = match (input.member("id").or(Some(input)).and_then(Json::integer), input.member("email").and_then(Json::text)) {
        (Some(id), _) => Some(PersonId(id)),
        (None, Some(email)) => directory.by_email(email).map(|person| person.id),
        (None, None) => return Err(Misfilled::Type),
    };
    id.filter(|id| directory.acts(*id)).ok_or(Misfilled::UnknownPerson)
}

/// `{"choice_id"}`, `{"choice_ids"}`, `{"choice_names"}`, or by themselves a number, a text, a list of them.
fn choices(field: &Field, input: &Json, multiple: bool) -> Result<Option<Value>, Misfilled> {
    let FieldKind::MultipleChoice { options, .. } = &field.kind else { return Err(Misfilled::Type) };
    let named = ["choice_ids", "choice_names", "choice_id", "choice_name"].into_iter().find_map(|name| input.member(name));
    let chosen = match (named, input) {
        (Some(chosen), _) => chosen,
        (None, Json::Object(_)) => return Ok(None),
        (None, chosen) => chosen,
    };
    let single = std::slice::from_ref(chosen);
    let items = chosen.list().unwrap_or(single);
    if items.len() > ITEMS_MAX {
        return Err(Misfilled::Several);
    }
    let mut ids = Vec::new();
    for item in items {
        let by_name = |name: &str| options.iter().find(|option| option.choice_value == name || option.code.as_deref() == Some(name));
        let by_id = item.integer().and_then(|id| options.iter().find(|option| i64::from(option.choice_id) == id));
        let option = by_id.or_else(|| item.text().and_then(by_name)).filter(|option| !option.deleted).ok_or(Misfilled::UnknownChoice)?;
        if !ids.contains(&option.choice_id) {
            ids.push(option.choice_id);
        }
    }
    if ids.len() > 1 && !multiple {
        return Err(Misfilled::Several);
    }
    Ok((!ids.is_empty()).then_some(Value::Choices(ids)))
}

/// `{"task_id"}` or `{"task_ids"}`. Whether they are there and may be seen is asked by whoever knows tasks, of all that a
/// request names so.
fn tasks(input: &Json, multiple: bool) -> Result<Option<Value>, Misfilled> {
    let chosen = match (["task_ids", "task_id"].into_iter().find_map(|name| input.member(name)), input) {
        (Some(chosen), _) => chosen,
        (None, Json::Object(_)) => return Ok(None),
        (None, _) => return Err(Misfilled::Type),
    };
    let single = std::slice::from_ref(chosen);
    let items = chosen.list().unwrap_or(single);
    if items.len() > ITEMS_MAX {
        return Err(Misfilled::Several);
    }
    let mut ids = Vec::new();
    for item in items {
        let id = item.integer().filter(|id| *id > 0).map(TaskId).ok_or(Misfilled::Type)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.len() > 1 && !multiple {
        return Err(Misfilled::Several);
    }
    Ok((!ids.is_empty()).then_some(Value::Tasks(ids)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::file::{Brought, Wanted};
    use crate::form::Choice;
    use crate::id::FileId;
    use crate::testing::{BORIS, CLERKS, FELIX, HOME, attached, now, with_roles};

    fn field(id: u32, kind: FieldKind) -> Field {
        Field { id: FieldId(id), name: format!("Field {id}"), code: Some(format!("u_{id}")), kind, ..Field::default() }
    }

    fn definition() -> Definition {
        let text = || FieldKind::Text { multiline: true };
        let choice = |choice_id, name: &str, fields| Choice { choice_id, choice_value: name.into(), fields, ..Choice::default() };
        let gone = Choice { deleted: true, ..choice(3, "Gone", vec![]) };
        let options = || vec![choice(1, "Red", vec![field(21, text())]), choice(2, "Blue", vec![]), gone.clone()];
        let mut fields = vec![
            field(1, text()),
            field(2, FieldKind::Money),
            field(3, FieldKind::Number { decimal_places: Some(2) }),
            field(4, FieldKind::Date),
            field(5, FieldKind::Time),
            field(6, FieldKind::Checkmark),
            field(7, FieldKind::Flag),
            field(8, FieldKind::DueDate),
            field(9, FieldKind::DueDateTime),
            field(10, FieldKind::Email),
            field(11, FieldKind::Phone),
            field(12, FieldKind::Person),
            field(13, FieldKind::MultipleChoice { multiple: false, options: options() }),
            field(14, FieldKind::MultipleChoice { multiple: true, options: options() }),
            field(15, FieldKind::Title { checkmark: true, fields: vec![field(22, text())] }),
            field(16, FieldKind::Table { columns: vec![field(23, text()), field(24, FieldKind::Money)] }),
            field(17, FieldKind::FormLink { form_id: crate::id::FormId(1), multiple: false }),
            field(18, FieldKind::Status),
            Field { deleted: true, ..field(19, text()) },
            Field { name: "Field 1".into(), ..field(20, text()) },
            field(25, FieldKind::File),
        ];
        // Ids within choices are of both fields here; nothing looks at the second.
        if let FieldKind::MultipleChoice { options, .. } = &mut fields[13].kind {
            options.iter_mut().for_each(|option| option.fields.clear());
        }
        Definition { fields, ..Definition::default() }
    }

    fn changes(json: &str) -> Result<Vec<Change>, Misfilled> {
        let home = with_roles();
        let issued = Issued { organisation: HOME, who: BORIS, at: now(), directory: &home };
        let lookup = crate::form::Lookup::default();
        let known = |id| (Wanted::Known(FileId(id)), attached(id, "a.pdf"));
        let brought = Brought(vec![known(57), known(58)]);
        read(&Json::parse(json).expect("JSON"), &definition(), &Reading::new(&issued, (&lookup, &brought), None))
            .map_err(|misfit| misfit.rule)
    }

    fn value_of(id: u32, value: &str) -> Result<Option<Value>, Misfilled> {
        match &changes(&format!(r#"[{{"id":{id},"value":{value}}}]"#))?[..] {
            [Change::Value(found, value)] if *found == FieldId(id) => Ok(value.clone()),
            other => panic!("{other:?}"),
        }
    }

    fn number(text: &str) -> Value {
        Value::Number(text.parse().expect("a number"))
    }

    #[test]
    fn every_type_reads_its_values() {
        let text = |text: &str| Value::Text(text.to_owned());
        for (id, json, value) in [
            (1, r#""two\nlines""#, text("two\nlines")),
            (2, r#""10306.25""#, number("10306.25")),
            (2, "0.1000000000000000055", number("0.1000000000000000055")),
            (2, "-7", number("-7")),
            (3, "1.50", number("1.50")),
            (3, "2.500", number("2.500")),
            (4, r#""2024-02-29""#, Value::Date(date(2024, 2, 29))),
            (5, r#""07:30""#, Value::Time(jiff::civil::time(7, 30, 0, 0))),
            (6, r#""checked""#, Value::Checked(true)),
            (6, "false", Value::Checked(false)),
            (7, r#""unchecked""#, Value::Checked(false)),
            (10, r#"" a@b.c ""#, text("a@b.c")),
            (11, r#""79001234567,12345""#, text("79001234567,12345")),
            (12, r#"{"id":12}"#, Value::Person(BORIS)),
            (12, r#"{"email":"Boris@example.org"}"#, Value::Person(BORIS)),
            (12, "40", Value::Person(CLERKS)),
            (13, r#"{"choice_id":1}"#, Value::Choices(vec![1])),
            (13, r#"{"choice_names":["Blue"]}"#, Value::Choices(vec![2])),
            (14, r#"{"choice_ids":[2,1,2]}"#, Value::Choices(vec![2, 1])),
            (17, r#"{"task_id":5}"#, Value::Tasks(vec![TaskId(5)])),
            (25, r#"[{"attachment_id":58},{"attachment_id":57}]"#, Value::Files(vec![attached(58, "a.pdf"), attached(57, "a.pdf")])),
        ] {
            assert_eq!(value_of(id, json), Ok(Some(value)), "{id}: {json}");
        }
        for (id, json) in [(1, "null"), (1, r#""""#), (7, r#""none""#), (13, "{}"), (14, r#"{"choice_ids":[]}"#), (2, r#""""#), (25, "[]")]
        {
            assert_eq!(value_of(id, json), Ok(None), "{id}: {json}");
        }
        let due = changes(r#"[{"id":8,"value":"2026-05-01","duration":"140"},{"id":9,"value":"2026-05-01T10:00:00Z"}]"#).expect("read");
        let at = "2026-05-01T10:00:00Z".parse().expect("a moment");
        assert_eq!(due[0], Change::Value(FieldId(8), Some(Value::DueDate(date(2026, 5, 1), Some(140)))));
        assert_eq!(due[1], Change::Value(FieldId(9), Some(Value::Moment(at, None))));
    }

    #[test]
    fn a_value_of_another_type_is_refused_for_each_type() {
        for (id, json, rule) in [
            (1, "5", Misfilled::Type),
            (1, r#""a\u0001""#, Misfilled::ControlCharacter),
            (1, &format!("\"{}\"", "x".repeat(60_001)), Misfilled::TooLong),
            (2, r#""ten""#, Misfilled::Type),
            (2, "true", Misfilled::Type),
            (2, "1234567890123456789012345678901234567890", Misfilled::Digits),
            (2, r#""0.1234567890123456789012345678901234567890""#, Misfilled::Digits),
            (2, "1e999", Misfilled::Digits),
            (3, "1.505", Misfilled::DecimalPlaces),
            (4, r#""2023-02-29""#, Misfilled::Type),
            (4, r#""2024-02-29T10:00:00Z""#, Misfilled::Type),
            (5, r#""25:00""#, Misfilled::Type),
            (6, r#""perhaps""#, Misfilled::Type),
            (7, "5", Misfilled::Type),
            (8, "5", Misfilled::Type),
            (9, r#""2026-05-01""#, Misfilled::Type),
            (10, r#""nobody""#, Misfilled::Email),
            (11, "{}", Misfilled::Type),
            (12, r#"{"id":404}"#, Misfilled::UnknownPerson),
            (12, r#"{"email":"x@y.z"}"#, Misfilled::UnknownPerson),
            (12, r#"{"name":"Boris"}"#, Misfilled::Type),
            (13, r#"{"choice_ids":[1,2]}"#, Misfilled::Several),
            (13, r#"{"choice_id":3}"#, Misfilled::UnknownChoice),
            (14, r#"{"choice_names":["Green"]}"#, Misfilled::UnknownChoice),
            (15, r#"{"checkmark":5}"#, Misfilled::Type),
            (16, r#""rows""#, Misfilled::Type),
            (17, r#"{"task_ids":[1,2]}"#, Misfilled::Several),
            (17, r#"{"task_id":"x"}"#, Misfilled::Type),
            (17, "5", Misfilled::Type),
            (18, r#""open""#, Misfilled::Told),
            (19, r#""x""#, Misfilled::Deleted),
            (25, r#"[{"guid":"x"}]"#, Misfilled::UnknownFile),
            (25, r#"[{"attachment_id":404}]"#, Misfilled::UnknownFile),
            (25, "[5]", Misfilled::Type),
            (23, r#""x""#, Misfilled::Cell),
        ] {
            assert_eq!(changes(&format!(r#"[{{"id":{id},"value":{json}}}]"#)), Err(rule), "{id}: {json}");
        }
        assert_eq!(value_of(12, &FELIX.0.to_string()), Err(Misfilled::UnknownPerson), "is blocked");
        assert_eq!(changes(r#"[{"id":8,"value":"2026-05-01","duration":-1}]"#), Err(Misfilled::Duration));
    }

    #[test]
    fn a_field_is_named_by_its_id_its_name_or_its_code() {
        let named = |by: &str| changes(&format!(r#"[{{{by},"value":"x"}}]"#)).map(|changes| changes.len());
        for by in [r#""id":1"#, r#""id":"1""#, r#""code":"u_1""#, r#""id":1,"name":"Field 1","code":"u_1""#, r#""name":"Field 11""#] {
            assert_eq!(named(by), Ok(1), "{by}");
        }
        for (by, rule) in [
            (r#""id":404"#, Misfilled::UnknownId),
            (r#""id":"x""#, Misfilled::UnknownId),
            (r#""name":"Nothing""#, Misfilled::UnknownName),
            (r#""name":"Field 1""#, Misfilled::NameTwice),
            (r#""code":"u_404""#, Misfilled::UnknownCode),
            (r#""id":1,"name":"Field 2""#, Misfilled::Contradiction),
            (r#""id":1,"code":"u_2""#, Misfilled::Contradiction),
            (r#""type":"text""#, Misfilled::Unnamed),
        ] {
            assert_eq!(named(by), Err(rule), "{by}");
        }
        assert_eq!(changes(r#"[{"id":1,"value":"a"},{"code":"u_1","value":"b"}]"#), Err(Misfilled::Twice));
        assert_eq!(changes(r#"{"id":1}"#), Err(Misfilled::Type));
    }

    #[test]
    fn fields_within_sections_and_choices_are_written_inside_and_by_themselves() {
        let inner = |id| Change::Value(FieldId(id), Some(Value::Text("x".into())));
        let section = changes(r#"[{"id":15,"value":{"checkmark":"checked","fields":[{"id":22,"value":"x"}]}}]"#);
        assert_eq!(section, Ok(vec![Change::Value(FieldId(15), Some(Value::Checked(true))), inner(22)]));
        let choice = changes(r#"[{"id":13,"value":{"choice_id":1,"fields":[{"name":"Field 21","value":"x"}]}}]"#);
        assert_eq!(choice, Ok(vec![Change::Value(FieldId(13), Some(Value::Choices(vec![1]))), inner(21)]));
        assert_eq!(changes(r#"[{"id":22,"value":"x"}]"#), Ok(vec![inner(22)]));
        assert_eq!(changes(r#"[{"id":15,"value":{"fields":[{"id":1,"value":"x"}]}}]"#), Err(Misfilled::UnknownId));
    }

    #[test]
    fn rows_of_tables_are_read_with_their_ids_and_places() {
        let rows = |rows: &str| changes(&format!(r#"[{{"id":16,"value":{rows}}}]"#));
        let read =
            rows(r#"[{"row_id":0,"position":3,"cells":[{"id":23,"value":"a"},{"code":"u_24","value":"1.5"}]},{"row_id":4,"delete":true}]"#);
        let cells = [(FieldId(23), Some(Value::Text("a".into()))), (FieldId(24), Some(number("1.5")))].into();
        let first = RowChange { row_id: 0, position: Some(3), cells, deleted: false };
        let second = RowChange { row_id: 4, deleted: true, ..RowChange::default() };
        assert_eq!(read, Ok(vec![Change::Rows(FieldId(16), vec![first, second])]));
        for (json, rule) in [
            (r#"[{"cells":[]}]"#, Misfilled::UnknownRow),
            (r#"[{"row_id":-1}]"#, Misfilled::UnknownRow),
            (r#"[{"row_id":0},{"row_id":0}]"#, Misfilled::UnknownRow),
            (r#"[{"row_id":0,"position":1},{"row_id":1,"position":1}]"#, Misfilled::PositionTwice),
            (r#"[{"row_id":0,"position":"x"}]"#, Misfilled::Position),
            (r#"[{"row_id":0,"cells":[{"id":1,"value":"x"}]}]"#, Misfilled::UnknownId),
            (r#"[{"row_id":0,"cells":[{"id":23,"value":5}]}]"#, Misfilled::Type),
            (r#"[{"row_id":0,"cells":[{"id":23,"value":"a"},{"id":23,"value":"b"}]}]"#, Misfilled::Twice),
        ] {
            assert_eq!(rows(json), Err(rule), "{json}");
        }
        let many = (0..1_001).map(|id| format!(r#"{{"row_id":{id}}}"#)).collect::<Vec<_>>().join(",");
        assert_eq!(rows(&format!("[{many}]")), Err(Misfilled::TooManyRows));
    }
}
