//! The view's tables: read for a batch, written after it, in a fixed number of queries. What the rows say is decided by
//! [`super::rule`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::task::Event;
use domain::{Header, ListId, OrganisationId, PersonId, TaskId, Version};
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use super::block::{self, Blocks};
use super::handling;
use super::rule::{Grant, Place, Relation, Task};
use super::value::{Cell, Key};
use super::words;
use crate::failure::Refused;
use crate::views::inbox::rule::NewText;
use crate::views::keyed::{self, Differing};

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
        let (grants, places, related, cells) = (task.grants(), task.places(), task.related(), task.cells());
        let (bits, closed) = (block::fields(&task, &cells), task.header.closed_at.is_some());
        let (organisation, version) = (self.organisation, self.version);
        Ok(Changed { organisation, version, stored: version, task, grants, places, related, cells, bits, closed, ..Changed::default() })
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
    related: BTreeMap<TaskId, Relation>,
    cells: BTreeMap<Key, Cell>,
    bits: BTreeSet<i64>,
    /// The rows of its values say so.
    closed: bool,
    text: NewText,
    /// Its words may be others.
    worded: bool,
}

impl Changed {
    pub(super) fn take(&mut self, fact: &Event, header: &Header) {
        self.organisation = header.organisation;
        self.version = header.version;
        self.worded |= matches!(fact, Event::Form(_) | Event::Renamed { .. } | Event::Created(_) | Event::Deleted);
        match self.task.take(fact, header) {
            NewText::Unchanged => {}
            text @ NewText::Is { .. } => self.text = text,
        }
    }

