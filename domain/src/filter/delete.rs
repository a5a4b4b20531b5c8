//! Deleting a saved filter. Whoever follows it hears nothing more of it; their follow stays, and does nothing.

use super::{Event, Filter, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Filter {
    pub(super) fn delete(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changed_by(issued)?;
        Ok(vec![Event::Deleted])
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, Over};
    use super::*;
    use crate::rejection::Code;
    use crate::testing::{ANNA, BORIS, filter_settings, given};

    #[test]
    fn a_filter_is_deleted_once_and_by_who_may() {
        let filter = || given::<Filter>([Event::Created(Box::new(filter_settings("Mine", Over::Inbox)))]);
        filter().when(Command::Delete).then([Event::Deleted]);
        filter().by(BORIS).when(Command::Delete).then_rejected(Code::AccessDeniedFilter);
        filter().and(ANNA, [Event::Deleted]).when(Command::Delete).then_rejected(Code::AccessDeniedFilter);
    }
}
