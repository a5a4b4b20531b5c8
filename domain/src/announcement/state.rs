//! What decisions about an announcement rest on. Not its texts: those are the view's.

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::id::{OrganisationId, PersonId, Position, Version};
use crate::recorded::Header;

/// A comment that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The position of its event; 0 while the log has not given it.
    pub id: Position,
    pub version: Version,
    pub author: PersonId,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    pub organisation: OrganisationId,
    pub exists: bool,
    pub deleted: bool,
    pub closed: bool,
    pub author: PersonId,
    /// In the order in which they were made.
    pub comments: Vec<Comment>,
}

impl Announcement {
    /// The comment of this id, if it is there and named.
    pub fn comment(&self, id: Position) -> Option<&Comment> {
        self.comments.iter().find(|comment| comment.id == id && id != 0)
    }

    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Created(_) => {
                self.organisation = header.organisation;
                self.exists = true;
                self.author = header.person;
            }
            Event::Commented(_) => {
                self.comments.push(Comment { id: header.position, version: header.version, author: header.person });
            }
            Event::CommentDeleted { comment } => self.comments.retain(|there| there.id != *comment),
            Event::Edited(_) | Event::CommentEdited(_) => {}
            Event::Closed => self.closed = true,
            Event::Reopened => self.closed = false,
            Event::Deleted => self.deleted = true,
        }
    }

    /// The log gave the event of `version` its `position`.
    pub(super) fn name_comment(&mut self, version: Version, position: Position) {
        for comment in self.comments.iter_mut().rev().take_while(|comment| comment.version >= version) {
            if comment.version == version {
                comment.id = position;
            }
        }
    }
}
