//! Changing a list: what it is called and looks like, where it lies, and who belongs to it.

use super::create::{check, check_depth, check_people};
use super::people::{self, Part};
use super::{Change, Event, List, Reach, Rejection, Settings, access};
use crate::aggregate::Events;
use crate::id::ListId;
use crate::issued::Issued;

impl List {
    /// The order is fixed: settings, place, managers, members, deletion. A list that was deleted is restored first, if that is
    /// asked for too.
    pub(super) fn change(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match change.deleted {
            Some(false) if self.deleted => {
                let mut events = self.restore(issued)?;
                let restored = Self { deleted: false, ..self.clone() };
                // Below a list that is gone it comes back with that one, and is not changed before.
                if *change != (Change { deleted: Some(false), ..Change::default() }) {
                    restored.managed(issued)?;
                    events.extend(restored.changed(change, issued)?);
                }
                Ok(events)
            }
            Some(false) | None => {
                self.managed(issued)?;
                self.changed(change, issued)
            }
            Some(true) => {
                self.managed(issued)?;
                let mut events = self.changed(change, issued)?;
                events.extend(self.delete(issued)?);
                Ok(events)
            }
        }
    }

    fn changed(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        let mut events = Events::new();
        let settings = settings(&self.settings, change);
        if settings != self.settings {
            check(&settings)?;
            if settings.reach == Reach::Organisation && self.settings.reach != settings.reach {
                access::opens_to_all(issued)?;
            }
            events.push(Event::Changed(Box::new(settings.clone())));
        }
        let parent = match change.parent {
            None => self.parent,
            Some(to) => Some(to).filter(|to| *to != ListId::TOP),
        };
        if parent != self.parent {
            self.check_move(parent, issued)?;
            events.push(Event::Moved { parent, after: self.place(issued)? });
        }
        let (mut managers, mut members) = (self.managers.clone(), self.members.clone());
        let mut note = |persons: Vec<_>, event: fn(Vec<_>) -> Event| {
            if !persons.is_empty() {
                events.push(event(persons));
            }
        };
        let added = people::added(&change.managers_added, Part::Manager, &managers, issued)?;
        managers.extend(&added);
        note(added, |persons| Event::ManagersAdded { persons });
        let removed = people::removed(&change.managers_removed, &managers, issued)?;
        managers.retain(|person| !removed.contains(person));
        note(removed, |persons| Event::ManagersRemoved { persons });
        let added = people::added(&change.members_added, Part::Member, &members, issued)?;
        members.extend(&added);
        note(added, |persons| Event::MembersAdded { persons });
        let removed = people::removed(&change.members_removed, &members, issued)?;
        members.retain(|person| !removed.contains(person));
        note(removed, |persons| Event::MembersRemoved { persons });
        if !events.is_empty() {
            check_people(managers.len(), members.len(), settings.reach, parent)?;
        }
        Ok(events)
    }

    fn check_move(&self, parent: Option<ListId>, issued: &Issued<'_>) -> Result<(), Rejection> {
        if let Some(from) = self.parent.filter(|from| issued.directory.list(*from).is_some()) {
            access::manages_parent(from, issued)?;
        }
        let Some(to) = parent else { return Ok(()) };
        access::manages_parent(to, issued)?;
        if issued.directory.lists_up_from(to).any(|above| above.id == self.id) {
            return Err(Rejection::UnderItself);
        }
        check_depth(to, issued.directory.list_height(self.id), issued)
    }
}

