//! Putting a task off: out of one's own inbox until a moment, whatever happens in it meanwhile, and back before that.

use jiff::{Timestamp, ToSpan, Unit};

use super::event::Event;
use super::{AHEAD_DAYS_MAX, Inbox, Rejection, SNOOZES_MAX};
use crate::aggregate::Events;
use crate::id::TaskId;
use crate::issued::Issued;

impl Inbox {
    pub(super) fn snooze(&self, task: TaskId, until: Timestamp, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        let until = ahead(until, issued)?;
        if self.snoozes.get(&task) == Some(&until) {
            return Ok(Events::new());
        }
        let others = self.snoozes.iter().filter(|(other, until)| **other != task && **until > issued.at);
        if others.count() >= SNOOZES_MAX {
            return Err(Rejection::TooMany);
        }
        Ok(vec![Event::Snoozed { task, until }])
    }

    pub(super) fn unsnooze(&self, task: TaskId) -> Events<Event> {
        if self.snoozes.contains_key(&task) { vec![Event::Unsnoozed { task, by_time: false }] } else { Events::new() }
    }
}

/// A moment that lies ahead, and not too far, to the second.
pub(super) fn ahead(moment: Timestamp, issued: &Issued<'_>) -> Result<Timestamp, Rejection> {
    let moment = moment.round(Unit::Second).map_err(|_| Rejection::TooFar)?;
    if moment <= issued.at {
        return Err(Rejection::InPast);
    }
    let most = issued.at.saturating_add((24 * AHEAD_DAYS_MAX).hours()).map_err(|_| Rejection::TooFar)?;
    if moment > most { Err(Rejection::TooFar) } else { Ok(moment) }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, What};
    use super::*;
    use crate::rejection::Code;
    use crate::testing::{ANNA, given, moment, now};

    const TASK: TaskId = TaskId(5);

    fn snooze(until: &str) -> Command {
        Command { of: ANNA, what: What::Snooze { task: TASK, until: moment(until) } }
    }

    fn snoozed(until: &str) -> Event {
        Event::Snoozed { task: TASK, until: moment(until) }
    }

    #[test]
    fn a_task_is_put_off_again_and_comes_back_before_its_time() {
        given::<Inbox>([]).when(snooze("2026-03-02T12:00:00.4Z")).then([snoozed("2026-03-02T12:00:00Z")]);
        let put_off = || given::<Inbox>([snoozed("2026-03-02T12:00:00Z")]);
        put_off().when(snooze("2026-03-02T12:00:00Z")).then_nothing();
        put_off().when(snooze("2026-03-03T12:00:00Z")).then([snoozed("2026-03-03T12:00:00Z")]);
        let back = Command { of: ANNA, what: What::Unsnooze { task: TASK } };
        put_off().when(back.clone()).then([Event::Unsnoozed { task: TASK, by_time: false }]);
        given::<Inbox>([]).when(back).then_nothing();
    }

    #[test]
    fn neither_the_past_nor_a_hundred_years_are_a_moment_to_wait_for() {
        for past in ["2026-03-02T10:00:00Z", "2026-03-02T10:00:00.4Z", "1970-01-01T00:00:00Z"] {
            given::<Inbox>([]).when(snooze(past)).then_rejected(Code::ScheduledDateInPast);
        }
        for far in ["2036-03-03T10:00:01Z", "2126-03-02T10:00:00Z", "9999-12-30T00:00:00Z"] {
            given::<Inbox>([]).when(snooze(far)).then_rejected(Code::DueOutsideOfBounds);
        }
        assert!(given::<Inbox>([]).when(snooze("2036-03-02T10:00:00Z")).outcome().is_ok());
    }

    #[test]
    fn a_thousand_lie_ahead_and_those_that_are_past_make_room() {
        let all = |until| given::<Inbox>((10..).take(SNOOZES_MAX).map(|task| Event::Snoozed { task: TaskId(task), until }));
        let ahead = moment("2026-03-02T12:00:00Z");
        all(ahead).when(snooze("2026-03-02T12:00:00Z")).then_rejected(Code::LimitExceeded);
        let past = all(now());
        assert!(past.clone().when(snooze("2026-03-02T12:00:00Z")).outcome().is_ok());
        let state = past.and(ANNA, [snoozed("2026-03-02T12:00:00Z")]).state();
        assert_eq!((state.snoozes.len(), state.snoozes.get(&TASK)), (SNOOZES_MAX, Some(&ahead)));
    }
}
