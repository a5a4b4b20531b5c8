//! Tasks of a form: what a request may do to fields and to the route, and what is shown of it. The rules of routes are tested in
//! [`crate::workflow`], those of values in [`crate::form::fill`].

use serde_json::{Value as Shown, json};

use super::*;
use crate::directory::OrganisationDirectory;
use crate::expression::Expression;
use crate::form::{Approver, Choice as ChoiceOf, Field, FieldKind, Form, Level, Settings, Step, Who};
use crate::json::Json;
use crate::rejection::Code;
use crate::task::command::{Action, ApprovalChoice, Command, Comment, Create, PersonRef};
use crate::task::{Document, Event, Task};
use crate::testing::{
    ADMIN, ANNA, BORIS, CLARA, CLERKS, DAVID, EVA, FELIX, GRETA, Given, HOME, TASK, given, position, with_form, with_roles,
};
use crate::workflow::{self, Choice};

const FORM: FormId = FormId(3);

fn field(id: u32, name: &str, kind: FieldKind) -> Field {
    Field { id: FieldId(id), name: name.into(), kind, ..Field::default() }
}

fn text() -> FieldKind {
    FieldKind::Text { multiline: false }
}

fn formula(source: &str) -> Option<Expression> {
    Expression::parse(source).ok()
}

fn asks(who: impl IntoIterator<Item = Who>) -> Step {
    let approvers = who.into_iter().map(|who| Approver { who, condition: None }).collect();
    Step { name: "Step".into(), approvers, ..Step::default() }
}

/// Step 1 is the author's, 2 Boris's, and 3, for what costs more than 1000, the clerks'.
fn purchase() -> Definition {
    let other = ChoiceOf { choice_id: 2, choice_value: "Other".into(), fields: vec![field(4, "Which", text())], ..ChoiceOf::default() };
    let chair = ChoiceOf { choice_id: 1, choice_value: "Chairs".into(), ..ChoiceOf::default() };
    let columns = vec![field(6, "What", text()), field(7, "Price", FieldKind::Money)];
    let fields = vec![
        Field { in_title: true, required_step: Some(1), ..field(1, "Amount", FieldKind::Money) },
        field(2, "Buyer", FieldKind::Person),
        Field { in_title: true, ..field(3, "Kind", FieldKind::MultipleChoice { multiple: false, options: vec![chair, other] }) },
        field(5, "Rows", FieldKind::Table { columns }),
        Field { formula: formula("sum(#7)"), ..field(8, "Total", FieldKind::Money) },
        Field { immutable_step: Some(2), default_value: Some("Office".into()), code: Some("u_place".into()), ..field(9, "Place", text()) },
        field(10, "State", FieldKind::Status),
    ];
    let dear = Step { condition: formula("#1 > 1000"), ..asks([Who::Person(CLERKS)]) };
    Definition { fields, steps: vec![asks([Who::Author]), asks([Who::Person(BORIS)]), dear], ..Definition::default() }
}

fn form(definition: Definition) -> Form {
    let settings = Settings { name: "Purchase".into(), ..Settings::default() };
    let levels = [(ANNA, Level::Member), (DAVID, Level::Manager), (GRETA, Level::Member), (EVA, Level::RestrictedManager)];
    let (organisation, levels) = (HOME, levels.into());
    Form { id: FORM, organisation, exists: true, settings, published: definition.into(), template: 1, levels, ..Form::default() }
}

fn home() -> OrganisationDirectory {
    with_form(with_roles(), form(purchase()))
}

fn parsed(json: &Shown) -> Json {
    Json::parse(&json.to_string()).expect("JSON")
}

fn create(fields: &Shown) -> Command {
    let begin = Begin { form: FORM, fields: Some(parsed(fields)), ..Begin::default() };
    Command::Create(Box::new(Create { form: Some(Box::new(begin)), ..Create::default() }))
}

fn comment(change: impl FnOnce(&mut Comment)) -> Command {
    let mut comment = Comment::default();
    change(&mut comment);
    Command::Comment(Box::new(comment))
}

fn fill(fields: &Shown) -> Command {
    comment(|comment| comment.fields = Some(parsed(fields)))
}

fn choose(choice: ApprovalChoice) -> Command {
    comment(|comment| comment.approval_choice = Some(choice))
}

