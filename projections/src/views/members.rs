//! Who belongs to the organisation, with their rights? What `GET /members` lists (pyrus.md §1.11). Who may
//! ask is decided by whoever asks.

use std::sync::Arc;

use domain::PersonId;
use domain::directory::OrganisationDirectory;
use domain::person::{Person, PersonKind};

/// The members in the order of their ids. Users and guests: both have an account that those who manage people
/// look after, and a guest is found nowhere else. A guest who asks finds themselves alone. Bots have a list of their own. Blocked people only with
/// `include_fired`.
pub fn members(organisation: &OrganisationDirectory, asker: &Person, include_fired: bool) -> Vec<Arc<Person>> {
    organisation
        .persons
        .values()
        .filter(|person| asker.knows(person.id) && is_member(person) && (include_fired || !person.blocked))
        .cloned()
        .collect()
}

/// One member, blocked or not.
pub fn member(organisation: &OrganisationDirectory, asker: &Person, id: PersonId) -> Option<Arc<Person>> {
    organisation.person(id).filter(|person| asker.knows(id) && is_member(person)).cloned()
}

fn is_member(person: &Person) -> bool {
    let listed = match person.kind {
        PersonKind::User | PersonKind::Guest => true,
        PersonKind::Bot => false,
    };
    person.exists && listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{ANNA, FELIX, GRETA, ROBOT, directory};

    fn member(organisation: &OrganisationDirectory, id: PersonId) -> Option<Arc<Person>> {
        super::member(organisation, organisation.person(ANNA).expect("Anna is there"), id)
    }

    #[test]
    fn a_guest_finds_themselves_alone() {
        let directory = directory();
        let greta = directory.person(GRETA).expect("Greta is there");
        assert_eq!(members(&directory, greta, true).iter().map(|person| person.id).collect::<Vec<_>>(), [GRETA]);
        assert!(super::member(&directory, greta, ANNA).is_none() && super::member(&directory, greta, GRETA).is_some());
    }

    fn ids(include_fired: bool) -> Vec<PersonId> {
        let directory = directory();
        members(&directory, directory.person(ANNA).expect("Anna is there"), include_fired).iter().map(|person| person.id).collect()
    }

    #[test]
    fn members_are_users_and_guests_but_not_bots() {
        assert!(ids(false).contains(&ANNA) && ids(false).contains(&GRETA));
        assert!(!ids(true).contains(&ROBOT));
        assert!(ids(true).is_sorted());
    }

    #[test]
    fn blocked_members_are_listed_only_when_asked_for_but_always_found_by_id() {
        assert!(!ids(false).contains(&FELIX));
        assert!(ids(true).contains(&FELIX));
        assert_eq!(member(&directory(), FELIX).map(|person| person.id), Some(FELIX));
    }

    #[test]
    fn an_unknown_id_and_a_bot_are_nobodys_membership() {
        assert_eq!(member(&directory(), PersonId(999_999)), None);
        assert_eq!(member(&directory(), ROBOT), None);
    }
}
