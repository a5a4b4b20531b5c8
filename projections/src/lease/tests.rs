//! Leases on a real Postgres: who has one, for how long, and what becomes of an effect whose lease is lost.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use test_database::TestDatabase;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::rows::{release, renew, show_alive, take};
use super::{Held, Leases, NotHeld, Settings};
use crate::testing::{Log, SOON, a_holder};

const HOUR: Duration = Duration::from_secs(3600);

/// Leases that end only when they are given back, or when a test lets their time pass.
fn lasting() -> Settings {
    Settings { time: HOUR, renew: HOUR, look: Duration::from_millis(10) }
}

/// A node that holds leases and does nothing else.
struct Node {
    leases: Leases,
    shutdown: CancellationToken,
    keeper: JoinHandle<()>,
}

impl Node {
    fn start(pool: &PgPool, settings: Settings) -> Self {
        let shutdown = CancellationToken::new();
        let (leases, keeper) = Leases::start(pool, a_holder(), settings, shutdown.clone());
        Self { leases, shutdown, keeper }
    }

    async fn hold(&self, name: &str) -> Held {
        soon(self.leases.hold(name)).await
    }

    async fn stop(self) {
        self.shutdown.cancel();
        soon(self.keeper).await.expect("it ends in order");
    }
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, what).await.expect("it comes about")
}

/// A holder without a keeper.
struct Racer {
    id: Uuid,
    _session: PoolConnection<Postgres>,
}

impl Racer {
    async fn start(pool: &PgPool) -> Self {
        let (id, mut session) = (a_holder(), pool.acquire().await.expect("a connection"));
        session.close_on_drop();
        show_alive(id, &mut session).await.expect("it lives");
        Self { id, _session: session }
    }
}

fn names(names: &[&str]) -> Vec<Arc<str>> {
    names.iter().map(|name| Arc::from(*name)).collect()
}

async fn guarded(held: &Held, pool: &PgPool) -> Result<(), NotHeld> {
    let mut tx = pool.begin().await.expect("begun");
    held.guard(&mut tx).await
}

/// Under its guard, appends its epoch to what was done.
async fn effect(held: &Held, pool: &PgPool) -> Result<(), NotHeld> {
    let mut tx = pool.begin().await?;
    sqlx::query("INSERT INTO done (epoch) VALUES ($1)").bind(held.epoch()).execute(&mut *tx).await?;
    held.guard(&mut tx).await?;
    Ok(tx.commit().await?)
}

#[tokio::test]
async fn of_many_who_race_for_a_lease_one_has_it() {
    let log = Log::create().await;
    let racers = join_all((0..6).map(|_| Racer::start(&log.pool))).await;
    for round in 0..10 {
        let name = names(&[&format!("round {round}")]);
        let race = racers.iter().map(|racer| take(racer.id, &name, HOUR, &log.pool));
        let taken: usize = join_all(race).await.into_iter().map(|taken| taken.expect("asked").len()).sum();
        assert_eq!(taken, 1);
    }
}

#[tokio::test]
async fn of_many_who_race_for_one_that_ran_out_one_has_it_at_the_next_epoch() {
    let log = Log::create().await;
    let name = names(&["timers"]);
    let racers = join_all((0..6).map(|_| Racer::start(&log.pool))).await;
    take(racers[0].id, &name, HOUR, &log.pool).await.expect("taken");
    for epoch in 2..10 {
        log.let_lease_run_out("timers").await;
        let race = racers.iter().map(|racer| take(racer.id, &name, HOUR, &log.pool));
        let taken: Vec<_> = join_all(race).await.into_iter().flat_map(|taken| taken.expect("asked")).collect();
        assert_eq!(taken, [(name[0].clone(), epoch)]);
    }
}

