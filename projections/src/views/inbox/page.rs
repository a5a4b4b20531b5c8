//! The first page of a person's inbox. What is in it is decided when the facts are recorded; only what
//! comes back at a moment is decided here, by the moment of asking.

use domain::task::command::Due;
use domain::{OrganisationId, PersonId, TaskId};
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
    /// Why it is in the inbox.
    pub reasons: Reasons,
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

/// The page of `persons` (somebody, and those whom they stand in for) at the moment `now`, each task once, at most `limit` tasks (and [`LIMIT_MAX`]), as `generation`
/// of the view has it. Its cost does not depend on how many tasks there are.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    persons: &[PersonId],
    limit: u32,
    now: Timestamp,
) -> Result<Page, Failure> {
    let limit = limit.min(LIMIT_MAX);
    // What comes back later lies at the index's front and is not walked over. The log's clock and the asker's
    // are not the same: what is there already must not be missed for a second's difference.
    let front = now.saturating_add(1.hour()).unwrap_or(now);
    let rows: Vec<PageRow> = sqlx::query_as(generation.sql(
        "SELECT e.task, t.text, t.formatted_text, t.subject, t.created_at, t.modified_at, t.closed_at, t.author, t.responsible,
                t.due::text AS due, e.reasons,
                EXISTS (SELECT FROM parked_event p WHERE p.view = $6 AND p.generation = $7 AND p.organisation = $1) AS parked
         FROM (SELECT i.task, bit_or(i.reasons) AS reasons, i.shown_at
               FROM unnest($2::bigint[]) AS p (person)
               CROSS JOIN LATERAL (SELECT task, reasons, shown_at FROM {view}.inbox_entry
                                   WHERE organisation = $1 AND person = p.person AND shown_at <= $3
                                     AND (scheduled_until IS NULL OR scheduled_until <= $4)
                                   ORDER BY shown_at DESC, task DESC LIMIT $5) i
               GROUP BY i.task, i.shown_at
               ORDER BY i.shown_at DESC, i.task DESC LIMIT $5) e
         JOIN {view}.inbox_task t ON t.task = e.task AND t.organisation = $1
         ORDER BY e.shown_at DESC, e.task DESC",
    ))
    .bind(organisation.0)
    .bind(persons.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(front.to_sqlx())
    .bind(now.to_sqlx())
    .bind(i64::from(limit) + 1)
    .bind(Inbox::NAME)
    .bind(generation.number)
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
    reasons: i16,
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
            reasons: Reasons(u8::try_from(self.reasons).unwrap_or_default()),
        })
    }
}
