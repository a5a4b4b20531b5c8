//! What decisions about an award need to remember, and the fold that keeps it. Since when somebody holds it is the view's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::{Event, Naming, Thresholds};
use crate::id::{OrganisationId, PersonId};
use crate::recorded::Header;

/// The state of an award.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    pub organisation: OrganisationId,
    pub exists: bool,
    pub deleted: bool,
    #[serde(with = "crate::snapshot::as_json")]
    pub naming: Naming,
    pub thresholds: Thresholds,
    /// Everybody for whom anything is counted, or who holds it.
    pub counted: BTreeMap<PersonId, Counted>,
}

/// What is known of one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub counter: u32,
    pub holds: bool,
}

impl Award {
    pub fn is_there(&self) -> bool {
        self.exists && !self.deleted
    }

    /// The award itself, without anybody who was counted for: there may be as many as people.
    #[must_use]
    pub fn by_itself(&self) -> Self {
        let Self { organisation, exists, deleted, naming, thresholds, counted: _ } = self;
        Self {
            organisation: *organisation,
            exists: *exists,
            deleted: *deleted,
            naming: naming.clone(),
            thresholds: *thresholds,
            counted: BTreeMap::new(),
        }
    }

    /// What is counted for a person, who may never have been counted for.
    pub fn counted(&self, person: PersonId) -> Counted {
        self.counted.get(&person).copied().unwrap_or_default()
    }

    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Created(created) => {
                self.organisation = header.organisation;
                self.exists = true;
                self.naming.clone_from(&created.naming);
                self.thresholds = created.thresholds;
            }
            Event::Changed(naming) => self.naming.clone_from(naming),
            Event::ThresholdsSet(thresholds) => self.thresholds = *thresholds,
            Event::Counted { person, counter } => self.note(*person, |counted| counted.counter = *counter),
            Event::Granted { persons } => persons.iter().for_each(|person| self.note(*person, |counted| counted.holds = true)),
            Event::Revoked { persons } => persons.iter().for_each(|person| self.note(*person, |counted| counted.holds = false)),
            Event::Deleted => self.deleted = true,
        }
    }

    fn note(&mut self, person: PersonId, change: impl FnOnce(&mut Counted)) {
        let counted = self.counted.entry(person).or_default();
        change(counted);
        if *counted == Counted::default() {
            self.counted.remove(&person);
        }
    }
}
