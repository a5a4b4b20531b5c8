//! Three nodes with their NATS, their Postgres and an nginx before them, any of which fails.

use std::time::{Duration, Instant};

use rand::{SeedableRng, rngs::StdRng};
use reqwest::Method;
use tests::{Client, Cluster, Person};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::client::{Sender, Shared};
use crate::door::{Door, Manners, Through};
use crate::faults::{self, Kind, Plan};
use crate::proof::{self, Scene};
use crate::record::{Progress, Record};
use crate::waits::Waits;
use crate::{seed, setting};

const PEOPLE: usize = 4;
/// Clients that ask any address, and another one when they are not answered. Beside them, each address has one that asks
/// nowhere else, by which it is measured.
const ROAMING: u32 = 12;
const SECONDS: u64 = 100;

/// Longer than a node takes over anything: what is not answered then was lost on the way.
const PATIENCE: Duration = Duration::from_secs(6);
const CAREFUL: Manners = Manners { patience: PATIENCE, waits_when_asked: true };
const MEASURING: Manners = Manners { patience: PATIENCE, waits_when_asked: false };

/// No client of a node that is alive waits this long for an answer, however busy the machine.
const ANSWERED_MAX: Duration = Duration::from_secs(30);
/// What a run may take beyond its faults: every kind comes once, however short the run, and all is read at the end.
const RUN_MORE_MAX: Duration = Duration::from_secs(200);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_command_is_there_once_whatever_fails_in_a_cluster() {
    let seed = seed();
    let kinds: Option<String> = setting("NASHI_CHAOS_FAULTS");
    let named = |names: String| names.split(',').map(|name| name.trim().parse().unwrap_or_else(|failure| panic!("{failure}"))).collect();
    let plan = Plan {
        kinds: kinds.map_or_else(|| Kind::ALL.to_vec(), named),
        lasts: Duration::from_secs(setting("NASHI_CHAOS_SECONDS").unwrap_or(SECONDS)),
    };
    let begun = Instant::now();

    let mut cluster = Cluster::start().await;
    let people = cluster.nodes[0].installation.people(PEOPLE).await;
    let (nodes, nginx) = cluster.clients();
    // Who is new, every node knows within a moment; a command that names them must not come before that.
    let known = people[0].client.get("/v4/contacts").await;
    for door in doors(&people[0], &nodes, &nginx) {
        door.client.ask(Method::GET, "/v4/contacts", &[("Nashi-Wait-For", known.header("nashi-position"))], None).await.ok();
    }

    let (_up, serves) = watch::channel(true);
    let (stop, stopped) = watch::channel(false);
    let shared = Shared { colleagues: people.iter().map(|person| person.id).collect(), serves, stopped, progress: Progress::default() };
    let mut clients = JoinSet::new();
    for number in 0..ROAMING + nodes.len() as u32 + 1 {
        let person = &people[number as usize % people.len()];
        let mut doors = doors(person, &nodes, &nginx);
        let mut manners = CAREFUL;
        if let Some(only) = number.checked_sub(ROAMING) {
            (doors, manners) = (vec![doors.swap_remove(only as usize)], MEASURING);
        }
        clients.spawn(Sender::new(number, person.id, doors, manners, seed, shared.clone()).run());
    }

    let run = async {
        let torment = faults::torment(&mut cluster, &plan, StdRng::seed_from_u64(seed), &shared.progress);
        let faults = tokio::select! {
            faults = torment => faults,
            Some(ended) = clients.join_next() => panic!("a client saw what it may not see: {:?}", ended.map(|record| record.person)),
        };
        shared.progress.more(100).await;
        stop.send_replace(true);
        let mut records: Vec<Record> = Vec::new();
        while let Some(record) = clients.join_next().await {
            records.push(record.expect("a client saw only what it may see"));
        }
        (faults, records)
    };
    let (faults, records) = tokio::time::timeout(plan.lasts + RUN_MORE_MAX, run).await.expect("every client got its answers");
    let stopped = begun.elapsed();

    let waits = Waits::of(&faults, &records);
    println!("{waits}");
    let readers = doors(&people[0], &nodes, &nginx).into_iter().map(|door| door.client).collect();
    let scene = Scene { installation: &cluster.nodes[0].installation, pool: cluster.pool().await, people: &people, doors: readers };
    let counts = proof::hold(&scene, &records).await;
    println!(
        "{} faults, {} clients, {:.0} s and {:.0} s of proof: {counts}",
        faults.len(),
        records.len(),
        stopped.as_secs_f64(),
        (begun.elapsed() - stopped).as_secs_f64()
    );
    assert!(waits.longest() < ANSWERED_MAX, "somebody waited {:?}", waits.longest());
    cluster.stop().await;
}

/// Every address, as one person.
fn doors(person: &Person, nodes: &[Client], nginx: &Client) -> Vec<Door> {
    let token = person.client.token().expect("they have signed in");
    let nodes = nodes.iter().enumerate().map(|(place, client)| (Through::Node(place), client));
    let all = nodes.chain([(Through::Nginx, nginx)]);
    all.map(|(through, client)| Door { through, client: client.with_token(token) }).collect()
}
