//! What is each person told of? The notifications of everybody, with why they got them, whether they have been read, and when mail and
//! push may tell them as well. Who hears of what is decided by [`crate::notify`]; nothing is sent from here.
//!
//! The view keeps the parties that this depends on (people, roles, lists, forms) as they are at its own position, in tables and in the
//! follower's memory, so that a log that is read again leads to the same rows.

mod known;
mod newest;
mod page;
mod rows;

pub use newest::{Newest, Stand, stand, told_between};
pub use page::{About, Cursor, LIMIT_MAX, Order, Page, Told, UNREAD_COUNTED_MAX, page, task_of, unread, unread_tasks};

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::codec::EventSet;
use domain::inbox::{self, Followed, Found, Reason};
use domain::{Header, Kind, OrganisationId, PersonId, Position, Recorded, TaskId, announcement, task};
use sqlx::PgConnection;

use crate::erased::{self, Part};
use crate::failure::{Reason as Fault, Refused};
use crate::follower::Follower;
use crate::notify::address::{self, Follows, Why};
use crate::notify::rule::{CHARACTERS_MAX, Given, Task, Words, words};
use crate::views::inbox::rule as inbox_rule;
use known::Known;
use rows::Stored;

/// Days that a notification is kept.
pub const KEPT_DAYS: i64 = 180;

/// Follows tasks, inboxes and announcements, and what is erased of tasks and announcements; of everybody and everything else, what it depends on who is told.
#[derive(Clone, Debug, Default)]
pub struct Notifications {
    /// As the last batch left it, if it was this follower's.
    known: Arc<Mutex<Option<Known>>>,
}

impl Follower for Notifications {
    const NAME: &'static str = "notifications";
    const KINDS: &'static [Kind] =
        &[Kind::Organisation, Kind::Person, Kind::Task, Kind::Audit, Kind::Role, Kind::List, Kind::Form, Kind::Inbox, Kind::Announcement];
    const SQL: &'static str = include_str!("../../../../migrations/views/notifications.sql");
    const REVISION: u32 = 1;

    async fn apply(&self, events: &[Recorded], tx: &mut PgConnection) -> Result<(), Refused> {
        // Taken out: where this does not come to its end, the next batch reads it anew.
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut known = Known::current(kept, tx).await?;
        for part in erased::parts(events)? {
            match part {
                Part::Facts(facts) => take_in(facts, &mut known, tx).await?,
                Part::Erased { at, positions } => forget(at, &positions, tx).await?,
            }
        }
        if let Some(newest) = events.iter().map(|event| event.header.at).max() {
            rows::drop_old(newest, tx).await?;
        }
        known.settle(tx).await?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(())
    }
}

/// A fact that is read, of the streams that are told of.
enum Fact {
    Task(Box<task::Event>),
    Inbox(inbox::Event),
    Announcement(announcement::Event),
    Party,
}

async fn take_in(facts: &[Recorded], known: &mut Known, tx: &mut PgConnection) -> Result<(), Refused> {
    let mut read = Vec::with_capacity(facts.len());
    for event in facts {
        let fact = match event.header.stream.kind {
            Kind::Task => decoded(event).map(|fact| Fact::Task(Box::new(fact)))?,
            Kind::Inbox => decoded(event).map(Fact::Inbox)?,
            Kind::Announcement => decoded(event).map(Fact::Announcement)?,
            _ => Fact::Party,
        };
        read.push((event, fact));
    }
    let mut batch = Batch::load(&read, known, tx).await?;
    for (event, fact) in &read {
        let park = |reason| Refused::Park { position: event.header.position, reason };
        match fact {
            Fact::Task(fact) => batch.task(fact, event, known),
            Fact::Inbox(fact) => batch.inbox(fact, event, known),
            Fact::Announcement(fact) => {
                batch.announcement(fact, event, known);
                Ok(())
            }
            Fact::Party => known.note(event),
        }
        .map_err(park)?;
    }
    rows::store(batch.stored, tx).await
}

fn decoded<E: EventSet>(event: &Recorded) -> Result<E, Refused> {
    let fact = E::decode(&event.event_type, event.schema, &event.payload);
    fact.map_err(|error| Refused::Park { position: event.header.position, reason: error.into() })
}

/// What a batch changes, in memory.
struct Batch {
    follows: HashMap<OrganisationId, Follows>,
    stored: Stored,
}

