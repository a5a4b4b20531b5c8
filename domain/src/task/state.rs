//! What decisions about a task need to remember, and the fold that keeps it. Not what is shown
//! (that is [`super::document`]).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::command::Due;
use super::event::{Created, Event};
use super::form::Filling;
use super::timer::Fired;
use crate::file::Attached;
use crate::id::{CommandId, FileId, ListId, OrganisationId, PersonId, Position, TaskId, Version};
use crate::recorded::Header;

/// The state of a task. Version 0, the default, is a task that does not exist yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub organisation: OrganisationId,
    pub exists: bool,
    pub deleted: bool,
    pub author: PersonId,
    pub responsible: Option<PersonId>,
    pub participants: BTreeSet<PersonId>,
    pub subscribers: BTreeMap<PersonId, Subscription>,
    /// Everybody who was ever responsible: they keep their access.
    pub ever_responsible: BTreeSet<PersonId>,
    pub lists: BTreeSet<ListId>,
    pub parent: Option<TaskId>,
    pub subject: Option<String>,
    #[serde(with = "crate::snapshot::as_json")]
    pub due: Option<Due>,
    /// Out of the inbox until then.
    pub scheduled_until: Option<Timestamp>,
    pub closed: bool,
    /// Its timers that have fired.
    pub fired: Fired,
    /// Of a task of a form.
    pub form: Option<Box<Filling>>,
    /// Everything that was done to the task and is shown, oldest first; the first is its creation.
    pub comments: Vec<Comment>,
    /// Every file that was ever put into it.
    pub files: BTreeSet<FileId>,
    /// The command of the newest comment: its further facts belong to the same comment.
    pub(super) newest: Option<CommandId>,
}

/// How somebody subscribes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subscription {
    /// Called by name, asked nothing.
    Following,
    /// Asked to acknowledge.
    Asked,
    Acknowledged,
}

/// What decisions need to know of one comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The position of its first event: its id. 0 until the log has given it.
    pub id: Position,
    /// The version of its first event.
    pub version: Version,
    pub author: PersonId,
    /// Or files.
    pub has_text: bool,
    pub has_files: bool,
    pub deleted: bool,
}

/// Whether the event is part of a comment; the others change the task unseen.
pub(super) fn is_shown(event: &Event) -> bool {
    match event {
        Event::TimerFired { .. } | Event::PutAway | Event::Deleted => false,
        Event::Created(_)
        | Event::Renamed { .. }
        | Event::ParticipantsAdded { .. }
        | Event::ParticipantsRemoved { .. }
        | Event::Reassigned { .. }
        | Event::SubscribersAdded { .. }
        | Event::SubscribersRemoved { .. }
        | Event::SubscribersRerequested { .. }
        | Event::Acknowledged
        | Event::AcknowledgedFor { .. }
        | Event::DueSet { .. }
        | Event::DueCancelled
        | Event::Scheduled(_)
        | Event::ScheduleCancelled
        | Event::TimeSpent { .. }
        | Event::AddedToLists { .. }
        | Event::RemovedFromLists { .. }
        | Event::Closed
        | Event::Reopened { .. }
        | Event::Commented(_)
        | Event::CommentEdited(_)
        | Event::CommentDeleted { .. }
        | Event::Flagged(_)
        | Event::AsRoles { .. }
        | Event::Form(_) => true,
    }
}

