//! What reaches somebody on which way: by reason, otherwise for some forms, and not in quiet hours. Everything reaches everybody
//! until they say otherwise, so that a reason that is new to the product is not lost. To programs nothing is told.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::{FORMS_MAX, Inbox, Quiet, Reasons, Rejection};
use crate::aggregate::Events;
use crate::id::FormId;
use crate::issued::Issued;

/// A way on which somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The list of notifications.
    Web,
    Mail,
    Push,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Web, Self::Mail, Self::Push];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Mail => "mail",
            Self::Push => "push",
        }
    }
}

/// The reasons for which nothing comes, by channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Silent {
    #[serde(skip_serializing_if = "none")]
    pub web: Reasons,
    #[serde(skip_serializing_if = "none")]
    pub mail: Reasons,
    #[serde(skip_serializing_if = "none")]
    pub push: Reasons,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn none(reasons: &Reasons) -> bool {
    reasons.is_none()
}

impl Silent {
    pub const fn on(self, channel: Channel) -> Reasons {
        match channel {
            Channel::Web => self.web,
            Channel::Mail => self.mail,
            Channel::Push => self.push,
        }
    }

    pub const fn on_mut(&mut self, channel: Channel) -> &mut Reasons {
        match channel {
            Channel::Web => &mut self.web,
            Channel::Mail => &mut self.mail,
            Channel::Push => &mut self.push,
        }
    }
}

/// What somebody has set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub silent: Silent,
    /// In place of `silent`, for tasks of these forms.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub forms: BTreeMap<FormId, Silent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
}

impl Settings {
    /// Whether any of `reasons` comes through on `channel`, of a task of `form`.
    pub fn lets_through(&self, channel: Channel, reasons: Reasons, form: Option<FormId>) -> bool {
        let silent = form.and_then(|form| self.forms.get(&form)).unwrap_or(&self.silent);
        !reasons.without(silent.on(channel)).is_none()
    }

    /// When what happens at `at` goes out on a channel that may wake somebody, in the zone of this name.
    pub fn deliver_after(&self, at: Timestamp, zone: &str) -> Timestamp {
        self.quiet.map_or(at, |quiet| quiet.over(at, zone))
    }
}

impl Inbox {
    pub(super) fn set_settings(&self, settings: &Settings, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if settings.quiet.is_some_and(|quiet| !quiet.is_right()) {
            return Err(Rejection::QuietHours);
        }
        if settings.forms.len() > FORMS_MAX {
            return Err(Rejection::TooMany);
        }
        // Those that are set already may have gone out of sight since.
        let fresh = settings.forms.keys().filter(|form| !self.settings.forms.contains_key(form));
        for form in fresh {
            if !issued.directory.form(*form).is_some_and(|form| form.may_see(issued)) {
                return Err(Rejection::UnknownForm);
            }
        }
        Ok(if *settings == self.settings { Events::new() } else { vec![Event::SettingsSet(Box::new(settings.clone()))] })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, Reason, What};
    use super::*;
    use crate::form::Level;
    use crate::rejection::Code;
    use crate::testing::{ANNA, BORIS, directory, form, given, with_form};

    fn set(settings: Settings) -> Command {
        Command { of: ANNA, what: What::SetSettings(Box::new(settings)) }
    }

    fn quiet(from: u16, until: u16) -> Settings {
        Settings { quiet: Some(Quiet { from, until }), ..Settings::default() }
    }

    fn for_forms(forms: impl IntoIterator<Item = i64>) -> Settings {
        Settings { forms: forms.into_iter().map(|form| (FormId(form), Silent::default())).collect(), ..Settings::default() }
    }

    #[test]
    fn settings_are_set_as_a_whole_and_once() {
        let night = quiet(22 * 60, 7 * 60);
        given::<Inbox>([]).when(set(night.clone())).then([Event::SettingsSet(Box::new(night.clone()))]);
        given::<Inbox>([Event::SettingsSet(Box::new(night.clone()))]).when(set(night)).then_nothing();
        given::<Inbox>([]).when(set(Settings::default())).then_nothing();
    }

    #[test]
    fn hours_that_are_none_and_forms_that_are_unseen_or_too_many_are_refused() {
        given::<Inbox>([]).when(set(quiet(60, 60))).then_rejected(Code::InvalidInput);
        let home = with_form(with_form(directory(), form(1, [(ANNA, Level::Member)])), form(2, [(BORIS, Level::Administrator)]));
        assert!(given::<Inbox>([]).among(home.clone()).when(set(for_forms([1]))).outcome().is_ok());
        for unseen in [2, 404] {
            given::<Inbox>([]).among(home.clone()).when(set(for_forms([unseen]))).then_rejected(Code::AccessDeniedForm);
        }
        let many = for_forms((1..).take(FORMS_MAX + 1));
        given::<Inbox>([]).among(home).when(set(many)).then_rejected(Code::LimitExceeded);
    }

    #[test]
    fn a_form_of_its_own_setting_is_silent_by_that_alone() {
        let silent = Silent { mail: Reasons::of([Reason::Comment]), ..Silent::default() };
        let of_form = Silent { mail: Reasons::of([Reason::Mentioned]), ..Silent::default() };
        let settings = Settings { silent, forms: [(FormId(1), of_form)].into(), quiet: None };
        let comes = |reasons: &[Reason], form: Option<i64>| {
            settings.lets_through(Channel::Mail, Reasons::of(reasons.iter().copied()), form.map(FormId))
        };
        assert!(!comes(&[Reason::Comment], None) && comes(&[Reason::Comment, Reason::Mentioned], None));
        assert!(comes(&[Reason::Comment], Some(1)) && !comes(&[Reason::Mentioned], Some(1)));
        assert!(!comes(&[Reason::Comment], Some(2)));
        assert!(settings.lets_through(Channel::Push, Reasons::of([Reason::Comment]), None));
    }
}
