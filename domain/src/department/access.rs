//! Who may do what with a department, by [`crate::rights`].

use super::{Department, Rejection};
use crate::issued::Issued;
use crate::rights::Deed;

/// The asker may see the organisation's departments.
pub fn sees(issued: &Issued<'_>) -> bool {
    issued.permits(Deed::SeeDepartments)
}

/// The asker may change the tree.
pub(super) fn arranges(issued: &Issued<'_>) -> Result<(), Rejection> {
    if issued.permits(Deed::ArrangeDepartments) { Ok(()) } else { Err(Rejection::AccessDenied) }
}

impl Department {
    /// The asker may change this department, which is there.
    pub(super) fn arranged(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        arranges(issued)?;
        if self.is_there() && self.organisation == issued.organisation { Ok(()) } else { Err(Rejection::Unknown) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::department::event::{Attributes, Event};
    use crate::department::{Change, Command};
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, FELIX, GRETA, HOME, INVITER, MANAGER, ROBOT, STRANGER, directory, given, now};

    fn created() -> Event {
        Event::Created(Box::new(Attributes { name: "Sales".into(), ..Attributes::default() }))
    }

    fn commands() -> [(bool, Command); 3] {
        let create = Change { name: Some("Sales".into()), ..Change::default() };
        let rename = Change { name: Some("Purchase".into()), ..Change::default() };
        [(false, Command::Create(create)), (true, Command::Change(rename)), (true, Command::Delete)]
    }

    #[test]
    fn those_who_manage_people_arrange_departments_and_nobody_else() {
        for (there, command) in commands() {
            let given = || given::<Department>(there.then(created));
            for who in [PersonId::SYSTEM, ADMIN, MANAGER] {
                assert!(given().by(who).when(command.clone()).outcome().is_ok(), "{who} {command:?}");
            }
            for who in [ANNA, INVITER, GRETA, ROBOT, FELIX, STRANGER, PersonId(404)] {
                given().by(who).when(command.clone()).then_rejected(Code::AccessDenied);
            }
        }
    }

    #[test]
    fn everybody_but_guests_and_the_blocked_sees_them() {
        let directory = directory();
        let seeing = |who| sees(&Issued { organisation: HOME, who, at: now(), directory: &directory });
        for who in [PersonId::SYSTEM, ADMIN, ANNA, ROBOT, MANAGER] {
            assert!(seeing(who), "{who}");
        }
        for who in [GRETA, FELIX, STRANGER, PersonId(404)] {
            assert!(!seeing(who), "{who}");
        }
    }
}
