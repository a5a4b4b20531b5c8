//! Several nodes on one log: which of them follows a view, who takes over and when, and what readers see on the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::task::event::Created;
use domain::testing::{ANNA, BORIS};
use domain::{Kind, Position, Recorded, TaskId};
use futures_util::future::join_all;
use sqlx::PgConnection;
use sqlx::postgres::PgPoolOptions;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::apart::Apart;
use crate::batch::{Intake, Taken};
use crate::checkpoint;
use crate::failure::Refused;
use crate::feed::Feed;
use crate::follower::Follower;
use crate::lease;
use crate::lookout::Lookout;
use crate::parked::ParkedStreams;
use crate::rebuild;
use crate::runner::lease_name;
use crate::testing::{Counter, Followed, Log, SOON, a_holder, created, eager, empty, inbox_rows, said, text};
use crate::views::inbox::Inbox;
use crate::{Progress, Projections, Settings, State, View};

/// Leases that a node which hangs loses soon.
fn brief() -> Settings {
    let lease = lease::Settings { time: Duration::from_secs(2), renew: Duration::from_millis(200), look: Duration::from_millis(20) };
    Settings { lease, ..eager() }
}

async fn node(log: &Log, settings: Settings, holder: Uuid) -> Projections {
    Projections::start(log.pool.clone(), log.tell.subscribe(), CancellationToken::new(), settings, holder).await.expect("it starts")
}

async fn a_task(log: &Log, task: i64) -> Position {
    log.append(TaskId(task), ANNA, &[created(Created { text: text("One"), responsible: Some(BORIS), ..empty() })]).await
}

async fn all_views_reach(node: &Projections, position: Position) {
    for view in View::ALL {
        node.caught_up(view, position, SOON).await.expect("it is moved");
    }
}

/// Who holds the lease of each view.
async fn holders(log: &Log) -> Vec<Uuid> {
    let now = "SELECT holder FROM lease WHERE until > clock_timestamp() ORDER BY name";
    sqlx::query_scalar(now).fetch_all(&log.pool).await.expect("read")
}

