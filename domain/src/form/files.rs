//! Files that a request writes into fields: which ones it names, looked up before the task decides (`crate::file::wanted`), and what
//! stands in a field then. A write replaces the whole list; what is to stay is named again, by `{"attachment_id"}`.

use std::cell::RefCell;

use super::definition::Definition;
use super::fill;
use super::items::{Reading, Wishes};
use super::rejection::Misfilled;
use super::value::Value;
use crate::file::wanted::Unwanted;
use crate::file::{Brought, Wanted};
use crate::issued::Issued;
use crate::json::Json;

/// Where the files of fields come from while a request is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Files<'a> {
    Brought(&'a Brought),
    /// Nothing was looked up yet; what would have to be is gathered.
    Gathered(&'a RefCell<Vec<Wanted>>),
    /// They are not what is read for.
    PassedOver,
}

/// The files that `fields` name, as often as they name them; none where something does not fit the form, which is told when the request is read.
pub fn wanted(fields: &Json, definition: &Definition, issued: &Issued<'_>) -> Vec<Wanted> {
    let (wishes, wanted) = (RefCell::<Wishes>::default(), RefCell::default());
    match fill::read(fields, definition, &Reading::gathering(issued, &wishes, Files::Gathered(&wanted))) {
        Ok(_) => wanted.into_inner(),
        Err(_) => Vec::new(),
    }
}

/// What stands in a field that `input` is written into; nothing empties it.
pub(super) fn brought(input: &Json, files: Files<'_>) -> Result<Option<Value>, Misfilled> {
    let named = Wanted::all_of(input).map_err(|unwanted| match unwanted {
        Unwanted::Type => Misfilled::Type,
        Unwanted::Unknown => Misfilled::UnknownFile,
        Unwanted::TooMany => Misfilled::TooManyFiles,
    })?;
    match files {
        Files::PassedOver => Ok(None),
        Files::Gathered(wanted) => {
            wanted.borrow_mut().extend(named);
            Ok(None)
        }
        Files::Brought(brought) => {
            let files = brought.all(&named).ok_or(Misfilled::UnknownFile)?;
            Ok((!files.is_empty()).then_some(Value::Files(files)))
        }
    }
}
