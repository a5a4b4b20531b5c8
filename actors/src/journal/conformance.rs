//! The promises of [`super::Journal`], each a test, run against both journals. What only Postgres can break
//! is tested beside it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::codec::Encoded;
use domain::{ClaimChange, ClaimKind, CommandId, Kind, OrganisationId, PersonId, StreamId, Version};
use sqlx::postgres::PgPool;
use test_database::TestDatabase;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::memory::MemoryJournal;
use super::postgres::{PostgresJournal, Settings};
use super::*;
use crate::audit::{Verified, VerifyFailure, Walk};

/// A log and a journal over it.
pub(crate) trait World: Sized {
    async fn create() -> Self;
    fn journal(&self) -> &dyn Journal;
    /// Another journal over the same log; this one is stopped.
    async fn restart(self) -> Self;
    /// Walks the chain of the whole log.
    async fn verify(&self) -> Result<Verified, VerifyFailure>;
}

pub(crate) struct InMemory(MemoryJournal);

impl World for InMemory {
    async fn create() -> Self {
        Self(MemoryJournal::new())
    }

    fn journal(&self) -> &dyn Journal {
        &self.0
    }

    async fn restart(self) -> Self {
        Self(self.0.reopened())
    }

    async fn verify(&self) -> Result<Verified, VerifyFailure> {
        let stored = self.0.stored();
        let mut walk = Walk::default();
        for event in &stored {
            walk.event(event)?;
        }
        walk.finish(stored.len() as Position, &self.0.rolling())
    }
}

pub(crate) struct OnPostgres {
    pub journal: Arc<PostgresJournal>,
    pub pool: PgPool,
    pub database: TestDatabase,
}

impl World for OnPostgres {
    async fn create() -> Self {
        Self::over(TestDatabase::create().await).await
    }

    fn journal(&self) -> &dyn Journal {
        &*self.journal
    }

    async fn restart(self) -> Self {
        self.journal.stop().await;
        Self::over(self.database).await
    }

    async fn verify(&self) -> Result<Verified, VerifyFailure> {
        crate::audit::verify(&self.pool, |_| ()).await
    }
}

impl OnPostgres {
    pub async fn over(database: TestDatabase) -> Self {
        let pool = database.pool(4).await;
        let options = database.url.parse().expect("the test database has a URL");
        let journal = PostgresJournal::start(pool.clone(), options, Settings::default()).await.expect("the journal starts");
        Self { journal, pool, database }
    }
}

/// Appends, and waits for the answer.
pub(crate) async fn append(journal: &dyn Journal, append: Append) -> Result<Receipt, Refusal> {
    submit(journal, append).await.expect("the completion is called")
}

pub(crate) fn submit(journal: &dyn Journal, append: Append) -> oneshot::Receiver<Result<Receipt, Refusal>> {
    let (answer, answered) = oneshot::channel();
    let permit = journal.reserve().expect("there is a place");
    permit.submit(append, Box::new(move |outcome| drop(answer.send(outcome))));
    answered
}

pub(crate) const ORGANISATION: OrganisationId = OrganisationId(1);

#[expect(clippy::disallowed_methods, reason = "a test is an edge")]
pub(crate) fn command() -> CommandId {
    CommandId(Uuid::new_v4())
}

pub(crate) fn event(text: &str) -> Encoded {
    Encoded { event_type: "test.happened", schema: 1, payload: serde_json::json!({ "text": text }).to_string() }
}

pub(crate) fn person(id: i64) -> StreamId {
    StreamId::new(Kind::Person, id)
}

/// An append of one event.
pub(crate) fn one(target: Target) -> Append {
    Append {
        organisation: ORGANISATION,
        command: command(),
        person: PersonId(7),
        meta: Arc::new(Meta::default()),
        writes: vec![Write { target, events: vec![event("one")] }],
        claims: Vec::new(),
        deadline: Instant::now() + Duration::from_secs(20),
    }
}

