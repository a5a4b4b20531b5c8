//! What can be said of an expression before it meets values: that its fields exist, and that its operands are of types that
//! it can do something with. What fits no operator would not fail when evaluated, but never be what its owner meant.

use super::FieldRef;
use super::fault::{Fault, Rule};
use super::tree::{Arithmetic, Comparison, Function, Node, Part};
use super::value::{Type, Val};

/// The type of each field, or nothing where there is no such field.
type Fields<'a> = &'a dyn Fn(&FieldRef) -> Option<Type>;

pub(super) fn type_of(node: &Node, fields: Fields<'_>) -> Result<Type, Fault> {
    match &node.part {
        Part::Literal(value) => Ok(of_literal(value)),
        Part::Field(field) => fields(field).ok_or_else(|| match field {
            FieldRef::Id(_) | FieldRef::Code(_) => Rule::UnknownField(field.clone()).at(node.at),
            FieldRef::Column { .. } => Rule::UnknownColumn(field.clone()).at(node.at),
        }),
        Part::Not(operand) => takes(operand, "not", &[Type::Bool], fields).map(|_| Type::Bool),
        Part::Negate(operand) => takes(operand, "-", &[Type::Number], fields).map(|_| Type::Number),
        Part::All(items) => conditions(items, "and", fields),
        Part::Any(items) => conditions(items, "or", fields),
        Part::Compare(comparison, sides) => {
            let [left, right] = &**sides;
            let (left, right) = (type_of(left, fields)?, type_of(right, fields)?);
            let fits = match comparison {
                Comparison::Equal | Comparison::Unequal => are_comparable(&left, &right),
                Comparison::Less | Comparison::AtMost | Comparison::Greater | Comparison::AtLeast => have_order(&left, &right),
                Comparison::Contains => can_contain(&left, &right),
                Comparison::StartsWith => is_text(&left) && is_text(&right),
            };
            if fits { Ok(Type::Bool) } else { Err(Rule::Unlike { operator: comparison.name(), left, right }.at(node.at)) }
        }
        Part::In(value, items) => inside(value, items, fields),
        Part::Chain(first, rest) => chain(first, rest, fields),
        Part::Call(function, arguments) => call(*function, arguments, fields),
    }
}

/// An empty text is what everything can be compared with: it stands for emptiness.
fn of_literal(value: &Val) -> Type {
    match value {
        Val::Bool(_) => Type::Bool,
        Val::Number(_) => Type::Number,
        Val::Text(text) if text.is_empty() => Type::Anything,
        Val::Text(_) => Type::Text,
        Val::Date(_) => Type::Date,
        Val::Time(_) => Type::Time,
        Val::Moment(_) => Type::Moment,
        Val::Set(_) => Type::Set,
        Val::Nothing | Val::List(_) => Type::Anything,
    }
}

fn conditions(items: &[Node], operator: &'static str, fields: Fields<'_>) -> Result<Type, Fault> {
    for item in items {
        takes(item, operator, &[Type::Bool], fields)?;
    }
    Ok(Type::Bool)
}

/// The operand is of one of these types, as far as it is known.
fn takes(operand: &Node, operator: &'static str, wanted: &[Type], fields: Fields<'_>) -> Result<Type, Fault> {
    let found = type_of(operand, fields)?;
    fits(&found, operand, operator, wanted)?;
    Ok(found)
}

/// The same, of an operand whose type has been found.
fn fits(found: &Type, operand: &Node, operator: &'static str, wanted: &[Type]) -> Result<(), Fault> {
    if *found == Type::Anything || wanted.contains(found) {
        return Ok(());
    }
    Err(Rule::Mistyped { operator, wanted: named(wanted), found: found.clone() }.at(operand.at))
}

fn named(wanted: &[Type]) -> &'static str {
    match wanted {
        [Type::Bool] => "true or false",
        [Type::Number] => "a number",
        [Type::Date, Type::Moment] => "a date or a moment",
        [Type::Text, Type::Set] => "a text",
        _others => "something else",
    }
}

fn are_comparable(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Anything, _) | (_, Type::Anything) => true,
        (Type::Set, Type::Number | Type::Text) | (Type::Number | Type::Text, Type::Set) => true,
        (Type::List(left), Type::List(right)) => are_comparable(left, right),
        (left, right) => left == right,
    }
}

