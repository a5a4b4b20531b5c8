//! How the API shows people and organisations (pyrus.md §1.11): empty members are left out. Who may do what with them is
//! decided in `domain`; people who sit in tasks are rendered there too.

use std::sync::Arc;

use domain::PersonId;
use domain::catalog::DEPARTMENTS;
use domain::directory::OrganisationDirectory;
use domain::person::{Bound, MessengerKind, Person, PersonKind, Profile as Attributes};
use domain::role::Role;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use projections::views::awards::Held;
use projections::views::contacts::Contacts;
use projections::views::profile::Profile;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::moment;

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
    /// `user`, `bot` or `role`.
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
    /// Present and true for who was dismissed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fired: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    department_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_avatar_id: Option<i64>,
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
    /// Whether they have a security key. Ours, beside the dialect. It, `login_phone`, the year of birth, what is demanded of sessions and
    /// what they may not do is for themselves and those who manage people.
    #[serde(skip_serializing_if = "Option::is_none")]
    has_security_key: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messenger: Option<ShownMessenger<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vacation_days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<ShownBirthDate>,
    /// Who was given what the dismissed had to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    task_receiver: Option<ShownPerson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_session_settings: Option<ShownBound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_session_inactive_settings: Option<ShownBound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_session_restriction_settings: Option<ShownBound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    web_session_settings: Option<ShownBound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    web_session_inactive_settings: Option<ShownBound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    web_session_restriction_settings: Option<ShownBound>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    two_factor_auth: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cant_view_restricted_form_registry: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cant_view_form_registry: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cant_export_restricted_form_registry: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cant_export_form_registry: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cant_add_external_users_to_tasks: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cant_add_external_users_to_lists: bool,
    /// Ours, beside the dialect: an outsider, whom it calls a user too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_guest: bool,
    /// Ours, beside the dialect.
    #[serde(skip_serializing_if = "Option::is_none")]
    absence: Option<ShownAbsence>,
    /// Ours, beside the dialect: the awards that they hold, in the order in which they were given. Only with one member alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    awards: Vec<HeldAward<'a>>,
}

#[derive(Serialize, ToSchema)]
pub struct HeldAward<'a> {
    award_id: i64,
    name: &'a str,
    assignment_date: String,
}

#[derive(Serialize, ToSchema)]
pub struct ShownMessenger<'a> {
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: MessengerKind,
    nickname: &'a str,
}

#[derive(Serialize, ToSchema)]
pub struct ShownBirthDate {
    day: i8,
    month: i8,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i16>,
}

/// Days away, and who receives the inbox meanwhile.
#[derive(Serialize, ToSchema)]
pub struct ShownAbsence {
    from: String,
    until: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    deputy_id: Option<i64>,
}

/// A bound of sessions: `disable` is that there is none.
#[derive(Serialize, ToSchema)]
pub struct ShownBound {
    #[serde(skip_serializing_if = "Option::is_none")]
    life_span_hours: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_count: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disable: bool,
}

impl ShownBound {
    fn hours(bound: Option<Bound>) -> Option<Self> {
        bound.map(|bound| match bound {
            Bound::AtMost(hours) => Self { life_span_hours: Some(hours), max_count: None, disable: false },
            Bound::Unbounded => Self { life_span_hours: None, max_count: None, disable: true },
        })
    }

    fn count(bound: Option<Bound>) -> Option<Self> {
        bound.map(|bound| match bound {
            Bound::AtMost(sessions) => Self { life_span_hours: None, max_count: Some(sessions), disable: false },
            Bound::Unbounded => Self { life_span_hours: None, max_count: None, disable: true },
        })
    }
}

/// People who are shown one after the other, as they are written: there may be very many.
pub struct People<'a, T> {
    people: &'a [Arc<Person>],
    shown: Box<dyn Fn(&'a Person) -> T + 'a>,
}

impl<'a, T> People<'a, T> {
    fn is_empty(&self) -> bool {
        self.people.is_empty()
    }
}

impl<'a> People<'a, ShownMember<'a>> {
    /// As `asker` is shown them.
    pub fn members(people: &'a [Arc<Person>], organisation: &'a OrganisationDirectory, asker: &'a Person) -> Self {
        Self { people, shown: Box::new(move |person| ShownMember::of(person, organisation, asker)) }
    }
}

