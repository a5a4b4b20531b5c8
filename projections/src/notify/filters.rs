//! Which tasks come to be found by the saved filters that people follow, and what is said in those that are found: looked up for each
//! of them, by what they may see, and told to their inbox, which records it. So that the notifications that follow from it depend on the
//! log alone ([`super::rule`] has its row in the table).
//!
//! What a filter finds for somebody is remembered in Postgres, from when they begin to follow it. What was touched is held against it;
//! what changes by time or by rights alone is found with the next event of the task. Whose filter changes, or whose right to look there
//! comes and goes, begins anew and is told nothing of what is found then. A filter that finds more than [`KEPT_MAX`] tasks tells of what
//! is said in them, and not of what comes.
//!
//! One node does it under the lease, from the end of the log that its migration met. Commands bear ids that follow from the first fact
//! of the page that touched the task, so that what is done again is told once.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use domain::codec::EventSet;
use domain::inbox::event::Found;
use domain::inbox::{self, Followed};
use domain::{CommandId, Directory, FilterId, Issued, Kind, OrganisationId, PersonId, Position, Recorded, TaskId, task};
use futures_util::{StreamExt, stream};
use sqlx::{PgConnection, PgPool};
use thiserror::Error;

use crate::directory::DirectoryHandle;
use crate::feed::{Feed, Head};
use crate::lease::{Held, NotHeld};
use crate::leased::Pages;
use crate::lookout::Lookout;
use crate::metrics;
use crate::policy::progress::{self, Done};
use crate::policy::{Commands, NotDone};
use crate::progress::Behind;
use crate::start::View;
use crate::views::inbox::Inbox;
use crate::views::tasks::Tasks;
use crate::views::tasks::members::Span;
use crate::views::tasks::question::Question;

/// The lease under which one node does it, and the name of its progress.
pub const NAME: &str = "filters";
/// Tasks that are remembered of what one filter finds for one person.
pub const KEPT_MAX: usize = 10_000;
/// Events of a page.
const PAGE: usize = 500;
/// How long views and the directory are waited for.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// Inboxes that are told at the same time.
const AT_ONCE: usize = 8;
/// Positions in which nothing was to be looked up, until that is noted.
const POSITIONS_UNNOTED: Position = 10_000;

#[derive(Debug, Error)]
pub(crate) enum Halt {
    #[error("the database cannot be asked")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    NotHeld(#[from] NotHeld),
    #[error(transparent)]
    Behind(#[from] Behind),
    #[error("what a filter finds cannot be looked up")]
    View(#[from] crate::failure::Failure),
    #[error("an inbox does not take its command")]
    NotNow(#[source] NotDone),
}

/// Somebody who follows a filter.
type Follower = (OrganisationId, FilterId, PersonId);

/// How much is remembered of what a filter finds for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// All of it.
    Whole,
    /// Nothing: it finds too much.
    Nothing,
    /// They may not ask it.
    Closed,
}

/// The work.
pub(crate) struct Filters {
    pool: PgPool,
    directory: DirectoryHandle,
    tasks: Arc<Lookout<Tasks>>,
    inbox: Arc<Lookout<Inbox>>,
    commands: Arc<dyn Commands>,
    /// Everybody who follows one, as the table has it.
    followers: BTreeMap<Follower, Kept>,
    noted: Position,
}

/// A request that touched a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Request {
    command: CommandId,
    cause: Position,
    by: PersonId,
    says: bool,
    silent: bool,
}

/// What a page says, in its order.
#[derive(Debug, Default)]
struct Page {
    /// Whether they follow it in the end.
    follows: BTreeMap<Follower, bool>,
    changed: BTreeSet<(OrganisationId, FilterId)>,
    touched: BTreeMap<OrganisationId, BTreeMap<TaskId, Vec<Request>>>,
}

/// What becomes of what is remembered.
#[derive(Debug, Default)]
struct Changes {
    followers: BTreeMap<Follower, Option<Kept>>,
    forgotten: BTreeSet<Follower>,
    entered: Vec<(Follower, TaskId)>,
    left: Vec<(Follower, TaskId)>,
    told: Vec<(Follower, Found)>,
}

impl Pages for Filters {
    const NAME: &'static str = NAME;
    const KINDS: &'static [Kind] = &[Kind::Task, Kind::Inbox, Kind::Filter];
    type Halt = Halt;

