//! Whom a filter is shared with. To share it shows what is asked, and no task: each reader finds what they may see.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Rejection;
use crate::id::PersonId;
use crate::issued::{Asker, Issued};
use crate::rights::Deed;

/// Persons and roles that one filter is shared with. Whoever has more makes a role.
pub const SHARED_MAX: usize = 200;

/// Whom it is shared with, its owner aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shared {
    /// Everybody of the organisation but guests.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub everyone: bool,
    /// Persons and roles.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub with: BTreeSet<PersonId>,
}

impl Shared {
    pub fn is_nobody(&self) -> bool {
        !self.everyone && self.with.is_empty()
    }

    /// Takes it, or says what is wrong with it. Those who were there before may have gone since.
    pub(super) fn check(&self, before: &Self, issued: &Issued<'_>) -> Result<(), Rejection> {
        if self == before {
            return Ok(());
        }
        if !self.is_nobody() && !issued.permits(Deed::ShareFilters) {
            return Err(Rejection::GuestShares);
        }
        if self.with.len() > SHARED_MAX {
            return Err(Rejection::SharedTooWidely);
        }
        let knows = |person| match issued.asker() {
            Asker::System => true,
            Asker::Person(asker) => asker.knows(person) || issued.directory.acts_as(asker.id, person),
            Asker::Nobody => false,
        };
        let right = |person: PersonId| issued.directory.acts(person) && knows(person);
        let fresh = self.with.difference(&before.with);
        if fresh.copied().all(right) { Ok(()) } else { Err(Rejection::SharedWithNobody) }
    }
}
