//! A saved filter that somebody follows has come to find a task, or somebody says something in one that it finds. Whether it does is
//! looked up for the person (`projections/src/notify/filters.rs`); that they were to hear of it is a fact.

use super::{Event, Followed, Found, Inbox, Rejection, access};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Inbox {
    /// Only by the system. Who does not follow it any more hears nothing.
    pub(super) fn found(&self, found: Found, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::timed(issued)?;
        let follows = self.follows.contains(&Followed::Filter(found.filter));
        Ok(if follows { vec![Event::Found(found)] } else { Events::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, What};
    use super::*;
    use crate::id::{FilterId, PersonId, TaskId};
    use crate::rejection::Code;
    use crate::testing::{ANNA, BORIS, given};

    #[test]
    fn it_is_noted_for_who_follows_the_filter_and_by_nobody_but_the_system() {
        let found = Found { filter: FilterId(5), task: TaskId(7), cause: 90, by: BORIS };
        let command = || Command { of: ANNA, what: What::Found(found) };
        let follows = || given::<Inbox>([Event::Followed(Followed::Filter(FilterId(5)))]);
        follows().by(PersonId::SYSTEM).when(command()).then([Event::Found(found)]);
        follows().and(ANNA, [Event::Unfollowed(Followed::Filter(FilterId(5)))]).by(PersonId::SYSTEM).when(command()).then_nothing();
        given::<Inbox>([Event::Followed(Followed::Filter(FilterId(6)))]).by(PersonId::SYSTEM).when(command()).then_nothing();
        follows().by(ANNA).when(command()).then_rejected(Code::AccessDenied);
    }
}