    async fn begin(&mut self, done: Done, _head: Head) -> Result<(), Halt> {
        let rows: Vec<(i64, i64, i64, Option<bool>)> =
            sqlx::query_as("SELECT organisation, filter, person, whole FROM followed_filter").fetch_all(&self.pool).await?;
        self.followers = rows
            .into_iter()
            .map(|(organisation, filter, person, whole)| {
                ((OrganisationId(organisation), FilterId(filter), PersonId(person)), Kept::read(whole))
            })
            .collect();
        self.noted = done.position;
        Ok(())
    }

    async fn page(&mut self, feed: &mut Feed, done: Done, head: Head, held: &Held) -> Result<Done, Halt> {
        let batch = feed.read(done.position, head.position, PAGE).await?;
        let (upto, page) = (batch.upto, Page::of(&batch.events));
        let done = Done { position: upto, ..done };
        let anew = self.anew(&page);
        let concerns = page.touched.keys().any(|organisation| self.of(*organisation).next().is_some());
        if anew.is_empty() && !concerns {
            if upto - self.noted > POSITIONS_UNNOTED {
                self.store(Changes::default(), (done, head), held).await?;
            }
            return Ok(done);
        }
        let (directory, _) = self.directory.caught_up(upto, WAIT_MAX).await?;
        let mut changes = Changes::default();
        for (follower, follows) in &anew {
            self.begin_anew(*follower, *follows, (&directory, upto), &mut changes).await?;
        }
        for (organisation, touched) in &page.touched {
            self.hold_against(*organisation, touched, (&directory, upto), &mut changes).await?;
        }
        self.tell(&changes.told).await?;
        self.store(changes, (done, head), held).await?;
        Ok(done)
    }
}

impl Filters {
    pub fn new(
        pool: PgPool,
        directory: DirectoryHandle,
        (tasks, inbox): (Arc<Lookout<Tasks>>, Arc<Lookout<Inbox>>),
        commands: Arc<dyn Commands>,
    ) -> Self {
        Self { pool, directory, tasks, inbox, commands, followers: BTreeMap::new(), noted: 0 }
    }

    /// Those of an organisation.
    fn of(&self, organisation: OrganisationId) -> impl Iterator<Item = (Follower, Kept)> {
        let first = (organisation, FilterId(i64::MIN), PersonId(i64::MIN));
        self.followers.range(first..).take_while(move |((of, _, _), _)| *of == organisation).map(|(follower, kept)| (*follower, *kept))
    }

    /// Whose filter is looked up as a whole: who begins to follow, and who follows what was changed; and who follows no longer.
    fn anew(&self, page: &Page) -> BTreeMap<Follower, bool> {
        let changed = self.followers.keys().filter(|(organisation, filter, _)| page.changed.contains(&(*organisation, *filter)));
        changed.map(|follower| (*follower, true)).chain(page.follows.clone()).collect()
    }

    /// What the filter asks for this person, if they may ask it.
    fn question(&self, (organisation, filter, person): Follower, directory: &Directory) -> Option<Question> {
        let directory = directory.organisation(organisation)?;
        self.commands.asked(filter, &Issued { organisation, who: person, at: self.commands.now(), directory })
    }

    async fn met(&self, organisation: OrganisationId, question: &Question, upto: Position, span: Span<'_>) -> Result<Vec<TaskId>, Halt> {
        let generation = if question.view() == View::Inbox {
            self.inbox.caught_up(upto, WAIT_MAX).await?
        } else {
            self.tasks.caught_up(upto, WAIT_MAX).await?
        };
        Ok(question.met(&self.pool, &generation, organisation, self.commands.now(), span).await?)
    }

    async fn begin_anew(
        &self,
        follower: Follower,
        follows: bool,
        (directory, upto): (&Directory, Position),
        changes: &mut Changes,
    ) -> Result<(), Halt> {
        changes.forgotten.insert(follower);
        let kept = match self.question(follower, directory) {
            _ if !follows => None,
            None => Some(Kept::Closed),
            Some(question) => {
                let found = self.met(follower.0, &question, upto, Span::of(KEPT_MAX + 1)).await?;
                let whole = found.len() <= KEPT_MAX;
                changes.entered.extend(found.into_iter().filter(|_| whole).map(|task| (follower, task)));
                Some(if whole { Kept::Whole } else { Kept::Nothing })
            }
        };
        changes.followers.insert(follower, kept);
        Ok(())
    }

