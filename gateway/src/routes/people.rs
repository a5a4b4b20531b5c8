//! How the API shows people and organisations (pyrus.md §1.11): empty members are left out. Who may do what with them is
//! decided in `domain`; people who sit in tasks are rendered there too.

use domain::person::{Person, PersonKind, Profile as Attributes};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use projections::views::contacts::Contacts;
use projections::views::profile::Profile;
use serde::Serialize;
use utoipa::ToSchema;

/// A person as lists show them.
#[derive(Serialize, ToSchema)]
pub struct ShownPerson<'a> {
    id: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    first_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    last_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    /// `user` or `bot`.
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    native_first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    native_last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    /// Present and true for who is blocked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    banned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skype: Option<&'a str>,
}

/// A person with what only the members' list shows.
#[derive(Serialize, ToSchema)]
pub struct ShownMember<'a> {
    #[serde(flatten)]
    person: ShownPerson<'a>,
    /// Bits (see `WriteMember`).
    rights: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    personality: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    personnel_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<&'a str>,
    /// Whether they have a security key. Ours, beside the dialect.
    has_security_key: bool,
}

/// An organisation with its people.
#[derive(Serialize, ToSchema)]
pub struct ShownOrganisation<'a> {
    organization_id: i64,
    name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    persons: Vec<ShownPerson<'a>>,
}

/// What somebody is told of themselves.
#[derive(Serialize, ToSchema)]
pub struct ShownProfile<'a> {
    person_id: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    first_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    last_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    /// Such as `ru-RU`.
    #[serde(skip_serializing_if = "str::is_empty")]
    locale: &'a str,
    /// Minutes from UTC, now.
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone_offset: Option<i32>,
    organization_id: i64,
    organization: ShownOrganisation<'a>,
}

impl<'a> ShownPerson<'a> {
    pub fn of(person: &'a Person) -> Self {
        let Attributes { first_name, last_name, email, native_first_name, native_last_name, external_id, .. } = &person.profile;
        let Attributes { position, status, phone, mobile_phone, skype, .. } = &person.profile;
        Self {
            id: person.id.0,
            first_name,
            last_name,
            email,
            kind: kind(person.kind),
            native_first_name: native_first_name.as_deref(),
            native_last_name: native_last_name.as_deref(),
            external_id: external_id.as_deref(),
            banned: person.blocked,
            position: position.as_deref(),
            status: status.as_deref(),
            phone: phone.as_deref(),
            mobile_phone: mobile_phone.as_deref(),
            skype: skype.as_deref(),
        }
    }
}

impl<'a> ShownMember<'a> {
    pub fn of(person: &'a Person) -> Self {
        let profile = &person.profile;
        Self {
            person: ShownPerson::of(person),
            rights: person.rights,
            location: profile.location.as_deref(),
            personality: profile.personality.as_deref(),
            personnel_number: profile.personnel_number.as_deref(),
            locale: profile.locale.as_deref(),
            time_zone: profile.time_zone.as_deref(),
            has_security_key: person.has_key,
        }
    }
}

impl<'a> ShownOrganisation<'a> {
    pub fn of(contacts: &'a Contacts) -> Self {
        let persons = contacts.persons.iter().map(|person| ShownPerson::of(person)).collect();
        Self { organization_id: contacts.organisation.0, name: &contacts.name, persons }
    }
}

impl<'a> ShownProfile<'a> {
    pub fn of(profile: &'a Profile, now: Timestamp) -> Self {
        let zone = TimeZone::get(&profile.time_zone).ok();
        let attributes = &profile.person.profile;
        Self {
            person_id: profile.person.id.0,
            first_name: &attributes.first_name,
            last_name: &attributes.last_name,
            email: &attributes.email,
            locale: &profile.locale,
            timezone_offset: zone.map(|zone| zone.to_offset(now).seconds() / 60),
            organization_id: profile.organisation.organisation.0,
            organization: ShownOrganisation::of(&profile.organisation),
        }
    }
}

/// Guests are people from outside; the dialect calls them users too.
const fn kind(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::User | PersonKind::Guest => "user",
        PersonKind::Bot => "bot",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{OrganisationId, PersonId};
    use serde_json::json;
    use std::sync::Arc;

    fn person(id: i64, first_name: &str) -> Person {
        let profile = Attributes { first_name: first_name.to_owned(), ..Attributes::default() };
        let mut person = Person::default();
        (person.id, person.organisation, person.exists, person.profile) = (PersonId(id), OrganisationId(1), true, profile);
        person
    }

    #[test]
    fn a_profile_leaves_out_what_is_empty_and_shows_the_organisation() {
        let anna = Arc::new(person(7, "Anna"));
        let mut felix = person(8, "Felix");
        felix.blocked = true;
        let organisation =
            Contacts { organisation: OrganisationId(1), name: "Works".to_owned(), persons: vec![anna.clone(), Arc::new(felix)] };
        let profile = Profile { person: anna, locale: "en-US".to_owned(), time_zone: "Asia/Kolkata".to_owned(), organisation };
        let shown = serde_json::to_value(ShownProfile::of(&profile, Timestamp::UNIX_EPOCH)).unwrap();
        let expected = json!({
            "person_id": 7, "first_name": "Anna", "locale": "en-US", "timezone_offset": 330, "organization_id": 1,
            "organization": {"organization_id": 1, "name": "Works", "persons": [
                {"id": 7, "first_name": "Anna", "type": "user"},
                {"id": 8, "first_name": "Felix", "type": "user", "banned": true},
            ]},
        });
        assert_eq!(shown, expected);
    }
}
