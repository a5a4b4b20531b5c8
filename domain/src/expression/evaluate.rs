//! The value of a tree over the values of fields. Every node has a value: what does not fit is Nothing or false, never an
//! error (the tables are in the module's documentation).

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::Scope;
use super::functions;
use super::tree::{Arithmetic, Comparison, Node, Part};
use super::value::Val;

/// As deep as the tree, which is bounded.
pub(super) fn value(node: &Node, scope: &dyn Scope) -> Val {
    match &node.part {
        Part::Literal(literal) => literal.clone(),
        Part::Field(field) => scope.value(field),
        Part::Not(operand) => Val::Bool(!value(operand, scope).is_true()),
        Part::Negate(operand) => as_number(&value(operand, scope)).map_or(Val::Nothing, |number| Val::Number(-number)),
        Part::All(items) => Val::Bool(items.iter().all(|item| value(item, scope).is_true())),
        Part::Any(items) => Val::Bool(items.iter().any(|item| value(item, scope).is_true())),
        Part::Compare(comparison, sides) => {
            let [left, right] = &**sides;
            Val::Bool(compare(*comparison, &value(left, scope), &value(right, scope)))
        }
        Part::In(one, items) => {
            let one = value(one, scope);
            Val::Bool(items.iter().any(|item| one.is_among(&value(item, scope))))
        }
        Part::Chain(first, rest) => {
            let first = value(first, scope);
            rest.iter().fold(first, |left, (operator, operand)| {
                // Nothing stays Nothing, so the rest need not be looked at.
                if left == Val::Nothing { left } else { calculate(*operator, &left, &value(operand, scope)) }
            })
        }
        Part::Call(function, arguments) => functions::call(*function, arguments, scope),
    }
}

pub(super) const fn as_number(value: &Val) -> Option<Decimal> {
    match value {
        Val::Number(number) => Some(*number),
        Val::Nothing | Val::Bool(_) | Val::Text(_) | Val::Date(_) | Val::Time(_) | Val::Moment(_) | Val::Set(_) | Val::List(_) => None,
    }
}

fn compare(comparison: Comparison, left: &Val, right: &Val) -> bool {
    let ordered = |fits: fn(std::cmp::Ordering) -> bool| left.order(right).is_some_and(fits);
    match comparison {
        Comparison::Equal => left.equals(right),
        Comparison::Unequal => !left.equals(right),
        Comparison::Less => ordered(std::cmp::Ordering::is_lt),
        Comparison::AtMost => ordered(std::cmp::Ordering::is_le),
        Comparison::Greater => ordered(std::cmp::Ordering::is_gt),
        Comparison::AtLeast => ordered(std::cmp::Ordering::is_ge),
        Comparison::Contains => left.contains(right),
        Comparison::StartsWith => left.starts_with(right),
    }
}

/// Nothing when it overflows, divides by zero, or is no arithmetic.
fn calculate(operator: Arithmetic, left: &Val, right: &Val) -> Val {
    let Some(right) = as_number(right) else {
        return Val::Nothing;
    };
    let calculated = match (left, operator) {
        (Val::Number(left), Arithmetic::Add) => left.checked_add(right).map(Val::Number),
        (Val::Number(left), Arithmetic::Subtract) => left.checked_sub(right).map(Val::Number),
        (Val::Number(left), Arithmetic::Multiply) => left.checked_mul(right).map(Val::Number),
        (Val::Number(left), Arithmetic::Divide) => left.checked_div(right).map(Val::Number),
        (Val::Date(date), Arithmetic::Add) => days_on(*date, right),
        (Val::Date(date), Arithmetic::Subtract) => days_on(*date, -right),
        (
            Val::Nothing | Val::Bool(_) | Val::Text(_) | Val::Date(_) | Val::Time(_) | Val::Moment(_) | Val::Set(_) | Val::List(_),
            Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Multiply | Arithmetic::Divide,
        ) => None,
    };
    calculated.unwrap_or_default()
}

fn days_on(date: Date, days: Decimal) -> Option<Val> {
    let days = days.is_integer().then(|| days.to_i64()).flatten()?;
    let span = Span::new().try_days(days).ok()?;
    date.checked_add(span).ok().map(Val::Date)
}

