//! As whom somebody asks: what is held against the grants of tasks. The rule itself is `domain`'s (`task/access.rs`); this is
//! the same rule as data, and a test holds the two together.

use domain::issued::Asker;
use domain::rights::Deed;
use domain::{Issued, PersonId};

use super::rule::form_principal;

/// The asker's side of the grants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Sees every task of the organisation.
    pub(crate) all: bool,
    /// The asker and their roles, those who are away and whom they stand in for, and the forms all of whose tasks they see.
    pub(crate) principals: Vec<i64>,
    /// Every list that they see.
    pub(crate) lists: Vec<i64>,
}

/// The task's side of it: what it names, and where it lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Persons, roles, and below zero its form.
    pub principals: Vec<i64>,
    pub lists: Vec<i64>,
}

impl Access {
    /// Sees every task of the organisation.
    pub fn sees_all(&self) -> bool {
        self.all
    }

    /// What is held against what tasks name.
    pub fn principals(&self) -> &[i64] {
        &self.principals
    }

    /// What is held against where tasks lie.
    pub fn lists(&self) -> &[i64] {
        &self.lists
    }

    /// Whether a task of the organisation that grants this much may be shown: the same as the query's clause.
    pub fn sees(&self, grants: &Grants) -> bool {
        self.all
            || grants.principals.iter().any(|principal| self.principals.contains(principal))
            || grants.lists.iter().any(|list| self.lists.contains(list))
    }

    /// Sees all that is asked for, where `all` is true: whoever was found to see every task of it.
    #[must_use]
    pub fn or_all(self, all: bool) -> Self {
        Self { all: self.all || all, ..self }
    }

    /// Whoever may see nothing has no principal and no list.
    pub fn of(issued: &Issued<'_>) -> Self {
        match issued.asker() {
            Asker::System => Self { all: true, ..Self::default() },
            Asker::Person(person) if Deed::SeeTask.allows(person) => Self { all: true, ..Self::default() },
            Asker::Person(person) => Self {
                all: false,
                principals: principals(issued, person.id).chain(forms(issued)).map(|principal| principal.0).collect(),
                lists: issued.list_ids().into_iter().map(|list| list.0).collect(),
            },
            Asker::Nobody => Self::default(),
        }
    }
}

fn principals(issued: &Issued<'_>, person: PersonId) -> impl Iterator<Item = PersonId> {
    issued.directory.principals(person).chain(issued.directory.deputised_by(person, issued.at))
}

fn forms(issued: &Issued<'_>) -> impl Iterator<Item = PersonId> {
    let forms = issued.directory.forms.values();
    forms.filter(|form| form.level(issued).sees_all_tasks()).map(|form| form_principal(form.id))
}

/// True of a row `r` of `task_row` that the asker may see; $1 is the organisation, and the three of [`Access`] follow as $2, $3
/// and $4.
pub(super) const MAY_SEE: &str = "($2 OR EXISTS (SELECT FROM {view}.task_grant g
                WHERE g.task = r.task AND g.organisation = $1 AND g.principal = ANY ($3))
        OR EXISTS (SELECT FROM {view}.task_in_list l
                WHERE l.task = r.task AND l.organisation = $1 AND l.list = ANY ($4)))";
