//! Sessions of browsers: signing in by password, who is signed in, what is signed in elsewhere, signing out. Not tokens of
//! programs (see [`super::auth`]).

pub mod begin;
pub mod create;
pub mod current;
pub mod list;
pub mod passkey;
pub mod second_factor;
pub mod step_up;
pub mod switch;

use std::sync::Arc;

use actix_web::cookie::Cookie;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use domain::account::Linked;
use domain::directory::OrganisationDirectory;
use domain::person::{Person, PersonKind};
use domain::{Directory, Position};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::accounts::Known;
use crate::answer::{self, About};
use crate::error::Fault;
use crate::identity::Session;
use crate::node::Node;

/// A session as its human sees it.
#[derive(Serialize, ToSchema)]
pub struct ShownSession {
    session_id: Uuid,
    person_id: i64,
    organization_id: i64,
    /// `password`, `passkey`, `qr`, `invitation`, `password_reset`, `set_up`, `switch` or `step_up`.
    began_with: String,
    /// `totp`, `passkey` or `recovery_code`, where one was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    second_factor: Option<String>,
    created: String,
    last_seen: String,
    /// When its human last proved who they are; what is dangerous wants it recent.
    authenticated: String,
    /// When it ends, should nobody use it any more.
    expires: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    /// It is the one that asks.
    current: bool,
    /// A second factor is demanded before anything else may be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    needs_second_factor: bool,
}

impl ShownSession {
    pub fn of(session: &Session, current: bool) -> Self {
        Self {
            session_id: session.id,
            person_id: session.person.0,
            organization_id: session.organisation.0,
            began_with: session.began_with.clone(),
            second_factor: session.second.clone(),
            created: second(session.made_at),
            last_seen: second(session.seen_at),
            authenticated: second(session.authenticated_at),
            expires: second(session.ends_at),
            address: session.address.clone(),
            agent: session.agent.clone(),
            current,
            needs_second_factor: session.needs_factor,
        }
    }
}

/// The dialect's moments have no fractions.
pub fn second(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// One of the persons that somebody is, one in each of their organisations.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Choice {
    pub person_id: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    first_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    last_name: String,
    organization_id: i64,
    organization: String,
}

impl Choice {
    fn of(organisation: &OrganisationDirectory, person: &Person) -> Self {
        Self {
            person_id: person.id.0,
            first_name: person.profile.first_name.clone(),
            last_name: person.profile.last_name.clone(),
            organization_id: organisation.id.0,
            organization: organisation.organisation.settings.name.clone(),
        }
    }
}

/// The person behind a link, if they are let in: there, not blocked, and no bot, which have no browsers.
pub fn person_of(directory: &Directory, linked: Linked) -> Option<(&Arc<OrganisationDirectory>, &Arc<Person>)> {
    let organisation = directory.organisation(linked.organisation)?;
    let person = organisation.person(linked.person)?;
    Some((organisation, person)).filter(|(_, person)| person.exists && !person.blocked && person.kind != PersonKind::Bot)
}

/// Those whom the account may be signed in as.
pub fn choices(directory: &Directory, known: &Known) -> Vec<Choice> {
    let persons = known.account.persons.iter().filter_map(|linked| person_of(directory, *linked));
    persons.map(|(organisation, person)| Choice::of(organisation, person)).collect()
}

/// An answer that also changes the session's cookie.
pub fn with_cookie(
    request: &HttpRequest,
    node: &Node,
    value: &impl Serialize,
    position: Position,
    cookie: &Cookie<'_>,
) -> Result<HttpResponse, Fault> {
    let mut answer = answer::json(request, node, value, About::read(position))?;
    let cookie = HeaderValue::try_from(cookie.to_string()).map_err(|_| Fault::own(crate::codes::Own::ServerError))?;
    answer.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(answer)
}
