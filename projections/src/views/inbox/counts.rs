//! How many tasks are in the inboxes of several people: as many as a page of each would show (`page.rs`), of all of them in one
//! query. The count and the position that it was taken at are of one moment.

use domain::{OrganisationId, PersonId, Position, TaskId};
use jiff::{Timestamp, ToSpan};
use jiff_sqlx::ToSqlx;
use sqlx::{FromRow, PgPool};

use super::page::LIMIT_MAX;
use super::rule::Reasons;
use crate::failure::Failure;
use crate::feed::PART;
use crate::generation::Generation;
use crate::views::tasks::members::Span;

/// Whose inbox is counted: as [`super::page`] asks for it, the person first and then those as whom they act as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    pub organisation: OrganisationId,
    pub principals: Vec<PersonId>,
}

/// What there is in an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub person: PersonId,
    /// At most [`LIMIT_MAX`].
    pub tasks: u32,
    /// There are more.
    pub has_more: bool,
}

/// Counts the inboxes of `all`, and tells at which position of the log. Who is not in the answer has nothing in theirs.
///
/// # Errors
/// When the database does not answer.
pub async fn counts(pool: &PgPool, generation: &Generation, all: &[Whose], now: Timestamp) -> Result<(Vec<Count>, Position), Failure> {
    let front = now.saturating_add(1.hour()).unwrap_or(now);
    let (mut people, mut organisations, mut principals) = (Vec::new(), Vec::new(), Vec::new());
    for whose in all {
        let Some(person) = whose.principals.first() else { continue };
        for principal in &whose.principals {
            people.push(person.0);
            organisations.push(whose.organisation.0);
            principals.push(principal.0);
        }
    }
    let rows: Vec<Row> = sqlx::query_as(generation.sql(
        "SELECT c.position, f.person, f.tasks
         FROM (SELECT position FROM follower_checkpoint WHERE view = $6 AND generation = $7 AND part = $8) c
         LEFT JOIN (SELECT p.who AS person, count(DISTINCT e.task) AS tasks
                    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS p (who, organisation, principal)
                    CROSS JOIN LATERAL (
                        SELECT e.task FROM {view}.inbox_entry e
                        WHERE e.organisation = p.organisation AND e.person = p.principal AND e.shown_at <= $4
                          AND (e.scheduled_until IS NULL OR e.scheduled_until <= $5)
                          AND NOT EXISTS (
                              SELECT FROM {view}.inbox_snooze z
                              WHERE z.person = p.who AND z.task = e.task AND z.organisation = p.organisation AND z.until > $5)
                          AND (p.principal = p.who OR e.reasons <> $10 AND NOT EXISTS (
                              SELECT FROM {view}.inbox_mark m
                              WHERE m.task = e.task AND m.person = p.who AND m.organisation = p.organisation
                                AND m.held >= e.held AND m.called >= e.called AND m.returned >= e.returned))
                        ORDER BY e.shown_at DESC, e.task DESC LIMIT $9) e
                    GROUP BY p.who) f ON true",
    ))
    .bind(people)
    .bind(organisations)
    .bind(principals)
    .bind(front.to_sqlx())
    .bind(now.to_sqlx())
    .bind(generation.view)
    .bind(generation.number)
    .bind(PART)
    .bind(i64::from(LIMIT_MAX) + 1)
    .bind(i16::from(Reasons::REMINDED.0))
    .fetch_all(pool)
    .await?;
    let position = rows.first().map_or(0, |row| row.position);
    Ok((rows.into_iter().filter_map(Row::read).collect(), position))
}

/// Which tasks are in one inbox, of those in `span`, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn among(
    pool: &PgPool,
    generation: &Generation,
    (organisation, principals): (OrganisationId, &[PersonId]),
    span: Span<'_>,
    now: Timestamp,
) -> Result<Vec<TaskId>, Failure> {
    let tasks: Vec<i64> = sqlx::query_scalar(generation.sql(
        "SELECT DISTINCT e.task FROM unnest($2::bigint[]) AS p (principal)
         JOIN {view}.inbox_entry e ON e.organisation = $1 AND e.person = p.principal
         WHERE (e.scheduled_until IS NULL OR e.scheduled_until <= $3) AND ($4::bigint[] IS NULL OR e.task = ANY ($4))
           AND ($7::bigint IS NULL OR e.task < $7)
           AND NOT EXISTS (
               SELECT FROM {view}.inbox_snooze z WHERE z.person = $5 AND z.task = e.task AND z.organisation = $1 AND z.until > $3)
           AND (p.principal = $5 OR e.reasons <> $8 AND NOT EXISTS (
               SELECT FROM {view}.inbox_mark m WHERE m.task = e.task AND m.person = $5 AND m.organisation = $1
                 AND m.held >= e.held AND m.called >= e.called AND m.returned >= e.returned))
         ORDER BY e.task DESC LIMIT $6",
    ))
    .bind(organisation.0)
    .bind(principals.iter().map(|principal| principal.0).collect::<Vec<_>>())
    .bind(now.to_sqlx())
    .bind(span.ids())
    .bind(principals.first().map_or(0, |person| person.0))
    .bind(span.limit())
    .bind(span.after.map(|task| task.0))
    .bind(i16::from(Reasons::REMINDED.0))
    .fetch_all(pool)
    .await?;
    Ok(tasks.into_iter().map(TaskId).collect())
}

#[derive(FromRow)]
struct Row {
    position: i64,
    person: Option<i64>,
    tasks: Option<i64>,
}

impl Row {
    fn read(self) -> Option<Count> {
        let tasks = u32::try_from(self.tasks?).unwrap_or(u32::MAX);
        Some(Count { person: PersonId(self.person?), tasks: tasks.min(LIMIT_MAX), has_more: tasks > LIMIT_MAX })
    }
}
