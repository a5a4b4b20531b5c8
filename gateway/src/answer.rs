//! Answers on their way out: the chunks of a task without copying them, JSON of views, gzip where it pays. What is in
//! them is made elsewhere.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use actors::system::Done;
use bytes::Bytes;
use domain::Position;
use domain::task::Answer;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::codes::Own;
use crate::edge;
use crate::error::Fault;
use crate::node::Node;
use crate::routes::JSON;

/// Smaller answers gain nothing from gzip: they fit into a few packets, and packing them costs more than sending.
const GZIP_FROM_BYTES: usize = 16 * 1024;

/// Bytes of a piece of a long answer.
const PIECE_BYTES: usize = 64 * 1024;

/// What the headers say besides the body.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The position that the answer shows.
    pub position: Position,
    /// The command had taken effect before.
    pub replayed: bool,
}

impl About {
    /// A read.
    pub fn read(position: Position) -> Self {
        Self { position, replayed: false }
    }

    /// A command that took effect: now, or before under the same key.
    pub fn done<V>(done: &Done<V>) -> Self {
        Self { position: done.position, replayed: done.replayed }
    }
}

/// Answers with chunks as they are.
pub fn chunks(request: &HttpRequest, node: &Node, answer: Answer, about: About) -> HttpResponse {
    let length = answer.len();
    if length >= GZIP_FROM_BYTES && accepts_gzip(request) {
        return packed(&answer.chunks, node, about);
    }
    head(node, about).body(Chunks { chunks: answer.chunks.into_iter(), left: length as u64 })
}

/// Answers with the task as a command left it; with its ids alone to a client that wants no more, which spares a
/// program that writes much into a long task the whole of it each time.
pub fn done(request: &HttpRequest, node: &Node, done: Done<Answer>) -> HttpResponse {
    let about = About::done(&done);
    if prefers_minimal(request) {
        let ids = match done.first {
            Some(comment) => format!(r#"{{"task":{{"id":{},"last_note_id":{comment}}}}}"#, done.stream.id),
            None => format!(r#"{{"task":{{"id":{}}}}}"#, done.stream.id),
        };
        return head(node, about).insert_header(("preference-applied", MINIMAL)).body(ids);
    }
    chunks(request, node, done.view, about)
}

/// RFC 7240 §4.2.
const MINIMAL: &str = "return=minimal";

/// Whether a client wants ids alone in the answer to a command.
pub fn prefers_minimal(request: &HttpRequest) -> bool {
    let preferences = request.headers().get_all("prefer").filter_map(|value| value.to_str().ok());
    preferences.flat_map(|value| value.split(',')).any(|preference| preference.trim().eq_ignore_ascii_case(MINIMAL))
}

/// Answers with a value as JSON.
///
/// # Errors
/// `server_error` when it has no JSON.
pub fn json(request: &HttpRequest, node: &Node, value: &impl Serialize, about: About) -> Result<HttpResponse, Fault> {
    let mut pieces = Pieces::default();
    serde_json::to_writer(&mut pieces, value).map_err(|error| {
        tracing::error!(%error, "an answer has no JSON");
        Fault::own(Own::ServerError)
    })?;
    Ok(chunks(request, node, Answer { chunks: pieces.done(), ..Answer::default() }, about))
}

/// What is written, in pieces: a long answer is not copied again and again as it grows, and goes out piece by piece.
#[derive(Default)]
struct Pieces {
    full: Vec<Bytes>,
    open: Vec<u8>,
}

impl Pieces {
    fn done(mut self) -> Vec<Bytes> {
        self.full.push(Bytes::from(self.open));
        self.full
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    // JSON is written in very small pieces: this is most of what making it costs.
    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.open.len() + bytes.len() > PIECE_BYTES && !self.open.is_empty() {
            let open = std::mem::replace(&mut self.open, Vec::with_capacity(PIECE_BYTES));
            self.full.push(Bytes::from(open));
        }
        self.open.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Answers with lines of CSV.
pub fn csv(request: &HttpRequest, node: &Node, lines: Vec<u8>, about: About) -> HttpResponse {
    let mut response = chunks(request, node, Answer { chunks: vec![Bytes::from(lines)], ..Answer::default() }, about);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    response
}

/// Answers with a page for people, to which `policy` allows no more than it names (Content-Security-Policy).
pub fn page(request: &HttpRequest, node: &Node, html: String, policy: &'static str, about: About) -> HttpResponse {
    let mut response = chunks(request, node, Answer { chunks: vec![Bytes::from(html)], ..Answer::default() }, about);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// The head of an answer whose body follows.
pub fn head(node: &Node, about: About) -> actix_web::HttpResponseBuilder {
    let mut builder = HttpResponse::Ok();
    builder.content_type(JSON);
    builder.insert_header((edge::POSITION.clone(), node.position_header(Some(about.position))));
    builder.insert_header((header::VARY, HeaderValue::from_static("accept-encoding")));
    if about.replayed {
        builder.insert_header((edge::REPLAYED.clone(), HeaderValue::from_static("true")));
    }
    builder
}

fn packed(chunks: &[Bytes], node: &Node, about: About) -> HttpResponse {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // A Vec takes everything.
    let packed = chunks.iter().try_for_each(|chunk| encoder.write_all(chunk)).and_then(|()| encoder.finish());
    match packed {
        Ok(body) => head(node, about).insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))).body(body),
        Err(_) => HttpResponse::from_error(Fault::own(Own::ServerError)),
    }
}

/// Whether the client takes gzip: named, or covered by `*`, and not with `q=0` (RFC 9110 §12.5.3).
pub fn accepts_gzip(request: &HttpRequest) -> bool {
    let Some(value) = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()) else { return false };
    let weight = |wanted: &str| {
        value.split(',').find_map(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let name = pieces.next()?;
            let weight = pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse::<f32>().ok());
            name.eq_ignore_ascii_case(wanted).then_some(weight.unwrap_or(0.0))
        })
    };
    weight("gzip").or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
}

