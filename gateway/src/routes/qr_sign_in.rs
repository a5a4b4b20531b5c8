//! `/qr_sign_in`: a browser asks to be let in and shows a QR code; somebody who is signed in on a phone scans it, sees who asks, and says
//! yes or no; the browser that asked gets its session. How requests are kept is in `identity`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Code;
use domain::account::{Command, Linked, Way};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sessions::begin::{Proved, begin};
use super::sessions::{Choice, ShownSession, choices, second, with_cookie};
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, Stranger, site};
use crate::identity::qr::{ASKED_FOR, Asking, Outcome};

/// A request, for the browser that made it.
#[derive(Serialize, ToSchema)]
pub struct QrRequest {
    request_id: Uuid,
    /// For this browser alone: with it the answer is asked for.
    secret: String,
    /// What the QR code holds: the address of a page for who scans it.
    text: String,
    expires: String,
}

/// Asks to be let in by somebody who is signed in elsewhere, within three minutes.
#[utoipa::path(
    post, path = "/v4/qr_sign_in", tag = "identity", security(()),
    responses(
        (status = 200, body = QrRequest), (status = 403, body = Envelope, description = "`cross_site_request`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn ask(request: HttpRequest, stranger: Stranger) -> Result<HttpResponse, Fault> {
    let (node, now) = (&stranger.node, stranger.node.journal.now());
    let (id, place) = (request_id(), node.place(&request));
    let expires_at = now.saturating_add(ASKED_FOR).unwrap_or(now);
    let secret = node.qr_sign_ins.ask(id, &Asking { address: place.address, agent: place.agent, made_at: now, expires_at }).await?;
    let text = format!("{}/qr#id={id}", site::base(&request, node));
    let asked = QrRequest { request_id: id, secret: secret.expose().to_owned(), text, expires: second(expires_at) };
    answer::json(&request, node, &asked, About::read(node.head().position))
}

/// Who asks, for who may let them in.
#[derive(Serialize, ToSchema)]
pub struct QrAsking {
    request_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    created: String,
    expires: String,
}

/// Looks at a request that nobody has answered yet.
#[utoipa::path(
    get, path = "/v4/qr_sign_in/{id}", tag = "identity", security(("session" = [])), params(("id" = Uuid, Path, description = "The request")),
    responses(
        (status = 200, body = QrAsking), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`session_required`"),
        (status = 404, body = Envelope, description = "`not_found`: there is none, it was answered, or it is too late"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn look(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let (node, id) = (&caller.node, in_path(&id)?);
    caller.in_session()?;
    let asking = node.qr_sign_ins.look(id, node.journal.now()).await?.ok_or_else(|| Fault::own(Own::NotFound))?;
    let Asking { address, agent, made_at, expires_at } = asking;
    let shown = QrAsking { request_id: id, address, agent, created: second(made_at), expires: second(expires_at) };
    answer::json(&request, node, &shown, About::read(node.head().position))
}

#[derive(Serialize, ToSchema)]
pub struct QrAnswered {
    request_id: Uuid,
    approved: bool,
}

/// Lets the asking browser in as the person who is signed in here, or refuses it. Whoever sent the code to be scanned is let in: so it wants
/// a proof of the last minutes.
#[utoipa::path(
    post, path = "/v4/qr_sign_in/{id}", tag = "identity", security(("session" = [])), params(("id" = Uuid, Path, description = "The request")),
    request_body = crate::routes::schema::AnswerQr,
    responses(
        (status = 200, body = QrAnswered), (status = 400, body = Envelope, description = "`required_parameter_missing`"),
        (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`session_required`, `step_up_required`, `second_factor_required`, `cross_site_request`"),
        (status = 404, body = Envelope, description = "`not_found`: there is none, it was answered, or it is too late"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn answer(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let (node, session, id) = (&caller.node, caller.in_session()?, in_path(&id)?);
    let members = body.object()?;
    let approved = Object::new(&members).optional_boolean("approve")?;
    let approved = approved.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("approve"))?;
    let gone = || Fault::own(Own::NotFound);
    node.qr_sign_ins.look(id, node.journal.now()).await?.ok_or_else(gone)?;
    // Recorded before it has an effect; of two who answer at once, one is told that it has none.
    let recorded = Command::AnswerQrSignIn { request: id, approved };
    let position = node.change_account(session.account, caller.as_the_system(&request), recorded).await?.position;
    if !node.qr_sign_ins.answer(id, approved, session, node.journal.now()).await? {
        return Err(gone());
    }
    answer::json(&request, node, &QrAnswered { request_id: id, approved }, About::read(position))
}

/// What has become of a request.
#[derive(Serialize, ToSchema)]
pub struct QrState {
    /// `waiting`, `refused` or `signed_in`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<ShownSession>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    persons: Vec<Choice>,
}

/// Asks what has become of the request, with its secret. Where it was approved the answer sets the session's cookie. A yes and a no are told
/// once.
#[utoipa::path(
    put, path = "/v4/qr_sign_in/{id}", tag = "identity", security(()), params(("id" = Uuid, Path, description = "The request")),
    request_body = crate::routes::schema::TakeQr,
    responses(
        (status = 200, body = QrState), (status = 400, body = Envelope, description = "`required_parameter_missing`"),
        (status = 401, body = Envelope, description = "`invalid_ticket`: unknown, too old, told before, or signed out where it was approved; `account_blocked`"),
        (status = 403, body = Envelope, description = "`cross_site_request`, `tls_required`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn take(request: HttpRequest, stranger: Stranger, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let (node, id) = (&stranger.node, in_path(&id)?);
    let members = body.object()?;
    let secret = Object::new(&members).string("secret")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("secret"))?;
    let invalid = || Fault::own(Own::InvalidTicket);
    let outcome = node.qr_sign_ins.take(id, &secret, node.journal.now()).await?.ok_or_else(invalid)?;
    let (account, person, organisation, session) = match outcome {
        Outcome::Waiting | Outcome::Refused => {
            let state = if outcome == Outcome::Waiting { "waiting" } else { "refused" };
            let told = QrState { state, session: None, persons: Vec::new() };
            return answer::json(&request, node, &told, About::read(node.head().position));
        }
        Outcome::Approved { account, person, organisation, session } => (account, person, organisation, session),
    };
    // What ended the session that said yes meanwhile ends this as well.
    let approving = node.sessions.alive(session, node.journal.now()).await?.ok_or_else(invalid)?;
    let (directory, _) = stranger.world().await?;
    let known = node.account(account).await?;
    let proved = Proved {
        known: &known,
        linked: Linked { organisation, person },
        by: Way::Qr,
        second: approving.factor(),
        head: approving.position - 1,
        password: None,
        replaces: None,
        authenticated_at: Some(approving.authenticated_at),
    };
    let (cookie, session, position) = begin(node, &request, || stranger.request(&request), proved).await?;
    let told = QrState { state: "signed_in", session: Some(ShownSession::of(&session, true)), persons: choices(&directory, &known) };
    with_cookie(&request, node, &told, position, &cookie)
}

fn in_path(text: &str) -> Result<Uuid, Fault> {
    text.parse().map_err(|_| Fault::own(Own::NotFound))
}

#[expect(clippy::disallowed_methods, reason = "this is the edge, where ids are minted")]
fn request_id() -> Uuid {
    Uuid::now_v7()
}
