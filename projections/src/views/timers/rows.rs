//! The tables of timers: read for a batch, written after it, in a fixed number of queries.

use std::collections::HashMap;

use domain::task::Event;
use domain::task::timer::{Timer, Timers, When};
use domain::{Header, Kind, OrganisationId, Position, Version};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{PgConnection, Row};

use super::Id;
use crate::failure::Refused;

/// A task in the making.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) version: Version,
    /// The version that the row has; 0 without a row.
    stored: Version,
    state: State,
}

/// What is remembered of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    #[serde(flatten)]
    timers: Timers,
    /// The positions of the facts that set its timers, in the order of [`Timer::ALL`].
    causes: [Position; 4],
}

impl Kept {
    pub(super) fn is_changed(&self) -> bool {
        // One without timers needs no row.
        self.version != self.stored && (self.stored != 0 || self.state != State::default())
    }

    pub(super) fn take(&mut self, event: &Event, header: &Header) {
        self.version = header.version;
        for timer in Timer::set_by(event).unwrap_or_default() {
            self.state.causes[place(*timer)] = header.position;
        }
        self.state.timers.take(event);
        if self.state.timers == Timers::default() {
            self.state = State::default();
        }
    }
}

fn place(timer: Timer) -> usize {
    Timer::ALL.iter().position(|one| *one == timer).unwrap_or_default()
}

/// The timer of a number.
pub(super) fn timer(number: i16) -> Option<Timer> {
    Timer::ALL.into_iter().find(|timer| i16::from(timer.bit()) == number)
}

/// The rows of these tasks, those that there are.
pub(super) async fn load(mut ids: Vec<Id>, tx: &mut PgConnection) -> Result<HashMap<Id, Kept>, Refused> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    ids.sort_unstable();
    ids.dedup();
    let rows = sqlx::query(
        "SELECT t.stream, t.organisation, version, state FROM unnest($1::bigint[], $2::bigint[]) AS s (stream, organisation)
         JOIN timer_stream t ON t.stream = s.stream AND t.kind = $3 AND t.organisation = s.organisation",
    )
    .bind(ids.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(ids.iter().map(|(_, organisation)| organisation.0).collect::<Vec<_>>())
    .bind(Kind::Task.number())
    .fetch_all(tx)
    .await?;
    let mut stored = HashMap::with_capacity(rows.len());
    for row in &rows {
        let version = row.try_get(2)?;
        let Json(state) = row.try_get(3)?;
        stored.insert((row.try_get(0)?, OrganisationId(row.try_get(1)?)), Kept { version, stored: version, state });
    }
    Ok(stored)
}

