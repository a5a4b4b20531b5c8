//! The first page of a person's inbox. What is in it is decided when the facts are recorded; only what
//! comes back at a moment is decided here, by the moment of asking.

use domain::task::command::Due;
use domain::{FormId, OrganisationId, PersonId, TaskId};
use jiff::{Timestamp, ToSpan};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{FromRow, PgPool};

use super::rule::Reasons;
use super::{Follower, Inbox};
use crate::failure::Failure;
use crate::generation::Generation;

/// The most tasks in a page.
pub const LIMIT_MAX: u32 = 1_000;

/// A task as lists show it (pyrus.md §1.8, TaskHeader); persons by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    pub id: TaskId,
    pub text: String,
    pub formatted_text: Option<String>,
    pub subject: Option<String>,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub author: PersonId,
    pub responsible: Option<PersonId>,
    pub due: Option<Due>,
    /// The form whose task it is, and the step that is current or was last; 0 before the first.
    pub form: Option<FormId>,
    pub step: u8,
    /// Why it is in the inbox.
    pub reasons: Reasons,
    /// Until when it is put off, among those that are.
    pub snoozed_until: Option<Timestamp>,
}

/// The newest tasks of an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Newest change first; a task that came back counts as changed then.
    pub tasks: Vec<Header>,
    pub has_more: bool,
    /// The inbox lacks the facts of some task of the organisation.
    pub parked: bool,
}

/// The page of `principals[0]` (and of the roles that they are in, and of those whom they stand in for, which follow it) at the
/// moment `now`, each task once, at most `limit` tasks (and [`LIMIT_MAX`]), as `generation` of the view has it. Its cost does
/// not depend on how many tasks there are, but on how many principals, and on how much of their roles' inboxes they have had
/// enough of.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    principals: &[PersonId],
    limit: u32,
    now: Timestamp,
) -> Result<Page, Failure> {
    part(pool, generation, organisation, principals, false, limit, now).await
}

/// The same of what they have put off and is hidden from that page until its moment.
///
/// # Errors
/// When the database does not answer.
pub async fn snoozed(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    principals: &[PersonId],
    limit: u32,
    now: Timestamp,
) -> Result<Page, Failure> {
    part(pool, generation, organisation, principals, true, limit, now).await
}

