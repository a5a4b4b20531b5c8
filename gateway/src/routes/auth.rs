//! `POST /auth`: a login and a key in, a token out. Whether they are right is found out in `identity`.

use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use domain::{Code, Directory};
use serde::Serialize;

use crate::access_log::Kind;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::{Object, Proof, SignIn};
use crate::error::{Envelope, Fault};
use crate::extract::Body;
use crate::identity::{Circumstances, Shown, sign_in};
use crate::metrics;
use crate::node::{Node, Who};

/// What a client needs to go on.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SignedIn {
    /// For the header `Authorization: Bearer …`.
    access_token: String,
    api_url: String,
    files_url: String,
}

/// Signs in.
#[utoipa::path(
    post, path = "/v4/auth", tag = "identity", security(()),
    request_body = super::schema::SignIn,
    responses(
        (status = 200, body = SignedIn),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_json`, `empty_body`, `invalid_value_format`"),
        (status = 401, body = Envelope, description = "`invalid_credentials`, `account_blocked`"),
        (status = 429, body = Envelope, description = "`too_many_requests`: too many requests or wrong guesses"),
        (status = 503, body = Envelope),
    ),
)]
pub async fn sign_in(request: HttpRequest, node: web::Data<Node>, body: Body) -> Result<HttpResponse, Fault> {
    let origin = node.origin(&request);
    let allowance = node.rate.take(Who::Origin(origin));
    request.extensions_mut().insert(allowance);
    if allowance.exceeded {
        return Err(Fault::own(Own::TooManyRequests).retry_after(allowance.reset_seconds));
    }
    let members = body.object()?;
    let asked = SignIn::read(&Object::new(&members))?;
    let shown = match &asked.proof {
        Proof::SecurityKey(key) => Shown::Key(key),
        Proof::Password(password) => Shown::Password(password),
    };
    // The true head, not what this node last heard: a key that another process issued a moment ago must work.
    let head = node.journal.current_head().await.map_err(|error| {
        tracing::warn!(%error, "the log's head could not be read");
        Fault::unavailable("the log cannot be read just now")
    })?;
    let (directory, _) = node.world.at_least(head.position).await?;
    let at = Circumstances { directory: &directory, head: head.position, now: node.journal.now(), origin };
    let now = at.now;
    let (token, person) = node.sign_ins.sign_in(&asked.login, asked.person, shown, at).await.inspect_err(|fault| {
        metrics::sign_in_refused(fault.code().unwrap_or("unknown"));
        refused(&request, &node, &asked.login, &directory, fault);
    })?;
    node.access_log.session(Kind::SignedIn, person.organisation, person.id, now, node.place(&request));
    let base = base(&request, &node);
    let signed_in = SignedIn { access_token: token.expose().to_owned(), api_url: format!("{base}/api/v4/"), files_url: format!("{base}/") };
    answer::json(&request, &node, &signed_in, About::read(head.position))
}

/// Has those who look after the organisations of this login find out that somebody tried. Guesses that were not looked at any
/// more (`too_many_requests`) are only counted: they would fill the list.
fn refused(request: &HttpRequest, node: &Node, login: &str, directory: &Directory, fault: &Fault) {
    let wrong = [Own::InvalidCredentials.entry().code, Code::AccountBlocked.as_str()];
    if !fault.code().is_some_and(|code| wrong.contains(&code)) {
        return;
    }
    let (now, place) = (node.journal.now(), node.place(request));
    let known = sign_in::candidates(directory, login.trim());
    for person in &known {
        node.access_log.sign_in_failed(login, Some((person.organisation, person.id)), now, place.clone());
    }
    if known.is_empty() {
        node.access_log.sign_in_failed(login, None, now, place);
    }
}

/// How the client reaches us: as configured, else as it just did.
fn base(request: &HttpRequest, node: &Node) -> String {
    if let Some(url) = &node.settings.http.public_url {
        return url.as_str().trim_end_matches('/').to_owned();
    }
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let through_proxy = request.peer_addr().is_some_and(|peer| node.settings.http.trusted_proxies.contains(&peer.ip().to_canonical()));
    let scheme = text("x-forwarded-proto").filter(|scheme| through_proxy && *scheme == "https").unwrap_or("http");
    let plausible = |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte)) && !host.is_empty();
    match text(header::HOST.as_str()).filter(plausible) {
        Some(host) => format!("{scheme}://{host}"),
        None => format!("{scheme}://{}", node.settings.http.address),
    }
}
