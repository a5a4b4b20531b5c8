//! The cases that every reader of the language agrees on: `cases.json`, which the browser's app tests as well.

use serde_json::Value;

use super::evaluate::Fields;
use super::fault::Rule;
use super::{Expression, FieldRef, Val};

fn cases(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("cases.json")).expect("JSON");
    all[name].as_array().expect("a list").clone()
}

/// `#12`, `u_code`, and behind a point the name of a column.
fn named(name: &str) -> FieldRef {
    let (field, column) = name.split_once('.').map_or((name, None), |(field, column)| (field, Some(column)));
    let field = match field.strip_prefix('#') {
        Some(id) => FieldRef::Id(id.parse().expect("a number")),
        None => FieldRef::Code(field.to_owned()),
    };
    column.map_or(field.clone(), |column| FieldRef::Column { of: Box::new(field), name: column.to_owned() })
}

fn val(json: &Value) -> Val {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    match json {
        Value::Null => Val::Nothing,
        Value::Bool(truth) => Val::Bool(*truth),
        Value::String(text) => Val::Text(text.clone()),
        Value::Object(members) => match members.iter().next().map(|(kind, value)| (kind.as_str(), value)).expect("one member") {
            ("number", value) => Val::Number(text(value).parse().expect("a number")),
            ("date", value) => Val::Date(text(value).parse().expect("a date")),
            ("time", value) => Val::Time(text(value).parse().expect("a time")),
            ("moment", value) => Val::Moment(text(value).parse().expect("a moment")),
            ("list", Value::Array(values)) => Val::List(values.iter().map(val).collect()),
            ("set", Value::Array(members)) => {
                Val::named(members.iter().map(|member| (member[0].as_i64().expect("an id"), text(&member[1]))))
            }
            other => panic!("{other:?}"),
        },
        Value::Number(_) | Value::Array(_) => panic!("{json}"),
    }
}

const fn word(rule: &Rule) -> &'static str {
    match rule {
        Rule::TooLong => "too_long",
        Rule::TooDeep => "too_deep",
        Rule::TooManyNodes => "too_many_nodes",
        Rule::UnknownCharacter(_) => "character",
        Rule::UnfinishedText => "unfinished_text",
        Rule::BadNumber => "number",
        Rule::BadField => "field",
        Rule::BadLiteral(_) => "literal",
        Rule::ValueMissing => "value_missing",
        Rule::Missing(_) => "missing",
        Rule::LeftOver => "left_over",
        Rule::ChainedComparison => "chained",
        Rule::UnknownFunction(_) => "function",
        Rule::ArgumentCount { .. } => "arguments",
        Rule::UnknownField(_) | Rule::UnknownColumn(_) | Rule::Mistyped { .. } | Rule::Unlike { .. } => "checked",
    }
}

#[test]
fn every_case_has_its_value() {
    let all: Value = serde_json::from_str(include_str!("cases.json")).expect("JSON");
    let fields = all["fields"].as_object().expect("fields by name");
    let fields = Fields(fields.iter().map(|(name, value)| (named(name), val(value))).collect());
    for case in cases("values") {
        let source = case[0].as_str().expect("a source");
        let expression = Expression::parse(source).unwrap_or_else(|fault| panic!("{source}: {fault}"));
        assert_eq!(expression.evaluate(&fields), val(&case[1]), "{source}");
    }
}

#[test]
fn every_fault_has_its_rule_and_its_place() {
    for case in cases("faults") {
        let source = case[0].as_str().expect("a source");
        let fault = Expression::parse(source).expect_err(source);
        assert_eq!(
            (word(&fault.rule), fault.offset as u64),
            (case[1].as_str().expect("a rule"), case[2].as_u64().expect("a place")),
            "{source}"
        );
    }
}
