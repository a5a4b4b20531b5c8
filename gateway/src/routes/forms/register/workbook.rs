//! A register as a workbook (XLSX): typed cells, written row by row. A workbook is a packed archive whose end must be known before
//! its beginning can be sent, so it is written to a file without a name first; memory holds one page of rows.

use std::io::{Seek, SeekFrom};
use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::{Bytes, BytesMut};
use domain::TaskId;
use domain::form::scope::Filled;
use domain::form::{Field, Value};
use futures_util::{Stream, stream};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use projections::views::tasks::register::Row;
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use tokio::io::AsyncReadExt;
use tokio::sync::{Semaphore, mpsc};

use super::XLSX;
use super::pages::{PAGE, Sheet};
use super::table::NAMED;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::error::Fault;
use crate::extract::Caller;
use crate::streamed::Broken;

/// Workbooks that are written at once.
const AT_ONCE: usize = 2;
/// Characters of a cell, which a workbook counts in UTF-16.
const CELL_MAX: usize = 32_767;
/// Significant digits of a decimal that a double keeps, whatever they are.
const DIGITS_MAX: usize = 15;
/// The first year that a workbook knows.
const YEAR_MIN: i16 = 1900;
/// Of what is read of the file at once.
const PIECE_BYTES: usize = 64 * 1024;

static WRITING: Semaphore = Semaphore::const_new(AT_ONCE);

pub async fn answer(_: &HttpRequest, caller: &Caller, sheet: Arc<Sheet>, tasks: Vec<TaskId>, about: About) -> Result<HttpResponse, Fault> {
    let file = written(sheet, tasks).await.map_err(|error| {
        tracing::warn!(error = &*error, "a workbook could not be written");
        Fault::own(Own::ServerError)
    })?;
    let length = file.metadata().map_err(|_| Fault::own(Own::ServerError))?.len();
    let mut head = answer::head(&caller.node, about);
    head.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(XLSX)));
    head.insert_header((header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"register.xlsx\"")));
    Ok(head.body(SizedStream::new(length, read(tokio::fs::File::from_std(file)))))
}

fn read(file: tokio::fs::File) -> impl Stream<Item = Result<Bytes, Broken>> + 'static {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = BytesMut::with_capacity(PIECE_BYTES);
        let read = file.read_buf(&mut piece).await?;
        Ok((read > 0).then(|| (piece.freeze(), file)))
    })
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The whole workbook, at its beginning.
async fn written(sheet: Arc<Sheet>, tasks: Vec<TaskId>) -> Result<std::fs::File, Failed> {
    let _one_of_few = WRITING.acquire().await?;
    let (pages, mut coming) = mpsc::channel::<Vec<Row>>(1);
    let (reading, writing) = (Arc::clone(&sheet), sheet);
    let read = async move {
        for page in tasks.chunks(PAGE) {
            // Whoever writes has failed, and says why.
            if pages.send(reading.rows(page).await?).await.is_err() {
                break;
            }
        }
        Ok::<(), Failed>(())
    };
    let write = web::block(move || {
        let mut workbook = Workbook::new();
        let page = workbook.add_worksheet_with_constant_memory()?;
        let mut table = Table { sheet: &writing, page, columns: writing.columns(), next: 0 };
        table.head()?;
        while let Some(rows) = coming.blocking_recv() {
            rows.iter().try_for_each(|row| table.row(row))?;
        }
        let mut file = tempfile::tempfile()?;
        workbook.save_to_writer(&mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok::<_, Failed>(file)
    });
    let (read, file) = tokio::join!(read, write);
    read?;
    file?
}

struct Table<'a> {
    sheet: &'a Sheet,
    page: &'a mut Worksheet,
    columns: Vec<&'a Field>,
    next: u32,
}

