//! `POST /session/step_up`: who is signed in proves again who they are, for what is dangerous (see [`crate::extract::gate`]).

use actix_web::{HttpRequest, HttpResponse};
use domain::account::Factor;
use domain::{Code, PersonId};
use secrecy::SecretString;

use super::begin::go_on;
use super::create::SignedIn;
use super::{choices, second_factor, with_cookie};
use crate::accounts::Known;
use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller};
use crate::identity::Session;

/// Proves again who asks: with `password`, where the session has the second factor that the account has, or with a second factor (`code`, `recovery_code`, `passkey`). The session goes on under a new
/// cookie;
/// the old one is void.
#[utoipa::path(
    post, path = "/v4/session/step_up", tag = "identity", security(("session" = [])), request_body = crate::routes::schema::StepUp,
    responses(
        (status = 200, body = SignedIn),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_json`, `empty_body`, `invalid_value_format`"),
        (status = 401, body = Envelope, description = "`invalid_credentials`"),
        (status = 403, body = Envelope, description = "`session_required`, `second_factor_required`, `cross_site_request`"),
        (status = 429, body = Envelope, description = "`too_many_requests`: too many requests or wrong guesses"),
        (status = 503, body = Envelope),
    ),
)]
pub async fn step_up(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let members = body.object()?;
    let members = Object::new(&members);
    let (node, session) = (&caller.node, caller.in_session()?);
    // Read before the proof: a change of credentials from now on voids what begins.
    let head = node.true_head().await?;
    let (directory, _) = node.world.at_least(head).await?;
    let known = node.account(session.account).await?;
    let factor = proved(&request, &caller, session, &known, &members).await?;
    let (cookie, session, position) = go_on(&request, &caller, &known, session, (factor, head)).await?;
    with_cookie(&request, node, &SignedIn::of(&session, choices(&directory, &known)), position, &cookie)
}

/// The second factor that the session has from now on.
async fn proved(
    request: &HttpRequest,
    caller: &Caller,
    session: &Session,
    known: &Known,
    members: &Object<'_>,
) -> Result<Option<Factor>, Fault> {
    let node = &caller.node;
    if let Some(shown) = second_factor::shown(members)? {
        return node.take_factor(request, known, shown, || caller.as_the_system(request)).await.map(Some);
    }
    // Otherwise a session that began before there was a second factor would never need it.
    if known.account.has_second_factor() && session.factor().is_none() {
        return Err(Fault::own(Own::SecondFactorRequired));
    }
    let password = members.string("password")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("password"))?;
    let persons: Vec<PersonId> = known.account.persons.iter().map(|linked| linked.person).collect();
    let confirmed = node.sign_ins.confirm(&persons, &SecretString::from(password), node.origin(request)).await;
    match confirmed.inspect_err(|fault| node.failed_sign_in(request, &known.account.login, &node.world.latest(), fault))? {
        true => Ok(session.factor()),
        false => Err(Fault::own(Own::InvalidCredentials)),
    }
}
