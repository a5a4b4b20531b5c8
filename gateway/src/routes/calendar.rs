//! `GET /calendar`: what is due, or comes back, in a time. Which tasks, the view knows; each is then shown by itself.

use actix_web::{HttpRequest, HttpResponse};
use actors::hosted::task::Part;
use bytes::Bytes;
use domain::task::Answer;
use domain::{Code, TaskId};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use projections::View;
use projections::views::tasks::{self, Access, Calendar};

use super::lists::read::issued;
use super::query::Query;
use super::schema;
use crate::answer::{self, About};
use crate::codes::Own;
use crate::dialect::Object;
use crate::edge;
use crate::error::{Envelope, Fault};
use crate::extract::Caller;
use crate::routes::tasks::links;
use crate::view;

const ITEMS: i64 = 50;
const ITEMS_MAX: i64 = 100;

/// Bits of `filter_mask`. 4 is the due time of a step, which no task has yet.
const DUE: i64 = 1;
const DUE_DATE: i64 = 2;
const DUE_FOR_STEP: i64 = 4;
const REMINDED: i64 = 8;
const DEFAULT_MASK: i64 = 7;

/// Tasks that are asked at once.
const ASKED_AT_ONCE: usize = 16;

/// The open tasks that are due in a time, each with its newest comment alone.
#[utoipa::path(
    get, path = "/v4/calendar", tag = "tasks",
    params(
        ("start_date_utc" = String, Query, description = "`YYYY-MM-DDThh:mm:ssZ`, also without seconds"),
        ("end_date_utc" = String, Query, description = "Likewise; what is due at this moment belongs to the time"),
        ("item_count" = Option<u32>, Query, description = "Tasks in the answer, 1 to 100; 50 where nothing is said"),
        ("all_accessed_tasks" = Option<bool>, Query, description = "All that the asker may see; else what they are responsible for or asked to acknowledge"),
        ("filter_mask" = Option<u32>, Query, description = "Bits: 1 due at a moment, 2 due on a day, 4 due for the current step, 8 scheduled; 7 where nothing is said"),
        ("include_meetings" = Option<bool>, Query, description = "Taken, and without effect where there are no meetings"),
        schema::Read,
    ),
    responses(
        (status = 200, body = schema::CalendarTasks),
        (status = 400, body = Envelope, description = "`required_parameter_missing`, `items_count_out_of_range`, `invalid_value_format`"),
        (status = 401, body = Envelope), (status = 412, body = Envelope, description = "`log_replaced`"), (status = 429, body = Envelope),
        (status = 503, body = Envelope),
    ),
)]
pub async fn read(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let members = Query::of(&request).members();
    let asked = asked(&Object::new(&members), &caller)?;
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let ready = view::read(&caller, View::Tasks).await?;
    let access = Access::of(&issued(&caller, &organisation));
    let page = tasks::calendar(&caller.node.pool, &ready.generation, organisation.id, &asked, &access).await;
    let page = view::answered(page)?;
    let shown: Vec<Option<Answer>> =
        stream::iter(page.tasks).map(|task| shown(&caller, task)).buffered(ASKED_AT_ONCE).try_collect().await?;
    let shown = links::named(&caller, shown.into_iter().flatten().collect()).await?;
    let body = joined(shown.into_iter(), page.has_more);
    let mut response = answer::chunks(&request, &caller.node, body, About::read(ready.position));
    if page.parked {
        response.headers_mut().insert(edge::INCOMPLETE.clone(), actix_web::http::header::HeaderValue::from_static("tasks"));
    }
    Ok(response)
}

fn asked(query: &Object<'_>, caller: &Caller) -> Result<Calendar, Fault> {
    let moment = |name: &'static str| -> Result<Timestamp, Fault> {
        query.moment(name)?.ok_or_else(|| Fault::domain(Code::RequiredParameterMissing).with(name))
    };
    query.boolean("include_meetings")?;
    let mask = query.integer("filter_mask")?.unwrap_or(DEFAULT_MASK);
    let limit = query.integer("item_count")?.unwrap_or(ITEMS);
    let limit = u32::try_from(limit).ok().filter(|_| (1..=ITEMS_MAX).contains(&limit));
    let settings = &caller.organisation.organisation.settings;
    let zone = caller.person.profile.time_zone.as_deref().unwrap_or(&settings.time_zone);
    Ok(Calendar {
        from: moment("start_date_utc")?,
        to: moment("end_date_utc")?,
        zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
        due_at: mask & DUE != 0,
        due_date: mask & DUE_DATE != 0,
        scheduled: mask & REMINDED != 0,
        step_due: mask & DUE_FOR_STEP != 0,
        only: (!query.boolean("all_accessed_tasks")?).then_some(caller.person.id),
        limit: limit.ok_or_else(|| Fault::own(Own::ItemsCountOutOfRange).with(format!("item_count must be 1 to {ITEMS_MAX}")))?,
    })
}

/// The task, unless it may not be seen any more: what changed since the view was read decides.
async fn shown(caller: &Caller, task: TaskId) -> Result<Option<Answer>, Fault> {
    match caller.node.show_part_of_task(caller, task, Part::Newest).await {
        Ok((answer, _)) => Ok(Some(answer)),
        Err(fault) if fault.code() == Some(Code::AccessDeniedTask.as_str()) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// One answer out of several tasks' own, without copying them.
fn joined(tasks: impl Iterator<Item = Answer>, has_more: bool) -> Answer {
    let mut chunks = vec![Bytes::from(format!("{{\"has_more\":{has_more}"))];
    let mut is_first = true;
    for task in tasks {
        chunks.push(Bytes::from_static(if is_first { b",\"tasks\":[" } else { b"," }));
        chunks.extend(task.unwrapped());
        is_first = false;
    }
    chunks.push(Bytes::from_static(if is_first { b"}" } else { b"]}" }));
    Answer { chunks, ..Answer::default() }
}
