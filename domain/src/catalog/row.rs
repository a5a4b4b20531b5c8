//! The cells of an item, in one piece of memory: a catalog has a million of them, and most are compared and never looked at.

use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::CELL_CHARACTERS_MAX;
use super::rejection::Rejection;
use crate::text::{Unfit, check_lines};

/// Between cells. No text that is taken holds it.
const BETWEEN: char = '\u{1f}';

/// The cells of an item; at least one, which is its key. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Row(Arc<str>);

/// A row in the making.
#[derive(Debug, Default)]
pub struct Cells {
    text: String,
    any: bool,
}

impl Cells {
    pub fn push(&mut self, cell: &str) {
        if self.any {
            self.text.push(BETWEEN);
        }
        self.any = true;
        if cell.contains(BETWEEN) {
            // Told as a control character when the row is checked.
            self.text.push_str(&cell.replace(BETWEEN, "\0"));
        } else {
            self.text.push_str(cell);
        }
    }

    pub fn row(self) -> Row {
        Row(self.text.into())
    }
}

impl Row {
    pub fn of<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> Self {
        let mut row = Cells::default();
        cells.into_iter().for_each(|cell| row.push(cell.as_ref()));
        row.row()
    }

    /// The first cell: what the item is called.
    pub fn key(&self) -> &str {
        self.0.split(BETWEEN).next().unwrap_or_default()
    }

    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.0.split(BETWEEN)
    }

    /// How many there are.
    pub fn width(&self) -> usize {
        self.0.bytes().filter(|byte| u32::from(*byte) == u32::from(BETWEEN)).count() + 1
    }

    /// Of text, with a byte between cells.
    pub fn bytes(&self) -> usize {
        self.0.len()
    }

    /// Bytes as JSON writes it, at most.
    pub(super) fn json_bytes(&self) -> usize {
        // Each cell in quotation marks with a comma; a control character is six.
        let escaped = self.0.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\r' | b'\t')).count();
        self.0.len() + escaped + 3 * self.width() + 2
    }

    /// Every cell can be taken, and the first says something.
    pub(super) fn check(&self) -> Result<(), Rejection> {
        for cell in self.cells() {
            check_lines(cell, CELL_CHARACTERS_MAX).map_err(|unfit| match unfit {
                Unfit::TooLong => Rejection::CellTooLong,
                Unfit::ControlCharacter => Rejection::Unfit(unfit),
            })?;
        }
        if self.key().trim().is_empty() { Err(Rejection::KeyMissing) } else { Ok(()) }
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.cells()).finish()
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Their number first, for formats that need it.
        use serde::ser::SerializeSeq as _;
        let mut cells = serializer.serialize_seq(Some(self.width()))?;
        self.cells().try_for_each(|cell| cells.serialize_element(cell))?;
        cells.end()
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut cells: A) -> Result<Row, A::Error> {
        let mut row = Cells::default();
        while cells.next_element_seed(Next(&mut row))?.is_some() {}
        Ok(row.row())
    }
}

/// Takes a cell without a copy of its own.
struct Next<'a>(&'a mut Cells);

impl<'de> DeserializeSeed<'de> for Next<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Next<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, cell: &str) -> Result<(), E> {
        self.0.push(cell);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::{Code, Rejection as _};

    #[test]
    fn a_row_is_its_cells_in_every_format() {
        for cells in [vec!["a"], vec!["a", "", "c"], vec!["", ""], vec!["\"q\"", "line\nbreak", "ж"]] {
            let row = Row::of(&cells);
            assert_eq!((row.cells().collect::<Vec<_>>(), row.width(), row.key()), (cells.clone(), cells.len(), cells[0]));
            let json = serde_json::to_string(&row).expect("plain data");
            assert_eq!(json, serde_json::to_string(&cells).expect("plain data"));
            assert!(json.len() <= row.json_bytes(), "{json}");
            assert_eq!(serde_json::from_str::<Row>(&json).expect("a row"), row);
            let config = bincode::config::standard();
            let bytes = bincode::serde::encode_to_vec(&row, config).expect("plain data");
            assert_eq!(bincode::serde::decode_from_slice::<Row, _>(&bytes, config).expect("a row").0, row);
        }
    }

    #[test]
    fn a_cell_is_a_text_of_bounded_length_and_the_first_one_says_something() {
        let code = |cells: &[&str]| Row::of(cells).check().err().map(|rejection| rejection.code());
        let (most, long) = ("ж".repeat(CELL_CHARACTERS_MAX), "ж".repeat(CELL_CHARACTERS_MAX + 1));
        assert_eq!((code(&["a", "", "b\nc"]), code(&["a", &most])), (None, None));
        assert_eq!(code(&["a", &long]), Some(Code::CatalogItemMaxLengthExceeded));
        assert_eq!(
            (code(&["", "b"]), code(&[" \t", "b"]), code(&[])),
            (Some(Code::EmptyItemKey), Some(Code::EmptyItemKey), Some(Code::EmptyItemKey))
        );
        assert_eq!((code(&["a\u{1f}b"]), code(&["a", "\0"])), (Some(Code::InvalidValueFormat), Some(Code::InvalidValueFormat)));
        assert_eq!(Row::of(["a\u{1f}b", "c"]).width(), 2, "one that holds what stands between cells stays one cell");
    }
}
