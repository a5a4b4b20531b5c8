//! Access tokens: made at sign-in, looked up at every request. A token is opaque; only its hash is kept.

use std::time::Duration;

use domain::{OrganisationId, PersonId, Position};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use moka::future::Cache;
use sqlx::PgPool;

use super::secret::{Secret, SecretHash};

/// How long a token that was found is not looked up again; another node's eviction is seen after this at the latest.
const KNOWN_FOR: Duration = Duration::from_secs(60);
const KNOWN_MAX: u64 = 100_000;
/// How long rows stay after a token's time is over, so that its holder is told `expired_token`.
const KEPT_AFTER: Duration = Duration::from_secs(24 * 3600);

/// What is known of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub person: PersonId,
    pub organisation: OrganisationId,
    /// The position after the log's head when it was made.
    pub position: Position,
    pub revoked: bool,
    pub expires_at: Timestamp,
}

/// What a sign-in was proved with; the token is made only if it is still so in the same statement.
pub enum Proof<'a> {
    Key(SecretHash),
    Password(&'a str),
}

/// The tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    pool: PgPool,
    known: Cache<SecretHash, Token>,
    lifetime_hours: u32,
    per_person: u32,
}

impl Tokens {
    pub fn new(pool: PgPool, lifetime_hours: u32, per_person: u32) -> Self {
        let known = Cache::builder().max_capacity(KNOWN_MAX).time_to_live(KNOWN_FOR).support_invalidation_closures().build();
        Self { pool, known, lifetime_hours, per_person }
    }

    /// What is known of the token that a request brought.
    ///
    /// # Errors
    /// When the database does not answer. Unknown tokens are not cached: the cache cannot be filled with guesses.
    pub async fn find(&self, token: &str) -> Result<Option<Token>, sqlx::Error> {
        self.find_by(SecretHash::of(token)).await
    }

