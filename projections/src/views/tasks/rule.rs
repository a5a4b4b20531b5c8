//! What a task's rows say, by its facts. No database.
//!
//! Grants are those of `domain/src/task/access.rs`: author, responsible now or ever, participants, subscribers, approvers of any
//! step; and its lists, and its form.

use std::collections::{BTreeMap, BTreeSet};

use domain::task::command::Due;
use domain::task::event::{Created, Event};
use domain::task::form::{Fact, Filling};
use domain::{FormId, ListId, PersonId, Position, TaskId, workflow};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::handling::Decision;
use super::value::{self, Cell, Key};
use crate::views::inbox::rule::NewText;

/// What is shown of a task in lists, besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Header {
    pub author: PersonId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
}

/// What the rule remembers of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Task {
    #[serde(skip)]
    pub header: Header,
    /// The position of the task's first event: the id of the comment that created it.
    pub first: Position,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// The task that it is a subtask of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<TaskId>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub ever_responsible: BTreeSet<PersonId>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub participants: BTreeSet<PersonId>,
    /// Each subscriber, and whether an acknowledgement is still asked for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub subscribers: BTreeMap<PersonId, bool>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub lists: BTreeSet<ListId>,
    /// Of a task of a form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filling: Option<Box<Filling>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_until: Option<Timestamp>,
    /// Since when the current step waits for each of them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub asked: BTreeMap<PersonId, Timestamp>,
    /// Decisions that were made.
    #[serde(skip_serializing_if = "is_zero")]
    pub decided: u32,
    /// Those of them that are not stored yet.
    #[serde(skip)]
    pub decisions: Vec<Decision>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What somebody who is named in a task has to do in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    pub responsible: bool,
    pub asked: bool,
}

/// Those who see all tasks of a form, as if they were one principal: below zero, where no person and no role is.
pub fn form_principal(form: FormId) -> PersonId {
    PersonId(-form.0)
}

/// A task's place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

/// How a task leads to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is a subtask of it.
    IsPart,
    /// One of its fields links to it.
    Links,
}

/// When a task is looked for in calendars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    pub due_at: Option<Timestamp>,
    pub due_date: Option<Date>,
    pub scheduled_until: Option<Timestamp>,
    pub step_due: Option<Timestamp>,
}

impl Task {
    /// Takes a fact in.
    pub fn take(&mut self, event: &Event, header: &domain::Header) -> NewText {
        if !matches!(event, Event::TimerFired { .. } | Event::PutAway) {
            self.header.modified_at = header.at;
        }
        match event {
            Event::Created(created) => return self.created(created, header),
            Event::Renamed { subject } => self.header.subject = Some(subject.clone()).filter(|subject| !subject.is_empty()),
            Event::ParticipantsAdded { persons } => self.participants.extend(persons),
            Event::ParticipantsRemoved { persons } => self.participants.retain(|person| !persons.contains(person)),
            Event::Reassigned { to } => self.make_responsible(*to),
            Event::SubscribersAdded { persons, mentioned } => {
                self.subscribers.extend(persons.iter().map(|person| (*person, !mentioned)));
            }
            Event::SubscribersRemoved { persons } => self.subscribers.retain(|person, _| !persons.contains(person)),
            Event::SubscribersRerequested { persons } => self.subscribers.extend(persons.iter().map(|person| (*person, true))),
            Event::Acknowledged => {
                self.subscribers.insert(header.person, false);
            }
            Event::AcknowledgedFor { role } => {
                self.subscribers.insert(*role, false);
            }
            Event::DueSet { due } => self.header.due = Some(*due),
            Event::DueCancelled => self.header.due = None,
            Event::Scheduled(scheduled) => self.scheduled_until = Some(scheduled.until),
            Event::ScheduleCancelled => self.scheduled_until = None,
            Event::AddedToLists { lists } => self.lists.extend(lists),
            Event::RemovedFromLists { lists } => self.lists.retain(|list| !lists.contains(list)),
            Event::Closed => self.header.closed_at = Some(header.at),
            Event::Reopened { auto: _ } => self.header.closed_at = None,
            Event::CommentEdited(edited) if edited.comment == self.first && self.filling.is_none() => return NewText::of(&edited.text),
            Event::CommentDeleted { comment } if *comment == self.first && self.filling.is_none() => return NewText::none(),
            Event::Form(fact) => {
                self.decide(fact, header);
                if let Some(filling) = &mut self.filling {
                    filling.take(fact);
                }
                self.ask(header.at);
                if let Fact::Titled { title } = &**fact {
                    return NewText::Is { text: title.clone(), formatted_text: None };
                }
            }
            Event::Commented(_)
            | Event::CommentEdited(_)
            | Event::CommentDeleted { .. }
            | Event::TimeSpent { .. }
            | Event::Flagged(_)
            | Event::AsRoles { .. }
            | Event::TimerFired { .. }
            | Event::PutAway => {}
            Event::Deleted => {
                self.deleted = true;
                self.header.subject = None;
                return NewText::none();
            }
        }
        NewText::Unchanged
    }

