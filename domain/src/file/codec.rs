//! A file's events as JSON: registered names and shapes. Not what they mean.

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::id::FileId;

const UPLOADED: &str = "file.uploaded";
const LINKED: &str = "file.linked";
const VERSION_ADDED: &str = "file.version_added";
const MADE_VERSION: &str = "file.made_version";
const REMOVED: &str = "file.removed";

#[derive(Serialize, Deserialize)]
struct VersionAdded {
    file: FileId,
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct MadeVersion {
    root_id: FileId,
    version: u32,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[UPLOADED, LINKED, VERSION_ADDED, MADE_VERSION, REMOVED];

    fn encode(&self) -> Encoded {
        match self {
            Self::Uploaded(uploaded) => encode(UPLOADED, uploaded),
            Self::Linked(linked) => encode(LINKED, linked),
            Self::VersionAdded { file, version } => encode(VERSION_ADDED, &VersionAdded { file: *file, version: *version }),
            Self::MadeVersion { root, version } => encode(MADE_VERSION, &MadeVersion { root_id: *root, version: *version }),
            Self::Removed => encode(REMOVED, &Nothing {}),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        match event_type {
            UPLOADED => decode(event_type, schema, payload).map(Self::Uploaded),
            LINKED => decode(event_type, schema, payload).map(Self::Linked),
            VERSION_ADDED => decode(event_type, schema, payload).map(|VersionAdded { file, version }| Self::VersionAdded { file, version }),
            MADE_VERSION => {
                decode(event_type, schema, payload).map(|MadeVersion { root_id, version }| Self::MadeVersion { root: root_id, version })
            }
            REMOVED => decode(event_type, schema, payload).map(|Nothing {}| Self::Removed),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
