//! What a printed task shows of its form: fields, approvals and steps, as the answer has them. Not their rules.

use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::page::Page;
use super::task::{File, Person};

/// A field with what it holds.
#[derive(Debug, Deserialize)]
pub struct Field {
    #[serde(default)]
    pub name: String,
    pub code: Option<String>,
    #[serde(default)]
    pub r#type: String,
    /// As it was written: a number keeps every digit.
    pub value: Option<Box<RawValue>>,
    /// Minutes.
    pub duration: Option<u32>,
}

/// Somebody whom a step asks.
#[derive(Debug, Deserialize)]
pub struct Approval {
    pub person: Person,
    pub approval_choice: Option<String>,
    pub step: Option<u8>,
}

#[derive(Debug, Deserialize)]
pub struct Step {
    pub step: u8,
    #[serde(default)]
    pub name: String,
    /// Milliseconds.
    #[serde(default)]
    pub elapsed_time: i64,
}

/// A value that holds others.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Within {
    pub(super) checkmark: Option<String>,
    pub(super) choice_names: Vec<String>,
    pub(super) task_ids: Vec<i64>,
    /// Of items of a catalog.
    pub(super) rows: Vec<Vec<String>>,
    pub(super) fields: Vec<Field>,
}

#[derive(Deserialize)]
pub(super) struct Row {
    #[serde(default)]
    pub(super) cells: Vec<Field>,
}

impl Page<'_> {
    /// The fields that hold something.
    pub fn fields(&self, fields: &[Field]) -> Markup {
        html! {
            dl.fields {
                @for field in fields {
                    @if let Some(value) = self.held(field) { dt { bdi { (field.name) } } dd { (value) } }
                }
            }
        }
    }

    /// What a field holds; nothing where it is empty.
    pub fn held(&self, field: &Field) -> Option<Markup> {
        let raw = field.value.as_ref()?.get();
        match raw.as_bytes().first()? {
            b'"' => Some(self.text(field, &serde_json::from_str::<String>(raw).ok()?)),
            b'[' if field.r#type == "file" => Some(super::page::names_of(&serde_json::from_str::<Vec<File>>(raw).ok()?)),
            b'[' => Some(self.rows(&serde_json::from_str::<Vec<Row>>(raw).ok()?)),
            b'{' => self.within(field, raw),
            _number => Some(html! { (raw) }),
        }
    }

    fn text(&self, field: &Field, text: &str) -> Markup {
        let words = self.words();
        let length = field.duration.map(|minutes| html! { ", " (self.minutes(minutes)) });
        let day = || text.parse::<Date>().ok().map(|day| self.day(day));
        let moment = || text.parse::<Timestamp>().ok().map(|moment| self.moment(moment));
        let read = match field.r#type.as_str() {
            "checkmark" => Some(if text == "checked" { "✓".to_owned() } else { "–".to_owned() }),
            "status" => Some(if text == "closed" { words.closed.to_owned() } else { words.open.to_owned() }),
            "date" | "creation_date" | "due_date" => day(),
            "due_date_time" => moment(),
            _other => None,
        };
        html! {
            @match read {
                Some(read) => { (read) }
                None => { div.text dir="auto" { (text) } }
            }
            @if let Some(length) = length { (length) }
        }
    }

    fn within(&self, field: &Field, raw: &str) -> Option<Markup> {
        if matches!(field.r#type.as_str(), "person" | "author") {
            return serde_json::from_str(raw).ok().map(|person| self.person(&person));
        }
        let Within { checkmark, choice_names, task_ids, rows, fields } = serde_json::from_str(raw).ok()?;
        let tasks: Vec<String> = task_ids.iter().map(|task| format!("№ {task}")).collect();
        let items: Vec<String> = rows.iter().map(|row| row.join(", ")).collect();
        let filled = fields.iter().any(|field| self.held(field).is_some());
        let says = checkmark.is_some() || filled || !choice_names.is_empty() || !tasks.is_empty() || !items.is_empty();
        says.then(|| {
            html! {
                @if let Some(checkmark) = checkmark { @if checkmark == "checked" { "✓" } @else { "–" } }
                bdi { (choice_names.join(", ")) }
                (tasks.join(", "))
                bdi { (items.join("; ")) }
                @if filled { (self.fields(&fields)) }
            }
        })
    }

    /// A table, with the columns that have a cell in any row.
    fn rows(&self, rows: &[Row]) -> Markup {
        let mut columns: Vec<&str> = Vec::new();
        for cell in rows.iter().flat_map(|row| &row.cells) {
            if !columns.contains(&cell.name.as_str()) {
                columns.push(&cell.name);
            }
        }
        let cell = |row: &Row, column: &str| row.cells.iter().find(|cell| cell.name == column).and_then(|cell| self.held(cell));
        html! {
            table {
                thead { tr { @for column in &columns { th { bdi { (column) } } } } }
                tbody { @for row in rows { tr { @for column in &columns { td { @if let Some(value) = cell(row, column) { (value) } } } } } }
            }
        }
    }

    /// Who is asked at each step, what they chose, and how long it took.
    pub fn approvals(&self, approvals: &[Vec<Approval>], steps: &[Step], current: Option<u8>) -> Markup {
        let words = self.words();
        let known = |number: u8| steps.iter().find(|step| step.step == number);
        html! {
            dl.fields {
                @for (number, asked) in (1_u8..).zip(approvals).filter(|(_, asked)| !asked.is_empty()) {
                    dt {
                        (words.step) " " (number)
                        @if let Some(step) = known(number) { @if !step.name.is_empty() { ": " bdi { (step.name) } } }
                    }
                    dd {
                        (self.asked(asked))
                        @if let Some(step) = known(number) { " · " (self.minutes(minutes(step.elapsed_time))) }
                        @if current == Some(number) { " · " b { (words.current) } }
                    }
                }
            }
        }
    }

    pub fn asked(&self, asked: &[Approval]) -> Markup {
        let words = self.words();
        html! {
            @for (index, approval) in asked.iter().enumerate() {
                @if index > 0 { ", " }
                (self.person(&approval.person))
                @match approval.approval_choice.as_deref() {
                    Some("waiting") => { " – " (words.waiting) }
                    Some(choice) => { " – " (self.choice(choice)) }
                    None => {}
                }
            }
        }
    }

    /// Those whom a comment brought to steps, or took from them.
    pub fn asked_at(&self, steps: &[Vec<Approval>]) -> Option<Markup> {
        let asked: Vec<&Approval> = steps.iter().flatten().collect();
        (!asked.is_empty()).then(|| {
            html! {
                @for (index, approval) in asked.iter().enumerate() {
                    @if index > 0 { ", " }
                    (self.person(&approval.person))
                    @if let Some(step) = approval.step { " (" (self.words().step) " " (step) ")" }
                }
            }
        })
    }
}

fn minutes(milliseconds: i64) -> u32 {
    u32::try_from(milliseconds / 60_000).unwrap_or_default()
}
