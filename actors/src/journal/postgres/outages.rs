//! What the journal on Postgres does when the database stalls, goes away, loses answers or refuses. Only tests.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use domain::codec::Encoded;
use domain::{ClaimChange, ClaimKind, Kind};
use sqlx::Row;
use sqlx::postgres::PgPool;
use test_database::TestDatabase;

use super::proxy::Proxy;
use super::{IDLE, PostgresJournal, Settings};
use crate::journal::conformance::{ORGANISATION, OnPostgres, World, append, at, event, one, person, submit};
use crate::journal::{Append, Head, Journal, Refusal, Target, Unhealthy, Write};

/// A journal whose every connection goes through a proxy, and a pool past it.
struct Behind {
    journal: Arc<PostgresJournal>,
    proxy: Proxy,
    past: PgPool,
    _database: TestDatabase,
}

impl Behind {
    async fn create() -> Self {
        let database = TestDatabase::create().await;
        let proxy = Proxy::before(&database.url).await;
        let past = database.pool(2).await;
        let journal = PostgresJournal::start(past.clone(), proxy.options.clone(), Settings::default()).await.expect("it starts");
        Self { journal, proxy, past, _database: database }
    }

    /// Whose the head is.
    async fn writer(&self) -> uuid::Uuid {
        sqlx::query_scalar("SELECT writer FROM log_head").fetch_one(&self.past).await.expect("read")
    }

    /// Waits until the log holds `events`.
    async fn until_written(&self, events: i64) {
        let written = async { while self.journal.current_head().await.expect("read").position < events {} };
        tokio::time::timeout(Duration::from_secs(10), written).await.expect("the events are written");
    }
}

fn within(deadline: Duration, append: Append) -> Append {
    Append { deadline: Instant::now() + deadline, ..append }
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_answered_with_what_it_wrote() {
    let behind = Behind::create().await;
    append(&*behind.journal, one(at(person(1), 0))).await.expect("written");
    behind.proxy.set(|traffic| traffic.answers = false);
    let lost = submit(&*behind.journal, one(at(person(1), 1)));
    behind.until_written(2).await;
    behind.proxy.set(|traffic| traffic.answers = true);
    behind.proxy.cut();
    let receipt = lost.await.expect("answered").expect("it was written, so the answer says so");
    assert_eq!(receipt.streams[0].first_position, 2);
    append(&*behind.journal, one(at(person(1), 2))).await.expect("service goes on");
    assert_eq!(behind.journal.current_head().await.expect("read").position, 3, "once");
}

#[tokio::test]
async fn a_request_that_was_lost_is_written_once_over_the_next_connection() {
    let behind = Behind::create().await;
    behind.proxy.set(|traffic| traffic.requests = false);
    let lost = submit(&*behind.journal, one(at(person(1), 0)));
    behind.proxy.until_held().await;
    behind.proxy.cut();
    behind.proxy.set(|traffic| traffic.requests = true);
    assert_eq!(lost.await.expect("answered").expect("written").position(), 1);
    assert_eq!(behind.journal.current_head().await.expect("read").position, 1, "once");
}

#[tokio::test]
async fn what_arrives_late_from_a_lost_connection_is_refused_by_the_fence() {
    let behind = Behind::create().await;
    append(&*behind.journal, one(at(person(1), 0))).await.expect("written");
    behind.proxy.set(|traffic| traffic.requests = false);
    let late = within(Duration::from_millis(200), one(at(person(1), 1)));
    let command = late.command;
    assert_eq!(append(&*behind.journal, late).await, Err(Refusal::Unknown), "it may be on its way");
    let writer = behind.writer().await;
    behind.proxy.cut();
    behind.proxy.set(|traffic| traffic.requests = true);
    let taken_over = async { while behind.writer().await == writer {} };
    tokio::time::timeout(Duration::from_secs(10), taken_over).await.expect("the next connection takes the head over");
    // The head's position is still the one that the late request builds on.
    behind.proxy.deliver_late().await;
    append(&*behind.journal, one(at(person(1), 1))).await.expect("the version is free");
    assert_eq!(behind.journal.read_command(ORGANISATION, command).await.expect("read"), None, "it was not written late");
    crate::audit::verify(&behind.past, |_| ()).await.expect("the chain is whole");
}

#[tokio::test]
async fn while_the_database_stalls_commands_wait_up_to_their_deadline_and_then_service_resumes() {
    let behind = Behind::create().await;
    append(&*behind.journal, one(at(person(1), 0))).await.expect("written");
    behind.proxy.set(|traffic| traffic.requests = false);
    let sent = submit(&*behind.journal, within(Duration::from_millis(100), one(at(person(2), 0))));
    assert_eq!(sent.await.expect("answered"), Err(Refusal::Unknown), "it was sent");
    let waiting = submit(&*behind.journal, within(Duration::from_millis(100), one(at(person(3), 0))));
    assert_eq!(waiting.await.expect("answered"), Err(Refusal::Expired), "it never was");
    let patient = submit(&*behind.journal, one(at(person(4), 0)));
    behind.proxy.set(|traffic| traffic.requests = true);
    let receipt = patient.await.expect("answered").expect("written once the database goes on");
    assert_eq!(receipt.position(), 3, "behind the one of which nobody knew");
    let log = behind.journal.read_all(0, 10).await.expect("read");
    assert_eq!(log.iter().map(|event| event.header.stream).collect::<Vec<_>>(), [person(1), person(2), person(4)]);
}

#[tokio::test]
async fn while_the_database_is_away_nothing_is_promised_and_then_service_resumes_by_itself() {
    let behind = Behind::create().await;
    append(&*behind.journal, one(at(person(1), 0))).await.expect("written");
    assert_eq!(behind.journal.health(), Ok(()));
    behind.proxy.set(|traffic| traffic.connections = false);
    behind.proxy.cut();
    let first = append(&*behind.journal, within(Duration::from_millis(200), one(at(person(1), 1)))).await;
    assert!(matches!(first, Err(Refusal::Unknown | Refusal::Expired)), "{first:?}");
    assert_eq!(behind.journal.health(), Err(Unhealthy::Disconnected));
    let second = append(&*behind.journal, within(Duration::from_millis(200), one(at(person(1), 1)))).await;
    assert_eq!(second, Err(Refusal::Expired), "it was never sent");
    let patient = submit(&*behind.journal, one(at(person(1), 1)));
    behind.proxy.set(|traffic| traffic.connections = true);
    assert_eq!(patient.await.expect("answered").expect("written").position(), 2);
    assert_eq!(behind.journal.health(), Ok(()));
}

#[tokio::test]
async fn a_writer_that_waits_for_the_head_is_killed_and_nothing_is_lost() {
    let world = OnPostgres::create().await;
    append(world.journal(), one(at(person(1), 0))).await.expect("written");
    let mut held = world.pool.begin().await.expect("a transaction");
    sqlx::query("SELECT FROM log_head FOR UPDATE").execute(&mut *held).await.expect("locked");
    let waiting = submit(world.journal(), one(at(person(1), 1)));
    let killed = async {
        // Until the writer's backend is seen waiting for the lock.
        while sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = 'nashi journal' AND wait_event_type = 'Lock'",
        )
        .fetch_all(&world.pool)
        .await
        .expect("asked")
        .is_empty()
        {}
    };
    tokio::time::timeout(Duration::from_secs(5), killed).await.expect("the writer waits for the lock");
    held.rollback().await.expect("released");
    assert_eq!(waiting.await.expect("answered").expect("written").position(), 2);
    assert_eq!(world.journal().current_head().await.expect("read").position, 2, "once");
}

