//! Many commands of one actor are decided before the first is committed.

use actors::system::{Refused, Settings};
use domain::Code;

use crate::tally::Command;
use crate::world::{World, request, within};

#[actix_rt::test]
async fn two_hundred_and_fifty_six_commands_are_under_way_at_once_and_answered_in_order() {
    let world = World::new().await;
    let stream = world.tally(0).await;
    world.journal.hold();
    let mut sent = Vec::new();
    for number in 1..=256 {
        sent.push(world.send(stream, request(), Command::Add(number)));
        world.waiting(number.unsigned_abs() as usize).await;
    }
    assert!(matches!(world.ask(stream, Command::Add(257)).await, Err(Refused::Busy(_))), "one more is too many");
    assert_eq!(world.sum(stream).await, 0, "nothing of it is shown");
    world.journal.release();
    let mut sum = 0;
    for (number, answer) in (1..).zip(sent) {
        let answer = within(answer).await.unwrap().unwrap();
        sum += number;
        assert_eq!((answer.version, answer.position), (number + 1, number + 1));
        assert_eq!((answer.view.0.sum, answer.view.0.numbers.len() as i64), (sum, number + 1), "the view is as of its version");
    }
    assert_eq!(world.sum(stream).await, 256 * 257 / 2);
}

#[actix_rt::test]
async fn a_rejection_waits_for_the_commit_of_what_it_was_decided_on() {
    let world = World::new().await;
    let stream = world.tally(0).await;
    world.journal.hold();
    let first = world.send(stream, request(), Command::Add(50));
    world.waiting(1).await;
    let rejected = world.send(stream, request(), Command::AddBelow { number: 1, limit: 10 });
    let nothing = world.send(stream, request(), Command::Finish);
    world.waiting(2).await;
    assert!(!rejected.is_finished() && !first.is_finished() && !nothing.is_finished());
    world.journal.release();
    within(first).await.unwrap().unwrap();
    let refused = within(rejected).await.unwrap().unwrap_err();
    let Refused::Rejected { code: Code::InvalidInput, position, .. } = refused else { panic!("{refused:?}") };
    assert!(position >= 2, "the answer says which position it rests on");
    within(nothing).await.unwrap().unwrap();
}

#[actix_rt::test]
async fn nothing_to_do_is_answered_with_what_is_committed() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.ask(stream, Command::Finish).await.unwrap();
    let nothing = world.ask(stream, Command::Finish).await.unwrap();
    assert_eq!((nothing.version, nothing.first, nothing.position, nothing.replayed), (2, None, 2, false));
}

#[actix_rt::test]
async fn readers_are_shown_nothing_uncommitted_and_everything_answered() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let sent = world.send(stream, request(), Command::Add(2));
    world.waiting(1).await;
    let seen = world.read(stream).await.unwrap();
    assert_eq!((seen.version, seen.view.0.sum), (1, 1));
    world.journal.release();
    within(sent).await.unwrap().unwrap();
    let seen = world.read(stream).await.unwrap();
    assert_eq!((seen.version, seen.view.0.sum), (2, 3));
}

#[actix_rt::test]
async fn positions_reach_the_expected_state_as_they_become_known() {
    let world = World::with(Settings::default()).await;
    let stream = world.tally(1).await;
    world.tally(100).await;
    world.journal.hold();
    let first = world.send(stream, request(), Command::Add(2));
    world.waiting(1).await;
    let second = world.send(stream, request(), Command::Add(3));
    world.waiting(2).await;
    world.journal.release();
    within(first).await.unwrap().unwrap();
    assert_eq!(within(second).await.unwrap().unwrap().view.1.positions, [(1, 1), (2, 3), (3, 4)]);
}
