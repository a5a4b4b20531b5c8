//! Counting for somebody: one more, or a number that is said. Whoever reaches a threshold with it is given the award, or loses it.

use super::{Award, COUNT_MAX, Event, Rejection};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;
use crate::person::PersonKind;

impl Award {
    pub(super) fn increment(&self, person: PersonId, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.count(person, i64::from(self.counted(person).counter) + 1, issued)
    }

    pub(super) fn set_counter(&self, person: PersonId, value: i64, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.count(person, value, issued)
    }

    fn count(&self, person: PersonId, value: i64, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.managed(issued)?;
        check_person(person, issued)?;
        let counter = u32::try_from(value).ok().filter(|counter| *counter <= COUNT_MAX).ok_or(Rejection::Counter)?;
        let before = self.counted(person);
        let mut events = Events::new();
        if counter != before.counter {
            events.push(Event::Counted { person, counter });
        }
        match (self.thresholds.holds(counter, before.holds), before.holds) {
            (true, false) => events.push(Event::Granted { persons: vec![person] }),
            (false, true) => events.push(Event::Revoked { persons: vec![person] }),
            (true, true) | (false, false) => {}
        }
        Ok(events)
    }
}

fn check_person(person: PersonId, issued: &Issued<'_>) -> Result<(), Rejection> {
    match issued.directory.person(person) {
        Some(person) if person.exists && !person.blocked && person.kind == PersonKind::User => Ok(()),
        Some(_) | None => Err(Rejection::UnknownPerson),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::award::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, CLERKS, FELIX, GRETA, Given, ROBOT, STRANGER, award_created, given, with_roles};

    fn counted(person: PersonId, counter: u32) -> Event {
        Event::Counted { person, counter }
    }

    fn granted(person: PersonId) -> Event {
        Event::Granted { persons: vec![person] }
    }

    fn revoked(person: PersonId) -> Event {
        Event::Revoked { persons: vec![person] }
    }

    /// Given at 3, taken away at 6.
    fn award(events: impl IntoIterator<Item = Event>) -> Given<Award> {
        given::<Award>([award_created("Tester", 3, 6)]).and(ADMIN, events).by(ADMIN)
    }

    fn set(person: PersonId, value: i64) -> Command {
        Command::SetCounter { person, value }
    }

    #[test]
    fn each_person_is_counted_for_by_themselves() {
        let one_more = |person| Command::Increment { person };
        award([]).when(one_more(BORIS)).then([counted(BORIS, 1)]);
        award([counted(BORIS, 1)]).when(one_more(BORIS)).then([counted(BORIS, 2)]);
        award([counted(BORIS, 1)]).when(one_more(ANNA)).then([counted(ANNA, 1)]);
    }

    #[test]
    fn who_reaches_the_threshold_is_given_the_award_once() {
        award([counted(BORIS, 2)]).when(Command::Increment { person: BORIS }).then([counted(BORIS, 3), granted(BORIS)]);
        award([]).when(set(BORIS, 5)).then([counted(BORIS, 5), granted(BORIS)]);
        award([]).when(set(BORIS, 6)).then([counted(BORIS, 6)]);
        award([counted(BORIS, 3), granted(BORIS)]).when(Command::Increment { person: BORIS }).then([counted(BORIS, 4)]);
        award([counted(BORIS, 3), granted(BORIS)]).when(set(BORIS, 3)).then_nothing();
    }

    #[test]
    fn who_reaches_the_other_threshold_or_falls_back_loses_it_and_may_earn_it_again() {
        let holding = [counted(BORIS, 5), granted(BORIS)];
        award(holding.clone()).when(Command::Increment { person: BORIS }).then([counted(BORIS, 6), revoked(BORIS)]);
        award(holding.clone()).when(set(BORIS, 3)).then([counted(BORIS, 3)]);
        award(holding.clone()).when(set(BORIS, 2)).then([counted(BORIS, 2), revoked(BORIS)]);
        let lost = [counted(BORIS, 0), revoked(BORIS)];
        assert_eq!(award(holding.clone()).and(ADMIN, lost.clone()).state().counted.len(), 0, "nothing is kept of who has nothing");
        award(holding).and(ADMIN, lost).when(set(BORIS, 3)).then([counted(BORIS, 3), granted(BORIS)]);
    }

    #[test]
    fn a_threshold_of_0_does_nothing_by_itself() {
        let never_given = given::<Award>([award_created("Tester", 0, 0)]).by(ADMIN);
        never_given.clone().when(set(BORIS, 1_000_000_000)).then([counted(BORIS, 1_000_000_000)]);
        let kept = never_given.and(ADMIN, [counted(BORIS, 3), granted(BORIS)]).by(ADMIN);
        kept.when(set(BORIS, 0)).then([counted(BORIS, 0)]);
        let never_lost = given::<Award>([award_created("Tester", 3, 0), counted(BORIS, 3), granted(BORIS)]).by(ADMIN);
        never_lost.when(set(BORIS, 1_000_000_000)).then([counted(BORIS, 1_000_000_000)]);
    }

    #[test]
    fn counters_stay_within_their_bounds() {
        for wrong in [-1, 1_000_000_001, i64::MAX, i64::MIN] {
            award([]).when(set(BORIS, wrong)).then_rejected(Code::LimitExceeded);
        }
        award([counted(BORIS, 1_000_000_000)]).when(Command::Increment { person: BORIS }).then_rejected(Code::LimitExceeded);
    }

    #[test]
    fn awards_are_for_colleagues() {
        for nobody in [FELIX, GRETA, ROBOT, STRANGER, CLERKS, PersonId::SYSTEM, PersonId(404)] {
            award([]).among(with_roles()).when(Command::Increment { person: nobody }).then_rejected(Code::AccessDeniedPerson);
        }
    }
}
