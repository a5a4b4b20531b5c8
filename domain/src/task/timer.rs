//! When time alone changes what a task means to people: it comes back, is due, is late. Which timers stand follows from the
//! task's facts; one that fired is recorded, so that it fires once. What people hear of it is not known here.
//!
//! | Timer | Fires | Set by |
//! |---|---|---|
//! | `returned` | when the time in which it stays out of the inbox is over | `task.scheduled` |
//! | `due` | at 09:00 of the day on which it is due, in the organisation's zone; at its begin, where it is an event that lasts | `task.due_set` |
//! | `overdue` | at the end of that day; at the moment at which it is due, and where that lasts, at its end | `task.due_set` |
//! | `step_overdue` | when the time of the current step is over | `task.step_entered`, `task.step_returned` |
//!
//! On a closed or deleted task none fires. Whatever sets a timer anew lets it fire again; reopening a task does not.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::command::Due;
use super::event::Event;
use super::form::Fact;
use super::rejection::Rejection;
use super::state::Task;
use crate::aggregate::Events;
use crate::id::PersonId;
use crate::issued::Issued;
use crate::{workflow, zone};

/// The registered names of the facts that can change which timers stand. Most facts cannot, and need not be read.
pub const TYPES_OF_TASKS: [&str; 12] = super::codec::OF_TIMERS;

/// What a moment means to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    Returned,
    Due,
    Overdue,
    StepOverdue,
}

impl Timer {
    pub const ALL: [Self; 4] = [Self::Returned, Self::Due, Self::Overdue, Self::StepOverdue];

    /// When it fires, where the day stands in for a moment.
    pub const fn on(self, day: Date) -> Option<When> {
        match self {
            Self::Due => Some(When::Morning(day)),
            Self::Overdue => Some(When::EndOf(day)),
            Self::Returned | Self::StepOverdue => None,
        }
    }

    /// Those that the fact sets anew or takes away.
    pub fn set_by(event: &Event) -> Option<&'static [Self]> {
        set_by(event)
    }

    /// Its number, which never changes: in stored sets, and in the ids of the commands by which timers fire.
    pub const fn bit(self) -> u8 {
        match self {
            Self::Returned => 1,
            Self::Due => 2,
            Self::Overdue => 4,
            Self::StepOverdue => 8,
        }
    }
}

/// When a timer fires. Days are those of the organisation's zone, as it is when they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    At(Timestamp),
    /// 09:00 of a day.
    Morning(Date),
    /// The first moment after a day.
    EndOf(Date),
}

impl When {
    /// The moment, in the zone of this IANA name. Nothing beyond what timestamps hold.
    pub fn moment(self, zone: &str) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Morning(date) => zone::morning(date, zone),
            Self::EndOf(date) => zone::midnight(date.tomorrow().ok()?, zone),
        }
    }
}

/// Which timers have fired since they were set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fired(u8);

impl Fired {
    pub const fn has(self, timer: Timer) -> bool {
        self.0 & timer.bit() != 0
    }

    /// Takes a fact in.
    pub fn take(&mut self, event: &Event) {
        match set_by(event) {
            Some(timers) => timers.iter().for_each(|timer| self.0 &= !timer.bit()),
            None => {
                if let Event::TimerFired { timer } = event {
                    self.0 |= timer.bit();
                }
            }
        }
    }
}

/// The timers that the fact sets anew or takes away.
fn set_by(event: &Event) -> Option<&'static [Timer]> {
    match event {
        Event::DueSet { .. } | Event::DueCancelled => Some(&[Timer::Due, Timer::Overdue]),
        Event::Scheduled(_) | Event::ScheduleCancelled => Some(&[Timer::Returned]),
        Event::Form(fact) => match **fact {
            Fact::Route(workflow::Fact::Entered { .. } | workflow::Fact::Returned { .. } | workflow::Fact::Completed) => {
                Some(&[Timer::StepOverdue])
            }
            Fact::Route(_)
            | Fact::TemplateApplied { .. }
            | Fact::FieldChanged { .. }
            | Fact::TableChanged { .. }
            | Fact::Titled { .. }
            | Fact::Result(_) => None,
        },
        Event::Created(_) => Some(&Timer::ALL),
        Event::Renamed { .. }
        | Event::ParticipantsAdded { .. }
        | Event::ParticipantsRemoved { .. }
        | Event::Reassigned { .. }
        | Event::SubscribersAdded { .. }
        | Event::SubscribersRemoved { .. }
        | Event::SubscribersRerequested { .. }
        | Event::Acknowledged
        | Event::AcknowledgedFor { .. }
        | Event::TimeSpent { .. }
        | Event::AddedToLists { .. }
        | Event::RemovedFromLists { .. }
        | Event::Closed
        | Event::Reopened { .. }
        | Event::Commented(_)
        | Event::CommentEdited(_)
        | Event::CommentDeleted { .. }
        | Event::Flagged(_)
        | Event::AsRoles { .. }
        | Event::TimerFired { .. }
        | Event::PutAway
        | Event::Deleted => None,
    }
}

