//! The clients' records against the log, the tasks, the view and the chain.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use domain::{CommandId, Kind, OrganisationId, PersonId};
use sqlx::PgPool;
use tests::{Installation, Person, view};
use uuid::Uuid;

use crate::client::has;
use crate::record::{Outcome, Record, Sent};

/// What was held against each other.
#[derive(Default)]
pub struct Counts {
    tries: u64,
    acknowledged: usize,
    replays: u64,
    found_done: u64,
    abandoned: usize,
    abandoned_but_done: usize,
    events: usize,
    tasks: usize,
    inbox_rows: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} requests, {} commands acknowledged and in the log once ({} of them had lost their answer to a kill), {} answered again \
             alike, {} abandoned ({} of them took effect, once), {} events in an unbroken chain, {} tasks read back, {} inbox rows equal to a rebuild",
            self.tries,
            self.acknowledged,
            self.found_done,
            self.replays,
            self.abandoned,
            self.abandoned_but_done,
            self.events,
            self.tasks,
            self.inbox_rows
        )
    }
}

/// A row of the log.
#[derive(sqlx::FromRow)]
struct Event {
    position: i64,
    organisation: i64,
    kind: i16,
    stream: i64,
    version: i64,
    command: Uuid,
    index: i16,
    payload: String,
}

/// Holds everything, or panics with what does not hold.
pub async fn hold(installation: &Installation, people: &[Person], records: &[Record]) -> Counts {
    let database = installation.database.as_ref().expect("the log is on the tests' Postgres");
    let pool = database.pool(2).await;
    let log = read_log(&pool).await;
    let mut counts = Counts {
        tries: records.iter().map(|record| record.tries).sum(),
        replays: records.iter().map(|record| record.replays).sum(),
        found_done: records.iter().map(|record| record.found_done).sum(),
        events: log.len(),
        ..Counts::default()
    };

    assert!(counts.found_done > 0, "no kill came between a commit and its answer: this run has shown nothing");
    log_is_whole(&pool, &log).await;
    commands_took_effect_once(&log, records, &mut counts);
    tasks_show_what_was_acknowledged(&people[0], &log, records, &mut counts).await;
    the_view_equals_a_rebuild(installation, &pool, people, &mut counts).await;
    let verdict = installation.run(&["audit", "verify"]).await;
    assert!(verdict.contains(&log.len().to_string()), "the chain was not walked to its end: {verdict}");
    pool.close().await;
    counts
}

async fn read_log(pool: &PgPool) -> Vec<Event> {
    sqlx::query_as(
        "SELECT position, organisation, kind, stream, version, command, index, payload::text AS payload FROM event ORDER BY position",
    )
    .fetch_all(pool)
    .await
    .expect("the log can be read")
}

/// Positions, versions and indexes without gaps, and the head at the end of them.
async fn log_is_whole(pool: &PgPool, log: &[Event]) {
    let (head,): (i64,) = sqlx::query_as("SELECT position FROM log_head").fetch_one(pool).await.expect("the head can be read");
    assert_eq!(head, log.len() as i64, "the head and the number of events differ");
    let mut versions: HashMap<(i16, i64), i64> = HashMap::new();
    let mut indexes: HashMap<Uuid, i16> = HashMap::new();
    for (event, position) in log.iter().zip(1..) {
        assert_eq!(event.position, position, "a gap in the log");
        let version = versions.entry((event.kind, event.stream)).or_default();
        *version += 1;
        assert_eq!(event.version, *version, "a gap in stream {}-{} at position {position}", event.kind, event.stream);
        let index = indexes.entry(event.command).or_default();
        assert_eq!(event.index, *index, "a command torn apart at position {position}");
        *index += 1;
    }
}