/// Whole days from one to the other.
pub(super) fn days_between(from: &Val, to: &Val) -> Option<Decimal> {
    match (from, to) {
        (Val::Date(from), Val::Date(to)) => from.until(*to).ok().map(|span| span.get_days().into()),
        (Val::Moment(from), Val::Moment(to)) => Some((hours_between(*from, *to) / 24).into()),
        (
            Val::Nothing
            | Val::Bool(_)
            | Val::Number(_)
            | Val::Text(_)
            | Val::Date(_)
            | Val::Time(_)
            | Val::Moment(_)
            | Val::Set(_)
            | Val::List(_),
            _,
        ) => None,
    }
}

fn hours_between(from: Timestamp, to: Timestamp) -> i64 {
    from.duration_until(to).as_hours()
}

/// A scope of a few fields, for tests.
#[cfg(test)]
#[derive(Debug)]
pub(super) struct Fields(pub Vec<(super::FieldRef, Val)>);

#[cfg(test)]
impl Scope for Fields {
    fn value(&self, field: &super::FieldRef) -> Val {
        self.0.iter().find(|(named, _)| named == field).map_or(Val::Nothing, |(_, value)| value.clone())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::expression::{Expression, FieldRef, TEXT_CHARACTERS_MAX};

    fn number(text: &str) -> Val {
        Val::Number(text.parse().expect("a number"))
    }

    fn text(text: &str) -> Val {
        Val::Text(text.to_owned())
    }

    fn bool(source: &str) -> Val {
        Val::Bool(source.parse().expect("true or false"))
    }

    /// What the tests below are about: one field of each kind, and `nothing`, which is not there.
    fn fields() -> Fields {
        let named = |code: &str, value| (FieldRef::Code(code.to_owned()), value);
        Fields(vec![
            named("n", number("12.50")),
            named("big", Val::Number(Decimal::MAX)),
            named("t", text("Straße 5")),
            named("yes", Val::Bool(true)),
            named("no", Val::Bool(false)),
            named("d", Val::Date("2026-01-31".parse().expect("a date"))),
            named("c", Val::Time("09:30:00".parse().expect("a time"))),
            named("m", Val::Moment("2026-01-31T09:30:00Z".parse().expect("a moment"))),
            named("one", Val::named([(7, "Urgent")])),
            named("two", Val::named([(7, "Urgent"), (8, "Late")])),
            named("person", Val::ids([41])),
            named("column", Val::List(vec![number("1"), Val::Nothing, number("2.5")])),
            named("words", Val::List(vec![text("a"), text("B"), Val::named([(7, "Urgent")])])),
            named("nested", Val::List(vec![Val::List(vec![number("1")])])),
            named("none", Val::Set(Vec::new())),
            named("blank", text("")),
            named("long", text(&"ж".repeat(TEXT_CHARACTERS_MAX))),
            (FieldRef::Id(3), number("3")),
        ])
    }

    /// Each source has the value of the other.
    #[track_caller]
    pub fn evaluated<'a>(cases: impl IntoIterator<Item = (&'a str, Val)>) {
        for (source, expected) in cases {
            let expression = Expression::parse(source).unwrap_or_else(|fault| panic!("{source}: {fault}"));
            assert_eq!(expression.evaluate(&fields()), expected, "{source}");
        }
    }

    /// One condition a line, and whether it is met.
    #[track_caller]
    fn judged(met: &str, conditions: &[&str]) {
        evaluated(conditions.iter().map(|condition| (*condition, bool(met))));
    }

    #[test]
    fn fields_are_named_by_id_and_by_code_and_those_that_are_not_there_are_nothing() {
        evaluated([("#3", number("3")), ("n", number("12.5")), ("#4", Val::Nothing), ("N", Val::Nothing), ("nothing", Val::Nothing)]);
    }

    #[test]
    fn logic_counts_what_is_not_true_as_false() {
        let met = ["yes and true", "yes or nothing", "not no", "not nothing", "not n", "not (yes and nothing)", "no or no or yes"];
        judged("true", &met);
        judged("false", &["yes and nothing", "no or n", "not yes", "yes and yes and t", "nothing or nothing"]);
    }

    #[test]
    fn equal_is_equal_whatever_the_case_and_the_digits() {
        let met = ["n = 12.5", "t = 'STRAßE 5'", "d = date('2026-01-31')", "c = time('09:30')", "yes = true", "person = 41", "7 = one"];
        judged("true", &met);
        judged("true", &["m = moment('2026-01-31T09:30:00Z')", "one = 'urgent'", "'URGENT' = one", "column = column", "two = two"]);
        judged("false", &["n = 12", "t = 'x'", "no = true", "person = 4", "two = 7", "two = 'Urgent'", "one = two", "person = ''"]);
    }

    #[test]
    fn unlike_types_are_unequal_and_have_no_order() {
        judged("false", &["n = '12.5'", "yes = 'true'", "d = '2026-01-31'", "d = m", "one = yes", "column = 1", "nested = nested"]);
        judged("false", &["n < '13'", "d < m", "yes < true", "one < 8", "'a' <= 1", "column < column", "c > d"]);
        judged("true", &["n != '12.5'", "d != m", "two != 7", "n != 12"]);
    }

    #[test]
    fn numbers_texts_dates_times_and_moments_have_an_order() {
        let met = ["n < 13", "n <= 12.50", "n > -1", "n >= 12.5", "'a' < 'B'", "'Z' > 'y'", "d < date('2026-02-01')", "c >= time('09:30')"];
        judged("true", &met);
        judged("true", &["m > moment('2026-01-31T09:29:59Z')", "1 < #3 and #3 <= 3"]);
        judged("false", &["n < 12.5", "'b' < 'A'", "c < time('09:30')"]);
    }

    #[test]
    fn empty_equals_empty_and_has_no_order() {
        judged(
            "true",
            &["nothing = ''", "none = blank", "nothing = none", "nothing in ('')", "nothing != 1", "one != ''", "nothing not in (1)"],
        );
        judged("false", &["nothing = 0", "nothing = no", "nothing < 1", "nothing >= nothing", "blank < 'a'", "'a' > blank"]);
        judged("false", &["nothing contains 'a'", "t contains ''", "t contains nothing", "nothing starts with ''", "none contains none"]);
    }

    #[test]
    fn in_is_one_of_several_or_a_member_of_a_set_or_list() {
        judged("true", &["#3 in (1, 3)", "one in ('late', 'urgent')", "one in (8, 7)", "one in (two)", "1 in (column)", "'b' in (words)"]);
        judged("false", &["#3 in (1, 2)", "two in ('Urgent', 'Late')", "'a' in ('abc')", "3 in (column)", "two in (one)"]);
        judged("true", &["two in (two)", "#3 not in (1, 2)", "not #3 in (1)"]);
    }

    #[test]
    fn contains_looks_for_a_part_of_a_text_members_of_a_set_and_a_value_of_a_list() {
        judged("true", &["t contains 'straß'", "two contains 'LATE'", "two contains 8", "two contains one", "column contains 2.5"]);
        judged(
            "true",
            &["words contains 'A'", "words contains 7", "words contains one", "t contains 'STRAßE 5'", "'urgent!' contains one"],
        );
        judged(
            "false",
            &["t contains 'x'", "one contains two", "two contains 9", "column contains 3", "n contains 1", "two contains 'Lat'"],
        );
    }

    #[test]
    fn starts_with_compares_the_beginning_of_a_text_or_of_the_only_name() {
        judged("true", &["t starts with 'STRA'", "one starts with 'urg'", "t starts with t"]);
        judged(
            "false",
            &["t starts with 'traße'", "two starts with 'Urg'", "t starts with 'Straße 5!'", "n starts with 1", "person starts with '4'"],
        );
    }

    #[test]
    fn arithmetic_is_exact_and_nothing_where_it_cannot_be() {
        evaluated([
            ("0.1 + 0.2", number("0.3")),
            ("n * 2 - 1", number("24")),
            ("10 / 4", number("2.5")),
            ("7 - 2 - 1", number("4")),
            ("-n", number("-12.5")),
            ("12 / 4 / 3", number("1")),
            ("d + 1", Val::Date("2026-02-01".parse().expect("a date"))),
            ("d - 31", Val::Date("2025-12-31".parse().expect("a date"))),
        ]);
        let nothing =
            ["1 / 0", "big + 1", "big * 2", "-big - 1", "1 / (n - n)", "n + nothing", "nothing - 1", "-t", "t + t", "n + '1'", "1 + yes"];
        evaluated(nothing.map(|source| (source, Val::Nothing)));
        let no_dates = ["d + 0.5", "d * 2", "d + big", "d + 10000000", "1 + d", "d - d", "m + 1", "one + 1", "column + 1", "nothing + d"];
        evaluated(no_dates.map(|source| (source, Val::Nothing)));
    }
}
