//! What holds for every source that anybody could write, and every tree over any values. Single cases are beside the code.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::evaluate::Fields;
use super::tree::{Arithmetic, Comparison, Function, Node, Part};
use super::{DEPTH_MAX, Expression, FieldRef, NODES_MAX, SOURCE_CHARACTERS_MAX, TEXT_CHARACTERS_MAX, Type, Val, parser};

/// Pieces of the language, and what looks like it.
const PIECES: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "contains",
    "starts with",
    "starts",
    "true",
    "FALSE",
    "(",
    ")",
    "((",
    "))",
    ",",
    "+",
    "-",
    "*",
    "/",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "!",
    "#1",
    "#2",
    "#",
    "u_a",
    "u_b",
    ".",
    ".City",
    "#1.\"A b\"",
    "1",
    "2.50",
    "0",
    "79228162514264337593543950335",
    "1.",
    "'a'",
    "\"b\"",
    "''",
    "'",
    "\"",
    "date('2026-01-31')",
    "date(",
    "time('09:30')",
    "moment('2026-01-31T09:30:00Z')",
    "empty(",
    "filled(",
    "if(",
    "round(",
    "min(",
    "max(",
    "abs(",
    "sum(",
    "count(",
    "days(",
    "lower(",
    "concat(",
    "now(",
    "\n",
    "é",
    "\u{202e}",
    "\0",
];

/// Any string, and strings that look like expressions.
fn sources() -> impl Strategy<Value = String> {
    let soup = prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.join(" "));
    let tight = prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat());
    prop_oneof![1 => any::<String>(), 1 => "[ -~]{0,60}", 1 => ".{1990,2010}", 6 => soup, 3 => tight]
}

const COMPARISONS: &[Comparison] = &[
    Comparison::Equal,
    Comparison::Unequal,
    Comparison::Less,
    Comparison::AtMost,
    Comparison::Greater,
    Comparison::AtLeast,
    Comparison::Contains,
    Comparison::StartsWith,
];

fn numbers() -> impl Strategy<Value = Decimal> {
    let edges = prop::sample::select(vec![Decimal::ZERO, Decimal::ONE, Decimal::MAX, Decimal::new(1, 28), Decimal::new(5, 1)]);
    // What a source can say: no signs, they are operators.
    let any = (any::<u32>(), any::<u32>(), any::<u32>(), 0_u32..=28)
        .prop_map(|(low, mid, high, scale)| Decimal::from_parts(low, mid, high, false, scale));
    prop_oneof![edges, any, (0_i64..20).prop_map(Decimal::from)]
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[a-cA-C'\" ]{0,5}", "\\PC{0,5}"]
}

fn dates() -> impl Strategy<Value = Val> {
    (-9999_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Val::Date(jiff::civil::date(year, month, day)))
}

fn times() -> impl Strategy<Value = Val> {
    (0_i8..24, 0_i8..60, 0_i8..60).prop_map(|(hour, minute, second)| Val::Time(jiff::civil::time(hour, minute, second, 0)))
}

fn moments() -> impl Strategy<Value = Val> {
    (jiff::Timestamp::MIN.as_second()..=jiff::Timestamp::MAX.as_second())
        .prop_map(|second| Val::Moment(jiff::Timestamp::from_second(second).expect("a moment within bounds")))
}

fn literals() -> impl Strategy<Value = Val> {
    prop_oneof![
        any::<bool>().prop_map(Val::Bool),
        numbers().prop_map(Val::Number),
        texts().prop_map(Val::Text),
        dates(),
        times(),
        moments()
    ]
}

/// Whatever a scope can answer, lists in lists included.
fn values() -> impl Strategy<Value = Val> {
    let set = prop::collection::vec((0_i64..4, "[a-c]{0,2}"), 0..4).prop_map(Val::named);
    let signed = (numbers(), any::<bool>()).prop_map(|(number, negative)| Val::Number(if negative { -number } else { number }));
    let single = prop_oneof![Just(Val::Nothing), signed, literals(), set, any::<i64>().prop_map(|id| Val::ids([id]))];
    single.prop_recursive(3, 16, 4, |value| prop::collection::vec(value, 0..4).prop_map(Val::List))
}

fn fields() -> impl Strategy<Value = FieldRef> {
    let name = prop_oneof!["[a-cA-C]{1,3}", "in|or|sum", "\\PC{1,5}"];
    let column = (plain_fields(), name).prop_map(|(of, name)| FieldRef::Column { of: Box::new(of), name });
    prop_oneof![3 => plain_fields(), 1 => column]
}

fn plain_fields() -> impl Strategy<Value = FieldRef> {
    prop_oneof![(0_u32..4).prop_map(FieldRef::Id), "u_[a-d]".prop_map(FieldRef::Code), any::<u32>().prop_map(FieldRef::Id)]
}

fn node(part: Part) -> Node {
    Node { at: 0, part }
}

fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![literals().prop_map(|value| node(Part::Literal(value))), fields().prop_map(|field| node(Part::Field(field)))];
    leaf.prop_recursive(6, 60, 4, |below| {
        let several = || prop::collection::vec(below.clone(), 2..4);
        let chain = |operators: &'static [Arithmetic]| {
            let rest = prop::collection::vec((prop::sample::select(operators), below.clone()), 1..4);
            (below.clone(), rest).prop_map(|(first, rest)| node(Part::Chain(Box::new(first), rest)))
        };
        let call = (prop::sample::select(&Function::ALL[..]), prop::collection::vec(below.clone(), 1..4))
            .prop_filter_map("the function takes another number of values", |(function, arguments)| {
                function.takes(arguments.len()).is_ok().then(|| node(Part::Call(function, arguments)))
            });
        prop_oneof![
            below.clone().prop_map(|operand| node(Part::Not(Box::new(operand)))),
            below.clone().prop_map(|operand| node(Part::Negate(Box::new(operand)))),
            several().prop_map(|items| node(Part::All(items))),
            several().prop_map(|items| node(Part::Any(items))),
            (prop::sample::select(COMPARISONS), below.clone(), below.clone())
                .prop_map(|(comparison, left, right)| node(Part::Compare(comparison, Box::new([left, right])))),
            (below.clone(), prop::collection::vec(below.clone(), 1..4)).prop_map(|(value, items)| node(Part::In(Box::new(value), items))),
            chain(&[Arithmetic::Add, Arithmetic::Subtract]),
            chain(&[Arithmetic::Multiply, Arithmetic::Divide]),
            call,
        ]
    })
}

