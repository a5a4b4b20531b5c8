//! Several processes append at once, one of them is killed, and a reader that follows the log misses nothing. With the two
//! designs that would fail here, to show that the test can. Only tests.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::{CommandId, Kind, OrganisationId, Position, StreamId};
use sqlx::Row;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{PostgresJournal, Settings};
use crate::journal::conformance::{OnPostgres, World, append, at, event, one, person};
use crate::journal::{Append, Journal, Premise, Receipt, Refusal, Target, Write};

/// Makes the test below a writer: number and URL of the database.
const WRITER: &str = "NASHI_TEST_CONTENTION_WRITER";
const EVENTS_PER_COMMAND: usize = 5;
const COMMANDS_PER_WRITER: i64 = 3_500;
const PRODUCERS: i64 = 32;
const SHARED_STREAMS: i64 = 8;
/// Writers 1 to 3 finish; the last one is killed after some acknowledgements.
const WRITERS: i64 = 4;
const KILLED_AFTER: usize = 300;

/// What a follower checks: that each event comes right after the one before.
#[derive(Debug, Default)]
struct Tail {
    position: Position,
}

#[derive(Debug, PartialEq, Eq)]
struct Missed {
    after: Position,
    next: Position,
}

impl Tail {
    fn take(&mut self, position: Position) -> Result<(), Missed> {
        if position != self.position + 1 {
            return Err(Missed { after: self.position, next: position });
        }
        self.position = position;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tailing_reader_misses_nothing_while_several_processes_append() {
    if let Ok(task) = std::env::var(WRITER) {
        let (number, url) = task.split_once(' ').expect("number and URL");
        return write(number.parse().expect("a number"), url).await;
    }
    let world = OnPostgres::create().await;
    let (acknowledge, mut acknowledged) = mpsc::unbounded_channel();
    let mut writers: Vec<Child> = (1..=WRITERS).map(|number| start(number, &world.database.url, acknowledge.clone())).collect();
    drop(acknowledge);

    let mut tail = Tail::default();
    let mut acknowledgements: Vec<(i64, CommandId, Position)> = Vec::new();
    let mut of_the_killed = 0;
    loop {
        let finished = acknowledged.is_closed();
        while let Ok(acknowledgement) = acknowledged.try_recv() {
            acknowledgements.push(acknowledgement);
            of_the_killed += usize::from(acknowledgement.0 == WRITERS);
        }
        if of_the_killed >= KILLED_AFTER && writers.len() == WRITERS as usize {
            let mut killed = writers.pop().expect("the last writer");
            killed.kill().await.expect("killed");
        }
        let head = world.journal().current_head().await.expect("read").position;
        let page = world.journal().read_all(tail.position, 1_000).await.expect("read");
        for event in &page {
            tail.take(event.header.position).expect("nothing is missed");
        }
        assert!(page.len() == 1_000 || tail.position >= head, "the head stood at {head}, and not all before it could be read");
        if finished && page.is_empty() {
            break;
        }
    }
    for writer in &mut writers {
        assert!(writer.wait().await.expect("it ended").success(), "a writer failed");
    }
    assert_eq!(writers.len() as i64, WRITERS - 1, "the last writer was killed");
    assert!(tail.position >= 50_000, "{} events are too few to show much", tail.position);
    let verified = world.verify().await.expect("the chain is whole");
    assert_eq!(verified.position, tail.position);
    check_acknowledgements(&world.pool, &acknowledgements).await;
}

#[tokio::test]
async fn what_a_writer_remembers_of_before_others_wrote_refuses_nothing() {
    let world = OnPostgres::create().await;
    let first = world.journal();
    let options: PgConnectOptions = world.database.url.parse().expect("a URL");
    let second = PostgresJournal::start(world.pool.clone(), options, Settings::default()).await.expect("another node's journal");
    let second: &dyn Journal = second.as_ref();
    // The second node has not heard that this task's id was given, nor of what the first writes to a stream that it knows.
    let task = append(first, one(Target::New(Kind::Task))).await.expect("written").streams.remove(0);
    append(second, one(at(person(1), 0))).await.expect("written");
    let person_1 = append(first, one(at(person(1), 1))).await.expect("written").streams.remove(0);
    for (stream, known) in [(task.stream, task), (person(1), person_1)] {
        // Decided by an actor that has read all of it, with something that stands or falls with it.
        let premise = Premise::shared();
        let target = Target::Existing { stream, expected: known.last_version(), hash: Some(known.hash) };
        let decided = append(second, Append { premise: premise.clone(), ..one(target) }).await;
        assert_eq!(decided.map(|receipt| receipt.streams[0].first_version), Ok(known.last_version() + 1), "{stream}");
        assert!(premise.holds());
    }
}

/// Every acknowledged command is in the log once, where it was said to be; and of those that finished, nothing else.
async fn check_acknowledgements(pool: &PgPool, acknowledgements: &[(i64, CommandId, Position)]) {
    let rows = sqlx::query("SELECT organisation, command, min(position) AS first, count(*) AS events FROM event GROUP BY 1, 2")
        .fetch_all(pool)
        .await
        .expect("read");
    let mut written: HashMap<CommandId, (i64, Position)> = HashMap::new();
    let mut commands: HashMap<i64, usize> = HashMap::new();
    for row in rows {
        assert_eq!(row.get::<i64, _>("events"), EVENTS_PER_COMMAND as i64, "a command is written whole");
        let organisation = row.get("organisation");
        written.insert(CommandId(row.get("command")), (organisation, row.get("first")));
        *commands.entry(organisation).or_default() += 1;
    }
    let mut by_writer: HashMap<i64, usize> = HashMap::new();
    for (writer, command, position) in acknowledgements {
        assert_eq!(written.get(command), Some(&(*writer, *position)), "an acknowledged command is in the log");
        *by_writer.entry(*writer).or_default() += 1;
    }
    for writer in 1..WRITERS {
        assert_eq!(by_writer[&writer], COMMANDS_PER_WRITER as usize);
        assert_eq!(commands[&writer], by_writer[&writer], "writer {writer} wrote what it was told, and nothing twice");
    }
    assert!(commands[&WRITERS] >= by_writer[&WRITERS]);
}

/// Starts this very test as a writer, whose acknowledgements are passed on.
fn start(number: i64, url: &str, acknowledge: mpsc::UnboundedSender<(i64, CommandId, Position)>) -> Child {
    let this = std::env::current_exe().expect("the test has a program");
    let test = "journal::postgres::contention::a_tailing_reader_misses_nothing_while_several_processes_append";
    let mut child = Command::new(this)
        .args([test, "--exact", "--nocapture"])
        .env(WRITER, format!("{number} {url}"))
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the writer starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            let mut words = line.split(' ');
            // The last line of a killed writer may be cut short.
            if let (Some("acknowledged"), Some(command), Some(position), Some(".")) =
                (words.next(), words.next(), words.next(), words.next())
            {
                let command = CommandId(Uuid::parse_str(command).expect("a command"));
                let position = position.parse().expect("a position");
                acknowledge.send((number, command, position)).expect("the test goes on until the writers have ended");
            }
        }
    });
    child
}

