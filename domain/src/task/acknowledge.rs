//! A subscriber says that they have read, for themselves or for a role of theirs. Approving belongs to forms.
//!
//! Who is asked by name answers for themselves; who is not, for those of their roles that are asked: the first member's answer
//! is the role's. A request that speaks as roles answers for these alone.

use super::command::ApprovalChoice;
use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;
use super::state::Subscription;
use crate::id::PersonId;

impl Draft<'_> {
    pub fn choose(&mut self, choice: ApprovalChoice) -> Result<(), Rejection> {
        match choice {
            ApprovalChoice::Acknowledged => self.acknowledge(),
            ApprovalChoice::Approved | ApprovalChoice::Rejected | ApprovalChoice::Revoked => Err(Rejection::ChoiceNotSupported),
        }
    }

    fn acknowledge(&mut self) -> Result<(), Rejection> {
        let who = self.issued.who;
        let roles: Vec<PersonId> = match &self.as_roles[..] {
            [] => self.issued.directory.principals(who).filter(|principal| *principal != who).collect(),
            named => named.to_vec(),
        };
        let own = self.as_roles.is_empty().then_some(who);
        let those_who = |draft: &Self, subscription| {
            let subscribed = |principal: &PersonId| draft.subscribers.get(principal) == Some(&subscription);
            match own.filter(subscribed) {
                Some(own) => vec![own],
                None => roles.iter().copied().filter(subscribed).collect(),
            }
        };
        for subscription in [Subscription::Asked, Subscription::Following] {
            let answering = those_who(self, subscription);
            if !answering.is_empty() {
                for principal in answering {
                    self.subscribers.to_mut().insert(principal, Subscription::Acknowledged);
                    self.events.push(if principal == who { Event::Acknowledged } else { Event::AcknowledgedFor { role: principal } });
                }
                return Ok(());
            }
        }
        if those_who(self, Subscription::Acknowledged).is_empty() { Err(Rejection::ChoiceNotSupported) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment, PersonRef};
    use crate::testing::{ANNA, BORIS, CLARA, CLERKS, DAVID, Given, SCRIBES, given, task_created, with_roles};

    fn choose(choice: ApprovalChoice) -> Command {
        Command::Comment(Box::new(Comment { approval_choice: Some(choice), ..Comment::default() }))
    }

    fn acknowledge() -> Command {
        choose(ApprovalChoice::Acknowledged)
    }

    fn asking(persons: &[PersonId]) -> Given<Task> {
        given([task_created("hello"), Event::SubscribersAdded { persons: persons.to_vec(), mentioned: false }]).among(with_roles())
    }

    fn asking_boris() -> Given<Task> {
        asking(&[BORIS])
    }

    #[test]
    fn a_subscriber_acknowledges_once() {
        asking_boris().by(BORIS).when(acknowledge()).then([Event::Acknowledged]);
        asking_boris().and(BORIS, [Event::Acknowledged]).by(BORIS).when(acknowledge()).then_nothing();
    }

    #[test]
    fn a_subscriber_who_is_asked_again_acknowledges_again() {
        let again = asking_boris().and(BORIS, [Event::Acknowledged]).and(ANNA, [Event::SubscribersRerequested { persons: vec![BORIS] }]);
        again.by(BORIS).when(acknowledge()).then([Event::Acknowledged]);
    }

    #[test]
    fn who_subscribes_by_the_same_request_acknowledges_by_it() {
        let both = Comment {
            subscribers_added: vec![PersonRef::Id(ANNA)],
            approval_choice: Some(ApprovalChoice::Acknowledged),
            ..Comment::default()
        };
        let added = Event::SubscribersAdded { persons: vec![ANNA], mentioned: false };
        asking_boris().when(Command::Comment(Box::new(both))).then([added, Event::Acknowledged]);
    }

    #[test]
    fn nobody_else_acknowledges_and_nobody_approves() {
        asking_boris().by(ANNA).when(acknowledge()).then_rejected(Code::OptionIsNotSupported);
        asking_boris().by(DAVID).when(acknowledge()).then_rejected(Code::AccessDeniedTask);
        for choice in [ApprovalChoice::Approved, ApprovalChoice::Rejected, ApprovalChoice::Revoked] {
            asking_boris().by(BORIS).when(choose(choice)).then_rejected(Code::TaskHasNoForm);
        }
    }

    /// The clerks are Boris and Clara, the scribes Clara.
    #[test]
    fn the_first_member_answers_for_the_role() {
        let answered = Event::AcknowledgedFor { role: CLERKS };
        asking(&[CLERKS]).by(BORIS).when(acknowledge()).then([answered.clone()]);
        asking(&[CLERKS]).and(BORIS, [answered]).by(CLARA).when(acknowledge()).then_nothing();
        asking(&[CLERKS]).by(DAVID).when(acknowledge()).then_rejected(Code::AccessDeniedTask);
    }

    #[test]
    fn who_is_asked_by_name_answers_for_themselves_first_and_then_for_their_roles() {
        asking(&[CLERKS, CLARA, SCRIBES]).by(CLARA).when(acknowledge()).then([Event::Acknowledged]);
        asking(&[CLERKS, CLARA, SCRIBES])
            .and(CLARA, [Event::Acknowledged])
            .by(CLARA)
            .when(acknowledge())
            .then([Event::AcknowledgedFor { role: CLERKS }, Event::AcknowledgedFor { role: SCRIBES }]);
    }

    #[test]
    fn a_request_that_speaks_as_a_role_answers_for_it_alone() {
        let as_scribe =
            Comment { approval_choice: Some(ApprovalChoice::Acknowledged), as_roles: vec![PersonRef::Id(SCRIBES)], ..Comment::default() };
        asking(&[CLERKS, CLARA, SCRIBES])
            .by(CLARA)
            .when(Command::Comment(Box::new(as_scribe)))
            .then([Event::AsRoles { roles: vec![SCRIBES] }, Event::AcknowledgedFor { role: SCRIBES }]);
    }
}
