//! Tasks, people and organisations hosted for real: their own documents, access and ids. What they look like
//! and who may do what is tested where it is decided, in the domain.

use std::time::Instant;

use actors::hosted::task::Part;
use actors::journal::Journal;
use actors::system::{Reading, Refused, Request};
use domain::organisation::{self, Organisation};
use domain::person::{self, Person};
use domain::task::command::{Comment, Create, PersonRef, TextInput};
use domain::task::{self, Task};
use domain::testing::{ADMIN, ANNA, BORIS, DAVID, HOME, ordinary, settings};
use domain::{ClaimKind, Code, Kind, OrganisationId, PersonId, StreamId};
use serde_json::Value;

use crate::world::{PATIENCE, World, keyed, request, within};

fn create(text: &str) -> task::Command {
    task::Command::Create(Box::new(Create {
        text: Some(TextInput::Plain(text.to_owned())),
        responsible: Some(PersonRef::Id(BORIS)),
        ..Create::default()
    }))
}

fn comment(text: &str) -> task::Command {
    task::Command::Comment(Box::new(Comment { text: Some(TextInput::Plain(text.to_owned())), ..Comment::default() }))
}

fn by(who: PersonId) -> Request {
    Request { who, ..request() }
}

async fn shown(world: &World, stream: StreamId, who: PersonId) -> Result<Value, Refused> {
    let reading = Reading { organisation: HOME, who, at_least: None, deadline: Instant::now() + PATIENCE };
    let seen = world.system.read::<Task>(stream, reading, Part::Whole).await?;
    Ok(serde_json::from_slice(&seen.view.to_vec()).unwrap())
}

#[actix_rt::test]
async fn a_comment_is_named_by_the_position_of_its_first_event() {
    let world = World::new().await;
    let created = world.system.create::<Task>(by(ANNA), create("hello")).await.unwrap();
    let answer = world.system.execute::<Task>(created.stream, by(BORIS), comment("welcome")).await.unwrap();
    let whole: Value = serde_json::from_slice(&answer.view.to_vec()).unwrap();
    let ids: Vec<_> = whole["task"]["comments"].as_array().unwrap().iter().map(|comment| comment["id"].as_i64()).collect();
    assert_eq!(ids, [created.first, answer.first]);
    assert_eq!(whole["task"]["id"].as_i64(), Some(created.stream.id));
    assert_eq!(shown(&world, created.stream, BORIS).await.unwrap(), whole);
}

#[actix_rt::test]
async fn many_comments_under_way_are_each_answered_with_the_task_as_of_themselves() {
    let world = World::new().await;
    let stream = world.system.create::<Task>(by(ANNA), create("hello")).await.unwrap().stream;
    world.journal.hold();
    let mut sent = Vec::new();
    for number in 1..=100_usize {
        let system = world.system.clone();
        sent.push(tokio::spawn(async move { system.execute::<Task>(stream, by(BORIS), comment(&format!("number {number}"))).await }));
        world.waiting(number).await;
    }
    world.journal.release();
    for (number, answer) in (1..).zip(sent) {
        let answer = within(answer).await.unwrap().unwrap();
        let whole: Value = serde_json::from_slice(&answer.view.to_vec()).unwrap();
        let comments = whole["task"]["comments"].as_array().unwrap();
        assert_eq!(comments.len(), number + 1);
        assert_eq!(comments[number]["text"], format!("number {number}"));
        assert_eq!(comments[number]["id"].as_i64(), answer.first);
    }
}

#[actix_rt::test]
async fn unknown_and_forbidden_tasks_are_refused_alike() {
    let world = World::new().await;
    let stream = world.system.create::<Task>(by(ANNA), create("hello")).await.unwrap().stream;
    for (stream, who) in [(stream, DAVID), (StreamId::new(Kind::Task, 404), ANNA)] {
        for refused in [shown(&world, stream, who).await.map(drop), told(&world, stream, who).await] {
            assert!(matches!(refused, Err(Refused::Rejected { code: Code::AccessDeniedTask, .. })), "{refused:?}");
        }
    }
}

async fn told(world: &World, stream: StreamId, who: PersonId) -> Result<(), Refused> {
    world.system.execute::<Task>(stream, by(who), comment("may I?")).await.map(drop)
}

#[actix_rt::test]
async fn a_task_comes_back_from_its_snapshot_byte_for_byte() {
    let world = World::new().await;
    let stream = world.system.create::<Task>(by(ANNA), create("hello")).await.unwrap().stream;
    for number in 0..5 {
        world.system.execute::<Task>(stream, by(BORIS), comment(&number.to_string())).await.unwrap();
    }
    let before = shown(&world, stream, ANNA).await.unwrap();
    assert_eq!(world.system.sweep(Instant::now() + world.idle()).await, 1);
    assert_eq!(shown(&world, stream, ANNA).await.unwrap(), before);
    assert_eq!(shown(&world.elsewhere().await, stream, ANNA).await.unwrap(), before);
}

#[actix_rt::test]
async fn a_person_takes_the_next_id_and_their_address() {
    let world = World::new().await;
    let add = |name: &str| person::Command::Add(Box::new(ordinary(name, "new@example.org")));
    let admin = |key: &str| {
        let command = domain::CommandId::from_key(HOME, ADMIN, key);
        Request { who: ADMIN, command, ..keyed(key, "f") }
    };
    let added = world.system.create::<Person>(admin("one"), add("New")).await.unwrap();
    assert_eq!((added.stream.kind, added.view.profile.first_name.as_str()), (Kind::Person, "New"));
    let holder = world.journal.claim_holder(HOME, ClaimKind::Email, "new@example.org").await.unwrap();
    assert_eq!(holder, Some(added.stream));

    let again = world.system.create::<Person>(admin("one"), add("New")).await.unwrap();
    assert_eq!((again.stream, again.version, again.replayed), (added.stream, added.version, true));
    let other = world.system.create::<Person>(admin("two"), add("Newer")).await;
    assert!(matches!(other, Err(Refused::Taken(ClaimKind::Email))), "{other:?}");
}

#[actix_rt::test]
async fn an_organisation_is_its_own() {
    let world = World::new().await;
    let system = Request { organisation: OrganisationId::SYSTEM, who: PersonId::SYSTEM, ..request() };
    let found = organisation::Command::Create(Box::new(settings()));
    let founded = world.system.create::<Organisation>(system, found).await.unwrap();
    assert_eq!(founded.view.id, OrganisationId(founded.stream.id));
    let event = &world.journal.read_stream(founded.stream, 0, 1).await.unwrap()[0];
    assert_eq!(event.header.organisation.0, founded.stream.id);
}