pub(crate) fn at(stream: StreamId, expected: Version) -> Target {
    Target::Existing { stream, expected, hash: None }
}

async fn positions_have_no_gaps(world: impl World) {
    let journal = world.journal();
    for task in 1..=5 {
        let receipt = append(journal, one(Target::New(Kind::Task))).await.expect("written");
        assert_eq!(receipt.streams[0].stream, StreamId::new(Kind::Task, task), "task ids rise in commit order");
    }
    let stream = StreamId::new(Kind::Task, 3);
    append(journal, one(at(stream, 1))).await.expect("written");
    let log = journal.read_all(0, 100).await.expect("read");
    assert_eq!(log.iter().map(|event| event.header.position).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(journal.head().borrow().position, 6);
    assert_eq!(journal.current_head().await.expect("read").position, 6);
    let versions = journal.read_stream(stream, 0, 100).await.expect("read");
    assert_eq!(versions.iter().map(|event| event.header.version).collect::<Vec<_>>(), [1, 2]);
}

async fn a_repeated_command_gets_its_first_receipt(world: impl World) {
    let mut repeated = one(at(person(1), 0));
    repeated.meta = Arc::new(Meta { fingerprint: Some("abc".into()), ..Meta::default() });
    let first = append(world.journal(), repeated.clone()).await.expect("written");
    assert_eq!(first.fingerprint.as_deref(), Some("abc"));
    let again = append(world.journal(), repeated.clone()).await;
    assert_eq!(again, Err(Refusal::Duplicate(Box::new(first.clone()))));
    let world = world.restart().await;
    let again = append(world.journal(), repeated.clone()).await;
    assert_eq!(again, Err(Refusal::Duplicate(Box::new(first.clone()))));
    let found = world.journal().read_command(ORGANISATION, repeated.command).await.expect("read");
    assert_eq!(found, Some(first));
    assert_eq!(world.journal().read_command(OrganisationId(2), repeated.command).await.expect("read"), None);
}

async fn an_unexpected_version_is_refused(world: impl World) {
    let journal = world.journal();
    append(journal, one(at(person(1), 0))).await.expect("written");
    for wrong in [0, 2, 100] {
        let refused = append(journal, one(at(person(1), wrong))).await;
        assert_eq!(refused, Err(Refusal::Conflict { stream: person(1), actual: 1 }), "expected {wrong}");
    }
    assert_eq!(journal.current_head().await.expect("read").position, 1);
}

async fn a_claim_is_held_by_one_stream_at_a_time(world: impl World) {
    let journal = world.journal();
    let claim = |taken| vec![ClaimChange { kind: ClaimKind::Email, key: "a@example.org".into(), taken }];
    append(journal, Append { claims: claim(true), ..one(at(person(1), 0)) }).await.expect("free, so taken");
    let refused = append(journal, Append { claims: claim(true), ..one(at(person(2), 0)) }).await;
    assert_eq!(refused, Err(Refusal::ClaimTaken { kind: ClaimKind::Email, key: "a@example.org".into(), holder: person(1) }));
    let holder = || journal.claim_holder(ORGANISATION, ClaimKind::Email, "a@example.org");
    assert_eq!(holder().await.expect("read"), Some(person(1)));
    append(journal, Append { claims: claim(false), ..one(at(person(2), 0)) }).await.expect("releasing another's changes nothing");
    assert_eq!(holder().await.expect("read"), Some(person(1)));
    append(journal, Append { claims: claim(false), ..one(at(person(1), 1)) }).await.expect("released");
    assert_eq!(holder().await.expect("read"), None);
    append(journal, Append { claims: claim(true), ..one(at(person(2), 1)) }).await.expect("taken again");
    assert_eq!(holder().await.expect("read"), Some(person(2)));
}

async fn an_append_is_all_or_nothing_over_streams_and_claims(world: impl World) {
    let journal = world.journal();
    append(journal, one(at(person(2), 0))).await.expect("written");
    let write = |target, texts: &[&str]| Write { target, events: texts.iter().map(|text| event(text)).collect() };
    let claims = vec![ClaimChange { kind: ClaimKind::ExternalId, key: "x".into(), taken: true }];
    let several = |expected| Append {
        writes: vec![
            write(at(person(1), 0), &["a", "b"]),
            write(Target::New(Kind::Task), &["c"]),
            write(at(person(2), expected), &["d", "e", "f"]),
        ],
        claims: claims.clone(),
        ..one(at(person(1), 0))
    };
    let refused = append(journal, several(0)).await;
    assert_eq!(refused, Err(Refusal::Conflict { stream: person(2), actual: 1 }));
    assert_eq!(journal.read_all(0, 100).await.expect("read").len(), 1, "nothing of it was written");
    assert_eq!(journal.claim_holder(ORGANISATION, ClaimKind::ExternalId, "x").await.expect("read"), None);

    let receipt = append(journal, several(1)).await.expect("written");
    let parts: Vec<_> = receipt
        .streams
        .iter()
        .map(|part| (part.stream, part.first_version, part.first_position, part.events, part.last_version(), part.last_position()))
        .collect();
    let task = StreamId::new(Kind::Task, 1);
    assert_eq!(parts, [(person(1), 1, 2, 2, 2, 3), (task, 1, 4, 1, 1, 4), (person(2), 2, 5, 3, 4, 7)]);
    assert_eq!(receipt.position(), 7);
    assert_eq!(journal.claim_holder(ORGANISATION, ClaimKind::ExternalId, "x").await.expect("read"), Some(person(1)));
    let log = journal.read_all(1, 100).await.expect("read");
    assert_eq!(log.iter().map(|event| event.header.index).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    assert!(log.iter().all(|event| event.header.command == receipt.command && event.header.at == receipt.at));
    assert_eq!(receipt.streams[2].hash, log[5].hash);
    assert_eq!(journal.read_command(ORGANISATION, receipt.command).await.expect("read"), Some(receipt));
}

async fn a_command_repeated_while_it_is_under_way_takes_effect_once(world: impl World) {
    let journal = world.journal();
    let repeated = one(at(person(1), 0));
    let answers: Vec<_> = (0..20).map(|_| submit(journal, repeated.clone())).collect();
    let mut receipts = Vec::new();
    let mut duplicates = 0;
    for answer in answers {
        match answer.await.expect("answered") {
            Ok(receipt) => receipts.push(receipt),
            Err(Refusal::Duplicate(receipt)) => {
                duplicates += 1;
                receipts.push(*receipt);
            }
            Err(other) => panic!("refused: {other}"),
        }
    }
    assert_eq!(duplicates, 19);
    assert!(receipts.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(journal.current_head().await.expect("read").position, 1);
}

async fn a_command_id_of_another_organisation_tells_nothing(world: impl World) {
    let journal = world.journal();
    let first = one(at(person(1), 0));
    append(journal, first.clone()).await.expect("written");
    let stranger = Append { organisation: OrganisationId(2), ..one(at(person(2), 0)) };
    let refused = append(journal, Append { command: first.command, ..stranger }).await;
    assert!(matches!(refused, Err(Refusal::Malformed(_))), "{refused:?}");
}

async fn the_order_within_a_stream_is_the_order_of_submission(world: impl World) {
    let journal = world.journal();
    let answers: Vec<_> = (0..200).map(|expected| submit(journal, one(at(person(1), expected)))).collect();
    for (expected, answer) in answers.into_iter().enumerate() {
        let receipt = answer.await.expect("answered").expect("written");
        assert_eq!(receipt.streams[0].first_version, expected as Version + 1);
    }
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

async fn an_expired_command_is_not_written(world: impl World) {
    let journal = world.journal();
    let refused = append(journal, Append { deadline: long_ago(), ..one(Target::New(Kind::Task)) }).await;
    assert_eq!(refused, Err(Refusal::Expired));
    assert_eq!(journal.current_head().await.expect("read").position, 0);
}

async fn times_never_go_back(world: impl World) {
    let journal = world.journal();
    let answers: Vec<_> = (0..100).map(|_| submit(journal, one(Target::New(Kind::Task)))).collect();
    for answer in answers {
        answer.await.expect("answered").expect("written");
    }
    let before = journal.read_all(0, 1_000).await.expect("read").last().expect("events").header.at;
    let world = world.restart().await;
    append(world.journal(), one(Target::New(Kind::Task))).await.expect("written");
    let log = world.journal().read_all(0, 1_000).await.expect("read");
    assert!(log.windows(2).all(|pair| pair[0].header.at <= pair[1].header.at));
    assert!(log.last().expect("events").header.at >= before);
    assert_eq!(before.subsec_nanosecond() % 1_000, 0, "whole microseconds");
    let difference = world.journal().now().duration_since(before).abs();
    assert!(difference < jiff::SignedDuration::from_secs(60), "the journal's clock is the log's: {difference:?}");
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

async fn ids_of_people_and_organisations_are_handed_out_once(world: impl World) {
    let journal = world.journal();
    assert_eq!(journal.next_id(Kind::Organisation).await.expect("read"), 1);
    assert_eq!(journal.next_id(Kind::Person).await.expect("read"), 1001);
    assert_eq!(journal.next_id(Kind::Person).await.expect("read"), 1002);
    assert!(matches!(journal.next_id(Kind::Task).await, Err(ReadFailure::NotHandedOut(Kind::Task))));
    let world = world.restart().await;
    assert_eq!(world.journal().next_id(Kind::Person).await.expect("read"), 1003);
}

async fn a_snapshot_counts_only_where_it_fits(world: impl World) {
    let journal = world.journal();
    let mut hashes = Vec::new();
    for version in 0..3 {
        hashes.push(append(journal, one(at(person(1), version))).await.expect("written").streams[0].hash);
    }
    let snapshot = |version: usize, hash, fingerprint| Snapshot {
        stream: person(1),
        version: version as Version,
        hash,
        fingerprint,
        body: vec![version as u8],
    };
    let opened = async |fingerprint| {
        let opening = journal.open(person(1), fingerprint).await.expect("read");
        let versions: Vec<_> = opening.events.iter().map(|event| event.header.version).collect();
        (opening.snapshot.map(|snapshot| snapshot.body), versions)
    };
    assert_eq!(opened(u64::MAX).await, (None, vec![1, 2, 3]), "there is none");
    journal.save_snapshot(snapshot(2, hashes[1], u64::MAX)).await;
    assert_eq!(opened(u64::MAX).await, (Some(vec![2]), vec![3]));
    assert_eq!(opened(9).await, (None, vec![1, 2, 3]), "of another build");
    journal.save_snapshot(snapshot(1, hashes[0], u64::MAX)).await;
    assert_eq!(opened(u64::MAX).await, (Some(vec![2]), vec![3]), "an older one replaces nothing");
    journal.save_snapshot(snapshot(3, [9; 32], u64::MAX)).await;
    assert_eq!(opened(u64::MAX).await, (None, vec![1, 2, 3]), "of another history");
    journal.save_snapshot(snapshot(4, hashes[2], u64::MAX)).await;
    assert_eq!(opened(u64::MAX).await, (None, vec![1, 2, 3]), "of a version that is not there");
    assert_eq!(journal.open(person(99), 9).await.expect("read").events, [], "an empty stream");
}

async fn many_open_at_once_and_each_gets_its_own(world: impl World) {
    let journal = world.journal();
    for id in 1..=100 {
        append(
            journal,
            Append { writes: vec![Write { target: at(person(id), 0), events: vec![event(&id.to_string())] }], ..one(at(person(id), 0)) },
        )
        .await
        .expect("written");
    }
    let openings = (1..=100).map(|id| journal.open(person(id), 1));
    for (opening, id) in futures_util::future::join_all(openings).await.into_iter().zip(1..) {
        let events = opening.expect("read").events;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].header.stream, person(id));
        assert_eq!(events[0].payload, event(&id.to_string()).payload);
    }
}

async fn what_is_read_is_what_was_written(world: impl World) {
    let journal = world.journal();
    let payload = r#"{"b":1,  "a":[1.50, "Ж"], "b":2}"#;
    let written = Append {
        meta: Arc::new(Meta { cause: Some(4), address: Some("::1".into()), ..Meta::default() }),
        writes: vec![Write { target: at(person(1), 0), events: vec![Encoded { payload: payload.into(), ..event("") }] }],
        ..one(at(person(1), 0))
    };
    let receipt = append(journal, written.clone()).await.expect("written");
    let read = journal.read_stream(person(1), 0, 10).await.expect("read").remove(0);
    assert_eq!(read.payload, payload, "the exact bytes");
    assert_eq!(read.meta, r#"{"cause":4,"address":"::1"}"#);
    assert_eq!((read.event_type.as_str(), read.schema), ("test.happened", 1));
    assert_eq!(read.hash, receipt.streams[0].hash);
    let header = read.header;
    assert_eq!((header.organisation, header.person, header.command), (ORGANISATION, written.person, written.command));
    assert_eq!((header.stream, header.version, header.position, header.index, header.at), (person(1), 1, 1, 0, receipt.at));
}

async fn a_hash_brought_along_is_believed_only_if_the_log_has_it(world: impl World) {
    let first = append(world.journal(), one(at(person(1), 0))).await.expect("written").streams.remove(0);
    append(world.journal(), one(at(person(1), 1))).await.expect("written");
    // A journal that has seen neither.
    let world = world.restart().await;
    let brought = |expected, hash| one(Target::Existing { stream: person(1), expected, hash: Some(hash) });
    let conflict = Err(Refusal::Conflict { stream: person(1), actual: 2 });
    assert_eq!(append(world.journal(), brought(1, first.hash)).await, conflict, "an old version");
    let world = world.restart().await;
    assert_eq!(append(world.journal(), brought(3, [3; 32])).await, conflict, "a version that is not there");
    let world = world.restart().await;
    append(world.journal(), brought(2, [3; 32])).await.expect("the right version with a wrong hash goes on from the log's");
    world.verify().await.expect("the chain is whole");
}

async fn the_chain_verifies(world: impl World) {
    for round in 0..3 {
        for id in 1..=4 {
            let mut several = one(at(person(id), round * 2));
            several.writes[0].events.push(event("two"));
            append(world.journal(), several).await.expect("written");
        }
    }
    let verified = world.verify().await.expect("the chain is whole");
    assert_eq!((verified.position, verified.streams, verified.erased), (24, 4, 0));
}

async fn erased_content_is_gone_and_the_chain_still_verifies(world: impl World) {
    let journal = world.journal();
    let secret = "Ann's address";
    for version in 0..3 {
        let writes = vec![Write { target: at(person(1), version), events: vec![event(secret)] }];
        append(journal, Append { writes, ..one(at(person(1), version)) }).await.expect("written");
    }
    let hash = journal.read_stream(person(1), 1, 1).await.expect("read")[0].hash;
    journal.save_snapshot(Snapshot { stream: person(1), version: 2, hash, fingerprint: 1, body: secret.into() }).await;
    let erasure = erasure(&[1, 3]);
    let receipt = journal.erase(erasure.clone()).await.expect("erased");
    assert_eq!(receipt.streams[0].stream, StreamId::new(Kind::Audit, ORGANISATION.0));
    assert_eq!(journal.erase(erasure).await, Err(Refusal::Duplicate(Box::new(receipt))), "a repeat");

    let log = journal.read_all(0, 10).await.expect("read");
    let payloads: Vec<_> = log[..3].iter().map(|event| event.payload.as_str()).collect();
    assert_eq!(payloads, [r#"{"text":"erased"}"#, &event(secret).payload, r#"{"text":"erased"}"#]);
    assert_eq!(log[0].meta, "{}");
    assert_eq!((log[3].event_type.as_str(), log[3].header.position, log.len()), ("erasure.performed", 4, 4));
    assert!(log[3].payload.contains(r#""reason":"asked for""#), "{}", log[3].payload);
    assert_eq!(journal.open(person(1), 1).await.expect("read").snapshot, None, "snapshots of the stream are purged");
    let verified = world.verify().await.expect("the chain is whole");
    assert_eq!((verified.position, verified.erased), (4, 2));

    append(world.journal(), one(at(person(1), 3))).await.expect("the stream goes on");
    world.journal().erase(self::erasure(&[1])).await.expect("erased again, with another substitute");
    world.verify().await.expect("the chain is whole");
}

async fn an_erasure_names_events_that_may_be_erased(world: impl World) {
    let journal = world.journal();
    append(journal, one(at(person(1), 0))).await.expect("written");
    append(journal, Append { organisation: OrganisationId(2), ..one(at(person(2), 0)) }).await.expect("written");
    journal.erase(erasure(&[1])).await.expect("erased");
    let broken = Erasure { substitutes: vec![Substitute { position: 1, meta: "{".into(), payload: "{}".into() }], ..erasure(&[]) };
    let cases = [
        ("none", erasure(&[])),
        ("an event twice", erasure(&[1, 1])),
        ("an event that is not there", erasure(&[1, 99])),
        ("position 0", erasure(&[0])),
        ("another organisation's event", erasure(&[1, 2])),
        ("the record of an erasure", erasure(&[3])),
        ("a substitute that is not JSON", broken),
    ];
    for (case, erasure) in cases {
        let refused = journal.erase(erasure).await;
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{case}: {refused:?}");
    }
    assert_eq!(journal.current_head().await.expect("read").position, 3);
    world.verify().await.expect("the chain is whole");
}

pub(crate) fn erasure(positions: &[Position]) -> Erasure {
    let substitute = |position: &Position| Substitute { position: *position, meta: "{}".into(), payload: r#"{"text":"erased"}"#.into() };
    Erasure {
        organisation: ORGANISATION,
        command: command(),
        person: PersonId(7),
        meta: Meta::default(),
        reason: "asked for".into(),
        substitutes: positions.iter().map(substitute).collect(),
        deadline: one(Target::New(Kind::Task)).deadline,
    }
}

fn long_ago() -> Instant {
    Instant::now()
}

/// One test a promise and journal. A macro, because a function cannot make tests with names.
macro_rules! promises {
    ($($promise:ident),* $(,)?) => {
        mod in_memory {
            $(#[tokio::test] async fn $promise() {
                super::$promise(<super::InMemory as super::World>::create().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test] async fn $promise() {
                super::$promise(<super::OnPostgres as super::World>::create().await).await;
            })*
        }
    };
}

promises![
    positions_have_no_gaps,
    a_repeated_command_gets_its_first_receipt,
    an_unexpected_version_is_refused,
    a_claim_is_held_by_one_stream_at_a_time,
    an_append_is_all_or_nothing_over_streams_and_claims,
    a_command_repeated_while_it_is_under_way_takes_effect_once,
    a_command_id_of_another_organisation_tells_nothing,
    the_order_within_a_stream_is_the_order_of_submission,
    after_a_refusal_the_later_ones_of_the_stream_conflict,
    an_expired_command_is_not_written,
    times_never_go_back,
    what_is_too_large_is_refused,
    what_can_never_be_written_is_malformed,
    a_full_queue_says_so_before_anything_is_decided,
    ids_of_people_and_organisations_are_handed_out_once,
    a_snapshot_counts_only_where_it_fits,
    many_open_at_once_and_each_gets_its_own,
    what_is_read_is_what_was_written,
    a_hash_brought_along_is_believed_only_if_the_log_has_it,
    the_chain_verifies,
    erased_content_is_gone_and_the_chain_still_verifies,
    an_erasure_names_events_that_may_be_erased,
];
