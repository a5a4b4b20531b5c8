//! What a form says: its fields and its route. One version of it, as the log and the API have it.
//!
//! Ids of fields, of choices and the numbers of steps mean the same in every version of a form: what is taken out of a definition
//! and had an id is kept as deleted, so that what was filled in keeps its name.

use serde::{Deserialize, Serialize};

use super::subprocess::Subprocess;
use crate::expression::Expression;
use crate::id::{CatalogId, FormId, PersonId};

/// Steps of a route.
pub const STEPS_MAX: u8 = 20;
/// Fields of a form, those in sections, tables and choices included.
pub const FIELDS_MAX: usize = 500;
/// Choices of one field.
pub const CHOICES_MAX: usize = 1_000;
/// Fields within fields.
pub const DEPTH_MAX: usize = 4;
/// Approvers that one step names.
pub const APPROVERS_MAX: usize = 100;
/// Minutes that a step may take: a year.
pub const DUE_MINUTES_MAX: u32 = 366 * 24 * 60;
/// Bytes of a definition as JSON: it is one event.
pub const BYTES_MAX: usize = 240 * 1024;

/// A field of a form, by a number that never means another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldId(pub u32);

impl std::fmt::Display for FieldId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The fields and the route of a form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Step 1 first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Who subscribes to every task, asked nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscribers: Vec<Approver>,
    /// A task closes once its last step is complete.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auto_close: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// 0 in a request: the form gives it one.
    #[serde(default)]
    pub id: FieldId,
    #[serde(default)]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tooltip: Option<String>,
    #[serde(flatten)]
    pub kind: FieldKind,
    /// From this step on no step is complete while the field is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_step: Option<u8>,
    /// From this step on only those who manage the form change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub immutable_step: Option<u8>,
    /// The task's title shows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_title: bool,
    /// What `fill_defaults` fills in, as a request would write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
    /// It is shown, and required, where this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_if: Option<Expression>,
    /// Its value follows from other fields; nobody fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<Expression>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// The types of fields (pyrus.md §1.6).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    Text {
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        multiline: bool,
    },
    Money,
    Number {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decimal_places: Option<u8>,
    },
    Date,
    Time,
    Checkmark,
    Flag,
    DueDate,
    DueDateTime,
    Email,
    Phone,
    Person,
    MultipleChoice {
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        multiple: bool,
        #[serde(default)]
        options: Vec<Choice>,
    },
    /// A section, which a checkmark of its own may open.
    Title {
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        checkmark: bool,
        #[serde(default)]
        fields: Vec<Field>,
    },
    Table {
        #[serde(default)]
        columns: Vec<Field>,
    },
    FormLink {
        form_id: FormId,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        multiple: bool,
    },
    /// Items of a catalog.
    Catalog {
        catalog_id: CatalogId,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        multiple: bool,
    },
    /// Files, and links in place of files.
    File,
    Step,
    Status,
    CreationDate,
    Author,
    /// A text of the form itself; holds nothing.
    #[default]
    Note,
}

/// One of the choices of a field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// 0 in a request: the form gives it one. Unique in its field.
    #[serde(default)]
    pub choice_id: u32,
    pub choice_value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Shown when it is chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<Approver>,
    #[serde(default)]
    pub rule: Rule,
    /// Where it does not hold when the step is reached, the step is skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Expression>,
    /// Where a rejection leads; the author's step where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_reject: Option<u8>,
    /// Minutes that it may take, from when it becomes current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_minutes: Option<u32>,
    /// The task of another form that it opens when it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subprocess: Option<Subprocess>,
}

/// Somebody whom a step asks, or who subscribes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approver {
    pub who: Who,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Expression>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Or a role, by its id.
    Person(PersonId),
    Author,
    /// Of the author's department.
    DepartmentHead,
    /// Whom a field of type `person` names.
    Field(FieldId),
    /// Whom the items in a field of type `catalog` name in a workflow column.
    CatalogField {
        field: FieldId,
        column: String,
    },
}

/// When a step is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// All who are asked agree.
    #[default]
    Everyone,
    /// One of them does.
    First,
    /// So many of them do, or all where they are fewer.
    AtLeast(u8),
}

