//! Too much to do is said before anything is decided.

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use actors::system::{Refused, Request, Settings, Stale};
use tokio::sync::watch;

use crate::tally::{Block, Command, Tally};
use crate::world::{World, request, until, within};

/// Keeps the actor's thread in a decision until the barrier is passed.
async fn blocked(world: &World, stream: domain::StreamId) -> (Arc<Block>, tokio::task::JoinHandle<crate::world::Answer>) {
    let block = Arc::new(Block { begun: watch::Sender::new(false), released: Barrier::new(2) });
    let asked = world.send(stream, request(), Command::Block(block.clone()));
    within(block.begun.subscribe().wait_for(|begun| *begun)).await.unwrap();
    (block, asked)
}

async fn unblock(block: Arc<Block>) {
    within(tokio::task::spawn_blocking(move || block.released.wait())).await.unwrap();
}

#[actix_rt::test]
async fn a_full_mailbox_refuses_and_what_was_taken_is_answered() {
    let world = World::with(Settings { mailbox: 8, ..Settings::default() }).await;
    let stream = world.tally(0).await;
    let (block, asked) = blocked(&world, stream).await;
    let sent: Vec<_> = (0..30).map(|_| world.send(stream, request(), Command::Add(1))).collect();
    // Refusals come at once; what was taken waits.
    until(|| sent.iter().filter(|answer| answer.is_finished()).count() >= 30 - 9).await;
    unblock(block).await;
    within(asked).await.unwrap().unwrap();
    let (mut done, mut busy) = (0, 0);
    for answer in sent {
        match within(answer).await.unwrap() {
            Ok(_) => done += 1,
            Err(Refused::Busy(what)) if what == "mailbox" => busy += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(done + busy, 30);
    assert!((8..=9).contains(&done), "{done}");
    assert_eq!(world.sum(stream).await, done);
}

#[actix_rt::test]
async fn readers_do_not_wait_for_a_busy_actor_nor_do_actors_on_other_threads() {
    let world = World::new().await;
    let stream = world.tally(5).await;
    let mut others = Vec::new();
    for _ in 0..20 {
        others.push(world.tally(0).await);
    }
    let (block, asked) = blocked(&world, stream).await;
    assert_eq!(world.sum(stream).await, 5, "what is published is read without a hop");
    let sent: Vec<_> = others.iter().map(|other| world.send(*other, request(), Command::Add(1))).collect();
    until(|| sent.iter().any(tokio::task::JoinHandle::is_finished)).await;
    assert!(!asked.is_finished());
    unblock(block).await;
    within(asked).await.unwrap().unwrap();
    for answer in sent {
        within(answer).await.unwrap().unwrap();
    }
}

#[actix_rt::test]
async fn a_command_whose_deadline_passed_is_not_decided() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let (block, asked) = blocked(&world, stream).await;
    let late = Request { deadline: Instant::now(), ..request() };
    let sent = world.send(stream, late, Command::Add(2));
    tokio::task::yield_now().await;
    unblock(block).await;
    within(asked).await.unwrap().unwrap();
    assert!(matches!(within(sent).await.unwrap(), Err(Refused::Busy(_))));
    assert_eq!(world.logged(stream).await, [1]);
}

#[actix_rt::test]
async fn a_journal_that_never_answers_leaves_the_outcome_unknown() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let soon = || Request { deadline: Instant::now() + Duration::from_millis(20), ..request() };
    assert!(matches!(within(world.send(stream, soon(), Command::Add(2))).await.unwrap(), Err(Refused::Unknown)));
    assert!(matches!(within(world.system.create::<Tally>(soon(), Command::Add(2))).await, Err(Refused::Unknown)));
    world.journal.release();
    assert_eq!(world.ask(stream, Command::Add(3)).await.unwrap().view.0.sum, 4, "what expired in the queue was not written");
}

#[actix_rt::test]
async fn nothing_is_decided_or_shown_on_a_directory_that_is_too_old() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    *world.around.0.lock().unwrap() = Err(Stale { behind_ms: 3_000 });
    assert!(matches!(world.ask(stream, Command::Add(2)).await, Err(Refused::Unavailable(_))));
    assert!(matches!(world.read(stream).await, Err(Refused::Unavailable(_))));
    assert!(matches!(world.system.create::<Tally>(request(), Command::Add(2)).await, Err(Refused::Unavailable(_))));
    *world.around.0.lock().unwrap() = Ok(domain::testing::directories());
    assert_eq!(world.ask(stream, Command::Add(2)).await.unwrap().view.0.sum, 3);
}
