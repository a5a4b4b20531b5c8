//! The directory as it follows from the log.

use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::id::{CommandId, StreamId, Version};
use crate::organisation::Settings;
use crate::person::{self, Added, Profile};
use crate::recorded::Header;
use crate::role;

const HOME: OrganisationId = OrganisationId(1);

/// A log of one organisation: each event at the next position.
#[derive(Default)]
struct Log(Vec<Recorded>);

impl Log {
    fn with<E: EventSet>(mut self, stream: StreamId, event: &E) -> Self {
        let position = i64::try_from(self.0.len()).expect("a short log") + 1;
        let version: Version = 1 + i64::try_from(self.0.iter().filter(|known| known.header.stream == stream).count()).expect("short");
        let encoded = event.encode();
        let header = Header {
            organisation: HOME,
            stream,
            version,
            position,
            at: Timestamp::UNIX_EPOCH,
            person: PersonId::SYSTEM,
            command: CommandId(Uuid::from_u128(position as u128)),
            index: 0,
        };
        self.0.push(Recorded {
            header,
            event_type: encoded.event_type.to_owned(),
            schema: encoded.schema,
            meta: "{}".to_owned(),
            payload: encoded.payload,
            hash: [0; 32],
        });
        self
    }

    fn person(self, id: i64, event: &person::Event) -> Self {
        self.with(StreamId::new(Kind::Person, id), event)
    }

    fn role(self, id: i64, event: &role::Event) -> Self {
        self.with(StreamId::new(Kind::Role, id), event)
    }

    fn directory(&self) -> Directory {
        let mut directory = Directory::default();
        for recorded in &self.0 {
            directory.apply(recorded).expect("the event is of this build");
        }
        directory
    }
}

fn profile(first_name: &str, email: &str) -> Profile {
    Profile { first_name: first_name.to_owned(), email: email.to_owned(), ..Profile::default() }
}

fn added(first_name: &str, email: &str) -> person::Event {
    person::Event::Added(Box::new(Added { kind: person::PersonKind::User, rights: 0x20, profile: profile(first_name, email) }))
}

fn changed(first_name: &str, email: &str) -> person::Event {
    person::Event::Changed(Box::new(profile(first_name, email)))
}

fn home(directory: &Directory) -> &OrganisationDirectory {
    directory.organisation(HOME).expect("it has events")
}

#[test]
fn people_are_found_by_id_and_by_address_in_any_case() {
    let settings = Settings { name: "Home".to_owned(), time_zone: "Europe/Berlin".to_owned(), locale: "en-US".to_owned() };
    let log =
        Log::default().with(HOME.into(), &organisation::Event::Created(Box::new(settings))).person(5, &added("Ann", "Ann@Example.org"));
    let directory = log.directory();
    assert_eq!(home(&directory).organisation.settings.name, "Home");
    assert_eq!(home(&directory).by_email("aNN@example.ORG").map(|person| person.id), Some(PersonId(5)));
    assert_eq!(home(&directory).person(PersonId(5)).map(|person| person.rights), Some(0x20));
    assert!(home(&directory).person(PersonId(6)).is_none());
    assert!(directory.organisation(OrganisationId(2)).is_none());
}

#[test]
fn an_address_that_moved_belongs_to_whom_it_moved_to() {
    let log = Log::default()
        .person(5, &added("Ann", "a@example.org"))
        .person(6, &added("Bob", "b@example.org"))
        .person(5, &changed("Ann", "c@example.org"))
        .person(6, &changed("Bob", "a@example.org"))
        .person(5, &changed("Ann", "d@example.org"));
    let directory = log.directory();
    let by_email = |email: &str| home(&directory).by_email(email).map(|person| person.id.0);
    assert_eq!(["a", "b", "c", "d"].map(|name| by_email(&format!("{name}@example.org"))), [Some(6), None, None, Some(5)]);
}

#[test]
fn the_revision_rises_only_with_what_tasks_show_of_those_who_were_there() {
    let revision = |log: &Log| home(&log.directory()).revision;
    let log = Log::default().person(5, &added("Ann", "a@example.org"));
    assert_eq!(revision(&log), 0, "nobody was shown before");
    let log = log.person(5, &person::Event::RightsChanged { rights: 1 }).person(5, &person::Event::KeyIssued);
    assert_eq!(revision(&log), 0, "tasks show neither rights nor keys");
    let log =
        log.person(5, &person::Event::Changed(Box::new(Profile { status: Some("ill".to_owned()), ..profile("Ann", "a@example.org") })));
    assert_eq!(revision(&log), 0, "tasks show no status");
    let log = log.person(5, &changed("Anna", "a@example.org"));
    assert_eq!(revision(&log), 5);
    let log = log.person(5, &person::Event::Blocked);
    assert_eq!(revision(&log), 6);
}

