//! What several people were told of last, and how much of what they were told is unread: of all of them in one query.

use domain::inbox::Reasons;
use domain::{OrganisationId, PersonId, Position};
use sqlx::{FromRow, PgPool};

use super::page::{About, UNREAD_COUNTED_MAX};
use crate::failure::Failure;
use crate::feed::PART;
use crate::generation::Generation;

/// What one person was told of last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    /// Its number: the position of the first fact of the request that caused it.
    pub position: Position,
    pub about: About,
    pub reasons: Reasons,
}

/// How things stand with one person's notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    pub organisation: OrganisationId,
    pub person: PersonId,
    /// At most [`UNREAD_COUNTED_MAX`].
    pub unread: i64,
    pub newest: Option<Newest>,
}

/// How things stand with all of `people`, and at which position of the log.
///
/// # Errors
/// When the database does not answer.
pub async fn stand(
    pool: &PgPool,
    generation: &Generation,
    people: &[(OrganisationId, PersonId)],
) -> Result<(Vec<Stand>, Position), Failure> {
    let rows: Vec<Row> = sqlx::query_as(generation.sql(
        "SELECT c.position AS upto, p.organisation, p.person, u.unread, n.position, n.task, n.announcement, n.reasons
         FROM (SELECT position FROM follower_checkpoint WHERE view = $3 AND generation = $4 AND part = $5) c
         CROSS JOIN unnest($1::bigint[], $2::bigint[]) AS p (organisation, person)
         CROSS JOIN LATERAL (
             SELECT count(*) AS unread FROM (
                 SELECT FROM {view}.notification x
                 WHERE x.organisation = p.organisation AND x.person = p.person AND x.unread AND x.web LIMIT $6) x) u
         LEFT JOIN LATERAL (
             SELECT x.position, x.task, x.announcement, x.reasons FROM {view}.notification x
             WHERE x.organisation = p.organisation AND x.person = p.person AND x.web ORDER BY x.position DESC LIMIT 1) n ON true",
    ))
    .bind(people.iter().map(|(organisation, _)| organisation.0).collect::<Vec<_>>())
    .bind(people.iter().map(|(_, person)| person.0).collect::<Vec<_>>())
    .bind(generation.view)
    .bind(generation.number)
    .bind(PART)
    .bind(UNREAD_COUNTED_MAX)
    .fetch_all(pool)
    .await?;
    let upto = rows.first().map_or(0, |row| row.upto);
    Ok((rows.into_iter().map(Row::read).collect(), upto))
}

/// Who of an organisation was told of anything at positions after `after` and up to `upto`.
///
/// # Errors
/// When the database does not answer.
pub async fn told_between(
    pool: &PgPool,
    generation: &Generation,
    organisations: &[OrganisationId],
    (after, upto): (Position, Position),
) -> Result<Vec<(OrganisationId, PersonId)>, Failure> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(generation.sql(
        "SELECT DISTINCT organisation, person FROM {view}.notification
         WHERE position > $1 AND position <= $2 AND organisation = ANY($3) AND web",
    ))
    .bind(after)
    .bind(upto)
    .bind(organisations.iter().map(|organisation| organisation.0).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(organisation, person)| (OrganisationId(organisation), PersonId(person))).collect())
}

#[derive(FromRow)]
struct Row {
    upto: i64,
    organisation: i64,
    person: i64,
    unread: i64,
    position: Option<i64>,
    task: Option<i64>,
    announcement: Option<i64>,
    reasons: Option<i32>,
}

impl Row {
    fn read(self) -> Stand {
        let newest = |(position, task, reasons): (i64, i64, i32)| Newest {
            position,
            about: About::read(task, self.announcement),
            reasons: Reasons(u16::try_from(reasons).unwrap_or_default()),
        };
        Stand {
            organisation: OrganisationId(self.organisation),
            person: PersonId(self.person),
            unread: self.unread,
            newest: self.position.zip(self.task).zip(self.reasons).map(|((position, task), reasons)| newest((position, task, reasons))),
        }
    }
}
