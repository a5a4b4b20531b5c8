//! Making a list. Its tasks are put in by commands of theirs.

use super::access;
use super::people::{self, PEOPLE_MAX, Part};
use super::tree::{DEPTH_MAX, LISTS_MAX};
use super::{Create, Created, Event, List, Reach, Rejection, Settings};
use crate::aggregate::Events;
use crate::id::{ListId, PersonId};
use crate::issued::Issued;
use crate::text::check_line;
use std::collections::BTreeSet;

/// Characters in a list's name, and in any other of its attributes.
pub const NAME_CHARACTERS_MAX: usize = 200;

impl List {
    /// Whoever makes a list manages it.
    pub(super) fn create(&self, create: &Create, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::makes(issued)?;
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        if issued.directory.lists.len() >= LISTS_MAX {
            return Err(Rejection::TooManyLists);
        }
        let parent = create.parent.filter(|parent| *parent != ListId::TOP);
        if let Some(parent) = parent {
            access::manages_parent(parent, issued)?;
            check_depth(parent, 1, issued)?;
        }
        if create.reach == Reach::Organisation {
            access::opens_to_all(issued)?;
        }
        let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let settings = Settings {
            name: create.name.clone(),
            reach: create.reach,
            color: text(&create.color),
            external_id: text(&create.external_id),
            external_version: text(&create.external_version),
        };
        check(&settings)?;
        let nobody = BTreeSet::new();
        let mut managers = people::added(&create.managers, Part::Manager, &nobody, issued)?;
        if issued.who != PersonId::SYSTEM && !managers.contains(&issued.who) {
            managers.insert(0, issued.who);
        }
        let members = people::added(&create.members, Part::Member, &nobody, issued)?;
        check_people(managers.len(), members.len(), create.reach, parent)?;
        Ok(vec![Event::Created(Box::new(Created { settings, parent, managers, members }))])
    }
}

/// Takes the settings, or says what is wrong with them.
pub(super) fn check(settings: &Settings) -> Result<(), Rejection> {
    // Taken apart by name, so that a new attribute cannot be forgotten here.
    let Settings { name, reach: _, color, external_id, external_version } = settings;
    check_line(name, NAME_CHARACTERS_MAX)?;
    for attribute in [color, external_id, external_version].into_iter().flatten() {
        check_line(attribute, NAME_CHARACTERS_MAX)?;
    }
    if name.trim().is_empty() { Err(Rejection::NameMissing) } else { Ok(()) }
}

/// There is room for `height` lists, one below the other, under `parent`.
pub(super) fn check_depth(parent: ListId, height: usize, issued: &Issued<'_>) -> Result<(), Rejection> {
    let depth = issued.directory.lists_up_from(parent).count();
    if depth + height > DEPTH_MAX { Err(Rejection::TooDeep) } else { Ok(()) }
}