    /// What its rows are made from when they are made again: nothing but those that there are, of which those that differ are
    /// written.
    pub(super) fn begun_anew(self) -> Self {
        let Self { stored, grants, places, related, cells, bits, closed, .. } = self;
        Self { stored, grants, places, related, cells, bits, closed, worded: true, ..Self::default() }
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
    let stored = changed.iter().filter(|(_, changed)| changed.stored > 0);
    keyed::store_texts(UPDATE_TEXTS, stored.map(|(task, changed)| (*task, changed.organisation, &changed.text)), tx).await?;
    store_grants(&changed, &mut *tx).await?;
    store_places(&changed, &mut *tx).await?;
    store_relations(&changed, &mut *tx).await?;
    store_cells(&changed, &mut *tx).await?;
    store_words(&changed, &mut *tx).await?;
    let mut blocks = Blocks::default();
    for (id, changed) in &changed {
        if let Some(form) = changed.task.form() {
            let after = block::fields(&changed.task, &changed.task.cells());
            blocks.of((*id, changed.organisation.0, form.0), &changed.bits, &after, changed.task.header.modified_at);
        }
    }
    blocks.store(&mut *tx).await?;
    let of_task = |(task, changed): &(TaskId, Changed)| {
        let form = changed.task.form().unwrap_or_default();
        changed.task.decisions.iter().map(|decision| (*task, changed.organisation, form, *decision)).collect::<Vec<_>>()
    };
    let decisions: Vec<_> = changed.iter().flat_map(of_task).collect();
    handling::store(&decisions, tx).await
}

const UPDATE_TEXTS: &str = "UPDATE task_row t SET text = s.text, formatted_text = s.formatted_text
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS s (task, organisation, text, formatted_text)
    WHERE t.task = s.task AND t.organisation = s.organisation";

async fn store_tasks(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let headers = changed.iter().map(|(_, changed)| keyed::json(&changed.task.header)).collect::<Result<Vec<_>, _>>()?;
    let states = changed.iter().map(|(_, changed)| keyed::json(&changed.task)).collect::<Result<Vec<_>, _>>()?;
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
                               due_at, due_date, scheduled_until, form, step, created_at, closed_at, step_due_at)
         SELECT task, organisation, version, coalesce(text, ''), formatted_text, header::json, state::json, modified_at,
                due_at, due_date::date, scheduled_until, form, step, created_at, closed_at, step_due_at
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::timestamptz[], $9::timestamptz[], $10::text[], $11::timestamptz[], $12::bigint[], $13::smallint[],
                     $14::timestamptz[], $15::timestamptz[], $16::timestamptz[])
              AS s (task, organisation, version, text, formatted_text, header, state, modified_at, due_at, due_date, scheduled_until,
                    form, step, created_at, closed_at, step_due_at)
         ON CONFLICT (task, organisation) DO UPDATE SET
            version = EXCLUDED.version, header = EXCLUDED.header, state = EXCLUDED.state, modified_at = EXCLUDED.modified_at,
            due_at = EXCLUDED.due_at, due_date = EXCLUDED.due_date, scheduled_until = EXCLUDED.scheduled_until,
            form = EXCLUDED.form, step = EXCLUDED.step, closed_at = EXCLUDED.closed_at, step_due_at = EXCLUDED.step_due_at",
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
    .bind(changed.iter().map(|(_, changed)| changed.task.listed_form().map(|form| form.0)).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, changed)| changed.task.step().map(i16::from)).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, changed)| changed.task.header.created_at.to_sqlx()).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, changed)| changed.task.header.closed_at.map(ToSqlx::to_sqlx)).collect::<Vec<_>>())
    .bind(times.iter().map(|times| times.step_due.map(ToSqlx::to_sqlx)).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_grants(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let mut grants = Differing::new();
    for (id, changed) in changed {
        grants.of((*id, changed.organisation), &changed.grants, changed.task.grants(), |person| person.0);
    }
    let delete = "DELETE FROM task_grant g USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (task, organisation, principal)
         WHERE g.task = s.task AND g.organisation = s.organisation AND g.principal = s.principal";
    grants.delete(delete, &mut *tx).await?;
    if grants.nothing_set() {
        return Ok(());
    }
    let [tasks, organisations, principals] = grants.keys();
    let of_task: HashMap<i64, i64> = changed.iter().filter_map(|(id, changed)| Some((id.0, changed.task.form()?.0))).collect();
    let forms: Vec<i64> = tasks.iter().map(|task| of_task.get(task).copied().unwrap_or_default()).collect();
    sqlx::query(
        "INSERT INTO task_grant (task, organisation, principal, form, responsible, asked)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::boolean[])
         ON CONFLICT (task, principal, organisation) DO UPDATE SET responsible = EXCLUDED.responsible, asked = EXCLUDED.asked",
    )
    .bind(tasks)
    .bind(organisations)
    .bind(principals)
    .bind(forms)
    .bind(grants.column(|grant| grant.responsible))
    .bind(grants.column(|grant| grant.asked))
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_places(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let mut places = Differing::new();
    for (id, changed) in changed {
        places.of((*id, changed.organisation), &changed.places, changed.task.places(), |list| list.0);
    }
    let delete = "DELETE FROM task_in_list l USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (task, organisation, list)
         WHERE l.task = s.task AND l.organisation = s.organisation AND l.list = s.list";
    places.delete(delete, &mut *tx).await?;
    if places.nothing_set() {
        return Ok(());
    }
    let [tasks, organisations, lists] = places.keys();
    sqlx::query(
        "INSERT INTO task_in_list (task, organisation, list, created_at, modified_at, closed_at)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
         ON CONFLICT (task, list, organisation) DO UPDATE SET
            created_at = EXCLUDED.created_at, modified_at = EXCLUDED.modified_at, closed_at = EXCLUDED.closed_at",
    )
    .bind(tasks)
    .bind(organisations)
    .bind(lists)
    .bind(places.column(|place| place.created_at.to_sqlx()))
    .bind(places.column(|place| place.modified_at.to_sqlx()))
    .bind(places.column(|place| place.closed_at.map(ToSqlx::to_sqlx)))
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_relations(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let mut related = Differing::new();
    for (id, changed) in changed {
        related.of((*id, changed.organisation), &changed.related, changed.task.related(), |task| task.0);
    }
    let delete = "DELETE FROM task_relation r USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (task, organisation, other)
         WHERE r.task = s.task AND r.organisation = s.organisation AND r.other = s.other";
    related.delete(delete, &mut *tx).await?;
    if related.nothing_set() {
        return Ok(());
    }
    let [tasks, organisations, others] = related.keys();
    sqlx::query(
        "INSERT INTO task_relation (task, organisation, other, is_part)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[])
         ON CONFLICT (task, other, organisation) DO UPDATE SET is_part = EXCLUDED.is_part",
    )
    .bind(tasks)
    .bind(organisations)
    .bind(others)
    .bind(related.column(|relation| *relation == Relation::IsPart))
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_cells(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let (mut gone, mut set) = (Vec::new(), Vec::new());
    for (id, changed) in changed.iter().filter(|(_, changed)| changed.task.form().is_some() || !changed.cells.is_empty()) {
        let after = changed.task.cells();
        let form = changed.task.form().map_or(0, |form| form.0);
        let closed = changed.task.header.closed_at.is_some();
        gone.extend(changed.cells.keys().filter(|key| !after.contains_key(key)).map(|key| (id.0, changed.organisation.0, *key)));
        let differs = after.into_iter().filter(|(key, cell)| closed != changed.closed || changed.cells.get(key) != Some(cell));
        set.extend(differs.map(|(key, cell)| (id.0, changed.organisation.0, form, closed, key, cell)));
    }
    if !gone.is_empty() {
        sqlx::query(
            "DELETE FROM task_value v USING unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS s (task, organisation, field, place)
             WHERE v.task = s.task AND v.organisation = s.organisation AND v.field = s.field AND v.place = s.place",
        )
        .bind(gone.iter().map(|(task, ..)| *task).collect::<Vec<_>>())
        .bind(gone.iter().map(|(_, organisation, _)| *organisation).collect::<Vec<_>>())
        .bind(gone.iter().map(|(.., (field, _))| i64::from(*field)).collect::<Vec<_>>())
        .bind(gone.iter().map(|(.., (_, place))| i64::from(*place)).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await?;
    }
    if set.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO task_value (task, organisation, form, closed, field, place, text, number, day, at, id)
         SELECT task, organisation, form, closed, field, place, text, number::numeric, day::date, at, id
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[], $5::bigint[], $6::bigint[], $7::text[], $8::text[],
                     $9::text[], $10::timestamptz[], $11::bigint[])
              AS s (task, organisation, form, closed, field, place, text, number, day, at, id)
         ON CONFLICT (task, field, place, organisation) DO UPDATE SET
            closed = EXCLUDED.closed, text = EXCLUDED.text, number = EXCLUDED.number, day = EXCLUDED.day, at = EXCLUDED.at, id = EXCLUDED.id",
    )
    .bind(set.iter().map(|(task, ..)| *task).collect::<Vec<_>>())
    .bind(set.iter().map(|(_, organisation, ..)| *organisation).collect::<Vec<_>>())
    .bind(set.iter().map(|(_, _, form, ..)| *form).collect::<Vec<_>>())
    .bind(set.iter().map(|(_, _, _, closed, ..)| *closed).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., (field, _), _)| i64::from(*field)).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., (_, place), _)| i64::from(*place)).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., cell)| cell.text.as_deref()).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., cell)| cell.number.as_deref()).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., cell)| cell.day.map(|day| day.to_string())).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., cell)| cell.at.map(ToSqlx::to_sqlx)).collect::<Vec<_>>())
    .bind(set.iter().map(|(.., cell)| cell.id).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_words(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    let (mut tasks, mut organisations, mut forms, mut texts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (id, changed) in changed.iter().filter(|(_, changed)| changed.worded) {
        if let Some(form) = changed.task.form() {
            tasks.push(id.0);
            organisations.push(changed.organisation.0);
            forms.push(form.0);
            // Words are letters and digits, without quotes of their own.
            let words: Vec<String> = words::of_task(&changed.task).into_iter().map(|word| format!("\"{word}\"")).collect();
            texts.push(format!("{{{}}}", words.join(",")));
        }
    }
    if tasks.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO task_words (task, organisation, form, words)
         SELECT task, organisation, form, array_to_tsvector(words::text[])
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) AS s (task, organisation, form, words)
         ON CONFLICT (task, organisation) DO UPDATE SET words = EXCLUDED.words",
    )
    .bind(tasks)
    .bind(organisations)
    .bind(forms)
    .bind(texts)
    .execute(tx)
    .await?;
    Ok(())
}
