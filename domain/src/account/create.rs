//! Creating an account for a person who has proved to be that person. Not adding the person.

use super::event::{Event, Linked};
use super::{Account, Rejection, access};
use crate::aggregate::Events;
use crate::id::{OrganisationId, PersonId};
use crate::issued::Issued;
use crate::text::check_line;

/// Characters of a login; an address has no more (RFC 5321).
pub const LOGIN_CHARACTERS_MAX: usize = 254;

impl Account {
    pub(super) fn create(
        &self,
        login: &str,
        organisation: OrganisationId,
        person: PersonId,
        issued: &Issued<'_>,
    ) -> Result<Events<Event>, Rejection> {
        access::by_the_system(issued)?;
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        check_line(login, LOGIN_CHARACTERS_MAX)?;
        Ok(vec![Event::Created { login: login.to_lowercase(), linked: Linked { organisation, person } }])
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::tests::{account, linked};
    use super::*;
    use crate::account::Command;
    use crate::aggregate::{Aggregate, ClaimChange, ClaimKind};
    use crate::rejection::Code;
    use crate::testing::{ANNA, given};

    fn create(login: &str) -> Command {
        Command::Create { login: login.into(), organisation: OrganisationId(1), person: ANNA }
    }

    #[test]
    fn an_account_is_created_once_and_claims_its_person() {
        let created = Event::Created { login: "anna@example.org".into(), linked: linked(ANNA.0) };
        given::<Account>([]).by(PersonId::SYSTEM).when(create("Anna@example.org")).then([created.clone()]);
        account().when(create("anna@example.org")).then_rejected(Code::Conflict);
        let claim = ClaimChange { kind: ClaimKind::AccountPerson, key: ANNA.to_string(), taken: true };
        assert_eq!(Account::default().claims(&created), [claim]);
    }

    #[test]
    fn a_login_is_one_line() {
        given::<Account>([]).by(PersonId::SYSTEM).when(create("a\nb")).then_rejected(Code::InvalidValueFormat);
        given::<Account>([]).by(PersonId::SYSTEM).when(create(&"a".repeat(255))).then_rejected(Code::ValueIsTooLong);
    }
}
