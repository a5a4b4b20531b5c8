//! A form: the template of tasks with typed fields and a route of steps. It has a draft and a published definition, and levels of
//! permission. Which values a task holds is the task's own matter ([`crate::task::form`]), and where it stands on its route is
//! decided in [`crate::workflow`].

pub mod access;
pub mod check;
pub mod definition;
pub mod event;
pub mod files;
pub mod fill;
pub mod items;
pub mod rejection;
pub mod scope;
pub mod state;
pub mod subprocess;
pub mod value;

mod close;
mod codec;
mod create;
mod draft;
mod permit;
pub mod print;
mod publish;

pub use access::Level;
pub use definition::{Approver, Choice, Definition, Field, FieldId, FieldKind, Rule, Step, Who};
pub use event::{Created, Event, Settings};
pub use items::{Lookup, Picked, Taken};
pub use print::{PrintForm, SavePrint};
pub use rejection::Rejection;
pub use state::Form;
pub use subprocess::Subprocess;
pub use value::{Row, RowId, Table, Value};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, Events};
use crate::id::{Kind, PersonId, Version};
use crate::issued::Issued;
use crate::recorded::Header;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// `POST /forms`: only on a stream without events. What it defines is published at once.
    Create(Box<Create>),
    /// `PUT /forms/{id}`: what is given changes; a definition becomes the draft.
    Change(Box<Change>),
    /// `POST /forms/{id}/publish`: the draft is what new and running tasks go by.
    Publish,
    /// `POST /forms/{id}/permissions`
    Permit(BTreeMap<PersonId, Level>),
    /// Takes no more tasks; those that run go on.
    Close,
    Reopen,
    /// `POST /forms/{id}/print_forms`, `PUT /forms/{id}/print_forms/{print_form_id}`
    SavePrint(Box<SavePrint>),
    /// `DELETE /forms/{id}/print_forms/{print_form_id}`
    RemovePrint(u32),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Create {
    #[serde(with = "crate::snapshot::as_json")]
    pub settings: Settings,
    #[serde(with = "crate::snapshot::as_json")]
    pub definition: Definition,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub name: Option<String>,
    pub folder: Option<Vec<String>>,
    pub business_owners: Option<Vec<PersonId>>,
    #[serde(with = "crate::snapshot::as_json")]
    pub definition: Option<Definition>,
    /// The version of the definition that the asker has seen: refused as a conflict if there is another by now.
    pub version: Option<Version>,
}

impl Aggregate for Form {
    const KIND: Kind = Kind::Form;
    const REVISION: u32 = 3;
    type Command = Command;
    type Event = Event;
    type Rejection = Rejection;

    fn decide(&self, command: &Command, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match command {
            Command::Create(create) => self.create(create, issued),
            Command::Change(change) => self.change(change, issued),
            Command::Publish => self.publish(issued),
            Command::Permit(levels) => self.permit(levels, issued),
            Command::Close => self.close(issued),
            Command::Reopen => self.reopen(issued),
            Command::SavePrint(save) => self.save_print(save, issued),
            Command::RemovePrint(id) => self.remove_print(*id, issued),
        }
    }

    fn evolve(&mut self, event: &Event, header: &Header) {
        self.fold(event, header);
    }

    fn settle(&mut self, version: crate::id::Version, position: crate::id::Position) {
        if self.shown_version == version {
            self.shown_changed = position;
        }
    }
}
