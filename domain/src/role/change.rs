//! Changing what a role is called and who its members are, and banning it through the same request. What it stands in stays
//! as it is: whoever is a member now acts for it now.

use std::collections::BTreeSet;

use super::{Change, Event, MEMBERS_MAX, Naming, Rejection, Role, create};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;

impl Role {
    pub(super) fn change(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.managed(issued)?;
        // Taken apart by name, so that a new attribute cannot be forgotten here.
        let Change { name, external_id, banned, members_added, members_removed } = change;
        let mut events = Events::new();
        if name.is_some() || external_id.is_some() {
            let external_id = external_id.as_ref().or(self.external_id.as_ref());
            let naming = create::named(name.as_ref().unwrap_or(&self.name), external_id.map(String::as_str))?;
            if naming != (Naming { name: self.name.clone(), external_id: self.external_id.clone() }) {
                events.push(Event::Changed(Box::new(naming)));
            }
        }
        let added: BTreeSet<PersonId> = members_added.iter().copied().filter(|person| !self.members.contains(person)).collect();
        let stays = |person: &PersonId| members_added.contains(person) || !self.members.contains(person);
        let removed: BTreeSet<PersonId> = members_removed.iter().copied().filter(|person| !stays(person)).collect();
        create::check_members(&added, issued.directory)?;
        // What is more than it was must fit; a role that was too large by an older rule can still lose members.
        if !added.is_empty() && self.members.len() - removed.len() + added.len() > MEMBERS_MAX {
            return Err(Rejection::TooManyMembers);
        }
        if !removed.is_empty() {
            events.push(Event::MembersRemoved { persons: removed.into_iter().collect() });
        }
        if !added.is_empty() {
            events.push(Event::MembersAdded { persons: added.into_iter().collect() });
        }
        match banned {
            Some(true) if !self.banned => events.push(Event::Banned),
            Some(false) if self.banned => events.push(Event::Restored),
            Some(_) | None => {}
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::role::Command;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, DAVID, FELIX, Given, Outcome, given, role_created};

    /// Anna and Boris.
    fn clerks() -> Given<Role> {
        given([role_created("Clerks", [ANNA, BORIS])])
    }

    fn change(clerks: Given<Role>, change: Change) -> Outcome<Role> {
        clerks.by(ADMIN).when(Command::Change(Box::new(change)))
    }

    fn named(name: &str) -> Change {
        Change { name: Some(name.into()), ..Change::default() }
    }

    fn members(added: &[PersonId], removed: &[PersonId]) -> Change {
        Change { members_added: added.to_vec(), members_removed: removed.to_vec(), ..Change::default() }
    }

    #[test]
    fn a_role_is_renamed() {
        let renamed = Naming { name: "Scribes".into(), external_id: None };
        change(clerks(), named("Scribes")).then([Event::Changed(Box::new(renamed))]);
        change(clerks(), named("Clerks")).then_nothing();
        change(clerks(), named(" ")).then_rejected(Code::RequiredParameterMissing);
        change(clerks(), named("a\u{7f}")).then_rejected(Code::InvalidValueFormat);
    }

    #[test]
    fn an_external_id_is_set_and_an_empty_one_clears() {
        let external = |id: &str| Change { external_id: Some(id.into()), ..Change::default() };
        let with = |id: Option<&str>| Event::Changed(Box::new(Naming { name: "Clerks".into(), external_id: id.map(Into::into) }));
        change(clerks(), external("x-1")).then([with(Some("x-1"))]);
        change(clerks().and(ADMIN, [with(Some("x-1"))]), external("")).then([with(None)]);
        change(clerks().and(ADMIN, [with(Some("x-1"))]), named("Clerks")).then_nothing();
    }

    #[test]
    fn members_come_and_go_and_only_what_changes_is_recorded() {
        change(clerks(), members(&[DAVID, CLARA, ANNA, CLARA], &[BORIS, DAVID, FELIX]))
            .then([Event::MembersRemoved { persons: vec![BORIS] }, Event::MembersAdded { persons: vec![CLARA, DAVID] }]);
        change(clerks(), members(&[ANNA], &[CLARA])).then_nothing();
        change(clerks(), members(&[BORIS], &[BORIS])).then_nothing();
        change(clerks(), members(&[FELIX], &[])).then_rejected(Code::AccessDeniedPerson);
        change(clerks(), members(&[PersonId(404)], &[])).then_rejected(Code::InvalidPersonId);
    }

    #[test]
    fn who_was_blocked_or_has_gone_can_be_removed() {
        let with_felix = given([role_created("Clerks", [FELIX, PersonId(404)])]);
        change(with_felix, members(&[], &[PersonId(404), FELIX])).then([Event::MembersRemoved { persons: vec![FELIX, PersonId(404)] }]);
    }

    #[test]
    fn one_out_makes_room_for_one_in() {
        let full = || given([role_created("All", (1000..1500).map(PersonId))]);
        change(full(), members(&[ANNA], &[])).then_rejected(Code::ParticipantLimitExceeded);
        assert!(change(full(), members(&[ANNA], &[PersonId(1000)])).outcome().is_ok());
        let overfull = given([role_created("All", (1000..1600).map(PersonId))]);
        assert!(change(overfull, members(&[], &[PersonId(1000)])).outcome().is_ok());
    }

    #[test]
    fn a_role_is_banned_and_restored_once() {
        let banned = |banned| Change { banned: Some(banned), ..Change::default() };
        change(clerks(), banned(true)).then([Event::Banned]);
        change(clerks(), banned(false)).then_nothing();
        change(clerks().and(ADMIN, [Event::Banned]), banned(true)).then_nothing();
        change(clerks().and(ADMIN, [Event::Banned]), banned(false)).then([Event::Restored]);
    }

    #[test]
    fn everything_at_once_is_one_command() {
        let all = Change { name: Some("Scribes".into()), banned: Some(true), ..members(&[CLARA], &[ANNA]) };
        change(clerks(), all).then([
            Event::Changed(Box::new(Naming { name: "Scribes".into(), external_id: None })),
            Event::MembersRemoved { persons: vec![ANNA] },
            Event::MembersAdded { persons: vec![CLARA] },
            Event::Banned,
        ]);
    }

    #[test]
    fn a_deleted_role_is_not_changed_and_one_that_never_was_neither() {
        let deleted = clerks().and(ADMIN, [Event::Deleted { task_receiver: None }]);
        change(deleted, named("Scribes")).then_rejected(Code::AccessDeniedPerson);
        change(given([]), named("Scribes")).then_rejected(Code::AccessDeniedPerson);
    }
}
