//! `/bind`, and `/live/bind`: the stream as a WebSocket (RFC 6455). A text frame is an entry, `{"event", "id", "data"}`; a reader
//! says `{"viewing": id}`, `{"writing": id}`, `{"subscribe": {"id", "query"}}` and `{"unsubscribe": id}`. What is told is known by
//! [`crate::live`].

use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{CloseCode, CloseReason, Message, MessageStream, ProtocolError};
use domain::TaskId;
use futures_util::StreamExt;
use serde_json::{Map, Value, json};

use super::{open, say};
use crate::error::{Envelope, Fault};
use crate::extract::site;
use crate::live::entry::{Entry, Name};
use crate::live::hub::Whose;
use crate::live::reader::Reader;
use crate::live::standing::Standing;
use crate::live::words::{self, Word};
use crate::node::Node;

/// A frame of a reader: what it subscribes to fits.
const FRAME_BYTES_MAX: usize = 16 * 1024;
/// How long a reader may leave a frame unread.
const SEND_MAX: Duration = Duration::from_secs(30);
const PING_EVERY: Duration = Duration::from_secs(20);
/// Frames of a reader in such a time; beyond it they go unheard until the next.
const FRAMES_MAX: u32 = 60;
const FRAMES_PER: Duration = Duration::from_secs(10);

/// The same as `GET /live`, as a WebSocket: a text frame is `{"event", "id", "data"}`. It is opened by a token, a ticket, or the cookie
/// of a page of ours, and goes on after `last_event_id`. Also at `/bind`.
#[utoipa::path(
    get, path = "/v4/live/bind", tag = "live",
    params(("last_event_id" = Option<String>, Query), ("position" = Option<String>, Query), ("ticket" = Option<String>, Query), ("person" = Option<i64>, Query)),
    responses(
        (status = 101, description = "It is open"), (status = 400, body = Envelope, description = "No WebSocket was asked for"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`cross_site_request`"),
        (status = 409, body = Envelope, description = "`other_person`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn bind(request: HttpRequest, body: web::Payload) -> Result<HttpResponse, Fault> {
    let asker = open::asker(&request).await?;
    if let Standing::Session(_) = asker.standing
        && !open::has_ticket(&request)
    {
        // Browsers let any page open a WebSocket, and send the cookie along.
        site::page_of_ours(&request, &asker.node)?;
    }
    let upgrade = request.headers().get(header::UPGRADE).and_then(|value| value.to_str().ok());
    if !upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")) {
        return Err(Fault::format("Upgrade"));
    }
    let node = asker.node.clone();
    let reader = open::open(&request, asker).await?;
    let handled = actix_ws::handle(&request, body).map_err(|_| Fault::format("Sec-WebSocket-Key"))?;
    let (response, session, messages) = handled;
    actix_web::rt::spawn(run(node, reader, session, messages.max_frame_size(FRAME_BYTES_MAX)));
    Ok(response)
}

async fn run(node: web::Data<Node>, mut reader: Reader, mut session: actix_ws::Session, mut messages: MessageStream) {
    // Told while it is open, and no longer: the node does not wait for it.
    let weak = std::sync::Arc::downgrade(&node.into_inner());
    let (whose, stream) = (reader.joined.whose, reader.joined.id);
    let mut pings = tokio::time::interval(PING_EVERY);
    let mut heard = Heard::default();
    loop {
        tokio::select! {
            entries = reader.next() => {
                let Some(entries) = entries else { break };
                for entry in entries {
                    if !sent(&mut session, &entry).await {
                        return;
                    }
                }
            }
            message = messages.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    let Some(node) = weak.upgrade() else { break };
                    if heard.too_much() {
                        continue;
                    }
                    if let Err(fault) = said(&node, whose, stream, &text).await {
                        let entry = Entry::new(Name::Refused, None, &json!({ "error_code": fault.code() }));
                        if !sent(&mut session, &entry).await {
                            return;
                        }
                    }
                }
                Some(Ok(Message::Ping(bytes))) => {
                    if session.pong(&bytes).await.is_err() {
                        return;
                    }
                }
                Some(Ok(Message::Pong(_) | Message::Nop)) => {}
                Some(Ok(Message::Binary(_) | Message::Continuation(_))) => {
                    let _ = session.close(Some(CloseReason::from(CloseCode::Unsupported))).await;
                    return;
                }
                Some(Ok(Message::Close(_))) | None => break,
                Some(Err(error)) => {
                    let code = if matches!(error, ProtocolError::Overflow) { CloseCode::Size } else { CloseCode::Protocol };
                    let _ = session.close(Some(CloseReason::from(code))).await;
                    return;
                }
            },
            _ = pings.tick() => {
                if session.ping(b"").await.is_err() {
                    return;
                }
            }
        }
    }
    let _ = session.close(Some(CloseReason::from(CloseCode::Normal))).await;
}

/// Whether the reader took it.
async fn sent(session: &mut actix_ws::Session, entry: &Entry) -> bool {
    let Ok(text) = String::from_utf8(entry.frame().to_vec()) else { return true };
    matches!(tokio::time::timeout(SEND_MAX, session.text(text)).await, Ok(Ok(())))
}

/// How many frames were heard of late.
#[derive(Default)]
struct Heard {
    since: Option<std::time::Instant>,
    frames: u32,
}

impl Heard {
    fn too_much(&mut self) -> bool {
        if self.since.is_none_or(|since| since.elapsed() >= FRAMES_PER) {
            *self = Self { since: Some(std::time::Instant::now()), frames: 0 };
        }
        self.frames += 1;
        self.frames > FRAMES_MAX
    }
}

/// Does what a frame says.
async fn said(node: &Node, whose: Whose, stream: uuid::Uuid, text: &str) -> Result<(), Fault> {
    let frame: Map<String, Value> = serde_json::from_str(text).map_err(|_| Fault::format("frame"))?;
    let task = |value: &Value| match value {
        Value::Null => Ok(None),
        value => value.as_i64().map(|id| Some(TaskId(id))).ok_or_else(|| Fault::format("task_id")),
    };
    if let Some(value) = frame.get("viewing") {
        return say::look(node, whose, stream, task(value)?, false).await;
    }
    if let Some(value) = frame.get("writing") {
        return say::look(node, whose, stream, task(value)?, true).await;
    }
    if let Some(value) = frame.get("subscribe") {
        let name = say::name(value.get("id"))?;
        return say::subscribed(node, whose, stream, name, value.get("query")).await;
    }
    if let Some(value) = frame.get("unsubscribe") {
        let name = say::name(Some(value))?;
        words::say(node, Word::Unsubscribes { stream, whose, name }).await;
        return Ok(());
    }
    Err(Fault::format("frame"))
}