/// What a task's timers follow from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timers {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_due: Option<Timestamp>,
    /// It is closed or deleted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    pub fired: Fired,
}

impl Timers {
    /// Takes a fact in.
    pub fn take(&mut self, event: &Event) {
        self.fired.take(event);
        match event {
            Event::Created(created) => {
                self.due = created.due;
                self.scheduled_until = created.schedule.map(|scheduled| scheduled.until);
            }
            Event::DueSet { due } => self.due = Some(*due),
            Event::DueCancelled => self.due = None,
            Event::Scheduled(scheduled) => self.scheduled_until = Some(scheduled.until),
            Event::ScheduleCancelled => self.scheduled_until = None,
            Event::Closed | Event::Deleted => self.closed = true,
            Event::Reopened { .. } => self.closed = false,
            Event::Form(fact) => {
                if let Fact::Route(fact) = &**fact {
                    self.on_route(fact);
                }
            }
            Event::Renamed { .. }
            | Event::ParticipantsAdded { .. }
            | Event::ParticipantsRemoved { .. }
            | Event::Reassigned { .. }
            | Event::SubscribersAdded { .. }
            | Event::SubscribersRemoved { .. }
            | Event::SubscribersRerequested { .. }
            | Event::Acknowledged
            | Event::AcknowledgedFor { .. }
            | Event::TimeSpent { .. }
            | Event::AddedToLists { .. }
            | Event::RemovedFromLists { .. }
            | Event::Commented(_)
            | Event::CommentEdited(_)
            | Event::CommentDeleted { .. }
            | Event::Flagged(_)
            | Event::AsRoles { .. }
            | Event::TimerFired { .. }
            | Event::PutAway => {}
        }
    }

    fn on_route(&mut self, fact: &workflow::Fact) {
        match fact {
            workflow::Fact::Entered { due, .. } | workflow::Fact::Returned { due, .. } => self.step_due = *due,
            workflow::Fact::Completed => self.step_due = None,
            workflow::Fact::Chosen { .. }
            | workflow::Fact::Added { .. }
            | workflow::Fact::Removed { .. }
            | workflow::Fact::Rerequested { .. }
            | workflow::Fact::SubprocessAsked(_)
            | workflow::Fact::SubprocessOpened { .. }
            | workflow::Fact::SubprocessEnded { .. }
            | workflow::Fact::SubprocessLeft { .. } => {}
        }
    }

    /// The timers that stand, and when each fires.
    pub fn standing(&self) -> impl Iterator<Item = (Timer, When)> + '_ {
        Timer::ALL.into_iter().filter_map(|timer| Some((timer, self.when(timer)?)))
    }

    /// When `timer` fires, if it stands.
    pub fn when(&self, timer: Timer) -> Option<When> {
        if self.closed || self.fired.has(timer) {
            return None;
        }
        match timer {
            Timer::Returned => self.scheduled_until.map(When::At),
            Timer::StepOverdue => self.step_due.map(When::At),
            Timer::Due => match self.due? {
                Due::Date(date) => timer.on(date),
                // What does not last is late at the same moment.
                Due::Moment { at, duration } => duration.is_some_and(|minutes| minutes > 0).then_some(When::At(at)),
            },
            Timer::Overdue => match self.due? {
                Due::Date(date) => timer.on(date),
                Due::Moment { at, duration } => {
                    at.checked_add(SignedDuration::from_mins(i64::from(duration.unwrap_or_default()))).ok().map(When::At)
                }
            },
        }
    }
}

impl Task {
    /// Only by the system. What does not stand any more, or whose time has not come yet, is let be.
    pub(super) fn fire(&self, timer: Timer, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if issued.who != PersonId::SYSTEM || !self.may_see(issued) {
            return Err(Rejection::AccessDenied);
        }
        let zone = &issued.directory.organisation.settings.time_zone;
        let at = self.timers().when(timer).and_then(|when| when.moment(zone));
        Ok(if at.is_some_and(|at| at <= issued.at) { vec![Event::TimerFired { timer }] } else { Events::new() })
    }

