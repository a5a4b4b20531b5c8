//! The view's tables: read for a batch, written after it, in a fixed number of queries. What the rows say is decided by
//! [`super::rule`].

use std::collections::{BTreeMap, HashMap};

use domain::task::Event;
use domain::{Header, ListId, OrganisationId, PersonId, TaskId, Version};
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use super::rule::{Grant, Place, Task};
use crate::failure::Refused;
use crate::views::inbox::rule::NewText;

/// A task's row as it was before the batch, not yet parsed.
pub(super) struct Before {
    organisation: OrganisationId,
    version: Version,
    header: String,
    state: String,
}

impl Before {
    /// The row's task with its grants and places.
    pub(super) fn read(&self) -> Result<Changed, serde_json::Error> {
        let task = Task { header: serde_json::from_str(&self.header)?, ..serde_json::from_str(&self.state)? };
        let (grants, places) = (task.grants(), task.places());
        let (organisation, version) = (self.organisation, self.version);
        Ok(Changed { organisation, version, stored: version, task, grants, places, text: NewText::Unchanged })
    }
}

/// A task in the making.
#[derive(Default)]
pub(super) struct Changed {
    organisation: OrganisationId,
    pub(super) version: Version,
    /// The version that the row has; 0 without a row.
    stored: Version,
    task: Task,
    /// Those that there are rows of.
    grants: BTreeMap<PersonId, Grant>,
    places: BTreeMap<ListId, Place>,
    text: NewText,
}

impl Changed {
    pub(super) fn take(&mut self, fact: &Event, header: &Header) {
        self.organisation = header.organisation;
        self.version = header.version;
        match self.task.take(fact, header) {
            NewText::Unchanged => {}
            text @ NewText::Is { .. } => self.text = text,
        }
    }

    /// What its rows are made from when they are made again: nothing but those that there are, of which those that differ are
    /// written.
    pub(super) fn begun_anew(self) -> Self {
        Self { stored: self.stored, grants: self.grants, places: self.places, ..Self::default() }
    }

    pub(super) fn is_changed(&self) -> bool {
        self.version != self.stored
    }
}

/// The rows of these tasks of these organisations, those that there are.
pub(super) async fn load(mut tasks: Vec<(i64, i64)>, tx: &mut PgConnection) -> Result<HashMap<TaskId, Before>, Refused> {
    tasks.sort_unstable();
    tasks.dedup();
    let rows: Vec<(i64, i64, i64, String, String)> = sqlx::query_as(
        "SELECT t.task, t.organisation, version, header::text, state::text
         FROM unnest($1::bigint[], $2::bigint[]) AS s (task, organisation)
         JOIN task_row t ON t.task = s.task AND t.organisation = s.organisation",
    )
    .bind(tasks.iter().map(|(task, _)| *task).collect::<Vec<_>>())
    .bind(tasks.iter().map(|(_, organisation)| *organisation).collect::<Vec<_>>())
    .fetch_all(tx)
    .await?;
    let before = |(task, organisation, version, header, state)| {
        (TaskId(task), Before { organisation: OrganisationId(organisation), version, header, state })
    };
    Ok(rows.into_iter().map(before).collect())
}

/// Writes what has changed: tasks, their texts where those changed, and the grants and places that differ.
pub(super) async fn store(mut changed: Vec<(TaskId, Changed)>, tx: &mut PgConnection) -> Result<(), Refused> {
    if changed.is_empty() {
        return Ok(());
    }
    // Rows in the order of their keys: pages are written once.
    changed.sort_unstable_by_key(|(task, _)| *task);
    store_tasks(&changed, tx).await?;
    store_texts(&changed, tx).await?;
    store_grants(&changed, tx).await?;
    store_places(&changed, tx).await
}

