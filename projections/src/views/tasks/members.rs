//! Which tasks meet a simple question, all of them or among some: for whoever subscribed to it. Registers answer for themselves
//! ([`super::register`]).

use domain::{ListId, OrganisationId, PersonId, TaskId};
use sqlx::PgPool;

use super::access::{Access, MAY_SEE};
use crate::failure::Failure;
use crate::generation::Generation;

/// Of which tasks it is asked, and how many of those that meet it are told.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// None but these.
    pub among: Option<&'a [TaskId]>,
    /// Only older ones.
    pub after: Option<TaskId>,
    pub limit: usize,
}

impl<'a> Span<'a> {
    /// So many of all.
    pub const fn of(limit: usize) -> Self {
        Self { among: None, after: None, limit }
    }

    /// All of these.
    pub const fn among(tasks: &'a [TaskId]) -> Self {
        Self { among: Some(tasks), after: None, limit: tasks.len() }
    }

    pub(crate) fn limit(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX)
    }

    pub(crate) fn ids(&self) -> Option<Vec<i64>> {
        self.among.map(|tasks| tasks.iter().map(|task| task.0).collect())
    }
}

/// Open tasks of a list, or all of it; the newest come first.
///
/// # Errors
/// When the database does not answer.
pub async fn in_list(
    pool: &PgPool,
    generation: &Generation,
    (organisation, list): (OrganisationId, ListId),
    include_closed: bool,
    span: Span<'_>,
) -> Result<Vec<TaskId>, Failure> {
    let tasks: Vec<i64> = sqlx::query_scalar(generation.sql(
        "SELECT l.task FROM {view}.task_in_list l
         WHERE l.organisation = $1 AND l.list = $2 AND ($3 OR l.closed_at IS NULL) AND ($4::bigint[] IS NULL OR l.task = ANY ($4))
           AND ($6::bigint IS NULL OR l.task < $6)
         ORDER BY l.task DESC LIMIT $5",
    ))
    .bind(organisation.0)
    .bind(list.0)
    .bind(include_closed)
    .bind(span.ids())
    .bind(span.limit())
    .bind(span.after.map(|task| task.0))
    .fetch_all(pool)
    .await?;
    Ok(tasks.into_iter().map(TaskId).collect())
}

/// Open tasks that a person is responsible for, or asked to approve or acknowledge, as far as `access` shows them.
///
/// # Errors
/// When the database does not answer.
pub async fn of_person(
    pool: &PgPool,
    generation: &Generation,
    (organisation, person): (OrganisationId, PersonId),
    asked: bool,
    access: &Access,
    span: Span<'_>,
) -> Result<Vec<TaskId>, Failure> {
    let standing = if asked { "r.asked" } else { "r.responsible" };
    let sql = format!(
        "SELECT r.task FROM {{view}}.task_grant r
         WHERE r.organisation = $1 AND r.principal = $5 AND (r.responsible OR r.asked) AND {standing}
           AND ($6::bigint[] IS NULL OR r.task = ANY ($6)) AND ($8::bigint IS NULL OR r.task < $8) AND {MAY_SEE}
         ORDER BY r.task DESC LIMIT $7"
    );
    let tasks: Vec<i64> = sqlx::query_scalar(generation.sql(&sql))
        .bind(organisation.0)
        .bind(access.sees_all())
        .bind(access.principals())
        .bind(access.lists())
        .bind(person.0)
        .bind(span.ids())
        .bind(span.limit())
        .bind(span.after.map(|task| task.0))
        .fetch_all(pool)
        .await?;
    Ok(tasks.into_iter().map(TaskId).collect())
}