fn scopes() -> impl Strategy<Value = Fields> {
    prop::collection::vec((fields(), values()), 0..8).prop_map(Fields)
}

fn count(node: &Node) -> usize {
    1 + node.children().into_iter().map(count).sum::<usize>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_source_is_taken_or_refused_within_it(source in sources(), scope in scopes()) {
        match Expression::parse(&source) {
            Ok(expression) => {
                let understood = expression.understood.as_ref().expect("it was parsed");
                prop_assert!(count(&understood.tree) <= NODES_MAX && understood.tree.deepest().0 <= DEPTH_MAX);
                prop_assert!(source.chars().count() <= SOURCE_CHARACTERS_MAX);
                let _ = expression.evaluate(&scope);
                let _ = expression.check(&|_| Some(Type::Anything));
            }
            Err(fault) => prop_assert!(fault.offset <= source.chars().count(), "{}", fault),
        }
    }

    #[test]
    fn any_tree_is_the_same_after_it_is_printed_and_parsed(tree in nodes()) {
        let source = tree.to_string();
        prop_assume!(source.chars().count() <= SOURCE_CHARACTERS_MAX);
        let parsed = parser::parse(&source);
        prop_assert_eq!(parsed.as_ref(), Ok(&tree), "{}", source);
    }

    #[test]
    fn any_tree_has_a_value_over_any_fields(tree in nodes(), scope in scopes()) {
        let value = super::evaluate::value(&tree, &scope);
        if let Val::Text(text) = &value {
            prop_assert!(text.chars().count() <= TEXT_CHARACTERS_MAX);
        }
        prop_assert!(value.equals(&value) || matches!(value, Val::List(_)));
        prop_assert_eq!(value, super::evaluate::value(&tree, &scope));
    }

    #[test]
    fn equality_goes_both_ways_and_order_is_one_way(left in values(), right in values()) {
        prop_assert_eq!(left.equals(&right), right.equals(&left));
        prop_assert_eq!(left.order(&right), right.order(&left).map(std::cmp::Ordering::reverse));
        if !left.is_empty() && !right.is_empty() && left.order(&right).is_some() {
            prop_assert_eq!(left.order(&right) == Some(std::cmp::Ordering::Equal), left.equals(&right));
        }
    }
}
