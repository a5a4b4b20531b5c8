//! `POST /tasks/{id}/put_away`: out of the asker's inbox until something new happens. Ours, beside the dialect.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::task::Command;

use super::task_id;
use crate::answer;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;

/// Takes a task out of the asker's inbox.
#[utoipa::path(
    post, path = "/v4/tasks/{id}/put_away", tag = "tasks", params(("id" = i32, Path, description = "The task"), schema::Write),
    responses(
        (status = 200, body = schema::Task), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_task`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn put_away(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = task_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let done = caller.node.change_task(id, command, Command::PutAway).await?;
    caller.wrote(done.position);
    Ok(answer::done(&request, &caller.node, done))
}
