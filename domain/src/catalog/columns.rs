//! The columns of a catalog, and how rows follow when they change: cells go with the name of their column.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::rejection::Rejection;
use super::row::{Cells, Row};
use super::{COLUMNS_MAX, NAME_CHARACTERS_MAX};
use crate::id::PersonId;
use crate::task::command::PersonRef;
use crate::text::{Unfit, check_line};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    #[serde(default, rename = "type")]
    pub kind: ColumnKind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    #[default]
    Text,
    /// Its cells name persons and roles whom workflows ask (see [`people`]).
    Workflow,
}

/// Those whom a cell of a workflow column names: ids and e-mail addresses, with commas or semicolons between. What is neither
/// names nobody.
pub fn people(cell: &str) -> impl Iterator<Item = PersonRef> {
    let named = cell.split([',', ';']).map(str::trim);
    named.filter_map(|name| match name.parse::<i64>() {
        Ok(id) => Some(PersonRef::Id(PersonId(id))),
        Err(_) if name.contains('@') => Some(PersonRef::Email(name.to_owned())),
        Err(_) => None,
    })
}

/// The columns as they shall be, and from where the cells of each come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub columns: Vec<Column>,
    /// The place of each among the columns of before.
    from_before: Vec<Option<usize>>,
    /// The place of each in the rows that are given.
    from_given: Vec<Option<usize>>,
    /// Cells in a row that is given.
    given: usize,
}

/// What a request wants of the columns.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The columns of the rows that are given, in order.
    pub given: &'a [String],
    pub workflow_added: &'a [String],
    pub workflow_deleted: &'a [String],
    /// The first may have another name.
    pub renames_first: bool,
}

impl Layout {
    /// Columns of text, and workflow columns after them: those of a new catalog.
    pub fn new(text: &[String], workflow: &[String]) -> Result<Self, Rejection> {
        Self::changed(&[], &Wanted { given: text, workflow_added: workflow, workflow_deleted: &[], renames_first: false })
    }

    /// The given columns in their order, then workflow columns: those that are not given and not deleted stay, and new ones
    /// are added. A given name that is a workflow column's stays one.
    pub fn changed(before: &[Column], wanted: &Wanted<'_>) -> Result<Self, Rejection> {
        let place = |name: &str| before.iter().position(|column| column.name == name);
        let kind = |name: &str| place(name).map_or(ColumnKind::Text, |place| before[place].kind);
        let column = |name: &String, kind| Column { name: name.clone(), kind };
        let mut columns: Vec<Column> = wanted.given.iter().map(|name| column(name, kind(name))).collect();
        let is_given = |column: &&Column| !wanted.given.contains(&column.name) && !wanted.workflow_deleted.contains(&column.name);
        columns.extend(before.iter().filter(|column| column.kind == ColumnKind::Workflow).filter(is_given).cloned());
        columns.extend(wanted.workflow_added.iter().map(|name| column(name, ColumnKind::Workflow)));
        check(&columns)?;
        let mut from_before: Vec<Option<usize>> = columns.iter().map(|column| place(&column.name)).collect();
        if let (Some(was), Some(is)) = (before.first(), columns.first())
            && (is.kind != ColumnKind::Text || (was.name != is.name && !wanted.renames_first))
        {
            return Err(Rejection::FirstColumn);
        }
        keep_key(&mut from_before, before);
        let given = wanted.given.len();
        // Of a new catalog, rows may bring the cells of its workflow columns along.
        let from_given = (0..columns.len()).map(|place| (place < given).then_some(place)).collect();
        Ok(Self { columns, from_before, from_given, given })
    }

    /// The columns as they are, for rows of `width` cells: of all columns, or of those of text alone.
    pub fn kept(columns: &[Column], width: usize) -> Result<Self, Rejection> {
        let all = columns.len();
        let mut text = 0..columns.iter().filter(|column| column.kind == ColumnKind::Text).count();
        let from_given: Vec<Option<usize>> = if width == all {
            (0..all).map(Some).collect()
        } else if width == text.len() {
            columns.iter().map(|column| if column.kind == ColumnKind::Text { text.next() } else { None }).collect()
        } else {
            return Err(Rejection::Width);
        };
        Ok(Self { columns: columns.to_vec(), from_before: (0..all).map(Some).collect(), from_given, given: width })
    }

