//! Tasks to which something just happened: what lists show of them, and whom they may be shown, of as many as are asked for in one
//! query. Who is to hear of it is not known here.

use std::collections::HashMap;

use domain::{FormId, OrganisationId, TaskId};
use sqlx::{FromRow, PgPool};

use super::access::Grants;
use super::page::Listed;
use super::rule::{Header, Task};
use super::{Follower, Tasks};
use crate::failure::Failure;
use crate::generation::Generation;

/// A task as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    pub organisation: OrganisationId,
    pub listed: Listed,
    /// The form that it is of, and the step that is current or was last.
    pub form: Option<FormId>,
    pub step: Option<u8>,
    /// Whom it may be shown; of a deleted one whom it was shown before.
    pub grants: Grants,
    pub deleted: bool,
}

/// What is known of these tasks; without those that the view has not met, or has parked.
///
/// # Errors
/// When the database does not answer.
pub async fn touched(
    pool: &PgPool,
    generation: &Generation,
    tasks: &[(OrganisationId, TaskId)],
) -> Result<HashMap<TaskId, Touched>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(generation.sql(
        "SELECT r.task, r.organisation, r.text, r.formatted_text, r.header::text AS header, r.form, r.step, g.principals,
                ARRAY(SELECT l.list FROM {view}.task_in_list l WHERE l.task = r.task AND l.organisation = r.organisation) AS lists,
                CASE WHEN g.principals = '{}' THEN r.state::text END AS state
         FROM unnest($1::bigint[], $2::bigint[]) AS s (task, organisation)
         JOIN {view}.task_row r ON r.task = s.task AND r.organisation = s.organisation
         CROSS JOIN LATERAL (SELECT ARRAY(SELECT g.principal FROM {view}.task_grant g
                                          WHERE g.task = r.task AND g.organisation = r.organisation) AS principals) g",
    ))
    .bind(tasks.iter().map(|(_, task)| task.0).collect::<Vec<_>>())
    .bind(tasks.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(|row| Ok((TaskId(row.task), row.read()?))).collect()
}

#[derive(FromRow)]
struct Row {
    task: i64,
    organisation: i64,
    text: String,
    formatted_text: Option<String>,
    header: String,
    form: Option<i64>,
    step: Option<i16>,
    principals: Vec<i64>,
    lists: Vec<i64>,
    /// Of one that is shown to nobody.
    state: Option<String>,
}

impl Row {
    fn read(self) -> Result<Touched, Failure> {
        let unreadable = |error| Failure::Unreadable(Tasks::NAME, error);
        let header: Header = serde_json::from_str(&self.header).map_err(unreadable)?;
        let mut grants = Grants { principals: self.principals, lists: self.lists };
        let mut deleted = false;
        if let Some(state) = self.state {
            let mut task: Task = serde_json::from_str(&state).map_err(unreadable)?;
            deleted = std::mem::take(&mut task.deleted);
            task.header = header.clone();
            grants.principals = task.grants().into_keys().map(|person| person.0).collect();
            grants.lists = task.places().into_keys().map(|list| list.0).collect();
        }
        Ok(Touched {
            organisation: OrganisationId(self.organisation),
            listed: Listed { id: TaskId(self.task), text: self.text, formatted_text: self.formatted_text, header },
            form: self.form.map(FormId),
            step: self.step.and_then(|step| u8::try_from(step).ok()),
            grants,
            deleted,
        })
    }
}
