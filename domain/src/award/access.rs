//! Who may do what with awards, by [`crate::rights`]. Nobody sees one that is deleted. What is unknown, foreign and forbidden gives
//! one answer.

use super::{Award, Rejection};
use crate::issued::{Asker, Issued};
use crate::rights::Deed;

/// The asker may see the awards of their organisation, and who holds them.
///
/// # Errors
/// As the table says.
pub fn sees(issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.asker() {
        Asker::System => Ok(()),
        Asker::Person(person) if Deed::SeeAwards.allows(person) => Ok(()),
        Asker::Person(_) => Err(Rejection::AccessDenied),
        Asker::Nobody => Err(Rejection::Blocked),
    }
}

/// The asker may manage awards, and see thresholds and counters.
///
/// # Errors
/// As the table says.
pub fn manages(issued: &Issued<'_>) -> Result<(), Rejection> {
    sees(issued)?;
    if issued.permits(Deed::ManageAwards) { Ok(()) } else { Err(Rejection::AccessDenied) }
}

impl Award {
    /// The asker may see this award.
    ///
    /// # Errors
    /// As the table says.
    pub fn seen(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        sees(issued)?;
        if self.is_there() && self.organisation == issued.organisation { Ok(()) } else { Err(Rejection::Unknown) }
    }

    /// The asker may manage this award.
    pub(super) fn managed(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        manages(issued)?;
        self.seen(issued)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate;
    use crate::award::{Command, Create, Event, Limits};
    use crate::directory::{Listed as _, OrganisationDirectory};
    use crate::id::PersonId;
    use crate::person::{Person, rights};
    use crate::rejection::{Code, Rejection as _};
    use crate::testing::{
        ADMIN, ANNA, AWAY, BORIS, EVA, FELIX, GRETA, MANAGER, ROBOT, STRANGER, award_created, directories, directory, given, now,
    };

    /// Of each: sees, creates, renames, sets thresholds, counts up, sets a counter, deletes.
    fn may(who: PersonId, directory: &OrganisationDirectory) -> [Result<(), Code>; 7] {
        let award = given::<Award>([award_created("Tester", 3, 10)]).state();
        let issued = Issued { organisation: directory.id, who, at: now(), directory };
        let decide = |award: &Award, command| award.decide(&command, &issued).map(drop).map_err(|rejection| rejection.code());
        let create = Create { name: "New".into(), ..Create::default() };
        [
            award.seen(&issued).map_err(|rejection| rejection.code()),
            decide(&Award::default(), Command::Create(Box::new(create))),
            decide(&award, Command::Change { name: Some("Else".into()), description: None }),
            decide(&award, Command::SetThresholds(Limits { grant: Some(9), revoke: None })),
            decide(&award, Command::Increment { person: BORIS }),
            decide(&award, Command::SetCounter { person: BORIS, value: 2 }),
            decide(&award, Command::Delete),
        ]
    }

    /// At home, with a bot and Boris who hold just the rights of the preset.
    fn home() -> OrganisationDirectory {
        let mut directory = directory();
        for who in [BORIS, ROBOT, GRETA] {
            let mut person: Person = directory.person(who).map(|person| Person::clone(person)).expect("they are there");
            person.rights = rights::CONFIGURATION_MANAGER;
            person.list(&mut directory);
        }
        directory
    }

    #[test]
    fn every_cell_of_the_table_holds() {
        let home = home();
        for who in [PersonId::SYSTEM, ADMIN, BORIS, ROBOT] {
            assert_eq!(may(who, &home), [Ok(()); 7], "{who}");
        }
        let denied = Err(Code::AccessDeniedAwards);
        for who in [ANNA, EVA, MANAGER] {
            assert_eq!(may(who, &home), [Ok(()), denied, denied, denied, denied, denied, denied], "{who}");
        }
        assert_eq!(may(GRETA, &home), [denied; 7], "a guest's rights count for nothing");
        for who in [FELIX, STRANGER, PersonId(404)] {
            assert_eq!(may(who, &home), [Err(Code::AccountBlocked); 7], "{who}");
        }
    }

    #[test]
    fn other_organisations_find_no_award_and_nobody_finds_a_deleted_one() {
        let directories = directories();
        let away = directories.organisation(AWAY).expect("it was put in");
        let [seen, _, rest @ ..] = may(STRANGER, away);
        assert_eq!((seen, rest), (Err(Code::AccessDeniedAwards), [Err(Code::AccessDeniedAwards); 5]));
        let deleted = given::<Award>([award_created("Tester", 3, 10), Event::Deleted]);
        deleted.by(ADMIN).when(Command::Increment { person: BORIS }).then_rejected(Code::AccessDeniedAwards);
    }
}
