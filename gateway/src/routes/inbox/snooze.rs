//! Putting a task off, and taking it back before its time. Ours, beside the dialect.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Code;
use domain::inbox::What;

use super::{Ahead, done, seen};
use crate::dialect::{BadInput, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;
use crate::routes::tasks::task_id;

/// Puts a task out of the asker's inbox until a moment, whatever happens in it meanwhile.
#[utoipa::path(
    post, path = "/v4/inbox/{id}/snooze", tag = "inbox", params(("id" = i32, Path, description = "The task"), schema::Write),
    request_body = schema::Snooze,
    responses(
        (status = 200, body = Ahead),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `scheduled_date_in_past`, `due_outside_of_bounds`: more than ten years ahead, `limit_exceeded`: more than 1000"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_task`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn snooze(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let task = task_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let until = Object::new(&members).moment("until")?;
    let until = until.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "until", "missing"))?;
    seen(&caller, task).await?;
    let changed = caller.node.change_inbox(command, What::Snooze { task, until }).await?;
    done(&request, &caller, task, &changed)
}

/// Takes a task back into the asker's inbox before its time.
#[utoipa::path(
    post, path = "/v4/inbox/{id}/unsnooze", tag = "inbox", params(("id" = i32, Path, description = "The task"), schema::Write),
    responses(
        (status = 200, body = Ahead), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn unsnooze(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let task = task_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let changed = caller.node.change_inbox(command, What::Unsnooze { task }).await?;
    done(&request, &caller, task, &changed)
}
