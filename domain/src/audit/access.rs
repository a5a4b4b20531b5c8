//! Who may read what the installation remembers of its people. Not who may read their tasks.
//!
//! | | whoever holds `SEE_ALL_TASKS` (the preset "supervisor") | everybody else, guests and the blocked |
//! |---|---|---|
//! | the history of events, who read which task, when everybody was last here | yes | no |

use thiserror::Error;

use crate::issued::Issued;
use crate::person::rights;
use crate::rejection::Code;

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
    if issued.may(rights::SEE_ALL_TASKS) { Ok(()) } else { Err(AccessDenied) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PersonId;
    use crate::testing::{ADMIN, EVA, HOME, STRANGER, directory, now};

    #[test]
    fn supervisors_read_and_nobody_else() {
        let directory = directory();
        let everybody = [PersonId::SYSTEM].into_iter().chain(directory.persons.keys().copied()).chain([STRANGER]);
        let reading = everybody.filter(|who| may_read(&Issued { organisation: HOME, who: *who, at: now(), directory: &directory }).is_ok());
        assert_eq!(reading.collect::<Vec<_>>(), [PersonId::SYSTEM, ADMIN, EVA]);
    }
}
