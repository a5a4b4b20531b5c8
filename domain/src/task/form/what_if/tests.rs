//! Cases of past tasks on another definition, with known answers.

use super::*;
use crate::form::{Approver, Field, FieldKind, Rule, Settings, Value};
use crate::id::{FormId, Version};
use crate::testing::{ANNA, BORIS, CLARA, DAVID, EVA, HOME, header, task_created, with_roles};

const AMOUNT: FieldId = FieldId(1);

fn asks(persons: &[PersonId]) -> Step {
    let approvers = persons.iter().map(|person| Approver { who: Who::Person(*person), condition: None }).collect();
    Step { name: "Step".into(), approvers, ..Step::default() }
}

fn when(condition: &str, step: Step) -> Step {
    Step { condition: Some(Expression::parse(condition).expect("it is of the language")), ..step }
}

fn definition(steps: impl IntoIterator<Item = Step>) -> Definition {
    let amount = Field { id: AMOUNT, name: "Amount".into(), kind: FieldKind::Money, ..Field::default() };
    Definition { fields: vec![amount], steps: steps.into_iter().collect(), ..Definition::default() }
}

/// Boris, and then, above 1000, Clara.
fn published() -> Definition {
    definition([asks(&[BORIS]), when("#1 > 1000", asks(&[CLARA]))])
}

fn with(other: Definition) -> WhatIf {
    let form = Form {
        id: FormId(3),
        organisation: HOME,
        exists: true,
        settings: Settings { name: "Purchase".into(), business_owners: vec![EVA], ..Settings::default() },
        published: other.into(),
        template: 2,
        ..Form::default()
    };
    WhatIf::new(form, vec![published().into()], &with_roles())
}

/// A history by requests, each of one person.
fn history(requests: Vec<(PersonId, Vec<Event>)>) -> Vec<(Header, Event)> {
    let (mut all, mut version): (Vec<(Header, Event)>, Version) = (Vec::new(), 0);
    for (command, (person, events)) in (1..).zip(requests) {
        for event in events {
            version += 1;
            all.push((header(crate::Kind::Task, version, person, command), event));
        }
    }
    all
}

fn created() -> Event {
    match task_created("") {
        Event::Created(plain) => {
            Event::Created(Box::new(crate::task::event::Created { form: Some(FormId(3)), template: Some(1), ..*plain }))
        }
        other => unreachable!("{other:?}"),
    }
}

fn fact(fact: workflow::Fact) -> Event {
    Event::Form(Box::new(Fact::Route(fact)))
}

fn amount(amount: i64) -> Event {
    Event::Form(Box::new(Fact::FieldChanged { field: AMOUNT, value: Some(Value::Number(amount.into())) }))
}

fn entered(step: u8, approvers: &[PersonId]) -> Event {
    fact(workflow::Fact::Entered { step, approvers: approvers.to_vec(), due: None })
}

fn approved(step: u8, approver: PersonId) -> Event {
    fact(workflow::Fact::Chosen { step, approver, choice: Choice::Approved })
}

/// Anna asked for 500, Boris agreed, and that was all.
fn cheap() -> Vec<(Header, Event)> {
    history(vec![
        (ANNA, vec![created(), amount(500), entered(1, &[BORIS])]),
        (BORIS, vec![approved(1, BORIS), fact(workflow::Fact::Completed)]),
    ])
}

/// Anna asked for 5000; Boris and then Clara agreed.
fn dear() -> Vec<(Header, Event)> {
    history(vec![
        (ANNA, vec![created(), amount(5000), entered(1, &[BORIS])]),
        (BORIS, vec![approved(1, BORIS), entered(2, &[CLARA])]),
        (CLARA, vec![approved(2, CLARA), fact(workflow::Fact::Completed)]),
    ])
}

fn differs(step: u8, change: Change, approver: Option<PersonId>, condition: Option<(&str, bool)>) -> Difference {
    let condition = condition.map(|(source, holds)| Decisive { source: source.into(), holds });
    Difference { step, change, approver, condition, missing: Vec::new() }
}

#[test]
fn the_same_definition_makes_no_difference() {
    assert_eq!(with(published()).differences(&cheap()), []);
    assert_eq!(with(published()).differences(&dear()), []);
    let plain = history(vec![(ANNA, vec![task_created("hello")])]);
    assert_eq!(with(published()).differences(&plain), [], "of no form");
}

#[test]
fn a_lower_limit_sends_the_cheap_one_to_clara_too() {
    let lower = with(definition([asks(&[BORIS]), when("#1 > 100", asks(&[CLARA]))]));
    assert_eq!(lower.differences(&dear()), []);
    let expected = [
        differs(2, Change::Entered, None, Some(("#1 > 100", true))),
        differs(2, Change::Asked, Some(CLARA), None),
        differs(2, Change::Waits, Some(CLARA), None),
    ];
    assert_eq!(lower.differences(&cheap()), expected);
}

