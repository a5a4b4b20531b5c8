//! Who there is: organisations, their people and rights, folded from the log and held in memory on
//! every node. A pure value with cheap clones; who reads the log for it is the `projections` crate.

use std::sync::Arc;

use imbl::{HashMap, OrdMap};

use crate::aggregate::Aggregate;
use crate::codec::{DecodeError, EventSet};
use crate::id::{Kind, OrganisationId, PersonId};
use crate::organisation::{self, Organisation};
use crate::person::Person;
use crate::recorded::Recorded;

/// An aggregate that the directory holds whole: every node knows all of them, and decisions may look at them.
pub trait Listed: Aggregate {
    /// The one of this id, if the organisation has it.
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>>;

    /// Puts it in, in place of what was known of it.
    fn list(self, directory: &mut OrganisationDirectory);
}

impl Listed for Person {
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>> {
        directory.person(PersonId(id))
    }

    fn list(self, directory: &mut OrganisationDirectory) {
        directory.put_person(self);
    }
}

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
    /// The last position that changed what tasks show of somebody who was there before; 0 if none did.
    /// It follows from the log alone, so that it means the same on every node and after a restart.
    pub revision: u64,
}

impl Directory {
    /// Takes a recorded event in. Events of other kinds than organisations and persons change nothing.
    ///
    /// # Errors
    /// When this build cannot read the event; the directory is then as it was.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<(), DecodeError> {
        let header = &recorded.header;
        match header.stream.kind {
            Kind::Organisation => {
                let event = organisation::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)?;
                self.entry(header.organisation).organisation.evolve(&event, header);
            }
            Kind::Person => self.take_in::<Person>(recorded)?,
            Kind::Task
            | Kind::Audit
            | Kind::Role
            | Kind::Department
            | Kind::List
            | Kind::Announcement
            | Kind::Article
            | Kind::Account
            | Kind::Award => {}
        }
        Ok(())
    }

    fn take_in<A: Listed>(&mut self, recorded: &Recorded) -> Result<(), DecodeError> {
        let header = &recorded.header;
        let event = A::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)?;
        let organisation = self.entry(header.organisation);
        let mut state = A::listed(organisation, header.stream.id).map(|known| A::clone(known)).unwrap_or_default();
        state.evolve(&event, header);
        state.list(organisation);
        Ok(())
    }

    fn entry(&mut self, id: OrganisationId) -> &mut OrganisationDirectory {
        let fresh = || Arc::new(OrganisationDirectory { id, ..OrganisationDirectory::default() });
        Arc::make_mut(self.organisations.entry(id).or_insert_with(fresh))
    }

    pub fn organisation(&self, id: OrganisationId) -> Option<&Arc<OrganisationDirectory>> {
        self.organisations.get(&id)
    }

    pub fn organisations(&self) -> impl Iterator<Item = &Arc<OrganisationDirectory>> {
        self.organisations.values()
    }

    /// Puts what is listed in as it is, for loading a stored directory.
    pub fn put<A: Listed>(&mut self, organisation: OrganisationId, state: A) {
        state.list(self.entry(organisation));
    }

    /// Puts a person in as they are.
    pub fn put_person(&mut self, person: Person) {
        self.put(person.organisation, person);
    }

    /// Puts an organisation in as it is, for loading a stored directory.
    pub fn put_organisation(&mut self, organisation: Organisation) {
        let id = organisation.id;
        self.entry(id).organisation = organisation;
    }

    /// Sets an organisation's revision, for loading a stored directory: what was loaded must count on from
    /// where it stood. An organisation that is not there is left alone.
    pub fn put_revision(&mut self, organisation: OrganisationId, revision: u64) {
        if let Some(entry) = self.organisations.get_mut(&organisation) {
            Arc::make_mut(entry).revision = revision;
        }
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

    fn put_person(&mut self, person: Person) {
        let email = |person: &Person| person.profile.email.to_lowercase();
        if let Some(before) = self.persons.get(&person.id) {
            let before = email(before);
            // It may be somebody else's by now.
            if self.emails.get(&before) == Some(&person.id) {
                self.emails.remove(&before);
            }
        }
        if !person.profile.email.is_empty() {
            self.emails.insert(email(&person), person.id);
        }
        self.revision = self.revision.max(u64::try_from(person.shown_changed).unwrap_or_default());
        self.persons.insert(person.id, Arc::new(person));
    }
}

#[cfg(test)]
mod tests;
