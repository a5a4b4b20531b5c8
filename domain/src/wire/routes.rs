//! Histories of tasks of a form that nobody thought of: any requests by anybody, along a route that has everything.

use proptest::prelude::*;

use super::history::{Run, agrees, asker, comment, document};
use crate::expression::Expression;
use crate::form::{Approver, Definition, Field, FieldId, FieldKind, Form, Level, Rule, Settings, Step, Subprocess, Who};
use crate::id::{FormId, PersonId, TaskId};
use crate::json::Json;
use crate::task::command::{ApprovalChoice, AtSteps, Comment, Create, PersonRef};
use crate::task::form::{Begin, Fact, News, Told};
use crate::task::{Command, Document, Event, Task};
use crate::testing::{ANNA, BORIS, CLERKS, DAVID, FELIX, HOME, with_form};
use crate::workflow::{self, Outcome};

const FORM: FormId = FormId(3);

fn asks(who: &[Who]) -> Step {
    let approvers = who.iter().map(|who| Approver { who: who.clone(), condition: None }).collect();
    Step { name: "Step".into(), approvers, ..Step::default() }
}

/// Fields that the route depends on, steps of every kind, and one that opens a task of the form itself.
fn form() -> Form {
    let field = |id, code: &str, kind| Field { id: FieldId(id), name: code.into(), code: Some(code.into()), kind, ..Field::default() };
    let fields = vec![
        Field { required_step: Some(2), in_title: true, ..field(1, "u_name", FieldKind::Text { multiline: false }) },
        field(2, "u_amount", FieldKind::Money),
        field(3, "u_buyer", FieldKind::Person),
    ];
    let dear = Expression::parse("u_amount > 100").ok();
    let steps = vec![
        asks(&[Who::Author]),
        Step { rule: Rule::First, due_minutes: Some(60), ..asks(&[Who::Person(BORIS), Who::Person(CLERKS)]) },
        Step { condition: dear, on_reject: Some(2), ..asks(&[Who::Field(FieldId(3)), Who::Person(FELIX)]) },
        Step { subprocess: Some(Subprocess { form_id: FORM, wait: true, ..Subprocess::default() }), ..asks(&[]) },
        Step { rule: Rule::AtLeast(2), ..asks(&[Who::Person(ANNA), Who::Person(BORIS), Who::Person(DAVID)]) },
    ];
    let settings = Settings { name: "Purchase".into(), business_owners: vec![ANNA], ..Settings::default() };
    let levels = [(ANNA, Level::Manager), (BORIS, Level::Member), (CLERKS, Level::Member)].into();
    let published = Definition { fields, steps, auto_close: true, ..Definition::default() }.into();
    Form { id: FORM, organisation: HOME, exists: true, settings, published, template: 1, levels, ..Form::default() }
}

fn fields() -> impl Strategy<Value = Option<Json>> {
    let name = prop_oneof![Just("null".to_owned()), "[a-z]{1,5}".prop_map(|name| format!("\"{name}\""))];
    let buyer = prop_oneof![Just("null".to_owned()), (11_i64..16).prop_map(|id| format!("{{\"id\":{id}}}"))];
    let all = (name, 0_i64..300, buyer).prop_map(|(name, amount, buyer)| {
        let of = |code: &str, value: &str| format!("{{\"code\":\"{code}\",\"value\":{value}}}");
        format!("[{},{},{}]", of("u_name", &name), of("u_amount", &amount.to_string()), of("u_buyer", &buyer))
    });
    proptest::option::weighted(0.4, all.prop_filter_map("it is JSON", |json| Json::parse(&json).ok()))
}

fn at_steps() -> BoxedStrategy<AtSteps> {
    let person = (10_i64..16).prop_map(|id| vec![PersonRef::Id(PersonId(id))]);
    prop_oneof![8 => Just(AtSteps::new()), 1 => (0_u8..6, person).prop_map(|at| vec![at])].boxed()
}

prop_compose! {
    fn decision()(
        choice in proptest::option::weighted(0.8, prop_oneof![
            6 => Just(ApprovalChoice::Approved), 2 => Just(ApprovalChoice::Rejected), 1 => Just(ApprovalChoice::Revoked), 1 => Just(ApprovalChoice::Acknowledged),
        ]),
        steps in prop_oneof![4 => Just(Vec::new()), 1 => (0_u8..6).prop_map(|step| vec![step])],
        people in (at_steps(), at_steps(), at_steps()),
        fields in fields(),
    ) -> Comment {
        let (approvals_added, approvals_removed, approvals_rerequested) = people;
        Comment { approval_choice: choice, approval_steps: steps, approvals_added, approvals_removed, approvals_rerequested, fields, ..Comment::default() }
    }
}

