//! What entries say, as JSON. Who is told is decided by the hub.

use domain::directory::OrganisationDirectory;
use domain::{PersonId, Position, TaskId};
use projections::views::notifications::Stand;
use projections::views::tasks::touched::Touched;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entry::{Entry, Name, Place};
use super::moments::Moment;
use crate::routes::headers::TaskHeader;
use crate::routes::moment;
use crate::routes::schema::NotificationReason;

/// Something happened to a task: what, and what lists show of it since.
#[derive(Serialize, ToSchema)]
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
    task: LiveTask<'a>,
}

/// A task as lists show it, with what tells in which of them it is.
#[derive(Serialize, ToSchema)]
pub struct LiveTask<'a> {
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

/// A task that is not shown to the asker any more.
#[derive(Serialize, ToSchema)]
pub struct ToldGone {
    task_id: i64,
    position: i64,
}

/// Something happened to an announcement.
#[derive(Serialize, ToSchema)]
pub struct ToldAnnouncement<'a> {
    announcement_id: i64,
    position: i64,
    /// Names of what happened, such as `announcement.commented`.
    events: &'a [String],
    by: i64,
}

/// The first entry of a stream.
#[derive(Serialize, ToSchema)]
pub struct ToldHello {
    /// What the stream is called in `/v4/live/viewing` and its like.
    stream: Uuid,
    /// Where it begins, as in `Nashi-Position`.
    position: String,
    /// It goes on where the asker had been.
    resumed: bool,
}

/// What is open is to be asked for again.
#[derive(Serialize, ToSchema)]
pub struct ToldReset<'a> {
    /// As in `Nashi-Position`.
    position: String,
    reason: &'a str,
}

/// How much is in the asker's inbox.
#[derive(Serialize, ToSchema)]
pub struct ToldInbox {
    count: u32,
    /// There are more than were counted.
    has_more: bool,
    position: i64,
}

/// How much of what the asker was told is unread.
#[derive(Serialize, ToSchema)]
pub struct ToldNotified {
    unread_count: i64,
    #[schema(required = true)]
    newest: Option<NewestNotification>,
    position: i64,
}

#[derive(Serialize, ToSchema)]
pub struct NewestNotification {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement_id: Option<i64>,
    #[schema(value_type = Vec<NotificationReason>)]
    reasons: Vec<&'static str>,
}

/// What the asker may see has changed: what is open is to be asked for again.
#[derive(Serialize, ToSchema)]
pub struct ToldAccess {
    position: i64,
}

/// The server closes the stream.
#[derive(Serialize, ToSchema)]
pub struct ToldEnd<'a> {
    reason: &'a str,
}

/// Who looks at a task that the asker looks at.
#[derive(Serialize, ToSchema)]
pub struct ToldPresence {
    task_id: i64,
    people: Vec<Present>,
}

#[derive(Serialize, ToSchema)]
pub struct Present {
    id: i64,
    writing: bool,
}

/// Which tasks meet a subscription: at first `members`, then those that `entered` and that `left`, and at last why it `ended`.
#[derive(Default, Serialize, ToSchema)]
pub struct ToldQuery<'a> {
    /// As the subscription is called.
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<i64>>)]
    members: Option<&'a [TaskId]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_more: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<i64>>)]
    entered: Option<&'a [TaskId]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<i64>>)]
    left: Option<&'a [TaskId]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<&'a str>,
}

impl<'a> ToldQuery<'a> {
    fn of(id: &'a str) -> Self {
        Self { id, ..Self::default() }
    }
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
    Entry::new(Name::Gone, Some(Place { incarnation, position }), &ToldGone { task_id: task.0, position })
}

pub fn announcement(place: Place, id: i64, events: &[String], by: PersonId) -> Entry {
    let told = ToldAnnouncement { announcement_id: id, position: place.position, events, by: by.0 };
    Entry::new(Name::Announcement, Some(place), &told)
}

/// `place`: where the stream begins; it is the entry's own only where nothing is told of before.
pub fn hello(stream: Uuid, place: Place, resumed: bool) -> Entry {
    Entry::new(Name::Hello, (!resumed).then_some(place), &ToldHello { stream, position: place.to_string(), resumed })
}

pub fn reset(place: Place, reason: &'static str) -> Entry {
    Entry::new(Name::Reset, Some(place), &ToldReset { position: place.to_string(), reason })
}

pub fn inbox((count, has_more): (u32, bool), position: Position) -> Entry {
    Entry::new(Name::Inbox, None, &ToldInbox { count, has_more, position })
}

pub fn notified(stand: &Stand, position: Position) -> Entry {
    let newest = stand.newest.map(|newest| NewestNotification {
        id: newest.position,
        task_id: newest.about.task().map(|task| task.0),
        announcement_id: newest.about.announcement(),
        reasons: newest.reasons.iter().map(|reason| reason.as_str()).collect(),
    });
    Entry::new(Name::Notified, None, &ToldNotified { unread_count: stand.unread, newest, position })
}

pub fn access(position: Position) -> Entry {
    Entry::new(Name::Access, None, &ToldAccess { position })
}

pub fn end(reason: &str) -> Entry {
    Entry::new(Name::End, None, &ToldEnd { reason })
}

/// `people`: each, and whether they are writing.
pub fn presence(task: TaskId, people: &[(PersonId, bool)]) -> Entry {
    let people = people.iter().map(|(person, writing)| Present { id: person.0, writing: *writing }).collect();
    Entry::new(Name::Presence, None, &ToldPresence { task_id: task.0, people })
}

/// What meets a query at first; where there is more, not all of it.
pub fn query_members(name: &str, position: Position, members: &[TaskId], has_more: bool) -> Entry {
    let (position, members, has_more) = (Some(position), Some(members), Some(has_more));
    Entry::new(Name::Query, None, &ToldQuery { position, members, has_more, ..ToldQuery::of(name) })
}

pub fn query_changed(name: &str, position: Position, entered: &[TaskId], left: &[TaskId]) -> Entry {
    let (position, entered, left) = (Some(position), Some(entered), Some(left));
    Entry::new(Name::Query, None, &ToldQuery { position, entered, left, ..ToldQuery::of(name) })
}

/// The subscription has ended, and why.
pub fn query_ended(name: &str, code: &str) -> Entry {
    Entry::new(Name::Query, None, &ToldQuery { ended: Some(code), ..ToldQuery::of(name) })
}
