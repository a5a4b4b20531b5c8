//! An approver's choice.

use super::Rejection;
use super::advance::Route;
use super::progress::{Choice, Fact, Progress};
use crate::form::Who;
use crate::id::PersonId;

impl Route<'_> {
    /// `choice` of whoever of `as_whom` is asked at `step`: each of them chooses, the asker's roles too.
    ///
    /// # Errors
    /// When the step is not there or was not reached, or asks none of them.
    pub fn choose(&self, progress: &mut Progress, step: u8, as_whom: &[PersonId], choice: Choice) -> Result<Vec<Fact>, Rejection> {
        if step == 0 || step > progress.current {
            return Err(Rejection::UnknownStep);
        }
        let asked: Vec<_> = progress.approvals(step).iter().filter(|approval| as_whom.contains(&approval.person)).copied().collect();
        if asked.is_empty() {
            return Err(Rejection::NotAsked);
        }
        let changed = asked.iter().filter(|approval| approval.choice != choice);
        let mut facts: Vec<_> = changed.map(|approval| Fact::Chosen { step, approver: approval.person, choice }).collect();
        facts.iter().for_each(|fact| progress.take(fact));
        if facts.is_empty() {
            return Ok(facts);
        }
        match choice {
            Choice::Rejected => {
                let target = self.target(step, progress);
                if target < step {
                    facts.push(self.returned(progress, target, true));
                } else if step < progress.current || progress.complete {
                    facts.push(self.returned(progress, step, false));
                }
            }
            Choice::Revoked if step < progress.current || progress.complete => facts.push(self.returned(progress, step, false)),
            Choice::Waiting | Choice::Approved | Choice::Acknowledged | Choice::Revoked => {}
        }
        Ok(facts)
    }

    pub(super) fn returned(&self, progress: &mut Progress, step: u8, again: bool) -> Fact {
        let fact = Fact::Returned { step, again, due: self.due(step) };
        progress.take(&fact);
        fact
    }

    /// Where a rejection at `step` leads.
    pub(super) fn target(&self, step: u8, progress: &Progress) -> u8 {
        let named = self.filled.definition.step(step).and_then(|step| step.on_reject);
        let is_authors = |number: u8| {
            let by_form =
                self.filled.definition.step(number).is_some_and(|step| step.approvers.iter().any(|approver| approver.who == Who::Author));
            by_form && progress.approvals(number).iter().any(|approval| approval.person == self.filled.author)
        };
        let reached = || progress.steps.range(..=step).filter(|(_, approvals)| !approvals.is_empty()).map(|(number, _)| *number);
        named.or_else(|| reached().find(|number| is_authors(*number))).or_else(|| reached().next()).unwrap_or(step).min(step)
    }
}
