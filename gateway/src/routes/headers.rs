//! A task as pages of tasks show it (`TaskHeader`, pyrus.md §1.3), whichever view it comes from. The whole task is rendered in
//! `domain`.

use domain::directory::OrganisationDirectory;
use domain::task::command::Due;
use domain::{PersonId, TaskId};
use jiff::Timestamp;
use projections::views::{inbox, tasks};
use serde::Serialize;
use utoipa::ToSchema;

use super::moment;
use super::people::ShownPerson;

/// A task as lists show it; empty members are left out.
#[derive(Serialize, ToSchema)]
pub struct TaskHeader<'a> {
    id: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    formatted_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    create_date: String,
    last_modified_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    close_date: Option<String>,
    author: ShownPerson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    responsible: Option<ShownPerson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u32>,
}

/// What a view knows of a task.
pub struct Known<'a> {
    id: TaskId,
    text: &'a str,
    formatted_text: Option<&'a str>,
    subject: Option<&'a str>,
    created_at: Timestamp,
    modified_at: Timestamp,
    closed_at: Option<Timestamp>,
    author: PersonId,
    responsible: Option<PersonId>,
    due: Option<Due>,
}

impl<'a> From<&'a inbox::Header> for Known<'a> {
    fn from(header: &'a inbox::Header) -> Self {
        Self {
            id: header.id,
            text: &header.text,
            formatted_text: header.formatted_text.as_deref(),
            subject: header.subject.as_deref(),
            created_at: header.created_at,
            modified_at: header.modified_at,
            closed_at: header.closed_at,
            author: header.author,
            responsible: header.responsible,
            due: header.due,
        }
    }
}

impl<'a> From<&'a tasks::Listed> for Known<'a> {
    fn from(task: &'a tasks::Listed) -> Self {
        let header = &task.header;
        Self {
            id: task.id,
            text: &task.text,
            formatted_text: task.formatted_text.as_deref(),
            subject: header.subject.as_deref(),
            created_at: header.created_at,
            modified_at: header.modified_at,
            closed_at: header.closed_at,
            author: header.author,
            responsible: header.responsible,
            due: header.due,
        }
    }
}

impl<'a> TaskHeader<'a> {
    pub fn of(known: Known<'a>, people: &'a OrganisationDirectory) -> Self {
        let role = |id: PersonId| people.role(id).map(|role| ShownPerson::of_role(role));
        let person = |id: PersonId| people.person(id).map(|person| ShownPerson::of(person, people)).or_else(|| role(id));
        let (due_date, due, duration) = match known.due {
            Some(Due::Date(day)) => (Some(day.to_string()), None, None),
            Some(Due::Moment { at, duration }) => (None, Some(moment(at)), duration),
            None => (None, None, None),
        };
        Self {
            id: known.id.0,
            text: known.text,
            formatted_text: known.formatted_text,
            subject: known.subject,
            create_date: moment(known.created_at),
            last_modified_date: moment(known.modified_at),
            close_date: known.closed_at.map(moment),
            author: person(known.author).unwrap_or_else(|| ShownPerson::without_profile(known.author)),
            responsible: known.responsible.and_then(person),
            due_date,
            due,
            duration,
        }
    }
}
