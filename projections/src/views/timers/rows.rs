//! The table of timers and the zones of its days: written after a batch, in a fixed number of queries.

use std::collections::HashMap;

use domain::codec::EventSet;
use domain::organisation::Event;
use domain::task::timer::Timer;
use domain::{Kind, OrganisationId, PersonId, Position, Recorded, TaskId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use super::{What, park};
use crate::failure::Refused;

/// Which timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub organisation: OrganisationId,
    pub task: TaskId,
    pub what: What,
}

/// A timer that stands.
pub(super) struct Set {
    pub key: Key,
    pub at: Timestamp,
    /// Where the moment follows from it.
    pub day: Option<Date>,
    pub cause: Position,
}

/// Timers that stand no more, and those that stand now.
#[derive(Default)]
pub(super) struct Changes {
    pub unset: Vec<Key>,
    pub set: Vec<Set>,
}

impl Changes {
    pub fn take(&mut self, others: Self) {
        self.unset.extend(others.unset);
        self.set.extend(others.set);
    }
}

/// The zones of organisations.
pub(super) struct Zones(HashMap<OrganisationId, String>);

impl Zones {
    pub fn of(&self, organisation: OrganisationId) -> &str {
        // As everywhere where a zone is not known.
        self.0.get(&organisation).map_or("UTC", String::as_str)
    }
}

/// The zones of the organisations that the events are about, once those that are set by them are noted and the days stand where
/// they are now.
pub(super) async fn zones(events: &[Recorded], tx: &mut PgConnection) -> Result<Zones, Refused> {
    let moved = moved(events)?;
    let mut ids: Vec<i64> = events.iter().map(|event| event.header.organisation.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT organisation, zone FROM timer_zone WHERE organisation = ANY($1)").bind(ids).fetch_all(&mut *tx).await?;
    let mut zones = Zones(rows.into_iter().map(|(id, zone)| (OrganisationId(id), zone)).collect());
    let mut moved: Vec<(OrganisationId, String)> = moved.into_iter().filter(|(id, zone)| zones.0.get(id) != Some(zone)).collect();
    if moved.is_empty() {
        return Ok(zones);
    }
    moved.sort_unstable();
    let ids: Vec<i64> = moved.iter().map(|(id, _)| id.0).collect();
    sqlx::query(
        "INSERT INTO timer_zone (organisation, zone) SELECT * FROM unnest($1::bigint[], $2::text[])
         ON CONFLICT (organisation) DO UPDATE SET zone = EXCLUDED.zone",
    )
    .bind(&ids)
    .bind(moved.iter().map(|(_, zone)| zone.as_str()).collect::<Vec<_>>())
    .execute(&mut *tx)
    .await?;
    zones.0.extend(moved);
    move_days(&ids, &zones, tx).await?;
    Ok(zones)
}

/// The zones that are set by these events, each organisation's last.
fn moved(events: &[Recorded]) -> Result<HashMap<OrganisationId, String>, Refused> {
    let mut zones = HashMap::new();
    for event in events.iter().filter(|event| event.header.stream.kind == Kind::Organisation) {
        match Event::decode(&event.event_type, event.schema, &event.payload).map_err(|error| park(event, error))? {
            Event::Created(settings) | Event::Changed(settings) => {
                zones.insert(event.header.organisation, settings.time_zone);
            }
        }
    }
    Ok(zones)
}

/// Lets the days of these organisations begin and end where their zones say now.
async fn move_days(organisations: &[i64], zones: &Zones, tx: &mut PgConnection) -> Result<(), Refused> {
    let days: Vec<(i64, String, i16)> = sqlx::query_as(
        "SELECT DISTINCT organisation, day::text, timer FROM timer WHERE organisation = ANY($1) AND day IS NOT NULL ORDER BY 1, 2, 3",
    )
    .bind(organisations)
    .fetch_all(&mut *tx)
    .await?;
    let moment = |(organisation, day, number): &(i64, String, i16)| {
        let timer = Timer::ALL.into_iter().find(|timer| i16::from(timer.bit()) == *number)?;
        timer.on(day.parse().ok()?)?.moment(zones.of(OrganisationId(*organisation)))
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

/// Writes what has changed.
pub(super) async fn store(mut changes: Changes, tx: &mut PgConnection) -> Result<(), Refused> {
    if changes.unset.is_empty() {
        return Ok(());
    }
    changes.unset.sort_unstable();
    let keys = Keys::of(changes.unset.iter());
    sqlx::query(
        "DELETE FROM timer t USING unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::bigint[]) AS s (task, person, timer, organisation)
         WHERE t.task = s.task AND t.person = s.person AND t.timer = s.timer AND t.organisation = s.organisation",
    )
    .bind(keys.tasks)
    .bind(keys.persons)
    .bind(keys.timers)
    .bind(keys.organisations)
    .execute(&mut *tx)
    .await?;
    let set = &mut changes.set;
    if set.is_empty() {
        return Ok(());
    }
    set.sort_unstable_by_key(|set| set.key);
    let keys = Keys::of(set.iter().map(|set| &set.key));
    sqlx::query(
        "INSERT INTO timer (task, person, timer, organisation, at, day, cause)
         SELECT task, person, timer, organisation, at, day::date, cause
         FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::bigint[], $5::timestamptz[], $6::text[], $7::bigint[])
              AS s (task, person, timer, organisation, at, day, cause)",
    )
    .bind(keys.tasks)
    .bind(keys.persons)
    .bind(keys.timers)
    .bind(keys.organisations)
    .bind(set.iter().map(|set| set.at.to_sqlx()).collect::<Vec<_>>())
    .bind(set.iter().map(|set| set.day.map(|day| day.to_string())).collect::<Vec<_>>())
    .bind(set.iter().map(|set| set.cause).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// Keys as columns.
#[derive(Default)]
pub(super) struct Keys {
    pub tasks: Vec<i64>,
    pub persons: Vec<i64>,
    pub timers: Vec<i16>,
    pub organisations: Vec<i64>,
}

impl Keys {
    pub fn of<'a>(keys: impl Iterator<Item = &'a Key>) -> Self {
        let mut columns = Self::default();
        for key in keys {
            let PersonId(person) = key.what.person();
            columns.tasks.push(key.task.0);
            columns.persons.push(person);
            columns.timers.push(key.what.number().into());
            columns.organisations.push(key.organisation.0);
        }
        columns
    }
}
