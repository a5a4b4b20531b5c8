//! Sessions of browsers: begun at sign-in, looked up at every request, ended. Of the cookie only a hash is kept. Not the cookie
//! itself (see [`crate::extract::site`]), nor who may begin one.

use std::time::Duration;

use domain::account::{Factor, Way, Why};
use domain::person::{Bound, SessionBounds, SessionPolicy};
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
/// Where there is no bound: ten years.
const FOR_EVER: SignedDuration = SignedDuration::from_hours(87_600);

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
    /// The end that it has however much it is used.
    pub lasts_until: Timestamp,
    /// The end that it has when nobody uses it any more.
    pub ends_at: Timestamp,
    /// A second factor is demanded of its person, and it began without one: see [`Session::hold_to`].
    pub needs_factor: bool,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub ended: bool,
}

impl Session {
    /// Why its time is over, if it is: held to what is demanded now (see [`Session::hold_to`]).
    pub fn over(&self, now: Timestamp) -> Option<Why> {
        if self.ends_at > now {
            return None;
        }
        Some(if self.lasts_until <= self.ends_at { Why::Expired } else { Why::Inactive })
    }

    /// Holds it to what is demanded of its person now, which may be stricter than when it began.
    pub fn hold_to(&mut self, policy: &SessionPolicy) {
        let bounds = bounds(policy, self.agent.as_deref());
        let at_most = |bound, since| match bound {
            Some(Bound::AtMost(hours)) => after(since, SignedDuration::from_hours(i64::from(hours))),
            Some(Bound::Unbounded) | None => Timestamp::MAX,
        };
        self.lasts_until = self.lasts_until.min(at_most(bounds.life_hours, self.authenticated_at));
        self.ends_at = self.ends_at.min(self.lasts_until).min(at_most(bounds.inactive_hours, self.seen_at));
        self.needs_factor = policy.two_factor && self.factor().is_none();
    }

    /// The second factor that was shown. A passkey is two in one: the device, and what it asks its human for.
    pub fn factor(&self) -> Option<Factor> {
        let second = self.second.as_deref().and_then(|word| serde_json::from_value(word.into()).ok());
        second.or_else(|| (self.began_with == word(Way::Passkey)).then_some(Factor::Passkey))
    }

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
    pub address: Option<String>,
    pub agent: Option<String>,
    pub limits: Limits,
    /// The session is begun only if this is still the person's password, where it was shown.
    pub password: Option<(PersonId, String)>,
    /// The session whose place it takes; that one ends.
    pub replaces: Option<Replaced>,
    /// When its human proved who they are: now, or what the session before knew of it.
    pub authenticated_at: Option<Timestamp>,
}

/// A session whose place another takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub id: Uuid,
    /// The other begins only if this one has not ended meanwhile.
    pub alive: bool,
}

/// Why a session could not begin: what it was to rest on is not there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The password that was shown has been replaced.
    Password,
    /// The session whose place it was to take has ended.
    Session,
}

/// A session that has begun.
#[derive(Debug)]
pub struct Beginning {
    pub secret: Secret,
    pub session: Session,
    /// Those that ended for it, being beyond the limit.
    pub evicted: Vec<Uuid>,
}

/// How long a session may last, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From when its human proved who they are.
    pub lifetime: SignedDuration,
    pub idle: SignedDuration,
    pub at_once: AtOnce,
}

/// How many sessions there may be at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtOnce {
    OfAccount(u32),
    /// Of its person, in programs of the same kind: phones, or others.
    OfPerson(u32),
    Unbounded,
}

impl Limits {
    /// As the installation is configured, where nothing else was set for the person.
    pub fn of(settings: &Identity, policy: &SessionPolicy, agent: Option<&str>) -> Self {
        let bounds = bounds(policy, agent);
        let hours = |bound: Option<Bound>, else_minutes: u32| match bound {
            Some(Bound::AtMost(hours)) => SignedDuration::from_hours(i64::from(hours)),
            Some(Bound::Unbounded) => FOR_EVER,
            None => SignedDuration::from_mins(i64::from(else_minutes)),
        };
        Self {
            lifetime: hours(bounds.life_hours, settings.session_lifetime_hours.saturating_mul(60)),
            idle: hours(bounds.inactive_hours, settings.session_idle_minutes),
            at_once: match bounds.count {
                Some(Bound::AtMost(count)) => AtOnce::OfPerson(count),
                Some(Bound::Unbounded) => AtOnce::Unbounded,
                None => AtOnce::OfAccount(settings.sessions_per_account),
            },
        }
    }
}

