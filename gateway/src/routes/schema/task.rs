//! How tasks look in answers: rendered in `domain` (`domain/src/task/document/`), described here. What is in them is held to this by a
//! validator (`tests/compat/schemas.py`).

use serde::Serialize;
use utoipa::ToSchema;

/// A task with its comments.
#[derive(ToSchema)]
pub struct Task {
    task: TaskWithComments,
}

/// Tasks, each with its newest comment alone.
#[derive(ToSchema)]
pub struct Tasks {
    tasks: Option<Vec<TaskWithComments>>,
}

/// Tasks with the newest comment of each.
#[derive(ToSchema)]
pub struct CalendarTasks {
    tasks: Option<Vec<TaskWithComments>>,
    has_more: bool,
}

/// A task with its comments. Empty members are left out.
#[derive(ToSchema)]
pub struct TaskWithComments {
    id: i64,
    /// Of a task of a form its title: the form's name and the fields that say so.
    text: String,
    /// HTML that has been cleaned.
    formatted_text: Option<String>,
    subject: Option<String>,
    /// Those of its creation.
    attachments: Option<Vec<File>>,
    create_date: String,
    last_modified_date: String,
    close_date: Option<String>,
    author: Person,
    responsible: Option<Person>,
    participants: Option<Vec<Person>>,
    subscribers: Option<Vec<Subscriber>>,
    due_date: Option<String>,
    due: Option<String>,
    /// Minutes, from `due` on.
    duration: Option<u32>,
    scheduled_date: Option<String>,
    scheduled_datetime_utc: Option<String>,
    parent_task_id: Option<i64>,
    /// The tasks that its fields link to.
    linked_task_ids: Option<Vec<i64>>,
    list_ids: Option<Vec<i64>>,
    /// The newest comment's id.
    last_note_id: i64,
    is_closed: bool,
    /// Of a task of a form; so is what follows.
    form_id: Option<i64>,
    /// Those at the top of the form, in its order, but those that the asker may not see.
    fields: Option<Vec<FormField>>,
    /// Who is asked, by step, the first step first.
    approvals: Option<Vec<Vec<Approval>>>,
    current_step: Option<u8>,
    /// When the current step is to be done.
    current_step_due: Option<String>,
    /// The time that was spent at each step, in the order in which they were first reached.
    steps: Option<Vec<StepTime>>,
    /// Oldest first.
    comments: Vec<Comment>,
}

