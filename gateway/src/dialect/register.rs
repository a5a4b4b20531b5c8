//! What is asked of a form's register, read: the mini-language of filters (pyrus.md §1.4), from a query or a body. Which rows
//! that means is the view's matter (`projections/src/views/tasks/register.rs`).

use domain::form::{Definition, Field, FieldId, FieldKind};
use domain::task::document::register::Parts;
use domain::{Code, TaskId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use projections::views::tasks::register::{Asked, Condition, LIMIT_MAX, Test, WORDS_CHARACTERS_MAX};
use projections::views::tasks::{Bounds, words};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::{BadInput, Object};
use crate::codes::Own;

/// Values of one filter.
const VALUES_MAX: usize = 500;
/// Filters of one request.
const FILTERS_MAX: usize = 20;

/// A register as it was asked for.
#[derive(Debug)]
pub struct Register {
    pub asked: Asked,
    pub parts: Parts,
    pub format: Format,
}

/// How it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Csv { delimiter: u8 },
    Xlsx,
}

/// One filter as it is written: `a`, `a,b`, `gt…`, `lt…`, both with a comma, `empty`, `*`.
enum Written {
    Empty,
    Any,
    Range(Option<String>, Option<String>),
    Values(Vec<String>),
}

/// Reads what is asked of the register of a form; `strict` refuses what is no parameter.
///
/// # Errors
/// The parameter, with the dialect's code.
pub fn register(body: &Object<'_>, definition: &Definition, now: Timestamp, zone: &TimeZone, strict: bool) -> Result<Register, BadInput> {
    let bounds = |after, before| Ok::<_, BadInput>(Bounds { after: body.moment(after)?, before: body.moment(before)? });
    let late = late(body)?;
    let mut asked = Asked {
        include_closed: body.boolean("include_archived")?,
        steps: steps(body, definition)?,
        tasks: body.integers("task_ids")?.into_iter().map(TaskId).collect(),
        modified: bounds("modified_after", "modified_before")?,
        created: bounds("created_after", "created_before")?,
        closed: bounds("closed_after", "closed_before")?,
        overdue: matches!(late, Late::Whole).then(|| (now, now.to_zoned(zone.clone()).date())),
        step_overdue: match &late {
            Late::AtStep(steps) => Some((now, steps.clone())),
            Late::No | Late::Whole => None,
        },
        words: words_of(body)?,
        rising: rising(body)?,
        after: body.integer("after")?.map(TaskId),
        limit: count(body)?,
        ..Asked::default()
    };
    for (name, value) in body.members() {
        match filtered(name) {
            Some(Filtered::Task) => of_tasks(&written(name, value)?, &mut asked)?,
            Some(Filtered::Field(field)) => {
                let placed = definition.find(field).filter(|placed| !placed.field.deleted);
                let placed = placed.ok_or_else(|| BadInput::field(Code::InvalidFieldId, name, "the form has no such field"))?;
                let text = written(name, value)?;
                of_field(name, placed.field, &text, &mut asked)?;
            }
            None if strict && !KNOWN.contains(&name.as_str()) => {
                return Err(BadInput::field(Own::FilterTypeIsNotSupported, name, "this is no parameter of a register"));
            }
            None => {}
        }
    }
    if asked.conditions.len() > FILTERS_MAX {
        return Err(BadInput::new(Code::LimitExceeded, "a register takes at most 20 filters"));
    }
    Ok(Register { asked, parts: parts(body, definition)?, format: format(body)? })
}

const KNOWN: [&str; 22] = [
    "steps",
    "include_archived",
    "field_ids",
    "task_ids",
    "modified_before",
    "modified_after",
    "created_before",
    "created_after",
    "closed_before",
    "closed_after",
    "due_filter",
    "item_count",
    "sort",
    "format",
    "delimiter",
    "simple_format",
    "encoding",
    "after",
    "include_approvals",
    "include_text",
    "filters",
    "id",
];

enum Filtered {
    Task,
    Field(FieldId),
}

