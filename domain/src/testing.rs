//! Given / when / then, for the tests of this crate and of the crates above it, and the small
//! organisation that they play in. Not in a program that serves.
//!
//! `given(events).by(who).at(when).when(command).then(events)`, or `.then_rejected(code)`, or
//! `.then_nothing()`.

use std::fmt::Debug;

use jiff::Timestamp;
use uuid::Uuid;

use crate::aggregate::{Aggregate, Events};
use crate::codec::EventSet;
use crate::directory::{Directory, Listed as _, OrganisationDirectory};
use crate::filter::{self, Over, Query};
use crate::form::{Form, Level};
use crate::id::{CommandId, FormId, Kind, ListId, OrganisationId, PersonId, Position, StreamId, Version};
use crate::issued::Issued;
use crate::list::{self, List};
use crate::organisation::{Organisation, Settings};
use crate::person::{Added, Person, PersonKind, Profile, rights};
use crate::recorded::Header;
use crate::rejection::{Code, Rejection};
use crate::role::{self, Role};

pub const HOME: OrganisationId = OrganisationId(1);
/// Another organisation, whose business none of this is.
pub const AWAY: OrganisationId = OrganisationId(2);
/// Holds every right.
pub const ADMIN: PersonId = PersonId(10);
pub const ANNA: PersonId = PersonId(11);
/// The person whom tests of persons are about.
pub const BORIS: PersonId = PersonId(12);
pub const CLARA: PersonId = PersonId(13);
/// In no task that a test makes, unless it says so.
pub const DAVID: PersonId = PersonId(14);
/// Holds `SEE_ALL_TASKS`.
pub const EVA: PersonId = PersonId(15);
/// Is blocked.
pub const FELIX: PersonId = PersonId(16);
/// A guest whose rights' bits are all set, and count for nothing.
pub const GRETA: PersonId = PersonId(17);
/// Holds `MANAGE_PERSONS`.
pub const MANAGER: PersonId = PersonId(18);
/// Holds `INVITE_PERSONS`.
pub const INVITER: PersonId = PersonId(19);
pub const ROBOT: PersonId = PersonId(20);
/// Of [`AWAY`], with every right there.
pub const STRANGER: PersonId = PersonId(90);

/// The task that tests of tasks are about.
pub const TASK: i64 = 77;

/// The moment at which commands are given unless a test says otherwise: a Monday, 11:00 in Berlin.
pub fn now() -> Timestamp {
    moment("2026-03-02T10:00:00Z")
}

/// # Panics
/// When the text is not a moment as RFC 3339 writes it.
pub fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// Where the event of `version` lies in the log of a test.
pub const fn position(version: Version) -> Position {
    100 + version
}

pub fn settings() -> Settings {
    Settings { name: "Home".to_owned(), time_zone: "Europe/Berlin".to_owned(), locale: "en-US".to_owned() }
}

/// Somebody with the rights of a newcomer.
pub fn ordinary(first_name: &str, email: &str) -> Added {
    let profile =
        Profile { first_name: first_name.to_owned(), last_name: "Test".to_owned(), email: email.to_owned(), ..Profile::default() };
    Added { kind: PersonKind::User, rights: rights::DEFAULT, profile }
}

/// [`HOME`] with everybody named above in it; addresses are `anna@example.org` and so on.
pub fn directory() -> OrganisationDirectory {
    OrganisationDirectory::clone(directories().organisation(HOME).expect("it was put in"))
}

