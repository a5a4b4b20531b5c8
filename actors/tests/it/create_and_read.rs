//! Commands reach the log, and reads show it.

use std::time::Instant;

use actors::journal::Journal;
use actors::system::{Reading, Refused};
use domain::testing::{ANNA, AWAY, HOME, STRANGER};
use domain::{Code, Kind, StreamId};

use crate::tally::{Command, Tally};
use crate::world::{PATIENCE, World, request};

#[actix_rt::test]
async fn a_command_is_in_the_log_when_it_is_answered() {
    let world = World::new().await;
    let created = world.system.create::<Tally>(request(), Command::AddAll(vec![1, 2])).await.unwrap();
    assert_eq!((created.version, created.first, created.position), (2, Some(1), 2));
    assert_eq!(created.view.0.numbers, [(1, 1), (2, 2)]);
    let answer = world.ask(created.stream, Command::Add(3)).await.unwrap();
    assert_eq!((answer.stream, answer.version, answer.first, answer.position), (created.stream, 3, Some(3), 3));
    assert_eq!((answer.view.0.sum, answer.replayed), (6, false));
    assert_eq!(world.logged(created.stream).await, [1, 2, 3]);
    let seen = world.read(created.stream).await.unwrap();
    assert_eq!((seen.version, seen.position, seen.view), (3, 3, answer.view));
}

#[actix_rt::test]
async fn the_log_says_who_decided_and_on_which_directory() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let event = &world.journal.read_stream(stream, 0, 1).await.unwrap()[0];
    assert_eq!((event.header.person, event.header.organisation), (ANNA, HOME));
    let meta: serde_json::Value = serde_json::from_str(&event.meta).unwrap();
    assert_eq!((meta["node"].as_str(), meta["basis"].as_i64()), (Some("one"), Some(7)));
}

#[actix_rt::test]
async fn a_state_knows_the_positions_that_the_log_gave() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.tally(9).await;
    let answer = world.ask(stream, Command::AddAll(vec![2, 3])).await.unwrap();
    assert_eq!(answer.view.1.positions, [(1, 1), (2, 3), (3, 4)]);
}

#[actix_rt::test]
async fn a_stream_that_is_not_there_is_refused_and_leaves_no_actor_behind() {
    let world = World::new().await;
    let unknown = StreamId::new(Kind::Task, 404);
    let refused = world.read(unknown).await.unwrap_err();
    assert!(matches!(refused, Refused::Rejected { code: Code::AccessDeniedTask, .. }), "{refused}");
    assert_eq!(world.system.sweep(Instant::now()).await, 1);
    assert_eq!(world.system.live().actors, 0);
}

#[actix_rt::test]
async fn for_another_organisation_a_stream_does_not_exist() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let reading = Reading { organisation: AWAY, who: STRANGER, at_least: None, deadline: Instant::now() + PATIENCE };
    let refused = world.system.read::<Tally>(stream, reading, ()).await.unwrap_err();
    assert!(matches!(refused, Refused::Rejected { code: Code::AccessDeniedTask, position: 0, .. }), "{refused}");
    let foreign = actors::system::Request { organisation: AWAY, who: STRANGER, ..request() };
    let refused = world.system.execute::<Tally>(stream, foreign, Command::Add(1)).await.unwrap_err();
    assert!(matches!(refused, Refused::Rejected { code: Code::AccessDenied, .. }), "{refused}");
    assert_eq!(world.logged(stream).await, [1]);
}