#[tokio::test]
async fn each_view_is_followed_by_one_node_and_another_takes_over_when_it_hangs() {
    let log = Log::create().await;
    let end = a_task(&log, 1).await;
    let (one, other) = (a_holder(), a_holder());
    let elsewhere = log.elsewhere();
    let start = move || async move {
        let (pool, wake) = elsewhere.connect().await;
        let node = Projections::start(pool, wake, CancellationToken::new(), brief(), one).await.expect("it starts");
        all_views_reach(&node, end).await;
        node
    };
    let apart = Apart::start(start, Projections::stop).await;
    let here = node(&log, brief(), other).await;
    let end = a_task(&log, 2).await;
    all_views_reach(&here, end).await;
    assert_eq!(holders(&log).await, [one; View::ALL.len()]);
    assert!(here.held().is_empty());
    assert!(here.progress().iter().all(|progress| progress.state != State::Running));

    let frozen = apart.freeze().await;
    let end = a_task(&log, 3).await;
    all_views_reach(&here, end).await;
    assert_eq!(holders(&log).await, [other; View::ALL.len()]);
    assert_eq!(here.held().len(), View::ALL.len());

    frozen.thaw();
    let end = a_task(&log, 4).await;
    all_views_reach(&here, end).await;
    frozen.stop().await;
    let live = here.caught_up(View::Inbox, end, SOON).await.expect("it follows");
    let from_zero = rebuild::rebuild(&Inbox, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(inbox_rows(&log, &live).await, inbox_rows(&log, &from_zero).await);
    assert_eq!(inbox_rows(&log, &live).await.len(), 8, "four tasks, each in one inbox");
    here.stop().await;
}

#[tokio::test]
async fn a_transaction_that_a_frozen_node_leaves_open_does_not_hold_the_view_for_ever() {
    let log = Log::create().await;
    let end = log.task(1, ANNA).await;
    let (counter, elsewhere) = (Counter::default(), log.elsewhere());
    let lingers = counter.lingers.clone();
    let start = move || async move {
        let followed = elsewhere.follow(&counter, brief()).await;
        followed.reaches(end).await;
        followed
    };
    let apart = Apart::start(start, Followed::stop).await;
    log.say(1, BORIS, "linger").await;
    lingers.notified().await;
    let frozen = apart.freeze().await;

    let healed = Counter::default();
    healed.healed.store(true, Ordering::SeqCst);
    let here = log.follow(&healed, brief()).await;
    let end = log.say(1, BORIS, "And on").await;
    let progress = here.reaches(end).await;
    assert_eq!(Counter::counts(&log, &progress.generation.schema).await, [(1, 3)]);

    frozen.thaw();
    let end = log.say(1, BORIS, "And on").await;
    here.reaches(end).await;
    frozen.stop().await;
    assert_eq!(Counter::counts(&log, &progress.generation.schema).await, [(1, 4)]);
    here.stop().await;
}

#[tokio::test]
async fn a_batch_whose_lease_is_lost_writes_nothing() {
    let log = Log::create().await;
    let followed = log.follow(&Counter::default(), eager()).await;
    let end = log.task(1, ANNA).await;
    let schema = followed.reaches(end).await.generation.schema;
    followed.stop().await;

    let end = log.say(1, BORIS, "Too late").await;
    let shutdown = CancellationToken::new();
    let (leases, keeper) = lease::Leases::start(&log.pool, a_holder(), eager().lease, shutdown.clone());
    let name = lease_name::<Counter>();
    let held = leases.hold(&name).await;
    log.let_lease_run_out(&name).await;
    let (mut checkpoint, _) = checkpoint::load::<Counter>(&log.pool).await.expect("read").expect("a generation");
    let before = checkpoint.clone();
    let feed = Feed::new(log.pool.clone(), Counter::KINDS, log.tell.subscribe());
    let batch = feed.read(checkpoint.position, end, 10).await.expect("read");
    assert_eq!(batch.events.len(), 1);
    let (pool, parked) = (&log.pool, &mut ParkedStreams::new());
    let mut intake = Intake { follower: &Counter::default(), pool, checkpoint: &mut checkpoint, parked, held: Some(&held) };
    assert_eq!(intake.take(batch).await.expect("the database answers"), Taken::Lost);
    let (after, _) = checkpoint::load::<Counter>(&log.pool).await.expect("read").expect("a generation");
    assert_eq!((&after, &checkpoint), (&before, &before));
    assert_eq!(Counter::counts(&log, &schema).await, [(1, 1)]);
    drop(held);
    shutdown.cancel();
    keeper.await.expect("it ends in order");
}

#[tokio::test]
async fn a_node_that_hands_over_is_followed_by_the_other_at_once_and_follows_again_when_it_resumes() {
    let log = Log::create().await;
    // Nothing but the hand-over ends these leases.
    let hour = Duration::from_secs(3600);
    let settings = Settings { lease: lease::Settings { time: hour, renew: hour, ..eager().lease }, ..eager() };
    let one = node(&log, settings, a_holder()).await;
    all_views_reach(&one, a_task(&log, 1).await).await;
    let other = node(&log, settings, a_holder()).await;
    let names: Vec<String> = one.held();
    assert_eq!(names.len(), View::ALL.len());
    assert!(View::ALL.iter().all(|view| names.iter().any(|name| name.starts_with(&format!("view.{}.", view.name())))), "{names:?}");

    for (task, from, to) in [(2, &one, &other), (3, &other, &one)] {
        to.resume();
        tokio::time::timeout(SOON, from.hand_over()).await.expect("it stops following");
        assert!(from.held().is_empty());
        let end = a_task(&log, task).await;
        all_views_reach(to, end).await;
        all_views_reach(from, end).await;
        assert_eq!(to.held(), names);
    }
    one.stop().await;
    other.resume();
    all_views_reach(&other, a_task(&log, 4).await).await;
    assert_eq!(other.held(), names);
    other.stop().await;
}

#[tokio::test]
async fn a_node_that_does_not_follow_takes_no_lease_and_its_readers_see_what_they_ask_for() {
    let log = Log::create().await;
    let looks_on = node(&log, Settings { follow: false, ..eager() }, a_holder()).await;
    let (pool, wake) = (log.pool.clone(), log.tell.subscribe());
    let command = Projections::start_without_followers(pool, wake, CancellationToken::new(), eager()).await.expect("it starts");
    let end = a_task(&log, 1).await;
    for onlooker in [&looks_on, &command] {
        let short = Duration::from_millis(50);
        onlooker.caught_up(View::Inbox, end, short).await.expect_err("nobody follows");
        assert!(onlooker.held().is_empty());
    }
    assert!(holders(&log).await.is_empty());
    assert!(command.leases().is_none());

    let holder = a_holder();
    let follows = node(&log, eager(), holder).await;
    for task in 2..20 {
        let end = a_task(&log, task).await;
        for onlooker in [&looks_on, &command] {
            let generation = onlooker.caught_up(View::Inbox, end, SOON).await.expect("the other one follows");
            let tasks: i64 =
                sqlx::query_scalar(generation.sql("SELECT count(*) FROM {view}.inbox_task")).fetch_one(&log.pool).await.expect("read");
            assert_eq!(tasks, task, "never less than was asked for");
        }
    }
    all_views_reach(&looks_on, end).await;
    assert_eq!(holders(&log).await, [holder; View::ALL.len()]);
    for node in [looks_on, command, follows] {
        tokio::time::timeout(SOON, node.stop()).await.expect("it stops");
    }
    assert!(holders(&log).await.is_empty(), "given back at once");
}

#[tokio::test]
async fn one_look_serves_all_who_wait_for_a_view_that_another_node_moves() {
    let log = Log::create().await;
    let end = log.task(1, ANNA).await;
    let followed = log.follow(&Counter::default(), eager()).await;
    let generation = followed.reaches(end).await.generation;
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = looks.clone();
    let options = PgPoolOptions::new().max_connections(4).before_acquire(move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(true) })
    });
    let pool = options.connect_with((*log.pool.connect_options()).clone()).await.expect("the database answers");
    let standby = Progress { generation, incarnation: 0, position: 0, state: State::Standby, parked_streams: 0, level_at: None };
    let (_nobody_tells, progress) = watch::channel(standby);
    let lookout: Lookout<Counter> = Lookout::new(pool, progress, log.tell.subscribe());
    for seen in join_all((0..200).map(|_| lookout.caught_up(end, SOON))).await {
        seen.expect("it is there");
    }
    assert_eq!(looks.load(Ordering::SeqCst), 1);

    // Whoever looks for all may be the first to leave.
    let waiting = join_all((1..=40).map(|more| lookout.caught_up(end + more, SOON)));
    let appending = async {
        for _ in 1..=40 {
            log.say(1, BORIS, "More").await;
        }
    };
    let (seen, ()) = tokio::join!(waiting, appending);
    assert!(seen.iter().all(Result::is_ok), "{seen:?}");
    followed.stop().await;
}