/// Those for programs on phones, or the others: a phone's browser calls itself `Mobi…`.
fn bounds(policy: &SessionPolicy, agent: Option<&str>) -> SessionBounds {
    if agent.is_some_and(|agent| agent.contains("Mobi")) { policy.mobile } else { policy.web }
}

fn after(moment: Timestamp, span: SignedDuration) -> Timestamp {
    moment.saturating_add(span).unwrap_or(Timestamp::MAX)
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
    address: Option<String>,
    agent: Option<String>,
    ended: bool,
}

impl Sessions {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// What is known of the session whose cookie a request brought.
    ///
    /// # Errors
    /// When the database does not answer. Nothing is remembered: a session that ended anywhere is over everywhere.
    pub async fn find(&self, cookie: &str) -> Result<Option<Session>, sqlx::Error> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, account, person, organisation, position, began_with, second, made_at, seen_at, authenticated_at, idle_seconds,
                    expires_at, address, agent, ended FROM session WHERE hash = $1",
        )
        .bind(SecretHash::of(cookie).0.to_vec())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(Session::from))
    }

    /// The session of this id, if it is alive.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn alive(&self, id: Uuid, now: Timestamp) -> Result<Option<Session>, sqlx::Error> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, account, person, organisation, position, began_with, second, made_at, seen_at, authenticated_at, idle_seconds,
                    expires_at, address, agent, ended FROM session WHERE id = $1 AND NOT ended",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(Session::from).filter(|session| session.ends_at > now))
    }

    /// Those of these sessions that nobody has ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn not_ended(&self, ids: &[Uuid]) -> Result<Vec<Session>, sqlx::Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, account, person, organisation, position, began_with, second, made_at, seen_at, authenticated_at, idle_seconds,
                    expires_at, address, agent, ended FROM session WHERE id = ANY ($1) AND NOT ended",
        )
        .bind(ids)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// A session that stands is used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn used(&self, session: &Session, now: Timestamp) -> Result<(), sqlx::Error> {
        if now.duration_since(session.seen_at) < SEEN_EVERY {
            return Ok(());
        }
        sqlx::query("UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2")
            .bind(session.id)
            .bind(now.to_sqlx())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The sessions of an account that are alive, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of_account(&self, account: i64, now: Timestamp) -> Result<Vec<Session>, sqlx::Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, account, person, organisation, position, began_with, second, made_at, seen_at, authenticated_at, idle_seconds,
                    expires_at, address, agent, ended
             FROM session WHERE account = $1 AND NOT ended AND expires_at > $2 ORDER BY made_at DESC LIMIT $3",
        )
        .bind(account)
        .bind(now.to_sqlx())
        .bind(LISTED_MAX)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Session::from).filter(|session| session.ends_at > now).collect())
    }

    /// Begins a session under a fresh secret, ends the one whose place it takes, and the oldest beyond the limit, which it names.
    /// Nothing when the password that was shown has been replaced in the meantime.
    ///
    /// # Errors
    /// When the database does not answer; nothing has changed then.
    pub async fn begin(&self, begun: &Begun, now: Timestamp) -> Result<Result<Beginning, Gone>, sqlx::Error> {
        let secret = Secret::make();
        let authenticated_at = begun.authenticated_at.unwrap_or(now);
        let mut tx = self.pool.begin().await?;
        if let Some((person, hash)) = &begun.password {
            // The lock makes a change of the password wait until the session can be seen, and ended with the others.
            let same = sqlx::query("SELECT FROM password WHERE person = $1 AND hash = $2 FOR SHARE").bind(person.0).bind(hash);
            if same.fetch_optional(&mut *tx).await?.is_none() {
                return Ok(Err(Gone::Password));
            }
        }
        // Of several that begin at once, each sees those before it.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('sessions of account ' || $1::text, 0))")
            .bind(begun.account)
            .execute(&mut *tx)
            .await?;
        if let Some(replaced) = begun.replaces {
            let ended = sqlx::query("UPDATE session SET ended = true WHERE id = $1 AND NOT ended").bind(replaced.id);
            if ended.execute(&mut *tx).await?.rows_affected() == 0 && replaced.alive {
                return Ok(Err(Gone::Session));
            }
        }
        let row: Row = sqlx::query_as(
            "INSERT INTO session (id, hash, account, person, organisation, position, began_with, second, made_at, seen_at,
                                  authenticated_at, idle_seconds, expires_at, address, agent)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13, $14)
             RETURNING id, account, person, organisation, position, began_with, second, made_at, seen_at, authenticated_at,
                       idle_seconds, expires_at, address, agent, ended",
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
        .bind(authenticated_at.to_sqlx())
        .bind(begun.limits.idle.as_secs())
        .bind(after(authenticated_at, begun.limits.lifetime).to_sqlx())
        .bind(&begun.address)
        .bind(&begun.agent)
        .fetch_one(&mut *tx)
        .await?;
        let evicted = match begun.limits.at_once {
            AtOnce::OfAccount(most) => evict(&mut tx, begun, now, (true, most)).await?,
            AtOnce::OfPerson(most) => evict(&mut tx, begun, now, (false, most)).await?,
            AtOnce::Unbounded => Vec::new(),
        };
        tx.commit().await?;
        Ok(Ok(Beginning { secret, session: Session::from(row), evicted }))
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

    /// Some of those that neither ended nor are known to be over, those after `after` by id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn standing(&self, after: Uuid, most: i64) -> Result<Vec<Session>, sqlx::Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, account, person, organisation, position, began_with, second, made_at, seen_at, authenticated_at, idle_seconds,
                    expires_at, address, agent, ended
             FROM session WHERE NOT ended AND NOT timed_out AND id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after)
        .bind(most)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// A session's time was over at `ends_at`, and the log tells so: from now on it is, whatever becomes allowed. Whether this was
    /// news.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn time_out(&self, session: &Session) -> Result<bool, sqlx::Error> {
        let over = sqlx::query(
            "UPDATE session SET timed_out = true, expires_at = least(expires_at, $2) WHERE id = $1 AND NOT ended AND NOT timed_out",
        );
        let over = over.bind(session.id).bind(session.ends_at.to_sqlx()).execute(&self.pool).await?;
        Ok(over.rows_affected() > 0)
    }

    /// Forgets sessions that have ended, or are known to be over, and whose time has been over for a day.
    ///
    /// # Errors
    /// When the database does not answer; the next call makes up for it.
    pub async fn purge(&self, now: Timestamp) -> Result<u64, sqlx::Error> {
        let before = now.checked_sub(KEPT_AFTER).unwrap_or(Timestamp::MIN);
        let deleted = sqlx::query("DELETE FROM session WHERE expires_at < $1 AND (ended OR timed_out)")
            .bind(before.to_sqlx())
            .execute(&self.pool)
            .await?;
        Ok(deleted.rows_affected())
    }
}

