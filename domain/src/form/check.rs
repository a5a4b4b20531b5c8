//! What a definition must be like, and what the form adds to it: ids for what is new, and what was taken out, kept as deleted.

use std::collections::{BTreeMap, BTreeSet};

use super::create::NAME_CHARACTERS_MAX;
use super::definition::{
    APPROVERS_MAX, Approver, BYTES_MAX, CHOICES_MAX, Choice, DEPTH_MAX, DUE_MINUTES_MAX, Definition, FIELDS_MAX, Field, FieldId, FieldKind,
    Placed, STEPS_MAX, Step, Who,
};
use super::items;
use super::rejection::{Flaw, Rejection};
use super::scope::{named, type_of, type_of_column};
use super::subprocess::{Pair, SUBPROCESSES_MAX, Subprocess};
use crate::catalog::ColumnKind;
use crate::expression::{Expression, FieldRef, Type};
use crate::id::CatalogId;
use crate::issued::Issued;
use crate::text::check_line;

/// Characters in a tooltip or a default value.
const TOOLTIP_CHARACTERS_MAX: usize = 4_000;
const CODE_CHARACTERS_MAX: usize = 100;
const DECIMAL_PLACES_MAX: u8 = 10;

/// The definition as it is recorded, after `known`, the one before it; or what is wrong with it. The first definition of a form
/// may bring its own ids.
pub(super) fn completed(definition: &Definition, known: &Definition, issued: &Issued<'_>) -> Result<Definition, Rejection> {
    let mut completed = definition.clone();
    let count = completed.all().len();
    if count > FIELDS_MAX {
        return Err(flaw("fields", Flaw::TooManyFields));
    }
    let kept = ids(&completed, known)?;
    let mut next = kept.iter().next_back().map_or(0, |id| id.0).max(known.all().iter().map(|placed| placed.field.id.0).max().unwrap_or(0));
    let known_fields: BTreeMap<FieldId, &Field> = known.all().iter().map(|placed| (placed.field.id, placed.field)).collect();
    complete(&mut completed.fields, &known_fields, &kept, &mut next)?;
    keep_deleted(&mut completed.fields, &known.fields, &kept);
    sound(&completed, issued)?;
    let bytes = serde_json::to_string(&completed).map_or(usize::MAX, |json| json.len());
    if bytes > BYTES_MAX { Err(flaw("definition", Flaw::TooLong)) } else { Ok(completed) }
}

/// What a draft was found to be may be otherwise by the time it is published: catalogs go, and columns of them.
pub(super) fn sound(definition: &Definition, issued: &Issued<'_>) -> Result<(), Rejection> {
    check_fields(definition, issued)?;
    check_steps(definition, issued)
}

fn flaw(place: impl Into<String>, rule: Flaw) -> Rejection {
    Rejection::Definition { place: place.into(), rule }
}

fn called(field: &Field) -> String {
    if field.name.is_empty() { format!("field {}", field.id) } else { format!("field {} ({})", field.id, field.name) }
}

/// The ids that the definition names, each once and each known.
fn ids(definition: &Definition, known: &Definition) -> Result<BTreeSet<FieldId>, Rejection> {
    let known: BTreeSet<FieldId> = known.all().iter().map(|placed| placed.field.id).collect();
    let mut ids = BTreeSet::new();
    for placed in definition.all().iter().filter(|placed| placed.field.id != FieldId::default()) {
        let id = placed.field.id;
        if (!known.is_empty() && !known.contains(&id)) || !ids.insert(id) || id.0 > i32::MAX.unsigned_abs() {
            return Err(flaw(called(placed.field), Flaw::Id));
        }
    }
    Ok(ids)
}

