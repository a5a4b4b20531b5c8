//! The table of [`super`], case by case, and random walks.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::catalog::Row as Cells;
use crate::directory::{Listed as _, OrganisationDirectory};
use crate::expression::Expression;
use crate::form::scope::Filled;
use crate::form::{Approver, Definition, Field, FieldId, FieldKind, Form, Level, Picked, Rule, Settings, Step, Taken, Value, Who};
use crate::id::{FormId, PersonId};
use crate::person::Person;
use crate::testing::{ADMIN, ANNA, BORIS, CLARA, CLERKS, DAVID, EVA, FELIX, HOME, moment, now, with_roles};

const AMOUNT: FieldId = FieldId(1);
const BUYER: FieldId = FieldId(2);
const VENDOR: FieldId = FieldId(3);

/// A form, what a task of it has filled in, and where it is. Anna is its author.
struct Play {
    form: Form,
    directory: OrganisationDirectory,
    values: BTreeMap<FieldId, Value>,
    tables: BTreeMap<FieldId, crate::form::Table>,
    progress: Progress,
    facts: Vec<Fact>,
}

fn asks(who: impl IntoIterator<Item = Who>) -> Step {
    let approvers = who.into_iter().map(|who| Approver { who, condition: None }).collect();
    Step { name: "Step".into(), approvers, ..Step::default() }
}

fn persons(persons: &[PersonId]) -> Step {
    asks(persons.iter().copied().map(Who::Person))
}

fn when(condition: &str, step: Step) -> Step {
    Step { condition: Some(Expression::parse(condition).expect("it is of the language")), ..step }
}

fn play(steps: impl IntoIterator<Item = Step>) -> Play {
    let amount = Field { id: AMOUNT, name: "Amount".into(), kind: FieldKind::Money, ..Field::default() };
    let buyer = Field { id: BUYER, name: "Buyer".into(), kind: FieldKind::Person, ..Field::default() };
    let kind = FieldKind::Catalog { catalog_id: crate::id::CatalogId(5), multiple: true };
    let vendor = Field { id: VENDOR, name: "Vendor".into(), kind, ..Field::default() };
    let definition = Definition { fields: vec![amount, buyer, vendor], steps: steps.into_iter().collect(), ..Definition::default() };
    let settings = Settings { name: "Purchase".into(), business_owners: vec![EVA], ..Settings::default() };
    let form = Form { id: FormId(1), organisation: HOME, exists: true, settings, published: definition.into(), ..Form::default() };
    Play {
        form,
        directory: with_roles(),
        values: BTreeMap::new(),
        tables: BTreeMap::new(),
        progress: Progress::default(),
        facts: Vec::new(),
    }
}

impl Play {
    fn with(mut self, field: FieldId, value: Value) -> Self {
        self.values.insert(field, value);
        self
    }

