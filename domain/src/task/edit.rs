//! Editing a comment's text, and taking it back. Both are comments of their own that point at the
//! original.

use super::command::TextInput;
use super::draft::Draft;
use super::event::{CommentEdited, Event, Text};
use super::rejection::Rejection;
use super::state::Comment;
use crate::file::Attached;
use crate::id::Position;
use crate::rights::{Being, Deed};

impl Draft<'_> {
    /// Only the author edits a comment, as long as it says something. Its files stay where none are given; a text is always given,
    /// and may say nothing where files are left.
    pub fn edit(&mut self, id: Position, input: Option<&TextInput>, attachments: Option<Vec<Attached>>) -> Result<(), Rejection> {
        let comment = self.with_text(id)?;
        if !self.issued.permits_who(Deed::EditComment, |being| self.is_to(&comment, being)) {
            return Err(Rejection::NotOwnComment);
        }
        let input = input.ok_or(Rejection::TextMissing)?;
        let keeps_files = attachments.as_ref().map_or(comment.has_files, |attachments| !attachments.is_empty());
        let text = self.written(input)?.or_else(|| keeps_files.then(Text::default)).ok_or(Rejection::TextMissing)?;
        self.follow(&text.mentions)?;
        self.events.push(Event::CommentEdited(Box::new(CommentEdited { comment: id, text, attachments })));
        Ok(())
    }

    /// The author deletes a comment, or somebody who may delete tasks of others.
    pub fn delete_comment(&mut self, id: Position) -> Result<(), Rejection> {
        let comment = self.with_text(id)?;
        if !self.issued.permits_who(Deed::DeleteComment, |being| self.is_to(&comment, being)) {
            return Err(Rejection::NotOwnComment);
        }
        if self.task.comments.first() == Some(&comment) {
            return Err(Rejection::FirstCommentStays);
        }
        self.events.push(Event::CommentDeleted { comment: id });
        Ok(())
    }

    fn with_text(&self, id: Position) -> Result<Comment, Rejection> {
        let comment = self.task.comment(id).ok_or(Rejection::UnknownComment)?;
        if comment.has_text { Ok(*comment) } else { Err(Rejection::CommentWithoutText) }
    }

    fn is_to(&self, comment: &Comment, being: Being) -> bool {
        being == Being::Author && self.issued.who == comment.author
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{self, Command};
    use crate::task::event::{Commented, Text};
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, EVA, Given, given, position, task_created};

    /// By Anna; Boris commented with a text at 2 and without one at 3.
    fn discussed() -> Given<Task> {
        let text = Text { text: "first".into(), ..Text::default() };
        given([task_created("hello")])
            .and(BORIS, [Event::Commented(Box::new(Commented::from(text))), Event::Closed])
            .and(ANNA, [Event::ParticipantsAdded { persons: vec![BORIS] }])
    }

    fn edit(version: i64, text: Option<&str>) -> Command {
        let text = text.map(|text| TextInput::Plain(text.into()));
        Command::Comment(Box::new(command::Comment { edit_comment: Some(position(version)), text, ..command::Comment::default() }))
    }

    fn delete(version: i64) -> Command {
        Command::Comment(Box::new(command::Comment { delete_comment: Some(position(version)), ..command::Comment::default() }))
    }

    fn edited(version: i64, text: &str) -> Event {
        let text = Text { text: text.into(), ..Text::default() };
        Event::CommentEdited(Box::new(CommentEdited { comment: position(version), text, ..CommentEdited::default() }))
    }

    #[test]
    fn an_author_edits_and_nothing_is_reopened_by_it() {
        discussed().by(BORIS).when(edit(2, Some("better"))).then([edited(2, "better")]);
        discussed().by(ANNA).when(edit(1, Some("better"))).then([edited(1, "better")]);
    }

    #[test]
    fn an_edited_text_calls_people_too() {
        let text = Some(TextInput::Formatted("<span data-personid=13>Clara</span>".into()));
        let command = command::Comment { edit_comment: Some(position(2)), text, ..command::Comment::default() };
        let decided = discussed().by(BORIS).when(Command::Comment(Box::new(command))).outcome().expect("decided");
        assert_eq!(decided.first(), Some(&Event::SubscribersAdded { persons: vec![CLARA], mentioned: true }));
        assert!(matches!(&decided[1..], [Event::CommentEdited(_)]), "{decided:?}");
    }

    #[test]
    fn nobody_edits_the_comments_of_others() {
        for who in [ANNA, ADMIN] {
            discussed().by(who).when(edit(2, Some("worse"))).then_rejected(Code::AccessDenied);
        }
    }

    #[test]
    fn an_edit_needs_a_text_and_a_comment_that_has_one() {
        discussed().by(BORIS).when(edit(2, None)).then_rejected(Code::TextMissing);
        discussed().by(BORIS).when(edit(2, Some(" "))).then_rejected(Code::TextMissing);
        discussed().by(BORIS).when(edit(3, Some("x"))).then_rejected(Code::InvalidInput);
        for unknown in [-200, 99, i64::from(i32::MAX)] {
            discussed().by(BORIS).when(edit(unknown, Some("x"))).then_rejected(Code::InvalidInput);
        }
    }

    #[test]
    fn a_comment_whose_id_is_not_known_yet_is_not_meant_by_0() {
        let unsettled = Command::Comment(Box::new(command::Comment { delete_comment: Some(0), ..command::Comment::default() }));
        discussed().by(BORIS).when(unsettled).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn its_author_and_those_who_delete_for_others_delete_a_comment() {
        for who in [BORIS, ADMIN] {
            discussed().by(who).when(delete(2)).then([Event::CommentDeleted { comment: position(2) }]);
        }
        for who in [ANNA, EVA] {
            discussed().by(who).when(delete(2)).then_rejected(Code::AccessDenied);
        }
    }

    #[test]
    fn a_deleted_comment_is_neither_deleted_again_nor_edited() {
        let deleted = || discussed().and(BORIS, [Event::CommentDeleted { comment: position(2) }]);
        deleted().by(BORIS).when(delete(2)).then_rejected(Code::InvalidInput);
        deleted().by(BORIS).when(edit(2, Some("x"))).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn the_first_comment_goes_only_with_its_task_and_nothing_is_edited_and_deleted_at_once() {
        discussed().by(ANNA).when(delete(1)).then_rejected(Code::InvalidInput);
        let both = command::Comment {
            edit_comment: Some(position(2)),
            delete_comment: Some(position(2)),
            text: Some(TextInput::Plain("x".into())),
            ..command::Comment::default()
        };
        discussed().by(BORIS).when(Command::Comment(Box::new(both))).then_rejected(Code::InvalidInput);
    }
}
