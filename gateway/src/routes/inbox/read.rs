//! `GET /inbox`: what needs the asker's action. What is in it is decided by the view.

use actix_web::{HttpRequest, HttpResponse};
use domain::directory::OrganisationDirectory;
use domain::{OrganisationId, Position, TaskId};
use projections::View;
use projections::views::inbox::rule::Reasons;
use projections::views::tasks::Access;
use projections::views::tasks::touched::touched;
use projections::views::{inbox, notifications};
use serde::Serialize;
use utoipa::ToSchema;

use super::groups::{Group, groups};
use crate::answer::{self, About};
use crate::edge;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::extract::caller::WAIT_MAX;
use crate::routes::headers::TaskHeader;
use crate::routes::moment;
use crate::routes::query::Query;
use crate::routes::schema;
use crate::view;

const ITEMS: usize = 50;

#[derive(Serialize, ToSchema)]
pub struct Inbox<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<TaskHeader<'a>>,
    has_more: bool,
    /// Where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    task_groups: Option<Vec<Group<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    marks: Option<Marks>,
}

/// What there is to say of the asker's own matters with these tasks, where that is asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = InboxMarks)]
pub struct Marks {
    /// Of the tasks in the answer.
    unread_task_ids: Vec<i64>,
    /// Of everything that they were told, up to 1000.
    unread_count: i64,
    /// Those that a reminder brought back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reminded_task_ids: Vec<i64>,
    /// Those that are put off, where these are asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    snoozed: Vec<Snoozed>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SnoozedTask)]
pub struct Snoozed {
    task_id: i64,
    until: String,
}

/// The asker's inbox, newest change first, with the tasks of those who are away and whom they stand in for.
#[utoipa::path(
    get, path = "/v4/inbox", tag = "tasks",
    params(
        ("item_count" = Option<u32>, Query, description = "Tasks in the answer, 1 to 1000; 50 where nothing is said"),
        ("group_item_count" = Option<u32>, Query, description = "With `task_groups`: tasks in each group, likewise. A group is what stands at one step of one form, so tasks without a form are in none; all of them are in `tasks` as well"),
        ("snoozed" = Option<bool>, Query, description = "What the asker has put off, in place of what is there. Ours, beside the dialect"),
        ("marks" = Option<bool>, Query, description = "With `marks`: of which of these tasks something is unread, of which the asker was reminded, until when they are put off. Ours, beside the dialect"),
        schema::Read,
    ),
    responses(
        (status = 200, body = Inbox),
        (status = 400, body = Envelope, description = "`items_count_out_of_range`, `invalid_value_format`"), (status = 401, body = Envelope),
        (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let most = usize::try_from(inbox::page::LIMIT_MAX).unwrap_or(usize::MAX);
    let query = Query::of(&request);
    let count = query.count("item_count", ITEMS, most)?;
    let in_group = query.count("group_item_count", ITEMS, most)?;
    let grouped = query.text("group_item_count").is_some();
    let node = &caller.node;
    let after = caller.after().await?;
    let (directory, _) = node.world.at_least(after).await?;
    let organisation = caller.organisation_in(&directory)?;
    // Read before the page: the page shows this much at least.
    let position = position(&caller);
    let generation = node.projections.caught_up(View::Inbox, after, WAIT_MAX).await.map_err(|behind| {
        tracing::warn!(%behind, "a view was waited for in vain");
        Fault::unavailable("the inbox is behind")
    })?;
    let limit = u32::try_from(if grouped { most } else { count }).unwrap_or(inbox::page::LIMIT_MAX);
    let (who, now) = (caller.person.id, node.journal.now());
    // What they may see (`domain/src/task/access.rs`): of those whom they stand in for not what is theirs by a role.
    let principals: Vec<domain::PersonId> = organisation.principals(who).chain(organisation.deputised_by(who, now)).collect();
    let page = if query.boolean("snoozed")?.unwrap_or_default() {
        inbox::snoozed(&node.pool, &generation, caller.organisation.id, &principals, limit, now).await
    } else {
        inbox::page(&node.pool, &generation, caller.organisation.id, &principals, limit, now).await
    };
    let mut page = page.map_err(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "the inbox could not be read");
        Fault::unavailable("the inbox cannot be read just now")
    })?;
    hide_lost(&caller, &organisation, &mut page).await?;
    let tasks = page.tasks.iter().take(count).map(|header| TaskHeader::of(header.into(), &organisation)).collect();
    let has_more = page.has_more || page.tasks.len() > count;
    let task_groups = grouped.then(|| groups(&page.tasks, in_group, &organisation));
    let about = About::read(position.max(after));
    let marks = if query.boolean("marks")?.unwrap_or_default() { Some(marks(&caller, &page).await?) } else { None };
    let mut response = answer::json(&request, node, &Inbox { tasks, has_more, task_groups, marks }, about)?;
    if page.parked {
        response.headers_mut().insert(edge::INCOMPLETE.clone(), actix_web::http::header::HeaderValue::from_static("inbox"));
    }
    Ok(response)
}

/// Leaves out what the asker only wanted to be reminded of, and has lost since. Whoever has another reason for a task may see it.
async fn hide_lost(caller: &Caller, organisation: &OrganisationDirectory, page: &mut inbox::Page) -> Result<(), Fault> {
    let only_reminded = page.tasks.iter().filter(|task| task.reasons == Reasons::REMINDED).map(|task| (caller.organisation.id, task.id));
    let only_reminded: Vec<(OrganisationId, TaskId)> = only_reminded.collect();
    if only_reminded.is_empty() {
        return Ok(());
    }
    let ready = view::read(caller, View::Tasks).await?;
    let known = view::answered(touched(&caller.node.pool, &ready.generation, &only_reminded).await)?;
    let access = Access::of(&caller.issued(organisation));
    let seen = |task: &TaskId| known.get(task).is_some_and(|known| !known.deleted && access.sees(&known.grants));
    page.tasks.retain(|task| task.reasons != Reasons::REMINDED || seen(&task.id));
    Ok(())
}

async fn marks(caller: &Caller, page: &inbox::Page) -> Result<Marks, Fault> {
    let ready = view::read(caller, View::Notifications).await?;
    let (pool, organisation, person) = (&caller.node.pool, caller.organisation.id, caller.person.id);
    let tasks: Vec<TaskId> = page.tasks.iter().map(|task| task.id).collect();
    let unread = view::answered(notifications::unread_tasks(pool, &ready.generation, organisation, person, &tasks).await)?;
    let unread_count = view::answered(notifications::unread(pool, &ready.generation, organisation, person).await)?;
    let reminded = page.tasks.iter().filter(|task| task.reasons.has(Reasons::REMINDED)).map(|task| task.id.0);
    let snoozed = page.tasks.iter().filter_map(|task| Some(Snoozed { task_id: task.id.0, until: moment(task.snoozed_until?) }));
    Ok(Marks {
        unread_task_ids: unread.into_iter().map(|task| task.0).collect(),
        unread_count,
        reminded_task_ids: reminded.collect(),
        snoozed: snoozed.collect(),
    })
}

fn position(caller: &Caller) -> Position {
    let views = caller.node.projections.progress();
    views.iter().find(|progress| progress.generation.view == View::Inbox.name()).map_or(0, |progress| progress.position)
}
