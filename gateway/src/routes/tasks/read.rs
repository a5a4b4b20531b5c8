//! `GET /tasks/{id}`.

use actix_web::{HttpRequest, HttpResponse, web};

use domain::TaskId;

use super::{links, task_id};
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::schema;

/// The task with its comments.
#[utoipa::path(
    get, path = "/v4/tasks/{id}", tag = "tasks", params(("id" = i32, Path, description = "The task"), schema::AsOf, schema::Read),
    responses(
        (status = 200, body = schema::Task), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_task`: it does not exist, or may not be seen"),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = task_id(&id)?;
    if let Some(as_of) = caller.as_of(&request).await? {
        let mut past = caller.task_as_of(id, &as_of).await?;
        let (directory, _) = caller.directory().await?;
        let today = caller.organisation_in(&directory)?;
        note(&request, &caller, id);
        let answer = links::named_in(&caller, past.answer(&caller.issued(&today))).await?;
        return Ok(answer::chunks(&request, &caller.node, answer, About::read(past.position)));
    }
    let (answer, position) = caller.node.show_task(&caller, id).await?;
    note(&request, &caller, id);
    let answer = links::named_in(&caller, answer).await?;
    Ok(answer::chunks(&request, &caller.node, answer, About::read(position)))
}

/// Notes that the asker looked at the task.
pub(super) fn note(request: &HttpRequest, caller: &Caller, id: TaskId) {
    let node = &caller.node;
    node.access_log.task_read(caller.organisation.id, caller.person.id, id, node.journal.now(), || node.place(request));
}
