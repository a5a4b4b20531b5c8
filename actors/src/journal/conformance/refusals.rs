//! Promises on what is not written, and what is said then. Conflicts over claims are in [`super::appends`].

use std::sync::Arc;

use domain::codec::Encoded;
use domain::{ClaimChange, ClaimKind, Kind};

use super::*;

promises![
    an_unexpected_version_is_refused,
    after_a_refusal_the_later_ones_of_the_stream_conflict,
    what_rests_on_a_refused_append_is_refused_although_its_version_fits,
    an_expired_command_is_not_written,
    what_is_too_large_is_refused,
    what_can_never_be_written_is_malformed,
    a_full_queue_says_so_before_anything_is_decided,
];

async fn an_unexpected_version_is_refused(world: impl World) {
    let journal = world.journal();
    append(journal, one(at(person(1), 0))).await.expect("written");
    for wrong in [0, 2, 100] {
        let refused = append(journal, one(at(person(1), wrong))).await;
        assert_eq!(refused, Err(Refusal::Conflict { stream: person(1), actual: 1 }), "expected {wrong}");
    }
    assert_eq!(journal.current_head().await.expect("read").position, 1);
}

async fn after_a_refusal_the_later_ones_of_the_stream_conflict(world: impl World) {
    let journal = world.journal();
    let lost = Append { deadline: long_ago(), ..one(at(person(1), 1)) };
    let answers = [
        submit(journal, one(at(person(1), 0))),
        submit(journal, lost),
        submit(journal, one(at(person(1), 2))),
        submit(journal, one(at(person(2), 0))),
    ];
    let mut outcomes = Vec::new();
    for answer in answers {
        outcomes.push(answer.await.expect("answered").map(|receipt| receipt.streams[0].last_version()));
    }
    assert_eq!(outcomes, [Ok(1), Err(Refusal::Expired), Err(Refusal::Conflict { stream: person(1), actual: 1 }), Ok(1)]);
}

async fn what_rests_on_a_refused_append_is_refused_although_its_version_fits(world: impl World) {
    let journal = world.journal();
    let premise = Premise::shared();
    let answers = [
        submit(journal, one(at(person(1), 0))),
        submit(journal, Append { deadline: long_ago(), premise: premise.clone(), ..one(at(person(1), 1)) }),
        // Somebody else's, which takes the place of the one that expired.
        submit(journal, one(at(person(1), 1))),
        submit(journal, Append { premise: premise.clone(), ..one(at(person(1), 2)) }),
        submit(journal, one(at(person(1), 2))),
    ];
    let mut outcomes = Vec::new();
    for answer in answers {
        outcomes.push(answer.await.expect("answered").map(|receipt| receipt.streams[0].last_version()));
    }
    let conflict = Err(Refusal::Conflict { stream: person(1), actual: 2 });
    assert_eq!(outcomes, [Ok(1), Err(Refusal::Expired), Ok(2), conflict, Ok(3)]);
    assert!(!premise.holds());
}

async fn an_expired_command_is_not_written(world: impl World) {
    let journal = world.journal();
    let refused = append(journal, Append { deadline: long_ago(), ..one(Target::New(Kind::Task)) }).await;
    assert_eq!(refused, Err(Refusal::Expired));
    assert_eq!(journal.current_head().await.expect("read").position, 0);
}

async fn what_is_too_large_is_refused(world: impl World) {
    let journal = world.journal();
    let of = |bytes: usize| Encoded { payload: format!("\"{}\"", "x".repeat(bytes)), ..event("") };
    let sized = |events: Vec<Encoded>| Append { writes: vec![Write { target: at(person(1), 0), events }], ..one(at(person(1), 0)) };
    assert_eq!(append(journal, sized(vec![of(EVENT_BYTES_MAX)])).await, Err(Refusal::TooLarge), "an event");
    let many = (0..5).map(|_| of(EVENT_BYTES_MAX - 10)).collect();
    assert_eq!(append(journal, sized(many)).await, Err(Refusal::TooLarge), "a command");
    append(journal, sized(vec![of(EVENT_BYTES_MAX - 10)])).await.expect("as large as it may be");
}

async fn what_can_never_be_written_is_malformed(world: impl World) {
    let journal = world.journal();
    let text = |payload: &str| Write { target: at(person(1), 0), events: vec![Encoded { payload: payload.into(), ..event("") }] };
    let with = |writes| Append { writes, ..one(at(person(1), 0)) };
    let claim = ClaimChange { kind: ClaimKind::Email, key: "a\0b".into(), taken: true };
    let meta = Arc::new(Meta { agent: Some("a\0b".into()), ..Meta::default() });
    let cases = [
        ("no stream", with(vec![])),
        ("no events", with(vec![Write { target: at(person(1), 0), events: vec![] }])),
        ("a stream twice", with(vec![text("{}"), text("{}")])),
        ("a version below zero", one(at(person(1), -1))),
        ("a task that the log has not numbered", one(at(StreamId::new(Kind::Task, 99), 0))),
        ("a person numbered by the log", one(Target::New(Kind::Person))),
        ("a bare U+0000", with(vec![text("{\"a\":\"\0\"}")])),
        ("an escaped U+0000", with(vec![text(r#"{"a":"\u0000"}"#)])),
        ("U+0000 in a claim", Append { claims: vec![claim], ..one(at(person(1), 0)) }),
        ("U+0000 in meta", Append { meta, ..one(at(person(1), 0)) }),
    ];
    for (case, malformed) in cases {
        let answers = [submit(journal, malformed), submit(journal, one(Target::New(Kind::Task)))];
        let [refused, good] = answers;
        let refused = refused.await.expect("answered");
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{case}: {refused:?}");
        good.await.expect("answered").unwrap_or_else(|refusal| panic!("{case}: its neighbour was refused: {refusal}"));
    }
}

async fn a_full_queue_says_so_before_anything_is_decided(world: impl World) {
    let journal = world.journal();
    let mut permits: Vec<_> = (0..super::memory::QUEUE_MAX).map(|_| journal.reserve().expect("a place")).collect();
    assert!(journal.reserve().is_err());
    permits.pop();
    assert!(journal.reserve().is_ok(), "a dropped permit gives its place back");
}
