//! Who may read what the installation remembers of its people, by [`crate::rights`]. Not who may read their tasks.

use thiserror::Error;

use crate::id::PersonId;
use crate::issued::Issued;
use crate::rejection::Code;
use crate::rights::{Being, Deed};

#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("this may be read only by those who see all tasks")]
pub struct AccessDenied;

impl crate::rejection::Rejection for AccessDenied {
    fn code(&self) -> Code {
        Code::AccessDenied
    }
}

/// Whether the asker may.
///
/// # Errors
/// [`AccessDenied`].
pub fn may_read(issued: &Issued<'_>) -> Result<(), AccessDenied> {
    if issued.permits(Deed::ReadHistory) { Ok(()) } else { Err(AccessDenied) }
}

/// Whether the asker may know which tasks `person` sees: of themselves, or as [`may_read`].
///
/// # Errors
/// [`AccessDenied`].
pub fn may_look_through(issued: &Issued<'_>, person: PersonId) -> Result<(), AccessDenied> {
    let oneself = |being| being == Being::Oneself && issued.who == person;
    if issued.permits_who(Deed::LookThroughEyes, oneself) { Ok(()) } else { Err(AccessDenied) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ADMIN, ANNA, BORIS, EVA, FELIX, HOME, STRANGER, directory, now};

    #[test]
    fn supervisors_read_and_nobody_else() {
        let directory = directory();
        let everybody = [PersonId::SYSTEM].into_iter().chain(directory.persons.keys().copied()).chain([STRANGER]);
        let reading = everybody.filter(|who| may_read(&Issued { organisation: HOME, who: *who, at: now(), directory: &directory }).is_ok());
        assert_eq!(reading.collect::<Vec<_>>(), [PersonId::SYSTEM, ADMIN, EVA]);
    }

    #[test]
    fn everybody_looks_through_their_own_eyes_and_supervisors_through_all() {
        let directory = directory();
        let may = |who, person| may_look_through(&Issued { organisation: HOME, who, at: now(), directory: &directory }, person).is_ok();
        assert!(may(ANNA, ANNA) && may(EVA, ANNA));
        assert!(!may(ANNA, BORIS) && !may(FELIX, FELIX) && !may(STRANGER, STRANGER));
    }
}