    /// Holds what was touched against what is followed; questions that mean the same are asked once.
    async fn hold_against(
        &self,
        organisation: OrganisationId,
        touched: &BTreeMap<TaskId, Vec<Request>>,
        (directory, upto): (&Directory, Position),
        changes: &mut Changes,
    ) -> Result<(), Halt> {
        let tasks: Vec<TaskId> = touched.keys().copied().collect();
        let known = self.known(organisation, &tasks).await?;
        let mut answered: Vec<(Question, HashSet<TaskId>)> = Vec::new();
        for (follower, kept) in self.of(organisation) {
            // What was found for them just now is told to nobody.
            if changes.followers.contains_key(&follower) {
                continue;
            }
            let Some(question) = self.question(follower, directory) else {
                if kept != Kept::Closed {
                    changes.forgotten.insert(follower);
                    changes.followers.insert(follower, Some(Kept::Closed));
                }
                continue;
            };
            if kept == Kept::Closed {
                self.begin_anew(follower, true, (directory, upto), changes).await?;
                continue;
            }
            let place = match answered.iter().position(|(other, _)| *other == question) {
                Some(place) => place,
                None => {
                    let met = self.met(organisation, &question, upto, Span::among(&tasks)).await?;
                    answered.push((question, met.into_iter().collect()));
                    answered.len() - 1
                }
            };
            let Some((_, met)) = answered.get(place) else { continue };
            for (task, requests) in touched {
                let was = known.contains(&(follower.1, follower.2, *task));
                changes.compare((follower, kept), (*task, requests), (was, met.contains(task)));
            }
        }
        Ok(())
    }

    /// Which of these tasks were found, for whom and by which filter.
    async fn known(&self, organisation: OrganisationId, tasks: &[TaskId]) -> Result<HashSet<(FilterId, PersonId, TaskId)>, Halt> {
        let rows: Vec<(i64, i64, i64)> =
            sqlx::query_as("SELECT filter, person, task FROM followed_filter_task WHERE organisation = $1 AND task = ANY ($2)")
                .bind(organisation.0)
                .bind(tasks.iter().map(|task| task.0).collect::<Vec<_>>())
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.into_iter().map(|(filter, person, task)| (FilterId(filter), PersonId(person), TaskId(task))).collect())
    }

    async fn tell(&self, told: &[(Follower, Found)]) -> Result<(), Halt> {
        let telling = told.iter().copied().map(|((organisation, _, person), found)| {
            let commands = &self.commands;
            async move { (found, commands.found(organisation, person, found).await) }
        });
        let mut answers = stream::iter(telling).buffer_unordered(AT_ONCE);
        while let Some((found, answer)) = answers.next().await {
            match answer {
                Ok(_) => {}
                Err(refused @ NotDone::Refused(_)) => {
                    tracing::warn!(filter = found.filter.0, cause = found.cause, %refused, "what a filter found was not told");
                    metrics::policy_skipped(NAME);
                }
                Err(later @ NotDone::NotNow(_)) => return Err(Halt::NotNow(later)),
            }
        }
        Ok(())
    }

    async fn store(&mut self, changes: Changes, (done, head): (Done, Head), held: &Held) -> Result<(), Halt> {
        let mut tx = self.pool.begin().await?;
        held.guard(&mut tx).await?;
        changes.store(&mut tx).await?;
        progress::note(NAME, head.incarnation, done, &mut tx).await?;
        tx.commit().await?;
        self.noted = done.position;
        for (follower, kept) in changes.followers {
            match kept {
                Some(kept) => drop(self.followers.insert(follower, kept)),
                None => drop(self.followers.remove(&follower)),
            }
        }
        Ok(())
    }
}

impl Kept {
    const fn read(whole: Option<bool>) -> Self {
        match whole {
            Some(true) => Self::Whole,
            Some(false) => Self::Nothing,
            None => Self::Closed,
        }
    }

