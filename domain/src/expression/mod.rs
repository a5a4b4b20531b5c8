//! The language of conditions and computed fields: small, pure, and nothing in it can run for long. It knows nothing of
//! forms: whoever evaluates says through [`Scope`] what stands in a field.
//!
//! # The language
//!
//! | | |
//! |---|---|
//! | a field | `#12` by its id, `u_amount` by its code (a letter or `_`, then letters, digits, `_`; as it was given, case counts) |
//! | a column of a catalog | `#12.City`, `u_vendor."Tax number"`: what stands there, of the items in the field; by its name in any case, in quotation marks where it is not one word |
//! | a number | `1200`, `0.25`: exact decimals of up to 28 digits, never floats |
//! | a text | `"so"` or `'so'`; a quotation mark inside is doubled: `"3"" pipe"` |
//! | truth | `true`, `false` |
//! | a date, a time, a moment | `date("2026-01-31")`, `time("09:30")`, `moment("2026-01-31T09:30:00Z")`: a literal, nothing else in the parentheses |
//! | logic | `a and b`, `a or b`, `not a` |
//! | comparison | `=` `!=` `<` `<=` `>` `>=`, two at a time: between is `1 <= #3 and #3 <= 5` |
//! | one of several | `a in (b, c)`, `a not in (b, c)` |
//! | parts | `a contains b`, `a starts with b` |
//! | arithmetic | `+` `-` `*` `/`, `-a` |
//! | functions | `empty filled if round min max abs sum count days lower concat` |
//!
//! Loosest first: `or`, `and`, `not`, comparisons (with `in`, `contains` and `starts with`), `+ -`, `* /`, the sign.
//! Words of the language are read in any case; a field whose code is one of them is named by its id.
//!
//! # Values
//!
//! Persons, catalog items and choices are *sets*: each member has an id and, where it has one that an owner of a form would
//! write, a name. A set of one member equals its id (`#5 = 12`) and its name (`#5 = "Urgent"`); one of several members
//! equals neither, and is asked with `contains`. Where a text is wanted, a set of one named member stands for the name. A
//! *list* holds the values of a table's column, a row each.
//!
//! The name of a catalog's item is its first value: `u_vendor = "Acme"`. A column of it is a text; of a field that takes several
//! items it is a list with a text an item, and of a table's column one with a text a row (several items with `, ` between).
//!
//! Texts are compared without regard to case everywhere: `=`, order, `in`, `contains`, `starts with`, `min`, `max`.
//! Values of unlike types are never equal and have no order, so `=`, `<`, `<=`, `>`, `>=`, `in`, `contains` and `starts with`
//! are false of them; `a != b` is always `not (a = b)`. Nothing that is evaluated is an error.
//!
//! # What operators do with nothing
//!
//! *Empty* is Nothing, a text without characters, a set or a list without members.
//!
//! | | with something empty |
//! |---|---|
//! | `a = b`, `a in (…)` | empty equals empty, whatever kind it is of, and nothing else |
//! | `a != b` | the opposite: true when one is empty and the other is not |
//! | `<` `<=` `>` `>=` | false |
//! | `contains`, `starts with` | false, whichever side is empty |
//! | `and`, `or`, `not` | what is not true counts as false, so `not` of it is true; the answer is always true or false |
//! | `+` `-` `*` `/`, `-a`, `abs`, `round`, `days`, `lower` | Nothing, as when a number overflows, a divisor is zero or a type does not fit |
//! | `if(c, a, b)` | `b`, as for all that is not true |
//! | `sum`, `min`, `max`, `count` | it is passed over; of nothing at all, `sum` and `count` are 0 and `min` and `max` Nothing |
//! | `concat` | no characters |
//! | `empty`, `filled` | true, false |
//!
//! # Functions
//!
//! | | |
//! |---|---|
//! | `empty(a)`, `filled(a)` | whether there is anything in it |
//! | `if(c, a, b)` | `a` when `c` is true, else `b` |
//! | `round(a, n)` | to `n` decimal places, 0 to 28 (0 when left out), half away from zero |
//! | `abs(a)` | without its sign |
//! | `min(a, …)`, `max(a, …)` | the least, the greatest, of values of one type that has an order; members of lists count one by one |
//! | `sum(a, …)` | of numbers; members of lists count one by one: `sum(#7)` over a table's column |
//! | `count(a, …)` | how many are not empty; members of lists and sets count one by one |
//! | `days(a, b)` | from date `a` to date `b`, negative when `b` is earlier; of moments, the whole days of 24 hours |
//! | `lower(a)` | in lower case |
//! | `concat(a, …)` | one text of all; names of a set (ids where they have none) and members of a list with `, ` between |
//!
//! A date plus or minus a whole number is the date so many days on.
//!
//! # Bounds
//!
//! A source has at most [`SOURCE_CHARACTERS_MAX`] characters, a tree [`NODES_MAX`] nodes and [`DEPTH_MAX`] levels; a text that
//! would be made longer than [`TEXT_CHARACTERS_MAX`] characters is Nothing. There are no loops, no recursion over data and no
//! clock: evaluation visits each node at most once, and at each takes time in the size of the values there (and its logarithm,
//! where sets are compared).

mod check;
mod evaluate;
mod fault;
mod functions;
mod lexer;
mod parser;
mod print;
mod tree;
mod value;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod properties;

