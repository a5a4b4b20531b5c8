//! Both sides of a task that a step opened: the one that waits, and the one that is opened.

use super::*;
use crate::directory::OrganisationDirectory;
use crate::form::subprocess::{DEPTH_MAX, Pair};
use crate::form::{Approver, Definition, Field, FieldKind, Form, Level, Settings, Step, Subprocess, Who};
use crate::id::TaskId;
use crate::rejection::Code;
use crate::task::command::{Action, ApprovalChoice, Command, Comment, Create};
use crate::task::event::Commented;
use crate::task::{Event, Task};
use crate::testing::{ANNA, BORIS, CLARA, EVA, Given as History, HOME, given, with_form, with_roles};
use crate::workflow::{self, Asked, Choice, Outcome};

const MAIN: FormId = FormId(3);
const SUB: FormId = FormId(4);
/// The task that is opened.
const OPENED: TaskId = TaskId(77);

fn field(id: u32, code: &str) -> Field {
    Field { id: FieldId(id), name: code.into(), code: Some(code.into()), kind: FieldKind::Text { multiline: false }, ..Field::default() }
}

fn asks(who: &[Who]) -> Step {
    let approvers = who.iter().map(|who| Approver { who: who.clone(), condition: None }).collect();
    Step { name: "Step".into(), approvers, ..Step::default() }
}

fn form(id: FormId, name: &str, definition: Definition) -> Form {
    // Eva owns both, and stands in where nobody can act.
    let settings = Settings { name: name.into(), business_owners: vec![EVA], ..Settings::default() };
    let levels = [(ANNA, Level::Member)].into();
    Form { id, organisation: HOME, exists: true, settings, published: definition.into(), template: 1, levels, ..Form::default() }
}

/// Step 1 is Anna's; 2 opens a task of the other form; 3 is Clara's. That other form asks Boris.
fn home(change: impl FnOnce(&mut Subprocess)) -> OrganisationDirectory {
    let mut subprocess = Subprocess { form_id: SUB, wait: true, ..Subprocess::default() };
    change(&mut subprocess);
    let opens = Step { subprocess: Some(subprocess), ..asks(&[]) };
    let main = Definition {
        fields: vec![field(1, "u_name"), field(2, "u_result")],
        steps: vec![asks(&[Who::Author]), opens, asks(&[Who::Person(CLARA)])],
        ..Definition::default()
    };
    let sub = Definition {
        fields: vec![field(11, "u_name"), field(12, "u_result")],
        steps: vec![asks(&[Who::Person(BORIS)])],
        ..Definition::default()
    };
    with_form(with_form(with_roles(), form(MAIN, "Main", main)), form(SUB, "Sub", sub))
}

