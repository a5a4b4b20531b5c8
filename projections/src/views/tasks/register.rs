//! The register of a form: its tasks by what stands in their fields. One query, whatever is asked for; each condition on a field
//! is answered by the index of its type.

use domain::form::FieldId;
use domain::task::form::Filling;
use domain::{FormId, OrganisationId, TaskId};
use futures_util::TryStreamExt;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use sqlx::{FromRow, PgPool};

use super::access::{Access, MAY_SEE};
use super::page::Bounds;
use super::rule::{Header, Task};
use super::value::{folded, range_of};
use super::{Follower, Tasks};
use crate::failure::Failure;
use crate::generation::Generation;

/// The most rows of an answer (pyrus.md §1.4).
pub const LIMIT_MAX: u32 = 20_000;

/// A row: a task with what is filled in; persons by id.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: TaskId,
    pub text: String,
    pub header: Header,
    pub filling: Box<Filling>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub rows: Vec<Row>,
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

/// Operands of conditions, which a query names by their number.
#[derive(Default)]
struct Operands(Vec<String>);

impl Operands {
    fn text(&mut self, operand: impl ToString) -> String {
        self.0.push(operand.to_string());
        format!("($7::text[])[{}]", self.0.len())
    }

    fn typed(&mut self, operand: impl ToString, sql_type: &str) -> String {
        format!("{}::{sql_type}", self.text(operand))
    }

    /// As the text of an array of numbers or of days, in which nothing has to be quoted.
    fn array(&mut self, items: impl IntoIterator<Item = impl ToString>, sql_type: &str) -> String {
        let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
        format!("ANY ({}::{sql_type}[])", self.text(format!("{{{}}}", items.join(","))))
    }
}

/// The rows of `form`, as far as the asker may see them, at most `asked.limit` (and [`LIMIT_MAX`]).
///
/// # Errors
/// When the database does not answer.
pub async fn rows(
    pool: &PgPool,
    generation: &Generation,
    (organisation, form): (OrganisationId, FormId),
    access: &Access,
    asked: &Asked,
) -> Result<Found, Failure> {
    let limit = asked.limit.min(LIMIT_MAX);
    let mut operands = Operands::default();
    let mut clauses = clauses(asked, &mut operands);
    clauses.extend(asked.conditions.iter().map(|condition| of_field(condition, &mut operands)));
    let also: String = clauses.into_iter().map(|clause| format!(" AND {clause}")).collect();
    let order = if asked.rising { "ASC" } else { "DESC" };
    let sql = format!(
        "SELECT r.task, r.text, r.header::text AS header, r.state::text AS state FROM {{view}}.task_row r
         WHERE r.organisation = $1 AND r.form = $5 AND {MAY_SEE}{also} AND cardinality($7::text[]) >= 0
         ORDER BY r.task {order} LIMIT $6"
    );
    let mut found = sqlx::query_as::<_, FoundRow>(generation.sql(&sql))
        .bind(organisation.0)
        .bind(access.all)
        .bind(&access.principals)
        .bind(&access.lists)
        .bind(form.0)
        .bind(i64::from(limit) + 1)
        .bind(&operands.0)
        .fetch(pool);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    while let Some(row) = found.try_next().await? {
        rows.extend(row.read()?);
    }
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let parked = crate::parked::holds_parked(generation, organisation, pool).await?;
    Ok(Found { rows, has_more, parked })
}