fn of_form(fact: Fact) -> Event {
    Event::Form(Box::new(fact))
}

fn changed(id: u32, value: Value) -> Event {
    of_form(Fact::FieldChanged { field: FieldId(id), value: Some(value) })
}

fn titled(title: &str) -> Event {
    of_form(Fact::Titled { title: title.into() })
}

fn entered(step: u8, approvers: &[PersonId]) -> Event {
    of_form(Fact::Route(workflow::Fact::Entered { step, approvers: approvers.to_vec(), due: None }))
}

fn chosen(step: u8, approver: PersonId, choice: Choice) -> Event {
    of_form(Fact::Route(workflow::Fact::Chosen { step, approver, choice }))
}

fn number(number: i64) -> Value {
    Value::Number(number.into())
}

fn created() -> Event {
    match crate::testing::task_created("") {
        Event::Created(plain) => Event::Created(Box::new(crate::task::event::Created { form: Some(FORM), template: Some(1), ..*plain })),
        other => unreachable!("{other:?}"),
    }
}

/// By Anna, for so much; it waits for Boris.
fn begun(amount: i64) -> Given<Task> {
    let facts = [
        created(),
        changed(1, number(amount)),
        entered(1, &[ANNA]),
        chosen(1, ANNA, Choice::Approved),
        entered(2, &[BORIS]),
        titled(&format!("Purchase: {amount}")),
    ];
    given([]).and_together(ANNA, facts).among(home())
}

#[test]
fn creating_fills_in_begins_the_route_and_is_the_authors_word_for_the_first_step() {
    let new = || given::<Task>([]).among(home());
    new().when(create(&json!([{"id": 1, "value": 5}, {"name": "Kind", "value": {"choice_id": 1}}]))).then([
        created(),
        changed(1, number(5)),
        changed(3, Value::Choices(vec![1])),
        entered(1, &[ANNA]),
        chosen(1, ANNA, Choice::Approved),
        entered(2, &[BORIS]),
        titled("Purchase: 5; Chairs"),
    ]);
    let without_amount = [created(), entered(1, &[ANNA]), chosen(1, ANNA, Choice::Approved), titled("Purchase")];
    new().when(create(&json!([]))).then(without_amount);
}

#[test]
fn defaults_are_filled_in_where_they_are_asked_for_and_nothing_else_is_given() {
    let with_defaults = |fields: Shown| {
        let begin = Begin { form: FORM, fields: Some(parsed(&fields)), fill_defaults: true, ..Begin::default() };
        let create = Create { form: Some(Box::new(begin)), ..Create::default() };
        given::<Task>([]).among(home()).when(Command::Create(Box::new(create))).outcome().expect("it is created")
    };
    assert!(with_defaults(json!([])).contains(&changed(9, Value::Text("Office".into()))));
    let given = with_defaults(json!([{"code": "u_place", "value": "Home"}]));
    assert!(given.contains(&changed(9, Value::Text("Home".into()))) && !given.contains(&changed(9, Value::Text("Office".into()))));
}

#[test]
fn members_make_tasks_of_a_form_and_nobody_of_a_closed_one() {
    for who in [BORIS, ADMIN, FELIX] {
        let code = if who == FELIX { Code::AccountBlocked } else { Code::AccessDeniedForm };
        given::<Task>([]).among(home()).by(who).when(create(&json!([]))).then_rejected(code);
    }
    assert!(given::<Task>([]).among(home()).by(GRETA).when(create(&json!([]))).outcome().is_ok());
    let closed = with_form(with_roles(), Form { closed: true, ..form(purchase()) });
    given::<Task>([]).among(closed).when(create(&json!([]))).then_rejected(Code::FormIsDeleted);
    given::<Task>([]).when(create(&json!([]))).then_rejected(Code::AccessDeniedForm);
}

