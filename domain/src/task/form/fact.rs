//! What can have happened to a task because it is of a form, and its JSON.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Given;
use crate::codec::{self, DecodeError, Encoded, Nothing};
use crate::erasure::ERASED;
use crate::file::Attached;
use crate::form::fill::RowChange;
use crate::form::{FieldId, Value};
use crate::id::PersonId;
use crate::id::TaskId;
use crate::workflow::{self, Asked, Choice, Outcome};

/// The facts of a form's task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `task.template_applied`: from here on the task goes by this version of its form.
    TemplateApplied { template: u32 },
    /// `task.field_changed`; nothing is an empty field.
    FieldChanged { field: FieldId, value: Option<Value> },
    /// `task.table_changed`: rows that came, went or changed.
    TableChanged { field: FieldId, rows: Vec<RowChange> },
    /// `task.titled`: what the form makes of the task's title.
    Titled { title: String },
    /// `task.step_entered`, `task.step_returned`, `task.route_completed`, `task.approved`, `task.rejected`, `task.revoked`,
    /// `task.step_acknowledged`, `task.approvals_added`, `task.approvals_removed`, `task.approvals_rerequested`
    Route(workflow::Fact),
    /// `task.subprocess_result`: how this task ended, for the one that opened it.
    Result(Box<Given>),
}

const TEMPLATE_APPLIED: &str = "task.template_applied";
const FIELD_CHANGED: &str = "task.field_changed";
const TABLE_CHANGED: &str = "task.table_changed";
const TITLED: &str = "task.titled";
const STEP_ENTERED: &str = "task.step_entered";
const STEP_RETURNED: &str = "task.step_returned";
const ROUTE_COMPLETED: &str = "task.route_completed";
const APPROVED: &str = "task.approved";
const REJECTED: &str = "task.rejected";
const REVOKED: &str = "task.revoked";
const STEP_ACKNOWLEDGED: &str = "task.step_acknowledged";
const APPROVALS_ADDED: &str = "task.approvals_added";
const APPROVALS_REMOVED: &str = "task.approvals_removed";
const APPROVALS_REREQUESTED: &str = "task.approvals_rerequested";

const SUBPROCESS_ASKED: &str = "task.subprocess_asked";
const SUBPROCESS_OPENED: &str = "task.subprocess_opened";
const SUBPROCESS_ENDED: &str = "task.subprocess_ended";
const SUBPROCESS_LEFT: &str = "task.subprocess_left";
const SUBPROCESS_RESULT: &str = "task.subprocess_result";

/// Those that lead to more.
pub const OF_SUBPROCESSES: [&str; 3] = [SUBPROCESS_ASKED, SUBPROCESS_LEFT, SUBPROCESS_RESULT];

/// Those that begin a step or end the last.
pub const OF_STEPS: [&str; 3] = [STEP_ENTERED, STEP_RETURNED, ROUTE_COMPLETED];

/// Their registered names.
pub const TYPES: [&str; 19] = [
    TEMPLATE_APPLIED,
    FIELD_CHANGED,
    TABLE_CHANGED,
    TITLED,
    STEP_ENTERED,
    STEP_RETURNED,
    ROUTE_COMPLETED,
    APPROVED,
    REJECTED,
    REVOKED,
    STEP_ACKNOWLEDGED,
    APPROVALS_ADDED,
    APPROVALS_REMOVED,
    APPROVALS_REREQUESTED,
    SUBPROCESS_ASKED,
    SUBPROCESS_OPENED,
    SUBPROCESS_ENDED,
    SUBPROCESS_LEFT,
    SUBPROCESS_RESULT,
];

#[derive(Serialize, Deserialize)]
struct TemplateApplied {
    template: u32,
}

#[derive(Serialize, Deserialize)]
struct FieldChanged<'a> {
    field: FieldId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Cow<'a, Value>>,
}

#[derive(Serialize, Deserialize)]
struct TableChanged<'a> {
    field: FieldId,
    rows: Cow<'a, [RowChange]>,
}

#[derive(Serialize, Deserialize)]
struct Titled<'a> {
    title: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
struct StepEntered<'a> {
    step: u8,
    #[serde(default)]
    approvers: Cow<'a, [PersonId]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct StepReturned {
    step: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    again: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct Chosen {
    step: u8,
    approver: PersonId,
}

#[derive(Serialize, Deserialize)]
struct SubprocessOpened {
    number: u32,
    task: TaskId,
}

#[derive(Serialize, Deserialize)]
struct SubprocessEnded {
    number: u32,
    outcome: Outcome,
}

#[derive(Serialize, Deserialize)]
struct SubprocessLeft {
    number: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    task: Option<TaskId>,
}

#[derive(Serialize, Deserialize)]
struct AtStep<'a> {
    step: u8,
    persons: Cow<'a, [PersonId]>,
}

