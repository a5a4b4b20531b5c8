//! A saved filter: a question about tasks that somebody asks again and again, and how its answer is shown. A person's own, or shared.
//! What may happen to it, one verb a file. Not which tasks meet it: that is found for whoever asks, by what they may see.

pub mod access;
pub mod event;
pub mod over;
pub mod presentation;
pub mod rejection;
pub mod state;

mod change;
mod codec;
mod create;
mod delete;
mod share;

pub use event::{Event, Settings};
pub use over::{Over, Whose};
pub use presentation::{Column, Presentation, Sort, View};
pub use rejection::Rejection;
pub use share::Shared;
pub use state::Filter;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::aggregate::{Aggregate, Events};
use crate::id::Kind;
use crate::issued::Issued;
use crate::recorded::Header;

/// Characters of a filter's name.
pub const NAME_CHARACTERS_MAX: usize = 200;
/// Bytes of a query, as JSON.
pub const QUERY_BYTES_MAX: usize = 16 * 1024;
/// Filters that one person may have.
pub const FILTERS_MAX: usize = 500;

/// What is to be found, in the language of the route that answers the same: `over` says of what, `members` is the rest of it. Whoever
/// gives the command has seen that this can be asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Query {
    pub over: Over,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub members: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events.
    Create(#[serde(with = "crate::snapshot::as_json")] Box<Settings>),
    /// Sets what is given, each as a whole.
    Change(#[serde(with = "crate::snapshot::as_json")] Box<Change>),
    Delete,
}

/// `PUT /filters/{id}`: what is present changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub name: Option<String>,
    pub query: Option<Query>,
    pub presentation: Option<Presentation>,
    pub shared: Option<Shared>,
}

impl Aggregate for Filter {
    const KIND: Kind = Kind::Filter;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(settings) => self.create(settings, issued),
            Command::Change(change) => self.change(change, issued),
            Command::Delete => self.delete(issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }
}
