//! `GET /notifications`: a page of them. Of tasks that the asker does not see any more nothing is shown but that there was something.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::header::HeaderValue;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use domain::announcement::access::reads;
use domain::directory::OrganisationDirectory;
use domain::{Position, TaskId};
use projections::View;
use projections::views::notifications::{self as view, Cursor, LIMIT_MAX, Order, Told};
use serde::Serialize;
use utoipa::ToSchema;

use super::words;
use crate::answer::{self, About};
use crate::edge;
use crate::error::{Envelope, Fault, Language};
use crate::extract::Caller;
use crate::routes::follows::Follow;
use crate::routes::people::ShownPerson;
use crate::routes::query::Query;
use crate::routes::tasks::links::subjects;
use crate::routes::{moment, schema};
use crate::view::{answered, read as ready};

const ITEMS: usize = 50;

#[derive(Serialize, ToSchema)]
pub struct Notifications<'a> {
    notifications: Vec<Notification<'a>>,
    /// How many are unread, counted up to 1000.
    unread_count: i64,
    has_more: bool,
    /// For the next page: what `cursor` is to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Notification<'a> {
    /// Its number among the asker's.
    id: i64,
    cause: Cause,
    /// What the task is called; absent where the asker does not see it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    /// How what was said begins, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    /// Who did it; absent where time did.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<ShownPerson<'a>>,
    create_date: String,
    unread: bool,
    /// The strongest reason for which it came, in words of the asker's language.
    why: String,
    /// Every reason, the strongest first.
    reasons: Vec<ShownReason>,
}

/// What it links to.
#[derive(Serialize, ToSchema)]
pub struct Cause {
    /// Absent where it is an announcement.
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement_id: Option<i64>,
    /// The first fact's position in the log, which is the comment's id.
    position: i64,
    /// Of a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment_id: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct ShownReason {
    #[schema(value_type = schema::NotificationReason)]
    reason: &'static str,
    /// The role of the asker's that it was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<i64>,
    /// For whom the asker stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    deputy_of: Option<i64>,
    /// What of the asker's follows it came by.
    #[serde(skip_serializing_if = "Option::is_none")]
    follows: Option<Follow>,
    why: String,
}

/// What the asker is told of, newest first.
#[utoipa::path(
    get, path = "/v4/notifications", tag = "inbox",
    params(
        ("item_count" = Option<u32>, Query, description = "Notifications in the answer, 1 to 200; 50 where nothing is said"),
        ("unread" = Option<String>, Query, description = "`first`: the unread ones before the others; `only`: them alone"),
        ("cursor" = Option<String>, Query, description = "Where the page begins: `cursor` of the one before"),
        schema::Read,
    ),
    responses(
        (status = 200, body = Notifications),
        (status = 400, body = Envelope, description = "`items_count_out_of_range`, `invalid_value_format`"), (status = 401, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn list(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Fault> {
    let query = Query::of(&request);
    let count = query.count("item_count", ITEMS, usize::try_from(LIMIT_MAX).unwrap_or(usize::MAX))?;
    let order = match query.text("unread").as_deref() {
        None => Order::NewestFirst,
        Some("first") => Order::UnreadFirst,
        Some("only") => Order::UnreadAlone,
        Some(_) => return Err(Fault::format("unread")),
    };
    let from = match query.text("cursor") {
        Some(text) => read_cursor(&text).ok_or_else(|| Fault::format("cursor"))?,
        None => Cursor::START,
    };
    let (directory, _) = caller.directory().await?;
    let organisation = caller.organisation_in(&directory)?;
    let ready = ready(&caller, View::Notifications).await?;
    let limit = u32::try_from(count).unwrap_or(LIMIT_MAX);
    let pool = &caller.node.pool;
    let page = answered(view::page(pool, &ready.generation, organisation.id, caller.person.id, order, from, limit).await)?;
    let tasks: BTreeSet<TaskId> = page.told.iter().filter_map(|told| told.about.task()).collect();
    let seen = if tasks.is_empty() { BTreeMap::new() } else { subjects(&caller, tasks).await? };
    let reads = reads(&caller.issued(&organisation));
    let language = request.extensions().get::<Language>().copied().unwrap_or_default();
    let shown = Notifications {
        notifications: page.told.iter().map(|told| Notification::of(told, &seen, (&organisation, reads), language)).collect(),
        unread_count: page.unread,
        has_more: page.next.is_some(),
        cursor: page.next.map(write_cursor),
    };
    let mut response = answer::json(&request, &caller.node, &shown, About::read(ready.position))?;
    if page.parked {
        response.headers_mut().insert(edge::INCOMPLETE.clone(), HeaderValue::from_static("notifications"));
    }
    Ok(response)
}

impl<'a> Notification<'a> {
    fn of(
        told: &'a Told,
        seen: &'a BTreeMap<TaskId, String>,
        (organisation, reads): (&'a OrganisationDirectory, bool),
        language: Language,
    ) -> Self {
        let subject = told.about.task().and_then(|task| seen.get(&task));
        let shown = subject.is_some() || (reads && told.about.announcement().is_some());
        let mut why: Vec<_> = told.why.iter().collect();
        why.sort_unstable();
        let reasons: Vec<ShownReason> = why
            .into_iter()
            .map(|why| ShownReason {
                reason: why.reason.as_str(),
                role_id: why.role.map(|role| role.0),
                deputy_of: why.absent.map(|absent| absent.0),
                follows: why.followed.map(Follow::of),
                why: words::why(why, language, organisation),
            })
            .collect();
        Self {
            id: told.position,
            cause: Cause {
                task_id: told.about.task().map(|task| task.0),
                announcement_id: told.about.announcement(),
                position: told.cause,
                comment_id: told.about.task().map(|_| told.cause),
            },
            subject: subject.map(String::as_str),
            text: told.text.as_deref().filter(|_| shown),
            author: organisation.person(told.by).filter(|_| shown).map(|person| ShownPerson::of(person, organisation)),
            create_date: moment(told.at),
            unread: told.unread,
            why: reasons.first().map(|reason| reason.why.clone()).unwrap_or_default(),
            reasons,
        }
    }
}

fn write_cursor(cursor: Cursor) -> String {
    format!("{}{}", if cursor.read { "r" } else { "" }, cursor.before)
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (read, digits) = text.strip_prefix('r').map_or((false, text), |digits| (true, digits));
    let before: Position = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
    Some(Cursor { read, before })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for cursor in [Cursor { read: false, before: 7 }, Cursor { read: true, before: Position::MAX }] {
            assert_eq!(read_cursor(&write_cursor(cursor)), Some(cursor));
        }
        for wrong in ["", "r", "-1", "x7", "rr7", "99999999999999999999"] {
            assert_eq!(read_cursor(wrong), None, "{wrong}");
        }
    }
}
