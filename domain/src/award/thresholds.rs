//! At which numbers an award is given and taken away. New thresholds hold for everybody who was counted for already.

use super::event::{Event, Thresholds};
use super::{Award, COUNT_MAX, Limits, Rejection};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;

/// Persons in one event, so that it stays well below what the log takes.
const PERSONS_MAX: usize = 5_000;

impl Thresholds {
    /// Whether somebody of this `counter` holds the award, who held it before or did not.
    pub(super) const fn holds(self, counter: u32, held: bool) -> bool {
        if held { counter >= self.revoke } else { self.grant > 0 && counter >= self.grant }
    }
}

impl Award {
    pub(super) fn set_thresholds(&self, limits: Limits, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.managed(issued)?;
        let thresholds = within(limits, self.thresholds)?;
        if thresholds == self.thresholds {
            return Ok(Events::new());
        }
        let otherwise = |holds: bool| {
            let changed = self.counted.iter().filter(move |(_, counted)| counted.holds != holds);
            changed.filter(move |(_, counted)| thresholds.holds(counted.counter, counted.holds) == holds).map(|(person, _)| *person)
        };
        let mut events = vec![Event::ThresholdsSet(thresholds)];
        events.extend(in_parts(otherwise(true)).map(|persons| Event::Granted { persons }));
        events.extend(in_parts(otherwise(false)).map(|persons| Event::Revoked { persons }));
        Ok(events)
    }
}

fn in_parts(persons: impl Iterator<Item = PersonId>) -> impl Iterator<Item = Vec<PersonId>> {
    let persons: Vec<PersonId> = persons.collect();
    persons.chunks(PERSONS_MAX).map(<[PersonId]>::to_vec).collect::<Vec<_>>().into_iter()
}

/// The thresholds that were asked for; what was not said is as `before`.
pub(super) fn within(limits: Limits, before: Thresholds) -> Result<Thresholds, Rejection> {
    let read = |asked: Option<i64>, before: u32| {
        let number = asked.unwrap_or(i64::from(before));
        u32::try_from(number).ok().filter(|number| *number <= COUNT_MAX).ok_or(Rejection::Thresholds)
    };
    let thresholds = Thresholds { grant: read(limits.grant, before.grant)?, revoke: read(limits.revoke, before.revoke)? };
    if thresholds.grant > 0 && thresholds.revoke > thresholds.grant { Err(Rejection::Thresholds) } else { Ok(thresholds) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::award::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, CLARA, award_created, given};

    fn set(grant: impl Into<Option<i64>>, revoke: impl Into<Option<i64>>) -> Command {
        Command::SetThresholds(Limits { grant: grant.into(), revoke: revoke.into() })
    }

    #[test]
    fn what_is_given_is_set_and_the_rest_stays() {
        let award = given::<Award>([award_created("Tester", 5, 2)]).by(ADMIN);
        award.clone().when(set(9, None)).then([Event::ThresholdsSet(Thresholds { grant: 9, revoke: 2 })]);
        award.clone().when(set(None, 0)).then([Event::ThresholdsSet(Thresholds { grant: 5, revoke: 0 })]);
        award.when(set(5, 2)).then_nothing();
    }

    #[test]
    fn an_award_is_not_taken_away_above_the_number_at_which_it_is_given() {
        let award = given::<Award>([award_created("Tester", 5, 2)]).by(ADMIN);
        for wrong in [set(1, None), set(None, 6), set(3, 4), set(-1, None), set(None, 1_000_000_001), set(i64::MAX, None)] {
            award.clone().when(wrong).then_rejected(Code::InvalidAwardLimits);
        }
        award.clone().when(set(0, 7)).then([Event::ThresholdsSet(Thresholds { grant: 0, revoke: 7 })]);
        award.when(set(5, 5)).then([Event::ThresholdsSet(Thresholds { grant: 5, revoke: 5 })]);
    }

    #[test]
    fn new_thresholds_hold_for_whoever_was_counted_for() {
        let counted = |person, counter| Event::Counted { person, counter };
        let history = [counted(ANNA, 2), counted(BORIS, 4), counted(CLARA, 9), Event::Granted { persons: vec![CLARA] }];
        let award = given::<Award>([award_created("Tester", 5, 3)]).and(ADMIN, history).by(ADMIN);
        let set_to = |grant, revoke| Event::ThresholdsSet(Thresholds { grant, revoke });
        award.clone().when(set(2, 1)).then([set_to(2, 1), Event::Granted { persons: vec![ANNA, BORIS] }]);
        award.clone().when(set(20, 10)).then([set_to(20, 10), Event::Revoked { persons: vec![CLARA] }]);
        award.when(set(20, 9)).then([set_to(20, 9)]);
    }

    #[test]
    fn many_are_named_in_several_events() {
        let counted = (1..=12_000).map(|id| Event::Counted { person: PersonId(id), counter: 1 });
        let award = given::<Award>([award_created("Tester", 5, 0)]).and(ADMIN, counted).by(ADMIN);
        let events = award.when(set(1, None)).outcome().expect("decided");
        let named: Vec<usize> = events.iter().map(|event| if let Event::Granted { persons } = event { persons.len() } else { 0 }).collect();
        assert_eq!(named, [0, 5_000, 5_000, 2_000]);
    }
}
