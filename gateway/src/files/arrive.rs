//! How a file comes in: the one part of a `multipart/form-data` body that has a file name, whatever the part is called, read as it
//! comes. Not who may send it, nor what is recorded of it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header::{self, Charset, ExtendedValue, HeaderMap};
use actix_web::web::Payload;
use domain::file::named;
use futures_util::StreamExt as _;

use super::store::{Blobs, Incoming, StoreFailure, Whole};
use crate::codes::Own;
use crate::error::Fault;

/// What a body may hold besides the file: boundaries, headers, other parts.
const BESIDES_BYTES_MAX: u64 = 64 * 1024;

/// How much may come, and how long it may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of the file.
    pub size_max: u64,
    /// From the first byte to the last.
    pub time_max: Duration,
    /// From one piece to the next.
    pub pause_max: Duration,
}

/// A file that has come in. Nothing is in its place yet.
pub struct Arrived {
    /// Cleaned.
    pub name: String,
    pub whole: Whole,
}

/// Takes the file in. Nothing stays of what is refused.
///
/// # Errors
/// `no_file_in_request`, `empty_file`, `max_file_name_length_exceeded`, `bad_multipart_content`, `too_large_request_length`,
/// `request_timeout`; 503 when it cannot be kept.
pub async fn arrive(headers: &HeaderMap, payload: Payload, blobs: &Blobs, bounds: Bounds) -> Result<Arrived, Fault> {
    let most = bounds.size_max.saturating_add(BESIDES_BYTES_MAX);
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most) {
        return Err(Fault::too_large_file());
    }
    // Outside of what is timed, so that it is abandoned however that ends.
    let mut file = None;
    let mut reading = Reading::new(headers, payload, most, bounds);
    let read = tokio::time::timeout(bounds.time_max, reading.read(blobs, &mut file)).await;
    let read = read.unwrap_or_else(|_| Err(Fault::own(Own::RequestTimeout)));
    match (read, file) {
        (Ok(()), Some((name, incoming))) if incoming.size() > 0 => {
            let whole = incoming.finish().await.map_err(unusable)?;
            Ok(Arrived { name, whole })
        }
        (read, file) => {
            let is_empty = file.is_some();
            if let Some((_, incoming)) = file {
                incoming.abandon().await;
            }
            let none = if is_empty { Fault::rejected(&domain::file::Rejection::Empty) } else { Fault::own(Own::NoFileInRequest) };
            Err(read.err().unwrap_or(none))
        }
    }
}

struct Reading {
    multipart: Multipart,
    bounds: Bounds,
    /// More than the bound has come.
    over: Rc<Cell<bool>>,
}

impl Reading {
    fn new(headers: &HeaderMap, payload: Payload, most: u64, bounds: Bounds) -> Self {
        let over = Rc::new(Cell::new(false));
        let (mut come, noted) = (0_u64, over.clone());
        let counted = payload.map(move |piece| {
            let piece = piece?;
            come = come.saturating_add(piece.len() as u64);
            if come > most {
                noted.set(true);
                return Err(PayloadError::Overflow);
            }
            Ok(piece)
        });
        Self { multipart: Multipart::new(headers, counted), bounds, over }
    }

    async fn read(&mut self, blobs: &Blobs, file: &mut Option<(String, Incoming)>) -> Result<(), Fault> {
        while let Some(mut field) = self.part().await? {
            match (file_name(&field)?, &file) {
                (Some(_), Some(_)) => return Err(wrong("there is more than one file in the request")),
                (Some(written), None) => {
                    let name = named(&written).map_err(|rejection| Fault::rejected(&rejection))?;
                    let (_, incoming) = file.insert((name, blobs.begin().await.map_err(unusable)?));
                    while let Some(bytes) = self.piece(&mut field).await? {
                        if incoming.size() + bytes.len() as u64 > self.bounds.size_max {
                            return Err(Fault::too_large_file());
                        }
                        incoming.take(bytes).await.map_err(unusable)?;
                    }
                }
                // Bounded with the body.
                (None, _) => while self.piece(&mut field).await?.is_some() {},
            }
        }
        Ok(())
    }

    async fn part(&mut self) -> Result<Option<Field>, Fault> {
        let part = tokio::time::timeout(self.bounds.pause_max, self.multipart.next()).await;
        self.come(part)
    }

    async fn piece(&self, field: &mut Field) -> Result<Option<bytes::Bytes>, Fault> {
        let piece = tokio::time::timeout(self.bounds.pause_max, field.next()).await;
        self.come(piece)
    }

    fn come<T>(&self, come: Result<Option<Result<T, MultipartError>>, tokio::time::error::Elapsed>) -> Result<Option<T>, Fault> {
        match come {
            Ok(Some(Ok(part))) => Ok(Some(part)),
            Ok(None) => Ok(None),
            Ok(Some(Err(_))) if self.over.get() => Err(Fault::too_large_file()),
            Ok(Some(Err(error))) => Err(wrong(why(&error))),
            Err(_) => Err(Fault::own(Own::RequestTimeout)),
        }
    }
}

/// What the part's file is called, as written; nothing where it is no file. A browser sends a form's empty field with an empty name.
fn file_name(field: &Field) -> Result<Option<String>, Fault> {
    let Some(disposition) = field.content_disposition() else { return Ok(None) };
    let name = match (disposition.get_filename_ext(), disposition.get_filename()) {
        (Some(extended), _) => decoded(extended).ok_or_else(|| wrong("a file's name cannot be read"))?,
        // As browsers write a quotation mark.
        (None, Some(plain)) => plain.replace("%22", "\""),
        (None, None) => return Ok(None),
    };
    Ok(Some(name).filter(|name| !name.is_empty()))
}

/// RFC 8187.
fn decoded(name: &ExtendedValue) -> Option<String> {
    match name.charset {
        Charset::Iso_8859_1 => Some(name.value.iter().map(|byte| char::from(*byte)).collect()),
        Charset::Us_Ascii => Some(name.value.clone()).filter(|value| value.is_ascii()).and_then(|value| String::from_utf8(value).ok()),
        // The library knows UTF-8 by no name of its own.
        _ if name.charset.to_string().eq_ignore_ascii_case("utf-8") => String::from_utf8(name.value.clone()).ok(),
        _ => None,
    }
}

fn why(error: &MultipartError) -> &'static str {
    match error {
        MultipartError::ContentTypeMissing | MultipartError::ContentTypeParse | MultipartError::ContentTypeIncompatible => {
            "the Content-Type must be multipart/form-data with a boundary"
        }
        // Where it is there, it has bytes that are no UTF-8.
        MultipartError::ContentDispositionMissing => "a part has no Content-Disposition: form-data that can be read as UTF-8",
        MultipartError::ContentDispositionNameMissing => "a part has no name",
        MultipartError::Nested => "a part is multipart itself",
        MultipartError::Incomplete | MultipartError::Payload(PayloadError::Incomplete(_)) => "the body ended early",
        MultipartError::BoundaryMissing => "a boundary is missing",
        _ => "the body cannot be read",
    }
}

fn wrong(why: &'static str) -> Fault {
    Fault::own(Own::BadMultipartContent).with(why)
}

/// The store's own words go to the log and never to a client.
pub fn unusable(failure: StoreFailure) -> Fault {
    tracing::error!(error = &failure as &dyn std::error::Error, "the store of files does not do what is asked of it");
    Fault::unavailable("files cannot be kept or read just now")
}
