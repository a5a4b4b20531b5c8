//! What stands above a task's comments (`Task`, pyrus.md §1.3): kept in parts, rendered when asked.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::comment::{due_fields, schedule_fields};
use super::face::{Face, Faces};
use super::form::FormHead;
use super::seconds::Seconds;
use crate::file::Attached;
use crate::file::attached::Shown as File;
use crate::id::{FormId, ListId, PersonId, Position, TaskId};
use crate::recorded::Header;
use crate::task::command::{Due, Schedule};
use crate::task::event::{CommentEdited, Created, Event, Text};
use crate::task::form::Fact;
use crate::task::state::Subscription;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Head {
    id: i64,
    text: String,
    formatted_text: Option<String>,
    subject: Option<String>,
    /// Of its creation.
    attachments: Vec<Attached>,
    create_date: Seconds,
    last_modified_date: Seconds,
    last_modified: Timestamp,
    close_date: Option<Seconds>,
    author: Option<Face>,
    responsible: Option<Face>,
    #[serde(with = "crate::snapshot::as_json")]
    due: Option<Due>,
    #[serde(with = "crate::snapshot::as_json")]
    schedule: Option<Schedule>,
    parent: Option<TaskId>,
    participants: Vec<Face>,
    subscribers: Vec<(Face, Subscription)>,
    lists: Vec<ListId>,
    /// The comment that is the creation.
    pub first_note: Position,
    last_note: Position,
    closed: bool,
    /// Of a task of a form.
    form: Option<Box<FormHead>>,
}

/// Empty fields are left out, never `null` or `[]`: a client fails on these.
#[derive(Serialize)]
struct Shown<'a> {
    id: i64,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    formatted_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<File>,
    create_date: Seconds,
    last_modified_date: Seconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    close_date: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a Face>,
    #[serde(skip_serializing_if = "Option::is_none")]
    responsible: Option<&'a Face>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_datetime_utc: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_task_id: Option<TaskId>,
    #[serde(skip_serializing_if = "<[Face]>::is_empty")]
    participants: &'a [Face],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subscribers: Vec<Subscriber<'a>>,
    #[serde(skip_serializing_if = "<[ListId]>::is_empty")]
    list_ids: &'a [ListId],
    last_note_id: Position,
    is_closed: bool,
}

#[derive(Serialize)]
struct Subscriber<'a> {
    person: &'a Face,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval_choice: Option<&'static str>,
}

impl Head {
    /// `{"task":{…` up to and with the bracket that opens the comments.
    pub fn rendered(&self) -> Bytes {
        let (due_date, due, duration) = self.due.map(due_fields).unwrap_or_default();
        let (scheduled_date, scheduled_datetime_utc) = self.schedule.map(schedule_fields).unwrap_or_default();
        let shown = Shown {
            id: self.id,
            text: &self.text,
            formatted_text: self.formatted_text.as_deref(),
            subject: self.subject.as_deref(),
            attachments: self.attachments.iter().map(Attached::shown).collect(),
            create_date: self.create_date,
            last_modified_date: self.last_modified_date,
            close_date: self.close_date,
            author: self.author.as_ref(),
            responsible: self.responsible.as_ref(),
            due_date,
            due,
            duration,
            scheduled_date,
            scheduled_datetime_utc,
            parent_task_id: self.parent,
            participants: &self.participants,
            subscribers: self.subscribers.iter().map(subscriber).collect(),
            list_ids: &self.lists,
            last_note_id: self.last_note,
            is_closed: self.closed,
        };
        let mut json = super::BEGIN.as_bytes().to_vec();
        serde_json::to_writer(&mut json, &shown).expect("plain data is JSON, and memory takes it");
        // The object goes on.
        json.pop();
        if let Some(form) = &self.form {
            json.extend_from_slice(form.rendered(self.last_modified).as_bytes());
        }
        json.extend_from_slice(b",\"comments\":[");
        // Without room that nobody will use: it is kept as long as it is the newest answer.
        Bytes::from(json.into_boxed_slice())
    }

