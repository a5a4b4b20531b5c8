//! What can have happened to somebody's inbox.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Settings;
use crate::id::{FilterId, FormId, ListId, PersonId, Position, TaskId};

/// What somebody wants to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Followed {
    /// Each comment in it.
    Task(TaskId),
    /// What comes into it, and each comment in what lies in it.
    List(ListId),
    /// Its new tasks, and their ends.
    Form(FormId),
    /// What comes to be found by it, and each comment in what it finds.
    Filter(FilterId),
}

/// `inbox.found`: what a filter that is followed finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub filter: FilterId,
    pub task: TaskId,
    /// The first fact of the request because of which it is told.
    pub cause: Position,
    /// Who made it.
    pub by: PersonId,
}

/// Everything that can have happened to somebody's inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `inbox.followed`
    Followed(Followed),
    /// `inbox.unfollowed`
    Unfollowed(Followed),
    /// `inbox.snoozed`: out of the inbox until then.
    Snoozed { task: TaskId, until: Timestamp },
    /// `inbox.unsnoozed`: back in the inbox; `by_time` when its moment had come.
    Unsnoozed { task: TaskId, by_time: bool },
    /// `inbox.reminder_set`
    ReminderSet { task: TaskId, at: Timestamp },
    /// `inbox.reminder_cancelled`
    ReminderCancelled { task: TaskId },
    /// `inbox.reminded`: the moment `at` of the reminder had come.
    Reminded { task: TaskId, at: Timestamp },
    /// `inbox.read`: what was told up to this position, of the task where one is named.
    Read { task: Option<TaskId>, upto: Position },
    /// `inbox.unread`: what was told of the task at this position.
    Unread { task: TaskId, position: Position },
    /// `inbox.found`: the task came to be found, or somebody said something in it.
    Found(Found),
    /// `inbox.settings_set`: all of them.
    SettingsSet(Box<Settings>),
}
