//! Tasks of other forms that steps open: what is known of each, and what follows for the route when one has ended, or was never
//! opened. Who opens and closes them is a policy ([`crate::policy::subprocess`]).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::advance::Route;
use super::progress::{Fact, Progress};
use crate::form::subprocess::mapped;
use crate::form::{FieldId, Value};
use crate::id::{FormId, PersonId, TaskId};

/// A task that a step opened, or is opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subtask {
    pub step: u8,
    pub form: FormId,
    /// Its step is complete only once it has ended.
    pub wait: bool,
    pub keep_open: bool,
    /// Once it is opened.
    pub task: Option<TaskId>,
    /// Nothing is expected of it any more.
    pub over: bool,
    /// Because it came to its end.
    pub ended: bool,
}

/// `task.subprocess_asked`: a step is to open a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Tells those of one task apart.
    pub number: u32,
    pub step: u8,
    pub form: FormId,
    /// The form of the task that asks.
    pub of: FormId,
    /// How many tasks have opened each other, this one counted.
    pub depth: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wait: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep_open: bool,
    /// Whose task it will be.
    pub author: PersonId,
    /// What it begins with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, Value>,
}

/// How a task that a step opened came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The end of its route.
    Completed,
    Closed,
    /// By an approver, with no earlier step to go back to.
    Rejected,
    Deleted,
    /// There is no such form.
    FormUnknown,
    FormClosed,
    /// Too many tasks have opened each other.
    TooDeep,
    /// It was refused for another reason.
    Refused,
}

impl Outcome {
    /// There never was a task, or it is gone: nobody decided.
    pub const fn is_failure(self) -> bool {
        match self {
            Self::Completed | Self::Closed | Self::Rejected => false,
            Self::Deleted | Self::FormUnknown | Self::FormClosed | Self::TooDeep | Self::Refused => true,
        }
    }
}

impl Progress {
    /// The current step waits for the end of a task.
    pub(super) fn waits_for_subtask(&self) -> bool {
        self.subtasks.values().any(|subtask| subtask.step == self.current && subtask.wait && !subtask.over)
    }

    pub(super) fn take_asked(&mut self, asked: &Asked) {
        let Asked { number, step, form, wait, keep_open, of: _, depth: _, author: _, fields: _ } = asked;
        let subtask = Subtask { step: *step, form: *form, wait: *wait, keep_open: *keep_open, task: None, over: false, ended: false };
        self.subtasks.insert(*number, subtask);
    }

    pub(super) fn subtask_over(&mut self, number: u32, ended: bool) {
        if let Some(subtask) = self.subtasks.get_mut(&number) {
            (subtask.over, subtask.ended) = (true, ended);
        }
    }
}

impl Route<'_> {
    /// What the step that became current opens, if anything.
    pub(super) fn opens(&self, step: u8, progress: &Progress) -> Option<Fact> {
        let subprocess = self.filled.definition.step(step)?.subprocess.as_ref()?;
        let number = progress.subtasks.keys().next_back().map_or(1, |last| last.saturating_add(1));
        let target = self.directory.form(subprocess.form_id);
        let fields = target.map(|form| mapped(subprocess.fields.as_deref(), &self.filled, &form.published)).unwrap_or_default();
        Some(Fact::SubprocessAsked(Box::new(Asked {
            number,
            step,
            form: subprocess.form_id,
            of: self.form.id,
            depth: self.depth.saturating_add(1),
            wait: subprocess.wait,
            keep_open: subprocess.keep_open,
            author: self.filled.author,
            fields,
        })))
    }

    /// A task came to its end, and its step goes on: complete where it was decided, back where it was rejected. Where nobody
    /// decided, or a rejection has nowhere to go, those are asked who stand in for a step's approvers, so that the task neither
    /// goes on nor stands still unseen.
    pub fn subtask_ended(&self, progress: &mut Progress, number: u32, outcome: Outcome) -> Vec<Fact> {
        let Some(subtask) = progress.subtasks.get(&number).filter(|subtask| !subtask.over).cloned() else { return Vec::new() };
        let mut facts = vec![Fact::SubprocessEnded { number, outcome }];
        progress.take(&facts[0]);
        let step = subtask.step;
        if !subtask.wait || progress.complete || progress.current != step {
            return facts;
        }
        let target = self.target(step, progress);
        if outcome == Outcome::Rejected && target < step {
            facts.push(self.returned(progress, target, true));
        } else if outcome.is_failure() || outcome == Outcome::Rejected {
            let known: Vec<PersonId> = progress.approvals(step).iter().map(|approval| approval.person).collect();
            let persons: Vec<_> = self.stand_ins().into_iter().filter(|person| !known.contains(person)).collect();
            let somebody_waits = progress.waiting().next().is_some();
            if !somebody_waits && !persons.is_empty() {
                let fact = Fact::Added { step, persons };
                progress.take(&fact);
                facts.push(fact);
            }
        }
        facts
    }

    /// A task that is open again asks once more for what its current step waited for when it was closed.
    pub fn ask_again(&self, progress: &mut Progress) -> Vec<Fact> {
        let newest = progress.subtasks.values().rfind(|subtask| subtask.step == progress.current);
        let was_left = newest.is_some_and(|subtask| subtask.wait && subtask.over && !subtask.ended);
        let asked = if was_left && !progress.complete { self.opens(progress.current, progress) } else { None };
        asked.iter().for_each(|fact| progress.take(fact));
        asked.into_iter().collect()
    }

    /// Those that nothing is expected of any more: all, once the task is `over`; else those that a step waited for which the
    /// route has left backwards.
    pub fn leave_subtasks(&self, progress: &mut Progress, over: bool) -> Vec<Fact> {
        let newest = |number: u32, step: u8| progress.subtasks.iter().all(|(other, subtask)| subtask.step != step || *other <= number);
        let left = progress.subtasks.iter().filter(|(number, subtask)| {
            let behind = subtask.wait && (subtask.step > progress.current || !newest(**number, subtask.step));
            !subtask.over && (over || behind)
        });
        let facts: Vec<_> = left
            .map(|(number, subtask)| Fact::SubprocessLeft { number: *number, task: subtask.task.filter(|_| !subtask.keep_open) })
            .collect();
        facts.iter().for_each(|fact| progress.take(fact));
        facts
    }
}
