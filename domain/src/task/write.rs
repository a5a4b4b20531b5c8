//! The text of a task and of a comment: what is taken, whom it calls, what it answers. How markup is
//! cleaned is in [`crate::text`].

use super::command::TextInput;
use super::draft::Draft;
use super::event::Text;
use super::rejection::Rejection;
use crate::text::{self, Written};

impl Draft<'_> {
    /// The text as it is recorded; nothing for one that says nothing.
    pub fn written(&self, input: &TextInput) -> Result<Option<Text>, Rejection> {
        let written = match input {
            TextInput::Plain(text) => text::plain(text),
            TextInput::Formatted(html) => text::formatted(html),
        };
        let Written { text, formatted_text, mentions, reply_to } = written.map_err(Rejection::Text)?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        if reply_to.is_some_and(|comment| self.task.comment(comment).is_none()) {
            return Err(Rejection::UnknownComment);
        }
        Ok(Some(Text { text, formatted_text, mentions, reply_to }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment};
    use crate::task::event::{Commented, Event};
    use crate::testing::{BORIS, DAVID, EVA, Given, given, position, task_created};

    fn task() -> Given<Task> {
        given([task_created("hello"), Event::ParticipantsAdded { persons: vec![BORIS] }])
    }

    fn say(text: TextInput) -> Command {
        Command::Comment(Box::new(Comment { text: Some(text), ..Comment::default() }))
    }

    fn plain(text: &str) -> Command {
        say(TextInput::Plain(text.into()))
    }

    fn formatted(html: impl Into<String>) -> Command {
        say(TextInput::Formatted(html.into()))
    }

    fn said(text: Text) -> Event {
        Event::Commented(Box::new(Commented::from(text)))
    }

    #[test]
    fn whoever_sees_a_task_comments_on_it() {
        for who in [BORIS, EVA, PersonId::SYSTEM] {
            task().by(who).when(plain("hi\nthere")).then([said(Text { text: "hi\nthere".into(), ..Text::default() })]);
        }
        task().by(DAVID).when(plain("hi")).then_rejected(Code::AccessDeniedTask);
    }

    #[test]
    fn a_formatted_text_is_kept_clean_beside_its_plain_form() {
        let expected = Text { text: "hi".into(), formatted_text: Some("<b>hi</b>".into()), ..Text::default() };
        task().when(formatted("<b onclick=x>hi<script>x</script>")).then([said(expected)]);
    }

    #[test]
    fn a_quotation_answers_a_comment_of_this_task() {
        let quote = |id: i64| formatted(format!("<quote data-noteid=\"{id}\">hello</quote>yes"));
        let decided = task().when(quote(position(1))).outcome().expect("decided");
        assert!(
            matches!(&decided[..], [Event::Commented(said)] if said.text.reply_to == Some(position(1)) && said.text.text == "yes"),
            "{decided:?}"
        );
        task().when(quote(9)).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn texts_that_say_nothing_are_missing() {
        for text in ["", "  \n\t"] {
            task().when(plain(text)).then_rejected(Code::TextMissing);
        }
        for html in ["", "<b> </b><br>", "<script>x</script>", "<quote data-noteid=\"101\">hello</quote>", "&nbsp;"] {
            task().when(formatted(html)).then_rejected(Code::TextMissing);
        }
    }

    #[test]
    fn control_characters_are_refused_in_either_form() {
        for text in ["\0", "a\0", "a\u{1b}[31m", "\u{8}"] {
            task().when(plain(text)).then_rejected(Code::InvalidValueFormat);
            task().when(formatted(text)).then_rejected(Code::InvalidValueFormat);
        }
    }

    #[test]
    fn texts_are_bounded_in_characters_and_in_bytes() {
        assert!(task().when(plain(&"x".repeat(100_000))).outcome().is_ok());
        assert!(task().when(plain(&"ж".repeat(100_000))).outcome().is_ok());
        task().when(plain(&"x".repeat(100_001))).then_rejected(Code::TooLargeMessageText);
        task().when(formatted("x".repeat(100_001))).then_rejected(Code::TooLargeMessageText);
        task().when(plain(&"🙂".repeat(60_000))).then_rejected(Code::TooLargeMessageText);
        task().when(formatted("\"".repeat(99_000))).then_rejected(Code::TooLargeMessageText);
    }
}
