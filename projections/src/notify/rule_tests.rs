//! The table of the rule, line by line. No database.

use std::collections::HashSet;

use domain::inbox::{Followed, Reason};
use domain::task::command::Schedule;
use domain::task::event::{CommentEdited, Commented, Created, Event, Flags, Scheduled, Text};
use domain::task::form::Fact;
use domain::task::timer::Timer;
use domain::testing::{ANNA, BORIS, CLARA, CLERKS, DAVID, header, now, position};
use domain::{FormId, Kind, ListId, PersonId, TaskId, workflow};

use super::rule::{Given, Task, Words, words};
use crate::testing::{empty, text};

const ID: TaskId = TaskId(7);
const FORM: FormId = FormId(4);
const LIST: ListId = ListId(3);

#[derive(Default)]
struct Story {
    task: Task,
    version: i64,
    command: i64,
    given: Vec<Given>,
}

impl Story {
    /// Anna makes a task for Boris, with Clara taking part.
    fn begin() -> Self {
        Self::of(Created { text: text("Paint the fence"), responsible: Some(BORIS), participants: vec![CLARA], ..empty() })
    }

    fn of(created: Created) -> Self {
        Self::default().then(ANNA, Event::Created(Box::new(created)))
    }

    /// A request of its own.
    fn then(mut self, by: PersonId, event: Event) -> Self {
        self.command += 1;
        self.and(by, event)
    }

    /// A further fact of the same request.
    fn and(mut self, by: PersonId, event: Event) -> Self {
        self.version += 1;
        let header = header(Kind::Task, self.version, by, self.command);
        self.given = self.task.take(ID, &event, &header, &HashSet::from([CLERKS]));
        self.given.sort_unstable();
        self
    }

    /// The last fact gave exactly these, also to who did it: that is told apart where the people are found.
    #[track_caller]
    fn gives(self, expected: &[Given]) -> Self {
        assert_eq!(self.given, expected);
        self
    }
}

fn named(person: PersonId, reason: Reason) -> Given {
    Given::Named(person, reason)
}

fn says() -> Event {
    Event::Commented(Box::new(Commented::from(text("Blue?"))))
}

fn calls(persons: &[PersonId]) -> Event {
    Event::Commented(Box::new(Commented::from(Text { mentions: persons.to_vec(), ..text("You!") })))
}

fn route(fact: workflow::Fact) -> Event {
    Event::Form(Box::new(Fact::Route(fact)))
}

fn entered(step: u8, approvers: &[PersonId]) -> Event {
    route(workflow::Fact::Entered { step, approvers: approvers.to_vec(), due: None })
}

fn followers(followed: Followed) -> Given {
    Given::Followers(followed)
}

#[test]
fn a_new_task_is_told_to_its_responsible_and_its_participants() {
    Story::begin().gives(&[named(BORIS, Reason::Assigned), named(CLARA, Reason::Added)]);
}

#[test]
fn whoever_is_called_or_asked_or_made_responsible_is_told_so() {
    Story::begin()
        .then(ANNA, calls(&[DAVID]))
        .gives(&[
            named(BORIS, Reason::Comment),
            named(CLARA, Reason::Comment),
            named(DAVID, Reason::Mentioned),
            followers(Followed::Task(ID)),
        ])
        .then(ANNA, Event::SubscribersAdded { persons: vec![DAVID], mentioned: false })
        .gives(&[named(DAVID, Reason::Acknowledgement)])
        .then(ANNA, Event::SubscribersRerequested { persons: vec![DAVID] })
        .gives(&[named(DAVID, Reason::Acknowledgement)])
        .then(ANNA, Event::Reassigned { to: CLARA })
        .gives(&[named(CLARA, Reason::Assigned)])
        .then(ANNA, Event::ParticipantsAdded { persons: vec![CLERKS] })
        .gives(&[named(CLERKS, Reason::Added)]);
}

#[test]
fn every_comment_is_told_also_to_those_who_have_not_answered_the_last() {
    let both = [named(ANNA, Reason::Comment), named(BORIS, Reason::Comment), followers(Followed::Task(ID))];
    Story::begin().then(CLARA, says()).gives(&both).then(CLARA, says()).gives(&both);
}

#[test]
fn those_whom_a_step_waits_for_are_told_once_until_it_waits_for_them_again() {
    let asked = [named(BORIS, Reason::Approval)];
    Story::of(Created { form: Some(FORM), ..empty() })
        .gives(&[followers(Followed::Form(FORM))])
        .and(ANNA, entered(1, &[BORIS]))
        .gives(&asked)
        .then(ANNA, route(workflow::Fact::Added { step: 1, persons: vec![BORIS, DAVID] }))
        .gives(&[named(DAVID, Reason::Approval)]);
}

#[test]
fn the_end_of_a_route_is_told_to_the_author() {
    Story::of(Created { form: Some(FORM), ..empty() })
        .and(ANNA, entered(1, &[BORIS]))
        .then(BORIS, route(workflow::Fact::Completed))
        .gives(&[named(ANNA, Reason::Finished)]);
}

