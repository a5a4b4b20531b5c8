//! Histories that nobody thought of: any requests by anybody, decided as they would be, and what must
//! hold of what follows from them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::aggregate::{Aggregate, ClaimChange, ClaimKind};
use crate::codec::EventSet;
use crate::directory::OrganisationDirectory;
use crate::id::{ListId, PersonId, Position, Version};
use crate::issued::Issued;
use crate::list::Reach;
use crate::person::{self, Added, Person, PersonKind, Profile};
use crate::recorded::Header;
use crate::task::command::{Action, ApprovalChoice, Comment, Create, DueInput, PersonRef, ScheduleInput, TextInput};
use crate::task::timer::{Timer, Timers};
use crate::task::{Command, Document, Subscription, Task};
use crate::testing::{ADMIN, ANNA, BORIS, CLERKS, HOME, SCRIBES, header, list, now, position, with_list, with_roles};

/// A task or person that is asked and folds what it decides, in every way that the actors know.
pub(super) struct Run<A: Aggregate> {
    pub(super) directory: OrganisationDirectory,
    pub(super) log: Vec<(Header, A::Event)>,
    /// Folded from what is committed.
    pub(super) committed: A,
    /// Folded before the log gave positions, which it was told of afterwards.
    expected: A,
    claims: BTreeSet<(ClaimKind, String)>,
}

/// With roles, and a list that is everybody's.
fn home() -> OrganisationDirectory {
    let mut open = list(1, None, []);
    open.settings.reach = Reach::Organisation;
    with_list(with_roles(), open)
}

impl<A: Aggregate> Run<A> {
    pub(super) fn new() -> Self {
        Self { directory: home(), log: Vec::new(), committed: A::default(), expected: A::default(), claims: BTreeSet::new() }
    }

    pub(super) fn ask(&mut self, who: PersonId, command: &A::Command) {
        let issued = Issued { organisation: HOME, who, at: now(), directory: &self.directory };
        let Ok(events) = self.expected.decide(command, &issued) else { return };
        let first = Version::try_from(self.log.len()).expect("a short history") + 1;
        for (index, (version, event)) in (0..).zip((first..).zip(events)) {
            let mut header = header(A::KIND, version, who, first);
            header.index = index;
            for change in self.expected.claims(&event) {
                self.claim(change);
            }
            self.expected.evolve(&event, &Header { position: 0, ..header });
            self.log.push((header, event));
        }
        for (header, event) in &self.log[usize::try_from(first - 1).expect("small")..] {
            self.committed.evolve(event, header);
            self.expected.settle(header.version, header.position);
        }
    }

    fn claim(&mut self, change: ClaimChange) {
        let claim = (change.kind, change.key);
        if change.taken {
            assert!(self.claims.insert(claim), "taken twice");
        } else {
            assert!(self.claims.remove(&claim), "released what was not held");
        }
    }

    /// What must hold of every history of every aggregate.
    pub(super) fn holds(&self) -> Result<(), TestCaseError>
    where
        A: PartialEq,
    {
        prop_assert_eq!(&self.committed, &self.expected, "settling brings the same as knowing at once");
        let mut replayed = A::default();
        for (header, event) in &self.log {
            let encoded = event.encode();
            let read = A::Event::decode(encoded.event_type, encoded.schema, &encoded.payload);
            prop_assert_eq!(read.as_ref(), Ok(event));
            replayed.evolve(event, header);
        }
        prop_assert_eq!(&replayed, &self.committed, "replay is the same as incremental");
        prop_assert_eq!(&through_a_snapshot(&self.committed), &self.committed);
        Ok(())
    }
}

fn through_a_snapshot<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let configuration = bincode::config::standard();
    let bytes = bincode::serde::encode_to_vec(value, configuration).expect("it can be written");
    bincode::serde::decode_from_slice(&bytes, configuration).expect("and read").0
}

fn anybody() -> impl Strategy<Value = PersonId> {
    (0_i64..13).prop_map(|index| if index == 0 { PersonId::SYSTEM } else { PersonId(9 + index) })
}

/// Those who get somewhere, most of the time.
pub(super) fn asker() -> impl Strategy<Value = PersonId> {
    prop_oneof![3 => Just(ANNA), 2 => Just(ADMIN), 2 => Just(BORIS), 1 => anybody()]
}

