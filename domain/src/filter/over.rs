//! What a filter looks through, and whether somebody may look there. Not what it looks for.

use serde::{Deserialize, Serialize};

use super::Rejection;
use crate::form::Level;
use crate::id::{FormId, ListId, PersonId};
use crate::issued::{Asker, Issued};

/// What a filter looks through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// The register of a form.
    Form(FormId),
    List(ListId),
    /// The inbox of whoever asks.
    #[default]
    Inbox,
    /// Open tasks that somebody is responsible for.
    Responsible(Whose),
    /// Open tasks that wait for somebody's word.
    Approver(Whose),
}

/// Whom it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Whoever asks.
    Me,
    Person(PersonId),
}

impl Over {
    /// The asker may look there.
    ///
    /// # Errors
    /// As the routes refuse that answer the same.
    pub fn open(self, issued: &Issued<'_>) -> Result<(), Rejection> {
        match self {
            Self::Form(form) if issued.level(form) != Level::None => Ok(()),
            Self::Form(_) => Err(Rejection::UnknownForm),
            Self::List(list) if issued.standing(list).is_some() => Ok(()),
            Self::List(_) => Err(Rejection::UnknownList),
            Self::Inbox | Self::Responsible(Whose::Me) | Self::Approver(Whose::Me) => Ok(()),
            Self::Responsible(Whose::Person(person)) | Self::Approver(Whose::Person(person)) => known(person, issued),
        }
    }
}

/// A person, or a role, that the asker knows of.
fn known(person: PersonId, issued: &Issued<'_>) -> Result<(), Rejection> {
    let there = issued.directory.person(person).is_some() || issued.directory.role(person).is_some();
    let knows = match issued.asker() {
        Asker::System => true,
        Asker::Person(asker) => asker.knows(person) || issued.directory.acts_as(asker.id, person),
        Asker::Nobody => false,
    };
    if there && knows { Ok(()) } else { Err(Rejection::UnknownPerson) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ADMIN, ANNA, BORIS, CLERKS, GRETA, HOME, form, list, now, with_form, with_list, with_roles};

    #[test]
    fn a_filter_looks_where_its_asker_may_look() {
        let home = with_form(with_list(with_roles(), list(1, None, [ANNA])), form(1, [(ANNA, Level::Member)]));
        let open = |who, over: Over| over.open(&Issued { organisation: HOME, who, at: now(), directory: &home });
        let (of_form, of_list) = (Over::Form(FormId(1)), Over::List(ListId(1)));
        let about = |person| Over::Responsible(Whose::Person(person));
        for over in [of_form, of_list, about(BORIS), about(CLERKS), Over::Approver(Whose::Me), Over::Inbox] {
            assert_eq!(open(ANNA, over), Ok(()), "{over:?}");
        }
        // Whoever configures forms sees the form, and none of its tasks by that.
        for who in [BORIS, ADMIN, GRETA] {
            assert_eq!(open(who, of_form), Err(Rejection::UnknownForm));
            assert_eq!(open(who, of_list), Err(Rejection::UnknownList));
            assert_eq!(open(who, Over::Inbox), Ok(()));
        }
        assert_eq!(open(GRETA, about(BORIS)), Err(Rejection::UnknownPerson), "a guest knows nobody");
        assert_eq!(open(ANNA, about(PersonId(404))), Err(Rejection::UnknownPerson));
    }
}
