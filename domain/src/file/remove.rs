//! Removing a file's bytes, for good: that there was one, and what it was called, stays in the log.

use super::{Event, File, Rejection};
use crate::aggregate::Events;
use crate::issued::{Asker, Issued};

impl File {
    pub(super) fn remove(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match issued.asker() {
            Asker::System => {}
            Asker::Person(_) | Asker::Nobody => return Err(Rejection::AccessDenied),
        }
        if !self.exists {
            return Err(Rejection::Unknown);
        }
        Ok(if self.removed { Events::new() } else { vec![Event::Removed] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Command;
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, file_uploaded, given};

    #[test]
    fn the_system_alone_removes_and_once() {
        let file = given::<File>([file_uploaded("a.txt")]);
        file.clone().by(PersonId::SYSTEM).when(Command::Remove).then([Event::Removed]);
        for who in [ANNA, ADMIN] {
            file.clone().by(who).when(Command::Remove).then_rejected(Code::AccessDeniedFile);
        }
        file.and(PersonId::SYSTEM, [Event::Removed]).by(PersonId::SYSTEM).when(Command::Remove).then_nothing();
        given::<File>([]).by(PersonId::SYSTEM).when(Command::Remove).then_rejected(Code::FileIsMissing);
    }
}
