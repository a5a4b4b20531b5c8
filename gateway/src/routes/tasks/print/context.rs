//! What a template sees of a task: the task's answer in words, so that it shows what the reader is shown and nothing else. Not how a
//! template is written ([`super::template`]).

use std::collections::BTreeMap;

use domain::form::{Definition, FieldKind, Form};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::value::RawValue;

use super::form::{Field, Row, Within};
use super::page::{Page, called};
use super::task::{File, Person, Task};

/// Everything that a template can name.
#[derive(Debug, Default, Serialize)]
pub struct Context {
    task: Head,
    form: Named,
    /// When it is printed, and for whom.
    printed: Printed,
    /// Every field by its name and by its code, as text; empty where nothing stands in it.
    field: BTreeMap<String, String>,
    /// Every table by its name and by its code: its rows, each by the names and codes of its columns.
    table: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// Those that hold something, in their order.
    fields: Vec<Shown>,
    approvals: Vec<Asked>,
}

#[derive(Debug, Default, Serialize)]
struct Head {
    id: i64,
    title: String,
    subject: String,
    author: String,
    responsible: String,
    created: String,
    closed: String,
    due: String,
    is_closed: bool,
    step: u8,
}

#[derive(Debug, Default, Serialize)]
struct Named {
    name: String,
}

#[derive(Debug, Default, Serialize)]
struct Printed {
    at: String,
    zone: String,
}

#[derive(Debug, Default, Serialize)]
struct Shown {
    name: String,
    code: String,
    text: String,
    rows: Vec<BTreeMap<String, String>>,
}

#[derive(Debug, Default, Serialize)]
struct Asked {
    step: u8,
    step_name: String,
    person: String,
    choice: String,
}

impl Context {
    /// Of a task that is not there, with something in every field: what a template is tried with when it is saved.
    pub fn sample(form: &Form) -> Self {
        let text = || "Sample <&>".to_owned();
        let mut sample = Self {
            task: Head { id: 1, title: text(), subject: text(), author: text(), responsible: text(), step: 1, ..Head::default() },
            form: Named { name: form.settings.name.clone() },
            printed: Printed { at: text(), zone: text() },
            approvals: vec![Asked { step: 1, step_name: text(), person: text(), choice: text() }],
            ..Self::default()
        };
        sample.empty(&form.published);
        sample.field.values_mut().for_each(|value| *value = text());
        sample.table = tables(&form.published, |columns| vec![columns]);
        sample.table.values_mut().flatten().flat_map(BTreeMap::values_mut).for_each(|value| *value = text());
        let rows = sample.table.values().next().cloned().unwrap_or_default();
        sample.fields = vec![Shown { name: text(), code: text(), text: text(), rows }];
        sample
    }

    /// Of a task as its reader is shown it.
    pub(super) fn of(page: &Page<'_>, form: &Form, task: &Task) -> Self {
        let moment = |at: Option<Timestamp>| at.map(|at| page.moment(at)).unwrap_or_default();
        let person = |person: &Option<Person>| person.as_ref().map(called).unwrap_or_default();
        let due = task.due_date.map(|day| page.day(day)).unwrap_or_else(|| moment(task.due));
        let mut context = Self {
            task: Head {
                id: task.id,
                title: task.text.clone(),
                subject: task.subject.clone().unwrap_or_default(),
                author: person(&task.author),
                responsible: person(&task.responsible),
                created: page.moment(task.create_date),
                closed: moment(task.close_date),
                due,
                is_closed: task.is_closed,
                step: task.current_step.unwrap_or_default(),
            },
            form: Named { name: form.settings.name.clone() },
            printed: Printed { at: page.moment(page.reader.at), zone: page.reader.zone.iana_name().unwrap_or("UTC").to_owned() },
            ..Self::default()
        };
        context.empty(&form.published);
        context.filled(page, &form.published, &task.fields);
        for (number, asked) in (1_u8..).zip(&task.approvals) {
            let step_name = task.steps.iter().find(|step| step.step == number).map(|step| step.name.clone()).unwrap_or_default();
            context.approvals.extend(asked.iter().map(|approval| Asked {
                step: number,
                step_name: step_name.clone(),
                person: called(&approval.person),
                choice: match approval.approval_choice.as_deref() {
                    Some("waiting") => page.words().waiting.to_owned(),
                    Some(choice) => page.choice(choice).to_owned(),
                    None => String::new(),
                },
            }));
        }
        context
    }

    /// Every field and table of the form, with nothing in it.
    fn empty(&mut self, definition: &Definition) {
        for placed in definition.all().into_iter().filter(|placed| !placed.is_cell() && !placed.field.deleted) {
            for name in [Some(&placed.field.name), placed.field.code.as_ref()].into_iter().flatten() {
                self.field.insert(name.clone(), String::new());
            }
        }
        self.table = tables(definition, |_| Vec::new());
    }

