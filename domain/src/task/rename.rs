//! A task's subject: one line, which a task may do without.

use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;
use crate::text::check_line;

/// Characters in a subject.
pub const SUBJECT_CHARACTERS_MAX: usize = 500;

/// Takes a subject; nothing for one that says nothing.
pub(super) fn subject(subject: &str) -> Result<Option<String>, Rejection> {
    check_line(subject, SUBJECT_CHARACTERS_MAX).map_err(Rejection::Subject)?;
    Ok(Some(subject.trim()).filter(|subject| !subject.is_empty()).map(str::to_owned))
}

impl Draft<'_> {
    /// An empty subject takes the subject away.
    pub fn rename(&mut self, to: &str) -> Result<(), Rejection> {
        let to = subject(to)?;
        if to != self.task.subject {
            self.events.push(Event::Renamed { subject: to.unwrap_or_default() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment};
    use crate::testing::{Given, given, task_created};

    fn rename(to: &str) -> Command {
        Command::Comment(Box::new(Comment { subject: Some(to.into()), ..Comment::default() }))
    }

    fn renamed(to: &str) -> Event {
        Event::Renamed { subject: to.into() }
    }

    fn named() -> Given<Task> {
        given([task_created("hello"), renamed("Old")])
    }

    #[test]
    fn a_task_gets_another_subject_or_none() {
        named().when(rename(" New ")).then([renamed("New")]);
        named().when(rename("")).then([renamed("")]);
        named().when(rename("Old")).then_nothing();
        given::<Task>([task_created("hello")]).when(rename(" ")).then_nothing();
        assert_eq!(named().and(crate::testing::ANNA, [renamed("")]).state().subject, None);
    }

    #[test]
    fn a_subject_is_one_line_of_bounded_length() {
        named().when(rename("a\nb")).then_rejected(Code::InvalidValueFormat);
        named().when(rename("a\0b")).then_rejected(Code::InvalidValueFormat);
        named().when(rename(&"x".repeat(501))).then_rejected(Code::ValueIsTooLong);
    }
}
