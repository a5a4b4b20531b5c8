//! A task that a step of another one opened, from both sides: how it begins, what it tells when it ends, and what the other one
//! makes of it. What follows for the route is [`crate::workflow`]'s; what goes along by codes is [`crate::form::subprocess`]'s.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Fact, Filling, Working};
use crate::aggregate::Events;
use crate::form::subprocess::{DEPTH_MAX, mapped, still_fits};
use crate::form::{FieldId, Form, Value};
use crate::id::{FormId, PersonId, TaskId};
use crate::issued::{Asker, Issued};
use crate::task::draft::Draft;
use crate::task::event::{Commented, Created, Event, Text};
use crate::task::rejection::Rejection;
use crate::task::state::Task;
use crate::workflow::{Choice, Outcome, Progress};

/// The task and the step that opened a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub task: TaskId,
    pub form: FormId,
    pub step: u8,
    /// Among those that it opened.
    pub number: u32,
    /// Tasks that have opened each other, this one counted.
    pub depth: u8,
}

/// A task to be opened for a step. Only by the system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    pub origin: Origin,
    pub form: FormId,
    pub author: PersonId,
    pub fields: BTreeMap<FieldId, Value>,
}

/// What a task is told of one that a step of it opened. Only by the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub number: u32,
    pub news: News,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    Opened(TaskId),
    /// With what comes back into the fields.
    Ended(Outcome, BTreeMap<FieldId, Value>),
}

/// `task.subprocess_result`: what a task tells the one that opened it. Once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    #[serde(flatten)]
    pub origin: Origin,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, Value>,
}

impl Task {
    /// Begins a task for a step of another one.
    pub(in crate::task) fn open(&self, open: &Open, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        only_the_system(issued)?;
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        let form = issued.directory.form(open.form).cloned().ok_or(Rejection::UnknownForm)?;
        if form.closed {
            return Err(Rejection::FormClosed);
        }
        if open.origin.depth > DEPTH_MAX {
            return Err(Rejection::TooDeep);
        }
        let mut draft = Draft::of(self, issued);
        draft.author = Some(open.author);
        let template = form.template;
        let filling = Filling { form: open.form, template, origin: Some(open.origin), ..Filling::default() };
        draft.form = Some(Working { form, filling, touched: true });
        draft.events.push(Event::Created(Box::new(Created {
            parent: Some(open.origin.task),
            form: Some(open.form),
            template: Some(template),
            author: Some(open.author),
            origin: Some(open.origin),
            ..Created::default()
        })));
        let given = draft.write(&open.fields);
        draft.begin_for_step(&given)?;
        draft.leave_subtasks(draft.closes())?;
        draft.give_result();
        Ok(draft.events)
    }

    /// Takes in what became of a task that a step opened.
    pub(in crate::task) fn told(&self, told: &Told, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        only_the_system(issued)?;
        let opened = matches!(told.news, News::Opened(_));
        // Also a task that is gone by now learns what was opened for it, so that this is closed.
        let may = self.may_see(issued) || (opened && self.exists);
        if !may {
            return Err(Rejection::AccessDenied);
        }
        let mut draft = Draft::of(self, issued);
        draft.hear(told)?;
        draft.give_result();
        Ok(draft.events)
    }
}

fn only_the_system(issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.asker() {
        Asker::System => Ok(()),
        Asker::Person(_) | Asker::Nobody => Err(Rejection::AccessDenied),
    }
}

