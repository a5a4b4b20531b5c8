//! Who may do what with a person. Which rights it takes is in [`crate::rights`]; what else stands in the way is here.
//!
//! - Everybody may change their own profile, key and password, but neither their rights nor whether
//!   they are blocked.
//! - Whoever can change somebody's address or key can act as them, so nobody manages a person who holds a right that they do not
//!   hold themselves; and nobody grants such a right. Rights that every newcomer gets do not count here.
//! - Nobody blocks or dismisses themselves, lifts their own restrictions or sets how long they stay signed in.
//! - An organisation keeps an administrator (see [`super::administration`]), also against the system.
//! - Colleagues and bots know everybody. A guest knows themselves, and whoever sits with them in a task, there.
//! - How somebody signs in and for how long, what they may not do, and the year of their birth, is shown to themselves and to who
//!   manages people (pyrus.md §2.6 has it under administration).

use super::{Person, PersonKind, Rejection, rights};
use crate::id::PersonId;
use crate::issued::{Asker, Issued};
use crate::rights::{Being, Deed};

impl Person {
    /// The asker may use their own account at all, and this person is there for them.
    pub(super) fn reachable(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        allowed_to_ask(issued)?;
        let known = match issued.asker() {
            Asker::Person(asker) => asker.knows(self.id),
            Asker::System | Asker::Nobody => true,
        };
        if !known || !self.exists || self.organisation != issued.organisation {
            return Err(Rejection::Unknown);
        }
        Ok(())
    }

    /// The asker manages this person, who is somebody else.
    pub(super) fn managed(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.reachable(issued)?;
        if issued.who == self.id || !issued.permits(managing(self.kind)) {
            return Err(Rejection::AccessDenied);
        }
        holds(issued, self.rights)
    }

    /// The asker is somebody else than this person, whom they block or dismiss.
    pub(super) fn not_oneself(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.reachable(issued)?;
        if issued.who == self.id { Err(Rejection::Oneself) } else { Ok(()) }
    }

    /// Whether this person, who asks, is shown what is between `other` and those who manage them; all of what a bot is told.
    pub fn looks_after(&self, other: &Self) -> bool {
        let deed = match other.kind {
            PersonKind::User | PersonKind::Guest => Deed::SeePrivateAttributes,
            PersonKind::Bot => Deed::SeeBotSettings,
        };
        deed.lets(self, |being| being == Being::Oneself && self.id == other.id)
    }

    /// Whether this person, who asks, may be shown `other` outside of tasks.
    pub fn knows(&self, other: PersonId) -> bool {
        Deed::SeeColleagues.lets(self, |being| being == Being::Oneself && self.id == other)
    }

    /// The asker is this person, or manages them.
    pub(super) fn owned_or_managed(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        self.reachable(issued)?;
        let oneself = issued.who == self.id;
        let deed = match self.kind {
            PersonKind::Bot if !oneself => Deed::ManageBots,
            PersonKind::User | PersonKind::Guest | PersonKind::Bot => Deed::ChangeProfile,
        };
        if !issued.permits_who(deed, |being| being == Being::Oneself && oneself) {
            return Err(Rejection::AccessDenied);
        }
        if oneself { Ok(()) } else { holds(issued, self.rights) }
    }
}

/// The asker may add somebody of this kind.
pub(super) fn adds(kind: PersonKind, issued: &Issued<'_>) -> Result<(), Rejection> {
    allowed_to_ask(issued)?;
    let deed = match kind {
        PersonKind::User | PersonKind::Guest => Deed::AddPersons,
        PersonKind::Bot => Deed::AddBots,
    };
    if issued.permits(deed) { Ok(()) } else { Err(Rejection::AccessDenied) }
}

/// To look after those of this kind.
const fn managing(kind: PersonKind) -> Deed {
    match kind {
        PersonKind::User | PersonKind::Guest => Deed::ManagePersons,
        PersonKind::Bot => Deed::ManageBots,
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
