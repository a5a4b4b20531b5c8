//! What can have happened to an organisation.

use serde::{Deserialize, Serialize};

/// An organisation's settings. The whole of them is in every event that touches one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub name: String,
    /// IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
    /// Such as `en-US`; the language of error texts and of people who chose none.
    pub locale: String,
}

/// Everything that can have happened to an organisation.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `organisation.created`: always the first of its stream, and only there.
    Created(Box<Settings>),
    /// `organisation.changed`
    Changed(Box<Settings>),
}
