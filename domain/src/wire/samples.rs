//! Every event at least once, with every part that it can have, and once with as few as it can have
//! where that differs.

use jiff::civil::date;

use crate::account::{self, Factor, Linked, Way, Why};
use crate::announcement;
use crate::article;
use crate::audit::{self, Erased, Performed};
use crate::award;
use crate::catalog::{self, Column, ColumnKind, ColumnSetting, ItemsChanged, Row, Synced};
use crate::department::event::Placed;
use crate::department::{self, Attributes};
use crate::expression::Expression;
use crate::file;
use crate::filter;
use crate::form::fill::RowChange;
use crate::form::{self, Approver, Field, FieldId, FieldKind, Level, Value, Who};
use crate::id::{ArticleId, CatalogId, CommandId, DepartmentId, FileId, FilterId, FormId, ListId, OrganisationId, PersonId, TaskId};
use crate::inbox;
use crate::list::{self, Reach};
use crate::organisation::{self, Settings};
use crate::person::{
    self, Absence, Added, Avatar, BirthDate, Bot, Bound, Messenger, MessengerKind, PersonKind, Profile, Restrictions, SessionBounds,
    SessionPolicy,
};
use crate::role::{self, Naming};
use crate::task::Event;
use crate::task::command::{Due, Schedule};
use crate::task::event::{CommentEdited, Commented, Created, Flags, Scheduled, Text};
use crate::task::form::{Fact, Given, Origin};
use crate::task::timer::Timer;
use crate::testing::{attached, moment, role_created, settings, task_created};
use crate::workflow::{self, Choice};

pub(super) fn organisation() -> Vec<organisation::Event> {
    vec![
        organisation::Event::Created(Box::new(settings())),
        organisation::Event::Changed(Box::new(Settings { name: "Ünder \"new\" name".into(), ..settings() })),
    ]
}

pub(super) fn audit() -> Vec<audit::Event> {
    let erased = |position| Erased { position, digest: "00ff".repeat(16) };
    vec![audit::Event::Performed(Performed { reason: "article 17".into(), events: vec![erased(7), erased(8)] })]
}