/// The view of [`Counter`] as another build makes it.
#[derive(Clone)]
struct OtherShape(Counter);

impl Follower for OtherShape {
    const NAME: &'static str = Counter::NAME;
    const KINDS: &'static [Kind] = Counter::KINDS;
    const SQL: &'static str = Counter::SQL;
    const REVISION: u32 = Counter::REVISION + 1;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        self.0.apply(events, tx).await
    }
}

#[tokio::test]
async fn builds_of_two_shapes_each_follow_their_own_generation() {
    let log = Log::create().await;
    let counter = Counter::default();
    let (before, after) = (log.follow(&counter, eager()).await, log.follow(&OtherShape(counter.clone()), eager()).await);
    let end = log.append(TaskId(1), ANNA, &[created(empty()), said("One")]).await;
    let mut schemas = Vec::new();
    for progress in [&before.progress, &after.progress] {
        let mut progress = progress.clone();
        let reached = progress.wait_for(|now| now.position >= end && now.state == State::Running);
        schemas.push(tokio::time::timeout(SOON, reached).await.expect("it is followed").expect("it runs").generation.schema.clone());
    }
    assert_ne!(schemas[0], schemas[1]);
    for schema in &schemas {
        assert_eq!(Counter::counts(&log, schema).await, [(1, 2)]);
    }
    before.stop().await;
    after.stop().await;
}