    /// Does it, and goes on as far as the route leads.
    fn after(mut self, act: impl FnOnce(&Route<'_>, &mut Progress) -> Result<Vec<Fact>, Rejection>) -> Self {
        let filled = Filled {
            definition: &self.form.published,
            values: &self.values,
            tables: &self.tables,
            author: ANNA,
            step: self.progress.current,
            closed: false,
        };
        let route = Route { form: &self.form, filled, directory: &self.directory, at: now(), depth: 0 };
        let mut facts = act(&route, &mut self.progress).expect("nothing stands in the way");
        facts.extend(route.advance(&mut self.progress));
        self.facts.extend(facts);
        self
    }

    fn begun(self) -> Self {
        self.after(|_, _| Ok(Vec::new()))
    }

    fn choose(self, step: u8, who: PersonId, choice: Choice) -> Self {
        self.after(|route, progress| route.choose(progress, step, &[who], choice))
    }

    fn approve(self, step: u8, who: PersonId) -> Self {
        self.choose(step, who, Choice::Approved)
    }

    fn refused(&self, act: impl FnOnce(&Route<'_>, &mut Progress) -> Result<Vec<Fact>, Rejection>) -> Rejection {
        let filled =
            Filled { definition: &self.form.published, values: &self.values, tables: &self.tables, author: ANNA, step: 0, closed: false };
        let route = Route { form: &self.form, filled, directory: &self.directory, at: now(), depth: 0 };
        act(&route, &mut self.progress.clone()).expect_err("a rule stands in the way")
    }

    fn place(&self) -> (u8, bool) {
        (self.progress.current, self.progress.complete)
    }

    fn waiting(&self) -> Vec<PersonId> {
        self.progress.waiting().collect()
    }
}

#[test]
fn a_step_asks_its_approvers_and_is_complete_when_all_agree() {
    let play = play([persons(&[BORIS, CLARA]), persons(&[DAVID])]).begun();
    assert_eq!((play.place(), play.waiting()), ((1, false), vec![BORIS, CLARA]));
    let play = play.approve(1, BORIS);
    assert_eq!((play.place(), play.waiting()), ((1, false), vec![CLARA]));
    let play = play.choose(1, CLARA, Choice::Acknowledged);
    assert_eq!((play.place(), play.waiting()), ((2, false), vec![DAVID]));
    let play = play.approve(2, DAVID);
    assert_eq!((play.place(), play.waiting()), ((2, true), vec![]));
    assert_eq!(play.facts.last(), Some(&Fact::Completed));
}

#[test]
fn by_its_rule_a_step_wants_all_or_one_or_some() {
    let by = |rule| play([Step { rule, ..persons(&[BORIS, CLARA, DAVID]) }]).begun();
    assert!(by(Rule::First).approve(1, CLARA).progress.complete);
    let two = by(Rule::AtLeast(2)).approve(1, CLARA);
    assert!(!two.progress.complete && two.approve(1, DAVID).progress.complete);
    let more = by(Rule::AtLeast(9)).approve(1, BORIS).approve(1, CLARA);
    assert!(!more.progress.complete && more.approve(1, DAVID).progress.complete, "all, where they are fewer");
}

#[test]
fn a_role_decides_by_its_first_member() {
    let play = play([persons(&[CLERKS])]).begun().after(|route, progress| route.choose(progress, 1, &[BORIS, CLERKS], Choice::Approved));
    assert!(play.progress.complete);
    assert_eq!(play.facts[1], Fact::Chosen { step: 1, approver: CLERKS, choice: Choice::Approved });
}

#[test]
fn a_step_whose_condition_does_not_hold_or_that_names_nobody_is_skipped() {
    let steps = || [persons(&[BORIS]), when("#1 > 1000", persons(&[CLARA])), asks([]), persons(&[DAVID])];
    let cheap = play(steps()).with(AMOUNT, Value::Number(5.into())).begun().approve(1, BORIS);
    assert_eq!(cheap.place(), (4, false));
    let dear = play(steps()).with(AMOUNT, Value::Number(5_000.into())).begun().approve(1, BORIS);
    assert_eq!(dear.place(), (2, false));
    assert_eq!(play([]).begun().place(), (0, true), "a form without a route");
}

#[test]
fn approvers_are_worked_out_from_the_author_fields_and_conditions() {
    let conditional = Approver { who: Who::Person(CLARA), condition: Some(Expression::parse("#1 > 1000").expect("it is of the language")) };
    let mut step = asks([Who::Author, Who::Field(BUYER), Who::Person(BORIS)]);
    step.approvers.push(conditional);
    let begun = play([step]).with(BUYER, Value::Person(DAVID)).with(AMOUNT, Value::Number(5.into())).begun();
    assert_eq!(begun.waiting(), [ANNA, DAVID, BORIS]);
}

#[test]
fn a_step_whose_approvers_cannot_act_asks_the_owners_of_the_form_else_who_administers_it() {
    let blocked = || play([persons(&[FELIX]), asks([Who::Field(BUYER)])]);
    assert_eq!(blocked().begun().waiting(), [EVA]);
    assert_eq!(blocked().begun().approve(1, EVA).waiting(), [EVA], "the field is empty");
    let mut without = blocked();
    without.form.settings.business_owners = vec![FELIX];
    without.form.levels.extend([(ADMIN, Level::Administrator), (BORIS, Level::Manager)]);
    assert_eq!(without.begun().waiting(), [ADMIN]);
}

/// Items of a catalog whose column `Buyer` names these.
fn naming(cells: &[&str]) -> Value {
    let item = |(id, cell): (i64, &&str)| Taken { id, values: Cells::of(["Item", *cell]) };
    Picked { columns: Cells::of(["Item", "Buyer"]), items: (1..).zip(cells).map(item).collect() }.into()
}

#[test]
fn a_column_of_a_catalog_names_whom_a_step_asks() {
    let column = |column: &str| asks([Who::CatalogField { field: VENDOR, column: column.into() }]);
    let asked = |step: Step, cells: &[&str]| play([step]).with(VENDOR, naming(cells)).begun().waiting();
    for (cells, expected) in [
        (&["12"][..], vec![BORIS]),
        (&["Clara@example.org; 12, 40"], vec![CLARA, BORIS, CLERKS]),
        (&["12", "13, 12"], vec![BORIS, CLARA]),
        // Who is blocked, gone, or nobody is passed over; where nobody is left, the owners are asked.
        (&["16, 12, 404, nobody@example.org, somebody"], vec![BORIS]),
        (&["16"], vec![EVA]),
        (&[""], vec![EVA]),
    ] {
        assert_eq!(asked(column("buyer"), cells), expected, "{cells:?}");
    }
    assert_eq!(asked(column("Head"), &["12"]), [EVA], "the column was not there when the item was chosen");
    assert_eq!(play([column("Buyer")]).begun().waiting(), [EVA], "the field is empty");
}

#[test]
fn whom_a_column_named_is_recorded_when_the_step_is_entered_and_stays() {
    let step = asks([Who::CatalogField { field: VENDOR, column: "Buyer".into() }]);
    let begun = play([persons(&[CLARA]), step]).with(VENDOR, naming(&["12"])).begun();
    let passed = begun.with(VENDOR, naming(&["14"])).approve(1, CLARA);
    assert_eq!(passed.waiting(), [DAVID], "as it is when the step is entered");
    let later = passed.with(VENDOR, naming(&["12"])).begun();
    assert_eq!(later.waiting(), [DAVID], "and not as it becomes later");
    let mut blocked = play([asks([Who::CatalogField { field: VENDOR, column: "Buyer".into() }])]).with(VENDOR, naming(&["12"]));
    let boris = Person { blocked: true, ..Person::clone(blocked.directory.person(BORIS).expect("he is there")) };
    boris.list(&mut blocked.directory);
    assert_eq!(blocked.begun().waiting(), [EVA], "who was blocked meanwhile is not asked");
}

#[test]
fn a_required_field_that_is_empty_holds_a_step_until_it_is_filled() {
    let mut waits = play([persons(&[BORIS]), persons(&[CLARA])]);
    let mut definition = Definition::clone(&waits.form.published);
    definition.fields[0].required_step = Some(1);
    waits.form.published = definition.into();
    let waits = waits.begun().approve(1, BORIS);
    assert_eq!((waits.place(), waits.waiting()), ((1, false), vec![]));
    let filled = waits.with(AMOUNT, Value::Number(1.into())).begun();
    assert_eq!(filled.place(), (2, false));
}

#[test]
fn a_rejection_leads_to_the_authors_step_and_everybody_from_there_is_asked_again() {
    let steps = || [persons(&[BORIS]), asks([Who::Author]), persons(&[CLARA]), persons(&[DAVID])];
    let rejected = play(steps()).begun().approve(1, BORIS).approve(2, ANNA).approve(3, CLARA).choose(4, DAVID, Choice::Rejected);
    assert_eq!((rejected.place(), rejected.waiting()), ((2, false), vec![ANNA]));
    let again = rejected.approve(2, ANNA);
    assert_eq!((again.place(), again.waiting()), ((3, false), vec![CLARA]));
    let nowhere_the_author = play([persons(&[BORIS]), persons(&[CLARA])]).begun().approve(1, BORIS).choose(2, CLARA, Choice::Rejected);
    assert_eq!((nowhere_the_author.place(), nowhere_the_author.waiting()), ((1, false), vec![BORIS]));
}

#[test]
fn a_rejection_leads_where_the_step_says() {
    let third = Step { on_reject: Some(2), ..persons(&[DAVID]) };
    let rejected =
        play([asks([Who::Author]), persons(&[BORIS]), third]).begun().approve(1, ANNA).approve(2, BORIS).choose(3, DAVID, Choice::Rejected);
    assert_eq!((rejected.place(), rejected.waiting()), ((2, false), vec![BORIS]));
    assert_eq!(rejected.facts.last(), Some(&Fact::Returned { step: 2, again: true, due: None }));
}

#[test]
fn a_rejection_that_leads_nowhere_stays_until_it_is_decided_otherwise() {
    let rejected = play([persons(&[BORIS, CLARA])]).begun().approve(1, CLARA).choose(1, BORIS, Choice::Rejected);
    assert_eq!((rejected.place(), rejected.waiting()), ((1, false), vec![]));
    assert!(rejected.approve(1, BORIS).progress.complete);
    let one_says_no = play([Step { rule: Rule::First, ..persons(&[BORIS, CLARA]) }]).begun().choose(1, BORIS, Choice::Rejected);
    assert!(!one_says_no.approve(1, CLARA).progress.complete);
}

#[test]
fn revoking_asking_again_and_adding_at_an_earlier_step_lead_back_to_it() {
    let passed = || play([persons(&[BORIS, CLARA]), persons(&[DAVID])]).begun().approve(1, BORIS).approve(1, CLARA);
    let revoked = passed().choose(1, BORIS, Choice::Revoked);
    assert_eq!((revoked.place(), revoked.waiting()), ((1, false), vec![BORIS]));
    let rerequested = passed().after(|route, progress| route.rerequest(progress, 1, &[CLARA]));
    assert_eq!((rerequested.place(), rerequested.waiting()), ((1, false), vec![CLARA]));
    let added = passed().after(|route, progress| route.add(progress, 1, &[EVA, BORIS]));
    assert_eq!((added.place(), added.waiting()), ((1, false), vec![EVA]));
    assert_eq!(added.approve(1, EVA).place(), (2, false));
    let complete = passed().approve(2, DAVID).choose(2, DAVID, Choice::Revoked);
    assert_eq!((complete.place(), complete.waiting()), ((2, false), vec![DAVID]));
}

#[test]
fn who_is_removed_is_not_waited_for_and_who_was_added_ahead_stays() {
    let removed = play([persons(&[BORIS, CLARA]), asks([])]).begun().approve(1, BORIS);
    let removed = removed.after(|route, progress| {
        let mut facts = route.add(progress, 2, &[EVA])?;
        facts.extend(route.remove(progress, 1, &[CLARA, DAVID])?);
        Ok(facts)
    });
    assert_eq!((removed.place(), removed.waiting()), ((2, false), vec![EVA]), "a step with nobody but by hand is not skipped");
    assert!(removed.facts.contains(&Fact::Removed { step: 1, persons: vec![CLARA] }));
}

#[test]
fn a_step_with_a_time_is_due_from_when_it_becomes_current() {
    let timed = |minutes, step: Step| Step { due_minutes: Some(minutes), ..step };
    let steps = [timed(90, persons(&[BORIS])), persons(&[CLARA]), timed(60 * 24, Step { on_reject: Some(1), ..persons(&[DAVID]) })];
    let walk = play(steps).begun();
    assert_eq!((now(), walk.progress.due), (moment("2026-03-02T10:00:00Z"), Some(moment("2026-03-02T11:30:00Z"))));
    let walk = walk.approve(1, BORIS);
    assert_eq!(walk.progress.due, None, "the second has none");
    let walk = walk.approve(2, CLARA);
    assert_eq!(walk.progress.due, Some(moment("2026-03-03T10:00:00Z")));
    let walk = walk.choose(3, DAVID, Choice::Rejected);
    assert_eq!((walk.place(), walk.progress.due), ((1, false), Some(moment("2026-03-02T11:30:00Z"))), "it begins anew");
    let done = walk.approve(1, BORIS).approve(2, CLARA).approve(3, DAVID);
    assert_eq!((done.place(), done.progress.due), ((3, true), None));
}

#[test]
fn a_task_whose_step_is_gone_goes_on() {
    let mut play = play([persons(&[BORIS]), persons(&[CLARA])]).begun().approve(1, BORIS);
    let mut definition = Definition::clone(&play.form.published);
    definition.steps.pop();
    play.form.published = definition.into();
    assert_eq!(play.begun().place(), (2, true));
}

#[test]
fn what_the_route_does_not_allow_is_refused() {
    let play = play([persons(&[BORIS]), persons(&[CLARA])]).begun();
    let approve = |step, who| play.refused(|route, progress| route.choose(progress, step, &[who], Choice::Approved));
    assert_eq!(
        [approve(0, BORIS), approve(2, CLARA), approve(1, CLARA)],
        [Rejection::UnknownStep, Rejection::UnknownStep, Rejection::NotAsked]
    );
    assert_eq!(play.refused(|route, progress| route.add(progress, 3, &[EVA])), Rejection::UnknownStep);
    assert_eq!(play.refused(|route, progress| route.rerequest(progress, 1, &[EVA])), Rejection::NotApprover);
    let many: Vec<_> = (1_000..1_201).map(PersonId).collect();
    assert_eq!(play.refused(|route, progress| route.add(progress, 1, &many)), Rejection::TooManyApprovers);
}

/// Something that somebody does.
#[derive(Clone, Debug)]
enum Act {
    Choose { step: u8, who: PersonId, choice: Choice },
    Add { step: u8, who: PersonId },
    Remove { step: u8, who: PersonId },
    Rerequest { step: u8, who: PersonId },
    Amount(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let who = || proptest::sample::select(vec![ANNA, BORIS, CLARA, DAVID, EVA, CLERKS, FELIX]);
    let choice = proptest::sample::select(vec![Choice::Approved, Choice::Rejected, Choice::Revoked, Choice::Acknowledged]);
    prop_oneof![
        6 => (0_u8..6, who(), choice).prop_map(|(step, who, choice)| Act::Choose { step, who, choice }),
        1 => (0_u8..6, who()).prop_map(|(step, who)| Act::Add { step, who }),
        1 => (0_u8..6, who()).prop_map(|(step, who)| Act::Remove { step, who }),
        1 => (0_u8..6, who()).prop_map(|(step, who)| Act::Rerequest { step, who }),
        1 => (0_i64..3_000).prop_map(Act::Amount),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let who = prop_oneof![
        proptest::sample::select(vec![BORIS, CLARA, DAVID, CLERKS, FELIX]).prop_map(Who::Person),
        Just(Who::Author),
        Just(Who::Field(BUYER)),
    ];
    let rule = prop_oneof![Just(Rule::Everyone), Just(Rule::First), (1_u8..3).prop_map(Rule::AtLeast)];
    (proptest::collection::vec(who, 0..4), rule, any::<bool>()).prop_map(|(who, rule, conditional)| {
        let step = Step { rule, ..asks(who) };
        if conditional { when("#1 > 1000", step) } else { step }
    })
}

proptest! {
    #[test]
    fn wherever_a_walk_leads_one_step_is_current_and_a_replay_leads_there_too(
        steps in proptest::collection::vec(step(), 0..5),
        acts in proptest::collection::vec(act(), 0..40),
    ) {
        let last = u8::try_from(steps.len()).expect("few");
        let mut walk = play(steps).begun();
        for act in acts {
            let before = walk.progress.clone();
            let mut outcome = Ok(());
            walk = match act {
                Act::Amount(amount) => walk.with(AMOUNT, Value::Number(amount.into())).begun(),
                other => walk.after(|route, progress| {
                    let done = match other {
                        Act::Choose { step, who, choice } => route.choose(progress, step, &[who], choice),
                        Act::Add { step, who } => route.add(progress, step, &[who]),
                        Act::Remove { step, who } => route.remove(progress, step, &[who]),
                        Act::Rerequest { step, who } => route.rerequest(progress, step, &[who]),
                        Act::Amount(_) => Ok(Vec::new()),
                    };
                    Ok(done.unwrap_or_else(|refused| {
                        outcome = Err(refused);
                        Vec::new()
                    }))
                }),
            };
            let progress = &walk.progress;
            if outcome == Err(Rejection::NotAsked) {
                prop_assert_eq!(progress, &before, "nobody outside of the route decides");
            }
            prop_assert!(progress.current <= last);
            prop_assert!(progress.complete || (progress.current >= 1 && !progress.approvals(progress.current).is_empty()));
            let mut replayed = Progress::default();
            walk.facts.iter().for_each(|fact| replayed.take(fact));
            prop_assert_eq!(&replayed, progress);
        }
    }
}