pub(super) fn person() -> Vec<person::Event> {
    let profile = || Profile {
        first_name: "Anna".into(),
        last_name: "Lee".into(),
        email: "Anna@example.org".into(),
        native_first_name: Some("Анна".into()),
        native_last_name: Some("Ли".into()),
        external_id: Some("ext-1".into()),
        position: Some("Head".into()),
        status: Some("ill".into()),
        phone: Some("+49 1".into()),
        mobile_phone: Some("+49 2".into()),
        skype: Some("anna".into()),
        location: Some("Berlin".into()),
        personality: Some("calm".into()),
        personnel_number: Some("7".into()),
        locale: Some("de-DE".into()),
        time_zone: Some("Europe/Berlin".into()),
        messenger: Some(Messenger { kind: MessengerKind::Vk, nickname: "anna".into() }),
        vacation_days: Some(12),
        login_phone: Some("+4930123456".into()),
        department: Some(DepartmentId(4)),
        birth_date: Some(BirthDate { day: 29, month: 2, year: Some(1996) }),
    };
    let robot = Profile { first_name: "Robot".into(), ..Profile::default() };
    let bounds =
        SessionBounds { life_hours: Some(Bound::AtMost(8)), inactive_hours: Some(Bound::Unbounded), count: Some(Bound::AtMost(3)) };
    let absence = Absence {
        from: date(2026, 4, 1),
        until: date(2026, 4, 14),
        begins: moment("2026-03-31T22:00:00Z"),
        ends: moment("2026-04-14T22:00:00Z"),
        deputy: Some(PersonId(12)),
    };
    let bot = Bot {
        hook_url: Some("https://bots.example.org/robo".into()),
        enabled: false,
        settings: Some("{}".into()),
        description: Some("Counts".into()),
        send_only_last_comment: true,
        time_zone_offset: Some(-180),
    };
    let yearless = Profile { birth_date: Some(BirthDate { day: 1, month: 12, year: None }), ..robot.clone() };
    vec![
        person::Event::Added(Box::new(Added { kind: PersonKind::User, rights: 0xfff, profile: profile() })),
        person::Event::Added(Box::new(Added { kind: PersonKind::Bot, rights: 0, profile: robot.clone() })),
        person::Event::Added(Box::new(Added { kind: PersonKind::Guest, rights: 0, profile: robot.clone() })),
        person::Event::Changed(Box::new(profile())),
        person::Event::Changed(Box::new(robot)),
        person::Event::RightsChanged { rights: 0x820 },
        person::Event::Blocked,
        person::Event::Restored,
        person::Event::KeyIssued,
        person::Event::KeyRevoked,
        person::Event::PasswordChanged,
        person::Event::Changed(Box::new(yearless)),
        person::Event::Dismissed { receiver: Some(PersonId(12)) },
        person::Event::Dismissed { receiver: None },
        person::Event::AdministrationLeft { after: 7 },
        person::Event::Restricted(Restrictions { cant_add_external_users_to_tasks: true, ..Restrictions::default() }),
        person::Event::SessionPolicySet(SessionPolicy { mobile: bounds, web: SessionBounds::default(), two_factor: true }),
        person::Event::AvatarSet(Avatar { guid: Some("2f1e9c0a".into()), avatar_id: Some(5), external_avatar_id: Some(6) }),
        person::Event::AvatarSet(Avatar::default()),
        person::Event::AbsenceSet(absence),
        person::Event::AbsenceSet(Absence { deputy: None, ..absence }),
        person::Event::AbsenceCleared,
        person::Event::BotSet(Box::new(bot)),
        person::Event::BotSet(Box::default()),
    ]
}

pub(super) fn catalog() -> Vec<catalog::Event> {
    let batch = || CommandId(uuid::Uuid::from_u128(7));
    let few = || catalog::Settings { name: "Vendors".into(), ..catalog::Settings::default() };
    let all = || catalog::Settings {
        source_type: Some("hierarchical".into()),
        external_id: Some("ext-1".into()),
        external_version: Some("7".into()),
        column_settings: vec![
            ColumnSetting { original_position: 1, sort_order: Some(2), visible: true, group_by: true },
            ColumnSetting::default(),
        ],
        ..few()
    };
    let column = |name: &str, kind| Column { name: name.into(), kind };
    let columns = || vec![column("Vendor", ColumnKind::Text), column("Buyer", ColumnKind::Workflow)];
    let placed = |id, external_id: Option<&str>| catalog::Placed {
        id,
        values: Row::of(["Acme \"new\"", ""]),
        external_id: external_id.map(std::sync::Arc::from),
    };
    let changed = ItemsChanged {
        batch: batch(),
        begins: true,
        added: vec![placed(1, None), placed(2, Some("a-2"))],
        updated: vec![placed(3, None)],
        deleted: vec![4, 5],
    };
    let persons = || vec![PersonId(12), PersonId(13)];
    vec![
        catalog::Event::Created(Box::new(catalog::Created { settings: all(), columns: columns(), supervisors: persons() })),
        catalog::Event::Created(Box::new(catalog::Created { settings: few(), columns: columns(), supervisors: Vec::new() })),
        catalog::Event::Changed(Box::new(all())),
        catalog::Event::Changed(Box::new(few())),
        catalog::Event::ItemsChanged(changed.into()),
        catalog::Event::ItemsChanged(ItemsChanged { batch: batch(), deleted: vec![4], ..ItemsChanged::default() }.into()),
        catalog::Event::Synced(Box::new(Synced { batch: batch(), columns: Some(columns()), added: 2, updated: 1, deleted: 2 })),
        catalog::Event::Synced(Box::new(Synced { batch: batch(), ..Synced::default() })),
        catalog::Event::SupervisorsAdded { persons: persons() },
        catalog::Event::SupervisorsRemoved { persons: persons() },
        catalog::Event::Deleted,
    ]
}