    /// From these columns to those, as they were recorded.
    pub(super) fn between(before: &[Column], columns: &[Column]) -> Self {
        let place = |name: &str| before.iter().position(|column| column.name == name);
        let mut from_before: Vec<Option<usize>> = columns.iter().map(|column| place(&column.name)).collect();
        keep_key(&mut from_before, before);
        Self { columns: columns.to_vec(), from_before, from_given: Vec::new(), given: 0 }
    }

    /// For rows of `width` cells, which may hold those of the workflow columns too.
    pub fn for_rows_of(self, width: usize) -> Result<Self, Rejection> {
        if width == self.given {
            return Ok(self);
        }
        let all = self.columns.len();
        if width != all {
            return Err(Rejection::Width);
        }
        Ok(Self { from_given: (0..all).map(Some).collect(), given: all, ..self })
    }

    /// Rows are laid out as before.
    pub fn keeps_rows(&self) -> bool {
        self.from_before.iter().enumerate().all(|(place, before)| *before == Some(place))
    }

    /// A row of before, under these columns.
    pub fn relaid(&self, row: &Row) -> Row {
        if self.keeps_rows() && row.width() == self.columns.len() { row.clone() } else { self.laid(&self.from_before, row, None) }
    }

    /// A row that is given, under these columns; `before` is the one that it replaces, laid out already.
    pub fn taken(&self, given: &Row, before: Option<&Row>) -> Row {
        let whole = self.given == self.columns.len();
        if whole { given.clone() } else { self.laid(&self.from_given, given, before) }
    }

    fn laid(&self, from: &[Option<usize>], row: &Row, otherwise: Option<&Row>) -> Row {
        let cells: Vec<&str> = row.cells().collect();
        let others: Vec<&str> = otherwise.map(|row| row.cells().collect()).unwrap_or_default();
        let mut laid = Cells::default();
        for (place, from) in from.iter().enumerate() {
            let cell = match from {
                Some(from) => cells.get(*from),
                None => others.get(place),
            };
            laid.push(cell.copied().unwrap_or_default());
        }
        laid.row()
    }
}

/// The key stays the key, whatever it is called.
fn keep_key(from_before: &mut [Option<usize>], before: &[Column]) {
    if let ([first, others @ ..], false) = (from_before, before.is_empty()) {
        *first = Some(0);
        others.iter_mut().filter(|place| **place == Some(0)).for_each(|place| *place = None);
    }
}