async fn store_tasks(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let headers = changed.iter().map(|(_, changed)| json(&changed.task.header)).collect::<Result<Vec<_>, _>>()?;
    let states = changed.iter().map(|(_, changed)| json(&changed.task)).collect::<Result<Vec<_>, _>>()?;
    let times: Vec<_> = changed.iter().map(|(_, changed)| changed.task.times()).collect();
    // Of rows that are there already the texts are not touched here.
    let texts: Vec<(Option<&str>, Option<&str>)> = changed
        .iter()
        .map(|(_, changed)| match &changed.text {
            NewText::Is { text, formatted_text } => (Some(text.as_str()), formatted_text.as_deref()),
            NewText::Unchanged => (None, None),
        })
        .collect();
    sqlx::query(
        "INSERT INTO task_row (task, organisation, version, text, formatted_text, header, state, modified_at,
                               due_at, due_date, scheduled_until)
         SELECT task, organisation, version, coalesce(text, ''), formatted_text, header::json, state::json, modified_at,
                due_at, due_date::date, scheduled_until
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::timestamptz[], $9::timestamptz[], $10::text[], $11::timestamptz[])
              AS s (task, organisation, version, text, formatted_text, header, state, modified_at, due_at, due_date, scheduled_until)
         ON CONFLICT (task, organisation) DO UPDATE SET
            version = EXCLUDED.version, header = EXCLUDED.header, state = EXCLUDED.state, modified_at = EXCLUDED.modified_at,
            due_at = EXCLUDED.due_at, due_date = EXCLUDED.due_date, scheduled_until = EXCLUDED.scheduled_until",
    )
    .bind(changed.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, changed)| changed.organisation.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, changed)| changed.version).collect::<Vec<_>>())
    .bind(texts.iter().map(|(text, _)| *text).collect::<Vec<_>>())
    .bind(texts.iter().map(|(_, formatted_text)| *formatted_text).collect::<Vec<_>>())
    .bind(headers)
    .bind(states)
    .bind(changed.iter().map(|(_, changed)| changed.task.header.modified_at.to_sqlx()).collect::<Vec<_>>())
    .bind(times.iter().map(|times| times.due_at.map(ToSqlx::to_sqlx)).collect::<Vec<_>>())
    .bind(times.iter().map(|times| times.due_date.map(|date| date.to_string())).collect::<Vec<_>>())
    .bind(times.iter().map(|times| times.scheduled_until.map(ToSqlx::to_sqlx)).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// Only where it changed after the row was made: a long text is not written again with every fact.
async fn store_texts(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let (mut tasks, mut organisations, mut texts, mut formatted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (id, changed) in changed.iter().filter(|(_, changed)| changed.stored > 0) {
        if let NewText::Is { text, formatted_text } = &changed.text {
            tasks.push(id.0);
            organisations.push(changed.organisation.0);
            texts.push(text.as_str());
            formatted.push(formatted_text.as_deref());
        }
    }
    if tasks.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE task_row t SET text = s.text, formatted_text = s.formatted_text
         FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS s (task, organisation, text, formatted_text)
         WHERE t.task = s.task AND t.organisation = s.organisation",
    )
    .bind(&tasks)
    .bind(&organisations)
    .bind(&texts)
    .bind(&formatted)
    .execute(tx)
    .await?;
    Ok(())
}

/// What there are rows of and should be none any more, and what should be and differs; each as task, organisation, key.
type Gone = Vec<(i64, i64, i64)>;
type Set<V> = Vec<(i64, i64, i64, V)>;

fn differing<K: Copy + Ord, V: PartialEq + Copy>(
    changed: &[(TaskId, Changed)],
    before: impl Fn(&Changed) -> &BTreeMap<K, V>,
    after: impl Fn(&Task) -> BTreeMap<K, V>,
    number: impl Fn(K) -> i64,
) -> (Gone, Set<V>) {
    let (mut gone, mut set) = (Vec::new(), Vec::new());
    for (id, changed) in changed {
        let (before, after, organisation) = (before(changed), after(&changed.task), changed.organisation.0);
        gone.extend(before.keys().filter(|key| !after.contains_key(key)).map(|key| (id.0, organisation, number(*key))));
        let differs = after.into_iter().filter(|(key, value)| before.get(key) != Some(value));
        set.extend(differs.map(|(key, value)| (id.0, organisation, number(key), value)));
    }
    (gone, set)
}

async fn store_grants(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let (gone, set) = differing(changed, |changed| &changed.grants, Task::grants, |person| person.0);
    if !gone.is_empty() {
        sqlx::query(
            "DELETE FROM task_grant g USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (task, organisation, principal)
             WHERE g.task = s.task AND g.organisation = s.organisation AND g.principal = s.principal",
        )
        .bind(gone.iter().map(|(task, ..)| *task).collect::<Vec<_>>())
        .bind(gone.iter().map(|(_, organisation, _)| *organisation).collect::<Vec<_>>())
        .bind(gone.iter().map(|(.., principal)| *principal).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await?;
    }
    if set.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO task_grant (task, organisation, principal, responsible, asked)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[], $5::boolean[])
         ON CONFLICT (task, principal, organisation) DO UPDATE SET responsible = EXCLUDED.responsible, asked = EXCLUDED.asked",
    )
    .bind(set.iter().map(|(task, ..)| *task).collect::<Vec<_>>())
    .bind(set.iter().map(|(_, organisation, ..)| *organisation).collect::<Vec<_>>())
    .bind(set.iter().map(|(_, _, principal, _)| *principal).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., grant)| grant.responsible).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., grant)| grant.asked).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_places(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let (gone, set) = differing(changed, |changed| &changed.places, Task::places, |list| list.0);
    if !gone.is_empty() {
        sqlx::query(
            "DELETE FROM task_in_list l USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (task, organisation, list)
             WHERE l.task = s.task AND l.organisation = s.organisation AND l.list = s.list",
        )
        .bind(gone.iter().map(|(task, ..)| *task).collect::<Vec<_>>())
        .bind(gone.iter().map(|(_, organisation, _)| *organisation).collect::<Vec<_>>())
        .bind(gone.iter().map(|(.., list)| *list).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await?;
    }
    if set.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO task_in_list (task, organisation, list, created_at, modified_at, closed_at)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
         ON CONFLICT (task, list, organisation) DO UPDATE SET
            created_at = EXCLUDED.created_at, modified_at = EXCLUDED.modified_at, closed_at = EXCLUDED.closed_at",
    )
    .bind(set.iter().map(|(task, ..)| *task).collect::<Vec<_>>())
    .bind(set.iter().map(|(_, organisation, ..)| *organisation).collect::<Vec<_>>())
    .bind(set.iter().map(|(_, _, list, _)| *list).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., place)| place.created_at.to_sqlx()).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., place)| place.modified_at.to_sqlx()).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., place)| place.closed_at.map(ToSqlx::to_sqlx)).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<String, Refused> {
    serde_json::to_string(value).map_err(|error| Refused::Unclear(crate::failure::Reason::Row(error)))
}