pub(super) fn department() -> Vec<department::Event> {
    let few = || Attributes { name: "Sales".into(), ..Attributes::default() };
    let all = Attributes { manager: Some(PersonId(12)), external_id: Some("s-1".into()), ..few() };
    vec![
        department::Event::Created(Box::new(all.clone())),
        department::Event::Created(Box::new(few())),
        department::Event::Changed(Box::new(all)),
        department::Event::Moved(Placed { parent: Some(DepartmentId(3)), after: 7 }),
        department::Event::Moved(Placed { parent: None, after: 0 }),
        department::Event::Deleted { after: 9 },
    ]
}

pub(super) fn role() -> Vec<role::Event> {
    let persons = || vec![PersonId(12), PersonId(13)];
    let naming = || Naming { name: "Clerks \"new\"".into(), external_id: Some("ext-1".into()) };
    vec![
        role::Event::Created(Box::new(role::Created { naming: naming(), members: persons() })),
        role_created("Clerks", []),
        role::Event::Changed(Box::new(naming())),
        role::Event::Changed(Box::new(Naming { name: "Clerks".into(), external_id: None })),
        role::Event::MembersAdded { persons: persons() },
        role::Event::MembersRemoved { persons: persons() },
        role::Event::Banned,
        role::Event::Restored,
        role::Event::Deleted { task_receiver: Some(PersonId(12)) },
        role::Event::Deleted { task_receiver: None },
    ]
}

pub(super) fn list() -> Vec<list::Event> {
    let persons = || vec![PersonId(12), PersonId(13)];
    let text = |text: &str| Some(text.to_owned());
    let settings = || list::Settings {
        name: "Move \"house\"".into(),
        reach: Reach::Organisation,
        color: text("#ff0000"),
        external_id: text("ext-1"),
        external_version: text("7"),
    };
    let few = || list::Settings { name: "Move".into(), ..list::Settings::default() };
    let created = list::Created { settings: settings(), parent: Some(ListId(5)), managers: persons(), members: persons() };
    vec![
        list::Event::Created(Box::new(created)),
        list::Event::Created(Box::new(list::Created { settings: few(), ..list::Created::default() })),
        list::Event::Changed(Box::new(settings())),
        list::Event::Changed(Box::new(few())),
        list::Event::Moved { parent: Some(ListId(5)), after: 0 },
        list::Event::Moved { parent: None, after: 0 },
        list::Event::ManagersAdded { persons: persons() },
        list::Event::ManagersRemoved { persons: persons() },
        list::Event::MembersAdded { persons: persons() },
        list::Event::MembersRemoved { persons: persons() },
        list::Event::Deleted,
        list::Event::Restored,
    ]
}

pub(super) fn filter() -> Vec<filter::Event> {
    use filter::{Column, Event, Over, Presentation, Query, Settings, Shared, Sort, View, Whose};

    let over = |over| Settings { name: "Mine".into(), query: Query { over, ..Query::default() }, ..Settings::default() };
    let presentation = Presentation {
        view: View::Board,
        columns: vec![Column::Word("id".into()), Column::Field(crate::form::FieldId(3))],
        sort: Some(Sort { by: Column::Field(crate::form::FieldId(3)), descending: true }),
        group_by: Some(Column::Word("u_step".into())),
    };
    let members = [("fld3".to_owned(), "gt5".into()), ("include_archived".to_owned(), true.into())].into_iter().collect();
    let whole = Settings {
        name: "Late".into(),
        query: Query { over: Over::Form(FormId(4)), members },
        presentation,
        shared: Shared { everyone: true, with: [PersonId(12), PersonId(40)].into() },
    };
    vec![
        Event::Created(Box::new(whole)),
        Event::Created(Box::new(over(Over::Inbox))),
        Event::Changed(Box::new(over(Over::List(ListId(3))))),
        Event::Changed(Box::new(over(Over::Responsible(Whose::Me)))),
        Event::Changed(Box::new(Settings {
            presentation: Presentation { view: View::Chart, ..Presentation::default() },
            ..over(Over::Approver(Whose::Person(PersonId(12))))
        })),
        Event::Deleted,
    ]
}