fn named() -> impl Strategy<Value = PersonRef> {
    // 16 is blocked, 21 does not exist: some requests are refused, most are not. 40 and 41 are roles.
    prop_oneof![6 => (40_i64..42).prop_map(|id| PersonRef::Id(PersonId(id))), 30 => (10_i64..16).prop_map(|id| PersonRef::Id(PersonId(id))), 1 => Just(PersonRef::Id(PersonId(16))), 1 => Just(PersonRef::Id(PersonId(21)))]
}

fn few() -> BoxedStrategy<Vec<PersonRef>> {
    prop_oneof![3 => Just(Vec::new()), 1 => proptest::collection::vec(named(), 1..3)].boxed()
}

fn text() -> BoxedStrategy<TextInput> {
    prop_oneof![
        1 => any::<String>().prop_map(TextInput::Plain),
        5 => "[a-z ]{1,20}".prop_map(TextInput::Plain),
        2 => "[a-z<>/&;\"= bip]{1,60}".prop_map(TextInput::Formatted),
        2 => ("[a-z]{1,9}", 10_i64..16, 1_i64..4).prop_map(|(words, person, version)| {
            let note = position(version);
            TextInput::Formatted(format!("<quote data-noteid=\"{note}\">q</quote>{words} <span data-personid=\"{person}\">x</span>"))
        }),
    ]
    .boxed()
}

fn some_lists() -> BoxedStrategy<Vec<ListId>> {
    // Only 1 is there, and everybody's.
    prop_oneof![20 => Just(Vec::new()), 3 => Just(vec![ListId(1)]), 1 => Just(vec![ListId(404)])].boxed()
}

fn comment_id() -> impl Strategy<Value = Position> {
    (1_i64..12).prop_map(position)
}

fn due() -> BoxedStrategy<DueInput> {
    let day = (2026_i16..2030).prop_map(|year| jiff::civil::date(year, 6, 1));
    let minutes = proptest::option::of(1_i64..500);
    prop_oneof![
        6 => Just(DueInput::default()),
        1 => Just(DueInput { cancel: true, ..DueInput::default() }),
        1 => day.prop_map(|day| DueInput { due_date: Some(day), ..DueInput::default() }),
        1 => minutes.prop_map(|duration| DueInput { due: Some(now()), duration, ..DueInput::default() }),
    ]
    .boxed()
}

fn schedule() -> BoxedStrategy<ScheduleInput> {
    let day = (2027_i16..2030).prop_map(|year| jiff::civil::date(year, 6, 1));
    prop_oneof![
        6 => Just(ScheduleInput::default()),
        1 => Just(ScheduleInput { cancel: true, ..ScheduleInput::default() }),
        1 => day.prop_map(|day| ScheduleInput { date: Some(day), ..ScheduleInput::default() }),
    ]
    .boxed()
}

prop_compose! {
    pub(super) fn comment()(
        text in proptest::option::of(text()),
        subject in proptest::option::weighted(0.2, "[a-z]{0,5}"),
        people in (few(), few(), few(), few(), few()),
        reassign_to in proptest::option::weighted(0.2, named()),
        dates in (due(), schedule()),
        action in proptest::option::weighted(0.3, prop_oneof![Just(Action::Finished), Just(Action::Reopened)]),
        acknowledge in proptest::option::weighted(0.2, Just(ApprovalChoice::Acknowledged)),
        spent_minutes in proptest::option::weighted(0.2, 1_i64..100),
        lists in (some_lists(), some_lists()),
        flags in (proptest::bool::weighted(0.1), proptest::bool::weighted(0.1), proptest::bool::weighted(0.1)),
        as_roles in proptest::option::weighted(0.1, prop_oneof![Just(CLERKS), Just(SCRIBES)]),
    ) -> Comment {
        let (participants_added, participants_removed, subscribers_added, subscribers_removed, subscribers_rerequested) = people;
        Comment {
            text, subject, participants_added, participants_removed, reassign_to, subscribers_added, subscribers_removed,
            subscribers_rerequested, approval_choice: acknowledge, due: dates.0, schedule: dates.1, action,
            lists_added: lists.0, lists_removed: lists.1, edit_comment: None, delete_comment: None, spent_minutes,
            skip_satisfaction: flags.0, skip_notification: flags.1, skip_auto_reopen: flags.2,
            as_roles: as_roles.into_iter().map(PersonRef::Id).collect(),
            ..Comment::default()
        }
    }
}

