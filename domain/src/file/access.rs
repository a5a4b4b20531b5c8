//! Who may do what with files. Everybody who is not blocked uploads, guests too: they answer in tasks as others do. A file is read by
//! whoever uploaded it, and by whoever may see something that it is in; what somebody may see is asked where that is (a task's own
//! [`crate::task::access`]). Another organisation finds no file, and a guest none that they may not
//! read.

use super::{File, Rejection};
use crate::issued::{Asker, Issued};
use crate::person::PersonKind;

/// The asker may bring files.
///
/// # Errors
/// For who is blocked, or nobody here.
pub fn uploads(issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.asker() {
        Asker::System | Asker::Person(_) => Ok(()),
        Asker::Nobody => Err(Rejection::Blocked),
    }
}

impl File {
    /// There is such a file for the asker's organisation. Whether it may be read is [`File::read_by`]'s matter.
    ///
    /// # Errors
    /// As for a file that there is not.
    pub fn found(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        uploads(issued)?;
        if self.exists && self.organisation == issued.organisation { Ok(()) } else { Err(Rejection::Unknown) }
    }

    /// It is the asker's own: nobody need look at where it is attached.
    pub fn is_own(&self, issued: &Issued<'_>) -> bool {
        match issued.asker() {
            Asker::System => true,
            Asker::Person(person) => person.id == self.uploader,
            Asker::Nobody => false,
        }
    }

    /// The asker may read it; `seen` says that they may see something that it is in.
    ///
    /// # Errors
    /// As the rule above says.
    pub fn read_by(&self, issued: &Issued<'_>, seen: bool) -> Result<(), Rejection> {
        self.found(issued)?;
        if self.is_own(issued) || seen {
            return Ok(());
        }
        match issued.asker() {
            Asker::Person(person) if person.kind == PersonKind::Guest => Err(Rejection::Unknown),
            Asker::System | Asker::Person(_) | Asker::Nobody => Err(Rejection::AccessDenied),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::testing::{ADMIN, ANNA, AWAY, BORIS, FELIX, GRETA, STRANGER, directories, directory, file_uploaded, given, now};

    #[test]
    fn every_cell_of_the_table_holds() {
        let home = directory();
        let file = given::<File>([file_uploaded("a.txt")]).state();
        let read = |who: PersonId, seen| file.read_by(&Issued { organisation: home.id, who, at: now(), directory: &home }, seen);
        for (who, unseen) in [
            (ANNA, Ok(())),
            (PersonId::SYSTEM, Ok(())),
            (BORIS, Err(Rejection::AccessDenied)),
            (ADMIN, Err(Rejection::AccessDenied)),
            (GRETA, Err(Rejection::Unknown)),
        ] {
            assert_eq!((read(who, false), read(who, true)), (unseen, Ok(())), "{who}");
        }
        for who in [FELIX, STRANGER, PersonId(404)] {
            assert_eq!(read(who, true), Err(Rejection::Blocked), "{who}");
        }
        let directories = directories();
        let away = directories.organisation(AWAY).expect("it was put in");
        let stranger = Issued { organisation: AWAY, who: STRANGER, at: now(), directory: away };
        assert_eq!(file.read_by(&stranger, true), Err(Rejection::Unknown), "another organisation");
        let nothing = File::default();
        assert_eq!(nothing.found(&Issued { organisation: home.id, who: ANNA, at: now(), directory: &home }), Err(Rejection::Unknown));
    }
}
