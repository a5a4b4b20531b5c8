//! Secrets that are good for one act, once, and for a short time: a link in a mail, the second half of a sign-in. Of each only a
//! hash is kept. Not what the act is.

use std::time::Duration;

use domain::{OrganisationId, PersonId};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use sqlx::PgPool;

use super::secret::{Secret, SecretHash};

/// How long rows stay after their time.
const KEPT_AFTER: Duration = Duration::from_secs(24 * 3600);

/// What a ticket is good for. Numbers are stored, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i16)]
pub enum Purpose {
    /// The password was right; the second factor is waited for.
    SecondFactor = 1,
    PasswordReset = 2,
    Invitation = 3,
    SetUp = 4,
    /// A challenge to a new passkey.
    PasskeyRegistration = 5,
    /// A challenge to any passkey.
    PasskeySignIn = 6,
    /// One live stream is opened.
    Live = 7,
}

/// What a ticket is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    pub account: Option<i64>,
    pub person: Option<PersonId>,
    pub organisation: Option<OrganisationId>,
    pub detail: Value,
}

/// The tickets. Cheap to clone.
#[derive(Clone)]
pub struct Tickets {
    pool: PgPool,
}

type Row = (Option<i64>, Option<i64>, Option<i64>, Option<Value>);

impl Tickets {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// Makes a ticket. `alone`: others of the same purpose and person are void from now on.
    ///
    /// # Errors
    /// When the database does not answer; there is no ticket then.
    pub async fn make(
        &self,
        purpose: Purpose,
        about: &About,
        lifetime: SignedDuration,
        alone: bool,
        now: Timestamp,
    ) -> Result<Secret, sqlx::Error> {
        let secret = Secret::make();
        let expires_at = now.saturating_add(lifetime).unwrap_or(Timestamp::MAX);
        let mut tx = self.pool.begin().await?;
        if alone && let Some(person) = about.person {
            sqlx::query("UPDATE ticket SET used = true WHERE person = $1 AND purpose = $2 AND NOT used")
                .bind(person.0)
                .bind(purpose as i16)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query(
            "INSERT INTO ticket (hash, purpose, account, person, organisation, detail, made_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(secret.hash().0.to_vec())
        .bind(purpose as i16)
        .bind(about.account)
        .bind(about.person.map(|person| person.0))
        .bind(about.organisation.map(|organisation| organisation.0))
        .bind(Some(&about.detail).filter(|detail| !detail.is_null()))
        .bind(now.to_sqlx())
        .bind(expires_at.to_sqlx())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// What the ticket is about, without using it up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(&self, purpose: Purpose, secret: &str, now: Timestamp) -> Result<Option<About>, sqlx::Error> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT account, person, organisation, detail FROM ticket WHERE hash = $1 AND purpose = $2 AND NOT used AND expires_at > $3",
        )
        .bind(SecretHash::of(secret).0.to_vec())
        .bind(purpose as i16)
        .bind(now.to_sqlx())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(about))
    }

    /// Uses the ticket up. Of several who try at once, one gets what it is about.
    ///
    /// # Errors
    /// When the database does not answer: it is not known then whether it was used up.
    pub async fn redeem(&self, purpose: Purpose, secret: &str, now: Timestamp) -> Result<Option<About>, sqlx::Error> {
        let row: Option<Row> = sqlx::query_as(
            "UPDATE ticket SET used = true WHERE hash = $1 AND purpose = $2 AND NOT used AND expires_at > $3
             RETURNING account, person, organisation, detail",
        )
        .bind(SecretHash::of(secret).0.to_vec())
        .bind(purpose as i16)
        .bind(now.to_sqlx())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(about))
    }

    /// Gives back a ticket that this caller has used up, and with which nothing was done.
    ///
    /// # Errors
    /// When the database does not answer; it stays used up then.
    pub async fn give_back(&self, purpose: Purpose, secret: &str) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE ticket SET used = false WHERE hash = $1 AND purpose = $2")
            .bind(SecretHash::of(secret).0.to_vec())
            .bind(purpose as i16)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// One more try with the ticket; beyond `tries_max` it is void. Whether this one may still be made.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(&self, purpose: Purpose, secret: &str, tries_max: i32) -> Result<bool, sqlx::Error> {
        let tried = sqlx::query("UPDATE ticket SET tries = tries + 1 WHERE hash = $1 AND purpose = $2 AND NOT used AND tries < $3")
            .bind(SecretHash::of(secret).0.to_vec())
            .bind(purpose as i16)
            .bind(tries_max)
            .execute(&self.pool)
            .await?;
        Ok(tried.rows_affected() > 0)
    }

    /// Voids the tickets of a purpose for a person; how many there were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn void(&self, purpose: Purpose, person: PersonId) -> Result<u64, sqlx::Error> {
        let voided = sqlx::query("UPDATE ticket SET used = true WHERE person = $1 AND purpose = $2 AND NOT used")
            .bind(person.0)
            .bind(purpose as i16)
            .execute(&self.pool)
            .await?;
        Ok(voided.rows_affected())
    }

    /// The tickets of a purpose in an organisation that can still be used: whom they are for, since when, until when.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(
        &self,
        purpose: Purpose,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Vec<(PersonId, Timestamp, Timestamp)>, sqlx::Error> {
        let rows: Vec<(i64, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp)> = sqlx::query_as(
            "SELECT person, made_at, expires_at FROM ticket
             WHERE organisation = $1 AND purpose = $2 AND NOT used AND expires_at > $3 AND person IS NOT NULL
             ORDER BY made_at LIMIT 1000",
        )
        .bind(organisation.0)
        .bind(purpose as i16)
        .bind(now.to_sqlx())
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(person, made, expires)| (PersonId(person), made.to_jiff(), expires.to_jiff())).collect())
    }

    /// Forgets tickets whose time has been over for a day.
    ///
    /// # Errors
    /// When the database does not answer; the next call makes up for it.
    pub async fn purge(&self, now: Timestamp) -> Result<u64, sqlx::Error> {
        let before = now.checked_sub(KEPT_AFTER).unwrap_or(Timestamp::MIN);
        let deleted = sqlx::query("DELETE FROM ticket WHERE expires_at < $1").bind(before.to_sqlx()).execute(&self.pool).await?;
        Ok(deleted.rows_affected())
    }
}