fn filtered(name: &str) -> Option<Filtered> {
    if name == "id" {
        return Some(Filtered::Task);
    }
    name.strip_prefix("fld").and_then(|id| id.parse().ok()).map(|id| Filtered::Field(FieldId(id)))
}

fn steps(body: &Object<'_>, definition: &Definition) -> Result<Vec<u8>, BadInput> {
    let steps = body.integers("steps")?;
    if !steps.is_empty() && definition.steps.is_empty() {
        return Err(BadInput::field(Own::StepFieldDoesNotExists, "steps", "the form has no steps"));
    }
    // A step that there is not is the step of no task.
    Ok(steps.into_iter().map(|step| u8::try_from(step).unwrap_or(u8::MAX)).collect())
}

/// Words of one request.
const WORDS_MAX: usize = 20;

fn words_of(body: &Object<'_>) -> Result<Vec<String>, BadInput> {
    let wrong = |what| BadInput::format("include_text", what);
    let Some(text) = body.string("include_text")?.filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
    if text.chars().count() > WORDS_CHARACTERS_MAX {
        return Err(wrong("at most 300 characters"));
    }
    let words: Vec<String> = words::of(&text).take(WORDS_MAX).collect();
    if words.is_empty() { Err(wrong("no letter and no digit is in it")) } else { Ok(words) }
}

/// Tasks that are late as a whole, or at the steps that it names.
enum Late {
    No,
    Whole,
    AtStep(Vec<u8>),
}

fn late(body: &Object<'_>) -> Result<Late, BadInput> {
    let unsupported =
        || BadInput::field(Own::FilterTypeIsNotSupported, "due_filter", "none of overdue, past_due, overdue_on_step and overdue_steps");
    match body.given("due_filter") {
        None => Ok(Late::No),
        Some(Value::String(word)) if word == "overdue" || word == "past_due" => Ok(Late::Whole),
        Some(Value::String(word)) if word == "overdue_on_step" => Ok(Late::AtStep(Vec::new())),
        // From a query.
        Some(Value::String(json)) if json.starts_with('{') => {
            serde_json::from_str::<Value>(json).ok().as_ref().and_then(Value::as_object).map_or_else(|| Err(unsupported()), late_at)
        }
        Some(Value::Object(members)) if members.contains_key("overdue_steps") => late_at(members),
        Some(_) => Err(unsupported()),
    }
}

fn late_at(members: &Map<String, Value>) -> Result<Late, BadInput> {
    let steps = Object::new(members).integers("overdue_steps")?;
    if steps.is_empty() {
        return Err(BadInput::field(Own::IncorrectParametersCount, "overdue_steps", "names no step"));
    }
    Ok(Late::AtStep(steps.into_iter().map(|step| u8::try_from(step).unwrap_or(u8::MAX)).collect()))
}

fn rising(body: &Object<'_>) -> Result<bool, BadInput> {
    match body.string("sort")?.as_deref() {
        None | Some("tsk") => Ok(false),
        Some("id") => Ok(true),
        Some(_) => Err(BadInput::format("sort", "neither id nor tsk")),
    }
}

fn count(body: &Object<'_>) -> Result<u32, BadInput> {
    let Some(number) = body.integer("item_count")? else { return Ok(LIMIT_MAX) };
    let within = u32::try_from(number).ok().filter(|number| (1..=LIMIT_MAX).contains(number));
    within.ok_or_else(|| BadInput::field(Own::ItemsCountOutOfRange, "item_count", "1 to 20000"))
}

fn parts(body: &Object<'_>, definition: &Definition) -> Result<Parts, BadInput> {
    let ids = body.integers("field_ids")?;
    let unknown = || BadInput::field(Code::InvalidFieldId, "field_ids", "the form has no such field");
    let fields = ids.into_iter().map(|id| {
        let id = u32::try_from(id).map(FieldId).map_err(|_| unknown())?;
        definition.find(id).map(|placed| placed.field.id).ok_or_else(unknown)
    });
    Ok(Parts { fields: fields.collect::<Result<_, _>>()?, approvals: body.boolean("include_approvals")? })
}

