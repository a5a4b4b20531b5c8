//! `/roles`: persons who act as one. Who may do what with them is decided in `domain`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::{Done, Request};
use domain::role::{Command, Rejection, Role, access};
use domain::{Code, PersonId, Rejection as _};
use projections::views::roles;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::credentials;
use super::people::ShownRole;
use super::query::Query;
use super::schema;
use crate::answer::{self, About};
use crate::dialect::{self, BadInput, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};

#[derive(Serialize, ToSchema)]
pub struct Roles<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<ShownRole<'a>>,
}

/// The roles of the organisation.
#[utoipa::path(
    get, path = "/v4/roles", tag = "people",
    params(("include_fired" = Option<bool>, Query, description = "With those that are deleted"), schema::AsOf, schema::Read),
    responses(
        (status = 200, body = Roles), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`: a guest"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let fired = Query::of(&request).boolean("include_fired")?.unwrap_or(false);
    let shown = caller.shown(&request).await?;
    access::sees(&caller.issued(&shown.today)).map_err(|rejection| refused(&rejection))?;
    let found = roles::roles(shown.organisation(), fired);
    let roles = found.iter().map(|role| ShownRole::of(role)).collect();
    answer::json(&request, &caller.node, &Roles { roles }, About::read(shown.position))
}

/// One role of the organisation.
#[utoipa::path(
    get, path = "/v4/roles/{id}", tag = "people", params(("id" = i64, Path, description = "The role"), schema::AsOf, schema::Read),
    responses(
        (status = 200, body = ShownRole), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_person`, `access_denied`"), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = role_id(&id)?;
    let shown = caller.shown(&request).await?;
    let role = shown.organisation().role(id).cloned().unwrap_or_default();
    role.seen(&caller.issued(&shown.today)).map_err(|rejection| refused(&rejection))?;
    answer::json(&request, &caller.node, &ShownRole::of(&role), About::read(shown.position))
}

/// Creates a role.
#[utoipa::path(
    post, path = "/v4/roles", tag = "people", params(schema::Write), request_body = schema::CreateRole,
    responses(
        (status = 200, body = ShownRole),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_person_id`, `participant_limit_exceeded`: more than 500 members, `option_is_not_supported`: more roles than 50 or five an employee"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`: a blocked member"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let done = create_one(&caller, command, &members).await?;
    shown(&request, &caller, done).await
}

/// Changes a role: what is present in the body. `memebr_remove` is taken for `member_remove`.
#[utoipa::path(
    put, path = "/v4/roles/{id}", tag = "people", params(("id" = i64, Path, description = "The role"), schema::Write),
    request_body = schema::ChangeRole,
    responses(
        (status = 200, body = ShownRole), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = role_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let done = change_one(&caller, command, id, &members).await?;
    shown(&request, &caller, done).await
}

