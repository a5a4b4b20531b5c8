//! Notes on a real Postgres.

use domain::{OrganisationId, PersonId, TaskId};
use test_database::TestDatabase;

use super::page::{self, Ends, IDS_OF_A_POSITION, Row};
use super::*;

const HOME: OrganisationId = OrganisationId(1);
const ANNA: PersonId = PersonId(11);

fn from(address: &str) -> Place {
    Place { address: Some(address.to_owned()), agent: None }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The hour by the database's clock.
async fn today(pool: &PgPool) -> Timestamp {
    let now: jiff_sqlx::Timestamp = sqlx::query_scalar("SELECT date_trunc('hour', clock_timestamp())").fetch_one(pool).await.unwrap();
    now.to_jiff()
}

async fn all(pool: &PgPool, kinds: &[Kind]) -> Vec<Row> {
    page::rows(pool, HOME, kinds, (0, i64::MAX), 100).await.unwrap()
}

#[tokio::test]
async fn what_is_read_is_noted_once_a_person_a_task_and_an_hour() {
    let database = TestDatabase::create().await;
    let pool = database.pool(3).await;
    // Two nodes: what one remembers does not keep the other from noting it, but the row is there once.
    let (one, other) = (AccessLog::start(pool.clone(), 12), AccessLog::start(pool.clone(), 12));
    let hour = today(&pool).await;
    let later = |minutes: i64| hour.checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
    for log in [&one, &other] {
        log.task_read(HOME, ANNA, TaskId(7), later(1), || from("10.0.0.1"));
        log.task_read(HOME, ANNA, TaskId(7), later(2), || panic!("it is no news"));
        log.task_read(HOME, ANNA, TaskId(8), later(3), Place::default);
        log.flush().await;
    }
    one.task_read(HOME, ANNA, TaskId(7), later(61), Place::default);
    one.flush().await;
    let rows = all(&pool, &[Kind::TaskRead]).await;
    assert_eq!(rows.iter().map(|row| (row.subject, row.at)).collect::<Vec<_>>(), [(7, later(1)), (8, later(3)), (7, later(61))]);
    assert_eq!(rows[0].address.as_deref(), Some("10.0.0.1"));
    assert!(rows.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert_eq!(page::rows(&pool, OrganisationId(2), &[Kind::TaskRead], (0, i64::MAX), 9).await.unwrap(), []);
}

#[tokio::test]
async fn ids_stand_in_one_order_with_the_positions_of_events() {
    let database = TestDatabase::create().await;
    let pool = database.pool(3).await;
    let log = AccessLog::start(pool.clone(), 12);
    let now = today(&pool).await;
    let failed = async || {
        log.sign_in_failed("anna@example.org\n", Some((HOME, ANNA)), now, Place::default());
        log.flush().await;
    };
    failed().await;
    let Ends { last, head } = page::ends(&pool).await.unwrap();
    assert_eq!((last, head), (1, 0));
    sqlx::query("UPDATE log_head SET position = 5").execute(&pool).await.unwrap();
    failed().await;
    failed().await;
    let ids: Vec<i64> = all(&pool, &[Kind::SignInFailed]).await.iter().map(|row| row.id).collect();
    assert_eq!(ids, [1, 5 * IDS_OF_A_POSITION + 1, 5 * IDS_OF_A_POSITION + 2]);
    // A log that was restored from a backup is shorter; ids go on rising.
    sqlx::query("UPDATE log_head SET position = 4").execute(&pool).await.unwrap();
    log.sign_in_failed("x", Some((HOME, ANNA)), now, Place::default());
    log.flush().await;
    let rows = all(&pool, &[Kind::SignInFailed]).await;
    assert_eq!(rows.len(), 3, "there is no room for it, and it is given up: {rows:?}");
    assert_eq!(rows[0].login.as_deref(), Some("anna@example.org"));
}

#[tokio::test]
async fn somebody_is_seen_once_a_minute_and_the_latest_counts() {
    let database = TestDatabase::create().await;
    let pool = database.pool(3).await;
    let log = AccessLog::start(pool.clone(), 12);
    log.seen(HOME, ANNA, at("2026-03-02T10:00:10Z"), || from("10.0.0.1"));
    log.seen(HOME, ANNA, at("2026-03-02T10:00:50Z"), || panic!("it is no news"));
    log.flush().await;
    log.seen(HOME, ANNA, at("2026-03-02T10:01:00Z"), || from("10.0.0.2"));
    log.flush().await;
    let seen = page::last_seen(&pool, HOME).await.unwrap();
    assert_eq!(seen.iter().map(|seen| (seen.person, seen.at)).collect::<Vec<_>>(), [(ANNA, at("2026-03-02T10:01:00Z"))]);
    assert_eq!(seen[0].address.as_deref(), Some("10.0.0.2"));
}

#[tokio::test]
async fn what_is_told_late_lies_in_the_month_in_which_it_was() {
    let database = TestDatabase::create().await;
    let pool = database.pool(3).await;
    let log = AccessLog::start(pool.clone(), 12);
    let now = today(&pool).await;
    // The ends of sessions that no node ran to see, and of one that is seen now.
    let times =
        [months_before(now, 7).unwrap(), months_before(now, 0).unwrap().checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap(), now];
    for time in times {
        log.session(Kind::SessionTimedOut, HOME, ANNA, time, Place::default());
    }
    log.flush().await;
    let told: Vec<Timestamp> = all(&pool, &[Kind::SessionTimedOut]).await.iter().map(|row| row.at).collect();
    assert_eq!(told.iter().map(|at| hour(*at)).collect::<Vec<_>>(), times.map(hour));
}

#[tokio::test]
async fn months_that_are_too_old_are_dropped_whole() {
    let database = TestDatabase::create().await;
    let pool = database.pool(2).await;
    let months = async || -> Vec<String> {
        let partitions = "SELECT relname::text FROM pg_class WHERE relname LIKE 'access_log_2%' AND relkind = 'r' ORDER BY relname";
        sqlx::query_scalar(partitions).fetch_all(&pool).await.unwrap()
    };
    for month in ["2024-12-31T23:59:59Z", "2025-01-01T00:00:00Z", "2025-01-15T00:00:00Z", "2025-03-01T00:00:00Z"] {
        sqlx::query("SELECT access_log_month($1::timestamptz)").bind(month).execute(&pool).await.unwrap();
    }
    assert_eq!(months().await, ["access_log_2024_12", "access_log_2025_01", "access_log_2025_03"]);
    let before = months_before(at("2025-03-20T10:00:00Z"), 2).unwrap();
    assert_eq!(before, at("2025-01-01T00:00:00Z"));
    sqlx::query("SELECT access_log_forget($1::timestamptz)").bind(before.to_string()).execute(&pool).await.unwrap();
    assert_eq!(months().await, ["access_log_2025_01", "access_log_2025_03"]);
}

#[test]
fn an_hour_begins_at_its_full_hour_also_before_1970() {
    assert_eq!(hour(at("2026-03-02T10:59:59Z")), at("2026-03-02T10:00:00Z"));
    assert_eq!(hour(at("1969-12-31T23:30:00Z")), at("1969-12-31T23:00:00Z"));
}
