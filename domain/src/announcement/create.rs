//! Announcing something. Nobody is told of it yet but who looks.

use super::{Announcement, Event, Rejection, Say, access};
use crate::aggregate::Events;
use crate::issued::{Asker, Issued};
use crate::task::attach::names;

impl Announcement {
    pub(super) fn create(&self, say: &Say, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match issued.asker() {
            Asker::Nobody => return Err(Rejection::AskerBlocked),
            Asker::System | Asker::Person(_) if access::writes(issued) => {}
            Asker::System | Asker::Person(_) => return Err(Rejection::MayNotCreate),
        }
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        let mut said = self.said(say)?;
        if said.text.text.is_empty() {
            // As a task of files alone is called.
            said.text.text = names(&said.attachments);
        }
        Ok(vec![Event::Created(Box::new(said))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::announcement::Command;
    use crate::rejection::Code;
    use crate::task::command::TextInput;
    use crate::testing::{ANNA, FELIX, GRETA, MANAGER, announced, given};

    fn create(text: &str) -> Command {
        Command::Create(TextInput::Plain(text.into()).into())
    }

    #[test]
    fn those_with_the_right_announce() {
        given::<Announcement>([]).by(ANNA).when(create("Tea")).then([announced("Tea")]);
        given::<Announcement>([]).by(MANAGER).when(create("Tea")).then_rejected(Code::AccessDenied);
        given::<Announcement>([]).by(GRETA).when(create("Tea")).then_rejected(Code::AccessDenied);
        given::<Announcement>([]).by(FELIX).when(create("Tea")).then_rejected(Code::AccountBlocked);
        given::<Announcement>([announced("Tea")]).by(ANNA).when(create("Tea")).then_rejected(Code::Conflict);
    }

    #[test]
    fn markup_is_cleaned_and_what_says_nothing_or_too_much_is_refused() {
        let formatted = Command::Create(TextInput::Formatted("<b onclick=x>Tea</b><script>x</script>".into()).into());
        let decided = given::<Announcement>([]).by(ANNA).when(formatted).outcome().expect("decided");
        assert!(
            matches!(&decided[..], [Event::Created(said)] if said.text.formatted_text.as_deref() == Some("<b>Tea</b>") && said.text.text == "Tea")
        );
        given::<Announcement>([]).by(ANNA).when(Command::Create(Say::default())).then_rejected(Code::TextMissing);
        given::<Announcement>([]).by(ANNA).when(create(" \n")).then_rejected(Code::TextMissing);
        given::<Announcement>([]).by(ANNA).when(create("a\0")).then_rejected(Code::InvalidValueFormat);
        given::<Announcement>([]).by(ANNA).when(create(&"x".repeat(100_001))).then_rejected(Code::TooLargeMessageText);
        let quote = Command::Create(TextInput::Formatted("<quote data-noteid=\"9\">x</quote>yes".into()).into());
        given::<Announcement>([]).by(ANNA).when(quote).then_rejected(Code::InvalidInput);
    }
}
