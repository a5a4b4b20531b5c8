//! What the functions of the language answer. How many arguments each takes has been seen to by the parser.

use std::cmp::Ordering;

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::evaluate::{as_number, days_between, value};
use super::tree::{Function, Node};
use super::value::{Val, fold};
use super::{Scope, TEXT_CHARACTERS_MAX};

/// Decimal places that a number can have.
const PLACES_MAX: u32 = 28;

pub(super) fn call(function: Function, arguments: &[Node], scope: &dyn Scope) -> Val {
    let argument = |index: usize| arguments.get(index).map_or(Val::Nothing, |node| value(node, scope));
    match function {
        Function::Empty => Val::Bool(argument(0).is_empty()),
        Function::Filled => Val::Bool(!argument(0).is_empty()),
        Function::If => argument(if argument(0).is_true() { 1 } else { 2 }),
        Function::Round => round(&argument(0), arguments.get(1).map(|places| value(places, scope))).unwrap_or_default(),
        Function::Abs => as_number(&argument(0)).map(|number| Val::Number(number.abs())).unwrap_or_default(),
        Function::Min => outermost(arguments, scope, Ordering::Less).unwrap_or_default(),
        Function::Max => outermost(arguments, scope, Ordering::Greater).unwrap_or_default(),
        Function::Sum => sum(arguments, scope).unwrap_or_default(),
        Function::Count => Val::Number(arguments.iter().map(|argument| count(&value(argument, scope))).sum::<usize>().into()),
        Function::Days => days_between(&argument(0), &argument(1)).map(Val::Number).unwrap_or_default(),
        Function::Lower => argument(0).as_text().map(fold).and_then(bounded).unwrap_or_default(),
        Function::Concat => concat(arguments, scope).unwrap_or_default(),
    }
}

fn round(number: &Val, places: Option<Val>) -> Option<Val> {
    let places = match places {
        None => 0,
        Some(places) => as_number(&places).filter(Decimal::is_integer)?.to_u32().filter(|places| *places <= PLACES_MAX)?,
    };
    Some(Val::Number(as_number(number)?.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)))
}

/// What is not empty, members of lists one by one.
fn each(arguments: &[Node], scope: &dyn Scope) -> impl Iterator<Item = Val> {
    let values = arguments.iter().flat_map(move |argument| match value(argument, scope) {
        Val::List(values) => values,
        single @ (Val::Nothing
        | Val::Bool(_)
        | Val::Number(_)
        | Val::Text(_)
        | Val::Date(_)
        | Val::Time(_)
        | Val::Moment(_)
        | Val::Set(_)) => vec![single],
    });
    values.filter(|value| !value.is_empty())
}

/// The first of those that lie furthest on the side of `wanted`; nothing where two have no order.
fn outermost(arguments: &[Node], scope: &dyn Scope, wanted: Ordering) -> Option<Val> {
    let mut values = each(arguments, scope);
    let first = values.next()?;
    // Alone it needs an order as well: with itself.
    first.order(&first)?;
    values.try_fold(first, |outermost, value| Some(if value.order(&outermost)? == wanted { value } else { outermost }))
}

fn sum(arguments: &[Node], scope: &dyn Scope) -> Option<Val> {
    let sum = each(arguments, scope).try_fold(Decimal::ZERO, |sum, value| sum.checked_add(as_number(&value)?))?;
    Some(Val::Number(sum))
}

fn count(value: &Val) -> usize {
    match value {
        Val::List(values) => values.iter().filter(|value| !value.is_empty()).count(),
        Val::Set(members) => members.len(),
        Val::Nothing | Val::Bool(_) | Val::Number(_) | Val::Text(_) | Val::Date(_) | Val::Time(_) | Val::Moment(_) => {
            usize::from(!value.is_empty())
        }
    }
}

fn concat(arguments: &[Node], scope: &dyn Scope) -> Option<Val> {
    let mut text = String::new();
    for argument in arguments {
        match value(argument, scope) {
            Val::List(values) => text.push_str(&values.iter().map(told).collect::<Vec<_>>().join(", ")),
            single @ (Val::Nothing
            | Val::Bool(_)
            | Val::Number(_)
            | Val::Text(_)
            | Val::Date(_)
            | Val::Time(_)
            | Val::Moment(_)
            | Val::Set(_)) => text.push_str(&told(&single)),
        }
    }
    bounded(text)
}

/// As a person would write it; of a list in a list, nothing.
fn told(value: &Val) -> String {
    match value {
        Val::Nothing | Val::List(_) => String::new(),
        Val::Bool(truth) => truth.to_string(),
        Val::Number(number) => number.normalize().to_string(),
        Val::Text(text) => text.clone(),
        Val::Date(date) => date.to_string(),
        Val::Time(time) => time.strftime("%H:%M").to_string(),
        Val::Moment(moment) => moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Val::Set(members) => {
            let names = members.iter().map(|member| if member.name.is_empty() { member.id.to_string() } else { member.name.clone() });
            names.collect::<Vec<_>>().join(", ")
        }
    }
}

