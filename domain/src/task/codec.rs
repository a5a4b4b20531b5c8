//! A task's events as JSON: registered names and shapes. Not what they mean.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::command::Due;
use super::event::{Commented, Event, Text};
use super::form;
use super::timer::Timer;
use crate::codec::{DecodeError, Encoded, EventSet, Nothing, decode, encode};
use crate::file::Attached;
use crate::id::{ListId, PersonId, Position};

const CREATED: &str = "task.created";
const RENAMED: &str = "task.renamed";
const PARTICIPANTS_ADDED: &str = "task.participants_added";
const PARTICIPANTS_REMOVED: &str = "task.participants_removed";
const REASSIGNED: &str = "task.reassigned";
const SUBSCRIBERS_ADDED: &str = "task.subscribers_added";
const SUBSCRIBERS_REMOVED: &str = "task.subscribers_removed";
const SUBSCRIBERS_REREQUESTED: &str = "task.subscribers_rerequested";
const ACKNOWLEDGED: &str = "task.acknowledged";
const ACKNOWLEDGED_FOR: &str = "task.acknowledged_for";
const DUE_SET: &str = "task.due_set";
const DUE_CANCELLED: &str = "task.due_cancelled";
const SCHEDULED: &str = "task.scheduled";
const SCHEDULE_CANCELLED: &str = "task.schedule_cancelled";
const TIME_SPENT: &str = "task.time_spent";
const ADDED_TO_LISTS: &str = "task.added_to_lists";
const REMOVED_FROM_LISTS: &str = "task.removed_from_lists";
const CLOSED: &str = "task.closed";
const REOPENED: &str = "task.reopened";
const COMMENTED: &str = "task.commented";
const COMMENT_EDITED: &str = "task.comment_edited";
const COMMENT_DELETED: &str = "task.comment_deleted";
const FLAGGED: &str = "task.flagged";
const COMMENTED_AS_ROLES: &str = "task.commented_as_roles";
const TIMER_FIRED: &str = "task.timer_fired";
const PUT_AWAY: &str = "task.put_away";
const DELETED: &str = "task.deleted";

/// Those that can change which timers stand.
pub(super) const OF_TIMERS: [&str; 12] = [
    CREATED,
    DUE_SET,
    DUE_CANCELLED,
    SCHEDULED,
    SCHEDULE_CANCELLED,
    CLOSED,
    REOPENED,
    TIMER_FIRED,
    DELETED,
    form::OF_STEPS[0],
    form::OF_STEPS[1],
    form::OF_STEPS[2],
];

/// `task.commented`, without the way round through a map that `flatten` would take: this is the event there are most of.
#[derive(Serialize, Deserialize)]
struct Said<'a> {
    text: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    formatted_text: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "<[PersonId]>::is_empty")]
    mentions: Cow<'a, [PersonId]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to: Option<Position>,
    #[serde(default, skip_serializing_if = "<[Attached]>::is_empty")]
    attachments: Cow<'a, [Attached]>,
}

impl<'a> Said<'a> {
    fn of(commented: &'a Commented) -> Self {
        let Commented { text: Text { text, formatted_text, mentions, reply_to }, attachments } = commented;
        Self {
            text: Cow::Borrowed(text),
            formatted_text: formatted_text.as_deref().map(Cow::Borrowed),
            mentions: Cow::Borrowed(mentions),
            reply_to: *reply_to,
            attachments: Cow::Borrowed(attachments),
        }
    }

    fn into_commented(self) -> Commented {
        let Self { text, formatted_text, mentions, reply_to, attachments } = self;
        let formatted_text = formatted_text.map(Cow::into_owned);
        let text = Text { text: text.into_owned(), formatted_text, mentions: mentions.into_owned(), reply_to };
        Commented { text, attachments: attachments.into_owned() }
    }
}

#[derive(Serialize, Deserialize)]
struct Renamed<'a> {
    subject: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
struct Persons<'a> {
    persons: Cow<'a, [PersonId]>,
}

#[derive(Serialize, Deserialize)]
struct Lists<'a> {
    lists: Cow<'a, [ListId]>,
}

#[derive(Serialize, Deserialize)]
struct SubscribersAdded<'a> {
    persons: Cow<'a, [PersonId]>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    mentioned: bool,
}

#[derive(Serialize, Deserialize)]
struct Reassigned {
    to: PersonId,
}

