//! Who may do what with a person. The only place that decides it.
//!
//! - The system (the command line, policies) may do everything.
//! - Everybody may change their own profile, key and password, but neither their rights nor whether
//!   they are blocked.
//! - Who holds `MANAGE_PERSONS` may change others. Whoever can change somebody's address or key can
//!   act as them, so nobody manages a person who holds a right that they do not hold themselves; and
//!   nobody grants such a right. Rights that every newcomer gets do not count here.
//! - `INVITE_PERSONS` or `MANAGE_PERSONS` adds people.
//! - The blocked may do nothing.

use super::{Person, Rejection, rights};
use crate::issued::{Asker, Issued};

impl Person {
    /// The asker may use their own account at all, and this person is there.
    pub(super) fn reachable(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        allowed_to_ask(issued)?;
        if !self.exists || self.organisation != issued.organisation {
            return Err(Rejection::Unknown);
        }
        Ok(())
    }

    /// The asker manages this person, who is somebody else.
    pub(super) fn managed(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.reachable(issued)?;
        if issued.who == self.id || !issued.may(rights::MANAGE_PERSONS) {
            return Err(Rejection::AccessDenied);
        }
        holds(issued, self.rights)
    }

    /// The asker is this person, or manages them.
    pub(super) fn owned_or_managed(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.reachable(issued)?;
        if issued.who == self.id { Ok(()) } else { self.managed(issued) }
    }
}

/// The asker may add people.
pub(super) fn adds(issued: &Issued<'_>) -> Result<(), Rejection> {
    allowed_to_ask(issued)?;
    if issued.may(rights::INVITE_PERSONS) || issued.may(rights::MANAGE_PERSONS) { Ok(()) } else { Err(Rejection::AccessDenied) }
}

/// The asker holds everything in `rights` beyond what a newcomer has.
pub(super) fn holds(issued: &Issued<'_>, rights: u32) -> Result<(), Rejection> {
    if issued.may(rights & !rights::DEFAULT) { Ok(()) } else { Err(Rejection::RightsNotHeld) }
}

fn allowed_to_ask(issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.asker() {
        Asker::System | Asker::Person(_) => Ok(()),
        Asker::Nobody => Err(Rejection::Blocked),
    }
}
