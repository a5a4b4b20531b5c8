//! Writes notes in batches: every second, or when many wait. What is noted is said in [`super`].

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::PersonId;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;

use super::{Message, Note, Seen, SeenMap, hour, month, months_before};
use crate::metrics;

const EVERY: Duration = Duration::from_secs(1);
const BATCH_MAX: usize = 1_000;
/// How long a batch may take. Then it is given up: what is noted must not pile up behind a database that is away.
const WRITE_MAX: Duration = Duration::from_secs(5);
const UPKEEP_EVERY: Duration = Duration::from_secs(3_600);

/// Until nobody takes notes any more.
pub(super) async fn run(pool: PgPool, mut waiting: Receiver<Message>, seen: Arc<SeenMap>, months: u32) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    look_after(&pool, months).await;
    let mut made = BTreeSet::new();
    let mut upkeep = tokio::time::interval_at(tokio::time::Instant::now() + UPKEEP_EVERY, UPKEEP_EVERY);
    let mut notes = Vec::new();
    let mut asked = Vec::new();
    loop {
        let open = tokio::select! {
            biased;
            _ = upkeep.tick() => {
                look_after(&pool, months).await;
                made.clear();
                continue;
            }
            message = waiting.recv(), if notes.len() < BATCH_MAX => match message {
                Some(message) => {
                    if !take(message, &mut notes, &mut asked) {
                        continue;
                    }
                    true
                }
                None => false,
            },
            _ = tick.tick() => true,
        };
        flush(&pool, &mut made, &mut notes, seen.take()).await;
        for done in asked.drain(..) {
            let _: Result<(), ()> = oneshot::Sender::send(done, ());
        }
        if !open {
            return;
        }
    }
}

/// Whether it is time to write.
fn take(message: Message, notes: &mut Vec<Note>, asked: &mut Vec<oneshot::Sender<()>>) -> bool {
    match message {
        Message::Note(note) => {
            notes.push(*note);
            notes.len() >= BATCH_MAX
        }
        Message::Flush(done) => {
            asked.push(done);
            true
        }
    }
}

async fn flush(pool: &PgPool, made: &mut BTreeSet<Timestamp>, notes: &mut Vec<Note>, seen: Vec<(PersonId, Seen)>) {
    if notes.is_empty() && seen.is_empty() {
        return;
    }
    let count = notes.len();
    let written = tokio::time::timeout(WRITE_MAX, write(pool, made, notes, &seen)).await;
    notes.clear();
    let failure = match written {
        Ok(Ok(written)) => {
            metrics::access_log_lost(count - written);
            return;
        }
        Ok(Err(failure)) => failure.to_string(),
        Err(elapsed) => elapsed.to_string(),
    };
    metrics::access_log_lost(count);
    tracing::warn!(error = failure, notes = count, "the access log could not be written");
}

/// Tells how many notes had room.
async fn write(pool: &PgPool, made: &mut BTreeSet<Timestamp>, notes: &[Note], seen: &[(PersonId, Seen)]) -> Result<usize, sqlx::Error> {
    make_months(pool, made, notes).await?;
    let mut tx = pool.begin().await?;
    let mut written = 0;
    if !notes.is_empty() {
        let (first, room): (i64, i64) =
            sqlx::query_as("SELECT o_first, o_room FROM access_log_open($1)").bind(PART).fetch_one(&mut *tx).await?;
        let notes = &notes[..notes.len().min(usize::try_from(room).unwrap_or(0))];
        insert(notes, first, &mut tx).await?;
        written = notes.len();
    }
    if !seen.is_empty() {
        upsert(seen, &mut tx).await?;
    }
    tx.commit().await?;
    Ok(written)
}

