//! `/profile`: what somebody is told of themselves, and their own credentials.

use actix_web::{HttpRequest, HttpResponse};
use domain::account::Command as AccountCommand;
use domain::person::Command;
use domain::{Code, PersonId};
use projections::views::profile;
use serde::Serialize;
use utoipa::ToSchema;

use super::credentials::{self, IssuedKey, RevokedKey};
use super::members;
use super::password::new_password;
use super::people::{ShownMember, ShownProfile};
use super::query::Query;
use super::schema;
use super::sessions::begin::go_on;
use super::sessions::with_cookie;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::identity::Session;
use crate::links::everybody;

/// The asker.
#[utoipa::path(
    get, path = "/v4/profile", tag = "people",
    params(("include_inactive" = Option<bool>, Query, description = "With those of the organisation who are blocked"), schema::AsOf, schema::Read),
    responses(
        (status = 200, body = ShownProfile), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_person`: the asker was not there then"), (status = 412, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let query = Query::of(&request);
    // The vendor's Python client has a name of its own for it.
    let inactive = query.boolean("include_inactive")?.or(query.boolean("withinactive")?).unwrap_or(false);
    let shown = caller.shown(&request).await?;
    let organisation = shown.organisation();
    let nobody = || if shown.then.is_some() { Fault::domain(Code::AccessDeniedPerson) } else { Fault::own(Own::InvalidToken) };
    let profile = profile::profile(organisation, caller.person.id, inactive).ok_or_else(nobody)?;
    answer::json(&request, &caller.node, &ShownProfile::of(&profile, organisation, shown.at), About::read(shown.position))
}

#[derive(Serialize, ToSchema)]
pub struct Identity<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    organization_id: i64,
}

/// Who the asker is, in short.
#[utoipa::path(
    get, path = "/v4/profile/identity", tag = "people", params(schema::Read),
    responses((status = 200, body = Identity), (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn identity(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let person = organisation.person(caller.person.id).ok_or_else(|| Fault::own(Own::InvalidToken))?;
    let shown = Identity { email: &person.profile.email, organization_id: organisation.id.0 };
    answer::json(&request, &caller.node, &shown, About::read(position))
}

/// Says that the asker is away, and who receives their inbox meanwhile. Ours, beside the dialect.
#[utoipa::path(
    put, path = "/v4/profile/absence", tag = "people", params(schema::Write), request_body = schema::WriteAbsence,
    responses(
        (status = 200, body = ShownMember), (status = 400, body = Envelope, description = "`invalid_person_id`, `invalid_input`"),
        (status = 401, body = Envelope), (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn set_absence(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    members::absent(&request, &caller, caller.person.id, &body).await
}

/// Says that the asker is back, or stays.
#[utoipa::path(
    delete, path = "/v4/profile/absence", tag = "people", params(schema::Write),
    responses(
        (status = 200, body = ShownMember), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn clear_absence(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    members::present(&request, &caller, caller.person.id, &body).await
}

/// Issues the asker a new security key in place of any other. Tokens made before are void.
#[utoipa::path(
    post, path = "/v4/profile/security_key", tag = "identity", params(schema::Write),
    responses((status = 200, body = IssuedKey), (status = 401, body = Envelope), (status = 422, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn issue_key(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    credentials::issue_key(&request, &caller, caller.person.id, &body).await
}

/// Takes the asker's security key away. Tokens made before are void.
#[utoipa::path(
    delete, path = "/v4/profile/security_key", tag = "identity", params(schema::Write),
    responses((status = 200, body = RevokedKey), (status = 401, body = Envelope), (status = 422, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn revoke_key(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    credentials::revoke_key(&request, &caller, caller.person.id, &body).await
}

#[derive(Serialize, ToSchema)]
pub struct PasswordChanged {
    person_id: i64,
    changed: bool,
}

/// Changes the asker's password, for all persons of their account. Tokens and sessions made before are void; the one that asks goes on
/// with a new cookie.
#[utoipa::path(
    put, path = "/v4/profile/password", tag = "identity", params(schema::Write), request_body = schema::NewPassword,
    responses(
        (status = 200, body = PasswordChanged),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_value_format`"),
        (status = 401, body = Envelope, description = "`invalid_credentials`: the present password is wrong"),
        (status = 403, body = Envelope, description = "`cross_site_request`, `step_up_required`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change_password(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    let password = new_password(&members)?;
    let (node, person) = (&caller.node, &caller.person);
    let current = members.string("current_password")?.unwrap_or_default();
    let known = node.account_of(person.id).await?;
    let persons = everybody(known.as_ref(), person);
    let ids: Vec<PersonId> = persons.iter().map(|linked| linked.person).collect();
    node.sign_ins.confirm(&ids, &current.into(), node.origin(&request)).await?;
    let hash = node.hash_password(password).await?;
    // The asker's own stream first, under the asker's name and key.
    let done = node.change_person(person.id, command, Command::ChangePassword).await?;
    credentials::seen(&caller, done.position).await;
    let mut position = node.new_password(&persons, &hash, || caller.as_the_system(&request)).await?;
    let Some(known) = known else {
        return answer::json(&request, node, &PasswordChanged { person_id: person.id.0, changed: true }, About::done(&done));
    };
    let changed = node.change_account(known.id, caller.as_the_system(&request), AccountCommand::ChangePassword).await?;
    position = position.max(changed.position);
    let changed = PasswordChanged { person_id: person.id.0, changed: true };
    let Some(session) = &caller.session else {
        return answer::json(&request, node, &changed, About { position, replayed: done.replayed });
    };
    // All sessions are over, this one too; who has just shown the password goes on in a new one.
    let over = Session { ended: true, ..session.clone() };
    let (cookie, _, position) = go_on(&request, &caller, &known, &over, (session.factor(), position)).await?;
    with_cookie(&request, node, &changed, position, &cookie)
}
