//! `POST /files/upload`, and wherever else clients send files.

use std::time::{Duration, Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use domain::file::Uploaded;
use domain::id::FileId;
use serde::Serialize;
use uuid::Uuid;

use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::{Caller, command};
use crate::files::arrive::{Arrived, Bounds, arrive};
use crate::files::clean::keep;
use crate::files::{Kept, kind};
use crate::identity::random;
use crate::routes::schema;

/// A body with one file. The part may have any name.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "it describes the body; what reads it is `files::arrive`")]
pub struct UploadFile {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A file that came in. `id`, `name`, `size` and `media_type` are ours beside the dialect.
#[derive(Serialize, utoipa::ToSchema)]
pub struct UploadedFile<'a> {
    /// By which its uploader attaches it.
    guid: Uuid,
    md5_hash: &'a str,
    #[schema(value_type = i64)]
    id: FileId,
    /// As it is kept.
    name: &'a str,
    /// Bytes.
    size: u64,
    media_type: &'a str,
}

/// Takes a file in, which nothing refers to yet: what is not attached is removed after a while. A repeat under its key is the same file
/// if it has the same name and content.
#[utoipa::path(
    post, path = "/v4/files/upload", tag = "files", params(schema::Write),
    request_body(content = UploadFile, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = UploadedFile),
        (status = 400, body = Envelope, description = "`no_file_in_request`, `empty_file`, `bad_multipart_content`, `max_file_name_length_exceeded`"),
        (status = 401, body = Envelope), (status = 408, body = Envelope), (status = 413, body = Envelope, description = "`too_large_request_length`"),
        (status = 422, body = Envelope, description = "`idempotency_key_reused`"), (status = 429, body = Envelope),
        (status = 503, body = Envelope, description = "Too many files come in at once, or they cannot be kept"),
    ),
)]
pub async fn upload(request: HttpRequest, caller: Caller, payload: web::Payload) -> Result<HttpResponse, Fault> {
    let node = &caller.node;
    // Before anything is taken in that the command could then not be named for.
    command(&request, &caller, &[])?;
    let place = node.uploads.enter(caller.person.id).ok_or_else(|| Fault::unavailable("too many files come in at once"))?;
    let settings = &node.settings;
    let bounds = Bounds {
        size_max: settings.files.size_max,
        time_max: Duration::from_secs(settings.files.upload_minutes_max.saturating_mul(60)),
        pause_max: Duration::from_secs(settings.http.body_seconds),
    };
    let Arrived { name, whole } = arrive(request.headers(), payload, node.blobs()?, bounds).await?;
    // The boundary of a body is another one each time: what is compared is what was in it.
    let mut command = command(&request, &caller, format!("{} {name}", whole.sha256()).as_bytes())?;
    command.deadline = Instant::now() + settings.http.deadline();
    command.brief = false;
    let done = keep(node, whole, async |Kept { size, md5, sha256, begins }| {
        let media_type = kind::media_type(&begins, &name);
        let upload = Uploaded { secret: Uuid::from_bytes(random::bytes()), name, size, md5, sha256, media_type };
        node.upload_file(command, upload).await
    })
    .await?;
    drop(place);
    caller.wrote(done.position);
    let file = &done.view;
    let shown = UploadedFile {
        guid: file.guid(),
        md5_hash: &file.md5,
        id: file.id,
        name: &file.name,
        size: file.size,
        media_type: &file.media_type,
    };
    answer::json(&request, node, &shown, About::done(&done))
}
