//! The text of an announcement and of a comment: what is taken. How markup is cleaned is in [`crate::text`].

use super::rejection::Rejection;
use super::state::Announcement;
use crate::task::command::TextInput;
use crate::task::event::Text;
use crate::text::{self, Written};

impl Announcement {
    /// The text as it is recorded; one that says nothing is missing, and a quotation is of a comment here.
    pub(super) fn written(&self, input: Option<&TextInput>) -> Result<Text, Rejection> {
        let written = match input.ok_or(Rejection::TextMissing)? {
            TextInput::Plain(text) => text::plain(text),
            TextInput::Formatted(html) => text::formatted(html),
        };
        let Written { text, formatted_text, mentions, reply_to } = written?;
        if text.trim().is_empty() {
            return Err(Rejection::TextMissing);
        }
        if reply_to.is_some_and(|comment| self.comment(comment).is_none()) {
            return Err(Rejection::UnknownComment);
        }
        Ok(Text { text, formatted_text, mentions, reply_to })
    }
}