#[test]
fn approving_goes_on_and_the_last_word_completes_the_route() {
    begun(5)
        .by(BORIS)
        .when(choose(ApprovalChoice::Approved))
        .then([chosen(2, BORIS, Choice::Approved), of_form(Fact::Route(workflow::Fact::Completed))]);
    begun(5_000).by(BORIS).when(choose(ApprovalChoice::Approved)).then([chosen(2, BORIS, Choice::Approved), entered(3, &[CLERKS])]);
    let at_clerks = || begun(5_000).and_together(BORIS, [chosen(2, BORIS, Choice::Approved), entered(3, &[CLERKS])]);
    at_clerks()
        .by(CLARA)
        .when(choose(ApprovalChoice::Approved))
        .then([chosen(3, CLERKS, Choice::Approved), of_form(Fact::Route(workflow::Fact::Completed))]);
    at_clerks()
        .by(CLARA)
        .when(choose(ApprovalChoice::Rejected))
        .then([chosen(3, CLERKS, Choice::Rejected), of_form(Fact::Route(workflow::Fact::Returned { step: 1, again: true, due: None }))]);
}

#[test]
fn a_form_that_says_so_closes_what_is_complete() {
    let closing = with_form(with_roles(), form(Definition { auto_close: true, ..purchase() }));
    begun(5).among(closing).by(BORIS).when(choose(ApprovalChoice::Approved)).then([
        chosen(2, BORIS, Choice::Approved),
        of_form(Fact::Route(workflow::Fact::Completed)),
        Event::Closed,
    ]);
}

#[test]
fn nobody_outside_of_the_step_decides_and_nobody_in_a_closed_task() {
    begun(5).when(choose(ApprovalChoice::Approved)).then_rejected(Code::AccessDenied);
    begun(5).by(DAVID).when(choose(ApprovalChoice::Rejected)).then_rejected(Code::AccessDenied);
    begun(5).by(CLARA).when(choose(ApprovalChoice::Approved)).then_rejected(Code::AccessDeniedTask);
    let closed = begun(5).and(ANNA, [Event::Closed]);
    closed.by(BORIS).when(choose(ApprovalChoice::Approved)).then_rejected(Code::Conflict);
    let later = comment(|comment| (comment.approval_choice, comment.approval_steps) = (Some(ApprovalChoice::Approved), vec![3]));
    begun(5_000).by(BORIS).when(later).then_rejected(Code::InvalidStepNumber);
}

#[test]
fn a_field_that_is_filled_changes_the_title_and_may_move_the_route() {
    let waits =
        given::<Task>([]).and_together(ANNA, [created(), entered(1, &[ANNA]), chosen(1, ANNA, Choice::Approved), titled("Purchase")]);
    waits.among(home()).when(fill(&json!([{"id": 1, "value": "7.50"}]))).then([
        changed(1, Value::Number("7.50".parse().expect("a number"))),
        entered(2, &[BORIS]),
        titled("Purchase: 7.5"),
    ]);
    begun(5).when(fill(&json!([{"id": 1, "value": 5}]))).then_nothing();
    begun(5).when(fill(&json!([{"id": 2, "value": 12}]))).then([changed(2, Value::Person(BORIS))]);
}

#[test]
fn a_frozen_field_is_changed_by_managers_of_the_form_alone() {
    let place = || fill(&json!([{"code": "u_place", "value": "Home"}]));
    begun(5).when(place()).then_rejected(Code::FieldEditingIsNotAllowed);
    begun(5).by(EVA).when(place()).then_rejected(Code::FieldEditingIsNotAllowed);
    begun(5).by(DAVID).when(place()).then([changed(9, Value::Text("Home".into()))]);
}

#[test]
fn rows_come_change_and_go() {
    let rows = |rows: Shown| fill(&json!([{"id": 5, "value": rows}]));
    let row = |row_id, price: i64| RowChange { row_id, cells: [(FieldId(7), Some(number(price)))].into(), ..RowChange::default() };
    let changed_rows = |rows| of_form(Fact::TableChanged { field: FieldId(5), rows });
    let cell = |price| json!([{"id": 7, "value": price}]);
    begun(5).when(rows(json!([{"row_id": 0, "cells": cell(10)}]))).then([changed_rows(vec![row(0, 10)])]);
    let with = || begun(5).and(ANNA, [changed_rows(vec![row(0, 10), row(1, 20)])]);
    with().when(rows(json!([{"row_id": 0, "cells": cell(10)}, {"row_id": 1, "cells": cell(21)}]))).then([changed_rows(vec![row(1, 21)])]);
    let gone = RowChange { row_id: 1, deleted: true, ..RowChange::default() };
    with().when(rows(json!([{"row_id": 1, "delete": true}]))).then([changed_rows(vec![gone])]);
    with().when(rows(json!([{"row_id": 9, "delete": true}]))).then_rejected(Code::InvalidTableRow);
    with().when(rows(json!([{"row_id": 0, "position": 1}]))).then_rejected(Code::DuplicatePosition);
}

