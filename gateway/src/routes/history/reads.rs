//! `GET /taskaccesshistory` and its like: who was shown which task, who had which file, who looked into which form's register, once a
//! person, thing and hour (of files and registers, and node); who took a task or a register away as a document, each time.

use actix_web::{HttpRequest, HttpResponse};

use super::{Asked, Lines, Page, agent, check, stamp};
use crate::access_log::Kind;
use crate::access_log::page;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::schema;

/// Who was shown which task.
#[utoipa::path(
    get, path = "/v4/taskaccesshistory", tag = "audit",
    params(Page, schema::Read),
    responses(
        (status = 200, content_type = "text/csv", body = String, description = "id, time, user id, e-mail, address, task id, program"),
        (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn tasks(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    list(&request, &caller, Kind::TaskRead, "task_id").await
}

/// Who was given which file, or a part of it.
#[utoipa::path(
    get, path = "/v4/fileaccesshistory", tag = "audit",
    params(Page, schema::Read),
    responses(
        (status = 200, content_type = "text/csv", body = String, description = "id, time, user id, e-mail, address, file id, program"),
        (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn files(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    list(&request, &caller, Kind::FileRead, "file_id").await
}

/// Who looked into the register of which form.
#[utoipa::path(
    get, path = "/v4/registryaccesshistory", tag = "audit",
    params(Page, schema::Read),
    responses(
        (status = 200, content_type = "text/csv", body = String, description = "id, time, user id, e-mail, address, form id, program"),
        (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn registers(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    list(&request, &caller, Kind::RegisterRead, "form_id").await
}

/// Who had which task as a page for paper, or by a print form.
#[utoipa::path(
    get, path = "/v4/taskexporthistory", tag = "audit",
    params(Page, schema::Read),
    responses(
        (status = 200, content_type = "text/csv", body = String, description = "id, time, user id, e-mail, address, task id, program"),
        (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn task_exports(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    list(&request, &caller, Kind::TaskExported, "task_id").await
}

/// Who had the register of which form as CSV or as a workbook.
#[utoipa::path(
    get, path = "/v4/registrydownloadhistory", tag = "audit",
    params(Page, schema::Read),
    responses(
        (status = 200, content_type = "text/csv", body = String, description = "id, time, user id, e-mail, address, form id, program"),
        (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn register_exports(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    list(&request, &caller, Kind::RegisterExported, "form_id").await
}

async fn list(request: &HttpRequest, caller: &Caller, kind: Kind, subject: &str) -> Result<HttpResponse, Fault> {
    let asked = Asked::of(request)?;
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    check(caller, &organisation)?;
    let node = &caller.node;
    node.access_log.flush().await;
    let ends = page::ends(&node.pool).await?;
    let rows = page::rows(&node.pool, caller.organisation.id, &[kind], (asked.after, ends.last), asked.count).await?;
    let mut lines = Lines::begin(asked.header, &["id", "time", "user_id", "user_email", "ip", subject, "user_agent"])?;
    for row in &rows {
        let person = organisation.person(row.person);
        lines.line([
            &row.id.to_string(),
            &stamp(row.at),
            &row.person.to_string(),
            person.map_or("", |person| &person.profile.email),
            row.address.as_deref().unwrap_or_default(),
            &row.subject.to_string(),
            &row.agent.as_deref().map(agent::shown).unwrap_or_default(),
        ])?;
    }
    lines.answer(request, caller, position)
}
