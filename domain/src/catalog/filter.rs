//! Which items are asked for: by what stands in some of their columns. Case counts, and so does every character.

use serde::{Deserialize, Serialize};

use super::columns::Column;
use super::items::{Item, Items};
use super::rejection::Rejection;

/// Filters in one question.
pub const FILTERS_MAX: usize = 20;

/// `value` stands in `column`; all filters of a question hold at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    pub column: String,
    pub value: String,
}

/// Which items are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub filters: Vec<Filter>,
    /// `*` in a value stands for any characters, or none.
    pub wildcards: bool,
    pub deleted: bool,
}

impl Wanted {
    /// The items, in the order of their ids.
    ///
    /// # Errors
    /// When a column is not there, or there are too many filters.
    pub fn among(&self, items: &Items, columns: &[Column]) -> Result<Vec<Item>, Rejection> {
        if self.filters.len() > FILTERS_MAX {
            return Err(Rejection::BadFilter);
        }
        let mut tests = Vec::with_capacity(self.filters.len());
        for Filter { column: name, value } in &self.filters {
            let place = columns.iter().position(|column| column.name == *name).ok_or(Rejection::UnknownColumn)?;
            tests.push((place, value.as_str()));
        }
        let fits = |item: &&Item| (self.deleted || !item.deleted) && tests.iter().all(|(place, value)| self.fits(item, *place, value));
        // An item is found by what it is called without a look at the others.
        let by_key = tests.iter().find(|(place, _)| *place == 0 && !self.wildcards);
        Ok(match by_key {
            Some((_, key)) => items.called(key).into_iter().filter(fits).cloned().collect(),
            None => items.iter().filter(fits).cloned().collect(),
        })
    }

    fn fits(&self, item: &Item, place: usize, value: &str) -> bool {
        let cell = item.row.cells().nth(place).unwrap_or_default();
        if self.wildcards { matches(value, cell) } else { value == cell }
    }
}

/// The text is of the pattern, where `*` stands for any characters. In the time of the text times the pattern at most.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(rest) = text.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    // What comes first is taken first: that leaves the most for the others.
    let rest = pieces.iter().try_fold(rest, |rest, piece| rest.find(piece).map(|at| &rest[at + piece.len()..]));
    rest.is_some_and(|rest| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::samples::{changed, synced, vendors};
    use crate::testing::ADMIN;

    #[test]
    fn a_pattern_is_met_by_the_whole_of_a_text() {
        for (pattern, text) in [
            ("", ""),
            ("a", "a"),
            ("*", ""),
            ("*", "abc"),
            ("a*", "a"),
            ("a*c", "abc"),
            ("*b*", "abc"),
            ("a*b*c", "aXbYbZc"),
            ("*ж", "ёж"),
            ("**", "x"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("a", "ab"), ("a", "A"), ("a*", "ba"), ("a*a", "a"), ("*b", "abc"), ("a*b*c", "acb"), ("ab*ba", "aba")]
        {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    /// Filters, wildcards, deleted ones, and what is found.
    type Case = (&'static [(&'static str, &'static str)], bool, bool, &'static str);

    #[test]
    fn items_are_found_by_what_stands_in_their_columns() {
        let gone = [changed(|changed| changed.deleted = vec![3]), synced(|synced| synced.deleted = 1)];
        let state = vendors().and(ADMIN, gone).state();
        let found = |filters: &[(&str, &str)], wildcards, deleted| {
            let filters =
                filters.iter().map(|(column, value)| Filter { column: (*column).to_owned(), value: (*value).to_owned() }).collect();
            let items = Wanted { filters, wildcards, deleted }.among(&state.items, &state.heading.columns);
            items.map(|items| items.iter().map(|item| item.row.key().to_owned()).collect::<Vec<_>>().join(" "))
        };
        let cases: [Case; 9] = [
            (&[], false, false, "Acme Beta"),
            (&[], false, true, "Acme Beta Ceta"),
            (&[("City", "Bonn")], false, false, "Acme Beta"),
            (&[("City", "Ulm")], false, false, ""),
            (&[("City", "Ulm")], false, true, "Ceta"),
            (&[("City", "Bonn"), ("Vendor", "Beta")], false, false, "Beta"),
            (&[("Vendor", "Ceta")], false, false, ""),
            (&[("Vendor", "*e*a"), ("City", "B*")], true, false, "Beta"),
            (&[("Vendor", "*e*a")], false, false, ""),
        ];
        for (filters, wildcards, deleted, expected) in cases {
            assert_eq!(found(filters, wildcards, deleted).as_deref(), Ok(expected), "{filters:?}");
        }
        assert_eq!(found(&[("Street", "x")], false, false), Err(Rejection::UnknownColumn));
        assert_eq!(found(&[("City", "x"); FILTERS_MAX + 1], false, false), Err(Rejection::BadFilter));
    }
}
