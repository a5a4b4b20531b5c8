//! Nothing lost: people command over HTTP while the server is killed outright again and again, and
//! their own records are then held against the log, the views and the chain. No rule of the product is
//! tested here.
//!
//! `NASHI_CHAOS_SEED` repeats the choices of a run (not its timing, which belongs to the machine);
//! `NASHI_CHAOS_KILLS` asks for more kills than the 40 of every run.

mod client;
mod proof;
mod record;

use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use tests::{Installation, Serving};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::client::{Sender, Shared};
use crate::record::{Progress, Record};

const CLIENTS: u64 = 16;
const PEOPLE: usize = 4;
const KILLS: u32 = 40;
/// A run takes a fraction of this; a client that waits for an answer that never comes must not hang the test.
const RUN_MAX: Duration = Duration::from_secs(240);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_happens_twice_while_the_server_is_killed() {
    let seed = setting("NASHI_CHAOS_SEED").unwrap_or_else(arbitrary_seed);
    let kills = setting("NASHI_CHAOS_KILLS").unwrap_or(KILLS);
    println!("NASHI_CHAOS_SEED={seed}");
    let begun = Instant::now();

    let installation = Installation::on_test_postgres().await;
    let serving = installation.serve().await;
    let people = installation.people(PEOPLE).await;

    let (up, serves) = watch::channel(true);
    let (stop, stopped) = watch::channel(false);
    let shared = Shared { colleagues: people.iter().map(|person| person.id).collect(), serves, stopped, progress: Progress::default() };
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let person = people[number as usize % people.len()].clone();
        let random = StdRng::seed_from_u64(seed ^ (number << 32));
        clients.spawn(Sender::new(number, person, random, shared.clone()).run());
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

    let counts = proof::hold(&installation, &people, &records).await;
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
async fn moment(random: &mut StdRng, milliseconds: u64) {
    tokio::time::sleep(Duration::from_micros(random.random_range(0..milliseconds * 1_000))).await;
}

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
}

fn arbitrary_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}
