//! An account's facts without what tells whose it is. Not who may ask for that (see [`crate::erasure`]).

use super::event::Event;
use crate::erasure::{ERASED, Erasable};

impl Erasable for Event {
    fn substitute(&self) -> Self {
        match self {
            Self::Created { linked, .. } => Self::Created { login: ERASED.to_owned(), linked: *linked },
            Self::PasskeyAdded { id, .. } => Self::PasskeyAdded { id: *id, name: ERASED.to_owned() },
            Self::PasskeyRenamed { id, .. } => Self::PasskeyRenamed { id: *id, name: ERASED.to_owned() },
            Self::Linked(_)
            | Self::SessionStarted { .. }
            | Self::SessionEnded { .. }
            | Self::SessionsEnded { .. }
            | Self::PasswordChanged
            | Self::PasswordResetRequested
            | Self::PasswordReset
            | Self::SecondFactorAdded { .. }
            | Self::SecondFactorRemoved { .. }
            | Self::RecoveryCodesMade { .. }
            | Self::RecoveryCodeUsed
            | Self::PasskeyRemoved { .. }
            | Self::QrSignInAnswered { .. } => self.clone(),
        }
    }
}
