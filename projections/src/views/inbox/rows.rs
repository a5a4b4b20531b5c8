//! The inbox's tables: read for a batch, written after it, in a fixed number of queries. What the rows say
//! is decided by [`super::rule`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::task::Event;
use domain::{FormId, Header, OrganisationId, PersonId, Position, TaskId, Version};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, Row};

use super::rule::{Entry, NewText, Since, Task};
use crate::failure::Refused;
use crate::views::keyed::{self, Differing};

/// A task's row as it was before the batch, not yet parsed.
pub(super) struct Before {
    organisation: OrganisationId,
    version: Version,
    created_at: Timestamp,
    modified_at: Timestamp,
    closed_at: Option<Timestamp>,
    author: i64,
    responsible: Option<i64>,
    subject: Option<String>,
    due: Option<String>,
    form: Option<i64>,
    state: String,
}

impl Before {
    /// The row's task with its entries.
    pub(super) fn read(&self) -> Result<Changed, serde_json::Error> {
        let task = Task {
            author: PersonId(self.author),
            responsible: self.responsible.map(PersonId),
            subject: self.subject.clone(),
            form: self.form.map(FormId),
            due: self.due.as_deref().map(serde_json::from_str).transpose()?,
            created_at: self.created_at,
            modified_at: self.modified_at,
            closed_at: self.closed_at,
            ..serde_json::from_str(&self.state)?
        };
        let entries = task.entries();
        let marks = task.marks.clone();
        let (organisation, version, stored_reminded) = (self.organisation, self.version, task.reminded_upto);
        Ok(Changed { organisation, version, stored: version, stored_reminded, task, entries, marks, text: NewText::Unchanged })
    }
}

/// A task in the making.
#[derive(Default)]
pub(super) struct Changed {
    organisation: OrganisationId,
    pub(super) version: Version,
    /// The version that the row has; 0 without a row.
    stored: Version,
    /// The newest reminder that the row knows of.
    stored_reminded: Position,
    task: Task,
    /// The entries that there are rows of.
    entries: BTreeMap<PersonId, Entry>,
    /// The marks that there are rows of.
    marks: BTreeMap<PersonId, Since>,
    text: NewText,
}

impl From<Option<Changed>> for Changed {
    /// A task that there is no row of begins empty.
    fn from(before: Option<Changed>) -> Self {
        before.unwrap_or_default()
    }
}

impl Changed {
    pub(super) fn take(&mut self, fact: &Event, header: &Header, roles: &HashSet<PersonId>) {
        self.organisation = header.organisation;
        self.version = header.version;
        match self.task.take(fact, header, roles) {
            NewText::Unchanged => {}
            text @ NewText::Is { .. } => self.text = text,
        }
    }

    /// A reminder of it whose moment came. Of a task that nothing is known of nobody is reminded.
    pub(super) fn remind(&mut self, person: PersonId, header: &Header) {
        if self.version > 0 {
            self.task.remind(person, header);
        }
    }

    /// What its row is made from when it is made again: nothing but the entries and marks, of which those that
    /// differ are written, and what is not in its own stream.
    pub(super) fn begun_anew(self) -> Self {
        let task = Task { reminded: self.task.reminded, reminded_upto: self.task.reminded_upto, ..Task::default() };
        let (stored, stored_reminded) = (self.stored, self.stored_reminded);
        Self { stored, stored_reminded, entries: self.entries, marks: self.marks, task, ..Self::default() }
    }

    /// The roles that it names.
    pub(super) fn roles(&self) -> &BTreeSet<PersonId> {
        &self.task.roles
    }

    pub(super) fn is_changed(&self) -> bool {
        self.version != self.stored || self.task.reminded_upto != self.stored_reminded
    }
}