impl<T: Serialize> Serialize for People<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.people.iter().map(|person| (self.shown)(person)))
    }
}

/// An organisation with its people.
#[derive(Serialize, ToSchema)]
pub struct ShownOrganisation<'a> {
    organization_id: i64,
    name: &'a str,
    #[serde(skip_serializing_if = "People::is_empty")]
    #[schema(value_type = Vec<ShownPerson>)]
    persons: People<'a, ShownPerson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<ShownRole<'a>>,
    /// The catalog of departments, in a profile, once there was a department; guests are shown none.
    #[serde(skip_serializing_if = "Option::is_none")]
    department_catalog_id: Option<i64>,
}

/// A role.
#[derive(Serialize, ToSchema)]
pub struct ShownRole<'a> {
    id: i64,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    banned: bool,
    /// Present and true for a role that is deleted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fired: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    member_ids: Vec<i64>,
}

impl<'a> ShownRole<'a> {
    pub fn of(role: &'a Role) -> Self {
        Self {
            id: role.id.0,
            name: &role.name,
            external_id: role.external_id.as_deref(),
            banned: role.banned || role.deleted,
            fired: role.deleted,
            member_ids: role.members.iter().map(|member| member.0).collect(),
        }
    }
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
    pub fn of(person: &'a Person, organisation: &'a OrganisationDirectory) -> Self {
        let department = organisation.department_of(person);
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
            fired: person.dismissed,
            department_id: department.map(|department| department.id.0),
            department_name: department.map(|department| department.attributes.name.as_str()),
            avatar_id: person.avatar.avatar_id,
            external_avatar_id: person.avatar.external_avatar_id,
            position: position.as_deref(),
            status: status.as_deref(),
            phone: phone.as_deref(),
            mobile_phone: mobile_phone.as_deref(),
            skype: skype.as_deref(),
        }
    }
}

impl<'a> ShownPerson<'a> {
    /// Somebody of whom only the id is known; the system has a name.
    pub fn without_profile(id: PersonId) -> Self {
        let is_system = id == PersonId::SYSTEM;
        Self {
            id: id.0,
            first_name: if is_system { "Nashi" } else { "" },
            last_name: "",
            email: "",
            kind: if is_system { "bot" } else { "user" },
            native_first_name: None,
            native_last_name: None,
            external_id: None,
            banned: false,
            fired: false,
            department_id: None,
            department_name: None,
            avatar_id: None,
            external_avatar_id: None,
            position: None,
            status: None,
            phone: None,
            mobile_phone: None,
            skype: None,
        }
    }

    /// A role where a person could stand.
    pub fn of_role(role: &'a Role) -> Self {
        Self {
            id: role.id.0,
            first_name: &role.name,
            last_name: "",
            email: "",
            kind: "role",
            native_first_name: None,
            native_last_name: None,
            external_id: role.external_id.as_deref(),
            banned: role.banned || role.deleted,
            fired: role.deleted,
            department_id: None,
            department_name: None,
            avatar_id: None,
            external_avatar_id: None,
            position: None,
            status: None,
            phone: None,
            mobile_phone: None,
            skype: None,
        }
    }
}

