//! How somebody signs in and for how long (pyrus.md §1.11). That sessions end by it is the gateway's part.

use serde::{Deserialize, Serialize};

use super::{Event, Person, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

/// Hours that a session may be made to live or to stand still: ten years.
pub const HOURS_MAX: u32 = 87_600;
/// Sessions at once that may be asked for.
pub const SESSIONS_MAX: u32 = 1_000;

/// A bound, or that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Hours, or sessions.
    AtMost(u32),
    Unbounded,
}

/// Of sessions of one kind of program. What is absent is as the installation has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionBounds {
    /// Hours from sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub life_hours: Option<Bound>,
    /// Hours without a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inactive_hours: Option<Bound>,
    /// Sessions at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Bound>,
}

/// All of one person's policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionPolicy {
    pub mobile: SessionBounds,
    pub web: SessionBounds,
    /// They must show a second factor.
    pub two_factor: bool,
}

/// What becomes of one bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BoundChange {
    #[default]
    Keep,
    Set(Bound),
    /// Back to what the installation has.
    Drop,
}

/// As [`SessionBounds`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionBoundsChange {
    pub life_hours: BoundChange,
    pub inactive_hours: BoundChange,
    pub count: BoundChange,
}

/// As [`SessionPolicy`]: what is given changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPolicyChange {
    pub mobile: SessionBoundsChange,
    pub web: SessionBoundsChange,
    pub two_factor: Option<bool>,
}

impl Person {
    /// Nobody loosens what was set for them.
    pub(super) fn set_session_policy(
        &self,
        change: &SessionPolicyChange,
        issued: &Issued<'_>,
        events: &mut Events<Event>,
    ) -> Result<(), Rejection> {
        let policy = SessionPolicy {
            mobile: bounds(self.sessions.mobile, &change.mobile)?,
            web: bounds(self.sessions.web, &change.web)?,
            two_factor: change.two_factor.unwrap_or(self.sessions.two_factor),
        };
        if policy != self.sessions {
            self.managed(issued)?;
            events.push(Event::SessionPolicySet(policy));
        }
        Ok(())
    }
}

fn bounds(before: SessionBounds, change: &SessionBoundsChange) -> Result<SessionBounds, Rejection> {
    Ok(SessionBounds {
        life_hours: bound(before.life_hours, change.life_hours, HOURS_MAX)?,
        inactive_hours: bound(before.inactive_hours, change.inactive_hours, HOURS_MAX)?,
        count: bound(before.count, change.count, SESSIONS_MAX)?,
    })
}

fn bound(before: Option<Bound>, change: BoundChange, most: u32) -> Result<Option<Bound>, Rejection> {
    match change {
        BoundChange::Keep => Ok(before),
        BoundChange::Drop => Ok(None),
        BoundChange::Set(Bound::AtMost(number)) if number == 0 || number > most => Err(Rejection::SessionBound),
        BoundChange::Set(bound) => Ok(Some(bound)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::{Change, Command};
    use crate::rejection::Code;
    use crate::testing::{ADMIN, BORIS, Given, given, ordinary};

    fn boris() -> Given<Person> {
        given([Event::Added(Box::new(ordinary("Boris", "boris@example.org")))])
    }

    fn change(sessions: SessionPolicyChange) -> Command {
        Command::Change(Box::new(Change { sessions, ..Change::default() }))
    }

    fn web_life(change: BoundChange) -> SessionPolicyChange {
        SessionPolicyChange {
            web: SessionBoundsChange { life_hours: change, ..SessionBoundsChange::default() },
            ..SessionPolicyChange::default()
        }
    }

    fn with_web_life(bound: Bound) -> SessionPolicy {
        SessionPolicy { web: SessionBounds { life_hours: Some(bound), ..SessionBounds::default() }, ..SessionPolicy::default() }
    }

    #[test]
    fn a_bound_is_set_and_dropped_and_the_rest_stays() {
        let eight = Bound::AtMost(8);
        boris().by(ADMIN).when(change(web_life(BoundChange::Set(eight)))).then([Event::SessionPolicySet(with_web_life(eight))]);
        let bounded = || boris().and(ADMIN, [Event::SessionPolicySet(with_web_life(eight))]);
        bounded().by(ADMIN).when(change(web_life(BoundChange::Drop))).then([Event::SessionPolicySet(SessionPolicy::default())]);
        bounded().by(ADMIN).when(change(web_life(BoundChange::Set(eight)))).then_nothing();
        let second = SessionPolicyChange { two_factor: Some(true), ..SessionPolicyChange::default() };
        let both = SessionPolicy { two_factor: true, ..with_web_life(eight) };
        bounded().by(ADMIN).when(change(second)).then([Event::SessionPolicySet(both)]);
    }

    #[test]
    fn bounds_that_make_no_sense_and_those_for_oneself_are_refused() {
        for wrong in [0, HOURS_MAX + 1] {
            boris().by(ADMIN).when(change(web_life(BoundChange::Set(Bound::AtMost(wrong))))).then_rejected(Code::InvalidInput);
        }
        boris().by(BORIS).when(change(web_life(BoundChange::Set(Bound::Unbounded)))).then_rejected(Code::AccessDenied);
    }
}
