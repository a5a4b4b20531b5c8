//! Who may do what with a catalog. The only place that decides it.
//!
//! | | the system | who holds `MANAGE_INTEGRATIONS` | its supervisors | others | guests | the blocked, other organisations |
//! |---|---|---|---|---|---|---|
//! | see it and its items | yes | yes | yes | yes | no | no |
//! | see it when it is deleted | yes | yes | yes | no | no | no |
//! | create one | yes | yes | | no | no | no |
//! | change items, columns, supervisors; delete | yes | yes | yes | no | no | no |
//!
//! A supervisor may be a role, and with it its members. A guest's rights count for nothing. The catalog of departments follows
//! the organisation's chart and is changed by nobody; a deleted catalog neither.

use super::rejection::Rejection;
use super::{Catalog, Heading};
use crate::issued::{Asker, Issued};
use crate::person::{Person, PersonKind, rights};

/// The source of the catalog that follows the organisation's chart.
pub const OF_DEPARTMENTS: &str = "department_catalog";

impl Heading {
    /// The asker may see the catalog and its items.
    ///
    /// # Errors
    /// As the table says; a catalog that is not there is refused as one that may not be seen.
    pub fn seen(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        let asker = colleague(issued)?;
        if !self.ready || self.organisation != issued.organisation {
            return Err(Rejection::Unknown);
        }
        if !self.deleted || self.is_managed_by(asker, issued) { Ok(()) } else { Err(Rejection::Unknown) }
    }

    /// The asker may change the catalog, and it can be changed.
    pub(super) fn changeable(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        let asker = colleague(issued)?;
        if !self.ready || self.organisation != issued.organisation {
            return Err(Rejection::Unknown);
        }
        if !self.is_managed_by(asker, issued) {
            return Err(Rejection::AccessDenied);
        }
        if self.deleted {
            return Err(Rejection::Deleted);
        }
        if self.is_of_departments() { Err(Rejection::OfDepartments) } else { Ok(()) }
    }

    pub fn is_of_departments(&self) -> bool {
        self.settings.source_type.as_deref() == Some(OF_DEPARTMENTS)
    }

    /// Nobody in particular is the system.
    fn is_managed_by(&self, asker: Option<&Person>, issued: &Issued<'_>) -> bool {
        let supervises = |person: &Person| issued.directory.principals(person.id).any(|principal| self.supervisors.contains(&principal));
        issued.may(rights::MANAGE_INTEGRATIONS) || asker.is_some_and(supervises)
    }
}

impl Catalog {
    pub(super) fn changeable(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.heading.changeable(issued)
    }
}

/// The asker may make catalogs.
pub(super) fn creates(issued: &Issued<'_>) -> Result<(), Rejection> {
    colleague(issued)?;
    if issued.may(rights::MANAGE_INTEGRATIONS) { Ok(()) } else { Err(Rejection::AccessDenied) }
}

/// The asker is of the organisation, and no guest; nobody in particular is the system.
fn colleague<'a>(issued: &Issued<'a>) -> Result<Option<&'a Person>, Rejection> {
    match issued.asker() {
        Asker::System => Ok(None),
        Asker::Person(person) => match person.kind {
            PersonKind::User | PersonKind::Bot => Ok(Some(person)),
            PersonKind::Guest => Err(Rejection::Unknown),
        },
        Asker::Nobody => Err(Rejection::Blocked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::samples::{supervised_by, vendors};
    use crate::catalog::{Event, samples};
    use crate::id::PersonId;
    use crate::testing::{
        ADMIN, ANNA, AWAY, BORIS, CLARA, CLERKS, DAVID, FELIX, GRETA, HOME, ROBOT, STRANGER, directories, now, with_roles,
    };

    #[test]
    fn who_sees_a_catalog_and_who_changes_it_is_as_the_table_says() {
        let home = with_roles();
        let judged = |heading: &Heading, who: PersonId| {
            let issued = Issued { organisation: HOME, who, at: now(), directory: &home };
            (heading.seen(&issued).is_ok(), heading.changeable(&issued).is_ok())
        };
        let heading = supervised_by(CLERKS).state().heading;
        let cases = [
            (PersonId::SYSTEM, true, true),
            (ADMIN, true, true),
            (BORIS, true, true),
            (CLARA, true, true),
            (ANNA, true, false),
            (ROBOT, true, false),
            (GRETA, false, false),
            (FELIX, false, false),
            (PersonId(404), false, false),
        ];
        let deleted = Heading { deleted: true, ..heading.clone() };
        for (who, sees, changes) in cases {
            assert_eq!(judged(&heading, who), (sees, changes), "{who}");
            assert_eq!(judged(&deleted, who), (changes, false), "{who}, deleted");
        }
        assert_eq!(judged(&Heading { ready: false, ..heading }, ADMIN), (false, false), "not all of it is there yet");
        let of_departments = samples::was(OF_DEPARTMENTS).state().heading;
        assert_eq!(judged(&of_departments, ADMIN), (true, false));
    }

    #[test]
    fn other_organisations_find_no_catalog_whatever_their_rights() {
        let directories = directories();
        let away = directories.organisation(AWAY).expect("it was put in");
        let heading = vendors().state().heading;
        for who in [STRANGER, DAVID, PersonId::SYSTEM] {
            let issued = Issued { organisation: AWAY, who, at: now(), directory: away };
            assert!(heading.seen(&issued).is_err() && heading.changeable(&issued).is_err(), "{who}");
        }
    }

    #[test]
    fn a_supervisor_who_is_taken_out_of_their_role_supervises_no_more() {
        let home = crate::testing::with_role(with_roles(), crate::testing::role(CLERKS.0, [CLARA]));
        let heading = supervised_by(CLERKS).state().heading;
        let changes = |who| heading.changeable(&Issued { organisation: HOME, who, at: now(), directory: &home });
        assert_eq!((changes(BORIS), changes(CLARA)), (Err(Rejection::AccessDenied), Ok(())));
        let removed = supervised_by(CLERKS).and(ADMIN, [Event::SupervisorsRemoved { persons: vec![CLERKS] }]).state().heading;
        assert_eq!(
            removed.changeable(&Issued { organisation: HOME, who: CLARA, at: now(), directory: &home }),
            Err(Rejection::AccessDenied)
        );
    }
}
