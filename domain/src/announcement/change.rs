//! Changing an announcement's text, closing it, and opening it again.

use super::{Announcement, Event, Rejection, Say};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Announcement {
    pub(super) fn change(&self, say: &Say, closed: Option<bool>, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        let mut events = Events::new();
        if say.text.is_some() || say.attachments.is_some() {
            events.push(Event::Edited(Box::new(self.corrected(say)?)));
        }
        match closed {
            Some(true) if !self.closed => events.push(Event::Closed),
            Some(false) if self.closed => events.push(Event::Reopened),
            Some(_) | None => {}
        }
        Ok(events)
    }

    pub(super) fn changeable(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        if !self.may_see(issued) {
            return Err(Rejection::Unseen);
        }
        if self.may_change(issued) { Ok(()) } else { Err(Rejection::MayNotChange) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::announcement::Command;
    use crate::announcement::event::Edited;
    use crate::rejection::Code;
    use crate::task::command::TextInput;
    use crate::task::event::Text;
    use crate::testing::{ADMIN, ANNA, BORIS, GRETA, announced, given};

    fn edit(text: &str) -> Command {
        Command::Change { say: TextInput::Plain(text.into()).into(), closed: None }
    }

    fn close(closed: bool) -> Command {
        Command::Change { say: Say::default(), closed: Some(closed) }
    }

    #[test]
    fn its_author_and_those_with_the_right_change_close_and_reopen_it() {
        let text = || Text { text: "Tea at five".into(), ..Text::default() };
        let edited = || Event::Edited(Box::new(Edited { text: text(), attachments: None }));
        for who in [ANNA, ADMIN] {
            given::<Announcement>([announced("Tea")]).by(who).when(edit("Tea at five")).then([edited()]);
            given::<Announcement>([announced("Tea")]).by(who).when(close(true)).then([Event::Closed]);
            given::<Announcement>([announced("Tea"), Event::Closed]).by(who).when(close(false)).then([Event::Reopened]);
        }
        for command in [edit("No tea"), close(true)] {
            given::<Announcement>([announced("Tea")]).by(BORIS).when(command.clone()).then_rejected(Code::AccessDenied);
            given::<Announcement>([announced("Tea")]).by(GRETA).when(command.clone()).then_rejected(Code::AccessDenied);
            given::<Announcement>([]).by(ADMIN).when(command).then_rejected(Code::AccessDenied);
        }
    }

    #[test]
    fn what_is_so_already_changes_nothing_and_a_text_is_not_emptied() {
        given::<Announcement>([announced("Tea"), Event::Closed]).when(close(true)).then_nothing();
        given::<Announcement>([announced("Tea")]).when(close(false)).then_nothing();
        given::<Announcement>([announced("Tea")]).when(Command::Change { say: Say::default(), closed: None }).then_nothing();
        given::<Announcement>([announced("Tea")]).when(edit("")).then_rejected(Code::TextMissing);
    }
}
