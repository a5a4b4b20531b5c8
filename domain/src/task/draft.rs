//! A decision in the making: the facts so far, and the people as they are after them, so that each
//! verb of a request sees what the verbs before it did. Not the rules of any verb.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::command::PersonRef;
use super::event::Event;
use super::form::{Filling, Working};
use super::rejection::Rejection;
use super::state::{Subscription, Task};
use crate::id::{ListId, PersonId};
use crate::issued::{Asker, Issued};
use crate::person::PersonKind;

/// Participants and subscribers of a task together, and people in one list of a request.
pub const PEOPLE_MAX: usize = 1_000;

pub(super) struct Draft<'a> {
    pub task: &'a Task,
    pub issued: &'a Issued<'a>,
    pub events: Vec<Event>,
    pub responsible: Option<PersonId>,
    /// Copied only by a request that changes them.
    pub participants: Cow<'a, BTreeSet<PersonId>>,
    pub subscribers: Cow<'a, BTreeMap<PersonId, Subscription>>,
    /// For whom the asker speaks.
    pub as_roles: Vec<PersonId>,
    pub lists: Cow<'a, BTreeSet<ListId>>,
    /// Of a task of a form that is there.
    pub form: Option<Working>,
    /// Of a task that is made for somebody.
    pub author: Option<PersonId>,
}

/// The task's form as the directory shows it now.
fn working(task: &Task, issued: &Issued<'_>) -> Option<Working> {
    let filling = task.form.as_ref()?;
    let form = issued.directory.form(filling.form)?.clone();
    Some(Working { form, filling: Filling::clone(filling), touched: false })
}

impl<'a> Draft<'a> {
    pub fn of(task: &'a Task, issued: &'a Issued<'a>) -> Self {
        Self {
            task,
            issued,
            events: Vec::new(),
            responsible: task.responsible,
            participants: Cow::Borrowed(&task.participants),
            subscribers: Cow::Borrowed(&task.subscribers),
            as_roles: Vec::new(),
            lists: Cow::Borrowed(&task.lists),
            form: working(task, issued),
            author: None,
        }
    }

    /// The person or the role who is meant, blocked or not. A guest, who is shown nobody outside of tasks, names whoever is in
    /// the task already, and is told of others what is told of nobody: no guessing at ids or addresses says who there is.
    pub fn named(&self, who: &PersonRef) -> Result<PersonId, Rejection> {
        let directory = self.issued.directory;
        match who {
            PersonRef::Id(id) if !self.is_known(*id) => Err(Rejection::UnknownPerson),
            PersonRef::Id(id) if directory.person(*id).is_some() || directory.role(*id).is_some() => Ok(*id),
            PersonRef::Id(_) => Err(Rejection::UnknownPerson),
            PersonRef::Email(email) => {
                let found = directory.by_email(email).map(|person| person.id).filter(|id| self.is_known(*id));
                found.ok_or(Rejection::UnknownEmail)
            }
        }
    }

    /// The person or the role who is meant, to be given a part in the task.
    pub fn addable(&self, who: &PersonRef) -> Result<PersonId, Rejection> {
        let id = self.named(who)?;
        self.bring_in(id)?;
        if self.issued.directory.acts(id) { Ok(id) } else { Err(Rejection::PersonBlocked) }
    }

    fn is_known(&self, id: PersonId) -> bool {
        match self.issued.asker() {
            Asker::Person(asker) => asker.knows(id) || self.has_part(id),
            Asker::System | Asker::Nobody => true,
        }
    }

    /// Refuses a guest whom the asker may not bring in.
    pub(super) fn bring_in(&self, id: PersonId) -> Result<(), Rejection> {
        let bound = match self.issued.asker() {
            Asker::Person(asker) => asker.restrictions.cant_add_external_users_to_tasks,
            Asker::System | Asker::Nobody => false,
        };
        let outside = self.issued.directory.person(id).is_some_and(|person| person.kind == PersonKind::Guest);
        if bound && outside && !self.has_part(id) { Err(Rejection::ExternalPerson) } else { Ok(()) }
    }

    /// Each person once, in the order in which they are named.
    pub fn all(
        &self,
        list: &[PersonRef],
        look_up: impl Fn(&Self, &PersonRef) -> Result<PersonId, Rejection>,
    ) -> Result<Vec<PersonId>, Rejection> {
        if list.len() > PEOPLE_MAX {
            return Err(Rejection::TooManyPeople);
        }
        let mut seen = BTreeSet::new();
        let mut persons = Vec::with_capacity(list.len());
        for who in list {
            let person = look_up(self, who)?;
            if seen.insert(person) {
                persons.push(person);
            }
        }
        Ok(persons)
    }

    /// Refuses what the verbs so far have made too many people.
    pub fn check_people(&self) -> Result<(), Rejection> {
        if self.participants.len() + self.subscribers.len() > PEOPLE_MAX { Err(Rejection::TooManyPeople) } else { Ok(()) }
    }
}
