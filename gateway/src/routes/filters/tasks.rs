//! `GET /filters/{id}/tasks`: what a saved filter finds for who asks. To share one widens nobody's rights: each is shown what they may
//! see themselves.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::filter::{Over, Query as Asked};
use domain::{FormId, Issued, TaskId};
use projections::View;
use projections::views::tasks::members::Span;
use projections::views::tasks::{self, Access, LIMIT_MAX};
use serde_json::Value;
use utoipa::ToSchema;

use super::filter_id;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::question;
use crate::routes::query::Query;
use crate::routes::{forms, lists, schema};
use crate::view;

const ITEMS: usize = 200;
/// What belongs to one answer of a register, and is asked with the filter.
const OF_AN_ANSWER: [&str; 7] = ["after", "item_count", "format", "delimiter", "encoding", "field_ids", "include_approvals"];

/// Rows of the register for a filter over a form, else headers of tasks.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum FilterTasks {
    Register(schema::Register),
    Tasks(schema::TaskList),
}

/// The tasks that a saved filter finds among those that the asker may see, the newest first (over a form as `sort` of the filter says).
#[utoipa::path(
    get, path = "/v4/filters/{id}/tasks", tag = "filters",
    params(
        ("id" = i64, Path, description = "The filter"),
        ("item_count" = Option<u32>, Query, description = "Tasks in the answer, 1 to 1000, over a form to 20000; 200 where nothing is said"),
        ("after" = Option<i64>, Query, description = "Only what comes after this task: the cursor of a page"),
        ("field_ids" = Option<String>, Query, description = "Over a form: only these fields, in this order"),
        ("include_approvals" = Option<bool>, Query, description = "Over a form: with `form_id` and `approvals`"),
        ("format" = Option<String>, Query, description = "Over a form: `json`, `csv` or `xlsx`"), ("delimiter" = Option<String>, Query),
        schema::Read,
    ),
    responses(
        (status = 200, body = FilterTasks, description = "Over a form, where there is more, a `Link` leads on"),
        (status = 400, body = Envelope, description = "`items_count_out_of_range`, `invalid_value_format`; what was saved and cannot be asked any more: `invalid_field_id`, `filter_type_is_not_supported`"),
        (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_filter`; to its owner, who does not see the form or list any more, `access_denied_form`, `access_denied_project`, `access_denied_person`"),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = filter_id(&id)?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = caller.issued(&organisation);
    let query = &question::seen(id, &issued)?.settings.query;
    match query.over {
        Over::Form(form) => of_form(&request, &caller, form, query).await,
        Over::List(_) | Over::Inbox | Over::Responsible(_) | Over::Approver(_) => headers(&request, &caller, query, &issued).await,
    }
}

async fn of_form(request: &HttpRequest, caller: &Caller, form: FormId, query: &Asked) -> Result<HttpResponse, Fault> {
    let mut asked = query.members.clone();
    let page = Query::of(request).members().into_iter().filter(|(name, _)| OF_AN_ANSWER.contains(&name.as_str()));
    asked.extend(page);
    if !asked.contains_key("format") {
        asked.entry("item_count").or_insert_with(|| Value::from(ITEMS));
    }
    forms::register::of_form(request, caller, form, &asked).await
}

async fn headers(request: &HttpRequest, caller: &Caller, query: &Asked, issued: &Issued<'_>) -> Result<HttpResponse, Fault> {
    let asked = Query::of(request);
    let count = asked.count("item_count", ITEMS, usize::try_from(LIMIT_MAX).unwrap_or(usize::MAX))?;
    let after = asked.number("after")?.map(TaskId);
    let question = question::asked(query, issued)?;
    let (pool, organisation) = (&caller.node.pool, issued.organisation);
    let span = Span { among: None, after, limit: count.saturating_add(1) };
    let found = view::read(caller, question.view()).await?;
    let mut met = view::answered(question.met(pool, &found.generation, organisation, issued.at, span).await)?;
    let has_more = met.len() > count;
    met.truncate(count);
    let ready = view::read(caller, View::Tasks).await?;
    let page = tasks::these(pool, &ready.generation, organisation, &met, &Access::of(issued)).await;
    let page = tasks::Page { has_more, ..view::answered(page)? };
    lists::tasks::shown(request, caller, page, issued.directory, found.position.min(ready.position))
}
