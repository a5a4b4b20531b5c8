//! Who may do what with an account. The only place that decides it.
//!
//! | | the system | a person, also one of the account's own | nobody |
//! |---|---|---|---|
//! | everything | yes | no | no |
//!
//! An account belongs to no organisation, so no directory knows who its human is: that is what sessions and proofs are for. The
//! edge gives a command to the account of who has just proved to be it, as the system, and to no other; administrators of an
//! organisation have no say in it, or the one of an organisation could act in another.

use super::{Account, Rejection};
use crate::issued::{Asker, Issued};

impl Account {
    /// The asker may, and the account is there.
    pub(super) fn reachable(&self, issued: &Issued<'_>) -> Result<(), Rejection> {
        by_the_system(issued)?;
        if self.exists { Ok(()) } else { Err(Rejection::Unknown) }
    }
}

pub(super) fn by_the_system(issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.asker() {
        Asker::System => Ok(()),
        Asker::Person(_) | Asker::Nobody => Err(Rejection::AccessDenied),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use uuid::Uuid;

    use crate::account::{Account, Command, Event, Linked, Way, Why};
    use crate::id::{OrganisationId, PersonId};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, FELIX, Given, given};

    pub(in crate::account) fn linked(person: i64) -> Linked {
        Linked { organisation: OrganisationId(1), person: PersonId(person) }
    }

    /// Anna's account, asked by the system.
    pub(in crate::account) fn account() -> Given<Account> {
        given([Event::Created { login: "anna@example.org".into(), linked: linked(ANNA.0) }]).by(PersonId::SYSTEM)
    }

    #[test]
    fn only_the_system_acts_and_only_on_an_account_that_is_there() {
        let (id, person, organisation) = (Uuid::from_u128(7), ANNA, OrganisationId(1));
        let why = Why::SignedOut;
        let commands = [
            Command::Link { organisation, person: PersonId(9) },
            Command::StartSession { session: id, person, by: Way::Password, second: None },
            Command::EndSession { session: id, why },
            Command::EndSessions { kept: None, why },
            Command::ChangePassword,
            Command::RequestPasswordReset,
            Command::ResetPassword,
            Command::AddTotp,
            Command::RemoveTotp,
            Command::MakeRecoveryCodes { count: 10 },
            Command::UseRecoveryCode,
            Command::AddPasskey { id, name: "Phone".into() },
            Command::RenamePasskey { id, name: "Phone".into() },
            Command::RemovePasskey { id },
            Command::AnswerQrSignIn { request: id, approved: true },
        ];
        for command in commands {
            for who in [ANNA, ADMIN, FELIX] {
                account().by(who).when(command.clone()).then_rejected(Code::AccessDenied);
            }
            given::<Account>([]).by(PersonId::SYSTEM).when(command).then_rejected(Code::InvalidInput);
        }
        let create = Command::Create { login: "anna@example.org".into(), organisation, person };
        given::<Account>([]).by(ANNA).when(create).then_rejected(Code::AccessDenied);
    }
}
