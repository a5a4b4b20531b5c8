//! The timers that people set for themselves: tasks that they put off, and reminders. One of each a person and task.

use std::collections::HashMap;

use domain::codec::EventSet;
use domain::inbox::Event;
use domain::{Kind, PersonId, Recorded};

use super::rows::{Changes, Key, Set};
use super::{What, park};
use crate::failure::Refused;

/// The registered names of the facts that set them or take them away.
pub(super) const TYPES: [&str; 5] =
    ["inbox.snoozed", "inbox.unsnoozed", "inbox.reminder_set", "inbox.reminder_cancelled", "inbox.reminded"];

/// What becomes of each of them: the last fact about it counts.
pub(super) fn changes(events: &[Recorded]) -> Result<Changes, Refused> {
    let mut last: HashMap<Key, Option<Set>> = HashMap::new();
    for event in events.iter().filter(|event| event.header.stream.kind == Kind::Inbox && TYPES.contains(&event.event_type.as_str())) {
        let header = &event.header;
        let person = PersonId(header.stream.id);
        let decoded = Event::decode(&event.event_type, event.schema, &event.payload).map_err(|error| park(event, error))?;
        let (what, task, at) = match decoded {
            Event::Snoozed { task, until } => (What::Snooze(person), task, Some(until)),
            Event::Unsnoozed { task, by_time: _ } => (What::Snooze(person), task, None),
            Event::ReminderSet { task, at } => (What::Reminder(person), task, Some(at)),
            Event::ReminderCancelled { task } | Event::Reminded { task, at: _ } => (What::Reminder(person), task, None),
            Event::Followed(_)
            | Event::Unfollowed(_)
            | Event::Read { .. }
            | Event::Unread { .. }
            | Event::Found(_)
            | Event::SettingsSet(_) => continue,
        };
        let key = Key { organisation: header.organisation, task, what };
        last.insert(key, at.map(|at| Set { key, at, day: None, cause: header.position }));
    }
    let mut changes = Changes::default();
    for (key, set) in last {
        changes.unset.push(key);
        changes.set.extend(set);
    }
    Ok(changes)
}