#[tokio::test]
async fn a_poisoned_command_does_not_take_its_batch_down() {
    let world = OnPostgres::create().await;
    let with = |id, payload: &str| {
        let events = vec![Encoded { payload: payload.into(), ..event("") }];
        Append { writes: vec![Write { target: at(person(id), 0), events }], ..one(at(person(id), 0)) }
    };
    let mut answers: Vec<_> = (1..=40).map(|id| submit(world.journal(), with(id, "{}"))).collect();
    answers.push(submit(world.journal(), with(41, "{not json")));
    answers.extend((42..=80).map(|id| submit(world.journal(), with(id, "{}"))));
    let key = (0..4_000).map(|n| char::from_u32(0x4e00 + n * 5).expect("a character")).collect();
    let claims = vec![ClaimChange { kind: ClaimKind::Email, key, taken: true }];
    answers.push(submit(world.journal(), Append { claims, ..with(81, "{}") }));
    for (answer, id) in answers.into_iter().zip(1..) {
        let answer = answer.await.expect("answered");
        match id {
            41 => assert!(matches!(answer, Err(Refusal::Malformed(_))), "not JSON: {answer:?}"),
            81 => assert!(matches!(answer, Err(Refusal::Malformed(_))), "a key too long for its index: {answer:?}"),
            _ => drop(answer.unwrap_or_else(|refusal| panic!("{id} was refused: {refusal}"))),
        }
    }
    assert_eq!(world.journal().current_head().await.expect("read").position, 79);
    assert_eq!(world.journal.shared.state.since.load(Ordering::Relaxed), IDLE, "nothing counts as under way any more");
    world.verify().await.expect("the chain is whole");
}

#[tokio::test]
async fn stopping_answers_all_that_is_queued_and_takes_no_more() {
    let world = OnPostgres::create().await;
    let reserved = world.journal().reserve().expect("a place");
    let answers: Vec<_> = (0..100).map(|_| submit(world.journal(), one(Target::New(Kind::Task)))).collect();
    world.journal.stop().await;
    for answer in answers {
        answer.await.expect("answered").expect("written");
    }
    assert!(world.journal().reserve().is_err());
    assert_eq!(world.journal().health(), Err(Unhealthy::Stopped));
    let (answer, answered) = tokio::sync::oneshot::channel();
    reserved.submit(one(Target::New(Kind::Task)), Box::new(move |outcome| drop(answer.send(outcome))));
    assert!(matches!(answered.await.expect("answered"), Err(Refusal::Unavailable(_))));
}

