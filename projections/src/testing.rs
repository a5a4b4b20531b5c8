//! A log for tests, written by plain inserts in the frame that the journal gives its events, and a follower
//! that counts. The chain's hashes are placeholders: no follower reads them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::audit;
use domain::codec::{Encoded, EventSet};
use domain::organisation::{self, Settings as Organisation};
use domain::task::event::{Commented, Created, Event, Text};
use domain::testing::{HOME, moment, ordinary, role_created};
use domain::{Kind, OrganisationId, PersonId, Position, Recorded, StreamId, TaskId, person};
use jiff::{Timestamp, ToSpan};
use jiff_sqlx::ToSqlx;
use sqlx::postgres::PgPoolOptions;
use sqlx::{PgConnection, PgPool};
use test_database::TestDatabase;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::failure::{Reason, Refused};
use crate::feed::{self, Feed, PART, Wake};
use crate::follower::Follower;
use crate::generation::Generation;
use crate::lease::{self, Leases};
use crate::lookout::Lookout;
use crate::progress::{Progress, State};
use crate::rebuild;
use crate::runner::{Runner, Settings};

/// How long a test waits for what must happen.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// A database with a log, and who tells of its head.
pub(crate) struct Log {
    pub pool: PgPool,
    pub tell: watch::Sender<(i64, i64)>,
    database: TestDatabase,
}

/// When the event at `position` was recorded.
pub(crate) fn at(position: Position) -> Timestamp {
    moment("2026-03-02T10:00:00Z").checked_add(position.seconds()).expect("a short log")
}

impl Log {
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let pool = database.pool(12).await;
        let head = feed::head(&pool).await.expect("the head is read");
        Self { pool, tell: watch::Sender::new((head.incarnation, head.position)), database }
    }

    /// The same log as seen by a process of its own.
    pub fn elsewhere(&self) -> Elsewhere {
        Elsewhere { url: self.database.url.clone(), wake: self.tell.subscribe() }
    }

    /// Lets the time of a lease pass.
    pub async fn let_lease_run_out(&self, name: &str) {
        sqlx::query("UPDATE lease SET until = clock_timestamp() - interval '1 second' WHERE name = $1")
            .bind(name)
            .execute(&self.pool)
            .await
            .expect("time passes");
    }

    /// Appends one command's events to one stream and returns the position of the last.
    pub async fn append(&self, stream: impl Into<StreamId>, by: PersonId, events: &[Encoded]) -> Position {
        self.append_in(HOME, stream.into(), by, events).await
    }

    pub async fn append_in(&self, organisation: OrganisationId, stream: StreamId, by: PersonId, events: &[Encoded]) -> Position {
        let mut tx = self.pool.begin().await.expect("a transaction");
        let (incarnation, position): (i64, i64) = sqlx::query_as("SELECT incarnation, position FROM log_head WHERE part = $1 FOR UPDATE")
            .bind(PART)
            .fetch_one(&mut *tx)
            .await
            .expect("the head is locked");
        let (version,): (i64,) =
            sqlx::query_as("SELECT coalesce(max(version), 0) FROM event WHERE part = $1 AND kind = $2 AND stream = $3")
                .bind(PART)
                .bind(stream.kind.number())
                .bind(stream.id)
                .fetch_one(&mut *tx)
                .await
                .expect("the version is read");
        let count = i64::try_from(events.len()).expect("few events");
        sqlx::query(
            "INSERT INTO event (part, position, organisation, kind, stream, version, type, schema, at, person, command, index,
                                meta, payload, salt, digest, hash)
             SELECT $1, $2 + n, $3, $4, $5, $6 + n, type, schema, at, $7, $8, n - 1, '{}', payload::json,
                    decode(repeat('01', 16), 'hex'), decode(repeat('02', 32), 'hex'), decode(repeat('03', 32), 'hex')
             FROM unnest($9::text[], $10::smallint[], $11::text[], $12::timestamptz[]) WITH ORDINALITY AS e (type, schema, payload, at, n)",
        )
        .bind(PART)
        .bind(position)
        .bind(organisation.0)
        .bind(stream.kind.number())
        .bind(stream.id)
        .bind(version)
        .bind(by.0)
        .bind(Uuid::from_u128(u128::from(position.unsigned_abs()) + 1))
        .bind(events.iter().map(|event| event.event_type).collect::<Vec<_>>())
        .bind(events.iter().map(|event| event.schema).collect::<Vec<_>>())
        .bind(events.iter().map(|event| event.payload.as_str()).collect::<Vec<_>>())
        .bind((1..=count).map(|n| at(position + n).to_sqlx()).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await
        .expect("the events are inserted");
        let end = position + count;
        sqlx::query("UPDATE log_head SET position = $2 WHERE part = $1")
            .bind(PART)
            .bind(end)
            .execute(&mut *tx)
            .await
            .expect("the head moves");
        tx.commit().await.expect("the append commits");
        self.tell.send_if_modified(|head| {
            let newer = *head < (incarnation, end);
            *head = (*head).max((incarnation, end));
            newer
        });
        end
    }

    /// Replaces the payloads at these positions and records it, as the journal does.
    pub async fn erase(&self, substitutes: &[(Position, Encoded)]) -> Position {
        let positions: Vec<i64> = substitutes.iter().map(|(position, _)| *position).collect();
        let payloads: Vec<&str> = substitutes.iter().map(|(_, encoded)| encoded.payload.as_str()).collect();
        sqlx::query("SELECT log_erase($1, $2, array_fill('{}'::text, ARRAY[cardinality($2)]), $3)")
            .bind(PART)
            .bind(&positions)
            .bind(payloads)
            .execute(&self.pool)
            .await
            .expect("the payloads are replaced");
        let events = positions.into_iter().map(|position| audit::Erased { position, digest: String::new() }).collect();
        let performed = audit::Event::Performed(audit::Performed { reason: "asked for".to_owned(), events });
        self.append(StreamId::new(Kind::Audit, HOME.0), PersonId::SYSTEM, &[performed.encode()]).await
    }

    /// A task by `author` with one text.
    pub async fn task(&self, id: i64, author: PersonId) -> Position {
        self.append(TaskId(id), author, &[created(Created { text: text("Paint the fence"), ..empty() })]).await
    }

    pub async fn say(&self, task: i64, by: PersonId, words: &str) -> Position {
        self.append(TaskId(task), by, &[said(words)]).await
    }

    pub async fn organisation(&self, id: OrganisationId, name: &str) -> Position {
        let settings = Organisation { name: name.to_owned(), time_zone: "Europe/Berlin".to_owned(), locale: "en-US".to_owned() };
        self.append_in(id, id.into(), PersonId::SYSTEM, &[organisation::Event::Created(Box::new(settings)).encode()]).await
    }

    pub async fn person(&self, id: PersonId, name: &str) -> Position {
        let added = ordinary(name, &format!("{}@example.org", name.to_lowercase()));
        self.append(id, PersonId::SYSTEM, &[person::Event::Added(Box::new(added)).encode()]).await
    }

    pub async fn role(&self, id: PersonId, name: &str, members: &[PersonId]) -> Position {
        let created = role_created(name, members.iter().copied());
        self.append(StreamId::new(Kind::Role, id.0), PersonId::SYSTEM, &[created.encode()]).await
    }

    /// Everything from the first event on.
    pub async fn all(&self, kinds: &[Kind]) -> Vec<Recorded> {
        let feed = Feed::new(self.pool.clone(), kinds, self.tell.subscribe());
        let head = feed.head().await.expect("the head is read");
        feed.read(0, head.position, usize::MAX).await.expect("the log is read").events
    }

    /// Starts a follower of the view in this process, as one node's.
    pub async fn follow<F: Follower + Clone>(&self, follower: &F, settings: Settings) -> Followed<F> {
        follow(follower, settings, self.pool.clone(), self.tell.subscribe()).await
    }
}