    fn created(&mut self, created: &Created, header: &domain::Header) -> NewText {
        self.first = header.position;
        self.header.author = created.author.unwrap_or(header.person);
        self.header.created_at = header.at;
        self.header.subject.clone_from(&created.subject);
        self.header.due = created.due;
        self.parent = created.parent;
        self.participants.extend(&created.participants);
        self.subscribers.extend(created.subscribers.iter().map(|person| (*person, true)));
        if let Some(responsible) = created.responsible {
            self.make_responsible(responsible);
        }
        self.scheduled_until = created.schedule.map(|scheduled| scheduled.until);
        self.filling = created.form.map(|form| {
            let template = created.template.unwrap_or_default();
            Box::new(Filling { form, template, ..Filling::default() })
        });
        NewText::of(&created.text)
    }

    /// Notes what somebody decided who was waited for.
    fn decide(&mut self, fact: &Fact, header: &domain::Header) {
        let Fact::Route(workflow::Fact::Chosen { step, approver, choice }) = fact else { return };
        if choice.waits() {
            return;
        }
        if let Some(asked_at) = self.asked.remove(approver) {
            let (number, person, approver) = (self.decided, header.person, *approver);
            self.decided += 1;
            let decision = Decision { number, step: *step, person, approver, choice: *choice, asked_at, decided_at: header.at };
            self.decisions.push(decision);
        }
    }

    /// Notes since when those are waited for who are waited for now.
    fn ask(&mut self, at: Timestamp) {
        let Some(filling) = &self.filling else { return };
        let waiting: BTreeSet<PersonId> = filling.progress.waiting().collect();
        self.asked.retain(|person, _| waiting.contains(person));
        for person in waiting {
            self.asked.entry(person).or_insert(at);
        }
    }

    fn make_responsible(&mut self, person: PersonId) {
        self.header.responsible = Some(person);
        self.ever_responsible.insert(person);
    }

    /// The form that it is of.
    pub fn form(&self) -> Option<FormId> {
        self.filling.as_ref().map(|filling| filling.form)
    }

    /// The same, as long as registers show it.
    pub fn listed_form(&self) -> Option<FormId> {
        self.form().filter(|_| !self.deleted)
    }

    /// What it can be found by in its form's register.
    pub fn cells(&self) -> BTreeMap<Key, Cell> {
        let filling = self.filling.as_ref().filter(|_| !self.deleted);
        filling.map(|filling| value::cells(filling)).unwrap_or_default()
    }

    /// The step of its route that is current, or was last.
    pub fn step(&self) -> Option<u8> {
        self.filling.as_ref().map(|filling| filling.progress.current)
    }

    /// Whom it is shown to because it names them. Nobody, once it is deleted.
    pub fn grants(&self) -> BTreeMap<PersonId, Grant> {
        if self.deleted || self.first == 0 {
            return BTreeMap::new();
        }
        let named = [self.header.author].into_iter().chain(self.ever_responsible.iter().copied()).chain(self.participants.iter().copied());
        let mut grants: BTreeMap<PersonId, Grant> = named
            .chain(self.subscribers.keys().copied())
            .chain(self.filling.iter().flat_map(|filling| filling.progress.everybody()))
            .map(|person| (person, Grant::default()))
            .collect();
        // Beside those whom it names, whoever sees all tasks of its form.
        grants.extend(self.form().map(|form| (form_principal(form), Grant::default())));
        // The system is not asked for.
        grants.remove(&PersonId::SYSTEM);
        if self.header.closed_at.is_none() {
            if let Some(grant) = self.header.responsible.and_then(|person| grants.get_mut(&person)) {
                grant.responsible = true;
            }
            for (person, asked) in &self.subscribers {
                if let Some(grant) = grants.get_mut(person) {
                    grant.asked = *asked;
                }
            }
            for person in self.filling.iter().flat_map(|filling| filling.progress.waiting()) {
                if let Some(grant) = grants.get_mut(&person) {
                    grant.asked = true;
                }
            }
        }
        grants
    }

    /// Its place in each list that it lies in.
    pub fn places(&self) -> BTreeMap<ListId, Place> {
        if self.deleted || self.first == 0 {
            return BTreeMap::new();
        }
        let Header { created_at, modified_at, closed_at, .. } = self.header;
        self.lists.iter().map(|list| (*list, Place { created_at, modified_at, closed_at })).collect()
    }

    /// The tasks that it leads to: the one that it is a subtask of, those that its fields link to.
    pub fn related(&self) -> BTreeMap<TaskId, Relation> {
        if self.deleted {
            return BTreeMap::new();
        }
        let links = self.filling.iter().flat_map(|filling| filling.links());
        let mut related: BTreeMap<TaskId, Relation> = links.map(|task| (task, Relation::Links)).collect();
        related.extend(self.parent.map(|parent| (parent, Relation::IsPart)));
        related
    }

    /// When it is looked for, as long as it is open.
    pub fn times(&self) -> Times {
        if self.deleted || self.header.closed_at.is_some() {
            return Times::default();
        }
        let (due_at, due_date) = match self.header.due {
            Some(Due::Moment { at, duration: _ }) => (Some(at), None),
            Some(Due::Date(date)) => (None, Some(date)),
            None => (None, None),
        };
        let step_due = self.filling.as_ref().and_then(|filling| filling.progress.due);
        Times { due_at, due_date, scheduled_until: self.scheduled_until, step_due }
    }
}
