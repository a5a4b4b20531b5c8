//! Saying who reads and edits an article.

use std::collections::BTreeSet;

use super::access::administers;
use super::event::{Event, Permissions};
use super::{Access, Article, Permit, Rejection};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;

/// Readers, and editors, of one article.
pub const PEOPLE_MAX: usize = 1_000;

impl Article {
    pub(super) fn permit(&self, permit: &Permit, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if self.access(issued) == Access::None {
            return Err(Rejection::Unknown);
        }
        if !administers(issued) {
            return Err(Rejection::MayNotAdminister);
        }
        let before = &self.permissions;
        let people = |given: &Option<Vec<PersonId>>, before: &[PersonId]| match given {
            Some(persons) => checked(persons, before, issued),
            None => Ok(before.to_vec()),
        };
        let after = Permissions {
            inherit: permit.inherit.unwrap_or(before.inherit),
            readers: people(&permit.readers, &before.readers)?,
            editors: people(&permit.editors, &before.editors)?,
            open: permit.open.unwrap_or(before.open),
            public: permit.public.unwrap_or(before.public),
        };
        Ok(if after == *before { Events::new() } else { vec![Event::PermissionsChanged(Box::new(after))] })
    }
}

/// Each once, in order. Who is newly named is there and not blocked.
fn checked(persons: &[PersonId], before: &[PersonId], issued: &Issued<'_>) -> Result<Vec<PersonId>, Rejection> {
    if persons.len() > PEOPLE_MAX {
        return Err(Rejection::TooManyPeople);
    }
    let there = |id: &PersonId| {
        let person = issued.directory.person(*id).is_some_and(|person| person.exists && !person.blocked);
        person || issued.directory.role(*id).is_some_and(|role| role.exists && !role.deleted)
    };
    if persons.iter().all(|id| before.contains(id) || there(id)) {
        Ok(persons.iter().copied().collect::<BTreeSet<_>>().into_iter().collect())
    } else {
        Err(Rejection::UnknownPerson)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, FELIX, GRETA, Given, given, topic};

    fn permit(permit: Permit) -> Command {
        Command::Permit(Box::new(permit))
    }

    fn readers(persons: Vec<PersonId>) -> Command {
        permit(Permit { readers: Some(persons), ..Permit::default() })
    }

    fn there() -> Given<Article> {
        given::<Article>([topic("Teas", None)])
    }

    #[test]
    fn administrators_say_who_reads_and_what_is_not_given_stays() {
        let changed = |permissions| Event::PermissionsChanged(Box::new(permissions));
        let first = || Permissions { readers: vec![ANNA, BORIS], ..Permissions::default() };
        there().by(ADMIN).when(readers(vec![BORIS, ANNA, BORIS])).then([changed(first())]);
        let closed = permit(Permit { inherit: Some(false), editors: Some(vec![CLARA, GRETA]), ..Permit::default() });
        let both = Permissions { inherit: false, editors: vec![CLARA, GRETA], ..first() };
        there().and(ADMIN, [changed(first())]).by(ADMIN).when(closed).then([changed(both)]);
        there().and(ADMIN, [changed(first())]).by(ADMIN).when(readers(vec![ANNA, BORIS])).then_nothing();
    }

    #[test]
    fn others_do_not_even_editors() {
        let editor = Event::PermissionsChanged(Box::new(Permissions { editors: vec![ANNA], ..Permissions::default() }));
        there().and(ADMIN, [editor]).by(ANNA).when(readers(vec![BORIS])).then_rejected(Code::KnowledgeBaseAccessDenied);
        there().by(GRETA).when(readers(vec![BORIS])).then_rejected(Code::KnowledgeBaseNotFound);
    }

    #[test]
    fn only_who_is_there_is_named() {
        for unknown in [FELIX, PersonId(404), PersonId(0)] {
            there().by(ADMIN).when(readers(vec![unknown])).then_rejected(Code::InvalidPersonId);
        }
        there().by(ADMIN).when(readers(vec![ANNA; PEOPLE_MAX + 1])).then_rejected(Code::ParticipantLimitExceeded);
    }
}
