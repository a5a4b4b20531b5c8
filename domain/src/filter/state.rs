//! What decisions about a saved filter need to remember, which is also what the directory holds of it, and the fold that keeps it.

use serde::{Deserialize, Serialize};

use super::event::{Event, Settings};
use crate::directory::{Listed, OrganisationDirectory};
use crate::id::{FilterId, OrganisationId, PersonId};
use crate::recorded::Header;
use std::sync::Arc;

/// The state of a saved filter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Filter {
    pub id: FilterId,
    pub organisation: OrganisationId,
    pub exists: bool,
    pub deleted: bool,
    pub owner: PersonId,
    #[serde(with = "crate::snapshot::as_json")]
    pub settings: Settings,
}

impl Filter {
    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Created(settings) => {
                self.id = FilterId(header.stream.id);
                self.organisation = header.organisation;
                self.exists = true;
                self.owner = header.person;
                self.settings = Settings::clone(settings);
            }
            Event::Changed(settings) => self.settings = Settings::clone(settings),
            Event::Deleted => {
                self.deleted = true;
                // Nothing is asked of it any more: the directory need not hold it.
                self.settings = Settings::default();
            }
        }
    }
}

impl Listed for Filter {
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>> {
        directory.filter(FilterId(id))
    }

    fn list(self, directory: &mut OrganisationDirectory) {
        directory.filters.insert(self.id, Arc::new(self));
    }
}
