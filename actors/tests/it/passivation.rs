//! Actors go when nobody asks for them, and come back as they were.

use std::time::{Duration, Instant};

use actors::journal::{Journal, Snapshot};
use actors::system::Settings;

use crate::tally::{Command, Tally};
use crate::world::{World, request, until, within};

fn later() -> Instant {
    Instant::now() + Duration::from_secs(3_600)
}

#[actix_rt::test]
async fn an_idle_actor_goes_and_comes_back_from_its_snapshot() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    for number in 2..=10 {
        world.ask(stream, Command::Add(number)).await.unwrap();
    }
    let before = world.read(stream).await.unwrap();
    assert_eq!(world.system.sweep(Instant::now()).await, 0, "it was asked just now");
    assert_eq!(world.system.sweep(later()).await, 1);
    assert_eq!((world.system.live().actors, world.system.live().bytes), (0, 0));
    let after = world.read(stream).await.unwrap();
    assert_eq!((after.version, after.position, &after.view.1), (before.version, before.position, &before.view.1));
    assert_eq!(after.view.0.numbers, before.view.0.numbers);
    assert_eq!((before.view.0.folded, after.view.0.folded), (10, 0), "nothing was folded again");
    assert_eq!(world.ask(stream, Command::Add(11)).await.unwrap().view.0.sum, 66);
}

#[actix_rt::test]
async fn events_after_the_snapshot_are_folded_on_top_of_it() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.system.sweep(later()).await;
    world.written_elsewhere(stream, 1, 5).unwrap();
    let seen = world.read(stream).await.unwrap();
    assert_eq!((seen.version, seen.view.0.sum, seen.view.0.folded), (2, 6, 1));
}

#[actix_rt::test]
async fn a_snapshot_that_cannot_be_read_is_as_good_as_none() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.ask(stream, Command::Add(2)).await.unwrap();
    world.system.sweep(later()).await;
    let fingerprint = fingerprint_of(&world, stream).await;
    let hash = world.journal.read_stream(stream, 1, 1).await.unwrap()[0].hash;
    for body in [vec![], vec![1, 0, 1, 255, 255, 255], vec![9; 40]] {
        let broken = world.elsewhere().await;
        // Kept at a higher version, since an older one never replaces a newer one.
        world.written_elsewhere(stream, world.read(stream).await.unwrap().version, 1).unwrap();
        let version = world.journal.read_stream(stream, 0, 100).await.unwrap().len() as i64;
        let at = world.journal.read_stream(stream, version - 1, 1).await.unwrap()[0].hash;
        assert_ne!(at, hash);
        world.journal.save_snapshot(Snapshot { stream, version, hash: at, fingerprint, body }).await;
        world.tailed().await;
        let seen = broken.read(stream).await.unwrap();
        assert_eq!((seen.version, seen.view.0.folded as i64), (version, version));
    }
}

/// The fingerprint under which the actors keep tallies: the one that a snapshot is found by.
async fn fingerprint_of(world: &World, stream: domain::StreamId) -> u64 {
    let pinned = TALLY_FINGERPRINT;
    assert!(world.journal.open(stream, pinned).await.unwrap().snapshot.is_some(), "a snapshot was kept under another fingerprint");
    pinned
}

/// Follows from kind and revisions alone, so that every build of the same shape finds the same snapshots.
pub const TALLY_FINGERPRINT: u64 = 10_673_088_098_364_272_559;

#[actix_rt::test]
async fn snapshots_are_kept_while_the_actor_lives() {
    let world = World::new().await;
    let stream = world.tally(0).await;
    for number in 1..25 {
        world.ask(stream, Command::Add(number)).await.unwrap();
    }
    let elsewhere = world.elsewhere().await;
    until(|| futures_util::FutureExt::now_or_never(world.journal.open(stream, TALLY_FINGERPRINT)).unwrap().unwrap().snapshot.is_some())
        .await;
    let seen = elsewhere.read(stream).await.unwrap();
    assert_eq!((seen.version, seen.view.0.folded), (25, 5), "folded on the snapshot at version 20");
}

#[actix_rt::test]
async fn those_asked_longest_ago_go_when_all_hold_too_much() {
    let world = World::with(Settings { live_bytes_max: 20_000, ..Settings::default() }).await;
    let mut streams = Vec::new();
    for number in 0..40 {
        streams.push(world.tally(number).await);
    }
    until(|| world.system.live().bytes <= 20_000).await;
    assert!(world.system.live().actors < 40);
    for (number, stream) in (0..).zip(streams) {
        assert_eq!(world.sum(stream).await, number, "each is there when asked for");
    }
}

#[actix_rt::test]
async fn a_busy_actor_stays() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let sent = world.send(stream, request(), Command::Add(2));
    world.waiting(1).await;
    assert_eq!(world.system.sweep(later()).await, 0);
    assert!(!world.system.forget::<Tally>(stream).await.unwrap());
    world.journal.release();
    within(sent).await.unwrap().unwrap();
}

#[actix_rt::test]
async fn what_is_forgotten_is_read_again_and_leaves_no_snapshot() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.ask(stream, Command::Add(2)).await.unwrap();
    assert!(world.system.forget::<Tally>(stream).await.unwrap());
    let seen = world.read(stream).await.unwrap();
    assert_eq!((seen.version, seen.view.0.folded), (2, 2));
}

#[actix_rt::test]
async fn many_who_ask_for_an_actor_that_is_not_there_open_one() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let world = world.elsewhere().await;
    let sent: Vec<_> = (0..50).map(|_| world.send(stream, request(), Command::Add(1))).collect();
    for answer in sent {
        within(answer).await.unwrap().unwrap();
    }
    assert_eq!((world.system.live().actors, world.sum(stream).await), (1, 51));
}
