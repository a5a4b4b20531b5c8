//! The facts that a person's key or password changed, which void the tokens made before. The
//! credentials themselves never come here.

use super::{Event, Person, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Person {
    /// Issues a security key, or replaces it by another.
    pub(super) fn issue_key(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.owned_or_managed(issued)?;
        Ok(vec![Event::KeyIssued])
    }

    pub(super) fn revoke_key(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.owned_or_managed(issued)?;
        Ok(if self.has_key { vec![Event::KeyRevoked] } else { Events::new() })
    }

    pub(super) fn change_password(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.owned_or_managed(issued)?;
        Ok(vec![Event::PasswordChanged])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate;
    use crate::person::{Command, rights};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, FELIX, Given, MANAGER, given, ordinary, position};

    fn boris() -> Given<Person> {
        given([Event::Added(Box::new(ordinary("Boris", "boris@example.org")))])
    }

    #[test]
    fn a_person_and_those_who_manage_them_change_credentials() {
        for who in [BORIS, MANAGER] {
            boris().by(who).when(Command::IssueKey).then([Event::KeyIssued]);
            boris().and(BORIS, [Event::KeyIssued]).by(who).when(Command::IssueKey).then([Event::KeyIssued]);
            boris().and(BORIS, [Event::KeyIssued]).by(who).when(Command::RevokeKey).then([Event::KeyRevoked]);
            boris().by(who).when(Command::ChangePassword).then([Event::PasswordChanged]);
        }
        boris().by(BORIS).when(Command::RevokeKey).then_nothing();
    }

    #[test]
    fn strangers_and_the_blocked_do_not() {
        for command in [Command::IssueKey, Command::RevokeKey, Command::ChangePassword] {
            boris().by(ANNA).when(command.clone()).then_rejected(Code::AccessDenied);
            boris().by(FELIX).when(command).then_rejected(Code::AccountBlocked);
        }
    }

    #[test]
    fn the_key_of_an_administrator_is_not_for_managers() {
        let promoted = || boris().and(ADMIN, [Event::RightsChanged { rights: rights::ADMINISTRATOR }]);
        promoted().by(MANAGER).when(Command::IssueKey).then_rejected(Code::AccessDenied);
        promoted().by(MANAGER).when(Command::ChangePassword).then_rejected(Code::AccessDenied);
    }

    #[test]
    fn tokens_are_void_up_to_the_last_change() {
        let state = boris().and(BORIS, [Event::KeyIssued, Event::RightsChanged { rights: 1 }]).state();
        assert_eq!((state.credentials_changed, state.has_key), (position(2), true));
    }

    #[test]
    fn a_position_that_came_later_is_the_same_as_one_known_at_once() {
        let history = boris().and(BORIS, [Event::KeyIssued, Event::Blocked, Event::Restored, Event::PasswordChanged]);
        let mut expected = history.unsettled();
        assert_ne!(expected, history.state());
        for version in 1..=5 {
            expected.settle(version, position(version));
        }
        assert_eq!(expected, history.state());
    }
}
