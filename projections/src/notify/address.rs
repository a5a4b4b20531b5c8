//! Who the people are behind a reason, at the moment of the fact, and on which way they are told. All that it rests on is what the log
//! held up to then, so that a log that is read again leads to the same.
//!
//! | Named | Told |
//! |---|---|
//! | a person | they; and, while they are away, their deputy of what is theirs to do (approval, assigned, overdue, due; a comment in a task that they are responsible for), for them |
//! | a role | each of its members, through the role |
//! | those who follow something | each of them who sees the task then |
//! | everybody | who reads announcements then |
//!
//! Never who did it, nobody who is blocked, and no program.

use std::collections::{BTreeMap, BTreeSet};

use domain::directory::OrganisationDirectory;
use domain::inbox::{Channel, Followed, Reason, Reasons, Settings};
use domain::person::PersonKind;
use domain::rights::{Being, Deed};
use domain::{FormId, Header, Issued, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::rule::{Given, Task};

/// One of the ways by which a reason reached somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Why {
    pub reason: Reason,
    /// The role that they are in and that the reason was given to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<PersonId>,
    /// Who is away, and for whom they stand in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<PersonId>,
    /// What they follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followed: Option<Followed>,
}

impl Why {
    pub const fn of(reason: Reason) -> Self {
        Self { reason, role: None, absent: None, followed: None }
    }
}

/// Who follows what, as far as it is asked here.
pub type Follows = BTreeMap<Followed, BTreeSet<PersonId>>;

/// Everybody whom these reasons of one fact reach, and how.
pub fn address(
    given: &[Given],
    task: &Task,
    header: &Header,
    directory: &OrganisationDirectory,
    follows: &Follows,
) -> BTreeMap<PersonId, BTreeSet<Why>> {
    let mut told = Told { by: header.person, directory, people: BTreeMap::new() };
    for given in given {
        match *given {
            Given::Named(named, reason) if directory.role(named).is_some() => told.members(named, reason),
            Given::Named(named, reason) => {
                told.tell(named, Why::of(reason));
                if is_theirs_to_do(reason) || (reason == Reason::Comment && task.is_for(named)) {
                    told.deputy(named, reason, header.at);
                }
            }
            Given::Followers(followed) => {
                for person in follows.get(&followed).into_iter().flatten() {
                    if sees(task, *person, header, directory) {
                        told.tell(*person, Why { followed: Some(followed), ..Why::of(Reason::Followed) });
                    }
                }
            }
        }
    }
    told.people
}

struct Told<'a> {
    by: PersonId,
    directory: &'a OrganisationDirectory,
    people: BTreeMap<PersonId, BTreeSet<Why>>,
}

impl Told<'_> {
    fn tell(&mut self, person: PersonId, why: Why) {
        let hears = |person: &domain::person::Person| person.exists && !person.blocked && person.kind != PersonKind::Bot;
        if person != self.by && self.directory.person(person).is_some_and(|person| hears(person)) {
            self.people.entry(person).or_default().insert(why);
        }
    }

    fn members(&mut self, role: PersonId, reason: Reason) {
        let members = self.directory.role(role).filter(|role| role.acts()).map(|role| role.members.clone()).unwrap_or_default();
        for member in members {
            self.tell(member, Why { role: Some(role), ..Why::of(reason) });
        }
    }

    fn deputy(&mut self, absent: PersonId, reason: Reason, at: Timestamp) {
        if let Some(deputy) = self.directory.person(absent).and_then(|person| person.deputy_at(at)) {
            self.tell(deputy, Why { absent: Some(absent), ..Why::of(reason) });
        }
    }
}

const fn is_theirs_to_do(reason: Reason) -> bool {
    matches!(reason, Reason::Approval | Reason::Assigned | Reason::Overdue | Reason::Due)
}

/// Everybody who hears of a new announcement: who reads announcements, but for who made it.
pub fn announced(header: &Header, directory: &OrganisationDirectory) -> BTreeMap<PersonId, BTreeSet<Why>> {
    let mut told = Told { by: header.person, directory, people: BTreeMap::new() };
    for person in directory.persons.values().filter(|person| Deed::ReadAnnouncements.allows(person)) {
        told.tell(person.id, Why::of(Reason::Announcement));
    }
    told.people
}

/// One person, if they hear of what others do.
pub fn alone(person: PersonId, why: Why, header: &Header, directory: &OrganisationDirectory) -> BTreeMap<PersonId, BTreeSet<Why>> {
    let mut told = Told { by: header.person, directory, people: BTreeMap::new() };
    told.tell(person, why);
    told.people
}

/// Whether somebody sees the task at the moment of the fact: as its actor decides (`domain/src/task/access.rs`), by what this rule
/// remembers of it.
pub fn sees(task: &Task, person: PersonId, header: &Header, directory: &OrganisationDirectory) -> bool {
    let issued = Issued { organisation: header.organisation, who: person, at: header.at, directory };
    let named = task.named();
    let is = |being| match being {
        Being::Author | Being::Responsible | Being::WasResponsible | Being::Participant | Being::Subscriber | Being::Approver => {
            directory.principals(person).any(|principal| named.contains(&principal))
        }
        Being::Deputy | Being::DeputyOfResponsible => directory.deputised_by(person, header.at).any(|absent| named.contains(&absent)),
        Being::ListReader => task.lists.iter().any(|list| issued.standing(*list).is_some()),
        Being::FormReader => task.form.is_some_and(|form| issued.level(form).sees_all_tasks()),
        Being::Oneself | Being::ListManager | Being::FormManager | Being::Reader | Being::Editor | Being::Addressed => false,
    };
    !task.is_deleted() && issued.permits_who(Deed::SeeTask, is)
}

/// On which ways somebody is told, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    pub web: bool,
    /// When mail may go out; none where none goes out.
    pub mail: Option<Timestamp>,
    pub push: Option<Timestamp>,
}

impl Ways {
    pub const fn is_none(&self) -> bool {
        !self.web && self.mail.is_none() && self.push.is_none()
    }
}

/// What somebody's settings let through of what happens at `at` in a task of `form`.
pub fn ways(settings: &Settings, form: Option<FormId>, reasons: Reasons, at: Timestamp, zone: &str) -> Ways {
    let through = |channel| settings.lets_through(channel, reasons, form);
    let after = |channel| through(channel).then(|| settings.deliver_after(at, zone));
    Ways { web: through(Channel::Web), mail: after(Channel::Mail), push: after(Channel::Push) }
}

/// The reasons among these.
pub fn reasons(why: &BTreeSet<Why>) -> Reasons {
    Reasons::of(why.iter().map(|why| why.reason))
}

/// The name of the zone that somebody lives in.
pub fn zone_of(person: PersonId, directory: &OrganisationDirectory) -> &str {
    let own = directory.person(person).and_then(|person| person.profile.time_zone.as_deref());
    own.unwrap_or(&directory.organisation.settings.time_zone)
}
