//! The tasks of an organisation as they were at a position, as far as access to them goes. Read from the log itself: no view
//! keeps who saw what when. Not what a task said (see `domain::task::past`).

use std::collections::BTreeMap;

use domain::codec::EventSet;
use domain::task::{self, Task};
use domain::{Aggregate, Header, Kind, OrganisationId, Position, TaskId};
use futures_util::TryStreamExt;
use sqlx::PgPool;

use crate::failure::Failure;
use crate::feed::{PART, recorded};

/// Facts that change nobody's access, and are not read.
const WITHOUT_ACCESS: &[&str] = &[
    "task.renamed",
    "task.commented",
    "task.comment_edited",
    "task.comment_deleted",
    "task.due_set",
    "task.due_cancelled",
    "task.scheduled",
    "task.schedule_cancelled",
    "task.time_spent",
    "task.flagged",
    "task.timer_fired",
    "task.put_away",
    "task.acknowledged",
    "task.closed",
    "task.reopened",
];

/// Tasks in the order in which they were created. What their states say of comments and dates is not to be relied on.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub tasks: BTreeMap<TaskId, Task>,
    /// Where to go on; nothing after the last.
    pub next: Option<Position>,
}

/// The next `limit` tasks that were created after `after` and up to `upto`, as they were then.
///
/// # Errors
/// When the database does not answer, or the log holds what this build cannot read.
pub async fn tasks(pool: &PgPool, organisation: OrganisationId, (after, upto): (Position, Position), limit: u32) -> Result<Page, Failure> {
    let created: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT stream, position FROM event
         WHERE part = $1 AND organisation = $2 AND position > $3 AND position <= $4 AND kind = $5 AND version = 1
         ORDER BY position LIMIT $6",
    )
    .bind(PART)
    .bind(organisation.0)
    .bind(after)
    .bind(upto)
    .bind(Kind::Task.number())
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    let whole = created.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = created.last().filter(|_| whole).map(|(_, position)| *position);
    let mut tasks: BTreeMap<TaskId, Task> = BTreeMap::new();
    let mut events = sqlx::query(
        "SELECT e.position, e.organisation, e.kind, e.stream, e.version, e.type, e.schema, e.at, e.person, e.command, e.index,
                e.payload::text
         FROM unnest($3::bigint[]) AS s (stream)
         CROSS JOIN LATERAL (SELECT * FROM event WHERE part = $1 AND kind = $2 AND stream = s.stream AND position <= $4
                                                   AND type <> ALL($5) ORDER BY version) e",
    )
    .bind(PART)
    .bind(Kind::Task.number())
    .bind(created.iter().map(|(stream, _)| *stream).collect::<Vec<_>>())
    .bind(upto)
    .bind(WITHOUT_ACCESS)
    .fetch(pool);
    while let Some(row) = events.try_next().await? {
        let event = recorded(&row)?;
        let fact = task::Event::decode(&event.event_type, event.schema, &event.payload).map_err(Failure::Undecodable)?;
        tasks.entry(TaskId(event.header.stream.id)).or_default().evolve(&fact, &event.header);
    }
    Ok(Page { tasks, next })
}

/// What happened to tasks on the routes of their forms, each in order: their creation, values, decisions and steps, closing and
/// reopening.
pub type Routes = BTreeMap<TaskId, Vec<(Header, task::Event)>>;

/// The routes of these tasks of `organisation`, in one query. They are held whole: ask for a few hundred.
///
/// # Errors
/// When the database does not answer, or the log holds what this build cannot read.
pub async fn routes(pool: &PgPool, organisation: OrganisationId, tasks: &[TaskId]) -> Result<Routes, Failure> {
    let types: Vec<&str> = task::form::TYPES.into_iter().chain(["task.created", "task.closed", "task.reopened"]).collect();
    let mut events = sqlx::query(
        "SELECT e.position, e.organisation, e.kind, e.stream, e.version, e.type, e.schema, e.at, e.person, e.command, e.index,
                e.payload::text
         FROM unnest($3::bigint[]) AS s (stream)
         CROSS JOIN LATERAL (SELECT * FROM event WHERE part = $1 AND kind = $2 AND stream = s.stream AND organisation = $4
                                                   AND type = ANY($5) ORDER BY version) e",
    )
    .bind(PART)
    .bind(Kind::Task.number())
    .bind(tasks.iter().map(|task| task.0).collect::<Vec<_>>())
    .bind(organisation.0)
    .bind(types)
    .fetch(pool);
    let mut routes = Routes::new();
    while let Some(row) = events.try_next().await? {
        let event = recorded(&row)?;
        let fact = task::Event::decode(&event.event_type, event.schema, &event.payload).map_err(Failure::Undecodable)?;
        routes.entry(TaskId(event.header.stream.id)).or_default().push((event.header, fact));
    }
    Ok(routes)
}

#[cfg(test)]
mod tests {
    use domain::task::Event;
    use domain::testing::{ANNA, BORIS, HOME, task_created};

    use super::*;
    use crate::testing::Log;

    #[tokio::test]
    async fn routes_are_read_in_order_without_what_is_said() {
        let log = Log::create().await;
        let said = Event::Commented(Box::new(task::event::Commented::from(task::event::Text::default())));
        for id in 1..=2 {
            log.append(TaskId(id), ANNA, &[task_created("hello").encode(), said.encode()]).await;
            log.append(TaskId(id), BORIS, &[Event::Closed.encode()]).await;
        }
        let read = async |home, ids: &[i64]| {
            let ids: Vec<TaskId> = ids.iter().copied().map(TaskId).collect();
            let routes = routes(&log.pool, home, &ids).await.expect("read");
            routes
                .into_iter()
                .map(|(id, events)| (id.0, events.iter().map(|(header, _)| header.version).collect()))
                .collect::<Vec<(_, Vec<_>)>>()
        };
        assert_eq!(read(HOME, &[2, 1, 7]).await, [(1, vec![1, 3]), (2, vec![1, 3])]);
        assert_eq!(read(OrganisationId(2), &[1]).await, []);
    }

    #[tokio::test]
    async fn tasks_are_as_they_were_and_come_in_pages() {
        let log = Log::create().await;
        let mut then = 0;
        for id in 1..=3 {
            log.append(TaskId(id), ANNA, &[task_created("hello").encode()]).await;
            then =
                log.append(TaskId(id), ANNA, &[Event::ParticipantsAdded { persons: vec![BORIS] }.encode(), Event::Closed.encode()]).await;
        }
        let now = log.append(TaskId(1), ANNA, &[Event::ParticipantsRemoved { persons: vec![BORIS] }.encode()]).await;
        let boris = async |upto| {
            let (mut seen, mut after) = (Vec::new(), Some(0));
            while let Some(from) = after {
                let page = tasks(&log.pool, HOME, (from, upto), 2).await.expect("read");
                seen.extend(page.tasks.iter().filter(|(_, task)| task.participants.contains(&BORIS)).map(|(id, _)| id.0));
                after = page.next;
            }
            seen
        };
        assert_eq!(boris(then).await, [1, 2, 3]);
        assert_eq!(boris(now).await, [2, 3]);
        assert_eq!(boris(0).await, [0; 0]);
        assert!(tasks(&log.pool, OrganisationId(2), (0, now), 9).await.expect("read").tasks.is_empty());
    }
}
