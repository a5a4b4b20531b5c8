//! Who finds a task in the inbox, and why: a pure rule from the task's facts (design §6). Not how it is
//! stored (see [`super::rows`]).
//!
//! A person finds a task in the inbox while they have a reason for it. **What gives a reason:**
//!
//! | Fact, by A | Reason | To whom |
//! |---|---|---|
//! | created, reassigned, reopened | responsible | the responsible, also when that is A |
//! | created, participants added | followed | those participants, but A |
//! | created, subscribers added or asked again | acknowledge | those who are asked and have not acknowledged |
//! | subscribers added because they were mentioned | mentioned | they, but A |
//! | text with mentions | mentioned | those mentioned, but A |
//! | text | followed | author, responsible, participants, subscribers, but A |
//! | a step was entered or led back to, an approver was added or asked again | approve | whoever the current step waits for now and did not before |
//! | the route is complete, or a rejection led back | followed | the author, but A |
//! | scheduled | returned | A, and the responsible (else the author), from the moment on when it comes back |
//! | the moment of a reminder came (a fact of A's own inbox) | reminded | A, also while a schedule lies ahead |
//!
//! **What takes it away:**
//!
//! | Fact, by A | Reasons | Whose |
//! |---|---|---|
//! | anything but putting away: A has answered | mentioned, followed, reminded; returned once it came back | A's |
//! | put away | all; but returned stays while it lies ahead | A's |
//! | acknowledged | acknowledge | A's |
//! | approved, rejected; removed from a step; the step was left | approve | theirs whom the current step does not wait for |
//! | reassigned | responsible | that of whoever was responsible |
//! | participants or subscribers removed | acknowledge; all, if nothing else ties them to the task | theirs |
//! | closed, deleted | all | everybody's |
//!
//! A request that closes a task brings nobody in by its text, although the text is recorded after the closing;
//! a mention in it does. On a closed task a later text gives reasons as on an open one, but nobody is
//! responsible for it. While a schedule lies ahead the task is hidden from everybody, whatever their reasons.
//! **Roles** stand wherever persons do, and have reasons as persons have: one entry a role, whoever is in it. Beside what takes
//! reasons from persons, a role loses its own by a member's word for it:
//!
//! | Fact, by A | Reasons | Whose |
//! |---|---|---|
//! | anything, said as a role | mentioned, followed; returned once it came back | the role's; and its own text brings it nothing |
//! | acknowledged for a role | acknowledge | the role's |
//!
//! Beside that each member has their own marks. A member finds a role's task as long as the role has a reason that was given
//! after what they did last:
//!
//! | Fact, by the member | Hides from them, of the role's reasons so far |
//! |---|---|
//! | anything but putting away | mentioned, followed; returned once it came back |
//! | put away | all; but not returned while it lies ahead |
//!
//! Who is in a role is not known here: whoever asks for a page brings the roles that they are in at that moment.
//!
//! An edited or deleted comment, a due date, spent time and a subject bring nobody in.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::task::command::Due;
use domain::task::event::{Created, Event, Text};
use domain::task::form::Fact;
use domain::workflow::{self, Progress};
use domain::{CommandId, FormId, Header, PersonId, Position};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a person finds a task in the inbox: a set of bits, which are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reasons(pub u8);

impl Reasons {
    pub const RESPONSIBLE: Self = Self(1);
    pub const ACKNOWLEDGE: Self = Self(2);
    pub const MENTIONED: Self = Self(4);
    pub const FOLLOWED: Self = Self(8);
    pub const RETURNED: Self = Self(16);
    pub const APPROVE: Self = Self(32);
    /// Shown to nobody who acts for them.
    pub const REMINDED: Self = Self(64);
    /// Those that stay until put away.
    const HELD: Self = Self::RESPONSIBLE.with(Self::ACKNOWLEDGE).with(Self::APPROVE);
    /// Those that go with any answer.
    const CALLED: Self = Self::MENTIONED.with(Self::FOLLOWED);

    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is any that both have.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// The positions at which a role was last given reasons of each sort, 0 where it has none. For a member, those up to which
/// they have had enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Since {
    /// Responsible, acknowledge: kept until put away.
    #[serde(skip_serializing_if = "is_zero")]
    pub held: Position,
    /// Mentioned, followed: gone with any answer.
    #[serde(skip_serializing_if = "is_zero")]
    pub called: Position,
    #[serde(skip_serializing_if = "is_zero")]
    pub returned: Position,
}