pub(super) fn inbox() -> Vec<inbox::Event> {
    use inbox::{Event, Followed, Quiet, Reason, Reasons, Settings, Silent};

    let (task, at) = (TaskId(7), moment("2026-03-03T08:00:00Z"));
    let silent = Silent {
        web: Reasons::of([Reason::Added]),
        mail: Reasons::of(Reason::ALL),
        push: Reasons::of([Reason::Comment, Reason::Followed]),
    };
    let settings = Settings { silent, forms: [(FormId(4), Silent::default())].into(), quiet: Some(Quiet { from: 1_320, until: 420 }) };
    vec![
        Event::Followed(Followed::Task(task)),
        Event::Followed(Followed::List(ListId(3))),
        Event::Followed(Followed::Form(FormId(4))),
        Event::Followed(Followed::Filter(FilterId(5))),
        Event::Unfollowed(Followed::Task(task)),
        Event::Snoozed { task, until: at },
        Event::Unsnoozed { task, by_time: true },
        Event::Unsnoozed { task, by_time: false },
        Event::ReminderSet { task, at },
        Event::ReminderCancelled { task },
        Event::Reminded { task, at },
        Event::Read { task: Some(task), upto: 9 },
        Event::Read { task: None, upto: 9 },
        Event::Unread { task, position: 9 },
        Event::Found(inbox::Found { filter: FilterId(5), task, cause: 90, by: PersonId(12) }),
        Event::SettingsSet(Box::new(settings)),
        Event::SettingsSet(Box::default()),
    ]
}

fn linked() -> file::Attached {
    file::Attached {
        id: FileId(58),
        name: "Page".into(),
        version: 1,
        url: Some("https://example.org/".into()),
        ..file::Attached::default()
    }
}

pub(super) fn file() -> Vec<file::Event> {
    vec![
        crate::testing::file_uploaded("Scan.txt"),
        file::Event::Linked(file::Linked { name: "Page".into(), url: "https://example.org/".into() }),
        file::Event::VersionAdded { file: FileId(58), version: 2 },
        file::Event::MadeVersion { root: FileId(57), version: 2 },
        file::Event::Removed,
    ]
}

pub(super) fn award() -> Vec<award::Event> {
    let naming = || award::Naming { name: "Tester".into(), description: Some("Finds bugs".into()) };
    let thresholds = || award::Thresholds { grant: 10, revoke: 50 };
    let plain = award::Naming { name: "Tester".into(), description: None };
    vec![
        award::Event::Created(Box::new(award::Created { naming: naming(), thresholds: thresholds() })),
        award::Event::Created(Box::new(award::Created { naming: plain, thresholds: award::Thresholds::default() })),
        award::Event::Changed(Box::new(naming())),
        award::Event::ThresholdsSet(thresholds()),
        award::Event::Counted { person: PersonId(12), counter: 10 },
        award::Event::Granted { persons: vec![PersonId(12), PersonId(13)] },
        award::Event::Revoked { persons: vec![PersonId(12)] },
        award::Event::Deleted,
    ]
}