/// The work of one writer: some streams of its own, some that all write to.
async fn write(number: i64, url: &str) {
    let pool = PgPoolOptions::new().max_connections(2).connect(url).await.expect("connected");
    let journal = PostgresJournal::start(pool, url.parse().expect("a URL"), Settings::default()).await.expect("it starts");
    println!();
    let left = Arc::new(AtomicI64::new(COMMANDS_PER_WRITER));
    let producers: Vec<_> = (0..PRODUCERS).map(|producer| tokio::spawn(produce(journal.clone(), number, producer, left.clone()))).collect();
    for producer in producers {
        producer.await.expect("the producer ends well");
    }
    journal.stop().await;
}

async fn produce(journal: Arc<PostgresJournal>, number: i64, producer: i64, left: Arc<AtomicI64>) {
    let own = person(number * 1_000 + producer);
    let mut versions: HashMap<StreamId, i64> = HashMap::new();
    loop {
        let turn = left.fetch_sub(1, Ordering::Relaxed);
        if turn <= 0 {
            return;
        }
        let stream = if turn % 8 == 0 { person(turn / 8 % SHARED_STREAMS + 1) } else { own };
        let (command, receipt) = write_one(&journal, number, stream, &mut versions).await;
        if turn % 50 == 0 {
            let again = append(&*journal, command).await;
            assert_eq!(again, Err(Refusal::Duplicate(Box::new(receipt.clone()))), "a repeat");
        }
        println!("acknowledged {} {} .", receipt.command, receipt.streams[0].first_position);
    }
}

