//! The text of an announcement and of a comment, and the files with it: what is taken. How markup is cleaned is in [`crate::text`].

use super::Say;
use super::event::{Edited, Said};
use super::rejection::Rejection;
use super::state::Announcement;
use crate::file::attached::ATTACHED_MAX;
use crate::file::{Attached, Brought, Wanted};
use crate::task::command::TextInput;
use crate::task::event::Text;
use crate::text::{self, Written};

impl Announcement {
    /// What is said as it is recorded: something in words or files.
    pub(super) fn said(&self, say: &Say) -> Result<Said, Rejection> {
        let nothing = TextInput::Plain(String::new());
        let Edited { text, attachments } = self.recorded(say.text.as_ref().unwrap_or(&nothing), say)?;
        Ok(Said { text, attachments: attachments.unwrap_or_default() })
    }

    /// What is said in place of something else: it always says what the text is now.
    pub(super) fn corrected(&self, say: &Say) -> Result<Edited, Rejection> {
        self.recorded(say.text.as_ref().ok_or(Rejection::TextMissing)?, say)
    }

    fn recorded(&self, input: &TextInput, say: &Say) -> Result<Edited, Rejection> {
        let attachments = say.attachments.as_deref().map(|wanted| attached(wanted, &say.files)).transpose()?;
        let text = self.written(input)?;
        if text.text.trim().is_empty() && attachments.as_deref().is_none_or(<[Attached]>::is_empty) {
            return Err(Rejection::TextMissing);
        }
        Ok(Edited { text, attachments })
    }

    /// The text as it is recorded; a quotation is of a comment here.
    fn written(&self, input: &TextInput) -> Result<Text, Rejection> {
        let written = match input {
            TextInput::Plain(text) => text::plain(text),
            TextInput::Formatted(html) => text::formatted(html),
        };
        let Written { text, formatted_text, mentions, reply_to } = written?;
        if reply_to.is_some_and(|comment| self.comment(comment).is_none()) {
            return Err(Rejection::UnknownComment);
        }
        Ok(Text { text, formatted_text, mentions, reply_to })
    }
}

fn attached(wanted: &[Wanted], brought: &Brought) -> Result<Vec<Attached>, Rejection> {
    if wanted.len() > ATTACHED_MAX {
        return Err(Rejection::TooManyAttachments);
    }
    brought.all(wanted).ok_or(Rejection::UnknownFile)
}
