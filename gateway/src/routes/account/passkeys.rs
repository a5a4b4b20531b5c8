//! `/account/passkeys`: passkeys made, renamed and given up. Signing in with one is in [`crate::routes::sessions::passkey`].

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Code;
use domain::account::{Command, Factor};
use uuid::Uuid;

use super::{ShownAccount, own};
use crate::accounts::Known;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller};
use crate::identity::Purpose;
use crate::routes::sessions::begin::go_on;
use crate::routes::sessions::passkey::{self, PasskeyChallenge, challenge};
use crate::routes::sessions::with_cookie;

/// Asks for a challenge to make a passkey.
#[utoipa::path(
    post, path = "/v4/account/passkeys", tag = "identity", security(("session" = [])),
    responses(
        (status = 200, body = PasskeyChallenge),
        (status = 400, body = Envelope, description = "`option_is_not_supported`: the public address has no domain"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`session_required`, `step_up_required`, `second_factor_required`, `cross_site_request`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn ask(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let node = &caller.node;
    let (_, known) = own(&caller).await?;
    let asked = node.passkeys.ask_to_make(known.id, &known.account.login).await?;
    let challenge = challenge(node, Purpose::PasskeyRegistration, Some(known.id), asked).await?;
    answer::json(&request, node, &challenge, About::read(node.head().position))
}

/// Keeps the passkey that the browser made. The session goes on under a new cookie, with this factor.
#[utoipa::path(
    put, path = "/v4/account/passkeys", tag = "identity", security(("session" = [])), request_body = crate::routes::schema::NewPasskey,
    responses(
        (status = 200, body = ShownAccount),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_value_format`, `value_is_too_long`"),
        (status = 401, body = Envelope, description = "`invalid_ticket`, `invalid_credentials`: what was made does not hold"),
        (status = 403, body = Envelope, description = "`session_required`, `step_up_required`, `second_factor_required`, `cross_site_request`"),
        (status = 409, body = Envelope, description = "`conflict`: it is known already, or there are 20"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn keep(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let (node, (session, _)) = (&caller.node, own(&caller).await?);
    let members = body.object()?;
    let members = Object::new(&members);
    let made = passkey::shown(&members)?;
    let name = name(&members)?;
    let (head, now) = (node.true_head().await?, node.journal.now());
    let about = node.tickets.redeem(Purpose::PasskeyRegistration, &made.ticket, now).await?;
    let about = about.filter(|about| about.account == Some(session.account)).ok_or_else(|| Fault::own(Own::InvalidTicket))?;
    let id = passkey_id();
    // First the key, which lets nobody in until the log says that there is this passkey.
    if !node.passkeys.keep(id, session.account, about.detail, made.credential, now).await? {
        return Err(Fault::domain(Code::Conflict));
    }
    let done = match node.change_account(session.account, caller.as_the_system(&request), Command::AddPasskey { id, name }).await {
        Ok(done) => done,
        Err(fault) => {
            // Unless it is not known whether the log took it.
            if !fault.is_silence() {
                node.passkeys.remove(session.account, id).await?;
            }
            return Err(fault);
        }
    };
    let known = Known { id: session.account, account: Arc::clone(&done.view) };
    let (cookie, _, position) = go_on(&request, &caller, &known, session, (Some(Factor::Passkey), head)).await?;
    with_cookie(&request, node, &ShownAccount::of(&known, &caller).await?, position, &cookie)
}

/// Renames a passkey.
#[utoipa::path(
    put, path = "/v4/account/passkeys/{id}", tag = "identity", security(("session" = [])), params(("id" = Uuid, Path, description = "The passkey")),
    request_body = crate::routes::schema::PasskeyName,
    responses(
        (status = 200, body = ShownAccount),
        (status = 400, body = Envelope, description = "`invalid_input`: there is none, `required_parameter_missing`, `invalid_value_format`, `value_is_too_long`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`session_required`, `second_factor_required`, `cross_site_request`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn rename(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let account = own(&caller).await?.0.account;
    let members = body.object()?;
    let renamed = Command::RenamePasskey { id: in_path(&id)?, name: name(&Object::new(&members))? };
    let done = caller.node.change_account(account, caller.as_the_system(&request), renamed).await?;
    let known = Known { id: account, account: Arc::clone(&done.view) };
    answer::json(&request, &caller.node, &ShownAccount::of(&known, &caller).await?, About::read(done.position))
}

/// Gives a passkey up; where it was the last factor, the recovery codes as well. The session goes on under a new cookie.
#[utoipa::path(
    delete, path = "/v4/account/passkeys/{id}", tag = "identity", security(("session" = [])), params(("id" = Uuid, Path, description = "The passkey")),
    responses(
        (status = 200, body = ShownAccount), (status = 400, body = Envelope, description = "`invalid_input`: there is none"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`session_required`, `step_up_required`, `second_factor_required`, `cross_site_request`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn remove(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let (node, (session, _), id) = (&caller.node, own(&caller).await?, in_path(&id)?);
    let head = node.true_head().await?;
    let done = node.change_account(session.account, caller.as_the_system(&request), Command::RemovePasskey { id }).await?;
    node.passkeys.remove(session.account, id).await?;
    if !done.view.has_second_factor() {
        node.factors.recovery_codes.remove(session.account).await?;
    }
    let known = Known { id: session.account, account: Arc::clone(&done.view) };
    let factor = session.factor().filter(|_| known.account.has_second_factor());
    let (cookie, _, position) = go_on(&request, &caller, &known, session, (factor, head)).await?;
    with_cookie(&request, node, &ShownAccount::of(&known, &caller).await?, position, &cookie)
}

fn name(members: &Object<'_>) -> Result<String, Fault> {
    members.string("name")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("name"))
}

fn in_path(text: &str) -> Result<Uuid, Fault> {
    text.parse().map_err(|_| Fault::format("passkey id"))
}

#[expect(clippy::disallowed_methods, reason = "this is the edge, where ids are minted")]
fn passkey_id() -> Uuid {
    Uuid::now_v7()
}
