//! `POST /sessions/second_factor`: the second half of signing in by password, with the ticket that the first half gave. Whether what is
//! shown is right is found out in `identity`.

use actix_web::{HttpRequest, HttpResponse};
use domain::account::{Linked, Way};
use domain::{Code, PersonId, Position};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::begin::{Proved, begin};
use super::create::SignedIn;
use super::{choices, passkey, second, with_cookie};
use crate::accounts::Known;
use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Stranger};
use crate::identity::factors::{TRIES_MAX, TypedFactor};
use crate::identity::sign_in::Proven;
use crate::identity::tickets::About;
use crate::identity::{Purpose, ShownFactor};
use crate::node::Node;

/// Long enough to find the phone.
const ASKED_FOR: SignedDuration = SignedDuration::from_mins(10);

/// What is asked for besides the password.
#[derive(Serialize, ToSchema)]
pub struct SecondFactor {
    /// Good for one sign-in.
    ticket: String,
    expires: String,
    /// What may be shown: `totp`, `passkey` and `recovery_code`.
    ways: Vec<&'static str>,
}

/// Asks for the second half of a sign-in whose first half was right.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn ask(node: &Node, known: &Known, linked: Linked, proof: &Proven, head: Position) -> Result<SecondFactor, Fault> {
    let now = node.journal.now();
    let about = About {
        account: Some(known.id),
        person: Some(linked.person),
        organisation: Some(linked.organisation),
        detail: json!({ "head": head, "password_of": proof.person.id.0, "password": digest(&proof.hash) }),
    };
    let ticket = node.tickets.make(Purpose::SecondFactor, &about, ASKED_FOR, false, now).await?;
    let account = &known.account;
    let ways = [(account.totp, "totp"), (!account.passkeys.is_empty(), "passkey"), (account.recovery_codes_left > 0, "recovery_code")];
    Ok(SecondFactor {
        ticket: ticket.expose().to_owned(),
        expires: second(now.saturating_add(ASKED_FOR).unwrap_or(now)),
        ways: ways.into_iter().filter_map(|(there, way)| there.then_some(way)).collect(),
    })
}

/// Signs in with the ticket of a right password, and a code of the authenticator app, a passkey (challenged by `POST /sessions/passkey`)
/// or a recovery code. A code is taken once; a ticket is void after ten tries.
#[utoipa::path(
    post, path = "/v4/sessions/second_factor", tag = "identity", security(()), request_body = crate::routes::schema::ShowSecondFactor,
    responses(
        (status = 200, body = SignedIn),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_json`, `empty_body`, `invalid_value_format`"),
        (status = 401, body = Envelope, description = "`invalid_ticket`, `invalid_credentials`, `account_blocked`"),
        (status = 403, body = Envelope, description = "`cross_site_request`, `tls_required`"),
        (status = 429, body = Envelope, description = "`too_many_requests`: too many requests or wrong guesses"),
        (status = 503, body = Envelope),
    ),
)]
pub async fn show(request: HttpRequest, stranger: Stranger, body: Body) -> Result<HttpResponse, Fault> {
    let node = &stranger.node;
    let members = body.object()?;
    let members = Object::new(&members);
    let ticket = members.string("ticket")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("ticket"))?;
    let shown = shown(&members)?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("code"))?;
    let invalid = || Fault::own(Own::InvalidTicket);
    let about = node.tickets.look(Purpose::SecondFactor, &ticket, node.journal.now()).await?.ok_or_else(invalid)?;
    let (Some(account), Some(person), Some(organisation)) = (about.account, about.person, about.organisation) else {
        return Err(invalid());
    };
    if !node.tickets.count(Purpose::SecondFactor, &ticket, TRIES_MAX).await? {
        return Err(invalid());
    }
    let (directory, _) = stranger.world().await?;
    let known = node.account(account).await?;
    let factor = node.take_factor(&request, &known, shown, || stranger.request(&request)).await?;
    // Of two who show two right codes with one ticket, one signs in.
    let about = node.tickets.redeem(Purpose::SecondFactor, &ticket, node.journal.now()).await?.ok_or_else(invalid)?;
    let number = |name: &str| about.detail.get(name).and_then(Value::as_i64).ok_or_else(invalid);
    let (head, owner) = (number("head")?, PersonId(number("password_of")?));
    let proved = Proved {
        known: &known,
        linked: Linked { organisation, person },
        by: Way::Password,
        second: Some(factor),
        head,
        password: Some((owner, password(node, owner, &about).await?)),
        replaces: None,
        authenticated_at: None,
    };
    let (cookie, session, position) = begin(node, &request, || stranger.request(&request), proved).await?;
    with_cookie(&request, node, &SignedIn::of(&session, choices(&directory, &known)), position, &cookie)
}

/// `code`, `recovery_code` or `passkey`.
///
/// # Errors
/// `invalid_value_format`.
pub fn shown(members: &Object<'_>) -> Result<Option<ShownFactor>, Fault> {
    if let Some(code) = members.string("code")? {
        return Ok(Some(ShownFactor::Typed(TypedFactor::Code(SecretString::from(code)))));
    }
    if let Some(code) = members.string("recovery_code")? {
        return Ok(Some(ShownFactor::Typed(TypedFactor::RecoveryCode(SecretString::from(code)))));
    }
    match members.given("passkey") {
        None => Ok(None),
        Some(Value::Object(answer)) => Ok(Some(ShownFactor::Passkey(passkey::shown(&Object::new(answer))?))),
        Some(_) => Err(Fault::format("passkey")),
    }
}

/// The password of the first half, as it is stored, if it is still the same.
async fn password(node: &Node, owner: PersonId, about: &About) -> Result<String, Fault> {
    let stored = node.credentials.passwords(&[owner]).await?.remove(&owner);
    let shown = about.detail.get("password").and_then(Value::as_str);
    stored.filter(|hash| shown == Some(digest(hash).as_str())).ok_or_else(|| Fault::own(Own::InvalidCredentials))
}

/// By which a stored password is known again; nothing to guess it from.
fn digest(hash: &str) -> String {
    hex::encode(Sha256::digest(hash.as_bytes()))
}