fn have_order(left: &Type, right: &Type) -> bool {
    let has_order = |one: &Type| match one {
        Type::Anything | Type::Number | Type::Text | Type::Date | Type::Time | Type::Moment => true,
        Type::Bool | Type::Set | Type::List(_) => false,
    };
    has_order(left) && has_order(right) && are_comparable(left, right)
}

fn can_contain(whole: &Type, part: &Type) -> bool {
    match whole {
        Type::Anything => true,
        Type::Text => is_text(part),
        Type::Set => matches!(part, Type::Anything | Type::Set | Type::Number | Type::Text),
        Type::List(of) => are_comparable(of, part),
        Type::Bool | Type::Number | Type::Date | Type::Time | Type::Moment => false,
    }
}

/// Of a set it is the name.
const fn is_text(one: &Type) -> bool {
    matches!(one, Type::Anything | Type::Text | Type::Set)
}

fn inside(value: &Node, items: &[Node], fields: Fields<'_>) -> Result<Type, Fault> {
    let one = type_of(value, fields)?;
    for item in items {
        let other = type_of(item, fields)?;
        let is_member = matches!(other, Type::Set | Type::List(_)) && can_contain(&other, &one);
        if !is_member && !are_comparable(&one, &other) {
            return Err(Rule::Unlike { operator: "in", left: one, right: other }.at(item.at));
        }
    }
    Ok(Type::Bool)
}

fn chain(first: &Node, rest: &[(Arithmetic, Node)], fields: Fields<'_>) -> Result<Type, Fault> {
    let begin = type_of(first, fields)?;
    for (operator, operand) in rest {
        let dates = matches!(operator, Arithmetic::Add | Arithmetic::Subtract) && begin == Type::Date;
        if !dates && !matches!(begin, Type::Number | Type::Anything) {
            return Err(Rule::Mistyped { operator: operator.name(), wanted: "a number", found: begin }.at(first.at));
        }
        takes(operand, operator.name(), &[Type::Number], fields)?;
    }
    // What begins with something unknown may be a date as well.
    Ok(begin)
}

fn call(function: Function, arguments: &[Node], fields: Fields<'_>) -> Result<Type, Fault> {
    let name = function.name();
    let types = arguments.iter().map(|argument| type_of(argument, fields)).collect::<Result<Vec<_>, _>>()?;
    // Each argument has been looked at once; what follows looks at its type alone.
    let some = |range: std::ops::Range<usize>, wanted: &[Type]| {
        types[range.clone()].iter().zip(&arguments[range]).try_for_each(|(found, argument)| fits(found, argument, name, wanted))
    };
    let all = |wanted: &[Type]| some(0..types.len(), wanted);
    match function {
        Function::Empty | Function::Filled => Ok(Type::Bool),
        Function::If => {
            some(0..1, &[Type::Bool])?;
            Ok(unified(&types[1..]))
        }
        Function::Round | Function::Abs => all(&[Type::Number]).map(|()| Type::Number),
        Function::Lower => all(&[Type::Text, Type::Set]).map(|()| Type::Text),
        Function::Concat => Ok(Type::Text),
        Function::Count => Ok(Type::Number),
        Function::Days => {
            all(&[Type::Date, Type::Moment])?;
            match &types[..] {
                [left, right] if !are_comparable(left, right) => unlike(name, left, right, arguments),
                _alike => Ok(Type::Number),
            }
        }
        Function::Sum => {
            let off = each(&types).zip(arguments).find(|(one, _)| !matches!(one, Type::Number | Type::Anything));
            match off {
                Some((found, argument)) => Err(Rule::Mistyped { operator: name, wanted: "numbers", found: found.clone() }.at(argument.at)),
                None => Ok(Type::Number),
            }
        }
        Function::Min | Function::Max => {
            let known: Vec<&Type> = each(&types).filter(|one| **one != Type::Anything).collect();
            match known.iter().find(|one| !have_order(known[0], one)) {
                Some(other) => unlike(name, known[0], other, arguments),
                None => Ok(known.first().map_or(Type::Anything, |one| (*one).clone())),
            }
        }
    }
}

fn unlike(operator: &'static str, left: &Type, right: &Type, arguments: &[Node]) -> Result<Type, Fault> {
    let at = arguments.first().map_or(0, |argument| argument.at);
    Err(Rule::Unlike { operator, left: left.clone(), right: right.clone() }.at(at))
}

/// Of a list, what is in it.
fn each(types: &[Type]) -> impl Iterator<Item = &Type> {
    types.iter().map(|one| match one {
        Type::List(of) => of,
        Type::Anything | Type::Bool | Type::Number | Type::Text | Type::Date | Type::Time | Type::Moment | Type::Set => one,
    })
}