fn format(body: &Object<'_>) -> Result<Format, BadInput> {
    if body.string("encoding")?.is_some_and(|encoding| !encoding.eq_ignore_ascii_case("utf-8")) {
        return Err(BadInput::format("encoding", "only utf-8"));
    }
    match body.string("format")?.as_deref() {
        None | Some("json") => Ok(Format::Json),
        Some("csv") => {
            let delimiter = body.string("delimiter")?.unwrap_or_else(|| ",".to_owned());
            match delimiter.as_bytes() {
                [delimiter] if !matches!(*delimiter, b'"' | b'\r' | b'\n') => Ok(Format::Csv { delimiter: *delimiter }),
                _ => Err(BadInput::format("delimiter", "not one character")),
            }
        }
        Some("xlsx") => Ok(Format::Xlsx),
        Some(_) => Err(BadInput::format("format", "none of json, csv and xlsx")),
    }
}

/// As it is written; clients send numbers as such, and one sends several values as a list.
fn written(name: &str, value: &Value) -> Result<Written, BadInput> {
    let wrong = || BadInput::format(name, "not a filter");
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let items: Vec<String> = match value {
        Value::String(text) => text.split(',').map(|item| item.trim().to_owned()).collect(),
        Value::Array(items) => items.iter().map(|item| one(item).ok_or_else(wrong)).collect::<Result<_, _>>()?,
        other => vec![one(other).ok_or_else(wrong)?],
    };
    if items.len() > VALUES_MAX {
        return Err(BadInput::field(Code::LimitExceeded, name, "at most 500 values"));
    }
    let operand = |item: &str, word: &str| item.strip_prefix(word).filter(|rest| is_operand(rest)).map(str::to_owned);
    let ends = |one: &str, other: &str| Some((operand(one, "gt")?, operand(other, "lt")?));
    Ok(match &items[..] {
        [] => return Err(BadInput::field(Own::IncorrectParametersCount, name, "a filter without a value")),
        [word] if word == "empty" => Written::Empty,
        [word] if word == "*" => Written::Any,
        [one] if operand(one, "gt").is_some() => Written::Range(operand(one, "gt"), None),
        [one] if operand(one, "lt").is_some() => Written::Range(None, operand(one, "lt")),
        [one, other] => match ends(one, other) {
            Some((above, below)) => Written::Range(Some(above), Some(below)),
            None => Written::Values(items),
        },
        [one] => Written::Values(vec![one.strip_prefix("eq.").unwrap_or(one).to_owned()]),
        _ => Written::Values(items),
    })
}

/// What can be compared with: a text that happens to begin with these letters is none.
fn is_operand(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit() || first == '-' || first == '.')
}

fn of_tasks(written: &Written, asked: &mut Asked) -> Result<(), BadInput> {
    let id = |text: &str| text.parse().map(TaskId).map_err(|_| BadInput::format("id", "not a task's id"));
    match written {
        Written::Values(ids) => asked.tasks.extend(ids.iter().map(|text| id(text)).collect::<Result<Vec<_>, _>>()?),
        Written::Range(above, below) => {
            asked.from_task = above.as_deref().map(id).transpose()?.map(|task| TaskId(task.0.saturating_add(1)));
            asked.to_task = below.as_deref().map(id).transpose()?.map(|task| TaskId(task.0.saturating_sub(1)));
        }
        Written::Any => {}
        Written::Empty => return Err(BadInput::field(Own::FilterTypeIsNotSupported, "id", "every task has an id")),
    }
    Ok(())
}

