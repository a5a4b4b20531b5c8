//! Who may do what with a person. The only place that decides it.
//!
//! - The system (the command line, policies) may do everything.
//! - Everybody may change their own profile, key and password, but neither their rights nor whether
//!   they are blocked.
//! - Who holds `MANAGE_PERSONS` may change others, and who holds `MANAGE_INTEGRATIONS` bots. Whoever can change somebody's address or key can
//!   act as them, so nobody manages a person who holds a right that they do not hold themselves; and
//!   nobody grants such a right. Rights that every newcomer gets do not count here.
//! - `INVITE_PERSONS` or `MANAGE_PERSONS` adds people, `MANAGE_INTEGRATIONS` bots.
//! - Nobody blocks or dismisses themselves, lifts their own restrictions or sets how long they stay signed in.
//! - An organisation keeps an administrator (see [`super::administration`]), also against the system.
//! - Colleagues and bots know everybody. A guest knows themselves, and whoever sits with them in a task, there.
//! - How somebody signs in and for how long, what they may not do, and the year of their birth, is shown to themselves and to who may
//!   manage them (pyrus.md §2.6 has it under administration).
//! - The blocked may do nothing.

use super::{Person, PersonKind, Rejection, rights};
use crate::id::PersonId;
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
        if issued.who == self.id || !issued.may(managing(self.kind)) {
            return Err(Rejection::AccessDenied);
        }
        holds(issued, self.rights)
    }

    /// The asker is somebody else than this person, whom they block or dismiss.
    pub(super) fn not_oneself(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.reachable(issued)?;
        if issued.who == self.id { Err(Rejection::Oneself) } else { Ok(()) }
    }

    /// Whether this person, who asks, is shown what is between `other` and those who manage them.
    pub fn looks_after(&self, other: &Self) -> bool {
        self.id == other.id || self.may(managing(other.kind))
    }

    /// Whether this person, who asks, is shown all of what a bot is told.
    pub fn looks_after_bots(&self) -> bool {
        self.may(rights::MANAGE_INTEGRATIONS)
    }

    /// Whether this person, who asks, may be shown `other` outside of tasks.
    pub fn knows(&self, other: PersonId) -> bool {
        self.id == other || self.kind != PersonKind::Guest
    }

    /// The asker is this person, or manages them.
    pub(super) fn owned_or_managed(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.reachable(issued)?;
        if issued.who == self.id { Ok(()) } else { self.managed(issued) }
    }
}

/// The asker may add somebody of this kind.
pub(super) fn adds(kind: PersonKind, issued: &Issued<'_>) -> Result<(), Rejection> {
    allowed_to_ask(issued)?;
    let invites = kind != PersonKind::Bot && issued.may(rights::INVITE_PERSONS);
    if invites || issued.may(managing(kind)) { Ok(()) } else { Err(Rejection::AccessDenied) }
}

/// The right that looks after those of this kind.
const fn managing(kind: PersonKind) -> u32 {
    match kind {
        PersonKind::User | PersonKind::Guest => rights::MANAGE_PERSONS,
        PersonKind::Bot => rights::MANAGE_INTEGRATIONS,
    }
}

/// The asker may give somebody else `rights`.
pub(super) fn grants(issued: &Issued<'_>, rights: u32) -> Result<(), Rejection> {
    if rights & !rights::ADMINISTRATOR != 0 {
        return Err(Rejection::UnknownRights);
    }
    holds(issued, rights)
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