/// Both organisations and everybody in them.
pub fn directories() -> Directory {
    let mut directory = Directory::default();
    for id in [HOME, AWAY] {
        directory.put_organisation(Organisation { id, exists: true, settings: settings() });
    }
    let profile = |name: &str| ordinary(name, &format!("{}@example.org", name.to_lowercase())).profile;
    let stranger = Person { id: STRANGER, organisation: AWAY, exists: true, profile: profile("Stranger"), ..Person::default() };
    directory.put_person(Person { rights: rights::ADMINISTRATOR, ..stranger });
    let mut put = |id: PersonId, name: &str, kind, rights, blocked| {
        let profile = profile(name);
        directory.put_person(Person { id, organisation: HOME, exists: true, kind, profile, rights, blocked, ..Person::default() });
    };
    put(ADMIN, "Admin", PersonKind::User, rights::ADMINISTRATOR, false);
    put(ANNA, "Anna", PersonKind::User, rights::DEFAULT, false);
    put(BORIS, "Boris", PersonKind::User, rights::DEFAULT, false);
    put(CLARA, "Clara", PersonKind::User, rights::DEFAULT, false);
    put(DAVID, "David", PersonKind::User, rights::DEFAULT, false);
    put(EVA, "Eva", PersonKind::User, rights::DEFAULT | rights::SEE_ALL_TASKS, false);
    put(FELIX, "Felix", PersonKind::User, rights::ADMINISTRATOR, true);
    put(GRETA, "Greta", PersonKind::Guest, rights::ADMINISTRATOR, false);
    put(MANAGER, "Manager", PersonKind::User, rights::MANAGE_PERSONS, false);
    put(INVITER, "Inviter", PersonKind::User, rights::INVITE_PERSONS, false);
    put(ROBOT, "Robot", PersonKind::Bot, rights::DEFAULT, false);
    directory
}

/// A role of [`HOME`] of this id, whose members are these.
pub fn role(id: i64, members: impl IntoIterator<Item = PersonId>) -> Role {
    let members = members.into_iter().collect();
    Role { id: PersonId(id), organisation: HOME, exists: true, name: format!("Role {id}"), members, ..Role::default() }
}

/// The organisation with `role` in it, in place of what it had under that id.
pub fn with_role(home: OrganisationDirectory, role: Role) -> OrganisationDirectory {
    let mut home = home;
    role.list(&mut home);
    home
}

/// A private list of [`HOME`] of this id, which these manage.
pub fn list(id: i64, parent: Option<ListId>, managers: impl IntoIterator<Item = PersonId>) -> List {
    let settings = list::Settings { name: format!("List {id}"), ..list::Settings::default() };
    let managers = managers.into_iter().collect();
    List { id: ListId(id), organisation: HOME, exists: true, settings, parent, managers, version: 1, ..List::default() }
}

/// The organisation with `list` in it, in place of what it had under that id.
pub fn with_list(home: OrganisationDirectory, list: List) -> OrganisationDirectory {
    let mut home = home;
    list.list(&mut home);
    home
}

/// A form of [`HOME`] of this id without fields and steps, with these levels.
pub fn form(id: i64, levels: impl IntoIterator<Item = (PersonId, Level)>) -> Form {
    let levels = levels.into_iter().collect();
    Form { id: FormId(id), organisation: HOME, exists: true, template: 1, levels, ..Form::default() }
}

/// The organisation with `form` in it, in place of what it had under that id.
pub fn with_form(home: OrganisationDirectory, form: Form) -> OrganisationDirectory {
    let mut home = home;
    form.list(&mut home);
    home
}

/// A saved filter of this name that looks for everything there.
pub fn filter_settings(name: &str, over: Over) -> filter::Settings {
    filter::Settings { name: name.into(), query: Query { over, ..Query::default() }, ..filter::Settings::default() }
}

/// A role of [`with_roles`]: Boris and Clara.
pub const CLERKS: PersonId = PersonId(40);
/// A role of [`with_roles`]: Clara.
pub const SCRIBES: PersonId = PersonId(41);

/// [`directory`] with two roles.
pub fn with_roles() -> OrganisationDirectory {
    with_role(with_role(directory(), role(CLERKS.0, [BORIS, CLARA])), role(SCRIBES.0, [CLARA]))
}

/// The header of a test's event: each is a command of its own unless `command` says otherwise.
pub fn header(kind: Kind, version: Version, person: PersonId, command: Version) -> Header {
    let id = match kind {
        Kind::Organisation => HOME.0,
        Kind::Person => BORIS.0,
        Kind::Task
        | Kind::Audit
        | Kind::Role
        | Kind::Department
        | Kind::List
        | Kind::Announcement
        | Kind::Article
        | Kind::Account
        | Kind::Award
        | Kind::Catalog
        | Kind::Form
        | Kind::Filter
        | Kind::File => TASK,
        Kind::Inbox => ANNA.0,
    };
    Header {
        organisation: HOME,
        stream: StreamId::new(kind, id),
        version,
        position: position(version),
        at: now(),
        person,
        command: CommandId(Uuid::from_u128(u128::from(command.unsigned_abs()))),
        index: 0,
    }
}

