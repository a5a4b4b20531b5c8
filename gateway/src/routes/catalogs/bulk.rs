//! `PUT`, `POST`, `DELETE /catalogs/bulk`: many at once. Each is a request of its own, done in order; the first refusal is the
//! answer, and what was done before it stays. Repeated under its `Idempotency-Key`, each is done once.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use actors::hosted::catalog::Shown;
use actors::system::{Done, Request};
use domain::catalog::Command;
use domain::{CatalogId, Code, CommandId};
use serde_json::{Map, Value};

use super::{ShownCatalog, ShownChange};
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::command::item;
use crate::extract::{Body, Caller, command};
use crate::routes::{credentials, schema};

/// Catalogs in one request.
const CATALOGS_MAX: usize = 50;

/// Makes many catalogs.
#[utoipa::path(
    put, path = "/v4/catalogs/bulk", tag = "catalogs", params(schema::Write), request_body = Vec<schema::CreateCatalog>,
    responses(
        (status = 200, body = Vec<ShownCatalog>), (status = 400, body = Envelope, description = "`items_count_out_of_range`, and as for one"),
        (status = 401, body = Envelope), (status = 403, body = Envelope), (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let all = carried_out(&request, &caller, &body, |members, batch| {
        let create = dialect::create_catalog(&Object::new(members), batch)?;
        Ok((None, Command::Create(Arc::new(create))))
    })
    .await?;
    let shown: Vec<ShownCatalog<'_>> = all.iter().map(|done| ShownCatalog::of(&done.view.heading, &done.view.changed.told.added)).collect();
    answer::json(&request, &caller.node, &shown, about(&all))
}

/// Syncs many catalogs, each named by its `catalog_id`. All are applied: what a sync would do is asked one by one.
#[utoipa::path(
    post, path = "/v4/catalogs/bulk", tag = "catalogs", params(schema::Write), request_body = Vec<schema::SyncCatalog>,
    responses(
        (status = 200, body = Vec<ShownChange>), (status = 400, body = Envelope, description = "`items_count_out_of_range`, `unsupported_catalog_operation` without `apply`, and as for one"),
        (status = 401, body = Envelope), (status = 403, body = Envelope), (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn sync(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let all = carried_out(&request, &caller, &body, |members, batch| {
        let members = Object::new(members);
        let asked = dialect::read_sync(&members, batch)?;
        if !asked.apply {
            return Err(Fault::domain(Code::UnsupportedCatalogOperation).with("what a sync would do is asked one by one"));
        }
        Ok((Some(named(members.integer("catalog_id")?)?), Command::Sync(Arc::new(asked.sync))))
    })
    .await?;
    let shown: Vec<ShownChange<'_>> = all.iter().map(|done| ShownChange::of(CatalogId(done.stream.id), &done.view.changed, true)).collect();
    answer::json(&request, &caller.node, &shown, about(&all))
}

/// Deletes many catalogs, each named by its id, bare or as `catalog_id`.
#[utoipa::path(
    delete, path = "/v4/catalogs/bulk", tag = "catalogs", params(schema::Write), request_body = Vec<i64>,
    responses(
        (status = 200, body = Vec<ShownCatalog>), (status = 400, body = Envelope, description = "`items_count_out_of_range`, and as for one"),
        (status = 401, body = Envelope), (status = 403, body = Envelope), (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let all = carried_out(&request, &caller, &body, |members, _batch| {
        Ok((Some(named(Object::new(members).integer("catalog_id")?)?), Command::Delete))
    })
    .await?;
    let shown: Vec<ShownCatalog<'_>> = all.iter().map(|done| ShownCatalog::of(&done.view.heading, &[])).collect();
    answer::json(&request, &caller.node, &shown, about(&all))
}

fn named(id: Option<i64>) -> Result<CatalogId, Fault> {
    id.map(CatalogId).ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("catalog_id"))
}

/// A bare id stands for an object with it.
fn object(item: Value) -> Result<Map<String, Value>, Fault> {
    match item {
        Value::Object(members) => Ok(members),
        Value::Number(_) | Value::String(_) => Ok(std::iter::once(("catalog_id".to_owned(), item)).collect()),
        Value::Null | Value::Bool(_) | Value::Array(_) => Err(Fault::format("an item is not an object")),
    }
}

fn about(all: &[Done<Shown>]) -> About {
    let position = all.iter().map(|done| done.position).max().unwrap_or_default();
    About { position, replayed: all.iter().all(|done| done.replayed) }
}

/// All is read before anything is done.
async fn carried_out(
    request: &HttpRequest,
    caller: &Caller,
    body: &Body,
    read: impl Fn(&Map<String, Value>, CommandId) -> Result<(Option<CatalogId>, Command), Fault>,
) -> Result<Vec<Done<Shown>>, Fault> {
    let whole = command(request, caller, &body.0)?;
    let items = dialect::parse_list(&body.0)?;
    if !(1..=CATALOGS_MAX).contains(&items.len()) {
        return Err(Fault::own(Own::ItemsCountOutOfRange).with(format!("1 to {CATALOGS_MAX} catalogs")));
    }
    let mut asked: Vec<(Request, Option<CatalogId>, Command)> = Vec::with_capacity(items.len());
    for (index, value) in (0..).zip(items) {
        let request = item(&whole, index);
        let (id, command) = read(&object(value)?, request.command)?;
        asked.push((request, id, command));
    }
    let mut all = Vec::with_capacity(asked.len());
    for (request, id, command) in asked {
        let done = caller.node.change_catalog(id, &request, command).await?;
        credentials::seen(caller, done.position).await;
        all.push(done);
    }
    Ok(all)
}
