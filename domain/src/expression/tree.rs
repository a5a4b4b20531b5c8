//! What a parsed expression is: a tree of operators over literals and fields. Not how it is written or evaluated.

use std::fmt;

use super::lexer;
use super::value::Val;

/// A field, as an expression names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldRef {
    /// `#12`
    Id(u32),
    /// `u_amount`
    Code(String),
    /// `#12.City`, `u_vendor."Tax number"`: what stands in a column of a catalog, of the items in the field.
    Column { of: Box<Self>, name: String },
}

impl FieldRef {
    /// The field of this code; nothing for a code that no expression can name, because it is written otherwise or is a word
    /// of the language.
    pub fn code(code: &str) -> Option<Self> {
        lexer::is_code(code).then(|| Self::Code(code.to_owned()))
    }
}

impl fmt::Display for FieldRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "#{id}"),
            Self::Code(code) => f.write_str(code),
            Self::Column { of, name } if lexer::is_word(name) => write!(f, "{of}.{name}"),
            Self::Column { of, name } => write!(f, "{of}.\"{}\"", name.replace('"', "\"\"")),
        }
    }
}

/// Nodes are the same when their parts are, wherever they stand.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Where it is in the source: characters before it.
    pub at: usize,
    pub part: Part,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Literal(Val),
    Field(FieldRef),
    Not(Box<Node>),
    Negate(Box<Node>),
    /// `and`, of two or more.
    All(Vec<Node>),
    /// `or`, of two or more.
    Any(Vec<Node>),
    Compare(Comparison, Box<[Node; 2]>),
    In(Box<Node>, Vec<Node>),
    /// One after the other; the operators are all of one rank.
    Chain(Box<Node>, Vec<(Arithmetic, Node)>),
    Call(Function, Vec<Node>),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.part == other.part
    }
}

/// How tightly operators bind; what binds tighter has the higher number.
pub(super) mod power {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARISON: u8 = 4;
    pub const SUM: u8 = 5;
    pub const PRODUCT: u8 = 6;
    pub const SIGN: u8 = 7;
    pub const VALUE: u8 = 8;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Contains,
    StartsWith,
}

impl Comparison {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Contains => "contains",
            Self::StartsWith => "starts with",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Arithmetic {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }

    pub const fn power(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => power::SUM,
            Self::Multiply | Self::Divide => power::PRODUCT,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Empty,
    Filled,
    If,
    Round,
    Min,
    Max,
    Abs,
    Sum,
    Count,
    Days,
    Lower,
    Concat,
}

impl Function {
    pub const ALL: [Self; 12] = [
        Self::Empty,
        Self::Filled,
        Self::If,
        Self::Round,
        Self::Min,
        Self::Max,
        Self::Abs,
        Self::Sum,
        Self::Count,
        Self::Days,
        Self::Lower,
        Self::Concat,
    ];

    /// As it is written, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Filled => "filled",
            Self::If => "if",
            Self::Round => "round",
            Self::Min => "min",
            Self::Max => "max",
            Self::Abs => "abs",
            Self::Sum => "sum",
            Self::Count => "count",
            Self::Days => "days",
            Self::Lower => "lower",
            Self::Concat => "concat",
        }
    }

    /// Whether it takes so many arguments; if not, how many it takes.
    pub fn takes(self, count: usize) -> Result<(), &'static str> {
        let (fits, wanted) = match self {
            Self::Empty | Self::Filled | Self::Abs | Self::Lower => (count == 1, "one value"),
            Self::Days => (count == 2, "two values"),
            Self::If => (count == 3, "three values: the condition, what it is if so, what it is if not"),
            Self::Round => (count == 1 || count == 2, "a number and, if you like, the decimal places"),
            Self::Min | Self::Max | Self::Sum | Self::Count | Self::Concat => (count >= 1, "at least one value"),
        };
        if fits { Ok(()) } else { Err(wanted) }
    }
}

impl Node {
    /// How tightly what is at its top binds.
    pub fn power(&self) -> u8 {
        match &self.part {
            Part::Any(_) => power::OR,
            Part::All(_) => power::AND,
            Part::Not(_) => power::NOT,
            Part::Compare(..) | Part::In(..) => power::COMPARISON,
            Part::Chain(_, rest) => rest.first().map_or(power::VALUE, |(operator, _)| operator.power()),
            Part::Negate(_) => power::SIGN,
            Part::Literal(_) | Part::Field(_) | Part::Call(..) => power::VALUE,
        }
    }

    /// The nodes right below, in the order of the source.
    pub fn children(&self) -> Vec<&Self> {
        match &self.part {
            Part::Literal(_) | Part::Field(_) => Vec::new(),
            Part::Not(operand) | Part::Negate(operand) => vec![operand],
            Part::All(items) | Part::Any(items) | Part::Call(_, items) => items.iter().collect(),
            Part::Compare(_, sides) => sides.iter().collect(),
            Part::In(value, items) => std::iter::once(&**value).chain(items).collect(),
            Part::Chain(first, rest) => std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)).collect(),
        }
    }

    /// The node at the end of the longest way down, and how many levels it is at, from 1.
    pub fn deepest(&self) -> (usize, &Self) {
        let below = self.children().into_iter().map(Self::deepest).max_by_key(|(depth, _)| *depth);
        below.map_or((1, self), |(depth, node)| (depth + 1, node))
    }

    /// The fields below, each once, in the order of the source.
    pub fn fields(&self) -> Vec<FieldRef> {
        let mut fields = Vec::new();
        self.collect_fields(&mut fields);
        let mut seen = std::collections::HashSet::new();
        fields.into_iter().filter(|field| seen.insert(*field)).cloned().collect()
    }

    fn collect_fields<'a>(&'a self, fields: &mut Vec<&'a FieldRef>) {
        if let Part::Field(field) = &self.part {
            fields.push(field);
        }
        for child in self.children() {
            child.collect_fields(fields);
        }
    }
}
