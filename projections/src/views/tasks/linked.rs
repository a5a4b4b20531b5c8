//! What is known of tasks that others link to, of as many as are asked for in one query, and only of those that the asker may
//! see.

use std::collections::BTreeMap;

use domain::task::form::Linked;
use domain::{OrganisationId, TaskId};
use sqlx::{FromRow, PgPool};

use super::access::{Access, MAY_SEE};
use super::rule::{Header, Task};
use super::{Follower, Tasks};
use crate::failure::Failure;
use crate::generation::Generation;

/// Tasks that are asked for at once; others are left out.
pub const LIMIT_MAX: usize = 20_000;
/// Characters of what a task is called.
const CHARACTERS_MAX: i32 = 200;

/// What tasks are called: their subject, else how their text begins.
///
/// # Errors
/// When the database does not answer.
pub async fn subjects(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    access: &Access,
    tasks: &[TaskId],
) -> Result<BTreeMap<TaskId, String>, Failure> {
    let sql = format!(
        "SELECT r.task, left(coalesce(r.header ->> 'subject', r.text), $6) FROM {{view}}.task_row r
         WHERE r.organisation = $1 AND r.task = ANY ($5) AND {MAY_SEE}"
    );
    let rows: Vec<(i64, String)> = sqlx::query_as(generation.sql(&sql))
        .bind(organisation.0)
        .bind(access.all)
        .bind(&access.principals)
        .bind(&access.lists)
        .bind(ids(tasks))
        .bind(CHARACTERS_MAX)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(|(task, subject)| (TaskId(task), subject)).collect())
}

/// What is filled in in those of the tasks that are of a form.
///
/// # Errors
/// When the database does not answer.
pub async fn fillings(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    access: &Access,
    tasks: &[TaskId],
) -> Result<Vec<Linked>, Failure> {
    let sql = format!(
        "SELECT r.task, r.header::text AS header, r.state::text AS state FROM {{view}}.task_row r
         WHERE r.organisation = $1 AND r.task = ANY ($5) AND r.form IS NOT NULL AND {MAY_SEE}"
    );
    let rows: Vec<Row> = sqlx::query_as(generation.sql(&sql))
        .bind(organisation.0)
        .bind(access.all)
        .bind(&access.principals)
        .bind(&access.lists)
        .bind(ids(tasks))
        .fetch_all(pool)
        .await?;
    let read: Result<Vec<Option<Linked>>, Failure> = rows.into_iter().map(Row::read).collect();
    Ok(read?.into_iter().flatten().collect())
}

fn ids(tasks: &[TaskId]) -> Vec<i64> {
    tasks.iter().take(LIMIT_MAX).map(|task| task.0).collect()
}

#[derive(FromRow)]
struct Row {
    task: i64,
    header: String,
    state: String,
}

impl Row {
    fn read(self) -> Result<Option<Linked>, Failure> {
        let unreadable = |error| Failure::Unreadable(Tasks::NAME, error);
        let header: Header = serde_json::from_str(&self.header).map_err(unreadable)?;
        let task: Task = serde_json::from_str(&self.state).map_err(unreadable)?;
        let (author, closed) = (header.author, header.closed_at.is_some());
        Ok(task.filling.map(|filling| Linked { task: TaskId(self.task), author, closed, filling: *filling }))
    }
}
