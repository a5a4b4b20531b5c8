//! An announcement's facts without what people wrote. Who may ask for that is not decided here (see [`crate::erasure`]).

use std::collections::HashSet;

use super::event::{CommentEdited, Edited, Event, Said};
use crate::erasure::Erasable;
use crate::file::Attached;
use crate::id::{PersonId, Position};
use crate::task::event::Text;

impl Erasable for Event {
    fn substitute(&self) -> Self {
        self.with(Text::without_words, nameless)
    }
}

fn nameless(files: &[Attached]) -> Vec<Attached> {
    files.iter().map(Attached::without_words).collect()
}

impl Event {
    /// The same fact where its formatted text names `person` or quotes one of `comments`: without the name and the quoted words.
    pub(crate) fn without_mentions_of(&self, person: PersonId, comments: &HashSet<Position>) -> Self {
        self.with(|text| text.without_mentions_of(person, comments), <[Attached]>::to_vec)
    }

    fn with(&self, text: impl Fn(&Text) -> Text, files: impl Fn(&[Attached]) -> Vec<Attached>) -> Self {
        let said = |said: &Said| Box::new(Said { text: text(&said.text), attachments: files(&said.attachments) });
        match self {
            Self::Created(created) => Self::Created(said(created)),
            Self::Commented(commented) => Self::Commented(said(commented)),
            Self::Edited(edited) => {
                Self::Edited(Box::new(Edited { text: text(&edited.text), attachments: edited.attachments.as_deref().map(&files) }))
            }
            Self::CommentEdited(edited) => Self::CommentEdited(Box::new(CommentEdited {
                comment: edited.comment,
                text: text(&edited.text),
                attachments: edited.attachments.as_deref().map(&files),
            })),
            Self::CommentDeleted { .. } | Self::Closed | Self::Reopened | Self::Deleted => self.clone(),
        }
    }
}