impl<'a> ShownMember<'a> {
    /// As `asker` is shown them.
    pub fn of(person: &'a Person, organisation: &'a OrganisationDirectory, asker: &Person) -> Self {
        let profile = &person.profile;
        let private = asker.looks_after(person);
        let (sessions, restrictions) = if private { (person.sessions, person.restrictions) } else { Default::default() };
        Self {
            person: ShownPerson::of(person, organisation),
            rights: person.rights,
            location: profile.location.as_deref(),
            personality: profile.personality.as_deref(),
            personnel_number: profile.personnel_number.as_deref(),
            locale: profile.locale.as_deref(),
            time_zone: profile.time_zone.as_deref(),
            has_security_key: private.then_some(person.has_key),
            messenger: profile.messenger.as_ref().map(|messenger| ShownMessenger { kind: messenger.kind, nickname: &messenger.nickname }),
            vacation_days: profile.vacation_days,
            login_phone: profile.login_phone.as_deref().filter(|_| private),
            birth_date: profile.birth_date.map(|date| ShownBirthDate {
                day: date.day,
                month: date.month,
                year: date.year.filter(|_| private),
            }),
            task_receiver: person
                .task_receiver
                .and_then(|receiver| organisation.person(receiver))
                .map(|receiver| ShownPerson::of(receiver, organisation)),
            mobile_session_settings: ShownBound::hours(sessions.mobile.life_hours),
            mobile_session_inactive_settings: ShownBound::hours(sessions.mobile.inactive_hours),
            mobile_session_restriction_settings: ShownBound::count(sessions.mobile.count),
            web_session_settings: ShownBound::hours(sessions.web.life_hours),
            web_session_inactive_settings: ShownBound::hours(sessions.web.inactive_hours),
            web_session_restriction_settings: ShownBound::count(sessions.web.count),
            two_factor_auth: sessions.two_factor,
            cant_view_restricted_form_registry: restrictions.cant_view_restricted_form_registry,
            cant_view_form_registry: restrictions.cant_view_form_registry,
            cant_export_restricted_form_registry: restrictions.cant_export_restricted_form_registry,
            cant_export_form_registry: restrictions.cant_export_form_registry,
            cant_add_external_users_to_tasks: restrictions.cant_add_external_users_to_tasks,
            cant_add_external_users_to_lists: restrictions.cant_add_external_users_to_lists,
            is_guest: person.kind == PersonKind::Guest,
            absence: person.absence.map(|absence| ShownAbsence {
                from: absence.from.to_string(),
                until: absence.until.to_string(),
                deputy_id: absence.deputy.map(|deputy| deputy.0),
            }),
            awards: Vec::new(),
        }
    }

    /// The same with the awards that they hold.
    #[must_use]
    pub fn holding(mut self, awards: &'a [Held]) -> Self {
        let shown = |held: &'a Held| HeldAward { award_id: held.id, name: &held.name, assignment_date: moment(held.granted_at) };
        self.awards = awards.iter().map(shown).collect();
        self
    }
}

impl<'a> ShownOrganisation<'a> {
    pub fn of(contacts: &'a Contacts, organisation: &'a OrganisationDirectory) -> Self {
        let persons = People { people: &contacts.persons, shown: Box::new(move |person| ShownPerson::of(person, organisation)) };
        let roles = contacts.roles.iter().map(|role| ShownRole::of(role)).collect();
        Self { organization_id: contacts.organisation.0, name: &contacts.name, persons, roles, department_catalog_id: None }
    }
}

impl<'a> ShownProfile<'a> {
    pub fn of(profile: &'a Profile, organisation: &'a OrganisationDirectory, now: Timestamp) -> Self {
        let zone = TimeZone::get(&profile.time_zone).ok();
        let attributes = &profile.person.profile;
        let chart = organisation.catalog(DEPARTMENTS).filter(|_| profile.person.kind != PersonKind::Guest);
        Self {
            person_id: profile.person.id.0,
            first_name: &attributes.first_name,
            last_name: &attributes.last_name,
            email: &attributes.email,
            locale: &profile.locale,
            timezone_offset: zone.map(|zone| zone.to_offset(now).seconds() / 60),
            organization_id: profile.organisation.organisation.0,
            organization: ShownOrganisation {
                department_catalog_id: chart.map(|chart| chart.id.0),
                ..ShownOrganisation::of(&profile.organisation, organisation)
            },
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
    use domain::OrganisationId;
    use serde_json::json;

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
        let organisation = Contacts {
            organisation: OrganisationId(1),
            name: "Works".to_owned(),
            persons: vec![anna.clone(), Arc::new(felix)],
            roles: Vec::new(),
        };
        let profile = Profile { person: anna, locale: "en-US".to_owned(), time_zone: "Asia/Kolkata".to_owned(), organisation };
        let shown = serde_json::to_value(ShownProfile::of(&profile, &OrganisationDirectory::default(), Timestamp::UNIX_EPOCH)).unwrap();
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
