//! Comments under an announcement: saying something, correcting it, taking it back.

use super::event::{CommentEdited, Edited};
use super::{Announcement, COMMENTS_MAX, Event, Rejection, Say};
use crate::aggregate::Events;
use crate::id::Position;
use crate::issued::Issued;

impl Announcement {
    pub(super) fn say(&self, say: &Say, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if !self.may_see(issued) {
            return Err(Rejection::Unseen);
        }
        if self.closed {
            return Err(Rejection::Closed);
        }
        if self.comments.len() >= COMMENTS_MAX {
            return Err(Rejection::TooManyComments);
        }
        Ok(vec![Event::Commented(Box::new(self.said(say)?))])
    }

    pub(super) fn edit_comment(&self, comment: Position, say: &Say, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.there(comment, issued)?;
        if !self.may_edit_comment(comment, issued) {
            return Err(Rejection::MayNotChange);
        }
        let Edited { text, attachments } = self.corrected(say)?;
        Ok(vec![Event::CommentEdited(Box::new(CommentEdited { comment, text, attachments }))])
    }

    pub(super) fn delete_comment(&self, comment: Position, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.there(comment, issued)?;
        if self.may_delete_comment(comment, issued) { Ok(vec![Event::CommentDeleted { comment }]) } else { Err(Rejection::MayNotChange) }
    }

    fn there(&self, comment: Position, issued: &Issued<'_>) -> Result<(), Rejection> {
        if !self.may_see(issued) {
            return Err(Rejection::Unseen);
        }
        self.comment(comment).map(drop).ok_or(Rejection::UnknownComment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate;
    use crate::announcement::Command;
    use crate::announcement::event::Said;
    use crate::file::{Brought, Wanted};
    use crate::rejection::Code;
    use crate::task::command::TextInput;
    use crate::task::event::Text;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, GRETA, Given, ROBOT, announced, attached, given, position, remarked};

    /// By Anna; Boris commented at 2.
    fn discussed() -> Given<Announcement> {
        given::<Announcement>([announced("Tea")]).and(BORIS, [remarked("Thank you")])
    }

    fn text(text: &str) -> Say {
        TextInput::Plain(text.into()).into()
    }

    #[test]
    fn every_colleague_comments_and_no_guest() {
        for who in [ANNA, CLARA, ROBOT] {
            discussed().by(who).when(Command::Comment(text("Me too"))).then([remarked("Me too")]);
        }
        discussed().by(GRETA).when(Command::Comment(text("Me too"))).then_rejected(Code::AccessDenied);
        discussed().by(ANNA).when(Command::Comment(Say::default())).then_rejected(Code::TextMissing);
    }

    #[test]
    fn a_closed_one_takes_no_comments_and_a_full_one_neither() {
        discussed().and(ANNA, [Event::Closed]).by(CLARA).when(Command::Comment(text("Late"))).then_rejected(Code::Conflict);
        let full = given::<Announcement>([announced("Tea")]).and(BORIS, (0..COMMENTS_MAX).map(|_| remarked("x")));
        full.by(CLARA).when(Command::Comment(text("Late"))).then_rejected(Code::TooManyComments);
    }

    #[test]
    fn only_who_wrote_a_comment_edits_it() {
        let edit = |comment| Command::EditComment { comment, say: text("Thanks") };
        let edited = Text { text: "Thanks".into(), ..Text::default() };
        let expected = Event::CommentEdited(Box::new(CommentEdited { comment: position(2), text: edited, attachments: None }));
        discussed().by(BORIS).when(edit(position(2))).then([expected]);
        for who in [ANNA, ADMIN] {
            discussed().by(who).when(edit(position(2))).then_rejected(Code::AccessDenied);
        }
        for unknown in [0, position(1), position(9)] {
            discussed().by(BORIS).when(edit(unknown)).then_rejected(Code::InvalidInput);
        }
    }

    #[test]
    fn a_comment_is_taken_back_once() {
        let delete = || Command::DeleteComment { comment: position(2) };
        for who in [BORIS, ADMIN] {
            discussed().by(who).when(delete()).then([Event::CommentDeleted { comment: position(2) }]);
        }
        discussed().by(ANNA).when(delete()).then_rejected(Code::AccessDenied);
        discussed().and(BORIS, [Event::CommentDeleted { comment: position(2) }]).by(BORIS).when(delete()).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn files_come_with_a_text_or_alone_and_an_edit_replaces_those_it_gives() {
        let files = |ids: std::ops::Range<i64>, words: &str| {
            let files: Vec<_> = ids.map(|id| attached(id, "a.pdf")).collect();
            let wanted: Vec<_> = files.iter().map(|file| Wanted::Known(file.id)).collect();
            let brought = Brought(wanted.iter().cloned().zip(files.iter().cloned()).collect());
            let text = Some(TextInput::Plain(words.into())).filter(|_| !words.is_empty());
            (Say { text, attachments: Some(wanted), files: brought }, files)
        };
        let words = |text: &str| Text { text: text.into(), ..Text::default() };
        let (alone, two) = files(1..3, "");
        discussed()
            .by(CLARA)
            .when(Command::Comment(alone.clone()))
            .then([Event::Commented(Box::new(Said { text: words(""), attachments: two.clone() }))]);
        let created = Event::Created(Box::new(Said { text: words("Plan"), attachments: two.clone() }));
        given::<Announcement>([]).by(ANNA).when(Command::Create(files(1..3, "Plan").0)).then([created]);
        let called = Event::Created(Box::new(Said { text: words("a.pdf, a.pdf"), attachments: two.clone() }));
        given::<Announcement>([]).by(ANNA).when(Command::Create(alone.clone())).then([called]);
        // An edit that says nothing of the words does not take them away.
        discussed().by(ANNA).when(Command::Change { say: alone.clone(), closed: None }).then_rejected(Code::TextMissing);
        let silent = Command::EditComment { comment: position(2), say: alone.clone() };
        discussed().by(BORIS).when(silent).then_rejected(Code::TextMissing);
        let edited = |attachments| Event::CommentEdited(Box::new(CommentEdited { comment: position(2), text: words("New"), attachments }));
        let edit = |say| Command::EditComment { comment: position(2), say };
        discussed().by(BORIS).when(edit(text("New"))).then([edited(None)]);
        discussed().by(BORIS).when(edit(files(1..3, "New").0)).then([edited(Some(two))]);
        discussed().by(BORIS).when(edit(files(1..1, "New").0)).then([edited(Some(Vec::new()))]);
        discussed().by(BORIS).when(edit(files(1..1, "").0)).then_rejected(Code::TextMissing);
        discussed().by(CLARA).when(Command::Comment(files(0..101, "Many").0)).then_rejected(Code::TooManyAttachments);
        let lost = Say { files: Brought::default(), ..alone };
        discussed().by(CLARA).when(Command::Comment(lost)).then_rejected(Code::UnrecognizedAttachmentId);
    }

    #[test]
    fn a_comment_is_known_by_the_position_that_the_log_gives_it() {
        let mut state = discussed().unsettled();
        assert_eq!(state.comment(position(2)), None);
        state.settle(2, position(2));
        assert_eq!(state, discussed().state());
    }

    #[test]
    fn a_quotation_answers_a_comment_that_is_there() {
        let quote = |id: i64| Command::Comment(TextInput::Formatted(format!("<quote data-noteid=\"{id}\">Thank you</quote>yes")).into());
        assert!(discussed().by(CLARA).when(quote(position(2))).outcome().is_ok());
        discussed().by(CLARA).when(quote(position(7))).then_rejected(Code::InvalidInput);
    }
}
