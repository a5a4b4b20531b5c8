//! What a task looks like to a client, and that it does not matter how it came to be rendered.

use insta::assert_json_snapshot;
use jiff::civil::date;
use serde_json::{Value, json};

use super::*;
use crate::id::{ListId, PersonId, TaskId};
use crate::person::Person;
use crate::role::Role;
use crate::task::Task;
use crate::task::command::{Due, Schedule};
use crate::task::event::{CommentEdited, Commented, Created, Flags, Scheduled, Text};
use crate::testing::{
    ANNA, BORIS, CLARA, CLERKS, DAVID, EVA, FELIX, Given, ROBOT, attached, directory, given, moment, position, role, task_created,
    with_role, with_roles,
};

fn text(text: &str) -> Text {
    Text { text: text.into(), ..Text::default() }
}

fn said(words: &str) -> Event {
    Event::Commented(Box::new(Commented::from(text(words))))
}

fn edited(version: i64, words: &str) -> Event {
    Event::CommentEdited(Box::new(CommentEdited { comment: position(version), text: text(words), ..CommentEdited::default() }))
}

fn document(history: &Given<Task>) -> Document {
    let mut document = Document::default();
    for (header, event) in history.history() {
        document.apply(event, header, &directory());
    }
    document
}

fn shown(document: &mut Document) -> Value {
    serde_json::from_slice(&document.answer().to_vec()).expect("an answer is JSON")
}

/// The directory with `change` made to one person by the event at `position`.
fn changed(id: PersonId, position: u64, change: impl FnOnce(&mut Person)) -> OrganisationDirectory {
    let mut directory = directory();
    let mut person = Person::clone(directory.person(id).expect("they are there"));
    change(&mut person);
    directory.persons.insert(id, person.into());
    directory.revision = position;
    directory
}

/// Everything that can happen to a simple task.
fn eventful() -> Given<Task> {
    let created = Created {
        text: Text { text: "hello".into(), formatted_text: Some("<b>hello</b>".into()), mentions: vec![EVA], reply_to: None },
        attachments: Vec::new(),
        subject: Some("Greeting".into()),
        responsible: Some(BORIS),
        participants: vec![CLARA, ROBOT],
        subscribers: vec![DAVID],
        parent: Some(TaskId(5)),
        due: Some(Due::Moment { at: moment("2026-05-01T12:00:00Z"), duration: Some(30) }),
        schedule: Some(Scheduled { schedule: Schedule::Date(date(2026, 4, 1)), until: moment("2026-04-01T07:00:00Z") }),
        form: None,
        template: None,
        author: None,
        origin: None,
    };
    let until = moment("2026-04-02T07:00:00.5Z");
    let reply = Text { reply_to: Some(position(1)), ..text("an answer") };
    given::<Task>([])
        .and_together(ANNA, [Event::Created(Box::new(created)), Event::SubscribersAdded { persons: vec![EVA], mentioned: true }])
        .and(DAVID, [Event::Acknowledged])
        .and_together(
            BORIS,
            [
                Event::Flagged(Flags { skip_satisfaction: true, skip_notification: true, skip_auto_reopen: false }),
                Event::ParticipantsAdded { persons: vec![FELIX] },
                Event::ParticipantsRemoved { persons: vec![ROBOT] },
                Event::Reassigned { to: CLARA },
                Event::SubscribersRerequested { persons: vec![DAVID] },
                Event::Renamed { subject: "Farewell".into() },
                Event::DueSet { due: Due::Date(date(2026, 6, 1)) },
                Event::Scheduled(Scheduled { schedule: Schedule::Moment(until), until }),
                Event::TimeSpent { minutes: 15 },
                Event::AddedToLists { lists: vec![ListId(5), ListId(6)] },
                Event::RemovedFromLists { lists: vec![ListId(5)] },
                Event::Closed,
                Event::Commented(Box::new(Commented::from(reply))),
            ],
        )
        .and(PersonId::SYSTEM, [said("by the system")])
        .and(ANNA, [edited(1, "hello again"), Event::PutAway])
        .and(CLARA, [Event::SubscribersRemoved { persons: vec![EVA] }, Event::DueCancelled, Event::ScheduleCancelled])
        .and(CLARA, [Event::CommentDeleted { comment: position(4) }])
        .and_together(CLARA, [Event::Reopened { auto: true }, said("one more thing")])
}