pub use fault::{Fault, Rule};
pub use tree::FieldRef;
pub use value::{Member, Type, Val};

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use tree::Node;

/// Characters in the source of an expression.
pub const SOURCE_CHARACTERS_MAX: usize = 2_000;
/// Levels of an expression, and parentheses and functions one in the other.
pub const DEPTH_MAX: usize = 32;
/// Nodes of an expression: literals, fields, operators and functions.
pub const NODES_MAX: usize = 500;
/// Characters in a text that an expression makes.
pub const TEXT_CHARACTERS_MAX: usize = crate::text::CHARACTERS_MAX;

/// What stands in the fields that an expression names.
pub trait Scope {
    /// Nothing for a field that is empty, or is not there.
    fn value(&self, field: &FieldRef) -> Val;
}

/// A condition or a computation, as its owner wrote it and as it is understood. Cheap to clone.
///
/// Written and read as its source, in every format. A recorded source that this build does not understand is no error: it is
/// kept, and its value is Nothing (`is_understood` tells).
#[derive(Clone, Debug)]
pub struct Expression {
    source: Arc<str>,
    understood: Option<Arc<Understood>>,
}

#[derive(Debug)]
struct Understood {
    tree: Node,
    /// Each once, in the order in which the source names them.
    fields: Vec<FieldRef>,
}

impl Expression {
    /// # Errors
    /// The rule that the source breaks, and where.
    pub fn parse(source: &str) -> Result<Self, Fault> {
        let tree = parser::parse(source)?;
        let fields = tree.fields();
        Ok(Self { source: source.into(), understood: Some(Arc::new(Understood { tree, fields })) })
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the source is of the language: always, unless it was recorded by another build.
    pub fn is_understood(&self) -> bool {
        self.understood.is_some()
    }

    /// The fields that it names, each once, in order.
    pub fn fields(&self) -> impl Iterator<Item = &FieldRef> {
        self.understood.iter().flat_map(|understood| &understood.fields)
    }

    /// Its value where the fields hold what `scope` says.
    pub fn evaluate(&self, scope: &dyn Scope) -> Val {
        self.understood.as_ref().map_or(Val::Nothing, |understood| evaluate::value(&understood.tree, scope))
    }

    /// It is a condition, and it is met: its value is true, and not Nothing or anything else.
    pub fn holds(&self, scope: &dyn Scope) -> bool {
        self.evaluate(scope).is_true()
    }

    /// The type of its value, where `type_of` says the type of each field, or nothing for one that does not exist.
    ///
    /// # Errors
    /// The field that does not exist, or the operand whose type does not fit as far as it can be known, and where.
    pub fn check(&self, type_of: &dyn Fn(&FieldRef) -> Option<Type>) -> Result<Type, Fault> {
        match &self.understood {
            Some(understood) => check::type_of(&understood.tree, type_of),
            // Parsed again for the fault alone.
            None => parser::parse(&self.source).map(|_| Type::Anything),
        }
    }
}

/// Two expressions are the same when they were written the same.
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Expression {}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        Ok(Self::parse(&source).unwrap_or_else(|_| Self { source: source.into(), understood: None }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Empty;

    impl Scope for Empty {
        fn value(&self, _field: &FieldRef) -> Val {
            Val::Nothing
        }
    }

    #[test]
    fn an_expression_is_written_and_read_as_its_source() {
        let written = Expression::parse("#1 =  'x'").expect("it is of the language");
        let json = serde_json::to_string(&written).expect("a text");
        assert_eq!(json, r##""#1 =  'x'""##);
        assert_eq!(serde_json::from_str::<Expression>(&json).expect("a text"), written);
        let config = bincode::config::standard();
        let bytes = bincode::serde::encode_to_vec(&written, config).expect("a text");
        let (read, _) = bincode::serde::decode_from_slice::<Expression, _>(&bytes, config).expect("a text");
        assert_eq!((read.is_understood(), read), (true, written));
    }

    #[test]
    fn a_recorded_source_that_is_not_understood_is_kept_and_yields_nothing() {
        let read: Expression = serde_json::from_str(r#""tomorrow(#1""#).expect("any text is taken");
        assert_eq!((read.is_understood(), read.source(), read.fields().count()), (false, "tomorrow(#1", 0));
        assert_eq!((read.evaluate(&Empty), read.holds(&Empty)), (Val::Nothing, false));
        assert!(read.check(&|_| Some(Type::Number)).is_err());
        assert_eq!(serde_json::to_string(&read).expect("a text"), r#""tomorrow(#1""#);
    }

    #[test]
    fn fields_are_told_once_and_in_order() {
        let expression = Expression::parse("u_b = #2 or sum(#2, u_b, #1) > 3").expect("it is of the language");
        let fields: Vec<String> = expression.fields().map(ToString::to_string).collect();
        assert_eq!(fields, ["u_b", "#2", "#1"]);
    }

    #[test]
    fn a_condition_is_met_when_it_is_true_and_not_when_it_is_anything_else() {
        for (source, met) in [("true", true), ("false", false), ("#1", false), ("1", false), ("'true'", false), ("1 = 1", true)] {
            assert_eq!(Expression::parse(source).expect("it is of the language").holds(&Empty), met, "{source}");
        }
    }
}