/// The rows of these tasks of these organisations, those that there are.
pub(super) async fn load(mut tasks: Vec<(i64, i64)>, tx: &mut PgConnection) -> Result<HashMap<TaskId, Before>, Refused> {
    tasks.sort_unstable();
    tasks.dedup();
    let rows = sqlx::query(
        "SELECT t.task, t.organisation, version, created_at, modified_at, closed_at, author, responsible, subject, due::text, state::text,
                form
         FROM unnest($1::bigint[], $2::bigint[]) AS s (task, organisation)
         JOIN inbox_task t ON t.task = s.task AND t.organisation = s.organisation",
    )
    .bind(tasks.iter().map(|(task, _)| *task).collect::<Vec<_>>())
    .bind(tasks.iter().map(|(_, organisation)| *organisation).collect::<Vec<_>>())
    .fetch_all(tx)
    .await?;
    let moment = |row: &sqlx::postgres::PgRow, column: usize| row.try_get::<jiff_sqlx::Timestamp, _>(column).map(|at| at.to_jiff());
    let mut before = HashMap::with_capacity(rows.len());
    for row in &rows {
        let closed_at: Option<jiff_sqlx::Timestamp> = row.try_get(5)?;
        let read = Before {
            organisation: OrganisationId(row.try_get(1)?),
            version: row.try_get(2)?,
            created_at: moment(row, 3)?,
            modified_at: moment(row, 4)?,
            closed_at: closed_at.map(jiff_sqlx::Timestamp::to_jiff),
            author: row.try_get(6)?,
            responsible: row.try_get(7)?,
            subject: row.try_get(8)?,
            due: row.try_get(9)?,
            state: row.try_get(10)?,
            form: row.try_get(11)?,
        };
        before.insert(TaskId(row.try_get(0)?), read);
    }
    Ok(before)
}

/// Writes what has changed: tasks, their texts where those changed, and the entries that differ.
pub(super) async fn store(mut changed: Vec<(TaskId, Changed)>, tx: &mut PgConnection) -> Result<(), Refused> {
    // Rows in the order of their keys: pages are written once.
    changed.sort_unstable_by_key(|(task, _)| *task);
    store_tasks(&changed, tx).await?;
    let stored = changed.iter().filter(|(_, changed)| changed.stored > 0);
    keyed::store_texts(UPDATE_TEXTS, stored.map(|(task, changed)| (*task, changed.organisation, &changed.text)), tx).await?;
    let (mut entries, mut marks) = (Differing::new(), Differing::new());
    for (id, changed) in &changed {
        let task = (*id, changed.organisation);
        entries.of(task, &changed.entries, changed.task.entries(), |person| person.0);
        marks.of(task, &changed.marks, changed.task.marks.clone(), |person| person.0);
    }
    store_entries(&entries, tx).await?;
    store_marks(&marks, tx).await
}

const UPDATE_TEXTS: &str = "UPDATE inbox_task t SET text = s.text, formatted_text = s.formatted_text
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS s (task, organisation, text, formatted_text)
    WHERE t.task = s.task AND t.organisation = s.organisation";

