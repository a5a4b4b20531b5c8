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

/// A log and a journal over it.
pub(super) trait World: Sized {
    async fn create() -> Self;
    fn journal(&self) -> &dyn Journal;
    /// Another journal over the same log; this one is stopped.
    async fn restart(self) -> Self;
}

pub(super) struct InMemory(MemoryJournal);

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
}

pub(super) struct OnPostgres {
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
pub(super) async fn append(journal: &dyn Journal, append: Append) -> Result<Receipt, Refusal> {
    submit(journal, append).await.expect("the completion is called")
}

pub(super) fn submit(journal: &dyn Journal, append: Append) -> oneshot::Receiver<Result<Receipt, Refusal>> {
    let (answer, answered) = oneshot::channel();
    let permit = journal.reserve().expect("there is a place");
    permit.submit(append, Box::new(move |outcome| drop(answer.send(outcome))));
    answered
}

pub(super) const ORGANISATION: OrganisationId = OrganisationId(1);

#[expect(clippy::disallowed_methods, reason = "a test is an edge")]
pub(super) fn command() -> CommandId {
    CommandId(Uuid::new_v4())
}

pub(super) fn event(text: &str) -> Encoded {
    Encoded { event_type: "test.happened", schema: 1, payload: serde_json::json!({ "text": text }).to_string() }
}

pub(super) fn person(id: i64) -> StreamId {
    StreamId::new(Kind::Person, id)
}

/// An append of one event.
#[expect(clippy::disallowed_methods, reason = "deadlines are on the monotonic clock")]
pub(super) fn one(target: Target) -> Append {
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

pub(super) fn at(stream: StreamId, expected: Version) -> Target {
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
];
