//! Sessions, as the log tells of them. Which of them are alive is known outside of it; a decision does not ask.

use uuid::Uuid;

use super::event::{Event, Factor, Way, Why};
use super::{Account, Rejection};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;

impl Account {
    pub(super) fn start_session(
        &self,
        session: Uuid,
        person: PersonId,
        by: Way,
        second: Option<Factor>,
        issued: &Issued<'_>,
    ) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        if !self.stands_for(person) {
            return Err(Rejection::NotLinked);
        }
        Ok(vec![Event::SessionStarted { session, person, by, second }])
    }

    pub(super) fn end_session(&self, session: Uuid, why: Why, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        Ok(vec![Event::SessionEnded { session, why }])
    }

    pub(super) fn end_sessions(&self, kept: Option<Uuid>, why: Why, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        Ok(vec![Event::SessionsEnded { kept, why }])
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::tests::account;
    use super::*;
    use crate::account::Command;
    use crate::rejection::Code;
    use crate::testing::{ANNA, BORIS};

    #[test]
    fn a_session_is_of_a_person_of_the_account() {
        let session = Uuid::from_u128(1);
        let start = |person| Command::StartSession { session, person, by: Way::Password, second: Some(Factor::Totp) };
        let started = Event::SessionStarted { session, person: ANNA, by: Way::Password, second: Some(Factor::Totp) };
        account().when(start(ANNA)).then([started]);
        account().when(start(BORIS)).then_rejected(Code::AccessDeniedPerson);
    }

    #[test]
    fn sessions_end_one_by_one_and_all_at_once() {
        let (session, why) = (Uuid::from_u128(1), Why::SignedOut);
        account().when(Command::EndSession { session, why }).then([Event::SessionEnded { session, why }]);
        let kept = Some(session);
        account().when(Command::EndSessions { kept, why }).then([Event::SessionsEnded { kept, why }]);
    }
}
