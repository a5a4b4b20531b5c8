//! Closing a form, so that it takes no more tasks, and opening it again.

use super::event::Event;
use super::rejection::Rejection;
use super::state::Form;
use crate::aggregate::Events;
use crate::issued::Issued;

impl Form {
    pub(super) fn close(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        Ok(if self.closed { Events::new() } else { vec![Event::Closed] })
    }

    pub(super) fn reopen(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        Ok(if self.closed { vec![Event::Reopened] } else { Events::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, given};

    #[test]
    fn a_form_is_closed_and_opened_again() {
        let form = || given::<Form>([]).and(ADMIN, [Event::Created(Box::default())]).by(ADMIN);
        form().when(Command::Close).then([Event::Closed]);
        form().when(Command::Reopen).then_nothing();
        let closed = || form().and(ADMIN, [Event::Closed]);
        closed().when(Command::Close).then_nothing();
        closed().when(Command::Reopen).then([Event::Reopened]);
        closed().by(ANNA).when(Command::Reopen).then_rejected(Code::AccessDeniedForm);
    }
}
