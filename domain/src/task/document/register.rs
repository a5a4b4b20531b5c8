//! A task as a form's register shows it (`Task` of pyrus.md §1.3, as the register answers): what lists show of it, its step and
//! its fields. Not which tasks are in a register.

use jiff::Timestamp;

use super::comment::due_fields;
use super::face::Faces;
use super::fields::Renderer;
use super::form::shown_approval;
use super::seconds::Seconds;
use crate::directory::OrganisationDirectory;
use crate::form::{FieldId, Form};
use crate::id::{PersonId, TaskId};
use crate::json::Json;
use crate::task::command::Due;
use crate::task::form::Filling;

/// What is known of a task in a register.
#[derive(Clone, Copy, Debug)]
pub struct Registered<'a> {
    pub id: TaskId,
    pub text: &'a str,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub author: PersonId,
    pub responsible: Option<PersonId>,
    pub due: Option<Due>,
    pub filling: &'a Filling,
}

/// Which parts of a task a register shows.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Only these fields, in this order; all at the top of the form where none is named.
    pub fields: Vec<FieldId>,
    /// Also the form and the approvals.
    pub approvals: bool,
}

impl Registered<'_> {
    /// As JSON, by the form as it is now.
    pub fn rendered(&self, form: &Form, parts: &Parts, directory: &OrganisationDirectory) -> String {
        let mut faces = Faces::of(directory);
        let second = |at: Timestamp| Json::Text(Seconds::from(at).to_string());
        let (due_date, due, duration) = self.due.map(due_fields).unwrap_or_default();
        let author = faces.json(self.author);
        let responsible = self.responsible.map(|person| faces.json(person));
        let step = self.filling.progress.current;
        let step_due = self.filling.progress.due.filter(|_| self.closed_at.is_none());
        let fields = self.fields(form, &parts.fields, &mut faces);
        let approvals = parts.approvals.then(|| self.approvals(&mut faces));
        let shown = Json::object([
            ("id", Some(self.id.0.into())),
            ("text", Some(self.text.into())),
            ("create_date", Some(second(self.created_at))),
            ("last_modified_date", Some(second(self.modified_at))),
            ("close_date", self.closed_at.map(second)),
            ("author", Some(author)),
            ("responsible", responsible),
            ("due_date", due_date.map(|date| Json::Text(date.to_string()))),
            ("due", due.map(|due| Json::Text(due.to_string()))),
            ("duration", duration.map(|minutes| i64::from(minutes).into())),
            ("current_step", (step > 0).then(|| i64::from(step).into())),
            ("current_step_due", step_due.map(second)),
            ("form_id", parts.approvals.then(|| self.filling.form.0.into())),
            ("approvals", approvals),
            ("fields", Some(fields)),
            ("is_closed", Some(Json::Bool(self.closed_at.is_some()))),
        ]);
        shown.to_string()
    }

    fn fields(&self, form: &Form, only: &[FieldId], faces: &mut Faces<'_>) -> Json {
        let definition = &form.published;
        let filled = self.filling.filled(definition, self.author, self.closed_at.is_some());
        let mut renderer = Renderer { filled, created_at: self.created_at.into(), faces };
        if only.is_empty() {
            let top = definition.fields.iter().filter(|field| !field.deleted);
            return top.map(|field| renderer.field(field, None)).collect();
        }
        let named = only.iter().filter_map(|id| definition.find(*id)).filter(|placed| !placed.is_cell());
        named.map(|placed| renderer.field(placed.field, placed.parent)).collect()
    }

    fn approvals(&self, faces: &mut Faces<'_>) -> Json {
        let steps = &self.filling.progress.steps;
        let last = steps.keys().next_back().copied().unwrap_or(0);
        let step = |number: u8, faces: &mut Faces<'_>| -> Json {
            let approvals = self.filling.progress.approvals(number).iter();
            approvals.map(|approval| shown_approval(approval.person, approval.choice.word(), number, faces)).collect()
        };
        (1..=last).map(|number| step(number, faces)).collect()
    }
}