/// A reminder whose moment came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    pub position: Position,
    pub at: Timestamp,
}

fn is_zero(position: &Position) -> bool {
    *position == 0
}

/// Who a fact names, as far as they may get a reason by it.
pub fn named(event: &Event) -> Vec<PersonId> {
    match event {
        Event::Created(created) => {
            let lists = [&created.participants, &created.subscribers, &created.text.mentions];
            created.responsible.into_iter().chain(lists.into_iter().flatten().copied()).collect()
        }
        Event::ParticipantsAdded { persons } | Event::SubscribersAdded { persons, .. } | Event::SubscribersRerequested { persons } => {
            persons.clone()
        }
        Event::Reassigned { to } => vec![*to],
        Event::AsRoles { roles } => roles.clone(),
        Event::Commented(commented) => commented.text.mentions.clone(),
        Event::Form(fact) => asked(fact).to_vec(),
        Event::Renamed { .. }
        | Event::ParticipantsRemoved { .. }
        | Event::SubscribersRemoved { .. }
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
        | Event::CommentEdited(_)
        | Event::CommentDeleted { .. }
        | Event::Flagged(_)
        | Event::TimerFired { .. }
        | Event::PutAway
        | Event::Deleted => Vec::new(),
    }
}

/// Whom a fact of a form's task asks.
fn asked(fact: &Fact) -> &[PersonId] {
    match fact {
        Fact::Route(
            workflow::Fact::Entered { approvers: persons, .. }
            | workflow::Fact::Added { persons, .. }
            | workflow::Fact::Rerequested { persons, .. },
        ) => persons,
        Fact::TemplateApplied { .. }
        | Fact::FieldChanged { .. }
        | Fact::TableChanged { .. }
        | Fact::Titled { .. }
        | Fact::Route(_)
        | Fact::Result(_) => &[],
    }
}

/// What the rule remembers of a task. All but the texts, which only the page needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Task {
    /// The position of the task's first event: the id of the comment that created it.
    pub first: Position,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    pub author: PersonId,
    #[serde(skip)]
    pub responsible: Option<PersonId>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub participants: BTreeSet<PersonId>,
    /// Each subscriber, and whether an acknowledgement is still asked for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub subscribers: BTreeMap<PersonId, bool>,
    #[serde(skip)]
    pub subject: Option<String>,
    #[serde(skip)]
    pub due: Option<Due>,
    /// Of a task of a form: its title is the form's matter.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub of_form: bool,
    #[serde(skip)]
    pub form: Option<FormId>,
    #[serde(skip_serializing_if = "Progress::is_empty")]
    pub progress: Progress,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_until: Option<Timestamp>,
    #[serde(skip)]
    pub created_at: Timestamp,
    #[serde(skip)]
    pub modified_at: Timestamp,
    #[serde(skip)]
    pub closed_at: Option<Timestamp>,
    /// The command whose facts were taken in last, and the one that closed the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<CommandId>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<PersonId, Reasons>,
    /// The roles that it ever named.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<PersonId>,
    /// The roles that the newest command speaks for.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub voices: BTreeSet<PersonId>,
    /// Of roles with reasons.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub since: BTreeMap<PersonId, Since>,
    /// Of whoever did something while a role had a reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<PersonId, Since>,
    /// Who was reminded of it and has not answered since. Not in its own stream: it is kept when that is read again.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reminded: BTreeMap<PersonId, Reminded>,
    /// The newest reminder that was taken in.
    #[serde(skip_serializing_if = "is_zero")]
    pub reminded_upto: Position,
    /// Of the fact that is being taken in.
    #[serde(skip)]
    pub at: Position,
    /// Whom the fact that was taken in last gave which reasons, in order, also where they had them before.
    #[serde(skip)]
    pub given: Vec<(PersonId, Reasons)>,
}

/// A task in one person's inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub reasons: Reasons,
    /// Its place in the inbox: when the task last changed, or when it comes back if that is later.
    pub shown_at: Timestamp,
    pub scheduled_until: Option<Timestamp>,
    /// Of a role alone.
    pub since: Option<Since>,
}

/// What a fact makes of the task's own text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NewText {
    #[default]
    Unchanged,
    Is {
        text: String,
        formatted_text: Option<String>,
    },
}

impl NewText {
    pub(crate) fn of(text: &Text) -> Self {
        Self::Is { text: text.text.clone(), formatted_text: text.formatted_text.clone() }
    }

