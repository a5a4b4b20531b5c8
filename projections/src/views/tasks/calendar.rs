//! Which open tasks are due, or come back, in a time? Their ids alone: what is shown of each is asked of the task itself.

use domain::{OrganisationId, PersonId, TaskId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use super::access::{Access, MAY_SEE};
use crate::failure::Failure;
use crate::generation::Generation;

/// What is asked of the calendar. Both ends of the time belong to it.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub from: Timestamp,
    pub to: Timestamp,
    /// Whose days those of tasks are that are due on a day.
    pub zone: TimeZone,
    /// Tasks that are due at a moment, or on a day, or that come back.
    pub due_at: bool,
    pub due_date: bool,
    pub scheduled: bool,
    /// Whose current step is to be complete then.
    pub step_due: bool,
    /// Only those in which this person is responsible or asked to acknowledge.
    pub only: Option<PersonId>,
    pub limit: u32,
}

/// Tasks in the order in which they are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarPage {
    pub tasks: Vec<TaskId>,
    pub has_more: bool,
    pub parked: bool,
}

/// The tasks of a time that the asker may see.
///
/// # Errors
/// When the database does not answer.
pub async fn calendar(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    asked: &Calendar,
    access: &Access,
) -> Result<CalendarPage, Failure> {
    let mine = match asked.only {
        Some(_) => {
            "r.task IN (SELECT g.task FROM {view}.task_grant g
                               WHERE g.organisation = $1 AND g.principal = $10 AND (g.responsible OR g.asked))"
        }
        None => "$10::bigint IS NULL",
    };
    // Each kind gives its first ones; the first of them all are among these.
    let sql = format!(
        "SELECT task, min(at) AS at FROM (
            (SELECT r.task, r.due_at AS at FROM {{view}}.task_row r
             WHERE $11 AND r.organisation = $1 AND r.due_at >= $5 AND r.due_at <= $6 AND {mine} AND {MAY_SEE}
             ORDER BY r.due_at, r.task LIMIT $9)
            UNION ALL
            (SELECT r.task, r.due_date::timestamp AT TIME ZONE 'UTC' FROM {{view}}.task_row r
             WHERE $12 AND r.organisation = $1 AND r.due_date >= $7::text::date AND r.due_date <= $8::text::date AND {mine} AND {MAY_SEE}
             ORDER BY r.due_date, r.task LIMIT $9)
            UNION ALL
            (SELECT r.task, r.scheduled_until FROM {{view}}.task_row r
             WHERE $13 AND r.organisation = $1 AND r.scheduled_until >= $5 AND r.scheduled_until <= $6 AND {mine} AND {MAY_SEE}
             ORDER BY r.scheduled_until, r.task LIMIT $9)
            UNION ALL
            (SELECT r.task, r.step_due_at FROM {{view}}.task_row r
             WHERE $14 AND r.organisation = $1 AND r.step_due_at >= $5 AND r.step_due_at <= $6 AND {mine} AND {MAY_SEE}
             ORDER BY r.step_due_at, r.task LIMIT $9)
         ) every GROUP BY task ORDER BY at, task LIMIT $9"
    );
    let day = |at: Timestamp| at.to_zoned(asked.zone.clone()).date().to_string();
    let rows: Vec<(i64, jiff_sqlx::Timestamp)> = sqlx::query_as(generation.sql(&sql))
        .bind(organisation.0)
        .bind(access.all)
        .bind(&access.principals)
        .bind(&access.lists)
        .bind(asked.from.to_sqlx())
        .bind(asked.to.to_sqlx())
        .bind(day(asked.from))
        .bind(day(asked.to))
        .bind(i64::from(asked.limit) + 1)
        .bind(asked.only.map(|person| person.0))
        .bind(asked.due_at)
        .bind(asked.due_date)
        .bind(asked.scheduled)
        .bind(asked.step_due)
        .fetch_all(pool)
        .await?;
    let parked = crate::parked::holds_parked(generation, organisation, pool).await?;
    let limit = usize::try_from(asked.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    let tasks = rows.into_iter().take(limit).map(|(task, _)| TaskId(task)).collect();
    Ok(CalendarPage { tasks, has_more, parked })
}
