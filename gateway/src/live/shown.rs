//! What entries say, as JSON. Who is told is decided by the hub.

use domain::directory::OrganisationDirectory;
use domain::{PersonId, Position, TaskId};
use projections::views::notifications::Stand;
use projections::views::tasks::touched::Touched;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::entry::{Entry, Name, Place};
use super::moments::Moment;
use crate::routes::headers::TaskHeader;
use crate::routes::moment;

/// Something happened to a task: what, and what lists show of it since.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ToldTask<'a> {
    task_id: i64,
    /// Positions of the first and the last event.
    first_position: i64,
    position: i64,
    /// Names of what happened, such as `task.commented`.
    events: &'a [String],
    /// Who did it; 1 is the system.
    by: i64,
    at: String,
    #[schema(value_type = Object)]
    task: LiveTask<'a>,
}

/// A task as lists show it, with what tells in which of them it is.
#[derive(Serialize)]
struct LiveTask<'a> {
    #[serde(flatten)]
    header: TaskHeader<'a>,
    is_closed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    form_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_step: Option<u8>,
    #[serde(skip_serializing_if = "<[i64]>::is_empty")]
    list_ids: &'a [i64],
}

pub fn task(incarnation: i64, moment: &Moment, touched: &Touched, lists: &[i64], directory: &OrganisationDirectory) -> Entry {
    let told = ToldTask {
        task_id: moment.task.0,
        first_position: moment.first,
        position: moment.last,
        events: &moment.events,
        by: moment.by.0,
        at: self::moment(moment.at),
        task: LiveTask {
            header: TaskHeader::of((&touched.listed).into(), directory),
            is_closed: touched.listed.header.closed_at.is_some(),
            form_id: touched.form.map(|form| form.0),
            current_step: touched.step.filter(|step| *step > 0),
            list_ids: lists,
        },
    };
    Entry::new(Name::Task, Some(Place { incarnation, position: moment.last }), &told)
}

pub fn gone(incarnation: i64, task: TaskId, position: Position) -> Entry {
    Entry::new(Name::Gone, Some(Place { incarnation, position }), &json!({ "task_id": task.0, "position": position }))
}

pub fn announcement(place: Place, id: i64, events: &[String], by: PersonId) -> Entry {
    let told = json!({ "announcement_id": id, "position": place.position, "events": events, "by": by.0 });
    Entry::new(Name::Announcement, Some(place), &told)
}

/// `place`: where the stream begins; it is the entry's own only where nothing is told of before.
pub fn hello(stream: Uuid, place: Place, resumed: bool) -> Entry {
    let told = json!({ "stream": stream, "position": place.to_string(), "resumed": resumed });
    Entry::new(Name::Hello, (!resumed).then_some(place), &told)
}

pub fn reset(place: Place, reason: &'static str) -> Entry {
    Entry::new(Name::Reset, Some(place), &json!({ "position": place.to_string(), "reason": reason }))
}

pub fn inbox(count: (u32, bool), position: Position) -> Entry {
    Entry::new(Name::Inbox, None, &json!({ "count": count.0, "has_more": count.1, "position": position }))
}

pub fn notified(stand: &Stand, position: Position) -> Entry {
    let newest = stand.newest.map(|newest| {
        json!({ "id": newest.position, "task_id": newest.task.0, "reasons": newest.reasons.iter().map(|reason| reason.as_str()).collect::<Vec<_>>() })
    });
    Entry::new(Name::Notified, None, &json!({ "unread_count": stand.unread, "newest": newest, "position": position }))
}

pub fn access(position: Position) -> Entry {
    Entry::new(Name::Access, None, &json!({ "position": position }))
}

pub fn end(reason: &str) -> Entry {
    Entry::new(Name::End, None, &json!({ "reason": reason }))
}

/// `people`: each, and whether they are writing.
pub fn presence(task: TaskId, people: &[(PersonId, bool)]) -> Entry {
    let people: Vec<_> = people.iter().map(|(person, writing)| json!({ "id": person.0, "writing": writing })).collect();
    Entry::new(Name::Presence, None, &json!({ "task_id": task.0, "people": people }))
}

/// What meets a query at first; where there is more, not all of it.
pub fn query_members(name: &str, position: Position, members: &[TaskId], has_more: bool) -> Entry {
    Entry::new(Name::Query, None, &json!({ "id": name, "position": position, "members": members, "has_more": has_more }))
}

pub fn query_changed(name: &str, position: Position, entered: &[TaskId], left: &[TaskId]) -> Entry {
    Entry::new(Name::Query, None, &json!({ "id": name, "position": position, "entered": entered, "left": left }))
}

/// The subscription has ended, and why.
pub fn query_ended(name: &str, code: &str) -> Entry {
    Entry::new(Name::Query, None, &json!({ "id": name, "ended": code }))
}
