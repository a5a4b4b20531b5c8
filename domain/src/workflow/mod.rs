//! Where a task of a form stands on its route, and why. Pure: facts in, facts out; which request led to them is the task's matter.
//!
//! A route has steps in order. A step asks its approvers, each waits, and the step is complete by its rule. These are all the
//! cases:
//!
//! | what happens | what follows |
//! |---|---|
//! | a step is entered | its approvers are worked out anew, and are asked; those whom somebody added by hand stay |
//! | and the form gives it a time | it is due so many minutes later, whoever does what meanwhile |
//! | its condition does not hold, or it names nobody | it is skipped |
//! | it names a workflow column of a catalog | whoever the items in the field name there is asked, by the rows as they were chosen |
//! | it names approvers, and none of them can act (blocked, or the field or the column that names them is empty) | the form's business owners are asked, else those who administer it: no step is passed because somebody left |
//! | and it opens a task of another form | this is asked for, with the values of fields by their codes; where it waits, the step is complete only once that task has ended |
//! | that task is complete or closed | its values come back by their codes; the step goes on |
//! | that task is rejected | as if an approver of the step had rejected |
//! | it was deleted, or never opened (its form is closed or gone; too many have opened each other) | those who stand in for approvers are asked: the step neither goes on nor stands still unseen |
//! | the route goes back past a step that waits for a task | nothing is expected of that task any more; it is closed, unless it is to stay open |
//! | the task is closed while a step waits for another one, and opened again | that one is closed, and another is asked for |
//! | an approver approves or acknowledges | they agree; a role agrees by its first member |
//! | the rule is met and no required field is empty | the next step is entered, or the route is complete |
//! | the rule is met and a required field is empty | the step stays until it is filled in |
//! | an approver rejects | back to the step that this one names, else to the author's, else to the first; whoever was asked from there on is asked again |
//! | and that is the step where they are | it stays there, rejected, until they decide otherwise |
//! | an approver revokes their choice, is asked again, or is added, at an earlier step | back to that step; the choices of others in it stand |
//! | an approver is removed | the step is complete by those who are left |
//! | a new version of the form has fewer steps | a task whose step is gone goes on from there: it is complete |
//!
//! While a route is not complete exactly one step is current. What was decided stands when the form changes.

mod advance;
mod choose;
mod people;
mod progress;
mod resolve;
mod subtask;

#[cfg(test)]
mod tests;

pub use advance::Route;
pub use progress::{Approval, Choice, Fact, Progress};
pub use subtask::{Asked, Outcome, Subtask};

use thiserror::Error;

use crate::rejection::Code;

/// Approvers of one step of a task.
pub const APPROVERS_MAX: usize = 200;

/// The rules of a route that can stand in the way.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("the route has no such step, or it was not reached yet")]
    UnknownStep,
    #[error("the asker is not asked at this step")]
    NotAsked,
    #[error("this person or role is not asked at this step")]
    NotApprover,
    #[error("a step asks at most {APPROVERS_MAX} persons and roles")]
    TooManyApprovers,
    #[error("the form changed since it was looked at")]
    Overtaken,
}

impl Rejection {
    pub const fn code(self) -> Code {
        match self {
            Self::UnknownStep => Code::InvalidStepNumber,
            Self::NotAsked => Code::AccessDenied,
            Self::NotApprover => Code::InvalidPersonId,
            Self::TooManyApprovers => Code::ParticipantLimitExceeded,
            Self::Overtaken => Code::Conflict,
        }
    }
}