#[test]
fn a_task_of_one_text_shows_no_empty_fields() {
    assert_json_snapshot!(shown(&mut document(&given([task_created("hello")]))));
}

#[test]
fn an_eventful_task_shows_all_of_it() {
    assert_json_snapshot!(shown(&mut document(&eventful())));
}

#[test]
fn nothing_is_null_or_empty() {
    fn check(value: &Value, path: &str) {
        match value {
            Value::Null => panic!("{path} is null"),
            Value::Array(items) => {
                assert!(!items.is_empty(), "{path} is empty");
                items.iter().for_each(|item| check(item, path));
            }
            Value::Object(fields) => fields.iter().for_each(|(name, field)| check(field, &format!("{path}.{name}"))),
            Value::String(text) => assert!(!text.is_empty(), "{path} is empty"),
            Value::Bool(_) | Value::Number(_) => {}
        }
    }
    check(&shown(&mut document(&eventful())), "");
}

#[test]
fn an_edit_points_at_the_original_which_shows_the_new_text() {
    let history = given([task_created("hello"), said("first"), edited(2, "better")]);
    let task = shown(&mut document(&history));
    let comments = &task["task"]["comments"];
    assert_eq!(comments[1]["text"], "better");
    assert_eq!(comments[2]["edit_comment_id"], position(2));
    assert!(comments[2].get("text").is_none(), "or a text deleted later would live on here");
    assert_eq!(task["task"]["text"], "hello");
    assert_eq!(task["task"]["last_note_id"], position(3));
}

#[test]
fn files_stand_under_their_comment_and_what_an_edit_took_out_is_told() {
    let with = |ids: &[i64]| ids.iter().map(|id| attached(*id, "a.pdf")).collect::<Vec<_>>();
    let history = given([task_created("hello")])
        .and(ANNA, [Event::Commented(Box::new(Commented { attachments: with(&[1, 2]), ..Commented::default() }))])
        .and(ANNA, [edited(2, "better")])
        .and(
            ANNA,
            [Event::CommentEdited(Box::new(CommentEdited {
                comment: position(2),
                attachments: Some(with(&[2, 3])),
                ..CommentEdited::default()
            }))],
        )
        .and(
            ANNA,
            [Event::CommentEdited(Box::new(CommentEdited { comment: position(1), attachments: Some(with(&[4])), text: text("hello") }))],
        );
    let task = shown(&mut document(&history));
    let comments = &task["task"]["comments"];
    let ids = |files: &Value| files.as_array().into_iter().flatten().map(|file| file["id"].as_i64().expect("a number")).collect::<Vec<_>>();
    assert_eq!(ids(&comments[1]["attachments"]), [2, 3]);
    assert!(comments[1].get("text").is_none(), "of files alone");
    assert_eq!(comments[1]["attachments"][0]["url"], "/services/attachment?Id=2");
    assert!(comments[2].get("removed_attachment_ids").is_none(), "none was taken out");
    assert_eq!(comments[3]["removed_attachment_ids"], json!([1]));
    assert_eq!(
        (ids(&comments[0]["attachments"]), ids(&task["task"]["attachments"])),
        (vec![4], vec![4]),
        "of the task are those of its creation"
    );
    let silent = shown(&mut document(&history.and(ANNA, [Event::CommentDeleted { comment: position(2) }])));
    assert!(silent["task"]["comments"][1].get("attachments").is_none());
}

#[test]
fn an_edited_creation_is_also_the_tasks_text() {
    let task = shown(&mut document(&given([task_created("hello"), edited(1, "goodbye")])));
    assert_eq!((&task["task"]["text"], &task["task"]["comments"][0]["text"]), (&"goodbye".into(), &"goodbye".into()));
}

#[test]
fn a_deleted_comment_is_silent_and_so_is_every_trace_of_its_text() {
    let history = given([task_created("hello"), said("secret-1"), edited(2, "secret-2"), Event::CommentDeleted { comment: position(2) }]);
    let mut document = document(&history);
    let task = shown(&mut document);
    assert!(!task.to_string().contains("secret"), "{task}");
    assert_eq!(task["task"]["comments"][1]["id"], position(2));
    assert_eq!(task["task"]["comments"][3]["delete_comment_id"], position(2));
}

