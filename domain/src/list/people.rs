//! Whom a list may have as managers and members. Not who may say so (that is [`super::access`]).

use std::collections::BTreeSet;

use super::Rejection;
use crate::id::PersonId;
use crate::issued::Issued;
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
