//! `/session`: the session that asks, and signing out. Others are in [`super::list`].

use actix_web::{HttpRequest, HttpResponse};
use domain::account::{Command, Why};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ShownSession, choices, create::SignedIn, with_cookie};
use crate::access_log::Kind;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::{Caller, site};

/// Who is signed in, and whom they may go on as. Without `session` for who is known by a token.
#[utoipa::path(
    get, path = "/v4/session", tag = "identity",
    responses((status = 200, body = SignedIn), (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (directory, position) = caller.directory().await?;
    let (session, persons) = match &caller.session {
        Some(session) => {
            let known = caller.node.account(session.account).await?;
            (Some(ShownSession::of(session, true)), choices(&directory, &known))
        }
        None => (None, Vec::new()),
    };
    answer::json(&request, &caller.node, &SignedIn { session, persons, second_factor: None }, About::read(position))
}

#[derive(Serialize, ToSchema)]
pub struct SignedOut {
    signed_out: bool,
}

/// Signs out: the session ends, and the browser forgets its cookie. Tokens are not touched.
#[utoipa::path(
    delete, path = "/v4/session", tag = "identity",
    responses((status = 200, body = SignedOut), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`cross_site_request`"), (status = 503, body = Envelope)),
)]
pub async fn end(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let mut position = caller.node.head().position;
    let mut signed_out = false;
    if let Some(session) = &caller.session {
        signed_out = caller.node.sessions.end(session.account, session.id).await?;
        let (now, place) = (caller.node.journal.now(), caller.node.place(&request));
        caller.node.access_log.session(Kind::SignedOut, session.organisation, session.person, now, place);
        let ended = Command::EndSession { session: session.id, why: Why::SignedOut };
        position = caller.node.change_account(session.account, caller.as_the_system(&request), ended).await?.position;
    }
    with_cookie(&request, &caller.node, &SignedOut { signed_out }, position, &site::forgotten(&request, &caller.node))
}
