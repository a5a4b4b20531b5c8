//! The catalog of departments: the organisation's chart, as forms take it. It is no stream: it is told by the directory, so that it is
//! always as true as the chart, and nobody changes it. Not the chart itself (see [`crate::department`]).
//!
//! Each department is an item whose id is the department's. Its first value is the department's name, or where several are called
//! the same, the path to it. The workflow column `Head` names who heads it, inherited from above where it has nobody.

use std::collections::HashMap;
use std::sync::Arc;

use super::access::OF_DEPARTMENTS;
use super::columns::{Column, ColumnKind};
use super::event::Settings;
use super::items::{Item, Items};
use super::row::Row;
use super::{Catalog, Heading};
use crate::department::Department;
use crate::directory::OrganisationDirectory;
use crate::id::{CatalogId, DepartmentId, PersonId};

/// The same in every organisation; no other catalog has it. Within 32 bits, as clients keep ids.
pub const DEPARTMENTS: CatalogId = CatalogId(2_147_483_647);

const NAME: &str = "Departments";
/// The column of who heads a department.
const HEAD: &str = "Head";
/// Between the names in a path.
const BELOW: &str = " / ";

/// The heading follows a department that came, changed or went; `before` is what was known of it.
pub(crate) fn follow(directory: &mut OrganisationDirectory, before: Option<&Department>, now: &Department) {
    let known = directory.catalogs.get(&DEPARTMENTS).map_or(0, |heading| heading.version);
    // Of all their versions together: the same on every node, and higher with every change.
    let version = known - before.map_or(0, |before| before.version) + now.version;
    let column = |name: &str, kind| Column { name: name.to_owned(), kind };
    let columns = vec![column("Department", ColumnKind::Text), column("Parent", ColumnKind::Text), column(HEAD, ColumnKind::Workflow)];
    let settings = Settings { name: NAME.to_owned(), source_type: Some(OF_DEPARTMENTS.to_owned()), ..Settings::default() };
    let (id, organisation) = (DEPARTMENTS, now.organisation);
    let heading = Heading { id, organisation, exists: true, ready: true, settings, columns, version, ..Heading::default() };
    directory.catalogs.insert(id, Arc::new(heading));
}

/// The catalog as the chart is now; one that is not there where there was never a department.
pub fn catalog(directory: &OrganisationDirectory) -> Catalog {
    let Some(heading) = directory.catalog(DEPARTMENTS) else { return Catalog::default() };
    Catalog { heading: Heading::clone(heading), items: items(directory), ..Catalog::default() }
}

/// Who heads the department of this item today; nothing for another column than that.
pub fn head(directory: &OrganisationDirectory, item: i64, column: &str) -> Option<PersonId> {
    if column.eq_ignore_ascii_case(HEAD) { directory.head_of(DepartmentId(item)) } else { None }
}

fn items(directory: &OrganisationDirectory) -> Items {
    let (there, gone): (Vec<_>, Vec<_>) = directory.departments.values().partition(|department| department.is_there());
    let mut called: HashMap<&str, usize> = HashMap::new();
    for department in &there {
        *called.entry(&department.attributes.name).or_default() += 1;
    }
    let is_only = |department: &Department| called.get(department.attributes.name.as_str()) == Some(&1);
    let mut items = Items::default();
    // Those that are there come last: a name is theirs.
    for department in gone {
        items.put(item(department, department.attributes.name.clone(), None, directory));
    }
    let mut taken: HashMap<String, i64> = HashMap::new();
    for department in there {
        let name = if is_only(department) { department.attributes.name.clone() } else { path(department, directory) };
        // Two that stand under the same one and are called the same are told apart by their ids.
        let name = if taken.contains_key(&name) { format!("{name} #{}", department.id.0) } else { name };
        taken.insert(name.clone(), department.id.0);
        items.put(item(department, name, directory.head_of(department.id), directory));
    }
    items
}

fn item(department: &Department, name: String, head: Option<PersonId>, directory: &OrganisationDirectory) -> Item {
    let parent = department.parent.and_then(|parent| directory.department(parent)).filter(|parent| parent.is_there());
    let parent = parent.map_or("", |parent| &parent.attributes.name).to_owned();
    let head = head.map(|head| head.0.to_string()).unwrap_or_default();
    let external_id = department.attributes.external_id.as_deref().map(Arc::from);
    Item { id: department.id.0, row: Row::of([name, parent, head]), external_id, deleted: department.deleted }
}

