//! What can be asked of a task. Shapes only, in the API's words; the verbs decide. They also go between nodes as they
//! are, so that a change of one is a change of [`crate::Kind::Task`]'s messages (`actors`, `MESSAGES`).

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::form::{Begin, Linked, Open, Told};
use super::timer::Timer;
use crate::file::{Brought, Wanted};
use crate::form::Lookup;
use crate::id::{ListId, PersonId, Position, TaskId};
use crate::json::Json;

/// Everything that can be asked of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    Create(Box<Create>),
    /// One request with many parts: all or nothing.
    Comment(Box<Comment>),
    Delete,
    /// The asker has seen the task and wants it out of the inbox.
    PutAway,
    /// What `from` had in the task goes to `to`: persons, or roles. Only by the system.
    Succeed {
        from: PersonId,
        to: PersonId,
    },
    /// Begins a task that a step of another one opens. Only by the system.
    Open(Box<Open>),
    /// What became of a task that a step opened. Only by the system.
    Told(Box<Told>),
    /// The time of a timer has come. Only by the system.
    Fire(Timer),
}

/// A person, or by its id a role, as a request names them; `decide` looks them up in the directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PersonRef {
    Id(PersonId),
    Email(String),
}

/// Text as a request brings it. Formatted text is not yet cleaned; `decide` does that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextInput {
    Plain(String),
    Formatted(String),
}

/// When a task is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// By the end of this day in the organisation's time zone.
    Date(Date),
    /// At this moment; an event of `duration` minutes where one is given.
    Moment {
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration: Option<u32>,
    },
}

/// Until when a task stays out of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Until 09:00 of this day in the organisation's time zone.
    Date(Date),
    Moment(Timestamp),
}

/// The due fields as requests carry them; which combinations are right is decided in `due.rs`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueInput {
    pub due_date: Option<Date>,
    pub due: Option<Timestamp>,
    /// Minutes.
    pub duration: Option<i64>,
    pub cancel: bool,
}

/// The schedule fields as requests carry them; decided in `schedule.rs`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleInput {
    pub date: Option<Date>,
    pub moment: Option<Timestamp>,
    pub cancel: bool,
}

/// `POST /tasks`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Create {
    pub text: Option<TextInput>,
    pub subject: Option<String>,
    pub responsible: Option<PersonRef>,
    pub participants: Vec<PersonRef>,
    pub subscribers: Vec<PersonRef>,
    /// Already seen to exist and to be visible to the asker.
    pub parent: Option<TaskId>,
    pub due: DueInput,
    pub schedule: ScheduleInput,
    pub lists: Vec<ListId>,
    pub attachments: Vec<Wanted>,
    /// What was found of the files that it attaches and that its fields name.
    pub files: Brought,
    /// Of a task of a form.
    pub form: Option<Box<Begin>>,
}

/// Persons and roles by step; 0 is the current step.
pub type AtSteps = Vec<(u8, Vec<PersonRef>)>;

/// `action` of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    Finished,
    Reopened,
}

/// `approval_choice` of a comment. On a task without a form only `Acknowledged` has a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApprovalChoice {
    Approved,
    Rejected,
    Acknowledged,
    Revoked,
}

/// `POST /tasks/{id}/comments`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    pub text: Option<TextInput>,
    pub subject: Option<String>,
    pub participants_added: Vec<PersonRef>,
    pub participants_removed: Vec<PersonRef>,
    pub reassign_to: Option<PersonRef>,
    pub subscribers_added: Vec<PersonRef>,
    pub subscribers_removed: Vec<PersonRef>,
    pub subscribers_rerequested: Vec<PersonRef>,
    pub approval_choice: Option<ApprovalChoice>,
    pub due: DueInput,
    pub schedule: ScheduleInput,
    pub lists_added: Vec<ListId>,
    pub lists_removed: Vec<ListId>,
    pub action: Option<Action>,
    /// The comment (by its id, a position of the log) whose text is replaced.
    pub edit_comment: Option<Position>,
    pub delete_comment: Option<Position>,
    /// Minutes.
    pub spent_minutes: Option<i64>,
    pub skip_satisfaction: bool,
    pub skip_notification: bool,
    pub skip_auto_reopen: bool,
    /// The roles that the asker speaks for, who must be in them.
    pub as_roles: Vec<PersonRef>,
    /// `field_updates`.
    pub fields: Option<Json>,
    /// What was found of the items of catalogs that the fields name.
    pub items: Lookup,
    /// Of the comment; of the edited one, in place of what it has.
    pub attachments: Option<Vec<Wanted>>,
    /// What was found of the files that it attaches and that its fields name.
    pub files: Brought,
    /// Tasks that the fields link to, and that the asker sees.
    pub linked: Vec<Linked>,
    /// The steps that the choice is for; the current one where none is named.
    pub approval_steps: Vec<u8>,
    pub approvals_added: AtSteps,
    pub approvals_removed: AtSteps,
    pub approvals_rerequested: AtSteps,
    /// The position at which whoever decides saw the task.
    pub seen: Option<Position>,
    /// Send and hide: out of the asker's inbox with the same request.
    pub hide: bool,
    /// The newest comment that the asker knows of: with another one by now, the task is not changed.
    pub previous: Option<Position>,
}