/// Gives ids to new fields and choices, and keeps what was taken out of fields that stay.
fn complete(fields: &mut [Field], known: &BTreeMap<FieldId, &Field>, kept: &BTreeSet<FieldId>, next: &mut u32) -> Result<(), Rejection> {
    for field in fields {
        let before = known.get(&field.id).copied();
        if field.id == FieldId::default() {
            *next += 1;
            field.id = FieldId(*next);
        }
        if before.is_some_and(|before| before.kind.word() != field.kind.word()) {
            return Err(flaw(called(field), Flaw::TypeChanged));
        }
        let place = called(field);
        match &mut field.kind {
            FieldKind::Title { fields, .. } | FieldKind::Table { columns: fields } => {
                complete(fields, known, kept, next)?;
                let before = before.map(Field::nested).unwrap_or_default();
                for (_, before) in before {
                    keep_deleted(fields, before, kept);
                }
            }
            FieldKind::MultipleChoice { options, .. } => {
                let before = before.and_then(choices).unwrap_or_default();
                complete_choices(options, before).map_err(|rule| flaw(place, rule))?;
                for option in options {
                    complete(&mut option.fields, known, kept, next)?;
                    if let Some(before) = before.iter().find(|before| before.choice_id == option.choice_id) {
                        keep_deleted(&mut option.fields, &before.fields, kept);
                    }
                }
            }
            FieldKind::Catalog { catalog_id, .. } => {
                let other = |before: &Field| matches!(before.kind, FieldKind::Catalog { catalog_id: known, .. } if known != *catalog_id);
                if before.is_some_and(other) {
                    return Err(flaw(place, Flaw::CatalogChanged));
                }
            }
            FieldKind::Text { .. }
            | FieldKind::Money
            | FieldKind::Number { .. }
            | FieldKind::Date
            | FieldKind::Time
            | FieldKind::Checkmark
            | FieldKind::Flag
            | FieldKind::DueDate
            | FieldKind::DueDateTime
            | FieldKind::Email
            | FieldKind::Phone
            | FieldKind::Person
            | FieldKind::FormLink { .. }
            | FieldKind::File
            | FieldKind::Step
            | FieldKind::Status
            | FieldKind::CreationDate
            | FieldKind::Author
            | FieldKind::Note => {}
        }
    }
    Ok(())
}

fn choices(field: &Field) -> Option<&[Choice]> {
    match &field.kind {
        FieldKind::MultipleChoice { options, .. } => Some(options),
        _ => None,
    }
}

fn complete_choices(options: &mut Vec<Choice>, before: &[Choice]) -> Result<(), Flaw> {
    let mut next = before.iter().chain(&*options).map(|option| option.choice_id).max().unwrap_or(0);
    for option in options.iter_mut().filter(|option| option.choice_id == 0) {
        next = next.saturating_add(1);
        option.choice_id = next;
    }
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    for option in &*options {
        let again = !option.deleted && !names.insert(option.choice_value.as_str());
        if !seen.insert(option.choice_id) || again {
            return Err(Flaw::ChoiceTwice);
        }
        check_line(&option.choice_value, NAME_CHARACTERS_MAX).map_err(Flaw::Text)?;
        if option.choice_value.trim().is_empty() {
            return Err(Flaw::NameMissing);
        }
    }
    let gone = before.iter().filter(|before| !seen.contains(&before.choice_id));
    let gone: Vec<_> = gone.map(|before| Choice { deleted: true, ..before.clone() }).collect();
    options.extend(gone);
    if options.len() > CHOICES_MAX { Err(Flaw::TooManyChoices) } else { Ok(()) }
}

/// Adds the fields of `before` that are nowhere in the definition any more.
fn keep_deleted(fields: &mut Vec<Field>, before: &[Field], kept: &BTreeSet<FieldId>) {
    let gone = before.iter().filter(|before| !kept.contains(&before.id));
    let gone: Vec<_> =
        gone.filter(|before| fields.iter().all(|field| field.id != before.id)).map(|before| taken_out(before, kept)).collect();
    fields.extend(gone);
}

