//! The directory on a real Postgres: stored, loaded, carried on. What an event does to it is tested in `domain`.

use domain::codec::{Encoded, EventSet};
use domain::erasure::{ERASED, Erasable};
use domain::person::{self, Profile};
use domain::testing::{ANNA, BORIS, HOME};
use domain::{Directory, OrganisationId, PersonId, StreamId};
use tokio_util::sync::CancellationToken;

use super::memory::{Tail, today};
use super::{DirectoryFollower, DirectoryHandle};
use crate::feed::Feed;
use crate::follower::Follower;
use crate::generation::IDLE_MAX;
use crate::parked;
use crate::rebuild;
use crate::testing::{Log, SOON, eager};

async fn history(log: &Log) -> i64 {
    log.organisation(HOME, "Home").await;
    log.organisation(OrganisationId(2), "Elsewhere").await;
    log.person(ANNA, "Anna").await;
    log.person(BORIS, "Boris").await;
    let renamed = Profile { first_name: "Anne".to_owned(), email: "anne@example.org".to_owned(), ..Profile::default() };
    log.append(ANNA, ANNA, &[person::Event::Changed(Box::new(renamed)).encode(), person::Event::KeyIssued.encode()]).await;
    log.append(BORIS, ANNA, &[person::Event::Blocked.encode()]).await
}

/// Everything that a directory says, for comparison.
fn told(directory: &Directory) -> Vec<String> {
    let mut told: Vec<String> = directory
        .organisations()
        .map(|entry| {
            let by_email: Vec<_> =
                entry.persons.values().map(|person| entry.by_email(&person.profile.email).map(|found| found.id)).collect();
            format!("{:?} {:?} {:?} {:?} {}", entry.id, entry.organisation, entry.persons, by_email, entry.revision)
        })
        .collect();
    told.sort();
    told
}

async fn replayed(log: &Log) -> Directory {
    let mut directory = Directory::default();
    for event in log.all(DirectoryFollower::KINDS).await {
        directory.apply(&event).expect("it is read");
    }
    directory
}

async fn start(log: &Log) -> (DirectoryHandle, CancellationToken) {
    rebuild::ensure(&DirectoryFollower, &log.pool).await.expect("made");
    let feed = Feed::new(log.pool.clone(), DirectoryFollower::KINDS, log.tell.subscribe());
    let (tail, handle) = Tail::load(log.pool.clone(), feed, eager()).await.expect("loaded");
    let shutdown = CancellationToken::new();
    tokio::spawn(tail.run(shutdown.clone()));
    (handle, shutdown)
}

#[tokio::test]
async fn what_is_loaded_equals_what_is_replayed_with_its_revision() {
    let log = Log::create().await;
    let end = history(&log).await;
    let generation = rebuild::ensure(&DirectoryFollower, &log.pool).await.expect("made");
    let mut connection = log.pool.acquire().await.expect("a connection");
    let loaded = today(&generation, &mut connection).await.expect("loaded");
    assert_eq!(told(&loaded), told(&replayed(&log).await));
    let home = loaded.organisation(HOME).expect("it is there");
    assert!(home.revision > 0 && i64::try_from(home.revision).is_ok_and(|revision| revision <= end));
    assert!(home.person(BORIS).is_some_and(|boris| boris.blocked));
}

#[tokio::test]
async fn every_state_is_kept_with_the_positions_between_which_it_was_true() {
    let log = Log::create().await;
    history(&log).await;
    let generation = rebuild::ensure(&DirectoryFollower, &log.pool).await.expect("made");
    let followed = log.follow(&DirectoryFollower, eager()).await;
    let end = log.append(ANNA, ANNA, &[person::Event::KeyRevoked.encode()]).await;
    followed.reaches(end).await;
    let sql = generation.sql(
        "SELECT from_position, to_position, body->'profile'->>'first_name', (body->>'has_key')::boolean
         FROM {view}.directory_entry WHERE kind = 2 AND id = $1 ORDER BY from_position",
    );
    let states: Vec<(i64, Option<i64>, String, bool)> = sqlx::query_as(sql).bind(ANNA.0).fetch_all(&log.pool).await.expect("read");
    let state = |from, to, name: &str, key| (from, to, name.to_owned(), key);
    assert_eq!(
        states,
        [
            state(3, Some(5), "Anna", false),
            state(5, Some(6), "Anne", false),
            state(6, Some(end), "Anne", true),
            state(end, None, "Anne", false)
        ]
    );
    followed.stop().await;
}