pub(in crate::task) fn encode(fact: &Fact) -> Encoded {
    let at = |event_type, step: &u8, persons| codec::encode(event_type, &AtStep { step: *step, persons: Cow::Borrowed(persons) });
    match fact {
        Fact::TemplateApplied { template } => codec::encode(TEMPLATE_APPLIED, &TemplateApplied { template: *template }),
        Fact::FieldChanged { field, value } => {
            codec::encode(FIELD_CHANGED, &FieldChanged { field: *field, value: value.as_ref().map(Cow::Borrowed) })
        }
        Fact::TableChanged { field, rows } => codec::encode(TABLE_CHANGED, &TableChanged { field: *field, rows: Cow::Borrowed(rows) }),
        Fact::Titled { title } => codec::encode(TITLED, &Titled { title: Cow::Borrowed(title) }),
        Fact::Route(workflow::Fact::Entered { step, approvers, due }) => {
            codec::encode(STEP_ENTERED, &StepEntered { step: *step, approvers: Cow::Borrowed(approvers), due: *due })
        }
        Fact::Route(workflow::Fact::Returned { step, again, due }) => {
            codec::encode(STEP_RETURNED, &StepReturned { step: *step, again: *again, due: *due })
        }
        Fact::Route(workflow::Fact::Completed) => codec::encode(ROUTE_COMPLETED, &Nothing {}),
        Fact::Route(workflow::Fact::Chosen { step, approver, choice }) => {
            let event_type = match choice {
                Choice::Approved => APPROVED,
                Choice::Rejected => REJECTED,
                // Nobody chooses to wait; who takes a choice back revokes it.
                Choice::Revoked | Choice::Waiting => REVOKED,
                Choice::Acknowledged => STEP_ACKNOWLEDGED,
            };
            codec::encode(event_type, &Chosen { step: *step, approver: *approver })
        }
        Fact::Route(workflow::Fact::Added { step, persons }) => at(APPROVALS_ADDED, step, persons),
        Fact::Route(workflow::Fact::Removed { step, persons }) => at(APPROVALS_REMOVED, step, persons),
        Fact::Route(workflow::Fact::Rerequested { step, persons }) => at(APPROVALS_REREQUESTED, step, persons),
        Fact::Route(workflow::Fact::SubprocessAsked(asked)) => codec::encode(SUBPROCESS_ASKED, asked),
        Fact::Route(workflow::Fact::SubprocessOpened { number, task }) => {
            codec::encode(SUBPROCESS_OPENED, &SubprocessOpened { number: *number, task: *task })
        }
        Fact::Route(workflow::Fact::SubprocessEnded { number, outcome }) => {
            codec::encode(SUBPROCESS_ENDED, &SubprocessEnded { number: *number, outcome: *outcome })
        }
        Fact::Route(workflow::Fact::SubprocessLeft { number, task }) => {
            codec::encode(SUBPROCESS_LEFT, &SubprocessLeft { number: *number, task: *task })
        }
        Fact::Result(given) => codec::encode(SUBPROCESS_RESULT, given),
    }
}

