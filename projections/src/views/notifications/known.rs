//! The parties that it depends on who is told: organisations, people, roles, lists, forms, and everybody's settings, as they are at the
//! view's own position. Held in memory between batches and read anew where another wrote in between. Nothing personal is kept of
//! people but their zone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::directory::{Listed, OrganisationDirectory};
use domain::form::Form;
use domain::inbox::Settings;
use domain::list::List;
use domain::organisation::Organisation;
use domain::person::{Person, Profile};
use domain::role::Role;
use domain::{Directory, Kind, OrganisationId, PersonId, Position, Recorded, StreamId, Version};
use futures_util::TryStreamExt;
use serde::Serialize;
use sqlx::PgConnection;

use crate::failure::{Reason, Refused};
use crate::views::keyed;

/// What names the row that the last change wrote, whoever wrote it: the transaction and the position.
type Stamp = (String, i64);

#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    stamp: Option<Stamp>,
    directory: Directory,
    settings: BTreeMap<PersonId, Settings>,
    /// Of the streams of this batch.
    versions: BTreeMap<(OrganisationId, StreamId), Version>,
    changed: BTreeSet<(OrganisationId, StreamId)>,
    settings_changed: BTreeSet<PersonId>,
    last: Position,
}

impl Known {
    /// What was kept, if nobody wrote since; else what the tables hold.
    pub(super) async fn current(kept: Option<Self>, tx: &mut PgConnection) -> Result<Self, Refused> {
        let stamp: Stamp = sqlx::query_as("SELECT xmin::text, position FROM notification_known").fetch_one(&mut *tx).await?;
        match kept.filter(|kept| kept.stamp.as_ref() == Some(&stamp)) {
            Some(kept) => Ok(kept),
            None => Self::load(stamp, tx).await,
        }
    }

    async fn load(stamp: Stamp, tx: &mut PgConnection) -> Result<Self, Refused> {
        let mut known = Self { last: stamp.1, stamp: Some(stamp), ..Self::default() };
        let sql = "SELECT organisation, kind, body::text FROM notification_party ORDER BY kind, id";
        let mut rows = sqlx::query_as::<_, (i64, i16, String)>(sql).fetch(&mut *tx);
        while let Some((organisation, kind, body)) = rows.try_next().await? {
            known.put(OrganisationId(organisation), kind, &body).map_err(|error| Refused::Unclear(Reason::Row(error)))?;
        }
        drop(rows);
        let sql = "SELECT person, settings::text FROM notification_inbox WHERE settings IS NOT NULL";
        let mut rows = sqlx::query_as::<_, (i64, String)>(sql).fetch(&mut *tx);
        while let Some((person, settings)) = rows.try_next().await? {
            let settings = serde_json::from_str(&settings).map_err(|error| Refused::Unclear(Reason::Row(error)))?;
            known.settings.insert(PersonId(person), settings);
        }
        drop(rows);
        Ok(known)
    }

    fn put(&mut self, organisation: OrganisationId, kind: i16, body: &str) -> Result<(), serde_json::Error> {
        match Kind::from_number(kind) {
            Some(Kind::Organisation) => self.directory.put_organisation(serde_json::from_str::<Organisation>(body)?),
            Some(Kind::Person) => self.directory.put(organisation, serde_json::from_str::<Person>(body)?),
            Some(Kind::Role) => self.directory.put(organisation, serde_json::from_str::<Role>(body)?),
            Some(Kind::List) => self.directory.put(organisation, serde_json::from_str::<List>(body)?),
            Some(Kind::Form) => self.directory.put(organisation, serde_json::from_str::<Form>(body)?),
            _ => {}
        }
        Ok(())
    }

    /// The organisation; an empty one where nothing is known of it.
    pub(super) fn organisation(&self, id: OrganisationId) -> Arc<OrganisationDirectory> {
        self.directory.organisation(id).cloned().unwrap_or_default()
    }

    pub(super) fn settings(&self, person: PersonId) -> Settings {
        self.settings.get(&person).cloned().unwrap_or_default()
    }

    pub(super) fn set(&mut self, person: PersonId, settings: &Settings, position: Position) {
        self.settings.insert(person, settings.clone());
        self.settings_changed.insert(person);
        self.last = self.last.max(position);
    }

