//! What decisions about a file need to remember, and the fold that keeps it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attached::Attached;
use super::event::Event;
use crate::id::{FileId, OrganisationId, PersonId};
use crate::recorded::Header;

/// The state of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub id: FileId,
    pub organisation: OrganisationId,
    pub exists: bool,
    pub removed: bool,
    pub uploader: PersonId,
    pub uploaded_at: Timestamp,
    pub secret: Uuid,
    pub name: String,
    pub size: u64,
    pub md5: String,
    pub sha256: String,
    pub media_type: String,
    /// Of a link.
    pub url: Option<String>,
    /// Which version it is, and of which file.
    pub version_of: Option<(FileId, u32)>,
    /// The files that are versions of this one.
    pub versions: BTreeMap<FileId, u32>,
}

/// Bits of a guid that are the file's number, before those of the version (RFC 9562 §5.8).
const NUMBER_BITS: u32 = 48;

impl File {
    /// It has bytes that can be read.
    pub fn is_there(&self) -> bool {
        self.exists && !self.removed
    }

    /// By which its uploader names it: its number, which says where to look, and 74 bits of chance, which nobody guesses. So it is
    /// found without an index of guids, on any node and at once.
    pub fn guid(&self) -> Uuid {
        guid(self.id, self.secret)
    }

    /// Whether `guid` is its own.
    pub fn is_called(&self, guid: Uuid) -> bool {
        self.exists && self.url.is_none() && self.guid() == guid
    }

    /// What a task records of it.
    pub fn attached(&self) -> Attached {
        let (root_id, version) = self.version_of.map_or((None, 1), |(root, version)| (Some(root), version));
        Attached {
            id: self.id,
            name: self.name.clone(),
            size: self.size,
            md5: self.md5.clone(),
            media_type: self.media_type.clone(),
            version,
            root_id,
            url: self.url.clone(),
        }
    }

    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Uploaded(uploaded) => {
                self.begin(header);
                self.secret = uploaded.secret;
                self.name.clone_from(&uploaded.name);
                self.size = uploaded.size;
                self.md5.clone_from(&uploaded.md5);
                self.sha256.clone_from(&uploaded.sha256);
                self.media_type.clone_from(&uploaded.media_type);
            }
            Event::Linked(linked) => {
                self.begin(header);
                self.name.clone_from(&linked.name);
                self.url = Some(linked.url.clone());
            }
            Event::VersionAdded { file, version } => {
                self.versions.insert(*file, *version);
            }
            Event::MadeVersion { root, version } => self.version_of = Some((*root, *version)),
            Event::Removed => self.removed = true,
        }
    }

    fn begin(&mut self, header: &Header) {
        self.id = FileId(header.stream.id);
        self.organisation = header.organisation;
        self.uploader = header.person;
        self.uploaded_at = header.at;
        self.exists = true;
    }
}

fn guid(id: FileId, secret: Uuid) -> Uuid {
    let number = u128::from(id.0.unsigned_abs()) << (u128::BITS - NUMBER_BITS);
    let chance = secret.as_u128() & (u128::MAX >> NUMBER_BITS);
    uuid::Builder::from_u128(number | chance).with_version(uuid::Version::Custom).with_variant(uuid::Variant::RFC4122).into_uuid()
}

/// The file that a guid would be of, if it is one's.
pub fn number_in(guid: Uuid) -> Option<FileId> {
    if guid.get_version() != Some(uuid::Version::Custom) {
        return None;
    }
    i64::try_from(guid.as_u128() >> (u128::BITS - NUMBER_BITS)).ok().filter(|number| *number > 0).map(FileId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_says_which_file_to_ask_and_only_that_file_knows_it() {
        let secret = Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0);
        let file = File { id: FileId(57), exists: true, secret, ..File::default() };
        assert_eq!(number_in(file.guid()), Some(FileId(57)));
        assert!(file.is_called(file.guid()));
        let other = File { secret: Uuid::from_u128(7), ..file.clone() };
        assert!(!other.is_called(file.guid()), "another secret");
        assert!(!File { id: FileId(58), ..file.clone() }.is_called(file.guid()), "another file");
        for foreign in [Uuid::nil(), Uuid::max(), secret] {
            assert_eq!(number_in(foreign), None, "{foreign}");
        }
        let largest = File { id: FileId((1 << NUMBER_BITS) - 1), ..file };
        assert_eq!(number_in(largest.guid()), Some(largest.id));
    }
}
