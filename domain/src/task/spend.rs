//! Time that somebody spent on a task.

use super::draft::Draft;
use super::due::DURATION_MINUTES_MAX;
use super::event::Event;
use super::rejection::Rejection;

impl Draft<'_> {
    pub fn spend(&mut self, minutes: i64) -> Result<(), Rejection> {
        if minutes < 1 {
            return Err(Rejection::NoTimeSpent);
        }
        let minutes = u32::try_from(minutes).map_err(|_| Rejection::TooMuchTimeSpent)?;
        if minutes > DURATION_MINUTES_MAX {
            return Err(Rejection::TooMuchTimeSpent);
        }
        self.events.push(Event::TimeSpent { minutes });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment};
    use crate::testing::{given, task_created};

    fn spend(minutes: i64) -> Command {
        Command::Comment(Box::new(Comment { spent_minutes: Some(minutes), ..Comment::default() }))
    }

    #[test]
    fn time_is_spent_as_often_as_it_is_reported() {
        let task = given::<Task>([task_created("hello"), Event::TimeSpent { minutes: 5 }]);
        task.when(spend(5)).then([Event::TimeSpent { minutes: 5 }]);
    }

    #[test]
    fn no_time_and_more_than_a_year_are_refused() {
        let refused = |minutes, code| given::<Task>([task_created("hello")]).when(spend(minutes)).then_rejected(code);
        refused(0, Code::NegativeDuration);
        refused(-5, Code::NegativeDuration);
        refused(525_601, Code::DurationIsTooLong);
        refused(i64::MAX, Code::DurationIsTooLong);
    }
}