impl FieldKind {
    /// The word on the wire.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Money => "money",
            Self::Number { .. } => "number",
            Self::Date => "date",
            Self::Time => "time",
            Self::Checkmark => "checkmark",
            Self::Flag => "flag",
            Self::DueDate => "due_date",
            Self::DueDateTime => "due_date_time",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Person => "person",
            Self::MultipleChoice { .. } => "multiple_choice",
            Self::Title { .. } => "title",
            Self::Table { .. } => "table",
            Self::FormLink { .. } => "form_link",
            Self::Catalog { .. } => "catalog",
            Self::File => "file",
            Self::Step => "step",
            Self::Status => "status",
            Self::CreationDate => "creation_date",
            Self::Author => "author",
            Self::Note => "note",
        }
    }

    /// Nobody fills it in: it tells of the task.
    pub const fn is_told(&self) -> bool {
        matches!(self, Self::Step | Self::Status | Self::CreationDate | Self::Author | Self::Note)
    }
}

/// A field, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    pub field: &'a Field,
    /// The section, choice field or table that it lies in.
    pub parent: Option<&'a Field>,
    /// The choice that shows it.
    pub choice: Option<u32>,
    pub depth: usize,
}

impl Placed<'_> {
    pub const fn is_cell(&self) -> bool {
        matches!(self.parent, Some(Field { kind: FieldKind::Table { .. }, .. }))
    }
}

impl Definition {
    /// Every field, those that hold others before what they hold. Deleted ones too.
    pub fn all(&self) -> Vec<Placed<'_>> {
        let mut all = Vec::new();
        collect(&self.fields, None, None, 1, &mut all);
        all
    }

    pub fn find(&self, id: FieldId) -> Option<Placed<'_>> {
        search(&self.fields, None, None, 1, &|field| field.id == id)
    }

    pub fn by_code(&self, code: &str) -> Option<Placed<'_>> {
        search(&self.fields, None, None, 1, &|field| !field.deleted && field.code.as_deref() == Some(code))
    }

    /// Step 1 is the first.
    pub fn step(&self, number: u8) -> Option<&Step> {
        self.steps.get(usize::from(number).checked_sub(1)?)
    }

    /// The number of the last step; 0 without a route.
    pub fn last_step(&self) -> u8 {
        u8::try_from(self.steps.len()).unwrap_or(STEPS_MAX)
    }
}

/// Goes down to [`DEPTH_MAX`] and one more, so that what is too deep is seen, and no further.
fn collect<'a>(fields: &'a [Field], parent: Option<&'a Field>, choice: Option<u32>, depth: usize, all: &mut Vec<Placed<'a>>) {
    for field in fields {
        all.push(Placed { field, parent, choice, depth });
        if depth > DEPTH_MAX {
            continue;
        }
        for (choice, fields) in field.nested() {
            collect(fields, Some(field), choice, depth + 1, all);
        }
    }
}

fn search<'a>(
    fields: &'a [Field],
    parent: Option<&'a Field>,
    choice: Option<u32>,
    depth: usize,
    is_it: &dyn Fn(&Field) -> bool,
) -> Option<Placed<'a>> {
    fields.iter().find_map(|field| {
        if is_it(field) {
            return Some(Placed { field, parent, choice, depth });
        }
        let deeper = if depth > DEPTH_MAX { Vec::new() } else { field.nested() };
        deeper.into_iter().find_map(|(choice, fields)| search(fields, Some(field), choice, depth + 1, is_it))
    })
}

impl Field {
    /// The fields that lie in it, by the choice that shows them.
    pub fn nested(&self) -> Vec<(Option<u32>, &[Field])> {
        match &self.kind {
            FieldKind::Title { fields, .. } => vec![(None, &**fields)],
            FieldKind::Table { columns } => vec![(None, &**columns)],
            FieldKind::MultipleChoice { options, .. } => {
                options.iter().filter(|option| !option.fields.is_empty()).map(|option| (Some(option.choice_id), &*option.fields)).collect()
            }
            FieldKind::Text { .. }
            | FieldKind::Money
            | FieldKind::Number { .. }
            | FieldKind::Date
            | FieldKind::Time
            | FieldKind::Checkmark
            | FieldKind::Flag
            | FieldKind::DueDate
            | FieldKind::DueDateTime
            | FieldKind::Email
            | FieldKind::Phone
            | FieldKind::Person
            | FieldKind::FormLink { .. }
            | FieldKind::Catalog { .. }
            | FieldKind::File
            | FieldKind::Step
            | FieldKind::Status
            | FieldKind::CreationDate
            | FieldKind::Author
            | FieldKind::Note => Vec::new(),
        }
    }

    /// The name of this choice.
    pub fn choice(&self, id: u32) -> Option<&Choice> {
        match &self.kind {
            FieldKind::MultipleChoice { options, .. } => options.iter().find(|option| option.choice_id == id),
            _ => None,
        }
    }
}
