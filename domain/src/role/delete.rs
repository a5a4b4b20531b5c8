//! Deleting a role: nobody acts for it any more, and nothing brings it back. Handing its tasks on is the work of a policy
//! that follows from the fact recorded here.

use super::{Event, Rejection, Role};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;

impl Role {
    /// The receiver is anybody whom a task could be assigned to.
    pub(super) fn delete(&self, task_receiver: Option<PersonId>, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.managed(issued)?;
        let takes = |receiver: PersonId| receiver != self.id && issued.directory.acts(receiver);
        if task_receiver.is_some_and(|receiver| !takes(receiver)) {
            return Err(Rejection::Receiver);
        }
        Ok(vec![Event::Deleted { task_receiver }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::role::Command;
    use crate::testing::{ADMIN, ANNA, FELIX, Given, Outcome, STRANGER, TASK, directory, given, role, role_created, with_role};

    fn delete(clerks: Given<Role>, task_receiver: Option<PersonId>) -> Outcome<Role> {
        let home = with_role(with_role(directory(), role(40, [ANNA])), Role { banned: true, ..role(41, []) });
        clerks.by(ADMIN).among(home).when(Command::Delete { task_receiver })
    }

    fn clerks() -> Given<Role> {
        given([role_created("Clerks", [ANNA])])
    }

    #[test]
    fn a_role_is_deleted_with_a_receiver_or_without() {
        for receiver in [None, Some(ANNA), Some(PersonId(40))] {
            delete(clerks(), receiver).then([Event::Deleted { task_receiver: receiver }]);
            delete(clerks().and(ADMIN, [Event::Banned]), receiver).then([Event::Deleted { task_receiver: receiver }]);
        }
    }

    #[test]
    fn tasks_go_to_nobody_who_is_not_there_or_does_not_act() {
        // The header of a test gives the role the id of every test's subject.
        for nobody in [PersonId(TASK), FELIX, STRANGER, PersonId(404), PersonId(41), PersonId::SYSTEM] {
            delete(clerks(), Some(nobody)).then_rejected(Code::InvalidPersonId);
        }
    }

    #[test]
    fn a_role_is_deleted_once() {
        let deleted = clerks().and(ADMIN, [Event::Deleted { task_receiver: None }]);
        delete(deleted, Some(ANNA)).then_rejected(Code::AccessDeniedPerson);
    }
}
