//! Who may do what to whom: the one table, which the checks of every aggregate ask (pyrus.md §2.3, §2.6). What somebody *is* to
//! a task, a list or an article is found out where these are; what that lets them do is said here and nowhere else.
//!
//! Above the table stand four rules. The system may do everything. The blocked, and persons of other organisations, may do
//! nothing and see nothing. A guest's rights count for nothing. Whoever may not see a thing may do nothing to it, and is told
//! what is told of one that is not there.

mod deed;
mod words;

pub use deed::{Being, Deed, Who};
pub use words::table;

use crate::issued::{Asker, Issued};
use crate::person::{Person, PersonKind};

impl Deed {
    /// Whether a person may by their kind and rights alone, whatever it is done to.
    pub fn allows(self, person: &Person) -> bool {
        self.lets(person, |_| false)
    }

    /// Whether a person may who is to the thing what `is` says.
    pub fn lets(self, person: &Person, is: impl Fn(Being) -> bool) -> bool {
        let colleague = person.kind != PersonKind::Guest;
        let let_in = person.exists && !person.blocked;
        let_in
            && self.who().iter().any(|who| match *who {
                Who::Colleagues => colleague,
                Who::Holder(rights) => person.may(rights),
                Who::Is(being) => is(being),
                Who::Colleague(being) => colleague && is(being),
                Who::HolderAnd(rights, being) => person.may(rights) && is(being),
            })
    }

    /// Whether to be so can make a difference.
    pub fn minds(self, being: Being) -> bool {
        self.who().iter().any(|who| match *who {
            Who::Is(counts) | Who::Colleague(counts) | Who::HolderAnd(_, counts) => counts == being,
            Who::Colleagues | Who::Holder(_) => false,
        })
    }
}

impl Issued<'_> {
    /// Whether the asker may by their kind and rights alone, whatever it is done to.
    pub fn permits(&self, deed: Deed) -> bool {
        self.permits_who(deed, |_| false)
    }

    /// Whether the asker may who is to the thing what `is` says.
    pub fn permits_who(&self, deed: Deed, is: impl Fn(Being) -> bool) -> bool {
        match self.asker() {
            Asker::System => true,
            Asker::Person(person) => deed.lets(person, is),
            Asker::Nobody => false,
        }
    }
}

#[cfg(test)]
mod tests;
