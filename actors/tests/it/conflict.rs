//! An append is refused: everything that was decided on it is decided again, or told why not.

use actors::journal::Refusal;
use actors::system::{Refused, Settings};
use domain::{ClaimKind, Code, StreamId};

use crate::tally::{Command, Tally};
use crate::world::{World, keyed, request, within};

fn conflict(stream: StreamId) -> Refusal {
    Refusal::Conflict { stream, actual: 99 }
}

#[actix_rt::test]
async fn a_command_that_lost_a_race_is_decided_again_on_what_the_log_says() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let late = world.send(stream, request(), Command::AddBelow { number: 10, limit: 5 });
    world.waiting(1).await;
    let too_late = world.send(stream, request(), Command::Add(100));
    world.waiting(2).await;
    world.written_elsewhere(stream, 1, 50).unwrap();
    world.journal.release();
    let refused = within(late).await.unwrap().unwrap_err();
    assert!(matches!(refused, Refused::Rejected { code: Code::InvalidInput, position: 2, .. }), "{refused:?}");
    let answer = within(too_late).await.unwrap().unwrap();
    assert_eq!((answer.version, answer.view.0.sum), (3, 151));
    assert_eq!(world.logged(stream).await, [1, 50, 100]);
}

#[actix_rt::test]
async fn what_was_decided_on_a_lost_race_is_refused_although_its_version_fits() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let first = world.send(stream, request(), Command::FinishOnce);
    world.waiting(1).await;
    // Decided on version 2, which then is another event than the one it was decided on.
    let second = world.send(stream, request(), Command::AddBelow { number: 10, limit: 40 });
    world.waiting(2).await;
    world.written_elsewhere(stream, 1, 50).unwrap();
    world.journal.release();
    within(first).await.unwrap().unwrap();
    assert!(matches!(within(second).await.unwrap(), Err(Refused::Rejected { code: Code::InvalidInput, .. })));
    assert_eq!(world.logged(stream).await, [1, 50]);
}

#[actix_rt::test]
async fn what_was_rejected_because_of_a_refused_append_is_decided_again() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let first = world.send(stream, request(), Command::Add(50));
    world.waiting(1).await;
    // Rejected on the expected state, which never comes about.
    let second = world.send(stream, request(), Command::AddBelow { number: 2, limit: 10 });
    let third = world.send(stream, request(), Command::Add(3));
    world.waiting(2).await;
    world.journal.refuse_next(Refusal::Unavailable("away".into()));
    world.journal.release();
    assert!(matches!(within(first).await.unwrap(), Err(Refused::Unavailable(_))));
    within(second).await.unwrap().unwrap();
    within(third).await.unwrap().unwrap();
    let mut logged = world.logged(stream).await;
    logged.sort_unstable();
    assert_eq!(logged, [1, 2, 3]);
}

#[actix_rt::test]
async fn conflicts_are_not_tried_again_for_ever() {
    let world = World::with(Settings { attempts_max: 3, ..Settings::default() }).await;
    let stream = world.tally(1).await;
    for _ in 0..3 {
        world.journal.refuse_next(conflict(stream));
    }
    assert!(matches!(world.ask(stream, Command::Add(2)).await, Err(Refused::Busy(_))));
    assert_eq!(world.ask(stream, Command::Add(3)).await.unwrap().view.0.sum, 4);
}

#[actix_rt::test]
async fn order_is_kept_when_everything_is_decided_again() {
    let world = World::new().await;
    let stream = world.tally(0).await;
    world.journal.hold();
    let mut sent = Vec::new();
    for number in 1..=40 {
        sent.push(world.send(stream, request(), Command::Add(number)));
        world.waiting(number.unsigned_abs() as usize).await;
    }
    world.journal.refuse_next(conflict(stream));
    world.journal.release();
    for (version, answer) in (2..).zip(sent) {
        assert_eq!(within(answer).await.unwrap().unwrap().version, version);
    }
    assert_eq!(world.logged(stream).await, (0..=40).collect::<Vec<_>>());
}

#[actix_rt::test]
async fn an_unknown_outcome_is_told_as_such_and_the_actor_learns_the_truth() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.refuse_next(Refusal::Unknown);
    assert!(matches!(world.ask(stream, Command::Add(2)).await, Err(Refused::Unknown)));
    assert_eq!(world.sum(stream).await, 1);
    assert_eq!(world.ask(stream, Command::Add(3)).await.unwrap().view.0.sum, 4);
}

#[actix_rt::test]
async fn each_refusal_has_its_answer_and_leaves_a_working_actor() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let holder = world.tally(7).await;
    let refusals = [
        (Refusal::Expired, "busy"),
        (Refusal::TooLarge, "value_is_too_long"),
        (Refusal::Malformed("U+0000".into()), "invalid_value_format"),
        (Refusal::Unavailable("away".into()), "unavailable"),
        (Refusal::ClaimTaken { kind: ClaimKind::Email, key: "a".into(), holder }, "taken"),
    ];
    for (refusal, expected) in refusals {
        world.journal.refuse_next(refusal);
        let told = match world.ask(stream, Command::Add(2)).await {
            Err(Refused::Busy(_)) => "busy",
            Err(Refused::Unavailable(_)) => "unavailable",
            Err(Refused::Taken(ClaimKind::Email)) => "taken",
            Err(Refused::Rejected { code, position: 1, .. }) => code.as_str(),
            other => panic!("{other:?}"),
        };
        assert_eq!(told, expected);
    }
    assert_eq!(world.ask(stream, Command::Add(4)).await.unwrap().view.0.sum, 5);
}

#[actix_rt::test]
async fn an_event_larger_than_the_log_takes_is_refused_and_named() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let refused = world.ask(stream, Command::Oversized).await.unwrap_err();
    assert!(matches!(refused, Refused::Rejected { code: Code::ValueIsTooLong, .. }), "{refused:?}");
    assert!(matches!(
        world.system.create::<Tally>(request(), Command::Oversized).await,
        Err(Refused::Rejected { code: Code::ValueIsTooLong, .. })
    ));
}

#[actix_rt::test]
async fn a_claim_is_held_by_one_stream_and_given_up_with_the_next() {
    let world = World::new().await;
    let (one, two) = (world.tally(1).await, world.tally(2).await);
    world.ask(one, Command::Name("a".into())).await.unwrap();
    assert!(matches!(world.ask(two, Command::Name("a".into())).await, Err(Refused::Taken(ClaimKind::ExternalId))));
    world.ask(one, Command::Name("b".into())).await.unwrap();
    world.ask(two, Command::Name("a".into())).await.unwrap();
    assert!(matches!(
        world.system.create::<Tally>(keyed("k", "f"), Command::Name("b".into())).await,
        Err(Refused::Taken(ClaimKind::ExternalId))
    ));
}

#[actix_rt::test]
async fn claims_follow_from_the_expected_state() {
    let world = World::new().await;
    let (one, two) = (world.tally(1).await, world.tally(2).await);
    world.journal.hold();
    let first = world.send(one, request(), Command::Name("a".into()));
    world.waiting(1).await;
    let second = world.send(one, request(), Command::Name("b".into()));
    world.waiting(2).await;
    world.journal.release();
    within(first).await.unwrap().unwrap();
    within(second).await.unwrap().unwrap();
    world.ask(two, Command::Name("a".into())).await.unwrap();
}
