//! `POST /tasks/{id}/comments`: the one way to change a task.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::task::Command;
use domain::task::command::Comment;

use super::links::named_after;
use super::{files, items, task_id};
use crate::answer;
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;

/// Changes a task in all the ways that one comment names, or in none; answers with the whole task.
#[utoipa::path(
    post, path = "/v4/tasks/{id}/comments", tag = "tasks", params(("id" = i32, Path, description = "The task"), schema::Write),
    request_body = schema::CreateComment,
    responses(
        (status = 200, body = schema::Task),
        (status = 400, body = Envelope, description = "`invalid_value_format`, `too_many_comments`, `unrecognized_attachment_id`, `too_many_attachments`, and what else can be wrong in the body"),
        (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_task`, `access_denied_close_task`, `access_denied_reopen_task`"),
        (status = 422, body = Envelope, description = "`idempotency_key_reused`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn comment(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = task_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    let (fields, linked) = super::fields(&caller, &body, &members).await?;
    let mut comment = Comment { linked, ..dialect::comment(&members, fields)? };
    dialect::check_names(&members, &caller.organisation)?;
    items::of_tasks(&caller, [(id, &mut comment)]).await?;
    files::of_tasks(&caller, &command, [(id, &mut comment)]).await?;
    let mut done = caller.node.change_task(id, command, Command::Comment(Box::new(comment))).await?;
    caller.wrote(done.position);
    done.view = named_after(&caller, done.view).await;
    Ok(answer::done(&request, &caller.node, done))
}
