//! A password that was forgotten: asking for a link, and setting a new one with it. Changing one that is known is in
//! [`super::profile`].

use actix_web::{HttpRequest, HttpResponse};
use domain::account::Command;
use domain::{Code, PersonId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Stranger, command};
use crate::identity::{PASSWORD_BYTES, Purpose};
use crate::links::{Resettable, everybody};

#[derive(Serialize, ToSchema)]
pub struct ResetRequested {
    /// Always true: nobody is told whether somebody has this address.
    requested: bool,
}

/// Asks for a link that resets the password. The answer is the same, and as quick, for everybody. Nothing is sent yet, since there is
/// no mail service: that it was asked for is recorded with the account, and who holds the machine makes the link
/// (`nashi admin password reset-link`), which is good for an hour, once.
#[utoipa::path(
    post, path = "/v4/password_reset", tag = "identity", security(()), request_body = super::schema::ResetRequest,
    responses(
        (status = 200, body = ResetRequested), (status = 400, body = Envelope, description = "`required_parameter_missing`"),
        (status = 403, body = Envelope, description = "`cross_site_request`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn request(request: HttpRequest, stranger: Stranger, body: Body) -> Result<HttpResponse, Fault> {
    let members = body.object()?;
    let login = Object::new(&members).string("login")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("login"))?;
    let (directory, head) = stranger.world().await?;
    if stranger.node.sign_ins.may_ask_for_a_link(&login, stranger.origin) {
        let (node, asked_by) = (stranger.node.clone(), stranger.request(&request));
        // Beside the answer, so that its time tells nothing.
        actix_web::rt::spawn(async move {
            let asked = async {
                for whose in node.resettable(&directory, &login).await? {
                    if let Some(known) = &whose.known {
                        node.change_account(known.id, command::again(&asked_by), Command::RequestPasswordReset).await?;
                    }
                    // Without a mail service there is nobody to give it to: whoever holds the machine makes one.
                    tracing::info!(
                        person = whose.person.id.0,
                        "a link to reset a password was asked for; `nashi admin password reset-link` makes one"
                    );
                }
                Ok::<_, Fault>(())
            };
            if let Err(fault) = asked.await {
                tracing::warn!(%fault, "a link to reset a password could not be made");
            }
        });
    }
    answer::json(&request, &stranger.node, &ResetRequested { requested: true }, About::read(head))
}

#[derive(Serialize, ToSchema)]
pub struct PasswordReset {
    changed: bool,
    /// The address to sign in with.
    login: String,
}

/// Sets a new password with a link's token. Every session and token that rested on the old one is void; who has a second factor
/// still needs it to sign in.
#[utoipa::path(
    put, path = "/v4/password_reset", tag = "identity", security(()), request_body = super::schema::Reset,
    responses(
        (status = 200, body = PasswordReset),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_value_format`"),
        (status = 401, body = Envelope, description = "`invalid_ticket`: the token is unknown, too old, or was used"),
        (status = 403, body = Envelope, description = "`cross_site_request`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn reset(request: HttpRequest, stranger: Stranger, body: Body) -> Result<HttpResponse, Fault> {
    let node = &stranger.node;
    let members = body.object()?;
    let members = Object::new(&members);
    let token = members.string("token")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("token"))?;
    let password = new_password(&members)?;
    let (directory, _) = stranger.world().await?;
    // A guess costs no hash.
    node.tickets.look(Purpose::PasswordReset, &token, node.journal.now()).await?.ok_or_else(|| Fault::own(Own::InvalidTicket))?;
    let hash = node.hash_password(password).await?;
    let about =
        node.tickets.redeem(Purpose::PasswordReset, &token, node.journal.now()).await?.ok_or_else(|| Fault::own(Own::InvalidTicket))?;
    let person = about.organisation.and_then(|id| directory.organisation(id)?.person(about.person?).cloned());
    let person = person.filter(|person| !person.blocked).ok_or_else(|| Fault::own(Own::InvalidTicket))?;
    // What the account has become since the link was made counts.
    let whose = Resettable { known: node.account_of(person.id).await?, person };
    let persons = everybody(whose.known.as_ref(), &whose.person);
    let mut position = node.new_password(&persons, &hash, || stranger.request(&request)).await?;
    if let Some(known) = &whose.known {
        position = node.change_account(known.id, stranger.request(&request), Command::ResetPassword).await?.position;
    }
    node.tickets.void(Purpose::PasswordReset, whose.person.id).await?;
    let login = whose.known.as_ref().map_or_else(|| whose.person.profile.email.clone(), |known| known.account.login.clone());
    answer::json(&request, node, &PasswordReset { changed: true, login }, About::read(position))
}

/// The member `password`, if it may be one.
///
/// # Errors
/// `required_parameter_missing`, `invalid_value_format`.
pub fn new_password(members: &Object<'_>) -> Result<String, Fault> {
    let password = members.string("password")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("password"))?;
    if !PASSWORD_BYTES.contains(&password.len()) {
        let bounds = format!("password must have {} to {} bytes", PASSWORD_BYTES.start(), PASSWORD_BYTES.end());
        return Err(Fault::domain(Code::InvalidValueFormat).with(bounds));
    }
    Ok(password)
}

/// A person's number in a path.
///
/// # Errors
/// `invalid_value_format`.
pub fn person_in_path(text: &str) -> Result<PersonId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(PersonId).ok_or_else(|| Fault::format("person id"))
}
