//! Blocking a person and letting them in again. That a blocked person's tokens are refused is the
//! gateway's part.

use super::{Event, Person, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Person {
    /// Nobody blocks themselves: an organisation would be left without those who can undo it.
    pub(super) fn block(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.not_oneself(issued)?;
        self.managed(issued)?;
        let mut events = Events::new();
        if !self.blocked {
            self.leave_administration(issued, &mut events)?;
            events.push(Event::Blocked);
        }
        Ok(events)
    }

    pub(super) fn restore(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.managed(issued)?;
        Ok(if self.blocked { vec![Event::Restored] } else { Events::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::person::{Command, rights};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, Given, MANAGER, given, ordinary};

    fn boris() -> Given<Person> {
        given([Event::Added(Box::new(ordinary("Boris", "boris@example.org")))])
    }

    #[test]
    fn those_who_manage_people_block_and_restore() {
        for who in [PersonId::SYSTEM, ADMIN, MANAGER] {
            boris().by(who).when(Command::Block).then([Event::Blocked]);
            boris().and(ADMIN, [Event::Blocked]).by(who).when(Command::Restore).then([Event::Restored]);
        }
    }

    #[test]
    fn neither_happens_twice() {
        boris().and(ADMIN, [Event::Blocked]).by(ADMIN).when(Command::Block).then_nothing();
        boris().by(ADMIN).when(Command::Restore).then_nothing();
    }

    #[test]
    fn nobody_blocks_themselves_and_strangers_block_nobody() {
        boris().by(BORIS).when(Command::Block).then_rejected(Code::CannotBeFired);
        boris().by(ANNA).when(Command::Block).then_rejected(Code::AccessDenied);
        boris().by(ANNA).when(Command::Restore).then_rejected(Code::AccessDenied);
    }

    #[test]
    fn a_manager_cannot_block_an_administrator() {
        let promoted = boris().and(ADMIN, [Event::RightsChanged { rights: rights::ADMINISTRATOR }]);
        promoted.by(MANAGER).when(Command::Block).then_rejected(Code::AccessDenied);
    }
}
