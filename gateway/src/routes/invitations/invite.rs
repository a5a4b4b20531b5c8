//! `/invitations`: made, listed, made anew and revoked by those who may invite. Whether somebody may add a person is decided in
//! `domain`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::person::{Added, Command, Person, PersonKind, rights};
use domain::rights::Deed;
use domain::{Code, PersonId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command, site};
use crate::identity::Purpose;
use crate::links::{self, INVITED_FOR};
use crate::routes::password::person_in_path;
use crate::routes::sessions::second;

#[derive(Serialize, ToSchema)]
pub struct Invitation {
    person_id: i64,
    email: String,
    created: String,
    expires: String,
    /// Where the invited person goes on, shown this once. Until invitations go out by mail, the inviter hands it over.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Invitations {
    invitations: Vec<Invitation>,
}

#[derive(Serialize, ToSchema)]
pub struct Revoked {
    person_id: i64,
    revoked: bool,
}

/// Invites somebody: adds the person, who can do nothing yet, and makes a link by which they choose name and password. The address is
/// theirs from then on: of two who invite it at once, one gets `person_email_already_in_use`.
#[utoipa::path(
    post, path = "/v4/invitations", tag = "identity", request_body = crate::routes::schema::NewInvitation,
    params(crate::routes::schema::Write),
    responses(
        (status = 200, body = Invitation),
        (status = 400, body = Envelope, description = "`person_email_already_in_use`, `incorrect_email_format`, `required_parameter_missing`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn invite(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let mut members = body.object()?;
    let guest = Object::new(&members).boolean("guest")?;
    if Object::new(&members).given("rights").is_some() {
        caller.recent()?;
    }
    // A name until they say themselves what they are called.
    if let (false, false, Some(address)) =
        (members.contains_key("first_name"), members.contains_key("last_name"), members.get("email").and_then(|email| email.as_str()))
    {
        let name = address.split('@').next().unwrap_or_default().to_owned();
        members.insert("first_name".to_owned(), name.into());
    }
    let added: Added = dialect::add_member(&Object::new(&members))?;
    let added = Added { kind: if guest { PersonKind::Guest } else { PersonKind::User }, ..added };
    let done = caller.node.add_person(command, Command::Add(Box::new(added))).await?;
    let person = &done.view;
    // Under one key it is the same person, and a new link: the first was never stored as it was shown.
    if !caller.node.is_invited(person).await? {
        return Err(Fault::domain(Code::Conflict));
    }
    let shown = issue(&request, &caller, person).await?;
    caller.wrote(done.position);
    answer::json(&request, &caller.node, &shown, About::done(&done))
}

/// The invitations that can still be accepted.
#[utoipa::path(
    get, path = "/v4/invitations", tag = "identity",
    responses((status = 200, body = Invitations), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    may_invite(&caller)?;
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let open = caller.node.tickets.open(Purpose::Invitation, organisation.id, caller.node.journal.now()).await?;
    let invitations = open.into_iter().filter_map(|(person, created, expires)| {
        let person = organisation.person(person)?;
        Some(Invitation {
            person_id: person.id.0,
            email: person.profile.email.clone(),
            created: second(created),
            expires: second(expires),
            link: None,
        })
    });
    answer::json(&request, &caller.node, &Invitations { invitations: invitations.collect() }, About::read(position))
}

/// Makes the link of an invited person anew; the one of before is void. Not for who has signed in before.
#[utoipa::path(
    post, path = "/v4/invitations/{id}", tag = "identity", params(("id" = i64, Path, description = "The person")),
    responses(
        (status = 200, body = Invitation), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 503, body = Envelope),
    ),
)]
pub async fn again(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    may_invite(&caller)?;
    let (person, position) = invited(&caller, person_in_path(&id)?).await?;
    answer::json(&request, &caller.node, &issue(&request, &caller, &person).await?, About::read(position))
}

/// Revokes an invitation: its link is void. The person stays; who manages people blocks them.
#[utoipa::path(
    delete, path = "/v4/invitations/{id}", tag = "identity", params(("id" = i64, Path, description = "The person")),
    responses(
        (status = 200, body = Revoked), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 503, body = Envelope),
    ),
)]
pub async fn revoke(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    may_invite(&caller)?;
    let (person, position) = invited(&caller, person_in_path(&id)?).await?;
    let revoked = caller.node.tickets.void(Purpose::Invitation, person.id).await? > 0;
    answer::json(&request, &caller.node, &Revoked { person_id: person.id.0, revoked }, About::read(position))
}

/// The same rights as adding people asks for (`domain::person::access`).
fn may_invite(caller: &Caller) -> Result<(), Fault> {
    if Deed::AddPersons.allows(&caller.person) { Ok(()) } else { Err(Fault::domain(Code::AccessDenied)) }
}

/// A person of the asker's organisation whom nothing lets in yet.
async fn invited(caller: &Caller, id: PersonId) -> Result<(Arc<Person>, i64), Fault> {
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let person = organisation.person(id).cloned().ok_or_else(|| Fault::domain(Code::AccessDeniedPerson))?;
    // Somebody with rights that the asker does not hold is not theirs to let in.
    let held = caller.person.may(person.rights & !rights::DEFAULT);
    if held && caller.node.is_invited(&person).await? { Ok((person, position)) } else { Err(Fault::domain(Code::AccessDeniedPerson)) }
}

async fn issue(request: &HttpRequest, caller: &Caller, person: &Person) -> Result<Invitation, Fault> {
    let secret = caller.node.invitation_ticket(person.id, person.organisation).await?;
    let now = caller.node.journal.now();
    let base = site::base(request, &caller.node);
    Ok(Invitation {
        person_id: person.id.0,
        email: person.profile.email.clone(),
        created: second(now),
        expires: second(now.saturating_add(INVITED_FOR).unwrap_or(Timestamp::MAX)),
        link: Some(links::address(&caller.node.settings, Some(&base), "invitation", &secret)),
    })
}
