//! What somebody shows besides their password, or in its place to prove themselves again: checked, each taken once, wrong ones
//! counted. Whether it is asked for is decided elsewhere.

use std::time::Duration;

use domain::account::{Account, Factor};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use sqlx::PgPool;

use super::passkeys::PasskeyFailure;
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
    Typed(TypedFactor),
    Passkey(PasskeyAnswer),
}

/// What somebody types.
pub enum TypedFactor {
    /// Of an authenticator app.
    Code(SecretString),
    RecoveryCode(SecretString),
}

/// What a browser made of a passkey's challenge, and the ticket of that.
pub struct PasskeyAnswer {
    pub ticket: String,
    pub credential: Value,
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

    /// Takes what was typed, if it is the account's.
    ///
    /// # Errors
    /// `invalid_credentials`, `too_many_requests` after too many that were wrong.
    pub async fn take(&self, (id, account): (i64, &Account), shown: &TypedFactor, origin: Origin, now: Timestamp) -> Result<Factor, Fault> {
        let (right, factor) = match shown {
            TypedFactor::Code(code) => {
                let taken = async { if account.totp { Ok(self.totps.take(id, code.expose_secret(), now).await?) } else { Ok(false) } };
                (self.counted(id, origin, taken).await?, Factor::Totp)
            }
            TypedFactor::RecoveryCode(code) => {
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

impl From<PasskeyFailure> for Fault {
    fn from(failure: PasskeyFailure) -> Self {
        match failure {
            PasskeyFailure::Database(error) => error.into(),
            PasskeyFailure::NoDomain => Self::domain(domain::Code::OptionIsNotSupported).with("http.public_url has no domain"),
            PasskeyFailure::Form(_) => Self::format("credential"),
            PasskeyFailure::Refused(_) => {
                tracing::info!(%failure, "a passkey was refused");
                Self::own(Own::InvalidCredentials)
            }
            PasskeyFailure::Challenge(_) => {
                tracing::error!(%failure, "a passkey could not be asked for");
                Self::own(Own::ServerError)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;
    use test_database::TestDatabase;

    #[tokio::test]
    async fn wrong_codes_are_counted_for_the_account_and_for_the_address() {
        let database = TestDatabase::create().await;
        let mut settings = crate::config::Settings::defaults().unwrap().identity;
        (settings.guesses_per_login, settings.guesses_per_address) = (2, 4);
        let factors = Factors::new(&database.pool(2).await, None, &settings);
        let codes = factors.recovery_codes.make(1).await.unwrap();
        let take = async |account: i64, code: &str, origin: &str| {
            let shown = TypedFactor::RecoveryCode(SecretString::from(code));
            let origin = Origin::from(origin.parse::<IpAddr>().unwrap());
            let taken = factors.take((account, &Account::default()), &shown, origin, Timestamp::UNIX_EPOCH).await;
            taken.map_err(|fault| fault.code().unwrap())
        };
        for _ in 0..2 {
            assert_eq!(take(1, "wrong", "10.0.0.1").await, Err("invalid_credentials"));
        }
        assert_eq!(take(1, &codes[0], "10.0.0.1").await, Err("too_many_requests"));
        // From elsewhere, while the account has not been guessed at from everywhere; what is right does not count.
        for code in &codes[..3] {
            assert_eq!(take(1, code, "10.0.0.2").await, Ok(Factor::RecoveryCode));
        }
        // The refused try counted for its address as well.
        assert_eq!(take(2, "wrong", "10.0.0.1").await, Err("invalid_credentials"));
        assert_eq!(take(3, "wrong", "10.0.0.1").await, Err("too_many_requests"));
        for origin in ["10.0.0.3", "10.0.0.4"] {
            let _ = take(1, "wrong", origin).await;
        }
        assert_eq!(take(1, &codes[4], "10.0.0.5").await, Err("too_many_requests"));
    }
}
