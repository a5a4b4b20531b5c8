//! The tables of awards: read for a batch, written after it, in a fixed number of queries. Not what readers are shown (see
//! [`super::page`]).

use std::collections::{BTreeMap, HashMap};

use domain::award::{Event, Naming, Thresholds};
use domain::{Header, OrganisationId, PersonId, Version};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, Row};

use super::Id;
use crate::failure::Refused;

/// An award in the making.
#[derive(Default)]
pub(super) struct Changed {
    pub(super) version: Version,
    /// The version that the row has; 0 without a row.
    stored: Version,
    naming: Naming,
    thresholds: Thresholds,
    deleted: bool,
    persons: BTreeMap<PersonId, PersonChanged>,
}

/// What became of one person, as far as it changed.
#[derive(Default)]
struct PersonChanged {
    counter: Option<u32>,
    /// Whether they hold it now, and since when.
    held: Option<Option<Timestamp>>,
}

impl Changed {
    pub(super) fn is_changed(&self) -> bool {
        self.version != self.stored
    }

    pub(super) fn take(&mut self, event: Event, header: &Header) {
        self.version = header.version;
        match event {
            Event::Created(created) => (self.naming, self.thresholds) = (created.naming, created.thresholds),
            Event::Changed(naming) => self.naming = *naming,
            Event::ThresholdsSet(thresholds) => self.thresholds = thresholds,
            Event::Counted { person, counter } => self.persons.entry(person).or_default().counter = Some(counter),
            Event::Granted { persons } => self.hold(persons, Some(header.at)),
            Event::Revoked { persons } => self.hold(persons, None),
            Event::Deleted => {
                self.deleted = true;
                self.persons.clear();
            }
        }
    }

    fn hold(&mut self, persons: Vec<PersonId>, since: Option<Timestamp>) {
        for person in persons {
            self.persons.entry(person).or_default().held = Some(since);
        }
    }
}

/// The rows of these awards, those that there are.
pub(super) async fn load(mut ids: Vec<Id>, tx: &mut PgConnection) -> Result<HashMap<Id, Changed>, Refused> {
    ids.sort_unstable();
    ids.dedup();
    let rows = sqlx::query(
        "SELECT a.award, a.organisation, version, name, description, grant_at, revoke_at, deleted
         FROM unnest($1::bigint[], $2::bigint[]) AS s (award, organisation)
         JOIN award a ON a.award = s.award AND a.organisation = s.organisation",
    )
    .bind(ids.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(ids.iter().map(|(_, organisation)| organisation.0).collect::<Vec<_>>())
    .fetch_all(tx)
    .await?;
    let mut stored = HashMap::with_capacity(rows.len());
    for row in &rows {
        let version = row.try_get(2)?;
        let number = |column: usize| row.try_get::<i64, _>(column).map(|number| u32::try_from(number).unwrap_or_default());
        let changed = Changed {
            version,
            stored: version,
            naming: Naming { name: row.try_get(3)?, description: row.try_get(4)? },
            thresholds: Thresholds { grant: number(5)?, revoke: number(6)? },
            deleted: row.try_get(7)?,
            persons: BTreeMap::new(),
        };
        stored.insert((row.try_get(0)?, OrganisationId(row.try_get(1)?)), changed);
    }
    Ok(stored)
}

/// Writes what has changed.
pub(super) async fn store(mut changed: Vec<(Id, Changed)>, tx: &mut PgConnection) -> Result<(), Refused> {
    if changed.is_empty() {
        return Ok(());
    }
    changed.sort_unstable_by_key(|(id, _)| *id);
    store_awards(&changed, tx).await?;
    store_persons(&changed, tx).await?;
    let deleted: Vec<Id> = changed.iter().filter(|(_, award)| award.deleted).map(|(id, _)| *id).collect();
    forget_persons(&deleted, tx).await
}

async fn store_awards(changed: &[(Id, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    sqlx::query(
        "INSERT INTO award (award, organisation, version, name, description, grant_at, revoke_at, deleted)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::boolean[])
         ON CONFLICT (award, organisation) DO UPDATE SET
            version = EXCLUDED.version, name = EXCLUDED.name, description = EXCLUDED.description, grant_at = EXCLUDED.grant_at,
            revoke_at = EXCLUDED.revoke_at, deleted = EXCLUDED.deleted",
    )
    .bind(changed.iter().map(|((id, _), _)| *id).collect::<Vec<_>>())
    .bind(changed.iter().map(|((_, organisation), _)| organisation.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, award)| award.version).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, award)| award.naming.name.as_str()).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, award)| award.naming.description.as_deref()).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, award)| i64::from(award.thresholds.grant)).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, award)| i64::from(award.thresholds.revoke)).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, award)| award.deleted).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// Sets what is known of each person, and leaves the rest as it was.
async fn store_persons(changed: &[(Id, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let persons: Vec<(Id, PersonId, &PersonChanged)> =
        changed.iter().flat_map(|(id, award)| award.persons.iter().map(|(person, change)| (*id, *person, change))).collect();
    if persons.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO award_person (award, organisation, person, counter, granted_at)
         SELECT s.award, s.organisation, s.person, coalesce(s.counter, p.counter, 0),
                CASE WHEN s.told THEN s.granted_at ELSE p.granted_at END
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::timestamptz[])
              AS s (award, organisation, person, counter, told, granted_at)
         LEFT JOIN award_person p ON p.award = s.award AND p.organisation = s.organisation AND p.person = s.person
         ON CONFLICT (award, organisation, person) DO UPDATE SET counter = EXCLUDED.counter, granted_at = EXCLUDED.granted_at",
    )
    .bind(persons.iter().map(|((id, _), _, _)| *id).collect::<Vec<_>>())
    .bind(persons.iter().map(|((_, organisation), _, _)| organisation.0).collect::<Vec<_>>())
    .bind(persons.iter().map(|(_, person, _)| person.0).collect::<Vec<_>>())
    .bind(persons.iter().map(|(_, _, change)| change.counter.map(i64::from)).collect::<Vec<_>>())
    .bind(persons.iter().map(|(_, _, change)| change.held.is_some()).collect::<Vec<_>>())
    .bind(persons.iter().map(|(_, _, change)| change.held.flatten().map(ToSqlx::to_sqlx)).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn forget_persons(deleted: &[Id], tx: &mut PgConnection) -> Result<(), Refused> {
    if deleted.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM award_person p USING unnest($1::bigint[], $2::bigint[]) AS s (award, organisation)
         WHERE p.award = s.award AND p.organisation = s.organisation",
    )
    .bind(deleted.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(deleted.iter().map(|(_, organisation)| organisation.0).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}
