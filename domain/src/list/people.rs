//! Whom a list may have as managers and members. Not who may say so (that is [`super::access`]).

use std::collections::BTreeSet;

use super::Rejection;
use crate::id::PersonId;
use crate::issued::{Asker, Issued};
use crate::person::PersonKind;
use crate::task::command::PersonRef;

/// Managers and members of one list together, and people in one member of a request. Whoever has more makes a role.
pub const PEOPLE_MAX: usize = 1_000;

/// What somebody is to be to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Manager,
    Member,
}

/// Those who are meant, each once, in the order in which they are named, and who are not `there` yet.
pub(super) fn added(named: &[PersonRef], part: Part, there: &BTreeSet<PersonId>, issued: &Issued<'_>) -> Result<Vec<PersonId>, Rejection> {
    let mut added = each_once(named, |who| {
        let person = look_up(who, issued)?;
        if person.blocked {
            return Err(Rejection::PersonBlocked);
        }
        if part == Part::Manager && person.is_guest {
            return Err(Rejection::GuestManages);
        }
        if person.is_guest && !there.contains(&person.id) && is_bound(issued) {
            return Err(Rejection::ExternalPerson);
        }
        Ok(person.id)
    })?;
    added.retain(|person| !there.contains(person));
    Ok(added)
}

/// Those who are meant and are `there`, blocked or not.
pub(super) fn removed(named: &[PersonRef], there: &BTreeSet<PersonId>, issued: &Issued<'_>) -> Result<Vec<PersonId>, Rejection> {
    let mut removed = each_once(named, |who| Ok(look_up(who, issued)?.id))?;
    removed.retain(|person| there.contains(person));
    Ok(removed)
}

/// The asker is one who may not bring guests into lists.
fn is_bound(issued: &Issued<'_>) -> bool {
    match issued.asker() {
        Asker::Person(asker) => asker.restrictions.cant_add_external_users_to_lists,
        Asker::System | Asker::Nobody => false,
    }
}

fn each_once(named: &[PersonRef], look_up: impl Fn(&PersonRef) -> Result<PersonId, Rejection>) -> Result<Vec<PersonId>, Rejection> {
    if named.len() > PEOPLE_MAX {
        return Err(Rejection::TooManyPeople);
    }
    let mut seen = BTreeSet::new();
    let mut persons = Vec::with_capacity(named.len());
    for who in named {
        let person = look_up(who)?;
        if seen.insert(person) {
            persons.push(person);
        }
    }
    Ok(persons)
}

struct Found {
    id: PersonId,
    blocked: bool,
    is_guest: bool,
}

fn look_up(who: &PersonRef, issued: &Issued<'_>) -> Result<Found, Rejection> {
    let directory = issued.directory;
    let person = match who {
        PersonRef::Id(id) => match (directory.person(*id), directory.role(*id)) {
            (Some(person), _) => person,
            (None, Some(role)) => return Ok(Found { id: *id, blocked: !role.acts(), is_guest: false }),
            (None, None) => return Err(Rejection::UnknownPerson),
        },
        PersonRef::Email(email) => directory.by_email(email).ok_or(Rejection::UnknownEmail)?,
    };
    Ok(Found { id: person.id, blocked: person.blocked, is_guest: person.kind == PersonKind::Guest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Listed as _;
    use crate::person::{Person, Restrictions};
    use crate::testing::{ANNA, BORIS, GRETA, HOME, directory, now};

    #[test]
    fn who_may_not_bring_guests_into_lists_brings_none() {
        let mut home = directory();
        let anna = Person::clone(home.person(ANNA).expect("she is there"));
        let restrictions = Restrictions { cant_add_external_users_to_lists: true, ..Restrictions::default() };
        Person { restrictions, ..anna }.list(&mut home);
        let added = |who, named: PersonId, there: &BTreeSet<PersonId>| {
            let issued = Issued { organisation: HOME, who, at: now(), directory: &home };
            added(&[PersonRef::Id(named)], Part::Member, there, &issued)
        };
        let nobody = BTreeSet::new();
        assert_eq!(added(ANNA, GRETA, &nobody), Err(Rejection::ExternalPerson));
        assert_eq!(added(ANNA, GRETA, &[GRETA].into()), Ok(Vec::new()));
        assert_eq!((added(ANNA, BORIS, &nobody), added(BORIS, GRETA, &nobody)), (Ok(vec![BORIS]), Ok(vec![GRETA])));
    }
}
