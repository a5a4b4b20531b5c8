//! Whose inbox it is: a person acts on their own, and nobody on another's. What time brings is the system's.

use super::Rejection;
use crate::id::PersonId;
use crate::issued::{Asker, Issued};

/// The asker acts on the inbox of `of`: it is their own.
///
/// # Errors
/// When it is another's, or the asker may do nothing here.
pub fn own(of: PersonId, issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.asker() {
        Asker::Person(person) if person.id == of => Ok(()),
        Asker::Person(_) | Asker::System => Err(Rejection::AccessDenied),
        Asker::Nobody => Err(Rejection::Blocked),
    }
}

/// What fires at a moment is fired by the system alone.
pub(super) fn timed(issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.asker() {
        Asker::System => Ok(()),
        Asker::Person(_) => Err(Rejection::AccessDenied),
        Asker::Nobody => Err(Rejection::Blocked),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, Followed, Inbox, What};
    use super::*;
    use crate::id::TaskId;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, FELIX, GRETA, ROBOT, STRANGER, given, moment};

    #[test]
    fn a_person_acts_on_their_own_inbox_and_nobody_on_anothers() {
        let follow = |of| Command { of, what: What::Follow(Followed::Task(TaskId(1))) };
        for who in [ANNA, BORIS, GRETA, ROBOT, ADMIN] {
            assert!(given::<Inbox>([]).by(who).when(follow(who)).outcome().is_ok(), "{who}");
        }
        for who in [ANNA, ADMIN, PersonId::SYSTEM] {
            given::<Inbox>([]).by(who).when(follow(BORIS)).then_rejected(Code::AccessDenied);
        }
        for who in [FELIX, STRANGER, PersonId(404)] {
            given::<Inbox>([]).by(who).when(follow(who)).then_rejected(Code::AccountBlocked);
        }
    }

    #[test]
    fn nobody_but_the_system_says_that_a_moment_is_there() {
        let at = moment("2026-03-02T09:00:00Z");
        for what in [What::FireReminder { task: TaskId(1), at }, What::FireSnooze { task: TaskId(1), until: at }] {
            let fire = Command { of: ANNA, what };
            given::<Inbox>([]).by(ANNA).when(fire.clone()).then_rejected(Code::AccessDenied);
            given::<Inbox>([]).by(FELIX).when(fire).then_rejected(Code::AccountBlocked);
        }
    }
}