#[tokio::test]
async fn a_lease_that_is_renewed_stays_whose_it_is_at_its_epoch() {
    let log = Log::create().await;
    let racers = join_all((0..3).map(|_| Racer::start(&log.pool))).await;
    let (one, other, both) = (racers[0].id, racers[1].id, names(&["mail", "timers"]));
    let taken = take(one, &both, HOUR, &log.pool).await.expect("taken");
    assert_eq!(taken, [(both[0].clone(), 1), (both[1].clone(), 1)]);
    let ends = "SELECT until FROM lease ORDER BY name";
    let before: Vec<jiff_sqlx::Timestamp> = sqlx::query_scalar(ends).fetch_all(&log.pool).await.expect("read");
    let mut renewed = renew(one, &taken, HOUR, &log.pool).await.expect("renewed");
    renewed.sort();
    assert_eq!(renewed, ["mail", "timers"], "both in one statement");
    let after: Vec<jiff_sqlx::Timestamp> = sqlx::query_scalar(ends).fetch_all(&log.pool).await.expect("read");
    assert!(before.iter().zip(&after).all(|(before, after)| before.to_jiff() < after.to_jiff()));
    assert_eq!(take(other, &both, HOUR, &log.pool).await.expect("asked"), []);
    // One that ran out and that nobody has taken is renewed as well.
    log.let_lease_run_out("mail").await;
    assert_eq!(renew(one, &taken, HOUR, &log.pool).await.expect("renewed").len(), 2);
    assert_eq!(take(other, &both, HOUR, &log.pool).await.expect("asked"), []);
    // Not so one that was.
    log.let_lease_run_out("mail").await;
    assert_eq!(take(other, &both, HOUR, &log.pool).await.expect("taken"), [(both[0].clone(), 2)]);
    assert_eq!(renew(one, &taken, HOUR, &log.pool).await.expect("renewed"), ["timers"]);
    release(one, &taken, &log.pool).await.expect("released");
    assert_eq!(take(racers[2].id, &both, HOUR, &log.pool).await.expect("taken"), [(both[1].clone(), 2)], "the other's is not given back");
}

#[tokio::test]
async fn a_lease_that_ran_out_is_taken_at_a_higher_epoch_and_the_effects_of_its_old_holder_are_refused() {
    let log = Log::create().await;
    sqlx::raw_sql("CREATE TABLE done (epoch bigint)").execute(&log.pool).await.expect("made");
    let (one, other) = (Node::start(&log.pool, lasting()), Node::start(&log.pool, lasting()));
    let before = one.hold("timers").await;
    effect(&before, &log.pool).await.expect("it holds the lease");
    log.let_lease_run_out("timers").await;
    let after = other.hold("timers").await;
    assert_eq!((before.epoch(), after.epoch()), (1, 2));
    let refused = effect(&before, &log.pool).await.expect_err("it does not know yet");
    assert!(matches!(&refused, NotHeld::Lost { name, epoch: 1 } if &**name == "timers"), "{refused:?}");
    soon(before.over()).await;
    assert!(one.leases.held().is_empty());
    effect(&after, &log.pool).await.expect("it holds the lease");
    let done: Vec<i64> = sqlx::query_scalar("SELECT epoch FROM done ORDER BY epoch").fetch_all(&log.pool).await.expect("read");
    assert_eq!(done, [1, 2]);
    // What it gives back is no longer its own.
    drop(before);
    guarded(&after, &log.pool).await.expect("it still holds the lease");
    drop(after);
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn a_lease_that_ran_out_and_that_nobody_has_taken_allows_no_effect_either() {
    let log = Log::create().await;
    let node = Node::start(&log.pool, lasting());
    let held = node.hold("timers").await;
    log.let_lease_run_out("timers").await;
    assert!(matches!(guarded(&held, &log.pool).await, Err(NotHeld::Lost { .. })));
    drop(held);
    assert_eq!(node.hold("timers").await.epoch(), 2, "the same node begins another term");
    node.stop().await;
}

#[tokio::test]
async fn a_lease_that_is_given_back_is_the_next_ones_at_once() {
    let log = Log::create().await;
    let (one, other) = (Node::start(&log.pool, lasting()), Node::start(&log.pool, lasting()));
    let held = one.hold("timers").await;
    assert_eq!(one.leases.held(), ["timers"]);
    let next = other.leases.hold("timers");
    drop(held);
    let held = soon(next).await;
    assert_eq!(held.epoch(), 2);
    // A node that stops in order gives back what it holds as soon as the work has stopped.
    let (over, work) = (other.shutdown.clone(), tokio::spawn(async move { held.over().await }));
    over.cancel();
    soon(work).await.expect("it is told to stop");
    other.stop().await;
    assert_eq!(one.hold("timers").await.epoch(), 3);
    one.stop().await;
}

#[tokio::test]
async fn the_leases_of_a_process_that_is_killed_are_free_at_once() {
    let log = Log::create().await;
    let elsewhere = log.elsewhere();
    let killed = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let held = runtime.block_on(async {
            let (pool, _) = elsewhere.connect().await;
            Node::start(&pool, lasting()).hold("timers").await
        });
        // With it goes everything that ran on it, in the middle of whatever it did.
        drop(runtime);
        held.epoch()
    });
    assert_eq!(killed.await.expect("it ends"), 1);
    let node = Node::start(&log.pool, lasting());
    assert_eq!(node.hold("timers").await.epoch(), 2);
    node.stop().await;
}

