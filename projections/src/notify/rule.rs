//! Which facts of a task are told to whom, and why. The inbox's rule (`crate::views::inbox::rule`) says whom a fact gives a reason to
//! find the task; this one takes these reasons, each time they are given, says them more exactly, and adds those who follow.
//!
//! | Fact, by A | Reason | To whom |
//! |---|---|---|
//! | text with mentions | mentioned | those mentioned |
//! | a step was entered or led back to, an approver was added or asked again | approval | whom the current step waits for now and did not before |
//! | created, reassigned, reopened | assigned | the responsible |
//! | created, subscribers added or asked again, reopened | acknowledgement | those who are asked |
//! | text | comment | author, responsible, participants, subscribers |
//! | created, participants added | added | those participants |
//! | the route is complete, or a rejection led back | finished | the author |
//! | its schedule is over | returned | who set it, and the responsible (else the author) |
//! | it is due | due | the responsible (else the author) |
//! | it is overdue | overdue | the responsible, and the author |
//! | its step is overdue | overdue | whom the current step waits for |
//! | text | followed | who follows the task, or a list that it lies in |
//! | added to a list | followed | who follows that list |
//! | created, closed, of a form | followed | who follows the form |
//! | a filter comes to find it, or text where one finds it ([`super::filters`]) | followed | who follows the filter |
//! | something is announced | announcement | everybody who reads announcements |
//!
//! Never to A, nor to the roles that A speaks for. A request that asks for no notifications (`skip_notification`) is told only to
//! those whose approval it asks for: without them the task would stand still unseen. What is deleted, and what A does with their own
//! inbox, is told to nobody. A schedule is told when it is over, not when it is set.
//!
//! All facts of one request are one notification a person, with all of its reasons; its number is the position of the request's first
//! fact, which is the id of the comment.

use std::collections::{BTreeSet, HashSet};

use domain::inbox::{Followed, Reason};
use domain::task::attach::names;
use domain::task::event::{Event, Text};
use domain::task::form::Fact;
use domain::task::timer::Timer;
use domain::{CommandId, FormId, Header, ListId, PersonId, Position, TaskId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::views::inbox::rule::{self as inbox, Reasons as Found};

/// Characters of a text that a notification shows.
pub const CHARACTERS_MAX: usize = 200;

/// What the rule remembers of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Task {
    /// What the inbox's rule remembers, but for what it keeps in columns.
    rule: inbox::Task,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    ever_responsible: BTreeSet<PersonId>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub lists: BTreeSet<ListId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<FormId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_by: Option<PersonId>,
    /// The request whose facts were taken in last, where it began, and whether it is to be silent.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<CommandId>,
    pub cause: Position,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    silent: bool,
}

/// A reason that a fact gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// To a person or a role that the task names.
    Named(PersonId, Reason),
    /// To everybody who follows this and sees the task.
    Followers(Followed),
}

/// What a fact makes of a request's text, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// Said with the request that is being taken in.
    Said(String),
    /// In place of what was said at this position.
    Edited(Position, String),
    Deleted(Position),
}

impl Task {
    /// Takes a fact of the task `id` in. `roles` holds those of the ids that it names ([`inbox::named`]) which are roles'.
    pub fn take(&mut self, id: TaskId, event: &Event, header: &Header, roles: &HashSet<PersonId>) -> Vec<Given> {
        if self.command != Some(header.command) {
            (self.command, self.cause, self.silent) = (Some(header.command), header.position, false);
        }
        if let Event::Flagged(flags) = event {
            self.silent = flags.skip_notification;
        }
        (self.rule.responsible, self.rule.closed_at) = (self.responsible, self.closed_at);
        self.rule.take(event, header, roles);
        (self.responsible, self.closed_at) = (self.rule.responsible, self.rule.closed_at);
        self.ever_responsible.extend(self.responsible);
        let named = self.rule.given.iter().flat_map(|(to, found)| exactly(event, *found).map(|reason| Given::Named(*to, reason)));
        let mut given: Vec<Given> = named.collect();
        self.timed(event, header, &mut given);
        self.followed(id, event, &mut given);
        // They are of no use here: each reason is told when it is given.
        (self.rule.reasons, self.rule.since, self.rule.marks) = Default::default();
        if self.silent {
            given.retain(|given| matches!(given, Given::Named(_, Reason::Approval)));
        }
        given
    }

