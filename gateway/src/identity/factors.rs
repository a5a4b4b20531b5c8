//! What somebody shows besides their password, or in its place to prove themselves again: checked, each taken once, wrong ones
//! counted. Whether it is asked for is decided elsewhere.

use std::time::Duration;

use domain::account::{Account, Factor};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgPool;

use super::recovery::RecoveryCodes;
use super::seal::Seal;
use super::totp::{TotpFailure, Totps};
use crate::codes::Own;
use crate::config::Identity;
use crate::error::Fault;
use crate::limits::{Origin, Windows};

/// Tries with one ticket of a sign-in.
pub const TRIES_MAX: i32 = 10;

/// What is shown.
pub enum ShownFactor {
    /// Of an authenticator app.
    Code(SecretString),
    RecoveryCode(SecretString),
}

/// Checks factors, and counts wrong ones for each account and address, as sign-in does passwords.
pub struct Factors {
    pub totps: Totps,
    pub recovery_codes: RecoveryCodes,
    by_account_and_origin: Windows<(i64, Origin)>,
    by_account: Windows<i64>,
    by_origin: Windows<Origin>,
}

impl Factors {
    pub fn new(pool: &PgPool, seal: Option<Seal>, settings: &Identity) -> Self {
        let window = Duration::from_secs(settings.guess_window_seconds);
        Self {
            totps: Totps::new(pool.clone(), seal),
            recovery_codes: RecoveryCodes::new(pool.clone()),
            by_account_and_origin: Windows::new(settings.guesses_per_login, window),
            by_account: Windows::new(settings.guesses_per_address, window),
            by_origin: Windows::new(settings.guesses_per_address, window),
        }
    }

    /// Takes what is shown, if it is the account's.
    ///
    /// # Errors
    /// `invalid_credentials`, `too_many_requests` after too many that were wrong.
    pub async fn take(&self, (id, account): (i64, &Account), shown: &ShownFactor, origin: Origin, now: Timestamp) -> Result<Factor, Fault> {
        let (right, factor) = match shown {
            ShownFactor::Code(code) => {
                let taken = async { if account.totp { Ok(self.totps.take(id, code.expose_secret(), now).await?) } else { Ok(false) } };
                (self.counted(id, origin, taken).await?, Factor::Totp)
            }
            ShownFactor::RecoveryCode(code) => {
                let taken = async { Ok(self.recovery_codes.take(id, code.expose_secret()).await?) };
                (self.counted(id, origin, taken).await?, Factor::RecoveryCode)
            }
        };
        if right { Ok(factor) } else { Err(Fault::own(Own::InvalidCredentials)) }
    }

    /// Whether `code` is of the secret that was offered, which is in use from now on then.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub async fn confirm(&self, id: i64, code: &SecretString, origin: Origin, now: Timestamp) -> Result<bool, Fault> {
        self.counted(id, origin, async { Ok(self.totps.confirm(id, code.expose_secret(), now).await?) }).await
    }

    /// Counted before the check and given back after a success: many guesses at once count too.
    async fn counted(&self, id: i64, origin: Origin, right: impl Future<Output = Result<bool, Fault>>) -> Result<bool, Fault> {
        let counted = [self.by_account_and_origin.take((id, origin)), self.by_account.take(id), self.by_origin.take(origin)];
        if let Some(guesses) = counted.iter().find(|guesses| guesses.exceeded) {
            return Err(Fault::own(Own::TooManyRequests).retry_after(guesses.reset_seconds));
        }
        let right = right.await?;
        if right {
            self.by_account_and_origin.give_back(&(id, origin));
            self.by_account.give_back(&id);
            self.by_origin.give_back(&origin);
        }
        Ok(right)
    }
}

impl From<TotpFailure> for Fault {
    fn from(failure: TotpFailure) -> Self {
        match failure {
            TotpFailure::Database(error) => error.into(),
            TotpFailure::NoKey => Self::domain(domain::Code::OptionIsNotSupported).with("identity.key is not set"),
            TotpFailure::Seal(_) | TotpFailure::Secret(_) => {
                tracing::error!(%failure, "a code could not be checked");
                Self::own(Own::ServerError)
            }
        }
    }
}
