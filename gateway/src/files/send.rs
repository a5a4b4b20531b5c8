//! How a file goes out: whole, in part (RFC 9110 §14), or not at all where the client has it already. Not who may have it.

use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::header::{
    self, Charset, ContentDisposition, ContentRange, ContentRangeSpec, DispositionParam, DispositionType, EntityTag, ExtendedValue, Header,
    HeaderValue, IfNoneMatch, IfRange,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use domain::file::{File, Rejection};

use super::arrive::unusable;
use super::{Blobs, kind};
use crate::codes::Own;
use crate::error::Fault;

/// What is in a file is somebody else's: nothing in it runs, loads or is taken for a page of ours.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");
/// Kept by its reader alone, and asked about each time: who may read it can change.
const KEEPING: HeaderValue = HeaderValue::from_static("private, no-cache");

/// The same picture for everybody who may see its person; another one has another address.
const KEEPING_PORTRAIT: HeaderValue = HeaderValue::from_static("private, max-age=3600");

/// What a client does with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It is saved.
    Saved,
    /// A picture is shown in its place; anything else is saved.
    InPlace,
    /// Likewise, of a person.
    Portrait,
}

/// Answers with the file.
///
/// # Errors
/// `range_not_satisfiable`; `file_is_missing` where its bytes are lost; 503 when they cannot be read.
pub async fn send(request: &HttpRequest, blobs: &Blobs, file: &File, shown: Shown) -> Result<HttpResponse, Fault> {
    let keeping = if shown == Shown::Portrait { KEEPING_PORTRAIT } else { KEEPING };
    let tag = EntityTag::new_strong(file.sha256.clone());
    if known(request, &tag) {
        let mut response = HttpResponse::build(StatusCode::NOT_MODIFIED);
        return Ok(response.insert_header((header::ETAG, tag.to_string())).insert_header((header::CACHE_CONTROL, keeping)).finish());
    }
    let asked = match asked(request, &tag, file.size) {
        Asked::Whole => None,
        Asked::Part(part) => Some(part),
        Asked::Nothing => {
            let mut refused = HttpResponse::from_error(Fault::own(Own::RangeNotSatisfiable));
            if let Ok(none) = HeaderValue::try_from(format!("bytes */{}", file.size)) {
                refused.headers_mut().insert(header::CONTENT_RANGE, none);
            }
            return Ok(refused);
        }
    };
    let part = asked.clone().unwrap_or(0..file.size);
    let length = part.end - part.start;
    let bytes = match blobs.read(&file.sha256, part.clone()).await {
        Ok(bytes) => bytes,
        Err(failure) if failure.is_missing() => {
            tracing::error!(file = file.id.0, "the bytes of a file are not in the store, and nobody removed them");
            return Err(Fault::rejected(&Rejection::Unknown));
        }
        Err(failure) => return Err(unusable(failure)),
    };
    let mut response = HttpResponse::Ok();
    if asked.is_some() {
        let range = ContentRangeSpec::Bytes { range: Some((part.start, part.end - 1)), instance_length: Some(file.size) };
        response.status(StatusCode::PARTIAL_CONTENT).insert_header(ContentRange(range));
    }
    response
        .insert_header((header::ETAG, tag.to_string()))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, keeping))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CONTENT_DISPOSITION, disposition(&file.name, shown != Shown::Saved && kind::is_image(&file.media_type))))
        .content_type(kind::sent_as(&file.media_type));
    Ok(response.body(SizedStream::new(length, bytes)))
}

/// What of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    /// What it has not.
    Nothing,
}