/// A text that an expression made, where it is not too long.
fn bounded(text: String) -> Option<Val> {
    let fits = text.len() <= TEXT_CHARACTERS_MAX || text.chars().count() <= TEXT_CHARACTERS_MAX;
    fits.then_some(Val::Text(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::evaluate::tests::evaluated;

    fn numbers<'a, const N: usize>(cases: [(&'a str, &str); N]) -> [(&'a str, Val); N] {
        cases.map(|(source, number)| (source, Val::Number(number.parse().expect("a number"))))
    }

    fn texts<'a, const N: usize>(cases: [(&'a str, &str); N]) -> [(&'a str, Val); N] {
        cases.map(|(source, text)| (source, Val::Text(text.to_owned())))
    }

    #[track_caller]
    fn nothing<const N: usize>(sources: [&str; N]) {
        evaluated(sources.map(|source| (source, Val::Nothing)));
    }

    #[test]
    fn empty_and_filled_are_opposites() {
        for empty in ["nothing", "blank", "none", "''", "1 / 0"] {
            evaluated([(format!("empty({empty})").as_str(), Val::Bool(true)), (format!("filled({empty})").as_str(), Val::Bool(false))]);
        }
        for filled in ["n", "no", "t", "one", "column", "0"] {
            evaluated([(format!("empty({filled})").as_str(), Val::Bool(false)), (format!("filled({filled})").as_str(), Val::Bool(true))]);
        }
    }

    #[test]
    fn if_takes_its_second_value_only_when_the_first_is_true() {
        evaluated(numbers([("if(yes, 1, 2)", "1"), ("if(no, 1, 2)", "2"), ("if(nothing, 1, 2)", "2"), ("if(n, 1, 2)", "2")]));
        nothing(["if(no, 1, nothing)"]);
    }

    #[test]
    fn round_goes_half_away_from_zero_and_abs_drops_the_sign() {
        evaluated(numbers([
            ("round(2.5)", "3"),
            ("round(-2.5)", "-3"),
            ("round(1.005, 2)", "1.01"),
            ("round(n, 28)", "12.5"),
            ("abs(-n)", "12.5"),
        ]));
        nothing(["round(t)", "round(nothing)", "round(n, 29)", "round(n, -1)", "round(n, 0.5)", "round(n, t)", "abs(t)", "abs(nothing)"]);
    }

    #[test]
    fn min_and_max_pass_over_what_is_empty_and_compare_like_with_like() {
        evaluated(numbers([("min(3, n, 2)", "2"), ("max(3, n, nothing)", "12.5"), ("max(column)", "2.5"), ("min(column, #3)", "1")]));
        evaluated(texts([("min('b', 'A')", "A"), ("max('b', 'A')", "b")]));
        evaluated([("max(d, date('2025-01-01'))", Val::Date("2026-01-31".parse().expect("a date")))]);
        nothing(["min(nothing)", "max(none, blank)", "min(1, 'a')", "max(one, two)", "min(yes)", "max(d, m)"]);
    }

    #[test]
    fn sum_and_count_take_members_of_lists_one_by_one() {
        evaluated(numbers([("sum(column)", "3.5"), ("sum(column, n, nothing)", "16.0"), ("sum(nothing)", "0"), ("sum(none)", "0")]));
        evaluated(numbers([
            ("count(column)", "2"),
            ("count(two)", "2"),
            ("count(n, nothing, blank, no)", "2"),
            ("count(column, two)", "4"),
        ]));
        nothing(["sum(words)", "sum(1, 'a')", "sum(big, big)", "sum(one)", "sum(nested)"]);
    }

    #[test]
    fn days_are_counted_from_the_first_to_the_second() {
        evaluated(numbers([("days(d, date('2026-03-01'))", "29"), ("days(date('2026-03-01'), d)", "-29"), ("days(d, d)", "0")]));
        evaluated(numbers([
            ("days(m, moment('2026-02-02T09:29:59Z'))", "1"),
            ("days(date('-009999-01-01'), date('9999-12-31'))", "7304483"),
        ]));
        nothing(["days(d, m)", "days(d, nothing)", "days(1, 2)", "days(t, d)"]);
    }

    #[test]
    fn texts_are_made_of_whatever_there_is_and_bounded() {
        evaluated(texts([("lower('ÄB')", "äb"), ("lower(one)", "urgent"), ("concat(n, ' ', t, nothing)", "12.5 Straße 5")]));
        evaluated(texts([
            ("concat(two, '/', person)", "Urgent, Late/41"),
            ("concat(column)", "1, , 2.5"),
            ("concat(yes, d)", "true2026-01-31"),
        ]));
        evaluated(texts([("concat(c, m)", "09:302026-01-31T09:30:00Z"), ("concat(nothing)", ""), ("concat(nested)", "")]));
        nothing(["lower(n)", "lower(nothing)", "lower(two)", "concat(long, 'x')"]);
        evaluated([("lower(long) = long and concat(long) = long", Val::Bool(true))]);
    }
}
