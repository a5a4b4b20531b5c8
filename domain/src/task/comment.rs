//! One request with many parts, all or nothing. The order of the verbs is fixed, so that one request
//! always leads to the same facts: fields, participants, responsible, subscribers, subject, due, schedule,
//! spent time, lists, edit or delete, approvals, acknowledge or approve, the route's next step, close or reopen, text, putting away. Each sees what those before it did.
//! The rules of each are in its own file.
//!
//! A part that changes nothing yields nothing; so does a request all of whose parts change nothing. A
//! request without any part is refused. How a request wants to be treated (`skip_…`), and
//! for which roles it speaks, is recorded first, and only beside something else.

use super::command::Comment;
use super::draft::Draft;
use super::event::{Commented, Event, Flags};
use super::rejection::Rejection;
use super::state::Task;
use crate::aggregate::Events;
use crate::id::{PersonId, Position};
use crate::issued::Issued;

/// Comments that a task takes after its creation (pyrus.md §1.0). Whatever else is done to a task is
/// shown as a comment, and counts.
pub const COMMENTS_MAX: usize = 10_000;

impl Task {
    pub(super) fn decide_comment(&self, comment: &Comment, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if !self.may_see(issued) {
            return Err(Rejection::AccessDenied);
        }
        self.check_previous(comment.previous)?;
        let mut draft = Draft::of(self, issued);
        draft.speak_as(&comment.as_roles)?;
        draft.fill(comment)?;
        draft.people(comment)?;
        draft.attributes(comment)?;
        draft.add_to_lists(&comment.lists_added)?;
        draft.remove_from_lists(&comment.lists_removed)?;
        draft.earlier_comments(comment)?;
        draft.decide_route(comment)?;
        if let Some(choice) = comment.approval_choice {
            draft.decide_step(choice, &comment.approval_steps)?;
        }
        draft.go_on()?;
        if let Some(action) = comment.action {
            draft.act(action)?;
        }
        draft.leave_subtasks(draft.closes())?;
        draft.text(comment)?;
        draft.ask_again()?;
        draft.check_people()?;
        draft.check_files()?;
        draft.give_result();
        draft.finished(comment)
    }

    fn check_previous(&self, previous: Option<Position>) -> Result<(), Rejection> {
        let newest = self.comments.last().map(|comment| comment.id);
        // Without an id it is not committed yet: newer than anything that was seen.
        if previous.is_none_or(|previous| newest == Some(previous)) { Ok(()) } else { Err(Rejection::Overtaken) }
    }
}

impl Draft<'_> {
    fn people(&mut self, comment: &Comment) -> Result<(), Rejection> {
        self.add_participants(&comment.participants_added)?;
        self.remove_participants(&comment.participants_removed)?;
        if let Some(to) = &comment.reassign_to {
            self.reassign(to)?;
        }
        self.add_subscribers(&comment.subscribers_added)?;
        self.remove_subscribers(&comment.subscribers_removed)?;
        self.rerequest_subscribers(&comment.subscribers_rerequested)
    }

    fn attributes(&mut self, comment: &Comment) -> Result<(), Rejection> {
        if let Some(subject) = &comment.subject {
            self.rename(subject)?;
        }
        self.set_due(&comment.due)?;
        self.set_schedule(&comment.schedule)?;
        match comment.spent_minutes {
            Some(minutes) => self.spend(minutes),
            None => Ok(()),
        }
    }

    fn earlier_comments(&mut self, comment: &Comment) -> Result<(), Rejection> {
        match (comment.edit_comment, comment.delete_comment) {
            (Some(_), Some(_)) => Err(Rejection::EditAndDelete),
            (Some(edited), None) => {
                let attachments = comment.attachments.as_ref().map(|wanted| self.attached(wanted, &comment.files)).transpose()?;
                self.edit(edited, comment.text.as_ref(), attachments)
            }
            (None, Some(deleted)) => self.delete_comment(deleted),
            (None, None) => Ok(()),
        }
    }

    fn text(&mut self, comment: &Comment) -> Result<(), Rejection> {
        // The text and the files of an edit are the edited comment's.
        if comment.edit_comment.is_some() {
            return Ok(());
        }
        let text = comment.text.as_ref().map(|input| self.written(input)).transpose()?.flatten();
        let attachments = self.attached(comment.attachments.as_deref().unwrap_or_default(), &comment.files)?;
        if text.is_none() && attachments.is_empty() {
            return Ok(());
        }
        let text = text.unwrap_or_default();
        self.reopen_for_text(comment.action, comment.skip_auto_reopen);
        self.follow(&text.mentions)?;
        self.events.push(Event::Commented(Box::new(Commented { text, attachments })));
        Ok(())
    }

    fn finished(mut self, comment: &Comment) -> Result<Events<Event>, Rejection> {
        if self.events.is_empty() {
            return if asks_for_something(comment) { Ok(self.events) } else { Err(Rejection::TextMissing) };
        }
        if self.task.comments.len() > COMMENTS_MAX {
            return Err(Rejection::TooManyComments);
        }
        if !self.as_roles.is_empty() {
            self.events.insert(0, Event::AsRoles { roles: self.as_roles });
        }
        let flags = flags(comment);
        if flags != Flags::default() {
            self.events.insert(0, Event::Flagged(flags));
        }
        // The system has no inbox.
        if comment.hide && self.issued.who != PersonId::SYSTEM {
            self.events.push(Event::PutAway);
        }
        Ok(self.events)
    }
}

