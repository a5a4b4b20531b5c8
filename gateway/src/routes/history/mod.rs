//! Lists for auditors, as CSV (pyrus.md §1.16): what happened, who read or took away what, when everybody was last here. Who may read
//! them is decided in `domain` ([`domain::audit::access`]).
//!
//! Without a head line, as the dialect has it; `header=y` (ours) adds one. Cells that a spreadsheet would take for a formula
//! are led by an apostrophe. All three are served beside the API and at the root, where files are: clients use either.

pub mod agent;
pub mod events;
pub mod last_action;
pub mod reads;
pub mod visible;

use actix_web::{HttpRequest, HttpResponse};
use domain::Issued;
use domain::Position;
use domain::audit::access;
use domain::directory::OrganisationDirectory;
use domain::rejection::Rejection as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use utoipa::IntoParams;

use super::query::Query;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::error::Fault;
use crate::extract::Caller;

/// Lines in an answer.
pub const COUNT_MAX: usize = 100_000;
const COUNT: usize = 1_000;

/// Which lines of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, never made")]
struct Page {
    /// Only lines with higher ids, so that whoever asks again and again misses none.
    after: Option<i64>,
    /// At most as many, 1 to 100000; 1000 where nothing is said.
    count: Option<u32>,
    /// With a line that names the columns.
    header: Option<bool>,
}

/// What was asked for: lines after this id, and how many.
struct Asked {
    after: i64,
    count: u32,
    header: bool,
}

impl Asked {
    fn of(request: &HttpRequest) -> Result<Self, Fault> {
        let query = Query::of(request);
        let count = query.count("count", COUNT, COUNT_MAX)?;
        let after = query.number("after")?.unwrap_or(0).max(0);
        Ok(Self { after, count: u32::try_from(count).unwrap_or(u32::MAX), header: query.boolean("header")?.unwrap_or(false) })
    }
}

/// Refuses who may not read these lists.
fn check(caller: &Caller, organisation: &OrganisationDirectory) -> Result<(), Fault> {
    let issued =
        Issued { organisation: caller.organisation.id, who: caller.person.id, at: caller.node.journal.now(), directory: organisation };
    access::may_read(&issued).map_err(|rejection| Fault::domain(rejection.code()))
}

/// Lines in the making.
struct Lines {
    csv: csv::Writer<Vec<u8>>,
}

impl Lines {
    fn begin(header: bool, names: &[&str]) -> Result<Self, Fault> {
        let mut lines = Self { csv: csv::WriterBuilder::new().from_writer(Vec::new()) };
        if header {
            lines.csv.write_record(names).map_err(|error| broken(&error))?;
        }
        Ok(lines)
    }

    fn line<const N: usize>(&mut self, cells: [&str; N]) -> Result<(), Fault> {
        self.csv.write_record(cells.map(|cell| defused(cell)).iter().map(AsRef::as_ref)).map_err(|error| broken(&error))
    }

    fn answer(self, request: &HttpRequest, caller: &Caller, position: Position) -> Result<HttpResponse, Fault> {
        let body = self.csv.into_inner().map_err(|error| broken(&error))?;
        Ok(answer::csv(request, &caller.node, body, About::read(position)))
    }
}

fn broken(error: &dyn std::fmt::Display) -> Fault {
    tracing::error!(%error, "a list has no CSV");
    Fault::own(Own::ServerError)
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV injection"); a number may begin with a minus.
pub(crate) fn defused(cell: &str) -> std::borrow::Cow<'_, str> {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if formula { format!("'{cell}").into() } else { cell.into() }
}

/// `yyyyMMddTHHmmssZ`.
fn stamp(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for (cell, shown) in [("=1+1", "'=1+1"), ("@x", "'@x"), ("+7", "+7"), ("-7", "-7"), ("-x", "'-x"), ("a=b", "a=b"), ("", "")] {
            assert_eq!(defused(cell), shown);
        }
    }

    #[test]
    fn moments_are_written_without_separators() {
        assert_eq!(stamp("2026-03-02T01:02:03.9Z".parse().unwrap()), "20260302T010203Z");
    }
}