/// Every acknowledged command is in the log once, where its answer said; no key did anything twice, and
/// nothing is there that nobody asked for.
fn commands_took_effect_once(log: &[Event], records: &[Record], counts: &mut Counts) {
    let mut by_command: HashMap<Uuid, Vec<&Event>> = HashMap::new();
    let mut by_marker: HashMap<&str, BTreeSet<Uuid>> = HashMap::new();
    for event in log.iter().filter(|event| event.kind == Kind::Task.number()) {
        by_command.entry(event.command).or_default().push(event);
        for word in event.payload.split(|letter: char| !letter.is_ascii_alphanumeric()) {
            if word.starts_with('m') && word.contains('x') && word.ends_with(|last: char| last.is_ascii_digit()) {
                by_marker.entry(word).or_default().insert(event.command);
            }
        }
    }
    let organisation = OrganisationId(log.iter().find(|event| event.kind == Kind::Task.number()).expect("tasks were made").organisation);
    let mut asked_for = BTreeSet::new();
    for (person, sent) in records.iter().flat_map(|record| record.sent.iter().map(move |sent| (record.person, sent))) {
        let command = CommandId::from_key(organisation, PersonId(person), &sent.key).0;
        asked_for.insert(command);
        let events = by_command.get(&command).map(Vec::as_slice).unwrap_or_default();
        let holders = by_marker.get(sent.marker.as_str()).cloned().unwrap_or_default();
        match &sent.outcome {
            Outcome::Acknowledged(receipt) => {
                counts.acknowledged += 1;
                let (Some(first), Some(last)) = (events.first(), events.last()) else { panic!("acknowledged and lost: {sent:?}") };
                assert_eq!(first.stream, receipt.task, "{sent:?} is in the history of another task");
                assert!(receipt.comment.is_none_or(|comment| comment == first.position), "{sent:?} is at {}", first.position);
                assert!(receipt.position >= last.position, "{sent:?} was answered with a position before its own, {}", last.position);
                assert_eq!(holders, BTreeSet::from([command]), "{sent:?} did not happen exactly once");
            }
            Outcome::Abandoned => {
                counts.abandoned += 1;
                counts.abandoned_but_done += usize::from(!events.is_empty());
                assert!(holders.iter().all(|holder| *holder == command), "{sent:?} happened under other commands: {holders:?}");
            }
        }
    }
    for command in by_command.keys() {
        assert!(asked_for.contains(command), "nobody asked for the command {command}");
    }
}

/// What people read after it all: each acknowledged comment once, in the order of the log.
async fn tasks_show_what_was_acknowledged(reader: &Person, log: &[Event], records: &[Record], counts: &mut Counts) {
    let mut expected: BTreeMap<i64, Vec<&Sent>> = BTreeMap::new();
    for sent in records.iter().flat_map(|record| &record.sent) {
        if let Outcome::Acknowledged(receipt) = &sent.outcome {
            expected.entry(receipt.task).or_default().push(sent);
        }
    }
    let commands: BTreeSet<(i64, Uuid)> =
        log.iter().filter(|event| event.kind == Kind::Task.number()).map(|event| (event.stream, event.command)).collect();
    for (task, sent) in expected {
        let body = reader.client.get(&format!("/v4/tasks/{task}")).await.ok();
        let comments = body["task"]["comments"].as_array().expect("comments");
        let ids: Vec<i64> = comments.iter().map(|comment| comment["id"].as_i64().expect("an id")).collect();
        assert!(ids.is_sorted() && BTreeSet::from_iter(&ids).len() == ids.len(), "task {task}: {ids:?}");
        let in_log = commands.range((task, Uuid::nil())..=(task, Uuid::max())).count();
        assert!(ids.len().abs_diff(in_log) <= 1, "task {task} shows {} comments of {in_log} commands", ids.len());
        let whole = body["task"].to_string();
        for sent in sent {
            assert!(has(&whole, &sent.marker), "{sent:?} is not in its task");
            // Of a new task the text is the task's own.
            if sent.path.ends_with("/comments") {
                let shown = comments.iter().filter(|comment| comment["text"].as_str().is_some_and(|text| has(text, &sent.marker))).count();
                assert_eq!(shown, 1, "{sent:?} is shown {shown} times");
            }
        }
        counts.tasks += 1;
    }
}

/// The inbox that followed the log through all kills, and the one built from the first event on.
async fn the_view_equals_a_rebuild(installation: &Installation, pool: &PgPool, people: &[Person], counts: &mut Counts) {
    view::settled(pool).await;
    let mut shown = Vec::new();
    for person in people {
        shown.push(person.client.get("/v4/inbox?item_count=1000").await.ok());
    }
    let before = view::rows(pool, "inbox").await;
    installation.run(&["rebuild", "inbox"]).await;
    let after = view::rows(pool, "inbox").await;
    assert_ne!(before.schema, after.schema, "the rebuild did not make a new generation");
    assert_eq!(before.tables, after.tables, "the view and its rebuild differ");
    counts.inbox_rows = after.count();
    for (person, shown) in people.iter().zip(shown) {
        assert_eq!(person.client.get("/v4/inbox?item_count=1000").await.ok(), shown);
    }
    assert_eq!(view::parked(pool).await, [] as [String; 0]);
}
