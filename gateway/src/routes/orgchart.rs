//! `/orgchart`: the departments. Who may arrange them, and how, is decided in `domain`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::Done;
use domain::department::{Command, Department, access};
use domain::{Code, DepartmentId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::credentials;
use super::schema;
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command, item};

#[derive(Serialize, ToSchema)]
pub struct Departments<'a> {
    departments: Vec<ShownDepartment<'a>>,
}

/// A department (pyrus.md §1.11).
#[derive(Serialize, ToSchema)]
pub struct ShownDepartment<'a> {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manager_id: Option<i64>,
    department_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    /// Present and true for one that was just deleted. Ours, beside the dialect.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
}

impl<'a> ShownDepartment<'a> {
    fn of(department: &'a Department) -> Self {
        Self {
            id: department.id.0,
            parent_id: department.parent.map(|parent| parent.0),
            manager_id: department.attributes.manager.map(|manager| manager.0),
            department_name: &department.attributes.name,
            external_id: department.attributes.external_id.as_deref(),
            deleted: department.deleted,
        }
    }
}

/// The departments of the organisation, in no tree: each names the one above. Guests find none.
#[utoipa::path(
    get, path = "/v4/orgchart", tag = "people", params(schema::AsOf, schema::Read),
    responses((status = 200, body = Departments), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 412, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let shown = caller.shown(&request).await?;
    let seen = access::sees(&caller.issued(&shown.today));
    let there = shown.organisation().departments.values().filter(|department| seen && department.is_there());
    answer::json(
        &request,
        &caller.node,
        &Departments { departments: there.map(|found| ShownDepartment::of(found)).collect() },
        About::read(shown.position),
    )
}

/// Creates a department.
#[utoipa::path(
    put, path = "/v4/orgchart", tag = "people", params(schema::Write), request_body = schema::WriteDepartment,
    responses(
        (status = 200, body = ShownDepartment), (status = 400, body = Envelope, description = "`invalid_department`, `invalid_person_id`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let change = dialect::change_department(&Object::new(&body.object()?))?;
    let done = caller.node.create_department(command, Command::Create(change)).await?;
    shown(&request, &caller, &done).await
}

/// Changes a department: what is present in the body. `parent_id` moves it, 0 to the top.
#[utoipa::path(
    post, path = "/v4/orgchart/{id}", tag = "people", params(("id" = i64, Path, description = "The department"), schema::Write),
    request_body = schema::WriteDepartment,
    responses(
        (status = 200, body = ShownDepartment), (status = 400, body = Envelope, description = "`invalid_department`, `invalid_person_id`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = department_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let change = dialect::change_department(&Object::new(&body.object()?))?;
    let done = caller.node.change_department(id, command, Command::Change(change)).await?;
    shown(&request, &caller, &done).await
}

/// Deletes a department that has none below it. Its people are in none from now on.
#[utoipa::path(
    delete, path = "/v4/orgchart/{id}", tag = "people", params(("id" = i64, Path, description = "The department"), schema::Write),
    responses(
        (status = 200, body = ShownDepartment), (status = 400, body = Envelope, description = "`invalid_department`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = department_id(&id)?;
    let done = caller.node.change_department(id, command(&request, &caller, &body.0)?, Command::Delete).await?;
    shown(&request, &caller, &done).await
}

/// Creates departments, in order. The first refusal is the answer, and those before it stay.
#[utoipa::path(
    put, path = "/v4/orgchart/bulk", tag = "people", params(schema::Write), request_body = Vec<schema::WriteDepartment>,
    responses(
        (status = 200, body = Departments), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create_many(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let mut wanted = Vec::new();
    for given in body.items()? {
        wanted.push((None, Command::Create(dialect::change_department(&Object::new(&members(given)?))?)));
    }
    many(&request, &caller, &command, wanted).await
}

/// Changes departments, each with its `id`, in order. The first refusal is the answer, and those before it stay.
#[utoipa::path(
    post, path = "/v4/orgchart/bulk", tag = "people", params(schema::Write), request_body = Vec<schema::WriteDepartment>,
    responses(
        (status = 200, body = Departments), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change_many(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let mut wanted = Vec::new();
    for given in body.items()? {
        let given = members(given)?;
        let given = Object::new(&given);
        wanted.push((Some(named(&given)?), Command::Change(dialect::change_department(&given)?)));
    }
    many(&request, &caller, &command, wanted).await
}

/// Deletes departments, by `{id}` or bare ids, in order. The first refusal is the answer, and those before it stay.
#[utoipa::path(
    delete, path = "/v4/orgchart/bulk", tag = "people", params(schema::Write), request_body = Vec<i64>,
    responses(
        (status = 200, body = Departments), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete_many(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let mut wanted = Vec::new();
    for given in body.items()? {
        let id = match given {
            Value::Number(number) => number.as_i64().map(DepartmentId).ok_or_else(|| Fault::format("id"))?,
            other => named(&Object::new(&members(other)?))?,
        };
        wanted.push((Some(id), Command::Delete));
    }
    many(&request, &caller, &command, wanted).await
}

async fn many(
    request: &HttpRequest,
    caller: &Caller,
    command: &actors::system::Request,
    wanted: Vec<(Option<DepartmentId>, Command)>,
) -> Result<HttpResponse, Fault> {
    let mut all: Vec<Done<Arc<Department>>> = Vec::with_capacity(wanted.len());
    for (index, (id, wanted)) in (0..).zip(wanted) {
        let command = item(command, index);
        let done = match id {
            Some(id) => caller.node.change_department(id, command, wanted).await?,
            None => caller.node.create_department(command, wanted).await?,
        };
        // What follows may stand under it.
        credentials::seen(caller, done.position).await;
        all.push(done);
    }
    let departments = all.iter().map(|done| ShownDepartment::of(&done.view)).collect();
    let position = all.iter().map(|done| done.position).max().unwrap_or_else(|| caller.node.head().position);
    let about = About { position, replayed: !all.is_empty() && all.iter().all(|done| done.replayed) };
    answer::json(request, &caller.node, &Departments { departments }, about)
}

fn members(given: Value) -> Result<serde_json::Map<String, Value>, Fault> {
    match given {
        Value::Object(members) => Ok(members),
        _ => Err(Fault::format("not an object")),
    }
}

fn named(given: &Object<'_>) -> Result<DepartmentId, Fault> {
    given.integer("id")?.map(DepartmentId).ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("id"))
}

async fn shown(request: &HttpRequest, caller: &Caller, done: &Done<Arc<Department>>) -> Result<HttpResponse, Fault> {
    credentials::seen(caller, done.position).await;
    answer::json(request, &caller.node, &ShownDepartment::of(&done.view), About::done(done))
}

fn department_id(text: &str) -> Result<DepartmentId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(DepartmentId).ok_or_else(|| Fault::format("department id"))
}
