//! What can have happened to an announcement.

use serde::{Deserialize, Serialize};

use crate::id::Position;
use crate::task::event::Text;

/// `announcement.comment_edited`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentEdited {
    pub comment: Position,
    #[serde(flatten)]
    pub text: Text,
}

/// Everything that can have happened to an announcement.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `announcement.created`: always the first of its stream, and only there.
    Created(Box<Text>),
    /// `announcement.edited`: its text from now on.
    Edited(Box<Text>),
    /// `announcement.commented`. Its position is the comment's id.
    Commented(Box<Text>),
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
