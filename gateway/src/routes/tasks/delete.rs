//! `DELETE /tasks/{id}`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::task::Command;
use serde::Serialize;

use super::task_id;
use crate::answer;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = DeletedTask)]
pub struct Deleted {
    deleted: bool,
}

/// Deletes a task.
#[utoipa::path(
    delete, path = "/v4/tasks/{id}", tag = "tasks", params(("id" = i32, Path, description = "The task"), schema::Write),
    responses(
        (status = 200, body = Deleted), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_task`, `access_denied`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = task_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let done = caller.node.change_task(id, command, Command::Delete).await?;
    caller.wrote(done.position);
    answer::json(&request, &caller.node, &Deleted { deleted: true }, answer::About::done(&done))
}
