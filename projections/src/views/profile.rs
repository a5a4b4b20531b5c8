//! Who am I? What `GET /profile` shows of the asker (pyrus.md §1.11). Not of anybody else.

use std::sync::Arc;

use domain::PersonId;
use domain::directory::OrganisationDirectory;
use domain::person::Person;

use super::contacts::{Contacts, contacts};

/// The asker with the organisation around them.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub person: Arc<Person>,
    /// Their own, or the organisation's where they chose none.
    pub locale: String,
    /// IANA name; likewise.
    pub time_zone: String,
    pub organisation: Contacts,
}

/// The profile of `id`, if they are there; with `include_inactive` the organisation lists blocked people too.
pub fn profile(organisation: &OrganisationDirectory, id: PersonId, include_inactive: bool) -> Option<Profile> {
    let person = organisation.person(id).filter(|person| person.exists)?.clone();
    let settings = &organisation.organisation.settings;
    Some(Profile {
        locale: person.profile.locale.clone().unwrap_or_else(|| settings.locale.clone()),
        time_zone: person.profile.time_zone.clone().unwrap_or_else(|| settings.time_zone.clone()),
        organisation: contacts(organisation, &person, include_inactive),
        person,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{ANNA, FELIX, directory};

    #[test]
    fn a_profile_takes_language_and_zone_from_the_organisation_where_the_person_chose_none() {
        let profile = profile(&directory(), ANNA, false).expect("Anna is there");
        assert_eq!((profile.locale.as_str(), profile.time_zone.as_str()), ("en-US", "Europe/Berlin"));
        assert!(profile.organisation.persons.iter().all(|person| person.id != FELIX));
    }

    #[test]
    fn an_unknown_person_has_no_profile() {
        assert_eq!(profile(&directory(), PersonId(999_999), true), None);
    }
}
