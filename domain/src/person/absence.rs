//! Being away, and who receives the inbox meanwhile. What a deputy may do is decided where it is done
//! (`domain/src/task/access.rs`).
//!
//! The days are those of the zone in which the person was when they were set. One step only: a deputy who is away passes on
//! nothing that they receive for somebody else.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Absence, Event, Person, PersonKind, Rejection};
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;
use crate::zone;

/// Days that an absence may have: two years.
pub const DAYS_MAX: i32 = 731;

/// An absence as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    pub from: Date,
    /// The last day.
    pub until: Date,
    pub deputy: Option<PersonId>,
}

impl Absence {
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.begins <= at && at < self.ends
    }
}

impl Person {
    /// Who receives the inbox at `at`. Whoever is blocked has no deputy.
    pub fn deputy_at(&self, at: Timestamp) -> Option<PersonId> {
        self.absence.filter(|absence| !self.blocked && absence.holds_at(at)).and_then(|absence| absence.deputy)
    }

    pub(super) fn set_absence(&self, away: &Away, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.owned_or_managed(issued)?;
        let settings = &issued.directory.organisation.settings;
        let zone = self.profile.time_zone.as_deref().unwrap_or(&settings.time_zone);
        let after = away.until.tomorrow().map_err(|_| Rejection::AbsenceOutOfBounds)?;
        let midnight = |date| zone::midnight(date, zone).ok_or(Rejection::AbsenceOutOfBounds);
        let absence =
            Absence { from: away.from, until: away.until, begins: midnight(away.from)?, ends: midnight(after)?, deputy: away.deputy };
        let days = (away.until - away.from).get_days();
        if !(0..DAYS_MAX).contains(&days) || absence.ends <= issued.at {
            return Err(Rejection::AbsenceOutOfBounds);
        }
        if self.absence == Some(absence) {
            return Ok(Events::new());
        }
        if let Some(deputy) = away.deputy {
            self.deputises(deputy, issued)?;
        }
        Ok(vec![Event::AbsenceSet(absence)])
    }

    pub(super) fn clear_absence(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.owned_or_managed(issued)?;
        Ok(if self.absence.is_some() { vec![Event::AbsenceCleared] } else { Events::new() })
    }

    fn deputises(&self, deputy: PersonId, issued: &Issued<'_>) -> Result<(), Rejection> {
        let colleague = |person: &Person| person.exists && !person.blocked && person.kind == PersonKind::User;
        let found = issued.directory.person(deputy).is_some_and(|person| colleague(person));
        if found && deputy != self.id { Ok(()) } else { Err(Rejection::UnfitDeputy) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::person::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, FELIX, GRETA, Given, MANAGER, ROBOT, STRANGER, given, moment, ordinary};

    fn boris() -> Given<Person> {
        given([Event::Added(Box::new(ordinary("Boris", "boris@example.org")))])
    }

    fn away() -> Away {
        Away { from: date(2026, 3, 28), until: date(2026, 3, 29), deputy: Some(ANNA) }
    }

    /// In Berlin, where the second day has 23 hours.
    fn absence() -> Absence {
        let (begins, ends) = (moment("2026-03-27T23:00:00Z"), moment("2026-03-29T22:00:00Z"));
        Absence { from: away().from, until: away().until, begins, ends, deputy: away().deputy }
    }

    fn with(change: impl FnOnce(&mut Away)) -> Command {
        let mut away = away();
        change(&mut away);
        Command::SetAbsence(away)
    }

    #[test]
    fn the_days_are_those_of_the_persons_zone() {
        boris().by(BORIS).when(with(|_| {})).then([Event::AbsenceSet(absence())]);
        boris().and(BORIS, [Event::AbsenceSet(absence())]).by(BORIS).when(with(|_| {})).then_nothing();
        let mut moved = ordinary("Boris", "boris@example.org").profile;
        moved.time_zone = Some("Asia/Tokyo".into());
        let decided = boris().and(BORIS, [Event::Changed(Box::new(moved))]).by(BORIS).when(with(|_| {})).outcome().expect("allowed");
        let (begins, ends) = (moment("2026-03-27T15:00:00Z"), moment("2026-03-29T15:00:00Z"));
        assert_eq!(decided, [Event::AbsenceSet(Absence { begins, ends, ..absence() })]);
    }

    #[test]
    fn the_deputy_is_so_for_these_days_alone() {
        let away = boris().and(BORIS, [Event::AbsenceSet(absence())]);
        let deputy = |given: &Given<Person>, at| given.state().deputy_at(moment(at));
        assert_eq!(deputy(&away, "2026-03-27T22:59:59Z"), None);
        assert_eq!(deputy(&away, "2026-03-27T23:00:00Z"), Some(ANNA));
        assert_eq!(deputy(&away, "2026-03-29T21:59:59Z"), Some(ANNA));
        assert_eq!(deputy(&away, "2026-03-29T22:00:00Z"), None);
        let during = "2026-03-28T12:00:00Z";
        assert_eq!(deputy(&away.clone().and(ADMIN, [Event::Blocked]), during), None);
        assert_eq!(deputy(&away.and(BORIS, [Event::AbsenceCleared]), during), None);
    }

    #[test]
    fn oneself_and_those_who_manage_people_set_and_clear() {
        for who in [BORIS, MANAGER, ADMIN] {
            assert!(boris().by(who).when(with(|_| {})).outcome().is_ok());
            boris().and(BORIS, [Event::AbsenceSet(absence())]).by(who).when(Command::ClearAbsence).then([Event::AbsenceCleared]);
        }
        boris().by(ANNA).when(with(|_| {})).then_rejected(Code::AccessDenied);
        boris().and(BORIS, [Event::AbsenceSet(absence())]).by(ANNA).when(Command::ClearAbsence).then_rejected(Code::AccessDenied);
        boris().by(BORIS).when(Command::ClearAbsence).then_nothing();
    }

    #[test]
    fn a_deputy_is_another_colleague_who_is_let_in() {
        for deputy in [BORIS, FELIX, GRETA, ROBOT, STRANGER, PersonId(404), PersonId::SYSTEM] {
            boris().by(BORIS).when(with(|away| away.deputy = Some(deputy))).then_rejected(Code::InvalidPersonId);
        }
        assert!(boris().by(BORIS).when(with(|away| away.deputy = None)).outcome().is_ok());
    }

    #[test]
    fn days_that_are_over_or_in_the_wrong_order_or_too_many_are_refused() {
        boris().by(BORIS).when(with(|away| away.until = date(2026, 3, 27))).then_rejected(Code::InvalidInput);
        let yesterday = date(2026, 3, 1);
        boris().by(BORIS).when(with(|away| (away.from, away.until) = (yesterday, yesterday))).then_rejected(Code::InvalidInput);
        boris().by(BORIS).when(with(|away| away.until = date(2028, 3, 28))).then_rejected(Code::InvalidInput);
        boris().by(BORIS).when(with(|away| (away.from, away.until) = (Date::MAX, Date::MAX))).then_rejected(Code::InvalidInput);
    }
}