/// The zones of these organisations, once those that `moved` are noted and their days stand where they are now.
pub(super) async fn zones(
    mut organisations: Vec<OrganisationId>,
    moved: HashMap<OrganisationId, String>,
    tx: &mut PgConnection,
) -> Result<HashMap<OrganisationId, String>, Refused> {
    organisations.sort_unstable();
    organisations.dedup();
    let ids: Vec<i64> = organisations.iter().map(|organisation| organisation.0).collect();
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT organisation, zone FROM timer_zone WHERE organisation = ANY($1)").bind(ids).fetch_all(&mut *tx).await?;
    let mut zones: HashMap<OrganisationId, String> = rows.into_iter().map(|(id, zone)| (OrganisationId(id), zone)).collect();
    let mut moved: Vec<(OrganisationId, String)> = moved.into_iter().filter(|(id, zone)| zones.get(id) != Some(zone)).collect();
    if moved.is_empty() {
        return Ok(zones);
    }
    moved.sort_unstable();
    sqlx::query(
        "INSERT INTO timer_zone (organisation, zone) SELECT * FROM unnest($1::bigint[], $2::text[])
         ON CONFLICT (organisation) DO UPDATE SET zone = EXCLUDED.zone",
    )
    .bind(moved.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind(moved.iter().map(|(_, zone)| zone.as_str()).collect::<Vec<_>>())
    .execute(&mut *tx)
    .await?;
    zones.extend(moved.iter().cloned());
    move_days(&moved.iter().map(|(id, _)| id.0).collect::<Vec<_>>(), &zones, tx).await?;
    Ok(zones)
}

/// Lets the days of these organisations begin and end where their zones say now.
async fn move_days(organisations: &[i64], zones: &HashMap<OrganisationId, String>, tx: &mut PgConnection) -> Result<(), Refused> {
    let days: Vec<(i64, String, i16)> = sqlx::query_as(
        "SELECT DISTINCT organisation, day::text, timer FROM timer WHERE organisation = ANY($1) AND day IS NOT NULL ORDER BY 1, 2, 3",
    )
    .bind(organisations)
    .fetch_all(&mut *tx)
    .await?;
    let moment = |(organisation, day, number): &(i64, String, i16)| {
        let when = timer(*number)?.on(day.parse().ok()?)?;
        when.moment(zone_of(OrganisationId(*organisation), zones))
    };
    let moved: Vec<(&(i64, String, i16), Timestamp)> = days.iter().filter_map(|day| Some((day, moment(day)?))).collect();
    sqlx::query(
        "UPDATE timer t SET at = s.at FROM unnest($1::bigint[], $2::text[], $3::smallint[], $4::timestamptz[]) AS s (organisation, day, timer, at)
         WHERE t.organisation = s.organisation AND t.day = s.day::date AND t.timer = s.timer",
    )
    .bind(moved.iter().map(|((organisation, _, _), _)| *organisation).collect::<Vec<_>>())
    .bind(moved.iter().map(|((_, day, _), _)| day.as_str()).collect::<Vec<_>>())
    .bind(moved.iter().map(|((_, _, number), _)| *number).collect::<Vec<_>>())
    .bind(moved.iter().map(|(_, at)| at.to_sqlx()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

fn zone_of(organisation: OrganisationId, zones: &HashMap<OrganisationId, String>) -> &str {
    // As everywhere where a zone is not known.
    zones.get(&organisation).map_or("UTC", String::as_str)
}

/// A timer that stands.
struct Set {
    task: i64,
    organisation: OrganisationId,
    timer: Timer,
    at: Timestamp,
    day: Option<Date>,
    cause: Position,
}

/// Writes what has changed.
pub(super) async fn store(
    mut changed: Vec<(Id, Kept)>,
    zones: &HashMap<OrganisationId, String>,
    tx: &mut PgConnection,
) -> Result<(), Refused> {
    if changed.is_empty() {
        return Ok(());
    }
    changed.sort_unstable_by_key(|(id, _)| *id);
    let tasks: Vec<i64> = changed.iter().map(|((task, _), _)| *task).collect();
    let organisations: Vec<i64> = changed.iter().map(|((_, organisation), _)| organisation.0).collect();
    sqlx::query(
        "INSERT INTO timer_stream (kind, stream, organisation, version, state)
         SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::json[])
         ON CONFLICT (stream, kind, organisation) DO UPDATE SET version = EXCLUDED.version, state = EXCLUDED.state",
    )
    .bind(Kind::Task.number())
    .bind(&tasks)
    .bind(&organisations)
    .bind(changed.iter().map(|(_, kept)| kept.version).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, kept)| Json(&kept.state)).collect::<Vec<_>>())
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "DELETE FROM timer t USING unnest($2::bigint[], $3::bigint[]) AS s (stream, organisation)
         WHERE t.kind = $1 AND t.stream = s.stream AND t.organisation = s.organisation",
    )
    .bind(Kind::Task.number())
    .bind(&tasks)
    .bind(&organisations)
    .execute(&mut *tx)
    .await?;
    let set: Vec<Set> = changed.iter().flat_map(|(id, kept)| sets(*id, kept, zone_of(id.1, zones))).collect();
    insert(&set, tx).await
}

fn sets<'a>((task, organisation): Id, kept: &'a Kept, zone: &'a str) -> impl Iterator<Item = Set> + 'a {
    kept.state.timers.standing().filter_map(move |(timer, when)| {
        let day = match when {
            When::At(_) => None,
            When::Morning(day) | When::EndOf(day) => Some(day),
        };
        Some(Set { task, organisation, timer, at: when.moment(zone)?, day, cause: kept.state.causes[place(timer)] })
    })
}

async fn insert(set: &[Set], tx: &mut PgConnection) -> Result<(), Refused> {
    if set.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO timer (kind, stream, organisation, timer, at, day, cause)
         SELECT $1, stream, organisation, timer, at, day::date, cause
         FROM unnest($2::bigint[], $3::bigint[], $4::smallint[], $5::timestamptz[], $6::text[], $7::bigint[])
              AS s (stream, organisation, timer, at, day, cause)",
    )
    .bind(Kind::Task.number())
    .bind(set.iter().map(|set| set.task).collect::<Vec<_>>())
    .bind(set.iter().map(|set| set.organisation.0).collect::<Vec<_>>())
    .bind(set.iter().map(|set| i16::from(set.timer.bit())).collect::<Vec<_>>())
    .bind(set.iter().map(|set| set.at.to_sqlx()).collect::<Vec<_>>())
    .bind(set.iter().map(|set| set.day.map(|day| day.to_string())).collect::<Vec<_>>())
    .bind(set.iter().map(|set| set.cause).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}