/// The field as deleted, with what lies in it, but for what lies elsewhere by now.
fn taken_out(field: &Field, kept: &BTreeSet<FieldId>) -> Field {
    let mut field = Field { deleted: true, visible_if: None, formula: None, required_step: None, in_title: false, ..field.clone() };
    let without_kept = |fields: &mut Vec<Field>| {
        let left = fields.iter().filter(|field| !kept.contains(&field.id)).map(|field| taken_out(field, kept)).collect();
        *fields = left;
    };
    match &mut field.kind {
        FieldKind::Title { fields, .. } | FieldKind::Table { columns: fields } => without_kept(fields),
        FieldKind::MultipleChoice { options, .. } => options.iter_mut().for_each(|option| without_kept(&mut option.fields)),
        _ => {}
    }
    field
}

fn check_fields(definition: &Definition, issued: &Issued<'_>) -> Result<(), Rejection> {
    let all = definition.all();
    let mut codes = BTreeSet::new();
    for placed in all.iter().filter(|placed| !placed.field.deleted) {
        let field = placed.field;
        let wrong = |rule| flaw(called(field), rule);
        if placed.depth > DEPTH_MAX {
            return Err(wrong(Flaw::TooDeep));
        }
        check_field(placed, definition, issued).map_err(wrong)?;
        if field.code.as_deref().is_some_and(|code| !codes.insert(code)) {
            return Err(flaw(called(field), Flaw::CodeTaken));
        }
        if let Some(condition) = &field.visible_if {
            check_condition(condition, definition, issued).map_err(|rule| flaw(called(field), rule))?;
        }
        if let Some(formula) = &field.formula {
            check_formula(formula, placed, definition, issued).map_err(|rule| flaw(called(field), rule))?;
        }
    }
    Ok(())
}

fn check_field(placed: &Placed<'_>, definition: &Definition, issued: &Issued<'_>) -> Result<(), Flaw> {
    let field = placed.field;
    check_line(&field.name, NAME_CHARACTERS_MAX).map_err(Flaw::Text)?;
    if field.name.trim().is_empty() {
        return Err(Flaw::NameMissing);
    }
    for text in field.tooltip.iter().chain(&field.default_value) {
        crate::text::check_lines(text, TOOLTIP_CHARACTERS_MAX).map_err(Flaw::Text)?;
    }
    if let Some(code) = &field.code {
        let begins = code.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        if !begins || code.len() > CODE_CHARACTERS_MAX || !code.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            return Err(Flaw::Code);
        }
    }
    for step in field.required_step.iter().chain(&field.immutable_step) {
        if *step == 0 || *step > definition.last_step().max(1) {
            return Err(Flaw::UnknownStep);
        }
    }
    let holds_others = matches!(field.kind, FieldKind::Title { .. } | FieldKind::Table { .. });
    if placed.is_cell() && (holds_others || field.kind.is_told() || field.visible_if.is_some() || field.formula.is_some()) {
        return Err(Flaw::Misplaced);
    }
    match &field.kind {
        FieldKind::Number { decimal_places: Some(places) } if *places > DECIMAL_PLACES_MAX => Err(Flaw::DecimalPlaces),
        FieldKind::FormLink { form_id, .. } if issued.directory.form(*form_id).is_none_or(|form| !form.may_see(issued)) => {
            Err(Flaw::UnknownForm)
        }
        FieldKind::Catalog { catalog_id, .. } if !is_there(*catalog_id, issued) => Err(Flaw::UnknownCatalog),
        FieldKind::MultipleChoice { options, .. } if placed.is_cell() && options.iter().any(|option| !option.fields.is_empty()) => {
            Err(Flaw::Misplaced)
        }
        _ => match &field.default_value {
            Some(default) => items::fits_as_default(field, default, issued).map_err(|rule| Flaw::Default(rule.to_string())),
            None => Ok(()),
        },
    }
}

/// The catalog can be chosen from: the asker sees it, and it was not deleted.
fn is_there(catalog: CatalogId, issued: &Issued<'_>) -> bool {
    issued.directory.catalog(catalog).is_some_and(|heading| !heading.deleted && heading.seen(issued).is_ok())
}

