//! The tasks of a list as they were at an earlier position. Read from the log itself: the view keeps today's alone. Whether the asker
//! may look is told by each task's state of today (see `domain::task::access`).

use std::collections::BTreeMap;

use domain::codec::EventSet;
use domain::task::event::Event;
use domain::task::{self, Task};
use domain::{Aggregate, Kind, ListId, OrganisationId, Position, TaskId};
use futures_util::TryStreamExt;
use sqlx::PgPool;

use super::page::{Bounds, Filter, Listed};
use super::rule;
use crate::failure::Failure;
use crate::feed::{PART, recorded};
use crate::views::inbox::rule::NewText;

/// Tasks that were ever in a list of which one looks at the past.
pub const TASKS_MAX: usize = 5_000;

/// A task of the list as it was, and as it is.
#[derive(Clone, Debug, Default)]
pub struct Then {
    pub listed: Listed,
    pub today: Task,
    /// What its text said has been edited or deleted since.
    pub taken_back: bool,
    rule: rule::Task,
}

/// The tasks that lay in `list` at `upto` and pass the filter, newest change of then first; nothing where more than [`TASKS_MAX`]
/// were ever put into it.
///
/// # Errors
/// When the database does not answer, or the log holds what this build cannot read.
pub async fn in_list(
    pool: &PgPool,
    (organisation, list): (OrganisationId, ListId),
    upto: Position,
    filter: &Filter,
) -> Result<Option<Vec<Then>>, Failure> {
    let most = i64::try_from(TASKS_MAX).unwrap_or(i64::MAX) + 1;
    let ever: Vec<i64> = sqlx::query_scalar(
        "SELECT DISTINCT stream FROM event
         WHERE part = $1 AND organisation = $2 AND kind = $3 AND position <= $4 AND type = 'task.added_to_lists'
           AND (payload::jsonb -> 'lists') @> to_jsonb($5::bigint) LIMIT $6",
    )
    .bind(PART)
    .bind(organisation.0)
    .bind(Kind::Task.number())
    .bind(upto)
    .bind(list.0)
    .bind(most)
    .fetch_all(pool)
    .await?;
    if ever.len() > TASKS_MAX {
        return Ok(None);
    }
    let mut tasks: BTreeMap<TaskId, Then> = BTreeMap::new();
    let mut events = sqlx::query(
        "SELECT e.position, e.organisation, e.kind, e.stream, e.version, e.type, e.schema, e.at, e.person, e.command, e.index,
                e.payload::text
         FROM unnest($3::bigint[]) AS s (stream)
         CROSS JOIN LATERAL (SELECT * FROM event WHERE part = $1 AND kind = $2 AND stream = s.stream ORDER BY version) e",
    )
    .bind(PART)
    .bind(Kind::Task.number())
    .bind(&ever)
    .fetch(pool);
    while let Some(row) = events.try_next().await? {
        let event = recorded(&row)?;
        let fact = task::Event::decode(&event.event_type, event.schema, &event.payload).map_err(Failure::Undecodable)?;
        tasks.entry(TaskId(event.header.stream.id)).or_default().take(&fact, &event.header, upto);
    }
    let mut then: Vec<Then> = tasks.into_values().filter(|task| task.was_in(list, filter)).collect();
    then.sort_unstable_by_key(|task| std::cmp::Reverse((task.listed.header.modified_at, task.listed.id)));
    Ok(Some(then))
}

impl Then {
    fn take(&mut self, fact: &Event, header: &domain::Header, upto: Position) {
        self.today.evolve(fact, header);
        self.listed.id = TaskId(header.stream.id);
        if header.position > upto {
            let of_first = match fact {
                Event::CommentEdited(edited) => edited.comment == self.rule.first,
                Event::CommentDeleted { comment } => *comment == self.rule.first,
                _ => false,
            };
            // The text of a task of a form is its title, which is made of fields.
            self.taken_back |= of_first && self.rule.form().is_none();
            return;
        }
        if let NewText::Is { text, formatted_text } = self.rule.take(fact, header) {
            (self.listed.text, self.listed.formatted_text) = (text, formatted_text);
        }
        self.listed.header.clone_from(&self.rule.header);
    }

    fn was_in(&self, list: ListId, filter: &Filter) -> bool {
        let Some(place) = self.rule.places().get(&list).copied() else { return false };
        let within = |bounds: Bounds, at| bounds.after.is_none_or(|after| at > after) && bounds.before.is_none_or(|before| at < before);
        let closed = match (place.closed_at, filter.closed) {
            (None, Bounds { after: None, before: None }) => true,
            (None, _) => false,
            (Some(_), Bounds { after: None, before: None }) => filter.include_closed,
            (Some(at), bounds) => within(bounds, at),
        };
        closed && within(filter.modified, place.modified_at) && within(filter.created, place.created_at)
    }
}

#[cfg(test)]
mod tests {
    use domain::task::event::{CommentEdited, Text};
    use domain::testing::{ANNA, HOME, task_created};

    use super::*;
    use crate::testing::Log;

    fn into(list: i64) -> Event {
        Event::AddedToLists { lists: vec![ListId(4), ListId(list)] }
    }

    #[tokio::test]
    async fn the_tasks_of_a_list_are_those_of_then_as_they_were() {
        let log = Log::create().await;
        for id in 1..=3 {
            let list = if id == 3 { 9 } else { 7 };
            log.append(TaskId(id), ANNA, &[task_created("hello").encode(), into(list).encode()]).await;
        }
        let then = log.append(TaskId(2), ANNA, &[Event::Renamed { subject: "Then".into() }.encode()]).await;
        let out = Event::RemovedFromLists { lists: vec![ListId(7)] };
        let first = sqlx::query_scalar("SELECT min(position) FROM event WHERE kind = $1 AND stream = 2").bind(Kind::Task.number());
        let comment: i64 = first.fetch_one(&log.pool).await.expect("read");
        let edited = Event::CommentEdited(Box::new(CommentEdited {
            comment,
            text: Text { text: "otherwise".into(), ..Text::default() },
            ..CommentEdited::default()
        }));
        log.append(TaskId(2), ANNA, &[out.encode(), edited.encode()]).await;
        let now = log.append(TaskId(1), ANNA, &[Event::Closed.encode()]).await;
        let listed = async |upto, filter: Filter| -> Vec<(i64, Option<String>, bool)> {
            let found = in_list(&log.pool, (HOME, ListId(7)), upto, &filter).await.expect("read").expect("few");
            found.into_iter().map(|task| (task.listed.id.0, task.listed.header.subject, task.taken_back)).collect()
        };
        assert_eq!(listed(then, Filter::default()).await, [(2, Some("Then".into()), true), (1, None, false)]);
        assert_eq!(listed(now, Filter::default()).await, []);
        assert_eq!(listed(now, Filter { include_closed: true, ..Filter::default() }).await, [(1, None, false)]);
        assert_eq!(listed(0, Filter::default()).await, []);
        assert!(in_list(&log.pool, (OrganisationId(2), ListId(7)), now, &Filter::default()).await.expect("read").expect("few").is_empty());
    }
}
