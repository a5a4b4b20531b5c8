//! Sessions of browsers: begun at sign-in, looked up at every request, ended. Of the cookie only a hash is kept. Not the cookie
//! itself (see [`crate::extract::site`]), nor who may begin one.

use std::time::Duration;

use domain::account::{Factor, Way};
use domain::{OrganisationId, PersonId, Position};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::secret::{Secret, SecretHash};
use super::tokens::Token;
use crate::config::Identity;

/// How exactly it is known when a session was last used: a write a minute is enough.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How long rows stay after a session's time is over, so that its holder is told why it does not work any more.
const KEPT_AFTER: Duration = Duration::from_secs(24 * 3600);
/// Sessions that are listed.
const LISTED_MAX: i64 = 200;

/// What is known of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: Uuid,
    pub account: i64,
    pub person: PersonId,
    pub organisation: OrganisationId,
    pub position: Position,
    pub began_with: String,
    pub second: Option<String>,
    pub made_at: Timestamp,
    pub seen_at: Timestamp,
    pub authenticated_at: Timestamp,
    /// The end that it has when nobody uses it any more.
    pub ends_at: Timestamp,
    pub needs_factor: bool,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub ended: bool,
}

impl Session {
    /// The rules for tokens are those for sessions.
    pub fn as_token(&self) -> Token {
        Token {
            person: self.person,
            organisation: self.organisation,
            position: self.position,
            revoked: self.ended,
            expires_at: self.ends_at,
        }
    }
}

/// How a session shall begin.
#[derive(Clone, Debug)]
pub struct Begun {
    pub id: Uuid,
    pub account: i64,
    pub person: PersonId,
    pub organisation: OrganisationId,
    /// The position after the log's head, which was read before anything was proved.
    pub position: Position,
    pub by: Way,
    pub second: Option<Factor>,
    pub needs_factor: bool,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub limits: Limits,
    /// The session is begun only if this is still the person's password, where it was shown.
    pub password: Option<(PersonId, String)>,
    /// The session whose place it takes; that one ends.
    pub replaces: Option<Uuid>,
    /// When its human proved who they are: now, or what the session before knew of it.
    pub authenticated_at: Option<Timestamp>,
}

/// How long a session may last, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub lifetime: SignedDuration,
    pub idle: SignedDuration,
    pub at_once: u32,
}

impl Limits {
    /// As the installation is configured.
    pub fn of(settings: &Identity) -> Self {
        Self {
            lifetime: SignedDuration::from_hours(i64::from(settings.session_lifetime_hours)),
            idle: SignedDuration::from_mins(i64::from(settings.session_idle_minutes)),
            at_once: settings.sessions_per_account,
        }
    }
}

/// The sessions. Cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    pool: PgPool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    account: i64,
    person: i64,
    organisation: i64,
    position: i64,
    began_with: String,
    second: Option<String>,
    made_at: jiff_sqlx::Timestamp,
    seen_at: jiff_sqlx::Timestamp,
    authenticated_at: jiff_sqlx::Timestamp,
    idle_seconds: i64,
    expires_at: jiff_sqlx::Timestamp,
    needs_factor: bool,
    address: Option<String>,
    agent: Option<String>,
    ended: bool,
}

