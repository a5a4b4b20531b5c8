//! What a decision may know beyond the state it decides on: who asks, when, and the organisation
//! as the directory shows it. Gathered by the runtime just before each decision.

use jiff::Timestamp;

use crate::directory::OrganisationDirectory;
use crate::id::{OrganisationId, PersonId};
use crate::person::Person;

/// The circumstances of one command.
#[derive(Clone, Copy, Debug)]
pub struct Issued<'a> {
    pub organisation: OrganisationId,
    /// Who asks. [`PersonId::SYSTEM`] is a policy, a timer or the command line.
    pub who: PersonId,
    /// The node's estimate of the log's clock.
    pub at: Timestamp,
    /// The people and rights of the organisation.
    pub directory: &'a OrganisationDirectory,
}

/// Who asks, as far as rules care.
#[derive(Clone, Copy, Debug)]
pub enum Asker<'a> {
    System,
    /// Exists and is not blocked.
    Person(&'a Person),
    /// Is blocked, or not of this organisation: may do nothing and see nothing.
    Nobody,
}

impl<'a> Issued<'a> {
    pub fn asker(&self) -> Asker<'a> {
        if self.who == PersonId::SYSTEM {
            return Asker::System;
        }
        match self.directory.person(self.who) {
            Some(person) if person.exists && !person.blocked && person.organisation == self.organisation => Asker::Person(person),
            Some(_) | None => Asker::Nobody,
        }
    }

    /// The asker holds all of `rights` (see [`crate::person::rights`]). The system holds every right.
    pub fn may(&self, rights: u32) -> bool {
        match self.asker() {
            Asker::System => true,
            Asker::Person(person) => person.may(rights),
            Asker::Nobody => false,
        }
    }
}
