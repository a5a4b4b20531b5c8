//! Several writers take turns: what each remembers stays true without being read again, and whoever waits for the lock takes
//! along what came in meanwhile. Only tests.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use domain::Kind;
use sqlx::postgres::{PgConnectOptions, PgPool};

use super::locked::SINCE_MAX;
use super::session::{Fast, Session};
use super::{PostgresJournal, Settings};
use crate::journal::conformance::{OnPostgres, World, append, at, event, one, person, submit};
use crate::journal::prepared::Prepared;
use crate::journal::{Append, Hash, Refusal, Target, Write};

/// Two writers of the same log, beside the one of the world.
struct Two {
    world: OnPostgres,
    one: Session,
    other: Session,
}

impl Two {
    async fn create() -> Self {
        let world = OnPostgres::create().await;
        let one = open(&world).await;
        let other = open(&world).await;
        Self { world, one, other }
    }
}

async fn open(world: &OnPostgres) -> Session {
    let options = world.database.url.parse().expect("a URL");
    Session::open(&options, world.journal.shared.clone()).await.expect("opened")
}

async fn journal(world: &OnPostgres) -> Arc<PostgresJournal> {
    let options: PgConnectOptions = world.database.url.parse().expect("a URL");
    PostgresJournal::start(world.pool.clone(), options, Settings::default()).await.expect("another node's journal")
}

/// Appends under the lock by what is remembered; the stream's hash then, or nothing where that will not do.
async fn remembered(session: &mut Session, command: Append) -> Option<Hash> {
    let batch = [Prepared::new(command).expect("well formed")];
    session.lock().await.expect("locked");
    let outcome = session.append_remembered(&batch, &AtomicBool::new(false)).await.expect("answered");
    match outcome {
        Some(outcome) => Some(outcome.answers.into_iter().next().expect("an answer").expect("written").streams[0].hash),
        None => {
            session.roll_back().await.expect("rolled back");
            None
        }
    }
}

fn brought(stream: i64, expected: i64, hash: Hash) -> Append {
    one(Target::Existing { stream: person(stream), expected, hash: Some(hash) })
}

#[tokio::test]
async fn writers_that_take_turns_build_on_what_they_remember() {
    let Two { world, one: mut first, mut other } = Two::create().await;
    for turn in 0..10 {
        remembered(&mut first, one(at(person(1), turn))).await.expect("a stream of its own");
        remembered(&mut other, one(at(person(2), turn))).await.expect("a stream of its own");
        let hash = remembered(&mut first, one(at(person(3), 2 * turn))).await.expect("a stream that both write to");
        // At first the other has to be told the version; then it hears of each.
        let command = if turn == 0 { brought(3, 1, hash) } else { one(at(person(3), 2 * turn + 1)) };
        remembered(&mut other, command).await.expect("a stream that both write to");
        remembered(&mut first, one(Target::New(Kind::Task))).await.expect("a new task");
    }
    world.verify().await.expect("the chain is whole");
}

#[tokio::test]
async fn a_writer_that_is_alone_again_goes_the_fast_way_again() {
    let Two { world: _world, one: mut first, mut other } = Two::create().await;
    remembered(&mut other, one(at(person(1), 0))).await.expect("written");
    let batch = [Prepared::new(one(at(person(2), 0))).expect("well formed")];
    let fast = first.fast(&batch, &AtomicBool::new(false)).await.expect("asked");
    assert!(matches!(fast, Fast::Overtaken), "{fast:?}");
    remembered(&mut first, one(at(person(2), 0))).await.expect("written");
    assert!(first.is_overtaken(), "the other may go on");
    remembered(&mut first, one(at(person(2), 1))).await.expect("written");
    assert!(!first.is_overtaken(), "it did not");
    let batch = [Prepared::new(one(at(person(2), 2))).expect("well formed")];
    let fast = first.fast(&batch, &AtomicBool::new(false)).await.expect("asked");
    assert!(matches!(fast, Fast::Written(_)), "{fast:?}");
}

#[tokio::test]
async fn what_is_remembered_writes_nothing_that_only_the_log_can_judge() {
    let Two { world, one: mut first, mut other } = Two::create().await;
    let hash = remembered(&mut other, one(at(person(1), 0))).await.expect("written");
    assert_eq!(remembered(&mut first, one(at(person(1), 1))).await, None, "a stream that is not known");
    assert_eq!(remembered(&mut first, brought(1, 1, [1; 32])).await, None, "a hash that the log does not have");
    remembered(&mut first, brought(1, 1, hash)).await.expect("a hash that the log has");
    assert_eq!(remembered(&mut other, one(at(person(1), 1))).await, None, "a version that is stale by now");
    remembered(&mut other, one(at(person(1), 2))).await.expect("the version that the first wrote");

    let many = || Append {
        writes: vec![Write { target: at(person(4), 0), events: (0..=SINCE_MAX).map(|_| event("one of many")).collect() }],
        ..one(at(person(4), 0))
    };
    remembered(&mut other, many()).await.expect("written");
    assert_eq!(remembered(&mut first, one(at(person(1), 3))).await, None, "more was written since than is told");
    sqlx::query("UPDATE log_head SET incarnation = incarnation + 1").execute(&world.pool).await.expect("carried out");
    assert_eq!(remembered(&mut other, one(at(person(1), 3))).await, None, "another incarnation");
    world.verify().await.expect("the chain is whole");
}

