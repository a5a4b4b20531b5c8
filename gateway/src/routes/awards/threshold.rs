//! `/awards/{id}/threshold`: at which numbers an award is given and taken away.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::award::{Command, access};
use projections::View;
use projections::views::awards::Shown;
use serde::Serialize;
use utoipa::ToSchema;

use super::{award_id, found, readable};
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::schema;
use crate::view::written;

/// Somebody holds the award while their counter is `grant_threshold` or more, and less than `revoke_threshold`; 0 where that does
/// not count.
#[derive(Serialize, ToSchema)]
pub struct Threshold {
    grant_threshold: i64,
    revoke_threshold: i64,
}

/// The thresholds of an award.
#[utoipa::path(
    get, path = "/v4/awards/{id}/threshold", tag = "awards", params(("id" = i64, Path, description = "The award"), schema::Read),
    responses(
        (status = 200, body = Threshold), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_awards`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = award_id(&id)?;
    let (_, ready) = readable(&caller, access::manages).await?;
    let award = found(&caller, &ready, id).await?;
    answer::json(&request, &caller.node, &Threshold::of(&award), About::read(ready.position))
}

/// Sets the thresholds of an award, those that are present; they hold at once for everybody who was counted for.
#[utoipa::path(
    put, path = "/v4/awards/{id}/threshold", tag = "awards", params(("id" = i64, Path, description = "The award"), schema::Write),
    request_body = schema::WriteThreshold,
    responses(
        (status = 200, body = Threshold),
        (status = 400, body = Envelope, description = "`invalid_award_limits`: below 0, above 1000000000, or taken away at no more than where it is given"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_awards`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn set(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = award_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let limits = dialect::award_limits(&Object::new(&members))?;
    let done = caller.node.change_award(id, command, Command::SetThresholds(limits)).await?;
    let ready = written(&caller, View::Awards, done.position).await?;
    let award = found(&caller, &ready, id).await?;
    answer::json(&request, &caller.node, &Threshold::of(&award), About::done(&done))
}

impl Threshold {
    fn of(award: &Shown) -> Self {
        Self { grant_threshold: award.grant, revoke_threshold: award.revoke }
    }
}