    /// What time brings, to whom it matters.
    fn timed(&mut self, event: &Event, header: &Header, given: &mut Vec<Given>) {
        let schedules = match event {
            Event::Created(created) => created.schedule.is_some(),
            Event::Scheduled(_) => true,
            _ => false,
        };
        if schedules {
            self.scheduled_by = Some(header.person);
        }
        let Event::TimerFired { timer } = event else { return };
        let (author, doer) = (self.rule.author, self.responsible.unwrap_or(self.rule.author));
        let (reason, people) = match timer {
            Timer::Returned => (Reason::Returned, [doer].into_iter().chain(self.scheduled_by).collect()),
            Timer::Due => (Reason::Due, BTreeSet::from([doer])),
            Timer::Overdue => (Reason::Overdue, BTreeSet::from([author, doer])),
            Timer::StepOverdue => (Reason::Overdue, self.rule.progress.waiting().collect()),
        };
        given.extend(people.into_iter().map(|person| Given::Named(person, reason)));
    }

    /// Takes in where the task lies, and tells those who follow that.
    fn followed(&mut self, id: TaskId, event: &Event, given: &mut Vec<Given>) {
        let of_form = self.form.map(|form| Given::Followers(Followed::Form(form)));
        match event {
            Event::Created(created) => {
                self.form = created.form;
                given.extend(self.form.map(|form| Given::Followers(Followed::Form(form))));
            }
            Event::Closed => given.extend(of_form),
            Event::Commented(_) => {
                given.push(Given::Followers(Followed::Task(id)));
                given.extend(self.lists.iter().map(|list| Given::Followers(Followed::List(*list))));
            }
            Event::AddedToLists { lists } => {
                self.lists.extend(lists);
                given.extend(lists.iter().map(|list| Given::Followers(Followed::List(*list))));
            }
            Event::RemovedFromLists { lists } => self.lists.retain(|list| !lists.contains(list)),
            Event::Renamed { .. }
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
            | Event::Reopened { .. }
            | Event::CommentEdited(_)
            | Event::CommentDeleted { .. }
            | Event::Flagged(_)
            | Event::AsRoles { .. }
            | Event::Form(_)
            | Event::TimerFired { .. }
            | Event::PutAway
            | Event::Deleted => {}
        }
    }

    /// Everybody whom it names, persons and roles: who they are see it (`domain/src/task/access.rs`).
    pub fn named(&self) -> BTreeSet<PersonId> {
        let mut named = self.rule.people();
        named.insert(self.rule.author);
        named.extend(&self.ever_responsible);
        named.extend(self.rule.progress.everybody());
        named
    }

    pub const fn is_deleted(&self) -> bool {
        self.rule.deleted
    }

    /// Whose task it is to do: for them a deputy hears of comments too.
    pub fn is_for(&self, person: PersonId) -> bool {
        self.responsible == Some(person)
    }

    /// The roles that it ever named.
    pub const fn roles(&self) -> &BTreeSet<PersonId> {
        &self.rule.roles
    }
}

/// What the inbox's reasons are when they are given by this fact.
fn exactly(event: &Event, found: Found) -> impl Iterator<Item = Reason> {
    let followed = match event {
        Event::Created(_) | Event::ParticipantsAdded { .. } => Reason::Added,
        Event::Form(fact) if matches!(**fact, Fact::Route(_)) => Reason::Finished,
        _ => Reason::Comment,
    };
    let exact = [
        (Found::MENTIONED, Reason::Mentioned),
        (Found::APPROVE, Reason::Approval),
        (Found::RESPONSIBLE, Reason::Assigned),
        (Found::ACKNOWLEDGE, Reason::Acknowledgement),
        (Found::FOLLOWED, followed),
    ];
    exact.into_iter().filter(move |(bit, _)| found.has(*bit)).map(|(_, reason)| reason)
}

/// What a fact says, as far as a notification shows it.
pub fn words(event: &Event) -> Option<Words> {
    match event {
        Event::Created(created) if created.form.is_none() && !created.text.text.is_empty() => Some(Words::Said(shown(&created.text))),
        Event::Commented(commented) if commented.text.text.is_empty() => Some(Words::Said(begun(&names(&commented.attachments)))),
        Event::Commented(commented) => Some(Words::Said(shown(&commented.text))),
        Event::CommentEdited(edited) => Some(Words::Edited(edited.comment, shown(&edited.text))),
        Event::CommentDeleted { comment } => Some(Words::Deleted(*comment)),
        _ => None,
    }
}

/// How a text begins.
fn shown(text: &Text) -> String {
    begun(&text.text)
}

fn begun(text: &str) -> String {
    text.chars().take(CHARACTERS_MAX).collect()
}
