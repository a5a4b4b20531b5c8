//! What decisions about an inbox need to remember, and the fold that keeps it. What was read is the view's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::event::{Event, Followed};
use super::{REMINDERS_MAX, SNOOZES_MAX, Settings};
use crate::id::{OrganisationId, PersonId, TaskId};
use crate::recorded::Header;

/// The state of an inbox: bounded by what one person may follow and have ahead at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    pub organisation: OrganisationId,
    pub owner: PersonId,
    pub follows: BTreeSet<Followed>,
    /// Until when each task is out of it.
    pub snoozes: BTreeMap<TaskId, Timestamp>,
    /// When its owner is reminded of each task.
    pub reminders: BTreeMap<TaskId, Timestamp>,
    #[serde(with = "crate::snapshot::as_json")]
    pub settings: Settings,
}

impl Inbox {
    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        self.organisation = header.organisation;
        self.owner = PersonId(header.stream.id);
        match event {
            Event::Followed(followed) => drop(self.follows.insert(*followed)),
            Event::Unfollowed(followed) => drop(self.follows.remove(followed)),
            Event::Snoozed { task, until } => keep(&mut self.snoozes, *task, *until, SNOOZES_MAX),
            Event::Unsnoozed { task, by_time: _ } => drop(self.snoozes.remove(task)),
            Event::ReminderSet { task, at } => keep(&mut self.reminders, *task, *at, REMINDERS_MAX),
            Event::ReminderCancelled { task } | Event::Reminded { task, at: _ } => drop(self.reminders.remove(task)),
            Event::Read { .. } | Event::Unread { .. } | Event::Found(_) => {}
            Event::SettingsSet(settings) => self.settings.clone_from(settings),
        }
    }
}

/// Those that lie ahead are counted before they are set; what is past and has not fired makes room, the oldest first.
fn keep(moments: &mut BTreeMap<TaskId, Timestamp>, task: TaskId, at: Timestamp, most: usize) {
    moments.insert(task, at);
    if moments.len() > most
        && let Some(oldest) = moments.iter().min_by_key(|(_, at)| **at).map(|(task, _)| *task)
    {
        moments.remove(&oldest);
    }
}
