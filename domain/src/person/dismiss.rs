//! Dismissing somebody for good. That what they had to do goes to the receiver is a policy's part, which follows the fact.

use super::{Event, Person, PersonKind, Rejection};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;

impl Person {
    /// Blocks as well. `receiver` is given what the person had to do.
    pub(super) fn dismiss(&self, receiver: Option<PersonId>, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.not_oneself(issued)?;
        self.managed(issued)?;
        if self.dismissed {
            return Ok(Events::new());
        }
        if let Some(receiver) = receiver {
            self.receives(receiver, issued)?;
        }
        let mut events = Events::new();
        self.leave_administration(issued, &mut events)?;
        events.push(Event::Dismissed { receiver });
        Ok(events)
    }

    /// `receiver` can be given what this person has to do.
    pub(super) fn receives(&self, receiver: PersonId, issued: &Issued<'_>) -> Result<(), Rejection> {
        let directory = issued.directory;
        let outside = directory.person(receiver).is_some_and(|person| person.kind == PersonKind::Guest);
        let found = directory.acts(receiver) && !outside;
        if found && receiver != self.id { Ok(()) } else { Err(Rejection::UnfitReceiver) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, FELIX, GRETA, Given, MANAGER, STRANGER, given, ordinary};

    fn boris() -> Given<Person> {
        given([Event::Added(Box::new(ordinary("Boris", "boris@example.org")))])
    }

    fn dismiss(receiver: PersonId) -> Command {
        Command::Dismiss { receiver: Some(receiver) }
    }

    #[test]
    fn somebody_is_dismissed_with_a_receiver_or_without() {
        for who in [PersonId::SYSTEM, ADMIN, MANAGER] {
            boris().by(who).when(dismiss(ANNA)).then([Event::Dismissed { receiver: Some(ANNA) }]);
        }
        boris().by(ADMIN).when(Command::Dismiss { receiver: None }).then([Event::Dismissed { receiver: None }]);
        boris().and(ADMIN, [Event::Blocked]).by(ADMIN).when(dismiss(ANNA)).then([Event::Dismissed { receiver: Some(ANNA) }]);
    }

    #[test]
    fn who_is_dismissed_is_blocked_until_they_are_restored() {
        let dismissed = boris().and(ADMIN, [Event::Dismissed { receiver: Some(ANNA) }]);
        let state = dismissed.state();
        assert_eq!((state.blocked, state.dismissed, state.task_receiver), (true, true, Some(ANNA)));
        dismissed.clone().by(ADMIN).when(dismiss(ANNA)).then_nothing();
        dismissed.clone().by(ADMIN).when(Command::Restore).then([Event::Restored]);
        let state = dismissed.and(ADMIN, [Event::Restored]).state();
        assert_eq!((state.blocked, state.dismissed, state.task_receiver), (false, false, None));
    }

    #[test]
    fn a_receiver_is_a_colleague_who_is_let_in_and_somebody_else() {
        for receiver in [BORIS, FELIX, GRETA, STRANGER, PersonId(404), PersonId::SYSTEM] {
            boris().by(ADMIN).when(dismiss(receiver)).then_rejected(Code::InvalidPersonId);
        }
    }

    #[test]
    fn nobody_dismisses_themselves_and_others_dismiss_nobody() {
        boris().by(BORIS).when(dismiss(ANNA)).then_rejected(Code::CannotBeFired);
        boris().by(ANNA).when(dismiss(ADMIN)).then_rejected(Code::AccessDenied);
    }
}
