//! `/members/{member}/awards/{award}/counter`: what is counted for somebody, and whether they hold the award for it.

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::Done;
use domain::award::{Command, access};
use domain::directory::OrganisationDirectory;
use domain::{AwardId, Code, PersonId};
use projections::View;
use projections::views::awards as view;
use serde::Serialize;
use utoipa::ToSchema;

use super::{award_id, readable};
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::routes::members::person_id;
use crate::routes::query::Query;
use crate::routes::{moment, schema};
use crate::view::{Ready, answered, written};

#[derive(Serialize, ToSchema)]
pub struct Counter {
    person_id: i64,
    award_id: i64,
    award_counter: i64,
    /// Since when they hold it; absent where they do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment_date: Option<String>,
}

/// What is counted for somebody.
#[utoipa::path(
    get, path = "/v4/members/{member_id}/awards/{award_id}/counter", tag = "awards",
    params(("member_id" = i64, Path, description = "The person"), ("award_id" = i64, Path, description = "The award"), schema::Read),
    responses(
        (status = 200, body = Counter), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_awards`, `access_denied_person`"), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, ids: web::Path<(String, String)>) -> Result<HttpResponse, Fault> {
    let (person, award) = read_ids(&ids)?;
    let (organisation, ready) = readable(&caller, access::manages).await?;
    known(&organisation, person)?;
    show(&request, &caller, &ready, (person, award), About::read(ready.position)).await
}

/// Counts one more for somebody.
#[utoipa::path(
    post, path = "/v4/members/{member_id}/awards/{award_id}/counter/increment", tag = "awards",
    params(("member_id" = i64, Path, description = "The person"), ("award_id" = i64, Path, description = "The award"), schema::Write),
    responses(
        (status = 200, body = Counter), (status = 400, body = Envelope, description = "`limit_exceeded`: it is 1000000000"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_awards`, `access_denied_person`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn increment(request: HttpRequest, caller: Caller, ids: web::Path<(String, String)>, body: Body) -> Result<HttpResponse, Fault> {
    let (person, award) = read_ids(&ids)?;
    let done = caller.node.change_award(award, command(&request, &caller, &body.0)?, Command::Increment { person }).await?;
    shown(&request, &caller, (person, award), done).await
}

/// Sets what is counted for somebody.
#[utoipa::path(
    put, path = "/v4/members/{member_id}/awards/{award_id}/counter", tag = "awards",
    params(
        ("member_id" = i64, Path, description = "The person"), ("award_id" = i64, Path, description = "The award"),
        ("value" = i64, Query, description = "0 to 1000000000"), schema::Write,
    ),
    responses(
        (status = 200, body = Counter), (status = 400, body = Envelope, description = "`required_parameter_missing`, `limit_exceeded`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_awards`, `access_denied_person`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn set(request: HttpRequest, caller: Caller, ids: web::Path<(String, String)>, body: Body) -> Result<HttpResponse, Fault> {
    let (person, award) = read_ids(&ids)?;
    let command = command(&request, &caller, &body.0)?;
    let value = Query::of(&request).number("value")?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with("value"))?;
    let done = caller.node.change_award(award, command, Command::SetCounter { person, value }).await?;
    shown(&request, &caller, (person, award), done).await
}

fn read_ids(ids: &(String, String)) -> Result<(PersonId, AwardId), Fault> {
    Ok((person_id(&ids.0)?, award_id(&ids.1)?))
}

fn known(organisation: &OrganisationDirectory, person: PersonId) -> Result<(), Fault> {
    let known = organisation.person(person).is_some_and(|person| person.exists);
    if known { Ok(()) } else { Err(Fault::domain(Code::AccessDeniedPerson)) }
}

async fn shown<V>(request: &HttpRequest, caller: &Caller, of: (PersonId, AwardId), done: Done<V>) -> Result<HttpResponse, Fault> {
    let ready = written(caller, View::Awards, done.position).await?;
    show(request, caller, &ready, of, About::done(&done)).await
}

async fn show(
    request: &HttpRequest,
    caller: &Caller,
    ready: &Ready,
    (person, award): (PersonId, AwardId),
    about: About,
) -> Result<HttpResponse, Fault> {
    let found = answered(view::counter(&caller.node.pool, &ready.generation, caller.organisation.id, award, person).await)?;
    let found = found.ok_or_else(|| Fault::domain(Code::AccessDeniedAwards))?;
    let counter =
        Counter { person_id: person.0, award_id: award.0, award_counter: found.counter, assignment_date: found.granted_at.map(moment) };
    answer::json(request, &caller.node, &counter, about)
}
