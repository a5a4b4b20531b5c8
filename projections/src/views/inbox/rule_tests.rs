//! The table of the rule, line by line. No database.

use std::collections::HashSet;

use domain::task::command::Schedule;
use domain::task::event::{CommentEdited, Commented, Created, Event, Flags, Scheduled, Text};
use domain::testing::{ANNA, BORIS, CLARA, CLERKS, DAVID, SCRIBES, header, now, position};
use domain::{Kind, PersonId};
use jiff::{Timestamp, ToSpan};

use super::rule::{NewText, Reasons, Task};
use crate::testing::{empty, text};

const RESPONSIBLE: Reasons = Reasons::RESPONSIBLE;
const ACKNOWLEDGE: Reasons = Reasons::ACKNOWLEDGE;
const MENTIONED: Reasons = Reasons::MENTIONED;
const FOLLOWED: Reasons = Reasons::FOLLOWED;
const RETURNED: Reasons = Reasons::RETURNED;
const REMINDED: Reasons = Reasons::REMINDED;

/// A task with what happens to it.
#[derive(Default)]
struct Story {
    task: Task,
    version: i64,
    command: i64,
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
        self.take(by, event);
        self
    }

    fn take(&mut self, by: PersonId, event: Event) -> NewText {
        self.version += 1;
        self.task.take(&event, &header(Kind::Task, self.version, by, self.command), &HashSet::from([CLERKS, SCRIBES]))
    }

    /// The moment comes at which `person` wanted to be reminded.
    fn reminded(mut self, person: PersonId) -> Self {
        self.command += 1;
        self.version += 1;
        self.task.remind(person, &header(Kind::Inbox, self.version, PersonId::SYSTEM, self.command));
        self
    }

    /// Everybody who has a reason, and no one else, has exactly these.
    #[track_caller]
    fn gives(self, expected: &[(PersonId, Reasons)]) -> Self {
        let reasons: Vec<(PersonId, Reasons)> = self.task.entries().iter().map(|(person, entry)| (*person, entry.reasons)).collect();
        assert_eq!(reasons, expected);
        self
    }
}

fn says(words: &str) -> Event {
    Event::Commented(Box::new(Commented::from(text(words))))
}

fn calls(persons: &[PersonId]) -> Event {
    Event::Commented(Box::new(Commented::from(Text { mentions: persons.to_vec(), ..text("You!") })))
}

fn later() -> Timestamp {
    now().checked_add(48.hours()).expect("a moment")
}

fn until(until: Timestamp) -> Event {
    Event::Scheduled(Scheduled { schedule: Schedule::Moment(until), until })
}

fn asks(persons: &[PersonId]) -> Event {
    Event::SubscribersAdded { persons: persons.to_vec(), mentioned: false }
}

#[test]
fn a_new_task_is_found_by_its_responsible_and_participants_but_not_by_its_author() {
    Story::begin().gives(&[(BORIS, RESPONSIBLE), (CLARA, FOLLOWED)]);
}

#[test]
fn a_task_that_one_makes_for_oneself_is_found() {
    Story::of(Created { responsible: Some(ANNA), ..empty() }).gives(&[(ANNA, RESPONSIBLE)]);
}

#[test]
fn those_called_and_asked_in_a_new_task_find_it() {
    let created = Created { text: Text { mentions: vec![ANNA, BORIS], ..text("You!") }, subscribers: vec![CLARA], ..empty() };
    Story::of(created).gives(&[(BORIS, MENTIONED), (CLARA, ACKNOWLEDGE)]);
}

#[test]
fn a_comment_brings_the_task_to_everybody_who_follows_but_its_writer() {
    Story::begin().then(CLARA, says("Blue?")).gives(&[(ANNA, FOLLOWED), (BORIS, RESPONSIBLE.with(FOLLOWED))]);
}

#[test]
fn whoever_answers_keeps_only_what_they_are_responsible_for_or_asked() {
    Story::begin()
        .then(ANNA, asks(&[CLARA]))
        .then(ANNA, calls(&[BORIS, CLARA]))
        .gives(&[(BORIS, RESPONSIBLE.with(MENTIONED).with(FOLLOWED)), (CLARA, ACKNOWLEDGE.with(MENTIONED).with(FOLLOWED))])
        .then(BORIS, Event::TimeSpent { minutes: 5 })
        .then(CLARA, says("Seen"))
        .gives(&[(ANNA, FOLLOWED), (BORIS, RESPONSIBLE.with(FOLLOWED)), (CLARA, ACKNOWLEDGE)]);
}

