//! A command takes effect once, however often it is given.

use std::time::Instant;

use actors::system::Refused;
use domain::Code;

use crate::tally::{Command, Tally};
use crate::world::{World, keyed, request, within};

#[actix_rt::test]
async fn a_repeat_is_answered_as_the_first_time_although_much_has_happened_since() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let first = world.system.execute::<Tally>(stream, keyed("k", "f"), Command::Add(2)).await.unwrap();
    world.ask(stream, Command::Add(3)).await.unwrap();
    for elsewhere in [false, true] {
        let world = if elsewhere { world.elsewhere().await } else { world.clone() };
        let again = world.system.execute::<Tally>(stream, keyed("k", "f"), Command::Add(2)).await.unwrap();
        assert_eq!((again.stream, again.version, again.first, again.position), (stream, first.version, first.first, first.position));
        assert_eq!((again.view.0.numbers.clone(), again.view.1.clone()), (first.view.0.numbers.clone(), first.view.1.clone()));
        assert!(again.replayed && !first.replayed);
    }
    assert_eq!(world.logged(stream).await, [1, 2, 3]);
    assert_eq!(world.ask(stream, Command::Add(4)).await.unwrap().view.0.sum, 10, "and the actor goes on");
}

#[actix_rt::test]
async fn a_key_used_for_another_request_is_refused_wherever_it_is_noticed() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let first = world.send(stream, keyed("k", "f"), Command::Add(2));
    world.waiting(1).await;
    let in_flight = world.system.execute::<Tally>(stream, keyed("k", "g"), Command::Add(9)).await;
    assert!(matches!(in_flight, Err(Refused::KeyReused)));
    world.journal.release();
    within(first).await.unwrap().unwrap();
    for world in [world.clone(), world.elsewhere().await] {
        let later = world.system.execute::<Tally>(stream, keyed("k", "g"), Command::Add(9)).await;
        assert!(matches!(later, Err(Refused::KeyReused)));
    }
    let created = world.system.create::<Tally>(keyed("k", "g"), Command::Add(9)).await;
    assert!(matches!(created, Err(Refused::KeyReused)));
    assert_eq!(world.logged(stream).await, [1, 2]);
}

#[actix_rt::test]
async fn repeats_of_a_command_in_flight_are_joined_to_it() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.journal.hold();
    let first = world.send(stream, keyed("k", "f"), Command::Add(2));
    world.waiting(1).await;
    let repeats: Vec<_> = (0..5).map(|_| world.send(stream, keyed("k", "f"), Command::Add(2))).collect();
    // Something after them in the mailbox: once it is decided, so are they.
    let marker = world.send(stream, request(), Command::Add(3));
    world.waiting(2).await;
    assert_eq!(world.journal.waiting(), 2, "repeats are not written again");
    world.journal.release();
    let first = within(first).await.unwrap().unwrap();
    for repeat in repeats {
        let repeat = within(repeat).await.unwrap().unwrap();
        assert_eq!((repeat.version, repeat.first, repeat.replayed), (first.version, first.first, true));
        assert_eq!(repeat.view, first.view);
    }
    within(marker).await.unwrap().unwrap();
    assert_eq!(world.logged(stream).await, [1, 2, 3]);
}

#[actix_rt::test]
async fn a_stream_is_begun_once_under_one_key() {
    let world = World::new().await;
    let create = || world.system.create::<Tally>(keyed("k", "f"), Command::Add(2));
    let (one, two) = within(async { futures_util::join!(create(), create()) }).await;
    let three = create().await;
    let (one, two, three) = (one.unwrap(), two.unwrap(), three.unwrap());
    assert_eq!((one.stream, one.stream), (two.stream, three.stream));
    assert_eq!([one.replayed, two.replayed, three.replayed].iter().filter(|replayed| **replayed).count(), 2);
    assert_eq!(world.logged(one.stream).await, [2]);
}

#[actix_rt::test]
async fn a_repeat_that_finds_a_rule_or_nothing_in_its_way_finds_its_first_answer() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    for command in [Command::FinishOnce, Command::Finish] {
        let stream = if matches!(command, Command::Finish) { world.tally(1).await } else { stream };
        let key = format!("{command:?}");
        let first = world.system.execute::<Tally>(stream, keyed(&key, "f"), command.clone()).await.unwrap();
        let again = world.system.execute::<Tally>(stream, keyed(&key, "f"), command.clone()).await.unwrap();
        assert_eq!((again.version, again.first, again.replayed), (first.version, first.first, true));
        let other = world.system.execute::<Tally>(stream, keyed(&key, "g"), command).await;
        assert!(matches!(other, Err(Refused::KeyReused)));
    }
    let without = world.ask(stream, Command::FinishOnce).await;
    assert!(matches!(without, Err(Refused::Rejected { code: Code::Conflict, .. })));
}

#[actix_rt::test]
async fn a_rejection_is_not_remembered() {
    let world = World::new().await;
    let stream = world.tally(50).await;
    let below = || world.system.execute::<Tally>(stream, keyed("k", "f"), Command::AddBelow { number: 1, limit: 10 });
    assert!(matches!(below().await, Err(Refused::Rejected { .. })));
    world.ask(stream, Command::Add(-50)).await.unwrap();
    assert!(!below().await.unwrap().replayed);
}

#[actix_rt::test]
async fn a_repeat_after_the_actor_went_is_found_in_the_log() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let first = world.system.execute::<Tally>(stream, keyed("k", "f"), Command::Add(2)).await.unwrap();
    assert_eq!(world.system.sweep(Instant::now() + std::time::Duration::from_secs(3_600)).await, 1);
    let again = world.system.execute::<Tally>(stream, keyed("k", "f"), Command::Add(2)).await.unwrap();
    assert_eq!((again.version, again.replayed), (first.version, true));
}
