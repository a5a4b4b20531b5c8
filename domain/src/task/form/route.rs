//! Deciding and changing the route: approvals of a request, and going on after whatever it changed.

use std::sync::Arc;

use super::title::title;
use super::{Fact, Filling, Frozen, fields};
use crate::form::{Form, Level};
use crate::id::PersonId;
use crate::task::command::{ApprovalChoice, AtSteps, Comment, PersonRef};
use crate::task::draft::Draft;
use crate::task::event::Event;
use crate::task::rejection::Rejection;
use crate::workflow::{self, Choice, Progress, Route};

/// The form's side of a decision in the making.
#[derive(Clone, Debug)]
pub(in crate::task) struct Working {
    pub form: Arc<Form>,
    pub filling: Filling,
    /// Something of it changed: the route is looked at again.
    pub touched: bool,
}

impl Draft<'_> {
    /// Takes the newest version of the form, and what the request writes into fields.
    pub fn fill(&mut self, comment: &Comment) -> Result<(), Rejection> {
        let fields = comment.fields.as_ref();
        let Some(working) = &self.form else {
            return if fields.is_some() { Err(Rejection::NoForm) } else { Ok(()) };
        };
        let Some(fields) = fields else { return Ok(()) };
        let level = working.form.level(self.issued);
        let frozen = if level.changes_frozen() { Frozen::Changed } else { Frozen::Kept };
        let facts = fields::changed((fields, &comment.items, &comment.files), &working.filling, &working.form, frozen, self.issued)?;
        self.record(facts);
        self.copy_linked(&comment.linked, frozen);
        Ok(())
    }

    /// The parts of a request that change the route, in their order: added, removed, asked again, chosen.
    pub fn decide_route(&mut self, comment: &Comment) -> Result<(), Rejection> {
        let asks = [&comment.approvals_added, &comment.approvals_removed, &comment.approvals_rerequested];
        if self.form.is_none() {
            let any = asks.iter().any(|steps| !steps.is_empty()) || !comment.approval_steps.is_empty();
            return if any { Err(Rejection::NoForm) } else { Ok(()) };
        }
        if let Some(seen) = comment.seen {
            self.check_seen(seen)?;
        }
        self.each_step(&comment.approvals_added, Self::addable, |route, progress, step, persons| route.add(progress, step, persons))?;
        self.each_step(&comment.approvals_removed, Self::named, |route, progress, step, persons| route.remove(progress, step, persons))?;
        self.each_step(&comment.approvals_rerequested, Self::named, |route, progress, step, persons| {
            route.rerequest(progress, step, persons)
        })
    }

    /// The asker's choice, at the steps that the request names or at the current one.
    pub fn decide_step(&mut self, choice: ApprovalChoice, steps: &[u8]) -> Result<(), Rejection> {
        let Some(working) = &self.form else {
            return if choice == ApprovalChoice::Acknowledged { self.choose(choice) } else { Err(Rejection::NoForm) };
        };
        let current = working.filling.progress.current;
        let named = if steps.is_empty() { vec![current] } else { steps.to_vec() };
        let who = self.issued.who;
        let as_whom = |approvals: &[workflow::Approval]| self.standing_for(who, approvals);
        let at_steps: Vec<(u8, Vec<PersonId>)> =
            named.iter().map(|step| (*step, as_whom(working.filling.progress.approvals(*step)))).collect();
        if choice == ApprovalChoice::Acknowledged && at_steps.iter().all(|(_, whom)| whom.is_empty()) {
            return self.choose(choice);
        }
        if self.task.closed {
            return Err(Rejection::Closed);
        }
        let choice = match choice {
            ApprovalChoice::Approved => Choice::Approved,
            ApprovalChoice::Rejected => Choice::Rejected,
            ApprovalChoice::Acknowledged => Choice::Acknowledged,
            ApprovalChoice::Revoked => Choice::Revoked,
        };
        for (step, whom) in at_steps {
            self.on_route(|route, progress| route.choose(progress, step, &whom, choice))?;
        }
        Ok(())
    }

    /// As whom `who` decides among `approvals`: themselves; else for their roles, and for those whom they stand in for.
    fn standing_for(&self, who: PersonId, approvals: &[workflow::Approval]) -> Vec<PersonId> {
        let asked = |person: &PersonId| approvals.iter().any(|approval| approval.person == *person);
        if !self.as_roles.is_empty() {
            return self.as_roles.iter().copied().filter(asked).collect();
        }
        if asked(&who) {
            return vec![who];
        }
        let directory = self.issued.directory;
        let roles: Vec<_> = directory.principals(who).filter(asked).collect();
        if roles.is_empty() { directory.deputised_by(who, self.issued.at).filter(asked).collect() } else { roles }
    }

    /// Goes on as far as the route leads after what the request changed, and closes the task where the form says so.
    pub fn go_on(&mut self) -> Result<(), Rejection> {
        let Some(working) = &mut self.form else { return Ok(()) };
        let newer = working.filling.template != working.form.template;
        if !working.touched && (!newer || self.events.is_empty()) {
            return Ok(());
        }
        if newer {
            let template = working.form.template;
            self.record(vec![Fact::TemplateApplied { template }]);
        }
        if self.task.closed {
            return self.retitle();
        }
        let was_complete = self.form.as_ref().is_some_and(|working| working.filling.progress.complete);
        self.on_route(|route, progress| Ok(route.advance(progress)))?;
        self.retitle()?;
        let closes = self.form.as_ref().is_some_and(|working| working.filling.progress.complete && working.form.published.auto_close);
        if closes && !was_complete {
            self.events.push(Event::Closed);
        }
        Ok(())
    }

    /// The title follows from what is filled in.
    pub(super) fn retitle(&mut self) -> Result<(), Rejection> {
        let Some(working) = &self.form else { return Ok(()) };
        let filled = working.filling.filled(&working.form.published, self.author(), self.task.closed);
        let title = title(&working.form, &filled, self.issued.directory);
        if title != working.filling.title {
            self.record(vec![Fact::Titled { title }]);
        }
        Ok(())
    }

    pub(super) fn author(&self) -> PersonId {
        self.author.unwrap_or(if self.task.exists { self.task.author } else { self.issued.who })
    }

    /// Records facts of the form, and sees the task as it is after them.
    pub(super) fn record(&mut self, facts: Vec<Fact>) {
        let Some(working) = &mut self.form else { return };
        for fact in facts {
            working.filling.take(&fact);
            working.touched = true;
            self.events.push(Event::Form(Box::new(fact)));
        }
    }

    pub(in crate::task) fn on_route(
        &mut self,
        act: impl FnOnce(&Route<'_>, &mut Progress) -> Result<Vec<workflow::Fact>, workflow::Rejection>,
    ) -> Result<(), Rejection> {
        let (author, closed) = (self.author(), self.task.closed);
        let Some(working) = &mut self.form else { return Ok(()) };
        let depth = working.filling.origin.map_or(0, |origin| origin.depth);
        let mut progress = std::mem::take(&mut working.filling.progress);
        let step = progress.current;
        let filled = crate::form::scope::Filled { step, ..working.filling.filled(&working.form.published, author, closed) };
        let route = Route { form: &working.form, filled, directory: self.issued.directory, at: self.issued.at, depth };
        let done = act(&route, &mut progress);
        working.filling.progress = progress;
        let facts = done.map_err(Rejection::Route)?;
        working.touched |= !facts.is_empty();
        self.events.extend(facts.into_iter().map(|fact| Event::Form(Box::new(Fact::Route(fact)))));
        Ok(())
    }

    pub(super) fn each_step(
        &mut self,
        steps: &AtSteps,
        look_up: impl Fn(&Self, &PersonRef) -> Result<PersonId, Rejection>,
        act: impl Fn(&Route<'_>, &mut Progress, u8, &[PersonId]) -> Result<Vec<workflow::Fact>, workflow::Rejection>,
    ) -> Result<(), Rejection> {
        for (number, persons) in steps.iter().filter(|(_, persons)| !persons.is_empty()) {
            let current = self.form.as_ref().map_or(0, |working| working.filling.progress.current);
            let number = if *number == 0 { current.max(1) } else { *number };
            let persons = self.all(persons, &look_up)?;
            self.on_route(|route, progress| act(route, progress, number, &persons))?;
        }
        Ok(())
    }

    /// Refuses a decision on what was looked at before a value or the route changed.
    fn check_seen(&self, seen: crate::id::Position) -> Result<(), Rejection> {
        let Some(working) = &self.form else { return Ok(()) };
        let changed = working.filling.changed;
        let changing = self.task.comments.partition_point(|comment| comment.version <= changed);
        let newest = self.task.comments[..changing].last();
        // Without an id it is not committed yet: newer than anything that was seen.
        let overtaken = newest.is_some_and(|comment| comment.id == 0 || comment.id > seen);
        if overtaken { Err(Rejection::Route(workflow::Rejection::Overtaken)) } else { Ok(()) }
    }

    /// Whether the asker makes tasks of the form.
    pub(super) fn may_begin(&self, form: &Form) -> Result<(), Rejection> {
        if form.level(self.issued) == Level::None {
            return Err(Rejection::UnknownForm);
        }
        if form.closed { Err(Rejection::FormClosed) } else { Ok(()) }
    }
}