fn told() -> impl Strategy<Value = Command> {
    let outcome =
        proptest::sample::select(vec![Outcome::Completed, Outcome::Closed, Outcome::Rejected, Outcome::Deleted, Outcome::FormClosed]);
    let news = prop_oneof![Just(News::Opened(TaskId(77))), outcome.prop_map(|outcome| News::Ended(outcome, [].into()))];
    (1_u32..4, news).prop_map(|(number, news)| Command::Told(Box::new(Told { number, news })))
}

fn step_of_a_history() -> impl Strategy<Value = (PersonId, Command)> {
    prop_oneof![
        12 => (asker(), decision()).prop_map(|(who, comment)| (who, Command::Comment(Box::new(comment)))),
        3 => (asker(), comment()).prop_map(|(who, comment)| (who, Command::Comment(Box::new(comment)))),
        3 => told().prop_map(|told| (PersonId::SYSTEM, told)),
        1 => asker().prop_map(|who| (who, Command::PutAway)),
        1 => Just((PersonId::SYSTEM, Command::Succeed { from: BORIS, to: ANNA })),
    ]
}

/// While the route is not complete exactly one step is current, nobody after it has decided, and what it waits for is there.
fn is_on_its_route(task: &Task) -> Result<(), TestCaseError> {
    let progress = &task.form.as_ref().expect("of a form").progress;
    prop_assert!((1..=5).contains(&progress.current), "{progress:?}");
    let beyond = progress.steps.range(progress.current + 1..).flat_map(|(_, approvals)| approvals);
    prop_assert!(beyond.clone().all(|approval| approval.choice == workflow::Choice::Waiting), "{progress:?}");
    prop_assert_eq!(progress.due.is_some(), progress.current == 2 && !progress.complete);
    let waited = progress.subtasks.values().filter(|subtask| subtask.wait && !subtask.over);
    prop_assert!(waited.clone().count() <= 1 && waited.clone().all(|subtask| subtask.step <= progress.current), "{progress:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn whatever_anybody_asks_of_a_forms_task_it_keeps_to_its_route(
        begun in fields(),
        history in proptest::collection::vec(step_of_a_history(), 0..40),
        pauses in proptest::collection::vec(proptest::bool::weighted(0.2), 100),
    ) {
        let mut run = Run::<Task>::new();
        run.directory = with_form(run.directory.clone(), form());
        let begin = Begin { form: FORM, fields: begun, ..Begin::default() };
        run.ask(ANNA, &Command::Create(Box::new(Create { form: Some(Box::new(begin)), ..Create::default() })));
        prop_assert!(run.committed.exists);
        for (who, command) in &history {
            run.ask(*who, command);
            is_on_its_route(&run.committed)?;
        }
        run.holds()?;
        // Each decision is one of somebody whom the step asked by then, or whose role it asked; the system speaks for every role.
        let mut task = Task::default();
        for (header, event) in &run.log {
            if let Event::Form(fact) = event
                && let Fact::Route(workflow::Fact::Chosen { step, approver, choice: _ }) = &**fact
            {
                let progress = &task.form.as_ref().expect("of a form").progress;
                prop_assert!(*step <= progress.current && progress.approvals(*step).iter().any(|approval| approval.person == *approver));
                let speaks = run.directory.principals(header.person).any(|principal| principal == *approver);
                prop_assert!(speaks || header.person == PersonId::SYSTEM, "{header:?} {event:?}");
            }
            crate::aggregate::Aggregate::evolve(&mut task, event, header);
        }
        let shown = |mut document: Document| serde_json::from_slice::<serde_json::Value>(&document.answer().to_vec()).expect("JSON");
        let at_once = shown(document(&run.log, &run.directory, &[]));
        prop_assert_eq!(&shown(document(&run.log, &run.directory, &pauses)), &at_once, "incremental is the same as rebuilt");
        agrees(&at_once, &run.committed)?;
        let progress = &run.committed.form.as_ref().expect("of a form").progress;
        prop_assert_eq!(at_once["task"]["current_step"].as_u64(), Some(progress.current.into()));
        prop_assert_eq!(at_once["task"].get("current_step_due").is_some(), progress.due.is_some() && !run.committed.closed);
    }
}
