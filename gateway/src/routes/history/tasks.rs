//! `GET /taskaccesshistory`: who was shown which task, once a person, task and hour.

use actix_web::{HttpRequest, HttpResponse};

use super::{Asked, Lines, agent, check, stamp};
use crate::access_log::Kind;
use crate::access_log::page;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::schema;

const COLUMNS: [&str; 7] = ["id", "time", "user_id", "user_email", "ip", "task_id", "user_agent"];

/// Who was shown which task.
#[utoipa::path(
    get, path = "/v4/taskaccesshistory", tag = "audit",
    params(
        ("after" = Option<i64>, Query, description = "Only lines with higher ids"),
        ("count" = Option<u32>, Query, description = "At most as many, 1 to 100000; 1000 where nothing is said"),
        ("header" = Option<bool>, Query, description = "With a line that names the columns"),
        schema::Read,
    ),
    responses(
        (status = 200, content_type = "text/csv", body = String, description = "id, time, user id, e-mail, address, task id, program"),
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
    let ends = page::ends(&node.pool).await?;
    let rows = page::rows(&node.pool, caller.organisation.id, &[Kind::TaskRead], (asked.after, ends.last), asked.count).await?;
    let mut lines = Lines::begin(asked.header, &COLUMNS)?;
    for row in &rows {
        let person = organisation.person(row.person);
        lines.line([
            &row.id.to_string(),
            &stamp(row.at),
            &row.person.to_string(),
            person.map_or("", |person| &person.profile.email),
            row.address.as_deref().unwrap_or_default(),
            &row.subject.to_string(),
            &row.agent.as_deref().map(agent::shown).unwrap_or_default(),
        ])?;
    }
    lines.answer(&request, &caller, position)
}
