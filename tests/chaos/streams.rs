//! Open streams while nodes are killed: whoever was told by a node that is gone goes on at another one, through nginx or HAProxy, and
//! their own records say that they were told of everything once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::{Balancer, Balancing, Client, Cluster, Events, Person, id};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::setting;

const PEOPLE: usize = 6;
/// Streams, over all nodes and both balancers.
const STREAMS: usize = 1_000;
/// Comments before a node is killed, and after it.
const COMMENTS: usize = 20;
/// How many begin to listen at the same time.
const OPENING: usize = 50;
/// A killed node, a thousand that come back through two balancers, and a debug build.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(50);

/// What a reader was told.
#[derive(Debug, Default)]
struct Record {
    /// The first positions of what happened to the task, in the order in which they came.
    told: Vec<i64>,
    /// How often it went on where it was.
    resumed: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_listened_to_a_killed_node_goes_on_at_another_without_a_gap_or_a_repeat() {
    let streams = setting("NASHI_CHAOS_STREAMS").unwrap_or(STREAMS);
    let mut cluster = Cluster::start().await;
    let people = cluster.nodes[0].installation.people(PEOPLE).await;
    let (nodes, nginx) = cluster.clients();
    let haproxy = Balancer::start(Balancing::Haproxy, cluster.addresses()).await;
    let doors = [nginx, Client::new(&format!("http://{}", haproxy.address))];
    let known = people[0].client.get("/v4/contacts").await;
    for node in &nodes {
        let node = node.with_token(people[0].client.token().expect("a token"));
        node.ask(reqwest::Method::GET, "/v4/contacts", &[("Nashi-Wait-For", known.header("nashi-position"))], None).await.ok();
    }
    let participants: Vec<_> = people.iter().skip(1).map(|person| json!({ "id": person.id })).collect();
    let task = id(&people[0].client.create(json!({ "text": "Ours", "participants": participants })).await);

    // What the last comment is, once it is there.
    let (last, listens) = watch::channel(None);
    let (opened, mut open) = watch::channel(0_usize);
    let (opened, turns) = (Arc::new(opened), Arc::new(tokio::sync::Semaphore::new(OPENING)));
    let mut readers = JoinSet::new();
    for number in 0..streams {
        let client = doors[number % doors.len()].with_token(token(&people[number / doors.len() % people.len()]));
        readers.spawn(listen(client, task, listens.clone(), opened.clone(), turns.clone()));
    }
    let begun = Instant::now();
    let everybody = tokio::time::timeout(PATIENCE, open.wait_for(|open| *open == streams)).await;
    everybody.expect("everybody listens in time").expect("the readers go on");
    let opened_after = begun.elapsed();

    let writer = nodes[1].with_token(token(&people[0]));
    let mut comments = Vec::new();
    for number in 0..2 * COMMENTS {
        if number == COMMENTS {
            cluster.nodes[0].kill().await;
        }
        let answer = writer.comment(task, json!({ "text": format!("comment {number}") })).await;
        comments.push(answer["comments"].as_array().and_then(|comments| comments.last()).map(id).expect("a comment"));
    }
    last.send_replace(comments.last().copied());
    let mut resumed = 0;
    let heard = async {
        while let Some(record) = readers.join_next().await {
            let record = record.expect("a reader saw only what it may see");
            assert_eq!(record.told, comments, "each comment once and in order");
            resumed += record.resumed;
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.expect("everybody is told of the last comment");
    println!("{streams} streams open after {:.1} s; {resumed} times somebody went on elsewhere", opened_after.as_secs_f64());
    assert!(resumed * 5 > streams, "the killed node had a third of them");
    cluster.nodes[0].serve().await;
    cluster.stop().await;
}

fn token(person: &Person) -> &str {
    person.client.token().expect("they have signed in")
}

/// Listens until the last comment, and comes back by its last position whenever a stream ends.
async fn listen(
    client: Client,
    task: i64,
    last: watch::Receiver<Option<i64>>,
    opened: Arc<watch::Sender<usize>>,
    turns: Arc<tokio::sync::Semaphore>,
) -> Record {
    let mut record = Record::default();
    let mut place: Option<String> = None;
    loop {
        let turn = turns.acquire().await.expect("never closed");
        let attempt = Events::attempt(&client, "", place.as_deref()).await;
        drop(turn);
        let Ok(mut events) = attempt else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        while let Some(event) = events.try_next().await {
            match event.name.as_str() {
                "hello" if place.is_none() => opened.send_modify(|open| *open += 1),
                "hello" => {
                    assert_eq!(event.data["resumed"], true, "{event:?}");
                    record.resumed += 1;
                }
                "task" if event.data["task_id"] == task => {
                    record.told.push(event.data["first_position"].as_i64().expect("a position"));
                }
                "reset" | "access" => panic!("told to begin anew: {event:?}"),
                _ => {}
            }
            if let (Some(last), Some(told)) = (*last.borrow(), record.told.last())
                && *told >= last
            {
                return record;
            }
            place = Some(events.id.clone());
        }
        place = Some(events.id).filter(|id| !id.is_empty()).or(place);
    }
}
