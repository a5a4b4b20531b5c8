//! The supervisors of a catalog: persons and roles who may change it. Not who may say so (that is [`super::access`]).

use std::collections::BTreeSet;

use super::event::Event;
use super::rejection::Rejection;
use super::{Catalog, SUPERVISORS_MAX};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;
use crate::person::PersonKind;
use crate::task::command::PersonRef;

impl Catalog {
    pub(super) fn change_people(
        &self,
        added: &[PersonRef],
        removed: &[PersonRef],
        issued: &Issued<'_>,
    ) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        self.people_changed(added, removed, issued)
    }

    /// Whoever is both added and removed is removed.
    pub(super) fn people_changed(&self, add: &[PersonRef], remove: &[PersonRef], issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        let there = &self.heading.supervisors;
        let mut removed = Vec::new();
        for named in bounded(remove)? {
            let id = id_of(named, issued)?;
            if there.contains(&id) && !removed.contains(&id) {
                removed.push(id);
            }
        }
        let gone: BTreeSet<PersonId> = bounded(remove)?.iter().map(|named| id_of(named, issued)).collect::<Result<_, _>>()?;
        let mut added = added(add, there, issued)?;
        added.retain(|person| !gone.contains(person));
        if there.len() + added.len() - removed.len() > SUPERVISORS_MAX {
            return Err(Rejection::TooManySupervisors);
        }
        let mut events = Events::new();
        if !added.is_empty() {
            events.push(Event::SupervisorsAdded { persons: added });
        }
        if !removed.is_empty() {
            events.push(Event::SupervisorsRemoved { persons: removed });
        }
        Ok(events)
    }
}

/// Those who are meant, each once, in the order in which they are named, and who are not `there` yet.
pub(super) fn added(named: &[PersonRef], there: &BTreeSet<PersonId>, issued: &Issued<'_>) -> Result<Vec<PersonId>, Rejection> {
    let mut added = Vec::new();
    for named in bounded(named)? {
        let id = id_of(named, issued)?;
        let is_guest = issued.directory.person(id).is_some_and(|person| person.kind == PersonKind::Guest);
        if is_guest || !issued.directory.acts(id) {
            return Err(Rejection::CannotSupervise);
        }
        if !there.contains(&id) && !added.contains(&id) {
            added.push(id);
        }
    }
    Ok(added)
}

fn bounded(named: &[PersonRef]) -> Result<&[PersonRef], Rejection> {
    if named.len() > SUPERVISORS_MAX { Err(Rejection::TooManySupervisors) } else { Ok(named) }
}

fn id_of(named: &PersonRef, issued: &Issued<'_>) -> Result<PersonId, Rejection> {
    let directory = issued.directory;
    match named {
        PersonRef::Id(id) if directory.person(*id).is_some() || directory.role(*id).is_some() => Ok(*id),
        PersonRef::Id(_) => Err(Rejection::UnknownPerson),
        PersonRef::Email(email) => directory.by_email(email).map(|person| person.id).ok_or(Rejection::UnknownEmail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Command;
    use crate::catalog::samples::{supervised_by, vendors};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, CLERKS, DAVID, FELIX, GRETA, with_roles};

    fn change(added: &[PersonId], removed: &[PersonId]) -> Command {
        let named = |ids: &[PersonId]| ids.iter().map(|id| PersonRef::Id(*id)).collect();
        Command::ChangePeople { added: named(added), removed: named(removed) }
    }

    #[test]
    fn supervisors_come_and_go_each_once() {
        supervised_by(ANNA)
            .among(with_roles())
            .when(change(&[BORIS, ANNA, CLERKS, BORIS], &[]))
            .then([Event::SupervisorsAdded { persons: vec![BORIS, CLERKS] }]);
        supervised_by(ANNA).when(change(&[BORIS], &[ANNA, BORIS, ANNA])).then([Event::SupervisorsRemoved { persons: vec![ANNA] }]);
        supervised_by(ANNA).when(change(&[ANNA], &[DAVID])).then_nothing();
        let by_address = Command::ChangePeople { added: vec![PersonRef::Email("Boris@example.org".into())], removed: Vec::new() };
        vendors().when(by_address).then([Event::SupervisorsAdded { persons: vec![BORIS] }]);
    }

    #[test]
    fn who_is_blocked_is_a_guest_or_is_not_there_does_not_supervise() {
        vendors().when(change(&[FELIX], &[])).then_rejected(Code::AccessDeniedPerson);
        vendors().when(change(&[GRETA], &[])).then_rejected(Code::AccessDeniedPerson);
        vendors().when(change(&[PersonId(404)], &[])).then_rejected(Code::InvalidPersonId);
        let unknown = Command::ChangePeople { added: vec![PersonRef::Email("nobody@example.org".into())], removed: Vec::new() };
        vendors().when(unknown).then_rejected(Code::InvalidEmail);
        let many: Vec<PersonId> = (0..=500).map(PersonId).collect();
        vendors().when(change(&many, &[])).then_rejected(Code::ParticipantLimitExceeded);
    }

    #[test]
    fn supervisors_may_change_supervisors_and_others_may_not() {
        supervised_by(ANNA).by(ANNA).when(change(&[], &[ANNA])).then([Event::SupervisorsRemoved { persons: vec![ANNA] }]);
        vendors().by(DAVID).when(change(&[DAVID], &[])).then_rejected(Code::AccessDeniedCatalog);
        vendors().by(ADMIN).when(change(&[DAVID], &[])).then([Event::SupervisorsAdded { persons: vec![DAVID] }]);
    }
}
