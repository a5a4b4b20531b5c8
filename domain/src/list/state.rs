//! What decisions about a list need to remember, which is also what the directory shows of it, and the fold that keeps it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::event::{Created, Event, Settings};
use crate::id::{ListId, OrganisationId, PersonId, Position, Version};
use crate::recorded::Header;

/// For whom a list is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// For its managers and members, and those of the lists above it.
    #[default]
    Private,
    /// For everybody of the organisation but guests.
    Organisation,
}

/// The state of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct List {
    pub id: ListId,
    pub organisation: OrganisationId,
    pub exists: bool,
    /// By itself; it is also gone when a list above it is.
    pub deleted: bool,
    #[serde(with = "crate::snapshot::as_json")]
    pub settings: Settings,
    pub parent: Option<ListId>,
    /// Persons and roles.
    pub managers: BTreeSet<PersonId>,
    pub members: BTreeSet<PersonId>,
    /// Rises with every change; clients are shown it.
    pub version: Version,
    /// Where it last moved; 0 if it never did.
    pub tree_changed: Position,
    /// The version behind the position, for when the log tells where it is.
    pub(crate) tree_version: Version,
}

impl List {
    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        self.version = header.version;
        match event {
            Event::Created(created) => self.created(created, header),
            Event::Changed(settings) => self.settings.clone_from(settings),
            Event::Moved { parent, after: _ } => {
                self.parent = *parent;
                (self.tree_changed, self.tree_version) = (header.position, header.version);
            }
            Event::ManagersAdded { persons } => self.managers.extend(persons),
            Event::ManagersRemoved { persons } => self.managers.retain(|person| !persons.contains(person)),
            Event::MembersAdded { persons } => self.members.extend(persons),
            Event::MembersRemoved { persons } => self.members.retain(|person| !persons.contains(person)),
            Event::Deleted => self.deleted = true,
            Event::Restored => self.deleted = false,
        }
    }

    fn created(&mut self, created: &Created, header: &Header) {
        self.id = ListId(header.stream.id);
        self.organisation = header.organisation;
        self.exists = true;
        self.settings.clone_from(&created.settings);
        self.parent = created.parent;
        self.managers.extend(&created.managers);
        self.members.extend(&created.members);
    }
}
