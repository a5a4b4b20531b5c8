//! A person's facts without what tells who they are. Not who may ask for that (see [`crate::erasure`]).

use super::bot::Bot;
use super::event::{Added, Avatar, Event, Profile};
use crate::erasure::{ERASED, Erasable};

impl Erasable for Event {
    /// Kind, rights and what became of credentials stay. Of the profile nothing is left but a first name that says so:
    /// without an address and an external id the person claims neither, so that both are free for others.
    fn substitute(&self) -> Self {
        match self {
            Self::Added(added) => Self::Added(Box::new(Added { profile: nobody(), ..Added::clone(added) })),
            Self::Changed(_) => Self::Changed(Box::new(nobody())),
            Self::AvatarSet(_) => Self::AvatarSet(Avatar::default()),
            // A bot is no person; but who wrote its texts is one.
            Self::BotSet(bot) => Self::BotSet(Box::new(Bot { settings: None, description: None, ..Bot::clone(bot) })),
            Self::RightsChanged { .. }
            | Self::Blocked
            | Self::Restored
            | Self::Dismissed { .. }
            | Self::AdministrationLeft { .. }
            | Self::Restricted(_)
            | Self::SessionPolicySet(_)
            | Self::AbsenceSet(_)
            | Self::AbsenceCleared
            | Self::KeyIssued
            | Self::KeyRevoked
            | Self::PasswordChanged => self.clone(),
        }
    }
}

fn nobody() -> Profile {
    Profile { first_name: ERASED.to_owned(), ..Profile::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::{Aggregate, ClaimChange};
    use crate::person::Person;
    use crate::testing::{ADMIN, given, ordinary};

    #[test]
    fn an_erased_person_claims_nothing() {
        let changed = Profile { email: "new@example.org".into(), external_id: Some("7".into()), ..ordinary("Boris", "").profile };
        let events = [Event::Added(Box::new(ordinary("Boris", "boris@example.org"))), Event::Changed(Box::new(changed)), Event::Blocked];
        let erased = events.map(|event| event.substitute());
        let mut person = Person::default();
        let mut claims: Vec<ClaimChange> = Vec::new();
        for (header, event) in given::<Person>([]).and(ADMIN, erased).history() {
            claims.extend(person.claims(event));
            person.evolve(event, header);
        }
        assert_eq!(claims, []);
        assert_eq!((person.profile, person.blocked), (nobody(), true));
    }
}