    const fn written(self) -> Option<bool> {
        match self {
            Self::Whole => Some(true),
            Self::Nothing => Some(false),
            Self::Closed => None,
        }
    }
}

impl Page {
    fn of(events: &[Recorded]) -> Self {
        let mut page = Self::default();
        for event in events {
            let header = &event.header;
            let unread = match header.stream.kind {
                Kind::Filter => {
                    page.changed.insert((header.organisation, FilterId(header.stream.id)));
                    Ok(())
                }
                Kind::Inbox => page.inbox(event),
                _ => page.task(event),
            };
            if let Err(error) = unread {
                tracing::error!(event.position = header.position, %error, "an event cannot be read");
                metrics::policy_skipped(NAME);
            }
        }
        page
    }

    fn inbox(&mut self, event: &Recorded) -> Result<(), domain::codec::DecodeError> {
        let follower = |filter| (event.header.organisation, filter, PersonId(event.header.stream.id));
        match inbox::Event::decode(&event.event_type, event.schema, &event.payload)? {
            inbox::Event::Followed(Followed::Filter(filter)) => drop(self.follows.insert(follower(filter), true)),
            inbox::Event::Unfollowed(Followed::Filter(filter)) => drop(self.follows.insert(follower(filter), false)),
            _ => {}
        }
        Ok(())
    }

    fn task(&mut self, event: &Recorded) -> Result<(), domain::codec::DecodeError> {
        let header = &event.header;
        let fact = task::Event::decode(&event.event_type, event.schema, &event.payload)?;
        let requests = self.touched.entry(header.organisation).or_default().entry(TaskId(header.stream.id)).or_default();
        if requests.last().is_none_or(|last| last.command != header.command) {
            let cause = header.position - Position::from(header.index);
            requests.push(Request { command: header.command, cause, by: header.person, says: false, silent: false });
        }
        if let Some(request) = requests.last_mut() {
            request.says |= matches!(fact, task::Event::Commented(_));
            request.silent |= matches!(&fact, task::Event::Flagged(flags) if flags.skip_notification);
        }
        Ok(())
    }
}

impl Changes {
    /// Takes in whether a task is found, and was before.
    fn compare(&mut self, (follower, kept): (Follower, Kept), (task, requests): (TaskId, &[Request]), (was, is): (bool, bool)) {
        let (_, filter, person) = follower;
        let comes = is && !was && kept == Kept::Whole;
        if comes {
            self.entered.push((follower, task));
        }
        if was && !is {
            self.left.push((follower, task));
        }
        // The first one is the same whenever the page is read again, however far it reaches then.
        let told = requests.iter().enumerate().filter(|(place, request)| is && (request.says || (comes && *place == 0)));
        for (_, request) in told.filter(|(_, request)| !request.silent && request.by != person) {
            self.told.push((follower, Found { filter, task, cause: request.cause, by: request.by }));
        }
    }

    async fn store(&self, tx: &mut PgConnection) -> Result<(), sqlx::Error> {
        if !self.forgotten.is_empty() {
            let (organisations, filters, people) = columns(self.forgotten.iter());
            sqlx::query(
                "DELETE FROM followed_filter_task t USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (organisation, filter, person)
                 WHERE t.organisation = s.organisation AND t.filter = s.filter AND t.person = s.person",
            )
            .bind(organisations)
            .bind(filters)
            .bind(people)
            .execute(&mut *tx)
            .await?;
        }
        let entered = "INSERT INTO followed_filter_task (organisation, filter, person, task)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) ON CONFLICT DO NOTHING";
        let left = "DELETE FROM followed_filter_task t
             USING unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS s (organisation, filter, person, task)
             WHERE t.organisation = s.organisation AND t.filter = s.filter AND t.person = s.person AND t.task = s.task";
        for (statement, of) in [(entered, &self.entered), (left, &self.left)] {
            if of.is_empty() {
                continue;
            }
            let (organisations, filters, people) = columns(of.iter().map(|(follower, _)| follower));
            let tasks: Vec<i64> = of.iter().map(|(_, task)| task.0).collect();
            sqlx::query(statement).bind(organisations).bind(filters).bind(people).bind(tasks).execute(&mut *tx).await?;
        }
        self.store_followers(tx).await
    }