async fn follow<F: Follower + Clone>(follower: &F, settings: Settings, pool: PgPool, wake: Wake) -> Followed<F> {
    let generation = rebuild::ensure(follower, &pool).await.expect("the view is made");
    let first = Progress { generation, incarnation: 0, position: 0, state: State::Waiting, parked_streams: 0, level_at: None };
    let (tell, progress) = watch::channel(first);
    let feed = Feed::of::<F>(pool.clone(), wake.clone());
    let shutdown = CancellationToken::new();
    let (leases, keeper) = Leases::start(&pool, a_holder(), settings.lease, shutdown.clone());
    let lookout = Lookout::new(pool.clone(), progress.clone(), wake);
    let runner = Runner { follower: follower.clone(), pool, feed, settings, progress: tell, leases: Some(leases) };
    let tasks = [tokio::spawn(runner.run(shutdown.clone())), keeper];
    Followed { progress, lookout, shutdown, tasks }
}

/// A log as a process of its own reaches it.
pub(crate) struct Elsewhere {
    url: String,
    wake: Wake,
}

impl Elsewhere {
    pub async fn follow<F: Follower + Clone>(self, follower: &F, settings: Settings) -> Followed<F> {
        let (pool, wake) = self.connect().await;
        follow(follower, settings, pool, wake).await
    }

    pub async fn connect(self) -> (PgPool, Wake) {
        let pool = PgPoolOptions::new().max_connections(8).connect(&self.url).await.expect("the database answers");
        (pool, self.wake)
    }
}

/// Some node that has just started.
#[expect(clippy::disallowed_methods, reason = "names a process that no other test may have; recorded in no log")]
pub(crate) fn a_holder() -> Uuid {
    Uuid::new_v4()
}

