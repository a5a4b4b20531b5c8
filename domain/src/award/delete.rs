//! Deleting an award: nobody holds it any more. What happened stays in the log.

use super::{Award, Event, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Award {
    pub(super) fn delete(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.managed(issued)?;
        Ok(vec![Event::Deleted])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::award::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, award_created, given};

    #[test]
    fn an_award_is_deleted_once() {
        let award = given::<Award>([award_created("Tester", 3, 10)]).by(ADMIN);
        award.clone().when(Command::Delete).then([Event::Deleted]);
        award.and(ADMIN, [Event::Deleted]).when(Command::Delete).then_rejected(Code::AccessDeniedAwards);
        given::<Award>([]).by(ADMIN).when(Command::Delete).then_rejected(Code::AccessDeniedAwards);
    }
}