/// Names that are there, short, and each once.
fn check(columns: &[Column]) -> Result<(), Rejection> {
    if columns.is_empty() || columns.iter().any(|column| column.name.trim().is_empty()) {
        return Err(Rejection::ColumnsMissing);
    }
    if columns.len() > COLUMNS_MAX {
        return Err(Rejection::TooManyColumns);
    }
    for column in columns {
        check_line(&column.name, NAME_CHARACTERS_MAX).map_err(|unfit| match unfit {
            Unfit::TooLong => Rejection::ColumnNameTooLong,
            Unfit::ControlCharacter => Rejection::Unfit(unfit),
        })?;
    }
    let mut seen = HashSet::new();
    let distinct = columns.iter().all(|column| seen.insert(column.name.to_lowercase()));
    if distinct { Ok(()) } else { Err(Rejection::DuplicateColumn) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::{Code, Rejection as _};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn changed(before: &Layout, given: &[&str], added: &[&str], deleted: &[&str]) -> Result<Layout, Rejection> {
        let (given, added, deleted) = (names(given), names(added), names(deleted));
        let wanted = Wanted { given: &given, workflow_added: &added, workflow_deleted: &deleted, renames_first: false };
        Layout::changed(&before.columns, &wanted)
    }

    fn shape(layout: &Layout) -> Vec<(&str, ColumnKind)> {
        layout.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect()
    }

    /// Vendor, City, and the workflow column Buyer.
    fn vendors() -> Layout {
        Layout::new(&names(&["Vendor", "City"]), &names(&["Buyer"])).expect("good names")
    }

    #[test]
    fn workflow_columns_stand_behind_those_of_text_and_stay_unless_they_are_deleted() {
        use ColumnKind::{Text, Workflow};
        assert_eq!(shape(&vendors()), [("Vendor", Text), ("City", Text), ("Buyer", Workflow)]);
        let more = changed(&vendors(), &["Vendor", "Tax"], &["Head"], &[]).expect("good names");
        assert_eq!(shape(&more), [("Vendor", Text), ("Tax", Text), ("Buyer", Workflow), ("Head", Workflow)]);
        let given = changed(&vendors(), &["Vendor", "Buyer", "City"], &[], &[]).expect("good names");
        assert_eq!(shape(&given), [("Vendor", Text), ("Buyer", Workflow), ("City", Text)]);
        let fewer = changed(&vendors(), &["Vendor"], &[], &["Buyer"]).expect("good names");
        assert_eq!(shape(&fewer), [("Vendor", Text)]);
    }

    #[test]
    fn cells_go_with_the_name_of_their_column() {
        let row = Row::of(["Acme", "Bonn", "12"]);
        let moved = changed(&vendors(), &["Vendor", "Tax", "City"], &[], &[]).expect("good names");
        assert_eq!(moved.relaid(&row), Row::of(["Acme", "", "Bonn", "12"]));
        assert!(vendors().relaid(&row) != row, "nothing stood before a new catalog");
        let before = moved.relaid(&row);
        assert_eq!(moved.taken(&Row::of(["Acme", "7%", "Köln"]), Some(&before)), Row::of(["Acme", "7%", "Köln", "12"]));
        assert_eq!(moved.taken(&Row::of(["New", "7%", "Köln"]), None), Row::of(["New", "7%", "Köln", ""]));
    }

    #[test]
    fn rows_are_given_with_all_columns_or_with_those_of_text() {
        let columns = vendors().columns;
        let before = Row::of(["Acme", "Bonn", "12"]);
        let taken = |cells: &[&str]| Layout::kept(&columns, cells.len()).map(|layout| layout.taken(&Row::of(cells), Some(&before)));
        assert_eq!(taken(&["Acme", "Ulm"]), Ok(Row::of(["Acme", "Ulm", "12"])));
        assert_eq!(taken(&["Acme", "Ulm", ""]), Ok(Row::of(["Acme", "Ulm", ""])));
        assert_eq!((taken(&["Acme"]), taken(&["Acme", "Ulm", "", ""])), (Err(Rejection::Width), Err(Rejection::Width)));
        assert_eq!(vendors().for_rows_of(3).map(|layout| layout.taken(&before, None)), Ok(before.clone()));
        assert_eq!(vendors().for_rows_of(1), Err(Rejection::Width));
    }

    #[test]
    fn the_first_column_keeps_its_name_unless_it_is_renamed_on_purpose() {
        assert_eq!(changed(&vendors(), &["Supplier", "City"], &[], &[]), Err(Rejection::FirstColumn));
        assert_eq!(changed(&vendors(), &["City", "Vendor"], &[], &[]), Err(Rejection::FirstColumn));
        assert_eq!(changed(&vendors(), &["Buyer", "Vendor"], &[], &[]), Err(Rejection::FirstColumn));
        let renamed = |given: &[&str]| {
            let given = names(given);
            let wanted = Wanted { given: &given, workflow_added: &[], workflow_deleted: &[], renames_first: true };
            Layout::changed(&vendors().columns, &wanted).expect("good names").relaid(&Row::of(["Acme", "Bonn", "12"]))
        };
        assert_eq!(renamed(&["Supplier", "City"]), Row::of(["Acme", "Bonn", "12"]));
        assert_eq!(renamed(&["City", "Vendor"]), Row::of(["Acme", "", "12"]), "the key stays the key");
    }

    #[test]
    fn columns_have_short_names_each_once() {
        let code = |given: &[&str]| Layout::new(&names(given), &[]).err().map(|rejection| rejection.code());
        assert_eq!((code(&[]), code(&["a", " "])), (Some(Code::EmptyCatalogHeaders), Some(Code::EmptyCatalogHeaders)));
        assert_eq!((code(&["a", "b", "A"]), code(&["a", "b"])), (Some(Code::CatalogDuplicateHeaders), None));
        assert_eq!(code(&["a", &"b".repeat(NAME_CHARACTERS_MAX + 1)]), Some(Code::CatalogItemMaxLengthExceeded));
        assert_eq!(code(&["a\nb"]), Some(Code::InvalidValueFormat));
        let many: Vec<String> = (0..=COLUMNS_MAX).map(|place| place.to_string()).collect();
        assert_eq!(Layout::new(&many, &[]), Err(Rejection::TooManyColumns));
        assert_eq!(changed(&vendors(), &["Vendor"], &["Buyer"], &[]), Err(Rejection::DuplicateColumn));
    }

    #[test]
    fn a_workflow_cell_names_persons_by_id_and_address() {
        let named: Vec<PersonRef> = people("12, anna@example.org;14 ,nobody,").collect();
        let expected = [PersonRef::Id(PersonId(12)), PersonRef::Email("anna@example.org".into()), PersonRef::Id(PersonId(14))];
        assert_eq!(named, expected);
    }
}