fn of_field(name: &str, field: &Field, written: &Written, asked: &mut Asked) -> Result<(), BadInput> {
    let unsupported = || BadInput::field(Own::FilterTypeIsNotSupported, name, "this field is not filtered so");
    let mut add = |test, none| asked.conditions.push(Condition { field: field.id, test, none });
    let told = field.kind.is_told() || field.formula.is_some();
    match written {
        _ if told => return Err(unsupported()),
        // What is not checked is unchecked.
        Written::Empty if matches!(field.kind, FieldKind::Checkmark) => add(Test::Checked, true),
        Written::Any if matches!(field.kind, FieldKind::Checkmark) => {}
        Written::Empty => add(Test::Filled, true),
        Written::Any => add(Test::Filled, false),
        Written::Range(above, below) => add(range(name, field, above.as_deref(), below.as_deref())?, false),
        Written::Values(values) => match (&field.kind, &values[..]) {
            (FieldKind::Checkmark, [word]) if word == "unchecked" => add(Test::Checked, true),
            (FieldKind::Checkmark, [word]) if word == "checked" => add(Test::Checked, false),
            (FieldKind::Checkmark, words) if words.iter().all(|word| matches!(word.as_str(), "checked" | "unchecked")) => {}
            (FieldKind::Text { .. } | FieldKind::Email | FieldKind::Phone, [prefix]) => add(Test::Prefix(prefix.clone()), false),
            (_, values) => add(one_of(name, field, values)?, false),
        },
    }
    Ok(())
}

fn one_of(name: &str, field: &Field, values: &[String]) -> Result<Test, BadInput> {
    let wrong = || BadInput::format(name, "not a value of this field's type");
    Ok(match &field.kind {
        FieldKind::Text { .. } | FieldKind::Email | FieldKind::Phone | FieldKind::Time | FieldKind::Flag => Test::Texts(values.to_vec()),
        FieldKind::Money | FieldKind::Number { .. } => {
            Test::Numbers(values.iter().map(|text| Decimal::from_str_exact(text).map_err(|_| wrong())).collect::<Result<_, _>>()?)
        }
        FieldKind::Date | FieldKind::DueDate => {
            Test::Days(values.iter().map(|text| text.parse::<Date>().map_err(|_| wrong())).collect::<Result<_, _>>()?)
        }
        FieldKind::Person | FieldKind::FormLink { .. } | FieldKind::Catalog { .. } => {
            Test::Ids(values.iter().map(|text| text.parse().map_err(|_| wrong())).collect::<Result<_, _>>()?)
        }
        FieldKind::MultipleChoice { options, .. } => {
            let id = |text: &String| {
                let by_id = text.parse::<u32>().ok().filter(|id| options.iter().any(|option| option.choice_id == *id));
                let by_name = || options.iter().find(|option| option.choice_value == *text).map(|option| option.choice_id);
                by_id.or_else(by_name).map(i64::from).ok_or_else(wrong)
            };
            Test::Ids(values.iter().map(id).collect::<Result<_, _>>()?)
        }
        FieldKind::Checkmark => return Err(BadInput::format(name, "neither checked nor unchecked")),
        FieldKind::DueDateTime
        | FieldKind::File
        | FieldKind::Title { .. }
        | FieldKind::Table { .. }
        | FieldKind::Step
        | FieldKind::Status
        | FieldKind::CreationDate
        | FieldKind::Author
        | FieldKind::Note => return Err(BadInput::field(Own::FilterTypeIsNotSupported, name, "this field is not filtered so")),
    })
}

