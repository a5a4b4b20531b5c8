//! What if a form were defined otherwise: a past task goes its way again along another definition, by the values, the decisions and
//! the changes by hand that were recorded, and what would have been otherwise is told step by step. Pure; which tasks, and who may
//! see them, is not asked here.
//!
//! What does not follow from the definition is taken as it was: whoever was asked then could act, also if they left since, and the
//! head of the author's department is whom a step that asks nobody else asked. A decision counts at its step if its maker is asked
//! there, else at the step where the task then is if they are asked at that one, else not at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Fact, Filling};
use crate::department::Department;
use crate::directory::OrganisationDirectory;
use crate::expression::Expression;
use crate::form::scope::Filled;
use crate::form::{Definition, FieldId, Form, Step, Who};
use crate::id::PersonId;
use crate::person::Person;
use crate::recorded::Header;
use crate::task::Event;
use crate::workflow::{self, Choice, Progress, Route};

/// A form with another definition, to send past tasks along.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// With the other definition as what is published.
    form: Form,
    /// What was published, the first version first.
    versions: Vec<Arc<Definition>>,
    directory: OrganisationDirectory,
}

/// Something that would have been otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub step: u8,
    pub change: Change,
    /// Who is concerned, where it is one.
    pub approver: Option<PersonId>,
    /// The condition that decides it, where there is one.
    pub condition: Option<Decisive>,
    /// Required fields that would have been waited for.
    pub missing: Vec<FieldId>,
}

/// A condition as it is written, and whether it held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decisive {
    pub source: String,
    pub holds: bool,
}

/// How it would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The step would have been gone through, and was not.
    Entered,
    /// It was gone through, and would not have been.
    Skipped,
    /// The same, since the other definition has no such step.
    Gone,
    /// The approver would have been asked, and was not.
    Asked,
    /// They were asked, and would not have been.
    NotAsked,
    /// A rejection would have led to this step.
    Returned,
    /// The task would be at this step still, and went on.
    Waits,
    /// This step would have been the last: the route would be complete, and was not.
    Completes,
}

impl Change {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Skipped => "skipped",
            Self::Gone => "gone",
            Self::Asked => "asked",
            Self::NotAsked => "not_asked",
            Self::Returned => "returned",
            Self::Waits => "waits",
            Self::Completes => "completes",
        }
    }
}

/// A way along a route: what was met on it.
#[derive(Clone, Debug, Default)]
struct Way {
    /// For each step, whom it asked each time that it was entered.
    entered: BTreeMap<u8, Vec<Vec<PersonId>>>,
    /// Where rejections and second thoughts led, in order.
    returned: Vec<u8>,
    progress: Progress,
    /// Of the other way alone: why.
    reasons: BTreeMap<u8, Reasons>,
}

/// What a step's conditions said when it was entered or passed over, the first time.
#[derive(Clone, Debug, Default)]
struct Reasons {
    condition: Option<Decisive>,
    /// Each approver whom the step names, with their own condition.
    approvers: Vec<(Option<PersonId>, Option<Decisive>)>,
}

impl Way {
    fn take(&mut self, fact: &workflow::Fact) {
        match fact {
            workflow::Fact::Entered { step, approvers, due: _ } => self.entered.entry(*step).or_default().push(approvers.clone()),
            workflow::Fact::Returned { step, .. } => self.returned.push(*step),
            workflow::Fact::Completed
            | workflow::Fact::Chosen { .. }
            | workflow::Fact::Added { .. }
            | workflow::Fact::Removed { .. }
            | workflow::Fact::Rerequested { .. }
            | workflow::Fact::SubprocessAsked(_)
            | workflow::Fact::SubprocessOpened { .. }
            | workflow::Fact::SubprocessEnded { .. }
            | workflow::Fact::SubprocessLeft { .. } => {}
        }
        self.progress.take(fact);
    }
}