impl Table<'_> {
    fn head(&mut self) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        let named = NAMED
            .into_iter()
            .map(|name| if matches!(name, "Created" | "Modified" | "Closed") { format!("{name} (UTC)") } else { name.to_owned() });
        for (column, name) in (0..).zip(named.chain(self.columns.iter().map(|field| field.name.clone()))) {
            self.page.write_string_with_format(0, column, cut(&name), &bold)?;
        }
        self.page.set_freeze_panes(1, 0)?;
        self.next = 1;
        Ok(())
    }

    fn row(&mut self, row: &Row) -> Result<(), XlsxError> {
        let (header, filled) = (&row.header, self.sheet.filled(row));
        let named = [
            Cell::number(row.id.0.into()),
            Cell::Text(row.text.clone()),
            Cell::Text(self.sheet.author(row)),
            Cell::moment(header.created_at),
            Cell::moment(header.modified_at),
            header.closed_at.map_or(Cell::Empty, Cell::moment),
            Cell::number(row.filling.progress.current.into()),
        ];
        let fields = self.columns.iter().map(|field| self.cell(field, row, &filled)).collect::<Vec<_>>();
        for (column, cell) in (0..).zip(named.into_iter().chain(fields)) {
            cell.write(self.page, self.next, column)?;
        }
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    fn cell(&self, field: &Field, row: &Row, filled: &Filled<'_>) -> Cell {
        let computed = filled.computed(field);
        match computed.as_ref().or_else(|| row.filling.values.get(&field.id)) {
            Some(Value::Number(number)) => Cell::number(*number),
            Some(Value::Date(day) | Value::DueDate(day, _)) => Cell::day(*day),
            Some(Value::Moment(at, _)) => Cell::moment(*at),
            Some(Value::Text(text)) => Cell::Text(text.clone()),
            _ => Cell::Text(self.sheet.words(field, row, filled)),
        }
    }
}

/// What stands in a cell: never a formula.
#[derive(Debug, PartialEq)]
enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Day(Date),
    Moment(DateTime),
}

impl Cell {
    /// As a number where a double keeps every digit, else as text.
    fn number(number: Decimal) -> Self {
        let text = number.normalize().to_string();
        let digits = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
        match text.parse() {
            Ok(double) if digits <= DIGITS_MAX => Self::Number(double),
            _ => Self::Text(text),
        }
    }

    fn day(day: Date) -> Self {
        if day.year() >= YEAR_MIN { Self::Day(day) } else { Self::Text(day.to_string()) }
    }

    fn moment(at: Timestamp) -> Self {
        let at = at.to_zoned(TimeZone::UTC).datetime();
        if at.year() >= YEAR_MIN { Self::Moment(at) } else { Self::Text(at.to_string()) }
    }

    fn write(self, page: &mut Worksheet, row: u32, column: u16) -> Result<(), XlsxError> {
        match self {
            Self::Empty => {}
            Self::Text(text) if text.is_empty() => {}
            Self::Text(text) => {
                page.write_string(row, column, cut(&text))?;
            }
            Self::Number(number) => {
                page.write_number(row, column, number)?;
            }
            Self::Day(day) => {
                let format = Format::new().set_num_format("yyyy-mm-dd");
                page.write_datetime_with_format(row, column, excel(day)?, &format)?;
            }
            Self::Moment(at) => {
                let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
                let [hour, minute, second] = [at.hour(), at.minute(), at.second()].map(|part| u16::try_from(part).unwrap_or_default());
                let moment = excel(at.date())?.and_hms(hour, u8::try_from(minute).unwrap_or_default(), f64::from(second))?;
                page.write_datetime_with_format(row, column, moment, &format)?;
            }
        }
        Ok(())
    }
}

fn excel(day: Date) -> Result<ExcelDateTime, XlsxError> {
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or_default(), part(day.month()), part(day.day()))
}

/// As much as a cell takes.
fn cut(text: &str) -> &str {
    let mut left = CELL_MAX;
    let end = text.char_indices().find(|(_, character)| {
        let fits = left >= character.len_utf16();
        left = left.saturating_sub(character.len_utf16());
        !fits
    });
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_up_to_what_a_double_keeps() {
        let cell = |text: &str| Cell::number(text.parse().expect("a decimal"));
        assert_eq!(cell("-0.30"), Cell::Number(-0.3));
        assert_eq!(cell("123456789012345"), Cell::Number(123_456_789_012_345.0));
        assert_eq!(cell("1234567890123456"), Cell::Text("1234567890123456".into()));
        assert_eq!(cell("0.1234567890123456789"), Cell::Text("0.1234567890123456789".into()));
        assert_eq!(cell("0.00000000000012"), Cell::Number(1.2e-13), "zeros before the first digit are none of its digits");
    }

    #[test]
    fn a_cell_takes_as_much_as_a_workbook_counts() {
        let long = "🦊".repeat(CELL_MAX);
        assert_eq!(cut(&long).chars().count(), CELL_MAX / 2);
        assert_eq!(cut("=1+1"), "=1+1");
    }

    #[test]
    fn a_day_that_no_workbook_knows_is_text() {
        assert_eq!(Cell::day(Date::constant(1899, 12, 31)), Cell::Text("1899-12-31".into()));
        assert_eq!(Cell::day(Date::constant(2026, 3, 2)), Cell::Day(Date::constant(2026, 3, 2)));
    }
}
