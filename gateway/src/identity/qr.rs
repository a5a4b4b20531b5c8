//! Browsers that ask to be let in by somebody who is signed in elsewhere: a request, somebody's answer to it, and taking that up, once.
//! What lets in is a secret that the asking browser alone has; what it shows for others to scan names the request and nothing else. Not
//! who may answer.

use std::time::Duration;

use domain::{OrganisationId, PersonId};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use sqlx::PgPool;
use uuid::Uuid;

use super::secret::{Secret, SecretHash};
use super::sessions::Session;

/// Long enough to take the phone out.
pub const ASKED_FOR: SignedDuration = SignedDuration::from_mins(3);

/// How long rows stay after their time.
const KEPT_AFTER: Duration = Duration::from_secs(24 * 3600);

/// A browser that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    pub address: Option<String>,
    pub agent: Option<String>,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
}

/// What has become of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Waiting,
    Refused,
    /// Approved, and used up by being told so: by whom, for whom, from which session.
    Approved {
        account: i64,
        person: PersonId,
        organisation: OrganisationId,
        session: Uuid,
    },
}

/// The requests. Cheap to clone.
#[derive(Clone)]
pub struct QrSignIns {
    pool: PgPool,
}

impl QrSignIns {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// Keeps a request under `id`; the secret is for the browser that asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask(&self, id: Uuid, asking: &Asking) -> Result<Secret, sqlx::Error> {
        let secret = Secret::make();
        sqlx::query("INSERT INTO qr_sign_in (id, hash, address, agent, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(id)
            .bind(secret.hash().0.to_vec())
            .bind(&asking.address)
            .bind(&asking.agent)
            .bind(asking.made_at.to_sqlx())
            .bind(asking.expires_at.to_sqlx())
            .execute(&self.pool)
            .await?;
        Ok(secret)
    }

    /// Who asks, while nobody has answered and it is not too late.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(&self, id: Uuid, now: Timestamp) -> Result<Option<Asking>, sqlx::Error> {
        type Row = (Option<String>, Option<String>, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp);
        let row: Option<Row> = sqlx::query_as(
            "SELECT address, agent, made_at, expires_at FROM qr_sign_in WHERE id = $1 AND approved IS NULL AND expires_at > $2",
        )
        .bind(id)
        .bind(now.to_sqlx())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(address, agent, made, expires)| Asking { address, agent, made_at: made.to_jiff(), expires_at: expires.to_jiff() }))
    }

    /// Answers from a session; whether this answer counts: of several at once, one does.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn answer(&self, id: Uuid, approved: bool, by: &Session, now: Timestamp) -> Result<bool, sqlx::Error> {
        let answered = sqlx::query(
            "UPDATE qr_sign_in SET approved = $2, account = $3, person = $4, organisation = $5, session = $6
             WHERE id = $1 AND approved IS NULL AND expires_at > $7",
        )
        .bind(id)
        .bind(approved)
        .bind(by.account)
        .bind(by.person.0)
        .bind(by.organisation.0)
        .bind(by.id)
        .bind(now.to_sqlx())
        .execute(&self.pool)
        .await?;
        Ok(answered.rows_affected() > 0)
    }

    /// What has become of the request, told to who has its secret. An answer is told once; nothing is told after it, or too late.
    ///
    /// # Errors
    /// When the database does not answer: it is not known then whether it was told.
    pub async fn take(&self, id: Uuid, secret: &str, now: Timestamp) -> Result<Option<Outcome>, sqlx::Error> {
        type Row = (Option<bool>, Option<i64>, Option<i64>, Option<i64>, Option<Uuid>);
        let row: Option<Row> = sqlx::query_as(
            "UPDATE qr_sign_in SET used = approved IS NOT NULL WHERE id = $1 AND hash = $2 AND NOT used AND expires_at > $3
             RETURNING approved, account, person, organisation, session",
        )
        .bind(id)
        .bind(SecretHash::of(secret).0.to_vec())
        .bind(now.to_sqlx())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| match row {
            (Some(true), Some(account), Some(person), Some(organisation), Some(session)) => {
                Outcome::Approved { account, person: PersonId(person), organisation: OrganisationId(organisation), session }
            }
            (None, ..) => Outcome::Waiting,
            (Some(_), ..) => Outcome::Refused,
        }))
    }

    /// Forgets requests whose time has been over for a day.
    ///
    /// # Errors
    /// When the database does not answer; the next call makes up for it.
    pub async fn purge(&self, now: Timestamp) -> Result<u64, sqlx::Error> {
        let before = now.checked_sub(KEPT_AFTER).unwrap_or(Timestamp::MIN);
        let deleted = sqlx::query("DELETE FROM qr_sign_in WHERE expires_at < $1").bind(before.to_sqlx()).execute(&self.pool).await?;
        Ok(deleted.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_database::TestDatabase;

    fn time(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn session() -> Session {
        Session {
            id: Uuid::from_u128(9),
            account: 1,
            person: PersonId(11),
            organisation: OrganisationId(2),
            position: 1,
            began_with: "password".into(),
            second: None,
            made_at: time(0),
            seen_at: time(0),
            authenticated_at: time(0),
            lasts_until: Timestamp::MAX,
            ends_at: Timestamp::MAX,
            needs_factor: false,
            address: None,
            agent: None,
            ended: false,
        }
    }

    #[tokio::test]
    async fn a_request_is_answered_once_and_its_answer_told_once_in_time() {
        let database = TestDatabase::create().await;
        let requests = QrSignIns::new(database.pool(4).await);
        let asking = Asking { address: Some("10.0.0.1".into()), agent: None, made_at: time(0), expires_at: time(180) };
        let ask = async |number| (Uuid::from_u128(number), requests.ask(Uuid::from_u128(number), &asking).await.unwrap());
        let take = async |id, secret: &Secret, second| requests.take(id, secret.expose(), time(second)).await.unwrap();
        let answer = async |id, approved, second| requests.answer(id, approved, &session(), time(second)).await.unwrap();
        let (id, secret) = ask(1).await;
        assert_eq!(requests.look(id, time(1)).await.unwrap().as_ref(), Some(&asking));
        assert_eq!(take(id, &secret, 1).await, Some(Outcome::Waiting));
        assert_eq!(take(id, &Secret::make(), 1).await, None);
        let (one, other) = tokio::join!(answer(id, true, 2), answer(id, true, 2));
        assert!(one ^ other, "of two answers one counts");
        assert_eq!(requests.look(id, time(2)).await.unwrap(), None);
        let (one, other) = tokio::join!(take(id, &secret, 3), take(id, &secret, 3));
        let approved = Outcome::Approved { account: 1, person: PersonId(11), organisation: OrganisationId(2), session: Uuid::from_u128(9) };
        assert!(matches!((one, other), (Some(told), None) | (None, Some(told)) if told == approved), "{one:?} {other:?}");
        let (id, secret) = ask(2).await;
        assert!(answer(id, false, 1).await);
        assert_eq!((take(id, &secret, 2).await, take(id, &secret, 2).await), (Some(Outcome::Refused), None));
        let (id, secret) = ask(3).await;
        assert!(answer(id, true, 179).await);
        assert_eq!(take(id, &secret, 180).await, None, "too late");
        let (id, _) = ask(4).await;
        assert!(!answer(id, true, 180).await);
        assert_eq!(requests.look(id, time(180)).await.unwrap(), None);
        assert_eq!(requests.purge(time(180 + 24 * 3600 + 1)).await.unwrap(), 4);
    }
}