/// A history so far: each event a command of its own by [`ANNA`].
pub fn given<A: Aggregate>(events: impl IntoIterator<Item = A::Event>) -> Given<A> {
    Given { history: Vec::new(), who: ANNA, at: now(), directory: directory() }.and(ANNA, events)
}

/// What has happened, and who is about to ask when.
#[derive(Clone)]
pub struct Given<A: Aggregate> {
    history: Vec<(Header, A::Event)>,
    who: PersonId,
    at: Timestamp,
    directory: OrganisationDirectory,
}

impl<A: Aggregate> Given<A> {
    /// More history, by `who`, each event a command of its own.
    pub fn and(mut self, who: PersonId, events: impl IntoIterator<Item = A::Event>) -> Self {
        for event in events {
            let version = self.next_version();
            self.history.push((header(A::KIND, version, who, version), event));
        }
        self
    }

    /// More history, by `who`, all of it one command.
    pub fn and_together(mut self, who: PersonId, events: impl IntoIterator<Item = A::Event>) -> Self {
        let command = self.next_version();
        for (index, event) in (0..).zip(events) {
            let mut header = header(A::KIND, self.next_version(), who, command);
            header.index = index;
            self.history.push((header, event));
        }
        self
    }

    pub fn by(mut self, who: PersonId) -> Self {
        self.who = who;
        self
    }

    pub fn at(mut self, at: &str) -> Self {
        self.at = moment(at);
        self
    }

    /// Another organisation around it than [`directory`].
    pub fn among(mut self, directory: OrganisationDirectory) -> Self {
        self.directory = directory;
        self
    }

    pub fn history(&self) -> &[(Header, A::Event)] {
        &self.history
    }

    /// The state after the history.
    pub fn state(&self) -> A {
        self.folded(|header| header)
    }

    /// The same when nothing of it is committed yet.
    pub fn unsettled(&self) -> A {
        self.folded(|header| Header { position: 0, ..header })
    }

    fn folded(&self, seen: impl Fn(Header) -> Header) -> A {
        let mut state = A::default();
        for (header, event) in &self.history {
            state.evolve(event, &seen(*header));
        }
        state
    }

    pub fn when(self, command: A::Command) -> Outcome<A> {
        let issued = Issued { organisation: HOME, who: self.who, at: self.at, directory: &self.directory };
        let outcome = self.state().decide(&command, &issued);
        if let Ok(events) = &outcome {
            self.taken_in(events);
        }
        Outcome { outcome }
    }

    /// Whatever was decided can be written, read again and folded.
    fn taken_in(&self, events: &[A::Event]) {
        let mut state = self.state();
        for (version, event) in (self.next_version()..).zip(events) {
            let encoded = event.encode();
            let read = A::Event::decode(encoded.event_type, encoded.schema, &encoded.payload);
            assert_eq!(read.as_ref(), Ok(event), "what was decided is read as it was written");
            assert!(A::Event::TYPES.contains(&encoded.event_type), "{} is registered", encoded.event_type);
            state.evolve(event, &header(A::KIND, version, self.who, self.next_version()));
        }
    }

    fn next_version(&self) -> Version {
        Version::try_from(self.history.len()).expect("a short history") + 1
    }
}

/// What was decided.
#[derive(Debug)]
#[must_use = "a decision that is not looked at tests nothing"]
pub struct Outcome<A: Aggregate> {
    outcome: Result<Events<A::Event>, A::Rejection>,
}

impl<A: Aggregate> Outcome<A> {
    /// # Panics
    /// When anything else was decided.
    #[track_caller]
    pub fn then(self, events: impl IntoIterator<Item = A::Event>) {
        match self.outcome {
            Ok(decided) => assert_eq!(decided, events.into_iter().collect::<Vec<_>>()),
            Err(rejection) => panic!("rejected: {rejection}"),
        }
    }

    /// # Panics
    /// When anything was decided.
    #[track_caller]
    pub fn then_nothing(self) {
        self.then([]);
    }