#[test]
fn a_task_without_a_form_has_no_fields_and_no_steps() {
    let plain = || given::<Task>([crate::testing::task_created("hello")]);
    plain().when(fill(&json!([{"id": 1, "value": 5}]))).then_rejected(Code::TaskHasNoForm);
    let added = comment(|comment| comment.approvals_added = vec![(1, vec![PersonRef::Id(BORIS)])]);
    plain().when(added).then_rejected(Code::TaskHasNoForm);
    plain().when(choose(ApprovalChoice::Approved)).then_rejected(Code::TaskHasNoForm);
}

#[test]
fn a_newly_published_form_applies_from_the_next_change_on() {
    let mut next = form(purchase());
    let mut definition = purchase();
    definition.steps[1] = asks([Who::Person(BORIS), Who::Person(CLARA)]);
    (next.published, next.template) = (definition.into(), 2);
    let running = begun(5).among(with_form(with_roles(), next));
    running.clone().by(BORIS).when(choose(ApprovalChoice::Approved)).then([
        chosen(2, BORIS, Choice::Approved),
        of_form(Fact::TemplateApplied { template: 2 }),
        of_form(Fact::Route(workflow::Fact::Completed)),
    ]);
    running.when(comment(|comment| comment.action = Some(Action::Finished))).then([Event::Closed]);
}

#[test]
fn a_decision_on_what_has_changed_since_it_was_looked_at_is_refused() {
    let approve = |seen| {
        comment(|comment| {
            comment.approval_choice = Some(ApprovalChoice::Approved);
            comment.seen = Some(seen);
        })
    };
    let changed = || begun(5).and(ANNA, [changed(2, Value::Person(CLARA))]);
    changed().by(BORIS).when(approve(position(6))).then_rejected(Code::Conflict);
    assert!(changed().by(BORIS).when(approve(position(7))).outcome().is_ok());
    let talked = changed().and(ANNA, [Event::TimeSpent { minutes: 5 }]);
    assert!(talked.by(BORIS).when(approve(position(7))).outcome().is_ok(), "nothing to decide on changed");
}

#[test]
fn approvers_are_added_removed_and_asked_again_by_step() {
    let added = comment(|comment| comment.approvals_added = vec![(0, vec![PersonRef::Id(CLARA)]), (3, vec![PersonRef::Id(DAVID)])]);
    let asked = |step, person| of_form(Fact::Route(workflow::Fact::Added { step, persons: vec![person] }));
    begun(5).when(added).then([asked(2, CLARA), asked(3, DAVID)]);
    let removed = comment(|comment| comment.approvals_removed = vec![(2, vec![PersonRef::Id(BORIS)])]);
    begun(5).when(removed).then([
        of_form(Fact::Route(workflow::Fact::Removed { step: 2, persons: vec![BORIS] })),
        of_form(Fact::Route(workflow::Fact::Completed)),
    ]);
    let blocked = comment(|comment| comment.approvals_added = vec![(1, vec![PersonRef::Id(FELIX)])]);
    begun(5).when(blocked).then_rejected(Code::AccessDeniedPerson);
}

#[test]
fn who_is_succeeded_is_succeeded_as_approver() {
    let succeed = Command::Succeed { from: BORIS, to: CLARA };
    begun(5).by(PersonId::SYSTEM).when(succeed).then([
        of_form(Fact::Route(workflow::Fact::Added { step: 2, persons: vec![CLARA] })),
        of_form(Fact::Route(workflow::Fact::Removed { step: 2, persons: vec![BORIS] })),
    ]);
}

#[test]
fn approvers_and_managers_of_the_form_see_its_tasks() {
    let (task, home) = (begun(5).state(), home());
    let sees = |who| {
        let issued = crate::issued::Issued { organisation: HOME, who, at: crate::testing::now(), directory: &home };
        assert_eq!(task.may_see(&issued), task.audience().may_see(&issued));
        task.may_see(&issued)
    };
    assert!([ANNA, BORIS, DAVID, EVA, ADMIN].into_iter().all(sees));
    assert!(![CLARA, FELIX, GRETA].into_iter().any(sees));
}