impl Batch {
    /// What the facts touch, as it was before them.
    async fn load(read: &[(&Recorded, Fact)], known: &mut Known, tx: &mut PgConnection) -> Result<Self, Refused> {
        let (mut tasks, mut inboxes, mut parties, mut found) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (event, fact) in read {
            let (organisation, stream) = (event.header.organisation, event.header.stream);
            match fact {
                Fact::Task(_) => drop(tasks.insert((TaskId(stream.id), organisation))),
                Fact::Inbox(fact) => {
                    inboxes.insert(PersonId(stream.id));
                    tasks.extend(of_time(fact).map(|(task, _)| (task, organisation)));
                    if let inbox::Event::Found(fact) = fact {
                        tasks.insert((fact.task, organisation));
                        found.insert((organisation, PersonId(stream.id), fact.cause));
                    }
                }
                // What is said of one is known by its position alone.
                Fact::Announcement(_) => {}
                Fact::Party => drop(parties.insert((organisation, stream))),
            }
        }
        known.versions(&parties, tx).await?;
        let mut stored = Stored::default();
        stored.tasks = rows::tasks(&tasks, tx).await?;
        stored.inboxes = rows::inboxes(&inboxes, tx).await?;
        stored.told_before = rows::told(&found, tx).await?;
        let mut asked: BTreeSet<(OrganisationId, Followed)> = BTreeSet::new();
        for ((id, organisation), task) in &stored.tasks {
            asked.insert((*organisation, Followed::Task(*id)));
            asked.extend(task.task.lists.iter().map(|list| (*organisation, Followed::List(*list))));
            asked.extend(task.task.form.map(|form| (*organisation, Followed::Form(form))));
        }
        for (event, fact) in read {
            let (organisation, stream) = (event.header.organisation, event.header.stream);
            match fact {
                Fact::Task(fact) => match &**fact {
                    task::Event::AddedToLists { lists } => asked.extend(lists.iter().map(|list| (organisation, Followed::List(*list)))),
                    task::Event::Created(created) => {
                        asked.insert((organisation, Followed::Task(TaskId(stream.id))));
                        asked.extend(created.form.map(|form| (organisation, Followed::Form(form))));
                    }
                    _ => {}
                },
                Fact::Inbox(inbox::Event::Followed(followed) | inbox::Event::Unfollowed(followed)) => {
                    asked.insert((organisation, *followed));
                }
                Fact::Inbox(_) | Fact::Announcement(_) | Fact::Party => {}
            }
        }
        Ok(Self { follows: rows::follows(&asked, tx).await?, stored })
    }

    fn task(&mut self, fact: &task::Event, event: &Recorded, known: &Known) -> Result<(), Fault> {
        let header = &event.header;
        let key = (TaskId(header.stream.id), header.organisation);
        let row = self.stored.tasks.entry(key).or_default();
        if header.version <= row.version {
            return Ok(());
        }
        if header.version != row.version + 1 {
            return Err(Fault::OutOfOrder { expected: row.version + 1, found: header.version });
        }
        row.version = header.version;
        let directory = known.organisation(header.organisation);
        let roles: HashSet<PersonId> = inbox_rule::named(fact).into_iter().filter(|id| directory.role(*id).is_some()).collect();
        let given = row.task.take(key.0, fact, header, &roles);
        let cause = row.task.cause;
        let none = Follows::default();
        let follows = self.follows.get(&header.organisation).unwrap_or(&none);
        let told = address::address(&given, &row.task, header, &directory, follows);
        if let Some(said) = words(fact) {
            self.stored.say(header, cause, said);
        }
        self.stored.tell((About::Task(key.0), key.1), cause, header, told, known);
        Ok(())
    }

    /// Everybody who reads announcements hears of a new one; its words are those that it has by now.
    fn announcement(&mut self, fact: &announcement::Event, event: &Recorded, known: &Known) {
        let header = &event.header;
        let shown = |text: &task::event::Text| text.text.chars().take(CHARACTERS_MAX).collect::<String>();
        match fact {
            announcement::Event::Created(said) => {
                let told = address::announced(header, &known.organisation(header.organisation));
                self.stored.say(header, header.position, Words::Said(shown(&said.text)));
                self.stored.tell((About::Announcement(header.stream.id), header.organisation), header.position, header, told, known);
            }
            announcement::Event::Edited(edited) => self.stored.announce_otherwise(header, Some(shown(&edited.text))),
            announcement::Event::Deleted => self.stored.announce_otherwise(header, None),
            announcement::Event::Commented(_)
            | announcement::Event::CommentEdited(_)
            | announcement::Event::CommentDeleted { .. }
            | announcement::Event::Closed
            | announcement::Event::Reopened => {}
        }
    }

