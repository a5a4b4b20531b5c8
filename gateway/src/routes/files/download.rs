//! `GET /files/download/{id}` and `GET /services/attachment?Id=`, and the same by HEAD.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Code;
use domain::id::FileId;

use super::file_id;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::files::access::readable;
use crate::files::send::{Shown, send};
use crate::routes::query::Query;

/// The bytes of a file, whole or in part. The same is at `/services/attachment?Id=`, where `ispreview=1` shows a picture in its place.
#[utoipa::path(
    get, path = "/v4/files/download/{id}", tag = "files",
    params(
        ("id" = i64, Path, description = "The file"),
        ("Range" = Option<String>, Header, description = "One range of bytes; of several the whole is sent"),
        ("If-Range" = Option<String>, Header, description = "The `ETag` of what the range is to be a part of"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what the client has"),
    ),
    responses(
        (status = 200, content_type = "application/octet-stream", description = "The file; its type is in `Content-Type`, unless a browser could run it"),
        (status = 206, content_type = "application/octet-stream", description = "A part of it"),
        (status = 304, description = "The client has it"),
        (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_file`"),
        (status = 404, body = Envelope, description = "`file_is_missing`"),
        (status = 410, body = Envelope, description = "`file_is_missing`: its bytes were removed"),
        (status = 416, body = Envelope, description = "`range_not_satisfiable`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn by_id(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    given(&request, &caller, file_id(&id)?, Shown::Saved).await
}

/// As the addresses of files in answers lead to.
pub async fn attachment(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let query = Query::of(&request);
    let id = query.text("id").ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("Id"))?;
    let shown = if query.boolean("ispreview")?.unwrap_or_default() { Shown::InPlace } else { Shown::Saved };
    given(&request, &caller, file_id(&id)?, shown).await
}

async fn given(request: &HttpRequest, caller: &Caller, id: FileId, shown: Shown) -> Result<HttpResponse, Fault> {
    let file = readable(caller, id).await?;
    let node = &caller.node;
    let answer = send(request, node.blobs()?, &file, shown).await?;
    node.access_log.file_read(caller.organisation.id, caller.person.id, id, node.journal.now(), || node.place(request));
    Ok(answer)
}
