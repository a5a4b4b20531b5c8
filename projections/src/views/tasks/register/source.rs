//! Where the tasks of a register are looked for. A *source* gives tasks in the order of their ids, a span of ids at a time, by the
//! index of one of the conditions; what it gives is held against all the others by the task's own keys, until there is enough. So
//! what a page costs grows with what has to be looked at, and with the number of spans, but not with the form.
//!
//! A rare value costs one look into the index a span of 8,192 ids; a frequent one fills the page from the first span. Where several
//! conditions could be the source, each is counted up to [`COUNTED_MAX`], and the rarest is taken.

use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;
use sqlx::{AssertSqlSafe, FromRow, Postgres};

use super::super::access::{Access, MAY_SEE};
use super::super::block::{self, BLOCK_BITS};
use super::super::words;
use super::test::{Operands, Passing, of_task, passing};
use super::{Asked, Condition, Test};
use crate::generation::Generation;
use domain::{FormId, OrganisationId};

/// How far the tasks of a source are counted.
pub(super) const COUNTED_MAX: i64 = 2_000;
/// Among how many of the newest a word is looked for before its index is asked.
const NEWEST: u32 = 4_000;
/// Ids of a span, as a power of two: `task_value_text` and its siblings.
const SPAN_BITS: u32 = 13;
/// Every parameter is named, whatever is asked.
const PARAMETERS: &str = "$1::bigint IS NOT NULL AND $2::boolean IS NOT NULL AND $3::bigint[] IS NOT NULL AND $4::bigint[] IS NOT NULL
     AND $5::bigint IS NOT NULL AND $6::bigint IS NOT NULL AND $7::text[] IS NOT NULL";

/// What is asked of one register.
pub(super) struct Search<'a> {
    pub generation: &'a Generation,
    pub organisation: OrganisationId,
    pub form: FormId,
    pub access: &'a Access,
    pub asked: &'a Asked,
    pub limit: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source<'a> {
    /// The form's tasks in their order.
    Everything,
    /// Its first few in the order that is asked for.
    Newest,
    Words,
    /// Those that are named.
    Tasks,
    Field(&'a Condition),
    Steps,
    Overdue,
    StepOverdue,
    /// Blocks of tasks in which something changed since.
    Changed,
    /// What names the asker, and what lies in their lists.
    Access,
}

#[derive(FromRow)]
pub(super) struct Counts(pub(super) Vec<i64>);

type Query<'a, O> = QueryAs<'a, Postgres, O, PgArguments>;