prop_compose! {
    pub(super) fn create()(participants in few(), subscribers in few(), responsible in proptest::option::of(named()), due in due(), schedule in schedule())
    -> Create {
        let text = Some(TextInput::Plain("hello".into()));
        Create { text, subject: None, responsible, participants, subscribers, parent: None, due, schedule, lists: Vec::new(), ..Create::default() }
    }
}

/// A request that edits or deletes and does nothing else: few of these ids are right.
fn correction() -> impl Strategy<Value = Comment> {
    prop_oneof![
        (comment_id(), text()).prop_map(|(id, text)| Comment { edit_comment: Some(id), text: Some(text), ..Comment::default() }),
        comment_id().prop_map(|id| Comment { delete_comment: Some(id), ..Comment::default() }),
    ]
}

pub(super) fn task_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        40 => comment().prop_map(|comment| Command::Comment(Box::new(comment))),
        40 => correction().prop_map(|comment| Command::Comment(Box::new(comment))),
        3 => Just(Command::PutAway),
        3 => prop::sample::select(Timer::ALL.to_vec()).prop_map(Command::Fire),
        1 => (prop_oneof![Just(CLERKS), Just(BORIS)], prop_oneof![Just(SCRIBES), Just(ANNA)]).prop_map(|(from, to)| Command::Succeed { from, to }),
        1 => Just(Command::Delete),
        1 => create().prop_map(|create| Command::Create(Box::new(create))),
    ]
}

/// The document of a history, with a refresh or an answer in between where `pauses` says so.
pub(super) fn document(log: &[(Header, crate::task::Event)], directory: &OrganisationDirectory, pauses: &[bool]) -> Document {
    let mut document = Document::default();
    for (index, (header, event)) in log.iter().enumerate() {
        document.apply(event, header, directory);
        if pauses.get(index).copied().unwrap_or_default() {
            document.answer();
            document.refresh(directory);
            document = through_a_snapshot(&document);
        }
    }
    document
}

