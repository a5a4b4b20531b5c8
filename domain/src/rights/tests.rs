//! Every cell of the table, held against what is decided: each deed is tried by everybody who differs in kind or in rights, and
//! by who is each thing to what it is done to.

use super::{Being, Deed, Who};
use crate::aggregate::Aggregate;
use crate::announcement::{self, Announcement};
use crate::article::{self, Access, Article, Permissions};
use crate::audit;
use crate::award::{self, Award};
use crate::department::{self, Department};
use crate::directory::{Listed as _, OrganisationDirectory};
use crate::filter::{self, Filter, Over, Shared};
use crate::form::{Form, Level};
use crate::id::{FormId, ListId, PersonId, Position};
use crate::issued::{Asker, Issued};
use crate::list::{self, List, Reach, Standing};
use crate::organisation::{self, Organisation};
use crate::person::{self, Absence, BotChange, Person, PersonKind, rights};
use crate::rejection::{Code, Rejection as _};
use crate::role::{self, Role};
use crate::task::command::{Comment, TextInput};
use crate::task::event::{Commented, Text};
use crate::task::form::Filling;
use crate::task::{self, Task};
use crate::testing::{
    ADMIN, ANNA, BORIS, FELIX, GRETA, Given, HOME, ROBOT, STRANGER, announced, directory, filter_settings, given, list, moment, now,
    ordinary, position, remarked, settings, task_created, topic_under, with_form, with_list,
};
use crate::workflow::{Approval, Choice, Progress};

/// A colleague without any right.
const PLAIN: PersonId = PersonId(200);

/// A bot whom nobody's right but that to look after bots concerns.
const OTHER_ROBOT: PersonId = PersonId(230);
/// Who is away where somebody is a deputy.
const ABSENT: PersonId = PersonId(231);

/// [`directory`] with one colleague more for each right and each preset, who holds that alone, [`PLAIN`], [`OTHER_ROBOT`] and [`ABSENT`].
fn home() -> OrganisationDirectory {
    let alone = (0..).zip(rights::NAMES).map(|(number, (right, _))| (PersonId(201 + number), right));
    let mut home = directory();
    let presets = [rights::ORGANISATION_MANAGER, rights::SUPERVISOR, rights::CONFIGURATION_MANAGER, rights::ADMINISTRATION];
    let together = (0..).zip(presets).map(|(number, rights)| (PersonId(220 + number), rights));
    for (id, rights) in [(PLAIN, 0)].into_iter().chain(alone).chain(together) {
        Person { id, organisation: HOME, exists: true, rights, ..Person::default() }.list(&mut home);
    }
    Person { id: ABSENT, organisation: HOME, exists: true, ..Person::default() }.list(&mut home);
    Person { id: OTHER_ROBOT, organisation: HOME, exists: true, kind: PersonKind::Bot, ..Person::default() }.list(&mut home);
    home
}

fn everybody(home: &OrganisationDirectory) -> Vec<PersonId> {
    let others = home.persons.keys().copied().filter(|who| ![OTHER_ROBOT, ABSENT].contains(who));
    [PersonId::SYSTEM].into_iter().chain(others).chain([STRANGER, PersonId(404)]).collect()
}

#[test]
fn the_table_reads_like_this() {
    insta::assert_snapshot!(super::table());
}

#[test]
fn what_everybody_may_by_kind_and_rights_is_what_is_decided() {
    let home = home();
    for deed in Deed::ALL {
        for who in everybody(&home) {
            let case = Case { home: home.clone(), who, being: None };
            assert_eq!(case.decided(deed), case.expected(deed), "{deed:?} by {who}");
        }
    }
}

#[test]
fn what_everybody_may_by_what_they_are_to_it_is_what_is_decided() {
    let home = home();
    for being in Being::ALL {
        for who in everybody(&home).into_iter().filter(|who| home.person(*who).is_some()) {
            let case = Case { home: around(home.clone(), being, who), who, being: Some(being) };
            for deed in Deed::ALL {
                assert_eq!(case.decided(deed), case.expected(deed), "{deed:?} by {who}, who is {being:?}");
            }
        }
    }
}

