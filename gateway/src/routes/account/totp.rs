//! `/account/totp`: time-based codes of an authenticator app, offered, taken into use with the first code, and given up.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use domain::Code;
use domain::account::{Command, Factor};
use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;

use super::{ShownAccount, own};
use crate::accounts::Known;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller};
use crate::identity::totp::OFFERED_FOR;
use crate::routes::sessions::begin::go_on;
use crate::routes::sessions::{second, with_cookie};

/// A secret for an authenticator app, shown this once.
#[derive(Serialize, ToSchema)]
pub struct OfferedTotp {
    /// Base32, for typing.
    secret: String,
    /// `otpauth://totp/…`, for a QR code.
    uri: String,
    /// Until when its first code may be shown.
    expires: String,
}

/// Offers a secret. It is in use once its first code was shown (`PUT`); until then what was in use stays so.
#[utoipa::path(
    post, path = "/v4/account/totp", tag = "identity", security(("session" = [])),
    responses(
        (status = 200, body = OfferedTotp),
        (status = 400, body = Envelope, description = "`option_is_not_supported`: `identity.key` is not set"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`session_required`, `step_up_required`, `second_factor_required`, `cross_site_request`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn offer(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (node, now) = (&caller.node, caller.node.journal.now());
    let (_, known) = own(&caller).await?;
    let offer = node.factors.totps.offer(known.id, &known.account.login, now).await?;
    let expires = second(now.saturating_add(OFFERED_FOR).unwrap_or(now));
    let offered = OfferedTotp { secret: offer.secret, uri: offer.uri, expires };
    answer::json(&request, node, &offered, About::read(node.head().position))
}

/// Takes the offered secret into use with its first code. The session goes on under a new cookie, with this factor.
#[utoipa::path(
    put, path = "/v4/account/totp", tag = "identity", security(("session" = [])), request_body = crate::routes::schema::FirstCode,
    responses(
        (status = 200, body = ShownAccount),
        (status = 400, body = Envelope, description = "`required_parameter_missing`"),
        (status = 401, body = Envelope, description = "`invalid_credentials`: the code is wrong, or nothing was offered in the last half hour"),
        (status = 403, body = Envelope, description = "`session_required`, `step_up_required`, `second_factor_required`, `cross_site_request`"),
        (status = 429, body = Envelope, description = "`too_many_requests`: too many requests or wrong guesses"), (status = 503, body = Envelope),
    ),
)]
pub async fn confirm(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let (node, (session, _)) = (&caller.node, own(&caller).await?);
    let members = body.object()?;
    let code = Object::new(&members).string("code")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("code"))?;
    let head = node.true_head().await?;
    // First the secret, which lets nobody in until the log says that there is this factor: the other way round it could be demanded and
    // not be there.
    if !node.factors.confirm(session.account, &SecretString::from(code), node.origin(&request), node.journal.now()).await? {
        return Err(Fault::own(Own::InvalidCredentials));
    }
    let done = node.change_account(session.account, caller.as_the_system(&request), Command::AddTotp).await?;
    let known = Known { id: session.account, account: Arc::clone(&done.view) };
    let (cookie, _, position) = go_on(&request, &caller, &known, session, (Some(Factor::Totp), head)).await?;
    with_cookie(&request, node, &ShownAccount::of(&known, &caller).await?, position, &cookie)
}

/// Gives the factor up; where it was the last, its recovery codes as well. A session of who must have one can then do nothing but add
/// one.
#[utoipa::path(
    delete, path = "/v4/account/totp", tag = "identity", security(("session" = [])),
    responses(
        (status = 200, body = ShownAccount), (status = 400, body = Envelope, description = "`invalid_input`: there is none"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`session_required`, `step_up_required`, `second_factor_required`, `cross_site_request`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn remove(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (node, (session, _)) = (&caller.node, own(&caller).await?);
    let head = node.true_head().await?;
    let done = node.change_account(session.account, caller.as_the_system(&request), Command::RemoveTotp).await?;
    node.factors.totps.remove(session.account).await?;
    if !done.view.has_second_factor() {
        node.factors.recovery_codes.remove(session.account).await?;
    }
    let known = Known { id: session.account, account: Arc::clone(&done.view) };
    let factor = session.factor().filter(|_| known.account.has_second_factor());
    let (cookie, _, position) = go_on(&request, &caller, &known, session, (factor, head)).await?;
    with_cookie(&request, node, &ShownAccount::of(&known, &caller).await?, position, &cookie)
}