/// The document says what the state says.
pub(super) fn agrees(shown: &serde_json::Value, task: &Task) -> Result<(), TestCaseError> {
    let shown = &shown["task"];
    let comments = shown["comments"].as_array().expect("a task has its first comment");
    let ids = comments.iter().map(|comment| comment["id"].as_i64()).collect::<Vec<_>>();
    prop_assert_eq!(ids, task.comments.iter().map(|comment| Some(comment.id)).collect::<Vec<_>>());
    for (comment, known) in comments.iter().zip(&task.comments) {
        // What creates a task of a form counts as one that says something, whether it does or not.
        if task.form.is_none() || known.version > 1 {
            prop_assert_eq!(comment.get("text").is_some(), known.has_text);
        }
        prop_assert_eq!(comment["author"]["id"].as_i64(), Some(known.author.0));
    }
    prop_assert_eq!(shown["is_closed"].as_bool(), Some(task.closed));
    prop_assert_eq!(shown.get("close_date").is_some(), task.closed);
    prop_assert_eq!(shown["responsible"]["id"].as_i64(), task.responsible.map(|person| person.0));
    prop_assert_eq!(shown["subject"].as_str(), task.subject.as_deref());
    let lists = shown["list_ids"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).map(ListId);
    prop_assert_eq!(lists.collect::<BTreeSet<_>>(), task.lists.clone());
    prop_assert_eq!(shown.get("due").or(shown.get("due_date")).is_some(), task.due.is_some());
    let ids = |list: &str, person: fn(&serde_json::Value) -> &serde_json::Value| {
        let people = shown[list].as_array().into_iter().flatten();
        people.filter_map(|entry| person(entry)["id"].as_i64()).map(PersonId).collect::<BTreeSet<_>>()
    };
    prop_assert_eq!(ids("participants", |entry| entry), task.participants.clone());
    prop_assert_eq!(ids("subscribers", |entry| &entry["person"]), task.subscribers.keys().copied().collect::<BTreeSet<_>>());
    let waiting = shown["subscribers"].as_array().into_iter().flatten().filter(|entry| entry["approval_choice"] == "waiting").count();
    prop_assert_eq!(waiting, task.subscribers.values().filter(|subscription| **subscription == Subscription::Asked).count());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_history_of_a_task_folds_the_same_in_every_way(
        created in create(),
        commands in proptest::collection::vec((asker(), task_command()), 0..40),
        pauses in proptest::collection::vec(proptest::bool::weighted(0.2), 100),
    ) {
        let mut run = Run::<Task>::new();
        run.ask(ANNA, &Command::Create(Box::new(created)));
        for (who, command) in &commands {
            run.ask(*who, command);
        }
        run.holds()?;
        if !run.committed.exists {
            return Ok(());
        }
        let mut timers = Timers::default();
        run.log.iter().for_each(|(_, event)| timers.take(event));
        prop_assert_eq!(run.committed.timers(), timers, "whoever reads only some facts knows the same timers");
        let shown = |mut document: Document| serde_json::from_slice::<serde_json::Value>(&document.answer().to_vec()).expect("JSON");
        let at_once = shown(document(&run.log, &run.directory, &[]));
        prop_assert_eq!(&shown(document(&run.log, &run.directory, &pauses)), &at_once, "incremental is the same as rebuilt");
        agrees(&at_once, &run.committed)?;
    }

    #[test]
    fn any_history_of_a_person_folds_the_same_and_claims_what_it_shows(
        commands in proptest::collection::vec((asker(), person_command()), 0..25),
    ) {
        let mut run = Run::<Person>::new();
        let added = Added { kind: PersonKind::User, rights: 0x20, profile: profile("Boris", "boris@example.com") };
        run.ask(PersonId::SYSTEM, &person::Command::Add(Box::new(added)));
        for (who, command) in &commands {
            run.ask(*who, command);
        }
        run.holds()?;
        let profile = &run.committed.profile;
        let external = profile.external_id.clone().map(|id| (ClaimKind::ExternalId, id));
        let email = Some((ClaimKind::Email, profile.email.to_lowercase())).filter(|(_, email)| !email.is_empty());
        let phone = profile.login_phone.clone().map(|phone| (ClaimKind::LoginPhone, phone));
        // The place of a leaving is held for ever.
        run.claims.retain(|(kind, _)| *kind != ClaimKind::AdministrationLeft);
        prop_assert_eq!(run.claims, email.into_iter().chain(phone).chain(external).collect::<BTreeSet<_>>());
    }
}

pub(super) fn profile(first_name: &str, email: &str) -> Profile {
    Profile { first_name: first_name.into(), email: email.into(), ..Profile::default() }
}

prop_compose! {
    fn change()(
        first_name in proptest::option::of("[A-Z][a-z]{0,3}"),
        email in proptest::option::of("[aBc]{0,2}@[xY]"),
        external_id in proptest::option::of("[ab]{0,1}"),
        status in proptest::option::of("[a-z]{0,3}"),
        rights in proptest::option::weighted(0.2, prop_oneof![0_u32..0x2000, Just(0xfff)]),
        login_phone in proptest::option::weighted(0.2, "(\\+1234[56])?"),
        banned in proptest::option::weighted(0.2, any::<bool>()),
    ) -> person::Change {
        person::Change { first_name, email, external_id, status, rights, login_phone, banned, ..person::Change::default() }
    }
}

pub(super) fn person_command() -> impl Strategy<Value = person::Command> {
    prop_oneof![
        6 => change().prop_map(|change| person::Command::Change(Box::new(change))),
        1 => Just(person::Command::Block),
        1 => Just(person::Command::Restore),
        1 => Just(person::Command::IssueKey),
        1 => Just(person::Command::RevokeKey),
        1 => Just(person::Command::ChangePassword),
        1 => proptest::option::of((10_i64..15).prop_map(PersonId)).prop_map(|receiver| person::Command::Dismiss { receiver }),
        1 => Just(person::Command::SetAvatar(person::Avatar { guid: Some("a-1".into()), ..person::Avatar::default() })),
        1 => (1_i8..20, proptest::option::of((10_i64..15).prop_map(PersonId))).prop_map(|(day, deputy)| {
            let from = jiff::civil::date(2026, 3, day);
            person::Command::SetAbsence(person::Away { from, until: from, deputy })
        }),
        1 => Just(person::Command::ClearAbsence),
    ]
}
