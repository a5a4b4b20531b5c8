//! `/announcements`: what the organisation is told, and what is said under it. Who may do what is decided in `domain`.

use actix_web::{HttpRequest, HttpResponse, web};
use actors::system::{Done, Request};
use domain::announcement::{Command, Say, access};
use domain::directory::OrganisationDirectory;
use domain::file::Attached;
use domain::file::attached::Shown as File;
use domain::{Code, Issued, PersonId};
use projections::View;
use projections::views::announcements::{self as view, Comment, Shown};
use serde::Serialize;
use utoipa::ToSchema;

use super::moment;
use super::people::ShownPerson;
use super::query::Query;
use super::schema;
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};
use crate::files::found;
use crate::view::{Ready, answered, read as ready, written};

const ITEMS: usize = 100;
const ITEMS_MAX: usize = 10_000;

#[derive(Serialize, ToSchema)]
pub struct Announcements<'a> {
    /// Newest first, each with at most its 50 newest comments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    announcements: Vec<ShownAnnouncement<'a>>,
}

#[derive(Serialize, ToSchema)]
pub struct OneAnnouncement<'a> {
    announcement: ShownAnnouncement<'a>,
}

#[derive(Serialize, ToSchema)]
pub struct ShownAnnouncement<'a> {
    id: i64,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    formatted_text: Option<&'a str>,
    create_date: String,
    last_modified_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<ShownPerson<'a>>,
    /// Present and true where no comments are taken any more. Ours, beside the dialect.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    closed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<schema::task::File>)]
    attachments: Vec<File>,
    /// Oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comments: Vec<ShownComment<'a>>,
}

#[derive(Serialize, ToSchema)]
pub struct ShownComment<'a> {
    id: i64,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    formatted_text: Option<&'a str>,
    create_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<ShownPerson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<schema::task::File>)]
    attachments: Vec<File>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DeletedAnnouncement)]
pub struct Deleted {
    deleted: bool,
}