#[tokio::test]
async fn whoever_no_longer_waits_keeps_nobody_from_the_lease() {
    let log = Log::create().await;
    let (one, other) = (Node::start(&log.pool, lasting()), Node::start(&log.pool, lasting()));
    for _ in 0..10 {
        // Given up before, while or after the lease is taken for it.
        let _ = tokio::time::timeout(Duration::from_millis(1), one.leases.hold("timers")).await;
    }
    drop(other.hold("timers").await);
    drop(one.hold("timers").await);
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn an_effect_under_way_holds_off_a_successor_and_no_renewal() {
    let log = Log::create().await;
    let node = Node::start(&log.pool, lasting());
    let held = node.hold("timers").await;
    let mut tx = log.pool.begin().await.expect("begun");
    held.guard(&mut tx).await.expect("it holds the lease");
    let term = [(Arc::from("timers"), held.epoch())];
    assert_eq!(renew(node.leases.shared.holder, &term, HOUR, &log.pool).await.expect("renewed"), ["timers"]);
    log.let_lease_run_out("timers").await;
    let (pool, name) = (log.pool.clone(), names(&["timers"]));
    let successor = tokio::spawn(async move { take(a_holder(), &name, HOUR, &pool).await });
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')";
    soon(async { while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&log.pool).await.expect("asked") {} }).await;
    tx.commit().await.expect("committed");
    let taken = soon(successor).await.expect("it ends").expect("taken");
    assert_eq!(taken.len(), 1);
    assert!(matches!(guarded(&held, &log.pool).await, Err(NotHeld::Lost { .. })));
    drop(held);
    node.stop().await;
}

/// A database whose clock shows another time than those of the nodes.
async fn off_by(shift: &str) -> (TestDatabase, PgPool) {
    let database = TestDatabase::create().await;
    let setup = database.pool(1).await;
    sqlx::raw_sql(
        "CREATE SCHEMA off;
         CREATE TABLE off.shift (by interval);
         INSERT INTO off.shift VALUES ('0');
         CREATE FUNCTION off.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
         AS 'SELECT pg_catalog.clock_timestamp() + by FROM off.shift';
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO off, pg_catalog, public', current_database()); END $$;",
    )
    .execute(&setup)
    .await
    .expect("the clock is made");
    setup.close().await;
    let pool = database.pool(4).await;
    set_clock(&pool, shift).await;
    (database, pool)
}

async fn set_clock(pool: &PgPool, shift: &str) {
    sqlx::query("UPDATE off.shift SET by = $1::text::interval").bind(shift).execute(pool).await.expect("the clock is set");
}