    /// Reads up to which version the view holds these streams.
    pub(super) async fn versions(&mut self, streams: &BTreeSet<(OrganisationId, StreamId)>, tx: &mut PgConnection) -> Result<(), Refused> {
        let asked: Vec<_> = streams.iter().filter(|stream| !self.versions.contains_key(*stream)).collect();
        if asked.is_empty() {
            return Ok(());
        }
        let rows: Vec<(i64, i16, i64, i64)> = sqlx::query_as(
            "SELECT p.organisation, p.kind, p.id, p.version FROM unnest($1::bigint[], $2::smallint[], $3::bigint[]) AS s (organisation, kind, id)
             JOIN notification_party p ON p.organisation = s.organisation AND p.kind = s.kind AND p.id = s.id",
        )
        .bind(asked.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
        .bind(asked.iter().map(|(_, stream)| stream.kind.number()).collect::<Vec<_>>())
        .bind(asked.iter().map(|(_, stream)| stream.id).collect::<Vec<_>>())
        .fetch_all(tx)
        .await?;
        let known = rows.into_iter().filter_map(|(organisation, kind, id, version)| {
            Some(((OrganisationId(organisation), StreamId::new(Kind::from_number(kind)?, id)), version))
        });
        self.versions.extend(known);
        Ok(())
    }

    /// Takes a fact of a party in; one that it holds already changes nothing.
    pub(super) fn note(&mut self, event: &Recorded) -> Result<(), Reason> {
        let header = &event.header;
        let key = (header.organisation, header.stream);
        let version = self.versions.get(&key).copied().unwrap_or_default();
        if header.version <= version {
            return Ok(());
        }
        if header.version != version + 1 {
            return Err(Reason::OutOfOrder { expected: version + 1, found: header.version });
        }
        match header.stream.kind {
            Kind::Organisation => self.directory.apply(event)?,
            Kind::Person => self.fold::<Person>(event, slim_person)?,
            Kind::Role => self.fold::<Role>(event, slim_role)?,
            Kind::List => self.fold::<List>(event, |list| list)?,
            Kind::Form => self.fold::<Form>(event, slim_form)?,
            _ => return Ok(()),
        }
        self.versions.insert(key, header.version);
        self.changed.insert(key);
        self.last = self.last.max(header.position);
        Ok(())
    }

    fn fold<A: Listed>(&mut self, event: &Recorded, slim: impl Fn(A) -> A) -> Result<(), Reason> {
        let header = &event.header;
        let known = self.directory.organisation(header.organisation).and_then(|home| A::listed(home, header.stream.id));
        let mut state = known.map(|known| A::clone(known)).unwrap_or_default();
        state.note(event)?;
        self.directory.put(header.organisation, slim(state));
        Ok(())
    }

    /// Writes what this batch has changed, and leaves what a later batch may go on with.
    pub(super) async fn settle(&mut self, tx: &mut PgConnection) -> Result<(), Refused> {
        if self.changed.is_empty() && self.settings_changed.is_empty() {
            self.versions.clear();
            return Ok(());
        }
        self.store_parties(tx).await?;
        self.store_settings(tx).await?;
        let stamp = sqlx::query_as("UPDATE notification_known SET position = $1 RETURNING xmin::text, position");
        self.stamp = Some(stamp.bind(self.last).fetch_one(&mut *tx).await?);
        self.versions.clear();
        self.changed.clear();
        self.settings_changed.clear();
        Ok(())
    }

    async fn store_parties(&self, tx: &mut PgConnection) -> Result<(), Refused> {
        let bodies = self.changed.iter().map(|key| self.body(*key)).collect::<Result<Vec<_>, _>>()?;
        sqlx::query(
            "INSERT INTO notification_party (organisation, kind, id, version, body)
             SELECT organisation, kind, id, version, body::json
             FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[], $5::text[]) AS s (organisation, kind, id, version, body)
             ON CONFLICT (organisation, kind, id) DO UPDATE SET version = EXCLUDED.version, body = EXCLUDED.body",
        )
        .bind(self.changed.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
        .bind(self.changed.iter().map(|(_, stream)| stream.kind.number()).collect::<Vec<_>>())
        .bind(self.changed.iter().map(|(_, stream)| stream.id).collect::<Vec<_>>())
        .bind(self.changed.iter().map(|key| self.versions.get(key).copied().unwrap_or_default()).collect::<Vec<_>>())
        .bind(bodies)
        .execute(tx)
        .await?;
        Ok(())
    }

    fn body(&self, (organisation, stream): (OrganisationId, StreamId)) -> Result<String, Refused> {
        let home = self.organisation(organisation);
        let id = stream.id;
        match stream.kind {
            Kind::Person => json(Person::listed(&home, id)),
            Kind::Role => json(Role::listed(&home, id)),
            Kind::List => json(List::listed(&home, id)),
            Kind::Form => json(Form::listed(&home, id)),
            _ => keyed::json(&home.organisation),
        }
    }

    async fn store_settings(&self, tx: &mut PgConnection) -> Result<(), Refused> {
        let settings = self.settings_changed.iter().map(|person| keyed::json(&self.settings(*person))).collect::<Result<Vec<_>, _>>()?;
        sqlx::query(
            "UPDATE notification_inbox i SET settings = s.settings::json
             FROM unnest($1::bigint[], $2::text[]) AS s (person, settings) WHERE i.person = s.person",
        )
        .bind(self.settings_changed.iter().map(|person| person.0).collect::<Vec<_>>())
        .bind(settings)
        .execute(tx)
        .await?;
        Ok(())
    }
}

fn json<A: Serialize>(state: Option<&Arc<A>>) -> Result<String, Refused> {
    keyed::json(&state.map(|state| &**state))
}

fn slim_person(mut person: Person) -> Person {
    person.profile = Profile { time_zone: person.profile.time_zone.take(), ..Profile::default() };
    (person.avatar, person.bot) = Default::default();
    person
}

fn slim_role(mut role: Role) -> Role {
    role.name.clear();
    role
}

/// A form's definition is no matter here, only who sees its tasks.
fn slim_form(form: Form) -> Form {
    let mut slim = Form::default();
    (slim.id, slim.organisation, slim.exists, slim.levels) = (form.id, form.organisation, form.exists, form.levels);
    slim
}
