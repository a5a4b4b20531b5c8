//! The register of a form: its tasks by what stands in their fields. First which tasks, in one look at the indexes
//! ([`found`]); then what is shown of them, so many at a time as their reader takes ([`rows`]). Not how they are looked for:
//! that is [`source`]'s.

mod source;
mod test;
#[cfg(test)]
mod tests;

use domain::form::FieldId;
use domain::task::form::Filling;
use domain::{FormId, OrganisationId, TaskId};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection, PgPool};

use super::access::Access;
use super::page::Bounds;
use super::rule::{Header, Task, form_principal};
use super::{Follower, Tasks};
use crate::failure::Failure;
use crate::generation::Generation;
use source::{Search, Source};

/// The most rows of an answer (pyrus.md §1.4).
pub const LIMIT_MAX: u32 = 20_000;
/// The most characters that are looked for in texts.
pub const WORDS_CHARACTERS_MAX: usize = 300;

/// A row: a task with what is filled in; persons by id.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: TaskId,
    pub text: String,
    pub header: Header,
    pub filling: Box<Filling>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// In the order that was asked for.
    pub tasks: Vec<TaskId>,
    pub has_more: bool,
    /// The view lacks the facts of some task of the organisation.
    pub parked: bool,
}

/// Which rows. Bounds of times belong to what they bound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Also closed tasks. Whoever bounds the closing asks for closed tasks alone.
    pub include_closed: bool,
    /// Only those at one of these steps.
    pub steps: Vec<u8>,
    pub tasks: Vec<TaskId>,
    /// Of ids; ends belong to it.
    pub from_task: Option<TaskId>,
    pub to_task: Option<TaskId>,
    pub modified: Bounds,
    pub created: Bounds,
    pub closed: Bounds,
    /// Due before this moment, or day, and open.
    pub overdue: Option<(Timestamp, Date)>,
    /// Open, at one of these steps (at any, where none is named), and that step was to be complete before this moment.
    pub step_overdue: Option<(Timestamp, Vec<u8>)>,
    pub conditions: Vec<Condition>,
    /// Each of these words begins a word of the title, the subject or a text.
    pub words: Vec<String>,
    /// Ids rise; else the newest task is the first.
    pub rising: bool,
    /// Rows come after this task, in that order.
    pub after: Option<TaskId>,
    pub limit: u32,
}

/// What must hold of a field of each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub field: FieldId,
    pub test: Test,
    /// No value of the field passes.
    pub none: bool,
}

/// What one value of the field must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Filled,
    /// It is checked.
    Checked,
    /// A text that begins so, in any case.
    Prefix(String),
    /// One of these texts, whole, in any case.
    Texts(Vec<String>),
    Numbers(Vec<Decimal>),
    /// Between these, which are outside.
    NumberRange(Option<Decimal>, Option<Decimal>),
    Days(Vec<Date>),
    DayRange(Option<Date>, Option<Date>),
    MomentRange(Option<Timestamp>, Option<Timestamp>),
    Ids(Vec<i64>),
}

/// Which plans may be made: those that follow indexes in the order of the query, and stop when there is enough. So a plan does not
/// depend on what is known of the tables, which may be a moment old.
const PLANS: &str = "BEGIN READ ONLY; SET LOCAL enable_sort TO off; SET LOCAL enable_hashjoin TO off; SET LOCAL enable_mergejoin TO off;
    SET LOCAL enable_seqscan TO off; SET LOCAL enable_bitmapscan TO off; SET LOCAL enable_material TO off; SET LOCAL enable_memoize TO off;
    SET LOCAL max_parallel_workers_per_gather TO 0; SET LOCAL jit TO off; SET LOCAL statement_timeout TO '30s'";

