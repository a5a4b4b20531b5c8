//! What everybody in the organisation may need to know of a catalog: all but its items. Every node holds it of every catalog,
//! in the directory; the items are with the catalog's actor alone.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::codec::ITEMS_CHANGED;
use super::columns::Column;
use super::event::{Event, Settings};
use crate::codec::{DecodeError, EventSet as _};
use crate::directory::{Listed, Noted, OrganisationDirectory};
use crate::id::{CatalogId, OrganisationId, PersonId, Version};
use crate::recorded::{Header, Recorded};

/// A catalog without its items.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    pub id: CatalogId,
    pub organisation: OrganisationId,
    pub exists: bool,
    /// All of its first items are there. Until then nobody sees it.
    pub ready: bool,
    pub deleted: bool,
    #[serde(with = "crate::snapshot::as_json")]
    pub settings: Settings,
    pub columns: Vec<Column>,
    /// Persons and roles.
    pub supervisors: BTreeSet<PersonId>,
    /// Rises with every change; clients are shown it.
    pub version: Version,
    /// When items last changed, or were last found to be as they shall be.
    pub synced_at: Option<Timestamp>,
    /// When anything last changed.
    pub changed_at: Option<Timestamp>,
}

impl Heading {
    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Created(created) => {
                self.id = CatalogId(header.stream.id);
                self.organisation = header.organisation;
                self.exists = true;
                self.settings.clone_from(&created.settings);
                self.columns.clone_from(&created.columns);
                self.supervisors.extend(&created.supervisors);
            }
            Event::Changed(settings) => self.settings.clone_from(settings),
            Event::ItemsChanged(_) => return,
            Event::Synced(synced) => {
                self.synced_at = Some(header.at);
                if let Some(columns) = &synced.columns {
                    self.columns.clone_from(columns);
                } else if self.ready && (synced.added, synced.updated, synced.deleted) == (0, 0, 0) {
                    return;
                }
                self.ready = true;
            }
            Event::SupervisorsAdded { persons } => self.supervisors.extend(persons),
            Event::SupervisorsRemoved { persons } => self.supervisors.retain(|person| !persons.contains(person)),
            Event::Deleted => self.deleted = true,
        }
        self.version = header.version;
        self.changed_at = Some(header.at);
    }
}

impl Heading {
    /// The column of this name, in any case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        let folded = name.to_lowercase();
        self.columns.iter().find(|column| column.name.to_lowercase() == folded)
    }
}

impl Noted for Heading {
    /// Items are passed over unread: they are long, and nothing here is told by them.
    fn note(&mut self, recorded: &Recorded) -> Result<(), DecodeError> {
        if recorded.event_type != ITEMS_CHANGED {
            self.fold(&Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)?, &recorded.header);
        }
        Ok(())
    }
}

impl Listed for Heading {
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&std::sync::Arc<Self>> {
        directory.catalog(CatalogId(id))
    }

    fn list(self, directory: &mut OrganisationDirectory) {
        directory.catalogs.insert(self.id, std::sync::Arc::new(self));
    }
}

impl OrganisationDirectory {
    pub fn catalog(&self, id: CatalogId) -> Option<&std::sync::Arc<Heading>> {
        self.catalogs.get(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::samples::{changed, created, item, items_synced, synced};
    use crate::testing::{ADMIN, given};

    #[test]
    fn a_catalog_is_there_once_all_of_its_first_items_are() {
        let begun =
            given::<crate::catalog::Catalog>([created(|_| {}), changed(|changed| changed.added = vec![item(1, &["Acme", "Bonn"])])]);
        let ready = |given: &crate::testing::Given<crate::catalog::Catalog>| given.state().heading.ready;
        assert!(!ready(&begun));
        assert!(ready(&begun.and(ADMIN, [synced(|synced| synced.added = 1)])));
    }

    #[test]
    fn the_version_rises_with_what_changes_and_not_with_what_was_found_as_it_shall_be() {
        let version = |given: &crate::testing::Given<crate::catalog::Catalog>| given.state().heading.version;
        let begun = given(items_synced());
        let before = version(&begun);
        assert_eq!(version(&begun.clone().and(ADMIN, [synced(|_| {})])), before);
        assert!(version(&begun.and(ADMIN, [Event::Deleted])) > before);
    }

    #[test]
    fn the_directory_and_the_catalog_tell_the_same_of_it() {
        let history = given::<crate::catalog::Catalog>(items_synced());
        let mut noted = Heading::default();
        for (header, event) in history.history() {
            let encoded = event.encode();
            let (event_type, schema, payload) = (encoded.event_type.to_owned(), encoded.schema, encoded.payload);
            let recorded = Recorded { header: *header, event_type, schema, meta: String::new(), payload, hash: [0; 32] };
            noted.note(&recorded).expect("it can be read");
        }
        assert_eq!(noted, history.state().heading);
    }
}
