//! A subscriber says that they have read. Approving belongs to forms.

use super::command::ApprovalChoice;
use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;
use super::state::Subscription;

impl Draft<'_> {
    pub fn choose(&mut self, choice: ApprovalChoice) -> Result<(), Rejection> {
        match choice {
            ApprovalChoice::Acknowledged => self.acknowledge(),
            ApprovalChoice::Approved | ApprovalChoice::Rejected | ApprovalChoice::Revoked => Err(Rejection::ChoiceNotSupported),
        }
    }

    fn acknowledge(&mut self) -> Result<(), Rejection> {
        match self.subscribers.get(&self.issued.who) {
            Some(Subscription::Acknowledged) => {}
            Some(Subscription::Asked | Subscription::Following) => {
                self.subscribers.to_mut().insert(self.issued.who, Subscription::Acknowledged);
                self.events.push(Event::Acknowledged);
            }
            None => return Err(Rejection::ChoiceNotSupported),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment, PersonRef};
    use crate::testing::{ANNA, BORIS, CLARA, Given, given, task_created};

    fn choose(choice: ApprovalChoice) -> Command {
        Command::Comment(Box::new(Comment { approval_choice: Some(choice), ..Comment::default() }))
    }

    fn asking_boris() -> Given<Task> {
        given([task_created("hello"), Event::SubscribersAdded { persons: vec![BORIS], mentioned: false }])
    }

    #[test]
    fn a_subscriber_acknowledges_once() {
        asking_boris().by(BORIS).when(choose(ApprovalChoice::Acknowledged)).then([Event::Acknowledged]);
        asking_boris().and(BORIS, [Event::Acknowledged]).by(BORIS).when(choose(ApprovalChoice::Acknowledged)).then_nothing();
    }

    #[test]
    fn a_subscriber_who_is_asked_again_acknowledges_again() {
        let again = asking_boris().and(BORIS, [Event::Acknowledged]).and(ANNA, [Event::SubscribersRerequested { persons: vec![BORIS] }]);
        again.by(BORIS).when(choose(ApprovalChoice::Acknowledged)).then([Event::Acknowledged]);
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
        asking_boris().by(ANNA).when(choose(ApprovalChoice::Acknowledged)).then_rejected(Code::OptionIsNotSupported);
        asking_boris().by(CLARA).when(choose(ApprovalChoice::Acknowledged)).then_rejected(Code::AccessDeniedTask);
        for choice in [ApprovalChoice::Approved, ApprovalChoice::Rejected, ApprovalChoice::Revoked] {
            asking_boris().by(BORIS).when(choose(choice)).then_rejected(Code::OptionIsNotSupported);
        }
    }
}
