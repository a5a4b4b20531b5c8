//! A node stops in order.

use std::time::Instant;

use actors::journal::Journal;
use actors::system::Refused;

use crate::passivation::TALLY_FINGERPRINT;
use crate::tally::{Command, Tally};
use crate::world::{PATIENCE, World, request, within};

#[actix_rt::test]
async fn a_drain_finishes_what_is_under_way_and_lets_nothing_in() {
    let world = World::new().await;
    let streams = [world.tally(1).await, world.tally(10).await];
    world.journal.hold();
    let sent = streams.map(|stream| world.send(stream, request(), Command::Add(2)));
    world.waiting(2).await;
    let system = world.system.clone();
    let draining = tokio::spawn(async move { system.drain(Instant::now() + PATIENCE).await });
    // Refused from the moment at which the drain has begun.
    within(async {
        while !matches!(world.system.read::<Tally>(streams[0], reading(), ()).await, Err(Refused::Unavailable(_))) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(matches!(world.ask(streams[0], Command::Add(9)).await, Err(Refused::Unavailable(_))));
    assert!(matches!(world.system.create::<Tally>(request(), Command::Add(9)).await, Err(Refused::Unavailable(_))));
    assert!(!draining.is_finished());
    world.journal.release();
    let drained = within(draining).await.unwrap();
    assert_eq!((drained.unfinished, drained.passivated), (0, 2));
    for sent in sent {
        within(sent).await.unwrap().unwrap();
    }
    for stream in streams {
        let opening = world.journal.open(stream, TALLY_FINGERPRINT).await.unwrap();
        assert_eq!((opening.snapshot.map(|snapshot| snapshot.version), opening.events.len()), (Some(2), 0));
    }
    let after = world.elsewhere().await;
    assert_eq!((after.sum(streams[0]).await, after.sum(streams[1]).await), (3, 12));
}

fn reading() -> actors::system::Reading {
    actors::system::Reading {
        organisation: domain::testing::HOME,
        who: domain::testing::ANNA,
        at_least: None,
        deadline: Instant::now() + PATIENCE,
    }
}

#[actix_rt::test]
async fn a_drain_does_not_wait_beyond_its_deadline() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let sent = world.send(stream, request(), Command::Add(2));
    world.waiting(1).await;
    let drained = within(world.system.drain(Instant::now())).await;
    assert_eq!((drained.unfinished, drained.passivated), (1, 0));
    // The actor is gone, and its command may still be written: nobody is told that it was not.
    assert!(matches!(within(sent).await.unwrap(), Err(Refused::Unknown)));
    world.journal.release();
}
