//! Creating an organisation. Its first people are added by commands of their own.

use super::{Event, Organisation, Rejection, Settings};
use crate::aggregate::Events;
use crate::issued::{Asker, Issued};
use crate::person::profile::is_locale;
use crate::text::check_line;
use crate::zone;

/// Characters in an organisation's name.
pub const NAME_CHARACTERS_MAX: usize = 200;

impl Organisation {
    /// Only by the system: whoever could found organisations could leave theirs.
    pub(super) fn create(&self, settings: &Settings, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match issued.asker() {
            Asker::System => {}
            Asker::Person(_) | Asker::Nobody => return Err(Rejection::AccessDenied),
        }
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        check(settings)?;
        Ok(vec![Event::Created(Box::new(settings.clone()))])
    }
}

/// Takes the settings, or says what is wrong with them.
pub(super) fn check(settings: &Settings) -> Result<(), Rejection> {
    let Settings { name, time_zone, locale } = settings;
    check_line(name, NAME_CHARACTERS_MAX)?;
    if name.trim().is_empty() {
        return Err(Rejection::NameMissing);
    }
    if !zone::is_known(time_zone) {
        return Err(Rejection::TimeZone);
    }
    if is_locale(locale) { Ok(()) } else { Err(Rejection::Locale) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::organisation::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, given, settings};

    fn create(settings: Settings) -> Command {
        Command::Create(Box::new(settings))
    }

    #[test]
    fn the_system_creates_an_organisation_once() {
        let created = || Event::Created(Box::new(settings()));
        given::<Organisation>([]).by(PersonId::SYSTEM).when(create(settings())).then([created()]);
        given::<Organisation>([created()]).by(PersonId::SYSTEM).when(create(settings())).then_rejected(Code::Conflict);
        given::<Organisation>([]).by(ADMIN).when(create(settings())).then_rejected(Code::AccessDenied);
    }

    #[test]
    fn bad_settings_are_refused() {
        let refused = |change: fn(&mut Settings), code| {
            let mut settings = settings();
            change(&mut settings);
            given::<Organisation>([]).by(PersonId::SYSTEM).when(create(settings)).then_rejected(code);
        };
        refused(|settings| settings.name = " ".into(), Code::RequiredParameterMissing);
        refused(|settings| settings.name = "A\0".into(), Code::InvalidValueFormat);
        refused(|settings| settings.name = "x".repeat(201), Code::ValueIsTooLong);
        refused(|settings| settings.time_zone.clear(), Code::InvalidInput);
        refused(|settings| settings.locale = "English".into(), Code::InvalidInput);
    }
}
