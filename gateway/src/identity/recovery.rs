//! Recovery codes: what stands in for a second factor that is lost, each once. Of each only a hash is kept. How many there are is
//! also said by the log.

use sqlx::PgPool;

use super::secret::SecretHash;

/// Codes made at a time.
pub const CODES: u8 = 10;

/// Crockford's base 32: no letter is mistaken for another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 80 bits: too many to guess even from the hash.
const CODE_LETTERS: usize = 16;
const GROUP: usize = 4;

/// The codes of accounts. Cheap to clone.
#[derive(Clone)]
pub struct RecoveryCodes {
    pool: PgPool,
}

impl RecoveryCodes {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// Gives the account new codes in place of all others, after `account.recovery_codes_made`. They are shown this once.
    ///
    /// # Errors
    /// When the database does not answer; nothing has changed then.
    pub async fn make(&self, account: i64) -> Result<Vec<String>, sqlx::Error> {
        let codes: Vec<String> = (0..CODES).map(|_| code()).collect();
        let hashes: Vec<Vec<u8>> = codes.iter().map(|code| SecretHash::of(&plain(code)).0.to_vec()).collect();
        let mut tx = self.pool.begin().await?;
        sqlx::query("DELETE FROM recovery_code WHERE account = $1").bind(account).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO recovery_code (account, hash) SELECT $1, hash FROM unnest($2::bytea[]) AS made (hash)")
            .bind(account)
            .bind(hashes)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Uses a code up; whether it was one of the account's and fresh. Of several who try at once, one succeeds.
    ///
    /// # Errors
    /// When the database does not answer: it is not known then whether it was used up.
    pub async fn take(&self, account: i64, code: &str) -> Result<bool, sqlx::Error> {
        let taken = sqlx::query("UPDATE recovery_code SET used = true WHERE account = $1 AND hash = $2 AND NOT used")
            .bind(account)
            .bind(SecretHash::of(&plain(code)).0.to_vec())
            .execute(&self.pool)
            .await?;
        Ok(taken.rows_affected() > 0)
    }

    /// Forgets the account's codes, after the last factor was removed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove(&self, account: i64) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM recovery_code WHERE account = $1").bind(account).execute(&self.pool).await?;
        Ok(())
    }
}

/// `xxxx-xxxx-xxxx-xxxx`.
fn code() -> String {
    let letters = super::random::bytes::<CODE_LETTERS>().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// As it is hashed: people write capitals, leave the hyphens out, and take letters for digits.
fn plain(code: &str) -> String {
    let letters = code.chars().filter(|letter| letter.is_alphanumeric()).map(|letter| letter.to_ascii_lowercase());
    letters
        .map(|letter| match letter {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_database::TestDatabase;

    #[test]
    fn a_code_is_read_however_it_is_written() {
        let code = code();
        assert_eq!((code.len(), plain(&code).len()), (19, 16));
        assert_eq!(plain("ABCD-O1I-L"), plain("abcd 01 11"));
    }

    #[tokio::test]
    async fn a_code_is_used_once_and_new_ones_void_the_old() {
        let database = TestDatabase::create().await;
        let codes = RecoveryCodes::new(database.pool(4).await);
        let made = codes.make(1).await.unwrap();
        assert_eq!(made.len(), usize::from(CODES));
        assert!(!codes.take(2, &made[0]).await.unwrap(), "of another account");
        assert!(codes.take(1, &made[0].to_uppercase()).await.unwrap());
        assert!(!codes.take(1, &made[0]).await.unwrap());
        let (one, other) = tokio::join!(codes.take(1, &made[1]), codes.take(1, &made[1]));
        assert!(one.unwrap() ^ other.unwrap(), "of two at once one is used");
        let new = codes.make(1).await.unwrap();
        assert!(!codes.take(1, &made[2]).await.unwrap());
        codes.remove(1).await.unwrap();
        assert!(!codes.take(1, &new[0]).await.unwrap());
    }
}
