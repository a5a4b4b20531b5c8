//! The timers of tasks: what is remembered of a task, and what of it stands.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::codec::EventSet;
use domain::task::Event;
use domain::task::timer::{TYPES_OF_TASKS, Timer, Timers, When};
use domain::{Header, Kind, OrganisationId, Position, Recorded, TaskId, Version};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{PgConnection, Row};

use super::rows::{Changes, Key, Set, Zones};
use super::{What, park};
use crate::failure::Refused;

/// A task of an organisation.
type Id = (TaskId, OrganisationId);

/// A task in the making.
#[derive(Default)]
struct Kept {
    version: Version,
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
    fn is_changed(&self) -> bool {
        // One without timers needs no row.
        self.version != self.stored && (self.stored != 0 || self.state != State::default())
    }

    fn take(&mut self, event: &Event, header: &Header) {
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

/// What the events change, once the rows say so too.
pub(super) async fn changes(events: &[Recorded], zones: &Zones, tx: &mut PgConnection) -> Result<Changes, Refused> {
    let concerned = |event: &&Recorded| event.header.stream.kind == Kind::Task && TYPES_OF_TASKS.contains(&event.event_type.as_str());
    let id_of = |event: &Recorded| (TaskId(event.header.stream.id), event.header.organisation);
    let mut stored = load(events.iter().filter(concerned).map(id_of).collect(), tx).await?;
    let mut changed: HashMap<Id, Kept> = HashMap::with_capacity(stored.len());
    for event in events.iter().filter(concerned) {
        let kept = match changed.entry(id_of(event)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(stored.remove(&id_of(event)).unwrap_or_default()),
        };
        if event.header.version > kept.version {
            let decoded = Event::decode(&event.event_type, event.schema, &event.payload).map_err(|error| park(event, error))?;
            kept.take(&decoded, &event.header);
        }
    }
    let mut changed: Vec<(Id, Kept)> = changed.into_iter().filter(|(_, kept)| kept.is_changed()).collect();
    changed.sort_unstable_by_key(|(id, _)| *id);
    store(&changed, tx).await?;
    let mut changes = Changes::default();
    for ((task, organisation), kept) in changed {
        let key = |timer| Key { organisation, task, what: What::Task(timer) };
        changes.unset.extend(Timer::ALL.map(key));
        changes.set.extend(kept.state.timers.standing().filter_map(|(timer, when)| {
            let day = match when {
                When::At(_) => None,
                When::Morning(day) | When::EndOf(day) => Some(day),
            };
            Some(Set { key: key(timer), at: when.moment(zones.of(organisation))?, day, cause: kept.state.causes[place(timer)] })
        }));
    }
    Ok(changes)
}

/// The rows of these tasks, those that there are.
async fn load(mut ids: Vec<Id>, tx: &mut PgConnection) -> Result<HashMap<Id, Kept>, Refused> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    ids.sort_unstable();
    ids.dedup();
    let rows = sqlx::query(
        "SELECT t.task, t.organisation, version, state FROM unnest($1::bigint[], $2::bigint[]) AS s (task, organisation)
         JOIN timer_task t ON t.task = s.task AND t.organisation = s.organisation",
    )
    .bind(ids.iter().map(|(task, _)| task.0).collect::<Vec<_>>())
    .bind(ids.iter().map(|(_, organisation)| organisation.0).collect::<Vec<_>>())
    .fetch_all(tx)
    .await?;
    let mut stored = HashMap::with_capacity(rows.len());
    for row in &rows {
        let version = row.try_get(2)?;
        let Json(state) = row.try_get(3)?;
        stored.insert((TaskId(row.try_get(0)?), OrganisationId(row.try_get(1)?)), Kept { version, stored: version, state });
    }
    Ok(stored)
}

async fn store(changed: &[(Id, Kept)], tx: &mut PgConnection) -> Result<(), Refused> {
    if changed.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO timer_task (task, organisation, version, state)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::json[])
         ON CONFLICT (task, organisation) DO UPDATE SET version = EXCLUDED.version, state = EXCLUDED.state",
    )
    .bind(changed.iter().map(|((task, _), _)| task.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|((_, organisation), _)| organisation.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, kept)| kept.version).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, kept)| Json(&kept.state)).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}
