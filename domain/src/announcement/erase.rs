//! An announcement's facts without what people wrote. Who may ask for that is not decided here (see [`crate::erasure`]).

use std::collections::HashSet;

use super::event::{CommentEdited, Event};
use crate::erasure::Erasable;
use crate::id::{PersonId, Position};
use crate::task::event::Text;

impl Erasable for Event {
    fn substitute(&self) -> Self {
        self.with_text(Text::without_words)
    }
}

impl Event {
    /// The same fact where its formatted text names `person` or quotes one of `comments`: without the name and the quoted words.
    pub(crate) fn without_mentions_of(&self, person: PersonId, comments: &HashSet<Position>) -> Self {
        self.with_text(|text| text.without_mentions_of(person, comments))
    }

    fn with_text(&self, change: impl Fn(&Text) -> Text) -> Self {
        match self {
            Self::Created(text) => Self::Created(Box::new(change(text))),
            Self::Edited(text) => Self::Edited(Box::new(change(text))),
            Self::Commented(text) => Self::Commented(Box::new(change(text))),
            Self::CommentEdited(edited) => {
                Self::CommentEdited(Box::new(CommentEdited { comment: edited.comment, text: change(&edited.text) }))
            }
            Self::CommentDeleted { .. } | Self::Closed | Self::Reopened | Self::Deleted => self.clone(),
        }
    }
}