/// Appends until the version is right.
async fn write_one(journal: &PostgresJournal, number: i64, stream: StreamId, versions: &mut HashMap<StreamId, i64>) -> (Append, Receipt) {
    loop {
        let target = at(stream, versions.get(&stream).copied().unwrap_or_default());
        let events = (0..EVENTS_PER_COMMAND).map(|_| event("one of several")).collect();
        let command =
            Append { organisation: OrganisationId(number), writes: vec![Write { target: target.clone(), events }], ..one(target) };
        match append(journal, command.clone()).await {
            Ok(receipt) => {
                versions.insert(stream, receipt.streams[0].last_version());
                return (command, receipt);
            }
            Err(Refusal::Conflict { actual, .. }) => versions.insert(stream, actual),
            Err(other) => panic!("refused: {other}"),
        };
    }
}

/// A statement that waits for the head's lock goes on with the snapshot from before it waited.
#[tokio::test]
async fn the_lock_must_be_a_statement_of_its_own() {
    let world = OnPostgres::create().await;
    append(world.journal(), one(at(person(1), 0))).await.expect("written");
    let folded = "SELECT h.position, (SELECT max(version) FROM event WHERE stream = 1 AND kind = 2) \
                  FROM (SELECT position FROM log_head WHERE part = 1 FOR UPDATE) h";
    assert_eq!(read_behind_an_append(&world, folded).await, (2, 1), "the head is new, the version read with it is stale");
    assert_eq!(read_behind_an_append(&world, "SELECT * FROM locked_first()").await, (3, 3), "both are new");
}

/// Runs a statement that locks the head and reads it and the version of person 1, while another transaction holds the lock
/// and goes on to append.
async fn read_behind_an_append(world: &OnPostgres, statement: &'static str) -> (i64, i64) {
    sqlx::query(
        "CREATE OR REPLACE FUNCTION locked_first(OUT head bigint, OUT latest bigint) LANGUAGE plpgsql VOLATILE AS $$ BEGIN \
         head := (SELECT o_position FROM log_lock(1::smallint)); \
         latest := (SELECT max(e.version) FROM event e WHERE e.stream = 1 AND e.kind = 2); END $$",
    )
    .execute(&world.pool)
    .await
    .expect("created");
    let mut other = world.pool.begin().await.expect("a transaction");
    sqlx::query("SELECT FROM log_lock(1::smallint)").execute(&mut *other).await.expect("locked");
    let pool = world.pool.clone();
    let reading = tokio::spawn(async move { sqlx::query_as(statement).fetch_one(&pool).await.expect("read") });
    let waiting = async {
        let waits = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while sqlx::query(waits).fetch_all(&world.pool).await.expect("asked").is_empty() {}
    };
    tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("the statement waits for the lock");
    sqlx::query(
        "INSERT INTO event SELECT part, position + 1, organisation, kind, stream, version + 1, type, schema, at, person, \
                                  gen_random_uuid(), index, meta, payload, salt, digest, hash \
         FROM event ORDER BY position DESC LIMIT 1",
    )
    .execute(&mut *other)
    .await
    .expect("appended");
    sqlx::query("UPDATE log_head SET position = position + 1").execute(&mut *other).await.expect("moved");
    other.commit().await.expect("committed");
    reading.await.expect("it ends well")
}

/// The same reader over a table whose numbers are handed out before the commit, as a sequence does.
#[tokio::test]
async fn the_tailing_reader_notices_numbers_that_commit_out_of_order() {
    let world = OnPostgres::create().await;
    sqlx::query("CREATE TABLE naive (position bigserial PRIMARY KEY)").execute(&world.pool).await.expect("created");
    let insert = "INSERT INTO naive DEFAULT VALUES";
    let mut slow = world.pool.begin().await.expect("a transaction");
    sqlx::query(insert).execute(&mut *slow).await.expect("inserted");
    sqlx::query(insert).execute(&world.pool).await.expect("inserted and committed");
    let mut tail = Tail::default();
    let seen: i64 = sqlx::query_scalar("SELECT position FROM naive WHERE position > $1")
        .bind(tail.position)
        .fetch_one(&world.pool)
        .await
        .expect("read");
    slow.commit().await.expect("committed");
    assert_eq!(tail.take(seen), Err(Missed { after: 0, next: 2 }));
}
