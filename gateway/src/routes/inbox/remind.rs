//! One's own reminder of a task. Ours, beside the dialect.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Code;
use domain::inbox::What;

use super::{Ahead, done, seen};
use crate::dialect::{BadInput, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;
use crate::routes::tasks::task_id;

/// Has the asker reminded of a task at a moment, in place of any moment before; or no more.
#[utoipa::path(
    post, path = "/v4/inbox/{id}/remind", tag = "inbox", params(("id" = i32, Path, description = "The task"), schema::Write),
    request_body = schema::Remind,
    responses(
        (status = 200, body = Ahead),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `scheduled_date_in_past`, `due_outside_of_bounds`: more than ten years ahead, `limit_exceeded`: more than 1000"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_task`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn remind(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let task = task_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    let what = match (members.moment("at")?, members.boolean("cancel")?) {
        (None, true) => What::CancelReminder { task },
        (Some(_), true) => return Err(Fault::domain(Code::InvalidInput)),
        (None, false) => return Err(BadInput::field(Code::RequiredParameterMissing, "at", "missing").into()),
        (Some(at), false) => {
            seen(&caller, task).await?;
            What::Remind { task, at }
        }
    };
    let changed = caller.node.change_inbox(command, what).await?;
    done(&request, &caller, task, &changed)
}
