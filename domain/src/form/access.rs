//! Who may do what with a form, and with its tasks through it, by levels; `MANAGE_INTEGRATIONS` is asked of [`crate::rights`].
//!
//! | | none | member | manager | restricted manager | administrator | `MANAGE_INTEGRATIONS` |
//! |---|---|---|---|---|---|---|
//! | see the form | no | yes | yes | yes | yes | yes |
//! | make a task of it | no | yes | yes | yes | yes | no |
//! | see its register: of all tasks, or of those that they see anyway | no | their own | all | all | all | no |
//! | see and comment all its tasks | no | no | yes | yes | yes | no |
//! | change fields that are frozen | no | no | yes | no | yes | no |
//! | change, publish, close it, give levels | no | no | no | no | yes | yes |
//! | make a form | `MANAGE_INTEGRATIONS`; who makes one administers it | | | | | yes |
//!
//! A level is of a person or of a role; the highest counts. A guest has at most the level of a member. The system may do
//! everything; the blocked and other organisations nothing.

use serde::{Deserialize, Serialize};

use super::rejection::Rejection;
use super::state::Form;
use crate::id::FormId;
use crate::issued::{Asker, Issued};
use crate::person::PersonKind;
use crate::rights::Deed;

/// What somebody is to a form; each is also what those before it are, unless the table says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    #[default]
    None,
    Member,
    RestrictedManager,
    Manager,
    Administrator,
}

impl Level {
    pub const ALL: [Self; 5] = [Self::None, Self::Member, Self::RestrictedManager, Self::Manager, Self::Administrator];

    /// The word on the wire (pyrus.md §1.4).
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Member => "member",
            Self::RestrictedManager => "restricted_manager",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }

    /// Sees all tasks of the form.
    pub fn sees_all_tasks(self) -> bool {
        self >= Self::RestrictedManager
    }

    /// Changes fields that are frozen.
    pub fn changes_frozen(self) -> bool {
        self >= Self::Manager
    }
}

impl Issued<'_> {
    /// What the asker is to a form of this organisation; nothing to one that is not there.
    pub fn level(&self, form: FormId) -> Level {
        self.directory.form(form).map_or(Level::None, |form| form.level(self))
    }
}

impl Form {
    /// What the asker is to the form.
    pub fn level(&self, issued: &Issued<'_>) -> Level {
        if !self.exists || self.organisation != issued.organisation {
            return Level::None;
        }
        match issued.asker() {
            Asker::System => Level::Administrator,
            Asker::Person(person) => {
                let principals = issued.directory.principals(person.id);
                let level = principals.filter_map(|principal| self.levels.get(&principal)).max().copied().unwrap_or_default();
                if person.kind == PersonKind::Guest { level.min(Level::Member) } else { level }
            }
            Asker::Nobody => Level::None,
        }
    }

    /// Also who reads its levels.
    pub fn may_see(&self, issued: &Issued<'_>) -> bool {
        self.level(issued) != Level::None || self.may_change(issued)
    }

    pub fn may_change(&self, issued: &Issued<'_>) -> bool {
        let configures = issued.permits(Deed::ConfigureForms) && self.organisation == issued.organisation;
        self.exists && (self.level(issued) == Level::Administrator || configures)
    }

    /// Refuses who may not change it.
    pub(super) fn changeable(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        if !self.may_see(issued) {
            return Err(Rejection::Unknown);
        }
        if self.may_change(issued) { Ok(()) } else { Err(Rejection::AccessDenied) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, CLERKS, FELIX, GRETA, HOME, STRANGER, now, with_form, with_roles};

    #[test]
    fn the_highest_level_counts_and_a_guest_is_a_member_at_most() {
        let levels = [(BORIS, Level::Member), (CLERKS, Level::Manager), (GRETA, Level::Administrator), (FELIX, Level::Administrator)];
        let form = Form { id: FormId(1), organisation: HOME, exists: true, levels: levels.into(), ..Form::default() };
        let home = with_form(with_roles(), form);
        let level = |who| Issued { organisation: HOME, who, at: now(), directory: &home }.level(FormId(1));
        assert_eq!(level(BORIS), Level::Manager, "by the role");
        assert_eq!(level(GRETA), Level::Member);
        for nobody in [ANNA, ADMIN, FELIX, STRANGER, PersonId(404)] {
            assert_eq!(level(nobody), Level::None);
        }
        assert_eq!(level(PersonId::SYSTEM), Level::Administrator);
        let changes = |who| {
            home.form(FormId(1)).is_some_and(|form| form.may_change(&Issued { organisation: HOME, who, at: now(), directory: &home }))
        };
        assert!(changes(ADMIN) && !changes(CLARA) && !changes(GRETA));
    }

    #[test]
    fn words_are_those_of_the_api() {
        for level in Level::ALL {
            assert_eq!(Level::of(level.word()), Some(level));
        }
        assert_eq!(Level::of("owner"), None);
    }
}
