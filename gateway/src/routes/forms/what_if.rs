//! `POST /forms/{id}/what_if`: past tasks of a form on another definition of it, and what would have been otherwise. How that is
//! worked out is known by `domain` ([`domain::task::form::what_if`]). Ours, beside the dialect. Nothing is changed by it.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Rejection as _;
use domain::directory::OrganisationDirectory;
use domain::form::{Definition, Event, Form};
use domain::task::form::what_if::Difference;
use domain::task::form::{WhatIf, name_of};
use projections::View;
use projections::past;
use projections::views::tasks::Access;
use projections::views::tasks::register::{self, Row};
use serde::Serialize;
use utoipa::ToSchema;

use super::form_id;
use super::read::changeable;
use crate::answer::{self, About};
use crate::dialect::{self, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller};
use crate::routes::lists::read::issued;
use crate::routes::schema;
use crate::view;

#[derive(Serialize, ToSchema)]
#[schema(as = WhatIfAnswer)]
pub struct Answered {
    form_id: i64,
    /// How many tasks were looked at, of those that the asker may see.
    examined: usize,
    /// There are older ones: ask again with `after`, the last one that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_after: Option<i64>,
    /// Those that would have gone another way, in the order in which they were looked at.
    tasks: Vec<Otherwise>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = WhatIfTask)]
pub struct Otherwise {
    task_id: i64,
    text: String,
    differences: Vec<Shown>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = WhatIfDifference)]
pub struct Shown {
    step: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    step_name: Option<String>,
    /// `entered`, `skipped`, `gone`, `asked`, `not_asked`, `returned`, `waits` or `completes`: how it would have been.
    change: &'static str,
    /// The person or role that is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    approver: Option<Approver>,
    /// The condition that decides it, as it is written, and whether it held.
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<bool>,
    /// Required fields that would have been waited for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing_fields: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = WhatIfApprover)]
pub struct Approver {
    id: i64,
    name: String,
}

/// What a definition, or the form's draft, would have made of past tasks. For those who may change the form; only tasks that they
/// may see are looked at.
#[utoipa::path(
    post, path = "/v4/forms/{id}/what_if", tag = "forms", params(("id" = i64, Path, description = "The form"), schema::Read),
    request_body = schema::AskWhatIf,
    responses(
        (status = 200, body = Answered),
        (status = 400, body = Envelope, description = "`invalid_input`: there is no draft, or the definition is none; `items_count_out_of_range`"),
        (status = 401, body = Envelope), (status = 403, body = Envelope, description = "`access_denied_form`"),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn ask(request: HttpRequest, caller: Caller, id: web::Path<String>, body: Body) -> Result<HttpResponse, Fault> {
    let id = form_id(&id)?;
    let asked = dialect::what_if(&Object::new(&body.object_or_nothing()?))?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let issued = issued(&caller, &organisation);
    let form = changeable(&issued, &organisation, id)?;
    let proposed = form
        .proposed(asked.definition.as_ref(), &issued)
        .map_err(|rejection| Fault::domain(rejection.code()).with(rejection.to_string()))?;
    let ready = view::read(&caller, View::Tasks).await?;
    let access = Access::of(&issued).or_all(form.level(&issued).sees_all_tasks());
    let which =
        register::Asked { include_closed: true, tasks: asked.tasks, after: asked.after, limit: asked.limit, ..register::Asked::default() };
    let (pool, of) = (&caller.node.pool, (organisation.id, id));
    let found = view::answered(register::found(pool, &ready.generation, of, &access, &which).await)?;
    let stored = view::answered(register::rows(pool, &ready.generation, of, &found.tasks).await)?;
    let rows = view::answered(stored.into_iter().filter_map(|row| row.read().transpose()).collect::<Result<Vec<Row>, _>>())?;
    let routes = view::answered(past::routes(pool, organisation.id, &found.tasks).await)?;
    let what_if = WhatIf::new(proposed.clone(), versions(&caller, form).await?, &organisation);
    let otherwise = |row: &Row| {
        let differences = routes.get(&row.id).map(|history| what_if.differences(history)).unwrap_or_default();
        let shown = differences.iter().map(|one| Shown::of(one, (form, &proposed), &organisation)).collect::<Vec<_>>();
        (!shown.is_empty()).then(|| Otherwise { task_id: row.id.0, text: row.text.clone(), differences: shown })
    };
    let answer = Answered {
        form_id: id.0,
        examined: rows.len(),
        next_after: found.tasks.last().filter(|_| found.has_more).map(|task| task.0),
        tasks: rows.iter().filter_map(otherwise).collect(),
    };
    answer::json(&request, &caller.node, &answer, About::read(ready.position))
}

/// What was published of the form, the first version first.
async fn versions(caller: &Caller, form: &Form) -> Result<Vec<Arc<Definition>>, Fault> {
    let (mut versions, mut draft) = (Vec::new(), None);
    for (_, event) in caller.history_of::<Form>(form.id.into()).await? {
        match event {
            Event::Created(created) => versions.push(Arc::new(created.definition)),
            Event::Drafted(drafted) => draft = Some(Arc::new(*drafted)),
            Event::Published => versions.extend(draft.take()),
            Event::Changed(_)
            | Event::Permitted { .. }
            | Event::Closed
            | Event::Reopened
            | Event::PrintSaved(_)
            | Event::PrintRemoved { .. } => {}
        }
    }
    Ok(versions)
}

impl Shown {
    fn of(difference: &Difference, (form, proposed): (&Form, &Form), people: &OrganisationDirectory) -> Self {
        let step = proposed.published.step(difference.step).or_else(|| form.published.step(difference.step));
        let field = |id| proposed.published.find(id).map(|placed| placed.field.name.clone());
        Self {
            step: difference.step,
            step_name: step.map(|step| step.name.clone()),
            change: difference.change.word(),
            approver: difference.approver.map(|id| Approver { id: id.0, name: name_of(id, people) }),
            condition: difference.condition.as_ref().map(|condition| condition.source.clone()),
            holds: difference.condition.as_ref().map(|condition| condition.holds),
            missing_fields: difference.missing.iter().filter_map(|id| field(*id)).collect(),
        }
    }
}