/// Not too many people, and somebody who looks after it.
pub(super) fn check_people(managers: usize, members: usize, reach: Reach, parent: Option<ListId>) -> Result<(), Rejection> {
    if managers + members > PEOPLE_MAX {
        return Err(Rejection::TooManyPeople);
    }
    if managers == 0 && reach == Reach::Private && parent.is_none() { Err(Rejection::ManagerMissing) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Command;
    use crate::rejection::Code;
    use crate::task::command::PersonRef;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, FELIX, GRETA, Given, directory, given, list, role, with_list, with_role};

    fn create(change: impl FnOnce(&mut Create)) -> Command {
        let mut create = Create { name: "Move".into(), ..Create::default() };
        change(&mut create);
        Command::Create(Box::new(create))
    }

    fn created(change: impl FnOnce(&mut Created)) -> Event {
        let settings = Settings { name: "Move".into(), ..Settings::default() };
        let mut created = Created { settings, managers: vec![ANNA], ..Created::default() };
        change(&mut created);
        Event::Created(Box::new(created))
    }

    /// Lists 1 to 10, each below the one before; Anna manages the first, and Clara is a member of it.
    fn deep() -> Given<List> {
        let mut top = list(1, None, [ANNA]);
        top.members = [CLARA].into();
        let below = (2..=10).map(|id| list(id, Some(ListId(id - 1)), []));
        given::<List>([]).among(std::iter::once(top).chain(below).fold(directory(), with_list))
    }

    #[test]
    fn everybody_but_guests_makes_a_private_list_and_manages_it() {
        given::<List>([]).when(create(|_| {})).then([created(|_| {})]);
        given::<List>([]).by(GRETA).when(create(|_| {})).then_rejected(Code::AccessDenied);
        for who in [FELIX, PersonId(404)] {
            given::<List>([]).by(who).when(create(|_| {})).then_rejected(Code::AccountBlocked);
        }
    }

    #[test]
    fn a_list_of_the_organisation_needs_the_right_to() {
        let open = || create(|list| list.reach = Reach::Organisation);
        given::<List>([]).when(open()).then_rejected(Code::AccessDenied);
        given::<List>([]).by(ADMIN).when(open()).then([created(|list| {
            list.settings.reach = Reach::Organisation;
            list.managers = vec![ADMIN];
        })]);
        let of_nobody = created(|list| {
            list.settings.reach = Reach::Organisation;
            list.managers.clear();
        });
        given::<List>([]).by(PersonId::SYSTEM).when(open()).then([of_nobody]);
        given::<List>([]).by(PersonId::SYSTEM).when(create(|_| {})).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn everything_that_a_list_has_is_recorded_and_people_once() {
        let command = create(|list| {
            list.parent = Some(ListId(1));
            list.color = Some("#ff0000".into());
            list.external_id = Some("e-1".into());
            list.external_version = Some("7".into());
            list.managers = vec![PersonRef::Email("boris@example.org".into()), PersonRef::Id(BORIS)];
            list.members = vec![PersonRef::Id(GRETA), PersonRef::Id(PersonId(60))];
        });
        let home = with_list(with_role(directory(), role(60, [CLARA])), list(1, None, [ANNA]));
        given::<List>([]).among(home).when(command).then([created(|list| {
            list.parent = Some(ListId(1));
            list.settings.color = Some("#ff0000".into());
            list.settings.external_id = Some("e-1".into());
            list.settings.external_version = Some("7".into());
            list.managers = vec![ANNA, BORIS];
            list.members = vec![GRETA, PersonId(60)];
        })]);
    }

    #[test]
    fn those_who_manage_a_list_or_one_above_it_make_lists_below_it() {
        let under = |parent| create(|list| list.parent = Some(ListId(parent)));
        for parent in [1, 2, 9] {
            deep().when(under(parent)).then([created(|list| list.parent = Some(ListId(parent)))]);
        }
        deep().by(CLARA).when(under(2)).then_rejected(Code::AccessDenied);
        deep().by(BORIS).when(under(2)).then_rejected(Code::AccessDeniedProject);
        deep().when(under(404)).then_rejected(Code::AccessDeniedProject);
        deep().when(under(10)).then_rejected(Code::InvalidInput);
        deep().when(under(0)).then([created(|_| {})]);
    }

    #[test]
    fn bad_lists_are_refused() {
        let refused = |change: fn(&mut Create), code| given::<List>([]).when(create(change)).then_rejected(code);
        refused(|list| list.name = " ".into(), Code::RequiredParameterMissing);
        refused(|list| list.name = "x".repeat(201), Code::ValueIsTooLong);
        refused(|list| list.name = "a\0".into(), Code::InvalidValueFormat);
        refused(|list| list.color = Some("a\nb".into()), Code::InvalidValueFormat);
        refused(|list| list.external_id = Some("x".repeat(201)), Code::ValueIsTooLong);
        refused(|list| list.managers = vec![PersonRef::Id(GRETA)], Code::CannotAddExternalUser);
        refused(|list| list.members = vec![PersonRef::Id(FELIX)], Code::AccessDeniedPerson);
        refused(|list| list.members = vec![PersonRef::Id(PersonId(404))], Code::InvalidPersonId);
        refused(|list| list.members = vec![PersonRef::Email("x@y".into())], Code::InvalidEmail);
        refused(|list| list.members = vec![PersonRef::Id(BORIS); 1_001], Code::ParticipantLimitExceeded);
    }

    #[test]
    fn a_list_is_made_once() {
        given::<List>([created(|_| {})]).when(create(|_| {})).then_rejected(Code::Conflict);
    }
}