fn shown(given: &Given<Task>) -> Shown {
    let mut document = Document::default();
    for (header, event) in given.history() {
        document.apply(event, header, &home());
    }
    serde_json::from_slice(&document.answer().to_vec()).expect("JSON")
}

#[test]
fn a_task_of_a_form_shows_its_fields_approvals_and_steps() {
    let row = RowChange {
        row_id: 0,
        cells: [(FieldId(6), Some(Value::Text("Chair".into()))), (FieldId(7), Some(number(3)))].into(),
        ..RowChange::default()
    };
    let given = begun(5_000)
        .and_together(
            ANNA,
            [changed(3, Value::Choices(vec![2])), changed(4, Value::Text("Lamps".into())), changed(2, Value::Person(BORIS))],
        )
        .and(ANNA, [of_form(Fact::TableChanged { field: FieldId(5), rows: vec![row] })])
        .and_together(BORIS, [chosen(2, BORIS, Choice::Approved), entered(3, &[CLERKS])]);
    let shown = shown(&given);
    let task = &shown["task"];
    assert_eq!(
        (&task["id"], &task["form_id"], &task["current_step"], &task["text"]),
        (&json!(TASK), &json!(3), &json!(3), &json!("Purchase: 5000"))
    );
    let field = |id: usize| task["fields"].as_array().expect("fields").iter().find(|field| field["id"] == id).cloned().unwrap_or_default();
    assert_eq!(field(1), json!({"id": 1, "type": "money", "name": "Amount", "value": 5000}));
    assert_eq!(field(2)["value"]["id"], BORIS.0);
    assert_eq!(field(3)["value"]["choice_names"], json!(["Other"]));
    assert_eq!(field(3)["value"]["fields"][0], json!({"id": 4, "type": "text", "name": "Which", "parent_id": 3, "value": "Lamps"}));
    let cell = json!({"id": 7, "type": "money", "name": "Price", "parent_id": 5, "value": 3});
    assert_eq!(field(5)["value"][0]["cells"][1], cell);
    assert_eq!((&field(8)["value"], field(9).get("value"), &field(10)["value"]), (&json!(3), None, &json!("open")));
    let choices: Vec<_> = (0..3).map(|step| task["approvals"][step][0]["approval_choice"].clone()).collect();
    assert_eq!(choices, ["approved", "approved", "waiting"]);
    assert_eq!(task["steps"].as_array().map(Vec::len), Some(3));
    let comments = task["comments"].as_array().expect("comments");
    assert_eq!(comments[1]["field_updates"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        (&comments[3]["approval_choice"], &comments[3]["approval_step"], &comments[3]["changed_step"]),
        (&json!("approved"), &json!(2), &json!(3))
    );
}

#[test]
fn a_sections_checkmark_is_shown_as_a_section_also_in_the_comment_that_set_it() {
    let mut definition = purchase();
    definition.fields.push(field(11, "Details", FieldKind::Title { checkmark: true, fields: vec![field(12, "Why", text())] }));
    let home = with_form(with_roles(), form(definition));
    let mut document = Document::default();
    for (header, event) in begun(5).and(ANNA, [changed(11, Value::Checked(true))]).history() {
        document.apply(event, header, &home);
    }
    let shown: Shown = serde_json::from_slice(&document.answer().to_vec()).expect("JSON");
    let section = shown["task"]["fields"].as_array().and_then(|fields| fields.last()).expect("a field");
    let why = json!({"id": 12, "type": "text", "name": "Why", "parent_id": 11});
    assert_eq!(section["value"], json!({"checkmark": "checked", "fields": [why]}));
    assert_eq!(shown["task"]["comments"][1]["field_updates"][0]["value"], json!({"checkmark": "checked"}));
}

#[test]
fn numbers_are_shown_with_every_digit() {
    let exact = Value::Number("0.1000000000000000055".parse().expect("a number"));
    let given = begun(5).and(ANNA, [changed(1, exact)]);
    let mut document = Document::default();
    for (header, event) in given.history() {
        document.apply(event, header, &home());
    }
    let text = String::from_utf8(document.answer().to_vec()).expect("UTF-8");
    assert_eq!(text.matches("0.1000000000000000055").count(), 2, "in the field, and in the comment that changed it");
}
