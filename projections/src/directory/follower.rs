//! The directory in Postgres: every state of every organisation, person, role and list, with the positions between
//! which it was true. Not what nodes ask when they decide (see [`super::memory`]).

use std::collections::HashMap;

use domain::article::Article;
use domain::catalog::Heading;
use domain::department::Department;
use domain::directory::Noted;
use domain::filter::Filter;
use domain::form::Form;
use domain::list::List;
use domain::organisation::Organisation;
use domain::person::Person;
use domain::role::Role;
use domain::{Header, Kind, OrganisationId, Recorded, StreamId, Version};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::again;
use crate::erased::{self, Part};
use crate::failure::{Reason, Refused};
use crate::follower::Follower;
use crate::parked::stream_of;

/// Follows organisations, persons, roles, lists and departments, and what is erased of persons.
#[derive(Clone, Copy, Debug, Default)]
pub struct DirectoryFollower;

impl Follower for DirectoryFollower {
    const NAME: &'static str = "directory";
    const KINDS: &'static [Kind] = &[
        Kind::Organisation,
        Kind::Person,
        Kind::Audit,
        Kind::Role,
        Kind::List,
        Kind::Department,
        Kind::Article,
        Kind::Catalog,
        Kind::Form,
        Kind::Filter,
    ];
    const SQL: &'static str = include_str!("../../../migrations/views/directory.sql");
    const REVISION: u32 = 12;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        for part in erased::parts(events)? {
            match part {
                Part::Facts(facts) => take_in(facts, tx).await?,
                Part::Erased { at, positions } => again::make(at, &positions, tx).await?,
            }
        }
        Ok(())
    }
}

async fn take_in(facts: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
    let mut entries = load(facts.iter().map(stream_of).collect(), tx).await?;
    let mut written = Written::default();
    for event in facts {
        match event.header.stream.kind {
            Kind::Organisation => fold::<Organisation>(event, &mut entries, &mut written)?,
            Kind::Person => fold::<Person>(event, &mut entries, &mut written)?,
            Kind::Role => fold::<Role>(event, &mut entries, &mut written)?,
            Kind::List => fold::<List>(event, &mut entries, &mut written)?,
            Kind::Department => fold::<Department>(event, &mut entries, &mut written)?,
            Kind::Article => fold::<Article>(event, &mut entries, &mut written)?,
            Kind::Catalog => fold::<Heading>(event, &mut entries, &mut written)?,
            Kind::Form => fold::<Form>(event, &mut entries, &mut written)?,
            Kind::Filter => fold::<Filter>(event, &mut entries, &mut written)?,
            // Not asked for.
            Kind::Task | Kind::Audit | Kind::Announcement | Kind::Account | Kind::Award | Kind::Inbox | Kind::File => {}
        }
    }
    written.store(tx).await
}

/// Today's rows of some streams: version and body.
pub(super) type Entries = HashMap<StreamId, (Version, String)>;

pub(super) async fn load(mut streams: Vec<(OrganisationId, StreamId)>, tx: &mut PgConnection) -> Result<Entries, Refused> {
    streams.sort_unstable();
    streams.dedup();
    let rows: Vec<(i16, i64, i64, String)> = sqlx::query_as(
        "SELECT e.kind, e.id, e.version, e.body::text FROM unnest($1::bigint[], $2::smallint[], $3::bigint[]) AS s (organisation, kind, id)
         JOIN directory_entry e ON e.organisation = s.organisation AND e.kind = s.kind AND e.id = s.id AND e.to_position IS NULL",
    )
    .bind(streams.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
    .bind(streams.iter().map(|(_, stream)| stream.kind.number()).collect::<Vec<_>>())
    .bind(streams.iter().map(|(_, stream)| stream.id).collect::<Vec<_>>())
    .fetch_all(tx)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(kind, id, version, body)| Some((StreamId::new(Kind::from_number(kind)?, id), (version, body))))
        .collect())
}

fn fold<A: Noted + Serialize + DeserializeOwned>(event: &Recorded, entries: &mut Entries, written: &mut Written) -> Result<(), Refused> {
    let header = &event.header;
    let park = |reason: Reason| Refused::Park { position: header.position, reason };
    let (version, mut state) = match entries.get(&header.stream) {
        Some((version, body)) => (*version, serde_json::from_str::<A>(body).map_err(|error| park(Reason::Row(error)))?),
        None => (0, A::default()),
    };
    if header.version <= version {
        return Ok(());
    }
    if header.version != version + 1 {
        return Err(park(Reason::OutOfOrder { expected: version + 1, found: header.version }));
    }
    state.note(event).map_err(|error| park(error.into()))?;
    let body = serde_json::to_string(&state).map_err(|error| park(Reason::Row(error)))?;
    written.push(header, body.clone());
    entries.insert(header.stream, (header.version, body));
    Ok(())
}

/// New states, one for each event, in the log's order.
#[derive(Default)]
struct Written {
    organisations: Vec<i64>,
    kinds: Vec<i16>,
    ids: Vec<i64>,
    versions: Vec<i64>,
    bodies: Vec<String>,
    positions: Vec<i64>,
}

impl Written {
    fn push(&mut self, header: &Header, body: String) {
        self.organisations.push(header.organisation.0);
        self.kinds.push(header.stream.kind.number());
        self.ids.push(header.stream.id);
        self.versions.push(header.version);
        self.bodies.push(body);
        self.positions.push(header.position);
    }

    async fn store(self, tx: &mut PgConnection) -> Result<(), Refused> {
        if self.ids.is_empty() {
            return Ok(());
        }
        // What was true until now ends with the first of the new states.
        sqlx::query(
            "UPDATE directory_entry e SET to_position = s.position
             FROM (SELECT organisation, kind, id, min(position) AS position
                   FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[]) AS s (organisation, kind, id, position)
                   GROUP BY organisation, kind, id) s
             WHERE e.organisation = s.organisation AND e.kind = s.kind AND e.id = s.id AND e.to_position IS NULL",
        )
        .bind(&self.organisations)
        .bind(&self.kinds)
        .bind(&self.ids)
        .bind(&self.positions)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO directory_entry (organisation, kind, id, version, body, from_position, to_position)
             SELECT organisation, kind, id, version, body::json, position,
                    lead(position) OVER (PARTITION BY organisation, kind, id ORDER BY version)
             FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[])
                  AS s (organisation, kind, id, version, body, position)",
        )
        .bind(&self.organisations)
        .bind(&self.kinds)
        .bind(&self.ids)
        .bind(&self.versions)
        .bind(&self.bodies)
        .bind(&self.positions)
        .execute(&mut *tx)
        .await?;
        Ok(())
    }
}
