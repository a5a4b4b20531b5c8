//! Publishing the draft of a form. Tasks that run go by it from their next change.

use super::check;
use super::event::Event;
use super::rejection::Rejection;
use super::state::Form;
use crate::aggregate::Events;
use crate::issued::Issued;

impl Form {
    pub(super) fn publish(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        let draft = self.draft.as_ref().ok_or(Rejection::NothingToPublish)?;
        check::sound(draft, issued)?;
        Ok(vec![Event::Published])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Command, Definition};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, given};

    #[test]
    fn the_draft_becomes_the_form() {
        let created = || given::<Form>([]).and(ADMIN, [Event::Created(Box::default())]).by(ADMIN);
        created().when(Command::Publish).then_rejected(Code::InvalidInput);
        let draft = Definition { auto_close: true, ..Definition::default() };
        let drafted = || created().and(ADMIN, [Event::Drafted(Box::new(draft.clone()))]);
        drafted().when(Command::Publish).then([Event::Published]);
        let published = drafted().and(ADMIN, [Event::Published]).state();
        assert_eq!((published.template, &*published.published, published.draft), (2, &draft, None));
    }
}
