//! Pages of tasks: those of a list, and those that wait for somebody. One query each, whatever their size.

use domain::{ListId, OrganisationId, PersonId, TaskId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{FromRow, PgPool};

use super::access::{Access, MAY_SEE};
use super::rule::Header;
use super::{Follower, Tasks};
use crate::failure::Failure;
use crate::generation::Generation;

/// The most tasks in a page.
pub const LIMIT_MAX: u32 = 1_000;

/// A task as lists show it (pyrus.md §1.3, TaskHeader); persons by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    pub id: TaskId,
    pub text: String,
    pub formatted_text: Option<String>,
    pub header: Header,
}

/// Tasks, newest change first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub tasks: Vec<Listed>,
    pub has_more: bool,
    /// The view lacks the facts of some task of the organisation.
    pub parked: bool,
}

/// Which tasks of a list. Bounds are themselves outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Also those that are closed. Whoever bounds the closing asks for those that are closed, and for no others.
    pub include_closed: bool,
    pub modified: Bounds,
    pub created: Bounds,
    pub closed: Bounds,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    pub after: Option<Timestamp>,
    pub before: Option<Timestamp>,
}

/// The tasks of `list`, whose asker was found to see it: so they see each task in it (`domain/src/task/access.rs`).
///
/// # Errors
/// When the database does not answer.
pub async fn in_list(
    pool: &PgPool,
    generation: &Generation,
    (organisation, list): (OrganisationId, ListId),
    filter: &Filter,
    limit: u32,
) -> Result<Page, Failure> {
    let limit = limit.min(LIMIT_MAX);
    let closed = match (filter.closed, filter.include_closed) {
        (Bounds { after: None, before: None }, false) => "closed_at IS NULL AND $8::timestamptz IS NULL AND $9::timestamptz IS NULL",
        (Bounds { after: None, before: None }, true) => "$8::timestamptz IS NULL AND $9::timestamptz IS NULL",
        (Bounds { after: _, before: _ }, _) => "closed_at > coalesce($8, '-infinity') AND closed_at < coalesce($9, 'infinity')",
    };
    let sql = format!(
        "SELECT r.task, r.text, r.formatted_text, r.header::text AS header
         FROM (SELECT task, modified_at FROM {{view}}.task_in_list
               WHERE organisation = $1 AND list = $2
                 AND modified_at > coalesce($4, '-infinity') AND modified_at < coalesce($5, 'infinity')
                 AND created_at > coalesce($6, '-infinity') AND created_at < coalesce($7, 'infinity') AND {closed}
               ORDER BY modified_at DESC, task DESC LIMIT $3) e
         JOIN {{view}}.task_row r ON r.task = e.task AND r.organisation = $1
         ORDER BY e.modified_at DESC, e.task DESC"
    );
    let rows: Vec<PageRow> = sqlx::query_as(generation.sql(&sql))
        .bind(organisation.0)
        .bind(list.0)
        .bind(i64::from(limit) + 1)
        .bind(filter.modified.after.map(ToSqlx::to_sqlx))
        .bind(filter.modified.before.map(ToSqlx::to_sqlx))
        .bind(filter.created.after.map(ToSqlx::to_sqlx))
        .bind(filter.created.before.map(ToSqlx::to_sqlx))
        .bind(filter.closed.after.map(ToSqlx::to_sqlx))
        .bind(filter.closed.before.map(ToSqlx::to_sqlx))
        .fetch_all(pool)
        .await?;
    page(rows, limit, generation, organisation, pool).await
}

/// The open tasks in which an acknowledgement is asked of any of `asked`, as far as the asker may see them.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting_for(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    asked: &[PersonId],
    access: &Access,
    limit: u32,
) -> Result<Page, Failure> {
    let limit = limit.min(LIMIT_MAX);
    let sql = format!(
        "SELECT r.task, r.text, r.formatted_text, r.header::text AS header FROM {{view}}.task_row r
         WHERE r.organisation = $1
           AND r.task IN (SELECT g.task FROM {{view}}.task_grant g
                          WHERE g.organisation = $1 AND g.principal = ANY ($5) AND g.asked AND (g.responsible OR g.asked))
           AND {MAY_SEE}
         ORDER BY r.modified_at DESC, r.task DESC LIMIT $6"
    );
    let rows: Vec<PageRow> = sqlx::query_as(generation.sql(&sql))
        .bind(organisation.0)
        .bind(access.all)
        .bind(&access.principals)
        .bind(&access.lists)
        .bind(asked.iter().map(|person| person.0).collect::<Vec<_>>())
        .bind(i64::from(limit) + 1)
        .fetch_all(pool)
        .await?;
    page(rows, limit, generation, organisation, pool).await
}

/// These tasks in their order, as far as the asker may see them.
///
/// # Errors
/// When the database does not answer.
pub async fn these(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    tasks: &[TaskId],
    access: &Access,
) -> Result<Page, Failure> {
    let sql = format!(
        "SELECT r.task, r.text, r.formatted_text, r.header::text AS header
         FROM unnest($5::bigint[]) WITH ORDINALITY AS s (task, place)
         JOIN {{view}}.task_row r ON r.task = s.task AND r.organisation = $1
         WHERE {MAY_SEE} ORDER BY s.place"
    );
    let rows: Vec<PageRow> = sqlx::query_as(generation.sql(&sql))
        .bind(organisation.0)
        .bind(access.all)
        .bind(&access.principals)
        .bind(&access.lists)
        .bind(tasks.iter().map(|task| task.0).collect::<Vec<_>>())
        .fetch_all(pool)
        .await?;
    page(rows, LIMIT_MAX, generation, organisation, pool).await
}

async fn page(
    rows: Vec<PageRow>,
    limit: u32,
    generation: &Generation,
    organisation: OrganisationId,
    pool: &PgPool,
) -> Result<Page, Failure> {
    let parked = crate::parked::holds_parked(generation, organisation, pool).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    let tasks = rows.into_iter().take(limit).map(PageRow::listed).collect::<Result<_, _>>()?;
    Ok(Page { tasks, has_more, parked })
}

#[derive(FromRow)]
struct PageRow {
    task: i64,
    text: String,
    formatted_text: Option<String>,
    header: String,
}

impl PageRow {
    fn listed(self) -> Result<Listed, Failure> {
        let header = serde_json::from_str(&self.header).map_err(|error| Failure::Unreadable(Tasks::NAME, error))?;
        Ok(Listed { id: TaskId(self.task), text: self.text, formatted_text: self.formatted_text, header })
    }
}
