//! When a task is due: a day, or a moment with a duration. Not how long it stays out of the inbox
//! (that is [`super::schedule`]).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::command::{Due, DueInput};
use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;

/// Minutes in a year: the longest duration.
pub const DURATION_MINUTES_MAX: u32 = 365 * 24 * 60;

/// Years in which tasks are due.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// What the fields of a request ask for, if anything.
pub(super) fn due(input: &DueInput) -> Result<Option<Due>, Rejection> {
    if input.duration.is_some_and(|minutes| minutes < 0) {
        return Err(Rejection::DurationNegative);
    }
    let duration = input.duration.map(u32::try_from).transpose().map_err(|_| Rejection::DurationTooLong)?;
    if duration.is_some_and(|minutes| minutes > DURATION_MINUTES_MAX) {
        return Err(Rejection::DurationTooLong);
    }
    let (due, day) = match (input.due_date, input.due) {
        (Some(_), Some(_)) => return Err(Rejection::DueTwice),
        (None, None) if duration.is_some() => return Err(Rejection::DurationWithoutDue),
        (Some(_), None) if duration.is_some() => return Err(Rejection::DurationWithoutDue),
        (None, None) => return Ok(None),
        (Some(date), None) => (Due::Date(date), date),
        (None, Some(at)) => (Due::Moment { at: whole_seconds(at), duration }, TimeZone::UTC.to_datetime(at).date()),
    };
    within_years(day)?;
    if input.cancel { Err(Rejection::Contradiction) } else { Ok(Some(due)) }
}

/// The API shows whole seconds: what was read and is sent back must be what it was.
pub(super) fn whole_seconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}

pub(super) fn within_years(date: Date) -> Result<(), Rejection> {
    if YEARS.contains(&date.year()) { Ok(()) } else { Err(Rejection::OutOfBounds) }
}

impl Draft<'_> {
    pub fn set_due(&mut self, input: &DueInput) -> Result<(), Rejection> {
        match due(input)? {
            Some(due) if self.task.due != Some(due) => self.events.push(Event::DueSet { due }),
            None if input.cancel && self.task.due.is_some() => self.events.push(Event::DueCancelled),
            Some(_) | None => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment};
    use crate::testing::{Given, given, moment, task_created};

    fn task() -> Given<Task> {
        given::<Task>([task_created("hello")])
    }

    fn set(input: DueInput) -> Command {
        Command::Comment(Box::new(Comment { due: input, ..Comment::default() }))
    }

    fn on(year: i16) -> DueInput {
        DueInput { due_date: Some(date(year, 5, 1)), ..DueInput::default() }
    }

    fn at(minutes: Option<i64>) -> DueInput {
        DueInput { due: Some(moment("2026-05-01T12:30:00Z")), duration: minutes, ..DueInput::default() }
    }

    fn due_on(year: i16) -> Event {
        Event::DueSet { due: Due::Date(date(year, 5, 1)) }
    }

    fn due_at(duration: Option<u32>) -> Event {
        Event::DueSet { due: Due::Moment { at: moment("2026-05-01T12:30:00Z"), duration } }
    }

    fn cancelled() -> DueInput {
        DueInput { cancel: true, ..DueInput::default() }
    }

    #[test]
    fn a_task_is_due_on_a_day_or_at_a_moment_for_a_while() {
        task().when(set(on(2026))).then([due_on(2026)]);
        task().when(set(at(None))).then([due_at(None)]);
        task().when(set(at(Some(90)))).then([due_at(Some(90))]);
        task().when(set(at(Some(i64::from(DURATION_MINUTES_MAX))))).then([due_at(Some(DURATION_MINUTES_MAX))]);
    }

    #[test]
    fn what_it_was_before_is_no_news() {
        given::<Task>([task_created("hello"), due_on(2026)]).when(set(on(2026))).then_nothing();
        given::<Task>([task_created("hello"), due_at(None)]).when(set(at(Some(5)))).then([due_at(Some(5))]);
    }

    #[test]
    fn what_was_read_and_is_sent_back_is_no_news() {
        let finer = DueInput { due: Some(moment("2026-05-01T12:30:00.75Z")), ..DueInput::default() };
        task().when(set(finer.clone())).then([due_at(None)]);
        given::<Task>([task_created("hello"), due_at(None)]).when(set(finer)).then_nothing();
    }

    #[test]
    fn cancelling_takes_it_away_once() {
        given::<Task>([task_created("hello"), due_at(Some(5))]).when(set(cancelled())).then([Event::DueCancelled]);
        task().when(set(cancelled())).then_nothing();
        task().when(set(DueInput { cancel: true, ..on(2026) })).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn a_day_and_a_moment_together_are_refused() {
        task().when(set(DueInput { due_date: Some(date(2026, 5, 1)), ..at(None) })).then_rejected(Code::EitherDueDateOrDueCanBeSet);
    }

    #[test]
    fn a_duration_needs_a_moment_and_bounds() {
        task().when(set(DueInput { duration: Some(5), ..DueInput::default() })).then_rejected(Code::DueMissing);
        task().when(set(DueInput { duration: Some(5), ..on(2026) })).then_rejected(Code::DueMissing);
        task().when(set(at(Some(-1)))).then_rejected(Code::NegativeDuration);
        task().when(set(at(Some(525_601)))).then_rejected(Code::DurationIsTooLong);
        task().when(set(at(Some(i64::MAX)))).then_rejected(Code::DurationIsTooLong);
    }

    #[test]
    fn years_beyond_the_bounds_are_refused() {
        for year in [-9999, 1969, 2200, 9999] {
            task().when(set(on(year))).then_rejected(Code::DueOutsideOfBounds);
        }
    }
}
