//! What the log records about itself. Each organisation has one such stream, numbered like it. Not an aggregate: nobody
//! decides here; the journal writes these events with what they tell of.

pub mod access;
mod codec;

use serde::{Deserialize, Serialize};

use crate::id::Position;

pub use codec::PERFORMED;

/// Everything that can have happened to the log itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `erasure.performed`
    Performed(Performed),
}

/// `erasure.performed`: from here on these events hold substitutes in place of what they held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performed {
    /// Why; holds no personal data.
    pub reason: String,
    pub events: Vec<Erased>,
}

/// One event that holds a substitute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    pub position: Position,
    /// SHA-256 of the substitute without a salt, in hexadecimal digits.
    pub digest: String,
}

impl Performed {
    pub fn positions(&self) -> Vec<Position> {
        self.events.iter().map(|erased| erased.position).collect()
    }
}
