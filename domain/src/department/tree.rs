//! The tree of departments: what stands below what, at most eight deep and never below itself. Not who may change it.
//!
//! Each department decides alone, and the directory that decisions look at may lag behind: two that move below each other at the
//! same moment would both find that they may. So whatever changes the tree records after which change, as the directory knew
//! them, it was decided (`after`), and claims that place in the log. Of two that were decided on the same directory the second
//! finds the place taken, and is decided again once the directory shows the first.

use std::collections::{HashMap, HashSet};

use super::{Department, Rejection};
use crate::directory::OrganisationDirectory;
use crate::id::{DepartmentId, PersonId, Position};
use crate::issued::Issued;
use crate::person::PersonKind;

/// Departments from the top to the lowest.
pub const LEVELS_MAX: usize = 8;

impl Department {
    /// Takes `parent` for this department, or says why it cannot stand there.
    pub(super) fn fits_under(&self, parent: Option<DepartmentId>, issued: &Issued<'_>) -> Result<(), Rejection> {
        let Some(parent) = parent else { return Ok(()) };
        let directory = issued.directory;
        if !directory.has_department(parent) {
            return Err(Rejection::UnknownParent);
        }
        let above = above(directory, parent);
        if self.exists && above.contains(&self.id) {
            return Err(Rejection::BelowItself);
        }
        let below = if self.exists { levels(directory, self.id) } else { 1 };
        if above.len() + below > LEVELS_MAX { Err(Rejection::TooDeep) } else { Ok(()) }
    }

    /// The place of a change of the tree that is decided now.
    pub(super) fn place(&self, issued: &Issued<'_>) -> Result<Position, Rejection> {
        // A place is claimed for a department, so that its own next change could take it once more.
        let known = issued.directory.department(self.id).map_or(0, |known| known.tree_version);
        if known == self.tree_version { Ok(issued.directory.departments_changed()) } else { Err(Rejection::Overtaken) }
    }

    /// Whether anything stands below it.
    pub(super) fn has_children(&self, directory: &OrganisationDirectory) -> bool {
        directory.departments.values().any(|other| other.is_there() && other.parent == Some(self.id))
    }
}

/// The department and those above it, from below. Those that were deleted hold nothing.
fn above(directory: &OrganisationDirectory, from: DepartmentId) -> Vec<DepartmentId> {
    let mut path = Vec::new();
    let mut next = Some(from);
    while let Some(department) = next.and_then(|id| directory.department(id)).filter(|found| found.is_there()) {
        // Never, as long as moves are decided here; a fold must end whatever the log says.
        if path.contains(&department.id) {
            break;
        }
        path.push(department.id);
        next = department.parent;
    }
    path
}

/// Levels of the tree that `root` is the top of, itself included.
fn levels(directory: &OrganisationDirectory, root: DepartmentId) -> usize {
    let mut children: HashMap<DepartmentId, Vec<DepartmentId>> = HashMap::new();
    for department in directory.departments.values().filter(|department| department.is_there()) {
        if let Some(parent) = department.parent {
            children.entry(parent).or_default().push(department.id);
        }
    }
    let (mut level, mut levels, mut seen) = (vec![root], 0, HashSet::from([root]));
    while !level.is_empty() {
        levels += 1;
        level = level.iter().flat_map(|id| children.get(id).into_iter().flatten().copied()).filter(|id| seen.insert(*id)).collect();
    }
    levels
}

impl OrganisationDirectory {
    /// Whether there is such a department today.
    pub fn has_department(&self, id: DepartmentId) -> bool {
        self.department(id).is_some_and(|department| department.is_there())
    }

    /// Who heads a department: its own head, or where it has none who is let in, the one of the department above.
    pub fn head_of(&self, department: DepartmentId) -> Option<PersonId> {
        let heads = above(self, department).into_iter().filter_map(|id| self.department(id)?.attributes.manager);
        let mut present = heads.filter(|head| self.person(*head).is_some_and(|person| person.exists && !person.blocked));
        present.next()
    }
}

/// Whether somebody can be made the head of a department.
pub(super) fn heads(directory: &OrganisationDirectory, person: PersonId) -> bool {
    directory.person(person).is_some_and(|person| person.exists && !person.blocked && person.kind == PersonKind::User)
}
