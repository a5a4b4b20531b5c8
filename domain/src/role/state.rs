//! What decisions about a role need to remember, which is also what the directory shows of it, and the fold that keeps it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::id::{OrganisationId, PersonId, Position, Version};
use crate::recorded::Header;

/// The state of a role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Role {
    pub id: PersonId,
    pub organisation: OrganisationId,
    pub exists: bool,
    pub name: String,
    pub external_id: Option<String>,
    pub banned: bool,
    pub deleted: bool,
    /// Also those who are blocked: they do not act, and are back when they are restored.
    pub members: BTreeSet<PersonId>,
    /// The last position that changed what tasks show of a role that was there before; 0 if none did.
    pub shown_changed: Position,
    /// The version behind it, for when the log tells where it is.
    pub(crate) shown_version: Version,
}

impl Role {
    /// Is there, neither banned nor deleted: its members act for it.
    pub fn acts(&self) -> bool {
        self.exists && !self.banned && !self.deleted
    }

    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Created(created) => {
                self.id = PersonId(header.stream.id);
                self.organisation = header.organisation;
                self.exists = true;
                self.name.clone_from(&created.naming.name);
                self.external_id.clone_from(&created.naming.external_id);
                self.members = created.members.iter().copied().collect();
            }
            Event::Changed(naming) => {
                self.name.clone_from(&naming.name);
                self.external_id.clone_from(&naming.external_id);
                self.shown_otherwise(header);
            }
            Event::MembersAdded { persons } => self.members.extend(persons),
            Event::MembersRemoved { persons } => self.members.retain(|member| !persons.contains(member)),
            Event::Banned => {
                self.banned = true;
                self.shown_otherwise(header);
            }
            Event::Restored => {
                self.banned = false;
                self.shown_otherwise(header);
            }
            Event::Deleted { task_receiver: _ } => {
                self.deleted = true;
                self.shown_otherwise(header);
            }
        }
    }

    fn shown_otherwise(&mut self, header: &Header) {
        (self.shown_changed, self.shown_version) = (header.position, header.version);
    }

    pub(super) fn place(&mut self, version: Version, position: Position) {
        if self.shown_version == version {
            self.shown_changed = position;
        }
    }
}