/// Deletes a role. Its open tasks go to `task_receiver_id`, a person or a role, in a moment; without one they stay with it.
#[utoipa::path(
    delete, path = "/v4/roles/{id}", tag = "people", params(("id" = i64, Path, description = "The role"), schema::Write),
    request_body = schema::DeleteRole,
    responses(
        (status = 200, body = ShownRole), (status = 400, body = Envelope, description = "`invalid_person_id`: nobody who could receive"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = role_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object_or_nothing()?;
    let done = delete_one(&caller, command, id, &members).await?;
    shown(&request, &caller, done).await
}

/// Creates roles, one after the other. The first refusal ends it and is the answer; those before it stay.
#[utoipa::path(
    post, path = "/v4/roles/bulk", tag = "people", params(schema::Write), request_body = Vec<schema::CreateRole>,
    responses(
        (status = 200, body = Vec<ShownRole>), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create_all(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let mut done = Vec::new();
    for (index, members) in objects(&body)?.iter().enumerate() {
        done.push(create_one(&caller, part(&command, index), members).await?);
    }
    all_shown(&request, &caller, &done).await
}

/// Changes roles, one after the other; each names its `id`. The first refusal ends it and is the answer; those before it stay.
#[utoipa::path(
    put, path = "/v4/roles/bulk", tag = "people", params(schema::Write), request_body = Vec<schema::ChangeRole>,
    responses(
        (status = 200, body = Vec<ShownRole>), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change_all(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let mut done = Vec::new();
    for (index, members) in objects(&body)?.iter().enumerate() {
        let id = id_of(members)?;
        done.push(change_one(&caller, part(&command, index), id, members).await?);
    }
    all_shown(&request, &caller, &done).await
}

/// Deletes roles, one after the other; each names its `id`. The first refusal ends it and is the answer; those before it stay.
#[utoipa::path(
    delete, path = "/v4/roles/bulk", tag = "people", params(schema::Write), request_body = Vec<schema::DeleteRole>,
    responses(
        (status = 200, body = Vec<ShownRole>), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete_all(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let mut done = Vec::new();
    for (index, members) in objects(&body)?.iter().enumerate() {
        let id = id_of(members)?;
        done.push(delete_one(&caller, part(&command, index), id, members).await?);
    }
    all_shown(&request, &caller, &done).await
}

async fn create_one(caller: &Caller, request: Request, members: &Map<String, Value>) -> Result<Done<Arc<Role>>, Fault> {
    let create = dialect::create_role(&Object::new(members))?;
    caller.node.create_role(request, Command::Create(Box::new(create))).await.inspect(|done| caller.wrote(done.position))
}

async fn change_one(caller: &Caller, request: Request, id: PersonId, members: &Map<String, Value>) -> Result<Done<Arc<Role>>, Fault> {
    let change = dialect::change_role(&Object::new(members))?;
    caller.node.change_role(id, request, Command::Change(Box::new(change))).await.inspect(|done| caller.wrote(done.position))
}

async fn delete_one(caller: &Caller, request: Request, id: PersonId, members: &Map<String, Value>) -> Result<Done<Arc<Role>>, Fault> {
    let task_receiver = dialect::task_receiver(&Object::new(members))?;
    caller.node.change_role(id, request, Command::Delete { task_receiver }).await.inspect(|done| caller.wrote(done.position))
}

/// The request of one item of many.
fn part(request: &Request, index: usize) -> Request {
    Request { command: request.command.part(index), ..request.clone() }
}

/// The role as the command left it. This node's directory is waited for, so that its members act for it by now.
async fn shown(request: &HttpRequest, caller: &Caller, done: Done<Arc<Role>>) -> Result<HttpResponse, Fault> {
    credentials::seen(caller, done.position).await;
    answer::json(request, &caller.node, &ShownRole::of(&done.view), About::done(&done))
}

async fn all_shown(request: &HttpRequest, caller: &Caller, done: &[Done<Arc<Role>>]) -> Result<HttpResponse, Fault> {
    let position = done.iter().map(|done| done.position).max().unwrap_or_default();
    credentials::seen(caller, position).await;
    let roles: Vec<ShownRole<'_>> = done.iter().map(|done| ShownRole::of(&done.view)).collect();
    let replayed = !done.is_empty() && done.iter().all(|done| done.replayed);
    answer::json(request, &caller.node, &roles, About { position, replayed })
}

fn refused(rejection: &Rejection) -> Fault {
    Fault::domain(rejection.code())
}

fn objects(body: &Body) -> Result<Vec<Map<String, Value>>, Fault> {
    let objects = body.items()?.into_iter().map(|item| match item {
        Value::Object(members) => Ok(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Err(Fault::format("item")),
    });
    objects.collect()
}

fn id_of(members: &Map<String, Value>) -> Result<PersonId, Fault> {
    let id = Object::new(members).integer("id")?.filter(|id| *id > 0);
    Ok(PersonId(id.ok_or_else(|| BadInput::new(Code::RequiredParameterMissing, "id: missing"))?))
}

fn role_id(text: &str) -> Result<PersonId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(PersonId).ok_or_else(|| Fault::format("role id"))
}
