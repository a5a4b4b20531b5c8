//! Adding a person. Not signing them up: passwords are outside the log.

use super::{Added, Event, Person, Rejection, access, profile};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Person {
    pub(super) fn add(&self, added: &Added, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        access::adds(added.kind, issued)?;
        if self.exists {
            return Err(Rejection::AlreadyAdded);
        }
        access::grants(issued, added.rights)?;
        profile::check(&added.profile, added.kind, self.id, issued)?;
        Ok(vec![Event::Added(Box::new(added.clone()))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::person::{Command, PersonKind, Profile, rights};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, FELIX, GRETA, INVITER, given, ordinary};

    fn newcomer() -> Added {
        ordinary("Nina", "nina@example.org")
    }

    fn add(added: Added) -> Command {
        Command::Add(Box::new(added))
    }

    fn with(change: impl FnOnce(&mut Added)) -> Command {
        let mut added = newcomer();
        change(&mut added);
        add(added)
    }

    #[test]
    fn those_who_may_invite_add_a_person() {
        for who in [PersonId::SYSTEM, ADMIN, INVITER] {
            given::<Person>([]).by(who).when(add(newcomer())).then([Event::Added(Box::new(newcomer()))]);
        }
    }

    #[test]
    fn others_add_nobody() {
        given::<Person>([]).by(ANNA).when(add(newcomer())).then_rejected(Code::AccessDenied);
        given::<Person>([]).by(GRETA).when(add(newcomer())).then_rejected(Code::AccessDenied);
        given::<Person>([]).by(FELIX).when(add(newcomer())).then_rejected(Code::AccountBlocked);
        given::<Person>([]).by(PersonId(404)).when(add(newcomer())).then_rejected(Code::AccountBlocked);
    }

    #[test]
    fn nobody_grants_what_they_do_not_hold() {
        let supervisor = || with(|added| added.rights |= rights::SEE_ALL_TASKS);
        given::<Person>([]).by(INVITER).when(supervisor()).then_rejected(Code::AccessDenied);
        assert!(given::<Person>([]).by(ADMIN).when(supervisor()).outcome().is_ok());
        given::<Person>([]).by(ADMIN).when(with(|added| added.rights = 0x1000)).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn a_person_is_added_once() {
        given::<Person>([Event::Added(Box::new(newcomer()))]).by(ADMIN).when(add(newcomer())).then_rejected(Code::Conflict);
    }

    #[test]
    fn an_address_in_use_is_refused_in_any_case() {
        given::<Person>([])
            .by(ADMIN)
            .when(with(|added| added.profile.email = "Boris@EXAMPLE.org".into()))
            .then_rejected(Code::PersonEmailAlreadyInUse);
    }

    #[test]
    fn bad_profiles_are_refused() {
        let refused = |change: fn(&mut Profile), code| {
            given::<Person>([]).by(ADMIN).when(with(|added| change(&mut added.profile))).then_rejected(code)
        };
        refused(|profile| profile.email = "nina".into(), Code::IncorrectEmailFormat);
        refused(|profile| profile.email.clear(), Code::RequiredParameterMissing);
        refused(|profile| (profile.first_name, profile.last_name) = ("  ".into(), String::new()), Code::RequiredParameterMissing);
        refused(|profile| profile.first_name = "Ni\0na".into(), Code::InvalidValueFormat);
        refused(|profile| profile.last_name = "Le\u{202e}e".into(), Code::InvalidValueFormat);
        refused(|profile| profile.first_name = "\u{202e}".repeat(10_000), Code::InvalidValueFormat);
        refused(|profile| profile.first_name = "x".repeat(10_000), Code::ValueIsTooLong);
        refused(|profile| profile.position = Some("Head\nof".into()), Code::InvalidValueFormat);
        refused(|profile| profile.last_name = "x".repeat(201), Code::ValueIsTooLong);
        refused(|profile| profile.time_zone = Some("Mars/Base".into()), Code::InvalidInput);
        refused(|profile| profile.locale = Some("klingon!".into()), Code::InvalidInput);
    }

    #[test]
    fn a_bot_needs_no_address() {
        let bot = || Added { kind: PersonKind::Bot, rights: 0, profile: Profile { first_name: "Robo".into(), ..Profile::default() } };
        given::<Person>([]).by(ADMIN).when(add(bot())).then([Event::Added(Box::new(bot()))]);
    }
}