/// The organisation's announcements, newest first.
#[utoipa::path(
    get, path = "/v4/announcements", tag = "announcements",
    params(("item_count" = Option<u32>, Query, description = "Announcements in the answer, 1 to 10000; 100 where nothing is said"), schema::Read),
    responses(
        (status = 200, body = Announcements), (status = 400, body = Envelope, description = "`items_count_out_of_range`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`: guests"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let count = Query::of(&request).count("item_count", ITEMS, ITEMS_MAX)?;
    let (organisation, ready) = readable(&caller).await?;
    let limit = u32::try_from(count).unwrap_or(u32::MAX);
    let found = answered(view::latest(&caller.node.pool, &ready.generation, organisation.id, limit).await)?;
    let announcements = found.iter().map(|one| ShownAnnouncement::of(one, &organisation)).collect();
    answer::json(&request, &caller.node, &Announcements { announcements }, About::read(ready.position))
}

/// One announcement with all of its comments.
#[utoipa::path(
    get, path = "/v4/announcements/{id}", tag = "announcements", params(("id" = i64, Path, description = "The announcement"), schema::Read),
    responses(
        (status = 200, body = OneAnnouncement), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`: it is not there, or is nothing for a guest"),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = number(&id)?;
    let (organisation, ready) = readable(&caller).await?;
    show(&request, &caller, &organisation, &ready, id, About::read(ready.position)).await
}

/// Announces something.
#[utoipa::path(
    post, path = "/v4/announcements", tag = "announcements", params(schema::Write), request_body = schema::WriteText,
    responses(
        (status = 200, body = OneAnnouncement),
        (status = 400, body = Envelope, description = "`text_missing`, `both_text_and_formatted_text_specified`, `unrecognized_attachment_id`, `too_many_attachments`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn create(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let say = said(&caller, &command, &Object::new(&members)).await?;
    let done = caller.node.create_announcement(command, Command::Create(say)).await?;
    done_with(&request, &caller, done).await
}

/// Changes an announcement: its text, or whether it takes comments. Ours, beside the dialect.
#[utoipa::path(
    put, path = "/v4/announcements/{id}", tag = "announcements", params(("id" = i64, Path, description = "The announcement"), schema::Write),
    request_body = schema::ChangeAnnouncement,
    responses(
        (status = 200, body = OneAnnouncement), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn change(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = number(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let members = Object::new(&members);
    let say = said(&caller, &command, &members).await?;
    let change = Command::Change { say, closed: members.optional_boolean("closed")? };
    let done = caller.node.change_announcement(id, command, change).await?;
    done_with(&request, &caller, done).await
}

/// Deletes an announcement with its comments. Ours, beside the dialect.
#[utoipa::path(
    delete, path = "/v4/announcements/{id}", tag = "announcements", params(("id" = i64, Path, description = "The announcement"), schema::Write),
    responses(
        (status = 200, body = Deleted), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn delete(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = number(&id)?;
    let done = caller.node.change_announcement(id, command(&request, &caller, &body.0)?, Command::Delete).await?;
    caller.wrote(done.position);
    answer::json(&request, &caller.node, &Deleted { deleted: true }, About::done(&done))
}

/// Says something under an announcement.
#[utoipa::path(
    post, path = "/v4/announcements/{id}/comments", tag = "announcements",
    params(("id" = i64, Path, description = "The announcement"), schema::Write), request_body = schema::WriteText,
    responses(
        (status = 200, body = OneAnnouncement),
        (status = 400, body = Envelope, description = "`text_missing`, `too_many_comments`, `unrecognized_attachment_id`, `too_many_attachments`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"),
        (status = 409, body = Envelope, description = "`conflict`: it is closed"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn comment(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = number(&id)?;
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let say = said(&caller, &command, &Object::new(&members)).await?;
    let done = caller.node.change_announcement(id, command, Command::Comment(say)).await?;
    done_with(&request, &caller, done).await
}

/// Corrects one's own comment. Ours, beside the dialect.
#[utoipa::path(
    put, path = "/v4/announcements/{id}/comments/{comment_id}", tag = "announcements",
    params(("id" = i64, Path, description = "The announcement"), ("comment_id" = i64, Path, description = "The comment"), schema::Write),
    request_body = schema::WriteText,
    responses(
        (status = 200, body = OneAnnouncement), (status = 400, body = Envelope, description = "`invalid_input`: it has no such comment"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn edit_comment(
    request: HttpRequest,
    caller: Caller,
    ids: web::Path<(String, String)>,
    body: Body,
) -> Result<HttpResponse, Fault> {
    let (id, comment) = (number(&ids.0)?, number(&ids.1)?);
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let say = said(&caller, &command, &Object::new(&members)).await?;
    let done = caller.node.change_announcement(id, command, Command::EditComment { comment, say }).await?;
    done_with(&request, &caller, done).await
}

/// Takes a comment back. Ours, beside the dialect.
#[utoipa::path(
    delete, path = "/v4/announcements/{id}/comments/{comment_id}", tag = "announcements",
    params(("id" = i64, Path, description = "The announcement"), ("comment_id" = i64, Path, description = "The comment"), schema::Write),
    responses(
        (status = 200, body = OneAnnouncement), (status = 400, body = Envelope, description = "`invalid_input`: it has no such comment"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn delete_comment(
    request: HttpRequest,
    caller: Caller,
    ids: web::Path<(String, String)>,
    body: Body,
) -> Result<HttpResponse, Fault> {
    let (id, comment) = (number(&ids.0)?, number(&ids.1)?);
    let command = command(&request, &caller, &body.0)?;
    let done = caller.node.change_announcement(id, command, Command::DeleteComment { comment }).await?;
    done_with(&request, &caller, done).await
}

/// What is said, with what was found of its files.
async fn said(caller: &Caller, command: &Request, members: &Object<'_>) -> Result<Say, Fault> {
    let mut say = dialect::said(members)?;
    if let Some(wanted) = say.attachments.as_deref().filter(|wanted| !wanted.is_empty()) {
        say.files = found::all(caller, command, wanted).await?;
    }
    Ok(say)
}

/// The organisation's people and the view, for those who may read it.
async fn readable(caller: &Caller) -> Result<(std::sync::Arc<OrganisationDirectory>, Ready), Fault> {
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let (who, at) = (caller.person.id, caller.node.journal.now());
    if !access::reads(&Issued { organisation: organisation.id, who, at, directory: &organisation }) {
        return Err(Fault::domain(Code::AccessDenied));
    }
    Ok((organisation, ready(caller, View::Announcements).await?))
}

async fn done_with<V>(request: &HttpRequest, caller: &Caller, done: Done<V>) -> Result<HttpResponse, Fault> {
    let ready = written(caller, View::Announcements, done.position).await?;
    show(request, caller, &caller.organisation, &ready, done.stream.id, About::done(&done)).await
}

async fn show(
    request: &HttpRequest,
    caller: &Caller,
    organisation: &OrganisationDirectory,
    ready: &Ready,
    id: i64,
    about: About,
) -> Result<HttpResponse, Fault> {
    let found = answered(view::one(&caller.node.pool, &ready.generation, organisation.id, id).await)?;
    let found = found.ok_or_else(|| Fault::domain(Code::AccessDenied))?;
    answer::json(request, &caller.node, &OneAnnouncement { announcement: ShownAnnouncement::of(&found, organisation) }, about)
}

fn number(text: &str) -> Result<i64, Fault> {
    let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    number.ok_or_else(|| Fault::format("announcement id"))
}

impl<'a> ShownAnnouncement<'a> {
    fn of(shown: &'a Shown, people: &'a OrganisationDirectory) -> Self {
        Self {
            id: shown.id,
            text: &shown.text,
            formatted_text: shown.formatted_text.as_deref(),
            create_date: moment(shown.created_at),
            last_modified_date: moment(shown.modified_at),
            author: person(shown.author, people),
            closed: shown.closed,
            attachments: shown.attachments.iter().map(Attached::shown).collect(),
            comments: shown.comments.iter().map(|comment| ShownComment::of(comment, people)).collect(),
        }
    }
}

impl<'a> ShownComment<'a> {
    fn of(comment: &'a Comment, people: &'a OrganisationDirectory) -> Self {
        Self {
            id: comment.id,
            text: &comment.text,
            formatted_text: comment.formatted_text.as_deref(),
            create_date: moment(comment.created_at),
            author: person(comment.author, people),
            attachments: comment.attachments.iter().map(Attached::shown).collect(),
        }
    }
}

fn person(id: PersonId, people: &OrganisationDirectory) -> Option<ShownPerson<'_>> {
    people.person(id).map(|person| ShownPerson::of(person, people))
}
