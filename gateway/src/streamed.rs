//! Long answers that go out while they are made: piece by piece, as fast as their reader takes them. What is in them is made
//! elsewhere.
//!
//! A reader that goes away is the end of it: nothing asks for the next piece. An error in the midst breaks the body off before its
//! end, so that nobody takes half of an answer for a whole one.

use std::io::Write;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use projections::Failure;
use thiserror::Error;

use crate::answer::{self, About};
use crate::node::Node;

/// Why an answer ended before its end.
#[derive(Debug, Error)]
pub enum Broken {
    #[error("what is shown cannot be read")]
    View(#[from] Failure),
    #[error("a piece of an answer was not made")]
    Made(#[from] actix_web::error::BlockingError),
    #[error("a piece of an answer cannot be written or read")]
    Io(#[from] std::io::Error),
}

/// Answers with what `pieces` gives, packed for those who ask for it.
pub fn pieces(
    request: &HttpRequest,
    node: &Node,
    content_type: &'static str,
    pieces: impl Stream<Item = Result<Bytes, Broken>> + 'static,
    about: About,
) -> HttpResponse {
    let mut head = answer::head(node, about);
    head.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(content_type)));
    let pieces = pieces.inspect_err(|error| tracing::warn!(error = error as &dyn std::error::Error, "an answer was broken off"));
    if answer::accepts_gzip(request) {
        return head.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))).streaming(packed(pieces));
    }
    head.streaming(pieces)
}

/// Each piece packed as it comes. The end of what was packed follows the last piece, and no piece that failed.
fn packed(pieces: impl Stream<Item = Result<Bytes, Broken>> + 'static) -> impl Stream<Item = Result<Bytes, Broken>> + 'static {
    let ended = pieces.map(|piece| piece.map(Some)).chain(stream::iter([Ok(None)]));
    ended
        .scan(Some(GzEncoder::new(Vec::new(), Compression::fast())), |encoder, piece| {
            let packed = match (piece, encoder.take()) {
                (Ok(Some(piece)), Some(mut open)) => {
                    let written = open.write_all(&piece).map(|()| std::mem::take(open.get_mut()));
                    *encoder = Some(open);
                    Some(written.map(Bytes::from).map_err(Broken::from))
                }
                (Ok(None), Some(open)) => Some(open.finish().map(Bytes::from).map_err(Broken::from)),
                (Err(error), Some(_)) => Some(Err(error)),
                (_, None) => None,
            };
            std::future::ready(packed)
        })
        .try_filter(|piece| std::future::ready(!piece.is_empty()))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    fn given(pieces: Vec<Result<&'static str, ()>>) -> impl Stream<Item = Result<Bytes, Broken>> + 'static {
        let broken = || Broken::Io(std::io::Error::other("broken"));
        stream::iter(pieces).map(move |piece| piece.map(Bytes::from).map_err(|()| broken()))
    }

    async fn unpacked(pieces: Vec<Result<&'static str, ()>>) -> (Vec<Result<Bytes, Broken>>, std::io::Result<String>) {
        let packed: Vec<_> = packed(given(pieces)).collect().await;
        let bytes: Vec<u8> = packed.iter().flatten().flatten().copied().collect();
        let mut text = String::new();
        let read = GzDecoder::new(&bytes[..]).read_to_string(&mut text);
        (packed, read.map(|_| text))
    }

    #[actix_web::test]
    async fn what_is_packed_piece_by_piece_is_the_whole() {
        let (packed, text) = unpacked(vec![Ok("one "), Ok("two "), Ok("three")]).await;
        assert!(packed.iter().all(Result::is_ok));
        assert_eq!(text.expect("unpacked"), "one two three");
    }

    #[actix_web::test]
    async fn an_error_in_the_midst_leaves_no_end_that_anybody_could_take_for_the_whole() {
        let (packed, text) = unpacked(vec![Ok("one "), Err(()), Ok("three")]).await;
        assert!(packed.last().is_some_and(Result::is_err));
        assert!(text.is_err(), "{text:?}");
    }

    #[actix_web::test]
    async fn a_body_that_breaks_is_an_error_to_whoever_sends_it() {
        let response = HttpResponse::Ok().streaming(given(vec![Ok("one "), Err(())]));
        assert!(actix_web::body::to_bytes(response.into_body()).await.is_err());
    }
}
