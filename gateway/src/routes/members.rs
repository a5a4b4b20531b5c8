//! `/members`: the people of the organisation, for those who look after them. Who may is decided in `domain`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::Done;
use domain::directory::OrganisationDirectory;
use domain::person::{Command, Person};
use domain::{Code, PersonId};
use projections::views::members;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::awards;
use super::credentials::{self, IssuedKey, RevokedKey};
use super::people::{People, ShownMember};
use super::query::Query;
use super::schema;
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::files::found::uploaded;
use crate::files::kind::is_image;

#[derive(Serialize, ToSchema)]
pub struct Members<'a> {
    #[schema(value_type = Vec<ShownMember>)]
    members: People<'a, ShownMember<'a>>,
}

/// The people of the organisation.
#[utoipa::path(
    get, path = "/v4/members", tag = "people",
    params(("include_fired" = Option<bool>, Query, description = "With those who are blocked"), schema::AsOf, schema::Read),
    responses((status = 200, body = Members), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 412, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let fired = Query::of(&request).boolean("include_fired")?.unwrap_or(false);
    let shown = caller.shown(&request).await?;
    let organisation = shown.organisation();
    let found = members::members(organisation, &caller.person, fired);
    let members = People::members(&found, organisation, &caller.person);
    answer::json(&request, &caller.node, &Members { members }, About::read(shown.position))
}