/// A running follower.
pub(crate) struct Followed<F> {
    pub progress: watch::Receiver<Progress>,
    pub lookout: Lookout<F>,
    shutdown: CancellationToken,
    tasks: [JoinHandle<()>; 2],
}

impl<F> Followed<F> {
    /// Waits until it is as `wanted`.
    pub async fn until(&self, wanted: impl FnMut(&Progress) -> bool) -> Progress {
        let mut progress = self.progress.clone();
        tokio::time::timeout(SOON, progress.wait_for(wanted)).await.expect("it comes about").expect("the follower runs").clone()
    }

    pub async fn reaches(&self, position: Position) -> Progress {
        self.until(|progress| progress.position >= position).await
    }

    /// Stops it, and leaves who waits for its view.
    pub async fn stop(self) -> Lookout<F> {
        self.shutdown.cancel();
        for task in self.tasks {
            task.await.expect("it ends in order");
        }
        self.lookout
    }
}

/// Every row of a generation of the inbox.
pub(crate) async fn inbox_rows(log: &Log, generation: &Generation) -> Vec<(String,)> {
    let sql = generation.sql(
        "SELECT 'task ' || to_jsonb(t)::text FROM {view}.inbox_task t
         UNION ALL SELECT 'entry ' || to_jsonb(e)::text FROM {view}.inbox_entry e
         UNION ALL SELECT 'snooze ' || to_jsonb(z)::text FROM {view}.inbox_snooze z
         UNION ALL SELECT 'mark ' || to_jsonb(m)::text FROM {view}.inbox_mark m ORDER BY 1",
    );
    sqlx::query_as(sql).fetch_all(&log.pool).await.expect("the rows are read")
}

/// Followers that notice soon.
pub(crate) fn eager() -> Settings {
    Settings {
        poll: Duration::from_millis(50),
        backoff_max: Duration::from_millis(200),
        lease: lease::Settings { look: Duration::from_millis(20), ..lease::Settings::default() },
        ..Settings::default()
    }
}

pub(crate) fn empty() -> Created {
    Created::default()
}

pub(crate) fn text(words: &str) -> Text {
    Text { text: words.to_owned(), ..Text::default() }
}

pub(crate) fn created(created: Created) -> Encoded {
    Event::Created(Box::new(created)).encode()
}

pub(crate) fn said(words: &str) -> Encoded {
    Event::Commented(Box::new(Commented::from(text(words)))).encode()
}

/// An event that no build has heard of.
pub(crate) fn unheard_of() -> Encoded {
    Encoded { event_type: "task.unheard_of", schema: 1, payload: "{}".to_owned() }
}

/// Counts the events of each task. A batch that is taken in twice counts twice: nothing but the checkpoint
/// keeps it right.
#[derive(Clone, Default)]
pub(crate) struct Counter {
    /// Takes in what it chokes on otherwise: events unheard of, and the texts `panic`, `choke` and `linger`.
    pub healed: Arc<AtomicBool>,
    /// Told when it lingers in its transaction for ever.
    pub lingers: Arc<Notify>,
}

impl Follower for Counter {
    const NAME: &'static str = "counter";
    const KINDS: &'static [Kind] = &[Kind::Task];
    const SQL: &'static str = "CREATE TABLE counter (task bigint PRIMARY KEY, events bigint NOT NULL);";
    const REVISION: u32 = 1;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        let tasks: Vec<i64> = events.iter().map(|event| event.header.stream.id).collect();
        sqlx::query(
            "INSERT INTO counter (task, events) SELECT task, count(*) FROM unnest($1::bigint[]) AS s (task) GROUP BY task
             ON CONFLICT (task) DO UPDATE SET events = counter.events + EXCLUDED.events",
        )
        .bind(&tasks)
        .execute(&mut *tx)
        .await?;
        if self.healed.load(Ordering::SeqCst) {
            return Ok(());
        }
        for event in events {
            let position = event.header.position;
            if let Err(error) = Event::decode(&event.event_type, event.schema, &event.payload) {
                return Err(Refused::Park { position, reason: Reason::Undecodable(error) });
            }
            assert!(!event.payload.contains("panic"), "a bug");
            if event.payload.contains("linger") {
                self.lingers.notify_one();
                std::future::pending::<()>().await;
            }
            if event.payload.contains("choke") {
                sqlx::query("SELECT 1 / 0").execute(&mut *tx).await?;
            }
        }
        Ok(())
    }
}

impl Counter {
    /// Events counted, by task.
    pub async fn counts(log: &Log, schema: &str) -> Vec<(i64, i64)> {
        let sql = format!("SELECT task, events FROM {schema}.counter ORDER BY task");
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&log.pool).await.expect("the view is read")
    }
}
