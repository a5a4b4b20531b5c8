//! A person's notifications, page by page. Whether they may still see the tasks is not known here: whoever shows them asks that.

use std::collections::BTreeSet;

use domain::inbox::Reasons;
use domain::{OrganisationId, PersonId, Position, TaskId};
use jiff::Timestamp;
use sqlx::{FromRow, PgPool};

use super::{Follower, Notifications};
use crate::failure::Failure;
use crate::generation::Generation;
use crate::notify::address::Why;

/// The most notifications in a page.
pub const LIMIT_MAX: u32 = 200;
/// Unread ones are counted up to here.
pub const UNREAD_COUNTED_MAX: i64 = 1_000;

/// What somebody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its number: of the first fact of the request that caused it, or of what was found by a filter.
    pub position: Position,
    /// What it links to: the comment's id.
    pub cause: Position,
    pub about: About,
    pub by: PersonId,
    pub at: Timestamp,
    pub reasons: Reasons,
    pub why: Vec<Why>,
    pub unread: bool,
    /// How what was said with it begins.
    pub text: Option<String>,
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Task(TaskId),
    Announcement(i64),
}

impl About {
    pub const fn task(self) -> Option<TaskId> {
        match self {
            Self::Task(task) => Some(task),
            Self::Announcement(_) => None,
        }
    }

    pub const fn announcement(self) -> Option<i64> {
        match self {
            Self::Task(_) => None,
            Self::Announcement(id) => Some(id),
        }
    }

    pub(super) fn read(task: i64, announcement: Option<i64>) -> Self {
        announcement.map_or(Self::Task(TaskId(task)), Self::Announcement)
    }
}

/// Which come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    NewestFirst,
    /// The unread ones, newest first, and the read ones after them.
    UnreadFirst,
    /// The unread ones alone.
    UnreadAlone,
}

/// Behind which notification a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// In [`Order::UnreadFirst`], that the unread ones are over.
    pub read: bool,
    pub before: Position,
}

impl Cursor {
    pub const START: Self = Self { read: false, before: Position::MAX };
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub told: Vec<Told>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// Up to [`UNREAD_COUNTED_MAX`].
    pub unread: i64,
    /// The view lacks some facts of the organisation.
    pub parked: bool,
}

/// One page of at most `limit` (and [`LIMIT_MAX`]). Its cost does not depend on how many there are, but for up to
/// [`UNREAD_COUNTED_MAX`] that are counted.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    person: PersonId,
    order: Order,
    from: Cursor,
    limit: u32,
) -> Result<Page, Failure> {
    let limit = usize::try_from(limit.min(LIMIT_MAX)).unwrap_or(usize::MAX);
    // Each branch is walked in its index and cut; a branch that is not wanted is asked for nothing before position 0.
    let (all, unread, read) = match (order, from.read) {
        (Order::NewestFirst, _) => (from.before, 0, 0),
        (Order::UnreadAlone, _) => (0, from.before, 0),
        (Order::UnreadFirst, false) => (0, from.before, Position::MAX),
        (Order::UnreadFirst, true) => (0, 0, from.before),
    };
    let rows: Vec<PageRow> = sqlx::query_as(generation.sql(
        "SELECT n.position, n.task, n.announcement, n.cause, n.by_person, n.at, n.reasons, n.why::text AS why, n.unread, t.text
         FROM ((SELECT *, 0 AS part FROM {view}.notification
                WHERE organisation = $1 AND person = $2 AND web AND position < $3 ORDER BY position DESC LIMIT $6)
               UNION ALL
               (SELECT *, 0 AS part FROM {view}.notification
                WHERE organisation = $1 AND person = $2 AND web AND unread AND position < $4 ORDER BY position DESC LIMIT $6)
               UNION ALL
               (SELECT *, 1 AS part FROM {view}.notification
                WHERE organisation = $1 AND person = $2 AND web AND NOT unread AND position < $5 ORDER BY position DESC LIMIT $6)) n
         LEFT JOIN {view}.notification_text t ON t.position = n.cause AND t.organisation = n.organisation
         ORDER BY n.part, n.position DESC LIMIT $6",
    ))
    .bind(organisation.0)
    .bind(person.0)
    .bind(all)
    .bind(unread)
    .bind(read)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
    .fetch_all(pool)
    .await?;
    let more = rows.len() > limit;
    let told = rows.into_iter().take(limit).map(PageRow::told).collect::<Result<Vec<_>, _>>()?;
    let cursor = |last: &Told| Cursor { read: order == Order::UnreadFirst && !last.unread, before: last.position };
    let next = told.last().filter(|_| more).map(cursor);
    let parked = crate::parked::holds_parked(generation, organisation, pool).await?;
    Ok(Page { told, next, unread: self::unread(pool, generation, organisation, person).await?, parked })
}

/// How many are unread, up to [`UNREAD_COUNTED_MAX`].
///
/// # Errors
/// When the database does not answer.
pub async fn unread(pool: &PgPool, generation: &Generation, organisation: OrganisationId, person: PersonId) -> Result<i64, Failure> {
    let count = sqlx::query_scalar(generation.sql(
        "SELECT count(*) FROM (SELECT FROM {view}.notification WHERE organisation = $1 AND person = $2 AND unread AND web LIMIT $3) n",
    ));
    Ok(count.bind(organisation.0).bind(person.0).bind(UNREAD_COUNTED_MAX).fetch_one(pool).await?)
}

/// The task that somebody was told of at this position; 0 for an announcement.
///
/// # Errors
/// When the database does not answer.
pub async fn task_of(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    person: PersonId,
    position: Position,
) -> Result<Option<TaskId>, Failure> {
    let task: Option<i64> = sqlx::query_scalar(
        generation.sql("SELECT task FROM {view}.notification WHERE organisation = $1 AND person = $2 AND position = $3 AND web"),
    )
    .bind(organisation.0)
    .bind(person.0)
    .bind(position)
    .fetch_optional(pool)
    .await?;
    Ok(task.map(TaskId))
}

/// Those of these tasks of which somebody has something unread.
///
/// # Errors
/// When the database does not answer.
pub async fn unread_tasks(
    pool: &PgPool,
    generation: &Generation,
    organisation: OrganisationId,
    person: PersonId,
    tasks: &[TaskId],
) -> Result<BTreeSet<TaskId>, Failure> {
    let unread: Vec<i64> = sqlx::query_scalar(generation.sql(
        "SELECT DISTINCT task FROM {view}.notification WHERE task = ANY($3) AND person = $2 AND organisation = $1 AND unread AND web",
    ))
    .bind(organisation.0)
    .bind(person.0)
    .bind(tasks.iter().map(|task| task.0).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    Ok(unread.into_iter().map(TaskId).collect())
}

#[derive(FromRow)]
struct PageRow {
    position: i64,
    task: i64,
    announcement: Option<i64>,
    cause: i64,
    by_person: i64,
    at: jiff_sqlx::Timestamp,
    reasons: i32,
    why: String,
    unread: bool,
    text: Option<String>,
}

impl PageRow {
    fn told(self) -> Result<Told, Failure> {
        Ok(Told {
            position: self.position,
            cause: self.cause,
            about: About::read(self.task, self.announcement),
            by: PersonId(self.by_person),
            at: self.at.to_jiff(),
            reasons: Reasons(u16::try_from(self.reasons).unwrap_or_default()),
            why: serde_json::from_str(&self.why).map_err(|error| Failure::Unreadable(Notifications::NAME, error))?,
            unread: self.unread,
            text: self.text,
        })
    }
}
