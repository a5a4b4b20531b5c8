//! Creating, changing, moving and deleting a department. Where it may stand is told by [`super::tree`].

use serde::{Deserialize, Serialize};

use super::event::{Attributes, Event, Placed};
use super::{Department, Rejection, access, tree};
use crate::aggregate::Events;
use crate::id::{DepartmentId, PersonId};
use crate::issued::Issued;
use crate::text::check_line;

/// Characters in a department's name, and in its id elsewhere.
pub const NAME_CHARACTERS_MAX: usize = 200;

/// What is given changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub name: Option<String>,
    pub parent: Option<Parent>,
    pub manager: Option<PersonId>,
    pub remove_manager: bool,
    /// Empty clears.
    pub external_id: Option<String>,
}

/// Where a department is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Parent {
    Top,
    Under(DepartmentId),
}

impl Department {
    pub(super) fn create(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::arranges(issued)?;
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        let attributes = changed(&Attributes::default(), change, issued)?;
        let mut events = vec![Event::Created(Box::new(attributes))];
        self.moved(change, issued, &mut events)?;
        Ok(events)
    }

    pub(super) fn change(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.arranged(issued)?;
        let mut events = Events::new();
        let attributes = changed(&self.attributes, change, issued)?;
        if attributes != self.attributes {
            events.push(Event::Changed(Box::new(attributes)));
        }
        self.moved(change, issued, &mut events)?;
        Ok(events)
    }

    fn moved(&self, change: &Change, issued: &Issued<'_>, events: &mut Events<Event>) -> Result<(), Rejection> {
        let Some(wanted) = change.parent else { return Ok(()) };
        let parent = match wanted {
            Parent::Top => None,
            Parent::Under(parent) => Some(parent),
        };
        if parent != self.parent {
            self.fits_under(parent, issued)?;
            events.push(Event::Moved(Placed { parent, after: self.place(issued)? }));
        }
        Ok(())
    }

    /// Its people are in no department from now on. One that has others below it stays.
    pub(super) fn delete(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::arranges(issued)?;
        if self.deleted {
            return Ok(Events::new());
        }
        self.arranged(issued)?;
        if self.has_children(issued.directory) {
            return Err(Rejection::HasChildren);
        }
        Ok(vec![Event::Deleted { after: self.place(issued)? }])
    }
}