    async fn store_followers(&self, tx: &mut PgConnection) -> Result<(), sqlx::Error> {
        let follow: Vec<(&Follower, Kept)> = self.followers.iter().filter_map(|(follower, kept)| Some((follower, (*kept)?))).collect();
        if !follow.is_empty() {
            let (organisations, filters, people) = columns(follow.iter().map(|(follower, _)| *follower));
            sqlx::query(
                "INSERT INTO followed_filter (organisation, filter, person, whole)
                 SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[])
                 ON CONFLICT (organisation, filter, person) DO UPDATE SET whole = EXCLUDED.whole",
            )
            .bind(organisations)
            .bind(filters)
            .bind(people)
            .bind(follow.iter().map(|(_, kept)| kept.written()).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
        }
        let gone: Vec<&Follower> = self.followers.iter().filter(|(_, kept)| kept.is_none()).map(|(follower, _)| follower).collect();
        if !gone.is_empty() {
            let (organisations, filters, people) = columns(gone.into_iter());
            sqlx::query(
                "DELETE FROM followed_filter f USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (organisation, filter, person)
                 WHERE f.organisation = s.organisation AND f.filter = s.filter AND f.person = s.person",
            )
            .bind(organisations)
            .bind(filters)
            .bind(people)
            .execute(tx)
            .await?;
        }
        Ok(())
    }
}

fn columns<'a>(followers: impl Iterator<Item = &'a Follower>) -> (Vec<i64>, Vec<i64>, Vec<i64>) {
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for (organisation, filter, person) in followers {
        columns.0.push(organisation.0);
        columns.1.push(filter.0);
        columns.2.push(person.0);
    }
    columns
}

#[cfg(test)]
mod tests {
    use domain::testing::{ANNA, BORIS, CLARA, HOME};
    use uuid::Uuid;

    use super::*;

    fn request(number: u128, by: PersonId, says: bool) -> Request {
        Request { command: CommandId(Uuid::from_u128(number)), cause: i64::try_from(number).expect("small"), by, says, silent: false }
    }

    /// Why Clara is told, by the causes; what enters and what leaves.
    fn compared(kept: Kept, requests: &[Request], was_is: (bool, bool)) -> (Vec<Position>, usize, usize) {
        let mut changes = Changes::default();
        changes.compare(((HOME, FilterId(5), CLARA), kept), (TaskId(7), requests), was_is);
        (changes.told.iter().map(|(_, found)| found.cause).collect(), changes.entered.len(), changes.left.len())
    }

    #[test]
    fn who_follows_is_told_of_what_comes_and_of_what_is_said_in_what_is_found() {
        let quiet = request(1, ANNA, false);
        assert_eq!(compared(Kept::Whole, &[quiet], (false, true)), (vec![1], 1, 0));
        assert_eq!(compared(Kept::Whole, &[quiet], (true, true)), (vec![], 0, 0), "it was found before");
        assert_eq!(compared(Kept::Whole, &[quiet], (true, false)), (vec![], 0, 1));
        let said = request(2, BORIS, true);
        assert_eq!(compared(Kept::Whole, &[quiet, said], (true, true)), (vec![2], 0, 0));
        assert_eq!(compared(Kept::Whole, &[said], (false, true)), (vec![2], 1, 0), "once a request");
        assert_eq!(compared(Kept::Whole, &[quiet, said], (false, true)), (vec![1, 2], 1, 0));
        assert_eq!(compared(Kept::Whole, &[quiet, said], (true, false)), (vec![], 0, 1), "it is not found any more");
        // Of what finds too much nobody knows what comes.
        assert_eq!(compared(Kept::Nothing, &[quiet, said], (false, true)), (vec![2], 0, 0));
    }

    #[test]
    fn nobody_is_told_of_what_they_did_and_of_what_was_to_be_silent() {
        assert_eq!(compared(Kept::Whole, &[request(1, CLARA, true)], (false, true)), (vec![], 1, 0));
        let silent = Request { silent: true, ..request(1, ANNA, true) };
        assert_eq!(compared(Kept::Whole, &[silent], (false, true)), (vec![], 1, 0));
    }
}
