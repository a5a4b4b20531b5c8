//! `GET /members/{id}/visible_tasks`: which tasks somebody sees, or saw at an earlier position. From the log, so that it holds for
//! any position there was.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::audit::access;
use domain::rejection::Rejection as _;
use domain::{Code, Issued};
use projections::past;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::past::AsOf;
use crate::routes::members::person_id;
use crate::routes::query::Query;
use crate::routes::schema;

/// Tasks that are looked at for one answer.
const LOOKED_AT: u32 = 2_000;

#[derive(Serialize, ToSchema)]
pub struct Visible {
    person_id: i64,
    /// Where the log was.
    position: i64,
    /// In the order in which they were created.
    tasks: Vec<i64>,
    /// Ask with `after` of this for what comes next; missing at the end. A page may hold no task and yet have a next.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

/// The tasks that somebody sees, or saw: one's own, or anybody's for those who see all tasks.
#[utoipa::path(
    get, path = "/v4/members/{id}/visible_tasks", tag = "audit",
    params(
        ("id" = i64, Path, description = "The person"),
        ("after" = Option<i64>, Query, description = "`next` of the page before"),
        schema::AsOf, schema::Read,
    ),
    responses(
        (status = 200, body = Visible), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`: there was no such person"),
        (status = 412, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn list(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let person = person_id(&id)?;
    let after = Query::of(&request).number("after")?.unwrap_or(0);
    let (directory, position) = caller.directory().await?;
    let today = caller.organisation_in(&directory)?;
    access::may_look_through(&caller.issued(&today), person).map_err(|rejection| Fault::domain(rejection.code()))?;
    let AsOf { position, at, organisation } = match caller.as_of(&request).await? {
        Some(as_of) => as_of,
        None => AsOf { position: position.max(caller.node.head().position), at: caller.node.journal.now(), organisation: today },
    };
    if organisation.person(person).is_none() {
        return Err(Fault::domain(Code::AccessDeniedPerson));
    }
    let node = &caller.node;
    let page = past::tasks(&node.pool, caller.organisation.id, (after, position), LOOKED_AT).await.map_err(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "the past could not be read");
        Fault::unavailable("the log cannot be read just now")
    })?;
    let issued = Issued { organisation: caller.organisation.id, who: person, at, directory: &organisation };
    let tasks = page.tasks.iter().filter(|(_, task)| task.may_see(&issued)).map(|(id, _)| id.0).collect();
    answer::json(&request, node, &Visible { person_id: person.0, position, tasks, next: page.next }, About::read(position))
}
