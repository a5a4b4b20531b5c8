//! Who did what to whom? The facts that auditors ask for, in the order of the log. What was only looked at is not here.

pub mod rule;

use std::collections::BTreeMap;

use domain::account::Linked;
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
    const KINDS: &'static [Kind] = &[
        Kind::Organisation,
        Kind::Person,
        Kind::Task,
        Kind::Audit,
        Kind::Role,
        Kind::List,
        Kind::Department,
        Kind::Announcement,
        Kind::Article,
        Kind::Account,
        Kind::Form,
        Kind::Catalog,
        Kind::Award,
    ];
    const SQL: &'static str = include_str!("../../../../migrations/views/history.sql");
    const REVISION: u32 = 3;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        let mut guests = known_guests(events, tx).await?;
        let mut accounts = known_accounts(events, tx).await?;
        let (mut added, mut linked) = (Vec::new(), Vec::new());
        let mut lines: Vec<Line> = Vec::new();
        for event in events {
            let park = |error| Refused::Park { position: event.header.position, reason: Reason::Undecodable(error) };
            if event.header.stream.kind == Kind::Account {
                let account = event.header.stream.id;
                let persons = accounts.entry(account).or_default();
                if let Some(link) = rule::links(event).map_err(park)?.filter(|link| !persons.contains(link)) {
                    persons.push(link);
                    linked.push((account, link));
                }
                for of in persons.iter() {
                    let told = rule::of_account(event, *of).map_err(park)?;
                    lines.extend(told.map(|entry| Line { of: Some(*of), event, entry }));
                }
                continue;
            }
            let organisation = event.header.organisation;
            if event.header.stream.kind == Kind::Person && is_new_guest(event).map_err(park)? {
                let guest = PersonId(event.header.stream.id);
                guests.entry(organisation).or_default().insert(guest);
                added.push((organisation, guest));
            }
            let guests = guests.entry(organisation).or_default();
            lines.extend(rule::entry(event, guests).map_err(park)?.map(|entry| Line { of: None, event, entry }));
        }
        store_guests(&added, tx).await?;
        store_accounts(&linked, tx).await?;
        store(&lines, tx).await
    }
}

/// What is told of a fact, and of whom where the fact is of an account.
struct Line<'e> {
    of: Option<Linked>,
    event: &'e Recorded,
    entry: Entry,
}

impl Line<'_> {
    fn organisation(&self) -> OrganisationId {
        self.of.map_or(self.event.header.organisation, |of| of.organisation)
    }
}

/// The persons of those accounts that the batch is about.
async fn known_accounts(events: &[Recorded], tx: &mut PgConnection) -> Result<BTreeMap<i64, Vec<Linked>>, Refused> {
    let mut asked: Vec<i64> =
        events.iter().filter(|event| event.header.stream.kind == Kind::Account).map(|event| event.header.stream.id).collect();
    asked.sort_unstable();
    asked.dedup();
    let mut accounts: BTreeMap<i64, Vec<Linked>> = BTreeMap::new();
    if asked.is_empty() {
        return Ok(accounts);
    }
    let rows: Vec<(i64, i64, i64)> =
        sqlx::query_as("SELECT account, organisation, person FROM history_account WHERE account = ANY($1) ORDER BY organisation, person")
            .bind(asked)
            .fetch_all(tx)
            .await?;
    for (account, organisation, person) in rows {
        let linked = Linked { organisation: OrganisationId(organisation), person: PersonId(person) };
        accounts.entry(account).or_default().push(linked);
    }
    Ok(accounts)
}

async fn store_accounts(linked: &[(i64, Linked)], tx: &mut PgConnection) -> Result<(), Refused> {
    if linked.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO history_account (account, organisation, person)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) ON CONFLICT DO NOTHING",
    )
    .bind(linked.iter().map(|(account, _)| *account).collect::<Vec<_>>())
    .bind(linked.iter().map(|(_, linked)| linked.organisation.0).collect::<Vec<_>>())
    .bind(linked.iter().map(|(_, linked)| linked.person.0).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
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

async fn store(lines: &[Line<'_>], tx: &mut PgConnection) -> Result<(), Refused> {
    if lines.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO history_entry (organisation, position, number, details, person)
         SELECT organisation, position, number, details::json, person
         FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::bigint[])
              AS s (organisation, position, number, details, person)
         ON CONFLICT DO NOTHING",
    )
    .bind(lines.iter().map(|line| line.organisation().0).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.event.header.position).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.entry.number).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.entry.details.to_string()).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.of.map(|of| of.person.0)).collect::<Vec<_>>())
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
        "SELECT h.position, h.number, h.details::text AS details, e.at, coalesce(h.person, e.person) AS person, e.meta->>'address' AS address, e.meta->>'agent' AS agent
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