/// What was done with one request: all that changed, whether something was said or not. Empty members are left out.
#[derive(ToSchema)]
pub struct Comment {
    /// The position of its first fact in the log.
    id: i64,
    text: Option<String>,
    /// HTML that has been cleaned.
    formatted_text: Option<String>,
    /// Ids of persons and roles that the text names.
    mentions: Option<Vec<i64>>,
    attachments: Option<Vec<File>>,
    create_date: String,
    author: Person,
    subject: Option<String>,
    reassigned_to: Option<Person>,
    approval_choice: Option<ApprovalChoice>,
    approval_step: Option<u8>,
    subscribers_added: Option<Vec<Person>>,
    subscribers_removed: Option<Vec<Person>>,
    subscribers_rerequested: Option<Vec<Person>>,
    participants_added: Option<Vec<Person>>,
    participants_removed: Option<Vec<Person>>,
    due_date: Option<String>,
    due: Option<String>,
    duration: Option<u32>,
    cancel_due: Option<bool>,
    scheduled_date: Option<String>,
    scheduled_datetime_utc: Option<String>,
    cancel_schedule: Option<bool>,
    added_list_ids: Option<Vec<i64>>,
    removed_list_ids: Option<Vec<i64>>,
    action: Option<Action>,
    spent_minutes: Option<u32>,
    skip_satisfaction: Option<bool>,
    skip_notification: Option<bool>,
    skip_auto_reopen: Option<bool>,
    /// The roles for which it was made.
    comment_as_roles: Option<Vec<NamedRole>>,
    /// The comment that it answers.
    reply_note_id: Option<i64>,
    field_updates: Option<Vec<FormField>>,
    /// The step that a rejection, or somebody asked again, led back to.
    reset_to_step: Option<u8>,
    /// The step that was reached.
    changed_step: Option<u8>,
    /// By step, the first step first.
    approvals_added: Option<Vec<Vec<Asked>>>,
    approvals_removed: Option<Vec<Vec<Asked>>>,
    approvals_rerequested: Option<Vec<Vec<Asked>>>,
    /// It changes the text of that one, where it is shown.
    edit_comment_id: Option<i64>,
    /// It takes the text of that one back.
    delete_comment_id: Option<i64>,
    /// What an edit took out of the edited comment.
    removed_attachment_ids: Option<Vec<i64>>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Action {
    Finished,
    Reopened,
}

/// A subscriber, and whether they have acknowledged. Without a choice they were not asked to.
#[derive(ToSchema)]
pub struct Subscriber {
    person: Person,
    approval_choice: Option<ApprovalChoice>,
}

/// A person or a role as a task shows them.
#[derive(Serialize, ToSchema)]
pub struct Person {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    native_first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    native_last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// `user`, `bot` or `role`.
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    /// Present and true for who is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    banned: Option<bool>,
    /// Present and true for a role that was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    fired: Option<bool>,
}

#[derive(ToSchema)]
pub struct NamedRole {
    id: i64,
    name: Option<String>,
}

/// Somebody whom a step asks, and what they said.
#[derive(ToSchema)]
pub struct Approval {
    person: Person,
    approval_choice: ApprovalChoice,
    step: u8,
}

/// Somebody whom a step was made to ask, or not to ask, or to ask again.
#[derive(ToSchema)]
pub struct Asked {
    person: Person,
    step: u8,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ApprovalChoice {
    Waiting,
    Approved,
    Rejected,
    Revoked,
    Acknowledged,
}

#[derive(ToSchema)]
pub struct StepTime {
    step: u8,
    name: String,
    /// Milliseconds; of the current step up to the task's last change.
    elapsed_time: i64,
}

/// A row of a register.
#[derive(ToSchema)]
pub struct RegisterRow {
    id: i64,
    text: String,
    create_date: String,
    last_modified_date: String,
    close_date: Option<String>,
    author: Person,
    responsible: Option<Person>,
    due_date: Option<String>,
    due: Option<String>,
    duration: Option<u32>,
    current_step: Option<u8>,
    current_step_due: Option<String>,
    /// With `include_approvals`; so are `approvals`.
    form_id: Option<i64>,
    approvals: Option<Vec<Vec<Approval>>>,
    fields: Vec<FormField>,
    is_closed: bool,
}

/// What a field of any type says of itself.
#[derive(Serialize, ToSchema)]
pub struct FieldHead {
    id: u32,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// The section, table or choice that it lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<u32>,
}

/// A field of a form with what it holds. Without a `value` it is empty.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FormField {
    Text {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    Money {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<f64>,
    },
    Number {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<f64>,
    },
    Date {
        #[serde(flatten)]
        head: FieldHead,
        /// `YYYY-MM-DD`
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    Time {
        #[serde(flatten)]
        head: FieldHead,
        /// `hh:mm`
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    Checkmark {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Checked>,
    },
    Flag {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Checked>,
    },
    DueDate {
        #[serde(flatten)]
        head: FieldHead,
        /// `YYYY-MM-DD`
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
        /// Minutes.
        #[serde(skip_serializing_if = "Option::is_none")]
        duration: Option<u32>,
    },
    DueDateTime {
        #[serde(flatten)]
        head: FieldHead,
        /// `YYYY-MM-DDThh:mm:ssZ`
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
        /// Minutes.
        #[serde(skip_serializing_if = "Option::is_none")]
        duration: Option<u32>,
    },
    Email {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    Phone {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    Person {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Person>,
    },
    MultipleChoice {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<ChosenChoices>,
    },
    Title {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<SectionValue>,
    },
    Table {
        #[serde(flatten)]
        head: FieldHead,
        /// In the order in which they are shown.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Vec<TableRow>>,
    },
    FormLink {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<LinkedTasks>,
    },
    Catalog {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<PickedItems>,
    },
    File {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Vec<File>>,
    },
    Step {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<u8>,
    },
    Status {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Status>,
    },
    CreationDate {
        #[serde(flatten)]
        head: FieldHead,
        /// `YYYY-MM-DD`
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    Author {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Person>,
    },
    /// A text of the form itself.
    Note {
        #[serde(flatten)]
        head: FieldHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
}

/// A file, or a link in place of one, where it stands.
#[derive(Serialize, ToSchema)]
pub struct File {
    id: i64,
    name: String,
    /// Bytes; not of a link, nor are `md5` and `media_type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    md5: Option<String>,
    /// Where its bytes are, from the root of the server; of a link, where it leads.
    url: String,
    /// 1 of a file that is not a version of another.
    version: u32,
    /// The file that it is a version of.
    #[serde(skip_serializing_if = "Option::is_none")]
    root_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
}

/// A file as a request names it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum NewFile {
    /// The guid of an upload.
    Guid(String),
    Uploaded {
        guid: String,
        /// The file that it is a new version of.
        #[serde(skip_serializing_if = "Option::is_none")]
        root_id: Option<i64>,
    },
    /// A file that stands somewhere already, where the asker sees it.
    Known { attachment_id: i64 },
    /// An address of the web in place of a file.
    Link {
        url: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    Checked,
    Unchecked,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Open,
    Closed,
}

#[derive(Serialize, ToSchema)]
pub struct ChosenChoices {
    /// The first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    choice_id: Option<u32>,
    choice_ids: Vec<u32>,
    choice_names: Vec<String>,
    /// The fields of the choices.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    fields: Option<Vec<FormField>>,
}

#[derive(Serialize, ToSchema)]
pub struct SectionValue {
    /// Where the section has a checkmark of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    checkmark: Option<Checked>,
    /// Not where a comment tells that the checkmark was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    fields: Option<Vec<FormField>>,
}

#[derive(Serialize, ToSchema)]
pub struct TableRow {
    row_id: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
    /// Those that are not empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    cells: Option<Vec<FormField>>,
    /// In a comment: it was taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub struct LinkedTasks {
    /// The first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<i64>,
    task_ids: Vec<i64>,
    /// What those are called that the asker sees, with `; ` between.
    subject: String,
}

/// Items as they were when they were chosen.
#[derive(Serialize, ToSchema)]
pub struct PickedItems {
    /// Where there is one alone; so are `values`.
    #[serde(skip_serializing_if = "Option::is_none")]
    item_id: Option<i64>,
    item_ids: Vec<i64>,
    headers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
}
