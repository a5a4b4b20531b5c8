//! Followers on a real Postgres: each event takes effect once, whatever stands in the way. What the views
//! make of the events is tested with each view.

use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::testing::{ANNA, BORIS};
use domain::{OrganisationId, PersonId, TaskId};

use crate::failure::Failure;
use crate::parked;
use crate::progress::State;
use crate::testing::{Counter, Log, SOON, created, eager, said, unheard_of};

#[tokio::test]
async fn events_before_and_after_the_start_are_counted_once() {
    let log = Log::create().await;
    log.task(1, ANNA).await;
    let followed = log.follow(&Counter::default(), eager()).await;
    let end = log.say(1, BORIS, "Which colour?").await;
    let progress = followed.reaches(end).await;
    assert_eq!(Counter::counts(&log, &progress.generation.schema).await, [(1, 2)]);
    followed.stop().await;
}

#[tokio::test]
async fn a_checkpoint_moves_over_events_that_the_follower_does_not_want() {
    let log = Log::create().await;
    let followed = log.follow(&Counter::default(), eager()).await;
    let end = log.person(ANNA, "Anna").await;
    let progress = followed.reaches(end).await;
    assert_eq!(Counter::counts(&log, &progress.generation.schema).await, []);
    followed.stop().await;
}

#[tokio::test]
async fn a_follower_that_reads_on_over_what_it_does_not_want_notes_it_and_misses_nothing_after_it() {
    let log = Log::create().await;
    // The other looks at what the first has noted.
    let (one, other) = (log.follow(&Counter::default(), eager()).await, log.follow(&Counter::default(), eager()).await);
    let mut end = 0;
    for turn in 1..=5 {
        for _ in 0..8 {
            end = log.person(PersonId(100 + end), "Nobody").await;
        }
        one.reaches(end).await;
        if turn % 2 == 0 {
            end = log.task(turn, ANNA).await;
        }
    }
    let progress = one.reaches(end).await;
    other.reaches(end).await;
    assert_eq!(Counter::counts(&log, &progress.generation.schema).await, [(2, 1), (4, 1)]);
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn a_page_ends_where_it_is_full_and_the_next_one_begins_there() {
    let log = Log::create().await;
    let mut end = log.task(1, ANNA).await;
    for _ in 0..6 {
        end = log.say(1, BORIS, "More").await;
    }
    let settings = crate::Settings { page: 2, ..eager() };
    let followed = log.follow(&Counter::default(), settings).await;
    let progress = followed.reaches(end).await;
    assert_eq!(Counter::counts(&log, &progress.generation.schema).await, [(1, 7)]);
    followed.stop().await;
}

#[tokio::test]
async fn of_two_followers_one_moves_the_view_and_the_other_stands_by() {
    let log = Log::create().await;
    let counter = Counter::default();
    let (one, other) = (log.follow(&counter, eager()).await, log.follow(&counter, eager()).await);
    let mut end = log.task(1, ANNA).await;
    for task in 2..40 {
        end = log.task(task, ANNA).await;
        log.say(task - 1, BORIS, "Hello").await;
    }
    end = end.max(log.say(1, BORIS, "Bye").await);
    let progress = one.reaches(end).await;
    other.reaches(end).await;
    let counts = Counter::counts(&log, &progress.generation.schema).await;
    let expected: Vec<(i64, i64)> = (1..40)
        .map(|task| {
            (
                task,
                if task == 1 {
                    3
                } else if task == 39 {
                    1
                } else {
                    2
                },
            )
        })
        .collect();
    assert_eq!(counts, expected);
    one.stop().await;
    // Whoever is left goes on alone.
    let end = log.say(39, BORIS, "Still here?").await;
    let progress = other.reaches(end).await;
    assert_eq!(Counter::counts(&log, &progress.generation.schema).await[38], (39, 2));
    other.until(|progress| progress.state == State::Running).await;
    other.stop().await;
}

/// Task 1 holds a poisoned event between two others; task 2 goes on.
async fn poisoned(log: &Log, poison: domain::codec::Encoded) -> i64 {
    log.task(1, ANNA).await;
    log.task(2, ANNA).await;
    log.append(TaskId(1), BORIS, &[poison]).await;
    log.say(1, BORIS, "After the poison").await;
    log.say(2, BORIS, "Elsewhere").await
}

async fn parks_and_takes_up_again(poison: domain::codec::Encoded, reason: &str) {
    let log = Log::create().await;
    let counter = Counter::default();
    let followed = log.follow(&counter, eager()).await;
    let end = poisoned(&log, poison).await;
    let progress = followed.reaches(end).await;
    let schema = progress.generation.schema.clone();
    assert_eq!(Counter::counts(&log, &schema).await, [(1, 1), (2, 2)], "other streams go on, the parked one stops before the poison");
    let end = log.say(1, BORIS, "Much later").await;
    let progress = followed.reaches(end).await;
    assert_eq!(progress.parked_streams, 1);
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT position, reason FROM parked_event ORDER BY position").fetch_all(&log.pool).await.expect("read");
    assert_eq!(rows.iter().map(|(position, _)| *position).collect::<Vec<_>>(), [3, 4, 6]);
    assert!(rows[0].1.contains(reason), "{}", rows[0].1);
    let home = domain::testing::HOME;
    assert!(parked::holds_parked(&progress.generation, home, &log.pool).await.expect("asked"));
    assert!(!parked::holds_parked(&progress.generation, OrganisationId(99), &log.pool).await.expect("asked"));

    let again = parked::retry(&counter, &log.pool).await.expect("retried");
    assert_eq!((again.taken_up, again.still_parked), (0, 1), "nothing has changed, so nothing is taken up");
    counter.healed.store(true, Ordering::SeqCst);
    let again = parked::retry(&counter, &log.pool).await.expect("retried");
    assert_eq!((again.taken_up, again.still_parked), (1, 0));
    let end = log.say(1, BORIS, "Well again").await;
    followed.until(|progress| progress.position >= end && progress.parked_streams == 0).await;
    assert_eq!(Counter::counts(&log, &schema).await, [(1, 5), (2, 2)]);
    assert_eq!(parked::counts(&log.pool).await.expect("counted").len(), 0);
    followed.stop().await;
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_parked_with_its_stream_and_taken_up_later() {
    parks_and_takes_up_again(unheard_of(), "not known").await;
}

#[tokio::test]
async fn an_event_that_the_database_refuses_is_found_and_parked() {
    parks_and_takes_up_again(said("choke"), "refuses").await;
}

#[tokio::test]
async fn an_event_that_makes_the_follower_panic_is_found_and_parked() {
    parks_and_takes_up_again(said("panic"), "panicked").await;
}

#[tokio::test]
async fn several_poisoned_streams_in_one_batch_are_all_found() {
    let log = Log::create().await;
    for task in 1..=8 {
        log.task(task, ANNA).await;
    }
    for (task, words) in [(2, "choke"), (5, "panic"), (7, "choke")] {
        log.say(task, BORIS, words).await;
    }
    log.append(TaskId(8), BORIS, &[unheard_of()]).await;
    let mut end = 0;
    for task in 1..=8 {
        end = log.say(task, BORIS, "Later").await;
    }
    // All of it lies in the log before the view is made, so that it is one batch.
    let followed = log.follow(&Counter::default(), eager()).await;
    let progress = followed.reaches(end).await;
    let expected: Vec<(i64, i64)> = (1..=8).map(|task| (task, if [2, 5, 7, 8].contains(&task) { 1 } else { 2 })).collect();
    assert_eq!(Counter::counts(&log, &progress.generation.schema).await, expected);
    assert_eq!(progress.parked_streams, 4);
    followed.stop().await;
}

#[tokio::test]
async fn a_database_that_throws_everybody_out_is_come_back_to() {
    let log = Log::create().await;
    let followed = log.follow(&Counter::default(), eager()).await;
    let mut end = log.task(1, ANNA).await;
    for round in 0..5 {
        followed.reaches(end).await;
        let thrown_out: i64 = sqlx::query_scalar(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_one(&log.pool)
        .await
        .expect("asked");
        assert!(thrown_out > 0 || round > 0, "somebody was connected");
        // The pool may hand out a connection that is dead by now: appending is not what is tested.
        while let Err(error) = sqlx::query("SELECT 1").execute(&log.pool).await {
            assert!(matches!(error, sqlx::Error::Io(_) | sqlx::Error::Database(_)), "{error}");
        }
        end = log.say(1, BORIS, "And on").await;
    }
    let progress = followed.reaches(end).await;
    assert_eq!(Counter::counts(&log, &progress.generation.schema).await, [(1, 6)]);
    followed.stop().await;
}

#[tokio::test]
async fn another_incarnation_of_the_log_is_followed_from_its_first_event() {
    let log = Log::create().await;
    let followed = log.follow(&Counter::default(), eager()).await;
    let end = log.task(1, ANNA).await;
    let before = followed.reaches(end).await;
    sqlx::query("UPDATE log_head SET incarnation = incarnation + 1").execute(&log.pool).await.expect("the log is another one");
    let after = followed.until(|progress| progress.incarnation == before.incarnation + 1 && progress.position >= end).await;
    assert_eq!(Counter::counts(&log, &after.generation.schema).await, [(1, 1)], "counted anew, not on top");
    followed.stop().await;
}

#[tokio::test]
async fn waiting_for_a_position_ends_when_it_is_seen_or_when_the_time_is_over() {
    let log = Log::create().await;
    let followed = log.follow(&Counter::default(), eager()).await;
    let end = log.task(1, ANNA).await;
    let seen = followed.lookout.caught_up(end, SOON).await.expect("it is seen");
    assert_eq!(Counter::counts(&log, &seen.schema).await, [(1, 1)]);
    let behind = followed.lookout.caught_up(end + 1, Duration::from_millis(30)).await.expect_err("nothing more is there");
    assert_eq!((behind.view, behind.position, behind.wanted), ("counter", end, end + 1));
    followed.stop().await;
}

#[tokio::test]
async fn a_node_whose_follower_has_stopped_waits_by_looking_at_the_checkpoint() {
    let log = Log::create().await;
    let counter = Counter::default();
    let gone = log.follow(&counter, eager()).await;
    let lookout = gone.stop().await;
    let elsewhere = log.follow(&counter, eager()).await;
    let end = log.task(1, ANNA).await;
    let seen = lookout.caught_up(end, SOON).await.expect("the other one moves the view");
    assert_eq!(Counter::counts(&log, &seen.schema).await, [(1, 1)]);
    elsewhere.stop().await;
}

#[tokio::test]
async fn a_rebuild_beside_appends_ends_with_the_same_rows_and_changes_places() {
    let log = Log::create().await;
    let counter = Counter::default();
    for task in 1..=30 {
        log.append(TaskId(task), ANNA, &[created(crate::testing::empty()), said("One")]).await;
    }
    let followed = log.follow(&counter, eager()).await;
    let before = followed.reaches(60).await.generation;
    let appending = async {
        let mut end = 0;
        for task in 1..=30 {
            end = log.say(task, BORIS, "Meanwhile").await;
        }
        end
    };
    let mut told = Vec::new();
    let rebuilding = crate::rebuild::rebuild(&counter, &log.pool, |done, total| told.push((done, total)));
    let (end, rebuilt) = tokio::join!(appending, rebuilding);
    let rebuilt = rebuilt.expect("rebuilt");
    assert_eq!(rebuilt.number, before.number + 1);
    let end = end.max(log.say(30, BORIS, "Afterwards").await);
    let after = followed.until(|progress| progress.generation == rebuilt && progress.position >= end).await;
    let expected: Vec<(i64, i64)> = (1..=30).map(|task| (task, if task == 30 { 4 } else { 3 })).collect();
    assert_eq!(Counter::counts(&log, &after.generation.schema).await, expected);
    assert!(told.iter().all(|(done, total)| done <= total) && told.last().is_some_and(|(done, total)| done == total), "{told:?}");

    assert_eq!(crate::drop_generations(&log.pool, "counter", crate::Dropped::Old).await.expect("dropped"), 1);
    let schemas: Vec<(String,)> =
        sqlx::query_as("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'view\\_%'").fetch_all(&log.pool).await.expect("listed");
    assert_eq!(schemas, [(rebuilt.schema.to_string(),)]);
    followed.stop().await;
}

#[tokio::test]
async fn a_rebuild_parks_what_it_cannot_take_in_and_swaps_all_the_same() {
    let log = Log::create().await;
    let counter = Counter::default();
    let end = poisoned(&log, said("choke")).await;
    let followed = log.follow(&counter, eager()).await;
    followed.reaches(end).await;
    let rebuilt = crate::rebuild::rebuild(&counter, &log.pool, |_, _| {}).await.expect("rebuilt");
    let after = followed.until(|progress| progress.generation == rebuilt).await;
    assert_eq!(after.parked_streams, 1);
    assert_eq!(Counter::counts(&log, &after.generation.schema).await, [(1, 1), (2, 2)]);
    followed.stop().await;
}

#[tokio::test]
async fn of_two_rebuilds_of_a_view_the_second_is_refused() {
    let log = Log::create().await;
    let counter = Counter::default();
    crate::rebuild::ensure(&counter, &log.pool).await.expect("made");
    log.task(1, ANNA).await;
    let pool = log.pool.clone();
    let (entered, wait_entered) = tokio::sync::oneshot::channel();
    let (leave, wait_leave) = std::sync::mpsc::channel::<()>();
    let first = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut entered = Some(entered);
        runtime.block_on(crate::rebuild::rebuild(&Counter::default(), &pool, move |_, _| {
            if let Some(entered) = entered.take() {
                entered.send(()).expect("the test waits");
                wait_leave.recv().expect("the test lets it go on");
            }
        }))
    });
    wait_entered.await.expect("the first has begun");
    let second = crate::rebuild::rebuild(&counter, &log.pool, |_, _| {}).await;
    assert!(matches!(second, Err(Failure::AlreadyRebuilding("counter"))), "{second:?}");
    leave.send(()).expect("the first waits");
    first.await.expect("it ends").expect("the first is rebuilt");
}

#[tokio::test]
async fn a_broken_off_rebuild_is_cleared_away_by_the_next() {
    let log = Log::create().await;
    let counter = Counter::default();
    crate::rebuild::ensure(&counter, &log.pool).await.expect("made");
    let head = crate::feed::head(&log.pool).await.expect("read");
    let broken = crate::generation::create::<Counter>(&log.pool, head).await.expect("begun");
    crate::rebuild::rebuild(&counter, &log.pool, |_, _| {}).await.expect("rebuilt");
    let left: Vec<(String, String)> =
        sqlx::query_as("SELECT schema_name, state FROM view_generation ORDER BY generation").fetch_all(&log.pool).await.expect("read");
    assert_eq!(left.iter().map(|(_, state)| state.as_str()).collect::<Vec<_>>(), ["old", "live"]);
    assert!(left.iter().any(|(schema, _)| *schema == *broken.schema), "its number is free again");
}
