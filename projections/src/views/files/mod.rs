//! Where does a file stand, and which uploads stand nowhere? Who may see such a place is asked where it is.

mod page;
mod rows;

pub use page::{Stale, places, shared, stale, unknown};

use std::collections::{BTreeMap, BTreeSet};

use domain::codec::EventSet;
use domain::file::{Event as FileEvent, Uploaded};
use domain::person::Event as PersonEvent;
use domain::{FileId, Kind, OrganisationId, Recorded, StreamId, announcement, task};
use jiff::Timestamp;
use sqlx::PgConnection;

use crate::failure::{Reason, Refused};
use crate::follower::Follower;

/// Follows what is uploaded, and what files are put into.
#[derive(Clone, Copy, Debug, Default)]
pub struct Files;

/// A file of an organisation.
type Id = (FileId, OrganisationId);

/// What a batch says of uploads and places.
#[derive(Debug, Default)]
struct Changed {
    /// Those whose bytes are kept, and those whose bytes went.
    uploads: BTreeMap<Id, Option<(String, Timestamp)>>,
    places: BTreeSet<(Id, StreamId)>,
}

impl Follower for Files {
    const NAME: &'static str = "files";
    const KINDS: &'static [Kind] = &[Kind::File, Kind::Person, Kind::Task, Kind::Announcement];
    const TYPES: &'static [&'static str] = &[
        "file.uploaded",
        "file.removed",
        "person.avatar_set",
        "task.created",
        "task.commented",
        "task.comment_edited",
        "task.field_changed",
        "task.table_changed",
        "announcement.created",
        "announcement.edited",
        "announcement.commented",
        "announcement.comment_edited",
    ];
    const SQL: &'static str = include_str!("../../../../migrations/views/files.sql");
    const REVISION: u32 = 3;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        let mut changed = Changed::default();
        for event in events {
            changed.take(event).map_err(|reason| Refused::Park { position: event.header.position, reason })?;
        }
        rows::store(&changed, tx).await
    }
}

impl Changed {
    fn take(&mut self, event: &Recorded) -> Result<(), Reason> {
        let (header, organisation) = (&event.header, event.header.organisation);
        match header.stream.kind {
            Kind::File => {
                let id = (FileId(header.stream.id), organisation);
                match FileEvent::decode(&event.event_type, event.schema, &event.payload)? {
                    FileEvent::Uploaded(uploaded) => {
                        let Uploaded { sha256, .. } = *uploaded;
                        self.uploads.insert(id, Some((sha256, header.at)));
                    }
                    FileEvent::Removed => {
                        self.uploads.insert(id, None);
                    }
                    FileEvent::Linked(_) | FileEvent::VersionAdded { .. } | FileEvent::MadeVersion { .. } => {}
                }
            }
            // Somebody's picture is a file.
            Kind::Person => {
                if let PersonEvent::AvatarSet(avatar) = PersonEvent::decode(&event.event_type, event.schema, &event.payload)? {
                    self.places.extend(avatar.avatar_id.map(|file| ((FileId(file), organisation), header.stream)));
                }
            }
            // Most say nothing of files, and are not taken apart.
            Kind::Task if event.payload.contains("\"attachments\":") || event.payload.contains("\"files\":") => {
                let fact = task::Event::decode(&event.event_type, event.schema, &event.payload)?;
                self.places.extend(fact.files().iter().map(|file| ((file.id, organisation), header.stream)));
            }
            Kind::Announcement if event.payload.contains("\"attachments\":") => {
                let fact = announcement::Event::decode(&event.event_type, event.schema, &event.payload)?;
                self.places.extend(fact.files().iter().map(|file| ((file.id, organisation), header.stream)));
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
