//! Reads show today's names, and as much of the log as was asked for.

use std::time::{Duration, Instant};

use actors::system::{Reading, Refused};
use domain::person::Person;
use domain::testing::{ANNA, HOME};

use crate::tally::{Command, Tally};
use crate::world::{World, request};

fn rename(world: &World, name: &str, revision: u64) {
    let mut around = world.around.0.lock().unwrap();
    let directory = around.as_mut().unwrap();
    let anna = directory.organisation(HOME).unwrap().person(ANNA).unwrap();
    let mut renamed = Person::clone(anna);
    renamed.profile.first_name = name.to_owned();
    directory.put_person(renamed);
    directory.put_revision(HOME, revision);
}

#[actix_rt::test]
async fn a_renamed_person_is_shown_under_the_new_name() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    assert_eq!(world.read(stream).await.unwrap().view.0.name, "Anna");
    rename(&world, "Hanna", 50);
    assert_eq!(world.read(stream).await.unwrap().view.0.name, "Hanna");
    rename(&world, "Johanna", 51);
    assert_eq!(world.ask(stream, Command::Add(2)).await.unwrap().view.0.name, "Johanna", "and in answers");
    rename(&world, "Susanna", 52);
    assert!(world.system.forget::<Tally>(stream).await.unwrap());
    assert_eq!(world.read(stream).await.unwrap().view.0.name, "Susanna");
}

#[actix_rt::test]
async fn a_snapshot_with_yesterdays_names_is_brought_up_to_date() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    world.system.sweep(Instant::now() + Duration::from_secs(3_600)).await;
    rename(&world, "Hanna", 50);
    let seen = world.read(stream).await.unwrap();
    assert_eq!((seen.view.0.name.as_str(), seen.view.0.folded), ("Hanna", 0));
}

#[actix_rt::test]
async fn a_read_waits_for_the_position_that_it_asks_for() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let other = world.tally(2).await;
    let there = world.elsewhere().await;
    assert_eq!(there.sum(stream).await, 1);
    let position = world.ask(stream, Command::Add(2)).await.unwrap().position;
    assert_eq!(there.read_at_least(stream, Some(position)).await.unwrap().view.0.sum, 3);
    let position = world.ask(other, Command::Add(5)).await.unwrap().position;
    assert_eq!(there.read_at_least(stream, Some(position)).await.unwrap().view.0.sum, 3, "a position of another stream");
}

#[actix_rt::test]
async fn a_read_of_a_position_that_is_not_there_is_never_answered_with_less() {
    let world = World::new().await;
    let stream = world.tally(1).await;
    let reading = Reading { organisation: HOME, who: ANNA, at_least: Some(1_000), deadline: Instant::now() + Duration::from_millis(30) };
    let refused = world.system.read::<Tally>(stream, reading, ()).await.unwrap_err();
    assert!(matches!(refused, Refused::Unavailable(_)), "{refused:?}");
}

#[actix_rt::test]
async fn an_answered_command_is_seen_by_the_next_read() {
    let world = World::new().await;
    let stream = world.tally(0).await;
    for number in 1..200 {
        let done = world.system.execute::<Tally>(stream, request(), Command::Add(1)).await.unwrap();
        assert_eq!(world.read_at_least(stream, Some(done.position)).await.unwrap().view.0.sum, number);
    }
}
