//! A catalog: a table that forms take values from, such as vendors or cost centres. Its first column names each row. Not what
//! forms make of it, nor how it is shown.
//!
//! A catalog may be far larger than what one command may write, so every change of items goes the same way: the decision
//! finds what differs ([`difference`]), records it in chunks that have no effect yet (`catalog.items_changed`), and ends with
//! a small `catalog.synced`, with which all of it takes effect at once ([`stage`]). What does not fit into one command goes on
//! with the same command asked again, under the next id, until the catalog says that nothing is left ([`Changed::goes_on`]).

pub mod access;
pub mod change;
pub mod columns;
pub mod departments;
pub mod difference;
pub mod event;
pub mod filter;
pub mod heading;
pub mod items;
pub mod people;
pub mod rejection;
pub mod row;
pub mod stage;
pub mod state;

mod codec;
mod create;
mod delete;

#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod samples;

pub use change::{NewItem, Sync, Upsert};
pub use columns::{Column, ColumnKind};
pub use departments::DEPARTMENTS;
pub use difference::Step;
pub use event::{ColumnSetting, Created, Event, ItemsChanged, Placed, Settings, Synced};
pub use filter::Filter;
pub use heading::Heading;
pub use items::{Item, Items};
pub use rejection::Rejection;
pub use row::Row;
pub use stage::Changed;
pub use state::Catalog;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, Events};
use crate::id::{CommandId, Kind};
use crate::issued::Issued;
use crate::recorded::Header;
use crate::task::command::PersonRef;

/// Items that are not deleted, in one catalog.
pub const ITEMS_MAX: usize = 50_000;
/// Deleted items that a catalog keeps.
pub const DELETED_ITEMS_MAX: usize = 50_000;
/// Columns of a catalog.
pub const COLUMNS_MAX: usize = 100;
/// Characters in a cell.
pub const CELL_CHARACTERS_MAX: usize = 500;
/// Characters in a column's name, in the catalog's, and in any other of its attributes.
pub const NAME_CHARACTERS_MAX: usize = 200;
/// Bytes of text in all items of a catalog, deleted ones included: what an actor holds in memory.
pub const TEXT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Supervisors of a catalog.
pub const SUPERVISORS_MAX: usize = 500;

/// Cheap to clone: what is long is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events, or to go on with it.
    Create(Arc<Create>),
    /// All items, as they shall be.
    Sync(Arc<Sync>),
    /// Some items.
    Upsert(Arc<Upsert>),
    ChangePeople {
        added: Vec<PersonRef>,
        removed: Vec<PersonRef>,
    },
    Delete,
}

/// `PUT /catalogs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    /// The request: what belongs together.
    pub batch: CommandId,
    pub name: String,
    /// `default`, `hierarchical`, `fill_table`, or what another system is called.
    pub source_type: Option<String>,
    pub external_id: Option<String>,
    pub external_version: Option<String>,
    pub column_settings: Vec<ColumnSetting>,
    /// Of text; the first names each row.
    pub columns: Vec<String>,
    /// After them.
    pub workflow_columns: Vec<String>,
    pub items: Vec<NewItem>,
    pub supervisors: Vec<PersonRef>,
}

impl Aggregate for Catalog {
    const KIND: Kind = Kind::Catalog;
    const REVISION: u32 = 1;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(create) => self.create(create, issued),
            Command::Sync(sync) => self.sync(sync, issued),
            Command::Upsert(upsert) => self.upsert(upsert, issued),
            Command::ChangePeople { added, removed } => self.change_people(added, removed, issued),
            Command::Delete => self.delete(issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }
}
