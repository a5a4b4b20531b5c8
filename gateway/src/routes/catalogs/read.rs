//! `GET /catalogs` and `GET /catalogs/{id}`.

use actix_web::{HttpRequest, HttpResponse, web};
use actors::hosted::catalog::Question;
use domain::catalog::{Filter, filter};
use domain::{Code, Issued};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ShownCatalog, catalog_id};
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::query::Query;
use crate::routes::schema;

#[derive(Serialize, ToSchema)]
pub struct Catalogs<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    catalogs: Vec<ShownCatalog<'a>>,
}

/// The catalogs of the organisation, without their items. Everybody sees them but guests.
#[utoipa::path(
    get, path = "/v4/catalogs", tag = "catalogs",
    params(("include_deleted" = Option<bool>, Query, description = "With deleted catalogs that the asker would manage"), schema::Read),
    responses((status = 200, body = Catalogs), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let deleted = Query::of(&request).boolean("include_deleted")?.unwrap_or(false);
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = Issued { organisation: organisation.id, who: caller.person.id, at: caller.node.journal.now(), directory: &organisation };
    let seen = organisation.catalogs.values().filter(|heading| heading.seen(&issued).is_ok() && (deleted || !heading.deleted));
    let catalogs = seen.map(|heading| ShownCatalog::of(heading, &[])).collect();
    answer::json(&request, &caller.node, &Catalogs { catalogs }, About::read(position))
}

/// One catalog with its items, or those of them that are asked for: the first `column` with the first `value`, and so on, all
/// at once.
#[utoipa::path(
    get, path = "/v4/catalogs/{id}", tag = "catalogs",
    params(
        ("id" = i64, Path, description = "The catalog"),
        ("include_deleted" = Option<bool>, Query, description = "With deleted items"),
        ("column" = Option<Vec<String>>, Query, description = "Names of columns"),
        ("value" = Option<Vec<String>>, Query, description = "What stands in each of them, case and all"),
        ("use_wildcard" = Option<bool>, Query, description = "`*` in a value stands for any characters"), schema::Read,
    ),
    responses(
        (status = 200, body = ShownCatalog),
        (status = 400, body = Envelope, description = "`invalid_catalog_item_filter`, `catalog_column_not_found`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_catalog`"), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = catalog_id(&id)?;
    let wanted = wanted(&Query::of(&request))?;
    let (shown, position) = caller.node.show_catalog(&caller, id, Question::Items(wanted)).await?;
    answer::json(&request, &caller.node, &ShownCatalog::of(&shown.heading, &shown.items), About::read(position))
}

fn wanted(query: &Query<'_>) -> Result<filter::Wanted, Fault> {
    let (columns, values) = (query.all("column"), query.all("value"));
    if columns.len() != values.len() {
        return Err(Fault::domain(Code::InvalidCatalogItemFilter).with("as many values as columns"));
    }
    Ok(filter::Wanted {
        filters: columns.into_iter().zip(values).map(|(column, value)| Filter { column, value }).collect(),
        wildcards: query.boolean("use_wildcard")?.unwrap_or(false),
        deleted: query.boolean("include_deleted")?.unwrap_or(false),
    })
}