#[test]
fn those_who_follow_a_list_or_a_form_are_told_what_comes_into_it_and_what_is_said_there() {
    Story::of(Created { form: Some(FORM), ..empty() })
        .gives(&[followers(Followed::Form(FORM))])
        .and(ANNA, Event::AddedToLists { lists: vec![LIST] })
        .gives(&[followers(Followed::List(LIST))])
        .then(ANNA, says())
        .gives(&[followers(Followed::Task(ID)), followers(Followed::List(LIST))])
        .then(ANNA, Event::Closed)
        .gives(&[followers(Followed::Form(FORM))])
        .then(ANNA, Event::RemovedFromLists { lists: vec![LIST] })
        .gives(&[])
        .then(ANNA, says())
        .gives(&[followers(Followed::Task(ID))]);
}

#[test]
fn a_silent_request_is_told_only_to_those_whose_approval_it_asks_for() {
    let silent = || Event::Flagged(Flags { skip_notification: true, ..Flags::default() });
    Story::of(Created { responsible: Some(BORIS), form: Some(FORM), ..empty() })
        .then(ANNA, silent())
        .and(ANNA, entered(1, &[CLARA]))
        .gives(&[named(CLARA, Reason::Approval)])
        .and(ANNA, Event::Reassigned { to: DAVID })
        .gives(&[])
        .and(ANNA, calls(&[CLARA]))
        .gives(&[])
        .then(ANNA, says())
        .gives(&[named(CLARA, Reason::Mentioned), named(DAVID, Reason::Comment), followers(Followed::Task(ID))][1..]);
}

#[test]
fn a_request_that_skips_something_else_is_told() {
    Story::begin()
        .then(ANNA, Event::Flagged(Flags { skip_auto_reopen: true, ..Flags::default() }))
        .and(ANNA, Event::Reassigned { to: DAVID })
        .gives(&[named(DAVID, Reason::Assigned)]);
}

#[test]
fn schedules_due_dates_edits_and_what_is_put_away_are_told_to_nobody() {
    let scheduled = Scheduled { schedule: Schedule::Moment(now()), until: now() };
    let edited = CommentEdited { comment: position(1), text: text("Paint it"), ..CommentEdited::default() };
    for event in [
        Event::Scheduled(scheduled),
        Event::ScheduleCancelled,
        Event::DueCancelled,
        Event::TimeSpent { minutes: 5 },
        Event::Renamed { subject: "Fence".to_owned() },
        Event::CommentEdited(Box::new(edited)),
        Event::CommentDeleted { comment: position(1) },
        Event::PutAway,
        Event::Closed,
        Event::Deleted,
    ] {
        Story::begin().then(ANNA, event).gives(&[]);
    }
}

#[test]
fn what_time_brings_is_told_to_whom_it_matters() {
    let fired = |timer| Event::TimerFired { timer };
    let scheduled = Scheduled { schedule: Schedule::Moment(now()), until: now() };
    let system = PersonId::SYSTEM;
    Story::begin()
        .then(CLARA, Event::Scheduled(scheduled))
        .then(system, fired(Timer::Returned))
        .gives(&[named(BORIS, Reason::Returned), named(CLARA, Reason::Returned)])
        .then(system, fired(Timer::Due))
        .gives(&[named(BORIS, Reason::Due)])
        .then(system, fired(Timer::Overdue))
        .gives(&[named(ANNA, Reason::Overdue), named(BORIS, Reason::Overdue)]);
    Story::of(empty()).then(system, fired(Timer::Due)).gives(&[named(ANNA, Reason::Due)]);
    Story::of(Created { form: Some(FORM), ..empty() })
        .and(ANNA, entered(1, &[BORIS, DAVID]))
        .then(system, fired(Timer::StepOverdue))
        .gives(&[named(BORIS, Reason::Overdue), named(DAVID, Reason::Overdue)]);
}

#[test]
fn all_facts_of_a_request_have_its_first_position_as_their_cause() {
    let story = Story::begin().then(ANNA, Event::Reassigned { to: DAVID }).and(ANNA, says());
    assert_eq!(story.task.cause, position(2));
    assert_eq!(story.then(ANNA, says()).task.cause, position(4));
}

#[test]
fn a_task_that_is_stored_and_read_goes_on_as_it_was() {
    let story = Story::begin().then(CLARA, says()).then(ANNA, Event::AddedToLists { lists: vec![LIST] });
    let stored = serde_json::to_string(&story.task).expect("plain data");
    let read: Task = serde_json::from_str(&stored).expect("read");
    let (mut kept, mut again) = (story.task, read);
    for (version, event) in [(4, Event::Closed), (5, Event::Reopened { auto: false }), (6, says())] {
        let header = header(Kind::Task, version, CLARA, version);
        let roles = HashSet::new();
        assert_eq!(kept.take(ID, &event, &header, &roles), again.take(ID, &event, &header, &roles));
    }
    assert_eq!(serde_json::to_string(&kept).expect("plain data"), serde_json::to_string(&again).expect("plain data"));
}

#[test]
fn what_is_shown_of_a_text_is_how_it_begins() {
    let long = Event::Commented(Box::new(Commented::from(text(&"ж".repeat(300)))));
    assert_eq!(words(&long), Some(Words::Said("ж".repeat(200))));
    assert_eq!(words(&Event::CommentDeleted { comment: 5 }), Some(Words::Deleted(5)));
    assert_eq!(words(&Event::Closed), None);
}