pub(super) fn announcement() -> Vec<announcement::Event> {
    let text =
        || Text { text: "hello".into(), formatted_text: Some("<b>hello</b>".into()), mentions: vec![PersonId(12)], reply_to: Some(101) };
    let few = || Box::new(announcement::event::Said::from(Text { text: "hello".into(), ..Text::default() }));
    let files = || vec![crate::testing::attached(57, "a.pdf")];
    let edited = |attachments| Box::new(announcement::event::CommentEdited { comment: 101, text: text(), attachments });
    vec![
        announcement::Event::Created(Box::new(Text { reply_to: None, ..text() }.into())),
        announcement::Event::Created(few()),
        announcement::Event::Edited(Box::new(announcement::event::Edited { text: text(), attachments: None })),
        announcement::Event::Edited(Box::new(announcement::event::Edited { text: text(), attachments: Some(files()) })),
        announcement::Event::Commented(Box::new(text().into())),
        announcement::Event::Commented(few()),
        announcement::Event::Commented(Box::new(announcement::event::Said { text: text(), attachments: files() })),
        announcement::Event::CommentEdited(edited(None)),
        announcement::Event::CommentEdited(edited(Some(files()))),
        announcement::Event::CommentDeleted { comment: 101 },
        announcement::Event::Closed,
        announcement::Event::Reopened,
        announcement::Event::Deleted,
    ]
}

pub(super) fn account() -> Vec<account::Event> {
    let (id, linked) = (uuid::Uuid::from_u128(7), Linked { organisation: OrganisationId(1), person: PersonId(11) });
    vec![
        account::Event::Created { login: "anna@example.org".into(), linked },
        account::Event::Linked(linked),
        account::Event::SessionStarted { session: id, person: PersonId(11), by: Way::Password, second: Some(Factor::Totp) },
        account::Event::SessionStarted { session: id, person: PersonId(11), by: Way::SetUp, second: None },
        account::Event::SessionEnded { session: id, why: Why::SignedOut },
        account::Event::SessionsEnded { kept: Some(id), why: Why::EndedElsewhere },
        account::Event::SessionsEnded { kept: None, why: Why::CredentialsChanged },
        account::Event::PasswordChanged,
        account::Event::PasswordResetRequested,
        account::Event::PasswordReset,
        account::Event::SecondFactorAdded { factor: Factor::Totp },
        account::Event::SecondFactorRemoved { factor: Factor::Passkey },
        account::Event::RecoveryCodesMade { count: 10 },
        account::Event::RecoveryCodeUsed,
        account::Event::PasskeyAdded { id, name: "Phone".into() },
        account::Event::PasskeyRenamed { id, name: "Key".into() },
        account::Event::PasskeyRemoved { id },
        account::Event::QrSignInAnswered { request: id, approved: true },
    ]
}