#[test]
fn a_directory_that_was_stored_and_loaded_is_the_same() {
    let log = Log::default()
        .with(HOME.into(), &organisation::Event::Created(Box::default()))
        .person(5, &added("Ann", "a@example.org"))
        .person(6, &added("Bob", "b@example.org"))
        .person(5, &changed("Anna", "c@example.org"))
        .person(6, &person::Event::PasswordChanged);
    let directory = log.directory();
    let mut loaded = Directory::default();
    loaded.put_organisation(home(&directory).organisation.clone());
    for person in home(&directory).persons.values().rev() {
        let stored = serde_json::to_string(&**person).expect("a person is JSON");
        loaded.put_person(serde_json::from_str(&stored).expect("as it was written"));
    }
    assert_eq!(home(&loaded).organisation, home(&directory).organisation);
    assert_eq!(home(&loaded).persons, home(&directory).persons);
    assert_eq!(home(&loaded).emails, home(&directory).emails);
    assert_eq!(home(&loaded).revision, home(&directory).revision);
}

#[test]
fn an_event_of_a_newer_build_is_refused_and_changes_nothing() {
    let mut directory = Log::default().person(5, &added("Ann", "a@example.org")).directory();
    let mut newer = Log::default().person(5, &changed("Anna", "a@example.org")).0.remove(0);
    newer.schema = 2;
    assert_eq!(directory.apply(&newer), Err(DecodeError::NewerSchema { event_type: "person.changed".to_owned(), schema: 2 }));
    assert_eq!(home(&directory).person(PersonId(5)).map(|person| person.profile.first_name.as_str()), Some("Ann"));
}

fn role_log() -> Log {
    let created = |members: &[i64]| {
        role::Event::Created(Box::new(role::Created {
            naming: role::Naming { name: "Clerks".to_owned(), external_id: None },
            members: members.iter().copied().map(PersonId).collect(),
        }))
    };
    Log::default()
        .person(5, &added("Ann", "a@example.org"))
        .person(6, &added("Bob", "b@example.org"))
        .role(8, &created(&[5, 6]))
        .role(7, &created(&[5]))
}

fn principals(log: &Log, person: i64) -> Vec<i64> {
    home(&log.directory()).principals(PersonId(person)).map(|id| id.0).collect()
}

#[test]
fn members_act_for_their_roles() {
    let log = role_log();
    assert_eq!((principals(&log, 5), principals(&log, 6)), (vec![5, 7, 8], vec![6, 8]));
    assert_eq!(principals(&log, 7), [0_i64; 0], "a role is nobody who asks");
    assert_eq!(principals(&log, 404), [0_i64; 0]);
    let log = log.role(8, &role::Event::MembersRemoved { persons: vec![PersonId(5)] });
    let log = log.role(7, &role::Event::MembersAdded { persons: vec![PersonId(6)] });
    assert_eq!((principals(&log, 5), principals(&log, 6)), (vec![5, 7], vec![6, 7, 8]));
    let directory = log.directory();
    let acts = |person, id| home(&directory).acts_as(PersonId(person), PersonId(id));
    assert!(acts(5, 5) && acts(5, 7) && !acts(5, 8) && !acts(5, 6) && !acts(404, 404));
}

#[test]
fn nobody_acts_for_a_banned_or_deleted_role_and_the_blocked_act_for_none() {
    let banned = role_log().role(8, &role::Event::Banned);
    assert_eq!((principals(&banned, 5), principals(&banned, 6)), (vec![5, 7], vec![6]));
    assert!(!home(&banned.directory()).acts(PersonId(8)));
    let meanwhile = banned.role(8, &role::Event::MembersRemoved { persons: vec![PersonId(5)] });
    let restored = meanwhile.role(8, &role::Event::Restored);
    assert_eq!((principals(&restored, 5), principals(&restored, 6)), (vec![5, 7], vec![6, 8]));
    let deleted = restored.role(8, &role::Event::Deleted { task_receiver: None });
    assert_eq!(principals(&deleted, 6), [6]);
    let blocked = deleted.person(5, &person::Event::Blocked);
    assert_eq!(principals(&blocked, 5), [0_i64; 0]);
    assert!(home(&blocked.directory()).role(PersonId(7)).is_some_and(|role| role.members.contains(&PersonId(5))), "but stay in it");
    assert_eq!(principals(&blocked.person(5, &person::Event::Restored), 5), [5, 7]);
}

#[test]
fn the_revision_rises_with_what_tasks_show_of_roles_and_not_with_their_members() {
    let revision = |log: &Log| home(&log.directory()).revision;
    let log = role_log().role(7, &role::Event::MembersAdded { persons: vec![PersonId(6)] });
    assert_eq!(revision(&log), 0);
    let renamed = role::Event::Changed(Box::new(role::Naming { name: "Scribes".to_owned(), external_id: None }));
    let log = log.role(7, &renamed);
    assert_eq!(revision(&log), 6);
    let log = log.role(7, &role::Event::Banned);
    assert_eq!(revision(&log), 7);
}

#[test]
fn roles_that_were_stored_and_loaded_are_the_same() {
    let directory = role_log().role(8, &role::Event::Banned).directory();
    let mut loaded = Directory::default();
    for role in home(&directory).roles.values() {
        let stored = serde_json::to_string(&**role).expect("a role is JSON");
        loaded.put::<Role>(HOME, serde_json::from_str(&stored).expect("as it was written"));
    }
    assert_eq!(home(&loaded).roles, home(&directory).roles);
    assert_eq!(home(&loaded).roles_of, home(&directory).roles_of);
    assert_eq!(home(&loaded).revision, home(&directory).revision);
}
