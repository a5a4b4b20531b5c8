//! Handing a task to another responsible person.

use super::command::PersonRef;
use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;

impl Draft<'_> {
    pub fn reassign(&mut self, to: &PersonRef) -> Result<(), Rejection> {
        let to = self.addable(to)?;
        if self.responsible != Some(to) {
            self.responsible = Some(to);
            self.events.push(Event::Reassigned { to });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment};
    use crate::testing::{BORIS, CLARA, DAVID, FELIX, Given, given, task_created};

    fn reassign(to: PersonId) -> Command {
        Command::Comment(Box::new(Comment { reassign_to: Some(PersonRef::Id(to)), ..Comment::default() }))
    }

    fn with_boris() -> Given<Task> {
        given([task_created("hello"), Event::Reassigned { to: BORIS }])
    }

    #[test]
    fn a_task_is_handed_on_and_whoever_had_it_still_sees_it() {
        with_boris().by(BORIS).when(reassign(CLARA)).then([Event::Reassigned { to: CLARA }]);
        with_boris().and(BORIS, [Event::Reassigned { to: CLARA }]).by(BORIS).when(reassign(BORIS)).then([Event::Reassigned { to: BORIS }]);
    }

    #[test]
    fn to_whom_it_belongs_is_no_news() {
        with_boris().when(reassign(BORIS)).then_nothing();
    }

    #[test]
    fn the_unknown_and_the_blocked_are_not_made_responsible() {
        with_boris().when(reassign(PersonId(404))).then_rejected(Code::InvalidPersonId);
        with_boris().when(reassign(FELIX)).then_rejected(Code::AccessDeniedPerson);
    }

    #[test]
    fn strangers_do_not_take_a_task() {
        with_boris().by(DAVID).when(reassign(DAVID)).then_rejected(Code::AccessDeniedTask);
    }
}