#[test]
fn what_is_put_away_stays_away_until_another_comments() {
    Story::begin()
        .then(BORIS, Event::PutAway)
        .then(CLARA, Event::PutAway)
        .gives(&[])
        .then(ANNA, Event::DueCancelled)
        .then(ANNA, Event::Renamed { subject: "Fence".to_owned() })
        .then(ANNA, Event::Flagged(Flags::default()))
        .gives(&[])
        .then(ANNA, says("How far are we?"))
        .gives(&[(BORIS, FOLLOWED), (CLARA, FOLLOWED)]);
}

#[test]
fn putting_away_changes_nobody_elses_inbox_nor_the_tasks_place() {
    let story = Story::begin();
    let before = story.task.modified_at;
    let mut put_away = story.task.clone();
    let mut late = header(Kind::Task, 2, CLARA, 2);
    late.at = later();
    put_away.take(&Event::PutAway, &late, &HashSet::new());
    assert_eq!(put_away.modified_at, before);
    assert_eq!(put_away.entries().keys().copied().collect::<Vec<_>>(), [BORIS]);
}

#[test]
fn a_reassigned_task_moves_from_one_inbox_to_the_other() {
    Story::begin().then(BORIS, Event::Reassigned { to: DAVID }).gives(&[(CLARA, FOLLOWED), (DAVID, RESPONSIBLE)]);
}

#[test]
fn an_acknowledgement_is_asked_for_until_it_is_given_and_may_be_asked_for_again() {
    Story::of(empty())
        .then(ANNA, asks(&[CLARA, DAVID]))
        .gives(&[(CLARA, ACKNOWLEDGE), (DAVID, ACKNOWLEDGE)])
        .then(CLARA, Event::Acknowledged)
        .gives(&[(DAVID, ACKNOWLEDGE)])
        .then(ANNA, Event::SubscribersRerequested { persons: vec![CLARA] })
        .gives(&[(CLARA, ACKNOWLEDGE), (DAVID, ACKNOWLEDGE)]);
}

#[test]
fn those_subscribed_by_a_mention_are_called_not_asked() {
    Story::of(empty())
        .then(ANNA, Event::SubscribersAdded { persons: vec![DAVID], mentioned: true })
        .and(ANNA, calls(&[DAVID]))
        .gives(&[(DAVID, MENTIONED.with(FOLLOWED))])
        .then(DAVID, says("Yes?"))
        .gives(&[(ANNA, FOLLOWED)]);
}

#[test]
fn whoever_is_removed_loses_every_reason_unless_something_else_ties_them() {
    Story::begin()
        .then(ANNA, calls(&[CLARA, BORIS]))
        .then(ANNA, Event::ParticipantsAdded { persons: vec![BORIS, DAVID] })
        .then(ANNA, asks(&[DAVID]))
        .then(ANNA, Event::ParticipantsRemoved { persons: vec![BORIS, CLARA, DAVID] })
        .gives(&[(BORIS, RESPONSIBLE.with(MENTIONED).with(FOLLOWED)), (DAVID, FOLLOWED.with(ACKNOWLEDGE))])
        .then(ANNA, Event::SubscribersRemoved { persons: vec![DAVID] })
        .gives(&[(BORIS, RESPONSIBLE.with(MENTIONED).with(FOLLOWED))]);
}

#[test]
fn a_closed_task_leaves_every_inbox_and_the_closing_text_brings_it_to_nobody_but_the_called() {
    Story::begin().then(BORIS, Event::Closed).and(BORIS, says("Done")).gives(&[]);
    Story::begin().then(BORIS, Event::Closed).and(BORIS, calls(&[DAVID])).gives(&[(DAVID, MENTIONED)]);
}

#[test]
fn a_later_text_brings_a_closed_task_back_but_makes_nobody_responsible() {
    Story::begin()
        .then(BORIS, Event::Closed)
        .then(ANNA, Event::Reassigned { to: DAVID })
        .gives(&[])
        .then(ANNA, says("Thanks"))
        .gives(&[(CLARA, FOLLOWED), (DAVID, FOLLOWED)]);
}

#[test]
fn a_reopened_task_is_back_with_its_responsible_and_those_who_were_asked() {
    Story::begin()
        .then(ANNA, asks(&[CLARA, DAVID]))
        .then(CLARA, Event::Acknowledged)
        .then(BORIS, Event::Closed)
        .then(ANNA, Event::Reopened { auto: true })
        .and(ANNA, says("Not quite"))
        .gives(&[(BORIS, RESPONSIBLE.with(FOLLOWED)), (CLARA, FOLLOWED), (DAVID, ACKNOWLEDGE.with(FOLLOWED))]);
}

#[test]
fn a_scheduled_task_lies_at_the_moment_of_its_return_for_whoever_scheduled_it_and_the_responsible() {
    let story = Story::begin().then(CLARA, until(later())).and(CLARA, says("On Wednesday"));
    let story = story.gives(&[(ANNA, FOLLOWED), (BORIS, RESPONSIBLE.with(FOLLOWED).with(RETURNED)), (CLARA, RETURNED)]);
    for entry in story.task.entries().values() {
        assert_eq!((entry.shown_at, entry.scheduled_until), (later(), Some(later())));
    }
}

