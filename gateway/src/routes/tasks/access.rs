//! `GET /tasks/{id}/access`: who sees a task, and why; also as it was at an earlier position.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::directory::OrganisationDirectory;
use domain::task::past::Past;
use domain::task::sight::{Reason, Sight};
use domain::{Issued, PersonId};
use serde::Serialize;
use utoipa::ToSchema;

use super::task_id;
use crate::answer::{self, About};
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::past::AsOf;
use crate::routes::people::ShownPerson;
use crate::routes::schema;

#[derive(Serialize, ToSchema)]
#[schema(as = TaskAccess)]
pub struct Access<'a> {
    task_id: i64,
    /// Where the log was.
    position: i64,
    persons: Vec<Sees<'a>>,
}

#[derive(Serialize, ToSchema)]
pub struct Sees<'a> {
    person: ShownPerson<'a>,
    #[schema(value_type = Vec<ShownSight>)]
    reasons: Vec<Reason>,
}

/// Why somebody sees a task ([`Reason`], described).
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never made")]
pub struct ShownSight {
    why: ShownWhy,
    /// The role that stands there, where it is not the person.
    role_id: Option<i64>,
    /// Who stands there and is away, where the person stands in for them.
    deputy_of: Option<i64>,
    /// The list that it lies in, where the asker sees it.
    list_id: Option<i64>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ShownWhy {
    Author,
    Responsible,
    WasResponsible,
    Participant,
    Subscriber,
    /// Asked at a step of its form's route, reached or not.
    Approver,
    /// Sees all tasks of its form.
    Form,
    /// A list that it lies in.
    List,
    /// The right to see all tasks.
    AllTasks,
}

/// Who sees a task, and why; for whoever sees it. A list is named to those who see it, and to a guest only who is in the task.
#[utoipa::path(
    get, path = "/v4/tasks/{id}/access", tag = "tasks",
    params(("id" = i32, Path, description = "The task"), schema::AsOf, schema::Read),
    responses(
        (status = 200, body = Access), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied_task`"), (status = 412, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn access(request: HttpRequest, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let id = task_id(&id)?;
    let as_of = match caller.as_of(&request).await? {
        Some(as_of) => as_of,
        None => {
            let (directory, position) = caller.directory().await?;
            // The task may be newer than the directory, and is read as far as the log goes.
            AsOf {
                position: position.max(caller.node.head().position),
                at: caller.node.journal.now(),
                organisation: caller.organisation_in(&directory)?,
            }
        }
    };
    let Past { then, .. } = caller.task_as_of(id, &as_of).await?;
    let directory = &as_of.organisation;
    let issued = Issued { organisation: caller.organisation.id, who: PersonId::SYSTEM, at: as_of.at, directory };
    let (today, _) = caller.directory().await?;
    let today = caller.organisation_in(&today)?;
    let seen = then.seen_by(&issued).into_iter().filter_map(|sight| sight.shown_to(&caller.person, &caller.issued(&today)));
    let seen: Vec<Sight> = seen.collect();
    let persons = seen.iter().filter_map(|sight| Sees::of(sight, directory)).collect();
    answer::json(&request, &caller.node, &Access { task_id: id.0, position: as_of.position, persons }, About::read(as_of.position))
}

impl<'a> Sees<'a> {
    fn of(sight: &Sight, directory: &'a OrganisationDirectory) -> Option<Self> {
        Some(Self { person: ShownPerson::of(directory.person(sight.person)?, directory), reasons: sight.reasons.clone() })
    }
}