impl Sessions {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// What is known of the session whose cookie a request brought; it counts as used.
    ///
    /// # Errors
    /// When the database does not answer. Nothing is remembered: a session that ended anywhere is over everywhere.
    pub async fn find(&self, cookie: &str, now: Timestamp) -> Result<Option<Session>, sqlx::Error> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, account, person, organisation, position, began_with, second, made_at, seen_at, authenticated_at, idle_seconds,
                    expires_at, needs_factor, address, agent, ended FROM session WHERE hash = $1",
        )
        .bind(SecretHash::of(cookie).0.to_vec())
        .fetch_optional(&self.pool)
        .await?;
        let Some(session) = row.map(Session::from) else { return Ok(None) };
        if !session.ended && session.ends_at > now && now.duration_since(session.seen_at) >= SEEN_EVERY {
            sqlx::query("UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2")
                .bind(session.id)
                .bind(now.to_sqlx())
                .execute(&self.pool)
                .await?;
        }
        Ok(Some(session))
    }

    /// The sessions of an account that are alive, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of_account(&self, account: i64, now: Timestamp) -> Result<Vec<Session>, sqlx::Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, account, person, organisation, position, began_with, second, made_at, seen_at, authenticated_at, idle_seconds,
                    expires_at, needs_factor, address, agent, ended
             FROM session WHERE account = $1 AND NOT ended AND expires_at > $2 ORDER BY made_at DESC LIMIT $3",
        )
        .bind(account)
        .bind(now.to_sqlx())
        .bind(LISTED_MAX)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Session::from).filter(|session| session.ends_at > now).collect())
    }

    /// Begins a session under a fresh secret, ends the one whose place it takes, and the oldest beyond the limit. Nothing when
    /// the password that was shown has been replaced in the meantime.
    ///
    /// # Errors
    /// When the database does not answer; nothing has changed then.
    pub async fn begin(&self, begun: &Begun, now: Timestamp) -> Result<Option<(Secret, Session)>, sqlx::Error> {
        let secret = Secret::make();
        let expires_at = now.saturating_add(begun.limits.lifetime).unwrap_or(Timestamp::MAX);
        let mut tx = self.pool.begin().await?;
        if let Some((person, hash)) = &begun.password {
            // The lock makes a change of the password wait until the session can be seen, and ended with the others.
            let same = sqlx::query("SELECT FROM password WHERE person = $1 AND hash = $2 FOR SHARE").bind(person.0).bind(hash);
            if same.fetch_optional(&mut *tx).await?.is_none() {
                return Ok(None);
            }
        }
        let row: Row = sqlx::query_as(
            "INSERT INTO session (id, hash, account, person, organisation, position, began_with, second, made_at, seen_at,
                                  authenticated_at, idle_seconds, expires_at, needs_factor, address, agent)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13, $14, $15)
             RETURNING id, account, person, organisation, position, began_with, second, made_at, seen_at, authenticated_at,
                       idle_seconds, expires_at, needs_factor, address, agent, ended",
        )
        .bind(begun.id)
        .bind(secret.hash().0.to_vec())
        .bind(begun.account)
        .bind(begun.person.0)
        .bind(begun.organisation.0)
        .bind(begun.position)
        .bind(word(begun.by))
        .bind(begun.second.map(word))
        .bind(now.to_sqlx())
        .bind(begun.authenticated_at.unwrap_or(now).to_sqlx())
        .bind(begun.limits.idle.as_secs())
        .bind(expires_at.to_sqlx())
        .bind(begun.needs_factor)
        .bind(&begun.address)
        .bind(&begun.agent)
        .fetch_one(&mut *tx)
        .await?;
        if let Some(replaced) = begun.replaces {
            sqlx::query("UPDATE session SET ended = true WHERE id = $1").bind(replaced).execute(&mut *tx).await?;
        }
        sqlx::query(
            "UPDATE session SET ended = true WHERE id IN
                 (SELECT id FROM session WHERE account = $1 AND NOT ended ORDER BY made_at DESC, id DESC OFFSET $2)",
        )
        .bind(begun.account)
        .bind(i64::from(begun.limits.at_once))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some((secret, Session::from(row))))
    }

    /// Ends a session of the account; whether there was one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end(&self, account: i64, session: Uuid) -> Result<bool, sqlx::Error> {
        let ended = sqlx::query("UPDATE session SET ended = true WHERE id = $1 AND account = $2 AND NOT ended")
            .bind(session)
            .bind(account)
            .execute(&self.pool)
            .await?;
        Ok(ended.rows_affected() > 0)
    }

    /// Ends these sessions of the account; how many were alive.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_these(&self, account: i64, sessions: &[Uuid]) -> Result<usize, sqlx::Error> {
        let ended = sqlx::query("UPDATE session SET ended = true WHERE account = $1 AND NOT ended AND id = ANY($2)")
            .bind(account)
            .bind(sessions)
            .execute(&self.pool)
            .await?;
        Ok(usize::try_from(ended.rows_affected()).unwrap_or(usize::MAX))
    }

    /// Forgets sessions whose time has been over for a day.
    ///
    /// # Errors
    /// When the database does not answer; the next call makes up for it.
    pub async fn purge(&self, now: Timestamp) -> Result<u64, sqlx::Error> {
        let before = now.checked_sub(KEPT_AFTER).unwrap_or(Timestamp::MIN);
        let deleted = sqlx::query("DELETE FROM session WHERE expires_at < $1").bind(before.to_sqlx()).execute(&self.pool).await?;
        Ok(deleted.rows_affected())
    }
}

