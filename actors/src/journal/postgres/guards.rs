//! What the schema itself refuses, and what the fast way refuses to write. Only tests.

use std::sync::atomic::AtomicBool;

use domain::Kind;
use sqlx::Row;

use super::session::{Fast, Outcome, Session};
use crate::journal::conformance::{OnPostgres, World, append, at, one, person};
use crate::journal::prepared::Prepared;
use crate::journal::{Append, Target};

#[tokio::test]
async fn recorded_events_cannot_be_changed_or_removed() {
    let world = OnPostgres::create().await;
    append(world.journal(), one(at(person(1), 0))).await.expect("written");
    let attempts = [
        "UPDATE event SET payload = '{}'",
        "UPDATE event_1 SET payload = '{}'",
        "UPDATE event SET position = 2",
        "DELETE FROM event",
        "DELETE FROM event_1",
        "TRUNCATE event",
        "TRUNCATE event_1",
        // Not even on the way of an erasure: only content may go, and its salt must.
        "SET nashi.erasing = 'on'; UPDATE event SET salt = NULL, person = 1; RESET nashi.erasing",
        "SET nashi.erasing = 'on'; UPDATE event SET payload = '{}'; RESET nashi.erasing",
        "SET nashi.erasing = 'on'; DELETE FROM event; RESET nashi.erasing",
    ];
    for attempt in attempts {
        let refused = sqlx::raw_sql(attempt).execute(&world.pool).await.expect_err(attempt);
        let code = refused.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned());
        assert_eq!(code.as_deref(), Some("42501"), "{attempt}: {refused}");
    }
    world.verify().await.expect("the chain is whole");
    let setting = sqlx::query("SELECT current_setting('nashi.erasing', true) AS erasing").fetch_one(&world.pool).await.expect("read");
    assert_ne!(setting.get::<Option<String>, _>("erasing").as_deref(), Some("on"));
}

/// The steady state takes one round trip; whatever is not certain goes the way that reads first.
#[tokio::test]
async fn the_fast_way_is_taken_only_on_known_ground() {
    let world = OnPostgres::create().await;
    let known = append(world.journal(), one(at(person(1), 0))).await.expect("written").streams.remove(0);
    let options = world.database.url.parse().expect("a URL");
    let mut session = Session::open(&options, world.journal.shared.clone()).await.expect("opened");
    let fast = async |session: &mut Session, command: Append| {
        let batch = [Prepared::new(command).expect("well formed")];
        let written = session.fast(&batch, &AtomicBool::new(false)).await;
        written.map(|fast| matches!(fast, Fast::Written(Outcome { events: 1, .. })))
    };
    let brought = |hash| one(Target::Existing { stream: person(1), expected: 1, hash: Some(hash) });

    assert!(!fast(&mut session, one(at(person(1), 1))).await.expect("asked"), "a stream that is not known");
    assert!(!fast(&mut session, brought([1; 32])).await.expect("asked"), "a hash that the log does not have");
    assert!(fast(&mut session, brought(known.hash)).await.expect("asked"), "a hash that the log has");
    assert!(fast(&mut session, one(at(person(1), 2))).await.expect("asked"), "a stream written before");
    assert!(!fast(&mut session, one(at(person(1), 2))).await.expect("asked"), "an unexpected version");
    assert!(fast(&mut session, one(at(person(2), 0))).await.expect("asked"), "a new stream");
    assert!(fast(&mut session, one(Target::New(Kind::Task))).await.expect("asked"), "a new task");

    session.shared.clock.set(session.shared.clock.now() - jiff::SignedDuration::from_secs(10));
    session.left.at = jiff::Timestamp::UNIX_EPOCH;
    assert!(!fast(&mut session, one(Target::New(Kind::Task))).await.expect("asked"), "a clock that is ten seconds behind");
    assert!(fast(&mut session, one(Target::New(Kind::Task))).await.expect("asked"), "the clock was set right by the answer");

    append(world.journal(), one(at(person(1), 3))).await.expect("another writes");
    assert!(!fast(&mut session, one(Target::New(Kind::Task))).await.expect("asked"), "the head is not as this writer left it");
    world.verify().await.expect("the chain is whole");
}
