//! Several streams in one unit: all of it, or nothing.

use actors::system::{Refused, Stopped, Together};
use domain::{Code, StreamId};

use crate::tally::{Command, Tally};
use crate::world::{World, keyed, request, within};

async fn three(world: &World) -> [StreamId; 3] {
    [world.tally(1).await, world.tally(2).await, world.tally(3).await]
}

fn add_to(streams: &[StreamId], number: i64) -> Vec<(StreamId, Command)> {
    streams.iter().map(|stream| (*stream, Command::Add(number))).collect()
}

async fn all(world: &World, commands: &[(StreamId, Command)]) -> Result<Together, Stopped> {
    world.system.execute_all::<Tally>(&request(), commands).await
}

#[actix_rt::test]
async fn a_unit_is_in_the_log_under_one_command_and_shown_by_live_actors_at_once() {
    let world = World::new().await;
    let streams = three(&world).await;
    assert!(world.holds(streams[2]).await, "of the third there is no actor");
    let together = all(&world, &add_to(&streams, 10)).await.unwrap();
    assert_eq!((together.position, together.replayed), (6, false));
    for (stream, sum) in streams.into_iter().zip([11, 12, 13]) {
        assert_eq!(world.sum(stream).await, sum);
    }
    let events = actors::journal::Journal::read_all(&world.journal, 3, 10).await.unwrap();
    assert!(events.iter().all(|event| event.header.command == events[0].header.command), "{events:?}");
    // The actors go on from there.
    world.ask(streams[0], Command::Add(1)).await.unwrap();
    assert_eq!(world.logged(streams[0]).await, [1, 10, 1]);
}

#[actix_rt::test]
async fn one_refusal_stops_all_of_it_and_is_named() {
    let world = World::new().await;
    let streams = three(&world).await;
    let mut commands = add_to(&streams, 10);
    commands[1].1 = Command::AddBelow { number: 1, limit: 2 };
    let stopped = all(&world, &commands).await.unwrap_err();
    assert_eq!(stopped.stream, Some(streams[1]));
    assert!(matches!(stopped.refused, Refused::Rejected { code: Code::InvalidInput, .. }), "{stopped:?}");
    commands[1].1 = Command::Name("claimed".into());
    assert!(matches!(all(&world, &commands).await.unwrap_err().refused, Refused::Bug));
    for (stream, number) in streams.into_iter().zip(1..) {
        assert_eq!(world.logged(stream).await, [number]);
    }
}

#[actix_rt::test]
async fn what_changes_nothing_is_no_part_of_it() {
    let world = World::new().await;
    let streams = three(&world).await;
    let finish: Vec<_> = streams.iter().map(|stream| (*stream, Command::Finish)).collect();
    world.ask(streams[0], Command::Finish).await.unwrap();
    assert_eq!(all(&world, &finish).await.unwrap().position, 6);
    assert_eq!(all(&world, &finish).await.unwrap(), Together::default());
}

#[actix_rt::test]
async fn a_stream_that_moved_meanwhile_is_decided_again() {
    let world = World::new().await;
    let streams = three(&world).await;
    world.journal.hold();
    let below = Command::AddBelow { number: 5, limit: 50 };
    let commands: Vec<_> = streams.iter().map(|stream| (*stream, below.clone())).collect();
    let system = world.system.clone();
    let (given, on) = (commands.clone(), request());
    let unit = tokio::spawn(async move { system.execute_all::<Tally>(&on, &given).await });
    world.waiting(1).await;
    world.written_elsewhere(streams[1], 1, 20).unwrap();
    world.journal.release();
    within(unit).await.unwrap().unwrap();
    assert_eq!(world.logged(streams[1]).await, [2, 20, 5]);

    world.journal.hold();
    let system = world.system.clone();
    let on = request();
    let unit = tokio::spawn(async move { system.execute_all::<Tally>(&on, &commands).await });
    world.waiting(1).await;
    world.written_elsewhere(streams[2], 2, 100).unwrap();
    world.journal.release();
    let stopped = within(unit).await.unwrap().unwrap_err();
    assert_eq!(stopped.stream, Some(streams[2]), "what was decided no longer holds: {stopped:?}");
    assert_eq!(world.logged(streams[0]).await, [1, 5], "and nothing of the second unit is there");
}

#[actix_rt::test]
async fn a_unit_takes_effect_once_under_its_key() {
    let world = World::new().await;
    let streams = three(&world).await;
    let mut once = add_to(&streams, 10);
    once[0].1 = Command::FinishOnce;
    let first = world.system.execute_all::<Tally>(&keyed("key", "print"), &once).await.unwrap();
    // By now a rule would stand in its way.
    let arrived = domain::Position::MAX;
    let again = actors::system::Request { arrived, ..keyed("key", "print") };
    let second = world.system.execute_all::<Tally>(&again, &once).await.unwrap();
    assert_eq!(second, Together { replayed: true, ..first });
    let plain = add_to(&streams, 10);
    let other = world.system.execute_all::<Tally>(&keyed("key", "another print"), &plain).await.unwrap_err();
    assert!(matches!(other.refused, Refused::KeyReused), "{other:?}");
    assert_eq!(world.logged(streams[1]).await, [2, 10]);
}