impl<'a> Search<'a> {
    /// The conditions that could be the source; those that narrow most, as a rule, first.
    pub(super) fn sources(&self) -> Vec<Source<'a>> {
        let asked = self.asked;
        if !asked.tasks.is_empty() {
            return vec![Source::Tasks];
        }
        let by_index = |condition: &&Condition| !condition.none || matches!(condition.test, Test::Filled | Test::Checked);
        let mut sources: Vec<Source<'a>> = asked.conditions.iter().filter(by_index).map(Source::Field).collect();
        let may_be = [
            (!asked.steps.is_empty(), Source::Steps),
            (asked.overdue.is_some(), Source::Overdue),
            (asked.step_overdue.is_some(), Source::StepOverdue),
            (self.changed_since().is_some(), Source::Changed),
            (!self.access.all, Source::Access),
        ];
        sources.extend(may_be.into_iter().filter(|(may_be, _)| *may_be).map(|(_, source)| source));
        sources
    }

    pub(super) fn has_words(&self) -> bool {
        !self.asked.words.is_empty()
    }

    /// How many tasks each source gives, up to [`COUNTED_MAX`].
    pub(super) fn counts(&self, sources: &[Source<'a>]) -> Query<'a, Counts> {
        let mut operands = Operands::default();
        let counts: Vec<String> = sources
            .iter()
            .map(|source| {
                let given = self.given(source, &mut operands);
                format!("(SELECT count(*) FROM (SELECT FROM ({given}) m LIMIT {COUNTED_MAX}) c)")
            })
            .collect();
        self.bound(&format!("SELECT ARRAY[{}] WHERE {PARAMETERS}", counts.join(", ")), operands)
    }

    /// The tasks that are asked for, by a source, one more than the limit.
    pub(super) fn tasks(&self, source: &Source<'a>) -> Query<'a, (i64,)> {
        let (sql, operands) = self.statement(source);
        self.bound(&sql, operands)
    }

    pub(super) fn statement(&self, source: &Source<'a>) -> (String, Operands) {
        let (mut operands, order) = (Operands::default(), self.order());
        let given = self.given(source, &mut operands);
        let also: String = self.held_against(source, &mut operands).into_iter().map(|clause| format!(" AND {clause}")).collect();
        let sql = match source {
            Source::Everything => format!(
                "SELECT r.task FROM {{view}}.task_row r WHERE r.organisation = $1 AND r.form = $5{also} AND {PARAMETERS}
                 ORDER BY r.task {order} LIMIT $6"
            ),
            _ => format!(
                "SELECT m.task FROM ({given}) m
                 CROSS JOIN LATERAL (SELECT FROM {{view}}.task_row r
                                     WHERE r.task = m.task AND r.organisation = $1 AND r.form IS NOT DISTINCT FROM $5{also} OFFSET 0) s
                 WHERE {PARAMETERS} ORDER BY m.span {order}, m.task {order} LIMIT $6"
            ),
        };
        (sql, operands)
    }

    pub(super) fn bound<O: for<'r> FromRow<'r, sqlx::postgres::PgRow>>(&self, sql: &str, operands: Operands) -> Query<'a, O> {
        let sql: AssertSqlSafe<String> = self.generation.sql(sql);
        // Its text is of this request: it is not kept, and its plan is made for its operands.
        sqlx::query_as(sql)
            .persistent(false)
            .bind(self.organisation.0)
            .bind(self.access.all)
            .bind(&self.access.principals)
            .bind(&self.access.lists)
            .bind(self.form.0)
            .bind(i64::from(self.limit) + 1)
            .bind(operands.0)
    }

    fn order(&self) -> &'static str {
        if self.asked.rising { "ASC" } else { "DESC" }
    }

    /// The first and the last id that there may be.
    fn ends(&self) -> (Option<i64>, Option<i64>) {
        let Asked { from_task, to_task, after, rising, .. } = self.asked;
        let (from, to) = (from_task.map(|task| task.0), to_task.map(|task| task.0));
        match after {
            Some(after) if *rising => (from.max(Some(after.0.saturating_add(1))), to),
            Some(after) => (from, Some(to.unwrap_or(i64::MAX).min(after.0.saturating_sub(1)))),
            None => (from, to),
        }
    }

    fn within_ends(&self, column: &str, operands: &mut Operands) -> String {
        let (from, to) = self.ends();
        let from = from.map(|from| format!(" AND {column} >= {}", operands.typed(from, "bigint")));
        let to = to.map(|to| format!(" AND {column} <= {}", operands.typed(to, "bigint")));
        from.into_iter().chain(to).collect()
    }

    /// Whether tasks are closed, where that is asked for: every one, or none.
    fn closed(&self) -> Option<bool> {
        let bounded = self.asked.closed.after.is_some() || self.asked.closed.before.is_some();
        if bounded { Some(true) } else { (!self.asked.include_closed).then_some(false) }
    }

    /// Whatever was created, changed or closed since has changed since.
    fn changed_since(&self) -> Option<jiff::Timestamp> {
        [self.asked.modified.after, self.asked.created.after, self.asked.closed.after].into_iter().flatten().max()
    }

    /// `SELECT span, task`, in order.
    fn given(&self, source: &Source<'a>, operands: &mut Operands) -> String {
        let order = self.order();
        match source {
            Source::Everything => String::new(),
            Source::Newest => {
                let open = self.closed_clause("e");
                let ends = self.within_ends("e.task", operands);
                sorted(
                    &format!(
                        "SELECT e.task FROM {{view}}.task_row e WHERE e.organisation = $1 AND e.form = $5{open}{ends}
                         ORDER BY e.task {order} LIMIT {NEWEST}"
                    ),
                    order,
                )
            }
            Source::Words => {
                let (words, ends) = (operands.typed(words::query(&self.asked.words), "tsquery"), self.within_ends("w.task", operands));
                sorted(
                    &format!(
                        "SELECT w.task FROM {{view}}.task_words w WHERE w.organisation = $1 AND w.form = $5 AND w.words @@ {words}{ends}"
                    ),
                    order,
                )
            }
            Source::Tasks => {
                let tasks = operands.array(self.asked.tasks.iter().map(|task| task.0), "bigint");
                sorted(&format!("SELECT DISTINCT n.task FROM unnest({tasks}) AS n (task)"), order)
            }
            Source::Field(condition) => self.of_field(condition, operands),
            Source::Steps => {
                let (steps, open) = (operands.array(&self.asked.steps, "smallint"), self.closed_clause("e"));
                let one = format!(
                    "SELECT e.task FROM {{view}}.task_row e
                     WHERE e.organisation = $1 AND e.form IS NOT NULL AND ((e.form << 8) + e.step) = ($5 << 8) + n.step
                       AND (e.task >> {SPAN_BITS}) = b.span{open} OFFSET 0"
                );
                self.spans(&format!("SELECT l.task FROM unnest({steps}) AS n (step) CROSS JOIN LATERAL ({one}) l"), operands)
            }
            Source::Overdue => {
                let overdue = self.asked.overdue.map(|(now, today)| (operands.typed(now, "timestamptz"), operands.typed(today, "date")));
                let (now, today) = overdue.unwrap_or_else(|| ("NULL".to_owned(), "NULL".to_owned()));
                let due = |clause: String| {
                    format!("SELECT e.task FROM {{view}}.task_row e WHERE e.organisation = $1 AND {clause} AND e.form = $5")
                };
                sorted(&format!("{} UNION {}", due(format!("e.due_at < {now}")), due(format!("e.due_date < {today}"))), order)
            }
            Source::StepOverdue => {
                let now = self.asked.step_overdue.as_ref().map_or("NULL".to_owned(), |(now, _)| operands.typed(now, "timestamptz"));
                let late =
                    format!("SELECT e.task FROM {{view}}.task_row e WHERE e.organisation = $1 AND e.form = $5 AND e.step_due_at < {now}");
                sorted(&late, order)
            }
            Source::Changed => {
                let since = operands.typed(self.changed_since().unwrap_or_default(), "timestamptz");
                format!(
                    "SELECT b.block AS span, d.task FROM (SELECT a.block FROM {{view}}.task_block a
                        WHERE a.organisation = $1 AND a.form = $5 AND a.field = {} AND a.modified_to >= {since} ORDER BY a.block {order}) b
                     CROSS JOIN LATERAL (SELECT e.task FROM {{view}}.task_row e WHERE e.organisation = $1 AND e.form IS NOT DISTINCT FROM $5
                        AND e.task >= (b.block << {BLOCK_BITS}) AND e.task < ((b.block + 1) << {BLOCK_BITS}) AND e.modified_at >= {since} OFFSET 0) d
                     ORDER BY b.block {order}, d.task {order} OFFSET 0",
                    block::EVERY
                )
            }
            Source::Access => {
                let named = format!(
                    "SELECT l.task FROM unnest($3) AS n (principal) CROSS JOIN LATERAL (SELECT g.task FROM {{view}}.task_grant g
                        WHERE g.organisation = $1 AND g.form = $5 AND g.form > 0 AND g.principal = n.principal
                          AND (g.task >> {SPAN_BITS}) = b.span OFFSET 0) l WHERE n.principal > 0"
                );
                let listed = format!(
                    "SELECT l.task FROM {{view}}.task_in_list l WHERE l.organisation = $1 AND l.list = ANY ($4)
                        AND l.task >= (b.span << {SPAN_BITS}) AND l.task < ((b.span + 1) << {SPAN_BITS})"
                );
                let lists = if self.access.lists.is_empty() { String::new() } else { format!(" UNION {listed}") };
                self.spans(&format!("SELECT DISTINCT u.task FROM ({named}{lists}) u"), operands)
            }
        }
    }

    /// By the index of the condition's values, or by the blocks in which a field is filled.
    fn of_field(&self, condition: &Condition, operands: &mut Operands) -> String {
        let field = i64::from(condition.field.0);
        let (column, values, clause) = match passing(&condition.test, operands) {
            Passing::OneOf { column, values } => (column, Some(values), format!("v.{column} = x.value")),
            Passing::Within { column, clause } => (column, None, clause),
            Passing::Plain(_) => {
                let field = if condition.test == Test::Checked { block::checked(field) } else { field };
                return self.of_blocks(field, condition.none);
            }
        };
        let states = self.closed().map_or("false, true".to_owned(), |closed| closed.to_string());
        let one = format!(
            "SELECT v.task FROM {{view}}.task_value v
             WHERE v.organisation = $1 AND v.form = $5 AND v.field = {field} AND (v.task >> {SPAN_BITS}) = b.span
               AND v.closed = c.closed AND v.{column} IS NOT NULL AND {clause} OFFSET 0"
        );
        // Each value and each state is looked for by itself: an array within an index's key would not be.
        let values = values.map_or("(SELECT 1) AS x (value)".to_owned(), |values| format!("unnest({values}) AS x (value)"));
        self.spans(
            &format!("SELECT DISTINCT l.task FROM {values} CROSS JOIN unnest(ARRAY[{states}]) AS c (closed) CROSS JOIN LATERAL ({one}) l"),
            operands,
        )
    }

    fn of_blocks(&self, field: i64, none: bool) -> String {
        let (order, all) = (self.order(), if self.closed() == Some(false) { block::OPEN } else { block::EVERY });
        let (join, not) = if none { ("LEFT JOIN", "~") } else { ("JOIN", "") };
        // By its key, a block at a time.
        let nothing = format!("repeat('0', {})::bit({})", 1 << BLOCK_BITS, 1 << BLOCK_BITS);
        let last = (1 << BLOCK_BITS) - 1;
        format!(
            "SELECT b.block AS span, (b.block << {BLOCK_BITS}) + d.place AS task
             FROM (SELECT a.block, a.held & {not} coalesce(f.held, {nothing}) AS held FROM {{view}}.task_block a
                   {join} LATERAL (SELECT x.held FROM {{view}}.task_block x
                                   WHERE x.organisation = $1 AND x.form = $5 AND x.field = {field} AND x.block = a.block OFFSET 0) f ON true
                   WHERE a.organisation = $1 AND a.form = $5 AND a.field = {all} ORDER BY a.block {order}) b
             CROSS JOIN LATERAL (SELECT n.place FROM generate_series(0, {last}) AS n (place) WHERE get_bit(b.held, n.place) = 1 OFFSET 0) d
             WHERE b.held <> {nothing} ORDER BY b.block {order}, task {order} OFFSET 0"
        )
    }

    /// What `one` gives of each span `b.span`, from the form's first span to its last.
    fn spans(&self, one: &str, operands: &mut Operands) -> String {
        let order = self.order();
        let mut end = |order: &str| {
            let ends = self.within_ends("e.task", operands);
            format!(
                "(SELECT e.task >> {SPAN_BITS} FROM {{view}}.task_row e
                  WHERE e.organisation = $1 AND e.form = $5{ends} ORDER BY e.task {order} LIMIT 1)"
            )
        };
        let (first, last) = (end("ASC"), end("DESC"));
        format!(
            "SELECT b.span, d.task
             FROM (SELECT g.span FROM generate_series({first}, {last}) AS g (span) ORDER BY g.span {order}) b
             CROSS JOIN LATERAL ({one}) d ORDER BY b.span {order}, d.task {order} OFFSET 0"
        )
    }

    fn closed_clause(&self, row: &str) -> String {
        match self.closed() {
            Some(true) => format!(" AND {row}.closed_at IS NOT NULL"),
            Some(false) => format!(" AND {row}.closed_at IS NULL"),
            None => String::new(),
        }
    }

    /// What must hold of a task's row `r` that the source does not see to.
    fn held_against(&self, source: &Source<'a>, operands: &mut Operands) -> Vec<String> {
        let asked = self.asked;
        // By the task's own key, and by no index that happens to begin alike: what is said so matches none.
        let closed = match (source, self.closed()) {
            (Source::Everything, _) => self.closed_clause("r"),
            (_, Some(closed)) => format!(" AND (r.closed_at IS NOT NULL) IS NOT DISTINCT FROM {closed}"),
            (_, None) => String::new(),
        };
        let mut clauses = vec![format!("true{closed}{}", self.within_ends("r.task", operands))];
        if !self.access.all && *source != Source::Access {
            clauses.push(MAY_SEE.to_owned());
        }
        for (column, bounds) in [("modified_at", asked.modified), ("created_at", asked.created), ("closed_at", asked.closed)] {
            clauses.extend(bounds.after.map(|after| format!("r.{column} >= {}", operands.typed(after, "timestamptz"))));
            clauses.extend(bounds.before.map(|before| format!("r.{column} <= {}", operands.typed(before, "timestamptz"))));
        }
        if !asked.steps.is_empty() && *source != Source::Steps {
            clauses.push(format!("r.step = ANY ({})", operands.array(&asked.steps, "smallint")));
        }
        if let Some((now, steps)) = &asked.step_overdue {
            clauses.push(format!("r.step_due_at < {}", operands.typed(now, "timestamptz")));
            if !steps.is_empty() {
                clauses.push(format!("r.step = ANY ({})", operands.array(steps, "smallint")));
            }
        }
        clauses.extend(asked.overdue.filter(|_| *source != Source::Overdue).map(|(now, today)| {
            let (now, today) = (operands.typed(now, "timestamptz"), operands.typed(today, "date"));
            format!("(r.due_at < {now} OR r.due_date < {today})")
        }));
        let others = asked.conditions.iter().filter(|condition| *source != Source::Field(condition));
        clauses.extend(others.map(|condition| of_task(condition, operands)));
        if self.has_words() && *source != Source::Words {
            let words = operands.typed(words::query(&asked.words), "tsquery");
            clauses.push(format!(
                "EXISTS (SELECT FROM {{view}}.task_words w WHERE w.task = r.task AND w.organisation = $1 AND w.words @@ {words})"
            ));
        }
        clauses
    }
}

/// Few enough to be put in order at once.
fn sorted(tasks: &str, order: &str) -> String {
    format!("SELECT 0 AS span, u.task FROM ({tasks}) u ORDER BY u.task {order} OFFSET 0")
}
