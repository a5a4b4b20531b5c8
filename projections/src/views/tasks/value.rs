//! What stands in the fields of a task, each value by its type: what registers are filtered by. No database.

use std::collections::BTreeMap;

use domain::form::{FieldId, Value};
use domain::task::form::Filling;
use domain::{PersonId, TaskId};
use jiff::Timestamp;
use jiff::civil::Date;

/// Characters of a text that it can be found by.
const CHARACTERS_MAX: usize = 200;
/// What stands in a checkmark that is checked.
pub const CHECKED: &str = "checked";
/// The end of every range of texts that begin alike.
const LAST: char = '\u{10FFFF}';

/// The field of a value, and its place among the values of that field: a table's column has one a row, a choice one a choice.
pub type Key = (u32, u32);

/// A value, in the one column that is of its type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: Option<String>,
    /// Digits, as they were written.
    pub number: Option<String>,
    pub day: Option<Date>,
    pub at: Option<Timestamp>,
    /// Of a person, a role, a choice, a task, an item of a catalog, a file.
    pub id: Option<i64>,
}

/// Texts are found without regard to case, by how they begin.
pub fn folded(text: &str) -> String {
    text.to_lowercase().chars().take(CHARACTERS_MAX).collect()
}

/// Every text from the first to the second, this one not, begins with `prefix`.
pub fn range_of(prefix: &str) -> (String, String) {
    let from = folded(prefix);
    let to = format!("{from}{LAST}");
    (from, to)
}

/// Every value of a task.
pub fn cells(filling: &Filling) -> BTreeMap<Key, Cell> {
    let mut cells = BTreeMap::new();
    for (field, value) in &filling.values {
        put(&mut cells, *field, value);
    }
    for row in filling.tables.values().flat_map(BTreeMap::values) {
        for (column, value) in &row.cells {
            put(&mut cells, *column, value);
        }
    }
    cells
}

fn put(cells: &mut BTreeMap<Key, Cell>, field: FieldId, value: &Value) {
    let mut next = cells.range((field.0, 0)..=(field.0, u32::MAX)).next_back().map_or(0, |((_, place), _)| place.saturating_add(1));
    let mut add = |cell| {
        cells.insert((field.0, next), cell);
        next = next.saturating_add(1);
    };
    match value {
        Value::Text(text) => add(Cell { text: Some(folded(text)), ..Cell::default() }),
        Value::Number(number) => add(Cell { number: Some(number.to_string()), ..Cell::default() }),
        Value::Date(day) | Value::DueDate(day, _) => add(Cell { day: Some(*day), ..Cell::default() }),
        Value::Time(time) => add(Cell { text: Some(time.strftime("%H:%M").to_string()), ..Cell::default() }),
        Value::Moment(at, _) => add(Cell { at: Some(*at), ..Cell::default() }),
        Value::Checked(checked) => {
            add(Cell { text: Some(if *checked { CHECKED } else { "unchecked" }.to_owned()), ..Cell::default() });
        }
        Value::Person(PersonId(id)) => add(Cell { id: Some(*id), ..Cell::default() }),
        Value::Choices(choices) => choices.iter().for_each(|id| add(Cell { id: Some(i64::from(*id)), ..Cell::default() })),
        Value::Items(picked) => picked.items.iter().for_each(|item| add(Cell { id: Some(item.id), ..Cell::default() })),
        Value::Files(files) => files.iter().for_each(|file| add(Cell { id: Some(file.id.0), ..Cell::default() })),
        Value::Tasks(tasks) => tasks.iter().for_each(|TaskId(id)| add(Cell { id: Some(*id), ..Cell::default() })),
    }
}

#[cfg(test)]
mod tests {
    use domain::form::Row;

    use super::*;

    #[test]
    fn every_value_has_a_place_of_its_own() {
        let text = |text: &str| Value::Text(text.to_owned());
        let row = |price: i64| Row { position: 0, cells: [(FieldId(7), Value::Number(price.into()))].into() };
        let filling = Filling {
            values: [(FieldId(1), text("Chairs & TABLES")), (FieldId(2), Value::Choices(vec![3, 4]))].into(),
            tables: [(FieldId(5), [(0, row(10)), (9, row(20))].into())].into(),
            ..Filling::default()
        };
        let cells = cells(&filling);
        assert_eq!(cells.keys().copied().collect::<Vec<_>>(), [(1, 0), (2, 0), (2, 1), (7, 0), (7, 1)]);
        assert_eq!(cells[&(1, 0)].text.as_deref(), Some("chairs & tables"));
        assert_eq!((cells[&(2, 1)].id, cells[&(7, 1)].number.as_deref()), (Some(4), Some("20")));
    }

    #[test]
    fn a_range_holds_what_begins_so_and_nothing_else() {
        let (from, to) = range_of("ABC-");
        let within = |text: &str| folded(text) >= from && folded(text) < to;
        assert!(within("abc-") && within("ABC-00012") && within("abc-\u{10000}") && !within("abd") && !within("ab"));
    }
}
