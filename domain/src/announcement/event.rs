//! What can have happened to an announcement.

use serde::{Deserialize, Serialize};

use crate::file::Attached;
use crate::id::Position;
use crate::task::event::Text;

/// A text with the files that belong to it.
pub type Said = crate::task::event::Commented;

/// `announcement.edited`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    #[serde(flatten)]
    pub text: Text,
    /// What it has from now on; nothing where they stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attached>>,
}

/// `announcement.comment_edited`.
pub type CommentEdited = crate::task::event::CommentEdited;

/// Everything that can have happened to an announcement.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `announcement.created`: always the first of its stream, and only there.
    Created(Box<Said>),
    /// `announcement.edited`: its text from now on.
    Edited(Box<Edited>),
    /// `announcement.commented`. Its position is the comment's id.
    Commented(Box<Said>),
    /// `announcement.comment_edited`
    CommentEdited(Box<CommentEdited>),
    /// `announcement.comment_deleted`
    CommentDeleted { comment: Position },
    /// `announcement.closed`: no comments any more.
    Closed,
    /// `announcement.reopened`
    Reopened,
    /// `announcement.deleted`
    Deleted,
}

impl Event {
    /// The files that it puts into the announcement.
    pub fn files(&self) -> &[Attached] {
        match self {
            Self::Created(said) | Self::Commented(said) => &said.attachments,
            Self::Edited(edited) => edited.attachments.as_deref().unwrap_or_default(),
            Self::CommentEdited(edited) => edited.attachments.as_deref().unwrap_or_default(),
            Self::CommentDeleted { .. } | Self::Closed | Self::Reopened | Self::Deleted => &[],
        }
    }
}
