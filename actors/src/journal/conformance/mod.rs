//! The promises of [`super::Journal`], each a test, run against both journals. What only Postgres can break
//! is tested beside it.

/// One test a promise and journal. A macro, because a function cannot make tests with names.
macro_rules! promises {
    ($($promise:ident),* $(,)?) => {
        mod in_memory {
            $(#[tokio::test] async fn $promise() {
                super::$promise(<crate::journal::conformance::InMemory as crate::journal::conformance::World>::create().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test] async fn $promise() {
                super::$promise(<crate::journal::conformance::OnPostgres as crate::journal::conformance::World>::create().await).await;
            })*
        }
    };
}

mod appends;
mod chain;
mod reads;
mod refusals;

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::codec::Encoded;
use domain::{CommandId, Kind, OrganisationId, PersonId, StreamId, Version};
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
        premise: Premise::default(),
        deadline: Instant::now() + Duration::from_secs(20),
    }
}

pub(crate) fn at(stream: StreamId, expected: Version) -> Target {
    Target::Existing { stream, expected, hash: None }
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
        release: None,
        deadline: one(Target::New(Kind::Task)).deadline,
    }
}

/// A deadline that has passed.
pub(crate) fn long_ago() -> Instant {
    Instant::now()
}