fn check_expression(expression: &Expression, definition: &Definition, issued: &Issued<'_>) -> Result<Type, Flaw> {
    let known = |field: &FieldRef| {
        let placed = named(definition, field)?;
        match field {
            FieldRef::Id(_) | FieldRef::Code(_) => Some(type_of(&placed)),
            FieldRef::Column { of: _, name } => type_of_column(&placed, name, issued.directory),
        }
    };
    expression.check(&known).map_err(|fault| Flaw::Expression(fault.to_string()))
}

fn check_condition(condition: &Expression, definition: &Definition, issued: &Issued<'_>) -> Result<(), Flaw> {
    match check_expression(condition, definition, issued)? {
        Type::Bool | Type::Anything => Ok(()),
        other => Err(Flaw::Expression(format!("a condition is true or false, and this is {other}"))),
    }
}

fn check_formula(formula: &Expression, placed: &Placed<'_>, definition: &Definition, issued: &Issued<'_>) -> Result<(), Flaw> {
    let found = check_expression(formula, definition, issued)?;
    let fits = found == Type::Anything || found == type_of(placed);
    let computes = matches!(
        placed.field.kind,
        FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::Money | FieldKind::Date | FieldKind::Checkmark
    );
    let follows = formula.fields().filter_map(|field| named(definition, field)).any(|placed| placed.field.formula.is_some());
    if fits && computes && !follows { Ok(()) } else { Err(Flaw::Formula) }
}

fn check_steps(definition: &Definition, issued: &Issued<'_>) -> Result<(), Rejection> {
    if definition.steps.len() > usize::from(STEPS_MAX) {
        return Err(flaw("steps", Flaw::TooManySteps));
    }
    if definition.steps.iter().filter(|step| step.subprocess.is_some()).count() > SUBPROCESSES_MAX {
        return Err(flaw("steps", Flaw::TooManySubprocesses));
    }
    for (number, step) in (1..).zip(&definition.steps) {
        check_step(number, step, definition, issued).map_err(|rule| flaw(format!("step {number} ({})", step.name), rule))?;
    }
    check_approvers(&definition.subscribers, definition, issued).map_err(|rule| flaw("subscribers", rule))
}

fn check_step(number: u8, step: &Step, definition: &Definition, issued: &Issued<'_>) -> Result<(), Flaw> {
    check_line(&step.name, NAME_CHARACTERS_MAX).map_err(Flaw::Text)?;
    if step.name.trim().is_empty() {
        return Err(Flaw::NameMissing);
    }
    if step.on_reject.is_some_and(|target| target == 0 || target > number) {
        return Err(Flaw::UnknownStep);
    }
    if step.due_minutes.is_some_and(|minutes| !(1..=DUE_MINUTES_MAX).contains(&minutes)) {
        return Err(Flaw::DueMinutes);
    }
    if let Some(condition) = &step.condition {
        check_condition(condition, definition, issued)?;
    }
    if let Some(subprocess) = &step.subprocess {
        check_subprocess(subprocess, definition, issued)?;
    }
    check_approvers(&step.approvers, definition, issued)
}

fn check_subprocess(subprocess: &Subprocess, definition: &Definition, issued: &Issued<'_>) -> Result<(), Flaw> {
    let target = issued.directory.form(subprocess.form_id).filter(|form| form.may_see(issued)).ok_or(Flaw::UnknownForm)?;
    let known = |definition: &Definition, code: &str| definition.by_code(code).is_some_and(|placed| !placed.is_cell());
    let along = subprocess.fields.iter().flatten().all(|pair| known(definition, &pair.from) && known(&target.published, &pair.to));
    let back = subprocess.results.iter().flatten().all(|pair| known(&target.published, &pair.from) && known(definition, &pair.to));
    let few = |pairs: &Option<Vec<Pair>>| pairs.as_ref().is_none_or(|pairs| pairs.len() <= FIELDS_MAX);
    if along && back && few(&subprocess.fields) && few(&subprocess.results) { Ok(()) } else { Err(Flaw::UnknownCode) }
}