    fn inbox(&mut self, fact: &inbox::Event, event: &Recorded, known: &mut Known) -> Result<(), Fault> {
        let header = &event.header;
        let person = PersonId(header.stream.id);
        let version = self.stored.inboxes.entry(person).or_default();
        if header.version <= *version {
            return Ok(());
        }
        if header.version != *version + 1 {
            return Err(Fault::OutOfOrder { expected: *version + 1, found: header.version });
        }
        *version = header.version;
        self.stored.inboxes_changed.insert(person, header.organisation);
        match fact {
            inbox::Event::Followed(followed) => self.follow(header, *followed, true),
            inbox::Event::Unfollowed(followed) => self.follow(header, *followed, false),
            inbox::Event::Read { task, upto } => self.stored.read(header.organisation, person, *task, (*upto).min(header.position)),
            inbox::Event::Unread { task, position } => self.stored.unread(header.organisation, person, *task, *position),
            inbox::Event::SettingsSet(settings) => known.set(person, settings, header.position),
            inbox::Event::Reminded { .. } | inbox::Event::Unsnoozed { .. } => self.time_came(fact, header, known),
            inbox::Event::Found(found) => self.found(found, header, known),
            inbox::Event::Snoozed { .. } | inbox::Event::ReminderSet { .. } | inbox::Event::ReminderCancelled { .. } => {}
        }
        Ok(())
    }

    fn follow(&mut self, header: &Header, followed: Followed, follows: bool) {
        let person = PersonId(header.stream.id);
        let people = self.follows.entry(header.organisation).or_default().entry(followed).or_default();
        if follows {
            people.insert(person);
        } else {
            people.remove(&person);
        }
        self.stored.follows.insert((header.organisation, followed, person), follows);
    }

    /// What somebody wanted to be told of at a moment, if they see it still.
    fn time_came(&mut self, fact: &inbox::Event, header: &Header, known: &Known) {
        let Some((id, reason)) = of_time(fact) else { return };
        let person = PersonId(header.stream.id);
        let key = (id, header.organisation);
        let Some(row) = self.stored.tasks.get(&key) else { return };
        let directory = known.organisation(header.organisation);
        if row.version > 0 && address::sees(&row.task, person, header, &directory) {
            // By nobody: the person is told what they asked for themselves.
            let given = [Given::Named(person, reason)];
            let header = Header { person: PersonId::SYSTEM, ..*header };
            let told = address::address(&given, &Task::default(), &header, &directory, &Follows::default());
            let own: BTreeMap<PersonId, BTreeSet<Why>> = told.into_iter().filter(|(told, _)| *told == person).collect();
            self.stored.tell((About::Task(key.0), key.1), header.position, &header, own, known);
        }
    }

    /// What a filter finds that somebody follows, if they see it still.
    fn found(&mut self, found: &Found, header: &Header, known: &Known) {
        let (person, key) = (PersonId(header.stream.id), (found.task, header.organisation));
        let Some(row) = self.stored.tasks.get(&key) else { return };
        let directory = known.organisation(header.organisation);
        if row.version > 0 && address::sees(&row.task, person, header, &directory) {
            let header = Header { person: found.by, ..*header };
            let why = Why { followed: Some(Followed::Filter(found.filter)), ..Why::of(Reason::Followed) };
            let told = address::alone(person, why, &header, &directory);
            self.stored.find(key, found.cause, &header, told, known);
        }
    }
}

/// The task that time brings back to its person, and why.
fn of_time(fact: &inbox::Event) -> Option<(TaskId, Reason)> {
    match fact {
        inbox::Event::Reminded { task, at: _ } => Some((*task, Reason::Reminder)),
        inbox::Event::Unsnoozed { task, by_time: true } => Some((*task, Reason::Returned)),
        inbox::Event::Unsnoozed { task: _, by_time: false }
        | inbox::Event::Followed(_)
        | inbox::Event::Unfollowed(_)
        | inbox::Event::Snoozed { .. }
        | inbox::Event::ReminderSet { .. }
        | inbox::Event::ReminderCancelled { .. }
        | inbox::Event::Read { .. }
        | inbox::Event::Unread { .. }
        | inbox::Event::Found(_)
        | inbox::Event::SettingsSet(_) => None,
    }
}

/// Puts what the log holds now in place of the texts that came from `positions`.
async fn forget(at: Position, positions: &[Position], tx: &mut PgConnection) -> Result<(), Refused> {
    let events = erased::events(positions, &[Kind::Task, Kind::Announcement], &mut *tx).await?;
    let mut left = Vec::with_capacity(events.len());
    let park = |error: domain::codec::DecodeError| Refused::Park { position: at, reason: error.into() };
    for event in &events {
        if event.header.stream.kind == Kind::Announcement {
            let fact = announcement::Event::decode(&event.event_type, event.schema, &event.payload).map_err(park)?;
            let text = match fact {
                announcement::Event::Created(said) => said.text,
                announcement::Event::Edited(edited) => edited.text,
                _ => continue,
            };
            left.push((event.header.position, text.text.chars().take(CHARACTERS_MAX).collect()));
            continue;
        }
        let fact = task::Event::decode(&event.event_type, event.schema, &event.payload).map_err(park)?;
        match words(&fact) {
            Some(Words::Said(text) | Words::Edited(_, text)) => left.push((event.header.position, text)),
            Some(Words::Deleted(_)) | None => {}
        }
    }
    rows::replace_texts(&left, tx).await
}

#[cfg(test)]
mod tests;