/// The type that they share.
fn unified(types: &[Type]) -> Type {
    match types {
        [first, others @ ..] if others.iter().all(|other| other == first) => first.clone(),
        _differing => Type::Anything,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Expression;

    fn fields(field: &FieldRef) -> Option<Type> {
        let FieldRef::Code(code) = field else { return None };
        Some(match code.as_str() {
            "n" => Type::Number,
            "t" => Type::Text,
            "yes" => Type::Bool,
            "d" => Type::Date,
            "c" => Type::Time,
            "m" => Type::Moment,
            "s" => Type::Set,
            "numbers" => Type::List(Box::new(Type::Number)),
            "words" => Type::List(Box::new(Type::Text)),
            "any" => Type::Anything,
            _ => return None,
        })
    }

    fn checked(source: &str) -> Result<Type, Fault> {
        Expression::parse(source).unwrap_or_else(|fault| panic!("{source}: {fault}")).check(&fields)
    }

    #[test]
    fn the_type_of_a_value_is_known_where_it_can_be() {
        let cases = [
            ("n + 1 * sum(numbers, n)", Type::Number),
            ("d + 1", Type::Date),
            ("if(yes, d, d - 1)", Type::Date),
            ("if(yes, 1, 'a')", Type::Anything),
            ("concat(n, s) = t and s = 'a' or s in (1, 'b', s)", Type::Bool),
            ("1 in (numbers) and t in (words) and words contains s", Type::Bool),
            ("n = '' or d != '' or s = ''", Type::Bool),
            ("n < any and any starts with t and s contains 7", Type::Bool),
            ("max(numbers, 3)", Type::Number),
            ("min(any)", Type::Anything),
            ("days(m, m) - abs(-n)", Type::Number),
            ("round(count(s), 2)", Type::Number),
            ("lower(s)", Type::Text),
            ("not empty(words)", Type::Bool),
        ];
        for (source, expected) in cases {
            assert_eq!(checked(source), Ok(expected), "{source}");
        }
    }

    #[test]
    fn each_node_is_looked_at_once_however_deep_it_is() {
        for (open, value) in [
            ("abs(", "n"),
            ("round(", "n"),
            ("lower(", "t"),
            ("if(yes, t, ", "t"),
            ("sum(", "n"),
            ("max(", "n"),
            ("not (", "yes"),
            ("-(", "n"),
        ] {
            let levels = if open == "not (" || open == "-(" { 15 } else { 31 };
            assert!(checked(&format!("{}{value}{}", open.repeat(levels), ")".repeat(levels))).is_ok(), "{open}");
        }
    }

    #[test]
    fn a_field_that_is_not_there_is_named_wherever_it_stands() {
        let cases =
            [("gone", 0), ("n = 1 or #7 = 2", 9), ("empty(gone)", 6), ("if(yes, 1, gone)", 11), ("n in (1, gone)", 9), ("1 + -gone", 5)];
        for (source, offset) in cases {
            let fault = checked(source).expect_err(source);
            assert!(matches!(fault.rule, Rule::UnknownField(_)), "{source}: {fault}");
            assert_eq!(fault.offset, offset, "{source}");
        }
        assert_eq!(checked("#7").expect_err("no such field").to_string(), "there is no field #7, at character 1");
    }

    #[test]
    fn operands_that_cannot_fit_are_named() {
        let mistyped = ["yes and n", "t or yes", "not s", "-t", "n + t", "t + 1", "d * 2", "d + d", "if(n, 1, 2)", "round(t)", "abs(d)"];
        let functions = ["days(n, d)", "lower(n)", "sum(words)", "sum(t)", "sum(s)"];
        for source in mistyped.into_iter().chain(functions) {
            assert!(matches!(checked(source).expect_err(source).rule, Rule::Mistyped { .. }), "{source}");
        }
        let unlike =
            ["n = t", "d < m", "yes < yes", "s < 1", "n contains 1", "t contains 1", "t starts with 1", "n in (1, 'a')", "yes = 1"];
        for source in unlike.into_iter().chain(["days(d, m)", "min(n, t)", "max(s, s)", "numbers = n", "numbers contains t"]) {
            assert!(matches!(checked(source).expect_err(source).rule, Rule::Unlike { .. }), "{source}");
        }
        let fault = checked("yes and n").expect_err("a number is no condition");
        assert_eq!(fault.to_string(), "and takes true or false, and this is a number, at character 9");
    }
}