#[test]
fn a_scheduled_task_without_a_responsible_returns_to_its_author() {
    Story::of(empty()).then(DAVID, until(later())).gives(&[(ANNA, RETURNED), (DAVID, RETURNED)]);
}

#[test]
fn a_schedule_that_lies_ahead_survives_putting_away_and_one_that_is_past_does_not() {
    Story::of(empty()).then(ANNA, until(later())).then(ANNA, Event::PutAway).gives(&[(ANNA, RETURNED)]);
    Story::of(empty()).then(ANNA, until(now())).then(ANNA, Event::PutAway).gives(&[]);
    Story::of(empty()).then(ANNA, until(now())).then(ANNA, says("Back to it")).gives(&[]);
}

#[test]
fn a_cancelled_schedule_moves_the_task_back_at_once() {
    let story = Story::begin().then(BORIS, until(later())).then(BORIS, Event::ScheduleCancelled);
    let entries = story.task.entries();
    assert!(entries.contains_key(&BORIS));
    assert!(entries.values().all(|entry| entry.scheduled_until.is_none() && entry.shown_at == now()));
}

#[test]
fn a_deleted_task_is_nobodys_and_its_text_is_forgotten() {
    let mut story = Story::begin().then(ANNA, Event::Renamed { subject: "Fence".to_owned() });
    story.command += 1;
    let text = story.take(ANNA, Event::Deleted);
    assert_eq!(text, NewText::Is { text: String::new(), formatted_text: None });
    assert_eq!(story.task.subject, None);
    story.gives(&[]);
}

#[test]
fn only_an_edit_of_the_first_comment_changes_the_tasks_text() {
    let edit = |comment| Event::CommentEdited(Box::new(CommentEdited { comment, text: text("Paint the gate") }));
    let mut story = Story::begin().then(CLARA, says("Blue?"));
    assert_eq!(story.take(ANNA, edit(position(2))), NewText::Unchanged);
    assert_eq!(story.take(ANNA, edit(position(1))), NewText::Is { text: "Paint the gate".to_owned(), formatted_text: None });
    assert_eq!(story.take(ANNA, Event::CommentDeleted { comment: position(2) }), NewText::Unchanged);
    story.gives(&[(ANNA, FOLLOWED), (BORIS, RESPONSIBLE.with(FOLLOWED))]);
}

#[test]
fn the_system_has_no_inbox() {
    Story::default().then(PersonId::SYSTEM, Event::Created(Box::new(empty()))).then(ANNA, says("Who made this?")).gives(&[]);
}

#[test]
fn the_stored_state_is_read_as_it_was_written() {
    let story = Story::begin().then(ANNA, asks(&[DAVID])).then(CLARA, until(later())).then(BORIS, Event::Closed);
    let task = story.task;
    let stored = serde_json::to_string(&task).expect("written");
    let read: Task = serde_json::from_str(&stored).expect("read");
    let columns = Task {
        responsible: task.responsible,
        subject: task.subject.clone(),
        due: task.due,
        created_at: task.created_at,
        modified_at: task.modified_at,
        closed_at: task.closed_at,
        at: task.at,
        ..read
    };
    assert_eq!(columns, task);
}

#[test]
fn whoever_is_reminded_finds_it_until_they_answer_or_it_ends() {
    let reminded = || Story::begin().then(CLARA, until(later())).reminded(DAVID);
    let story = reminded();
    let entry = story.task.entries()[&DAVID];
    assert_eq!((entry.reasons, entry.scheduled_until), (REMINDED, None), "although the task is hidden from everybody else");
    assert!(story.task.entries()[&BORIS].scheduled_until.is_some());
    assert!(story.then(ANNA, says("Blue?")).task.entries().contains_key(&DAVID), "another's word answers nothing");
    for answer in [Event::PutAway, says("Seen"), Event::Acknowledged] {
        assert!(!reminded().then(DAVID, answer).task.entries().contains_key(&DAVID));
    }
    assert!(reminded().then(BORIS, Event::Closed).task.entries().is_empty());
    assert!(reminded().then(ANNA, Event::Deleted).reminded(DAVID).task.entries().is_empty());
    let removed = reminded().then(ANNA, Event::ParticipantsRemoved { persons: vec![DAVID] });
    assert!(!removed.task.entries().contains_key(&DAVID), "nothing ties David to the task");
}

