//! `/follows`: what the asker follows. Ours, beside the dialect.

use actix_web::{HttpRequest, HttpResponse};
use domain::directory::OrganisationDirectory;
use domain::inbox::{Followed, Inbox, What};
use serde::Serialize;
use utoipa::ToSchema;

use super::inbox::seen;
use super::schema;
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command};

#[derive(Serialize, ToSchema)]
pub struct Follows {
    follows: Vec<Follow>,
}

/// One of these.
#[derive(Default, Serialize, ToSchema)]
pub struct Follow {
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_id: Option<i64>,
}

/// What the asker follows.
#[utoipa::path(
    get, path = "/v4/follows", tag = "inbox", params(schema::Read),
    responses((status = 200, body = Follows), (status = 401, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope)),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let (inbox, position) = caller.node.show_inbox(&caller).await?;
    answer::json(&request, &caller.node, &Follows::of(&inbox), About::read(position))
}

/// Follows something that the asker sees.
#[utoipa::path(
    post, path = "/v4/follows", tag = "inbox", params(schema::Write), request_body = Follow,
    responses(
        (status = 200, body = Follows),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `invalid_input`: more than one thing, `limit_exceeded`: more than 1000"),
        (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_task`, `access_denied_project`, `access_denied_form`, `access_denied_filter`"),
        (status = 422, body = Envelope), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn follow(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let followed = dialect::followed(&Object::new(&members))?;
    match followed {
        Followed::Task(task) => seen(&caller, task).await?,
        // Decided by the inbox itself.
        Followed::List(_) | Followed::Form(_) | Followed::Filter(_) => {}
    }
    let done = caller.node.change_inbox(command, What::Follow(followed)).await?;
    caller.wrote(done.position);
    answer::json(&request, &caller.node, &Follows::of(&done.view), About::done(&done))
}

/// Follows something no longer.
#[utoipa::path(
    delete, path = "/v4/follows", tag = "inbox", params(schema::Write), request_body = Follow,
    responses(
        (status = 200, body = Follows), (status = 400, body = Envelope), (status = 401, body = Envelope), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn unfollow(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let members = body.object()?;
    let followed = dialect::followed(&Object::new(&members))?;
    let done = caller.node.change_inbox(command, What::Unfollow(followed)).await?;
    caller.wrote(done.position);
    answer::json(&request, &caller.node, &Follows::of(&done.view), About::done(&done))
}

impl Follows {
    fn of(inbox: &Inbox) -> Self {
        Self { follows: inbox.follows.iter().map(|followed| Follow::of(*followed)).collect() }
    }
}

impl Follow {
    pub fn of(followed: Followed) -> Self {
        let mut follow = Self::default();
        match followed {
            Followed::Task(id) => follow.task_id = Some(id.0),
            Followed::List(id) => follow.list_id = Some(id.0),
            Followed::Form(id) => follow.form_id = Some(id.0),
            Followed::Filter(id) => follow.filter_id = Some(id.0),
        }
        follow
    }
}

/// What the followed thing is called, where the directory holds it.
pub fn name_of(followed: Followed, organisation: &OrganisationDirectory) -> Option<&str> {
    match followed {
        Followed::List(id) => organisation.list(id).map(|list| list.settings.name.as_str()),
        Followed::Form(id) => organisation.form(id).map(|form| form.settings.name.as_str()),
        Followed::Filter(id) => organisation.filter(id).filter(|filter| !filter.deleted).map(|filter| filter.settings.name.as_str()),
        Followed::Task(_) => None,
    }
}
