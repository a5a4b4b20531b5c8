//! `PUT /lists`, `POST /lists/{id}`, `DELETE /lists/{id}`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::Done;
use domain::list::{Command, List};

use super::{ShownList, list_id};
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::{credentials, schema};

/// Makes a list.
#[utoipa::path(
    put, path = "/v4/lists", tag = "lists", params(schema::Write), request_body = schema::WriteList,
    responses(
        (status = 200, body = ShownList),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `value_is_too_long`, `invalid_person_id`, `cannot_add_external_user`, `invalid_input` for too deep a tree, `limit_exceeded`"),
        (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_project` of the parent"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let create = dialect::create_list(&Object::new(&members))?;
    let done = caller.node.create_list(command, Command::Create(Box::new(create))).await?;
    shown(&request, &caller, done).await
}

/// Changes a list: what is present in the body.
#[utoipa::path(
    post, path = "/v4/lists/{id}", tag = "lists", params(("id" = i64, Path, description = "The list"), schema::Write),
    request_body = schema::WriteList,
    responses(
        (status = 200, body = ShownList),
        (status = 400, body = Envelope, description = "As for a new list; `invalid_input` also for a list that is moved under itself"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`, `access_denied_project`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = list_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let change = dialect::change_list(&Object::new(&members))?;
    let done = caller.node.change_list(id, command, Command::Change(Box::new(change))).await?;
    shown(&request, &caller, done).await
}

/// Deletes a list with every list below it. Tasks stay; `POST` with `deleted` false brings all of it back.
#[utoipa::path(
    delete, path = "/v4/lists/{id}", tag = "lists", params(("id" = i64, Path, description = "The list"), schema::Write),
    responses(
        (status = 200, body = ShownList), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_project`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = list_id(&id)?;
    let done = caller.node.change_list(id, command(&request, &caller, &body.0)?, Command::Delete).await?;
    shown(&request, &caller, done).await
}

/// The list as the command left it. This node's directory is waited for: whoever was taken out is out by now.
async fn shown(request: &HttpRequest, caller: &Caller, done: Done<Arc<List>>) -> Result<HttpResponse, Fault> {
    credentials::seen(caller, done.position).await;
    let organisation = caller.organisation_in(&caller.node.world.latest())?;
    answer::json(request, &caller.node, &ShownList::alone(&done.view, &caller.issued(&organisation)), About::done(&done))
}
