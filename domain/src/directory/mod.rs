//! Who there is: organisations, their people and rights, folded from the log and held in memory on
//! every node. A pure value with cheap clones; who reads the log for it is the `projections` crate.

use std::sync::Arc;

use imbl::{HashMap, OrdMap};

use crate::id::{OrganisationId, PersonId};
use crate::organisation::Organisation;
use crate::person::Person;

/// Every organisation of the installation. Cloning copies a reference.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    pub(crate) organisations: HashMap<OrganisationId, Arc<OrganisationDirectory>>,
}

/// The people of one organisation.
#[derive(Clone, Debug, Default)]
pub struct OrganisationDirectory {
    pub id: OrganisationId,
    pub organisation: Organisation,
    pub persons: OrdMap<PersonId, Arc<Person>>,
    /// Address in lower case to person.
    pub(crate) emails: HashMap<String, PersonId>,
    /// Rises whenever something that a task shows of a person has changed for somebody who was there before.
    pub revision: u64,
}

impl Directory {
    /// Takes a recorded event in. Events of other kinds than organisations and persons change nothing.
    pub fn apply(&mut self, _recorded: &crate::recorded::Recorded) -> Result<(), crate::codec::DecodeError> {
        todo!()
    }

    pub fn organisation(&self, id: OrganisationId) -> Option<&Arc<OrganisationDirectory>> {
        self.organisations.get(&id)
    }

    pub fn organisations(&self) -> impl Iterator<Item = &Arc<OrganisationDirectory>> {
        self.organisations.values()
    }

    /// Puts a person in as they are, for loading a stored directory.
    pub fn put_person(&mut self, _person: Person) {
        todo!()
    }

    /// Puts an organisation in as it is, for loading a stored directory.
    pub fn put_organisation(&mut self, _organisation: Organisation) {
        todo!()
    }
}

impl OrganisationDirectory {
    pub fn person(&self, id: PersonId) -> Option<&Arc<Person>> {
        self.persons.get(&id)
    }

    /// The person with this address, in any case.
    pub fn by_email(&self, email: &str) -> Option<&Arc<Person>> {
        self.emails.get(&email.to_lowercase()).and_then(|id| self.persons.get(id))
    }
}
