//! The bytes that commands, queries and views have on their way between nodes, and that they survive it. A command
//! whose bytes change needs a new `MESSAGES`, and a reader of the old. Not the envelope around them (see the cluster's
//! own tests).

use std::collections::BTreeMap;

use actors::codec;
use actors::system::Hosted;
use domain::account::{Account, Command as AccountCommand, Factor, Way, Why};
use domain::announcement::{Announcement, Command as AnnouncementCommand, Say};
use domain::article::{self, Article, Command as ArticleCommand};
use domain::award::{Award, Command as AwardCommand, Create as CreateAward, Limits};
use domain::catalog::{self, Catalog, Command as CatalogCommand};
use domain::department::{Change as DepartmentChange, Command as DepartmentCommand, Department, Parent};
use domain::file::{self, Attached, Brought, Command as FileCommand, File, Wanted};
use domain::filter::{self, Command as FilterCommand, Filter};
use domain::form::{self, Command as FormCommand, FieldId, Form, Value};
use domain::id::ArticleId;
use domain::inbox::{Command as InboxCommand, Followed, Inbox, Settings as InboxSettings, What};
use domain::json::Json;
use domain::list::{self, Command as ListCommand, List, Reach};
use domain::organisation::{self, Command as OrganisationCommand, Organisation, Settings};
use domain::person::{
    Added, Avatar, Away, BirthDate, BotChange, Bound, BoundChange, Change, Command as PersonCommand, Messenger, MessengerChange,
    MessengerKind, Person, PersonKind, Profile, RestrictionsChange, SessionBoundsChange, SessionPolicyChange, rights,
};
use domain::role::{Change as RoleChange, Command as RoleCommand, Create as RoleCreate, Role};
use domain::task::command::{Action, ApprovalChoice, Comment, Create, DueInput, PersonRef, ScheduleInput, TextInput};
use domain::task::form::{Begin, Filling, Linked, News, Open, Origin, Told};
use domain::task::timer::Timer;
use domain::task::{Answer, Command as TaskCommand, Task};
use domain::workflow::Outcome;
use domain::{DepartmentId, FileId, ListId, OrganisationId, PersonId, TaskId};
use jiff::civil::date;

fn lookup() -> form::Lookup {
    let item = catalog::Item { id: 7, row: catalog::Row::of(["Acme", "Bonn"]), external_id: Some("a".into()), deleted: true };
    form::Lookup(vec![form::items::Found {
        catalog: domain::CatalogId(8),
        columns: catalog::Row::of(["Vendor", "City"]),
        items: vec![item],
    }])
}

fn text() -> BTreeMap<FieldId, Value> {
    [(FieldId(5), Value::Text("Chairs".into()))].into()
}

/// A task that another one links to.
fn linked() -> Vec<Linked> {
    let filling = Filling { form: domain::FormId(4), template: 1, values: text(), ..Filling::default() };
    vec![Linked { task: TaskId(7), author: PersonId(12), closed: true, filling }]
}

fn wanted() -> Vec<Wanted> {
    let guid = "00000000-0039-8b3c-9d1e-2f3a4b5c6d7e".parse().expect("a guid");
    vec![
        Wanted::Uploaded { guid, root_id: Some(FileId(5)) },
        Wanted::Known(FileId(6)),
        Wanted::Link { url: "https://example.org/".into(), name: "n".into() },
    ]
}

fn brought() -> Brought {
    let file = Attached {
        id: FileId(57),
        name: "a.pdf".into(),
        size: 3,
        md5: "ab".into(),
        media_type: "application/pdf".into(),
        version: 2,
        root_id: Some(FileId(5)),
        url: Some("https://example.org/".into()),
    };
    Brought(vec![(Wanted::Known(FileId(57)), file)])
}