async fn part(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    principals: &[PersonId],
    snoozed: bool,
    limit: u32,
    now: Timestamp,
) -> Result<Page, Failure> {
    let limit = limit.min(LIMIT_MAX);
    // What comes back later lies at the index's front and is not walked over. The log's clock and the asker's
    // are not the same: what is there already must not be missed for a second's difference.
    let front = now.saturating_add(1.hour()).unwrap_or(now);
    let rows: Vec<PageRow> = sqlx::query_as(generation.sql(
        "SELECT e.task, t.text, t.formatted_text, t.subject, t.created_at, t.modified_at, t.closed_at, t.author, t.responsible,
                t.due::text AS due, t.form, t.step, e.reasons,
                CASE WHEN $9 THEN (SELECT z.until FROM {view}.inbox_snooze z
                                   WHERE z.person = $8 AND z.task = e.task AND z.organisation = $1) END AS snoozed_until,
                EXISTS (SELECT FROM parked_event p WHERE p.view = $6 AND p.generation = $7 AND p.organisation = $1) AS parked
         FROM (SELECT f.task, bit_or(f.reasons) AS reasons, max(f.shown_at) AS shown_at
               FROM unnest($2::bigint[]) AS p (person)
               CROSS JOIN LATERAL (
                   SELECT e.task, e.reasons, e.shown_at FROM {view}.inbox_entry e
                   WHERE e.organisation = $1 AND e.person = p.person AND e.shown_at <= $3
                     AND (e.scheduled_until IS NULL OR e.scheduled_until <= $4)
                     AND $9 = EXISTS (
                         SELECT FROM {view}.inbox_snooze z
                         WHERE z.person = $8 AND z.task = e.task AND z.organisation = $1 AND z.until > $4)
                     AND (p.person = $8 OR e.reasons <> $10 AND NOT EXISTS (
                         SELECT FROM {view}.inbox_mark m
                         WHERE m.task = e.task AND m.person = $8 AND m.organisation = $1
                           AND m.held >= e.held AND m.called >= e.called AND m.returned >= e.returned))
                   ORDER BY e.shown_at DESC, e.task DESC LIMIT $5) f
               GROUP BY f.task
               ORDER BY shown_at DESC, f.task DESC LIMIT $5) e
         JOIN {view}.inbox_task t ON t.task = e.task AND t.organisation = $1
         ORDER BY e.shown_at DESC, e.task DESC",
    ))
    .bind(organisation.0)
    .bind(principals.iter().map(|principal| principal.0).collect::<Vec<_>>())
    .bind(front.to_sqlx())
    .bind(now.to_sqlx())
    .bind(i64::from(limit) + 1)
    .bind(Inbox::NAME)
    .bind(generation.number)
    .bind(principals.first().map_or(0, |person| person.0))
    .bind(snoozed)
    .bind(i16::from(Reasons::REMINDED.0))
    .fetch_all(pool)
    .await?;
    let parked = match rows.first() {
        Some(row) => row.parked,
        None => crate::parked::holds_parked(generation, organisation, pool).await?,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    let tasks = rows.into_iter().take(limit).map(PageRow::header).collect::<Result<_, _>>()?;
    Ok(Page { tasks, has_more, parked })
}

/// Open tasks after `after` that `person`, or a role, has a part in, in the order of their ids.
pub(crate) async fn tasks_of(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    person: PersonId,
    after: TaskId,
    limit: i64,
) -> Result<Vec<TaskId>, sqlx::Error> {
    // Materialised: else few of very many would be looked for by walking over all in the order of their ids.
    let tasks: Vec<i64> = sqlx::query_scalar(generation.sql(
        "WITH theirs AS MATERIALIZED (SELECT task FROM {view}.inbox_task
                                      WHERE people @> ARRAY[$2::bigint] AND closed_at IS NULL AND organisation = $1)
         SELECT task FROM theirs WHERE task > $3 ORDER BY task LIMIT $4",
    ))
    .bind(organisation.0)
    .bind(person.0)
    .bind(after.0)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(tasks.into_iter().map(TaskId).collect())
}

#[derive(FromRow)]
struct PageRow {
    task: i64,
    text: String,
    formatted_text: Option<String>,
    subject: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    modified_at: jiff_sqlx::Timestamp,
    closed_at: Option<jiff_sqlx::Timestamp>,
    author: i64,
    responsible: Option<i64>,
    due: Option<String>,
    form: Option<i64>,
    step: Option<i16>,
    reasons: i16,
    snoozed_until: Option<jiff_sqlx::Timestamp>,
    parked: bool,
}

impl PageRow {
    fn header(self) -> Result<Header, Failure> {
        let due = self.due.as_deref().map(serde_json::from_str).transpose();
        Ok(Header {
            id: TaskId(self.task),
            text: self.text,
            formatted_text: self.formatted_text,
            subject: self.subject,
            created_at: self.created_at.to_jiff(),
            modified_at: self.modified_at.to_jiff(),
            closed_at: self.closed_at.map(jiff_sqlx::Timestamp::to_jiff),
            author: PersonId(self.author),
            responsible: self.responsible.map(PersonId),
            due: due.map_err(|error| Failure::Unreadable(Inbox::NAME, error))?,
            form: self.form.map(FormId),
            step: self.step.and_then(|step| u8::try_from(step).ok()).unwrap_or_default(),
            reasons: Reasons(u8::try_from(self.reasons).unwrap_or_default()),
            snoozed_until: self.snoozed_until.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}
