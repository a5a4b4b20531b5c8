//! The language in which forms are defined (`domain/src/form/definition.rs`), described for `POST` and `PUT /forms` and for
//! `GET /forms/{id}/definition`, which shows it as it is taken.

use std::collections::BTreeMap;

use utoipa::ToSchema;

/// A form to make or to change. Ours, beside the dialect.
#[derive(ToSchema)]
pub struct WriteForm {
    /// Required of a new one; at most 200 characters.
    name: Option<String>,
    /// The folders to it, from the top.
    folder: Option<Vec<String>>,
    /// Persons or roles.
    business_owners: Option<Vec<i64>>,
    /// Whole. What is left out of a form that had it is kept as deleted.
    definition: Option<Definition>,
    /// Of the definition that was seen: `conflict` where there is another by now.
    version: Option<i64>,
    /// False opens a closed form again.
    deleted_or_closed: Option<bool>,
}

/// The fields and the route of a form.
#[derive(ToSchema)]
pub struct Definition {
    /// At most 500, those in sections, tables and choices included.
    fields: Option<Vec<DefinedField>>,
    /// Step 1 first; at most 20.
    steps: Option<Vec<DefinedStep>>,
    /// Who subscribes to every task, asked nothing.
    subscribers: Option<Vec<Approver>>,
    /// A task closes once its last step is complete.
    auto_close: Option<bool>,
}

/// A field; which members belong to it, `type` says.
#[derive(ToSchema)]
pub struct DefinedField {
    /// Given by the server where it is left out, or 0; never means another field.
    id: Option<u32>,
    #[schema(rename = "type")]
    kind: FieldType,
    name: Option<String>,
    /// Unique in the form.
    code: Option<String>,
    /// Of a `note`: what it says.
    tooltip: Option<String>,
    /// From this step on no step is complete while the field is empty.
    required_step: Option<u8>,
    /// From this step on only those who manage the form change it.
    immutable_step: Option<u8>,
    /// The task's title shows it.
    in_title: Option<bool>,
    /// What `fill_defaults` fills in, as a request would write it.
    default_value: Option<String>,
    /// An expression: it is shown, and required, where this holds.
    visible_if: Option<String>,
    /// An expression: its value follows from other fields; nobody fills it in.
    formula: Option<String>,
    deleted: Option<bool>,
    /// Of a `text`.
    multiline: Option<bool>,
    /// Of a `number`.
    decimal_places: Option<u8>,
    /// Of a `multiple_choice`, a `form_link` or a `catalog`.
    multiple: Option<bool>,
    /// Of a `multiple_choice`; at most 1000.
    options: Option<Vec<DefinedChoice>>,
    /// Of a `title`: it has one of its own.
    checkmark: Option<bool>,
    /// Of a `title`.
    #[schema(no_recursion)]
    fields: Option<Vec<DefinedField>>,
    /// Of a `table`.
    #[schema(no_recursion)]
    columns: Option<Vec<DefinedField>>,
    /// Of a `form_link`.
    form_id: Option<i64>,
    /// Of a `catalog`.
    catalog_id: Option<i64>,
}

/// The types of fields.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum FieldType {
    Text,
    Money,
    Number,
    Date,
    Time,
    Checkmark,
    Flag,
    DueDate,
    DueDateTime,
    Email,
    Phone,
    Person,
    MultipleChoice,
    Title,
    Table,
    FormLink,
    Catalog,
    File,
    Step,
    Status,
    CreationDate,
    Author,
    Note,
}

#[derive(ToSchema)]
pub struct DefinedChoice {
    /// Given by the server where it is left out, or 0; unique in its field.
    choice_id: Option<u32>,
    choice_value: String,
    code: Option<String>,
    /// Shown when it is chosen.
    #[schema(no_recursion)]
    fields: Option<Vec<DefinedField>>,
    deleted: Option<bool>,
}

#[derive(ToSchema)]
pub struct DefinedStep {
    name: String,
    /// At most 100.
    approvers: Option<Vec<Approver>>,
    /// `everyone` where nothing is said.
    rule: Option<Rule>,
    /// An expression: where it does not hold when the step is reached, the step is skipped.
    condition: Option<String>,
    /// Where a rejection leads; the author's step where none is named.
    on_reject: Option<u8>,
    /// Minutes that it may take, from when it becomes current.
    due_minutes: Option<u32>,
    /// The task of another form that it opens when it is reached.
    subprocess: Option<Subprocess>,
}

/// Somebody whom a step asks, or who subscribes.
#[derive(ToSchema)]
pub struct Approver {
    who: Who,
    /// An expression.
    condition: Option<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Who {
    /// Or a role, by its id.
    Person(i64),
    Author,
    /// Of the author's department.
    DepartmentHead,
    /// Whom a field of type `person` names.
    Field(u32),
    /// Whom the items in a field of type `catalog` name in a workflow column.
    CatalogField {
        field: u32,
        column: String,
    },
}

/// When a step is complete.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Rule {
    /// All who are asked agree.
    Everyone,
    /// One of them does.
    First,
    /// So many of them do, or all where they are fewer.
    AtLeast(u8),
}

/// What a step opens.
#[derive(ToSchema)]
pub struct Subprocess {
    form_id: i64,
    /// The step is complete only once the task has ended.
    wait: Option<bool>,
    /// It stays open when the task that opened it closes.
    keep_open: Option<bool>,
    /// What goes along; fields of equal codes where it is left out.
    fields: Option<Vec<CodePair>>,
    /// What comes back; fields of equal codes where it is left out.
    results: Option<Vec<CodePair>>,
}

/// The codes of two fields: what stands in the first goes into the second.
#[derive(ToSchema)]
pub struct CodePair {
    from: String,
    to: String,
}

/// What is to be tried on past tasks.
#[derive(ToSchema)]
pub struct AskWhatIf {
    /// As of a form; else its draft.
    definition: Option<Definition>,
    /// These tasks; else the newest.
    task_ids: Option<Vec<i64>>,
    /// 1 to 500; 100 where nothing is said.
    item_count: Option<u32>,
    /// Only tasks older than this one.
    after: Option<i64>,
}

/// Levels of persons and roles, by their ids.
#[derive(ToSchema)]
pub struct FormPermissions {
    permissions: BTreeMap<String, FormLevel>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum FormLevel {
    None,
    Member,
    RestrictedManager,
    Manager,
    Administrator,
}

/// A field as a request fills it in: named by one of `id`, `name` and `code`.
#[derive(ToSchema)]
pub struct FillField {
    id: Option<u32>,
    name: Option<String>,
    code: Option<String>,
    /// As answers show it (`FormField`); numbers, dates and ids also as texts, persons, choices and items also by their ids or names. Files
    /// as `NewFile`: the list replaces the one that is there. Null or nothing empties it.
    value: Option<serde_json::Value>,
}
