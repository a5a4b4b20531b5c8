//! One server, killed outright again and again, in the middle of work and while it starts.

use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use tests::{Installation, Serving};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::client::{Sender, Shared};
use crate::door::{Door, Manners, Through};
use crate::proof::{self, Scene};
use crate::record::{Progress, Record};
use crate::{seed, setting};

const CLIENTS: u32 = 16;
const PEOPLE: usize = 4;
const KILLS: u32 = 40;
/// As long as the HTTP client's own.
const MANNERS: Manners = Manners { patience: Duration::from_secs(30), waits_when_asked: true };
/// A run takes a fraction of this; a client that waits for an answer that never comes must not hang the test.
const RUN_MAX: Duration = Duration::from_secs(240);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_happens_twice_while_the_server_is_killed() {
    let seed = seed();
    let kills = setting("NASHI_CHAOS_KILLS").unwrap_or(KILLS);
    let begun = Instant::now();

    let installation = Installation::on_test_postgres().await;
    let serving = installation.serve().await;
    let people = installation.people(PEOPLE).await;

    let (up, serves) = watch::channel(true);
    let (stop, stopped) = watch::channel(false);
    let shared = Shared { colleagues: people.iter().map(|person| person.id).collect(), serves, stopped, progress: Progress::default() };
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let person = &people[number as usize % people.len()];
        let door = Door { through: Through::Node(0), client: person.client.clone() };
        clients.spawn(Sender::new(number, person.id, vec![door], MANNERS, seed, shared.clone()).run());
    }

    let run = async {
        let serving = torment(&installation, serving, kills, StdRng::seed_from_u64(seed), &shared.progress, &up).await;
        stop.send_replace(true);
        let mut records: Vec<Record> = Vec::new();
        while let Some(record) = clients.join_next().await {
            records.push(record.expect("a client saw only what it may see"));
        }
        (serving, records)
    };
    let (serving, records) = tokio::time::timeout(RUN_MAX, run).await.expect("every client got its answers");

    let pool = installation.database.as_ref().expect("the log is on the tests' Postgres").pool(2).await;
    let scene = Scene { installation: &installation, pool, people: &people, doors: vec![people[0].client.clone()] };
    let counts = proof::hold(&scene, &records).await;
    assert!(counts.found_done > 0, "no kill came between a commit and its answer: this run has shown nothing");
    assert!(serving.stop().await.success());
    println!("{kills} kills, {} clients, {:.0} s: {counts}", records.len(), begun.elapsed().as_secs_f64());
}

/// Kills the server `kills` times, in the middle of work and while it starts, and leaves it serving.
async fn torment(
    installation: &Installation,
    mut serving: Serving,
    kills: u32,
    mut random: StdRng,
    progress: &Progress,
    up: &watch::Sender<bool>,
) -> Serving {
    let mut killed = 0;
    while killed < kills {
        // Some answers after the server came back, and then a moment that no answer marks.
        progress.more(random.random_range(1..=100)).await;
        moment(&mut random, 25).await;
        up.send_replace(false);
        serving.kill().await;
        killed += 1;
        // One in four dies again while it starts.
        if random.random_ratio(1, 4) && killed < kills {
            let starting = installation.start();
            moment(&mut random, 400).await;
            starting.kill().await;
            killed += 1;
        }
        serving = installation.serve().await;
        up.send_replace(true);
    }
    serving
}

/// A moment of at most `milliseconds` that the seed chooses: when a kill falls must not follow from what was answered.
pub async fn moment(random: &mut StdRng, milliseconds: u64) {
    tokio::time::sleep(Duration::from_micros(random.random_range(0..milliseconds * 1_000))).await;
}
