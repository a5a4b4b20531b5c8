//! `PUT`, `POST`, `DELETE /lists/bulk`: many at once. Each item is a command of its own, done in order, so that an item may rest
//! on those before it. The first refusal is the answer, and what was done before it stays: a request that is repeated under its
//! `Idempotency-Key` does each item once.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use actors::system::{Done, Request};
use domain::list::{Command, List};
use domain::{Code, ListId};
use serde_json::{Map, Value};

use super::ShownList;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::{credentials, schema};

/// Items in one request.
pub const ITEMS_MAX: usize = 200;

/// Makes many lists.
#[utoipa::path(
    put, path = "/v4/lists/bulk", tag = "lists", params(schema::Write), request_body = Vec<schema::WriteList>,
    responses(
        (status = 200, body = Vec<ShownList>), (status = 400, body = Envelope, description = "`items_count_out_of_range`, and as for one"),
        (status = 401, body = Envelope), (status = 403, body = Envelope), (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let mut commands = Vec::new();
    for item in items(&body)? {
        let create = dialect::create_list(&Object::new(&object(item)?))?;
        commands.push((None, Command::Create(Box::new(create))));
    }
    carried_out(&request, &caller, &body, commands).await
}

/// Changes many lists, each named by its `id`.
#[utoipa::path(
    post, path = "/v4/lists/bulk", tag = "lists", params(schema::Write), request_body = Vec<schema::WriteList>,
    responses(
        (status = 200, body = Vec<ShownList>), (status = 400, body = Envelope, description = "`items_count_out_of_range`, and as for one"),
        (status = 401, body = Envelope), (status = 403, body = Envelope), (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let mut commands = Vec::new();
    for item in items(&body)? {
        let members = object(item)?;
        let members = Object::new(&members);
        let change = dialect::change_list(&members)?;
        commands.push((Some(named(members.integer("id")?)?), Command::Change(Box::new(change))));
    }
    carried_out(&request, &caller, &body, commands).await
}

/// Deletes many lists, each named by its id, bare or as `id`.
#[utoipa::path(
    delete, path = "/v4/lists/bulk", tag = "lists", params(schema::Write), request_body = Vec<i64>,
    responses(
        (status = 200, body = Vec<ShownList>), (status = 400, body = Envelope, description = "`items_count_out_of_range`, and as for one"),
        (status = 401, body = Envelope), (status = 403, body = Envelope), (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let mut commands = Vec::new();
    for item in items(&body)? {
        let mut members = Map::new();
        match item {
            Value::Object(object) => members = object,
            bare => drop(members.insert("id".to_owned(), bare)),
        }
        commands.push((Some(named(Object::new(&members).integer("id")?)?), Command::Delete));
    }
    carried_out(&request, &caller, &body, commands).await
}

fn named(id: Option<i64>) -> Result<ListId, Fault> {
    id.map(ListId).ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("id"))
}

fn object(item: Value) -> Result<Map<String, Value>, Fault> {
    match item {
        Value::Object(members) => Ok(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(Fault::format("an item is not an object"))
        }
    }
}

fn items(body: &Body) -> Result<Vec<Value>, Fault> {
    let items = dialect::parse_list(&body.0)?;
    let within = (1..=ITEMS_MAX).contains(&items.len());
    if within { Ok(items) } else { Err(Fault::own(Own::ItemsCountOutOfRange).with(format!("1 to {ITEMS_MAX} items"))) }
}

/// All was read before anything is done.
async fn carried_out(
    request: &HttpRequest,
    caller: &Caller,
    body: &Body,
    commands: Vec<(Option<ListId>, Command)>,
) -> Result<HttpResponse, Fault> {
    let whole = command(request, caller, &body.0)?;
    let mut all: Vec<Done<Arc<List>>> = Vec::with_capacity(commands.len());
    for (index, (id, command)) in commands.into_iter().enumerate() {
        let request = Request { command: whole.command.part(index), ..whole.clone() };
        let done = match id {
            Some(id) => caller.node.change_list(id, request, command).await?,
            None => caller.node.create_list(request, command).await?,
        };
        credentials::seen(caller, done.position).await;
        all.push(done);
    }
    let about =
        About { position: all.iter().map(|done| done.position).max().unwrap_or_default(), replayed: all.iter().all(|done| done.replayed) };
    let organisation = caller.organisation_in(&caller.node.world.latest())?;
    let issued = caller.issued(&organisation);
    let lists: Vec<ShownList<'_>> = all.iter().map(|done| ShownList::alone(&done.view, &issued)).collect();
    answer::json(request, &caller.node, &lists, about)
}
