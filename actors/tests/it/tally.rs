//! The aggregate that these tests host: a list of numbers with a sum, and switches to make it misbehave.
//! Not for production.

use std::sync::Arc;

use actors::system::Hosted;
use domain::codec::{DecodeError, Encoded, EventSet};
use domain::directory::OrganisationDirectory;
use domain::{Aggregate, ClaimChange, ClaimKind, Code, Header, Issued, Kind, PersonId, Position, Version};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::watch;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    pub sum: i64,
    pub numbers: usize,
    pub name: Option<String>,
    pub done: bool,
    /// The position of each number's event; 0 where it is not known yet.
    pub positions: Vec<(Version, Position)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    Add(i64),
    /// Several numbers, one event each.
    AddAll(Vec<i64>),
    /// Rejected once the sum is `limit` or more.
    AddBelow {
        number: i64,
        limit: i64,
    },
    /// Rejected the second time.
    FinishOnce,
    /// Does nothing the second time.
    Finish,
    /// Claims the name in the organisation.
    Name(String),
    /// A bug.
    PanicInDecide,
    PanicInEvolve,
    PanicInDocument,
    /// Good events, and behind them one that cannot be shown.
    AddAllAndPanicInDocument(Vec<i64>),
    /// Keeps the actor from going on until the value is true; says when it has begun.
    #[serde(skip)]
    Block(Arc<Block>),
    /// An event that the log does not take.
    Oversized,
}

/// A place where a decision stands still.
#[derive(Debug)]
pub struct Block {
    pub begun: watch::Sender<bool>,
    pub released: std::sync::Barrier,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    Added(i64),
    Finished,
    Named(String),
    BadForState,
    BadForDocument,
    Large(String),
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("not below the limit")]
    Limit,
    #[error("finished before")]
    Finished,
    #[error("another organisation's")]
    Foreign,
}

impl domain::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::Limit => Code::InvalidInput,
            Self::Finished => Code::Conflict,
            Self::Foreign => Code::AccessDeniedTask,
        }
    }
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &["tally.changed"];

    fn encode(&self) -> Encoded {
        Encoded { event_type: "tally.changed", schema: 1, payload: serde_json::to_string(self).unwrap() }
    }

    fn decode(event_type: &str, _schema: i16, payload: &str) -> Result<Self, DecodeError> {
        serde_json::from_str(payload).map_err(|error| DecodeError::Shape { event_type: event_type.to_owned(), reason: error.to_string() })
    }
}

impl Aggregate for Tally {
    const KIND: Kind = Kind::Task;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, _issued: &Issued<'_>) -> Result<Vec<Event>, Rejection> {
        Ok(match command {
            Command::Add(number) => vec![Event::Added(*number)],
            Command::AddAll(numbers) => numbers.iter().copied().map(Event::Added).collect(),
            Command::AddBelow { limit, .. } if self.sum >= *limit => return Err(Rejection::Limit),
            Command::AddBelow { number, .. } => vec![Event::Added(*number)],
            Command::FinishOnce if self.done => return Err(Rejection::Finished),
            Command::Finish if self.done => Vec::new(),
            Command::Finish | Command::FinishOnce => vec![Event::Finished],
            Command::Name(name) => vec![Event::Named(name.clone())],
            Command::PanicInDecide => panic!("this decision has a bug"),
            Command::PanicInEvolve => vec![Event::BadForState],
            Command::PanicInDocument => vec![Event::BadForDocument],
            Command::AddAllAndPanicInDocument(numbers) => {
                numbers.iter().copied().map(Event::Added).chain([Event::BadForDocument]).collect()
            }
            Command::Block(block) => {
                block.begun.send_replace(true);
                block.released.wait();
                Vec::new()
            }
            Command::Oversized => vec![Event::Large("x".repeat(300 * 1024))],
        })
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        match event {
            Event::Added(number) => {
                self.sum += number;
                self.numbers += 1;
                self.positions.push((header.version, header.position));
            }
            Event::Finished => self.done = true,
            Event::Named(name) => self.name = Some(name.clone()),
            Event::BadForState => panic!("this event cannot be folded"),
            Event::BadForDocument | Event::Large(_) => {}
        }
    }

    fn settle(&mut self, version: Version, position: Position) {
        for (its, place) in self.positions.iter_mut().rev().take_while(|(its, _)| *its >= version) {
            if *its == version {
                *place = position;
            }
        }
    }

    fn claims(&self, event: &Event) -> Vec<ClaimChange> {
        let Event::Named(name) = event else { return Vec::new() };
        let change = |key: &String, taken| ClaimChange { kind: ClaimKind::ExternalId, key: key.clone(), taken };
        self.name.iter().map(|before| change(before, false)).chain([change(name, true)]).collect()
    }
}

/// What is shown: the numbers, and the name of whoever asked first, as the directory had it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub numbers: Vec<(Version, i64)>,
    pub sum: i64,
    pub by: Option<PersonId>,
    pub name: String,
    pub revision: u64,
    /// Events folded since the last snapshot was read: what is in a snapshot is not counted.
    #[serde(skip)]
    pub folded: usize,
}

impl Hosted for Tally {
    type Document = Page;
    type Published = Arc<(Page, Self)>;
    type Query = ();
    type View = Arc<(Page, Self)>;

    const DOCUMENT_REVISION: u32 = 1;
    const MESSAGES: u16 = 1;
    const SNAPSHOT_EVERY: i64 = 20;

    fn document(page: &mut Page, event: &Event, header: &Header, directory: &OrganisationDirectory) {
        page.folded += 1;
        if page.by.is_none() {
            page.by = Some(header.person);
            Self::refresh(page, directory);
        }
        match event {
            Event::Added(number) => {
                page.numbers.push((header.version, *number));
                page.sum += number;
            }
            Event::BadForDocument => panic!("this event cannot be shown"),
            Event::Finished | Event::Named(_) | Event::BadForState | Event::Large(_) => {}
        }
    }

    fn publish(&self, page: &mut Page, _directory: &OrganisationDirectory) -> Arc<(Page, Self)> {
        Arc::new((page.clone(), self.clone()))
    }

    fn fresh(published: &Arc<(Page, Self)>, directory: &OrganisationDirectory) -> bool {
        published.0.revision >= directory.revision
    }

    fn refresh(page: &mut Page, directory: &OrganisationDirectory) {
        let name = page.by.and_then(|by| directory.person(by)).map(|person| person.profile.first_name.clone());
        page.name = name.unwrap_or_default();
        page.revision = directory.revision;
    }

    fn show(published: &Arc<(Page, Self)>, (): &(), _issued: &Issued<'_>) -> Result<Arc<(Page, Self)>, Rejection> {
        if published.0.by.is_some() { Ok(published.clone()) } else { Err(Rejection::Foreign) }
    }

    fn after(published: &Arc<(Page, Self)>, _issued: &Issued<'_>) -> Arc<(Page, Self)> {
        published.clone()
    }

    fn weight(&self, page: &Page) -> usize {
        1_000 + page.numbers.len() * 16
    }
}