    /// Takes a fact of the comment `note` in.
    pub fn take(&mut self, event: &Event, header: &Header, note: Position, faces: &mut Faces<'_>) {
        self.last_modified_date = header.at.into();
        self.last_modified = header.at;
        self.last_note = note;
        match event {
            Event::Created(created) => self.created(created, header, note, faces),
            Event::Renamed { subject } => self.subject = Some(subject.clone()).filter(|subject| !subject.is_empty()),
            Event::ParticipantsAdded { persons } => self.participants.extend(faces.faces(persons)),
            Event::ParticipantsRemoved { persons } => self.participants.retain(|face| !persons.contains(&face.id)),
            Event::Reassigned { to } => self.responsible = Some(faces.face(*to)),
            Event::SubscribersAdded { persons, mentioned } => {
                let subscription = if *mentioned { Subscription::Following } else { Subscription::Asked };
                self.subscribe(persons, subscription, faces);
            }
            Event::SubscribersRemoved { persons } => self.subscribers.retain(|(face, _)| !persons.contains(&face.id)),
            Event::SubscribersRerequested { persons } => self.subscribe(persons, Subscription::Asked, faces),
            Event::Acknowledged => self.subscribe(&[header.person], Subscription::Acknowledged, faces),
            Event::AcknowledgedFor { role } => self.subscribe(&[*role], Subscription::Acknowledged, faces),
            Event::DueSet { due } => self.due = Some(*due),
            Event::DueCancelled => self.due = None,
            Event::Scheduled(scheduled) => self.schedule = Some(scheduled.schedule),
            Event::ScheduleCancelled => self.schedule = None,
            Event::AddedToLists { lists } => self.lists.extend(lists),
            Event::RemovedFromLists { lists } => self.lists.retain(|list| !lists.contains(list)),
            Event::Closed => self.close(true, header, faces),
            Event::Reopened { auto: _ } => self.close(false, header, faces),
            Event::Form(fact) => self.filled(fact, header, faces),
            Event::CommentEdited(edited) if edited.comment == self.first_note => self.edited(edited),
            Event::TimeSpent { .. }
            | Event::Commented(_)
            | Event::CommentEdited(_)
            | Event::CommentDeleted { .. }
            | Event::Flagged(_)
            | Event::AsRoles { .. }
            | Event::TimerFired { .. }
            | Event::PutAway
            | Event::Deleted => {}
        }
    }

    fn created(&mut self, created: &Created, header: &Header, note: Position, faces: &mut Faces<'_>) {
        self.id = header.stream.id;
        self.first_note = note;
        self.create_date = header.at.into();
        let author = created.author.unwrap_or(header.person);
        self.author = Some(faces.face(author));
        self.say(&created.text);
        self.attachments.clone_from(&created.attachments);
        self.subject.clone_from(&created.subject);
        self.responsible = created.responsible.map(|person| faces.face(person));
        self.participants = faces.faces(&created.participants);
        self.subscribe(&created.subscribers, Subscription::Asked, faces);
        self.parent = created.parent;
        self.due = created.due;
        self.schedule = created.schedule.map(|scheduled| scheduled.schedule);
        let template = created.template.unwrap_or_default();
        self.form = created.form.map(|form| Box::new(FormHead::begun(form, template, author, header, faces)));
    }

    fn edited(&mut self, edited: &CommentEdited) {
        if self.form.is_none() {
            self.say(&edited.text);
        }
        if let Some(attachments) = &edited.attachments {
            self.attachments.clone_from(attachments);
        }
    }

    fn say(&mut self, text: &Text) {
        self.text.clone_from(&text.text);
        self.formatted_text.clone_from(&text.formatted_text);
    }

    /// The form that the task is of.
    pub fn form_id(&self) -> Option<FormId> {
        self.form.as_ref().map(|form| form.form_id())
    }

    fn close(&mut self, closed: bool, header: &Header, faces: &mut Faces<'_>) {
        self.closed = closed;
        self.close_date = closed.then(|| header.at.into());
        if let Some(form) = &mut self.form {
            form.close(closed, header.at, faces);
        }
    }

    fn filled(&mut self, fact: &Fact, header: &Header, faces: &mut Faces<'_>) {
        let Some(form) = &mut self.form else { return };
        form.take(fact, header, faces);
        form.title().clone_into(&mut self.text);
        self.formatted_text = None;
    }

    fn subscribe(&mut self, persons: &[PersonId], subscription: Subscription, faces: &mut Faces<'_>) {
        for person in persons {
            match self.subscribers.iter_mut().find(|(face, _)| face.id == *person) {
                Some((_, known)) => *known = subscription,
                None => self.subscribers.push((faces.face(*person), subscription)),
            }
        }
    }

    pub fn renew(&mut self, faces: &mut Faces<'_>) {
        faces.renew(&mut self.author);
        faces.renew(&mut self.responsible);
        faces.renew(&mut self.participants);
        faces.renew(self.subscribers.iter_mut().map(|(face, _)| face));
        if let Some(form) = &mut self.form {
            form.renew(faces);
        }
    }

    pub fn weight(&self) -> usize {
        let faces = self.author.iter().chain(&self.responsible).chain(&self.participants);
        let subscribers = self.subscribers.iter().map(|(face, _)| face);
        let texts = [Some(&self.text), self.formatted_text.as_ref(), self.subject.as_ref()];
        size_of::<Self>()
            + self.form.as_ref().map_or(0, |form| form.weight())
            + self.attachments.iter().map(Attached::weight).sum::<usize>()
            + self.lists.len() * size_of::<ListId>()
            + faces.chain(subscribers).map(Face::weight).sum::<usize>()
            + texts.into_iter().flatten().map(String::len).sum::<usize>()
    }
}

fn subscriber((person, subscription): &(Face, Subscription)) -> Subscriber<'_> {
    let approval_choice = match subscription {
        Subscription::Following => None,
        Subscription::Asked => Some("waiting"),
        Subscription::Acknowledged => Some("acknowledged"),
    };
    Subscriber { person, approval_choice }
}