fn flags(comment: &Comment) -> Flags {
    Flags {
        skip_satisfaction: comment.skip_satisfaction,
        skip_notification: comment.skip_notification,
        skip_auto_reopen: comment.skip_auto_reopen,
    }
}

/// Whether there is any part but a text that says nothing, an empty list of files and the wishes of how to treat the rest.
fn asks_for_something(comment: &Comment) -> bool {
    let nothing = Comment {
        text: comment.text.clone(),
        attachments: comment.attachments.clone().filter(Vec::is_empty),
        skip_satisfaction: comment.skip_satisfaction,
        skip_notification: comment.skip_notification,
        skip_auto_reopen: comment.skip_auto_reopen,
        as_roles: comment.as_roles.clone(),
        previous: comment.previous,
        hide: comment.hide,
        ..Comment::default()
    };
    *comment != nothing
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::id::ListId;
    use crate::rejection::Code;
    use crate::task::command::{Action, ApprovalChoice, Command, Due, DueInput, PersonRef, Schedule, ScheduleInput, TextInput};
    use crate::task::event::{Scheduled, Text};
    use crate::testing::{ANNA, BORIS, CLARA, DAVID, EVA, FELIX, GRETA, directory, given, list, moment, position, task_created, with_list};

    fn command(comment: Comment) -> Command {
        Command::Comment(Box::new(comment))
    }

    #[test]
    fn every_part_at_once_yields_its_facts_in_the_fixed_order() {
        let id = |person| vec![PersonRef::Id(person)];
        let everything = Comment {
            text: Some(TextInput::Plain("done".into())),
            subject: Some("New".into()),
            participants_added: id(DAVID),
            participants_removed: id(BORIS),
            reassign_to: Some(PersonRef::Id(CLARA)),
            subscribers_added: id(ANNA),
            subscribers_removed: id(GRETA),
            subscribers_rerequested: id(EVA),
            approval_choice: Some(ApprovalChoice::Acknowledged),
            due: DueInput { due_date: Some(date(2026, 4, 1)), ..DueInput::default() },
            schedule: ScheduleInput { moment: Some(moment("2026-03-03T09:00:00Z")), ..ScheduleInput::default() },
            action: Some(Action::Finished),
            edit_comment: None,
            delete_comment: Some(position(2)),
            spent_minutes: Some(15),
            lists_added: vec![ListId(1)],
            lists_removed: vec![ListId(2)],
            skip_satisfaction: true,
            skip_notification: true,
            skip_auto_reopen: true,
            as_roles: Vec::new(),
            ..Comment::default()
        };
        let said = |text: &str| Event::Commented(Box::new(Commented::from(Text { text: text.into(), ..Text::default() })));
        let subscribed = |persons| Event::SubscribersAdded { persons, mentioned: false };
        let history = given::<Task>([task_created("hello"), said("old"), Event::ParticipantsAdded { persons: vec![BORIS] }])
            .and(ANNA, [subscribed(vec![GRETA, EVA])])
            .and(EVA, [Event::Acknowledged])
            .and(EVA, [Event::AddedToLists { lists: vec![ListId(2)] }])
            .among([list(1, None, [ANNA]), list(2, None, [ANNA])].into_iter().fold(directory(), with_list));
        history.when(command(everything)).then([
            Event::Flagged(Flags { skip_satisfaction: true, skip_notification: true, skip_auto_reopen: true }),
            Event::ParticipantsAdded { persons: vec![DAVID] },
            Event::ParticipantsRemoved { persons: vec![BORIS] },
            Event::Reassigned { to: CLARA },
            subscribed(vec![ANNA]),
            Event::SubscribersRemoved { persons: vec![GRETA] },
            Event::SubscribersRerequested { persons: vec![EVA] },
            Event::Renamed { subject: "New".into() },
            Event::DueSet { due: Due::Date(date(2026, 4, 1)) },
            Event::Scheduled(Scheduled {
                schedule: Schedule::Moment(moment("2026-03-03T09:00:00Z")),
                until: moment("2026-03-03T09:00:00Z"),
            }),
            Event::TimeSpent { minutes: 15 },
            Event::AddedToLists { lists: vec![ListId(1)] },
            Event::RemovedFromLists { lists: vec![ListId(2)] },
            Event::CommentDeleted { comment: position(2) },
            Event::Acknowledged,
            Event::Closed,
            said("done"),
        ]);
    }

    #[test]
    fn a_comment_is_sent_and_the_task_hidden_at_once() {
        let said = || Event::Commented(Box::new(Commented::from(Text { text: "bye".into(), ..Text::default() })));
        let hide = |text: Option<&str>| {
            let text = text.map(|text| TextInput::Plain(text.into()));
            command(Comment { text, hide: true, ..Comment::default() })
        };
        given::<Task>([task_created("hello")]).when(hide(Some("bye"))).then([said(), Event::PutAway]);
        given::<Task>([task_created("hello")]).by(crate::id::PersonId::SYSTEM).when(hide(Some("bye"))).then([said()]);
        given::<Task>([task_created("hello")]).when(hide(None)).then_rejected(Code::TextMissing);
    }

    #[test]
    fn one_bad_part_refuses_the_whole_request() {
        let half_good = Comment {
            text: Some(TextInput::Plain("hello".into())),
            participants_added: vec![PersonRef::Id(BORIS), PersonRef::Id(FELIX)],
            ..Comment::default()
        };
        given::<Task>([task_created("hello")]).when(command(half_good)).then_rejected(Code::AccessDeniedPerson);
    }

    #[test]
    fn a_request_without_any_part_is_refused_and_one_that_changes_nothing_is_not() {
        let task = || given::<Task>([task_created("hello")]);
        task().when(command(Comment::default())).then_rejected(Code::TextMissing);
        task().when(command(Comment { skip_notification: true, ..Comment::default() })).then_rejected(Code::TextMissing);
        task().when(command(Comment { action: Some(Action::Reopened), ..Comment::default() })).then_nothing();
        let flagged = Comment { action: Some(Action::Reopened), skip_notification: true, ..Comment::default() };
        task().when(command(flagged)).then_nothing();
    }

    #[test]
    fn a_text_that_says_nothing_is_no_part_beside_others() {
        let renamed = Comment { text: Some(TextInput::Plain(" ".into())), subject: Some("New".into()), ..Comment::default() };
        given::<Task>([task_created("hello")]).when(command(renamed)).then([Event::Renamed { subject: "New".into() }]);
    }

    #[test]
    fn a_task_takes_ten_thousand_comments_and_no_more() {
        let text = || Comment { text: Some(TextInput::Plain("one more".into())), ..Comment::default() };
        let spent = |times| std::iter::repeat_n(Event::TimeSpent { minutes: 1 }, times);
        let with = |times| given::<Task>([task_created("hello")]).and(ANNA, spent(times));
        assert!(with(COMMENTS_MAX - 1).when(command(text())).outcome().is_ok());
        with(COMMENTS_MAX).when(command(text())).then_rejected(Code::TooManyComments);
        with(COMMENTS_MAX).when(command(Comment { action: Some(Action::Reopened), ..Comment::default() })).then_nothing();
        with(COMMENTS_MAX).when(Command::PutAway).then([Event::PutAway]);
    }

    #[test]
    fn who_says_what_the_newest_comment_was_is_refused_when_there_is_another() {
        let text = |previous| Comment { text: Some(TextInput::Plain("hello".into())), previous: Some(previous), ..Comment::default() };
        let task = || given::<Task>([task_created("hello")]).and(BORIS, [Event::TimeSpent { minutes: 1 }]);
        assert!(task().by(ANNA).when(command(text(position(2)))).outcome().is_ok());
        for other in [position(1), position(3), 0] {
            task().by(ANNA).when(command(text(other))).then_rejected(Code::Conflict);
        }
    }

    #[test]
    fn a_task_that_never_was_takes_no_comment() {
        let text = Comment { text: Some(TextInput::Plain("hello".into())), ..Comment::default() };
        given::<Task>([]).when(command(text)).then_rejected(Code::AccessDeniedTask);
    }
}
