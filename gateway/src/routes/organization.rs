//! `/organization`: what the asker's organisation is called, where its days begin, and in which language it is spoken to. Ours, beside the
//! dialect. Who may change it is decided in `domain`.

use actix_web::{HttpRequest, HttpResponse};
use domain::OrganisationId;
use domain::organisation::{Change, Settings};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;
use crate::answer::{self, About};
use crate::dialect::Object;
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};

#[derive(Serialize, ToSchema)]
pub struct OrganizationSettings<'a> {
    organization_id: i64,
    name: &'a str,
    /// IANA name, such as `Europe/Berlin`: in which dates without a time are days.
    time_zone: &'a str,
    /// Such as `en-US`: of error texts, and of people who chose none.
    locale: &'a str,
}

/// The asker's organisation.
#[utoipa::path(
    get, path = "/v4/organization", tag = "organization", params(schema::Read),
    responses(
        (status = 200, body = OrganizationSettings), (status = 401, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let shown = OrganizationSettings::of(organisation.id, &organisation.organisation.settings);
    answer::json(&request, &caller.node, &shown, About::read(position))
}

/// Changes what is given.
#[utoipa::path(
    put, path = "/v4/organization", tag = "organization", params(schema::Write), request_body = schema::ChangeOrganization,
    responses(
        (status = 200, body = OrganizationSettings),
        (status = 400, body = Envelope, description = "`required_parameter_missing`: an empty name, `value_is_too_long`, `invalid_input`: no such zone or locale"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    let [name, time_zone, locale] = ["name", "time_zone", "locale"].map(|member| members.string(member));
    let change = Change { name: name?, time_zone: time_zone?, locale: locale? };
    let done = caller.node.change_organisation(command, change).await?;
    caller.wrote(done.position);
    answer::json(&request, &caller.node, &OrganizationSettings::of(done.view.id, &done.view.settings), About::done(&done))
}

impl<'a> OrganizationSettings<'a> {
    fn of(id: OrganisationId, settings: &'a Settings) -> Self {
        let Settings { name, time_zone, locale } = settings;
        Self { organization_id: id.0, name, time_zone, locale }
    }
}