impl WhatIf {
    /// `versions` are those that were published of `form`, the first one first; `proposed` is the form with the other definition
    /// (see [`Form::proposed`]).
    pub fn new(proposed: Form, versions: Vec<Arc<Definition>>, directory: &OrganisationDirectory) -> Self {
        let mut directory = directory.clone();
        let blocked = directory.persons.values().filter(|person| person.blocked).cloned().collect::<Vec<_>>();
        for person in blocked {
            directory.persons.insert(person.id, Arc::new(Person { blocked: false, ..Person::clone(&person) }));
        }
        Self { form: proposed, versions, directory }
    }

    /// What would have been otherwise in a task with this `history`, step by step; nothing where it would have gone the same way, or
    /// is no task of a form.
    pub fn differences(&self, history: &[(Header, Event)]) -> Vec<Difference> {
        let Some((Header { person, .. }, Event::Created(created))) = history.first() else { return Vec::new() };
        let author = created.author.as_ref().unwrap_or(person);
        if created.form.is_none() {
            return Vec::new();
        }
        let directory = self.directory_of(*author, created.template.unwrap_or(1), history);
        let mut walk = Walk {
            form: &self.form,
            directory: &directory,
            author: *author,
            at: Timestamp::UNIX_EPOCH,
            filling: Filling::default(),
            closed: false,
            was: Way::default(),
            other: Way::default(),
        };
        for facts in history.chunk_by(|(one, _), (next, _)| one.command == next.command) {
            walk.command(facts);
        }
        walk.differences()
    }

    /// The directory in which the author's department has the head whom a step asked then.
    fn directory_of(&self, author: PersonId, template: u32, history: &[(Header, Event)]) -> OrganisationDirectory {
        let mut directory = self.directory.clone();
        let department = directory.person(author).and_then(|author| author.profile.department);
        let department = department.and_then(|id| directory.department(id)).map(|department| Department::clone(department));
        let (Some(mut department), Some(head)) = (department, self.head_then(template, history)) else { return directory };
        department.attributes.manager = Some(head);
        directory.departments.insert(department.id, Arc::new(department));
        directory
    }

    fn head_then(&self, mut template: u32, history: &[(Header, Event)]) -> Option<PersonId> {
        for (_, event) in history {
            let Event::Form(fact) = event else { continue };
            if let Fact::TemplateApplied { template: newer } = **fact {
                template = newer;
            }
            let Fact::Route(workflow::Fact::Entered { step, approvers, due: _ }) = &**fact else { continue };
            let version = self.versions.get(usize::try_from(template).ok()?.checked_sub(1)?)?;
            let named = version.step(*step).map(|step| &*step.approvers);
            if let (Some([only]), [asked]) = (named, &**approvers)
                && only.who == Who::DepartmentHead
            {
                return Some(*asked);
            }
        }
        None
    }
}

/// A task on both ways at once.
struct Walk<'a> {
    form: &'a Form,
    directory: &'a OrganisationDirectory,
    author: PersonId,
    /// Of the request that is looked at.
    at: Timestamp,
    filling: Filling,
    closed: bool,
    was: Way,
    other: Way,
}

