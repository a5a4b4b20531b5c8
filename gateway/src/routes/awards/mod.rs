//! `/awards`: badges that people are given for a number that is counted for them. Who may do what with them, and when somebody is
//! given one, is decided in `domain`.

pub mod counter;
pub mod threshold;
pub mod write;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::award::{Rejection, access};
use domain::directory::OrganisationDirectory;
use domain::{AwardId, Code, Issued, PersonId, Rejection as _};
use projections::View;
use projections::views::awards as view;
use serde::Serialize;
use utoipa::ToSchema;

use super::query::Query;
use super::schema;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::view::{Ready, answered, read as ready};

const ITEMS: usize = 100;
const ITEMS_MAX: usize = 1_000;

#[derive(Serialize, ToSchema)]
pub struct Awards<'a> {
    /// In the order of their ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    awards: Vec<ShownAward<'a>>,
    /// The `after` of the next page, where there may be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

/// An award. Thresholds are shown to those who manage awards.
#[derive(Serialize, ToSchema)]
pub struct ShownAward<'a> {
    id: i64,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_threshold: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoke_threshold: Option<i64>,
}

/// The awards of the organisation. Ours, beside the dialect.
#[utoipa::path(
    get, path = "/v4/awards", tag = "awards",
    params(
        ("item_count" = Option<u32>, Query, description = "Awards in the answer, 1 to 1000; 100 where nothing is said"),
        ("after" = Option<i64>, Query, description = "Only those with higher ids"), schema::Read,
    ),
    responses(
        (status = 200, body = Awards), (status = 400, body = Envelope, description = "`items_count_out_of_range`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_awards`: guests"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let query = Query::of(&request);
    let (count, after) = (query.count("item_count", ITEMS, ITEMS_MAX)?, AwardId(query.number("after")?.unwrap_or_default()));
    let (organisation, ready) = readable(&caller, access::sees).await?;
    let limit = u32::try_from(count).unwrap_or(u32::MAX);
    let found = answered(view::page(&caller.node.pool, &ready.generation, organisation.id, after, limit).await)?;
    let manages = access::manages(&caller.issued(&organisation)).is_ok();
    let next = found.last().filter(|_| found.len() == count).map(|last| last.id);
    let awards = found.iter().map(|award| ShownAward::of(award, manages)).collect();
    answer::json(&request, &caller.node, &Awards { awards, next }, About::read(ready.position))
}

/// One award. Ours, beside the dialect.
#[utoipa::path(
    get, path = "/v4/awards/{id}", tag = "awards", params(("id" = i64, Path, description = "The award"), schema::Read),
    responses(
        (status = 200, body = ShownAward), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_awards`: it is not there, or the asker is a guest"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = award_id(&id)?;
    let (organisation, ready) = readable(&caller, access::sees).await?;
    let manages = access::manages(&caller.issued(&organisation)).is_ok();
    let award = found(&caller, &ready, id).await?;
    answer::json(&request, &caller.node, &ShownAward::of(&award, manages), About::read(ready.position))
}

/// The asker's organisation and the view, for those whom `access` lets in.
async fn readable(caller: &Caller, access: fn(&Issued<'_>) -> Result<(), Rejection>) -> Result<(Arc<OrganisationDirectory>, Ready), Fault> {
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    access(&caller.issued(&organisation)).map_err(|rejection| Fault::domain(rejection.code()))?;
    Ok((organisation, ready(caller, View::Awards).await?))
}

/// The awards that a member holds, as far as the asker may see any.
pub(super) async fn held_by(caller: &Caller, organisation: &OrganisationDirectory, person: PersonId) -> Result<Vec<view::Held>, Fault> {
    if access::sees(&caller.issued(organisation)).is_err() {
        return Ok(Vec::new());
    }
    let ready = ready(caller, View::Awards).await?;
    answered(view::held_by(&caller.node.pool, &ready.generation, organisation.id, person).await)
}

async fn found(caller: &Caller, ready: &Ready, id: AwardId) -> Result<view::Shown, Fault> {
    let found = answered(view::one(&caller.node.pool, &ready.generation, caller.organisation.id, id).await)?;
    found.ok_or_else(|| Fault::domain(Code::AccessDeniedAwards))
}

fn award_id(text: &str) -> Result<AwardId, Fault> {
    let id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    id.map(AwardId).ok_or_else(|| Fault::format("award id"))
}

impl<'a> ShownAward<'a> {
    fn of(award: &'a view::Shown, manages: bool) -> Self {
        Self {
            id: award.id,
            name: &award.name,
            description: award.description.as_deref(),
            grant_threshold: manages.then_some(award.grant),
            revoke_threshold: manages.then_some(award.revoke),
        }
    }
}
