//! A register as a table: its columns, what stands in a cell, and lines of CSV. Which rows there are is not decided here.

use bytes::Bytes;
use domain::form::scope::Filled;
use domain::form::{Field, FieldKind, Value};
use domain::task::form::words;
use projections::views::tasks::register::Row;

use super::pages::Sheet;
use crate::routes::history::defused;
use crate::routes::moment;

const MEMORY: &str = "memory takes what is written to it, and each record has as many parts";

/// What a table has of each task before its fields.
pub const NAMED: [&str; 7] = ["Id", "Text", "Author", "Created", "Modified", "Closed", "Step"];

impl Sheet {
    /// The fields that a plain table has columns for.
    pub fn columns(&self) -> Vec<&Field> {
        let definition = &self.form.published;
        if !self.parts.fields.is_empty() {
            return self.parts.fields.iter().filter_map(|id| definition.find(*id)).map(|placed| placed.field).collect();
        }
        let plain = |field: &Field| {
            !field.deleted && !field.kind.is_told() && !matches!(field.kind, FieldKind::Title { .. } | FieldKind::Table { .. })
        };
        definition.all().into_iter().filter(|placed| !placed.is_cell() && plain(placed.field)).map(|placed| placed.field).collect()
    }

    pub fn filled<'a>(&'a self, row: &'a Row) -> Filled<'a> {
        row.filling.filled(&self.form.published, row.header.author, row.header.closed_at.is_some())
    }

    pub fn author(&self, row: &Row) -> String {
        let author = self.organisation.person(row.header.author).map(|author| &author.profile);
        let author = author.map(|name| format!("{} {}", name.first_name, name.last_name)).unwrap_or_default();
        author.trim().to_owned()
    }

    /// What stands in a field, in words.
    pub fn words(&self, field: &Field, row: &Row, filled: &Filled<'_>) -> String {
        match row.filling.values.get(&field.id) {
            Some(Value::Checked(checked)) => if *checked { "checked" } else { "unchecked" }.to_owned(),
            _ => words(field, filled, &self.organisation).unwrap_or_default(),
        }
    }

    fn line(&self, columns: &[&Field], row: &Row) -> Vec<String> {
        let (header, filled) = (&row.header, self.filled(row));
        let step = row.filling.progress.current.to_string();
        let closed = header.closed_at.map(moment).unwrap_or_default();
        let [text, author] = [&row.text, &self.author(row)].map(|cell| defused(cell).into_owned());
        let mut line = vec![row.id.to_string(), text, author, moment(header.created_at), moment(header.modified_at), closed, step];
        line.extend(columns.iter().map(|field| defused(&self.words(field, row, &filled)).into_owned()));
        line
    }
}

/// The line above all others.
pub fn head(sheet: &Sheet) -> Bytes {
    let named = NAMED.into_iter().map(str::to_owned);
    sheet.written([named.chain(sheet.columns().iter().map(|field| defused(&field.name).into_owned())).collect()])
}

/// Lines of CSV.
pub fn lines(sheet: &Sheet, _: usize, rows: &[Row]) -> Bytes {
    let columns = sheet.columns();
    sheet.written(rows.iter().map(|row| sheet.line(&columns, row)))
}

impl Sheet {
    fn written(&self, records: impl IntoIterator<Item = Vec<String>>) -> Bytes {
        let mut lines = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(Vec::new());
        records.into_iter().for_each(|record| lines.write_record(&record).expect(MEMORY));
        lines.into_inner().expect(MEMORY).into()
    }
}
