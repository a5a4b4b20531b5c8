//! Changing an organisation's settings.

use super::{Change, Event, Organisation, Rejection, Settings, create};
use crate::aggregate::Events;
use crate::issued::Issued;
use crate::rights::Deed;

impl Organisation {
    pub(super) fn change(&self, change: &Change, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        if !self.exists || self.id != issued.organisation {
            return Err(Rejection::Unknown);
        }
        if !issued.permits(Deed::ChangeOrganisation) {
            return Err(Rejection::AccessDenied);
        }
        let of = |given: &Option<String>, kept: &String| given.clone().unwrap_or_else(|| kept.clone());
        let settings = Settings {
            name: of(&change.name, &self.settings.name),
            time_zone: of(&change.time_zone, &self.settings.time_zone),
            locale: of(&change.locale, &self.settings.locale),
        };
        create::check(&settings)?;
        Ok(if settings == self.settings { Events::new() } else { vec![Event::Changed(Box::new(settings))] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, FELIX, Given, given, settings};

    fn founded() -> Given<Organisation> {
        given([Event::Created(Box::new(settings()))])
    }

    fn named(name: &str) -> Command {
        Command::Change(Box::new(Change { name: Some(name.into()), ..Change::default() }))
    }

    #[test]
    fn those_with_the_right_change_settings() {
        let changed = |settings| Event::Changed(Box::new(settings));
        founded().by(ADMIN).when(named("New")).then([changed(Settings { name: "New".into(), ..settings() })]);
        founded().by(ADMIN).when(named(&settings().name)).then_nothing();
        founded().by(ADMIN).when(Command::Change(Box::default())).then_nothing();
        let moved = Change { time_zone: Some("Asia/Almaty".into()), locale: Some("ru-RU".into()), name: None };
        let settings = Settings { time_zone: "Asia/Almaty".into(), locale: "ru-RU".into(), ..settings() };
        founded().by(ADMIN).when(Command::Change(Box::new(moved))).then([changed(settings)]);
        founded().by(ANNA).when(named("New")).then_rejected(Code::AccessDenied);
        founded().by(FELIX).when(named("New")).then_rejected(Code::AccessDenied);
    }

    #[test]
    fn bad_settings_and_unknown_organisations_are_refused() {
        founded().by(ADMIN).when(named("")).then_rejected(Code::RequiredParameterMissing);
        let nowhere = Change { time_zone: Some("Mars/Olympus".into()), ..Change::default() };
        founded().by(ADMIN).when(Command::Change(Box::new(nowhere))).then_rejected(Code::InvalidInput);
        given::<Organisation>([]).by(ADMIN).when(named("New")).then_rejected(Code::AccessDenied);
    }
}