async fn clocks_of_nodes_do_not_matter(shift: &str, after_ten_seconds: &str) {
    let (_database, pool) = off_by(shift).await;
    let settings = Settings { time: Duration::from_secs(5), ..lasting() };
    let (one, other) = (Node::start(&pool, settings), Node::start(&pool, Settings { time: HOUR * 24, ..settings }));
    let held = one.hold("timers").await;
    let until: bool = sqlx::query_scalar("SELECT until BETWEEN clock_timestamp() AND clock_timestamp() + interval '5 s' FROM lease")
        .fetch_one(&pool)
        .await
        .expect("read");
    assert!(until, "its end is given in the database's time");
    guarded(&held, &pool).await.expect("it holds the lease");
    let term = [(Arc::from("timers"), held.epoch())];
    assert_eq!(renew(one.leases.shared.holder, &term, settings.time, &pool).await.expect("renewed"), ["timers"]);
    assert_eq!(take(Uuid::nil(), &names(&["timers"]), HOUR, &pool).await.expect("asked"), [], "its time is not over");
    // Nobody's clock moves but the database's.
    set_clock(&pool, after_ten_seconds).await;
    assert!(matches!(guarded(&held, &pool).await, Err(NotHeld::Lost { .. })), "its time is over");
    let next = other.hold("timers").await;
    assert_eq!(next.epoch(), 2);
    guarded(&next, &pool).await.expect("it holds the lease");
    drop((held, next));
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn a_holder_whose_clock_is_an_hour_behind_changes_nothing() {
    clocks_of_nodes_do_not_matter("1 hour", "1 hour 10 seconds").await;
}

#[tokio::test]
async fn a_holder_whose_clock_is_an_hour_ahead_changes_nothing() {
    clocks_of_nodes_do_not_matter("-1 hour", "-1 hour 10 seconds").await;
}

#[tokio::test]
async fn a_node_that_hands_over_takes_no_lease_until_it_is_to_resume() {
    let log = Log::create().await;
    let (one, other) = (Node::start(&log.pool, lasting()), Node::start(&log.pool, lasting()));
    let (mail, timers) = (one.hold("mail").await, one.hold("timers").await);
    assert_eq!(one.leases.held(), ["mail", "timers"]);
    let work = tokio::spawn(async move {
        timers.over().await;
        mail.over().await;
    });
    soon(one.leases.hand_over()).await;
    soon(work).await.expect("it was told to stop");
    assert!(one.leases.held().is_empty());
    soon(one.leases.hand_over()).await;
    let held = other.hold("mail").await;
    assert_eq!(held.epoch(), 2);
    let leases = one.leases.clone();
    let mut again = Box::pin(leases.hold("timers"));
    assert!(tokio::time::timeout(lasting().look * 5, &mut again).await.is_err(), "it takes none, although it is free");
    one.leases.resume();
    assert_eq!(soon(again).await.epoch(), 2);
    drop(held);
    assert_eq!(one.hold("mail").await.epoch(), 3);
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn work_that_does_not_stop_does_not_hold_a_hand_over_up_for_longer_than_its_lease() {
    let log = Log::create().await;
    let node = Node::start(&log.pool, Settings { time: Duration::from_millis(100), ..lasting() });
    let held = node.hold("timers").await;
    soon(node.leases.hand_over()).await;
    assert!(node.leases.held().is_empty());
    drop(held);
    node.stop().await;
}

#[tokio::test]
async fn a_holder_that_cannot_renew_is_told_to_stop() {
    let log = Log::create().await;
    let quick = Settings { time: Duration::from_millis(500), renew: Duration::from_millis(50), look: Duration::from_millis(10) };
    let node = Node::start(&log.pool, quick);
    let held = node.hold("timers").await;
    let mut tx = log.pool.begin().await.expect("begun");
    sqlx::raw_sql("LOCK TABLE lease IN ACCESS EXCLUSIVE MODE").execute(&mut *tx).await.expect("nobody gets at it");
    soon(held.over()).await;
    drop(held);
    tx.rollback().await.expect("it is free");
    drop(node.hold("timers").await);
    node.stop().await;
}
