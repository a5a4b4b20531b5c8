//! `POST /auth`: a login and a key in, a token out. Whether they are right is found out in `identity`.

use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use serde::Serialize;

use crate::access_log::Kind;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::{Object, Proof, SignIn};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, site};
use crate::identity::{Circumstances, Shown};
use crate::node::{Node, Who};

/// What a client needs to go on.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SignedInByKey)]
pub struct SignedIn {
    /// For the header `Authorization: Bearer …`.
    access_token: String,
    api_url: String,
    files_url: String,
}

/// Signs in. A password does for who has no second factor and need not have one.
#[utoipa::path(
    post, path = "/v4/auth", tag = "identity", security(()),
    request_body = super::schema::SignIn,
    responses(
        (status = 200, body = SignedIn),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_json`, `empty_body`, `invalid_value_format`"),
        (status = 401, body = Envelope, description = "`invalid_credentials`, `account_blocked`"),
        (status = 403, body = Envelope, description = "`second_factor_required`: a password was shown, and the account has a second factor or must have one"),
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
    let made = node.sign_ins.sign_in(&asked.login, asked.person, shown, at, async |person| node.by_password_alone(person).await).await;
    let (token, person) = made.inspect_err(|fault| node.failed_sign_in(&request, &asked.login, &directory, fault))?;
    node.access_log.session(Kind::SignedIn, person.organisation, person.id, now, node.place(&request));
    let base = site::base(&request, &node);
    let signed_in = SignedIn { access_token: token.expose().to_owned(), api_url: format!("{base}/api/v4/"), files_url: format!("{base}/") };
    answer::json(&request, &node, &signed_in, About::read(head.position))
}