fn changed(before: &Attributes, change: &Change, issued: &Issued<'_>) -> Result<Attributes, Rejection> {
    let name = change.name.as_ref().unwrap_or(&before.name);
    check_line(name, NAME_CHARACTERS_MAX)?;
    if name.trim().is_empty() {
        return Err(Rejection::NameMissing);
    }
    let external_id = change.external_id.as_ref().or(before.external_id.as_ref()).filter(|id| !id.is_empty());
    check_line(external_id.map_or("", String::as_str), NAME_CHARACTERS_MAX)?;
    if change.manager.is_some_and(|manager| !tree::heads(issued.directory, manager)) {
        return Err(Rejection::UnfitHead);
    }
    let manager = change.manager.or(before.manager).filter(|_| !change.remove_manager);
    Ok(Attributes { name: name.clone(), manager, external_id: external_id.cloned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::{Aggregate, ClaimChange, ClaimKind};
    use crate::department::Command;
    use crate::directory::{Directory, OrganisationDirectory};
    use crate::id::Kind;
    use crate::person::Person;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, FELIX, GRETA, Given, HOME, directory, given, header};

    /// The department that tests are about has this id ([`crate::testing::TASK`]).
    const OWN: DepartmentId = DepartmentId(77);

    fn sales() -> Attributes {
        Attributes { name: "Sales".into(), ..Attributes::default() }
    }

    fn there() -> Given<Department> {
        given([Event::Created(Box::new(sales()))])
    }

    /// Home with departments: each with its parent and head.
    fn with(departments: &[(i64, Option<i64>, Option<PersonId>)]) -> OrganisationDirectory {
        let mut directories = Directory::default();
        for person in directory().persons.values() {
            directories.put_person(Person::clone(person));
        }
        for (id, parent, manager) in departments {
            let mut department = Department::default();
            let mut header = header(Kind::Department, 1, ADMIN, 1);
            header.stream.id = *id;
            let attributes = Attributes { name: format!("No. {id}"), manager: *manager, external_id: None };
            department.evolve(&Event::Created(Box::new(attributes)), &header);
            department.parent = parent.map(DepartmentId);
            directories.put(HOME, department);
        }
        OrganisationDirectory::clone(directories.organisation(HOME).expect("it was put in"))
    }

    fn to(parent: Parent) -> Command {
        Command::Change(Change { parent: Some(parent), ..Change::default() })
    }

    fn under(id: i64) -> Command {
        to(Parent::Under(DepartmentId(id)))
    }

    #[test]
    fn a_department_is_created_with_all_that_it_has() {
        let wanted = Change {
            name: Some("Sales".into()),
            parent: Some(Parent::Under(DepartmentId(1))),
            manager: Some(BORIS),
            remove_manager: false,
            external_id: Some("s-1".into()),
        };
        let attributes = Attributes { name: "Sales".into(), manager: Some(BORIS), external_id: Some("s-1".into()) };
        let placed = Placed { parent: Some(DepartmentId(1)), after: 0 };
        let among = with(&[(1, None, None)]);
        let events = [Event::Created(Box::new(attributes)), Event::Moved(placed)];
        given::<Department>([]).among(among).by(ADMIN).when(Command::Create(wanted)).then(events);
    }

    #[test]
    fn names_and_heads_that_do_not_fit_are_refused() {
        let named = |name: &str| Command::Create(Change { name: Some(name.into()), ..Change::default() });
        let refused = |command, code| given::<Department>([]).by(ADMIN).when(command).then_rejected(code);
        refused(Command::Create(Change::default()), Code::RequiredParameterMissing);
        refused(named(" "), Code::RequiredParameterMissing);
        refused(named("Sa\u{202e}les"), Code::InvalidValueFormat);
        refused(named(&"x".repeat(10_000)), Code::ValueIsTooLong);
        for head in [FELIX, GRETA, PersonId(404)] {
            let headed = Change { name: Some("Sales".into()), manager: Some(head), ..Change::default() };
            refused(Command::Create(headed), Code::InvalidPersonId);
        }
    }

    #[test]
    fn a_head_is_taken_away_and_what_is_as_it_was_changes_nothing() {
        let headed = Attributes { manager: Some(BORIS), ..sales() };
        let given = || there().and(ADMIN, [Event::Changed(Box::new(headed.clone()))]);
        let remove = Change { remove_manager: true, ..Change::default() };
        given().by(ADMIN).when(Command::Change(remove)).then([Event::Changed(Box::new(sales()))]);
        given().by(ADMIN).when(Command::Change(Change { manager: Some(BORIS), ..Change::default() })).then_nothing();
        given().by(ADMIN).when(to(Parent::Top)).then_nothing();
    }

    #[test]
    fn nothing_stands_below_itself_or_below_what_is_below_it() {
        let among = || with(&[(OWN.0, None, None), (2, Some(OWN.0), None), (3, Some(2), None)]);
        for parent in [OWN.0, 2, 3] {
            there().among(among()).by(ADMIN).when(under(parent)).then_rejected(Code::InvalidDepartment);
        }
        there().among(among()).by(ADMIN).when(under(404)).then_rejected(Code::InvalidDepartment);
    }

    #[test]
    fn a_tree_has_eight_levels_and_no_more() {
        // 1 to 7 in a row; below the own department there is one more.
        let mut row: Vec<_> = (1..=7).map(|id| (id, Some(id - 1).filter(|parent| *parent > 0), None)).collect();
        row.extend([(OWN.0, None, None), (100, Some(OWN.0), None)]);
        there().among(with(&row)).by(ADMIN).when(under(7)).then_rejected(Code::InvalidDepartment);
        assert!(there().among(with(&row)).by(ADMIN).when(under(6)).outcome().is_ok());
        let create = |parent| {
            let parent = Some(Parent::Under(DepartmentId(parent)));
            Command::Create(Change { name: Some("Deep".into()), parent, ..Change::default() })
        };
        assert!(given::<Department>([]).among(with(&row)).by(ADMIN).when(create(7)).outcome().is_ok());
        row.push((8, Some(7), None));
        given::<Department>([]).among(with(&row)).by(ADMIN).when(create(8)).then_rejected(Code::InvalidDepartment);
    }

    #[test]
    fn only_what_has_nothing_below_it_is_deleted() {
        let below = with(&[(OWN.0, None, None), (2, Some(OWN.0), None)]);
        there().among(below).by(ADMIN).when(Command::Delete).then_rejected(Code::InvalidDepartment);
        there().among(with(&[(OWN.0, None, None)])).by(ADMIN).when(Command::Delete).then([Event::Deleted { after: 0 }]);
        there().and(ADMIN, [Event::Deleted { after: 0 }]).by(ADMIN).when(Command::Delete).then_nothing();
    }

    #[test]
    fn two_changes_that_were_decided_on_one_directory_want_one_place() {
        let place = |after: i64| [ClaimChange { kind: ClaimKind::DepartmentTree, key: after.to_string(), taken: true }];
        let state = there().state();
        assert_eq!(state.claims(&Event::Moved(Placed { parent: None, after: 7 })), place(7));
        assert_eq!(state.claims(&Event::Deleted { after: 8 }), place(8));
        // Its own move is not in the directory yet.
        let moved = there().and(ADMIN, [Event::Moved(Placed { parent: Some(DepartmentId(2)), after: 0 })]);
        let among = with(&[(OWN.0, None, None), (2, None, None), (3, None, None)]);
        moved.among(among).by(ADMIN).when(under(3)).then_rejected(Code::Conflict);
    }

    #[test]
    fn a_missing_head_is_the_one_of_the_department_above() {
        let tree =
            with(&[(1, None, Some(ANNA)), (2, Some(1), None), (3, Some(2), Some(FELIX)), (4, Some(3), Some(BORIS)), (5, None, None)]);
        let heads = [1, 2, 3, 4, 5, 404].map(|id| tree.head_of(DepartmentId(id)));
        // Felix is blocked.
        assert_eq!(heads, [Some(ANNA), Some(ANNA), Some(ANNA), Some(BORIS), None, None]);
    }
}
