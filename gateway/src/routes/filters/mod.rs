//! `/filters`: questions about tasks that people have saved, their own and those that are shared with them. Ours, beside the dialect.
//! Who may do what with one is decided in `domain`.

mod shown;
pub mod tasks;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::Done;
use domain::filter::{Command, Filter, Query as Asked};
use domain::{FilterId, Issued};

use super::credentials;
use super::query::Query;
use super::schema;
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::question;
pub use shown::{Filters, ShownFilter, WriteFilter};

const ITEMS: usize = 200;
const ITEMS_MAX: usize = 1_000;

/// The saved filters that the asker sees, the oldest first.
#[utoipa::path(
    get, path = "/v4/filters", tag = "filters",
    params(
        ("item_count" = Option<u32>, Query, description = "Filters in the answer, 1 to 1000; 200 where nothing is said"),
        ("after" = Option<i64>, Query, description = "Only what comes after this filter: the cursor of a page"), schema::Read,
    ),
    responses(
        (status = 200, body = Filters), (status = 400, body = Envelope, description = "`items_count_out_of_range`, `invalid_value_format`"),
        (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let query = Query::of(&request);
    let (count, after) = (query.count("item_count", ITEMS, ITEMS_MAX)?, query.number("after")?.unwrap_or_default());
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = caller.issued(&organisation);
    let later = organisation.filters.range(FilterId(after.saturating_add(1))..).map(|(_, filter)| filter);
    let mut seen: Vec<&Arc<Filter>> = later.filter(|filter| filter.seen(&issued).is_ok()).take(count.saturating_add(1)).collect();
    let has_more = seen.len() > count;
    seen.truncate(count);
    let filters = seen.into_iter().map(|filter| ShownFilter::of(filter, &issued)).collect();
    answer::json(&request, &caller.node, &Filters { filters, has_more }, About::read(position))
}

/// One saved filter.
#[utoipa::path(
    get, path = "/v4/filters/{id}", tag = "filters", params(("id" = i64, Path, description = "The filter"), schema::Read),
    responses(
        (status = 200, body = ShownFilter), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_filter`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = filter_id(&id)?;
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = caller.issued(&organisation);
    answer::json(&request, &caller.node, &ShownFilter::of(question::seen(id, &issued)?, &issued), About::read(position))
}

/// Saves a filter. Whoever does owns it.
#[utoipa::path(
    post, path = "/v4/filters", tag = "filters", params(schema::Write), request_body = WriteFilter,
    responses(
        (status = 200, body = ShownFilter),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_value_format`, `invalid_input`, `filter_type_is_not_supported`, `invalid_field_id`, `value_is_too_long`, `limit_exceeded`, `invalid_person_id`; the text names the member"),
        (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`, `access_denied_project`, `access_denied_person`; `access_denied`: guests share nothing"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let settings = dialect::create_filter(&Object::new(&body.object()?))?;
    askable(&caller, &settings.query).await?;
    let done = caller.node.create_filter(command, Command::Create(Box::new(settings))).await?;
    written(&request, &caller, done).await
}

/// Changes a filter: what is present in the body, each member as a whole.
#[utoipa::path(
    put, path = "/v4/filters/{id}", tag = "filters", params(("id" = i64, Path, description = "The filter"), schema::Write),
    request_body = WriteFilter,
    responses(
        (status = 200, body = ShownFilter), (status = 400, body = Envelope, description = "As for `POST`"), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_filter`; `access_denied`: it is shared with the asker, and another's; and as for `POST`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = filter_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let change = dialect::change_filter(&Object::new(&body.object()?))?;
    if let Some(query) = &change.query {
        askable(&caller, query).await?;
    }
    let done = caller.node.change_filter(id, command, Command::Change(Box::new(change))).await?;
    written(&request, &caller, done).await
}

/// Deletes a filter, for good.
#[utoipa::path(
    delete, path = "/v4/filters/{id}", tag = "filters", params(("id" = i64, Path, description = "The filter"), schema::Write),
    responses(
        (status = 200, body = shown::DeletedFilter), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_filter`; `access_denied`: it is shared with the asker, and another's"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = filter_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let done = caller.node.change_filter(id, command, Command::Delete).await?;
    caller.wrote(done.position);
    credentials::seen(&caller, done.position).await;
    answer::json(&request, &caller.node, &shown::DeletedFilter { deleted: true }, About::done(&done))
}

/// The query can be asked as it is by who saves it; what is no parameter of a register is refused.
async fn askable(caller: &Caller, query: &Asked) -> Result<(), Fault> {
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    question::check(query, &caller.issued(&organisation))
}

/// The filter as the command left it. This node's directory is waited for, so that it is listed by now.
async fn written(request: &HttpRequest, caller: &Caller, done: Done<Arc<Filter>>) -> Result<HttpResponse, Fault> {
    caller.wrote(done.position);
    credentials::seen(caller, done.position).await;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued: Issued<'_> = caller.issued(&organisation);
    answer::json(request, &caller.node, &ShownFilter::of(&done.view, &issued), About::done(&done))
}

fn filter_id(text: &str) -> Result<FilterId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(FilterId).ok_or_else(|| Fault::format("filter id"))
}
