//! Changing the route by hand: who is asked at a step, and who is asked again.

use super::advance::Route;
use super::progress::{Choice, Fact, Progress};
use super::{APPROVERS_MAX, Rejection};
use crate::form::definition::STEPS_MAX;
use crate::id::PersonId;

impl Route<'_> {
    /// Asks `persons` at `step`, reached or not. Who is asked there already is no news.
    ///
    /// # Errors
    /// When there is no such step, or it would ask too many.
    pub fn add(&self, progress: &mut Progress, step: u8, persons: &[PersonId]) -> Result<Vec<Fact>, Rejection> {
        self.check(step)?;
        let known = progress.approvals(step);
        let mut added: Vec<PersonId> = Vec::new();
        for person in persons {
            if !added.contains(person) && known.iter().all(|approval| approval.person != *person) {
                added.push(*person);
            }
        }
        if known.len() + added.len() > APPROVERS_MAX {
            return Err(Rejection::TooManyApprovers);
        }
        let fact = (!added.is_empty()).then_some(Fact::Added { step, persons: added });
        Ok(self.taken(progress, step, fact, true))
    }

    /// # Errors
    /// When there is no such step. Who is not asked there is no news.
    pub fn remove(&self, progress: &mut Progress, step: u8, persons: &[PersonId]) -> Result<Vec<Fact>, Rejection> {
        self.check(step)?;
        let known = progress.approvals(step).iter().map(|approval| approval.person);
        let removed: Vec<_> = known.filter(|person| persons.contains(person)).collect();
        let fact = (!removed.is_empty()).then_some(Fact::Removed { step, persons: removed });
        Ok(self.taken(progress, step, fact, false))
    }

    /// Asks `persons` once more.
    ///
    /// # Errors
    /// When there is no such step, or it asks one of them not at all.
    pub fn rerequest(&self, progress: &mut Progress, step: u8, persons: &[PersonId]) -> Result<Vec<Fact>, Rejection> {
        self.check(step)?;
        let known = progress.approvals(step);
        if persons.iter().any(|person| known.iter().all(|approval| approval.person != *person)) {
            return Err(Rejection::NotApprover);
        }
        let again = known.iter().filter(|approval| persons.contains(&approval.person) && approval.choice != Choice::Waiting);
        let again: Vec<_> = again.map(|approval| approval.person).collect();
        let fact = (!again.is_empty()).then_some(Fact::Rerequested { step, persons: again });
        Ok(self.taken(progress, step, fact, true))
    }

    fn check(&self, step: u8) -> Result<(), Rejection> {
        if step == 0 || step > STEPS_MAX || self.filled.definition.step(step).is_none() { Err(Rejection::UnknownStep) } else { Ok(()) }
    }

    /// A step that waits for somebody again is current again.
    fn taken(&self, progress: &mut Progress, step: u8, fact: Option<Fact>, waits: bool) -> Vec<Fact> {
        let Some(fact) = fact else { return Vec::new() };
        progress.take(&fact);
        let was_passed = step < progress.current || (step == progress.current && progress.complete);
        if waits && was_passed { vec![fact, self.returned(progress, step, false)] } else { vec![fact] }
    }
}
