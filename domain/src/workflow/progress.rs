//! What is known of a task's way along its route: the facts, and the fold that keeps them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::subtask::{Asked, Outcome, Subtask};
use crate::id::{PersonId, TaskId};

/// What an approver said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    #[default]
    Waiting,
    Approved,
    Rejected,
    Revoked,
    Acknowledged,
}

impl Choice {
    /// The word on the wire (pyrus.md §1.3).
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Revoked => "revoked",
            Self::Acknowledged => "acknowledged",
        }
    }

    pub const fn agrees(self) -> bool {
        matches!(self, Self::Approved | Self::Acknowledged)
    }

    /// The approver has something to decide still.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Waiting | Self::Revoked)
    }
}

/// Somebody whom a step asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Or a role.
    pub person: PersonId,
    pub choice: Choice,
    /// Somebody added them: they stay when the step is entered again.
    pub by_hand: bool,
}

/// What can have happened on a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// The step is current; these were worked out as its approvers, and are asked together with those added by hand.
    Entered {
        step: u8,
        approvers: Vec<PersonId>,
        /// When it is to be complete, where the form gives it a time.
        due: Option<Timestamp>,
    },
    /// The step is current again. Later steps are not reached any more; `again` asks anew also whoever was asked in it.
    Returned {
        step: u8,
        again: bool,
        due: Option<Timestamp>,
    },
    /// The last step is complete.
    Completed,
    /// An approver chose; where `approver` is a role, the event's person did for it.
    Chosen {
        step: u8,
        approver: PersonId,
        choice: Choice,
    },
    Added {
        step: u8,
        persons: Vec<PersonId>,
    },
    Removed {
        step: u8,
        persons: Vec<PersonId>,
    },
    Rerequested {
        step: u8,
        persons: Vec<PersonId>,
    },
    /// The step that became current opens a task.
    SubprocessAsked(Box<Asked>),
    SubprocessOpened {
        number: u32,
        task: TaskId,
    },
    SubprocessEnded {
        number: u32,
        outcome: Outcome,
    },
    /// Nothing is expected of it any more; `task` is to be closed.
    SubprocessLeft {
        number: u32,
        task: Option<TaskId>,
    },
}

/// Where a task is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The step that is current, or was last; 0 before the first.
    pub current: u8,
    /// The route's end is reached.
    pub complete: bool,
    /// When the current step is to be complete.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// Those that its steps opened, by their numbers.
    #[serde(default)]
    pub subtasks: BTreeMap<u32, Subtask>,
    /// Whom each step asks, in the order in which they were named.
    pub steps: BTreeMap<u8, Vec<Approval>>,
}

impl Progress {
    /// No route, or none that was begun.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes a fact in.
    pub fn take(&mut self, fact: &Fact) {
        match fact {
            Fact::Entered { step, approvers, due } => {
                self.due = *due;
                self.entered(*step, approvers);
            }
            Fact::Returned { step, again, due } => {
                self.current = *step;
                self.due = *due;
                self.complete = false;
                for (number, approvals) in self.steps.range_mut(*step..) {
                    if *again || number > step {
                        approvals.iter_mut().for_each(|approval| approval.choice = Choice::Waiting);
                    }
                }
            }
            Fact::Completed => (self.complete, self.due) = (true, None),
            Fact::Chosen { step, approver, choice } => self.choose(*step, &[*approver], *choice),
            Fact::Added { step, persons } => {
                let step = self.steps.entry(*step).or_default();
                step.extend(persons.iter().map(|person| Approval { person: *person, choice: Choice::Waiting, by_hand: true }));
            }
            Fact::Removed { step, persons } => {
                if let Some(step) = self.steps.get_mut(step) {
                    step.retain(|approval| !persons.contains(&approval.person));
                }
            }
            Fact::Rerequested { step, persons } => self.choose(*step, persons, Choice::Waiting),
            Fact::SubprocessAsked(asked) => self.take_asked(asked),
            Fact::SubprocessOpened { number, task } => {
                if let Some(subtask) = self.subtasks.get_mut(number) {
                    subtask.task = Some(*task);
                }
            }
            Fact::SubprocessEnded { number, outcome: _ } => self.subtask_over(*number, true),
            Fact::SubprocessLeft { number, task: _ } => self.subtask_over(*number, false),
        }
    }

    fn entered(&mut self, step: u8, approvers: &[PersonId]) {
        self.current = step;
        let known = self.steps.entry(step).or_default();
        known.retain(|approval| approval.by_hand && !approvers.contains(&approval.person));
        known.iter_mut().for_each(|approval| approval.choice = Choice::Waiting);
        let asked = approvers.iter().map(|person| Approval { person: *person, choice: Choice::Waiting, by_hand: false });
        known.splice(0..0, asked);
    }

    fn choose(&mut self, step: u8, persons: &[PersonId], choice: Choice) {
        let approvals = self.steps.get_mut(&step).into_iter().flatten();
        approvals.filter(|approval| persons.contains(&approval.person)).for_each(|approval| approval.choice = choice);
    }

    pub fn approvals(&self, step: u8) -> &[Approval] {
        self.steps.get(&step).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whom the current step waits for.
    pub fn waiting(&self) -> impl Iterator<Item = PersonId> + '_ {
        let approvals = if self.complete { &[] } else { self.approvals(self.current) };
        approvals.iter().filter(|approval| approval.choice.waits()).map(|approval| approval.person)
    }

    /// Everybody whom any step asks.
    pub fn everybody(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.steps.values().flatten().map(|approval| approval.person)
    }
}
