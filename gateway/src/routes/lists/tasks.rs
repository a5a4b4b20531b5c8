//! `GET` and `POST /lists/{id}/tasks`: the tasks of a list; and `GET /tasksbyapprover/{id}`, which answers alike.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::audit;
use domain::directory::OrganisationDirectory;
use domain::{Code, ListId, PersonId};
use projections::View;
use projections::views::tasks::{self, Access, Filter, LIMIT_MAX, Listed, Page, past};
use serde::Serialize;
use serde_json::{Map, Value};

use super::list_id;
use super::read::issued;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::{self, Object};
use crate::edge;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller};
use crate::past::Shown;
use crate::routes::headers::TaskHeader;
use crate::routes::query::Query;
use crate::routes::schema;
use crate::view;

const ITEMS: u32 = 200;

#[derive(Serialize)]
struct TaskList<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<TaskHeader<'a>>,
    has_more: bool,
}

/// The tasks of a list, newest change first.
#[utoipa::path(
    get, path = "/v4/lists/{id}/tasks", tag = "lists",
    params(
        ("id" = i64, Path, description = "The list"),
        ("item_count" = Option<u32>, Query, description = "Tasks in the answer, 1 to 1000; 200 where nothing is said"),
        ("include_archived" = Option<bool>, Query, description = "Also closed tasks"),
        ("modified_after" = Option<String>, Query), ("modified_before" = Option<String>, Query),
        ("created_after" = Option<String>, Query), ("created_before" = Option<String>, Query),
        ("closed_after" = Option<String>, Query, description = "Only tasks that were closed after this"), ("closed_before" = Option<String>, Query),
        schema::AsOf, schema::Read,
    ),
    responses(
        (status = 200, body = schema::TaskList),
        (status = 400, body = Envelope, description = "`items_count_out_of_range`, `invalid_value_format`"), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_project`: it does not exist, or may not be seen"),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let asked = Query::of(&request).members();
    of_list(&request, &caller, list_id(&id)?, &asked).await
}

/// The same, with what is asked for in the body.
#[utoipa::path(
    post, path = "/v4/lists/{id}/tasks", tag = "lists", params(("id" = i64, Path, description = "The list"), schema::AsOf, schema::Read),
    request_body = schema::ListTasks,
    responses(
        (status = 200, body = schema::TaskList),
        (status = 400, body = Envelope, description = "`items_count_out_of_range`, `invalid_value_format`"), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_project`: it does not exist, or may not be seen"),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn ask(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    of_list(&request, &caller, list_id(&id)?, &body.object_or_nothing()?).await
}

async fn of_list(request: &HttpRequest, caller: &Caller, id: ListId, asked: &Map<String, Value>) -> Result<HttpResponse, Fault> {
    let asked = Object::new(asked);
    let filter = dialect::list_tasks(&asked)?;
    let count = count(&asked)?;
    let seen = caller.shown(request).await?;
    if let Some(then) = &seen.then {
        return as_it_was(request, caller, id, (&filter, count), &seen, then).await;
    }
    let organisation = seen.today;
    if issued(caller, &organisation).standing(id).is_none() {
        return Err(Fault::domain(Code::AccessDeniedProject));
    }
    let ready = view::read(caller, View::Tasks).await?;
    let page = tasks::in_list(&caller.node.pool, &ready.generation, (organisation.id, id), &filter, count).await;
    shown(request, caller, view::answered(page)?, &organisation, ready.position)
}

/// The tasks that lay in the list then, as they were: for who sees the list today, those of them that they see today. Texts that were
/// taken back since are for those who may see all of it.
async fn as_it_was(
    request: &HttpRequest,
    caller: &Caller,
    id: ListId,
    (filter, count): (&Filter, u32),
    seen: &Shown,
    then: &OrganisationDirectory,
) -> Result<HttpResponse, Fault> {
    let today = caller.issued(&seen.today);
    let sees = seen.today.list(id).is_some_and(|list| list.seen(&today).is_ok());
    if !sees || then.list(id).is_none() || then.is_gone(id) {
        return Err(Fault::domain(Code::AccessDeniedProject));
    }
    let found = past::in_list(&caller.node.pool, (caller.organisation.id, id), seen.position, filter).await.map_err(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "the past could not be read");
        Fault::unavailable("the log cannot be read just now")
    })?;
    let found = found.ok_or_else(|| Fault::domain(Code::LimitExceeded).with("more tasks were in the list than can be looked back at"))?;
    let words = audit::access::may_read(&today).is_ok();
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut tasks: Vec<Listed> = found
        .into_iter()
        .filter(|task| task.today.may_look_back(&today))
        .map(|task| match task {
            past::Then { listed, taken_back: true, .. } if !words => Listed { text: String::new(), formatted_text: None, ..listed },
            past::Then { listed, .. } => listed,
        })
        .collect();
    let has_more = tasks.len() > count;
    tasks.truncate(count);
    shown(request, caller, Page { tasks, has_more, parked: false }, then, seen.position)
}

/// The tasks that wait for somebody's word: those in which they are asked to acknowledge. Only those that the asker may see.
#[utoipa::path(
    get, path = "/v4/tasksbyapprover/{id}", tag = "tasks",
    params(
        ("id" = i64, Path, description = "The person or role"),
        ("item_count" = Option<u32>, Query, description = "Tasks in the answer, 1 to 1000; 200 where nothing is said"), schema::Read,
    ),
    responses(
        (status = 200, body = schema::TaskList), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_person`: there is nobody of this id"),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn by_approver(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let person = list_id(&id).map(|id| PersonId(id.0)).map_err(|_| Fault::format("person id"))?;
    let asked = Query::of(&request).members();
    let count = count(&Object::new(&asked))?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let there = organisation.person(person).is_some() || organisation.role(person).is_some();
    // A guest asks for themselves and for roles of theirs: of others they are not told whether there are any.
    if !there || !(caller.person.knows(person) || organisation.acts_as(caller.person.id, person)) {
        return Err(Fault::domain(Code::AccessDeniedPerson));
    }
    let access = Access::of(&issued(&caller, &organisation));
    let ready = view::read(&caller, View::Tasks).await?;
    let page = tasks::waiting_for(&caller.node.pool, &ready.generation, organisation.id, &[person], &access, count).await;
    shown(&request, &caller, view::answered(page)?, &organisation, ready.position)
}

fn count(asked: &Object<'_>) -> Result<u32, Fault> {
    let Some(number) = asked.integer("item_count")? else { return Ok(ITEMS) };
    let within = u32::try_from(number).ok().filter(|number| (1..=LIMIT_MAX).contains(number));
    within.ok_or_else(|| Fault::own(Own::ItemsCountOutOfRange).with(format!("item_count must be 1 to {LIMIT_MAX}")))
}

/// A page of tasks, as an answer.
///
/// # Errors
/// When it has no JSON.
pub fn shown(
    request: &HttpRequest,
    caller: &Caller,
    page: Page,
    people: &OrganisationDirectory,
    position: domain::Position,
) -> Result<HttpResponse, Fault> {
    let tasks = page.tasks.iter().map(|task| TaskHeader::of(task.into(), people)).collect();
    let mut response = answer::json(request, &caller.node, &TaskList { tasks, has_more: page.has_more }, About::read(position))?;
    if page.parked {
        response.headers_mut().insert(edge::INCOMPLETE.clone(), actix_web::http::header::HeaderValue::from_static("tasks"));
    }
    Ok(response)
}
