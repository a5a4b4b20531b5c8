//! Going on: which step is complete, and which comes next.

use jiff::{SignedDuration, Timestamp};

use super::progress::{Choice, Fact, Progress};
use crate::directory::OrganisationDirectory;
use crate::form::scope::Filled;
use crate::form::{Form, Rule, Step};

/// What the route of a task is worked out from.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    pub form: &'a Form,
    pub filled: Filled<'a>,
    pub directory: &'a OrganisationDirectory,
    pub at: Timestamp,
    /// How many tasks have opened each other before this one.
    pub depth: u8,
}

impl Route<'_> {
    /// Goes on as far as the route leads now, from wherever `progress` is. Also begins it.
    pub fn advance(&self, progress: &mut Progress) -> Vec<Fact> {
        let mut facts = Vec::new();
        // Each turn enters a later step or ends.
        while !progress.complete && (progress.current == 0 || self.is_complete(progress)) {
            let fact = self.next(progress).unwrap_or(Fact::Completed);
            progress.take(&fact);
            let opens = if let Fact::Entered { step, .. } = &fact { self.opens(*step, progress) } else { None };
            facts.push(fact);
            if let Some(asked) = opens {
                progress.take(&asked);
                facts.push(asked);
            }
        }
        facts
    }

    /// The step after the current one that asks somebody, or opens a task.
    fn next(&self, progress: &Progress) -> Option<Fact> {
        let after = usize::from(progress.current);
        let steps = (1_u8..).zip(&self.filled.definition.steps).skip(after);
        steps.filter(|(_, step)| self.applies(step)).find_map(|(number, step)| {
            let approvers = self.approvers(step);
            let by_hand = progress.approvals(number).iter().any(|approval| approval.by_hand);
            (by_hand || !approvers.is_empty() || step.subprocess.is_some()).then(|| Fact::Entered {
                step: number,
                approvers,
                due: self.due(number),
            })
        })
    }

    /// When a step that becomes current now is to be complete.
    pub(super) fn due(&self, step: u8) -> Option<Timestamp> {
        let minutes = self.filled.definition.step(step)?.due_minutes?;
        self.at.checked_add(SignedDuration::from_mins(minutes.into())).ok()
    }

    fn is_complete(&self, progress: &Progress) -> bool {
        let step = self.filled.definition.step(progress.current);
        self.agreed(step, progress)
            && !progress.waits_for_subtask()
            && self.filled_at(progress.current).missing(progress.current).is_empty()
    }

    fn filled_at(&self, step: u8) -> crate::form::scope::Filled<'_> {
        crate::form::scope::Filled { step, ..self.filled }
    }

    /// By the step's rule. Of a step that the form has no more, nobody is waited for.
    fn agreed(&self, step: Option<&Step>, progress: &Progress) -> bool {
        let approvals = progress.approvals(progress.current);
        let agreed = approvals.iter().filter(|approval| approval.choice.agrees()).count();
        let rejected = approvals.iter().any(|approval| approval.choice == Choice::Rejected);
        match step.map(|step| step.rule) {
            None => true,
            Some(_) if approvals.is_empty() => true,
            Some(_) if rejected => false,
            Some(Rule::Everyone) => agreed == approvals.len(),
            Some(Rule::First) => agreed > 0,
            Some(Rule::AtLeast(wanted)) => agreed >= usize::from(wanted.max(1)).min(approvals.len()),
        }
    }
}
