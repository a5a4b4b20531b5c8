//! What is to be sent: a row a notification and channel, written while the lease is held, with how far it has come in the same
//! transaction, so that each is written once. What was read before it went out is cancelled. Nothing is sent from here.
//!
//! It begins at the end of the log that its migration met, and is never filled again from the start.

use std::sync::Arc;
use std::time::Duration;

use domain::codec::{DecodeError, EventSet};
use domain::inbox::Event;
use domain::{Kind, Position, Recorded};
use sqlx::{PgConnection, PgPool};
use thiserror::Error;

use crate::feed::{Feed, Head, PART};
use crate::generation::Generation;
use crate::lease::{Held, NotHeld};
use crate::leased::Pages;
use crate::lookout::Lookout;
use crate::metrics;
use crate::policy::progress::{self, Done};
use crate::progress::Behind;
use crate::views::notifications::Notifications;

/// The lease under which one node does it, and the name of its progress.
pub const NAME: &str = "outbox";
/// Days that a row is kept, sent or not.
const KEPT_DAYS: i32 = 30;
/// Positions that are looked at in one transaction.
const POSITIONS_IN_PAGE: Position = 1_000;
/// Rows that are dropped with a page.
const DROPPED_IN_PAGE: i64 = 5_000;
/// How long the view is waited for, which says who is told.
const VIEW_WAIT_MAX: Duration = Duration::from_secs(10);

#[derive(Debug, Error)]
pub(crate) enum Halt {
    #[error("the database cannot be asked")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    NotHeld(#[from] NotHeld),
    #[error(transparent)]
    Behind(#[from] Behind),
}

/// The work.
pub(crate) struct Outbox {
    pub pool: PgPool,
    pub page: usize,
    pub notifications: Arc<Lookout<Notifications>>,
}

impl Pages for Outbox {
    const NAME: &'static str = NAME;
    /// Of inboxes, what was read.
    const KINDS: &'static [Kind] = &[Kind::Inbox];
    type Halt = Halt;

    async fn begin(&mut self, _done: Done, _head: Head) -> Result<(), Halt> {
        Ok(())
    }

    async fn page(&mut self, feed: &mut Feed, done: Done, head: Head, held: &Held) -> Result<Done, Halt> {
        let upto = whole(done.position + POSITIONS_IN_PAGE, head.position, &self.pool).await?;
        let batch = feed.read(done.position, upto, self.page).await?;
        let generation = self.notifications.caught_up(batch.upto, VIEW_WAIT_MAX).await?;
        let page = Page { after: done.position, upto: batch.upto, incarnation: head.incarnation };
        let done = Done { position: batch.upto, ..done };
        let mut tx = self.pool.begin().await?;
        held.guard(&mut tx).await?;
        write(page, &generation, &mut tx).await?;
        cancel(&batch.events, &mut tx).await?;
        progress::note(NAME, head.incarnation, done, &mut tx).await?;
        tx.commit().await?;
        Ok(done)
    }
}

/// The end of the request that lies at `upto`, in a log that ends at `head`: who is told by its last fact is told under the position of
/// its first.
async fn whole(upto: Position, head: Position, pool: &PgPool) -> Result<Position, sqlx::Error> {
    if upto >= head {
        return Ok(head);
    }
    let next = "SELECT min(position) FROM event WHERE part = $1 AND position > $2 AND position <= $3 AND index = 0";
    let next: Option<Position> = sqlx::query_scalar(next).bind(PART).bind(upto).bind(head).fetch_one(pool).await?;
    Ok(next.map_or(head, |next| next - 1))
}

/// A stretch of the log.
#[derive(Clone, Copy)]
struct Page {
    after: Position,
    upto: Position,
    incarnation: i64,
}

/// A row for each channel of each notification whose cause lies in the page; what has been read by now is not to be sent.
async fn write(page: Page, generation: &Generation, tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    let insert = generation.sql(
        "INSERT INTO outbox (incarnation, position, channel, organisation, person, task, announcement, state, deliver_after, why, at)
         SELECT $1, n.position, c.channel, n.organisation, n.person, n.task, n.announcement, CASE WHEN n.unread THEN 'pending' ELSE 'cancelled' END,
                c.after, n.why, n.at
         FROM {view}.notification n CROSS JOIN LATERAL (VALUES (1::smallint, n.mail_after), (2::smallint, n.push_after)) AS c (channel, after)
         WHERE n.position > $2 AND n.position <= $3 AND c.after IS NOT NULL
         ON CONFLICT DO NOTHING",
    );
    sqlx::query(insert).bind(page.incarnation).bind(page.after).bind(page.upto).execute(&mut *tx).await?;
    sqlx::query(
        "DELETE FROM outbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM outbox WHERE at < now() - make_interval(days => $1) ORDER BY at LIMIT $2))",
    )
    .bind(KEPT_DAYS)
    .bind(DROPPED_IN_PAGE)
    .execute(tx)
    .await?;
    Ok(())
}

/// What somebody has read need not be sent to them any more.
async fn cancel(events: &[Recorded], tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    let (mut organisations, mut people, mut tasks, mut uptos) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for event in events {
        let header = &event.header;
        match read(event) {
            Ok(Some((task, upto))) => {
                organisations.push(header.organisation.0);
                people.push(header.stream.id);
                tasks.push(task);
                uptos.push(upto.min(header.position));
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(event.position = header.position, %error, "an event cannot be read");
                metrics::policy_skipped(NAME);
            }
        }
    }
    if people.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE outbox o SET state = 'cancelled'
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS s (organisation, person, task, upto)
         WHERE o.state = 'pending' AND o.organisation = s.organisation AND o.person = s.person AND o.position <= s.upto
           AND (s.task IS NULL OR o.task = s.task)",
    )
    .bind(organisations)
    .bind(people)
    .bind(tasks)
    .bind(uptos)
    .execute(tx)
    .await?;
    Ok(())
}

/// What was read: of a task, or all, up to a position.
fn read(event: &Recorded) -> Result<Option<(Option<i64>, Position)>, DecodeError> {
    Ok(match Event::decode(&event.event_type, event.schema, &event.payload)? {
        Event::Read { task, upto } => Some((task.map(|task| task.0), upto)),
        Event::Followed(_)
        | Event::Unfollowed(_)
        | Event::Snoozed { .. }
        | Event::Unsnoozed { .. }
        | Event::ReminderSet { .. }
        | Event::ReminderCancelled { .. }
        | Event::Reminded { .. }
        | Event::Unread { .. }
        | Event::Found(_)
        | Event::SettingsSet(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use domain::testing::ANNA;
    use domain::{TaskId, testing};

    use super::*;
    use crate::testing::{Log, said};

    #[tokio::test]
    async fn no_request_lies_on_two_pages() {
        let log = Log::create().await;
        let one = log.task(1, ANNA).await;
        let three = log.append(TaskId(1), testing::BORIS, &[said("a"), said("b"), said("c")]).await;
        let end = log.say(1, ANNA, "d").await;
        for (upto, expected) in [(one, one), (one + 1, three), (three - 1, three), (three, three), (end, end), (end + 100, end)] {
            assert_eq!(whole(upto, end, &log.pool).await.expect("looked up"), expected, "{upto}");
        }
        assert_eq!(whole(one + 1, three, &log.pool).await.expect("looked up"), three, "the last request");
    }
}
