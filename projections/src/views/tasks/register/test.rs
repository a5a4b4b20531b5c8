//! What must hold of a value, as SQL: of values that an index is read by, and of those of a task that was found. Operands are bound,
//! never written into the text.

use super::super::value::{folded, range_of};
use super::{Condition, Test};

/// Operands of a query, which it names by their number in the array that is its seventh parameter.
#[derive(Default)]
pub(super) struct Operands(pub(super) Vec<String>);

impl Operands {
    pub(super) fn text(&mut self, operand: impl ToString) -> String {
        self.0.push(operand.to_string());
        format!("($7::text[])[{}]", self.0.len())
    }

    pub(super) fn typed(&mut self, operand: impl ToString, sql_type: &str) -> String {
        format!("{}::{sql_type}", self.text(operand))
    }

    /// As the text of an array of numbers or of days, in which nothing has to be quoted.
    pub(super) fn array(&mut self, items: impl IntoIterator<Item = impl ToString>, sql_type: &str) -> String {
        let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
        format!("{}::{sql_type}[]", self.text(format!("{{{}}}", items.join(","))))
    }
}

/// What passes, by the column that holds values of its type.
pub(super) enum Passing {
    /// An array of values.
    OneOf { column: &'static str, values: String },
    /// A clause about `v.<column>`.
    Within { column: &'static str, clause: String },
    /// A clause that no index answers.
    Plain(&'static str),
}

pub(super) fn passing(test: &Test, operands: &mut Operands) -> Passing {
    let one_of = |column, values| Passing::OneOf { column, values };
    match test {
        Test::Filled => Passing::Plain("true"),
        Test::Checked => Passing::Plain("v.text = 'checked'"),
        Test::Prefix(prefix) => {
            let (from, to) = range_of(prefix);
            let (from, to) = (operands.text(from), operands.text(to));
            Passing::Within { column: "text", clause: format!("v.text >= {from} AND v.text < {to}") }
        }
        Test::Texts(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| operands.text(folded(text))).collect();
            one_of("text", format!("ARRAY[{}]::text[]", texts.join(", ")))
        }
        Test::Numbers(numbers) => one_of("number", operands.array(numbers, "numeric")),
        Test::Days(days) => one_of("day", operands.array(days, "date")),
        Test::Ids(ids) => one_of("id", operands.array(ids, "bigint")),
        Test::NumberRange(above, below) => within("number", "numeric", above.as_ref(), below.as_ref(), operands),
        Test::DayRange(above, below) => within("day", "date", above.as_ref(), below.as_ref(), operands),
        Test::MomentRange(above, below) => within("at", "timestamptz", above.as_ref(), below.as_ref(), operands),
    }
}

/// Ends are outside.
fn within<T: ToString>(column: &'static str, sql_type: &str, above: Option<&T>, below: Option<&T>, operands: &mut Operands) -> Passing {
    let above = above.map(|above| format!("v.{column} > {}", operands.typed(above.to_string(), sql_type)));
    let below = below.map(|below| format!("v.{column} < {}", operands.typed(below.to_string(), sql_type)));
    let clause = above.into_iter().chain(below).collect::<Vec<_>>().join(" AND ");
    Passing::Within { column, clause: if clause.is_empty() { "true".to_owned() } else { clause } }
}

/// True of a row `r` of `task_row`. The form is not named: the values of one task are found by their key alone.
pub(super) fn of_task(condition: &Condition, operands: &mut Operands) -> String {
    let passes = match passing(&condition.test, operands) {
        Passing::OneOf { column, values } => format!("v.{column} = ANY ({values})"),
        Passing::Within { column, clause } => format!("v.{column} IS NOT NULL AND {clause}"),
        Passing::Plain(clause) => clause.to_owned(),
    };
    // Without a value of the field there is nothing that passes.
    let not = if condition.none { "NOT " } else { "" };
    let field = condition.field;
    format!(
        "{not}EXISTS (SELECT FROM {{view}}.task_value v
                      WHERE v.task = r.task AND v.field = {field} AND v.organisation = $1 AND {passes})"
    )
}
