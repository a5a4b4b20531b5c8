//! `GET /tasks/{id}/related`: what a task is a part of, its subtasks, and the tasks whose fields link to it. Ours, beside the dialect.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::directory::OrganisationDirectory;
use projections::View;
use projections::views::tasks::Access;
use projections::views::tasks::related::{self, Near};
use serde::Serialize;
use utoipa::ToSchema;

use super::task_id;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::headers::TaskHeader;
use crate::routes::lists::read::issued;
use crate::routes::schema;
use crate::view;

/// The tasks around one, as far as the asker sees them.
#[derive(Serialize, ToSchema)]
#[schema(as = RelatedTasks)]
pub struct Related<'a> {
    /// Where it is a subtask.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<RelatedTask<'a>>,
    /// In the order in which they were made.
    subtasks: Vec<RelatedTask<'a>>,
    linked_from: Vec<RelatedTask<'a>>,
    /// There are more than 1000 in all.
    has_more: bool,
}

#[derive(Serialize, ToSchema)]
pub struct RelatedTask<'a> {
    #[serde(flatten)]
    header: TaskHeader<'a>,
    is_closed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    form_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_step: Option<u8>,
}

impl<'a> RelatedTask<'a> {
    fn of(near: &'a Near, directory: &'a OrganisationDirectory) -> Self {
        Self {
            header: TaskHeader::of((&near.listed).into(), directory),
            is_closed: near.listed.header.closed_at.is_some(),
            form_id: near.form.map(|form| form.0),
            current_step: near.step,
        }
    }
}

/// What a task is a part of, its subtasks, and the tasks whose fields link to it. Of those that the asker may not see nothing is told.
#[utoipa::path(
    get, path = "/v4/tasks/{id}/related", tag = "tasks", params(("id" = i32, Path, description = "The task"), schema::Read),
    responses(
        (status = 200, body = Related), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_task`"), (status = 412, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn related(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = task_id(&id)?;
    caller.node.sees_task(&caller, id).await?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let ready = view::read(&caller, View::Tasks).await?;
    let access = Access::of(&issued(&caller, &organisation));
    let found = related::related(&caller.node.pool, &ready.generation, (organisation.id, id), &access).await;
    let found = view::answered(found)?;
    let related = Related {
        parent: found.parent.as_ref().map(|near| RelatedTask::of(near, &organisation)),
        subtasks: found.subtasks.iter().map(|near| RelatedTask::of(near, &organisation)).collect(),
        linked_from: found.linked_from.iter().map(|near| RelatedTask::of(near, &organisation)).collect(),
        has_more: found.has_more,
    };
    answer::json(&request, &caller.node, &related, About::read(ready.position))
}
