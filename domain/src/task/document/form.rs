//! What stands above the comments of a task of a form: its fields, its approvals and its steps. Each field is rendered when it
//! changes, and an answer copies what was rendered.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::face::Faces;
use super::fields::Renderer;
use super::seconds::Seconds;
use crate::form::{Definition, Field, FieldId, Form};
use crate::id::{FormId, PersonId, TaskId};
use crate::json::Json;
use crate::recorded::Header;
use crate::task::form::{Fact, Filling};
use crate::workflow;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct FormHead {
    filling: Filling,
    author: PersonId,
    created_at: Seconds,
    closed: bool,
    /// The fields at the top of the form, in its order, each as JSON.
    fields: Vec<(FieldId, String)>,
    /// `[[{"person":…}]]`, once there are any.
    approvals: String,
    /// The time spent at each step, in the order in which they were first reached.
    steps: Vec<Step>,
    names: BTreeMap<u8, String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Step {
    number: u8,
    /// Of the last time, as long as it is current.
    since: Option<Timestamp>,
    /// Milliseconds of all times before.
    elapsed: i64,
}

impl FormHead {
    pub fn begun(form: FormId, template: u32, author: PersonId, header: &Header, faces: &mut Faces<'_>) -> Self {
        let filling = Filling { form, template, ..Filling::default() };
        let mut head = Self { filling, author, created_at: header.at.into(), ..Self::default() };
        head.renew(faces);
        head
    }

    /// Takes a fact in; whether a title came with it.
    pub fn take(&mut self, fact: &Fact, header: &Header, faces: &mut Faces<'_>) {
        self.filling.take(fact);
        match fact {
            Fact::FieldChanged { field, value: _ } | Fact::TableChanged { field, rows: _ } => self.render_with(*field, faces),
            Fact::TemplateApplied { .. } => self.renew(faces),
            Fact::Titled { .. } | Fact::Result(_) => {}
            Fact::Route(route) => {
                self.clock(route, header.at);
                self.render_approvals(faces);
                self.render_told(faces);
            }
        }
    }

    pub fn close(&mut self, closed: bool, at: Timestamp, faces: &mut Faces<'_>) {
        self.closed = closed;
        if closed {
            self.stop(at);
        }
        self.render_told(faces);
    }

    pub fn form_id(&self) -> FormId {
        self.filling.form
    }

    pub fn title(&self) -> &str {
        &self.filling.title
    }

    /// The members of the task's object that are of the form, each led by a comma.
    pub fn rendered(&self, at: Timestamp) -> String {
        let mut json = format!(",\"form_id\":{}", self.filling.form);
        let fields: Vec<&str> = self.fields.iter().map(|(_, json)| &**json).collect();
        json.push_str(",\"fields\":[");
        json.push_str(&fields.join(","));
        json.push(']');
        if !self.approvals.is_empty() {
            json.push_str(",\"approvals\":");
            json.push_str(&self.approvals);
        }
        if self.filling.progress.current > 0 {
            json.push_str(&format!(",\"current_step\":{}", self.filling.progress.current));
        }
        let linked: BTreeSet<TaskId> = self.filling.links().collect();
        if !linked.is_empty() {
            let linked: Vec<String> = linked.iter().map(ToString::to_string).collect();
            json.push_str(&format!(",\"linked_task_ids\":[{}]", linked.join(",")));
        }
        if let Some(due) = self.filling.progress.due.filter(|_| !self.closed) {
            json.push_str(&format!(",\"current_step_due\":\"{}\"", Seconds::from(due)));
        }
        if !self.steps.is_empty() {
            let steps: Json = self.steps.iter().map(|step| step.shown(self.names.get(&step.number), at)).collect();
            json.push_str(",\"steps\":");
            json.push_str(&steps.to_string());
        }
        json
    }

    /// Everything as the directory shows it now.
    pub fn renew(&mut self, faces: &mut Faces<'_>) {
        let Some(form) = faces.form(self.filling.form) else { return };
        let definition = &form.published;
        self.names = (1..).zip(&definition.steps).map(|(number, step)| (number, step.name.clone())).collect();
        let shown = definition.fields.iter().filter(|field| !field.deleted);
        self.fields = shown.map(|field| (field.id, self.json(field, definition, faces))).collect();
        self.render_approvals(faces);
    }

    pub fn weight(&self) -> usize {
        let fields = self.fields.iter().map(|(_, json)| json.len()).sum::<usize>();
        // What was rendered has about the size of what it was rendered from.
        size_of::<Self>() + 2 * fields + self.approvals.len()
    }

    fn json(&self, field: &Field, definition: &Definition, faces: &mut Faces<'_>) -> String {
        let filled = self.filling.filled(definition, self.author, self.closed);
        Renderer { filled, created_at: self.created_at, faces }.field(field, None).to_string()
    }

    /// The field at the top that this one is, or lies in; and those that follow from others.
    fn render_with(&mut self, changed: FieldId, faces: &mut Faces<'_>) {
        self.render_those(faces, |top| holds(top, &|field| field.id == changed || field.formula.is_some()));
    }

    /// The fields that tell of the task itself.
    fn render_told(&mut self, faces: &mut Faces<'_>) {
        self.render_those(faces, |top| holds(top, &|field| field.kind.is_told() || field.formula.is_some()));
    }

    fn render_those(&mut self, faces: &mut Faces<'_>, is_it: impl Fn(&Field) -> bool) {
        let Some(form): Option<std::sync::Arc<Form>> = faces.form(self.filling.form) else { return };
        let definition = &form.published;
        for field in definition.fields.iter().filter(|field| is_it(field)) {
            let json = self.json(field, definition, faces);
            if let Some((_, known)) = self.fields.iter_mut().find(|(id, _)| *id == field.id) {
                *known = json;
            }
        }
    }

    fn render_approvals(&mut self, faces: &mut Faces<'_>) {
        let steps = &self.filling.progress.steps;
        let last = steps.iter().filter(|(_, approvals)| !approvals.is_empty()).map(|(step, _)| *step).max().unwrap_or(0);
        let step = |number: u8, faces: &mut Faces<'_>| -> Json {
            let approvals = steps.get(&number).map(Vec::as_slice).unwrap_or_default();
            approvals.iter().map(|approval| shown_approval(approval.person, approval.choice.word(), number, faces)).collect()
        };
        let shown: Vec<Json> = (1..=last).map(|number| step(number, faces)).collect();
        self.approvals = if shown.is_empty() { String::new() } else { Json::List(shown).to_string() };
    }

    fn clock(&mut self, fact: &workflow::Fact, at: Timestamp) {
        match fact {
            workflow::Fact::Entered { step, .. } | workflow::Fact::Returned { step, .. } => {
                self.stop(at);
                match self.steps.iter_mut().find(|known| known.number == *step) {
                    Some(known) => known.since = Some(at),
                    None => self.steps.push(Step { number: *step, since: Some(at), elapsed: 0 }),
                }
            }
            workflow::Fact::Completed => self.stop(at),
            workflow::Fact::Chosen { .. }
            | workflow::Fact::Added { .. }
            | workflow::Fact::Removed { .. }
            | workflow::Fact::Rerequested { .. }
            | workflow::Fact::SubprocessAsked(_)
            | workflow::Fact::SubprocessOpened { .. }
            | workflow::Fact::SubprocessEnded { .. }
            | workflow::Fact::SubprocessLeft { .. } => {}
        }
    }

    fn stop(&mut self, at: Timestamp) {
        for step in &mut self.steps {
            step.elapsed = step.elapsed_at(at);
            step.since = None;
        }
    }
}

impl Step {
    fn elapsed_at(&self, at: Timestamp) -> i64 {
        let running = self.since.map_or(0, |since| at.as_millisecond().saturating_sub(since.as_millisecond()).max(0));
        self.elapsed.saturating_add(running)
    }

    /// Of the current step, the time up to the last change of the task.
    fn shown(&self, name: Option<&String>, at: Timestamp) -> Json {
        let name = name.map(String::as_str).unwrap_or_default();
        let (step, elapsed) = (i64::from(self.number), self.elapsed_at(at));
        Json::object([("step", Some(step.into())), ("name", Some(name.into())), ("elapsed_time", Some(elapsed.into()))])
    }
}

fn holds(field: &Field, is_it: &dyn Fn(&Field) -> bool) -> bool {
    is_it(field) || field.nested().into_iter().any(|(_, fields)| fields.iter().any(|field| holds(field, is_it)))
}

/// One who is asked, as the API shows it.
pub(super) fn shown_approval(person: PersonId, choice: &str, step: u8, faces: &mut Faces<'_>) -> Json {
    let (person, step) = (faces.json(person), i64::from(step));
    Json::object([("person", Some(person)), ("approval_choice", Some(choice.into())), ("step", Some(step.into()))])
}
