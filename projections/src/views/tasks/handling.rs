//! How long who took at which step: a row each decision, from when whoever decided was asked. What is recorded leads to it alone,
//! so that a row never changes.

use domain::{FormId, OrganisationId, PersonId, TaskId, workflow::Choice};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{FromRow, PgConnection, PgPool};

use super::access::{Access, MAY_SEE};
use crate::failure::{Failure, Refused};
use crate::generation::Generation;

/// The most rows of an answer.
pub const LIMIT_MAX: u32 = 100_000;

/// Somebody decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Among those of the task.
    pub number: u32,
    pub step: u8,
    pub person: PersonId,
    /// Who was asked: a role, or somebody who is away, where it is not the person.
    pub approver: PersonId,
    pub choice: Choice,
    pub asked_at: Timestamp,
    pub decided_at: Timestamp,
}

/// A decision, and of which task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    pub task: TaskId,
    pub text: String,
    pub step: u8,
    pub person: PersonId,
    pub approver: PersonId,
    pub choice: String,
    pub asked_at: Timestamp,
    pub decided_at: Timestamp,
}

/// Which decisions: those made from the first moment on and before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    pub from: Timestamp,
    pub before: Timestamp,
}

/// Writes decisions, each of a task of an organisation and of a form.
pub(super) async fn store(rows: &[(TaskId, OrganisationId, FormId, Decision)], tx: &mut PgConnection) -> Result<(), Refused> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO task_handled (task, organisation, form, number, step, person, approver, choice, asked_at, decided_at)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[], $6::bigint[], $7::bigint[],
                              $8::text[], $9::timestamptz[], $10::timestamptz[])
         ON CONFLICT (task, number, organisation) DO NOTHING",
    )
    .bind(rows.iter().map(|(task, ..)| task.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, organisation, ..)| organisation.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, form, _)| form.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(.., decision)| i64::from(decision.number)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(.., decision)| i16::from(decision.step)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(.., decision)| decision.person.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(.., decision)| decision.approver.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(.., decision)| decision.choice.word()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(.., decision)| decision.asked_at.to_sqlx()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(.., decision)| decision.decided_at.to_sqlx()).collect::<Vec<_>>())
    .execute(tx)
    .await?;
    Ok(())
}

/// The decisions of a time in the tasks of a form that the asker may see, in their order; at most `limit`, and whether there are
/// more.
///
/// # Errors
/// When the database does not answer.
pub async fn handled(
    pool: &PgPool,
    generation: &Generation,
    (organisation, form): (OrganisationId, FormId),
    access: &Access,
    time: Time,
    limit: u32,
) -> Result<(Vec<Handled>, bool), Failure> {
    let limit = limit.min(LIMIT_MAX);
    let sql = format!(
        "SELECT h.task, r.text, h.step, h.person, h.approver, h.choice, h.asked_at, h.decided_at
         FROM {{view}}.task_handled h JOIN {{view}}.task_row r ON r.task = h.task AND r.organisation = h.organisation AND r.form = h.form
         WHERE h.organisation = $1 AND h.form = $5 AND h.decided_at >= $6 AND h.decided_at < $7 AND {MAY_SEE}
         ORDER BY h.decided_at, h.task, h.number LIMIT $8"
    );
    let rows: Vec<Row> = sqlx::query_as(generation.sql(&sql))
        .bind(organisation.0)
        .bind(access.all)
        .bind(&access.principals)
        .bind(&access.lists)
        .bind(form.0)
        .bind(time.from.to_sqlx())
        .bind(time.before.to_sqlx())
        .bind(i64::from(limit) + 1)
        .fetch_all(pool)
        .await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    Ok((rows.into_iter().take(limit).map(Row::read).collect(), has_more))
}

#[derive(FromRow)]
struct Row {
    task: i64,
    text: String,
    step: i16,
    person: i64,
    approver: i64,
    choice: String,
    asked_at: jiff_sqlx::Timestamp,
    decided_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn read(self) -> Handled {
        Handled {
            task: TaskId(self.task),
            text: self.text,
            step: u8::try_from(self.step).unwrap_or_default(),
            person: PersonId(self.person),
            approver: PersonId(self.approver),
            choice: self.choice,
            asked_at: self.asked_at.to_jiff(),
            decided_at: self.decided_at.to_jiff(),
        }
    }
}
