//! `GET /live`: the stream over SSE (`text/event-stream`, WHATWG HTML §9.2). What is told is known by [`crate::live`].

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, stream};

use super::open;
use crate::error::{Envelope, Fault};
use crate::live::reader::Reader;

const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream; charset=utf-8");
/// nginx holds nothing back.
const UNBUFFERED: (HeaderName, HeaderValue) = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
/// How soon a browser comes back, in milliseconds.
const RETRY: &[u8] = b"retry: 1000\n\n";

/// What happens to what the asker sees, as it happens. The first event is `hello`; then `task` (what lists show of it, so that an open
/// list needs no further request), `gone` (a task that is not shown to the asker any more), `announcement`, `inbox` (how much is in it), `notified` (how much of
/// what the asker was notified of is unread, and what is the newest of it),
/// `access` (what the asker may see has changed: ask again for what is open), `presence`, `query`, and `end` (with its reason) before the
/// stream is closed by the server.
///
/// Whoever comes back with the id of the last event (`Last-Event-ID`, which browsers send by themselves) is told first what they missed.
/// Where that cannot be told any more there is one `reset`, and what is open is to be asked for again. Any status but 200 means that a
/// browser does not come back by itself.
#[utoipa::path(
    get, path = "/v4/live", tag = "live",
    params(
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was received, `<incarnation>-<position>`"),
        ("last_event_id" = Option<String>, Query, description = "The same, for clients that set no header; also as `position`, from any `Nashi-Position`"),
        ("ticket" = Option<String>, Query, description = "From `POST /v4/live/ticket`, in place of a token or a session"),
        ("person" = Option<i64>, Query, description = "As `Nashi-Person`, for clients that set no header"),
        ("follow" = Option<bool>, Query, description = "`false`: only what was missed, and then the end"),
    ),
    responses(
        (status = 200, description = "Events, for as long as it is open; a comment at least every 20 s", content_type = "text/event-stream", body = String),
        (status = 401, body = Envelope, description = "Also `invalid_ticket`"), (status = 409, body = Envelope, description = "`other_person`"),
        (status = 429, body = Envelope, description = "Also when a person has too many streams open"), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest) -> Result<HttpResponse, Fault> {
    let asker = open::asker(&request).await?;
    let reader = open::open(&request, asker).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, EVENT_STREAM))
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .insert_header(UNBUFFERED)
        .streaming(events(reader)))
}

fn events(reader: Reader) -> impl Stream<Item = Result<Bytes, Fault>> {
    stream::unfold((reader, true), |(mut reader, begins)| async move {
        let entries = reader.next().await?;
        let mut bytes = BytesMut::from(if begins { RETRY } else { &[] });
        for entry in entries {
            bytes.extend_from_slice(&entry.event());
        }
        Some((Ok(bytes.freeze()), (reader, false)))
    })
}