async fn store_tasks(changed: &[(TaskId, Changed)], tx: &mut PgConnection) -> Result<(), Refused> {
    if changed.is_empty() {
        return Ok(());
    }
    let column = |value: fn(&Task) -> Option<i64>| changed.iter().map(|(_, changed)| value(&changed.task)).collect::<Vec<_>>();
    let moments = |value: fn(&Task) -> Timestamp| changed.iter().map(|(_, changed)| value(&changed.task).to_sqlx()).collect::<Vec<_>>();
    let due =
        changed.iter().map(|(_, changed)| changed.task.due.map(|due| keyed::json(&due)).transpose()).collect::<Result<Vec<_>, _>>()?;
    let states = changed.iter().map(|(_, changed)| keyed::json(&changed.task)).collect::<Result<Vec<_>, _>>()?;
    // Of rows that are there already the texts are not touched here.
    let fresh: Vec<Option<(&str, Option<&str>)>> = changed
        .iter()
        .map(|(_, changed)| match &changed.text {
            NewText::Is { text, formatted_text } => Some((text.as_str(), formatted_text.as_deref())),
            NewText::Unchanged => None,
        })
        .collect();
    sqlx::query(
        "INSERT INTO inbox_task (task, organisation, version, text, formatted_text, created_at, modified_at, closed_at, author, responsible,
                                 subject, due, people, state, form, step)
         SELECT task, organisation, version, coalesce(text, ''), formatted_text, created_at, modified_at, closed_at, author, responsible,
                subject, due::json, people::bigint[], state::json, form, step
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
                     $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
                     $15::bigint[], $16::smallint[])
              AS s (task, organisation, version, created_at, modified_at, closed_at, author, responsible, subject, due, state,
                    text, formatted_text, people, form, step)
         ON CONFLICT (task, organisation) DO UPDATE SET
            version = EXCLUDED.version, modified_at = EXCLUDED.modified_at, closed_at = EXCLUDED.closed_at,
            responsible = EXCLUDED.responsible, subject = EXCLUDED.subject, due = EXCLUDED.due, people = EXCLUDED.people,
            state = EXCLUDED.state, step = EXCLUDED.step",
    )
    .bind(changed.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, changed)| changed.organisation.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, changed)| changed.version).collect::<Vec<_>>())
    .bind(moments(|task| task.created_at))
    .bind(moments(|task| task.modified_at))
    .bind(changed.iter().map(|(_, changed)| changed.task.closed_at.map(|at| at.to_sqlx())).collect::<Vec<_>>())
    .bind(column(|task| Some(task.author.0)))
    .bind(column(|task| task.responsible.map(|person| person.0)))
    .bind(changed.iter().map(|(_, changed)| changed.task.subject.as_deref()).collect::<Vec<_>>())
    .bind(due)
    .bind(states)
    .bind(fresh.iter().map(|text| text.map(|(text, _)| text)).collect::<Vec<_>>())
    .bind(fresh.iter().map(|text| text.and_then(|(_, formatted_text)| formatted_text)).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, changed)| array(&changed.task.people())).collect::<Vec<_>>())
    .bind(column(|task| task.form.map(|form| form.0)))
    .bind(changed.iter().map(|(_, changed)| changed.task.form.map(|_| i16::from(changed.task.progress.current))).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_entries(entries: &Differing<Entry>, tx: &mut PgConnection) -> Result<(), Refused> {
    let delete = "DELETE FROM inbox_entry e USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (task, organisation, person)
         WHERE e.task = s.task AND e.person = s.person AND e.organisation = s.organisation";
    entries.delete(delete, &mut *tx).await?;
    if entries.nothing_set() {
        return Ok(());
    }
    let [tasks, organisations, persons] = entries.keys();
    sqlx::query(
        "INSERT INTO inbox_entry (task, organisation, person, reasons, shown_at, scheduled_until, held, called, returned)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::timestamptz[], $6::timestamptz[],
                              $7::bigint[], $8::bigint[], $9::bigint[])
         ON CONFLICT (task, person, organisation) DO UPDATE SET
            reasons = EXCLUDED.reasons, shown_at = EXCLUDED.shown_at, scheduled_until = EXCLUDED.scheduled_until,
            held = EXCLUDED.held, called = EXCLUDED.called, returned = EXCLUDED.returned",
    )
    .bind(tasks)
    .bind(organisations)
    .bind(persons)
    .bind(entries.column(|entry| i16::from(entry.reasons.0)))
    .bind(entries.column(|entry| entry.shown_at.to_sqlx()))
    .bind(entries.column(|entry| entry.scheduled_until.map(ToSqlx::to_sqlx)))
    .bind(entries.column(|entry| entry.since.map(|since| since.held)))
    .bind(entries.column(|entry| entry.since.map(|since| since.called)))
    .bind(entries.column(|entry| entry.since.map(|since| since.returned)))
    .execute(tx)
    .await?;
    Ok(())
}

async fn store_marks(marks: &Differing<Since>, tx: &mut PgConnection) -> Result<(), Refused> {
    let delete = "DELETE FROM inbox_mark m USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (task, organisation, person)
         WHERE m.task = s.task AND m.person = s.person AND m.organisation = s.organisation";
    marks.delete(delete, &mut *tx).await?;
    if marks.nothing_set() {
        return Ok(());
    }
    let [tasks, organisations, persons] = marks.keys();
    sqlx::query(
        "INSERT INTO inbox_mark (task, organisation, person, held, called, returned)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
         ON CONFLICT (task, person, organisation) DO UPDATE SET
            held = EXCLUDED.held, called = EXCLUDED.called, returned = EXCLUDED.returned",
    )
    .bind(tasks)
    .bind(organisations)
    .bind(persons)
    .bind(marks.column(|mark| mark.held))
    .bind(marks.column(|mark| mark.called))
    .bind(marks.column(|mark| mark.returned))
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that these ids are roles'.
pub(super) async fn add_roles(roles: &[i64], tx: &mut PgConnection) -> Result<(), Refused> {
    if roles.is_empty() {
        return Ok(());
    }
    let insert = "INSERT INTO inbox_role (role) SELECT DISTINCT unnest($1::bigint[]) ON CONFLICT DO NOTHING";
    sqlx::query(insert).bind(roles).execute(tx).await?;
    Ok(())
}

/// Those of `ids` that are roles'.
pub(super) async fn roles_among(ids: &BTreeSet<PersonId>, tx: &mut PgConnection) -> Result<HashSet<PersonId>, Refused> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<i64> = sqlx::query_scalar("SELECT role FROM inbox_role WHERE role = ANY($1)")
        .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(PersonId).collect())
}

/// As Postgres writes an array of numbers: bound as arrays they would all have to be of one length.
fn array(ids: &BTreeSet<PersonId>) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    format!("{{{}}}", ids.join(","))
}