fn range(name: &str, field: &Field, above: Option<&str>, below: Option<&str>) -> Result<Test, BadInput> {
    let wrong = || BadInput::format(name, "not a value of this field's type");
    let number = |text: &str| Decimal::from_str_exact(text).map_err(|_| wrong());
    let day = |text: &str| text.parse::<Date>().map_err(|_| wrong());
    let moment = |text: &str| text.parse::<Timestamp>().map_err(|_| wrong());
    Ok(match &field.kind {
        FieldKind::Money | FieldKind::Number { .. } => Test::NumberRange(above.map(number).transpose()?, below.map(number).transpose()?),
        FieldKind::Date | FieldKind::DueDate => Test::DayRange(above.map(day).transpose()?, below.map(day).transpose()?),
        FieldKind::DueDateTime => Test::MomentRange(above.map(moment).transpose()?, below.map(moment).transpose()?),
        FieldKind::Text { .. }
        | FieldKind::Email
        | FieldKind::Phone
        | FieldKind::Time
        | FieldKind::Checkmark
        | FieldKind::Flag
        | FieldKind::Person
        | FieldKind::MultipleChoice { .. }
        | FieldKind::FormLink { .. }
        | FieldKind::Catalog { .. }
        | FieldKind::File
        | FieldKind::Title { .. }
        | FieldKind::Table { .. }
        | FieldKind::Step
        | FieldKind::Status
        | FieldKind::CreationDate
        | FieldKind::Author
        | FieldKind::Note => return Err(BadInput::field(Own::FilterTypeIsNotSupported, name, "this field is not filtered by a range")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: Value, strict: bool) -> Result<Register, &'static str> {
        let field = |id, kind| Field { id: FieldId(id), name: format!("Field {id}"), kind, ..Field::default() };
        let choice = domain::form::Choice { choice_id: 4, choice_value: "Red".into(), ..domain::form::Choice::default() };
        let fields = vec![
            field(1, FieldKind::Text { multiline: false }),
            field(2, FieldKind::Money),
            field(3, FieldKind::Date),
            field(4, FieldKind::Checkmark),
            field(5, FieldKind::Person),
            field(6, FieldKind::MultipleChoice { multiple: true, options: vec![choice] }),
            field(7, FieldKind::Status),
            field(8, FieldKind::DueDateTime),
            field(9, FieldKind::Catalog { catalog_id: domain::CatalogId(3), multiple: true }),
            field(10, FieldKind::File),
        ];
        let steps = vec![domain::form::Step { name: "A".into(), ..domain::form::Step::default() }];
        let definition = Definition { fields, steps, ..Definition::default() };
        let now = "2026-03-02T23:30:00Z".parse().expect("a moment");
        let zone = TimeZone::get("Europe/Berlin").expect("it is there");
        register(&Object::new(body.as_object().expect("an object")), &definition, now, &zone, strict).map_err(|bad| bad.code())
    }

    fn condition(name: &str, filter: Value) -> Result<(Test, bool), &'static str> {
        read(json!({ name: filter }), true).map(|read| {
            let condition = read.asked.conditions.into_iter().next().expect("a condition");
            (condition.test, condition.none)
        })
    }

    #[test]
    fn every_class_of_filter_is_read() {
        let decimal = |text: &str| text.parse::<Decimal>().expect("a number");
        let day = Date::constant(2024, 2, 29);
        for (name, filter, test, none) in [
            ("fld1", json!("ABC-000"), Test::Prefix("ABC-000".into()), false),
            ("fld1", json!("gtx"), Test::Prefix("gtx".into()), false),
            ("fld1", json!("a,b"), Test::Texts(vec!["a".into(), "b".into()]), false),
            ("fld1", json!(["a", "b"]), Test::Texts(vec!["a".into(), "b".into()]), false),
            ("fld1", json!("empty"), Test::Filled, true),
            ("fld1", json!("*"), Test::Filled, false),
            ("fld2", json!("gt10.5"), Test::NumberRange(Some(decimal("10.5")), None), false),
            ("fld2", json!("gt-1,lt5"), Test::NumberRange(Some(decimal("-1")), Some(decimal("5"))), false),
            ("fld2", json!("eq.7"), Test::Numbers(vec![decimal("7")]), false),
            ("fld2", json!(900), Test::Numbers(vec![decimal("900")]), false),
            ("fld2", json!([1.5, "2"]), Test::Numbers(vec![decimal("1.5"), decimal("2")]), false),
            ("fld3", json!("2024-02-29"), Test::Days(vec![day]), false),
            ("fld3", json!("lt2024-02-29"), Test::DayRange(None, Some(day)), false),
            ("fld4", json!("checked"), Test::Checked, false),
            ("fld4", json!("unchecked"), Test::Checked, true),
            ("fld4", json!("empty"), Test::Checked, true),
            ("fld5", json!("12,13"), Test::Ids(vec![12, 13]), false),
            ("fld6", json!("Red"), Test::Ids(vec![4]), false),
            ("fld9", json!("7"), Test::Ids(vec![7]), false),
            ("fld9", json!([7, 8]), Test::Ids(vec![7, 8]), false),
            ("fld9", json!("empty"), Test::Filled, true),
            ("fld10", json!("empty"), Test::Filled, true),
        ] {
            assert_eq!(condition(name, filter.clone()), Ok((test, none)), "{name}={filter}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused_by_its_code() {
        for (body, code) in [
            (json!({"fld404": "x"}), "invalid_field_id"),
            (json!({"fld2": "ten"}), "invalid_value_format"),
            (json!({"fld2": "1234567890123456789012345678901234567890"}), "invalid_value_format"),
            (json!({"fld4": "maybe"}), "invalid_value_format"),
            (json!({"include_text": "x".repeat(301)}), "invalid_value_format"),
            (json!({"include_text": "…!"}), "invalid_value_format"),
            (json!({"fld3": "2023-02-29"}), "invalid_value_format"),
            (json!({"fld5": "Anna"}), "invalid_value_format"),
            (json!({"fld6": "Green"}), "invalid_value_format"),
            (json!({"fld7": "open"}), "filter_type_is_not_supported"),
            (json!({"fld5": "gt5"}), "filter_type_is_not_supported"),
            (json!({"fld9": "Acme"}), "invalid_value_format"),
            (json!({"fld9": "gt5"}), "filter_type_is_not_supported"),
            (json!({"fld10": "a.txt"}), "filter_type_is_not_supported"),
            (json!({"fld8": "2026-01-01"}), "filter_type_is_not_supported"),
            (json!({"fld1": []}), "incorrect_parameters_count"),
            (json!({"fld1": {}}), "invalid_value_format"),
            (json!({"due_filter": "overdue_someday"}), "filter_type_is_not_supported"),
            (json!({"due_filter": {"steps": [1]}}), "filter_type_is_not_supported"),
            (json!({"due_filter": {"overdue_steps": []}}), "incorrect_parameters_count"),
            (json!({"due_filter": {"overdue_steps": "x"}}), "invalid_value_format"),
            (json!({"item_count": 0}), "items_count_out_of_range"),
            (json!({"item_count": 20_001}), "items_count_out_of_range"),
            (json!({"sort": "name"}), "invalid_value_format"),
            (json!({"format": "xml"}), "invalid_value_format"),
            (json!({"format": "csv", "delimiter": ";;"}), "invalid_value_format"),
            (json!({"field_ids": [404]}), "invalid_field_id"),
        ] {
            assert_eq!(read(body.clone(), false).err(), Some(code), "{body}");
        }
        assert_eq!(read(json!({"colour": "red"}), true).err(), Some("filter_type_is_not_supported"));
        assert!(read(json!({"colour": "red"}), false).is_ok(), "as the original has it");
    }

    #[test]
    fn what_is_late_at_its_step_is_read_in_each_way_that_it_is_written() {
        let steps = |filter: Value| read(json!({ "due_filter": filter }), true).map(|read| read.asked.step_overdue.map(|(_, steps)| steps));
        assert_eq!(steps(json!("overdue_on_step")), Ok(Some(vec![])));
        assert_eq!(steps(json!({"overdue_steps": [1, 2]})), Ok(Some(vec![1, 2])));
        assert_eq!(steps(json!(r#"{"overdue_steps":[3]}"#)), Ok(Some(vec![3])));
        assert_eq!(steps(json!("overdue")), Ok(None));
    }

    #[test]
    fn all_else_of_a_register_is_read() {
        let read = read(
            json!({"id": "gt5,lt9", "steps": "1", "include_archived": "y", "due_filter": "overdue", "sort": "id", "item_count": 7,
                "include_text": "Chairs, ABC-12", "field_ids": [3, 1], "format": "csv", "delimiter": ";", "after": 3}),
            true,
        );
        let Register { asked, parts, format } = read.expect("read");
        assert_eq!((asked.from_task, asked.to_task), (Some(TaskId(6)), Some(TaskId(8))));
        assert_eq!((&asked.steps[..], asked.include_closed, asked.rising, asked.limit), (&[1][..], true, true, 7));
        assert_eq!(asked.words, ["chairs", "abc", "12"]);
        assert_eq!(asked.overdue.map(|(_, today)| today), Some(Date::constant(2026, 3, 3)), "it is tomorrow in Berlin");
        assert_eq!((parts.fields, format), (vec![FieldId(3), FieldId(1)], Format::Csv { delimiter: b';' }));
    }
}
