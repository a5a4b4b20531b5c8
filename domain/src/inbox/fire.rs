//! What time brings: a task comes back, a reminder is due. Whoever watches the clock says which moment they mean, and only what still
//! stands fires, once: what was moved or cancelled meanwhile yields nothing.

use jiff::Timestamp;

use super::event::Event;
use super::{Inbox, Rejection, access};
use crate::aggregate::Events;
use crate::id::TaskId;
use crate::issued::Issued;

impl Inbox {
    pub(super) fn fire_snooze(&self, task: TaskId, until: Timestamp, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::timed(issued)?;
        let stands = self.snoozes.get(&task) == Some(&until);
        Ok(if stands { vec![Event::Unsnoozed { task, by_time: true }] } else { Events::new() })
    }

    pub(super) fn fire_reminder(&self, task: TaskId, at: Timestamp, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::timed(issued)?;
        if self.reminders.get(&task) != Some(&at) {
            return Ok(Events::new());
        }
        // Who wanted to be reminded of what they put off wants it back now.
        let mut events = self.unsnooze(task);
        events.push(Event::Reminded { task, at });
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, What};
    use super::*;
    use crate::id::PersonId;
    use crate::testing::{ANNA, given, moment};

    const TASK: TaskId = TaskId(5);

    #[test]
    fn a_reminder_that_stands_fires_once_and_no_other() {
        let at = moment("2026-03-02T12:00:00Z");
        let fire = |at| Command { of: ANNA, what: What::FireReminder { task: TASK, at } };
        let set = || given::<Inbox>([Event::ReminderSet { task: TASK, at }]);
        let fired = Event::Reminded { task: TASK, at };
        set().by(PersonId::SYSTEM).when(fire(at)).then([fired.clone()]);
        set().and(PersonId::SYSTEM, [fired]).by(PersonId::SYSTEM).when(fire(at)).then_nothing();
        set().by(PersonId::SYSTEM).when(fire(moment("2026-03-02T11:00:00Z"))).then_nothing();
        set().and(ANNA, [Event::ReminderCancelled { task: TASK }]).by(PersonId::SYSTEM).when(fire(at)).then_nothing();
        given::<Inbox>([]).by(PersonId::SYSTEM).when(fire(at)).then_nothing();
    }

    #[test]
    fn what_was_put_off_is_back_when_its_owner_is_reminded_of_it() {
        let (at, until) = (moment("2026-03-02T12:00:00Z"), moment("2026-03-05T12:00:00Z"));
        let set = given::<Inbox>([Event::ReminderSet { task: TASK, at }, Event::Snoozed { task: TASK, until }]);
        let fire = Command { of: ANNA, what: What::FireReminder { task: TASK, at } };
        set.by(PersonId::SYSTEM).when(fire).then([Event::Unsnoozed { task: TASK, by_time: false }, Event::Reminded { task: TASK, at }]);
    }

    #[test]
    fn what_was_put_off_comes_back_once_and_not_when_it_was_put_off_again() {
        let (until, later) = (moment("2026-03-02T12:00:00Z"), moment("2026-03-02T13:00:00Z"));
        let fire = |until| Command { of: ANNA, what: What::FireSnooze { task: TASK, until } };
        let snoozed = |until| Event::Snoozed { task: TASK, until };
        let back = Event::Unsnoozed { task: TASK, by_time: true };
        given::<Inbox>([snoozed(until)]).by(PersonId::SYSTEM).when(fire(until)).then([back.clone()]);
        given::<Inbox>([snoozed(until), back]).by(PersonId::SYSTEM).when(fire(until)).then_nothing();
        given::<Inbox>([snoozed(until), snoozed(later)]).by(PersonId::SYSTEM).when(fire(until)).then_nothing();
    }
}