#[test]
fn a_reminder_outlives_that_the_tasks_stream_is_read_again_and_is_taken_once() {
    let story = Story::begin().then(DAVID, says("Later")).reminded(DAVID);
    let reminder = story.version;
    let kept = Task { reminded: story.task.reminded.clone(), reminded_upto: story.task.reminded_upto, ..Task::default() };
    let created = Event::Created(Box::new(Created { text: text("Paint the fence"), ..empty() }));
    let again = Story { task: kept, ..Story::default() }.then(ANNA, created).then(DAVID, says("Later"));
    assert_eq!(again.task.reminded, story.task.reminded, "what was said before it does not answer it");
    let mut answered = story.then(DAVID, Event::PutAway);
    answered.task.remind(DAVID, &header(Kind::Inbox, reminder, PersonId::SYSTEM, 9));
    assert!(answered.task.reminded.is_empty(), "it was taken in already");
}

/// What a member finds of a role's task: the rule of the page's query.
fn finds(story: &Story, member: PersonId, role: PersonId) -> bool {
    let Some(since) = story.task.entries().get(&role).and_then(|entry| entry.since) else { return false };
    let mark = story.task.marks.get(&member).copied().unwrap_or_default();
    mark.held < since.held || mark.called < since.called || mark.returned < since.returned
}

/// Anna makes a task for the clerks, who are Boris and Clara.
fn for_clerks() -> Story {
    Story::of(Created { text: text("Paint the fence"), responsible: Some(CLERKS), ..empty() })
}

#[track_caller]
fn found_by(story: &Story, boris: bool, clara: bool) {
    assert_eq!((finds(story, BORIS, CLERKS), finds(story, CLARA, CLERKS)), (boris, clara));
}

#[test]
fn a_task_for_a_role_is_one_row_for_the_role_and_found_by_its_members() {
    let story = for_clerks().gives(&[(CLERKS, RESPONSIBLE)]);
    found_by(&story, true, true);
    assert!(story.task.marks.is_empty());
}

#[test]
fn a_member_who_puts_it_away_does_not_find_it_until_something_new_happens_and_the_others_do() {
    let story = for_clerks().then(BORIS, Event::PutAway).gives(&[(CLERKS, RESPONSIBLE)]);
    found_by(&story, false, true);
    let story = story.then(ANNA, says("How far are you?"));
    found_by(&story, true, true);
    let story = story.then(BORIS, Event::PutAway).then(CLARA, Event::PutAway);
    found_by(&story, false, false);
}

#[test]
fn a_member_who_answers_still_finds_what_their_role_is_responsible_for() {
    let story = for_clerks().then(ANNA, says("Blue?")).then(BORIS, says("Green."));
    found_by(&story, true, true);
    let following = Story::of(Created { participants: vec![CLERKS], ..empty() });
    found_by(&following, true, true);
    let answered = following.then(BORIS, says("Seen"));
    found_by(&answered, false, true);
    let answered = answered.then(CLARA, says("Seen too"));
    found_by(&answered, true, false);
}

#[test]
fn what_is_said_for_a_role_answers_for_all_of_its_members() {
    let following = Story::of(Created { participants: vec![CLERKS], ..empty() }).then(ANNA, calls(&[CLERKS]));
    let story = following.then(BORIS, Event::AsRoles { roles: vec![CLERKS] }).and(BORIS, says("We have seen it"));
    found_by(&story.gives(&[(ANNA, FOLLOWED)]), false, false);
}

#[test]
fn an_acknowledgement_for_a_role_is_given_once_for_all() {
    let asked = Story::of(empty()).then(ANNA, asks(&[CLERKS]));
    found_by(&asked, true, true);
    asked.then(CLARA, Event::AcknowledgedFor { role: CLERKS }).gives(&[]);
}

#[test]
fn a_closed_task_leaves_no_marks_and_a_reopened_one_is_back_with_all_members() {
    let closed = for_clerks().then(BORIS, Event::PutAway).then(ANNA, Event::Closed).gives(&[]);
    assert!(closed.task.marks.is_empty() && closed.task.since.is_empty());
    found_by(&closed.then(ANNA, Event::Reopened { auto: false }), true, true);
}

#[test]
fn a_schedule_of_a_role_that_lies_ahead_survives_what_members_do_meanwhile() {
    let story = for_clerks().then(BORIS, Event::PutAway).then(CLARA, until(later())).then(BORIS, Event::PutAway);
    found_by(&story, true, true);
    let past = for_clerks().then(CLARA, until(now())).then(BORIS, Event::PutAway);
    found_by(&past, false, true);
}

#[test]
fn people_are_those_whose_part_could_be_handed_on() {
    let story = for_clerks().then(ANNA, asks(&[DAVID])).then(ANNA, Event::ParticipantsAdded { persons: vec![BORIS] });
    assert_eq!(story.task.people().into_iter().collect::<Vec<_>>(), [BORIS, DAVID, CLERKS]);
    assert!(story.then(ANNA, Event::Deleted).task.people().is_empty());
}
