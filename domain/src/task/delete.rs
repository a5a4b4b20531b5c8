//! Deleting a task: nobody sees it any more. What happened stays in the log.

use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;
use super::state::Task;
use crate::aggregate::Events;
use crate::issued::Issued;

impl Task {
    pub(super) fn delete(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if !self.may_see(issued) {
            return Err(Rejection::AccessDenied);
        }
        if !self.may_delete(issued) {
            return Err(Rejection::MayNotDelete);
        }
        let mut draft = Draft::of(self, issued);
        draft.leave_subtasks(true)?;
        draft.give_deleted();
        draft.events.push(Event::Deleted);
        Ok(draft.events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::task::Command;
    use crate::testing::{ADMIN, ANNA, BORIS, DAVID, EVA, Given, given, task_created};

    fn task() -> Given<Task> {
        given([task_created("hello"), Event::Reassigned { to: BORIS }])
    }

    #[test]
    fn those_with_the_right_delete_a_task() {
        for who in [ANNA, ADMIN, PersonId::SYSTEM] {
            task().by(who).when(Command::Delete).then([Event::Deleted]);
        }
    }

    #[test]
    fn others_do_not() {
        for who in [BORIS, EVA, DAVID] {
            task().by(who).when(Command::Delete).then_rejected(Code::AccessDeniedTask);
        }
    }

    #[test]
    fn a_deleted_task_is_gone_for_everybody() {
        for command in [Command::Delete, Command::PutAway] {
            task().and(ANNA, [Event::Deleted]).by(ADMIN).when(command).then_rejected(Code::AccessDeniedTask);
        }
    }
}