/// Comments of about a kilobyte each, so that there are several chunks.
fn long(comments: usize) -> Given<Task> {
    given([task_created("hello")]).and(BORIS, (0..comments).map(|n| said(&format!("{n} {}", "x".repeat(1_000)))))
}

#[test]
fn chunks_are_shared_between_answers_and_edited_where_they_are() {
    let mut document = document(&long(100));
    let (first, second) = (document.answer(), document.answer());
    assert!(first.chunks.len() > 5, "{} chunks", first.chunks.len());
    let shared = first.chunks.iter().zip(&second.chunks).filter(|(one, other)| one.as_ptr() == other.as_ptr()).count();
    assert_eq!(shared, first.chunks.len() - 1, "all but the header");
    let longest = first.chunks.iter().map(Bytes::len).max().expect("there are some");
    assert!(longest < 20 * 1024, "{longest}");
    for version in [2, 18, 50, 100, 101] {
        let mut edited_one = document.clone();
        let edit = given::<Task>([]).and(BORIS, [edited(version, "better")]);
        let header =
            Header { version: 102, position: position(102), command: crate::CommandId(uuid::Uuid::from_u128(102)), ..edit.history()[0].0 };
        edited_one.apply(&edit.history()[0].1, &header, &directory());
        let task = shown(&mut edited_one);
        let index = usize::try_from(version).expect("small") - 1;
        assert_eq!(task["task"]["comments"][index]["text"], "better", "{version}");
        assert_eq!(task["task"]["comments"].as_array().map(Vec::len), Some(102));
    }
}

#[test]
fn a_refresh_shows_todays_names_everywhere_and_only_names_change() {
    for history in [eventful(), long(60)] {
        let mut document = document(&history);
        let before = shown(&mut document);
        assert!(document.fresh(0) && !document.fresh(9));
        let renamed = changed(BORIS, 9, |person| person.profile.first_name = "Borislav".into());
        document.refresh(&renamed);
        assert!(document.fresh(9) && document.answer().names.fresh(9));
        let after = shown(&mut document);
        assert_eq!(after.to_string().replace("\"Borislav\"", "\"Boris\""), before.to_string());
        assert_eq!(after.to_string().matches("\"Borislav\"").count(), before.to_string().matches("\"Boris\"").count());
    }
}

#[test]
fn names_rendered_before_a_change_stay_stale_until_the_refresh() {
    let mut document = document(&given([task_created("hello")]));
    let renamed = changed(ANNA, 9, |person| person.profile.first_name = "Annika".into());
    let more = given::<Task>([task_created("hello"), said("more")]);
    let (header, event) = &more.history()[1];
    document.apply(event, header, &renamed);
    assert!(!document.fresh(9), "the first comment still shows the old name");
}

#[test]
fn somebody_whom_the_directory_does_not_know_is_looked_up_again() {
    let stranger = given::<Task>([task_created("hello")]).and(ANNA, [Event::Reassigned { to: PersonId(404) }]);
    let mut document = document(&stranger);
    assert_eq!(shown(&mut document)["task"]["responsible"]["id"], 404);
    assert!(!document.fresh(0) && !document.answer().names.fresh(0));
}

#[test]
fn the_blocked_are_shown_as_banned() {
    let mut document = document(&eventful());
    document.refresh(&changed(CLARA, 9, |person| person.blocked = true));
    assert_eq!(shown(&mut document)["task"]["responsible"]["banned"], true);
}

#[test]
fn an_answer_between_two_facts_of_one_command_changes_nothing() {
    let history = eventful();
    let mut at_once = document(&history);
    let mut in_steps = Document::default();
    for (header, event) in history.history() {
        in_steps.apply(event, header, &directory());
        let answered = in_steps.answer();
        assert!(serde_json::from_slice::<Value>(&answered.to_vec()).is_ok());
    }
    assert_eq!(shown(&mut in_steps), shown(&mut at_once));
}