/// `settings` with what is given; an empty text clears.
fn settings(settings: &Settings, change: &Change) -> Settings {
    // Taken apart by name, so that a new attribute cannot be forgotten here.
    let Change {
        name,
        parent: _,
        color,
        reach,
        external_id,
        external_version,
        managers_added: _,
        managers_removed: _,
        members_added: _,
        members_removed: _,
        deleted: _,
    } = change;
    let optional =
        |before: &Option<String>, given: &Option<String>| given.as_ref().or(before.as_ref()).filter(|text| !text.is_empty()).cloned();
    Settings {
        name: name.as_ref().unwrap_or(&settings.name).clone(),
        reach: reach.unwrap_or(settings.reach),
        color: optional(&settings.color, color),
        external_id: optional(&settings.external_id, external_id),
        external_version: optional(&settings.external_version, external_version),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::{Aggregate, ClaimChange, ClaimKind};
    use crate::id::PersonId;
    use crate::list::{Command, Created};
    use crate::rejection::Code;
    use crate::task::command::PersonRef;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, DAVID, FELIX, GRETA, Given, TASK, directory, given, list, with_list};

    /// The list that the tests are about has this id too.
    const IT: ListId = ListId(TASK);

    fn created(parent: Option<i64>) -> Event {
        let settings = Settings { name: "Move".into(), ..Settings::default() };
        Event::Created(Box::new(Created { settings, parent: parent.map(ListId), managers: vec![ANNA], members: vec![CLARA] }))
    }

    /// Anna's list with Clara, in the directory as well; below `parent` there, beside others that `around` puts in.
    fn its(parent: Option<i64>, more: impl IntoIterator<Item = Event>, around: impl IntoIterator<Item = List>) -> Given<List> {
        let history: Given<List> = given([created(parent)]).and(ANNA, more);
        let home = around.into_iter().fold(with_list(directory(), history.state()), with_list);
        history.among(home)
    }

    fn change(change: impl FnOnce(&mut Change)) -> Command {
        let mut made = Change::default();
        change(&mut made);
        Command::Change(Box::new(made))
    }

    fn named(name: &str) -> Command {
        change(|change| change.name = Some(name.into()))
    }

    fn to(parent: i64) -> Command {
        change(|change| change.parent = Some(ListId(parent)))
    }

    #[test]
    fn those_who_manage_a_list_change_it_and_others_do_not() {
        let renamed = || Event::Changed(Box::new(Settings { name: "New".into(), ..Settings::default() }));
        for who in [ANNA, PersonId::SYSTEM] {
            its(None, [], []).by(who).when(named("New")).then([renamed()]);
        }
        its(None, [], []).by(CLARA).when(named("New")).then_rejected(Code::AccessDenied);
        for who in [BORIS, ADMIN, GRETA] {
            its(None, [], []).by(who).when(named("New")).then_rejected(Code::AccessDeniedProject);
        }
        its(None, [], []).by(FELIX).when(named("New")).then_rejected(Code::AccountBlocked);
        given::<List>([]).when(named("New")).then_rejected(Code::AccessDeniedProject);
    }

    #[test]
    fn what_is_as_it_was_changes_nothing_and_an_empty_text_clears() {
        its(None, [], []).when(named("Move")).then_nothing();
        its(None, [], []).when(change(|_| {})).then_nothing();
        let coloured = || Event::Changed(Box::new(Settings { name: "Move".into(), color: Some("red".into()), ..Settings::default() }));
        let plain = Event::Changed(Box::new(Settings { name: "Move".into(), ..Settings::default() }));
        its(None, [coloured()], []).when(change(|change| change.color = Some(String::new()))).then([plain]);
        its(None, [], []).when(named(" ")).then_rejected(Code::RequiredParameterMissing);
    }

    #[test]
    fn people_come_and_go_by_id_and_by_address() {
        let command = change(|change| {
            change.managers_added = vec![PersonRef::Id(BORIS), PersonRef::Id(ANNA)];
            change.managers_removed = vec![PersonRef::Id(ANNA)];
            change.members_added = vec![PersonRef::Email("david@example.org".into()), PersonRef::Id(GRETA)];
            change.members_removed = vec![PersonRef::Id(CLARA), PersonRef::Id(BORIS)];
        });
        its(None, [], []).when(command).then([
            Event::ManagersAdded { persons: vec![BORIS] },
            Event::ManagersRemoved { persons: vec![ANNA] },
            Event::MembersAdded { persons: vec![DAVID, GRETA] },
            Event::MembersRemoved { persons: vec![CLARA] },
        ]);
        let add = |who| change(|change| change.managers_added = vec![PersonRef::Id(who)]);
        its(None, [], []).when(add(GRETA)).then_rejected(Code::CannotAddExternalUser);
        its(None, [], []).when(add(FELIX)).then_rejected(Code::AccessDeniedPerson);
        its(None, [], []).when(add(PersonId(404))).then_rejected(Code::InvalidPersonId);
    }

    #[test]
    fn a_private_list_at_the_top_keeps_a_manager() {
        let leave = || change(|change| change.managers_removed = vec![PersonRef::Id(ANNA)]);
        its(None, [], []).when(leave()).then_rejected(Code::InvalidInput);
        its(Some(1), [], [list(1, None, [ANNA])]).when(leave()).then([Event::ManagersRemoved { persons: vec![ANNA] }]);
        let open = Event::Changed(Box::new(Settings { name: "Move".into(), reach: Reach::Organisation, ..Settings::default() }));
        let closed = || change(|change| change.reach = Some(Reach::Private));
        its(None, [open.clone()], []).when(leave()).then([Event::ManagersRemoved { persons: vec![ANNA] }]);
        its(None, [open, Event::ManagersRemoved { persons: vec![ANNA] }], []).by(ADMIN).when(closed()).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn to_open_a_list_to_all_takes_the_right_to_and_to_close_it_does_not() {
        let reach = |reach| change(|change| change.reach = Some(reach));
        its(None, [], []).when(reach(Reach::Organisation)).then_rejected(Code::AccessDenied);
        let with = |reach| Event::Changed(Box::new(Settings { name: "Move".into(), reach, ..Settings::default() }));
        let managed_by_admin = Event::ManagersAdded { persons: vec![ADMIN] };
        its(None, [managed_by_admin], []).by(ADMIN).when(reach(Reach::Organisation)).then([with(Reach::Organisation)]);
        its(None, [with(Reach::Organisation)], []).when(reach(Reach::Private)).then([with(Reach::Private)]);
    }

    #[test]
    fn a_list_is_moved_by_who_manages_both_ends() {
        let around = || [list(1, None, [ANNA]), list(2, None, [BORIS]), list(3, None, [BORIS])];
        its(None, [], around()).when(to(1)).then([Event::Moved { parent: Some(ListId(1)), after: 0 }]);
        its(Some(1), [], around()).when(to(0)).then([Event::Moved { parent: None, after: 0 }]);
        its(Some(1), [], around()).when(to(1)).then_nothing();
        its(None, [], around()).when(to(2)).then_rejected(Code::AccessDeniedProject);
        its(Some(2), [], around()).when(to(0)).then_rejected(Code::AccessDeniedProject);
        its(None, [], around()).when(to(404)).then_rejected(Code::AccessDeniedProject);
        its(Some(2), [], around()).by(BORIS).when(to(3)).then([Event::Moved { parent: Some(ListId(3)), after: 0 }]);
    }

    #[test]
    fn a_list_is_not_moved_under_itself_nor_under_what_is_below_it() {
        let around = || [list(1, Some(IT), []), list(2, Some(ListId(1)), [])];
        for under in [IT.0, 1, 2] {
            its(None, [], around()).when(to(under)).then_rejected(Code::InvalidInput);
        }
    }

    #[test]
    fn two_moves_that_were_decided_on_one_directory_want_one_place() {
        let place = |after: i64| [ClaimChange { kind: ClaimKind::ListTree, key: after.to_string(), taken: true }];
        assert_eq!(its(None, [], []).state().claims(&Event::Moved { parent: None, after: 7 }), place(7));
        // Its own move is not in the directory yet.
        let moved = given::<List>([created(None)]).and(ANNA, [Event::Moved { parent: Some(ListId(1)), after: 0 }]);
        let around = [list(IT.0, None, [ANNA]), list(1, None, [ANNA]), list(2, None, [ANNA])].into_iter().fold(directory(), with_list);
        moved.among(around).when(to(2)).then_rejected(Code::Conflict);
        // Another one's is: the next place is after it.
        let other = List { tree_changed: 5, ..list(3, Some(ListId(1)), [ANNA]) };
        its(None, [], [list(1, None, [ANNA]), other]).when(to(1)).then([Event::Moved { parent: Some(ListId(1)), after: 5 }]);
    }

    #[test]
    fn a_list_is_not_moved_so_that_what_is_below_it_is_too_deep() {
        let chain = (1..=8).map(|id| list(id, (id > 1).then(|| ListId(id - 1)), [ANNA]));
        let around = || chain.clone().chain([list(20, Some(IT), [])]);
        its(None, [], around()).when(to(8)).then([Event::Moved { parent: Some(ListId(8)), after: 0 }]);
        its(None, [], around().chain([list(21, Some(ListId(20)), [])])).when(to(8)).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn a_list_is_deleted_and_restored_and_not_changed_between() {
        let restore = || change(|change| change.deleted = Some(false));
        its(None, [], []).when(Command::Delete).then([Event::Deleted]);
        its(None, [], []).when(change(|change| change.deleted = Some(true))).then([Event::Deleted]);
        its(None, [Event::Deleted], []).when(Command::Delete).then_nothing();
        its(None, [Event::Deleted], []).when(named("New")).then_rejected(Code::AccessDeniedProject);
        its(None, [Event::Deleted], []).when(restore()).then([Event::Restored]);
        its(None, [], []).when(restore()).then_nothing();
        its(None, [], []).by(CLARA).when(Command::Delete).then_rejected(Code::AccessDenied);
        its(None, [Event::Deleted], []).by(CLARA).when(restore()).then_rejected(Code::AccessDeniedProject);
        let both = change(|change| (change.deleted, change.name) = (Some(false), Some("Back".into())));
        let back = Event::Changed(Box::new(Settings { name: "Back".into(), ..Settings::default() }));
        its(None, [Event::Deleted], []).when(both).then([Event::Restored, back]);
    }
}
