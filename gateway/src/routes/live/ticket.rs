//! `POST /live/ticket`: what opens one stream, for clients that can send neither a header nor a cookie. How it is used is known by
//! [`super::open`].

use actix_web::{HttpRequest, HttpResponse};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::open;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::identity::{Purpose, tickets};
use crate::live::standing::Standing;

const LIFETIME_SECONDS: i64 = 30;

#[derive(Serialize, ToSchema)]
pub struct Ticket<'a> {
    ticket: &'a str,
    /// From now.
    expires_in_seconds: i64,
}

/// A ticket that opens one stream, once, within 30 s. The stream ends with the session or the token that asked for it.
#[utoipa::path(
    post, path = "/v4/live/ticket", tag = "live",
    responses(
        (status = 200, body = Ticket), (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn make(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let detail = match open::standing(&request, &caller).await? {
        Standing::Session(session) => json!({ "session": session.id }),
        Standing::Token(_, hash) => json!({ "token": hex::encode(hash.0) }),
    };
    let about = tickets::About { person: Some(caller.person.id), organisation: Some(caller.organisation.id), detail, account: None };
    let node = &caller.node;
    let lifetime = SignedDuration::from_secs(LIFETIME_SECONDS);
    let ticket = node.tickets.make(Purpose::Live, &about, lifetime, false, node.journal.now()).await?;
    let shown = Ticket { ticket: ticket.expose(), expires_in_seconds: LIFETIME_SECONDS };
    answer::json(&request, node, &shown, About::read(node.head().position))
}