/// One range is a part; several are answered with the whole, as is what cannot be understood (RFC 9110 §14.2).
fn asked(request: &HttpRequest, tag: &EntityTag, size: u64) -> Asked {
    if request.method() != Method::GET || !request.headers().contains_key(header::RANGE) {
        return Asked::Whole;
    }
    // A part of what the client has the rest of, if that is still the same.
    if request.headers().contains_key(header::IF_RANGE)
        && !matches!(IfRange::parse(request), Ok(IfRange::EntityTag(held)) if held.strong_eq(tag))
    {
        return Asked::Whole;
    }
    let Ok(header::Range::Bytes(ranges)) = header::Range::parse(request) else { return Asked::Whole };
    let [range] = ranges.as_slice() else { return Asked::Whole };
    match range.to_satisfiable_range(size) {
        Some((first, last)) => Asked::Part(first..last + 1),
        None => Asked::Nothing,
    }
}

/// The client has it already.
fn known(request: &HttpRequest, tag: &EntityTag) -> bool {
    if !request.headers().contains_key(header::IF_NONE_MATCH) {
        return false;
    }
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|held| held.weak_eq(tag)),
        Err(_) => false,
    }
}

/// The name twice: in ASCII for clients that know nothing else, and as it is (RFC 8187).
fn disposition(name: &str, in_place: bool) -> ContentDisposition {
    let plain = |character: char| match character {
        // Some clients take a percent sign for the beginning of an encoded character.
        '"' | '\\' | '%' => '_',
        ' '..='~' => character,
        _ => '_',
    };
    let whole = ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: name.as_bytes().to_vec() };
    ContentDisposition {
        disposition: if in_place { DispositionType::Inline } else { DispositionType::Attachment },
        parameters: vec![DispositionParam::Filename(name.chars().map(plain).collect()), DispositionParam::FilenameExt(whole)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    const TAG: &str = "abc";

    fn range(method: Method, headers: &[(&'static str, &str)]) -> Asked {
        let request = headers.iter().fold(TestRequest::default().method(method), |request, header| request.insert_header(*header));
        asked(&request.to_http_request(), &EntityTag::new_strong(TAG.to_owned()), 10)
    }

    #[test]
    fn a_range_is_a_part_or_the_whole_or_nothing() {
        for (asked, part) in [
            ("bytes=0-3", Asked::Part(0..4)),
            ("bytes=4-", Asked::Part(4..10)),
            ("bytes=9-9", Asked::Part(9..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=5-100", Asked::Part(5..10)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=10-20", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=0-1,4-5", Asked::Whole),
            ("bytes=3-2", Asked::Whole),
            ("bytes=x-y", Asked::Whole),
            ("bytes=99999999999999999999-", Asked::Whole),
            ("lines=0-1", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(range(Method::GET, &[("Range", asked)]), part, "{asked}");
            assert_eq!(range(Method::HEAD, &[("Range", asked)]), Asked::Whole, "a range is of a GET: {asked}");
        }
    }

    #[test]
    fn a_part_is_sent_where_the_rest_is_still_the_same() {
        for (held, part) in [
            ("\"abc\"", Asked::Part(0..4)),
            ("W/\"abc\"", Asked::Whole),
            ("\"other\"", Asked::Whole),
            ("Sat, 29 Oct 1994 19:43:31 GMT", Asked::Whole),
            ("abc", Asked::Whole),
        ] {
            assert_eq!(range(Method::GET, &[("Range", "bytes=0-3"), ("If-Range", held)]), part, "{held}");
        }
    }

    #[test]
    fn a_name_is_there_in_ascii_and_as_it_is() {
        for (name, shown) in [
            ("a.txt", "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt"),
            ("Акт 5.pdf", "attachment; filename=\"___ 5.pdf\"; filename*=UTF-8''%D0%90%D0%BA%D1%82%205.pdf"),
            ("a\"b;c%41.txt", "attachment; filename=\"a_b;c_41.txt\"; filename*=UTF-8''a%22b%3Bc%2541.txt"),
        ] {
            assert_eq!(disposition(name, false).to_string(), shown);
        }
        assert!(disposition("a.png", true).to_string().starts_with("inline; "));
    }
}
