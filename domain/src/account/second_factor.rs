//! The second factor by time-based codes, and the codes for when it is lost. Neither secrets nor codes come here.

use super::event::{Event, Factor};
use super::{Account, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Account {
    /// Adds the factor, or replaces its secret.
    pub(super) fn add_totp(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        Ok(vec![Event::SecondFactorAdded { factor: Factor::Totp }])
    }

    pub(super) fn remove_totp(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        if !self.totp {
            return Err(Rejection::NoSuchFactor);
        }
        let removed = Event::SecondFactorRemoved { factor: Factor::Totp };
        // With the last factor, the codes that stand in for it go as well.
        if self.passkeys.is_empty() && self.recovery_codes_left > 0 {
            return Ok(vec![removed, Event::RecoveryCodesMade { count: 0 }]);
        }
        Ok(vec![removed])
    }

    pub(super) fn make_recovery_codes(&self, count: u8, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        if self.has_second_factor() { Ok(vec![Event::RecoveryCodesMade { count }]) } else { Err(Rejection::NothingToRecover) }
    }

    pub(super) fn use_recovery_code(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        if self.recovery_codes_left == 0 { Err(Rejection::NoCodeLeft) } else { Ok(vec![Event::RecoveryCodeUsed]) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::tests::account;
    use super::*;
    use crate::account::Command;
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::testing::Given;

    const ADDED: Event = Event::SecondFactorAdded { factor: Factor::Totp };
    const REMOVED: Event = Event::SecondFactorRemoved { factor: Factor::Totp };

    fn with(events: impl IntoIterator<Item = Event>) -> Given<Account> {
        account().and(PersonId::SYSTEM, events)
    }

    #[test]
    fn a_factor_is_added_and_removed_with_its_codes() {
        account().when(Command::AddTotp).then([ADDED]);
        account().when(Command::RemoveTotp).then_rejected(Code::InvalidInput);
        with([ADDED]).when(Command::RemoveTotp).then([REMOVED]);
        with([ADDED, Event::RecoveryCodesMade { count: 10 }])
            .when(Command::RemoveTotp)
            .then([REMOVED, Event::RecoveryCodesMade { count: 0 }]);
        let passkey = Event::PasskeyAdded { id: uuid::Uuid::from_u128(1), name: "Phone".into() };
        with([ADDED, Event::RecoveryCodesMade { count: 10 }, passkey]).when(Command::RemoveTotp).then([REMOVED]);
    }

    #[test]
    fn codes_are_for_those_with_a_factor_and_run_out() {
        let make = Command::MakeRecoveryCodes { count: 2 };
        account().when(make.clone()).then_rejected(Code::InvalidInput);
        with([ADDED]).when(make).then([Event::RecoveryCodesMade { count: 2 }]);
        let made = [ADDED, Event::RecoveryCodesMade { count: 1 }];
        with(made.clone()).when(Command::UseRecoveryCode).then([Event::RecoveryCodeUsed]);
        with(made).and(PersonId::SYSTEM, [Event::RecoveryCodeUsed]).when(Command::UseRecoveryCode).then_rejected(Code::InvalidInput);
    }
}
