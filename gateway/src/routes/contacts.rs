//! `GET /contacts`: the people whom the asker can turn to, by organisation. An asker belongs to one.

use actix_web::{HttpRequest, HttpResponse};
use projections::views::contacts;
use serde::Serialize;
use utoipa::ToSchema;

use super::people::ShownOrganisation;
use super::query::Query;
use super::schema;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;

#[derive(Serialize, ToSchema)]
pub struct Contacts<'a> {
    organizations: Vec<ShownOrganisation<'a>>,
}

/// The people of the asker's organisation. Guests find themselves alone.
#[utoipa::path(
    get, path = "/v4/contacts", tag = "people",
    params(("include_inactive" = Option<bool>, Query, description = "With those who are blocked"), schema::AsOf, schema::Read),
    responses(
        (status = 200, body = Contacts), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 412, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let inactive = Query::of(&request).boolean("include_inactive")?.unwrap_or(false);
    let shown = caller.shown(&request).await?;
    let organisation = shown.organisation();
    let found = contacts::contacts(organisation, &caller.person, inactive);
    let answer = Contacts { organizations: vec![ShownOrganisation::of(&found, organisation)] };
    answer::json(&request, &caller.node, &answer, About::read(shown.position))
}
