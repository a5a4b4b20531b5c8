//! Linking another person of the same human. That they proved to be both is the edge's part.

use super::event::{Event, Linked};
use super::{Account, Rejection};
use crate::aggregate::Events;
use crate::id::{OrganisationId, PersonId};
use crate::issued::Issued;

/// Persons of one account.
pub const PERSONS_MAX: usize = 100;

impl Account {
    pub(super) fn link(&self, organisation: OrganisationId, person: PersonId, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        match self.in_organisation(organisation) {
            Some(linked) if linked.person == person => return Ok(Events::new()),
            Some(_) => return Err(Rejection::OrganisationLinked),
            None => {}
        }
        if self.persons.len() >= PERSONS_MAX {
            return Err(Rejection::TooManyPersons);
        }
        Ok(vec![Event::Linked(Linked { organisation, person })])
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::tests::account;
    use super::*;
    use crate::account::Command;
    use crate::rejection::Code;
    use crate::testing::ANNA;

    fn link(organisation: i64, person: i64) -> Command {
        Command::Link { organisation: OrganisationId(organisation), person: PersonId(person) }
    }

    #[test]
    fn an_account_stands_for_one_person_an_organisation() {
        account().when(link(2, 90)).then([Event::Linked(Linked { organisation: OrganisationId(2), person: PersonId(90) })]);
        account().when(link(1, ANNA.0)).then_nothing();
        account().when(link(1, 90)).then_rejected(Code::Conflict);
    }

    #[test]
    fn an_account_stands_for_so_many_persons_only() {
        let many = (2..=100).map(|id| Event::Linked(Linked { organisation: OrganisationId(id), person: PersonId(1000 + id) }));
        account().and(PersonId::SYSTEM, many).when(link(200, 2000)).then_rejected(Code::Conflict);
    }
}
