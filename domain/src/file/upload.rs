//! Recording a file whose bytes are kept. What the bytes are was found while they came; the name is cleaned before.

use super::{Event, File, NAME_CHARACTERS_MAX, Rejection, Uploaded, access, name};
use crate::aggregate::Events;
use crate::issued::Issued;

impl File {
    pub(super) fn upload(&self, upload: &Uploaded, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::uploads(issued)?;
        if self.exists {
            return Err(Rejection::AlreadyUploaded);
        }
        if upload.size == 0 {
            return Err(Rejection::Empty);
        }
        Ok(vec![Event::Uploaded(Box::new(Uploaded { name: named(&upload.name)?, ..upload.clone() }))])
    }
}

/// The name as it is kept (see [`super::name`]), of a bounded length.
///
/// # Errors
/// [`Rejection::Name`] for a longer one.
pub fn named(written: &str) -> Result<String, Rejection> {
    let name = name::clean(written);
    if name.chars().count() > NAME_CHARACTERS_MAX { Err(Rejection::Name) } else { Ok(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Command;
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::testing::{ANNA, FELIX, GRETA, file_uploaded, given};

    fn upload(change: impl FnOnce(&mut Uploaded)) -> Command {
        let Event::Uploaded(mut uploaded) = file_uploaded("a.txt") else { panic!("it is an upload") };
        change(&mut uploaded);
        Command::Upload(uploaded)
    }

    #[test]
    fn everybody_uploads_guests_too_and_the_blocked_do_not() {
        for who in [ANNA, GRETA, PersonId::SYSTEM] {
            given::<File>([]).by(who).when(upload(|_| {})).then([file_uploaded("a.txt")]);
        }
        for who in [FELIX, PersonId(404)] {
            given::<File>([]).by(who).when(upload(|_| {})).then_rejected(Code::AccountBlocked);
        }
    }

    #[test]
    fn a_stream_is_one_file_with_a_harmless_name_of_bounded_length() {
        given::<File>([]).when(upload(|upload| upload.name = "../x/a.txt".into())).then([file_uploaded("a.txt")]);
        given::<File>([]).when(upload(|upload| upload.name = "я".repeat(255))).then([file_uploaded(&"я".repeat(255))]);
        given::<File>([]).when(upload(|upload| upload.name = "я".repeat(256))).then_rejected(Code::MaxFileNameLengthExceeded);
        given::<File>([]).when(upload(|upload| upload.size = 0)).then_rejected(Code::EmptyFile);
        given::<File>([file_uploaded("a.txt")]).when(upload(|_| {})).then_rejected(Code::Conflict);
    }
}
