//! The wire format of events, held still: one snapshot an event. What is in a log was written in
//! these shapes and is read for ever; a snapshot that changes asks for a new schema version and an
//! upcast. Not the codec itself.

mod erased;
mod history;
mod routes;
mod samples;

use insta::assert_snapshot;

use crate::account;
use crate::announcement;
use crate::article;
use crate::audit;
use crate::award;
use crate::catalog;
use crate::codec::{DecodeError, EventSet};
use crate::department;
use crate::file;
use crate::filter;
use crate::form;
use crate::inbox;
use crate::list;
use crate::organisation;
use crate::person;
use crate::role;
use crate::task;
use crate::task::command::Due;
use crate::task::event::{Commented, Text};
use crate::task::timer::{TYPES_OF_TASKS, Timers};

/// Each sample is written as its snapshot shows and read as it was; every registered name has one.
fn written_and_read<E: EventSet>(samples: Vec<E>) {
    let mut seen = Vec::new();
    for sample in samples {
        let encoded = sample.encode();
        assert_eq!(E::decode(encoded.event_type, encoded.schema, &encoded.payload), Ok(sample));
        let occurrence = seen.iter().filter(|name| **name == encoded.event_type).count() + 1;
        seen.push(encoded.event_type);
        let name = if occurrence == 1 { encoded.event_type.to_owned() } else { format!("{}.{occurrence}", encoded.event_type) };
        assert_snapshot!(name, format!("schema {}: {}", encoded.schema, encoded.payload));
    }
    for name in E::TYPES {
        assert!(seen.contains(name), "{name} has no sample");
    }
}

#[test]
fn events_of_organisations_keep_their_shape() {
    written_and_read(samples::organisation());
}

#[test]
fn events_of_persons_keep_their_shape() {
    written_and_read(samples::person());
}

#[test]
fn events_of_roles_keep_their_shape() {
    written_and_read(samples::role());
}

#[test]
fn events_of_lists_keep_their_shape() {
    written_and_read(samples::list());
}

#[test]
fn events_of_forms_keep_their_shape() {
    written_and_read(samples::form());
}

#[test]
fn events_of_departments_keep_their_shape() {
    written_and_read(samples::department());
}

#[test]
fn events_of_tasks_keep_their_shape() {
    written_and_read(samples::task());
}

#[test]
fn timers_are_changed_only_by_the_facts_that_are_named() {
    let day = jiff::civil::date(2026, 7, 1);
    let at = crate::testing::moment("2026-07-01T10:00:00Z");
    let before = Timers { due: Some(Due::Date(day)), scheduled_until: Some(at), step_due: Some(at), ..Timers::default() };
    for event in samples::task() {
        let (mut after, name) = (before.clone(), event.encode().event_type);
        after.take(&event);
        assert!(after == before || TYPES_OF_TASKS.contains(&name), "{name}");
    }
}

#[test]
fn events_of_articles_keep_their_shape() {
    written_and_read(samples::article());
}

#[test]
fn events_of_announcements_keep_their_shape() {
    written_and_read(samples::announcement());
}

#[test]
fn events_of_awards_keep_their_shape() {
    written_and_read(samples::award());
}

#[test]
fn events_of_files_keep_their_shape() {
    written_and_read(samples::file());
}

#[test]
fn events_of_catalogs_keep_their_shape() {
    written_and_read(samples::catalog());
}

#[test]
fn events_of_filters_keep_their_shape() {
    written_and_read(samples::filter());
}

#[test]
fn events_of_inboxes_keep_their_shape() {
    written_and_read(samples::inbox());
}

#[test]
fn events_of_accounts_keep_their_shape() {
    written_and_read(samples::account());
}

#[test]
fn records_of_the_log_itself_keep_their_shape() {
    written_and_read(samples::audit());
}

#[test]
fn names_are_registered_once_and_begin_with_their_aggregate() {
    let sets = [
        ("organisation.", organisation::Event::TYPES),
        ("person.", person::Event::TYPES),
        ("role.", role::Event::TYPES),
        ("list.", list::Event::TYPES),
        ("department.", department::Event::TYPES),
        ("form.", form::Event::TYPES),
        ("filter.", filter::Event::TYPES),
        ("inbox.", inbox::Event::TYPES),
        ("task.", task::Event::TYPES),
        ("article.", article::Event::TYPES),
        ("announcement.", announcement::Event::TYPES),
        ("award.", award::Event::TYPES),
        ("file.", file::Event::TYPES),
        ("catalog.", catalog::Event::TYPES),
        ("account.", account::Event::TYPES),
        ("erasure.", audit::Event::TYPES),
    ];
    for (aggregate, names) in sets {
        assert!(names.iter().all(|name| name.starts_with(aggregate)), "{names:?}");
        let distinct = names.iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(distinct.len(), names.len());
    }
}

#[test]
fn the_shortest_json_that_was_ever_written_is_read() {
    let read = |event_type, payload| task::Event::decode(event_type, 1, payload);
    let hello = || Text { text: "hello".into(), ..Text::default() };
    assert_eq!(read("task.commented", r#"{"text":"hello"}"#), Ok(task::Event::Commented(Box::new(Commented::from(hello())))));
    assert!(matches!(read("task.created", r#"{"text":"hello"}"#), Ok(task::Event::Created(created)) if created.text == hello()));
    assert_eq!(
        read("task.due_set", r#"{"due":{"moment":{"at":"2026-05-01T12:00:00Z"}}}"#),
        Ok(task::Event::DueSet { due: Due::Moment { at: "2026-05-01T12:00:00Z".parse().expect("a moment"), duration: None } })
    );
    assert_eq!(
        read("task.subscribers_added", r#"{"persons":[1]}"#),
        Ok(task::Event::SubscribersAdded { persons: vec![crate::PersonId(1)], mentioned: false })
    );
    assert!(matches!(person::Event::decode("person.added", 1, "{}"), Ok(person::Event::Added(_))));
    assert!(matches!(person::Event::decode("person.bot_set", 1, "{}"), Ok(person::Event::BotSet(bot)) if bot.enabled));
    assert_eq!(person::Event::decode("person.dismissed", 1, "{}"), Ok(person::Event::Dismissed { receiver: None }));
}

#[test]
fn fields_that_this_build_does_not_know_are_passed_over() {
    assert_eq!(task::Event::decode("task.closed", 1, r#"{"since":"later"}"#), Ok(task::Event::Closed));
}

#[test]
fn what_cannot_be_read_says_so() {
    assert_eq!(task::Event::decode("task.exploded", 1, "{}"), Err(DecodeError::UnknownType("task.exploded".into())));
    assert_eq!(task::Event::decode("person.added", 1, "{}"), Err(DecodeError::UnknownType("person.added".into())));
    let newer = DecodeError::NewerSchema { event_type: "task.closed".into(), schema: 2 };
    assert_eq!(task::Event::decode("task.closed", 2, "{}"), Err(newer));
    for (event_type, payload) in
        [("task.commented", "{}"), ("task.renamed", r#"{"subject":7}"#), ("task.closed", "[]x"), ("task.closed", "")]
    {
        assert!(matches!(task::Event::decode(event_type, 1, payload), Err(DecodeError::Shape { .. })), "{event_type} {payload}");
    }
}
