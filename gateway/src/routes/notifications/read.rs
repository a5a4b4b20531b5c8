//! `POST /notifications/read` and `/unread`: what the asker has read, and what they want to come back to.

use actix_web::{HttpRequest, HttpResponse};
use domain::inbox::{Inbox, What};
use domain::{Code, TaskId};
use projections::View;
use projections::views::notifications as view;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

use actors::system::Done;

use crate::answer::{self, About};
use crate::dialect::{BadInput, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;
use crate::view::{answered, read as ready, written};

#[derive(Serialize, ToSchema)]
pub struct Left {
    /// How many are unread now, counted up to 1000.
    unread_count: i64,
}

/// Marks as read what the asker was told: all of it up to a position, or all of a task, or of announcements.
#[utoipa::path(
    post, path = "/v4/notifications/read", tag = "inbox", params(schema::Write), request_body = schema::ReadNotifications,
    responses(
        (status = 200, body = Left), (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_input`"),
        (status = 401, body = Envelope), (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    // What is told of announcements is told of no task.
    let announcements = members.boolean("announcements")?.then_some(TaskId(0));
    let task = members.integer("task_id")?.map(TaskId).or(announcements);
    let upto = match (members.integer("upto")?, task) {
        (Some(upto), _) => upto,
        // What the asker may have seen by now.
        (None, Some(_)) => ready(&caller, View::Notifications).await?.position,
        (None, None) => return Err(BadInput::field(Code::RequiredParameterMissing, "upto", "upto, task_id or announcements").into()),
    };
    let done = caller.node.change_inbox(command, What::Read { task, upto }).await?;
    left(&request, &caller, &done).await
}

/// Marks one notification as not read.
#[utoipa::path(
    post, path = "/v4/notifications/unread", tag = "inbox", params(schema::Write), request_body = schema::UnreadNotification,
    responses(
        (status = 200, body = Left),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_input`: the asker has no such notification"),
        (status = 401, body = Envelope), (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn unread(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let position = Object::new(&members).integer("id")?;
    let position = position.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "id", "missing"))?;
    let ready = ready(&caller, View::Notifications).await?;
    let (pool, organisation) = (&caller.node.pool, caller.organisation.id);
    let task = answered(view::task_of(pool, &ready.generation, organisation, caller.person.id, position).await)?;
    let task = task.ok_or_else(|| BadInput::field(Code::InvalidInput, "id", "no such notification"))?;
    let done = caller.node.change_inbox(command, What::Unread { task, position }).await?;
    left(&request, &caller, &done).await
}

async fn left(request: &HttpRequest, caller: &Caller, done: &Done<Arc<Inbox>>) -> Result<HttpResponse, Fault> {
    let ready = written(caller, View::Notifications, done.position).await?;
    let unread = view::unread(&caller.node.pool, &ready.generation, caller.organisation.id, caller.person.id);
    let left = Left { unread_count: answered(unread.await)? };
    answer::json(request, &caller.node, &left, About::done(done))
}