/// Ends every session of these persons, in the transaction that changes what they sign in with.
pub(super) async fn end_of(tx: &mut Transaction<'_, Postgres>, persons: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE session SET ended = true WHERE person = ANY($1) AND NOT ended").bind(persons).execute(&mut **tx).await?;
    Ok(())
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        let (seen_at, expires_at) = (row.seen_at.to_jiff(), row.expires_at.to_jiff());
        let idle = seen_at.saturating_add(SignedDuration::from_secs(row.idle_seconds)).unwrap_or(Timestamp::MAX);
        Self {
            id: row.id,
            account: row.account,
            person: PersonId(row.person),
            organisation: OrganisationId(row.organisation),
            position: row.position,
            began_with: row.began_with,
            second: row.second,
            made_at: row.made_at.to_jiff(),
            seen_at,
            authenticated_at: row.authenticated_at.to_jiff(),
            ends_at: expires_at.min(idle),
            needs_factor: row.needs_factor,
            address: row.address,
            agent: row.agent,
            ended: row.ended,
        }
    }
}

/// The word under which a way or a factor is stored and shown: the one of the log.
pub fn word<T: serde::Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_database::TestDatabase;

    const LIMITS: Limits = Limits { lifetime: SignedDuration::from_hours(10), idle: SignedDuration::from_hours(1), at_once: 2 };

    fn time(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn begun(number: u128) -> Begun {
        Begun {
            id: Uuid::from_u128(number),
            account: 1,
            person: PersonId(11),
            organisation: OrganisationId(1),
            position: 5,
            by: Way::Password,
            second: None,
            needs_factor: false,
            address: None,
            agent: None,
            limits: LIMITS,
            password: None,
            replaces: None,
            authenticated_at: None,
        }
    }

    #[tokio::test]
    async fn a_session_lives_while_it_is_used_and_not_longer_than_it_may() {
        let database = TestDatabase::create().await;
        let sessions = Sessions::new(database.pool(2).await);
        let (secret, session) = sessions.begin(&begun(1), time(0)).await.unwrap().unwrap();
        assert_eq!(session.ends_at, time(3600));
        let at = async |second| sessions.find(secret.expose(), time(second)).await.unwrap().unwrap().ends_at;
        assert_eq!(at(30).await, time(3600));
        assert_eq!(at(3000).await, time(3600), "what was known before this use");
        assert_eq!(at(3001).await, time(6600));
        // Too late: looking at it does not bring it back.
        assert_eq!(at(7000).await, time(6600));
        assert_eq!(at(7001).await, time(6600));
        assert_eq!(sessions.find("guess", time(1)).await.unwrap(), None);
    }

    #[tokio::test]
    async fn the_oldest_beyond_the_limit_ends_and_so_does_the_one_that_is_replaced() {
        let database = TestDatabase::create().await;
        let sessions = Sessions::new(database.pool(2).await);
        for number in 1..=3 {
            sessions.begin(&begun(number), time(i64::try_from(number).unwrap())).await.unwrap().unwrap();
        }
        let alive = async || sessions.of_account(1, time(10)).await.unwrap().iter().map(|one| one.id.as_u128()).collect::<Vec<_>>();
        assert_eq!(alive().await, [3, 2]);
        sessions.begin(&Begun { replaces: Some(Uuid::from_u128(3)), ..begun(4) }, time(4)).await.unwrap().unwrap();
        assert_eq!(alive().await, [4, 2]);
        assert!(!sessions.end(2, Uuid::from_u128(4)).await.unwrap(), "of another account");
        assert!(sessions.end(1, Uuid::from_u128(2)).await.unwrap());
        assert_eq!(alive().await, [4]);
        let these = [2, 4].map(Uuid::from_u128);
        assert_eq!(sessions.end_these(1, &these).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_password_that_was_replaced_meanwhile_begins_nothing() {
        let database = TestDatabase::create().await;
        let pool = database.pool(2).await;
        let (sessions, credentials) = (Sessions::new(pool.clone()), super::super::Credentials::new(pool));
        let person = PersonId(11);
        credentials.set_password(&[(person, OrganisationId(1), 1)], "old").await.unwrap();
        let with = |hash: &str, number| Begun { password: Some((person, hash.to_owned())), ..begun(number) };
        let (secret, _) = sessions.begin(&with("old", 1), time(0)).await.unwrap().unwrap();
        credentials.set_password(&[(person, OrganisationId(1), 2)], "new").await.unwrap();
        assert!(sessions.find(secret.expose(), time(1)).await.unwrap().unwrap().ended);
        assert!(sessions.begin(&with("old", 2), time(0)).await.unwrap().is_none());
        assert!(sessions.begin(&with("new", 3), time(0)).await.unwrap().is_some());
    }
}