    pub(crate) fn none() -> Self {
        Self::Is { text: String::new(), formatted_text: None }
    }
}

impl Task {
    /// Takes a fact in. `roles` holds those of the ids that it names ([`named`]) which are roles'.
    pub fn take(&mut self, event: &Event, header: &Header, roles: &HashSet<PersonId>) -> NewText {
        self.at = header.position;
        self.given.clear();
        self.roles.extend(named(event).into_iter().filter(|id| roles.contains(id)));
        self.answer(event, header);
        let text = self.fold(event, header);
        self.mark(event, header);
        self.end_reminders(event, header);
        text
    }

    /// The moment had come at which somebody wanted to be reminded: a fact of their own inbox.
    pub fn remind(&mut self, person: PersonId, header: &Header) {
        if header.position > self.reminded_upto {
            self.reminded_upto = header.position;
            if !self.deleted {
                self.reminded.insert(person, Reminded { position: header.position, at: header.at });
            }
        }
    }

    /// Those that came before this fact: when the stream is read again, one that came after it stays.
    fn end_reminders(&mut self, event: &Event, header: &Header) {
        let over = matches!(event, Event::Closed | Event::Deleted);
        self.reminded.retain(|person, reminded| reminded.position > header.position || !(over || *person == header.person));
    }

    fn fold(&mut self, event: &Event, header: &Header) -> NewText {
        let by = header.person;
        if !matches!(event, Event::TimerFired { .. } | Event::PutAway) {
            self.modified_at = header.at;
        }
        match event {
            Event::Created(created) => return self.created(created, header),
            Event::Renamed { subject } => self.subject = Some(subject.clone()).filter(|subject| !subject.is_empty()),
            Event::ParticipantsAdded { persons } => {
                self.participants.extend(persons);
                self.give_others(persons, Reasons::FOLLOWED, by);
            }
            Event::ParticipantsRemoved { persons } => {
                self.participants.retain(|person| !persons.contains(person));
                self.untie(persons);
            }
            Event::Reassigned { to } => self.reassigned(*to),
            Event::SubscribersAdded { persons, mentioned: false } | Event::SubscribersRerequested { persons } => self.ask(persons),
            Event::SubscribersAdded { persons, mentioned: true } => {
                self.subscribers.extend(persons.iter().map(|person| (*person, false)));
                self.give_others(persons, Reasons::MENTIONED, by);
            }
            Event::SubscribersRemoved { persons } => {
                for person in persons {
                    self.subscribers.remove(person);
                    self.take_away(*person, Reasons::ACKNOWLEDGE);
                }
                self.untie(persons);
            }
            Event::Acknowledged => {
                self.subscribers.insert(by, false);
                self.take_away(by, Reasons::ACKNOWLEDGE);
            }
            Event::AcknowledgedFor { role } => {
                self.subscribers.insert(*role, false);
                self.take_away(*role, Reasons::ACKNOWLEDGE);
            }
            Event::DueSet { due } => self.due = Some(*due),
            Event::DueCancelled => self.due = None,
            Event::Scheduled(scheduled) => self.scheduled(scheduled.until, by),
            Event::ScheduleCancelled => self.scheduled_until = None,
            Event::Closed => {
                self.closed_at = Some(header.at);
                self.closed_by = Some(header.command);
                self.clear();
            }
            Event::Reopened { auto: _ } => self.reopened(),
            Event::Commented(commented) => self.said(&commented.text, header),
            Event::CommentEdited(edited) if edited.comment == self.first && !self.of_form => return NewText::of(&edited.text),
            Event::CommentDeleted { comment } if *comment == self.first && !self.of_form => return NewText::none(),
            Event::CommentEdited(_)
            | Event::CommentDeleted { .. }
            | Event::TimeSpent { .. }
            | Event::AddedToLists { .. }
            | Event::RemovedFromLists { .. }
            | Event::TimerFired { .. }
            | Event::Flagged(_) => {}
            Event::AsRoles { roles } => self.speak_as(roles, header),
            Event::Form(fact) => return self.filled(fact, header),
            Event::PutAway => self.put_away(header),
            Event::Deleted => {
                self.deleted = true;
                self.clear();
                self.subject = None;
                return NewText::none();
            }
        }
        NewText::Unchanged
    }

