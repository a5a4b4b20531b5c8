//! An announcement's events as JSON: registered names and shapes. Not what they mean.

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::id::Position;

const CREATED: &str = "announcement.created";
const EDITED: &str = "announcement.edited";
const COMMENTED: &str = "announcement.commented";
const COMMENT_EDITED: &str = "announcement.comment_edited";
const COMMENT_DELETED: &str = "announcement.comment_deleted";
const CLOSED: &str = "announcement.closed";
const REOPENED: &str = "announcement.reopened";
const DELETED: &str = "announcement.deleted";

#[derive(Serialize, Deserialize)]
struct CommentDeleted {
    comment: Position,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[CREATED, EDITED, COMMENTED, COMMENT_EDITED, COMMENT_DELETED, CLOSED, REOPENED, DELETED];

    fn encode(&self) -> Encoded {
        match self {
            Self::Created(text) => encode(CREATED, text),
            Self::Edited(text) => encode(EDITED, text),
            Self::Commented(text) => encode(COMMENTED, text),
            Self::CommentEdited(edited) => encode(COMMENT_EDITED, edited),
            Self::CommentDeleted { comment } => encode(COMMENT_DELETED, &CommentDeleted { comment: *comment }),
            Self::Closed => encode(CLOSED, &Nothing {}),
            Self::Reopened => encode(REOPENED, &Nothing {}),
            Self::Deleted => encode(DELETED, &Nothing {}),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        let nothing = |event| decode::<Nothing>(event_type, schema, payload).map(|Nothing {}| event);
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            EDITED => decode(event_type, schema, payload).map(Self::Edited),
            COMMENTED => decode(event_type, schema, payload).map(Self::Commented),
            COMMENT_EDITED => decode(event_type, schema, payload).map(Self::CommentEdited),
            COMMENT_DELETED => decode(event_type, schema, payload).map(|CommentDeleted { comment }| Self::CommentDeleted { comment }),
            CLOSED => nothing(Self::Closed),
            REOPENED => nothing(Self::Reopened),
            DELETED => nothing(Self::Deleted),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