fn about((account, person, organisation, detail): Row) -> About {
    About { account, person: person.map(PersonId), organisation: organisation.map(OrganisationId), detail: detail.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_database::TestDatabase;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn time(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn a_ticket_is_good_once_for_its_purpose_and_its_time() {
        let database = TestDatabase::create().await;
        let tickets = Tickets::new(database.pool(2).await);
        let about = About { person: Some(PersonId(7)), detail: serde_json::json!({ "a": 1 }), ..About::default() };
        let make = async |alone| tickets.make(Purpose::PasswordReset, &about, HOUR, alone, time(0)).await.unwrap();
        let secret = make(false).await;
        let redeem = async |purpose, secret: &str, second| tickets.redeem(purpose, secret, time(second)).await.unwrap();
        assert_eq!(redeem(Purpose::Invitation, secret.expose(), 1).await, None);
        assert_eq!(redeem(Purpose::PasswordReset, secret.expose(), 3600).await, None);
        assert_eq!(redeem(Purpose::PasswordReset, "guess", 1).await, None);
        assert_eq!(tickets.look(Purpose::PasswordReset, secret.expose(), time(1)).await.unwrap().as_ref(), Some(&about));
        assert_eq!(redeem(Purpose::PasswordReset, secret.expose(), 1).await.as_ref(), Some(&about));
        assert_eq!(redeem(Purpose::PasswordReset, secret.expose(), 1).await, None);
        let (first, second) = (make(false).await, make(true).await);
        assert_eq!(redeem(Purpose::PasswordReset, first.expose(), 1).await, None);
        assert!(redeem(Purpose::PasswordReset, second.expose(), 1).await.is_some());
    }

    #[tokio::test]
    async fn a_ticket_that_was_given_back_is_good_once_more() {
        let database = TestDatabase::create().await;
        let tickets = Tickets::new(database.pool(2).await);
        let about = About { person: Some(PersonId(7)), ..About::default() };
        let secret = tickets.make(Purpose::Invitation, &about, HOUR, false, time(0)).await.unwrap();
        let redeem = async |second| tickets.redeem(Purpose::Invitation, secret.expose(), time(second)).await.unwrap();
        assert!(redeem(1).await.is_some());
        tickets.give_back(Purpose::PasswordReset, secret.expose()).await.unwrap();
        assert_eq!(redeem(1).await, None, "that was another purpose");
        tickets.give_back(Purpose::Invitation, secret.expose()).await.unwrap();
        assert!(redeem(1).await.is_some());
        assert_eq!(redeem(1).await, None);
        tickets.give_back(Purpose::Invitation, secret.expose()).await.unwrap();
        assert_eq!(redeem(3600).await, None, "its time is over all the same");
    }

    #[tokio::test]
    async fn tries_run_out() {
        let database = TestDatabase::create().await;
        let tickets = Tickets::new(database.pool(2).await);
        let secret = tickets.make(Purpose::SecondFactor, &About::default(), HOUR, false, time(0)).await.unwrap();
        let mut may = Vec::new();
        for _ in 0..3 {
            may.push(tickets.count(Purpose::SecondFactor, secret.expose(), 2).await.unwrap());
        }
        assert_eq!(may, [true, true, false]);
    }
}