impl Draft<'_> {
    fn hear(&mut self, told: &Told) -> Result<(), Rejection> {
        let Some(working) = &self.form else { return Ok(()) };
        let Some(subtask) = working.filling.progress.subtasks.get(&told.number).cloned() else { return Ok(()) };
        let name = self.issued.directory.form(subtask.form).map(|form| form.settings.name.clone()).unwrap_or_default();
        let note = match &told.news {
            News::Opened(_) if subtask.task.is_some() => return Ok(()),
            News::Opened(task) => {
                self.record(vec![Fact::Route(crate::workflow::Fact::SubprocessOpened { number: told.number, task: *task })]);
                if subtask.over && !subtask.keep_open {
                    // Nobody waits for it any more: it is closed.
                    let left = crate::workflow::Fact::SubprocessLeft { number: told.number, task: Some(*task) };
                    self.record(vec![Fact::Route(left)]);
                }
                self.in_words(&format!("Task {task} of the form “{name}” was opened"), &format!("Открыта задача {task} формы «{name}»"))
            }
            News::Ended(..) if subtask.over => return Ok(()),
            News::Ended(outcome, fields) => {
                self.write(fields);
                self.on_route(|route, progress| Ok(route.subtask_ended(progress, told.number, *outcome)))?;
                self.go_on()?;
                self.leave_subtasks(self.closes())?;
                let task = subtask.task.map(|task| task.to_string()).unwrap_or_default();
                let (english, russian) = ended(*outcome, &task, &name);
                self.in_words(&english, &russian)
            }
        };
        if !self.task.deleted {
            self.events
                .push(Event::Commented(Box::new(Commented { text: Text { text: note, ..Text::default() }, ..Commented::default() })));
        }
        Ok(())
    }

    /// In the organisation's language.
    fn in_words(&self, english: &str, russian: &str) -> String {
        let is_russian = self.issued.directory.organisation.settings.locale.starts_with("ru");
        if is_russian { russian } else { english }.to_owned()
    }

    /// Values that were found to fit when they were mapped; the form may have changed since.
    fn write(&mut self, fields: &BTreeMap<FieldId, Value>) -> Vec<Fact> {
        let Some(working) = &self.form else { return Vec::new() };
        let takes = |field: &FieldId, value: &Value| {
            let placed = working.form.published.find(*field).filter(|placed| !placed.is_cell());
            placed.is_some_and(|placed| still_fits(value, placed.field)) && working.filling.values.get(field) != Some(value)
        };
        let facts = fields.iter().filter(|(field, value)| takes(field, value));
        let facts = facts.map(|(field, value)| Fact::FieldChanged { field: *field, value: Some(value.clone()) }).collect::<Vec<_>>();
        self.record(facts.clone());
        facts
    }

    /// Tasks of which nothing is expected any more are told so.
    pub(in crate::task) fn leave_subtasks(&mut self, over: bool) -> Result<(), Rejection> {
        self.on_route(|route, progress| Ok(route.leave_subtasks(progress, over)))
    }

    /// A task that is open again by what was decided asks for what its step waited for.
    pub(in crate::task) fn ask_again(&mut self) -> Result<(), Rejection> {
        let opens = self.task.closed && !self.closes();
        if opens { self.on_route(|route, progress| Ok(route.ask_again(progress))) } else { Ok(()) }
    }

    /// Whether the task is closed after what was decided so far.
    pub(in crate::task) fn closes(&self) -> bool {
        let turned = self.events.iter().rev().find_map(|event| match event {
            Event::Closed => Some(true),
            Event::Reopened { .. } => Some(false),
            _ => None,
        });
        turned.unwrap_or(self.task.closed)
    }

    /// What the task that opened this one is told, if this one came to its end by what was decided.
    pub(in crate::task) fn give_result(&mut self) {
        if self.events.is_empty() {
            return;
        }
        let outcome = match &self.form {
            Some(working) if working.filling.progress.complete => Outcome::Completed,
            Some(working) if is_rejected(&working.filling.progress) => Outcome::Rejected,
            Some(_) if self.closes() => Outcome::Closed,
            Some(_) | None => return,
        };
        self.give(outcome);
    }

    /// The task is gone.
    pub(in crate::task) fn give_deleted(&mut self) {
        self.give(Outcome::Deleted);
    }

    fn give(&mut self, outcome: Outcome) {
        let Some(working) = &self.form else { return };
        let Some(origin) = working.filling.origin.filter(|_| !working.filling.ended) else { return };
        let back = self.issued.directory.form(origin.form).filter(|_| !outcome.is_failure());
        let fields = back.map(|main| results(&working.form, &working.filling, self.author(), main, origin.step)).unwrap_or_default();
        self.record(vec![Fact::Result(Box::new(Given { origin, outcome, fields }))]);
    }
}

/// The current step was rejected, and the rejection led nowhere.
fn is_rejected(progress: &Progress) -> bool {
    progress.approvals(progress.current).iter().any(|approval| approval.choice == Choice::Rejected)
}

fn results(form: &Form, filling: &Filling, author: PersonId, main: &Form, step: u8) -> BTreeMap<FieldId, Value> {
    let Some(subprocess) = main.published.step(step).and_then(|step| step.subprocess.as_ref()) else { return BTreeMap::new() };
    mapped(subprocess.results.as_deref(), &filling.filled(&form.published, author, true), &main.published)
}

fn ended(outcome: Outcome, task: &str, form: &str) -> (String, String) {
    match outcome {
        Outcome::Completed => (format!("Task {task} came to the end of its route"), format!("Задача {task} прошла весь маршрут")),
        Outcome::Closed => (format!("Task {task} was closed"), format!("Задача {task} закрыта")),
        Outcome::Rejected => (format!("Task {task} was rejected"), format!("Задача {task} отклонена")),
        Outcome::Deleted => (format!("Task {task} was deleted"), format!("Задача {task} удалена")),
        Outcome::FormUnknown => ("No task was opened: there is no such form".into(), "Задача не открыта: такой формы нет".into()),
        Outcome::FormClosed => (
            format!("No task was opened: the form “{form}” takes no more tasks"),
            format!("Задача не открыта: форма «{form}» не принимает задач"),
        ),
        Outcome::TooDeep => (
            format!("No task was opened: {DEPTH_MAX} tasks have opened each other already"),
            format!("Задача не открыта: уже {DEPTH_MAX} задач открыли друг друга"),
        ),
        Outcome::Refused => ("No task was opened: it was refused".into(), "Задача не открыта: отказано".into()),
    }
}