fn check_approvers(approvers: &[Approver], definition: &Definition, issued: &Issued<'_>) -> Result<(), Flaw> {
    if approvers.len() > APPROVERS_MAX {
        return Err(Flaw::TooManyApprovers);
    }
    for approver in approvers {
        let known = match &approver.who {
            Who::Person(id) => issued.directory.person(*id).is_some() || issued.directory.role(*id).is_some(),
            Who::Author | Who::DepartmentHead => true,
            Who::Field(id) => definition.find(*id).is_some_and(|placed| {
                !placed.field.deleted && !placed.is_cell() && matches!(placed.field.kind, FieldKind::Person | FieldKind::Author)
            }),
            Who::CatalogField { field, column } => {
                let placed = definition.find(*field).filter(|placed| !placed.field.deleted && !placed.is_cell());
                let catalog = placed.and_then(|placed| match placed.field.kind {
                    FieldKind::Catalog { catalog_id, .. } => Some(catalog_id),
                    _ => None,
                });
                let heading = catalog.map(|catalog| issued.directory.catalog(catalog).ok_or(Flaw::UnknownCatalog)).transpose()?;
                let is_of_people = |column: &crate::catalog::Column| column.kind == ColumnKind::Workflow;
                if heading.is_some_and(|heading| !heading.column(column).is_some_and(is_of_people)) {
                    return Err(Flaw::UnknownColumn);
                }
                heading.is_some()
            }
        };
        if !known {
            return Err(Flaw::UnknownApprover);
        }
        if let Some(condition) = &approver.condition {
            check_condition(condition, definition, issued)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Command, Create, Form, Settings};
    use crate::id::PersonId;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, given};

    fn field(id: u32, name: &str, kind: FieldKind) -> Field {
        Field { id: FieldId(id), name: name.into(), kind, ..Field::default() }
    }

    fn number(id: u32, name: &str) -> Field {
        field(id, name, FieldKind::Number { decimal_places: None })
    }

    fn expression(source: &str) -> Expression {
        Expression::parse(source).expect("it is of the language")
    }

    fn step(name: &str) -> Step {
        Step { name: name.into(), ..Step::default() }
    }

    fn refused(change: impl FnOnce(&mut Definition), code: Code) {
        let mut definition = Definition { fields: vec![number(1, "Amount")], steps: vec![step("First")], ..Definition::default() };
        change(&mut definition);
        let create = Create { settings: Settings { name: "Form".into(), ..Settings::default() }, definition };
        given::<Form>([]).by(ADMIN).when(Command::Create(Box::new(create))).then_rejected(code);
    }

    #[test]
    fn a_flaw_is_told_by_its_code() {
        refused(|form| form.fields.push(number(1, "Twice")), Code::InvalidFieldId);
        refused(|form| form.fields[0].name = " ".into(), Code::InvalidFieldName);
        refused(|form| form.fields[0].code = Some("1st".into()), Code::InvalidFieldCode);
        refused(|form| form.fields[0].required_step = Some(2), Code::InvalidStepNumber);
        refused(|form| form.steps = vec![step("S"); 21], Code::LimitExceeded);
        refused(|form| form.steps[0].on_reject = Some(2), Code::InvalidStepNumber);
        let opens = |form_id: i64| Some(Subprocess { form_id: crate::id::FormId(form_id), ..Subprocess::default() });
        refused(|form| form.steps[0].subprocess = opens(404), Code::AccessDeniedForm);
        refused(|form| form.steps = (0..6).map(|_| Step { subprocess: opens(404), ..step("Opens") }).collect(), Code::LimitExceeded);
        refused(|form| form.steps[0].due_minutes = Some(0), Code::DueOutsideOfBounds);
        refused(|form| form.steps[0].due_minutes = Some(DUE_MINUTES_MAX + 1), Code::DueOutsideOfBounds);
        refused(|form| form.fields = (0..501).map(|_| number(0, "N")).collect(), Code::LimitExceeded);
        let approver = |who| Approver { who, condition: None };
        refused(|form| form.steps[0].approvers = vec![approver(Who::Person(PersonId(404)))], Code::InvalidPersonId);
        refused(|form| form.steps[0].approvers = vec![approver(Who::Field(FieldId(1)))], Code::InvalidPersonId);
        refused(
            |form| {
                form.fields[0].code = Some("u_a".into());
                form.fields.push(Field { code: Some("u_a".into()), ..number(2, "Other") });
            },
            Code::NonUniqueCode,
        );
    }

    #[test]
    fn expressions_are_of_fields_that_are_there_and_of_the_right_type() {
        refused(|form| form.fields[0].visible_if = Some(expression("#7 = 1")), Code::InvalidInput);
        refused(|form| form.fields[0].visible_if = Some(expression("#1 + 1")), Code::InvalidInput);
        refused(|form| form.steps[0].condition = Some(expression("lower(#1) = 'x'")), Code::InvalidInput);
        let computed = |formula: &str| Field { formula: Some(expression(formula)), ..number(2, "Sum") };
        refused(|form| form.fields.push(computed("'text'")), Code::InvalidInput);
        refused(|form| form.fields.extend([computed("#1 * 2"), Field { id: FieldId(3), ..computed("#2 * 2") }]), Code::InvalidInput);
    }

    /// Vendors with the columns Vendor and City, and the workflow column Buyer.
    fn with_vendors() -> crate::directory::OrganisationDirectory {
        use crate::catalog::{Column, samples};
        use crate::directory::Listed as _;
        let mut home = crate::testing::with_roles();
        let buyer = Column { name: "Buyer".into(), kind: ColumnKind::Workflow };
        let columns = vec![samples::column("Vendor"), samples::column("City"), buyer];
        let heading = crate::catalog::Heading { id: CatalogId(5), columns, ..samples::vendors().state().heading };
        heading.list(&mut home);
        home
    }

    #[test]
    fn columns_of_catalogs_are_there_and_of_the_right_type() {
        let made = |change: &dyn Fn(&mut Definition)| {
            let catalog = |multiple| FieldKind::Catalog { catalog_id: CatalogId(5), multiple };
            let fields = vec![field(1, "Vendor", catalog(false)), field(2, "Bidders", catalog(true))];
            let mut definition = Definition { fields, steps: vec![step("First")], ..Definition::default() };
            change(&mut definition);
            let create = Create { settings: Settings { name: "Form".into(), ..Settings::default() }, definition };
            given::<Form>([]).among(with_vendors()).by(ADMIN).when(Command::Create(Box::new(create)))
        };
        let text = |formula: &str| Field { formula: Some(expression(formula)), ..field(3, "Text", FieldKind::Text { multiline: false }) };
        let asks = |field: u32, column: &str| Who::CatalogField { field: FieldId(field), column: column.into() };
        for fits in ["#1.City", "#1.city", "concat(#2.City)", "if(#2.City contains 'Bonn', #1.Buyer, '')"] {
            assert!(made(&|form| form.fields.push(text(fits))).outcome().is_ok(), "{fits}");
        }
        for wrong in ["#1.Country", "#2.City", "#3.City", "lower(#2.City)", "#1.City + 1"] {
            made(&|form| form.fields.push(text(wrong))).then_rejected(Code::InvalidInput);
        }
        let asking = |who: Who| made(&|form| form.steps[0].approvers = vec![Approver { who: who.clone(), condition: None }]);
        assert!(asking(asks(1, "buyer")).outcome().is_ok() && asking(asks(2, "Buyer")).outcome().is_ok());
        asking(asks(1, "City")).then_rejected(Code::CatalogColumnNotFound);
        asking(asks(1, "Country")).then_rejected(Code::CatalogColumnNotFound);
        asking(asks(9, "Buyer")).then_rejected(Code::InvalidPersonId);
    }

    #[test]
    fn tables_hold_plain_columns() {
        let table = |column| field(2, "Rows", FieldKind::Table { columns: vec![column] });
        refused(|form| form.fields.push(table(field(3, "In", FieldKind::Table { columns: vec![] }))), Code::InvalidInput);
        refused(|form| form.fields.push(table(field(3, "State", FieldKind::Status))), Code::InvalidInput);
    }
}