    /// What its timers follow from, as the task itself knows it.
    pub(crate) fn timers(&self) -> Timers {
        Timers {
            due: self.due,
            scheduled_until: self.scheduled_until,
            step_due: self.form.as_ref().and_then(|filling| filling.progress.due),
            closed: self.closed || self.deleted,
            fired: self.fired,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::rejection::Code;
    use crate::task::Command;
    use crate::task::command::Schedule;
    use crate::task::event::Scheduled;
    use crate::testing::{ANNA, Given, given, moment, task_created};

    fn task(events: impl IntoIterator<Item = Event>) -> Given<Task> {
        given::<Task>([task_created("hello")]).and(ANNA, events).by(PersonId::SYSTEM)
    }

    fn on(day: Date) -> Event {
        Event::DueSet { due: Due::Date(day) }
    }

    fn at(text: &str, duration: Option<u32>) -> Event {
        Event::DueSet { due: Due::Moment { at: moment(text), duration } }
    }

    fn away(until: &str) -> Event {
        Event::Scheduled(Scheduled { schedule: Schedule::Moment(moment(until)), until: moment(until) })
    }

    fn fired(timer: Timer) -> Event {
        Event::TimerFired { timer }
    }

    /// Fires at `then` and not a second before.
    fn fires(given: impl Fn() -> Given<Task>, timer: Timer, then: &str) {
        let before = (moment(then) - SignedDuration::from_secs(1)).to_string();
        given().at(&before).when(Command::Fire(timer)).then_nothing();
        given().at(then).when(Command::Fire(timer)).then([fired(timer)]);
    }

    #[test]
    fn each_timer_fires_at_its_time() {
        // The organisation is in Berlin.
        fires(|| task([on(date(2026, 7, 1))]), Timer::Due, "2026-07-01T07:00:00Z");
        fires(|| task([on(date(2026, 7, 1))]), Timer::Overdue, "2026-07-01T22:00:00Z");
        fires(|| task([at("2026-07-01T10:00:00Z", Some(30))]), Timer::Due, "2026-07-01T10:00:00Z");
        fires(|| task([at("2026-07-01T10:00:00Z", Some(30))]), Timer::Overdue, "2026-07-01T10:30:00Z");
        fires(|| task([at("2026-07-01T10:00:00Z", None)]), Timer::Overdue, "2026-07-01T10:00:00Z");
        fires(|| task([away("2026-07-01T10:00:00Z")]), Timer::Returned, "2026-07-01T10:00:00Z");
    }

    #[test]
    fn what_does_not_last_is_late_when_it_is_due_and_is_told_once() {
        task([at("2026-07-01T10:00:00Z", None)]).at("2026-07-02T10:00:00Z").when(Command::Fire(Timer::Due)).then_nothing();
    }

    #[test]
    fn a_day_of_summer_time_ends_where_the_organisation_is() {
        fires(|| task([on(date(2026, 3, 29))]), Timer::Overdue, "2026-03-29T22:00:00Z");
        fires(|| task([on(date(2026, 10, 25))]), Timer::Overdue, "2026-10-25T23:00:00Z");
    }

    #[test]
    fn what_fired_fires_again_only_when_it_is_set_anew() {
        let late = "2027-01-01T00:00:00Z";
        let once = || task([on(date(2026, 7, 1)), fired(Timer::Overdue)]);
        once().at(late).when(Command::Fire(Timer::Overdue)).then_nothing();
        once().at(late).when(Command::Fire(Timer::Due)).then([fired(Timer::Due)]);
        let anew = once().and(ANNA, [on(date(2026, 7, 2))]).by(PersonId::SYSTEM);
        anew.at(late).when(Command::Fire(Timer::Overdue)).then([fired(Timer::Overdue)]);
        let reopened = once().and(ANNA, [Event::Closed, Event::Reopened { auto: false }]).by(PersonId::SYSTEM);
        reopened.at(late).when(Command::Fire(Timer::Overdue)).then_nothing();
    }

    #[test]
    fn on_a_closed_task_and_after_a_change_of_mind_nothing_fires() {
        let late = "2027-01-01T00:00:00Z";
        for end in [Event::Closed, Event::DueCancelled, on(date(2028, 1, 1))] {
            task([on(date(2026, 7, 1)), end]).at(late).when(Command::Fire(Timer::Overdue)).then_nothing();
        }
        task([away("2026-07-01T10:00:00Z"), Event::ScheduleCancelled]).at(late).when(Command::Fire(Timer::Returned)).then_nothing();
        task([]).at(late).when(Command::Fire(Timer::StepOverdue)).then_nothing();
    }

    #[test]
    fn nobody_else_fires_a_timer_and_none_of_what_is_not_there() {
        for timer in Timer::ALL {
            task([on(date(2026, 7, 1))]).by(ANNA).when(Command::Fire(timer)).then_rejected(Code::AccessDeniedTask);
            task([Event::Deleted]).when(Command::Fire(timer)).then_rejected(Code::AccessDeniedTask);
        }
    }

    #[test]
    fn a_timer_is_no_comment_and_takes_no_place_among_them() {
        assert_eq!(task([fired(Timer::Due)]).state().comments.len(), 1);
    }
}