/// Ends the oldest that are alive beyond `most`: of the whole account, or of the person's in programs of the same kind.
async fn evict(
    tx: &mut Transaction<'_, Postgres>,
    begun: &Begun,
    now: Timestamp,
    (of_account, most): (bool, u32),
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "UPDATE session SET ended = true WHERE id IN
             (SELECT id FROM session
              WHERE account = $1 AND NOT ended AND expires_at > $2 AND seen_at + idle_seconds * interval '1 second' > $2
                AND ($3 OR (person = $4 AND (coalesce(agent, '') LIKE '%Mobi%') = (coalesce($5, '') LIKE '%Mobi%')))
              ORDER BY made_at DESC, id DESC OFFSET $6)
         RETURNING id",
    )
    .bind(begun.account)
    .bind(now.to_sqlx())
    .bind(of_account)
    .bind(begun.person.0)
    .bind(&begun.agent)
    .bind(i64::from(most))
    .fetch_all(&mut **tx)
    .await
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
            lasts_until: expires_at,
            ends_at: expires_at.min(idle),
            needs_factor: false,
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

    const LIMITS: Limits =
        Limits { lifetime: SignedDuration::from_hours(10), idle: SignedDuration::from_hours(1), at_once: AtOnce::OfAccount(2) };

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
            address: None,
            agent: None,
            limits: LIMITS,
            password: None,
            replaces: None,
            authenticated_at: None,
        }
    }

    async fn begin(sessions: &Sessions, begun: Begun, second: i64) -> Beginning {
        sessions.begin(&begun, time(second)).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_session_lives_while_it_is_used_and_not_longer_than_it_may() {
        let database = TestDatabase::create().await;
        let sessions = Sessions::new(database.pool(2).await);
        let Beginning { secret, session, .. } = begin(&sessions, begun(1), 0).await;
        assert_eq!(session.ends_at, time(3600));
        let find = async || sessions.find(secret.expose()).await.unwrap().unwrap();
        sessions.used(&find().await, time(30)).await.unwrap();
        assert_eq!(find().await.ends_at, time(3600), "a write a minute is enough");
        sessions.used(&find().await, time(3000)).await.unwrap();
        assert_eq!(find().await.ends_at, time(6600));
        sessions.used(&find().await, time(36_000 - 60)).await.unwrap();
        assert_eq!(find().await.ends_at, time(36_000));
        assert_eq!(sessions.find("guess").await.unwrap(), None);
    }

    #[tokio::test]
    async fn the_oldest_beyond_the_limit_ends_and_so_does_the_one_that_is_replaced() {
        let database = TestDatabase::create().await;
        let sessions = Sessions::new(database.pool(2).await);
        let mut evicted = Vec::new();
        for number in 1..=3 {
            evicted.push(begin(&sessions, begun(number), i64::try_from(number).unwrap()).await.evicted);
        }
        assert_eq!(evicted, [vec![], vec![], vec![Uuid::from_u128(1)]]);
        let alive = async || sessions.of_account(1, time(10)).await.unwrap().iter().map(|one| one.id.as_u128()).collect::<Vec<_>>();
        assert_eq!(alive().await, [3, 2]);
        let in_place_of = |id, alive, number| Begun { replaces: Some(Replaced { id: Uuid::from_u128(id), alive }), ..begun(number) };
        begin(&sessions, in_place_of(3, true, 4), 4).await;
        assert_eq!(alive().await, [4, 2]);
        let again = sessions.begin(&in_place_of(3, true, 5), time(5)).await.unwrap();
        assert_eq!(again.err(), Some(Gone::Session), "its place is taken");
        assert!(!sessions.end(2, Uuid::from_u128(4)).await.unwrap(), "of another account");
        assert!(sessions.end(1, Uuid::from_u128(2)).await.unwrap());
        assert_eq!(alive().await, [4]);
        let these = [2, 4].map(Uuid::from_u128);
        assert_eq!(sessions.end_these(1, &these).await.unwrap(), 1);
        begin(&sessions, in_place_of(4, false, 6), 6).await;
        assert_eq!(alive().await, [6]);
    }

    #[tokio::test]
    async fn a_person_s_own_limit_counts_their_sessions_on_phones_and_elsewhere_apart() {
        let database = TestDatabase::create().await;
        let sessions = Sessions::new(database.pool(2).await);
        let one = Limits { at_once: AtOnce::OfPerson(1), ..LIMITS };
        let on = |agent: &str, person, number| Begun { agent: Some(agent.into()), person: PersonId(person), limits: one, ..begun(number) };
        for (number, (agent, person)) in (1..).zip([("Desktop", 11), ("Mobile", 11), ("Desktop", 12), ("Desktop", 11)]) {
            let evicted = begin(&sessions, on(agent, person, number), i64::try_from(number).unwrap()).await.evicted;
            assert_eq!(evicted, if number == 4 { vec![Uuid::from_u128(1)] } else { vec![] }, "{number}");
        }
    }

    #[tokio::test]
    async fn sessions_that_begin_at_once_do_not_exceed_the_limit() {
        let database = TestDatabase::create().await;
        let sessions = Sessions::new(database.pool(4).await);
        let all: Vec<Begun> = (1..=6).map(begun).collect();
        let made = futures_util::future::join_all(all.iter().map(|begun| sessions.begin(begun, time(1)))).await;
        assert!(made.into_iter().all(|made| made.unwrap().is_ok()));
        assert_eq!(sessions.of_account(1, time(2)).await.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_session_is_held_to_what_is_demanded_now() {
        let database = TestDatabase::create().await;
        let sessions = Sessions::new(database.pool(2).await);
        let mut session = begin(&sessions, begun(1), 0).await.session;
        let bounds = |life, inactive| SessionBounds { life_hours: life, inactive_hours: inactive, count: None };
        let policy = |web, two_factor| SessionPolicy { web, two_factor, ..SessionPolicy::default() };
        session.seen_at = time(7200);
        session.ends_at = time(10_800);
        let ends = |web| {
            let mut held = session.clone();
            held.hold_to(&policy(web, false));
            (held.ends_at, held.needs_factor)
        };
        assert_eq!(ends(bounds(None, None)), (time(10_800), false));
        assert_eq!(ends(bounds(Some(Bound::AtMost(1)), None)), (time(3600), false));
        assert_eq!(ends(bounds(None, Some(Bound::AtMost(1)))), (time(10_800), false));
        assert_eq!(ends(bounds(Some(Bound::Unbounded), Some(Bound::Unbounded))), (time(10_800), false), "not longer than it began with");
        let mut phone = Session { agent: Some("A Mobile".into()), ..session.clone() };
        phone.hold_to(&policy(bounds(Some(Bound::AtMost(1)), None), true));
        assert_eq!((phone.ends_at, phone.needs_factor), (time(10_800), true));
        for (began_with, second) in [("password", Some("totp")), ("switch", Some("passkey")), ("passkey", None)] {
            let mut with = Session { began_with: began_with.into(), second: second.map(str::to_owned), ..session.clone() };
            with.hold_to(&policy(SessionBounds::default(), true));
            assert!(!with.needs_factor, "{began_with}");
        }
    }

    #[tokio::test]
    async fn what_is_over_stays_over_and_is_told_once_with_its_reason() {
        let database = TestDatabase::create().await;
        let sessions = Sessions::new(database.pool(2).await);
        let limits = Limits { at_once: AtOnce::Unbounded, ..LIMITS };
        for number in 1..=3 {
            begin(&sessions, Begun { limits, ..begun(number) }, 0).await;
        }
        let standing = async |after, most| sessions.standing(Uuid::from_u128(after), most).await.unwrap();
        let ids = |found: &[Session]| found.iter().map(|one| one.id.as_u128()).collect::<Vec<_>>();
        assert_eq!((ids(&standing(0, 2).await), ids(&standing(2, 2).await)), (vec![1, 2], vec![3]));
        let found = standing(0, 3).await;
        assert_eq!((found[0].over(time(3599)), found[0].over(time(3600))), (None, Some(Why::Inactive)));
        let lasted = Session { seen_at: time(35_000), ends_at: time(36_000), ..found[1].clone() };
        assert_eq!(lasted.over(time(36_000)), Some(Why::Expired));
        let bounds = SessionBounds { life_hours: Some(Bound::AtMost(1)), ..SessionBounds::default() };
        let mut held = lasted;
        held.hold_to(&SessionPolicy { web: bounds, ..SessionPolicy::default() });
        assert_eq!((held.over(time(3600)), held.ends_at), (Some(Why::Expired), time(3600)), "by what is demanded now");
        assert!(sessions.time_out(&held).await.unwrap());
        assert!(!sessions.time_out(&held).await.unwrap(), "it is known");
        assert!(sessions.end(1, Uuid::from_u128(3)).await.unwrap());
        assert_eq!(ids(&standing(0, 9).await), [1]);
        let day_after = time(3601 + 24 * 3600);
        assert_eq!(sessions.purge(day_after).await.unwrap(), 1, "the one that may be forgotten");
    }

    #[test]
    fn limits_are_those_of_the_person_else_of_the_installation() {
        let settings = crate::config::Settings::defaults().unwrap().identity;
        let ours = Limits::of(&settings, &SessionPolicy::default(), None);
        assert_eq!((ours.lifetime, ours.at_once), (SignedDuration::from_hours(720), AtOnce::OfAccount(20)));
        let web =
            SessionBounds { life_hours: Some(Bound::AtMost(8)), inactive_hours: Some(Bound::Unbounded), count: Some(Bound::AtMost(3)) };
        let policy = SessionPolicy { web, ..SessionPolicy::default() };
        let bounded = Limits { lifetime: SignedDuration::from_hours(8), idle: FOR_EVER, at_once: AtOnce::OfPerson(3) };
        assert_eq!(Limits::of(&settings, &policy, Some("Desktop")), bounded);
        assert_eq!(Limits::of(&settings, &policy, Some("A Mobile")), ours);
    }

    #[tokio::test]
    async fn a_password_that_was_replaced_meanwhile_begins_nothing() {
        let database = TestDatabase::create().await;
        let pool = database.pool(2).await;
        let (sessions, credentials) = (Sessions::new(pool.clone()), super::super::Credentials::new(pool));
        let person = PersonId(11);
        credentials.set_password(&[(person, OrganisationId(1), 1)], "old").await.unwrap();
        let with = |hash: &str, number| Begun { password: Some((person, hash.to_owned())), ..begun(number) };
        let secret = begin(&sessions, with("old", 1), 0).await.secret;
        credentials.set_password(&[(person, OrganisationId(1), 2)], "new").await.unwrap();
        assert!(sessions.find(secret.expose()).await.unwrap().unwrap().ended);
        assert_eq!(sessions.begin(&with("old", 2), time(0)).await.unwrap().err(), Some(Gone::Password));
        assert!(sessions.begin(&with("new", 3), time(0)).await.unwrap().is_ok());
    }
}
