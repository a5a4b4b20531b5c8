//! Creating a task of a form. Whoever creates it has agreed to its first step, where they alone are asked.

use super::route::Working;
use super::{Fact, Filling, Frozen, Linked, fields};
use crate::file::Brought;
use crate::form::Lookup;
use crate::id::{FormId, PersonId};
use crate::json::Json;
use crate::task::command::AtSteps;
use crate::task::draft::Draft;
use crate::task::rejection::Rejection;
use crate::task::state::Subscription;
use crate::workflow::Choice;

/// What the creation of a task says of its form.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Begin {
    pub form: FormId,
    pub fields: Option<Json>,
    /// What was found of the items that the fields and the form's defaults name.
    pub items: Lookup,
    pub fill_defaults: bool,
    /// Asked beside those whom the form names.
    pub approvals: AtSteps,
    /// Tasks that the fields link to, and that the asker sees.
    pub linked: Vec<Linked>,
}

impl Draft<'_> {
    /// Takes the form that the task is to be of; the version that it goes by.
    pub fn take_form(&mut self, id: FormId) -> Result<u32, Rejection> {
        let form = self.issued.directory.form(id).cloned().ok_or(Rejection::UnknownForm)?;
        self.may_begin(&form)?;
        let template = form.template;
        let filling = Filling { form: id, template, ..Filling::default() };
        self.form = Some(Working { form, filling, touched: true });
        Ok(template)
    }

    /// Fills it in and begins its route.
    pub fn begin(&mut self, begin: &Begin, files: &Brought) -> Result<(), Rejection> {
        let Some(working) = &self.form else { return Ok(()) };
        let none = Json::Null;
        let fields = (begin.fields.as_ref().unwrap_or(&none), &begin.items, files);
        let given = fields::changed(fields, &working.filling, &working.form, Frozen::Changed, self.issued)?;
        let defaults = if begin.fill_defaults { fields::defaults(&working.form, &given, &begin.items, self.issued) } else { Vec::new() };
        self.record(given);
        self.copy_linked(&begin.linked, Frozen::Changed);
        self.record(defaults);
        self.each_step(&begin.approvals, Self::addable, |route, progress, step, persons| route.add(progress, step, persons))?;
        self.on_route(|route, progress| Ok(route.advance(progress)))?;
        self.agree_as_author()?;
        self.follow_form();
        self.go_on()
    }

    /// The same for a task that a step of another one opened: nobody has agreed to anything, and `given` is filled in already.
    pub(super) fn begin_for_step(&mut self, given: &[Fact]) -> Result<(), Rejection> {
        let defaults =
            self.form.as_ref().map(|working| fields::defaults(&working.form, given, &Lookup::default(), self.issued)).unwrap_or_default();
        self.record(defaults);
        self.on_route(|route, progress| Ok(route.advance(progress)))?;
        self.follow_form();
        self.go_on()
    }

    fn agree_as_author(&mut self) -> Result<(), Rejection> {
        let author = self.issued.who;
        let Some(working) = &self.form else { return Ok(()) };
        let progress = &working.filling.progress;
        let alone = matches!(progress.approvals(progress.current), [only] if only.person == author);
        let first = progress.current;
        if alone && !progress.complete {
            self.on_route(|route, progress| route.choose(progress, first, &[author], Choice::Approved))?;
        }
        Ok(())
    }

    /// Those whom the form makes subscribers.
    fn follow_form(&mut self) {
        let author = self.author();
        let Some(working) = &self.form else { return };
        let filled = working.filling.filled(&working.form.published, author, false);
        let route = crate::workflow::Route { form: &working.form, filled, directory: self.issued.directory, at: self.issued.at, depth: 0 };
        let named: Vec<PersonId> = working.form.published.subscribers.iter().flat_map(|approver| route.subscribers(approver)).collect();
        let mut persons: Vec<PersonId> = Vec::new();
        for person in named {
            if person != author && !self.subscribers.contains_key(&person) && !persons.contains(&person) {
                persons.push(person);
            }
        }
        self.subscribe(persons, Subscription::Following);
    }
}
