//! Two systems on one log, as two nodes: each learns what the other wrote.

use crate::tally::Command;
use crate::world::{World, request, within};

#[actix_rt::test]
async fn commands_on_alternating_nodes_build_on_each_other() {
    let one = World::new().await;
    let two = one.elsewhere().await;
    let stream = one.tally(0).await;
    for number in 1..=30 {
        let world = if number % 2 == 0 { &one } else { &two };
        assert_eq!(world.ask(stream, Command::Add(1)).await.unwrap().view.0.sum, number);
    }
    for world in [&one, &two] {
        world.tailed().await;
        assert_eq!(world.sum(stream).await, 30);
    }
}

#[actix_rt::test]
async fn a_live_actor_that_nobody_commands_shows_what_was_written_elsewhere() {
    let one = World::new().await;
    let two = one.elsewhere().await;
    let stream = one.tally(1).await;
    assert_eq!(two.sum(stream).await, 1);
    one.ask(stream, Command::Add(2)).await.unwrap();
    two.tailed().await;
    assert_eq!(two.sum(stream).await, 3);
    one.written_elsewhere(stream, 2, 4).unwrap();
    for world in [&one, &two] {
        world.tailed().await;
        assert_eq!(world.sum(stream).await, 7);
    }
}

#[actix_rt::test]
async fn an_actor_that_begins_behind_the_tail_does_not_miss_what_followed() {
    let world = World::new().await;
    // Other streams move the tail on while each new actor is being set up.
    for number in 0..50 {
        let busy: Vec<_> = (0..4)
            .map(|_| {
                let world = world.clone();
                tokio::spawn(async move { world.tally(9).await })
            })
            .collect();
        let stream = world.tally(number).await;
        world.written_elsewhere(stream, 1, 100).unwrap();
        for stream in busy {
            within(stream).await.unwrap();
        }
        world.tailed().await;
        assert_eq!(world.sum(stream).await, number + 100);
    }
}

#[actix_rt::test]
async fn the_tail_goes_on_after_a_log_that_could_not_be_read() {
    let one = World::new().await;
    let two = one.elsewhere().await;
    let stream = one.tally(1).await;
    assert_eq!(two.sum(stream).await, 1);
    one.journal.fail_reads(true);
    let sent = one.send(stream, request(), Command::Add(2));
    within(sent).await.unwrap().unwrap();
    one.journal.fail_reads(false);
    two.tailed().await;
    assert_eq!(two.sum(stream).await, 3);
}
