//! What can be wrong with an expression, and where. Found when it is parsed or checked: nothing is wrong when it is evaluated.

use thiserror::Error;

use super::value::Type;
use super::{DEPTH_MAX, FieldRef, NODES_MAX, SOURCE_CHARACTERS_MAX};

/// The rule that an expression breaks.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{rule}, at character {}", offset + 1)]
pub struct Fault {
    pub rule: Rule,
    /// Characters before the place, from 0.
    pub offset: usize,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rule {
    #[error("an expression has at most {SOURCE_CHARACTERS_MAX} characters")]
    TooLong,
    #[error("an expression has at most {DEPTH_MAX} levels")]
    TooDeep,
    #[error("an expression has at most {NODES_MAX} parts")]
    TooManyNodes,
    #[error("the character {0:?} means nothing here")]
    UnknownCharacter(char),
    #[error("the text does not end: its quotation mark is missing")]
    UnfinishedText,
    #[error("a number has at most 28 digits, with a point between digits, and nothing else")]
    BadNumber,
    #[error("a field is # and its number, or its code")]
    BadField,
    #[error("this is not written as {0}")]
    BadLiteral(&'static str),
    #[error("a value is missing")]
    ValueMissing,
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("this is left over")]
    LeftOver,
    #[error("comparisons are made two at a time, with `and` between them")]
    ChainedComparison,
    #[error("there is no function {0}")]
    UnknownFunction(String),
    #[error("{function} takes {wanted}")]
    ArgumentCount { function: &'static str, wanted: &'static str },
    #[error("there is no field {0}")]
    UnknownField(FieldRef),
    #[error("there is no column {0}")]
    UnknownColumn(FieldRef),
    #[error("{operator} takes {wanted}, and this is {found}")]
    Mistyped { operator: &'static str, wanted: &'static str, found: Type },
    #[error("{operator} takes two of a kind, and these are {left} and {right}")]
    Unlike { operator: &'static str, left: Type, right: Type },
}

impl Rule {
    pub(super) const fn at(self, offset: usize) -> Fault {
        Fault { rule: self, offset }
    }
}
