//! The tasks around one: what it is a part of, its subtasks, and those whose fields link to it. Only those that the asker may see.

use domain::{FormId, OrganisationId, TaskId};
use sqlx::{FromRow, PgPool};

use super::access::{Access, MAY_SEE};
use super::page::Listed;
use super::rule::Header;
use super::{Follower, Tasks};
use crate::failure::Failure;
use crate::generation::Generation;

/// The most tasks in an answer.
pub const LIMIT_MAX: u32 = 1_000;

/// A task near another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    pub listed: Listed,
    /// The form that it is of, and the step that is current or was last.
    pub form: Option<FormId>,
    pub step: Option<u8>,
}

/// The tasks around one, each kind in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Related {
    pub parent: Option<Near>,
    pub subtasks: Vec<Near>,
    pub linked_from: Vec<Near>,
    /// There are more than [`LIMIT_MAX`].
    pub has_more: bool,
}

/// The tasks around `task`, which the asker was found to see.
///
/// # Errors
/// When the database does not answer.
pub async fn related(
    pool: &PgPool,
    generation: &Generation,
    (organisation, task): (OrganisationId, TaskId),
    access: &Access,
) -> Result<Related, Failure> {
    let sql = format!(
        "SELECT n.how, r.task, r.text, r.formatted_text, r.header::text AS header, r.form, r.step
         FROM (SELECT other AS task, 0 AS how FROM {{view}}.task_relation WHERE organisation = $1 AND task = $5 AND is_part
               UNION ALL
               SELECT task, CASE WHEN is_part THEN 1 ELSE 2 END FROM {{view}}.task_relation
               WHERE organisation = $1 AND other = $5 AND task <> $5) n
         JOIN {{view}}.task_row r ON r.task = n.task AND r.organisation = $1
         WHERE {MAY_SEE} ORDER BY n.how, n.task LIMIT $6"
    );
    let rows: Vec<Row> = sqlx::query_as(generation.sql(&sql))
        .bind(organisation.0)
        .bind(access.all)
        .bind(&access.principals)
        .bind(&access.lists)
        .bind(task.0)
        .bind(i64::from(LIMIT_MAX) + 1)
        .fetch_all(pool)
        .await?;
    let limit = usize::try_from(LIMIT_MAX).unwrap_or(usize::MAX);
    let mut related = Related { has_more: rows.len() > limit, ..Related::default() };
    for row in rows.into_iter().take(limit) {
        match row.how {
            0 => related.parent = Some(row.near()?),
            1 => related.subtasks.push(row.near()?),
            _ => related.linked_from.push(row.near()?),
        }
    }
    Ok(related)
}

#[derive(FromRow)]
struct Row {
    how: i32,
    task: i64,
    text: String,
    formatted_text: Option<String>,
    header: String,
    form: Option<i64>,
    step: Option<i16>,
}

impl Row {
    fn near(self) -> Result<Near, Failure> {
        let header: Header = serde_json::from_str(&self.header).map_err(|error| Failure::Unreadable(Tasks::NAME, error))?;
        Ok(Near {
            listed: Listed { id: TaskId(self.task), text: self.text, formatted_text: self.formatted_text, header },
            form: self.form.map(FormId),
            step: self.step.and_then(|step| u8::try_from(step).ok()),
        })
    }
}
