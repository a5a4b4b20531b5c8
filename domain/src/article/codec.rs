//! An article's events as JSON: registered names and shapes. Not what they mean.

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, decode, encode};
use crate::id::ArticleId;

const CREATED: &str = "article.created";
const EDITED: &str = "article.edited";
const MOVED: &str = "article.moved";
const PERMISSIONS_CHANGED: &str = "article.permissions_changed";
const DELETED: &str = "article.deleted";

#[derive(Serialize, Deserialize)]
struct Moved {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<ArticleId>,
    turn: i64,
}

#[derive(Serialize, Deserialize)]
struct Deleted {
    with_children: bool,
    turn: i64,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[CREATED, EDITED, MOVED, PERMISSIONS_CHANGED, DELETED];

    fn encode(&self) -> Encoded {
        match self {
            Self::Created(created) => encode(CREATED, created),
            Self::Edited(edited) => encode(EDITED, edited),
            Self::Moved { parent, turn } => encode(MOVED, &Moved { parent: *parent, turn: *turn }),
            Self::PermissionsChanged(permissions) => encode(PERMISSIONS_CHANGED, permissions),
            Self::Deleted { with_children, turn } => encode(DELETED, &Deleted { with_children: *with_children, turn: *turn }),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            EDITED => decode(event_type, schema, payload).map(Self::Edited),
            MOVED => decode(event_type, schema, payload).map(|Moved { parent, turn }| Self::Moved { parent, turn }),
            PERMISSIONS_CHANGED => decode(event_type, schema, payload).map(Self::PermissionsChanged),
            DELETED => decode(event_type, schema, payload).map(|Deleted { with_children, turn }| Self::Deleted { with_children, turn }),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