/// One person of the organisation, with the awards that they hold; without those as of an earlier position.
#[utoipa::path(
    get, path = "/v4/members/{id}", tag = "people", params(("id" = i64, Path, description = "The person"), schema::AsOf, schema::Read),
    responses(
        (status = 200, body = ShownMember), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 412, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_person`: there is, or was, no such person"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = person_id(&id)?;
    let shown = caller.shown(&request).await?;
    let organisation = shown.organisation();
    let member = found(organisation, &caller, id)?;
    // Who held what when is kept by the awards, not by the people.
    let awards = if shown.then.is_some() { Vec::new() } else { awards::held_by(&caller, organisation, id).await? };
    let member = ShownMember::of(&member, organisation, &caller.person).holding(&awards);
    answer::json(&request, &caller.node, &member, About::read(shown.position))
}

/// Adds a person.
#[utoipa::path(
    post, path = "/v4/members", tag = "people", params(schema::Write), request_body = schema::WriteMember,
    responses(
        (status = 200, body = ShownMember),
        (status = 400, body = Envelope, description = "`person_email_already_in_use`, `incorrect_email_format`, `required_parameter_missing`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn add(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    if members.given("rights").is_some() {
        caller.recent()?;
    }
    let added = dialect::add_member(&members)?;
    let done = caller.node.add_person(command, Command::Add(Box::new(added))).await?;
    shown(&request, &caller, done).await
}

/// Changes a person: what is present in the body.
#[utoipa::path(
    put, path = "/v4/members/{id}", tag = "people", params(("id" = i64, Path, description = "The person"), schema::Write),
    request_body = schema::WriteMember,
    responses(
        (status = 200, body = ShownMember), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = person_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let change = dialect::change_member(&Object::new(&members))?;
    if change.rights.is_some() || change.banned.is_some() || change.sessions.two_factor.is_some() {
        caller.recent()?;
    }
    let done = caller.node.change_person(id, command, Command::Change(Box::new(change))).await?;
    shown(&request, &caller, done).await
}

/// Blocks a person: signs them out and lets them in no more. `PUT` with `banned` false restores them.
#[utoipa::path(
    delete, path = "/v4/members/{id}", tag = "people", params(("id" = i64, Path, description = "The person"), schema::Write),
    responses(
        (status = 200, body = ShownMember), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn block(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = person_id(&id)?;
    let done = caller.node.change_person(id, command(&request, &caller, &body.0)?, Command::Block).await?;
    shown(&request, &caller, done).await
}

/// Sets somebody's picture, by the id of its upload: `{guid, external_avatar_id?}`. Both absent take it away. Everybody of the organisation
/// is given it at `/avatar/{avatar_id}`.
#[utoipa::path(
    method(put, post), path = "/v4/members/{id}/avatar", tag = "people", params(("id" = i64, Path, description = "The person"), schema::Write),
    request_body = schema::WriteAvatar,
    responses(
        (status = 200, body = ShownMember), (status = 401, body = Envelope),
        (status = 400, body = Envelope, description = "`unrecognized_attachment_id`: no upload of the asker's own"),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn set_avatar(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = person_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let mut avatar = dialect::avatar(&Object::new(&members))?;
    if let Some(guid) = &avatar.guid {
        let unrecognized = || Fault::domain(Code::UnrecognizedAttachmentId);
        let file = uploaded(&caller, Uuid::try_parse(guid).map_err(|_| unrecognized())?).await?;
        if file.uploader != caller.person.id {
            return Err(unrecognized());
        }
        if !is_image(&file.media_type) {
            return Err(Fault::format("guid").with("the file is no picture"));
        }
        avatar.avatar_id = Some(file.id.0);
    }
    let done = caller.node.change_person(id, command, Command::SetAvatar(avatar)).await?;
    shown(&request, &caller, done).await
}

/// Says that somebody is away, and who receives their inbox meanwhile. Ours, beside the dialect.
#[utoipa::path(
    put, path = "/v4/members/{id}/absence", tag = "people", params(("id" = i64, Path, description = "The person"), schema::Write),
    request_body = schema::WriteAbsence,
    responses(
        (status = 200, body = ShownMember), (status = 400, body = Envelope, description = "`invalid_person_id`, `invalid_input`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn set_absence(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    absent(&request, &caller, person_id(&id)?, &body).await
}

/// Says that somebody is back, or stays.
#[utoipa::path(
    delete, path = "/v4/members/{id}/absence", tag = "people", params(("id" = i64, Path, description = "The person"), schema::Write),
    responses(
        (status = 200, body = ShownMember), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn clear_absence(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    present(&request, &caller, person_id(&id)?, &body).await
}

/// Sets the absence of `person`.
pub(super) async fn absent(request: &HttpRequest, caller: &Caller, person: PersonId, body: &Body) -> Result<HttpResponse, Fault> {
    let command = command(request, caller, &body.0)?;
    let members = body.object()?;
    let away = dialect::away(&Object::new(&members))?;
    let done = caller.node.change_person(person, command, Command::SetAbsence(away)).await?;
    shown(request, caller, done).await
}

/// Clears the absence of `person`.
pub(super) async fn present(request: &HttpRequest, caller: &Caller, person: PersonId, body: &Body) -> Result<HttpResponse, Fault> {
    let done = caller.node.change_person(person, command(request, caller, &body.0)?, Command::ClearAbsence).await?;
    shown(request, caller, done).await
}

/// Issues a person a new security key in place of any other.
#[utoipa::path(
    post, path = "/v4/members/{id}/security_key", tag = "identity", params(("id" = i64, Path, description = "The person"), schema::Write),
    responses(
        (status = 200, body = IssuedKey), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn issue_key(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    credentials::issue_key(&request, &caller, person_id(&id)?, &body).await
}

/// Takes a person's security key away.
#[utoipa::path(
    delete, path = "/v4/members/{id}/security_key", tag = "identity", params(("id" = i64, Path, description = "The person"), schema::Write),
    responses(
        (status = 200, body = RevokedKey), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn revoke_key(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    credentials::revoke_key(&request, &caller, person_id(&id)?, &body).await
}

/// The member as the command left them. This node's directory is waited for, so that whoever was blocked is out by now.
pub(super) async fn shown(request: &HttpRequest, caller: &Caller, done: Done<Arc<Person>>) -> Result<HttpResponse, Fault> {
    credentials::seen(caller, done.position).await;
    let directory = caller.node.world.latest();
    let organisation = caller.organisation_in(&directory)?;
    answer::json(request, &caller.node, &ShownMember::of(&done.view, &organisation, &caller.person), About::done(&done))
}

fn found(organisation: &OrganisationDirectory, caller: &Caller, id: PersonId) -> Result<Arc<Person>, Fault> {
    members::member(organisation, &caller.person, id).ok_or_else(|| Fault::domain(Code::AccessDeniedPerson))
}

pub(super) fn person_id(text: &str) -> Result<PersonId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    // The system acts under 0, and has no history that could be changed.
    let id = id.map(PersonId).ok_or_else(|| Fault::format("person id"))?;
    if id == PersonId::SYSTEM { Err(Fault::domain(Code::AccessDeniedPerson)) } else { Ok(id) }
}