fn waiting(change: impl FnOnce(&mut Subprocess)) -> History<Task> {
    let home = home(change);
    let fields = crate::json::Json::parse(r#"[{"code":"u_name","value":"Chairs"}]"#).expect("JSON");
    let begin = Begin { form: MAIN, fields: Some(fields), ..Begin::default() };
    let create = Command::Create(Box::new(Create { form: Some(Box::new(begin)), ..Create::default() }));
    let events = given::<Task>([]).among(home.clone()).when(create).outcome().expect("created");
    given::<Task>([]).among(home).and_together(ANNA, events)
}

fn told(news: News) -> Command {
    Command::Told(Box::new(Told { number: 1, news }))
}

fn ended(outcome: Outcome, fields: &[(u32, &str)]) -> Command {
    let fields = fields.iter().map(|(field, text)| (FieldId(*field), Value::Text((*text).into()))).collect();
    told(News::Ended(outcome, fields))
}

fn said(text: &str) -> Event {
    let text = crate::task::event::Text { text: text.into(), ..Default::default() };
    Event::Commented(Box::new(Commented::from(text)))
}

fn route(fact: workflow::Fact) -> Event {
    Event::Form(Box::new(Fact::Route(fact)))
}

fn entered(step: u8, approvers: &[PersonId]) -> Event {
    route(workflow::Fact::Entered { step, approvers: approvers.to_vec(), due: None })
}

fn over(outcome: Outcome) -> Event {
    route(workflow::Fact::SubprocessEnded { number: 1, outcome })
}

/// Told that it was opened.
fn opened(history: History<Task>) -> History<Task> {
    history.and(PersonId::SYSTEM, [route(workflow::Fact::SubprocessOpened { number: 1, task: OPENED })])
}

fn close() -> Command {
    Command::Comment(Box::new(Comment { action: Some(Action::Finished), ..Comment::default() }))
}

#[test]
fn a_step_asks_for_a_task_with_what_goes_along_and_waits_for_it() {
    let task = waiting(|_| {}).state();
    let filling = task.form.as_ref().expect("of a form");
    assert_eq!((filling.progress.current, filling.progress.complete), (2, false));
    assert_eq!(filling.progress.subtasks[&1].form, SUB);
    let Ok(events) = given::<Task>([])
        .among(home(|_| {}))
        .when(Command::Create(Box::new(Create {
            form: Some(Box::new(Begin {
                form: MAIN,
                fields: crate::json::Json::parse(r#"[{"id":1,"value":"Chairs"}]"#).ok(),
                ..Begin::default()
            })),
            ..Create::default()
        })))
        .outcome()
    else {
        panic!("refused")
    };
    let asked = Asked {
        number: 1,
        step: 2,
        form: SUB,
        of: MAIN,
        depth: 1,
        wait: true,
        keep_open: false,
        author: ANNA,
        fields: [(FieldId(11), Value::Text("Chairs".into()))].into(),
    };
    assert!(events.contains(&route(workflow::Fact::SubprocessAsked(Box::new(asked)))), "{events:?}");
}

#[test]
fn its_end_brings_values_back_and_the_step_goes_on() {
    let history = || opened(waiting(|_| {})).by(PersonId::SYSTEM);
    history().when(ended(Outcome::Completed, &[(2, "Bought"), (404, "gone")])).then([
        Event::Form(Box::new(Fact::FieldChanged { field: FieldId(2), value: Some(Value::Text("Bought".into())) })),
        over(Outcome::Completed),
        entered(3, &[CLARA]),
        said("Task 77 came to the end of its route"),
    ]);
    history().and(PersonId::SYSTEM, [over(Outcome::Closed)]).when(ended(Outcome::Closed, &[])).then_nothing();
    opened(waiting(|_| {})).by(ANNA).when(ended(Outcome::Closed, &[])).then_rejected(Code::AccessDeniedTask);
}

#[test]
fn a_rejection_leads_back_and_a_failure_asks_those_who_stand_in() {
    let history = || opened(waiting(|_| {})).by(PersonId::SYSTEM);
    history().when(ended(Outcome::Rejected, &[])).then([
        over(Outcome::Rejected),
        route(workflow::Fact::Returned { step: 1, again: true, due: None }),
        said("Task 77 was rejected"),
    ]);
    let asked = || route(workflow::Fact::Added { step: 2, persons: vec![EVA] });
    history().when(ended(Outcome::Deleted, &[])).then([over(Outcome::Deleted), asked(), said("Task 77 was deleted")]);
    let note = "No task was opened: the form “Sub” takes no more tasks";
    waiting(|_| {}).by(PersonId::SYSTEM).when(ended(Outcome::FormClosed, &[])).then([over(Outcome::FormClosed), asked(), said(note)]);
    let left = waiting(|_| {}).and(PersonId::SYSTEM, [over(Outcome::FormClosed), asked()]);
    let approve = Command::Comment(Box::new(Comment { approval_choice: Some(ApprovalChoice::Approved), ..Comment::default() }));
    let decided = left.by(EVA).when(approve).outcome().expect("she decides");
    assert!(decided.contains(&entered(3, &[CLARA])), "{decided:?}");
}

#[test]
fn a_step_that_does_not_wait_goes_on_at_once() {
    let task = waiting(|subprocess| subprocess.wait = false);
    assert_eq!(task.state().form.as_ref().map(|filling| filling.progress.current), Some(3));
    opened(task).by(PersonId::SYSTEM).when(ended(Outcome::Rejected, &[])).then([over(Outcome::Rejected), said("Task 77 was rejected")]);
}

#[test]
fn closing_the_task_closes_what_it_opened_unless_that_stays_open_or_is_opened_late() {
    let left = |task| route(workflow::Fact::SubprocessLeft { number: 1, task });
    opened(waiting(|_| {})).by(ANNA).when(close()).then([Event::Closed, left(Some(OPENED))]);
    opened(waiting(|subprocess| subprocess.keep_open = true)).by(ANNA).when(close()).then([Event::Closed, left(None)]);
    opened(waiting(|_| {})).by(crate::testing::ADMIN).when(Command::Delete).then([left(Some(OPENED)), Event::Deleted]);
    let late = waiting(|_| {}).and_together(ANNA, [Event::Closed, left(None)]).by(PersonId::SYSTEM);
    late.when(told(News::Opened(OPENED))).then([
        route(workflow::Fact::SubprocessOpened { number: 1, task: OPENED }),
        left(Some(OPENED)),
        said("Task 77 of the form “Sub” was opened"),
    ]);
}

#[test]
fn a_task_that_is_open_again_asks_again_and_one_that_is_gone_has_what_was_opened_for_it_closed() {
    let left = |task| route(workflow::Fact::SubprocessLeft { number: 1, task });
    let closed = opened(waiting(|_| {})).and_together(ANNA, [Event::Closed, left(Some(OPENED))]);
    let reopen = Command::Comment(Box::new(Comment { action: Some(Action::Reopened), ..Comment::default() }));
    let events = closed.by(ANNA).when(reopen).outcome().expect("open again");
    let asked = |event: &Event| matches!(event, Event::Form(fact) if matches!(&**fact, Fact::Route(workflow::Fact::SubprocessAsked(asked)) if asked.number == 2));
    assert!(events.iter().any(asked), "{events:?}");
    let gone = || waiting(|_| {}).and_together(ANNA, [left(None), Event::Deleted]).by(PersonId::SYSTEM);
    let told_of = route(workflow::Fact::SubprocessOpened { number: 1, task: OPENED });
    gone().when(told(News::Opened(OPENED))).then([told_of, left(Some(OPENED))]);
    gone().when(ended(Outcome::Closed, &[])).then_rejected(Code::AccessDeniedTask);
}

#[test]
fn going_back_past_the_step_leaves_its_task_behind() {
    let revoke = Command::Comment(Box::new(Comment {
        approval_choice: Some(ApprovalChoice::Revoked),
        approval_steps: vec![1],
        ..Comment::default()
    }));
    opened(waiting(|_| {})).by(ANNA).when(revoke).then([
        route(workflow::Fact::Chosen { step: 1, approver: ANNA, choice: Choice::Revoked }),
        route(workflow::Fact::Returned { step: 1, again: false, due: None }),
        route(workflow::Fact::SubprocessLeft { number: 1, task: Some(OPENED) }),
    ]);
}

/// A task of the other form that the request links to.
fn linked(values: &[(u32, &str)]) -> Linked {
    let values = values.iter().map(|(field, text)| (FieldId(*field), Value::Text((*text).into()))).collect();
    Linked { task: OPENED, author: BORIS, closed: true, filling: Filling { form: SUB, values, ..Filling::default() } }
}

#[test]
fn a_link_brings_values_along_where_fields_are_empty_and_of_what_is_seen_alone() {
    let mut linking = home(|_| {});
    let mut main = Form::clone(linking.form(MAIN).expect("it is there"));
    let mut definition = Definition::clone(&main.published);
    let kind = FieldKind::FormLink { form_id: SUB, multiple: true };
    definition.fields.push(Field { kind, ..field(3, "u_link") });
    definition.fields[1].immutable_step = Some(3);
    main.published = definition.into();
    linking = with_form(linking, main);
    let fill = |fields: &str, linked: Vec<Linked>| {
        let fields = crate::json::Json::parse(fields).ok();
        Command::Comment(Box::new(Comment { fields, linked, ..Comment::default() }))
    };
    let task = || given::<Task>([]).among(linking.clone()).and_together(ANNA, [of_main(), entered(1, &[ANNA]), titled()]);
    let set = |field, value| Event::Form(Box::new(Fact::FieldChanged { field: FieldId(field), value: Some(value) }));
    let text = |text: &str| Value::Text(text.into());
    let link = || set(3, Value::Tasks(vec![OPENED]));
    let both = [(11, "Chairs"), (12, "Ten")];
    let decided = |command| task().when(command).outcome().expect("decided");
    let only_link = r#"[{"id":3,"value":{"task_id":77}}]"#;
    assert_eq!(decided(fill(only_link, vec![linked(&both)])), [link(), set(1, text("Chairs")), set(2, text("Ten"))]);
    assert_eq!(decided(fill(only_link, Vec::new())), [link()], "it may not be seen");
    let said = r#"[{"id":3,"value":{"task_id":77}},{"id":1,"value":"Lamps"}]"#;
    assert_eq!(decided(fill(said, vec![linked(&both)])), [link(), set(1, text("Lamps")), set(2, text("Ten"))], "what is said stands");
    let filled = task().and(ANNA, [set(1, text("Tables")), entered(3, &[CLARA])]).by(CLARA);
    let copied = filled.when(fill(only_link, vec![linked(&both)])).outcome().expect("decided");
    assert!(!copied.contains(&set(1, text("Chairs"))) && !copied.contains(&set(2, text("Ten"))), "filled in, and frozen: {copied:?}");
}

fn of_main() -> Event {
    Event::Created(Box::new(crate::task::event::Created { form: Some(MAIN), template: Some(1), ..Default::default() }))
}

fn titled() -> Event {
    Event::Form(Box::new(Fact::Titled { title: "Main".into() }))
}

fn open(depth: u8) -> Open {
    let origin = Origin { task: TaskId(5), form: MAIN, step: 2, number: 1, depth };
    Open { origin, form: SUB, author: ANNA, fields: [(FieldId(11), Value::Text("Chairs".into()))].into() }
}

fn as_opened(home: &OrganisationDirectory) -> History<Task> {
    let open = Command::Open(Box::new(open(1)));
    let events = given::<Task>([]).among(home.clone()).by(PersonId::SYSTEM).when(open).outcome().expect("opened");
    given::<Task>([]).among(home.clone()).and_together(PersonId::SYSTEM, events)
}

#[test]
fn what_is_opened_is_the_authors_and_tells_once_how_it_ended() {
    let history = as_opened(&home(|_| {}));
    let task = history.state();
    let filling = task.form.as_ref().expect("of a form");
    assert_eq!((task.author, task.parent, filling.progress.waiting().collect::<Vec<_>>()), (ANNA, Some(TaskId(5)), vec![BORIS]));
    assert_eq!(filling.values[&FieldId(11)], Value::Text("Chairs".into()));
    let result = |outcome, fields: &[(u32, &str)]| {
        let fields = fields.iter().map(|(field, text)| (FieldId(*field), Value::Text((*text).into()))).collect();
        Event::Form(Box::new(Fact::Result(Box::new(Given { origin: open(1).origin, outcome, fields }))))
    };
    let choose = |choice| Command::Comment(Box::new(Comment { approval_choice: Some(choice), ..Comment::default() }));
    let decided = |who, command| {
        let events = as_opened(&home(|_| {})).by(who).when(command).outcome().expect("decided");
        events.last().cloned()
    };
    let along: &[(u32, &str)] = &[(1, "Chairs")];
    assert_eq!(decided(BORIS, choose(ApprovalChoice::Approved)), Some(result(Outcome::Completed, along)));
    assert_eq!(decided(BORIS, choose(ApprovalChoice::Rejected)), Some(result(Outcome::Rejected, along)));
    assert_eq!(decided(ANNA, close()), Some(result(Outcome::Closed, along)));
    let deleted = as_opened(&home(|_| {})).by(crate::testing::ADMIN).when(Command::Delete).outcome().expect("deleted");
    assert_eq!(deleted, [result(Outcome::Deleted, &[]), Event::Deleted]);
    let pairs = Some(vec![Pair { from: "u_name".into(), to: "u_result".into() }]);
    let paired = as_opened(&home(|subprocess| subprocess.results = pairs)).by(ANNA).when(close()).outcome().expect("closed");
    assert_eq!(paired.last(), Some(&result(Outcome::Closed, &[(2, "Chairs")])));
    let told = as_opened(&home(|_| {})).and(BORIS, [result(Outcome::Rejected, &[])]);
    told.by(ANNA).when(close()).then([Event::Closed]);
}

#[test]
fn only_the_system_opens_and_only_where_it_may_be() {
    let given = || given::<Task>([]).among(home(|_| {}));
    given().by(ANNA).when(Command::Open(Box::new(open(1)))).then_rejected(Code::AccessDeniedTask);
    given().by(PersonId::SYSTEM).when(Command::Open(Box::new(open(DEPTH_MAX + 1)))).then_rejected(Code::LimitExceeded);
    let unknown = Open { form: FormId(404), ..open(1) };
    given().by(PersonId::SYSTEM).when(Command::Open(Box::new(unknown))).then_rejected(Code::AccessDeniedForm);
    let mut closed = form(SUB, "Sub", Definition::default());
    closed.closed = true;
    let home = with_form(home(|_| {}), closed);
    crate::testing::given::<Task>([])
        .among(home)
        .by(PersonId::SYSTEM)
        .when(Command::Open(Box::new(open(1))))
        .then_rejected(Code::FormIsDeleted);
}