impl Walk<'_> {
    /// What one request did: first what it wrote and changed by hand, then what it decided, and then the other way goes on.
    fn command(&mut self, facts: &[(Header, Event)]) {
        self.at = facts.first().map_or(self.at, |(header, _)| header.at);
        let begins = facts.iter().any(|(_, event)| matches!(event, Event::Created(_)));
        let completes = facts.iter().any(|(_, event)| is_completed(event));
        for (_, event) in facts {
            match event {
                Event::Form(fact) => self.recorded(fact),
                // The form closed it, because its route was complete.
                Event::Closed if completes => {}
                Event::Closed => self.closed = true,
                Event::Reopened { .. } => self.closed = false,
                _ => {}
            }
        }
        if begins {
            self.go_on();
            self.agree_as_author();
        }
        for (_, event) in facts {
            if let Event::Form(fact) = event
                && let Fact::Route(workflow::Fact::Chosen { step, approver, choice }) = &**fact
            {
                self.decided(*step, *approver, *choice);
            }
        }
        self.go_on();
    }

    fn recorded(&mut self, fact: &Fact) {
        match fact {
            Fact::FieldChanged { .. } | Fact::TableChanged { .. } => self.filling.take(fact),
            Fact::TemplateApplied { .. } | Fact::Titled { .. } | Fact::Result(_) => {}
            Fact::Route(fact) => {
                self.was.take(fact);
                match fact {
                    workflow::Fact::Added { step, persons } => self.on_route(|route, progress| route.add(progress, *step, persons)),
                    workflow::Fact::Removed { step, persons } => self.on_route(|route, progress| route.remove(progress, *step, persons)),
                    workflow::Fact::Rerequested { step, persons } => {
                        self.on_route(|route, progress| route.rerequest(progress, *step, persons));
                    }
                    // What was opened for a step ends on both ways at once.
                    workflow::Fact::SubprocessEnded { number, outcome } => {
                        self.on_route(|route, progress| Ok(route.subtask_ended(progress, *number, *outcome)));
                    }
                    workflow::Fact::SubprocessAsked(_)
                    | workflow::Fact::SubprocessOpened { .. }
                    | workflow::Fact::SubprocessLeft { .. }
                    | workflow::Fact::Entered { .. }
                    | workflow::Fact::Returned { .. }
                    | workflow::Fact::Completed
                    | workflow::Fact::Chosen { .. } => {}
                }
            }
        }
    }

    fn decided(&mut self, step: u8, approver: PersonId, choice: Choice) {
        let progress = &self.other.progress;
        let asked = |step: u8| progress.approvals(step).iter().any(|approval| approval.person == approver);
        let at = [step, progress.current].into_iter().find(|at| *at <= progress.current && asked(*at));
        if let Some(at) = at {
            self.on_route(|route, progress| route.choose(progress, at, &[approver], choice));
        }
    }

    fn agree_as_author(&mut self) {
        let (author, progress) = (self.author, &self.other.progress);
        let first = progress.current;
        if !progress.complete && matches!(progress.approvals(first), [only] if only.person == author) {
            self.on_route(|route, progress| route.choose(progress, first, &[author], Choice::Approved));
        }
    }

    fn go_on(&mut self) {
        if self.closed {
            return;
        }
        self.on_route(|route, progress| Ok(route.advance(progress)));
        self.closed = self.other.progress.complete && self.form.published.auto_close;
    }

    /// What stands in the way on the other route did not happen on it.
    fn on_route(&mut self, act: impl FnOnce(&Route<'_>, &mut Progress) -> Result<Vec<workflow::Fact>, workflow::Rejection>) {
        let mut progress = self.other.progress.clone();
        let before = progress.current;
        let filled = Filled { step: before, ..self.filling.filled(&self.form.published, self.author, self.closed) };
        let route = Route { form: self.form, filled, directory: self.directory, at: self.at, depth: 0 };
        let Ok(facts) = act(&route, &mut progress) else { return };
        let mut at = before;
        for fact in &facts {
            let (first, last) = match fact {
                workflow::Fact::Entered { step, .. } => (at.saturating_add(1), *step),
                workflow::Fact::Completed => (at.saturating_add(1), self.form.published.last_step()),
                _ => continue,
            };
            for number in first..=last {
                let reasons = || reasons(&route, self.form.published.step(number));
                self.other.reasons.entry(number).or_insert_with(reasons);
            }
            at = last;
        }
        facts.iter().for_each(|fact| self.other.take(fact));
    }

    fn differences(self) -> Vec<Difference> {
        let Self { was, other, form, .. } = &self;
        let definition = &form.published;
        let mut all = Vec::new();
        let differs = |step, change| Difference { step, change, approver: None, condition: None, missing: Vec::new() };
        let waits = !other.progress.complete && (was.progress.complete || was.progress.current > other.progress.current);
        for number in 1..=definition.last_step().max(was.entered.keys().max().copied().unwrap_or(0)) {
            let (then, now) = (was.entered.get(&number), other.entered.get(&number));
            let reasons = other.reasons.get(&number).cloned().unwrap_or_default();
            let passed = other.reasons.contains_key(&number);
            match (then, now) {
                (None, None) => {}
                (None, Some(now)) => {
                    let persons = now.first().into_iter().flatten();
                    all.push(Difference { condition: reasons.condition.clone(), ..differs(number, Change::Entered) });
                    all.extend(persons.map(|person| asked(number, *person, &reasons)));
                }
                (Some(_), None) if definition.step(number).is_none() => all.push(differs(number, Change::Gone)),
                (Some(_), None) if passed => {
                    let of_approvers = || reasons.approvers.iter().find_map(|(_, condition)| condition.clone());
                    let condition = reasons.condition.clone().filter(|condition| !condition.holds).or_else(of_approvers);
                    all.push(Difference { condition, ..differs(number, Change::Skipped) });
                }
                // It was not reached: told once, below.
                (Some(_), None) => {}
                (Some(then), Some(now)) => {
                    let Some((then, now)) = then.iter().zip(now).find(|(then, now)| !same(then, now)) else { continue };
                    all.extend(now.iter().filter(|person| !then.contains(person)).map(|person| asked(number, *person, &reasons)));
                    let not = then.iter().filter(|person| !now.contains(person));
                    all.extend(not.map(|person| Difference { change: Change::NotAsked, ..asked(number, *person, &reasons) }));
                }
            }
        }
        let turns = was.returned.len().max(other.returned.len());
        let turned = (0..turns).map(|turn| (was.returned.get(turn), other.returned.get(turn))).find(|(was, other)| was != other);
        if let Some((_, Some(step))) = turned {
            all.push(differs(*step, Change::Returned));
        }
        let at = other.progress.current;
        if waits {
            let filled = Filled { step: at, ..self.filling.filled(definition, self.author, self.closed) };
            let waiting: Vec<PersonId> = other.progress.waiting().collect();
            let missing = if waiting.is_empty() { filled.missing(at) } else { Vec::new() };
            let on = if waiting.is_empty() { vec![None] } else { waiting.into_iter().map(Some).collect() };
            all.extend(on.into_iter().map(|approver| Difference { approver, missing: missing.clone(), ..differs(at, Change::Waits) }));
        } else if other.progress.complete && !was.progress.complete {
            all.push(differs(at, Change::Completes));
        }
        all
    }
}

