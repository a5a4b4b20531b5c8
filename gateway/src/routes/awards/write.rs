//! Creating, renaming and deleting awards. Ours, beside the dialect, which only counts for awards that are there.

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::Done;
use domain::AwardId;
use domain::award::Command;
use projections::View;
use serde::Serialize;
use utoipa::ToSchema;

use super::{ShownAward, award_id, found};
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;
use crate::view::written;

#[derive(Serialize, ToSchema)]
pub struct DeletedAward {
    deleted: bool,
}

/// Creates an award.
#[utoipa::path(
    post, path = "/v4/awards", tag = "awards", params(schema::Write), request_body = schema::WriteAward,
    responses(
        (status = 200, body = ShownAward),
        (status = 400, body = Envelope, description = "`required_parameter_missing`: the name, `invalid_award_limits`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_awards`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let create = dialect::create_award(&Object::new(&members))?;
    let done = caller.node.create_award(command, Command::Create(Box::new(create))).await?;
    shown(&request, &caller, done).await
}

/// Changes what an award is called and what it is for; what is present in the body. Thresholds have a path of their own.
#[utoipa::path(
    put, path = "/v4/awards/{id}", tag = "awards", params(("id" = i64, Path, description = "The award"), schema::Write),
    request_body = schema::ChangeAward,
    responses(
        (status = 200, body = ShownAward), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_awards`"), (status = 422, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = award_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    let change = Command::Change { name: members.string("name")?, description: members.string("description")? };
    let done = caller.node.change_award(id, command, change).await?;
    shown(&request, &caller, done).await
}

/// Deletes an award: nobody holds it any more.
#[utoipa::path(
    delete, path = "/v4/awards/{id}", tag = "awards", params(("id" = i64, Path, description = "The award"), schema::Write),
    responses(
        (status = 200, body = DeletedAward), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_awards`"), (status = 422, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = award_id(&id)?;
    let done = caller.node.change_award(id, command(&request, &caller, &body.0)?, Command::Delete).await?;
    caller.wrote(done.position);
    answer::json(&request, &caller.node, &DeletedAward { deleted: true }, About::done(&done))
}

async fn shown<V>(request: &HttpRequest, caller: &Caller, done: Done<V>) -> Result<HttpResponse, Fault> {
    let ready = written(caller, View::Awards, done.position).await?;
    let award = found(caller, &ready, AwardId(done.stream.id)).await?;
    answer::json(request, &caller.node, &ShownAward::of(&award, true), About::done(&done))
}
