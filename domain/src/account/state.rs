//! What decisions about an account need to remember, which is also what its human is shown of it, and the fold that keeps it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event::{Event, Factor, Linked};
use crate::aggregate::{ClaimChange, ClaimKind};
use crate::id::{OrganisationId, PersonId};

/// The state of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub exists: bool,
    /// The address that was proved when the account began. Links to reset a password go here and nowhere else: who manages a
    /// person may change that person's address.
    pub login: String,
    pub persons: Vec<Linked>,
    pub totp: bool,
    pub recovery_codes_left: u8,
    pub passkeys: Vec<Passkey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    pub id: Uuid,
    pub name: String,
}

impl Account {
    /// The account's person in an organisation.
    pub fn in_organisation(&self, organisation: OrganisationId) -> Option<Linked> {
        self.persons.iter().copied().find(|linked| linked.organisation == organisation)
    }

    /// The account stands for this person.
    pub fn stands_for(&self, person: PersonId) -> bool {
        self.persons.iter().any(|linked| linked.person == person)
    }

    /// A password alone does not let anybody in.
    pub fn has_second_factor(&self) -> bool {
        self.totp || !self.passkeys.is_empty()
    }

    pub(super) fn fold(&mut self, event: &Event) {
        match event {
            Event::Created { login, linked } => {
                self.exists = true;
                self.login.clone_from(login);
                self.persons.push(*linked);
            }
            Event::Linked(linked) => self.persons.push(*linked),
            Event::SecondFactorAdded { factor: Factor::Totp } => self.totp = true,
            Event::SecondFactorRemoved { factor: Factor::Totp } => self.totp = false,
            Event::RecoveryCodesMade { count } => self.recovery_codes_left = *count,
            Event::RecoveryCodeUsed => self.recovery_codes_left = self.recovery_codes_left.saturating_sub(1),
            Event::PasskeyAdded { id, name } => self.passkeys.push(Passkey { id: *id, name: name.clone() }),
            Event::PasskeyRenamed { id, name } => {
                if let Some(passkey) = self.passkeys.iter_mut().find(|passkey| passkey.id == *id) {
                    passkey.name.clone_from(name);
                }
            }
            Event::PasskeyRemoved { id } => self.passkeys.retain(|passkey| passkey.id != *id),
            // Passkeys and recovery codes have events of their own.
            Event::SecondFactorAdded { factor: Factor::Passkey | Factor::RecoveryCode }
            | Event::SecondFactorRemoved { factor: Factor::Passkey | Factor::RecoveryCode }
            | Event::SessionStarted { .. }
            | Event::SessionEnded { .. }
            | Event::SessionsEnded { .. }
            | Event::PasswordChanged
            | Event::PasswordResetRequested
            | Event::PasswordReset
            | Event::QrSignInAnswered { .. } => {}
        }
    }
}

/// A person has one account.
pub(super) fn claims_of(event: &Event) -> Vec<ClaimChange> {
    match event {
        Event::Created { linked, .. } | Event::Linked(linked) => {
            vec![ClaimChange { kind: ClaimKind::AccountPerson, key: linked.person.to_string(), taken: true }]
        }
        Event::SessionStarted { .. }
        | Event::SessionEnded { .. }
        | Event::SessionsEnded { .. }
        | Event::PasswordChanged
        | Event::PasswordResetRequested
        | Event::PasswordReset
        | Event::SecondFactorAdded { .. }
        | Event::SecondFactorRemoved { .. }
        | Event::RecoveryCodesMade { .. }
        | Event::RecoveryCodeUsed
        | Event::PasskeyAdded { .. }
        | Event::PasskeyRenamed { .. }
        | Event::PasskeyRemoved { .. }
        | Event::QrSignInAnswered { .. } => Vec::new(),
    }
}