fn is_completed(event: &Event) -> bool {
    matches!(event, Event::Form(fact) if matches!(**fact, Fact::Route(workflow::Fact::Completed)))
}

fn same(one: &[PersonId], other: &[PersonId]) -> bool {
    one.iter().all(|person| other.contains(person)) && other.iter().all(|person| one.contains(person))
}

fn asked(step: u8, person: PersonId, reasons: &Reasons) -> Difference {
    let of_them = reasons.approvers.iter().filter(|(named, _)| *named == Some(person));
    let condition = of_them.filter_map(|(_, condition)| condition.clone()).next();
    Difference { step, change: Change::Asked, approver: Some(person), condition, missing: Vec::new() }
}

fn reasons(route: &Route<'_>, step: Option<&Step>) -> Reasons {
    let Some(step) = step else { return Reasons::default() };
    let decisive = |condition: &Option<Expression>| {
        condition.as_ref().map(|condition| Decisive { source: condition.source().to_owned(), holds: condition.holds(&route.filled) })
    };
    let mut approvers = Vec::new();
    for approver in &step.approvers {
        let condition = decisive(&approver.condition);
        let meant = route.meant(&approver.who);
        if meant.is_empty() {
            approvers.push((None, condition.clone()));
        }
        approvers.extend(meant.into_iter().map(|person| (Some(person), condition.clone())));
    }
    Reasons { condition: decisive(&step.condition), approvers }
}

#[cfg(test)]
mod tests;
