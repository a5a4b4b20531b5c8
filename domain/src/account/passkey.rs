//! Passkeys by id and name. Their public keys are kept outside of the log.

use uuid::Uuid;

use super::event::Event;
use super::{Account, Passkey, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;
use crate::text::check_line;

/// Passkeys of one account.
pub const PASSKEYS_MAX: usize = 20;
/// Characters in a passkey's name.
pub const NAME_CHARACTERS_MAX: usize = 100;

impl Account {
    pub(super) fn add_passkey(&self, id: Uuid, name: &str, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        check(name)?;
        if self.passkey(id).is_some() {
            return Ok(Events::new());
        }
        if self.passkeys.len() >= PASSKEYS_MAX {
            return Err(Rejection::TooManyPasskeys);
        }
        Ok(vec![Event::PasskeyAdded { id, name: name.to_owned() }])
    }

    pub(super) fn rename_passkey(&self, id: Uuid, name: &str, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        let passkey = self.passkey(id).ok_or(Rejection::NoSuchPasskey)?;
        check(name)?;
        Ok(if passkey.name == name { Events::new() } else { vec![Event::PasskeyRenamed { id, name: name.to_owned() }] })
    }

    pub(super) fn remove_passkey(&self, id: Uuid, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        self.passkey(id).ok_or(Rejection::NoSuchPasskey)?;
        let removed = Event::PasskeyRemoved { id };
        if !self.totp && self.passkeys.len() == 1 && self.recovery_codes_left > 0 {
            return Ok(vec![removed, Event::RecoveryCodesMade { count: 0 }]);
        }
        Ok(vec![removed])
    }

    fn passkey(&self, id: Uuid) -> Option<&Passkey> {
        self.passkeys.iter().find(|passkey| passkey.id == id)
    }
}

fn check(name: &str) -> Result<(), Rejection> {
    check_line(name, NAME_CHARACTERS_MAX)?;
    if name.trim().is_empty() { Err(Rejection::NameMissing) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::super::access::tests::account;
    use super::*;
    use crate::account::Command;
    use crate::id::PersonId;
    use crate::rejection::Code;

    fn added(id: u128) -> Event {
        Event::PasskeyAdded { id: Uuid::from_u128(id), name: "Phone".into() }
    }

    #[test]
    fn a_passkey_is_added_renamed_and_removed() {
        let id = Uuid::from_u128(1);
        account().when(Command::AddPasskey { id, name: "Phone".into() }).then([added(1)]);
        let with = || account().and(PersonId::SYSTEM, [added(1)]);
        with().when(Command::AddPasskey { id, name: "Phone".into() }).then_nothing();
        with().when(Command::RenamePasskey { id, name: "Key".into() }).then([Event::PasskeyRenamed { id, name: "Key".into() }]);
        with().when(Command::RenamePasskey { id, name: "Phone".into() }).then_nothing();
        with().when(Command::RemovePasskey { id }).then([Event::PasskeyRemoved { id }]);
        let codes = Event::RecoveryCodesMade { count: 3 };
        let none = Event::RecoveryCodesMade { count: 0 };
        with().and(PersonId::SYSTEM, [codes]).when(Command::RemovePasskey { id }).then([Event::PasskeyRemoved { id }, none]);
        let other = Uuid::from_u128(2);
        with().when(Command::RemovePasskey { id: other }).then_rejected(Code::InvalidInput);
        with().when(Command::RenamePasskey { id: other, name: "Key".into() }).then_rejected(Code::InvalidInput);
    }

    #[test]
    fn names_and_numbers_have_bounds() {
        let id = Uuid::from_u128(99);
        account().when(Command::AddPasskey { id, name: " ".into() }).then_rejected(Code::RequiredParameterMissing);
        account().when(Command::AddPasskey { id, name: "a\0".into() }).then_rejected(Code::InvalidValueFormat);
        account().when(Command::AddPasskey { id, name: "x".repeat(101) }).then_rejected(Code::ValueIsTooLong);
        let full = account().and(PersonId::SYSTEM, (1..=20).map(added));
        full.when(Command::AddPasskey { id, name: "Phone".into() }).then_rejected(Code::Conflict);
    }
}
