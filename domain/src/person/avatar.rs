//! A person's picture, by the ids under which files are kept. Not the picture.

use super::{Avatar, Event, Person, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

/// Characters in the id of an upload: a UUID has 36.
const GUID_CHARACTERS_MAX: usize = 64;

impl Person {
    pub(super) fn set_avatar(&self, avatar: &Avatar, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.owned_or_managed(issued)?;
        if avatar.guid.as_deref().is_some_and(|guid| !is_guid(guid)) {
            return Err(Rejection::Guid);
        }
        Ok(if *avatar == self.avatar { Events::new() } else { vec![Event::AvatarSet(avatar.clone())] })
    }
}

fn is_guid(guid: &str) -> bool {
    (1..=GUID_CHARACTERS_MAX).contains(&guid.len()) && guid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, Given, given, ordinary};

    fn boris() -> Given<Person> {
        given([Event::Added(Box::new(ordinary("Boris", "boris@example.org")))])
    }

    fn avatar(guid: &str) -> Avatar {
        Avatar { guid: Some(guid.into()), external_avatar_id: Some(7), ..Avatar::default() }
    }

    #[test]
    fn oneself_and_those_who_manage_people_set_it() {
        let guid = "2f1e9c0a-7b1d-4f0e-9b53-0a7a4d1c2e11";
        for who in [BORIS, ADMIN] {
            boris().by(who).when(Command::SetAvatar(avatar(guid))).then([Event::AvatarSet(avatar(guid))]);
        }
        let set = boris().and(BORIS, [Event::AvatarSet(avatar(guid))]);
        set.clone().by(BORIS).when(Command::SetAvatar(avatar(guid))).then_nothing();
        set.by(BORIS).when(Command::SetAvatar(Avatar::default())).then([Event::AvatarSet(Avatar::default())]);
        boris().by(ANNA).when(Command::SetAvatar(avatar(guid))).then_rejected(Code::AccessDenied);
    }

    #[test]
    fn what_is_no_id_of_an_upload_is_refused() {
        for wrong in ["", "../../etc/passwd", "a b", &"a".repeat(65)] {
            boris().by(BORIS).when(Command::SetAvatar(avatar(wrong))).then_rejected(Code::InvalidValueFormat);
        }
    }
}
