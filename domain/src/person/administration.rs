//! That an organisation keeps an administrator. Not who may block whom (see [`super::access`]).
//!
//! Each person decides alone, and the directory that decisions look at may lag behind: two administrators who block each other
//! at the same moment would both find the other one still there. So whoever stops being an administrator records after which
//! leaving, as the directory knew them, they leave (`person.administration_left`), and claims that place in the log. Of two who
//! decided on the same directory the second finds the place taken, and is decided again once the directory shows the first.
//! That an administrator was added meanwhile needs no such care: it only makes more of them.

use super::{Event, Person, PersonKind, Rejection, rights};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Person {
    /// Holds all that the preset "administrator" is made of, is a colleague and is let in.
    pub fn is_administrator(&self) -> bool {
        self.kind == PersonKind::User && self.may(rights::ADMINISTRATION)
    }

    /// Whether what follows makes them no administrator any more: refused for the last one, and recorded for the others.
    pub(super) fn leave_administration(&self, issued: &Issued<'_>, events: &mut Events<Event>) -> Result<(), Rejection> {
        if !self.is_administrator() {
            return Ok(());
        }
        let directory = issued.directory;
        if !directory.persons.values().any(|other| other.id != self.id && other.is_administrator()) {
            return Err(Rejection::LastAdministrator);
        }
        // A place is claimed for a person, so that one who left, came back and leaves again could take theirs once more.
        let known = directory.person(self.id).map_or(0, |known| known.administration_version);
        if known != self.administration_version {
            return Err(Rejection::Overtaken);
        }
        events.push(Event::AdministrationLeft { after: directory.administration_left() });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::{Aggregate, ClaimChange, ClaimKind};
    use crate::directory::{Directory, OrganisationDirectory};
    use crate::id::PersonId;
    use crate::person::{Change, Command};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, BORIS, Given, HOME, directory, given, ordinary, position};

    /// Boris, who is an administrator as well.
    fn promoted() -> Given<Person> {
        given([Event::Added(Box::new(ordinary("Boris", "boris@example.org"))), Event::RightsChanged { rights: rights::ADMINISTRATOR }])
    }

    /// Home with `administrators` alone among those who may be one.
    fn with(administrators: &[PersonId]) -> OrganisationDirectory {
        let mut directories = Directory::default();
        for person in directory().persons.values() {
            let mut person = Person::clone(person);
            person.rights = if administrators.contains(&person.id) { rights::ADMINISTRATOR } else { rights::DEFAULT };
            directories.put_person(person);
        }
        OrganisationDirectory::clone(directories.organisation(HOME).expect("it was put in"))
    }

    fn to_rights(rights: u32) -> Command {
        Command::Change(Box::new(Change { rights: Some(rights), ..Change::default() }))
    }

    fn ways_out() -> [Command; 4] {
        let banned = Command::Change(Box::new(Change { banned: Some(true), ..Change::default() }));
        [Command::Block, Command::Dismiss { receiver: None }, to_rights(rights::ADMINISTRATOR & !rights::SEE_ALL_TASKS), banned]
    }

    #[test]
    fn the_last_administrator_stays_in_every_way() {
        for command in ways_out() {
            promoted().among(with(&[BORIS])).by(PersonId::SYSTEM).when(command).then_rejected(Code::CannotBeFired);
        }
    }

    #[test]
    fn one_of_two_leaves_and_says_after_whom() {
        for command in ways_out() {
            let decided = promoted().by(ADMIN).when(command).outcome().expect("there is another");
            assert_eq!(decided[0], Event::AdministrationLeft { after: 0 });
        }
        promoted().by(ADMIN).when(to_rights(rights::ADMINISTRATION)).then([Event::RightsChanged { rights: rights::ADMINISTRATION }]);
    }

    #[test]
    fn those_who_count_are_colleagues_who_are_let_in() {
        // Felix is blocked and Greta a guest, both with every right.
        promoted()
            .among(with(&[BORIS, crate::testing::FELIX, crate::testing::GRETA]))
            .by(PersonId::SYSTEM)
            .when(Command::Block)
            .then_rejected(Code::CannotBeFired);
    }

    #[test]
    fn two_who_decided_on_one_directory_want_one_place() {
        let left = Event::AdministrationLeft { after: 7 };
        let place = [ClaimChange { kind: ClaimKind::AdministrationLeft, key: "7".into(), taken: true }];
        assert_eq!(promoted().state().claims(&left), place);
    }

    #[test]
    fn who_left_came_back_and_leaves_again_waits_until_the_directory_shows_it() {
        let left = [Event::AdministrationLeft { after: 0 }, Event::Blocked, Event::Restored];
        let back = || promoted().and(ADMIN, left.clone());
        back().by(ADMIN).when(Command::Block).then_rejected(Code::Conflict);
        let mut shown = Directory::default();
        for person in directory().persons.values() {
            shown.put_person(Person::clone(person));
        }
        shown.put_person(back().state());
        let shown = OrganisationDirectory::clone(shown.organisation(HOME).expect("it was put in"));
        back().among(shown).by(ADMIN).when(Command::Block).then([Event::AdministrationLeft { after: position(3) }, Event::Blocked]);
    }
}