#[tokio::test]
async fn a_history_fed_twice_changes_nothing_the_second_time() {
    let log = Log::create().await;
    let generation = rebuild::ensure(&DirectoryFollower, &log.pool).await.expect("made");
    history(&log).await;
    let events = log.all(DirectoryFollower::KINDS).await;
    let mut once: Vec<(String,)> = Vec::new();
    for _ in 0..2 {
        let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
        DirectoryFollower.apply(&events, &mut tx).await.expect("taken in");
        tx.commit().await.expect("committed");
        let sql = generation.sql("SELECT to_jsonb(e)::text FROM {view}.directory_entry e ORDER BY 1");
        let now = sqlx::query_as(sql).fetch_all(&log.pool).await.expect("read");
        assert!(once.is_empty() || once == now);
        once = now;
    }
    assert_eq!(once.len(), events.len());
}

#[tokio::test]
async fn the_directory_in_memory_follows_the_log_without_the_one_in_postgres() {
    let log = Log::create().await;
    let (directory, shutdown) = start(&log).await;
    let end = history(&log).await;
    let (now, position) = directory.caught_up(end, SOON).await.expect("it follows");
    assert_eq!(position, end);
    assert_eq!(told(&now), told(&replayed(&log).await));
    assert!(!directory.stale());
    shutdown.cancel();
}

