//! `GET /eventhistory`: what was done to people, rights, roles and guests, and who signed in or tried to. Facts come from the log,
//! sign-ins from the access log; one id orders both. A sign-in takes its place when it is written, up to a second after it
//! happened: its time says when that was.

use actix_web::{HttpRequest, HttpResponse};
use domain::directory::OrganisationDirectory;
use domain::id::ArticleId;
use domain::{PersonId, Position};
use jiff::Timestamp;
use projections::View;
use projections::views::history;
use serde_json::{Value, json};

use super::{Asked, Lines, Page, agent, check, stamp};
use crate::access_log::page::{self, IDS_OF_A_POSITION};
use crate::access_log::{self, Kind};
use crate::dialect::article_id;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::extract::caller::WAIT_MAX;
use crate::routes::schema;

const COLUMNS: [&str; 8] = ["event_id", "event_type", "time", "user_id", "user_email", "ip", "extra_data", "user_agent"];
const SIGN_INS: [Kind; 4] = [Kind::SignedIn, Kind::SignInFailed, Kind::SignedOut, Kind::SessionTimedOut];

/// A line, wherever it comes from.
struct Line {
    id: i64,
    number: i16,
    at: Timestamp,
    person: PersonId,
    details: String,
    address: Option<String>,
    agent: Option<String>,
}

/// The history of events.
#[utoipa::path(
    get, path = "/v4/eventhistory", tag = "audit",
    params(Page, schema::Read),
    responses(
        (status = 200, content_type = "text/csv", body = String, description = "event id, event type, time, user id, e-mail, address, details as JSON, program"),
        (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let asked = Asked::of(&request)?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    check(&caller, &organisation)?;
    let node = &caller.node;
    node.access_log.flush().await;
    let ends = page::ends(&node.pool).await?;
    let generation = node.projections.caught_up(View::History, ends.head, WAIT_MAX).await.map_err(|behind| {
        tracing::warn!(%behind, "a view was waited for in vain");
        Fault::unavailable("the history is behind")
    })?;
    let positions: (Position, Position) = (asked.after / IDS_OF_A_POSITION, ends.head);
    let told = history::told(&node.pool, &generation, caller.organisation.id, positions, asked.count).await.map_err(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "the history could not be read");
        Fault::unavailable("the history cannot be read just now")
    })?;
    let noted = page::rows(&node.pool, caller.organisation.id, &SIGN_INS, (asked.after, ends.last), asked.count).await?;
    let mut all: Vec<Line> = told.into_iter().map(Line::of_fact).chain(noted.into_iter().map(Line::of_note)).collect();
    all.sort_unstable_by_key(|line| line.id);
    all.truncate(usize::try_from(asked.count).unwrap_or(usize::MAX));
    let mut lines = Lines::begin(asked.header, &COLUMNS)?;
    for line in &all {
        line.write(&organisation, &mut lines)?;
    }
    lines.answer(&request, &caller, ends.head)
}

/// Details that name an article name it as the API does.
fn with_article(details: String) -> String {
    let Ok(Value::Object(mut members)) = serde_json::from_str(&details) else { return details };
    let Some(id) = members.get("article_id").and_then(Value::as_i64) else { return details };
    members.insert("article_id".to_owned(), Value::from(article_id::write(ArticleId(id))));
    Value::Object(members).to_string()
}

impl Line {
    fn of_fact(told: history::Told) -> Self {
        let history::Told { position, number, at, person, details, address, agent } = told;
        let details = with_article(details);
        Self { id: position * IDS_OF_A_POSITION, number, at, person, details, address, agent }
    }

    fn of_note(row: access_log::page::Row) -> Self {
        let access_log::page::Row { id, kind, person, at, login, address, agent, .. } = row;
        let details = login.map_or_else(|| json!({}), |login| json!({ "login": login })).to_string();
        Self { id, number: kind, at, person, details, address, agent }
    }

    fn write(&self, organisation: &OrganisationDirectory, lines: &mut Lines) -> Result<(), Fault> {
        let person = organisation.person(self.person);
        let program = self.agent.as_deref().map(agent::shown).unwrap_or_default();
        lines.line([
            &self.id.to_string(),
            &self.number.to_string(),
            &stamp(self.at),
            &self.person.to_string(),
            person.map_or("", |person| &person.profile.email),
            self.address.as_deref().unwrap_or_default(),
            &self.details,
            &program,
        ])
    }
}