#[tokio::test]
async fn journals_that_take_turns_refuse_what_is_stale_and_answer_repeats() {
    let world = OnPostgres::create().await;
    let (first, other) = (world.journal(), journal(&world).await);
    let of_first = one(at(person(1), 0));
    let receipt = append(first, of_first.clone()).await.expect("written");
    append(&*other, one(at(person(2), 0))).await.expect("written");
    append(first, one(at(person(1), 1))).await.expect("written");

    let repeated = append(&*other, of_first.clone()).await;
    assert_eq!(repeated, Err(Refusal::Duplicate(Box::new(receipt.clone()))), "a repeat of what the other wrote, as it was");
    let elsewhere = Append { writes: one(at(person(9), 0)).writes, ..of_first };
    let repeated = append(&*other, elsewhere).await;
    assert_eq!(repeated, Err(Refusal::Duplicate(Box::new(receipt))), "its id on a stream that nobody has written to");
    let stale = append(&*other, one(at(person(1), 1))).await;
    assert_eq!(stale, Err(Refusal::Conflict { stream: person(1), actual: 2 }));
    let stale = append(&*other, one(at(person(1), 0))).await;
    assert_eq!(stale, Err(Refusal::Conflict { stream: person(1), actual: 2 }), "a stream that is not new");
    let forged = append(&*other, brought(1, 2, [1; 32])).await.expect("the version is right, and the log knows its hash");
    assert_eq!(forged.streams[0].first_version, 3);
    world.verify().await.expect("the chain is whole");
}

#[tokio::test]
async fn what_comes_in_while_a_writer_waits_for_the_lock_is_in_its_commit() {
    let world = OnPostgres::create().await;
    let (first, other) = (world.journal(), journal(&world).await);
    append(&*other, one(at(person(1), 0))).await.expect("written");
    append(first, one(at(person(2), 0))).await.expect("written");

    let mut held = world.pool.begin().await.expect("a transaction");
    sqlx::query("SELECT FROM log_head FOR UPDATE").execute(&mut *held).await.expect("locked");
    let mut answers = vec![submit(first, one(at(person(2), 1)))];
    until_it_waits(&world.pool).await;
    answers.extend((3..10).map(|id| submit(first, one(at(person(id), 0)))));
    let mut late = submit(first, Append { deadline: Instant::now(), ..one(at(person(10), 0)) });
    assert_eq!((&mut late).await.expect("answered"), Err(Refusal::Expired), "told while the lock is waited for");
    held.rollback().await.expect("released");

    let mut times = Vec::new();
    for answer in answers {
        times.push(answer.await.expect("answered").expect("written").at);
    }
    assert!(times.iter().all(|at| *at == times[0]), "one commit: {times:?}");
    world.verify().await.expect("the chain is whole");
}

/// Until some writer's backend is seen waiting for the head.
async fn until_it_waits(pool: &PgPool) {
    let waits = "SELECT FROM pg_stat_activity \
                 WHERE datname = current_database() AND application_name = 'nashi journal' AND wait_event_type = 'Lock'";
    let waiting = async { while sqlx::query(waits).fetch_all(pool).await.expect("asked").is_empty() {} };
    tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("the writer waits for the lock");
}

#[tokio::test]
async fn a_writer_that_freezes_with_the_lock_in_hand_does_not_hold_the_others_up_for_long() {
    let world = OnPostgres::create().await;
    append(world.journal(), one(at(person(1), 0))).await.expect("written");
    let mut frozen = open(&world).await;
    frozen.lock().await.expect("locked");
    let impatient = Append { deadline: Instant::now() + Duration::from_millis(100), ..one(at(person(2), 0)) };
    let impatient = submit(world.journal(), impatient);
    let begun = Instant::now();
    let patient = append(world.journal(), one(at(person(1), 1))).await;
    assert_eq!(patient.map(|receipt| receipt.position()), Ok(2));
    // The database ends the transaction of whoever is silent for two seconds.
    assert!(begun.elapsed() < Duration::from_secs(4), "it took {:?}", begun.elapsed());
    assert!(matches!(impatient.await.expect("answered"), Err(Refusal::Expired | Refusal::Unknown)));
    let batch = [Prepared::new(one(at(person(1), 1))).expect("well formed")];
    let late = frozen.append_locked(&batch, None, false, &AtomicBool::new(false)).await;
    assert!(late.is_err_and(|trouble| trouble.lost), "what it writes when it comes back is refused");
    world.verify().await.expect("the chain is whole");
}
