//! Handing on what somebody had in a task: whoever was dismissed, or a role that was deleted, with a receiver. That it is done
//! to every task of theirs is a policy's work ([`crate::policy::succession`]).

use super::draft::Draft;
use super::event::Event;
use super::rejection::Rejection;
use super::state::{Subscription, Task};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::{Asker, Issued};
use crate::workflow::Approval;

impl Task {
    /// Only by the system. An open task is given to `to` where `from` was responsible; they take part where `from` did, and are
    /// asked what `from` was asked and had not answered. What `from` has done stays theirs; a task that is closed or deleted is
    /// left as it is. The receiver was judged when the fact was recorded: one who has gone since hands on in their turn.
    pub(super) fn succeed(&self, from: PersonId, to: PersonId, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match issued.asker() {
            Asker::System => {}
            Asker::Person(_) | Asker::Nobody => return Err(Rejection::AccessDenied),
        }
        if !self.may_see(issued) {
            return Err(Rejection::AccessDenied);
        }
        if self.closed || from == to {
            return Ok(Events::new());
        }
        let mut draft = Draft::of(self, issued);
        if draft.participants.contains(&from) {
            if !draft.participants.contains(&to) {
                draft.events.push(Event::ParticipantsAdded { persons: vec![to] });
            }
            draft.events.push(Event::ParticipantsRemoved { persons: vec![from] });
        }
        if draft.responsible == Some(from) {
            draft.events.push(Event::Reassigned { to });
        }
        draft.hand_on_subscription(from, to);
        draft.hand_on_approvals(from, to)?;
        Ok(draft.events)
    }
}

impl Draft<'_> {
    /// At every step from the current one on that waits for `from`.
    fn hand_on_approvals(&mut self, from: PersonId, to: PersonId) -> Result<(), Rejection> {
        let Some(working) = &self.form else { return Ok(()) };
        let progress = &working.filling.progress;
        let waits = |approval: &Approval| approval.person == from && approval.choice.waits();
        let steps: Vec<u8> =
            progress.steps.range(progress.current..).filter(|(_, approvals)| approvals.iter().any(waits)).map(|(step, _)| *step).collect();
        if progress.complete {
            return Ok(());
        }
        for step in steps {
            self.on_route(|route, progress| {
                let mut facts = route.add(progress, step, &[to])?;
                facts.extend(route.remove(progress, step, &[from])?);
                Ok(facts)
            })?;
        }
        Ok(())
    }

    fn hand_on_subscription(&mut self, from: PersonId, to: PersonId) {
        let before = self.subscribers.get(&to);
        let asked = match self.subscribers.get(&from) {
            Some(Subscription::Asked) => true,
            Some(Subscription::Following) => false,
            Some(Subscription::Acknowledged) | None => return,
        };
        match before {
            Some(Subscription::Acknowledged) if asked => self.events.push(Event::SubscribersRerequested { persons: vec![to] }),
            Some(Subscription::Following) if asked => self.events.push(Event::SubscribersAdded { persons: vec![to], mentioned: false }),
            None => self.events.push(Event::SubscribersAdded { persons: vec![to], mentioned: !asked }),
            Some(Subscription::Asked | Subscription::Acknowledged | Subscription::Following) => {}
        }
        self.events.push(Event::SubscribersRemoved { persons: vec![from] });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::Code;
    use crate::task::Command;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, CLERKS, FELIX, Given, Outcome, given, task_created, with_roles};

    fn task(events: impl IntoIterator<Item = Event>) -> Given<Task> {
        given([task_created("hello")]).and(ANNA, events).among(with_roles())
    }

    fn succeed(task: Given<Task>, from: PersonId, to: PersonId) -> Outcome<Task> {
        task.by(PersonId::SYSTEM).when(Command::Succeed { from, to })
    }

    fn asks(persons: &[PersonId]) -> Event {
        Event::SubscribersAdded { persons: persons.to_vec(), mentioned: false }
    }

    fn called(persons: &[PersonId]) -> Event {
        Event::SubscribersAdded { persons: persons.to_vec(), mentioned: true }
    }

    #[test]
    fn everything_that_somebody_had_goes_to_the_receiver() {
        let all = task([Event::Reassigned { to: CLERKS }, Event::ParticipantsAdded { persons: vec![CLERKS] }, asks(&[CLERKS])]);
        succeed(all, CLERKS, BORIS).then([
            Event::ParticipantsAdded { persons: vec![BORIS] },
            Event::ParticipantsRemoved { persons: vec![CLERKS] },
            Event::Reassigned { to: BORIS },
            asks(&[BORIS]),
            Event::SubscribersRemoved { persons: vec![CLERKS] },
        ]);
    }

    #[test]
    fn a_receiver_who_takes_part_already_is_not_added_again() {
        let with_boris = task([Event::ParticipantsAdded { persons: vec![BORIS, CLERKS] }]);
        succeed(with_boris, CLERKS, BORIS).then([Event::ParticipantsRemoved { persons: vec![CLERKS] }]);
    }

    #[test]
    fn what_was_asked_is_asked_of_the_receiver_and_what_was_answered_is_not() {
        let removed = || Event::SubscribersRemoved { persons: vec![CLARA] };
        succeed(task([called(&[CLARA])]), CLARA, BORIS).then([called(&[BORIS]), removed()]);
        succeed(task([asks(&[BORIS, CLARA])]), CLARA, BORIS).then([removed()]);
        succeed(task([called(&[BORIS]), asks(&[CLARA])]), CLARA, BORIS).then([asks(&[BORIS]), removed()]);
        let answered = task([asks(&[BORIS, CLARA])]).and(BORIS, [Event::Acknowledged]);
        succeed(answered, CLARA, BORIS).then([Event::SubscribersRerequested { persons: vec![BORIS] }, removed()]);
        let done = task([asks(&[CLARA])]).and(CLARA, [Event::Acknowledged]);
        succeed(done, CLARA, BORIS).then_nothing();
    }

    #[test]
    fn a_closed_task_stays_as_it_is_and_one_without_them_too() {
        succeed(task([Event::Reassigned { to: CLERKS }, Event::Closed]), CLERKS, BORIS).then_nothing();
        succeed(task([Event::Reassigned { to: BORIS }]), CLERKS, ANNA).then_nothing();
        succeed(task([Event::Reassigned { to: CLERKS }]), CLERKS, CLERKS).then_nothing();
        succeed(task([Event::Deleted]), CLERKS, BORIS).then_rejected(Code::AccessDeniedTask);
    }

    #[test]
    fn a_receiver_who_was_blocked_since_still_receives_to_hand_it_on() {
        succeed(task([Event::Reassigned { to: CLERKS }]), CLERKS, FELIX).then([Event::Reassigned { to: FELIX }]);
    }

    #[test]
    fn only_the_system_does_it() {
        for who in [ADMIN, ANNA, FELIX] {
            let given = task([Event::Reassigned { to: CLERKS }]).by(who);
            given.when(Command::Succeed { from: CLERKS, to: BORIS }).then_rejected(Code::AccessDeniedTask);
        }
    }
}