/// Every member of a command's shape is given, so that none can move unnoticed.
fn task_commands() -> Vec<TaskCommand> {
    let (anna, boris) = (PersonRef::Id(PersonId(7)), PersonRef::Email("boris@example.org".into()));
    let moment = "2031-05-06T07:08:09Z".parse().ok();
    let due = DueInput { due_date: "2031-05-06".parse().ok(), due: moment, duration: Some(15), cancel: true };
    let schedule = ScheduleInput { date: "2031-05-06".parse().ok(), moment, cancel: true };
    vec![
        TaskCommand::Create(Box::new(Create {
            text: Some(TextInput::Plain("Ж".into())),
            subject: Some("s".into()),
            responsible: Some(anna.clone()),
            participants: vec![boris.clone()],
            subscribers: vec![anna.clone()],
            parent: Some(TaskId(3)),
            due: due.clone(),
            schedule: schedule.clone(),
            lists: vec![ListId(5)],
            form: Some(Box::new(Begin {
                form: domain::FormId(3),
                fields: Json::parse(r#"[{"id":1,"value":1.50},{"name":"a","value":[true,null,"x"]}]"#).ok(),
                items: lookup(),
                fill_defaults: true,
                approvals: vec![(2, vec![anna.clone()])],
                linked: linked(),
            })),
            attachments: wanted(),
            files: brought(),
        })),
        TaskCommand::Comment(Box::new(Comment {
            text: Some(TextInput::Formatted("<b>x</b>".into())),
            subject: Some("s".into()),
            participants_added: vec![anna.clone()],
            participants_removed: vec![boris.clone()],
            reassign_to: Some(boris.clone()),
            subscribers_added: vec![anna.clone()],
            subscribers_removed: vec![boris],
            subscribers_rerequested: vec![anna.clone()],
            approval_choice: Some(ApprovalChoice::Acknowledged),
            due,
            schedule,
            lists_added: vec![ListId(5), ListId(6)],
            lists_removed: vec![ListId(7)],
            action: Some(Action::Reopened),
            edit_comment: Some(11),
            delete_comment: Some(12),
            spent_minutes: Some(-3),
            skip_satisfaction: true,
            skip_notification: false,
            skip_auto_reopen: true,
            as_roles: vec![anna.clone()],
            fields: Some(Json::List(vec![])),
            items: lookup(),
            approval_steps: vec![1, 2],
            approvals_added: vec![(0, vec![anna.clone()])],
            approvals_removed: vec![(2, vec![anna.clone()])],
            approvals_rerequested: vec![(3, vec![anna])],
            attachments: Some(wanted()),
            files: brought(),
            seen: Some(13),
            hide: true,
            previous: Some(14),
            linked: linked(),
        })),
        TaskCommand::Delete,
        TaskCommand::PutAway,
        TaskCommand::Open(Box::new(Open {
            origin: Origin { task: TaskId(3), form: domain::FormId(3), step: 1, number: 2, depth: 1 },
            form: domain::FormId(4),
            author: PersonId(11),
            fields: text(),
        })),
        TaskCommand::Told(Box::new(Told { number: 2, news: News::Opened(TaskId(17)) })),
        TaskCommand::Told(Box::new(Told { number: 2, news: News::Ended(Outcome::Rejected, text()) })),
        TaskCommand::Fire(Timer::StepOverdue),
        TaskCommand::Succeed { from: PersonId(8), to: PersonId(7) },
    ]
}

fn person_commands() -> Vec<PersonCommand> {
    let profile = Profile { email: "anna@example.org".into(), first_name: "Anna".into(), phone: Some("1".into()), ..Profile::default() };
    let text = |text: &str| Some(text.to_owned());
    let bot = BotChange {
        name: text("a"),
        external_id: text("b"),
        hook_url: text("c"),
        plain_http: true,
        enabled: Some(false),
        settings: text("d"),
        description: text("e"),
        send_only_last_comment: Some(true),
        locale: text("f"),
        time_zone_offset: Some(-60),
        rights: Some(1),
    };
    vec![
        PersonCommand::Add(Box::new(Added { kind: PersonKind::Bot, rights: rights::DEFAULT, profile })),
        PersonCommand::Change(Box::new(Change {
            first_name: text("a"),
            last_name: text("b"),
            email: text("c"),
            native_first_name: text("d"),
            native_last_name: text("e"),
            external_id: text("f"),
            position: text("g"),
            status: text("h"),
            phone: text("i"),
            mobile_phone: text("j"),
            skype: text("k"),
            location: text("l"),
            personality: text("m"),
            personnel_number: text("n"),
            locale: text("o"),
            time_zone: None,
            messenger: Some(MessengerChange::Set(Messenger { kind: MessengerKind::Viber, nickname: "p".into() })),
            vacation_days: Some(4),
            login_phone: text("+12345"),
            department: Some(DepartmentId(9)),
            drop_department: true,
            birth_date: Some(BirthDate { day: 1, month: 2, year: None }),
            rights: Some(3),
            banned: Some(true),
            restrictions: RestrictionsChange {
                cant_view_restricted_form_registry: Some(true),
                cant_view_form_registry: Some(false),
                cant_export_restricted_form_registry: None,
                cant_export_form_registry: Some(true),
                cant_add_external_users_to_tasks: Some(false),
                cant_add_external_users_to_lists: None,
            },
            sessions: SessionPolicyChange {
                mobile: SessionBoundsChange {
                    life_hours: BoundChange::Set(Bound::AtMost(8)),
                    inactive_hours: BoundChange::Set(Bound::Unbounded),
                    count: BoundChange::Drop,
                },
                web: SessionBoundsChange::default(),
                two_factor: Some(true),
            },
        })),
        PersonCommand::Block,
        PersonCommand::Restore,
        PersonCommand::IssueKey,
        PersonCommand::RevokeKey,
        PersonCommand::ChangePassword,
        PersonCommand::Dismiss { receiver: Some(PersonId(7)) },
        PersonCommand::SetAvatar(Avatar { guid: text("g"), avatar_id: Some(1), external_avatar_id: None }),
        PersonCommand::SetAbsence(Away { from: date(2031, 5, 6), until: date(2031, 5, 7), deputy: Some(PersonId(8)) }),
        PersonCommand::ClearAbsence,
        PersonCommand::AddBot { login: "bot@x".into(), bot: Box::new(bot.clone()) },
        PersonCommand::ChangeBot(Box::new(bot)),
    ]
}

fn role_commands() -> Vec<RoleCommand> {
    let persons = || vec![PersonId(7), PersonId(300)];
    vec![
        RoleCommand::Create(Box::new(RoleCreate { name: "Ж".into(), external_id: Some("x".into()), members: persons() })),
        RoleCommand::Change(Box::new(RoleChange {
            name: Some("n".into()),
            external_id: Some("x".into()),
            banned: Some(true),
            members_added: persons(),
            members_removed: vec![PersonId(8)],
        })),
        RoleCommand::Delete { task_receiver: Some(PersonId(7)) },
    ]
}

fn article_commands() -> Vec<ArticleCommand> {
    let text = || Some("Ж".to_owned());
    let parent = || Some(ArticleId(300));
    let people = || Some(vec![PersonId(7), PersonId(300)]);
    vec![
        ArticleCommand::Create { nature: article::Nature::Topic, title: text(), body: text(), parent: parent() },
        ArticleCommand::Change(Box::new(article::Change { title: text(), body: text(), parent: Some(parent()), version: Some(3) })),
        ArticleCommand::Permit(Box::new(article::Permit {
            inherit: Some(true),
            readers: people(),
            editors: people(),
            open: Some(false),
            public: Some(true),
        })),
        ArticleCommand::Delete { with_children: true },
    ]
}

fn award_commands() -> Vec<AwardCommand> {
    let limits = Limits { grant: Some(10), revoke: None };
    let person = PersonId(12);
    vec![
        AwardCommand::Create(Box::new(CreateAward { name: "Tester".into(), description: Some("Finds bugs".into()), limits })),
        AwardCommand::Change { name: Some("Finder".into()), description: None },
        AwardCommand::SetThresholds(limits),
        AwardCommand::Increment { person },
        AwardCommand::SetCounter { person, value: 7 },
        AwardCommand::Delete,
    ]
}

fn file_commands() -> Vec<FileCommand> {
    let (root, version) = (domain::FileId(57), 2);
    vec![
        FileCommand::Upload(Box::new(file::Uploaded {
            secret: uuid::Uuid::from_u128(5),
            name: "Ж.txt".into(),
            size: 3,
            md5: "90".into(),
            sha256: "ba".into(),
            media_type: "text/plain".into(),
        })),
        FileCommand::Link(file::Linked { name: "Page".into(), url: "https://example.org/".into() }),
        FileCommand::AddVersion { file: domain::FileId(58) },
        FileCommand::BecomeVersion { root, version },
        FileCommand::Remove,
    ]
}

fn filter_commands() -> Vec<FilterCommand> {
    let query = filter::Query {
        over: filter::Over::Form(domain::FormId(4)),
        members: [("fld3".to_owned(), "gt5".into()), ("steps".to_owned(), serde_json::json!([1, 2]))].into_iter().collect(),
    };
    let presentation = filter::Presentation {
        view: filter::View::Board,
        columns: vec![filter::Column::Word("id".into()), filter::Column::Field(FieldId(3))],
        sort: Some(filter::Sort { by: filter::Column::Field(FieldId(3)), descending: true }),
        group_by: Some(filter::Column::Word("step".into())),
    };
    let shared = filter::Shared { everyone: true, with: [PersonId(7)].into() };
    vec![
        FilterCommand::Create(Box::new(filter::Settings {
            name: "Late".into(),
            query: query.clone(),
            presentation: presentation.clone(),
            shared: shared.clone(),
        })),
        FilterCommand::Change(Box::new(filter::Change {
            name: Some("Later".into()),
            query: Some(query),
            presentation: Some(presentation),
            shared: Some(shared),
        })),
        FilterCommand::Change(Box::default()),
        FilterCommand::Delete,
    ]
}

fn inbox_commands() -> Vec<InboxCommand> {
    let (task, at) = (TaskId(7), "2026-03-03T08:00:00Z".parse().unwrap());
    let all = vec![
        What::Follow(Followed::Task(task)),
        What::Unfollow(Followed::List(domain::ListId(3))),
        What::Follow(Followed::Form(domain::FormId(4))),
        What::Follow(Followed::Filter(domain::FilterId(5))),
        What::Snooze { task, until: at },
        What::Unsnooze { task },
        What::Remind { task, at },
        What::CancelReminder { task },
        What::Read { task: Some(task), upto: 9 },
        What::Unread { task, position: 9 },
        What::SetSettings(Box::new(InboxSettings {
            quiet: Some(domain::inbox::Quiet { from: 1_320, until: 420 }),
            ..InboxSettings::default()
        })),
        What::FireSnooze { task, until: at },
        What::FireReminder { task, at },
        What::Found(domain::inbox::Found { filter: domain::FilterId(5), task, cause: 90, by: PersonId(12) }),
    ];
    all.into_iter().map(|what| InboxCommand { of: PersonId(12), what }).collect()
}

fn catalog_commands() -> Vec<CatalogCommand> {
    let batch = || domain::CommandId(uuid::Uuid::from_u128(7));
    let items = || vec![catalog::NewItem::of(["Acme", "Bonn", ""]), catalog::NewItem::of(["Beta", "", "12"]).known_as("b")];
    let settings = || vec![catalog::ColumnSetting { original_position: 1, sort_order: Some(2), visible: true, group_by: false }];
    let persons = || vec![PersonRef::Id(PersonId(12)), PersonRef::Email("anna@example.org".into())];
    let text = |text: &str| Some(text.to_owned());
    vec![
        CatalogCommand::Create(
            catalog::Create {
                batch: batch(),
                name: "Vendors".into(),
                source_type: text("hierarchical"),
                external_id: text("7"),
                external_version: None,
                column_settings: settings(),
                columns: vec!["Vendor".into(), "City".into()],
                workflow_columns: vec!["Buyer".into()],
                items: items(),
                supervisors: persons(),
            }
            .into(),
        ),
        CatalogCommand::Sync(
            catalog::Sync {
                batch: batch(),
                name: text("Suppliers"),
                external_id: None,
                external_version: text(""),
                column_settings: Some(settings()),
                columns: vec!["Vendor".into()],
                workflow_added: vec!["Head".into()],
                workflow_deleted: vec!["Buyer".into()],
                renames_first: true,
                items: items(),
                supervisors_added: persons(),
                supervisors_removed: Vec::new(),
            }
            .into(),
        ),
        CatalogCommand::Upsert(catalog::Upsert { batch: batch(), items: items(), delete: vec!["Ceta".into()] }.into()),
        CatalogCommand::ChangePeople { added: persons(), removed: Vec::new() },
        CatalogCommand::Delete,
    ]
}

fn announcement_commands() -> Vec<AnnouncementCommand> {
    let say = || Say::from(TextInput::Plain("Ж".into()));
    let file = Wanted::Known(FileId(57));
    let files = Brought(vec![(file.clone(), domain::testing::attached(57, "a.pdf"))]);
    vec![
        AnnouncementCommand::Create(TextInput::Formatted("<b>x</b>".into()).into()),
        AnnouncementCommand::Change { say: say(), closed: Some(true) },
        AnnouncementCommand::Comment(Say { attachments: Some(vec![file]), files, ..say() }),
        AnnouncementCommand::EditComment { comment: 300, say: say() },
        AnnouncementCommand::DeleteComment { comment: 300 },
        AnnouncementCommand::Delete,
    ]
}

fn organisation_commands() -> Vec<OrganisationCommand> {
    let settings = Settings { name: "Home".into(), time_zone: "Etc/UTC".into(), locale: "en-US".into() };
    let change = organisation::Change { name: Some("Home".into()), time_zone: None, locale: Some("en-US".into()) };
    vec![OrganisationCommand::Create(Box::new(settings)), OrganisationCommand::Change(Box::new(change))]
}

fn form_commands() -> Vec<FormCommand> {
    let settings = form::Settings { name: "a".into(), folder: vec!["b".into()], business_owners: vec![PersonId(7)] };
    let number = form::FieldKind::Number { decimal_places: Some(2) };
    let field = form::Field { id: form::FieldId(3), name: "c".into(), kind: number, ..form::Field::default() };
    let definition = form::Definition { fields: vec![field], auto_close: true, ..form::Definition::default() };
    vec![
        FormCommand::Create(Box::new(form::Create { settings, definition: definition.clone() })),
        FormCommand::Change(Box::new(form::Change {
            name: Some("a".into()),
            folder: Some(vec![]),
            business_owners: Some(vec![PersonId(8)]),
            definition: Some(definition),
            version: Some(3),
        })),
        FormCommand::Change(Box::default()),
        FormCommand::Publish,
        FormCommand::Permit([(PersonId(7), form::Level::Manager)].into()),
        FormCommand::Close,
        FormCommand::Reopen,
        FormCommand::SavePrint(Box::new(form::SavePrint { id: Some(2), name: Some("a".into()), template: Some("b".into()) })),
        FormCommand::SavePrint(Box::default()),
        FormCommand::RemovePrint(2),
    ]
}

fn list_commands() -> Vec<ListCommand> {
    let (anna, boris) = (PersonRef::Id(PersonId(7)), PersonRef::Email("boris@example.org".into()));
    let text = |text: &str| Some(text.to_owned());
    vec![
        ListCommand::Create(Box::new(list::Create {
            name: "a".into(),
            parent: Some(ListId(5)),
            color: text("b"),
            reach: Reach::Organisation,
            external_id: text("c"),
            external_version: text("d"),
            managers: vec![anna.clone()],
            members: vec![boris.clone()],
        })),
        ListCommand::Change(Box::new(list::Change {
            name: text("a"),
            parent: Some(ListId(0)),
            color: text("b"),
            reach: Some(Reach::Private),
            external_id: text("c"),
            external_version: text("d"),
            managers_added: vec![anna.clone()],
            managers_removed: vec![boris.clone()],
            members_added: vec![boris],
            members_removed: vec![anna],
            deleted: Some(false),
        })),
        ListCommand::Delete,
    ]
}

fn department_commands() -> Vec<DepartmentCommand> {
    let change = |parent| DepartmentChange {
        name: Some("Sales".into()),
        parent: Some(parent),
        manager: Some(PersonId(7)),
        remove_manager: true,
        external_id: Some("s".into()),
    };
    vec![
        DepartmentCommand::Create(change(Parent::Under(DepartmentId(3)))),
        DepartmentCommand::Change(change(Parent::Top)),
        DepartmentCommand::Delete,
    ]
}

fn account_commands() -> Vec<AccountCommand> {
    let (id, person, organisation) = (uuid::Uuid::from_u128(7), PersonId(11), OrganisationId(1));
    vec![
        AccountCommand::Create { login: "anna@example.org".into(), organisation, person },
        AccountCommand::Link { organisation, person },
        AccountCommand::StartSession { session: id, person, by: Way::Password, second: Some(Factor::Totp) },
        AccountCommand::EndSession { session: id, why: Why::SignedOut },
        AccountCommand::EndSessions { kept: Some(id), why: Why::CredentialsChanged },
        AccountCommand::ChangePassword,
        AccountCommand::RequestPasswordReset,
        AccountCommand::ResetPassword,
        AccountCommand::AddTotp,
        AccountCommand::RemoveTotp,
        AccountCommand::MakeRecoveryCodes { count: 10 },
        AccountCommand::UseRecoveryCode,
        AccountCommand::AddPasskey { id, name: "Phone".into() },
        AccountCommand::RenamePasskey { id, name: "Key".into() },
        AccountCommand::RemovePasskey { id },
        AccountCommand::AnswerQrSignIn { request: id, approved: true },
    ]
}

/// The bytes of each, one a line.
fn bytes<A: Hosted>(commands: &[A::Command]) -> String
where
    A::Command: PartialEq,
{
    let written = commands.iter().map(|command| {
        let record = codec::encode(A::MESSAGES, command).unwrap();
        assert_eq!(&codec::decode::<A::Command>(A::MESSAGES, &record).unwrap(), command);
        for length in 0..record.len() {
            assert!(codec::decode::<A::Command>(A::MESSAGES, &record[..length]).is_err(), "{length} bytes of {command:?}");
        }
        hex::encode(record)
    });
    written.collect::<Vec<_>>().join("\n")
}

#[test]
fn commands_have_the_bytes_of_every_release() {
    insta::assert_snapshot!("task_commands", bytes::<Task>(&task_commands()));
    insta::assert_snapshot!("person_commands", bytes::<Person>(&person_commands()));
    insta::assert_snapshot!("role_commands", bytes::<Role>(&role_commands()));
    insta::assert_snapshot!("list_commands", bytes::<List>(&list_commands()));
    insta::assert_snapshot!("form_commands", bytes::<Form>(&form_commands()));
    insta::assert_snapshot!("article_commands", bytes::<Article>(&article_commands()));
    insta::assert_snapshot!("announcement_commands", bytes::<Announcement>(&announcement_commands()));
    insta::assert_snapshot!("award_commands", bytes::<Award>(&award_commands()));
    insta::assert_snapshot!("file_commands", bytes::<File>(&file_commands()));
    insta::assert_snapshot!("filter_commands", bytes::<Filter>(&filter_commands()));
    insta::assert_snapshot!("inbox_commands", bytes::<Inbox>(&inbox_commands()));
    insta::assert_snapshot!("catalog_commands", bytes::<Catalog>(&catalog_commands()));
    insta::assert_snapshot!("department_commands", bytes::<Department>(&department_commands()));
    insta::assert_snapshot!("organisation_commands", bytes::<Organisation>(&organisation_commands()));
    insta::assert_snapshot!("account_commands", bytes::<Account>(&account_commands()));
}

#[test]
fn what_is_shown_survives_the_way() {
    let answer = Answer { chunks: vec![bytes::Bytes::from_static(b"{\"task\":"), bytes::Bytes::from_static(b"{}}")], ..Answer::default() };
    let record = codec::encode(Task::MESSAGES, &answer).unwrap();
    assert_eq!(hex::encode(&record), format!("01{:04x}0208 7b227461736b223a 03 7b7d7d 00 00 00", Task::MESSAGES).replace(' ', ""));
    let read: Answer = codec::decode(Task::MESSAGES, &record).unwrap();
    assert_eq!((read.to_vec(), read.names), (answer.to_vec(), answer.names));
    let mut person = Person::default();
    (person.id, person.exists, person.rights) = (PersonId(7), true, 3);
    let person = std::sync::Arc::new(person);
    let record = codec::encode(Person::MESSAGES, &person).unwrap();
    assert_eq!(codec::decode::<std::sync::Arc<Person>>(Person::MESSAGES, &record).unwrap(), person);
}