    fn filled(&mut self, page: &Page<'_>, definition: &Definition, fields: &[Field]) {
        for field in fields {
            let Some(raw) = field.value.as_deref() else { continue };
            let names = [Some(field.name.clone()), field.code.clone()].into_iter().flatten();
            let mut shown = Shown {
                name: field.name.clone(),
                code: field.code.clone().unwrap_or_default(),
                text: text(page, field, raw),
                rows: Vec::new(),
            };
            if field.r#type == "table" {
                let rows = serde_json::from_str::<Vec<Row>>(raw.get()).unwrap_or_default();
                // A cell that is empty is not in the answer.
                let columns =
                    definition.all().into_iter().find(|placed| placed.field.name == field.name).map(|placed| columns(&placed.field.kind));
                shown.rows = rows.iter().map(|row| cells(page, row, columns.clone().unwrap_or_default())).collect();
                names.for_each(|name| drop(self.table.insert(name, shown.rows.clone())));
            } else {
                names.for_each(|name| drop(self.field.insert(name, shown.text.clone())));
            }
            let within = serde_json::from_str::<Within>(raw.get()).unwrap_or_default();
            if !shown.text.is_empty() || !shown.rows.is_empty() {
                self.fields.push(shown);
            }
            self.filled(page, definition, &within.fields);
        }
    }
}

fn tables(
    definition: &Definition,
    rows: impl Fn(BTreeMap<String, String>) -> Vec<BTreeMap<String, String>>,
) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let tables =
        definition.all().into_iter().filter(|placed| matches!(placed.field.kind, FieldKind::Table { .. }) && !placed.field.deleted);
    let named = tables.flat_map(|placed| {
        let names = [Some(placed.field.name.clone()), placed.field.code.clone()];
        names.into_iter().flatten().map(|name| (name, rows(columns(&placed.field.kind))))
    });
    named.collect()
}

/// The columns of a table by names and codes, with nothing in them.
fn columns(kind: &FieldKind) -> BTreeMap<String, String> {
    let FieldKind::Table { columns } = kind else { return BTreeMap::new() };
    let named = columns.iter().flat_map(|column| [Some(column.name.clone()), column.code.clone()]).flatten();
    named.map(|name| (name, String::new())).collect()
}

fn cells(page: &Page<'_>, row: &Row, mut cells: BTreeMap<String, String>) -> BTreeMap<String, String> {
    for cell in &row.cells {
        let Some(raw) = cell.value.as_deref() else { continue };
        let text = text(page, cell, raw);
        for name in [Some(cell.name.clone()), cell.code.clone()].into_iter().flatten() {
            cells.insert(name, text.clone());
        }
    }
    cells
}

/// A value in words; nothing of a table, whose rows are shown by themselves.
fn text(page: &Page<'_>, field: &Field, raw: &RawValue) -> String {
    let raw = raw.get();
    match raw.as_bytes().first() {
        Some(b'"') => {
            let text = serde_json::from_str::<String>(raw).unwrap_or_default();
            let words = page.words();
            let read = match field.r#type.as_str() {
                "checkmark" | "flag" => Some(if text == "checked" { "✓".to_owned() } else { "–".to_owned() }),
                "status" => Some(if text == "closed" { words.closed.to_owned() } else { words.open.to_owned() }),
                "date" | "creation_date" | "due_date" => text.parse::<Date>().ok().map(|day| page.day(day)),
                "due_date_time" => text.parse::<Timestamp>().ok().map(|moment| page.moment(moment)),
                _other => None,
            };
            read.unwrap_or(text)
        }
        Some(b'{') if matches!(field.r#type.as_str(), "person" | "author") => {
            serde_json::from_str::<Person>(raw).map(|person| called(&person)).unwrap_or_default()
        }
        Some(b'{') => {
            let Within { checkmark, choice_names, task_ids, rows, fields: _ } = serde_json::from_str(raw).unwrap_or_default();
            let mark = checkmark.map(|mark| if mark == "checked" { "✓".to_owned() } else { "–".to_owned() });
            let tasks = task_ids.into_iter().map(|task| format!("№ {task}"));
            let items = rows.into_iter().map(|row| row.join(", "));
            mark.into_iter().chain(choice_names).chain(tasks).chain(items).collect::<Vec<_>>().join(", ")
        }
        Some(b'[') if field.r#type == "file" => {
            let files: Vec<File> = serde_json::from_str(raw).unwrap_or_default();
            files.into_iter().map(|file| file.name).collect::<Vec<_>>().join(", ")
        }
        Some(b'[') | None => String::new(),
        Some(_number) => raw.to_owned(),
    }
}
