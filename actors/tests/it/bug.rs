//! A panic costs one actor, and no command but its own.

use std::time::Instant;

use actors::journal::{Journal, Refusal};
use actors::system::Refused;

use crate::passivation::TALLY_FINGERPRINT;
use crate::tally::{Command, Tally};
use crate::world::{PATIENCE, World, keyed, request, within};

#[actix_rt::test]
async fn a_panic_in_a_decision_is_told_to_its_command_alone() {
    let world = World::new().await;
    let (stream, other) = (world.tally(1).await, world.tally(10).await);
    world.journal.hold();
    let before = world.send(stream, request(), Command::Add(2));
    let elsewhere = world.send(other, request(), Command::Add(20));
    world.waiting(2).await;
    let panicking = world.send(stream, request(), Command::PanicInDecide);
    let refused = within(panicking).await.unwrap().unwrap_err();
    assert!(matches!(refused, Refused::Bug), "{refused:?}");
    let after = world.send(stream, request(), Command::Add(3));
    world.waiting(3).await;
    world.journal.release();
    within(before).await.unwrap().unwrap();
    within(after).await.unwrap().unwrap();
    within(elsewhere).await.unwrap().unwrap();
    assert_eq!((world.sum(stream).await, world.sum(other).await), (6, 30));
    let mut logged = world.logged(stream).await;
    logged.sort_unstable();
    assert_eq!(logged, [1, 2, 3], "each of them once");
}

#[actix_rt::test]
async fn a_panic_while_a_state_evolves_writes_nothing() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    assert!(matches!(world.ask(stream, Command::PanicInEvolve).await, Err(Refused::Bug)));
    assert!(matches!(world.system.create::<Tally>(request(), Command::PanicInEvolve).await, Err(Refused::Bug)));
    assert_eq!(world.ask(stream, Command::Add(2)).await.unwrap().version, 2);
}

#[actix_rt::test]
async fn a_committed_event_that_cannot_be_shown_is_not_said_to_have_had_no_effect() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let refused = world.ask(stream, Command::PanicInDocument).await.unwrap_err();
    assert!(matches!(refused, Refused::Unknown), "{refused:?}");
    assert!(matches!(world.read(stream).await, Err(Refused::Bug)), "and its stream stays unusable until the bug is mended");
    assert_eq!(world.tally(1).await.id, stream.id + 1, "others go on");
}

#[actix_rt::test]
async fn what_a_panic_left_behind_is_not_kept_as_a_snapshot() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let numbers = vec![1; usize::try_from(<Tally as actors::system::Hosted>::SNAPSHOT_EVERY).unwrap()];
    let refused = world.ask(stream, Command::AddAllAndPanicInDocument(numbers)).await.unwrap_err();
    assert!(matches!(refused, Refused::Unknown), "{refused:?}");
    world.system.drain(Instant::now() + PATIENCE).await;
    assert_eq!(world.journal.open(stream, TALLY_FINGERPRINT).await.unwrap().snapshot, None);
}

#[actix_rt::test]
async fn a_command_under_way_in_an_actor_that_dies_takes_effect_once() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let sent = world.send(stream, keyed("k", "f"), Command::FinishOnce);
    world.waiting(1).await;
    assert!(matches!(world.ask(stream, Command::PanicInDecide).await, Err(Refused::Bug)));
    // Asked again, it is decided again while its first append still waits.
    world.waiting(2).await;
    world.journal.release();
    let done = within(sent).await.unwrap().unwrap();
    assert_eq!((done.version, done.replayed), (2, false), "its own first answer, not a repeat");
    assert_eq!(world.read(stream).await.unwrap().version, 2);
}

#[actix_rt::test]
async fn a_log_that_cannot_be_read_is_unavailable_and_comes_back() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let world = world.elsewhere().await;
    world.journal.fail_reads(true);
    let refused = world.read(stream).await.unwrap_err();
    assert!(matches!(refused, Refused::Unavailable(_)), "{refused:?}");
    let refused = world.ask(stream, Command::Add(2)).await.unwrap_err();
    assert!(matches!(refused, Refused::Unavailable(_)), "{refused:?}");
    world.journal.fail_reads(false);
    assert_eq!(world.ask(stream, Command::Add(2)).await.unwrap().view.0.sum, 3);
}

#[actix_rt::test]
async fn a_log_that_cannot_be_read_after_a_conflict_refuses_what_waits() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.fail_reads(true);
    world.journal.refuse_next(Refusal::Conflict { stream, actual: 9 });
    assert!(matches!(world.ask(stream, Command::Add(2)).await, Err(Refused::Unavailable(_))));
    world.journal.fail_reads(false);
    assert_eq!(world.ask(stream, Command::Add(2)).await.unwrap().view.0.sum, 3);
}