    /// The same, for who remembered what is stored of it.
    ///
    /// # Errors
    /// As [`Tokens::find`].
    pub async fn find_by(&self, hash: SecretHash) -> Result<Option<Token>, sqlx::Error> {
        if let Some(token) = self.known.get(&hash).await {
            return Ok(Some(token));
        }
        type Row = (i64, i64, i64, bool, jiff_sqlx::Timestamp);
        let row: Option<Row> = sqlx::query_as("SELECT person, organisation, position, revoked, expires_at FROM token WHERE hash = $1")
            .bind(hash.0.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        let Some((person, organisation, position, revoked, expires_at)) = row else { return Ok(None) };
        let token = Token {
            person: PersonId(person),
            organisation: OrganisationId(organisation),
            position,
            revoked,
            expires_at: expires_at.to_jiff(),
        };
        self.known.insert(hash, token).await;
        Ok(Some(token))
    }

    /// Makes a token for who has proved to be `person`, and revokes the oldest beyond the limit. `None` when the
    /// proof has been replaced in the meantime.
    ///
    /// # Errors
    /// When the database does not answer; no token was made then.
    pub async fn make(
        &self,
        person: PersonId,
        organisation: OrganisationId,
        position: Position,
        now: Timestamp,
        proof: Proof<'_>,
    ) -> Result<Option<Secret>, sqlx::Error> {
        let secret = Secret::make();
        let expires_at = now.saturating_add(jiff::SignedDuration::from_hours(i64::from(self.lifetime_hours))).unwrap_or(Timestamp::MAX);
        let mut tx = self.pool.begin().await?;
        // The row lock makes a change of the credential wait until the token can be seen, and revoked with the rest.
        let insert = match proof {
            Proof::Key(hash) => sqlx::query(
                "WITH proof AS (SELECT FROM security_key WHERE person = $2 AND hash = $6 FOR SHARE)
                 INSERT INTO token (hash, person, organisation, position, expires_at) SELECT $1, $2, $3, $4, $5 FROM proof",
            )
            .bind(secret.hash().0.to_vec())
            .bind(person.0)
            .bind(organisation.0)
            .bind(position)
            .bind(expires_at.to_sqlx())
            .bind(hash.0.to_vec()),
            Proof::Password(hash) => sqlx::query(
                "WITH proof AS (SELECT FROM password WHERE person = $2 AND hash = $6 FOR SHARE)
                 INSERT INTO token (hash, person, organisation, position, expires_at) SELECT $1, $2, $3, $4, $5 FROM proof",
            )
            .bind(secret.hash().0.to_vec())
            .bind(person.0)
            .bind(organisation.0)
            .bind(position)
            .bind(expires_at.to_sqlx())
            .bind(hash.to_owned()),
        };
        if insert.execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let evicted: Vec<Vec<u8>> = sqlx::query_scalar(
            "UPDATE token SET revoked = true WHERE person = $1 AND NOT revoked AND number <=
                 (SELECT number FROM token WHERE person = $1 AND NOT revoked ORDER BY number DESC OFFSET $2 LIMIT 1)
             RETURNING hash",
        )
        .bind(person.0)
        .bind(i64::from(self.per_person))
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        for hash in evicted {
            if let Ok(hash) = <[u8; 32]>::try_from(hash) {
                self.known.invalidate(&SecretHash(hash)).await;
            }
        }
        Ok(Some(secret))
    }

    /// Forgets tokens whose time has been over for a day.
    ///
    /// # Errors
    /// When the database does not answer; the next call makes up for it.
    pub async fn purge(&self, now: Timestamp) -> Result<u64, sqlx::Error> {
        let before = now.checked_sub(KEPT_AFTER).unwrap_or(Timestamp::MIN);
        let deleted = sqlx::query("DELETE FROM token WHERE expires_at < $1").bind(before.to_sqlx()).execute(&self.pool).await?;
        Ok(deleted.rows_affected())
    }

    /// Forgets what is remembered of a person's tokens, after their credentials changed here.
    pub fn forget(&self, person: PersonId) {
        // Fails only when the cache was built without closures; the entries then die with their time.
        let _ = self.known.invalidate_entries_if(move |_, token| token.person == person);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Credentials;
    use test_database::TestDatabase;

    const ANNA: PersonId = PersonId(7);
    const ORGANISATION: OrganisationId = OrganisationId(1);
    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    async fn key(credentials: &Credentials) -> SecretHash {
        credentials.issue_key(ANNA, ORGANISATION, 3).await.unwrap().hash()
    }

    async fn token(tokens: &Tokens, proof: Proof<'_>) -> Option<Secret> {
        tokens.make(ANNA, ORGANISATION, 4, NOW, proof).await.unwrap()
    }

    #[tokio::test]
    async fn a_token_is_made_by_the_right_proof_and_found_by_itself_alone() {
        let database = TestDatabase::create().await;
        let pool = database.pool(2).await;
        let (tokens, credentials) = (Tokens::new(pool.clone(), 2, 9), Credentials::new(pool));
        let key = key(&credentials).await;
        credentials.set_password(&[(ANNA, ORGANISATION, 3)], "$argon2id$x").await.unwrap();
        let by_key = token(&tokens, Proof::Key(key)).await.unwrap();
        assert!(token(&tokens, Proof::Password("$argon2id$x")).await.is_some());
        assert!(token(&tokens, Proof::Key(Secret::make().hash())).await.is_none());
        assert!(token(&tokens, Proof::Password("$argon2id$y")).await.is_none());
        let found = tokens.find(by_key.expose()).await.unwrap().unwrap();
        let expires_at = Timestamp::from_second(7200).unwrap();
        assert_eq!(found, Token { person: ANNA, organisation: ORGANISATION, position: 4, revoked: false, expires_at });
        assert_eq!(tokens.find(Secret::make().expose()).await.unwrap(), None);
        assert_eq!(tokens.find("").await.unwrap(), None);
    }

    #[tokio::test]
    async fn the_oldest_token_beyond_the_limit_is_revoked_at_once() {
        let database = TestDatabase::create().await;
        let pool = database.pool(2).await;
        let (tokens, credentials) = (Tokens::new(pool.clone(), 2, 2), Credentials::new(pool));
        let key = key(&credentials).await;
        let mut made = Vec::new();
        for _ in 0..3 {
            made.push(token(&tokens, Proof::Key(key)).await.unwrap());
            assert!(!tokens.find(made.last().unwrap().expose()).await.unwrap().unwrap().revoked);
        }
        let mut revoked = Vec::new();
        for token in &made {
            revoked.push(tokens.find(token.expose()).await.unwrap().unwrap().revoked);
        }
        assert_eq!(revoked, [true, false, false]);
    }

    #[tokio::test]
    async fn a_new_credential_revokes_the_tokens_made_before() {
        let database = TestDatabase::create().await;
        let pool = database.pool(2).await;
        let (tokens, credentials) = (Tokens::new(pool.clone(), 2, 9), Credentials::new(pool));
        let old = key(&credentials).await;
        let made = token(&tokens, Proof::Key(old)).await.unwrap();
        let new = key(&credentials).await;
        assert!(tokens.find(made.expose()).await.unwrap().unwrap().revoked);
        assert!(token(&tokens, Proof::Key(old)).await.is_none());
        let second = token(&tokens, Proof::Key(new)).await.unwrap();
        credentials.revoke_key(ANNA).await.unwrap();
        assert!(tokens.find(second.expose()).await.unwrap().unwrap().revoked);
        assert!(token(&tokens, Proof::Key(new)).await.is_none());
        assert!(credentials.keys(&[ANNA]).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn tokens_are_forgotten_a_day_after_their_time() {
        let database = TestDatabase::create().await;
        let pool = database.pool(2).await;
        let (tokens, credentials) = (Tokens::new(pool.clone(), 2, 9), Credentials::new(pool));
        let key = key(&credentials).await;
        token(&tokens, Proof::Key(key)).await.unwrap();
        assert_eq!(tokens.purge(Timestamp::from_second(26 * 3600).unwrap()).await.unwrap(), 0);
        assert_eq!(tokens.purge(Timestamp::from_second(26 * 3600 + 1).unwrap()).await.unwrap(), 1);
    }
}