pub(super) fn task() -> Vec<Event> {
    let persons = || vec![PersonId(12), PersonId(13)];
    let text = || Text {
        text: "hello \"you\"\n\u{1f642}".into(),
        formatted_text: Some("<b>hello</b>".into()),
        mentions: persons(),
        reply_to: Some(101),
    };
    let few = || Text { text: "hello".into(), ..Text::default() };
    let until = moment("2026-04-01T07:00:00.123456Z");
    let created = Created {
        text: text(),
        attachments: vec![attached(57, "a.pdf")],
        subject: Some("Subject".into()),
        responsible: Some(PersonId(12)),
        participants: persons(),
        subscribers: persons(),
        parent: Some(TaskId(5)),
        due: Some(Due::Moment { at: moment("2026-05-01T12:00:00Z"), duration: Some(30) }),
        schedule: Some(Scheduled { schedule: Schedule::Date(date(2026, 4, 1)), until }),
        form: None,
        template: None,
        author: None,
        origin: None,
    };
    let flags = Flags { skip_satisfaction: true, skip_notification: true, skip_auto_reopen: true };
    vec![
        Event::Created(Box::new(created)),
        task_created("hello"),
        Event::Renamed { subject: "New".into() },
        Event::ParticipantsAdded { persons: persons() },
        Event::ParticipantsRemoved { persons: persons() },
        Event::Reassigned { to: PersonId(13) },
        Event::SubscribersAdded { persons: persons(), mentioned: false },
        Event::SubscribersAdded { persons: persons(), mentioned: true },
        Event::SubscribersRemoved { persons: persons() },
        Event::SubscribersRerequested { persons: persons() },
        Event::Acknowledged,
        Event::AcknowledgedFor { role: PersonId(40) },
        Event::DueSet { due: Due::Date(date(2026, 5, 1)) },
        Event::DueSet { due: Due::Moment { at: moment("2026-05-01T12:00:00Z"), duration: None } },
        Event::DueSet { due: Due::Moment { at: moment("2026-05-01T12:00:00Z"), duration: Some(30) } },
        Event::DueCancelled,
        Event::Scheduled(Scheduled { schedule: Schedule::Date(date(2026, 4, 1)), until }),
        Event::Scheduled(Scheduled { schedule: Schedule::Moment(until), until }),
        Event::ScheduleCancelled,
        Event::TimeSpent { minutes: 15 },
        Event::AddedToLists { lists: vec![ListId(5), ListId(6)] },
        Event::RemovedFromLists { lists: vec![ListId(5)] },
        Event::Closed,
        Event::Reopened { auto: false },
        Event::Reopened { auto: true },
        Event::Commented(Box::new(Commented::from(text()))),
        Event::Commented(Box::new(Commented::from(few()))),
        Event::CommentEdited(Box::new(CommentEdited { comment: 101, text: text(), ..CommentEdited::default() })),
        Event::CommentEdited(Box::new(CommentEdited { comment: 101, text: few(), ..CommentEdited::default() })),
        Event::CommentDeleted { comment: 101 },
        Event::Flagged(flags),
        Event::Flagged(Flags { skip_notification: true, ..Flags::default() }),
        Event::AsRoles { roles: persons() },
        Event::TimerFired { timer: Timer::Overdue },
        Event::TimerFired { timer: Timer::StepOverdue },
        Event::PutAway,
        Event::Deleted,
    ]
    .into_iter()
    .chain(of_form())
    .collect()
}

pub(super) fn article() -> Vec<article::Event> {
    let created = article::Created {
        nature: article::Nature::Article,
        title: "Tea".into(),
        body: "# How\n\"so\"".into(),
        parent: Some(ArticleId(5)),
    };
    let permissions =
        article::Permissions { inherit: false, readers: vec![PersonId(12)], editors: vec![PersonId(13)], open: true, public: true };
    let edited = |title: Option<&str>, body: Option<&str>| {
        article::Event::Edited(Box::new(article::event::Edited { title: title.map(Into::into), body: body.map(Into::into) }))
    };
    vec![
        article::Event::Created(Box::new(created)),
        crate::testing::topic("Teas", None),
        edited(Some("Tea"), Some("# How")),
        edited(None, Some("# How")),
        article::Event::Moved { parent: Some(ArticleId(5)), turn: 3 },
        article::Event::Moved { parent: None, turn: 3 },
        article::Event::PermissionsChanged(Box::new(permissions)),
        article::Event::PermissionsChanged(Box::default()),
        article::Event::Deleted { with_children: true, turn: 3 },
    ]
}