#[derive(Serialize, Deserialize)]
struct AcknowledgedFor {
    role: PersonId,
}

#[derive(Serialize, Deserialize)]
struct Roles<'a> {
    roles: Cow<'a, [PersonId]>,
}

#[derive(Serialize, Deserialize)]
struct DueSet {
    due: Due,
}

#[derive(Serialize, Deserialize)]
struct TimeSpent {
    minutes: u32,
}

#[derive(Serialize, Deserialize)]
struct Reopened {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    auto: bool,
}

#[derive(Serialize, Deserialize)]
struct TimerFired {
    timer: Timer,
}

#[derive(Serialize, Deserialize)]
struct CommentDeleted {
    comment: Position,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] = &[
        CREATED,
        RENAMED,
        PARTICIPANTS_ADDED,
        PARTICIPANTS_REMOVED,
        REASSIGNED,
        SUBSCRIBERS_ADDED,
        SUBSCRIBERS_REMOVED,
        SUBSCRIBERS_REREQUESTED,
        ACKNOWLEDGED,
        ACKNOWLEDGED_FOR,
        DUE_SET,
        DUE_CANCELLED,
        SCHEDULED,
        SCHEDULE_CANCELLED,
        TIME_SPENT,
        ADDED_TO_LISTS,
        REMOVED_FROM_LISTS,
        CLOSED,
        REOPENED,
        COMMENTED,
        COMMENT_EDITED,
        COMMENT_DELETED,
        FLAGGED,
        COMMENTED_AS_ROLES,
        TIMER_FIRED,
        PUT_AWAY,
        DELETED,
        form::TYPES[0],
        form::TYPES[1],
        form::TYPES[2],
        form::TYPES[3],
        form::TYPES[4],
        form::TYPES[5],
        form::TYPES[6],
        form::TYPES[7],
        form::TYPES[8],
        form::TYPES[9],
        form::TYPES[10],
        form::TYPES[11],
        form::TYPES[12],
        form::TYPES[13],
        form::TYPES[14],
        form::TYPES[15],
        form::TYPES[16],
        form::TYPES[17],
        form::TYPES[18],
    ];

    fn encode(&self) -> Encoded {
        let persons = |event_type, persons| encode(event_type, &Persons { persons: Cow::Borrowed(persons) });
        match self {
            Self::Created(created) => encode(CREATED, created),
            Self::Renamed { subject } => encode(RENAMED, &Renamed { subject: Cow::Borrowed(subject) }),
            Self::ParticipantsAdded { persons: added } => persons(PARTICIPANTS_ADDED, added),
            Self::ParticipantsRemoved { persons: removed } => persons(PARTICIPANTS_REMOVED, removed),
            Self::Reassigned { to } => encode(REASSIGNED, &Reassigned { to: *to }),
            Self::SubscribersAdded { persons, mentioned } => {
                encode(SUBSCRIBERS_ADDED, &SubscribersAdded { persons: Cow::Borrowed(persons), mentioned: *mentioned })
            }
            Self::SubscribersRemoved { persons: removed } => persons(SUBSCRIBERS_REMOVED, removed),
            Self::SubscribersRerequested { persons: asked } => persons(SUBSCRIBERS_REREQUESTED, asked),
            Self::Acknowledged => encode(ACKNOWLEDGED, &Nothing {}),
            Self::AcknowledgedFor { role } => encode(ACKNOWLEDGED_FOR, &AcknowledgedFor { role: *role }),
            Self::DueSet { due } => encode(DUE_SET, &DueSet { due: *due }),
            Self::DueCancelled => encode(DUE_CANCELLED, &Nothing {}),
            Self::Scheduled(scheduled) => encode(SCHEDULED, scheduled),
            Self::ScheduleCancelled => encode(SCHEDULE_CANCELLED, &Nothing {}),
            Self::TimeSpent { minutes } => encode(TIME_SPENT, &TimeSpent { minutes: *minutes }),
            Self::AddedToLists { lists } => encode(ADDED_TO_LISTS, &Lists { lists: Cow::Borrowed(lists) }),
            Self::RemovedFromLists { lists } => encode(REMOVED_FROM_LISTS, &Lists { lists: Cow::Borrowed(lists) }),
            Self::Closed => encode(CLOSED, &Nothing {}),
            Self::Reopened { auto } => encode(REOPENED, &Reopened { auto: *auto }),
            Self::Commented(commented) => encode(COMMENTED, &Said::of(commented)),
            Self::CommentEdited(edited) => encode(COMMENT_EDITED, edited),
            Self::CommentDeleted { comment } => encode(COMMENT_DELETED, &CommentDeleted { comment: *comment }),
            Self::Flagged(flags) => encode(FLAGGED, flags),
            Self::AsRoles { roles } => encode(COMMENTED_AS_ROLES, &Roles { roles: Cow::Borrowed(roles) }),
            Self::Form(fact) => form::encode(fact),
            Self::TimerFired { timer } => encode(TIMER_FIRED, &TimerFired { timer: *timer }),
            Self::PutAway => encode(PUT_AWAY, &Nothing {}),
            Self::Deleted => encode(DELETED, &Nothing {}),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        let nothing = |event| decode::<Nothing>(event_type, schema, payload).map(|Nothing {}| event);
        let persons = || decode::<Persons<'_>>(event_type, schema, payload).map(|content| content.persons.into_owned());
        let lists = || decode::<Lists<'_>>(event_type, schema, payload).map(|content| content.lists.into_owned());
        match event_type {
            CREATED => decode(event_type, schema, payload).map(Self::Created),
            RENAMED => {
                decode(event_type, schema, payload).map(|content: Renamed<'_>| Self::Renamed { subject: content.subject.into_owned() })
            }
            PARTICIPANTS_ADDED => persons().map(|persons| Self::ParticipantsAdded { persons }),
            PARTICIPANTS_REMOVED => persons().map(|persons| Self::ParticipantsRemoved { persons }),
            REASSIGNED => decode(event_type, schema, payload).map(|Reassigned { to }| Self::Reassigned { to }),
            SUBSCRIBERS_ADDED => decode(event_type, schema, payload).map(|content: SubscribersAdded<'_>| Self::SubscribersAdded {
                persons: content.persons.into_owned(),
                mentioned: content.mentioned,
            }),
            SUBSCRIBERS_REMOVED => persons().map(|persons| Self::SubscribersRemoved { persons }),
            SUBSCRIBERS_REREQUESTED => persons().map(|persons| Self::SubscribersRerequested { persons }),
            ACKNOWLEDGED => nothing(Self::Acknowledged),
            ACKNOWLEDGED_FOR => decode(event_type, schema, payload).map(|AcknowledgedFor { role }| Self::AcknowledgedFor { role }),
            DUE_SET => decode(event_type, schema, payload).map(|DueSet { due }| Self::DueSet { due }),
            DUE_CANCELLED => nothing(Self::DueCancelled),
            SCHEDULED => decode(event_type, schema, payload).map(Self::Scheduled),
            SCHEDULE_CANCELLED => nothing(Self::ScheduleCancelled),
            TIME_SPENT => decode(event_type, schema, payload).map(|TimeSpent { minutes }| Self::TimeSpent { minutes }),
            ADDED_TO_LISTS => lists().map(|lists| Self::AddedToLists { lists }),
            REMOVED_FROM_LISTS => lists().map(|lists| Self::RemovedFromLists { lists }),
            CLOSED => nothing(Self::Closed),
            REOPENED => decode(event_type, schema, payload).map(|Reopened { auto }| Self::Reopened { auto }),
            COMMENTED => decode(event_type, schema, payload).map(|said: Said<'_>| Self::Commented(Box::new(said.into_commented()))),
            COMMENT_EDITED => decode(event_type, schema, payload).map(Self::CommentEdited),
            COMMENT_DELETED => decode(event_type, schema, payload).map(|CommentDeleted { comment }| Self::CommentDeleted { comment }),
            FLAGGED => decode(event_type, schema, payload).map(Self::Flagged),
            COMMENTED_AS_ROLES => {
                decode(event_type, schema, payload).map(|content: Roles<'_>| Self::AsRoles { roles: content.roles.into_owned() })
            }
            TIMER_FIRED => decode(event_type, schema, payload).map(|TimerFired { timer }| Self::TimerFired { timer }),
            PUT_AWAY => nothing(Self::PutAway),
            DELETED => nothing(Self::Deleted),
            unknown => match form::decode(unknown, schema, payload) {
                Some(fact) => fact.map(|fact| Self::Form(Box::new(fact))),
                None => Err(DecodeError::UnknownType(unknown.to_owned())),
            },
        }
    }
}
