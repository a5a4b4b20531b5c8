//! Creating a role. Nothing keeps two roles from having one name: they are told apart by their ids.

use std::collections::BTreeSet;

use super::{Create, Created, Event, MEMBERS_MAX, NAME_CHARACTERS_MAX, Naming, Rejection, Role, access};
use crate::aggregate::Events;
use crate::directory::OrganisationDirectory;
use crate::id::PersonId;
use crate::issued::Issued;
use crate::person::PersonKind;
use crate::text::check_line;

/// Roles that an organisation of few employees may have (pyrus.md §1.1).
pub const ROLES_OF_FEW: usize = 50;
/// Employees up to which it is of few.
pub const FEW_EMPLOYEES: usize = 10;
/// Roles for each employee where there are more.
pub const ROLES_PER_EMPLOYEE: usize = 5;

impl Role {
    pub(super) fn create(&self, create: &Create, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::manages(issued)?;
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        let naming = named(&create.name, create.external_id.as_deref())?;
        let members: BTreeSet<PersonId> = create.members.iter().copied().collect();
        check_members(&members, issued.directory)?;
        if members.len() > MEMBERS_MAX {
            return Err(Rejection::TooManyMembers);
        }
        // Two that are created at one moment may pass beside each other: the limit is one of thrift, not of safety.
        if issued.directory.roles.values().filter(|role| !role.deleted).count() >= roles_max(issued.directory) {
            return Err(Rejection::TooManyRoles);
        }
        Ok(vec![Event::Created(Box::new(Created { naming, members: members.into_iter().collect() }))])
    }
}

/// What a role is called from now on, or what is wrong with it. An empty external id is none.
pub(super) fn named(name: &str, external_id: Option<&str>) -> Result<Naming, Rejection> {
    let external_id = external_id.filter(|id| !id.is_empty());
    for text in [Some(name), external_id].into_iter().flatten() {
        check_line(text, NAME_CHARACTERS_MAX)?;
    }
    let name = name.trim();
    if name.is_empty() {
        return Err(Rejection::NameMissing);
    }
    Ok(Naming { name: name.to_owned(), external_id: external_id.map(str::to_owned) })
}

/// All of them are there and not blocked. Guests and programs are members like others.
pub(super) fn check_members(members: &BTreeSet<PersonId>, directory: &OrganisationDirectory) -> Result<(), Rejection> {
    for member in members {
        match directory.person(*member) {
            Some(person) if person.exists && person.blocked => return Err(Rejection::PersonBlocked),
            Some(person) if person.exists => {}
            Some(_) | None => return Err(Rejection::UnknownPerson),
        }
    }
    Ok(())
}

/// How many roles the organisation may have that are not deleted.
pub fn roles_max(directory: &OrganisationDirectory) -> usize {
    let employees = directory.persons.values().filter(|person| person.exists && !person.blocked && person.kind == PersonKind::User).count();
    if employees <= FEW_EMPLOYEES { ROLES_OF_FEW } else { employees * ROLES_PER_EMPLOYEE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Listed as _;
    use crate::person::Person;
    use crate::rejection::Code;
    use crate::role::Command;
    use crate::testing::{
        ADMIN, ANNA, BORIS, FELIX, GRETA, HOME, Outcome, ROBOT, STRANGER, directory, given, role, role_created, with_role,
    };

    fn create(create: Create) -> Outcome<Role> {
        given::<Role>([]).by(ADMIN).when(Command::Create(Box::new(create)))
    }

    fn with_members(members: &[PersonId]) -> Create {
        Create { name: "Clerks".into(), external_id: None, members: members.to_vec() }
    }

    #[test]
    fn a_role_begins_with_its_name_and_members_each_once_in_order() {
        create(with_members(&[ROBOT, ANNA, BORIS, ANNA, GRETA])).then([role_created("Clerks", [ANNA, BORIS, GRETA, ROBOT])]);
        create(with_members(&[])).then([role_created("Clerks", [])]);
        let naming = Naming { name: "Clerks".into(), external_id: Some("x-1".into()) };
        create(Create { name: " Clerks ".into(), external_id: Some("x-1".into()), ..Create::default() })
            .then([Event::Created(Box::new(Created { naming, members: Vec::new() }))]);
    }

    #[test]
    fn a_role_is_created_once() {
        let again = Command::Create(Box::new(with_members(&[])));
        given::<Role>([role_created("Clerks", [])]).by(ADMIN).when(again).then_rejected(Code::Conflict);
    }

    #[test]
    fn bad_names_are_refused() {
        for (name, code) in [
            ("", Code::RequiredParameterMissing),
            (" \u{a0}", Code::RequiredParameterMissing),
            ("a\0", Code::InvalidValueFormat),
            ("a\nb", Code::InvalidValueFormat),
            (&"x".repeat(201), Code::ValueIsTooLong),
            (&"x".repeat(10_000), Code::ValueIsTooLong),
        ] {
            create(Create { name: name.into(), ..Create::default() }).then_rejected(code);
        }
        create(Create { name: "A".into(), external_id: Some("\u{1b}".into()), ..Create::default() })
            .then_rejected(Code::InvalidValueFormat);
    }

    #[test]
    fn members_are_persons_of_the_organisation_who_are_not_blocked() {
        create(with_members(&[FELIX])).then_rejected(Code::AccessDeniedPerson);
        for nobody in [PersonId(404), STRANGER, PersonId::SYSTEM, PersonId(-1)] {
            create(with_members(&[ANNA, nobody])).then_rejected(Code::InvalidPersonId);
        }
        let another = with_role(directory(), role(40, [ANNA]));
        given::<Role>([])
            .by(ADMIN)
            .among(another)
            .when(Command::Create(Box::new(with_members(&[PersonId(40)]))))
            .then_rejected(Code::InvalidPersonId);
    }

    /// [`HOME`] with this many more users, from the id 1000 on.
    fn crowded(more: i64) -> OrganisationDirectory {
        let mut home = directory();
        for id in (1000..).map(PersonId).take(usize::try_from(more).expect("a few")) {
            Person { id, organisation: HOME, exists: true, ..Person::default() }.list(&mut home);
        }
        home
    }

    #[test]
    fn a_role_has_at_most_500_members() {
        let among = |members: i64| {
            let members = (1000..1000 + members).map(PersonId).collect();
            let create = Create { name: "All".into(), external_id: None, members };
            given::<Role>([]).by(ADMIN).among(crowded(501)).when(Command::Create(Box::new(create)))
        };
        assert!(among(500).outcome().is_ok());
        among(501).then_rejected(Code::ParticipantLimitExceeded);
    }

    #[test]
    fn an_organisation_has_50_roles_or_5_an_employee() {
        let with_roles = |mut home: OrganisationDirectory, roles: i64| {
            for id in 5000..5000 + roles {
                home = with_role(home, role(id, []));
            }
            // Those who are deleted do not count.
            let mut gone = role(4999, []);
            gone.deleted = true;
            given::<Role>([]).by(ADMIN).among(with_role(home, gone)).when(Command::Create(Box::new(with_members(&[]))))
        };
        assert_eq!(roles_max(&directory()), 50, "neither bots nor guests nor the blocked are employees");
        assert!(with_roles(directory(), 49).outcome().is_ok());
        with_roles(directory(), 50).then_rejected(Code::OptionIsNotSupported);
        let crowded = crowded(10);
        let most = roles_max(&crowded);
        assert!(most > 50 && most.is_multiple_of(5), "{most}");
        with_roles(crowded, i64::try_from(most).expect("a few")).then_rejected(Code::OptionIsNotSupported);
    }
}