#[test]
fn a_document_out_of_a_snapshot_goes_on_as_if_it_had_never_been_away() {
    let configuration = bincode::config::standard();
    let history = eventful();
    let mut whole = document(&history);
    for cut in 0..history.history().len() {
        let mut document = Document::default();
        let (before, after) = history.history().split_at(cut);
        for (header, event) in before {
            document.apply(event, header, &directory());
        }
        if cut % 2 == 0 && cut > 0 {
            drop(document.answer());
        }
        let bytes = bincode::serde::encode_to_vec(&document, configuration).expect("it can be written");
        let (mut read, length): (Document, usize) = bincode::serde::decode_from_slice(&bytes, configuration).expect("and read");
        assert_eq!(length, bytes.len());
        for (header, event) in after {
            read.apply(event, header, &directory());
        }
        assert_eq!(shown(&mut read), shown(&mut whole), "cut at {cut}");
    }
}

#[test]
fn the_newest_comment_stands_by_itself_wherever_it_lies() {
    for history in [given([task_created("hello")]), eventful(), long(40)] {
        let mut document = Document::default();
        for (header, event) in history.history() {
            document.apply(event, header, &directory());
            let all = shown(&mut document);
            let unwrapped = Answer { chunks: document.answer().unwrapped(), ..Answer::default() };
            let task: Value = serde_json::from_slice(&unwrapped.to_vec()).expect("it is JSON");
            assert_eq!(task, all["task"]);
            let newest: Value = serde_json::from_slice(&document.newest()).expect("it is JSON");
            assert_eq!(Some(&newest), all["task"]["comments"].as_array().and_then(|comments| comments.last()));
        }
    }
}

#[test]
fn weight_follows_what_is_held() {
    let (small, large) = (document(&given([task_created("hello")])).weight(), document(&long(100)).weight());
    assert!((500..4_000).contains(&small), "{small}");
    assert!((100_000..200_000).contains(&large), "{large}");
}

/// Assigned to the clerks, who are asked too; Boris answers as one of them.
fn for_clerks() -> Given<Task> {
    given([task_created("hello"), Event::Reassigned { to: CLERKS }])
        .and(ANNA, [Event::SubscribersAdded { persons: vec![CLERKS], mentioned: false }])
        .and_together(BORIS, [Event::AsRoles { roles: vec![CLERKS] }, Event::AcknowledgedFor { role: CLERKS }, said("seen")])
        .among(with_roles())
}

fn document_among(history: &Given<Task>, home: &OrganisationDirectory) -> Document {
    let mut document = Document::default();
    for (header, event) in history.history() {
        document.apply(event, header, home);
    }
    document
}

#[test]
fn a_role_is_shown_as_a_person_of_type_role() {
    let task = shown(&mut document_among(&for_clerks(), &with_roles()));
    let clerks = json!({"id": CLERKS, "first_name": "Role 40", "type": "role"});
    assert_eq!(task["task"]["responsible"], clerks);
    assert_eq!(task["task"]["subscribers"], json!([{"person": clerks, "approval_choice": "acknowledged"}]));
    let answer = &task["task"]["comments"][3];
    assert_eq!(answer["comment_as_roles"], json!([{"id": CLERKS, "name": "Role 40"}]));
    assert_eq!((&answer["author"]["id"], &answer["approval_choice"]), (&json!(BORIS), &json!("acknowledged")));
}

#[test]
fn a_renamed_role_is_shown_anew_and_a_banned_or_deleted_one_says_so() {
    let mut document = document_among(&for_clerks(), &with_roles());
    let renamed = Role { name: "Scribes".into(), shown_changed: 9, ..role(CLERKS.0, [BORIS]) };
    document.refresh(&with_role(with_roles(), renamed.clone()));
    assert!(document.fresh(9));
    let task = shown(&mut document);
    assert_eq!(task["task"]["responsible"]["first_name"], "Scribes");
    assert_eq!(task["task"]["comments"][3]["comment_as_roles"][0]["name"], "Scribes");
    assert!(!task.to_string().contains("Role 40"), "{task}");
    document.refresh(&with_role(with_roles(), Role { banned: true, ..renamed.clone() }));
    assert_eq!(shown(&mut document)["task"]["responsible"]["banned"], true);
    document.refresh(&with_role(with_roles(), Role { deleted: true, ..renamed }));
    let task = shown(&mut document);
    assert_eq!((&task["task"]["responsible"]["banned"], &task["task"]["responsible"]["fired"]), (&json!(true), &json!(true)));
}