/// The fact of this name, or nothing where the name is none of [`TYPES`].
pub(in crate::task) fn decode(event_type: &str, schema: i16, payload: &str) -> Option<Result<Fact, DecodeError>> {
    let chosen = |choice| {
        let read = codec::decode::<Chosen>(event_type, schema, payload);
        read.map(|Chosen { step, approver }| Fact::Route(workflow::Fact::Chosen { step, approver, choice }))
    };
    let at = |fact: fn(u8, Vec<PersonId>) -> workflow::Fact| {
        codec::decode::<AtStep<'_>>(event_type, schema, payload).map(|at| Fact::Route(fact(at.step, at.persons.into_owned())))
    };
    Some(match event_type {
        TEMPLATE_APPLIED => {
            codec::decode(event_type, schema, payload).map(|TemplateApplied { template }| Fact::TemplateApplied { template })
        }
        FIELD_CHANGED => codec::decode::<FieldChanged<'_>>(event_type, schema, payload)
            .map(|changed| Fact::FieldChanged { field: changed.field, value: changed.value.map(Cow::into_owned) }),
        TABLE_CHANGED => codec::decode::<TableChanged<'_>>(event_type, schema, payload)
            .map(|changed| Fact::TableChanged { field: changed.field, rows: changed.rows.into_owned() }),
        TITLED => codec::decode::<Titled<'_>>(event_type, schema, payload).map(|titled| Fact::Titled { title: titled.title.into_owned() }),
        STEP_ENTERED => codec::decode::<StepEntered<'_>>(event_type, schema, payload).map(|StepEntered { step, approvers, due }| {
            Fact::Route(workflow::Fact::Entered { step, approvers: approvers.into_owned(), due })
        }),
        STEP_RETURNED => codec::decode(event_type, schema, payload)
            .map(|StepReturned { step, again, due }| Fact::Route(workflow::Fact::Returned { step, again, due })),
        ROUTE_COMPLETED => codec::decode::<Nothing>(event_type, schema, payload).map(|Nothing {}| Fact::Route(workflow::Fact::Completed)),
        APPROVED => chosen(Choice::Approved),
        REJECTED => chosen(Choice::Rejected),
        REVOKED => chosen(Choice::Revoked),
        STEP_ACKNOWLEDGED => chosen(Choice::Acknowledged),
        APPROVALS_ADDED => at(|step, persons| workflow::Fact::Added { step, persons }),
        APPROVALS_REMOVED => at(|step, persons| workflow::Fact::Removed { step, persons }),
        APPROVALS_REREQUESTED => at(|step, persons| workflow::Fact::Rerequested { step, persons }),
        SUBPROCESS_ASKED => {
            codec::decode::<Asked>(event_type, schema, payload).map(|asked| Fact::Route(workflow::Fact::SubprocessAsked(Box::new(asked))))
        }
        SUBPROCESS_OPENED => codec::decode(event_type, schema, payload)
            .map(|SubprocessOpened { number, task }| Fact::Route(workflow::Fact::SubprocessOpened { number, task })),
        SUBPROCESS_ENDED => codec::decode(event_type, schema, payload)
            .map(|SubprocessEnded { number, outcome }| Fact::Route(workflow::Fact::SubprocessEnded { number, outcome })),
        SUBPROCESS_LEFT => codec::decode(event_type, schema, payload)
            .map(|SubprocessLeft { number, task }| Fact::Route(workflow::Fact::SubprocessLeft { number, task })),
        SUBPROCESS_RESULT => codec::decode::<Given>(event_type, schema, payload).map(|given| Fact::Result(Box::new(given))),
        _ => return None,
    })
}

impl Fact {
    /// The tasks that it links to.
    pub fn links(&self) -> Vec<TaskId> {
        let of = |value: &Value| match value {
            Value::Tasks(tasks) => tasks.clone(),
            _ => Vec::new(),
        };
        match self {
            Self::FieldChanged { field: _, value } => value.iter().flat_map(of).collect(),
            Self::TableChanged { field: _, rows } => rows.iter().flat_map(|row| row.cells.values().flatten()).flat_map(of).collect(),
            Self::TemplateApplied { .. } | Self::Titled { .. } | Self::Route(_) | Self::Result(_) => Vec::new(),
        }
    }

    /// The files that it puts into fields.
    pub fn files(&self) -> Vec<&Attached> {
        fn of(value: &Value) -> &[Attached] {
            match value {
                Value::Files(files) => files,
                _ => &[],
            }
        }
        match self {
            Self::FieldChanged { field: _, value } => value.iter().flat_map(of).collect(),
            Self::TableChanged { field: _, rows } => rows.iter().flat_map(|row| row.cells.values().flatten()).flat_map(of).collect(),
            Self::TemplateApplied { .. } | Self::Titled { .. } | Self::Route(_) | Self::Result(_) => Vec::new(),
        }
    }

    /// The same fact without what somebody wrote. Numbers, dates, persons and choices stay: the route follows from them.
    pub(in crate::task) fn without_words(&self) -> Self {
        let silent = |value: &Value| match value {
            Value::Text(_) => Value::Text(ERASED.to_owned()),
            Value::Files(files) => Value::Files(files.iter().map(Attached::without_words).collect()),
            other => other.clone(),
        };
        match self {
            Self::FieldChanged { field, value } => Self::FieldChanged { field: *field, value: value.as_ref().map(silent) },
            Self::TableChanged { field, rows } => {
                let row = |row: &RowChange| {
                    let cells = row.cells.iter().map(|(column, value)| (*column, value.as_ref().map(silent)));
                    RowChange { cells: cells.collect(), ..row.clone() }
                };
                Self::TableChanged { field: *field, rows: rows.iter().map(row).collect() }
            }
            Self::Titled { title: _ } => Self::Titled { title: ERASED.to_owned() },
            Self::Route(workflow::Fact::SubprocessAsked(asked)) => {
                let fields = asked.fields.iter().map(|(field, value)| (*field, silent(value))).collect();
                Self::Route(workflow::Fact::SubprocessAsked(Box::new(Asked { fields, ..Asked::clone(asked) })))
            }
            Self::Result(given) => {
                let fields = given.fields.iter().map(|(field, value)| (*field, silent(value))).collect();
                Self::Result(Box::new(Given { fields, ..Given::clone(given) }))
            }
            Self::TemplateApplied { .. } | Self::Route(_) => self.clone(),
        }
    }
}