/// A body of known length out of several pieces.
struct Chunks {
    chunks: std::vec::IntoIter<Bytes>,
    left: u64,
}

impl MessageBody for Chunks {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.left)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(self.chunks.next().map(Ok))
    }

    fn boxed(self) -> BoxBody {
        BoxBody::new(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_long_answer_is_made_in_pieces_that_are_the_whole() {
        let numbers: Vec<String> = (0..50_000).map(|number| format!("number {number}")).collect();
        let mut pieces = Pieces::default();
        serde_json::to_writer(&mut pieces, &numbers).unwrap();
        let pieces = pieces.done();
        assert!(pieces.len() > 10 && pieces.iter().all(|piece| piece.len() <= PIECE_BYTES), "{}", pieces.len());
        assert_eq!(pieces.concat(), serde_json::to_vec(&numbers).unwrap());
        let mut short = Pieces::default();
        serde_json::to_writer(&mut short, &[1]).unwrap();
        assert_eq!(short.done(), ["[1]"]);
    }

    #[test]
    fn gzip_is_for_those_who_ask_for_it() {
        let accepts = |value: &str| accepts_gzip(&TestRequest::default().insert_header(("Accept-Encoding", value)).to_http_request());
        for yes in ["gzip", "gzip, deflate", "br, GZIP;q=0.5", "*", "deflate, *;q=0.1"] {
            assert!(accepts(yes), "{yes}");
        }
        for no in ["", "identity", "gzip;q=0", "gzip; q=0, *", "br", "gzip;q=x"] {
            assert!(!accepts(no), "{no}");
        }
        assert!(!accepts_gzip(&TestRequest::default().to_http_request()));
    }

    #[test]
    fn a_short_answer_is_for_those_who_prefer_it() {
        let prefers = |value: &str| prefers_minimal(&TestRequest::default().insert_header(("Prefer", value)).to_http_request());
        for yes in ["return=minimal", "respond-async, return=minimal", "Return=Minimal"] {
            assert!(prefers(yes), "{yes}");
        }
        for no in ["", "return=representation", "minimal"] {
            assert!(!prefers(no), "{no}");
        }
    }

    #[actix_web::test]
    async fn a_body_of_chunks_has_their_length_and_their_order() {
        let pieces = [Bytes::from_static(b"{\"a\":"), Bytes::new(), Bytes::from_static(b"1}")];
        let body = Chunks { chunks: Vec::from(pieces).into_iter(), left: 7 };
        assert_eq!(body.size(), BodySize::Sized(7));
        assert_eq!(actix_web::body::to_bytes(body).await.unwrap(), "{\"a\":1}");
    }
}
