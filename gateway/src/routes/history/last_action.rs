//! `GET /personlastaction`: when everybody was last here, to the minute.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};

use super::{Asked, Lines, agent, check, stamp};
use crate::access_log::page;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::schema;

const COLUMNS: [&str; 7] = ["user_id", "user_email", "first_name", "last_name", "last_action", "ip", "user_agent"];

/// When everybody was last here; empty for who never was.
#[utoipa::path(
    get, path = "/v4/personlastaction", tag = "audit",
    params(("header" = Option<bool>, Query, description = "With a line that names the columns"), schema::Read),
    responses(
        (status = 200, content_type = "text/csv", body = String, description = "user id, e-mail, first name, last name, time, address, program"),
        (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let asked = Asked::of(&request)?;
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    check(&caller, &organisation)?;
    let node = &caller.node;
    node.access_log.flush().await;
    let seen: HashMap<_, _> =
        page::last_seen(&node.pool, caller.organisation.id).await?.into_iter().map(|seen| (seen.person, seen)).collect();
    let mut lines = Lines::begin(asked.header, &COLUMNS)?;
    for person in organisation.persons.values() {
        let seen = seen.get(&person.id);
        let profile = &person.profile;
        lines.line([
            &person.id.to_string(),
            &profile.email,
            &profile.first_name,
            &profile.last_name,
            &seen.map(|seen| stamp(seen.at)).unwrap_or_default(),
            seen.and_then(|seen| seen.address.as_deref()).unwrap_or_default(),
            &seen.and_then(|seen| seen.agent.as_deref()).map(agent::shown).unwrap_or_default(),
        ])?;
    }
    lines.answer(&request, &caller, position)
}
