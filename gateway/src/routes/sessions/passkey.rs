//! `/sessions/passkey`: a challenge for a passkey, and signing in with its answer alone. The same challenge does where a passkey is shown
//! as a second factor, or to prove oneself again. Whether an answer holds is found out in `identity`.

use actix_web::{HttpRequest, HttpResponse};
use domain::account::Way;
use domain::{Code, PersonId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::begin::{Proved, begin};
use super::create::SignedIn;
use super::{choices, person_of, second, with_cookie};
use crate::answer::{self, About};
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Stranger};
use crate::identity::Purpose;
use crate::identity::factors::PasskeyAnswer;
use crate::identity::passkeys::{ASKED_FOR, Asked};
use crate::identity::tickets;
use crate::metrics;
use crate::node::Node;

/// A challenge for `navigator.credentials`.
#[derive(Serialize, ToSchema)]
pub struct PasskeyChallenge {
    /// Good for one answer.
    ticket: String,
    expires: String,
    /// `{publicKey: …}`, in the JSON form of WebAuthn.
    #[schema(value_type = Object)]
    options: Value,
}

/// Keeps what belongs to a challenge until its answer comes.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn challenge(node: &Node, purpose: Purpose, account: Option<i64>, asked: Asked) -> Result<PasskeyChallenge, Fault> {
    let now = node.journal.now();
    let about = tickets::About { account, detail: asked.state, ..tickets::About::default() };
    let ticket = node.tickets.make(purpose, &about, ASKED_FOR, false, now).await?;
    let expires = second(now.saturating_add(ASKED_FOR).unwrap_or(now));
    Ok(PasskeyChallenge { ticket: ticket.expose().to_owned(), expires, options: asked.options })
}

/// Asks for a challenge to any passkey: to sign in, as a second factor, or to prove oneself again.
#[utoipa::path(
    post, path = "/v4/sessions/passkey", tag = "identity", security(()),
    responses(
        (status = 200, body = PasskeyChallenge),
        (status = 400, body = Envelope, description = "`option_is_not_supported`: the public address has no domain"),
        (status = 403, body = Envelope, description = "`cross_site_request`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn ask(request: HttpRequest, stranger: Stranger) -> Result<HttpResponse, Fault> {
    let node = &stranger.node;
    let challenge = challenge(node, Purpose::PasskeySignIn, None, node.passkeys.ask()?).await?;
    answer::json(&request, node, &challenge, About::read(node.head().position))
}

/// Signs in with a passkey alone: the device, and what it asks its human for, are two factors. As `person_id`, else as the first person
/// of the account that is let in; `PUT /session` goes on as another.
#[utoipa::path(
    put, path = "/v4/sessions/passkey", tag = "identity", security(()), request_body = crate::routes::schema::PasskeySignIn,
    responses(
        (status = 200, body = SignedIn),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_value_format`, `option_is_not_supported`"),
        (status = 401, body = Envelope, description = "`invalid_ticket`, `invalid_credentials`, `account_blocked`"),
        (status = 403, body = Envelope, description = "`access_denied_person`, `cross_site_request`, `tls_required`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn sign_in(request: HttpRequest, stranger: Stranger, body: Body) -> Result<HttpResponse, Fault> {
    let node = &stranger.node;
    let members = body.object()?;
    let members = Object::new(&members);
    let shown = shown(&members)?;
    let wanted = members.integer("person_id")?.map(PersonId);
    let (directory, head) = stranger.world().await?;
    let known = node.by_passkey(shown).await.inspect_err(|fault| metrics::sign_in_refused(fault.code().unwrap_or("unknown")))?;
    let mut persons = known.account.persons.iter().copied().filter(|linked| person_of(&directory, *linked).is_some()).peekable();
    if persons.peek().is_none() {
        return Err(Fault::domain(Code::AccountBlocked));
    }
    let linked = persons.find(|linked| wanted.is_none_or(|wanted| linked.person == wanted));
    let proved = Proved {
        known: &known,
        linked: linked.ok_or_else(|| Fault::domain(Code::AccessDeniedPerson))?,
        by: Way::Passkey,
        second: None,
        head,
        password: None,
        replaces: None,
        authenticated_at: None,
    };
    let (cookie, session, position) = begin(node, &request, || stranger.request(&request), proved).await?;
    with_cookie(&request, node, &SignedIn::of(&session, choices(&directory, &known)), position, &cookie)
}

/// `{ticket, credential}`: the challenge's ticket, and what the browser made of it.
///
/// # Errors
/// `required_parameter_missing`, `invalid_value_format`.
pub fn shown(members: &Object<'_>) -> Result<PasskeyAnswer, Fault> {
    let missing = |name: &'static str| Fault::domain(Code::RequiredParameterMissing).with(name);
    let ticket = members.string("ticket")?.ok_or_else(|| missing("ticket"))?;
    let credential = members.given("credential").cloned().ok_or_else(|| missing("credential"))?;
    Ok(PasskeyAnswer { ticket, credential })
}