/// Names from the top to the department.
fn path(department: &Department, directory: &OrganisationDirectory) -> String {
    let mut names = vec![department.attributes.name.as_str()];
    let mut next = department.parent;
    while let Some(parent) = next.and_then(|id| directory.department(id)).filter(|parent| parent.is_there()) {
        // Never, as long as moves are decided by departments; a walk must end whatever the log says.
        if names.len() > crate::department::tree::LEVELS_MAX {
            break;
        }
        names.push(&parent.attributes.name);
        next = parent.parent;
    }
    names.reverse();
    names.join(BELOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate as _;
    use crate::catalog::samples::upsert;
    use crate::catalog::{Command, Rejection};
    use crate::department::Attributes;
    use crate::directory::Listed as _;
    use crate::issued::Issued;
    use crate::testing::{ADMIN, ANNA, BORIS, FELIX, HOME, with_roles};

    fn department(id: i64, name: &str, parent: Option<i64>, manager: Option<PersonId>) -> Department {
        Department {
            id: DepartmentId(id),
            organisation: HOME,
            exists: true,
            attributes: Attributes { name: name.into(), manager, external_id: (id == 2).then(|| "s".into()) },
            parent: parent.map(DepartmentId),
            version: 1,
            ..Department::default()
        }
    }

    fn chart(departments: impl IntoIterator<Item = Department>) -> OrganisationDirectory {
        let mut home = with_roles();
        departments.into_iter().for_each(|department| department.list(&mut home));
        home
    }

    fn rows(directory: &OrganisationDirectory) -> Vec<(i64, Vec<String>, bool)> {
        let catalog = catalog(directory);
        catalog.items.iter().map(|item| (item.id, item.row.cells().map(str::to_owned).collect(), item.deleted)).collect()
    }

    fn row(id: i64, cells: [&str; 3], deleted: bool) -> (i64, Vec<String>, bool) {
        (id, cells.map(str::to_owned).to_vec(), deleted)
    }

    #[test]
    fn each_department_is_an_item_with_its_parent_and_whoever_heads_it() {
        let gone = Department { deleted: true, ..department(5, "Sales", Some(1), Some(BORIS)) };
        let home = chart([
            department(1, "Acorn", None, Some(ANNA)),
            department(2, "Sales", Some(1), None),
            // Felix is blocked.
            department(3, "North", Some(2), Some(FELIX)),
            department(4, "South", Some(2), Some(BORIS)),
            gone,
        ]);
        assert_eq!(
            rows(&home),
            [
                row(1, ["Acorn", "", "11"], false),
                row(2, ["Sales", "Acorn", "11"], false),
                row(3, ["North", "Sales", "11"], false),
                row(4, ["South", "Sales", "12"], false),
                row(5, ["Sales", "Acorn", ""], true),
            ]
        );
        let items = catalog(&home).items;
        assert_eq!(items.called("Sales").map(|item| (item.id, item.external_id.as_deref())), Some((2, Some("s"))));
    }

    #[test]
    fn departments_of_one_name_are_called_by_their_paths() {
        let home = chart([
            department(1, "Acorn", None, None),
            department(2, "Oak", None, None),
            department(3, "Sales", Some(1), None),
            department(4, "Sales", Some(2), None),
            department(5, "Sales", Some(2), None),
        ]);
        let names: Vec<String> = rows(&home).into_iter().map(|(_, cells, _)| cells[0].clone()).collect();
        assert_eq!(names, ["Acorn", "Oak", "Acorn / Sales", "Oak / Sales", "Oak / Sales #5"]);
    }

    #[test]
    fn the_catalog_is_as_the_chart_is_and_its_version_rises_with_it() {
        let mut home = chart([department(1, "Acorn", None, Some(ANNA)), department(2, "Sales", Some(1), None)]);
        let version = |home: &OrganisationDirectory| home.catalog(DEPARTMENTS).map(|heading| heading.version);
        assert_eq!(version(&home), Some(2));
        Department { version: 2, ..department(2, "Selling", Some(1), Some(BORIS)) }.list(&mut home);
        assert_eq!((version(&home), &rows(&home)[1]), (Some(3), &row(2, ["Selling", "Acorn", "12"], false)));
        Department { version: 3, deleted: true, ..department(2, "Selling", Some(1), None) }.list(&mut home);
        assert_eq!((version(&home), rows(&home)[1].2), (Some(4), true));
        assert_eq!((head(&home, 1, "head"), head(&home, 1, "Parent")), (Some(ANNA), None));
        assert!(with_roles().catalog(DEPARTMENTS).is_none() && !catalog(&with_roles()).heading.exists);
    }

    #[test]
    fn nobody_changes_it() {
        let home = chart([department(1, "Acorn", None, None)]);
        let refused = |who, command: &Command| {
            let issued = Issued { organisation: HOME, who, at: crate::testing::now(), directory: &home };
            catalog(&home).decide(command, &issued).expect_err("it is refused")
        };
        for command in [upsert(Vec::new(), &["Acorn"]), Command::Delete, Command::ChangePeople { added: Vec::new(), removed: Vec::new() }] {
            assert_eq!((refused(ADMIN, &command), refused(ANNA, &command)), (Rejection::OfDepartments, Rejection::AccessDenied));
        }
    }
}
