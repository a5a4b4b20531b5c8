//! `/bots`: persons that are programs. Who may look after them is decided in `domain`; how they are called is not here.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::Done;
use domain::Code;
use domain::person::{Command, Person};
use projections::views::bots;
use serde::Serialize;
use utoipa::ToSchema;

use super::credentials;
use super::members::person_id;
use super::query::Query;
use super::schema;
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};

#[derive(Serialize, ToSchema)]
pub struct Bots<'a> {
    bots: Vec<ShownBot<'a>>,
}

/// A bot (pyrus.md §1.11).
#[derive(Serialize, ToSchema)]
pub struct ShownBot<'a> {
    id: i64,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    is_enabled: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    banned: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fired: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    hook_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot_settings: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_avatar_id: Option<i64>,
    /// Rises with every change.
    version: String,
    /// What it signs in with, beside its key.
    #[serde(skip_serializing_if = "str::is_empty")]
    login: &'a str,
    rights: u32,
    send_only_last_comment: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone_offset: Option<i32>,
}

impl<'a> ShownBot<'a> {
    /// Settings may hold secrets of what the bot talks to, so that only those who look after bots are shown them.
    fn of(person: &'a Person, whole: bool) -> Self {
        let bot = &person.bot;
        Self {
            id: person.id.0,
            name: &person.profile.first_name,
            external_id: person.profile.external_id.as_deref(),
            is_enabled: bot.enabled,
            banned: person.blocked,
            fired: person.dismissed,
            hook_url: bot.hook_url.as_deref().filter(|_| whole),
            description: bot.description.as_deref(),
            bot_settings: bot.settings.as_deref().filter(|_| whole),
            avatar_id: person.avatar.avatar_id,
            external_avatar_id: person.avatar.external_avatar_id,
            version: person.bot_version.to_string(),
            login: &person.profile.email,
            rights: person.rights,
            send_only_last_comment: bot.send_only_last_comment,
            locale: person.profile.locale.as_deref(),
            time_zone_offset: bot.time_zone_offset,
        }
    }
}

/// The bots of the organisation. Their settings and addresses are shown to those who look after them.
#[utoipa::path(
    get, path = "/v4/bots", tag = "people",
    params(("include_fired" = Option<bool>, Query, description = "With those that are blocked"), schema::Read),
    responses((status = 200, body = Bots), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let fired = Query::of(&request).boolean("include_fired")?.unwrap_or(false);
    let (directory, position) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let asker = organisation.person(caller.person.id).ok_or_else(|| Fault::domain(Code::AccessDenied))?;
    let found = bots::bots(&organisation, asker, fired);
    let bots = found.iter().map(|bot| ShownBot::of(bot, asker.looks_after(bot))).collect();
    answer::json(&request, &caller.node, &Bots { bots }, About::read(position))
}

/// Adds a bot, which is given a login of its own. Its key is issued at `/members/{id}/security_key`.
#[utoipa::path(
    post, path = "/v4/bots", tag = "people", params(schema::Write), request_body = schema::WriteBot,
    responses(
        (status = 200, body = ShownBot), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn add(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let bot = Box::new(dialect::change_bot(&Object::new(&members), caller.node.settings.bots.plain_http)?);
    // From the command's id, so that a repeat under one key asks for the same bot.
    let login = format!("bot@{}", command.command);
    let done = caller.node.add_person(command, Command::AddBot { login, bot }).await?;
    shown(&request, &caller, done).await
}

/// Changes a bot: what is present in the body.
#[utoipa::path(
    put, path = "/v4/bots/{id}", tag = "people", params(("id" = i64, Path, description = "The bot"), schema::Write),
    request_body = schema::WriteBot,
    responses(
        (status = 200, body = ShownBot), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = person_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let change = dialect::change_bot(&Object::new(&members), caller.node.settings.bots.plain_http)?;
    let done = caller.node.change_person(id, command, Command::ChangeBot(Box::new(change))).await?;
    shown(&request, &caller, done).await
}

/// Dismisses a bot; whoever is named receives what it had to do.
#[utoipa::path(
    delete, path = "/v4/bots/{id}", tag = "people", params(("id" = i64, Path, description = "The bot"), schema::Write),
    request_body = schema::TaskReceiver,
    responses(
        (status = 200, body = ShownBot), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn dismiss(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = person_id(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object_or_nothing()?;
    let receiver = dialect::receiver(&Object::new(&members))?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    // People are dismissed as members.
    if !bots::bots(&organisation, &caller.person, true).iter().any(|bot| bot.id == id) {
        return Err(Fault::domain(Code::AccessDeniedPerson));
    }
    let done = caller.node.change_person(id, command, Command::Dismiss { receiver }).await?;
    shown(&request, &caller, done).await
}

async fn shown(request: &HttpRequest, caller: &Caller, done: Done<Arc<Person>>) -> Result<HttpResponse, Fault> {
    credentials::seen(caller, done.position).await;
    answer::json(request, &caller.node, &ShownBot::of(&done.view, true), About::done(&done))
}