#[test]
fn nothing_that_somebody_can_be_is_without_effect() {
    for being in Being::ALL {
        assert!(Deed::ALL.into_iter().any(|deed| deed.minds(being)), "{being:?}");
    }
}

/// What the directory has to show for somebody to be this.
fn around(mut home: OrganisationDirectory, being: Being, who: PersonId) -> OrganisationDirectory {
    match being {
        Being::Deputy | Being::DeputyOfResponsible => {
            let mut absent = Person::clone(home.person(ABSENT).expect("they are there"));
            let (day, begins, ends) = (jiff::civil::date(2026, 3, 2), moment("2026-03-01T23:00:00Z"), moment("2026-03-02T23:00:00Z"));
            absent.absence = Some(Absence { from: day, until: day, begins, ends, deputy: Some(who) });
            absent.list(&mut home);
            home
        }
        Being::ListReader => {
            let mut list = list(1, None, []);
            list.members.insert(who);
            with_list(home, list)
        }
        Being::ListManager => with_list(home, list(1, None, [who])),
        Being::FormReader | Being::FormManager => {
            let level = if being == Being::FormReader { Level::RestrictedManager } else { Level::Manager };
            with_form(home, Form { id: FormId(1), organisation: HOME, exists: true, levels: [(who, level)].into(), ..Form::default() })
        }
        Being::Oneself
        | Being::Author
        | Being::Responsible
        | Being::WasResponsible
        | Being::Participant
        | Being::Subscriber
        | Being::Reader
        | Being::Editor
        | Being::Addressed
        | Being::Approver => home,
    }
}

/// Somebody who is nothing, or one thing, to what they do it to.
struct Case {
    home: OrganisationDirectory,
    who: PersonId,
    being: Option<Being>,
}

