//! One's own reminder of a task, at a moment: one a task.

use jiff::Timestamp;

use super::event::Event;
use super::snooze::ahead;
use super::{Inbox, REMINDERS_MAX, Rejection};
use crate::aggregate::Events;
use crate::id::TaskId;
use crate::issued::Issued;

impl Inbox {
    pub(super) fn remind(&self, task: TaskId, at: Timestamp, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        let at = ahead(at, issued)?;
        if self.reminders.get(&task) == Some(&at) {
            return Ok(Events::new());
        }
        let others = self.reminders.iter().filter(|(other, at)| **other != task && **at > issued.at);
        if others.count() >= REMINDERS_MAX {
            return Err(Rejection::TooMany);
        }
        Ok(vec![Event::ReminderSet { task, at }])
    }

    pub(super) fn cancel_reminder(&self, task: TaskId) -> Events<Event> {
        if self.reminders.contains_key(&task) { vec![Event::ReminderCancelled { task }] } else { Events::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, What};
    use super::*;
    use crate::rejection::Code;
    use crate::testing::{ANNA, given, moment};

    const TASK: TaskId = TaskId(5);

    fn remind(at: &str) -> Command {
        Command { of: ANNA, what: What::Remind { task: TASK, at: moment(at) } }
    }

    fn set(at: &str) -> Event {
        Event::ReminderSet { task: TASK, at: moment(at) }
    }

    #[test]
    fn a_reminder_is_set_moved_and_cancelled() {
        given::<Inbox>([]).when(remind("2026-03-02T12:00:00Z")).then([set("2026-03-02T12:00:00Z")]);
        let inbox = || given::<Inbox>([set("2026-03-02T12:00:00Z")]);
        inbox().when(remind("2026-03-02T12:00:00Z")).then_nothing();
        inbox().when(remind("2026-03-02T13:00:00Z")).then([set("2026-03-02T13:00:00Z")]);
        let cancel = Command { of: ANNA, what: What::CancelReminder { task: TASK } };
        inbox().when(cancel.clone()).then([Event::ReminderCancelled { task: TASK }]);
        given::<Inbox>([]).when(cancel).then_nothing();
    }

    #[test]
    fn neither_the_past_nor_a_hundred_years_are_reminded_of_and_no_more_than_a_thousand() {
        given::<Inbox>([]).when(remind("2026-03-02T09:00:00Z")).then_rejected(Code::ScheduledDateInPast);
        given::<Inbox>([]).when(remind("2126-03-02T12:00:00Z")).then_rejected(Code::DueOutsideOfBounds);
        let at = moment("2026-03-02T12:00:00Z");
        let full = given::<Inbox>((10..).take(REMINDERS_MAX).map(|task| Event::ReminderSet { task: TaskId(task), at }));
        full.when(remind("2026-03-02T12:00:00Z")).then_rejected(Code::LimitExceeded);
    }
}
