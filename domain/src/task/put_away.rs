//! Putting a task out of one's own inbox, until something new happens in it.

use super::event::Event;
use super::rejection::Rejection;
use super::state::Task;
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;

impl Task {
    /// Whoever sees the task; the system has no inbox.
    pub(super) fn put_away(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if !self.may_see(issued) || issued.who == PersonId::SYSTEM {
            return Err(Rejection::AccessDenied);
        }
        Ok(vec![Event::PutAway])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::task::Command;
    use crate::testing::{ANNA, BORIS, DAVID, EVA, FELIX, given, task_created};

    #[test]
    fn whoever_sees_a_task_puts_it_away() {
        let task = || given::<Task>([task_created("hello"), Event::Reassigned { to: BORIS }]);
        for who in [ANNA, BORIS, EVA] {
            task().by(who).when(Command::PutAway).then([Event::PutAway]);
        }
        for who in [DAVID, FELIX, PersonId::SYSTEM] {
            task().by(who).when(Command::PutAway).then_rejected(Code::AccessDeniedTask);
        }
    }

    #[test]
    fn putting_away_is_no_comment() {
        assert_eq!(given::<Task>([task_created("hello"), Event::PutAway]).state().comments.len(), 1);
    }
}
