//! Whom can I write to? The people of an organisation as `GET /contacts` lists them (pyrus.md §1.11).
//! Nothing that only those who manage people may see: that is [`super::members`].

use domain::directory::OrganisationDirectory;
use domain::person::{Person, PersonKind};
use domain::role::Role;
use domain::{OrganisationId, PersonId};
use std::sync::Arc;

/// One organisation's contacts.
#[derive(Clone, Debug, PartialEq)]
pub struct Contacts {
    pub organisation: OrganisationId,
    pub name: String,
    /// In the order of their ids. Colleagues and bots; guests are not colleagues: they see only what they
    /// were added to, and are written to from there. Blocked people only when asked for.
    pub persons: Vec<Arc<Person>>,
    /// In the order of their ids; banned and deleted ones only when asked for.
    pub roles: Vec<Arc<Role>>,
}

/// The contacts of `organisation` as `asker` may know them (a guest finds themselves alone); with `include_inactive` also people who are blocked, and roles that do not act.
pub fn contacts(organisation: &OrganisationDirectory, asker: &Person, include_inactive: bool) -> Contacts {
    let shown = |person: &Person| person.id == asker.id || (asker.knows(person.id) && is_contact(person, include_inactive));
    let persons = organisation.persons.values().filter(|person| shown(person)).cloned().collect();
    let roles = match asker.kind {
        PersonKind::User | PersonKind::Bot => super::roles::acting(organisation, include_inactive),
        PersonKind::Guest => Vec::new(),
    };
    Contacts { organisation: organisation.id, name: organisation.organisation.settings.name.clone(), persons, roles }
}

fn is_contact(person: &Person, include_inactive: bool) -> bool {
    let colleague = match person.kind {
        PersonKind::User | PersonKind::Bot => true,
        PersonKind::Guest => false,
    };
    // The system's own persons have ids of 0 and below and no stream.
    person.id > PersonId::SYSTEM && person.exists && colleague && (include_inactive || !person.blocked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{ANNA, FELIX, GRETA, HOME, ROBOT, directory};

    fn contacts(organisation: &OrganisationDirectory, include_inactive: bool) -> Contacts {
        super::contacts(organisation, organisation.person(ANNA).expect("Anna is there"), include_inactive)
    }

    #[test]
    fn a_guest_finds_themselves_alone() {
        let directory = directory();
        let found = super::contacts(&directory, directory.person(GRETA).expect("Greta is there"), true);
        assert_eq!(ids(&found), [GRETA]);
    }

    fn ids(contacts: &Contacts) -> Vec<PersonId> {
        contacts.persons.iter().map(|person| person.id).collect()
    }

    #[test]
    fn contacts_are_colleagues_and_bots_in_the_order_of_their_ids() {
        let contacts = contacts(&directory(), false);
        assert_eq!((contacts.organisation, contacts.name.as_str()), (HOME, "Home"));
        assert!(ids(&contacts).contains(&ANNA) && ids(&contacts).contains(&ROBOT));
        assert!(ids(&contacts).is_sorted());
    }

    #[test]
    fn a_guest_is_not_among_the_contacts() {
        assert!(!ids(&contacts(&directory(), true)).contains(&GRETA));
    }

    #[test]
    fn blocked_people_are_listed_only_when_asked_for() {
        assert!(!ids(&contacts(&directory(), false)).contains(&FELIX));
        assert!(ids(&contacts(&directory(), true)).contains(&FELIX));
    }
}