impl Case {
    fn issued(&self) -> Issued<'_> {
        Issued { organisation: HOME, who: self.who, at: now(), directory: &self.home }
    }

    fn is(&self, being: Being) -> bool {
        self.being == Some(being)
    }

    fn if_is(&self, being: Being, otherwise: PersonId) -> PersonId {
        if self.is(being) { self.who } else { otherwise }
    }

    /// As the table is read by hand.
    fn expected(&self, deed: Deed) -> bool {
        let person = match self.issued().asker() {
            Asker::System => return true,
            Asker::Person(person) => person,
            Asker::Nobody => return false,
        };
        let colleague = person.kind != PersonKind::Guest;
        let holds = |rights| colleague && person.rights & rights == rights;
        let is = |wanted| match self.being {
            // These are also the other.
            Some(Being::DeputyOfResponsible) => [Being::DeputyOfResponsible, Being::Deputy].contains(&wanted),
            Some(Being::ListManager) if colleague => [Being::ListManager, Being::ListReader].contains(&wanted),
            Some(Being::ListManager) => wanted == Being::ListReader,
            Some(Being::FormManager) if colleague => [Being::FormManager, Being::FormReader].contains(&wanted),
            // A guest is a member of a form at most.
            Some(Being::FormManager | Being::FormReader) if !colleague => false,
            being => being == Some(wanted),
        };
        let may = deed.who().iter().any(|who| match *who {
            Who::Colleagues => colleague,
            Who::Holder(rights) => holds(rights),
            Who::Is(being) => is(being),
            Who::Colleague(being) => colleague && is(being),
            Who::HolderAnd(rights, being) => holds(rights) && is(being),
        });
        match deed {
            // Whoever may not see it may do nothing to it. (Those who try what a task allows all subscribe to it.)
            Deed::ChangeAnnouncement | Deed::EditAnnouncementComment | Deed::DeleteAnnouncementComment => {
                may && self.expected(Deed::ReadAnnouncements)
            }
            _ => may,
        }
    }

    fn decided(&self, deed: Deed) -> bool {
        let issued = &self.issued();
        let person = match issued.asker() {
            Asker::Person(person) => Some(person),
            Asker::System | Asker::Nobody => None,
        };
        let by_person = |may: &dyn Fn(&Person) -> bool| person.map_or(self.who == PersonId::SYSTEM, may);
        match deed {
            Deed::SeeColleagues => by_person(&|person| person.knows(self.if_is(Being::Oneself, BORIS))),
            Deed::SeePrivateAttributes => by_person(&|person| {
                person.looks_after(&Person { id: self.if_is(Being::Oneself, PersonId(404)), kind: PersonKind::User, ..Person::default() })
            }),
            Deed::AddPersons => self.may(&Person::default(), person::Command::Add(Box::new(ordinary("New", "new@example.org")))),
            Deed::ChangeProfile => {
                let change = person::Change { position: Some("Clerk".into()), ..person::Change::default() };
                self.may(&self.person(self.if_is(Being::Oneself, self.other())), person::Command::Change(Box::new(change)))
            }
            Deed::ManagePersons => self.may(&self.person(self.other()), person::Command::Block),
            Deed::AddBots => {
                let bot = Box::new(BotChange { name: Some("New".into()), ..BotChange::default() });
                self.may(&Person::default(), person::Command::AddBot { login: "bot@new".into(), bot })
            }
            Deed::ManageBots => self.may(&self.person(OTHER_ROBOT), person::Command::Block),
            Deed::SeeBotSettings => by_person(&|person| {
                person.looks_after(&Person { id: self.if_is(Being::Oneself, PersonId(404)), kind: PersonKind::Bot, ..Person::default() })
            }),
            Deed::SeeRoles => role::access::sees(issued).is_ok(),
            Deed::ManageRoles => {
                let create = role::Create { name: "Role".into(), ..role::Create::default() };
                self.may(&Role::default(), role::Command::Create(Box::new(create)))
            }
            Deed::SeeDepartments => department::access::sees(issued),
            Deed::ArrangeDepartments => {
                let create = department::Change { name: Some("Sales".into()), ..department::Change::default() };
                self.may(&Department::default(), department::Command::Create(create))
            }
            Deed::ChangeOrganisation => {
                let there = Organisation { id: HOME, exists: true, settings: settings() };
                let named = organisation::Change { name: Some("New".into()), ..organisation::Change::default() };
                self.may(&there, organisation::Command::Change(Box::new(named)))
            }
            Deed::SeeTask => {
                let task = self.task([]);
                assert_eq!(task.audience().may_see(issued), task.may_see(issued), "by {}, who is {:?}", self.who, self.being);
                task.may_see(issued)
            }
            Deed::LookBackAtDeletedTask => self.task([task::Event::Deleted]).may_look_back(issued),
            Deed::CloseTask => self.task([self.subscribes()]).may_close(issued),
            Deed::DeleteTask => self.task([self.subscribes()]).may_delete(issued),
            Deed::EditComment => self.may_in_task(|comment| Comment {
                edit_comment: Some(comment),
                text: Some(TextInput::Plain("otherwise".into())),
                ..Comment::default()
            }),
            Deed::DeleteComment => self.may_in_task(|comment| Comment { delete_comment: Some(comment), ..Comment::default() }),
            Deed::MakeLists => self.may(&List::default(), list::Command::Create(Box::new(new_list(Reach::Private)))),
            Deed::OpenListsToAll => self.may(&List::default(), list::Command::Create(Box::new(new_list(Reach::Organisation)))),
            Deed::SeeOpenLists | Deed::ManageOpenLists => {
                let mut open = list(9, None, []);
                open.settings.reach = Reach::Organisation;
                let home = with_list(self.home.clone(), open);
                let standing = Issued { directory: &home, ..*issued }.standing(ListId(9));
                if deed == Deed::SeeOpenLists { standing.is_some() } else { standing == Some(Standing::Manager) }
            }
            Deed::SeeList => self.list().seen(issued).is_ok(),
            Deed::ManageList => {
                let change = list::Change { name: Some("New".into()), ..list::Change::default() };
                self.may(&self.list(), list::Command::Change(Box::new(change)))
            }
            Deed::ReadAnnouncements => self.announcement().may_see(issued),
            Deed::WriteAnnouncements => {
                self.may(&Announcement::default(), announcement::Command::Create(TextInput::Plain("hi".into()).into()))
            }
            Deed::ChangeAnnouncement => self.announcement().may_change(issued),
            Deed::EditAnnouncementComment => {
                let say = TextInput::Plain("otherwise".into()).into();
                self.may(&self.announcement(), announcement::Command::EditComment { comment: position(2), say })
            }
            Deed::DeleteAnnouncementComment => {
                self.may(&self.announcement(), announcement::Command::DeleteComment { comment: position(2) })
            }
            Deed::ReadArticle => self.article().access(issued) >= Access::Read,
            Deed::WriteArticle => self.article().access(issued) >= Access::Write,
            Deed::AdministerKnowledgeBase => article::access::administers(issued),
            Deed::SeeAwards => award::access::sees(issued).is_ok(),
            Deed::ManageAwards => {
                let create = award::Create { name: "New".into(), ..award::Create::default() };
                self.may(&Award::default(), award::Command::Create(Box::new(create)))
            }
            Deed::ConfigureForms => Form { id: FormId(8), organisation: HOME, exists: true, ..Form::default() }.may_change(issued),
            Deed::SeeFilter => self.filter().seen(issued).is_ok(),
            Deed::ChangeFilter => self.filter().changed_by(issued).is_ok(),
            Deed::ShareFilters => {
                let shared = Shared { everyone: true, ..Shared::default() };
                let settings = filter::Settings { shared, ..filter_settings("New", Over::Inbox) };
                self.may(&Filter::default(), filter::Command::Create(Box::new(settings)))
            }
            Deed::ReadHistory => audit::access::may_read(issued).is_ok(),
            Deed::LookThroughEyes => audit::access::may_look_through(issued, self.if_is(Being::Oneself, self.other())).is_ok(),
        }
    }

    /// Whether the command is not refused to this asker. Another refusal comes after that question.
    fn may<A: Aggregate>(&self, state: &A, command: A::Command) -> bool {
        let refused = state.decide(&command, &self.issued()).err().map(|rejection| rejection.code());
        let denied = [
            Code::AccessDeniedAwards,
            Code::AccessDenied,
            Code::AccountBlocked,
            Code::AccessDeniedPerson,
            Code::AccessDeniedProject,
            Code::AccessDeniedTask,
        ];
        !refused.is_some_and(|code| denied.contains(&code))
    }

    fn person(&self, id: PersonId) -> Person {
        Person::clone(self.home.person(id).expect("they are there"))
    }

    /// A colleague with a newcomer's rights who is not the asker.
    fn other(&self) -> PersonId {
        if self.who == BORIS { ANNA } else { BORIS }
    }

    fn subscribes(&self) -> task::Event {
        task::Event::SubscribersAdded { persons: vec![self.who], mentioned: true }
    }

    /// A task of Boris's in which the asker is what they are.
    fn task(&self, more: impl IntoIterator<Item = task::Event>) -> Task {
        let mut task = self.task_of(more).state();
        if let Some(Being::Approver | Being::FormReader | Being::FormManager) = self.being {
            let person = self.if_is(Being::Approver, PersonId(405));
            let asked = Approval { person, choice: Choice::Waiting, by_hand: false };
            let progress = Progress { current: 1, complete: false, due: None, subtasks: [].into(), steps: [(1, vec![asked])].into() };
            task.form = Some(Filling { form: FormId(1), progress, ..Filling::default() }.into());
        }
        task
    }

    fn task_of(&self, more: impl IntoIterator<Item = task::Event>) -> Given<Task> {
        let (who, persons) = (self.who, vec![self.who]);
        let author = self.if_is(Being::Author, PersonId(405));
        let facts = match self.being {
            Some(Being::Responsible) => vec![task::Event::Reassigned { to: who }],
            Some(Being::WasResponsible) => vec![task::Event::Reassigned { to: who }, task::Event::Reassigned { to: PersonId(405) }],
            Some(Being::Participant) => vec![task::Event::ParticipantsAdded { persons }],
            Some(Being::Subscriber) => vec![task::Event::SubscribersAdded { persons, mentioned: true }],
            Some(Being::Deputy) => vec![task::Event::ParticipantsAdded { persons: vec![ABSENT] }],
            Some(Being::DeputyOfResponsible) => vec![task::Event::Reassigned { to: ABSENT }],
            Some(Being::ListReader | Being::ListManager) => vec![task::Event::AddedToLists { lists: vec![ListId(1)] }],
            Some(
                Being::Oneself
                | Being::Author
                | Being::Reader
                | Being::Editor
                | Being::Addressed
                | Being::Approver
                | Being::FormReader
                | Being::FormManager,
            )
            | None => Vec::new(),
        };
        given::<Task>([]).and(author, [task_created("hello")]).and(author, facts).and(author, more)
    }

    /// Whether the asker may do it to a comment, which is theirs where they are an author.
    fn may_in_task(&self, what: impl Fn(Position) -> Comment) -> bool {
        let said = task::Event::Commented(Box::new(Commented::from(Text { text: "hi".into(), ..Text::default() })));
        let task = self.task_of([self.subscribes()]).and(self.if_is(Being::Author, PersonId(405)), [said]);
        let comment = task.history().last().map(|(header, _)| header.position).expect("a comment");
        let refused = task.state().decide(&task::Command::Comment(Box::new(what(comment))), &self.issued()).err();
        refused.is_none()
    }

    /// A filter over the inbox of whoever asks, of which the asker is what they are.
    fn filter(&self) -> Filter {
        let with = if self.is(Being::Reader) { [self.who].into() } else { [].into() };
        let shared = Shared { everyone: self.is(Being::Addressed), with };
        let settings = filter::Settings { shared, ..filter_settings("Mine", Over::Inbox) };
        given::<Filter>([]).and(self.if_is(Being::Author, PersonId(405)), [filter::Event::Created(Box::new(settings))]).state()
    }

    fn list(&self) -> List {
        self.home.list(ListId(1)).map_or_else(|| list(1, None, [PersonId(405)]), |list| List::clone(list))
    }

    /// By the asker where they are an author, with a comment of theirs.
    fn announcement(&self) -> Announcement {
        let author = self.if_is(Being::Author, PersonId(405));
        given::<Announcement>([]).and(author, [announced("Tea at four")]).and(author, [remarked("At five")]).state()
    }

    /// A closed topic that names the asker as what they are.
    fn article(&self) -> Article {
        let named = |being| if self.is(being) { vec![self.who] } else { Vec::new() };
        let (readers, editors, open) = (named(Being::Reader), named(Being::Editor), self.is(Being::Addressed));
        Article { permissions: Permissions { inherit: false, readers, editors, open, ..Permissions::default() }, ..topic_under(1, None) }
    }
}

fn new_list(reach: Reach) -> list::Create {
    list::Create { name: "New".into(), reach, ..list::Create::default() }
}

#[test]
fn everybody_of_whom_the_rules_speak_is_among_those_who_try() {
    let everybody = everybody(&home());
    for who in [PersonId::SYSTEM, ADMIN, ANNA, FELIX, GRETA, ROBOT, STRANGER, PLAIN] {
        assert!(everybody.contains(&who), "{who}");
    }
}
