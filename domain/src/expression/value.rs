//! The values that expressions are about, and how two of them compare. Not how fields are read into them.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;

/// What stands in a field, or comes out of an expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Val {
    #[default]
    Nothing,
    Bool(bool),
    Number(Decimal),
    Text(String),
    Date(Date),
    Time(Time),
    Moment(Timestamp),
    /// Persons, catalog items, choices.
    Set(Vec<Member>),
    /// The values of a table's column, a row each. Lists in a list equal nothing.
    List(Vec<Self>),
}

/// One of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: i64,
    /// What it is called where an expression may call it so (the choice, the key of the catalog's item); else empty.
    pub name: String,
}

/// A kind of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Not known before it is evaluated.
    Anything,
    Bool,
    Number,
    Text,
    Date,
    Time,
    Moment,
    Set,
    /// Of values of one type.
    List(Box<Self>),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anything => "anything",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::Time => "a time",
            Self::Moment => "a moment",
            Self::Set => "a set",
            Self::List(_) => "a column of a table",
        })
    }
}

impl Val {
    /// A set of what has ids and no names.
    pub fn ids(ids: impl IntoIterator<Item = i64>) -> Self {
        Self::Set(ids.into_iter().map(|id| Member { id, name: String::new() }).collect())
    }

    /// A set of what has ids and names.
    pub fn named<N: Into<String>>(members: impl IntoIterator<Item = (i64, N)>) -> Self {
        Self::Set(members.into_iter().map(|(id, name)| Member { id, name: name.into() }).collect())
    }

    pub const fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }

    /// Nothing, or a text, set or list with nothing in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.is_empty(),
            Self::Set(members) => members.is_empty(),
            Self::List(values) => values.is_empty(),
            Self::Bool(_) | Self::Number(_) | Self::Date(_) | Self::Time(_) | Self::Moment(_) => false,
        }
    }

    /// The text, or the name of the only member.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Set(members) => only(members).map(|member| member.name.as_str()).filter(|name| !name.is_empty()),
            Self::Nothing | Self::Bool(_) | Self::Number(_) | Self::Date(_) | Self::Time(_) | Self::Moment(_) | Self::List(_) => None,
        }
    }

    /// `self = other`.
    pub(super) fn equals(&self, other: &Self) -> bool {
        if self.is_empty() || other.is_empty() {
            return self.is_empty() && other.is_empty();
        }
        match (self, other) {
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.equals_in_list(right))
            }
            (left, right) => left.is_like(right),
        }
    }

    /// The same, of members of lists: never looks into lists in lists.
    fn equals_in_list(&self, other: &Self) -> bool {
        if self.is_empty() || other.is_empty() { self.is_empty() && other.is_empty() } else { self.is_like(other) }
    }

    /// Both are filled, and lists are like nothing.
    fn is_like(&self, other: &Self) -> bool {
        match self {
            Self::Bool(left) => matches!(other, Self::Bool(right) if left == right),
            Self::Number(left) => match other {
                Self::Set(members) => is_only_id(members, *left),
                other => matches!(other, Self::Number(right) if left == right),
            },
            Self::Text(left) => other.as_text().is_some_and(|right| folded(left).eq(folded(right))),
            Self::Date(left) => matches!(other, Self::Date(right) if left == right),
            Self::Time(left) => matches!(other, Self::Time(right) if left == right),
            Self::Moment(left) => matches!(other, Self::Moment(right) if left == right),
            Self::Set(left) => match other {
                Self::Set(right) => ids(left) == ids(right),
                Self::Number(id) => is_only_id(left, *id),
                other => matches!((self.as_text(), other), (Some(left), Self::Text(right)) if folded(left).eq(folded(right))),
            },
            Self::Nothing | Self::List(_) => false,
        }
    }

    /// Which comes first; nothing where they have no order.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => Some(left.cmp(right)),
            (Self::Text(left), Self::Text(right)) if !left.is_empty() && !right.is_empty() => Some(folded(left).cmp(folded(right))),
            (Self::Date(left), Self::Date(right)) => Some(left.cmp(right)),
            (Self::Time(left), Self::Time(right)) => Some(left.cmp(right)),
            (Self::Moment(left), Self::Moment(right)) => Some(left.cmp(right)),
            (
                Self::Nothing
                | Self::Bool(_)
                | Self::Number(_)
                | Self::Text(_)
                | Self::Date(_)
                | Self::Time(_)
                | Self::Moment(_)
                | Self::Set(_)
                | Self::List(_),
                _,
            ) => None,
        }
    }

    /// `self in (other)`: it is that, or one of its members.
    pub(super) fn is_among(&self, other: &Self) -> bool {
        let inside = match other {
            Self::Set(_) | Self::List(_) => other.contains(self),
            Self::Nothing | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Date(_) | Self::Time(_) | Self::Moment(_) => false,
        };
        inside || self.equals(other)
    }

    /// `self contains part`: a text that part, a set all its members, a list an equal value.
    pub(super) fn contains(&self, part: &Self) -> bool {
        if self.is_empty() || part.is_empty() {
            return false;
        }
        match self {
            Self::Text(text) => part.as_text().is_some_and(|part| fold(text).contains(&fold(part))),
            Self::Set(members) => match part {
                Self::Set(part) => ids(part).is_subset(&ids(members)),
                Self::Number(id) => members.iter().any(|member| Decimal::from(member.id) == *id),
                other => other.as_text().is_some_and(|name| members.iter().any(|member| folded(&member.name).eq(folded(name)))),
            },
            Self::List(values) => values.iter().any(|value| value.equals_in_list(part)),
            Self::Nothing | Self::Bool(_) | Self::Number(_) | Self::Date(_) | Self::Time(_) | Self::Moment(_) => false,
        }
    }

    /// `self starts with part`.
    pub(super) fn starts_with(&self, part: &Self) -> bool {
        match (self.as_text(), part.as_text()) {
            (Some(text), Some(part)) if !part.is_empty() => {
                let mut text = folded(text);
                folded(part).all(|character| text.next() == Some(character))
            }
            (Some(_) | None, Some(_) | None) => false,
        }
    }
}

fn only(members: &[Member]) -> Option<&Member> {
    match members {
        [member] => Some(member),
        [] | [_, _, ..] => None,
    }
}

fn is_only_id(members: &[Member], id: Decimal) -> bool {
    only(members).is_some_and(|member| Decimal::from(member.id) == id)
}

fn ids(members: &[Member]) -> BTreeSet<i64> {
    members.iter().map(|member| member.id).collect()
}

/// Without regard to case. Character by character, so that a part of a text is found in it whatever stands around it.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// The same as a text.
pub(super) fn fold(text: &str) -> String {
    folded(text).collect()
}
