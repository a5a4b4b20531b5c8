//! What somebody says of a stream of theirs: what they look at, and what they subscribe to. Over a WebSocket the same is said in
//! frames ([`super::bind`]). It is told to the node that has the stream, whichever was asked.

use actix_web::HttpResponse;
use domain::{Code, Issued, Position, TaskId};
use projections::View;
use projections::views::tasks::{Access, touched::touched};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::caller::WAIT_MAX;
use crate::extract::{Body, Caller};
use crate::live::hub::Whose;
use crate::live::presence::Looks;
use crate::live::queries::{self, NAME_CHARACTERS_MAX};
use crate::live::words::{self, Word};
use crate::node::Node;
use crate::routes::JSON;
use crate::view;

#[derive(ToSchema)]
#[expect(dead_code, reason = "for the description alone")]
pub struct Looking {
    /// From the stream's `hello`.
    stream: Uuid,
    /// Nothing: at no task any more.
    task_id: Option<i64>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "for the description alone")]
pub struct Subscribing {
    /// From the stream's `hello`.
    stream: Uuid,
    /// What the subscription is called in the stream, at most 64 characters. One of the same name takes its place.
    id: String,
    /// `form_id` with what its register may be asked, `list_id` with `include_archived`, `responsible` or `approver` with a person's id
    /// or `me`, or `inbox`; or `filter_id`: a saved filter, as it is at each moment.
    #[schema(value_type = Object)]
    query: Map<String, Value>,
}

/// Says what the asker looks at. Those who look at it as well are told (`presence`), for 60 s.
#[utoipa::path(
    post, path = "/v4/live/viewing", tag = "live", request_body = Looking,
    responses(
        (status = 200, description = "Told to the node that has the stream, if there is one"), (status = 400, body = Envelope),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_task`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn viewing(caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    looking(&caller, &body, false).await
}

/// Says that the asker is writing in a task; those who look at it are told, for 6 s.
#[utoipa::path(
    post, path = "/v4/live/writing", tag = "live", request_body = Looking,
    responses(
        (status = 200, description = "Told to the node that has the stream, if there is one"), (status = 400, body = Envelope),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_task`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn writing(caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    looking(&caller, &body, true).await
}

async fn looking(caller: &Caller, body: &Body, writes: bool) -> Result<HttpResponse, Fault> {
    let members = body.object()?;
    let stream = stream(&members)?;
    let task = Object::new(&members).integer("task_id")?.map(TaskId);
    look(&caller.node, whose(caller), stream, task, writes).await?;
    Ok(said())
}

/// Subscribes to a query. The stream is told first which tasks meet it (`query` with `members`), then which come to meet it
/// (`entered`) and which do so no more (`left`). At most 8 a stream; they end with it.
#[utoipa::path(
    post, path = "/v4/live/subscriptions", tag = "live", request_body = Subscribing,
    responses(
        (status = 200, description = "Told to the node that has the stream, if there is one"),
        (status = 400, body = Envelope, description = "As the register, or the list, is refused"), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_form`, `access_denied_project`, `access_denied_person`, `access_denied_filter`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn subscribe(caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let members = body.object()?;
    let (stream, name) = (stream(&members)?, name(members.get("id"))?);
    subscribed(&caller.node, whose(&caller), stream, name, members.get("query")).await?;
    Ok(said())
}

/// Ends a subscription.
#[utoipa::path(
    delete, path = "/v4/live/subscriptions", tag = "live", request_body = Subscribing,
    responses(
        (status = 200, description = "Told to the node that has the stream, if there is one"), (status = 400, body = Envelope),
        (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn unsubscribe(caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let members = body.object()?;
    let (stream, name) = (stream(&members)?, name(members.get("id"))?);
    words::say(&caller.node, Word::Unsubscribes { stream, whose: whose(&caller), name }).await;
    Ok(said())
}

/// There is nothing to tell: what comes of it is told by the stream.
fn said() -> HttpResponse {
    HttpResponse::Ok().content_type(JSON).body("{}")
}

fn whose(caller: &Caller) -> Whose {
    Whose { organisation: caller.organisation.id, person: caller.person.id }
}

fn stream(members: &Map<String, Value>) -> Result<Uuid, Fault> {
    let text = members.get("stream").and_then(Value::as_str);
    text.and_then(|text| Uuid::parse_str(text).ok()).ok_or_else(|| Fault::format("stream"))
}

/// What a subscription is called.
///
/// # Errors
/// `invalid_value_format`.
pub fn name(value: Option<&Value>) -> Result<String, Fault> {
    let name = value.and_then(Value::as_str).filter(|name| !name.is_empty() && name.chars().count() <= NAME_CHARACTERS_MAX);
    name.map(str::to_owned).ok_or_else(|| Fault::format("id"))
}

/// What a read of theirs must show: as for any request, among other nodes all that the log holds.
async fn after(node: &Node, whose: Whose) -> Result<Position, Fault> {
    let known = node.written.last(whose.person);
    if node.cluster().is_none() {
        return Ok(known);
    }
    let head = node.system.fresh_head().await.ok_or_else(|| Fault::unavailable("the log cannot be read just now"))?;
    Ok(known.max(head.position))
}

/// Somebody looks at a task that they see, or at none.
///
/// # Errors
/// `access_denied_task`; 503 when it cannot be looked up.
pub async fn look(node: &Node, whose: Whose, stream: Uuid, task: Option<TaskId>, writes: bool) -> Result<(), Fault> {
    if let Some(task) = task {
        let written = after(node, whose).await?;
        let (directory, _) = node.world.at_least(written).await?;
        let organisation = directory.organisation(whose.organisation).ok_or_else(|| Fault::domain(Code::AccessDeniedTask))?;
        let generation = node.projections.caught_up(View::Tasks, written, WAIT_MAX).await;
        let generation = generation.map_err(|_| Fault::unavailable("a view is behind"))?;
        let found = view::answered(touched(&node.pool, &generation, &[(whose.organisation, task)]).await)?;
        let issued = Issued { organisation: whose.organisation, who: whose.person, at: node.journal.now(), directory: organisation };
        let access = Access::of(&issued);
        if !found.get(&task).is_some_and(|found| !found.deleted && access.sees(&found.grants)) {
            return Err(Fault::domain(Code::AccessDeniedTask));
        }
    }
    let looks = Looks { stream, organisation: whose.organisation, person: whose.person, task, writes };
    words::say(node, Word::Looks(looks)).await;
    Ok(())
}

/// Somebody subscribes to a query that they may ask.
///
/// # Errors
/// As the route that answers it.
pub async fn subscribed(node: &Node, whose: Whose, stream: Uuid, name: String, query: Option<&Value>) -> Result<(), Fault> {
    let query = query.and_then(Value::as_object).ok_or_else(|| Fault::format("query"))?;
    let (directory, _) = node.world.at_least(after(node, whose).await?).await?;
    let organisation = directory.organisation(whose.organisation).ok_or_else(|| Fault::domain(Code::AccessDenied))?;
    queries::check(query, organisation, whose.person, node.journal.now())?;
    words::say(node, Word::Subscribes { stream, whose, name, query: query.clone() }).await;
    Ok(())
}
