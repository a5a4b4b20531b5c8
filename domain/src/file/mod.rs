//! A file: what somebody uploaded, or a link that stands where a file can. What may happen to it, one verb a file. Not its bytes, which
//! are kept outside of the log under their hash, nor where it is attached: tasks record that themselves, with all that readers are
//! shown ([`Attached`]).
//!
//! A file never changes. What replaces it is another file that is a *version* of it: the stream of the first one, the *root*, gives out
//! the numbers, so that two who bring a version at once get two.

pub mod access;
pub mod attached;
pub mod event;
pub mod name;
pub mod rejection;
pub mod state;
pub mod wanted;

mod codec;
mod erase;
mod link;
mod remove;
mod upload;
mod version;

pub use attached::Attached;
pub use event::{Event, Linked, Uploaded};
pub use rejection::Rejection;
pub use state::File;
pub use upload::named;
pub use wanted::{Brought, Wanted};

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, Events};
use crate::id::{FileId, Kind};
use crate::issued::Issued;
use crate::recorded::Header;

/// Characters in a file's name.
pub const NAME_CHARACTERS_MAX: usize = 255;
/// Bytes in the address of a link.
pub const URL_BYTES_MAX: usize = 2_048;
/// Versions of one file.
pub const VERSIONS_MAX: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Only on a stream without events: its bytes are kept already.
    Upload(Box<Uploaded>),
    /// Likewise: an address in place of bytes.
    Link(Linked),
    /// Gives `file` the next number among the versions of this one; a repeat finds the number that it has.
    AddVersion { file: FileId },
    /// Records in a version whose it is.
    BecomeVersion { root: FileId, version: u32 },
    /// Its bytes go. Only by the system.
    Remove,
}

impl Aggregate for File {
    const KIND: Kind = Kind::File;
    const REVISION: u32 = 2;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Upload(upload) => self.upload(upload, issued),
            Command::Link(link) => self.link(link, issued),
            Command::AddVersion { file } => self.add_version(*file, issued),
            Command::BecomeVersion { root, version } => self.become_version(*root, *version, issued),
            Command::Remove => self.remove(issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }
}
