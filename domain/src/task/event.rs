//! What can have happened to a task. Facts are fine-grained; those of one request share its command
//! id, and a reader sees them as one comment whose id is the position of the first.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::command::{Due, Schedule};
use super::form;
use super::timer::Timer;
use crate::file::Attached;
use crate::id::{FormId, ListId, PersonId, Position, TaskId};

/// The text of a comment: plain, and formatted where the author formatted it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Without markup.
    pub text: String,
    /// Cleaned HTML, when the author gave formatted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted_text: Option<String>,
    /// The persons called by name in the formatted text, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    /// The comment that this one quotes and answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Position>,
}

/// `task.created`, version 1. Always the first event of its stream, and only there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    #[serde(flatten)]
    pub text: Text,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attached>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<PersonId>,
    /// Asked to acknowledge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscribers: Vec<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TaskId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Scheduled>,
    /// The form that it is a task of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormId>,
    /// The version of the form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<u32>,
    /// Whose task it is, where the event's person made it for somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<PersonId>,
    /// The step of another task that opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<form::Origin>,
}

/// `task.scheduled`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    pub schedule: Schedule,
    /// The moment at which it comes back, worked out by the organisation's zone when it was decided.
    pub until: Timestamp,
}

/// `task.commented`. Closes every command that is a comment with text or files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commented {
    #[serde(flatten)]
    pub text: Text,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attached>,
}

impl From<Text> for Commented {
    /// Words without files.
    fn from(text: Text) -> Self {
        Self { text, attachments: Vec::new() }
    }
}

/// `task.comment_edited`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentEdited {
    pub comment: Position,
    #[serde(flatten)]
    pub text: Text,
    /// What it has from now on; nothing where they stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attached>>,
}

/// Everything that can have happened to a task.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `task.created`
    Created(Box<Created>),
    /// `task.renamed`
    Renamed { subject: String },
    /// `task.participants_added`
    ParticipantsAdded { persons: Vec<PersonId> },
    /// `task.participants_removed`
    ParticipantsRemoved { persons: Vec<PersonId> },
    /// `task.reassigned`
    Reassigned { to: PersonId },
    /// `task.subscribers_added`: asked to acknowledge, or, when `mentioned`, called by name in the
    /// text of the same command and asked nothing.
    SubscribersAdded { persons: Vec<PersonId>, mentioned: bool },
    /// `task.subscribers_removed`
    SubscribersRemoved { persons: Vec<PersonId> },
    /// `task.subscribers_rerequested`: their acknowledgement is asked for again.
    SubscribersRerequested { persons: Vec<PersonId> },
    /// `task.acknowledged`, by the event's person.
    Acknowledged,
    /// `task.acknowledged_for`: a role, by the event's person, who is in it.
    AcknowledgedFor { role: PersonId },
    /// `task.due_set`
    DueSet { due: Due },
    /// `task.due_cancelled`
    DueCancelled,
    /// `task.scheduled`
    Scheduled(Scheduled),
    /// `task.schedule_cancelled`
    ScheduleCancelled,
    /// `task.time_spent`, in minutes.
    TimeSpent { minutes: u32 },
    /// `task.added_to_lists`
    AddedToLists { lists: Vec<ListId> },
    /// `task.removed_from_lists`
    RemovedFromLists { lists: Vec<ListId> },
    /// `task.closed`
    Closed,
    /// `task.reopened`; `auto` when a comment did it.
    Reopened { auto: bool },
    /// `task.commented`
    Commented(Box<Commented>),
    /// `task.comment_edited`
    CommentEdited(Box<CommentEdited>),
    /// `task.comment_deleted`
    CommentDeleted { comment: Position },
    /// `task.flagged`: how this request wants to be treated; recorded when any flag is set.
    Flagged(Flags),
    /// `task.commented_as_roles`: as whom the event's person made this request; recorded beside something else.
    AsRoles { roles: Vec<PersonId> },
    /// What happens because it is of a form: values, approvals, steps.
    Form(Box<form::Fact>),
    /// `task.timer_fired`, by the system: the time has come that a timer waited for.
    TimerFired { timer: Timer },
    /// `task.put_away`, by the event's person: out of their inbox until something new happens.
    PutAway,
    /// `task.deleted`
    Deleted,
}

/// `skip_…` of a comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skip_satisfaction: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skip_notification: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skip_auto_reopen: bool,
}
