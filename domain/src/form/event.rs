//! What can have happened to a form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::access::Level;
use super::definition::Definition;
use super::print::PrintForm;
use crate::id::PersonId;

/// What a form is called, where it lies, and whose it is. The whole of it is in every event that touches a part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    #[serde(default)]
    pub name: String,
    /// The path of folders to it, from the top.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folder: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub business_owners: Vec<PersonId>,
}

/// `form.created`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Created {
    #[serde(flatten)]
    pub settings: Settings,
    pub definition: Definition,
}

/// Everything that can have happened to a form.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `form.created`: always the first of its stream, and only there. Its definition is template version 1.
    Created(Box<Created>),
    /// `form.changed`
    Changed(Box<Settings>),
    /// `form.drafted`: what is published next.
    Drafted(Box<Definition>),
    /// `form.published`: the draft is the form from now on.
    Published,
    /// `form.permitted`: levels of persons and roles; `none` takes one away.
    Permitted { levels: BTreeMap<PersonId, Level> },
    /// `form.closed`: takes no more tasks.
    Closed,
    /// `form.reopened`
    Reopened,
    /// `form.print_saved`: what its tasks are printed with, new or changed.
    PrintSaved(Box<PrintForm>),
    /// `form.print_removed`
    PrintRemoved { id: u32 },
}
