//! Who may do what with a role, by [`crate::rights`].
//!
//! Members act for their role (see [`crate::directory::OrganisationDirectory::principals`]); to be one gives no say over the
//! role itself. A guest's rights count for nothing, also for guests who are members. A deleted role is seen by those who ask
//! for it, and changed by nobody.

use super::{Rejection, Role};
use crate::issued::{Asker, Issued};
use crate::rights::Deed;

impl Role {
    /// The asker may see this role.
    ///
    /// # Errors
    /// As the table says; a role that is not there is refused as one that may not be seen.
    pub fn seen(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        sees(issued)?;
        if self.exists && self.organisation == issued.organisation { Ok(()) } else { Err(Rejection::Unknown) }
    }

    /// The asker manages this role, which is still there.
    pub(super) fn managed(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        manages(issued)?;
        self.seen(issued)?;
        if self.deleted { Err(Rejection::Unknown) } else { Ok(()) }
    }
}

/// The asker may see the roles of their organisation.
///
/// # Errors
/// As the table says.
pub fn sees(issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.asker() {
        Asker::System => Ok(()),
        Asker::Person(person) if Deed::SeeRoles.allows(person) => Ok(()),
        Asker::Person(_) => Err(Rejection::AccessDenied),
        Asker::Nobody => Err(Rejection::Blocked),
    }
}

/// The asker may manage roles.
pub(super) fn manages(issued: &Issued<'_>) -> Result<(), Rejection> {
    sees(issued)?;
    if issued.permits(Deed::ManageRoles) { Ok(()) } else { Err(Rejection::AccessDenied) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate;
    use crate::directory::OrganisationDirectory;
    use crate::id::PersonId;
    use crate::rejection::{Code, Rejection as _};
    use crate::role::{Change, Command, Create};
    use crate::testing::{
        ADMIN, ANNA, AWAY, BORIS, FELIX, GRETA, HOME, MANAGER, STRANGER, directories, directory, given, now, role_created,
    };

    /// Of each: sees, creates, changes, deletes.
    fn may(who: PersonId, directory: &OrganisationDirectory) -> [Result<(), Code>; 4] {
        let role = given::<Role>([role_created("Clerks", [BORIS])]).state();
        let issued = Issued { organisation: directory.id, who, at: now(), directory };
        let decide = |role: &Role, command| role.decide(&command, &issued).map(drop).map_err(|rejection| rejection.code());
        let create = Command::Create(Box::new(Create { name: "New".into(), ..Create::default() }));
        [
            role.seen(&issued).map_err(|rejection| rejection.code()),
            decide(&Role::default(), create),
            decide(&role, Command::Change(Box::new(Change { banned: Some(true), ..Change::default() }))),
            decide(&role, Command::Delete { task_receiver: None }),
        ]
    }

    #[test]
    fn every_cell_of_the_table_holds() {
        let home = directory();
        for who in [PersonId::SYSTEM, ADMIN] {
            assert_eq!(may(who, &home), [Ok(()); 4], "{who}");
        }
        // Boris is a member, the manager manages persons.
        for who in [ANNA, BORIS, MANAGER] {
            let denied = Err(Code::AccessDenied);
            assert_eq!(may(who, &home), [Ok(()), denied, denied, denied], "{who}");
        }
        assert_eq!(may(GRETA, &home), [Err(Code::AccessDenied); 4]);
        for who in [FELIX, STRANGER, PersonId(404)] {
            assert_eq!(may(who, &home), [Err(Code::AccountBlocked); 4], "{who}");
        }
        assert_eq!(home.id, HOME);
    }

    #[test]
    fn other_organisations_find_no_role_whatever_their_rights() {
        let directories = directories();
        let away = directories.organisation(AWAY).expect("it was put in");
        let unknown = Err(Code::AccessDeniedPerson);
        let [seen, _, changed, deleted] = may(STRANGER, away);
        assert_eq!([seen, changed, deleted], [unknown; 3]);
    }
}
