//! Closing a task and reopening it, also by itself when somebody has more to say.

use super::command::Action;
use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;

impl Draft<'_> {
    pub fn act(&mut self, action: Action) -> Result<(), Rejection> {
        match action {
            Action::Finished if self.task.closed => {}
            Action::Finished if !self.task.may_close(self.issued) => return Err(Rejection::MayNotClose),
            Action::Finished => self.events.push(Event::Closed),
            Action::Reopened if !self.task.closed => {}
            Action::Reopened if !self.task.may_close(self.issued) => return Err(Rejection::MayNotReopen),
            Action::Reopened => self.events.push(Event::Reopened { auto: false }),
        }
        Ok(())
    }

    /// A closed task that gets a new text is open again, whoever wrote it, unless the request says
    /// otherwise or has just dealt with it.
    pub fn reopen_for_text(&mut self, action: Option<Action>, skip: bool) {
        if self.task.closed && action.is_none() && !skip {
            self.events.push(Event::Reopened { auto: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::task::Task;
    use crate::task::command::{Command, Comment, TextInput};
    use crate::task::event::{Commented, Flags, Text};
    use crate::testing::{ANNA, BORIS, CLARA, DAVID, EVA, Given, given, task_created};

    /// By Anna; Boris is responsible, Clara subscribes.
    fn open() -> Given<Task> {
        let subscribed = Event::SubscribersAdded { persons: vec![CLARA], mentioned: false };
        given([task_created("hello"), Event::Reassigned { to: BORIS }, subscribed])
    }

    fn closed() -> Given<Task> {
        open().and(ANNA, [Event::Closed])
    }

    fn act(action: Action) -> Command {
        Command::Comment(Box::new(Comment { action: Some(action), ..Comment::default() }))
    }

    fn say(change: impl FnOnce(&mut Comment)) -> Command {
        let mut comment = Comment { text: Some(TextInput::Plain("more".into())), ..Comment::default() };
        change(&mut comment);
        Command::Comment(Box::new(comment))
    }

    fn said() -> Event {
        Event::Commented(Box::new(Commented::from(Text { text: "more".into(), ..Text::default() })))
    }

    #[test]
    fn those_who_work_on_a_task_close_and_reopen_it() {
        for who in [ANNA, BORIS, PersonId::SYSTEM] {
            open().by(who).when(act(Action::Finished)).then([Event::Closed]);
            closed().by(who).when(act(Action::Reopened)).then([Event::Reopened { auto: false }]);
        }
    }

    #[test]
    fn subscribers_and_supervisors_do_not() {
        for who in [CLARA, EVA] {
            open().by(who).when(act(Action::Finished)).then_rejected(Code::AccessDeniedCloseTask);
            closed().by(who).when(act(Action::Reopened)).then_rejected(Code::AccessDeniedReopenTask);
        }
        open().by(DAVID).when(act(Action::Finished)).then_rejected(Code::AccessDeniedTask);
    }

    #[test]
    fn closing_what_is_closed_is_no_news() {
        closed().when(act(Action::Finished)).then_nothing();
        open().when(act(Action::Reopened)).then_nothing();
    }

    #[test]
    fn a_text_reopens_a_closed_task_whoever_wrote_it() {
        for who in [ANNA, CLARA, EVA] {
            closed().by(who).when(say(|_| {})).then([Event::Reopened { auto: true }, said()]);
        }
        open().when(say(|_| {})).then([said()]);
    }

    #[test]
    fn a_text_reopens_nothing_when_the_request_says_so_or_closes() {
        let flags = Flags { skip_auto_reopen: true, ..Flags::default() };
        closed().when(say(|comment| comment.skip_auto_reopen = true)).then([Event::Flagged(flags), said()]);
        closed().when(say(|comment| comment.action = Some(Action::Finished))).then([said()]);
        closed().when(say(|comment| comment.action = Some(Action::Reopened))).then([Event::Reopened { auto: false }, said()]);
        open().when(say(|comment| comment.action = Some(Action::Finished))).then([Event::Closed, said()]);
    }

    #[test]
    fn a_change_without_text_reopens_nothing() {
        let rename = Comment { subject: Some("New".into()), ..Comment::default() };
        closed().when(Command::Comment(Box::new(rename))).then([Event::Renamed { subject: "New".into() }]);
    }
}
