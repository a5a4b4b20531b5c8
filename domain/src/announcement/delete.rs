//! Deleting an announcement: nobody sees it any more. What happened stays in the log.

use super::{Announcement, Event, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Announcement {
    pub(super) fn delete(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.changeable(issued)?;
        Ok(vec![Event::Deleted])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::announcement::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, announced, given};

    #[test]
    fn its_author_and_those_with_the_right_delete_it_once() {
        for who in [ANNA, ADMIN] {
            given::<Announcement>([announced("Tea")]).by(who).when(Command::Delete).then([Event::Deleted]);
        }
        given::<Announcement>([announced("Tea")]).by(BORIS).when(Command::Delete).then_rejected(Code::AccessDenied);
        given::<Announcement>([announced("Tea"), Event::Deleted]).by(ADMIN).when(Command::Delete).then_rejected(Code::AccessDenied);
    }
}