impl Task {
    /// The comment of this id, if the task has it.
    pub fn comment(&self, id: Position) -> Option<&Comment> {
        // Ids rise; only the newest comments may still wait for theirs.
        let settled = self.comments.partition_point(|comment| comment.id != 0 && comment.id <= id);
        self.comments[..settled].last().filter(|comment| comment.id == id)
    }

    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        if is_shown(event) && self.newest != Some(header.command) {
            self.newest = Some(header.command);
            let (id, version, author) = (header.position, header.version, header.person);
            self.comments.push(Comment { id, version, author, has_text: false, has_files: false, deleted: false });
        }
        self.fired.take(event);
        match event {
            Event::Created(created) => self.created(created, header),
            Event::Renamed { subject } => self.subject = Some(subject.clone()).filter(|subject| !subject.is_empty()),
            Event::ParticipantsAdded { persons } => self.participants.extend(persons),
            Event::ParticipantsRemoved { persons } => {
                for person in persons {
                    self.participants.remove(person);
                }
            }
            Event::Reassigned { to } => self.make_responsible(*to),
            Event::SubscribersAdded { persons, mentioned } => {
                let subscription = if *mentioned { Subscription::Following } else { Subscription::Asked };
                self.subscribers.extend(persons.iter().map(|person| (*person, subscription)));
            }
            Event::SubscribersRemoved { persons } => {
                for person in persons {
                    self.subscribers.remove(person);
                }
            }
            Event::SubscribersRerequested { persons } => {
                self.subscribers.extend(persons.iter().map(|person| (*person, Subscription::Asked)));
            }
            Event::Acknowledged => {
                self.subscribers.insert(header.person, Subscription::Acknowledged);
            }
            Event::AcknowledgedFor { role } => {
                self.subscribers.insert(*role, Subscription::Acknowledged);
            }
            Event::DueSet { due } => self.due = Some(*due),
            Event::DueCancelled => self.due = None,
            Event::Scheduled(scheduled) => self.scheduled_until = Some(scheduled.until),
            Event::ScheduleCancelled => self.scheduled_until = None,
            Event::AddedToLists { lists } => self.lists.extend(lists),
            Event::RemovedFromLists { lists } => self.lists.retain(|list| !lists.contains(list)),
            Event::Closed => self.closed = true,
            Event::Reopened { auto: _ } => self.closed = false,
            Event::Commented(commented) => self.newest_says(&commented.attachments),
            Event::CommentEdited(edited) => {
                if let Some(attachments) = &edited.attachments {
                    self.hold(attachments);
                    if let Some(found) = self.comments.iter_mut().rfind(|found| found.id == edited.comment) {
                        found.has_files = !attachments.is_empty();
                    }
                }
            }
            Event::TimeSpent { .. } | Event::Flagged(_) | Event::AsRoles { .. } | Event::TimerFired { .. } | Event::PutAway => {}
            Event::CommentDeleted { comment } => {
                if let Some(found) = self.comments.iter_mut().rfind(|found| found.id == *comment) {
                    found.deleted = true;
                    (found.has_text, found.has_files) = (false, false);
                }
            }
            Event::Form(fact) => {
                self.hold(fact.files());
                if let Some(filling) = &mut self.form {
                    filling.take(fact);
                    filling.changed = header.version;
                }
            }
            Event::Deleted => self.deleted = true,
        }
    }

    fn created(&mut self, created: &Created, header: &Header) {
        self.organisation = header.organisation;
        self.exists = true;
        self.author = created.author.unwrap_or(header.person);
        self.parent = created.parent;
        self.subject.clone_from(&created.subject);
        self.due = created.due;
        self.scheduled_until = created.schedule.map(|scheduled| scheduled.until);
        self.participants.extend(&created.participants);
        self.subscribers.extend(created.subscribers.iter().map(|person| (*person, Subscription::Asked)));
        if let Some(responsible) = created.responsible {
            self.make_responsible(responsible);
        }
        self.newest_says(&created.attachments);
        self.form = created.form.map(|form| {
            let template = created.template.unwrap_or_default();
            Box::new(Filling { form, template, changed: header.version, origin: created.origin, ..Filling::default() })
        });
    }

    fn make_responsible(&mut self, person: PersonId) {
        self.responsible = Some(person);
        self.ever_responsible.insert(person);
    }

    fn newest_says(&mut self, attachments: &[Attached]) {
        if let Some(comment) = self.comments.last_mut() {
            comment.has_text = true;
            comment.has_files = !attachments.is_empty();
        }
        self.hold(attachments);
    }

    fn hold<'a>(&mut self, files: impl IntoIterator<Item = &'a Attached>) {
        self.files.extend(files.into_iter().map(|file| file.id));
    }

    /// The log gave the event of `version` its `position`.
    pub(super) fn name_comment(&mut self, version: Version, position: Position) {
        // Those without an id are the newest, and few.
        for comment in self.comments.iter_mut().rev().take_while(|comment| comment.version >= version) {
            if comment.version == version {
                comment.id = position;
            }
        }
    }
}
