//! Sending a task away from the inbox until a later moment. Bringing it back is a follower's work.

use jiff::tz::TimeZone;

use super::command::{Schedule, ScheduleInput};
use super::draft::Draft;
use super::due::{whole_seconds, within_years};
use super::event::{Event, Scheduled};
use super::rejection::Rejection;
use crate::issued::Issued;
use crate::zone;

/// What the fields of a request ask for, if anything. A day means 09:00 in the organisation's zone.
pub(super) fn schedule(input: &ScheduleInput, issued: &Issued<'_>) -> Result<Option<Scheduled>, Rejection> {
    let scheduled = match (input.date, input.moment) {
        (Some(_), Some(_)) => return Err(Rejection::Contradiction),
        (None, None) => return Ok(None),
        (Some(date), None) => {
            let until = zone::morning(date, &issued.directory.organisation.settings.time_zone).ok_or(Rejection::OutOfBounds)?;
            Scheduled { schedule: Schedule::Date(date), until }
        }
        (None, Some(moment)) => {
            let until = whole_seconds(moment);
            Scheduled { schedule: Schedule::Moment(until), until }
        }
    };
    if input.cancel {
        return Err(Rejection::Contradiction);
    }
    if scheduled.until <= issued.at {
        return Err(Rejection::ScheduleInPast);
    }
    within_years(TimeZone::UTC.to_datetime(scheduled.until).date())?;
    Ok(Some(scheduled))
}

impl Draft<'_> {
    pub fn set_schedule(&mut self, input: &ScheduleInput) -> Result<(), Rejection> {
        match schedule(input, self.issued)? {
            Some(scheduled) if self.task.scheduled_until != Some(scheduled.until) => self.events.push(Event::Scheduled(scheduled)),
            None if input.cancel && self.task.scheduled_until.is_some() => self.events.push(Event::ScheduleCancelled),
            Some(_) | None => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment};
    use crate::testing::{Given, given, moment, task_created};

    fn task() -> Given<Task> {
        given([task_created("hello")])
    }

    fn set(input: ScheduleInput) -> Command {
        Command::Comment(Box::new(Comment { schedule: input, ..Comment::default() }))
    }

    fn on(date: Date) -> ScheduleInput {
        ScheduleInput { date: Some(date), ..ScheduleInput::default() }
    }

    fn at(text: &str) -> ScheduleInput {
        ScheduleInput { moment: Some(moment(text)), ..ScheduleInput::default() }
    }

    fn scheduled(until: &str) -> Event {
        Event::Scheduled(Scheduled { schedule: Schedule::Moment(moment(until)), until: moment(until) })
    }

    #[test]
    fn a_day_is_nine_o_clock_where_the_organisation_is() {
        let expected = Scheduled { schedule: Schedule::Date(date(2026, 7, 1)), until: moment("2026-07-01T07:00:00Z") };
        task().when(set(on(date(2026, 7, 1)))).then([Event::Scheduled(expected)]);
    }

    #[test]
    fn a_moment_is_that_moment() {
        task().when(set(at("2026-03-02T10:00:01Z"))).then([scheduled("2026-03-02T10:00:01Z")]);
    }

    #[test]
    fn what_it_was_before_is_no_news_and_cancelling_works_once() {
        let away = || task().and(crate::testing::ANNA, [scheduled("2026-03-03T10:00:00Z")]);
        let cancel = || set(ScheduleInput { cancel: true, ..ScheduleInput::default() });
        away().when(set(at("2026-03-03T10:00:00Z"))).then_nothing();
        away().when(set(at("2026-03-03T10:00:00.5Z"))).then_nothing();
        away().when(cancel()).then([Event::ScheduleCancelled]);
        task().when(cancel()).then_nothing();
    }

    #[test]
    fn the_past_is_refused_and_so_is_today_after_nine() {
        task().when(set(at("2026-03-02T10:00:00Z"))).then_rejected(Code::ScheduledDateInPast);
        task().when(set(on(date(2026, 3, 1)))).then_rejected(Code::ScheduledDateInPast);
        task().when(set(on(date(2026, 3, 2)))).then_rejected(Code::ScheduledDateInPast);
        assert!(task().at("2026-03-02T07:59:59Z").when(set(on(date(2026, 3, 2)))).outcome().is_ok(), "before nine");
    }

    #[test]
    fn contradictions_and_far_futures_are_refused() {
        task()
            .when(set(ScheduleInput { moment: Some(moment("2026-05-01T00:00:00Z")), ..on(date(2026, 5, 1)) }))
            .then_rejected(Code::InvalidInput);
        task().when(set(ScheduleInput { cancel: true, ..on(date(2026, 5, 1)) })).then_rejected(Code::InvalidInput);
        task().when(set(on(date(2200, 1, 1)))).then_rejected(Code::DueOutsideOfBounds);
        task().when(set(on(Date::MAX))).then_rejected(Code::DueOutsideOfBounds);
    }
}
