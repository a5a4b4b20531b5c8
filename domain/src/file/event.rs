//! What can have happened to a file.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::FileId;

/// `file.uploaded`: always the first of its stream, and only there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// The part of its guid that nobody can guess (see [`super::state::File::guid`]).
    pub secret: Uuid,
    /// As it is kept (see [`super::name`]).
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// In lower-case hexadecimal digits, like the next.
    pub md5: String,
    /// Under which the bytes are kept.
    pub sha256: String,
    pub media_type: String,
}

/// `file.linked`: likewise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    pub name: String,
    pub url: String,
}

/// Everything that can have happened to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `file.uploaded`
    Uploaded(Box<Uploaded>),
    /// `file.linked`
    Linked(Linked),
    /// `file.version_added`: another file is this version of this one.
    VersionAdded { file: FileId, version: u32 },
    /// `file.made_version`: this file is that version of another.
    MadeVersion { root: FileId, version: u32 },
    /// `file.removed`: its bytes are not kept any more.
    Removed,
}