#[tokio::test]
async fn stopping_ends_although_the_database_is_away() {
    let behind = Behind::create().await;
    behind.proxy.set(|traffic| traffic.connections = false);
    behind.proxy.cut();
    let waiting = submit(&*behind.journal, within(Duration::from_millis(200), one(at(person(1), 0))));
    tokio::time::timeout(Duration::from_secs(10), behind.journal.stop()).await.expect("it ends");
    let refused = waiting.await.expect("answered");
    assert!(matches!(refused, Err(Refusal::Unknown | Refusal::Expired)), "{refused:?}");
}

#[tokio::test]
async fn a_panic_of_one_who_waits_does_not_stop_the_writer() {
    let world = OnPostgres::create().await;
    let permit = world.journal().reserve().expect("a place");
    permit.submit(one(at(person(1), 0)), Box::new(|_| panic!("a bug elsewhere, as this test wants it")));
    append(world.journal(), one(at(person(1), 1))).await.expect("the writer goes on");
}

#[tokio::test]
async fn what_another_journal_writes_is_seen_and_built_upon() {
    let world = OnPostgres::create().await;
    let options = world.database.url.parse().expect("a URL");
    let other = PostgresJournal::start(world.pool.clone(), options, Settings::default()).await.expect("it starts");
    append(world.journal(), one(at(person(1), 0))).await.expect("written");
    append(&*other, one(at(person(1), 1))).await.expect("written on top");
    let mut head = world.journal().head();
    let seen = head.wait_for(|head| head.position == 2);
    tokio::time::timeout(Duration::from_secs(5), seen).await.expect("the poll sees it").expect("the journal runs");
    let refused = append(world.journal(), one(at(person(1), 1))).await;
    assert_eq!(refused, Err(Refusal::Conflict { stream: person(1), actual: 2 }));
    append(world.journal(), one(at(person(1), 2))).await.expect("written on top of the other's");
    append(&*other, one(at(person(1), 3))).await.expect("and back");
    world.verify().await.expect("the chain is whole");
}

#[tokio::test]
async fn a_log_that_lost_what_it_had_acknowledged_gets_a_new_incarnation() {
    let world = OnPostgres::create().await;
    append(world.journal(), one(at(person(1), 0))).await.expect("written");
    let kept = sqlx::query("SELECT hash FROM log_head").fetch_one(&world.pool).await.expect("read");
    append(world.journal(), one(at(person(1), 1))).await.expect("written");
    let before = *world.journal().head().borrow();
    // As after a failover to a replica that lagged behind.
    let mut replica = world.pool.begin().await.expect("a transaction");
    for sql in ["SET LOCAL session_replication_role = replica", "DELETE FROM event WHERE position = 2"] {
        sqlx::query(sql).execute(&mut *replica).await.expect("carried out");
    }
    let hash: Vec<u8> = kept.get("hash");
    sqlx::query("UPDATE log_head SET position = 1, hash = $1").bind(hash).execute(&mut *replica).await.expect("carried out");
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = 'nashi journal'",
    )
    .execute(&mut *replica)
    .await
    .expect("carried out");
    replica.commit().await.expect("committed");

    let refused = append(world.journal(), one(at(person(1), 2))).await;
    assert_eq!(refused, Err(Refusal::Conflict { stream: person(1), actual: 1 }));
    let Head { incarnation, position } = *world.journal().head().borrow();
    assert!(incarnation > before.incarnation, "positions from before do not count any more");
    assert_eq!(position, 1);
    append(world.journal(), one(at(person(1), 1))).await.expect("written anew");
    world.verify().await.expect("the chain is whole");
}

#[tokio::test]
async fn a_young_log_gets_its_statistics() {
    let world = OnPostgres::create().await;
    let answers: Vec<_> = (0..1_000).map(|_| submit(world.journal(), one(Target::New(Kind::Task)))).collect();
    for answer in answers {
        answer.await.expect("answered").expect("written");
    }
    until_analysed(&world.pool).await;
}

#[tokio::test]
async fn a_restored_log_gets_its_statistics() {
    let world = OnPostgres::create().await;
    // A log that nobody has analysed and that will pass none of the sizes at which the writer does.
    sqlx::query("UPDATE log_head SET position = 5000").execute(&world.pool).await.expect("carried out");
    append(world.journal(), one(at(person(1), 0))).await.expect("written");
    let world = world.restart().await;
    until_analysed(&world.pool).await;
}

async fn until_analysed(pool: &PgPool) {
    let analysed = async {
        let tuples = "SELECT reltuples FROM pg_class WHERE relname = 'event_1'";
        while sqlx::query_scalar::<_, f32>(tuples).fetch_one(pool).await.expect("read") < 1.0 {}
    };
    tokio::time::timeout(Duration::from_secs(10), analysed).await.expect("the log is analysed");
}
