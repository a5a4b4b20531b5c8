//! An inbox's events as JSON: registered names and shapes. Not what they mean.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Settings;
use super::event::{Event, Followed};
use crate::codec::{DecodeError, Encoded, EventSet, decode, encode};
use crate::id::{Position, TaskId};

const FOLLOWED: &str = "inbox.followed";
const UNFOLLOWED: &str = "inbox.unfollowed";
const SNOOZED: &str = "inbox.snoozed";
const UNSNOOZED: &str = "inbox.unsnoozed";
const REMINDER_SET: &str = "inbox.reminder_set";
const REMINDER_CANCELLED: &str = "inbox.reminder_cancelled";
const REMINDED: &str = "inbox.reminded";
const READ: &str = "inbox.read";
const UNREAD: &str = "inbox.unread";
const FOUND: &str = "inbox.found";
const SETTINGS_SET: &str = "inbox.settings_set";

#[derive(Serialize, Deserialize)]
struct Snoozed {
    task: TaskId,
    until: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Unsnoozed {
    task: TaskId,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_time: bool,
}

#[derive(Serialize, Deserialize)]
struct Reminder {
    task: TaskId,
    at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct OfTask {
    task: TaskId,
}

#[derive(Serialize, Deserialize)]
struct Read {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    task: Option<TaskId>,
    upto: Position,
}

#[derive(Serialize, Deserialize)]
struct Unread {
    task: TaskId,
    position: Position,
}

impl EventSet for Event {
    const TYPES: &'static [&'static str] =
        &[FOLLOWED, UNFOLLOWED, SNOOZED, UNSNOOZED, REMINDER_SET, REMINDER_CANCELLED, REMINDED, READ, UNREAD, FOUND, SETTINGS_SET];

    fn encode(&self) -> Encoded {
        match self {
            Self::Followed(followed) => encode(FOLLOWED, followed),
            Self::Unfollowed(followed) => encode(UNFOLLOWED, followed),
            Self::Snoozed { task, until } => encode(SNOOZED, &Snoozed { task: *task, until: *until }),
            Self::Unsnoozed { task, by_time } => encode(UNSNOOZED, &Unsnoozed { task: *task, by_time: *by_time }),
            Self::ReminderSet { task, at } => encode(REMINDER_SET, &Reminder { task: *task, at: *at }),
            Self::ReminderCancelled { task } => encode(REMINDER_CANCELLED, &OfTask { task: *task }),
            Self::Reminded { task, at } => encode(REMINDED, &Reminder { task: *task, at: *at }),
            Self::Read { task, upto } => encode(READ, &Read { task: *task, upto: *upto }),
            Self::Unread { task, position } => encode(UNREAD, &Unread { task: *task, position: *position }),
            Self::Found(found) => encode(FOUND, found),
            Self::SettingsSet(settings) => encode(SETTINGS_SET, &**settings),
        }
    }

    fn decode(event_type: &str, schema: i16, payload: &str) -> Result<Self, DecodeError> {
        let reminder = || decode::<Reminder>(event_type, schema, payload);
        match event_type {
            FOLLOWED => decode::<Followed>(event_type, schema, payload).map(Self::Followed),
            UNFOLLOWED => decode::<Followed>(event_type, schema, payload).map(Self::Unfollowed),
            SNOOZED => decode(event_type, schema, payload).map(|Snoozed { task, until }| Self::Snoozed { task, until }),
            UNSNOOZED => decode(event_type, schema, payload).map(|Unsnoozed { task, by_time }| Self::Unsnoozed { task, by_time }),
            REMINDER_SET => reminder().map(|Reminder { task, at }| Self::ReminderSet { task, at }),
            REMINDER_CANCELLED => decode(event_type, schema, payload).map(|OfTask { task }| Self::ReminderCancelled { task }),
            REMINDED => reminder().map(|Reminder { task, at }| Self::Reminded { task, at }),
            READ => decode(event_type, schema, payload).map(|Read { task, upto }| Self::Read { task, upto }),
            UNREAD => decode(event_type, schema, payload).map(|Unread { task, position }| Self::Unread { task, position }),
            FOUND => decode(event_type, schema, payload).map(Self::Found),
            SETTINGS_SET => decode::<Settings>(event_type, schema, payload).map(|settings| Self::SettingsSet(Box::new(settings))),
            unknown => Err(DecodeError::UnknownType(unknown.to_owned())),
        }
    }
}