    /// The task's place in each inbox that holds it, now or from a known moment on.
    pub fn entries(&self) -> BTreeMap<PersonId, Entry> {
        let shown_at = self.scheduled_until.map_or(self.modified_at, |until| until.max(self.modified_at));
        let entry = |person: &PersonId, reasons| {
            let since = self.roles.contains(person).then(|| self.since.get(person).copied().unwrap_or_default());
            Entry { reasons, shown_at, scheduled_until: self.scheduled_until, since }
        };
        let given = self.reasons.iter().filter(|(_, reasons)| !reasons.is_none());
        let mut entries: BTreeMap<PersonId, Entry> = given.map(|(person, reasons)| (*person, entry(person, *reasons))).collect();
        for (person, reminded) in &self.reminded {
            let entry = entries.entry(*person).or_insert_with(|| entry(person, Reasons::default()));
            entry.reasons = entry.reasons.with(Reasons::REMINDED);
            entry.shown_at = reminded.at.max(self.modified_at);
            entry.scheduled_until = None;
        }
        entries
    }

    /// Whoever asks something of the task has answered; once a command, before what it does.
    fn answer(&mut self, event: &Event, header: &Header) {
        if matches!(event, Event::PutAway) || self.command == Some(header.command) {
            return;
        }
        self.command = Some(header.command);
        self.voices.clear();
        self.take_away(header.person, self.answered(header.at));
    }

    /// The reasons that go with an answer.
    fn answered(&self, at: Timestamp) -> Reasons {
        if self.returns_after(at) { Reasons::CALLED } else { Reasons::CALLED.with(Reasons::RETURNED) }
    }

    fn speak_as(&mut self, roles: &[PersonId], header: &Header) {
        self.voices = roles.iter().copied().collect();
        for role in roles {
            self.take_away(*role, self.answered(header.at));
        }
    }

    /// Everybody whom the task may concern: the responsible, participants and subscribers. Nobody once it is deleted.
    pub fn people(&self) -> BTreeSet<PersonId> {
        if self.deleted {
            return BTreeSet::new();
        }
        self.responsible.into_iter().chain(self.participants.iter().copied()).chain(self.subscribers.keys().copied()).collect()
    }

    fn clear(&mut self) {
        self.reasons.clear();
        self.since.clear();
        self.marks.clear();
    }

    /// Of what roles have been given so far, whoever did this has had enough.
    fn mark(&mut self, event: &Event, header: &Header) {
        if self.since.is_empty() || header.person == PersonId::SYSTEM {
            return;
        }
        let ahead = self.returns_after(header.at);
        let mark = self.marks.entry(header.person).or_default();
        mark.called = header.position;
        if matches!(event, Event::PutAway) {
            mark.held = header.position;
        }
        if !ahead {
            mark.returned = header.position;
        }
    }

    fn created(&mut self, created: &Created, header: &Header) -> NewText {
        let by = header.person;
        self.first = header.position;
        self.author = created.author.unwrap_or(by);
        self.created_at = header.at;
        self.subject.clone_from(&created.subject);
        self.due = created.due;
        self.of_form = created.form.is_some();
        self.form = created.form;
        self.participants.extend(&created.participants);
        self.give_others(&created.participants, Reasons::FOLLOWED, by);
        self.ask(&created.subscribers);
        self.give_others(&created.text.mentions, Reasons::MENTIONED, by);
        if let Some(responsible) = created.responsible {
            self.reassigned(responsible);
        }
        if let Some(scheduled) = created.schedule {
            self.scheduled(scheduled.until, by);
        }
        NewText::of(&created.text)
    }

    fn reassigned(&mut self, to: PersonId) {
        if let Some(before) = self.responsible.replace(to) {
            self.take_away(before, Reasons::RESPONSIBLE);
        }
        if self.closed_at.is_none() {
            self.give(to, Reasons::RESPONSIBLE);
        }
    }

    fn reopened(&mut self) {
        self.closed_at = None;
        self.closed_by = None;
        if let Some(responsible) = self.responsible {
            self.give(responsible, Reasons::RESPONSIBLE);
        }
        // Those who were asked before it closed are asked still.
        let asked: Vec<PersonId> = self.subscribers.iter().filter(|(_, asked)| **asked).map(|(person, _)| *person).collect();
        self.ask(&asked);
        let waiting: Vec<PersonId> = self.progress.waiting().collect();
        waiting.into_iter().for_each(|person| self.give(person, Reasons::APPROVE));
    }

