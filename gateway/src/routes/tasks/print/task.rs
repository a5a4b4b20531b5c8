//! A task's answer, read back for its page: what is printed of it. Not how it looks.

use domain::ListId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::form::{Approval, Field, Step};

#[derive(Debug, Deserialize)]
pub struct Answer {
    pub task: Task,
}

#[derive(Debug, Deserialize)]
pub struct Task {
    pub id: i64,
    #[serde(default)]
    pub text: String,
    pub subject: Option<String>,
    pub create_date: Timestamp,
    pub close_date: Option<Timestamp>,
    pub author: Option<Person>,
    pub responsible: Option<Person>,
    pub due_date: Option<Date>,
    pub due: Option<Timestamp>,
    /// Minutes.
    pub duration: Option<u32>,
    pub scheduled_date: Option<Date>,
    pub scheduled_datetime_utc: Option<Timestamp>,
    pub parent_task_id: Option<i64>,
    pub form_id: Option<i64>,
    #[serde(default)]
    pub fields: Vec<Field>,
    #[serde(default)]
    pub approvals: Vec<Vec<Approval>>,
    pub current_step: Option<u8>,
    #[serde(default)]
    pub steps: Vec<Step>,
    #[serde(default)]
    pub participants: Vec<Person>,
    #[serde(default)]
    pub subscribers: Vec<Subscriber>,
    #[serde(default)]
    pub list_ids: Vec<ListId>,
    pub is_closed: bool,
    #[serde(default)]
    pub comments: Vec<Comment>,
}

#[derive(Debug, Deserialize)]
pub struct Subscriber {
    pub person: Person,
    pub approval_choice: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Person {
    pub id: i64,
    #[serde(default)]
    pub first_name: String,
    #[serde(default)]
    pub last_name: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub r#type: String,
    #[serde(default)]
    pub banned: bool,
}

#[derive(Debug, Deserialize)]
pub struct Role {
    pub id: i64,
    #[serde(default)]
    pub name: String,
}

/// A file or a link, by its name: a page has no files.
#[derive(Debug, Deserialize)]
pub struct File {
    pub name: String,
}

#[derive(Debug, Deserialize)]
pub struct Comment {
    pub id: i64,
    pub text: Option<String>,
    pub formatted_text: Option<String>,
    pub create_date: Timestamp,
    pub author: Option<Person>,
    #[serde(default)]
    pub attachments: Vec<File>,
    pub subject: Option<String>,
    pub reassigned_to: Option<Person>,
    pub approval_choice: Option<String>,
    #[serde(default)]
    pub subscribers_added: Vec<Person>,
    #[serde(default)]
    pub subscribers_removed: Vec<Person>,
    #[serde(default)]
    pub subscribers_rerequested: Vec<Person>,
    #[serde(default)]
    pub participants_added: Vec<Person>,
    #[serde(default)]
    pub participants_removed: Vec<Person>,
    pub due_date: Option<Date>,
    pub due: Option<Timestamp>,
    /// Minutes.
    pub duration: Option<u32>,
    #[serde(default)]
    pub cancel_due: bool,
    pub scheduled_date: Option<Date>,
    pub scheduled_datetime_utc: Option<Timestamp>,
    #[serde(default)]
    pub cancel_schedule: bool,
    #[serde(default)]
    pub added_list_ids: Vec<ListId>,
    #[serde(default)]
    pub removed_list_ids: Vec<ListId>,
    pub action: Option<String>,
    pub spent_minutes: Option<u32>,
    #[serde(default)]
    pub comment_as_roles: Vec<Role>,
    #[serde(default)]
    pub field_updates: Vec<Field>,
    pub approval_step: Option<u8>,
    pub changed_step: Option<u8>,
    pub reset_to_step: Option<u8>,
    #[serde(default)]
    pub approvals_added: Vec<Vec<Approval>>,
    #[serde(default)]
    pub approvals_removed: Vec<Vec<Approval>>,
    #[serde(default)]
    pub approvals_rerequested: Vec<Vec<Approval>>,
    pub reply_note_id: Option<i64>,
    pub edit_comment_id: Option<i64>,
    pub delete_comment_id: Option<i64>,
}
