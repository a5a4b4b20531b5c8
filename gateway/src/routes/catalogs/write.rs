//! `PUT /catalogs`, `POST` and `DELETE /catalogs/{id}`, `POST /catalogs/{id}/diff`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hosted::catalog::Question;
use domain::catalog::Command;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use super::{ShownCatalog, ShownChange, catalog_id};
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::{self, BadInput, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::{credentials, schema};

/// From so many bytes on, a body is read on a thread of its own: it takes a good part of a second where others wait.
const LARGE_FROM_BYTES: usize = 128 * 1024;
/// Large bodies that a node has in hand. Each takes several times its length in memory.
static LARGE: Semaphore = Semaphore::const_new(4);

/// Makes a catalog, with its first items: for those who manage integrations and catalogs. It is there once all of them are.
#[utoipa::path(
    put, path = "/v4/catalogs", tag = "catalogs", params(schema::Write), request_body = schema::CreateCatalog,
    responses(
        (status = 200, body = ShownCatalog, description = "With its items"),
        (status = 400, body = Envelope, description = "`empty_catalog_headers`, `catalog_duplicate_headers`, `catalog_duplicate_rows`, `catalog_headers_items_mismatch`, `catalog_item_max_length_exceeded`, `catalog_null_value`, `empty_item_key`, `too_many_catalog_items`, `limit_exceeded`, `unsupported_catalog_operation`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_catalog`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let whole = command(&request, &caller, &body.0)?;
    let batch = whole.command;
    let create = read(&caller, body, move |members| dialect::create_catalog(&Object::new(&members), batch)).await?;
    let done = caller.node.change_catalog(None, &whole, Command::Create(Arc::new(create))).await?;
    credentials::seen(&caller, done.position).await;
    let shown = ShownCatalog::of(&done.view.heading, &done.view.changed.told.added);
    answer::json(&request, &caller.node, &shown, About::done(&done))
}

/// Makes a catalog's items exactly those that are given, or tells what that would do: for those who manage integrations and
/// catalogs, and for the catalog's supervisors. Items with the same first value stay the same items. However many change, all
/// of it takes effect at once.
#[utoipa::path(
    post, path = "/v4/catalogs/{id}", tag = "catalogs", params(("id" = i64, Path, description = "The catalog"), schema::Write),
    request_body = schema::SyncCatalog,
    responses(
        (status = 200, body = ShownChange),
        (status = 400, body = Envelope, description = "As for a new catalog; `can_not_modify_first_column`, `can_not_modify_deleted_catalog`, `department_catalog_can_not_be_modified`, `too_many_deleted_catalog_items`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_catalog`"),
        (status = 409, body = Envelope, description = "`conflict` while another change is being written"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn sync(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = catalog_id(&id)?;
    let whole = command(&request, &caller, &body.0)?;
    let batch = whole.command;
    let asked = read(&caller, body, move |members| dialect::read_sync(&Object::new(&members), batch)).await?;
    let sync = Arc::new(asked.sync);
    if !asked.apply {
        let (shown, position) = caller.node.show_catalog(&caller, id, Question::DryRun(sync)).await?;
        return answer::json(&request, &caller.node, &ShownChange::of(id, &shown.changed, false), About::read(position));
    }
    let done = caller.node.change_catalog(Some(id), &whole, Command::Sync(sync)).await?;
    credentials::seen(&caller, done.position).await;
    answer::json(&request, &caller.node, &ShownChange::of(id, &done.view.changed, true), About::done(&done))
}

/// Adds items, changes those that are there under the same first value, and deletes those whose first value is named; all
/// others stay. For whoever may sync.
#[utoipa::path(
    post, path = "/v4/catalogs/{id}/diff", tag = "catalogs", params(("id" = i64, Path, description = "The catalog"), schema::Write),
    request_body = schema::DiffCatalog,
    responses(
        (status = 200, body = ShownChange), (status = 400, body = Envelope, description = "As for a sync; `invalid_input` for an item both given and deleted"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_catalog`"),
        (status = 409, body = Envelope, description = "`conflict` while another change is being written"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn upsert(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = catalog_id(&id)?;
    let whole = command(&request, &caller, &body.0)?;
    let batch = whole.command;
    let upsert = read(&caller, body, move |members| dialect::upsert_catalog(&Object::new(&members), batch)).await?;
    let done = caller.node.change_catalog(Some(id), &whole, Command::Upsert(Arc::new(upsert))).await?;
    credentials::seen(&caller, done.position).await;
    answer::json(&request, &caller.node, &ShownChange::of(id, &done.view.changed, true), About::done(&done))
}

/// Deletes a catalog; its items stay for the tasks that hold them. For whoever may sync.
#[utoipa::path(
    delete, path = "/v4/catalogs/{id}", tag = "catalogs", params(("id" = i64, Path, description = "The catalog"), schema::Write),
    responses(
        (status = 200, body = ShownCatalog, description = "Without its items"), (status = 400, body = Envelope, description = "`can_not_modify_deleted_catalog`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_catalog`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = catalog_id(&id)?;
    let whole = command(&request, &caller, &body.0)?;
    let done = caller.node.change_catalog(Some(id), &whole, Command::Delete).await?;
    credentials::seen(&caller, done.position).await;
    answer::json(&request, &caller.node, &ShownCatalog::of(&done.view.heading, &[]), About::done(&done))
}

/// Reads a body where it holds nobody up.
async fn read<T: Send + 'static>(
    caller: &Caller,
    body: Body,
    read: impl FnOnce(Map<String, Value>) -> Result<T, BadInput> + Send + 'static,
) -> Result<T, Fault> {
    if body.0.len() < LARGE_FROM_BYTES {
        return Ok(read(body.object()?)?);
    }
    let Ok(_place) = LARGE.try_acquire() else { return Err(Fault::unavailable("too many large catalogs are being taken in")) };
    let done = web::block(move || dialect::parse(&body.0).and_then(read)).await;
    done.map_err(|error| {
        tracing::error!(%error, person = %caller.person.id, "a body could not be read");
        Fault::own(Own::ServerError)
    })?
    .map_err(Fault::from)
}
