//! `POST /forms`, `PUT` and `DELETE /forms/{id}`, publishing, copying, and `POST /forms/{id}/permissions`. The original has no
//! such routes but the last; its users ask for them.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::{Done, Request};
use domain::FormId;
use domain::form::{Command, Create, Form, Settings};

use super::form_id;
use super::read::{Permissions, changeable};
use super::shown::ShownForm;
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::lists::read::issued;
use crate::routes::{credentials, schema};

/// Makes a form. Its definition is published at once.
#[utoipa::path(
    post, path = "/v4/forms", tag = "forms", params(schema::Write), request_body = schema::WriteForm,
    responses(
        (status = 200, body = ShownForm),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_value_format`, `invalid_input`, `invalid_field_name`, `non_unique_code`, `invalid_step_number`, `limit_exceeded`: the field or the step is named"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let create = dialect::create_form(&Object::new(&members))?;
    let done = caller.node.create_form(command, Command::Create(Box::new(create))).await?;
    shown(&request, &caller, done).await
}

/// Changes a form: its settings at once; a definition becomes the draft.
#[utoipa::path(
    put, path = "/v4/forms/{id}", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Write),
    request_body = schema::WriteForm,
    responses(
        (status = 200, body = ShownForm), (status = 400, body = Envelope, description = "As for a new form"), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"),
        (status = 409, body = Envelope, description = "`conflict`: the definition is another than the `version` that was seen"), (status = 422, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let whole = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    let change = dialect::change_form(&members)?;
    let opening = match members.optional_boolean("deleted_or_closed")? {
        Some(true) => Some(Command::Close),
        Some(false) => Some(Command::Reopen),
        None => None,
    };
    let second = Request { command: whole.command.part(1), ..whole.clone() };
    let mut done = caller.node.change_form(id, whole, Command::Change(Box::new(change))).await?;
    if let Some(opening) = opening {
        done = caller.node.change_form(id, second, opening).await?;
    }
    shown(&request, &caller, done).await
}

/// Publishes the draft: tasks go by it from their next change.
#[utoipa::path(
    post, path = "/v4/forms/{id}/publish", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Write),
    responses(
        (status = 200, body = ShownForm), (status = 400, body = Envelope, description = "`invalid_input`: there is no draft"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn publish(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    one(request, caller, &id, &body, Command::Publish).await
}

/// Closes a form: it takes no more tasks, and those that run go on. `PUT` with `deleted_or_closed` false opens it again.
#[utoipa::path(
    delete, path = "/v4/forms/{id}", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Write),
    responses(
        (status = 200, body = ShownForm), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 422, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn close(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    one(request, caller, &id, &body, Command::Close).await
}

/// Makes a new form like this one, by what is published. Levels are not copied: who copies administers the copy.
#[utoipa::path(
    post, path = "/v4/forms/{id}/clone", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Write),
    request_body = schema::WriteForm,
    responses(
        (status = 200, body = ShownForm), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 422, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn clone(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object_or_nothing()?;
    let name = Object::new(&members).string("name")?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let form = changeable(&issued(&caller, &organisation), &organisation, id)?;
    let settings = Settings { name: name.unwrap_or_else(|| form.settings.name.clone()), ..form.settings.clone() };
    let create = Create { settings, definition: (*form.published).clone() };
    let done = caller.node.create_form(command, Command::Create(Box::new(create))).await?;
    shown(&request, &caller, done).await
}

/// Gives levels to persons and roles; who is not named keeps theirs.
#[utoipa::path(
    post, path = "/v4/forms/{id}/permissions", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Write),
    request_body = schema::FormPermissions,
    responses(
        (status = 200, body = Permissions),
        (status = 400, body = Envelope, description = "`invalid_person_id`, `invalid_value_format`, `invalid_input` where nobody would administer it"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_form`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn permit(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let levels = dialect::permit_form(&Object::new(&members))?;
    let done = caller.node.change_form(id, command, Command::Permit(levels)).await?;
    credentials::seen(&caller, done.position).await;
    answer::json(&request, &caller.node, &Permissions::of(&done.view), About::done(&done))
}

async fn one(request: HttpRequest, caller: Caller, id: &str, body: &Body, asked: Command) -> Result<HttpResponse, Fault> {
    let id: FormId = form_id(id)?;
    let done = caller.node.change_form(id, command(&request, &caller, &body.0)?, asked).await?;
    shown(&request, &caller, done).await
}

/// The form as the command left it. This node's directory is waited for: tasks go by it.
async fn shown(request: &HttpRequest, caller: &Caller, done: Done<Arc<Form>>) -> Result<HttpResponse, Fault> {
    credentials::seen(caller, done.position).await;
    answer::json(request, &caller.node, &ShownForm::of(&done.view), About::done(&done))
}
