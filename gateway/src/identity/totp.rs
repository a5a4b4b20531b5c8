//! Time-based codes (RFC 6238): a secret that an authenticator app shares with us, sealed, and the codes made of it, each taken
//! once. That an account has them is said by the log, not here; so what is stored before that lets nobody in.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use sqlx::PgPool;
use thiserror::Error;
use totp_rs::{Builder, Secret, TotpError};

use super::seal::{Seal, SealFailure};

/// How long a secret that was offered may wait for its first code.
pub const OFFERED_FOR: SignedDuration = SignedDuration::from_mins(30);

/// What authenticator apps show above a code.
const ISSUER: &str = "Nashi";
const SECRET_BYTES: usize = 20;

#[derive(Debug, Error)]
pub enum TotpFailure {
    #[error("there is no identity.key")]
    NoKey,
    #[error(transparent)]
    Seal(#[from] SealFailure),
    #[error("a secret for codes: {0}")]
    Secret(#[from] TotpError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A secret for its owner's authenticator app, shown this once.
pub struct Offer {
    /// Base32, for typing.
    pub secret: String,
    /// `otpauth://…`, for a QR code.
    pub uri: String,
}

/// The secrets of accounts. Cheap to clone.
#[derive(Clone)]
pub struct Totps {
    pool: PgPool,
    seal: Option<Arc<Seal>>,
}

impl Totps {
    /// Without a seal nothing is offered.
    pub fn new(pool: PgPool, seal: Option<Seal>) -> Self {
        Self { pool, seal: seal.map(Arc::new) }
    }

    /// Makes a secret that waits for its first code; one in use stays in use until then.
    ///
    /// # Errors
    /// [`TotpFailure`].
    pub async fn offer(&self, account: i64, login: &str, now: Timestamp) -> Result<Offer, TotpFailure> {
        let secret = super::random::bytes::<SECRET_BYTES>();
        let sealed = self.seal()?.seal(&place(account), &secret)?;
        // A colon would end the issuer's name in the address.
        let totp =
            Builder::new().with_secret(secret.to_vec()).with_issuer(Some(ISSUER)).with_account_name(login.replace(':', " ")).build()?;
        sqlx::query(
            "INSERT INTO totp (account, offered, offered_at) VALUES ($1, $2, $3)
             ON CONFLICT (account) DO UPDATE SET offered = excluded.offered, offered_at = excluded.offered_at",
        )
        .bind(account)
        .bind(sealed)
        .bind(now.to_sqlx())
        .execute(&self.pool)
        .await?;
        Ok(Offer { secret: Secret::from(secret).to_base32(), uri: totp.to_url()? })
    }

    /// Takes the offered secret into use if `code` is of it; whether it was.
    ///
    /// # Errors
    /// [`TotpFailure`].
    pub async fn confirm(&self, account: i64, code: &str, now: Timestamp) -> Result<bool, TotpFailure> {
        let since = now.saturating_sub(OFFERED_FOR).unwrap_or(Timestamp::MIN);
        let offered: Option<Option<Vec<u8>>> = sqlx::query_scalar("SELECT offered FROM totp WHERE account = $1 AND offered_at >= $2")
            .bind(account)
            .bind(since.to_sqlx())
            .fetch_optional(&self.pool)
            .await?;
        let Some(offered) = offered.flatten() else { return Ok(false) };
        let Some(step) = self.step_of(account, &offered, code, now)? else { return Ok(false) };
        let taken = sqlx::query(
            "UPDATE totp SET secret = offered, offered = NULL, offered_at = NULL, step = $3 WHERE account = $1 AND offered = $2",
        )
        .bind(account)
        .bind(offered)
        .bind(step)
        .execute(&self.pool)
        .await?;
        Ok(taken.rows_affected() > 0)
    }

    /// Takes a code; whether it was right, and neither it nor a later one had been taken before. Of several at once, one is.
    ///
    /// # Errors
    /// [`TotpFailure`].
    pub async fn take(&self, account: i64, code: &str, now: Timestamp) -> Result<bool, TotpFailure> {
        let secret: Option<Option<Vec<u8>>> =
            sqlx::query_scalar("SELECT secret FROM totp WHERE account = $1").bind(account).fetch_optional(&self.pool).await?;
        let Some(secret) = secret.flatten() else { return Ok(false) };
        let Some(step) = self.step_of(account, &secret, code, now)? else { return Ok(false) };
        let taken = sqlx::query("UPDATE totp SET step = $3 WHERE account = $1 AND secret = $2 AND step < $3")
            .bind(account)
            .bind(secret)
            .bind(step)
            .execute(&self.pool)
            .await?;
        Ok(taken.rows_affected() > 0)
    }

    /// Forgets the secret, and one that was offered, after `account.second_factor_removed`.
    ///
    /// # Errors
    /// When the database does not answer; what is left lets nobody in.
    pub async fn remove(&self, account: i64) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM totp WHERE account = $1").bind(account).execute(&self.pool).await?;
        Ok(())
    }

    /// Whether the secrets that are kept were sealed with the key that there is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn fits(&self) -> Result<bool, sqlx::Error> {
        let kept: Option<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT account, secret FROM totp WHERE secret IS NOT NULL LIMIT 1").fetch_optional(&self.pool).await?;
        Ok(kept.is_none_or(|(account, sealed)| self.seal().is_ok_and(|seal| seal.open(&place(account), &sealed).is_ok())))
    }

    /// Which 30 seconds the code is of, if it is of these, those before or those after.
    fn step_of(&self, account: i64, sealed: &[u8], code: &str, now: Timestamp) -> Result<Option<i64>, TotpFailure> {
        let secret = self.seal()?.open(&place(account), sealed)?;
        let totp = Builder::new().with_secret(secret).build_noncompliant();
        let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        Ok(totp.check(&code, seconds).and_then(|step| i64::try_from(step).ok()))
    }

    fn seal(&self) -> Result<&Seal, TotpFailure> {
        self.seal.as_deref().ok_or(TotpFailure::NoKey)
    }
}

fn place(account: i64) -> String {
    format!("totp of account {account}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;
    use test_database::TestDatabase;

    /// RFC 6238's own secret.
    const SECRET: &[u8] = b"12345678901234567890";

    fn time(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn code(secret: &str, second: u64) -> String {
        let secret = Secret::try_from_base32(secret).unwrap();
        Builder::new().with_secret(secret).build_noncompliant().generate(second).to_string()
    }

    async fn totps(database: &TestDatabase) -> Totps {
        Totps::new(database.pool(4).await, Seal::of(&SecretString::from("k".repeat(44))))
    }

    #[tokio::test]
    async fn a_code_is_taken_once_and_no_earlier_one_after_it() {
        let database = TestDatabase::create().await;
        let totps = totps(&database).await;
        let offer = totps.offer(1, "anna:a@example.org", time(3000)).await.unwrap();
        assert!(offer.uri.starts_with("otpauth://totp/Nashi:") && offer.uri.contains(&offer.secret), "{}", offer.uri);
        let code = |second| code(&offer.secret, second);
        assert!(!totps.take(1, &code(3000), time(3000)).await.unwrap(), "it waits for its first code");
        assert!(!totps.confirm(1, "000000", time(3000)).await.unwrap());
        assert!(!totps.confirm(1, &code(3000), time(3000 + 1801)).await.unwrap(), "too late");
        assert!(totps.confirm(1, &code(3000), time(3000)).await.unwrap());
        let take = async |second, now| totps.take(1, &code(second), time(now)).await.unwrap();
        assert!(!take(3000, 3000).await, "the one it was confirmed with");
        assert!(!take(3090, 3030).await, "two steps ahead");
        assert!(take(3060, 3030).await, "a clock may be half a minute ahead");
        assert!(!take(3030, 3030).await, "earlier than one that was taken");
        let (one, other) = tokio::join!(take(3120, 3120), take(3120, 3120));
        assert!(one ^ other, "of two at once one is taken");
        assert!(!totps.take(2, &code(3150), time(3150)).await.unwrap(), "of another account");
        totps.remove(1).await.unwrap();
        assert!(!take(3180, 3180).await);
    }

    #[tokio::test]
    async fn the_codes_are_those_of_the_rfc_and_the_secret_is_not_in_the_database() {
        let database = TestDatabase::create().await;
        let totps = totps(&database).await;
        let pool = database.pool(1).await;
        let sealed = totps.seal().unwrap().seal(&place(1), SECRET).unwrap();
        sqlx::query("INSERT INTO totp (account, secret) VALUES (1, $1)").bind(&sealed).execute(&pool).await.unwrap();
        // RFC 6238, appendix B, the last six digits.
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "27 90 37")] {
            assert!(totps.take(1, code, time(second)).await.unwrap(), "{code}");
        }
        assert!(!sealed.windows(SECRET.len()).any(|window| window == SECRET));
    }

    #[tokio::test]
    async fn without_a_key_nothing_is_offered_and_another_is_noticed() {
        let database = TestDatabase::create().await;
        let totps = Totps::new(database.pool(1).await, None);
        assert!(totps.fits().await.unwrap());
        let ours = self::totps(&database).await;
        let offer = ours.offer(1, "anna@example.org", time(3000)).await.unwrap();
        assert!(ours.confirm(1, &code(&offer.secret, 3000), time(3000)).await.unwrap());
        let another = Totps::new(database.pool(1).await, Seal::of(&SecretString::from("x".repeat(44))));
        assert_eq!((ours.fits().await.unwrap(), another.fits().await.unwrap(), totps.fits().await.unwrap()), (true, false, false));
        assert!(matches!(totps.offer(1, "anna@example.org", time(0)).await, Err(TotpFailure::NoKey)));
    }
}