pub(super) fn form() -> Vec<form::Event> {
    let text =
        |id, name: &str| Field { id: FieldId(id), name: name.into(), kind: FieldKind::Text { multiline: false }, ..Field::default() };
    let when = |source: &str| Expression::parse(source).ok();
    let choices = vec![
        form::Choice {
            choice_id: 1,
            choice_value: "Other".into(),
            code: Some("other".into()),
            fields: vec![text(4, "Which")],
            deleted: false,
        },
        form::Choice { choice_id: 2, choice_value: "Old".into(), deleted: true, ..form::Choice::default() },
    ];
    let kinds = [
        FieldKind::Money,
        FieldKind::Number { decimal_places: Some(2) },
        FieldKind::Date,
        FieldKind::Time,
        FieldKind::Checkmark,
        FieldKind::Flag,
        FieldKind::DueDate,
        FieldKind::DueDateTime,
        FieldKind::Email,
        FieldKind::Phone,
        FieldKind::Person,
        FieldKind::Title { checkmark: true, fields: vec![text(30, "In a section")] },
        FieldKind::Table { columns: vec![text(31, "Column")] },
        FieldKind::FormLink { form_id: FormId(9), multiple: true },
        FieldKind::Step,
        FieldKind::Status,
        FieldKind::CreationDate,
        FieldKind::Author,
        FieldKind::Note,
        FieldKind::Catalog { catalog_id: CatalogId(8), multiple: true },
        FieldKind::File,
    ];
    let everything = Field {
        code: Some("u_reason".into()),
        tooltip: Some("Why".into()),
        kind: FieldKind::Text { multiline: true },
        required_step: Some(1),
        immutable_step: Some(2),
        in_title: true,
        default_value: Some("None".into()),
        visible_if: when("#3 = 1"),
        deleted: true,
        ..text(1, "Reason")
    };
    let computed = Field { kind: FieldKind::Money, formula: when("#5 * 2"), ..text(2, "Sum") };
    let mut fields =
        vec![everything, computed, Field { kind: FieldKind::MultipleChoice { multiple: true, options: choices }, ..text(3, "Kind") }];
    fields.extend((5..).zip(kinds).map(|(id, kind)| Field { id: FieldId(id), name: "Field".into(), kind, ..Field::default() }));
    let approver = |who| Approver { who, condition: None };
    let step = form::Step {
        name: "Approval".into(),
        approvers: vec![
            Approver { who: Who::Person(PersonId(12)), condition: when("#2 > 1000") },
            approver(Who::Author),
            approver(Who::DepartmentHead),
            approver(Who::Field(FieldId(15))),
            approver(Who::CatalogField { field: FieldId(24), column: "Buyer".into() }),
        ],
        rule: form::Rule::AtLeast(2),
        condition: when("filled(#5)"),
        on_reject: Some(1),
        due_minutes: Some(90),
        subprocess: Some(form::Subprocess {
            form_id: FormId(9),
            wait: true,
            keep_open: true,
            fields: Some(vec![form::subprocess::Pair { from: "u_a".into(), to: "u_b".into() }]),
            results: Some(Vec::new()),
        }),
    };
    let plain = |rule| form::Step { name: "Next".into(), rule, ..form::Step::default() };
    let definition = form::Definition {
        fields,
        steps: vec![step, plain(form::Rule::Everyone), plain(form::Rule::First)],
        subscribers: vec![approver(Who::Person(PersonId(13)))],
        auto_close: true,
    };
    let settings =
        form::Settings { name: "Purchase".into(), folder: vec!["Finance".into(), "Buying".into()], business_owners: vec![PersonId(11)] };
    vec![
        form::Event::Created(Box::new(form::Created { settings: settings.clone(), definition: definition.clone() })),
        form::Event::Created(Box::default()),
        form::Event::Changed(Box::new(settings)),
        form::Event::Drafted(Box::new(definition)),
        form::Event::Published,
        form::Event::Permitted { levels: Level::ALL.into_iter().zip(11..).map(|(level, id)| (PersonId(id), level)).collect() },
        form::Event::Closed,
        form::Event::Reopened,
        form::Event::PrintSaved(Box::new(form::PrintForm { id: 2, name: "Order".into(), template: "<p>{{ task.id }}</p>".into() })),
        form::Event::PrintRemoved { id: 2 },
    ]
}

