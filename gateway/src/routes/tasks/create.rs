//! `POST /tasks`.

use actix_web::{HttpRequest, HttpResponse};
use domain::task::Command;

use crate::answer;
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;
use crate::routes::tasks::links::named_after;
use crate::routes::tasks::{fields, files, items};

/// Creates a task, of a form or without one, and answers with it.
#[utoipa::path(
    post, path = "/v4/tasks", tag = "tasks", params(schema::Write), request_body = schema::CreateTask,
    responses(
        (status = 200, body = schema::Task),
        (status = 400, body = Envelope, description = "`text_missing`, `unrecognized_attachment_id`, `too_many_attachments`, `invalid_value_format`, `invalid_person_id`, and what else can be wrong in the body"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_task` of the parent or of a task that a field links to, `access_denied_form`"),
        (status = 422, body = Envelope, description = "`idempotency_key_reused`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    let (fields, linked) = fields(&caller, &body, &members).await?;
    let mut create = dialect::create_task(&members, fields)?;
    dialect::check_names(&members, &caller.organisation)?;
    if let Some(parent) = create.parent {
        // Only a task that the asker sees can become a parent; the answer tells nothing else about it.
        caller.node.show_task(&caller, parent).await?;
    }
    if let Some(begin) = &mut create.form {
        begin.items = items::of_new(&caller, begin).await?;
        begin.linked = linked;
    }
    files::of_new(&caller, &command, &mut create).await?;
    let mut done = caller.node.create_task(command, Command::Create(Box::new(create))).await?;
    caller.wrote(done.position);
    done.view = named_after(&caller, done.view).await;
    Ok(answer::done(&request, &caller.node, done))
}
