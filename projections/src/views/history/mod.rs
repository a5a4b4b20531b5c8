//! Who did what to whom? The facts that auditors ask for, in the order of the log. What was only looked at is not here.

pub mod rule;

use std::collections::BTreeMap;

use domain::codec::EventSet;
use domain::person::{self, PersonKind};
use domain::{Kind, OrganisationId, PersonId, Position, Recorded};
use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, PgPool};

use crate::failure::{Failure, Reason, Refused};
use crate::feed::PART;
use crate::follower::Follower;
use crate::generation::Generation;
use rule::{Entry, Guests};

/// Follows what may concern auditors.
#[derive(Clone, Copy, Debug, Default)]
pub struct History;

impl Follower for History {
    const NAME: &'static str = "history";
    const KINDS: &'static [Kind] = &[Kind::Organisation, Kind::Person, Kind::Task, Kind::Audit, Kind::Role, Kind::List, Kind::Department];
    const SQL: &'static str = include_str!("../../../../migrations/views/history.sql");
    const REVISION: u32 = 1;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        let mut guests = known_guests(events, tx).await?;
        let mut added = Vec::new();
        let mut entries: Vec<(&Recorded, Entry)> = Vec::new();
        for event in events {
            let park = |error| Refused::Park { position: event.header.position, reason: Reason::Undecodable(error) };
            let organisation = event.header.organisation;
            if event.header.stream.kind == Kind::Person && is_new_guest(event).map_err(park)? {
                let guest = PersonId(event.header.stream.id);
                guests.entry(organisation).or_default().insert(guest);
                added.push((organisation, guest));
            }
            let guests = guests.entry(organisation).or_default();
            entries.extend(rule::entry(event, guests).map_err(park)?.map(|entry| (event, entry)));
        }
        store_guests(&added, tx).await?;
        store(&entries, tx).await
    }
}

fn is_new_guest(event: &Recorded) -> Result<bool, domain::codec::DecodeError> {
    if event.event_type != "person.added" {
        return Ok(false);
    }
    let fact = person::Event::decode(&event.event_type, event.schema, &event.payload)?;
    Ok(matches!(fact, person::Event::Added(added) if added.kind == PersonKind::Guest))
}

/// Those guests whom the batch names.
async fn known_guests(events: &[Recorded], tx: &mut PgConnection) -> Result<BTreeMap<OrganisationId, Guests>, Refused> {
    let (mut organisations, mut persons) = (Vec::new(), Vec::new());
    for event in events {
        let park = |error| Refused::Park { position: event.header.position, reason: Reason::Undecodable(error) };
        for person in rule::named(event).map_err(park)? {
            organisations.push(event.header.organisation.0);
            persons.push(person.0);
        }
    }
    let mut guests: BTreeMap<OrganisationId, Guests> = BTreeMap::new();
    if persons.is_empty() {
        return Ok(guests);
    }
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT DISTINCT g.organisation, g.person FROM unnest($1::bigint[], $2::bigint[]) AS s (organisation, person)
         JOIN history_guest g ON g.person = s.person AND g.organisation = s.organisation",
    )
    .bind(organisations)
    .bind(persons)
    .fetch_all(tx)
    .await?;
    for (organisation, person) in rows {
        guests.entry(OrganisationId(organisation)).or_default().insert(PersonId(person));
    }
    Ok(guests)
}

async fn store_guests(added: &[(OrganisationId, PersonId)], tx: &mut PgConnection) -> Result<(), Refused> {
    if added.is_empty() {
        return Ok(());
    }
    sqlx::query("INSERT INTO history_guest (organisation, person) SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT DO NOTHING")
        .bind(added.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
        .bind(added.iter().map(|(_, person)| person.0).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

async fn store(entries: &[(&Recorded, Entry)], tx: &mut PgConnection) -> Result<(), Refused> {
    if entries.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO history_entry (organisation, position, number, details)
         SELECT organisation, position, number, details::json
         FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[]) AS s (organisation, position, number, details)
         ON CONFLICT DO NOTHING",
    )
    .bind(entries.iter().map(|(event, _)| event.header.organisation.0).collect::<Vec<_>>())
    .bind(entries.iter().map(|(event, _)| event.header.position).collect::<Vec<_>>())
    .bind(entries.iter().map(|(_, entry)| entry.number).collect::<Vec<_>>())
    .bind(entries.iter().map(|(_, entry)| entry.details.to_string()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// One fact as auditors are told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub position: Position,
    pub number: i16,
    pub at: Timestamp,
    pub person: PersonId,
    /// JSON.
    pub details: String,
    /// Where the command came from, as far as that is known and not erased.
    pub address: Option<String>,
    pub agent: Option<String>,
}

/// The facts of `organisation` after `after` and up to and with `upto`, at most `limit`, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn told(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    (after, upto): (Position, Position),
    limit: u32,
) -> Result<Vec<Told>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(generation.sql(
        "SELECT h.position, h.number, h.details::text AS details, e.at, e.person, e.meta->>'address' AS address, e.meta->>'agent' AS agent
         FROM (SELECT * FROM {view}.history_entry WHERE organisation = $1 AND position > $2 AND position <= $3
               ORDER BY position LIMIT $4) h
         JOIN event e ON e.part = $5 AND e.position = h.position
         ORDER BY h.position",
    ))
    .bind(organisation.0)
    .bind(after)
    .bind(upto)
    .bind(i64::from(limit))
    .bind(PART)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Row::told).collect())
}

#[derive(FromRow)]
struct Row {
    position: i64,
    number: i16,
    details: String,
    at: jiff_sqlx::Timestamp,
    person: i64,
    address: Option<String>,
    agent: Option<String>,
}

impl Row {
    fn told(self) -> Told {
        let Self { position, number, details, at, person, address, agent } = self;
        Told { position, number, at: at.to_jiff(), person: PersonId(person), details, address, agent }
    }
}

#[cfg(test)]
mod tests;
