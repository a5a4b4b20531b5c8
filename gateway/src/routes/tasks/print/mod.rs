//! `GET /tasks/{id}/print`: a task with its whole history as a plain page, for paper. It is made of the task's answer, so it shows
//! what the reader may see of the task and nothing else.

pub mod by_form;
pub mod template;

mod context;
mod form;
mod page;
mod pdf;
mod task;
mod words;

use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use domain::{TaskId, zone};

use super::{links, read, task_id};
use crate::access_log::Kind;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::error::{Envelope, Fault, Language};
use crate::extract::Caller;
use crate::routes::schema;
use page::{Page, Reader};

/// Notes that the asker had the task as a document.
fn note(request: &HttpRequest, caller: &Caller, id: TaskId) {
    read::note(request, caller, id);
    let node = &caller.node;
    let (organisation, person, now) = (caller.organisation.id, caller.person.id, node.journal.now());
    node.access_log.exported(Kind::TaskExported, organisation, person, id.0, now, node.place(request));
}

/// The task with its history as a page to print, in the reader's language and time zone; for whoever sees the task.
#[utoipa::path(
    get, path = "/v4/tasks/{id}/print", tag = "tasks", params(("id" = i32, Path, description = "The task"), schema::AsOf, schema::Locale, schema::Read),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "A page without scripts"),
        (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_task`: it does not exist, or may not be seen"),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn print(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = task_id(&id)?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let (answer, position, as_of) = match caller.as_of(&request).await? {
        Some(as_of) => {
            let mut past = caller.task_as_of(id, &as_of).await?;
            (past.answer(&caller.issued(&organisation)), past.position, Some(as_of.at))
        }
        None => {
            let (answer, position) = caller.node.show_task(&caller, id).await?;
            (answer, position, None)
        }
    };
    note(&request, &caller, id);
    let answer = links::named_in(&caller, answer).await?;
    let zone = caller.person.profile.time_zone.as_deref().unwrap_or(&organisation.organisation.settings.time_zone);
    let reader = Reader {
        zone: zone::named(zone),
        language: request.extensions().get::<Language>().copied().unwrap_or_default(),
        person: caller.person.id,
        at: caller.node.journal.now(),
        organisation,
    };
    // A long history takes a while to lay out.
    let html = web::block(move || Page { reader: &reader, as_of, position }.of(&answer)).await.map_err(|_| Fault::own(Own::ServerError))?;
    let html = html.map_err(|error| {
        tracing::error!(%error, "a task's answer is not what its page is made of");
        Fault::own(Own::ServerError)
    })?;
    Ok(answer::page(&request, &caller.node, html, page::policy(), About::read(position)))
}