fn clauses(asked: &Asked, operands: &mut Operands) -> Vec<String> {
    let mut clauses = Vec::new();
    if asked.closed.after.is_some() || asked.closed.before.is_some() {
        clauses.push("r.closed_at IS NOT NULL".to_owned());
    } else if !asked.include_closed {
        clauses.push("r.closed_at IS NULL".to_owned());
    }
    for (column, bounds) in [("modified_at", asked.modified), ("created_at", asked.created), ("closed_at", asked.closed)] {
        clauses.extend(bounds.after.map(|after| format!("r.{column} >= {}", operands.typed(after, "timestamptz"))));
        clauses.extend(bounds.before.map(|before| format!("r.{column} <= {}", operands.typed(before, "timestamptz"))));
    }
    if !asked.steps.is_empty() {
        clauses.push(format!("r.step = {}", operands.array(&asked.steps, "smallint")));
    }
    if !asked.tasks.is_empty() {
        clauses.push(format!("r.task = {}", operands.array(&asked.tasks, "bigint")));
    }
    clauses.extend(asked.from_task.map(|from| format!("r.task >= {}", operands.typed(from, "bigint"))));
    clauses.extend(asked.to_task.map(|to| format!("r.task <= {}", operands.typed(to, "bigint"))));
    let beyond = if asked.rising { ">" } else { "<" };
    clauses.extend(asked.after.map(|after| format!("r.task {beyond} {}", operands.typed(after, "bigint"))));
    if let Some((now, steps)) = &asked.step_overdue {
        clauses.push(format!("r.step_due_at < {}", operands.typed(now, "timestamptz")));
        if !steps.is_empty() {
            clauses.push(format!("r.step = {}", operands.array(steps, "smallint")));
        }
    }
    clauses.extend(asked.overdue.map(|(now, today)| {
        let (now, today) = (operands.typed(now, "timestamptz"), operands.typed(today, "date"));
        format!("(r.due_at < {now} OR r.due_date < {today})")
    }));
    clauses
}

fn of_field(condition: &Condition, operands: &mut Operands) -> String {
    let field = condition.field;
    let range = |column: &str, above: Option<String>, below: Option<String>| {
        let above = above.map(|above| format!(" AND v.{column} > {above}")).unwrap_or_default();
        let below = below.map(|below| format!(" AND v.{column} < {below}")).unwrap_or_default();
        format!("v.{column} IS NOT NULL{above}{below}")
    };
    let test = match &condition.test {
        Test::Filled => "true".to_owned(),
        Test::Prefix(prefix) => {
            let (from, to) = range_of(prefix);
            let (from, to) = (operands.text(from), operands.text(to));
            format!("v.text IS NOT NULL AND v.text >= {from} AND v.text < {to}")
        }
        Test::Texts(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| operands.text(folded(text))).collect();
            format!("v.text IS NOT NULL AND v.text IN ({})", texts.join(", "))
        }
        Test::Numbers(numbers) => format!("v.number IS NOT NULL AND v.number = {}", operands.array(numbers, "numeric")),
        Test::NumberRange(above, below) => {
            let above = above.map(|above| operands.typed(above, "numeric"));
            range("number", above, below.map(|below| operands.typed(below, "numeric")))
        }
        Test::Days(days) => format!("v.day IS NOT NULL AND v.day = {}", operands.array(days, "date")),
        Test::DayRange(above, below) => {
            let above = above.map(|above| operands.typed(above, "date"));
            range("day", above, below.map(|below| operands.typed(below, "date")))
        }
        Test::MomentRange(above, below) => {
            let above = above.map(|above| operands.typed(above, "timestamptz"));
            range("at", above, below.map(|below| operands.typed(below, "timestamptz")))
        }
        Test::Ids(ids) => format!("v.id IS NOT NULL AND v.id = {}", operands.array(ids, "bigint")),
    };
    // Without a value of the field there is nothing that passes.
    let not = if condition.none { "NOT " } else { "" };
    format!(
        "{not}EXISTS (SELECT FROM {{view}}.task_value v
                      WHERE v.organisation = $1 AND v.form = $5 AND v.field = {field} AND v.task = r.task AND {test})"
    )
}

#[derive(FromRow)]
struct FoundRow {
    task: i64,
    text: String,
    header: String,
    state: String,
}

impl FoundRow {
    fn read(self) -> Result<Option<Row>, Failure> {
        let unreadable = |error| Failure::Unreadable(Tasks::NAME, error);
        let header: Header = serde_json::from_str(&self.header).map_err(unreadable)?;
        let task: Task = serde_json::from_str(&self.state).map_err(unreadable)?;
        Ok(task.filling.map(|filling| Row { id: TaskId(self.task), text: self.text, header, filling }))
    }
}