#[test]
fn a_higher_limit_spares_clara_the_dear_one() {
    let higher = with(definition([asks(&[BORIS]), when("#1 > 9000", asks(&[CLARA]))]));
    assert_eq!(higher.differences(&dear()), [differs(2, Change::Skipped, None, Some(("#1 > 9000", false)))]);
    assert_eq!(higher.differences(&cheap()), []);
    let gone = with(definition([asks(&[BORIS])]));
    assert_eq!(gone.differences(&dear()), [differs(2, Change::Gone, None, None)]);
}

#[test]
fn another_approver_is_named_with_the_condition_that_names_them() {
    let mut step = asks(&[BORIS]);
    let condition = |source| Expression::parse(source).ok();
    step.approvers[0].condition = condition("#1 < 1000");
    step.approvers.push(Approver { who: Who::Person(DAVID), condition: condition("#1 >= 1000") });
    let other = with(definition([step, when("#1 > 1000", asks(&[CLARA]))]));
    let expected = [
        differs(1, Change::Asked, Some(DAVID), Some(("#1 >= 1000", true))),
        differs(1, Change::NotAsked, Some(BORIS), Some(("#1 < 1000", false))),
        differs(1, Change::Waits, Some(DAVID), None),
    ];
    assert_eq!(other.differences(&dear()), expected);
    assert_eq!(other.differences(&cheap()), []);
}

#[test]
fn who_has_left_since_counts_as_they_did() {
    let mut home = with_roles();
    let gone = home.persons.get(&CLARA).cloned().expect("she is there");
    home.persons.insert(CLARA, Arc::new(Person { blocked: true, ..Person::clone(&gone) }));
    let form = Form { published: published().into(), ..with(published()).form };
    assert_eq!(WhatIf::new(form, vec![published().into()], &home).differences(&dear()), []);
}

#[test]
fn the_head_who_was_asked_then_is_the_one_who_counts() {
    let mut home = with_roles();
    let department = Department { id: crate::id::DepartmentId(1), organisation: HOME, exists: true, ..Department::default() };
    let attributes = crate::department::Attributes { manager: Some(DAVID), ..department.attributes.clone() };
    home.departments.insert(department.id, Arc::new(Department { attributes, ..department }));
    let anna = home.persons.get(&ANNA).cloned().expect("she is there");
    let mut profile = anna.profile.clone();
    profile.department = Some(crate::id::DepartmentId(1));
    home.persons.insert(ANNA, Arc::new(Person { profile, ..Person::clone(&anna) }));
    let head = || {
        let mut step = asks(&[BORIS]);
        step.approvers[0].who = Who::DepartmentHead;
        definition([step])
    };
    // Boris headed it when the task was made; David does today.
    let form = Form { published: head().into(), ..with(head()).form };
    assert_eq!(WhatIf::new(form, vec![head().into()], &home).differences(&cheap()), []);
}

#[test]
fn a_rule_that_wants_fewer_completes_sooner_and_one_that_wants_more_waits() {
    let both = || asks(&[BORIS, CLARA]);
    let half = history(vec![(ANNA, vec![created(), entered(1, &[BORIS, CLARA])]), (BORIS, vec![approved(1, BORIS)])]);
    let first = with(definition([Step { rule: Rule::First, ..both() }]));
    assert_eq!(first.differences(&half), [differs(1, Change::Completes, None, None)]);
    let whole = history(vec![
        (ANNA, vec![created(), entered(1, &[BORIS, CLARA])]),
        (BORIS, vec![approved(1, BORIS), fact(workflow::Fact::Completed)]),
    ]);
    let everyone = with(definition([both()]));
    assert_eq!(everyone.differences(&whole), [differs(1, Change::Waits, Some(CLARA), None)]);
}

#[test]
fn a_field_that_would_be_required_is_waited_for() {
    let mut other = published();
    other.fields.push(Field { id: FieldId(2), name: "Why".into(), required_step: Some(1), ..other.fields[0].clone() });
    let expected = Difference { missing: vec![FieldId(2)], ..differs(1, Change::Waits, None, None) };
    assert_eq!(with(other).differences(&cheap()), [expected]);
}

#[test]
fn a_rejection_that_leads_elsewhere_is_told() {
    let back = |step| fact(workflow::Fact::Returned { step, again: true, due: None });
    let rejected = fact(workflow::Fact::Chosen { step: 3, approver: DAVID, choice: Choice::Rejected });
    let route = |on_reject| {
        let last = Step { on_reject: Some(on_reject), ..asks(&[DAVID]) };
        with(definition([asks(&[BORIS]), asks(&[CLARA]), last]))
    };
    let sent_back = history(vec![
        (ANNA, vec![created(), entered(1, &[BORIS])]),
        (BORIS, vec![approved(1, BORIS), entered(2, &[CLARA])]),
        (CLARA, vec![approved(2, CLARA), entered(3, &[DAVID])]),
        (DAVID, vec![rejected, back(1)]),
    ]);
    assert_eq!(route(1).differences(&sent_back), []);
    assert_eq!(route(2).differences(&sent_back), [differs(2, Change::Returned, None, None)]);
}