fn of_form() -> Vec<Event> {
    let persons = || vec![PersonId(12), PersonId(13)];
    let number = |text: &str| Value::Number(text.parse().expect("a number"));
    let values = [
        Value::Text("Chairs".into()),
        number("10306.250"),
        Value::Date(date(2026, 4, 1)),
        Value::Time(jiff::civil::time(7, 30, 0, 0)),
        Value::Checked(true),
        Value::DueDate(date(2026, 4, 1), Some(30)),
        Value::Moment(moment("2026-05-01T12:00:00Z"), None),
        Value::Person(PersonId(12)),
        Value::Choices(vec![1, 2]),
        Value::Tasks(vec![TaskId(5)]),
        Value::Files(vec![attached(57, "a.pdf"), linked()]),
        form::Picked { columns: Row::of(["Vendor", "City"]), items: vec![form::Taken { id: 7, values: Row::of(["Acme", "Bonn"]) }] }.into(),
    ];
    let cells = [(FieldId(6), Some(Value::Text("Chair".into()))), (FieldId(7), None)].into();
    let rows = vec![
        RowChange { row_id: 0, position: Some(3), cells, deleted: false },
        RowChange { row_id: 1, deleted: true, ..RowChange::default() },
    ];
    let chosen = |choice| Fact::Route(workflow::Fact::Chosen { step: 2, approver: PersonId(40), choice });
    let mut facts: Vec<Fact> =
        values.into_iter().zip(1..).map(|(value, id)| Fact::FieldChanged { field: FieldId(id), value: Some(value) }).collect();
    facts.extend([
        Fact::FieldChanged { field: FieldId(1), value: None },
        Fact::TemplateApplied { template: 2 },
        Fact::TableChanged { field: FieldId(5), rows },
        Fact::Titled { title: "Purchase: Chairs".into() },
        Fact::Route(workflow::Fact::Entered { step: 1, approvers: persons(), due: None }),
        Fact::Route(workflow::Fact::Returned { step: 1, again: true, due: None }),
        Fact::Route(workflow::Fact::Returned { step: 1, again: false, due: None }),
        Fact::Route(workflow::Fact::Entered { step: 2, approvers: persons(), due: Some(moment("2026-03-02T11:30:00Z")) }),
        Fact::Route(workflow::Fact::Returned { step: 2, again: true, due: Some(moment("2026-03-02T11:30:00Z")) }),
        Fact::Route(workflow::Fact::Completed),
        chosen(Choice::Approved),
        chosen(Choice::Rejected),
        chosen(Choice::Revoked),
        chosen(Choice::Acknowledged),
        Fact::Route(workflow::Fact::Added { step: 3, persons: persons() }),
        Fact::Route(workflow::Fact::Removed { step: 3, persons: persons() }),
        Fact::Route(workflow::Fact::Rerequested { step: 3, persons: persons() }),
        Fact::Route(workflow::Fact::SubprocessAsked(Box::new(workflow::Asked {
            number: 2,
            step: 1,
            form: FormId(9),
            of: FormId(3),
            depth: 1,
            wait: true,
            keep_open: true,
            author: PersonId(12),
            fields: [(FieldId(5), Value::Text("Chairs".into()))].into(),
        }))),
        Fact::Route(workflow::Fact::SubprocessOpened { number: 2, task: TaskId(17) }),
        Fact::Route(workflow::Fact::SubprocessEnded { number: 2, outcome: workflow::Outcome::Completed }),
        Fact::Route(workflow::Fact::SubprocessLeft { number: 2, task: Some(TaskId(17)) }),
        Fact::Route(workflow::Fact::SubprocessLeft { number: 2, task: None }),
        Fact::Result(Box::new(Given {
            origin: origin(),
            outcome: workflow::Outcome::Closed,
            fields: [(FieldId(5), Value::Text("Chairs".into()))].into(),
        })),
    ]);
    let created = match task_created("") {
        Event::Created(created) => {
            Created { form: Some(FormId(3)), template: Some(2), author: Some(PersonId(12)), origin: Some(origin()), ..*created }
        }
        other => unreachable!("{other:?}"),
    };
    let facts = facts.into_iter().map(|fact| Event::Form(Box::new(fact)));
    std::iter::once(Event::Created(Box::new(created))).chain(facts).collect()
}

/// Of a task that a step opened.
fn origin() -> Origin {
    Origin { task: TaskId(5), form: FormId(3), step: 1, number: 2, depth: 1 }
}