    fn said(&mut self, text: &Text, header: &Header) {
        self.give_others(&text.mentions, Reasons::MENTIONED, header.person);
        if self.closed_by == Some(header.command) {
            return;
        }
        let followers: BTreeSet<PersonId> = [self.author]
            .into_iter()
            .chain(self.responsible)
            .chain(self.participants.iter().copied())
            .chain(self.subscribers.keys().copied())
            .collect();
        for person in followers {
            if person != header.person && !self.voices.contains(&person) {
                self.give(person, Reasons::FOLLOWED);
            }
        }
    }

    fn filled(&mut self, fact: &Fact, header: &Header) -> NewText {
        match fact {
            Fact::Titled { title } => return NewText::Is { text: title.clone(), formatted_text: None },
            Fact::Route(fact) => self.moved(fact, header),
            Fact::TemplateApplied { .. } | Fact::FieldChanged { .. } | Fact::TableChanged { .. } | Fact::Result(_) => {}
        }
        NewText::Unchanged
    }

    /// Whom the current step waits for has to approve; who was waited for before has been told already.
    fn moved(&mut self, fact: &workflow::Fact, header: &Header) {
        let before: BTreeSet<PersonId> = self.progress.waiting().collect();
        self.progress.take(fact);
        let now: BTreeSet<PersonId> = if self.closed_at.is_some() { BTreeSet::new() } else { self.progress.waiting().collect() };
        for person in before.difference(&now) {
            self.take_away(*person, Reasons::APPROVE);
        }
        for person in now.difference(&before) {
            self.give(*person, Reasons::APPROVE);
        }
        let tells = matches!(fact, workflow::Fact::Completed | workflow::Fact::Returned { again: true, .. });
        if tells {
            self.give_others(&[self.author], Reasons::FOLLOWED, header.person);
        }
    }

    fn ask(&mut self, persons: &[PersonId]) {
        for person in persons {
            self.subscribers.insert(*person, true);
            self.give(*person, Reasons::ACKNOWLEDGE);
        }
    }

    fn scheduled(&mut self, until: Timestamp, by: PersonId) {
        self.scheduled_until = Some(until);
        self.give(by, Reasons::RETURNED);
        self.give(self.responsible.unwrap_or(self.author), Reasons::RETURNED);
    }

    fn put_away(&mut self, header: &Header) {
        let all = Reasons(u8::MAX);
        let taken = if self.returns_after(header.at) { all.without(Reasons::RETURNED) } else { all };
        self.take_away(header.person, taken);
    }

    fn returns_after(&self, at: Timestamp) -> bool {
        self.scheduled_until.is_some_and(|until| until > at)
    }

    /// Those whom nothing else ties to the task may not even see it.
    fn untie(&mut self, persons: &[PersonId]) {
        for person in persons {
            let tied = self.author == *person
                || self.responsible == Some(*person)
                || self.participants.contains(person)
                || self.subscribers.contains_key(person)
                || self.progress.everybody().any(|approver| approver == *person);
            if !tied {
                self.reasons.remove(person);
                self.since.remove(person);
                let at = self.at;
                self.reminded.retain(|reminded, since| reminded != person || since.position > at);
            }
        }
    }

    fn give(&mut self, person: PersonId, reason: Reasons) {
        // The system has no inbox.
        if person != PersonId::SYSTEM {
            self.given.push((person, reason));
            let reasons = self.reasons.entry(person).or_default();
            *reasons = reasons.with(reason);
            if self.roles.contains(&person) {
                let since = self.since.entry(person).or_default();
                if reason.meets(Reasons::HELD) {
                    since.held = self.at;
                }
                if reason.meets(Reasons::CALLED) {
                    since.called = self.at;
                }
                if reason.meets(Reasons::RETURNED) {
                    since.returned = self.at;
                }
            }
        }
    }

    fn give_others(&mut self, persons: &[PersonId], reason: Reasons, by: PersonId) {
        for person in persons.iter().filter(|person| **person != by) {
            if !self.voices.contains(person) {
                self.give(*person, reason);
            }
        }
    }

    fn take_away(&mut self, person: PersonId, taken: Reasons) {
        if let Some(reasons) = self.reasons.get_mut(&person) {
            *reasons = reasons.without(taken);
            let left = *reasons;
            if left.is_none() {
                self.reasons.remove(&person);
                self.since.remove(&person);
            } else if let Some(since) = self.since.get_mut(&person) {
                let kept = |sort, position| if left.meets(sort) { position } else { 0 };
                since.held = kept(Reasons::HELD, since.held);
                since.called = kept(Reasons::CALLED, since.called);
                since.returned = kept(Reasons::RETURNED, since.returned);
            }
        }
    }
}