    /// # Panics
    /// When it was not rejected, or with another code.
    #[track_caller]
    pub fn then_rejected(self, code: Code) {
        match self.outcome {
            Ok(decided) => panic!("not rejected but decided: {decided:?}"),
            Err(rejection) => assert_eq!(rejection.code(), code, "{rejection}"),
        }
    }

    /// What was decided, for a look of one's own.
    pub fn outcome(self) -> Result<Events<A::Event>, A::Rejection> {
        self.outcome
    }
}

/// `role.created` without an external id.
pub fn role_created(name: &str, members: impl IntoIterator<Item = PersonId>) -> role::Event {
    let naming = role::Naming { name: name.to_owned(), external_id: None };
    role::Event::Created(Box::new(role::Created { naming, members: members.into_iter().collect() }))
}

/// `task.created` with nothing but a text.
pub fn task_created(text: &str) -> crate::task::Event {
    crate::task::Event::Created(Box::new(crate::task::event::Created {
        text: crate::task::event::Text { text: text.to_owned(), ..Default::default() },
        attachments: Vec::new(),
        subject: None,
        responsible: None,
        participants: Vec::new(),
        subscribers: Vec::new(),
        parent: None,
        due: None,
        schedule: None,
        form: None,
        template: None,
        author: None,
        origin: None,
    }))
}

/// `award.created` without a description.
pub fn award_created(name: &str, grant: u32, revoke: u32) -> crate::award::Event {
    use crate::award::{Created, Event, Naming, Thresholds};

    let naming = Naming { name: name.to_owned(), description: None };
    Event::Created(Box::new(Created { naming, thresholds: Thresholds { grant, revoke } }))
}

/// `file.uploaded` of three bytes.
pub fn file_uploaded(name: &str) -> crate::file::Event {
    use crate::file::{Event, Uploaded};

    Event::Uploaded(Box::new(Uploaded {
        secret: uuid::Uuid::from_u128(0x0123_4567_89ab_4def_8123_4567_89ab_cdef),
        name: name.to_owned(),
        size: 3,
        md5: "900150983cd24fb0d6963f7d28e17f72".to_owned(),
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned(),
        media_type: "text/plain".to_owned(),
    }))
}

/// `announcement.created` with a plain text.
pub fn announced(text: &str) -> crate::announcement::Event {
    crate::announcement::Event::Created(Box::new(plain_text(text).into()))
}

/// `announcement.commented` with a plain text.
pub fn remarked(text: &str) -> crate::announcement::Event {
    crate::announcement::Event::Commented(Box::new(plain_text(text).into()))
}

fn plain_text(text: &str) -> crate::task::event::Text {
    crate::task::event::Text { text: text.to_owned(), ..Default::default() }
}

/// `article.created` of an article.
pub fn written(title: &str, body: &str, parent: Option<i64>) -> crate::article::Event {
    added(crate::article::Nature::Article, title, body, parent)
}

/// `article.created` of a topic without a text.
pub fn topic(title: &str, parent: Option<i64>) -> crate::article::Event {
    added(crate::article::Nature::Topic, title, "", parent)
}

fn added(nature: crate::article::Nature, title: &str, body: &str, parent: Option<i64>) -> crate::article::Event {
    let parent = parent.map(crate::id::ArticleId);
    crate::article::Event::Created(Box::new(crate::article::Created { nature, title: title.to_owned(), body: body.to_owned(), parent }))
}

/// A topic of [`HOME`] as the directory holds it: it inherits, and names nobody.
pub fn topic_under(id: i64, parent: Option<i64>) -> crate::article::Article {
    crate::article::Article {
        organisation: HOME,
        id: crate::id::ArticleId(id),
        exists: true,
        nature: crate::article::Nature::Topic,
        parent: parent.map(crate::id::ArticleId),
        number: 1,
        ..Default::default()
    }
}

/// [`directory`] with these articles in it.
pub fn in_knowledge_base(articles: impl IntoIterator<Item = crate::article::Article>) -> OrganisationDirectory {
    let mut directory = directory();
    for article in articles {
        directory.put_article(article);
    }
    directory
}

/// A file as a task has it.
pub fn attached(id: i64, name: &str) -> crate::file::Attached {
    crate::file::Attached {
        id: crate::id::FileId(id),
        name: name.to_owned(),
        size: 3,
        md5: "ab".to_owned(),
        version: 1,
        ..Default::default()
    }
}
