//! A log in memory with actors on it, and short words for what the tests ask of them.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actors::journal::memory::MemoryJournal;
use actors::journal::{Append, Journal, Meta, Premise, Receipt, Refusal, Target, Write};
use actors::system::{Done, Reading, Refused, Request, Seen, Settings, Stale, Surroundings, System};
use domain::codec::EventSet;
use domain::testing::{ANNA, HOME};
use domain::{CommandId, Directory, Position, StreamId, Version};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::tally::{Command, Event, Page, Tally};

/// Longer than anything here takes; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub type View = Arc<(Page, Tally)>;
pub type Answer = Result<Done<View>, Refused>;

/// The directory around the actors; may be changed, or be too old.
#[derive(Clone)]
pub struct Around(pub Arc<Mutex<Result<Directory, Stale>>>);

impl Surroundings for Around {
    fn directory(&self) -> Result<(Directory, Position), Stale> {
        self.0.lock().unwrap().clone().map(|directory| (directory, 7))
    }

    fn caught_up(&self, _position: Position) -> BoxFuture<'_, Result<(), Stale>> {
        Box::pin(std::future::ready(self.directory().map(drop)))
    }
}

#[derive(Clone)]
pub struct World {
    pub journal: MemoryJournal,
    pub around: Around,
    pub system: System,
}

impl World {
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Self {
        let around = Around(Arc::new(Mutex::new(Ok(domain::testing::directories()))));
        Self::on(MemoryJournal::new(), around, settings).await
    }

    async fn on(journal: MemoryJournal, around: Around, settings: Settings) -> Self {
        let settings = Settings { arbiters: 2, ..settings };
        let system = System::start(Arc::new(journal.clone()), Arc::new(around.clone()), settings).await.unwrap();
        Self { journal, around, system }
    }

    /// Long enough for every actor to count as idle.
    pub fn idle(&self) -> Duration {
        Settings::default().idle + PATIENCE
    }

    /// Other actors on the same log, as on another node.
    pub async fn elsewhere(&self) -> Self {
        Self::on(self.journal.reopened(), self.around.clone(), Settings { node: "two".into(), ..Settings::default() }).await
    }

    /// A fresh tally with one number.
    pub async fn tally(&self, number: i64) -> StreamId {
        self.system.create::<Tally>(request(), Command::Add(number)).await.unwrap().stream
    }

    pub async fn ask(&self, stream: StreamId, command: Command) -> Answer {
        self.system.execute::<Tally>(stream, request(), command).await
    }

    /// Asks without waiting for the answer.
    pub fn send(&self, stream: StreamId, request: Request, command: Command) -> tokio::task::JoinHandle<Answer> {
        let system = self.system.clone();
        tokio::spawn(async move { system.execute::<Tally>(stream, request, command).await })
    }

    pub async fn read(&self, stream: StreamId) -> Result<Seen<View>, Refused> {
        self.read_at_least(stream, None).await
    }

    pub async fn read_at_least(&self, stream: StreamId, at_least: Option<Position>) -> Result<Seen<View>, Refused> {
        let reading = Reading { organisation: HOME, who: ANNA, at_least, deadline: Instant::now() + PATIENCE };
        self.system.read::<Tally>(stream, reading, ()).await
    }

    pub async fn sum(&self, stream: StreamId) -> i64 {
        self.read(stream).await.unwrap().view.0.sum
    }

    /// Waits until so many commands wait for the journal.
    pub async fn waiting(&self, commands: usize) {
        until(|| self.journal.waiting() >= commands).await;
    }

    /// Waits until the actors have been told of all that is in the log.
    pub async fn tailed(&self) {
        let head = self.journal.current_head().await.unwrap().position;
        within(self.system.tailed().wait_for(|tailed| *tailed >= head)).await.unwrap();
    }

    /// Whether the stream's actor lives on this node. It does not any more afterwards.
    pub async fn holds(&self, stream: StreamId) -> bool {
        self.system.forget::<Tally>(stream).await.unwrap()
    }

    /// Writes past the actors.
    pub fn written_elsewhere(&self, stream: StreamId, expected: Version, number: i64) -> Result<Receipt, Refusal> {
        self.journal.append_elsewhere(Append {
            organisation: HOME,
            command: command_id(),
            person: ANNA,
            meta: Arc::default(),
            writes: vec![Write { target: Target::Existing { stream, expected, hash: None }, events: vec![Event::Added(number).encode()] }],
            claims: Vec::new(),
            premise: Premise::default(),
            deadline: Instant::now() + PATIENCE,
        })
    }

    /// The numbers that the log holds for a stream, in order.
    pub async fn logged(&self, stream: StreamId) -> Vec<i64> {
        let events = self.journal.read_stream(stream, 0, usize::MAX).await.unwrap();
        let decoded = events.iter().map(|event| Event::decode(&event.event_type, event.schema, &event.payload).unwrap());
        decoded.filter_map(|event| if let Event::Added(number) = event { Some(number) } else { None }).collect()
    }
}

#[expect(clippy::disallowed_methods, reason = "a test is the edge where ids are minted")]
pub fn command_id() -> CommandId {
    CommandId(Uuid::new_v4())
}

pub fn request() -> Request {
    Request {
        organisation: HOME,
        who: ANNA,
        command: command_id(),
        keyed: false,
        meta: Meta::default(),
        deadline: Instant::now() + PATIENCE,
        arrived: 0,
        brief: false,
        trace: None,
    }
}

/// A request whose client named it.
pub fn keyed(key: &str, fingerprint: &str) -> Request {
    let meta = Meta { fingerprint: Some(fingerprint.to_owned()), ..Meta::default() };
    Request { command: CommandId::from_key(HOME, ANNA, key), keyed: true, meta, ..request() }
}

/// Waits for a future, but not for ever.
pub async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it takes too long")
}

/// Waits until something that other threads bring about is so.
pub async fn until(so: impl Fn() -> bool) {
    within(async {
        while !so() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