#[tokio::test]
async fn a_directory_whose_feed_stands_still_becomes_stale() {
    let log = Log::create().await;
    let (directory, shutdown) = start(&log).await;
    let end = history(&log).await;
    directory.caught_up(end, SOON).await.expect("it follows");
    assert!(!directory.stale());
    // Nothing moves and nobody tells: only a head that can be read keeps it fresh.
    let mut lock = log.pool.begin().await.expect("begun");
    sqlx::query("LOCK TABLE log_head IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.expect("locked");
    let stale = tokio::time::timeout(SOON, async {
        while !directory.stale() {
            tokio::task::yield_now().await;
        }
    });
    stale.await.expect("it notices");
    lock.rollback().await.expect("unlocked");
    let fresh = tokio::time::timeout(SOON, async {
        while directory.stale() {
            tokio::task::yield_now().await;
        }
    });
    fresh.await.expect("it recovers");
    shutdown.cancel();
}

#[tokio::test]
async fn a_directory_that_lacks_an_event_says_so_until_the_stored_one_has_taken_it_up() {
    let log = Log::create().await;
    let (directory, shutdown) = start(&log).await;
    let followed = log.follow(&DirectoryFollower, eager()).await;
    history(&log).await;
    let stream = StreamId::from(PersonId(77));
    let end = log.append(stream, ANNA, &[Encoded { event_type: "person.unheard_of", schema: 1, payload: "{}".to_owned() }]).await;
    directory.caught_up(end, SOON).await.expect("it follows");
    assert!(directory.parked() && directory.stale());
    followed.until(|progress| progress.parked_streams == 1).await;
    assert_eq!(parked::retry(&DirectoryFollower, &log.pool).await.expect("retried").still_parked, 1);
    // As a newer build would leave it, which can read the event.
    sqlx::query("DELETE FROM parked_event").execute(&log.pool).await.expect("taken up");
    let end = log.person(PersonId(78), "Greta").await;
    directory.caught_up(end, SOON).await.expect("it follows");
    let sound = tokio::time::timeout(SOON, async {
        while directory.parked() {
            tokio::task::yield_now().await;
        }
    });
    sound.await.expect("it takes the stored one");
    shutdown.cancel();
    followed.stop().await;
}

/// Everything of Anna's profile, replaced: her events 3, 5 and 6 of [`history`].
async fn erase_anna(log: &Log) -> i64 {
    let added = domain::testing::ordinary("Anna", "anna@example.org");
    let added = person::Event::Added(Box::new(added)).substitute().encode();
    let changed = person::Event::Changed(Box::default()).substitute().encode();
    log.erase(&[(3, added), (5, changed), (6, person::Event::KeyIssued.encode())]).await
}

async fn bodies(log: &Log, sql: sqlx::AssertSqlSafe<String>) -> Vec<(String,)> {
    sqlx::query_as(sql).fetch_all(&log.pool).await.expect("read")
}

#[tokio::test]
async fn an_erased_person_is_gone_from_every_state_and_the_next_fact_goes_on_from_there() {
    let log = Log::create().await;
    let (directory, shutdown) = start(&log).await;
    let followed = log.follow(&DirectoryFollower, eager()).await;
    history(&log).await;
    let erased = erase_anna(&log).await;
    let end = log.append(ANNA, ANNA, &[person::Event::KeyRevoked.encode()]).await;
    let generation = followed.reaches(end).await.generation;

    let all = || generation.sql("SELECT to_jsonb(e)::text FROM {view}.directory_entry e ORDER BY 1");
    let live = bodies(&log, all()).await;
    assert!(live.iter().all(|(row,)| !row.contains("Ann") && !row.contains("anne@")), "{live:?}");
    assert!(live.iter().any(|(row,)| row.contains("boris@example.org")), "others stay");
    let (now, _) = directory.caught_up(end, SOON).await.expect("it follows");
    let home = now.organisation(HOME).expect("it is there");
    let anna = home.person(ANNA).expect("her id stays");
    assert_eq!((anna.profile.first_name.as_str(), anna.profile.email.as_str(), anna.has_key), (ERASED, "", false));
    assert!(home.by_email("anne@example.org").is_none());
    assert_eq!(i64::try_from(home.revision), Ok(erased), "tasks show her anew");
    let mut connection = log.pool.acquire().await.expect("a connection");
    assert_eq!(told(&now), told(&today(&generation, &mut connection).await.expect("loaded")));

    // A second time, and from the first event on.
    let events = log.all(DirectoryFollower::KINDS).await;
    let mut tx = log.pool.begin_with(generation.begin(IDLE_MAX)).await.expect("begun");
    DirectoryFollower.apply(&events, &mut tx).await.expect("taken in");
    tx.commit().await.expect("committed");
    assert_eq!(bodies(&log, all()).await, live);
    let rebuilt = rebuild::rebuild(&DirectoryFollower, &log.pool, |_, _| {}).await.expect("rebuilt");
    assert_eq!(bodies(&log, rebuilt.sql("SELECT to_jsonb(e)::text FROM {view}.directory_entry e ORDER BY 1")).await, live);
    shutdown.cancel();
    followed.stop().await;
}

#[tokio::test]
async fn a_record_of_an_erasure_that_cannot_be_read_is_parked() {
    let log = Log::create().await;
    let followed = log.follow(&DirectoryFollower, eager()).await;
    let (directory, shutdown) = start(&log).await;
    history(&log).await;
    let unread = Encoded { event_type: "erasure.performed", schema: 2, payload: "{}".to_owned() };
    let end = log.append(StreamId::new(domain::Kind::Audit, HOME.0), PersonId::SYSTEM, &[unread]).await;
    assert_eq!(followed.reaches(end).await.parked_streams, 1);
    directory.caught_up(end, SOON).await.expect("it follows");
    assert!(directory.parked(), "it may still show what was to be forgotten");
    shutdown.cancel();
    followed.stop().await;
}