/// The tasks of `form` that are asked for, as far as the asker may see them, at most `asked.limit` (and [`LIMIT_MAX`]).
///
/// # Errors
/// When the database does not answer.
pub async fn found(
    pool: &PgPool,
    generation: &Generation,
    (organisation, form): (OrganisationId, FormId),
    access: &Access,
    asked: &Asked,
) -> Result<Found, Failure> {
    let limit = asked.limit.min(LIMIT_MAX);
    // Whoever sees all tasks of a form is a principal of each: there is nothing to look for by that.
    let access = access.clone().or_all(access.principals.contains(&form_principal(form).0));
    let search = Search { generation, organisation, form, access: &access, asked, limit };
    let parked = crate::parked::holds_parked(generation, organisation, pool).await?;
    let mut tx = pool.begin_with(PLANS).await?;
    let tasks = looked_for(&search, &mut tx).await?;
    tx.commit().await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = tasks.len() > limit;
    let tasks: Vec<TaskId> = tasks.into_iter().take(limit).map(TaskId).collect();
    let in_order = tasks.is_sorted_by(|one, next| if asked.rising { one < next } else { one > next });
    debug_assert!(in_order, "a register in its order");
    Ok(Found { tasks, has_more, parked })
}

async fn looked_for(search: &Search<'_>, tx: &mut PgConnection) -> Result<Vec<i64>, Failure> {
    let sources = search.sources();
    let source = match &sources[..] {
        [] => Source::Everything,
        [only] if !search.has_words() => *only,
        several => {
            let counts = search.counts(several).fetch_one(&mut *tx).await?;
            let least = several.iter().zip(counts.0).min_by_key(|(_, count)| *count);
            let few = |count: i64| !search.has_words() || count < source::COUNTED_MAX;
            least.filter(|(_, count)| few(*count)).map_or(Source::Everything, |(least, _)| *least)
        }
    };
    if search.has_words() && source == Source::Everything {
        // Of a frequent word there are enough among the newest; a rare one is found by its index.
        let newest = ids(search.tasks(&Source::Newest).fetch_all(&mut *tx).await?);
        let enough = u32::try_from(newest.len()).is_ok_and(|found| found > search.limit);
        return if enough { Ok(newest) } else { Ok(ids(search.tasks(&Source::Words).fetch_all(&mut *tx).await?)) };
    }
    Ok(ids(search.tasks(&source).fetch_all(&mut *tx).await?))
}

fn ids(rows: Vec<(i64,)>) -> Vec<i64> {
    rows.into_iter().map(|(task,)| task).collect()
}

/// What is kept of these tasks, in their order; without those that the register has lost meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn rows(
    pool: &PgPool,
    generation: &Generation,
    (organisation, form): (OrganisationId, FormId),
    tasks: &[TaskId],
) -> Result<Vec<Stored>, Failure> {
    let sql = "SELECT r.task, r.text, r.header::text AS header, r.state::text AS state
         FROM unnest($2::bigint[]) WITH ORDINALITY AS s (task, place)
         JOIN {view}.task_row r ON r.task = s.task AND r.organisation = $1
         WHERE r.form = $3 ORDER BY s.place";
    let query = sqlx::query_as(generation.sql(sql)).bind(organisation.0).bind(tasks.iter().map(|task| task.0).collect::<Vec<_>>());
    Ok(query.bind(form.0).fetch_all(pool).await?)
}

/// A row as it is kept. Reading it takes longer than fetching it: whoever has many does so beside the requests of others.
#[derive(Debug, FromRow)]
pub struct Stored {
    task: i64,
    text: String,
    header: String,
    state: String,
}

impl Stored {
    /// # Errors
    /// When it was written by another build.
    pub fn read(self) -> Result<Option<Row>, Failure> {
        let unreadable = |error| Failure::Unreadable(Tasks::NAME, error);
        let header: Header = serde_json::from_str(&self.header).map_err(unreadable)?;
        let task: Task = serde_json::from_str(&self.state).map_err(unreadable)?;
        Ok(task.filling.map(|filling| Row { id: TaskId(self.task), text: self.text, header, filling }))
    }
}
