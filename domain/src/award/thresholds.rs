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
        let earned = if self.grant > 0 { counter >= self.grant } else { held };
        earned && (self.revoke == 0 || counter < self.revoke)
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
    if thresholds.grant > 0 && (1..=thresholds.grant).contains(&thresholds.revoke) { Err(Rejection::Thresholds) } else { Ok(thresholds) }
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
        let award = given::<Award>([award_created("Tester", 5, 9)]).by(ADMIN);
        award.clone().when(set(8, None)).then([Event::ThresholdsSet(Thresholds { grant: 8, revoke: 9 })]);
        award.clone().when(set(None, 0)).then([Event::ThresholdsSet(Thresholds { grant: 5, revoke: 0 })]);
        award.when(set(5, 9)).then_nothing();
    }

    #[test]
    fn an_award_is_taken_away_above_the_number_at_which_it_is_given() {
        let award = given::<Award>([award_created("Tester", 5, 9)]).by(ADMIN);
        for wrong in [set(9, None), set(10, None), set(None, 5), set(None, 4), set(-1, None), set(None, 1_000_000_001), set(i64::MAX, None)]
        {
            award.clone().when(wrong).then_rejected(Code::InvalidAwardLimits);
        }
        award.clone().when(set(0, 1)).then([Event::ThresholdsSet(Thresholds { grant: 0, revoke: 1 })]);
        award.when(set(8, 9)).then([Event::ThresholdsSet(Thresholds { grant: 8, revoke: 9 })]);
    }

    #[test]
    fn new_thresholds_hold_for_whoever_was_counted_for() {
        let counted = |person, counter| Event::Counted { person, counter };
        let history = [counted(ANNA, 2), counted(BORIS, 4), counted(CLARA, 9), Event::Granted { persons: vec![CLARA] }];
        let award = given::<Award>([award_created("Tester", 5, 0)]).and(ADMIN, history).by(ADMIN);
        let set_to = |grant, revoke| Event::ThresholdsSet(Thresholds { grant, revoke });
        let (granted, revoked) = (|persons| Event::Granted { persons }, |persons| Event::Revoked { persons });
        award.clone().when(set(2, None)).then([set_to(2, 0), granted(vec![ANNA, BORIS])]);
        award.clone().when(set(4, 9)).then([set_to(4, 9), granted(vec![BORIS]), revoked(vec![CLARA])]);
        award.clone().when(set(20, None)).then([set_to(20, 0), revoked(vec![CLARA])]);
        award.clone().when(set(9, None)).then([set_to(9, 0)]);
        award.when(set(0, None)).then([set_to(0, 0)]);
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