/// Sees to the partitions of the notes' months, but for those that `made` names: a row without one is refused. Most are of this
/// month; what is told late, such as a session whose time was over while no node ran, may be of any.
async fn make_months(pool: &PgPool, made: &mut BTreeSet<Timestamp>, notes: &[Note]) -> Result<(), sqlx::Error> {
    let missing: BTreeSet<Timestamp> = notes.iter().map(|note| month(note.at)).filter(|month| !made.contains(month)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    sqlx::query("SELECT access_log_month(month) FROM unnest($1::timestamptz[]) AS month")
        .bind(missing.iter().map(|month| month.to_sqlx()).collect::<Vec<_>>())
        .execute(pool)
        .await?;
    made.extend(missing);
    Ok(())
}

const PART: i16 = 1;

async fn insert(notes: &[Note], first: i64, tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO access_log (id, organisation, kind, person, subject, at, hour, login, address, agent)
         SELECT $1 + n - 1, organisation, kind, person, subject, at, hour, login, address, agent
         FROM unnest($2::bigint[], $3::smallint[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::text[],
                     $9::text[], $10::text[])
              WITH ORDINALITY AS s (organisation, kind, person, subject, at, hour, login, address, agent, n)
         ON CONFLICT (person, subject, organisation, hour) WHERE kind = 1 DO NOTHING",
    )
    .bind(first)
    .bind(notes.iter().map(|note| note.organisation.0).collect::<Vec<_>>())
    .bind(notes.iter().map(|note| note.kind as i16).collect::<Vec<_>>())
    .bind(notes.iter().map(|note| note.person.0).collect::<Vec<_>>())
    .bind(notes.iter().map(|note| note.subject).collect::<Vec<_>>())
    .bind(notes.iter().map(|note| note.at.to_sqlx()).collect::<Vec<_>>())
    .bind(notes.iter().map(|note| hour(note.at).to_sqlx()).collect::<Vec<_>>())
    .bind(notes.iter().map(|note| note.login.as_deref()).collect::<Vec<_>>())
    .bind(notes.iter().map(|note| note.from.address.as_deref()).collect::<Vec<_>>())
    .bind(notes.iter().map(|note| note.from.agent.as_deref()).collect::<Vec<_>>())
    .execute(&mut *tx)
    .await?;
    let count = i64::try_from(notes.len()).unwrap_or(i64::MAX);
    sqlx::query("UPDATE access_log_head SET last = $2 WHERE part = $1").bind(PART).bind(first + count - 1).execute(tx).await?;
    Ok(())
}

async fn upsert(seen: &[(PersonId, Seen)], tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    // In the order of the key, so that two nodes do not wait for each other.
    let mut seen: Vec<_> = seen.iter().collect();
    seen.sort_unstable_by_key(|(person, _)| *person);
    sqlx::query(
        "INSERT INTO person_seen AS known (person, organisation, at, address, agent)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[])
         ON CONFLICT (person) DO UPDATE SET at = EXCLUDED.at, address = EXCLUDED.address, agent = EXCLUDED.agent
         WHERE known.at < EXCLUDED.at",
    )
    .bind(seen.iter().map(|(person, _)| person.0).collect::<Vec<_>>())
    .bind(seen.iter().map(|(_, seen)| seen.organisation.0).collect::<Vec<_>>())
    .bind(seen.iter().map(|(_, seen)| seen.at.to_sqlx()).collect::<Vec<_>>())
    .bind(seen.iter().map(|(_, seen)| seen.from.address.as_deref()).collect::<Vec<_>>())
    .bind(seen.iter().map(|(_, seen)| seen.from.agent.as_deref()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes this month's partition and the next one's before they are needed, and drops those that are older than they are to be kept.
async fn look_after(pool: &PgPool, months: u32) {
    let kept = async {
        let now: jiff_sqlx::Timestamp = sqlx::query_scalar(
            "SELECT now FROM (SELECT clock_timestamp() AS now) s,
                LATERAL (SELECT access_log_month(now), access_log_month(now + interval '1 month')) made",
        )
        .fetch_one(pool)
        .await?;
        let now: Timestamp = now.to_jiff();
        if let Some(before) = months_before(now, months) {
            let dropped: i32 = sqlx::query_scalar("SELECT access_log_forget($1)").bind(before.to_sqlx()).fetch_one(pool).await?;
            if dropped > 0 {
                tracing::info!(months = dropped, "old months of the access log were dropped");
            }
        }
        Ok::<_, sqlx::Error>(())
    };
    match tokio::time::timeout(WRITE_MAX, kept).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the access log's months could not be looked after"),
        Err(elapsed) => tracing::warn!(error = %elapsed, "the access log's months could not be looked after"),
    }
}
